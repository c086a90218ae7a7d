use std::io::Cursor;

use image::{
    AnimationDecoder, Delay, DynamicImage, Frame, GenericImageView, ImageFormat, Rgb, RgbImage,
    Rgba, RgbaImage,
    codecs::gif::{GifDecoder, GifEncoder, Repeat},
};
use lt_model::attachment::FileKind;
use proptest::prelude::*;

use super::*;

fn id() -> AttachmentId {
    AttachmentId("01900000-0000-7000-8000-000000000001".parse().unwrap())
}

fn photo(width: u32, height: u32) -> DynamicImage {
    // The left half is red, so that it is seen how it was turned.
    RgbImage::from_fn(width, height, |x, _| match x < width / 2 {
        true => Rgb([220, 20, 20]),
        false => Rgb([20, 20, 220]),
    })
    .into()
}

fn written(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Vec::new();
    picture
        .write_to(&mut Cursor::new(&mut bytes), format)
        .unwrap();
    bytes
}

/// A photograph as a phone makes it: turned, with its place, and with another file behind its end.
fn from_a_phone(orientation: u8) -> Vec<u8> {
    let plain = written(&photo(800, 600), ImageFormat::Jpeg);
    let mut tiff = b"Exif\0\0MM\0*\0\0\0\x08\0\x02".to_vec();
    tiff.extend_from_slice(b"\x01\x0f\0\x02\0\0\0\x08\0\0\0\x26");
    tiff.extend_from_slice(&[1, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0]);
    tiff.extend_from_slice(b"\0\0\0\0GPS 31.2304 121.4737");
    let mut bytes = plain[..2].to_vec();
    bytes.extend_from_slice(&[0xff, 0xe1]);
    bytes.extend_from_slice(&u16::try_from(tiff.len() + 2).unwrap().to_be_bytes());
    bytes.extend_from_slice(&tiff);
    bytes.extend_from_slice(b"\xff\xfe\0\x0bcomment: ");
    bytes.extend_from_slice(&plain[2..]);
    bytes.extend_from_slice(b"ftypmp42 a film of the same moment");
    bytes
}

/// Three frames of different lengths, shown over and over.
fn moving() -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = GifEncoder::new(&mut bytes);
    encoder.set_repeat(Repeat::Infinite).unwrap();
    for n in 0_u8..3 {
        let picture = RgbaImage::from_pixel(24, 16, Rgba([80 * n, 10, 200, 255]));
        let delay = Delay::from_numer_denom_ms(u32::from(n + 1) * 100, 1);
        encoder
            .encode_frame(Frame::from_parts(picture, 0, 0, delay))
            .unwrap();
    }
    drop(encoder);
    bytes
}

/// The same as a program for pictures writes it: with a comment, with what XMP says of who made it
/// and where, with a note of its own, with words to be drawn, and with another file behind its end.
fn moving_with_notes() -> Vec<u8> {
    let plain = moving();
    let table = match plain[10] & 0x80 {
        0 => 0,
        _ => 3 << ((plain[10] & 7) + 1),
    };
    let (head, blocks) = plain.split_at(13 + table);
    let mut bytes = head.to_vec();
    bytes.extend_from_slice(b"\x21\xfe\x0bmade by Lin\0");
    bytes
        .extend_from_slice(b"\x21\xff\x0bXMP DataXMP<x:xmpmeta GPSLatitude='31.2304' by='Lin W'/>");
    // Its end is such that whoever reads it as parts comes out at the end of it.
    bytes.push(1);
    bytes.extend((0..=u8::MAX).rev());
    bytes.push(0);
    bytes.extend_from_slice(b"\x21\xff\x0bLINWORKS1.0\x05notes\0");
    bytes.extend_from_slice(b"\x21\xf9\x04\0\x0a\0\0\0");
    bytes.extend_from_slice(b"\x21\x01\x0c\0\0\0\0\x10\0\x10\0\x08\x08\x01\0\x05words\0");
    bytes.extend_from_slice(blocks);
    bytes.extend_from_slice(b"ftypmp42 a film of the same moment");
    bytes
}

/// Lengths of the frames of a moving picture, in milliseconds, and its pixels.
fn frames(bytes: &[u8]) -> Vec<((u32, u32), Vec<u8>)> {
    let decoder = GifDecoder::new(Cursor::new(bytes)).unwrap();
    let frames = decoder.into_frames().collect_frames().unwrap();
    let told = |frame: Frame| {
        (
            frame.delay().numer_denom_ms(),
            frame.into_buffer().into_raw(),
        )
    };
    frames.into_iter().map(told).collect()
}

fn has(bytes: &[u8], text: &[u8]) -> bool {
    bytes.windows(text.len()).any(|window| window == text)
}

#[test]
fn a_photograph_loses_its_place_and_keeps_how_it_is_turned() {
    let sent = from_a_phone(6);
    assert!(has(&sent, b"121.4737"));
    let taken = take(id(), "IMG_0001.JPG", sent).unwrap();
    assert_eq!(taken.file.kind, FileKind::Jpeg);
    assert_eq!(taken.file.name, "IMG_0001.jpg");
    assert_eq!((taken.file.width, taken.file.height), (600, 800));
    for gone in [b"GPS".as_slice(), b"121.4737", b"comment", b"ftypmp42"] {
        assert!(!has(&taken.bytes, gone));
    }
    assert!(has(&taken.bytes, b"Exif\0\0II*\0"));
    let thumb = taken.thumb.unwrap();
    assert!(!has(&thumb, b"Exif"));
    let small = image::load_from_memory(&thumb).unwrap();
    assert_eq!(small.dimensions(), (360, 480));
    let [top, bottom] = [(180, 40), (180, 440)].map(|(x, y)| small.get_pixel(x, y).0);
    assert!(top[0] > 150 && bottom[2] > 150, "{top:?} {bottom:?}");
    let again = take(id(), "IMG_0001.JPG", taken.bytes.clone()).unwrap();
    assert!(again.bytes == taken.bytes && again.file == taken.file);
}

#[test]
fn a_plain_picture_stays_byte_for_byte() {
    for (format, kind) in [
        (ImageFormat::Png, FileKind::Png),
        (ImageFormat::Jpeg, FileKind::Jpeg),
        (ImageFormat::Gif, FileKind::Gif),
        (ImageFormat::WebP, FileKind::Webp),
    ] {
        let sent = written(&photo(90, 60), format);
        let taken = take(id(), "", sent.clone()).unwrap();
        assert_eq!((taken.file.kind, taken.file.width), (kind, 90));
        assert!(taken.bytes == sent, "{kind:?}");
        assert_eq!(taken.file.n_bytes as usize, sent.len());
        let small = image::load_from_memory(&taken.thumb.unwrap()).unwrap();
        assert_eq!(small.dimensions(), (90, 60), "{kind:?} is not made larger");
    }
}

#[test]
fn descriptions_in_a_png_and_a_webp_go() {
    let mut png = written(&photo(20, 20), ImageFormat::Png);
    let text = b"\0\0\0\x0ctEXtAuthor\0Lin W\0\0\0\0";
    drop(png.splice(33..33, text.iter().copied()));
    let taken = take(id(), "a.png", png).unwrap();
    assert!(!has(&taken.bytes, b"Lin W"));

    let plain = written(&photo(20, 20), ImageFormat::WebP);
    let mut webp = b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\x0c\0\0\0\x13\0\0\x13\0\0".to_vec();
    webp.extend_from_slice(&plain[12..]);
    webp.extend_from_slice(b"EXIF\x05\0\0\0Lin W\0");
    let length = u32::try_from(webp.len() - 8).unwrap();
    webp[4..8].copy_from_slice(&length.to_le_bytes());
    let taken = take(id(), "a.webp", webp).unwrap();
    assert!(!has(&taken.bytes, b"Lin W"));
    assert_eq!((taken.file.width, taken.file.height), (20, 20));
}

#[test]
fn a_moving_picture_goes_on_moving_and_says_nothing_else() {
    let sent = moving_with_notes();
    let taken = take(id(), "a.gif", sent).unwrap();
    for gone in [
        b"made by".as_slice(),
        b"Lin W",
        b"31.2304",
        b"LINWORKS",
        b"words",
        b"ftypmp42",
    ] {
        assert!(!has(&taken.bytes, gone));
    }
    // What is left is the picture alone, byte for byte.
    let plain = moving();
    assert!(taken.bytes == plain && has(&plain, b"NETSCAPE2.0"));
    assert_eq!(frames(&taken.bytes).len(), 3);
    assert_eq!(frames(&taken.bytes), frames(&plain));
    let again = take(id(), "a.gif", taken.bytes.clone()).unwrap();
    assert!(again.bytes == taken.bytes && again.file == taken.file);
}

#[test]
fn a_moving_picture_that_breaks_off_is_kept_up_to_there() {
    let whole = moving_with_notes();
    let film = b"ftypmp42 a film of the same moment".len();
    let cut = whole[..whole.len() - film - 3].to_vec();
    let taken = take(id(), "a.gif", cut).unwrap();
    assert_eq!(frames(&taken.bytes), frames(&moving())[..2]);
}

#[test]
fn what_can_be_seen_through_stays_so() {
    let picture = RgbaImage::from_pixel(1_000, 500, Rgba([0, 0, 0, 0]));
    let taken = take(id(), "", written(&picture.into(), ImageFormat::Png)).unwrap();
    let thumb = taken.thumb.unwrap();
    assert_eq!(thumb_mime(&thumb), "image/png");
    let small = image::load_from_memory(&thumb).unwrap();
    assert_eq!(
        (small.dimensions(), small.get_pixel(5, 5).0[3]),
        ((480, 240), 0)
    );
}

#[test]
fn what_may_not_be_sent_is_refused_by_its_reason() {
    let mut bomb = written(&photo(4, 4), ImageFormat::Png);
    // The head says 60,000 × 60,000; its sum is made right again.
    bomb[16..24].copy_from_slice(&[0, 0, 0xea, 0x60, 0, 0, 0xea, 0x60]);
    let sum = crc(&bomb[12..29]);
    bomb[29..33].copy_from_slice(&sum.to_be_bytes());
    let cut = written(&photo(300, 300), ImageFormat::Png);
    let large = [b"\xff\xd8\xff".to_vec(), vec![0; 11 << 20]].concat();
    for (name, bytes, expected) in [
        ("a.png", Vec::new(), MediaError::Empty),
        ("a.png", b"MZ\x90\0".to_vec(), MediaError::Type),
        ("a.svg", b"<svg onload='x'/>".to_vec(), MediaError::Type),
        ("a.zip", b"PK\x03\x04 a.exe".to_vec(), MediaError::Type),
        ("a.jpg", large, MediaError::TooLarge),
        (
            "a.txt",
            vec![b'a'; MAX_FILE_BYTES + 1],
            MediaError::TooLarge,
        ),
        ("a.png", bomb, MediaError::TooLarge),
        ("a.png", cut[..cut.len() / 2].to_vec(), MediaError::Damaged),
        ("a.gif", b"GIF89a".to_vec(), MediaError::Damaged),
    ] {
        let refused = take(id(), name, bytes).err();
        assert_eq!(refused, Some(expected), "{name}");
    }
}

fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
            (sum >> 1) ^ (0xedb8_8320 & (sum & 1).wrapping_neg())
        })
    })
}

#[test]
fn a_file_that_is_no_picture_stays_as_it_is() {
    let sent = "订单,金额\nA1,19.9\n".as_bytes().to_vec();
    let taken = take(id(), "../订单.csv", sent.clone()).unwrap();
    assert_eq!(
        (taken.file.name.as_str(), taken.file.kind),
        ("订单.csv", FileKind::Csv)
    );
    assert!(taken.bytes == sent && taken.thumb.is_none());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn damaged_pictures_are_taken_or_refused(
        which in 0usize..5,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        cut in any::<prop::sample::Index>(),
    ) {
        let formats = [ImageFormat::Png, ImageFormat::Gif, ImageFormat::WebP];
        let mut bytes = match formats.get(which) {
            Some(format) => written(&photo(24, 16), *format),
            None if which == 3 => moving_with_notes(),
            None => from_a_phone(8),
        };
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        bytes.truncate(cut.index(bytes.len()) + bytes.len() / 2);
        if let Ok(taken) = take(id(), "a", bytes) {
            let again = take(id(), "a", taken.bytes.clone());
            prop_assert!(again.is_ok_and(|again| again.bytes == taken.bytes));
        }
    }
}
