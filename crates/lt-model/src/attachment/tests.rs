use proptest::prelude::*;

use super::*;

#[test]
fn kinds_follow_from_the_first_bytes() {
    for (bytes, name, expected) in [
        (
            b"\x89PNG\r\n\x1a\n....".as_slice(),
            "a.exe",
            Some(FileKind::Png),
        ),
        (b"\xff\xd8\xff\xe0", "a.png", Some(FileKind::Jpeg)),
        (b"GIF89a", "", Some(FileKind::Gif)),
        (b"RIFF\x01\x02\x03\x04WEBPVP8 ", "", Some(FileKind::Webp)),
        (b"RIFF\x01\x02\x03\x04WAVE", "a.webp", None),
        (b"%PDF-1.7", "a", Some(FileKind::Pdf)),
        (b"PK\x03\x04..word/document.xml", "a", Some(FileKind::Docx)),
        (b"PK\x03\x04..xl/workbook.xml", "a", Some(FileKind::Xlsx)),
        (
            b"PK\x03\x04..word/document.xml..vbaProject.bin",
            "a.docx",
            None,
        ),
        (b"PK\x03\x04 anything", "a.docx", None),
        (b"MZ\x90\x00", "a.png", None),
        (b"\x7fELF", "a.txt", None),
        (
            "订单,数量\n1,2\n".as_bytes(),
            "订单.CSV",
            Some(FileKind::Csv),
        ),
        ("你好".as_bytes(), "你好", Some(FileKind::Text)),
        (b"\xc4\xe3\xba\xc3", "gbk.txt", Some(FileKind::Text)),
        (b" \n<svg onload=x>", "a.txt", None),
        (b"\xef\xbb\xbf<html>", "a.txt", None),
        (b"", "a.txt", None),
        (b"a\0b", "a.txt", None),
    ] {
        assert_eq!(sniff(bytes, name), expected, "{name} {bytes:?}");
    }
}

#[test]
fn names_are_what_they_look_like() {
    for (name, kind, expected) in [
        ("../../etc/passwd", FileKind::Text, "passwd.txt"),
        ("C:\\Windows\\a.PNG", FileKind::Png, "a.png"),
        ("发票.pdf", FileKind::Pdf, "发票.pdf"),
        ("发票.pdf", FileKind::Png, "发票.pdf.png"),
        ("a\u{202e}gnp.exe", FileKind::Png, "agnp.exe.png"),
        ("", FileKind::Jpeg, "图片.jpg"),
        (" . ", FileKind::Pdf, "文件.pdf"),
        ("con.txt", FileKind::Text, "文件.txt"),
        ("photo.JPEG", FileKind::Jpeg, "photo.jpeg"),
        ("$(rm)~.txt", FileKind::Text, "(rm).txt"),
    ] {
        assert_eq!(clean_name(name, kind), expected, "{name}");
    }
    let long = clean_name(&"长".repeat(300), FileKind::Pdf);
    assert_eq!(long.chars().count(), MAX_NAME_CHARS);
}

proptest! {
    #[test]
    fn any_name_becomes_a_good_one(name in ".{0,120}", kind in 0usize..9) {
        use FileKind as K;
        let kinds = [K::Png, K::Jpeg, K::Gif, K::Webp, K::Pdf, K::Text, K::Csv, K::Docx, K::Xlsx];
        let kind = kinds[kind];
        let clean = clean_name(&name, kind);
        prop_assert!(clean.chars().count() <= MAX_NAME_CHARS, "{clean}");
        prop_assert!(!clean.contains(['/', '\\', ':']) && !clean.starts_with('.'), "{clean}");
        prop_assert!(kind.endings().iter().any(|one| clean.ends_with(one)), "{clean}");
        prop_assert_eq!(clean_name(&clean, kind), clean);
    }

    #[test]
    fn any_bytes_are_looked_at(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = sniff(&bytes, "a.csv");
    }
}
