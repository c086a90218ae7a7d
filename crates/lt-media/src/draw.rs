//! Draws a small picture of a picture.

use std::{io::Cursor, panic::AssertUnwindSafe};

use image::{
    DynamicImage, ImageFormat, ImageReader, Limits, codecs::jpeg::JpegEncoder,
    metadata::Orientation,
};
use lt_model::attachment::{FileKind, MAX_PIXELS};

use crate::MediaError;

/// Longest side of a small picture, in pixels.
pub const THUMB_SIDE: u32 = 480;
/// Longest side of any picture, in pixels.
const MAX_SIDE: u32 = 16_384;
/// Most memory that unpacking may take, in bytes.
const MAX_ALLOC: u64 = 256 * 1024 * 1024;
/// Quality of a small picture, of a hundred.
const QUALITY: u8 = 80;

/// A small picture, and the sides of the large one as it is looked at.
pub(crate) struct Drawn {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) thumb: Vec<u8>,
}

/// Draws it. A decoder that falls over found something damaged.
pub(crate) fn draw(kind: FileKind, bytes: &[u8], orientation: u8) -> Result<Drawn, MediaError> {
    let drawn = std::panic::catch_unwind(AssertUnwindSafe(|| draw_in(kind, bytes, orientation)));
    drawn.unwrap_or(Err(MediaError::Damaged))
}

fn draw_in(kind: FileKind, bytes: &[u8], orientation: u8) -> Result<Drawn, MediaError> {
    let format = match kind {
        FileKind::Png => ImageFormat::Png,
        FileKind::Jpeg => ImageFormat::Jpeg,
        FileKind::Gif => ImageFormat::Gif,
        FileKind::Webp => ImageFormat::WebP,
        FileKind::Pdf | FileKind::Text | FileKind::Csv | FileKind::Docx | FileKind::Xlsx => {
            return Err(MediaError::Type);
        }
    };
    let reader = || {
        let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
        reader.limits(limits());
        reader
    };
    let (width, height) = reader().into_dimensions().map_err(refused)?;
    if u64::from(width) * u64::from(height) > MAX_PIXELS || width.max(height) > MAX_SIDE {
        return Err(MediaError::TooLarge);
    }
    let mut picture = reader().decode().map_err(refused)?;
    if width > THUMB_SIDE || height > THUMB_SIDE {
        picture = picture.thumbnail(THUMB_SIDE, THUMB_SIDE);
    }
    let orientation = Orientation::from_exif(orientation).unwrap_or(Orientation::NoTransforms);
    picture.apply_orientation(orientation);
    // The last four turn it on its side.
    let is_turned = orientation.to_exif() >= 5;
    let (width, height) = match is_turned {
        true => (height, width),
        false => (width, height),
    };
    Ok(Drawn {
        width,
        height,
        thumb: encode(&picture)?,
    })
}

fn limits() -> Limits {
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_ALLOC);
    limits
}

fn refused(error: image::ImageError) -> MediaError {
    match error {
        image::ImageError::Limits(_) => MediaError::TooLarge,
        _ => MediaError::Damaged,
    }
}

/// What can be seen through stays so.
fn encode(picture: &DynamicImage) -> Result<Vec<u8>, MediaError> {
    let mut bytes = Vec::new();
    let written = match picture.color().has_alpha() {
        true => DynamicImage::from(picture.to_rgba8())
            .write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png),
        false => {
            JpegEncoder::new_with_quality(&mut bytes, QUALITY).encode_image(&picture.to_rgb8())
        }
    };
    written.map_err(|_| MediaError::Damaged)?;
    Ok(bytes)
}
