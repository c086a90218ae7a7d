//! Cuts out of a picture what tells of who took it, where and when: all descriptions that stand beside
//! the picture, and all that stands behind its end. How it is to be turned is kept.

mod gif;

mod jpeg;

use lt_model::attachment::FileKind;

use crate::MediaError;

/// A picture without descriptions.
pub(crate) struct Stripped {
    pub(crate) bytes: Vec<u8>,
    /// How it is to be turned, as Exif counts from 1.
    pub(crate) orientation: u8,
}

pub(crate) fn strip(kind: FileKind, bytes: &[u8]) -> Result<Stripped, MediaError> {
    let plain = |bytes: Option<Vec<u8>>| {
        let bytes = bytes.ok_or(MediaError::Damaged)?;
        Ok(Stripped {
            bytes,
            orientation: 1,
        })
    };
    match kind {
        FileKind::Jpeg => jpeg::strip(bytes).ok_or(MediaError::Damaged),
        FileKind::Png => plain(png(bytes)),
        FileKind::Webp => plain(webp(bytes)),
        FileKind::Gif => plain(gif::strip(bytes)),
        FileKind::Pdf | FileKind::Text | FileKind::Csv | FileKind::Docx | FileKind::Xlsx => {
            plain(Some(bytes.to_vec()))
        }
    }
}

/// The first `n` bytes, and the rest.
fn split(bytes: &[u8], n: usize) -> Option<(&[u8], &[u8])> {
    bytes.split_at_checked(n)
}

fn png(bytes: &[u8]) -> Option<Vec<u8>> {
    let (head, mut rest) = split(bytes, 8)?;
    let mut kept = head.to_vec();
    loop {
        let (length, _) = rest.split_first_chunk::<4>()?;
        let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
        let (chunk, after) = split(rest, length.checked_add(12)?)?;
        let name = chunk.get(4..8)?;
        if !matches!(name, b"eXIf" | b"tEXt" | b"zTXt" | b"iTXt" | b"tIME") {
            kept.extend_from_slice(chunk);
        }
        if name == b"IEND" {
            return Some(kept);
        }
        rest = after;
    }
}

/// Signs in the head of a picture that it has descriptions.
const WEBP_DESCRIBED: u8 = 0x08 | 0x04;

fn webp(bytes: &[u8]) -> Option<Vec<u8>> {
    let (head, all) = split(bytes, 12)?;
    let said = head.get(4..8)?.first_chunk::<4>()?;
    let said = usize::try_from(u32::from_le_bytes(*said)).ok()?;
    // What the length covers begins with the four letters that were read already.
    let mut rest = all.get(..said.checked_sub(4)?.min(all.len()))?;
    let mut kept = head.to_vec();
    while !rest.is_empty() {
        let length = rest.get(4..8)?.first_chunk::<4>()?;
        let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
        let padded = length.checked_add(length % 2)?.checked_add(8)?;
        // The last one may lack the byte that makes its length even.
        let (chunk, after) = split(rest, padded.min(rest.len().max(length.checked_add(8)?)))?;
        match chunk.get(..4)? {
            b"EXIF" | b"XMP " => {}
            b"VP8X" => {
                let at = kept.len() + 8;
                kept.extend_from_slice(chunk);
                *kept.get_mut(at)? &= !WEBP_DESCRIBED;
            }
            _ => kept.extend_from_slice(chunk),
        }
        rest = after;
    }
    let length = u32::try_from(kept.len().checked_sub(8)?).ok()?;
    kept.get_mut(4..8)?.copy_from_slice(&length.to_le_bytes());
    Some(kept)
}
