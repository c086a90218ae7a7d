//! Pictures and files in a conversation (附件): what kinds there are, how large they may be, and
//! what they are called.
//!
//! What something is follows from its first bytes, never from its name: [`sniff`].

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::id::AttachmentId;

/// Largest picture, in bytes.
pub const MAX_IMAGE_BYTES: usize = 10 * 1024 * 1024;
/// Largest file that is no picture, in bytes.
pub const MAX_FILE_BYTES: usize = 20 * 1024 * 1024;
/// Largest picture, in pixels: more than any camera of a phone makes.
pub const MAX_PIXELS: u64 = 50_000_000;
/// Most files that one canned reply holds, and most that wait beside a reply being written.
pub const MAX_FILES: usize = 9;
/// Longest name, in characters, with its ending.
pub const MAX_NAME_CHARS: usize = 80;

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    /// A picture.
    Png,
    /// A picture.
    Jpeg,
    /// A picture, perhaps a moving one.
    Gif,
    /// A picture.
    Webp,
    /// A document.
    Pdf,
    /// Plain text.
    Text,
    /// A table as plain text.
    Csv,
    /// A document of a word processor, without programs in it.
    Docx,
    /// A spreadsheet, without programs in it.
    Xlsx,
}

impl FileKind {
    /// Whether it is shown as a picture.
    #[must_use]
    pub fn is_image(self) -> bool {
        matches!(self, Self::Png | Self::Jpeg | Self::Gif | Self::Webp)
    }

    /// Its media type.
    #[must_use]
    pub fn mime(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Gif => "image/gif",
            Self::Webp => "image/webp",
            Self::Pdf => "application/pdf",
            Self::Text => "text/plain; charset=utf-8",
            Self::Csv => "text/csv; charset=utf-8",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }

    /// Endings that a name of this kind may have; the first one is given where it has none of them.
    #[must_use]
    pub fn endings(self) -> &'static [&'static str] {
        match self {
            Self::Png => &["png"],
            Self::Jpeg => &["jpg", "jpeg"],
            Self::Gif => &["gif"],
            Self::Webp => &["webp"],
            Self::Pdf => &["pdf"],
            Self::Text => &["txt", "log", "md"],
            Self::Csv => &["csv"],
            Self::Docx => &["docx"],
            Self::Xlsx => &["xlsx"],
        }
    }

    /// Largest one, in bytes.
    #[must_use]
    pub fn max_bytes(self) -> usize {
        match self.is_image() {
            true => MAX_IMAGE_BYTES,
            false => MAX_FILE_BYTES,
        }
    }
}

/// A picture or file in a message. Its bytes lie elsewhere, under its id, and never change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Attachment {
    /// Its id, made by whoever sends it.
    pub id: AttachmentId,
    /// What it is called, by [`clean_name`].
    pub name: String,
    /// What it is.
    pub kind: FileKind,
    /// How large it is, in bytes.
    pub n_bytes: u32,
    /// Width of a picture as it is looked at, in pixels; 0 of anything else.
    pub width: u32,
    /// Its height likewise.
    pub height: u32,
}

/// Which bytes of an attachment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FilePart {
    /// All of it.
    Whole,
    /// A small picture of it.
    Thumb,
}

/// Signs of programs in documents of Office.
const MACROS: &[u8] = b"vbaProject.bin";

/// What bytes are, where it is one of the kinds that may be sent. The name tells a table from
/// another text, and nothing else.
#[must_use]
pub fn sniff(bytes: &[u8], name: &str) -> Option<FileKind> {
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        return Some(FileKind::Png);
    }
    if bytes.starts_with(b"\xff\xd8\xff") {
        return Some(FileKind::Jpeg);
    }
    if bytes.starts_with(b"GIF87a") || bytes.starts_with(b"GIF89a") {
        return Some(FileKind::Gif);
    }
    if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        return Some(FileKind::Webp);
    }
    if bytes.starts_with(b"%PDF-") {
        return Some(FileKind::Pdf);
    }
    if bytes.starts_with(b"PK\x03\x04") {
        return office(bytes);
    }
    let ending = name.rsplit_once('.').map(|(_, ending)| ending);
    is_plain_text(bytes).then(|| match ending {
        Some(ending) if ending.eq_ignore_ascii_case("csv") => FileKind::Csv,
        _ => FileKind::Text,
    })
}

/// Documents of Office are archives; another archive may hold anything and is not taken.
fn office(bytes: &[u8]) -> Option<FileKind> {
    if contains(bytes, MACROS) {
        return None;
    }
    if contains(bytes, b"word/document.xml") {
        return Some(FileKind::Docx);
    }
    contains(bytes, b"xl/workbook.xml").then_some(FileKind::Xlsx)
}

fn contains(bytes: &[u8], wanted: &[u8]) -> bool {
    let Some(&first) = wanted.first() else {
        return true;
    };
    let mut rest = bytes;
    while let Some(at) = rest.iter().position(|byte| *byte == first) {
        let Some(found) = rest.get(at..) else {
            return false;
        };
        if found.starts_with(wanted) {
            return true;
        }
        let Some(next) = found.get(1..) else {
            return false;
        };
        rest = next;
    }
    false
}

/// Text in UTF-8, or in the older writing of Chinese systems: no byte of a program.
fn is_plain_text(bytes: &[u8]) -> bool {
    !bytes.is_empty()
        && bytes
            .iter()
            .all(|byte| *byte >= b' ' && *byte != 0x7f || matches!(byte, b'\n' | b'\r' | b'\t'))
        && !is_markup(bytes)
}

/// What a browser would take for a page or a picture with a program in it.
fn is_markup(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let start = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
    start == Some(&b'<')
}

/// Characters that have no place in a name of a file on one of the systems.
const NOT_IN_NAMES: &[char] = &[
    '<', '>', ':', '"', '/', '\\', '|', '?', '*', '%', '$', '`', '~',
];
/// Names that one of the systems takes for a device.
const DEVICES: &[&str] = &["con", "prn", "aux", "nul", "com1", "com2", "lpt1", "lpt2"];

/// The name as it is kept: without folders, without characters that mean something elsewhere or are
/// not seen, and with an ending of its kind.
#[must_use]
pub fn clean_name(name: &str, kind: FileKind) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let seen: String = last
        .chars()
        .filter(|c| !c.is_control() && !NOT_IN_NAMES.contains(c) && !is_unseen(*c))
        .collect();
    let seen = seen.trim_matches(|c: char| c == '.' || c.is_whitespace());
    let given = seen.rsplit_once('.');
    let fits = |ending: &str| {
        kind.endings()
            .iter()
            .any(|one| one.eq_ignore_ascii_case(ending))
    };
    let (stem, ending) = match given {
        Some((stem, ending)) if fits(ending) => (stem, ending.to_ascii_lowercase()),
        _ => (
            seen,
            kind.endings()
                .first()
                .copied()
                .unwrap_or_default()
                .to_owned(),
        ),
    };
    let room = MAX_NAME_CHARS - ending.len() - 1;
    let stem: String = stem.chars().take(room).collect();
    let stem = stem.trim_matches(|c: char| c == '.' || c.is_whitespace());
    let stem = match stem {
        "" if kind.is_image() => "图片",
        "" => "文件",
        stem if DEVICES
            .iter()
            .any(|device| stem.eq_ignore_ascii_case(device)) =>
        {
            "文件"
        }
        stem => stem,
    };
    format!("{stem}.{ending}")
}

/// Characters of no width, and those that turn the direction: a name is what it looks like.
fn is_unseen(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{fff0}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests;
