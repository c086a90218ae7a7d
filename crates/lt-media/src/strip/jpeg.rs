//! JPEG: a list of segments, each with a mark; the picture itself lies between two of them.

use super::{Stripped, split};

const START: u8 = 0xd8;
const END: u8 = 0xd9;
const SCAN: u8 = 0xda;
const DESCRIPTION: u8 = 0xe1;

/// None where it is none.
pub(super) fn strip(bytes: &[u8]) -> Option<Stripped> {
    let mut rest = bytes.strip_prefix(&[0xff, START])?;
    let mut kept = vec![0xff, START];
    let mut orientation = 1;
    // Where a note on how it is turned goes: behind the head, if there is one.
    let mut note_at = kept.len();
    loop {
        let (mark, after) = next_mark(rest)?;
        if mark == END {
            kept.extend_from_slice(&[0xff, END]);
            break;
        }
        if is_bare(mark) {
            kept.extend_from_slice(&[0xff, mark]);
            rest = after;
            continue;
        }
        let (length, _) = after.split_first_chunk::<2>()?;
        let length = usize::from(u16::from_be_bytes(*length));
        let (segment, after) = split(after, length)?;
        let content = segment.get(2..)?;
        if is_kept(mark, content) {
            kept.extend_from_slice(&[0xff, mark]);
            kept.extend_from_slice(segment);
            if mark == 0xe0 {
                note_at = kept.len();
            }
        } else if mark == DESCRIPTION
            && let Some(turned) = orientation_of(content)
        {
            orientation = turned;
        }
        rest = after;
        if mark == SCAN {
            let end = scan_end(rest);
            let (scan, after) = split(rest, end)?;
            kept.extend_from_slice(scan);
            if after.is_empty() {
                // It breaks off: decoders show what there is, up to an end that is missing.
                kept.extend_from_slice(&[0xff, END]);
                break;
            }
            rest = after;
        }
    }
    if orientation > 1 {
        let tail = kept.split_off(note_at);
        kept.extend_from_slice(&note(orientation));
        kept.extend_from_slice(&tail);
    }
    Some(Stripped {
        bytes: kept,
        orientation,
    })
}

/// The next mark, which any number of full bytes may go before.
fn next_mark(bytes: &[u8]) -> Option<(u8, &[u8])> {
    let mut rest = bytes.strip_prefix(&[0xff])?;
    loop {
        let (mark, after) = rest.split_first()?;
        if *mark != 0xff {
            return (*mark != 0).then_some((*mark, after));
        }
        rest = after;
    }
}

fn is_bare(mark: u8) -> bool {
    matches!(mark, 0x01 | 0xd0..=0xd7)
}

/// What is needed to draw it: the head, colours, how colours are mixed, and all that is no description.
fn is_kept(mark: u8, content: &[u8]) -> bool {
    match mark {
        0xe2 => content.starts_with(b"ICC_PROFILE\0"),
        0xe0 | 0xee => true,
        0xe1..=0xef | 0xfe => false,
        _ => true,
    }
}

/// Where the next mark stands behind a scan.
fn scan_end(bytes: &[u8]) -> usize {
    let mut from = 0;
    while let Some(at) = bytes
        .get(from..)
        .and_then(|rest| rest.iter().position(|byte| *byte == 0xff))
    {
        let at = from + at;
        match bytes.get(at + 1) {
            Some(0 | 0xd0..=0xd7 | 0xff) => from = at + 1,
            Some(_) => return at,
            None => break,
        }
    }
    bytes.len()
}

/// How a description says that the picture is to be turned.
fn orientation_of(content: &[u8]) -> Option<u8> {
    let tiff = content.strip_prefix(b"Exif\0\0")?;
    let is_little = match tiff.get(..4)? {
        b"II*\0" => true,
        b"MM\0*" => false,
        _ => return None,
    };
    let short = |at: usize| {
        let two = *tiff.get(at..)?.first_chunk::<2>()?;
        Some(match is_little {
            true => u16::from_le_bytes(two),
            false => u16::from_be_bytes(two),
        })
    };
    let four = *tiff.get(4..)?.first_chunk::<4>()?;
    let list = match is_little {
        true => u32::from_le_bytes(four),
        false => u32::from_be_bytes(four),
    };
    let list = usize::try_from(list).ok()?;
    let n_entries = usize::from(short(list)?);
    for idx in 0..n_entries {
        let entry = list.checked_add(2)?.checked_add(idx * 12)?;
        if short(entry)? == 0x0112 {
            let turned = u8::try_from(short(entry.checked_add(8)?)?).ok()?;
            return (1..=8).contains(&turned).then_some(turned);
        }
    }
    None
}

/// A description that says nothing but how it is turned.
fn note(orientation: u8) -> Vec<u8> {
    let mut note = vec![0xff, DESCRIPTION, 0, 34];
    note.extend_from_slice(b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0");
    note.extend_from_slice(&[orientation, 0, 0, 0, 0, 0, 0, 0]);
    note
}
