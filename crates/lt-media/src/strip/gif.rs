//! GIF: a head, then blocks, each a picture or something said beside it, up to a mark of the end.
//!
//! Frames, how long each is shown and how often all of them are repeated stay; comments, written
//! words and what programs noted (XMP among it) go.

use super::split;

const EXTENSION: u8 = 0x21;
const IMAGE: u8 = 0x2c;
const END: u8 = 0x3b;
/// How the next frame is shown.
const CONTROL: u8 = 0xf9;
/// Words that are to be drawn; no program of today does.
const WORDS: u8 = 0x01;
const APPLICATION: u8 = 0xff;
/// Notes of programs that say how to show it: how often, and in which colours.
const KEPT_NOTES: [&[u8]; 3] = [b"NETSCAPE2.0", b"ANIMEXTS1.0", b"ICCRGBG1012"];

/// None where it is none.
pub(super) fn strip(bytes: &[u8]) -> Option<Vec<u8>> {
    let (head, after) = split(bytes, 13)?;
    let (colours, mut rest) = split(after, table_bytes(*head.get(10)?))?;
    let mut kept = [head, colours].concat();
    let mut control: &[u8] = &[];
    let mut n_images = 0;
    // One that breaks off is shown up to there.
    while let Some(block) = next(rest) {
        match block.kind {
            Kind::Control => control = block.bytes,
            Kind::Image => {
                kept.extend_from_slice(control);
                kept.extend_from_slice(block.bytes);
                control = &[];
                n_images += 1;
            }
            Kind::Note => kept.extend_from_slice(block.bytes),
            Kind::Words => control = &[],
            Kind::Other => {}
        }
        rest = block.after;
    }
    kept.push(END);
    (n_images > 0).then_some(kept)
}

enum Kind {
    Control,
    Image,
    Note,
    Words,
    Other,
}

struct Block<'a> {
    kind: Kind,
    bytes: &'a [u8],
    after: &'a [u8],
}

/// The next block; none at the end, or where there is no whole one.
fn next(bytes: &[u8]) -> Option<Block<'_>> {
    let (kind, n_head) = match *bytes.first()? {
        IMAGE => (Kind::Image, 11 + table_bytes(*bytes.get(9)?)),
        EXTENSION => match *bytes.get(1)? {
            CONTROL => (Kind::Control, 2),
            WORDS => (Kind::Words, 2),
            APPLICATION => {
                let name = bytes.get(2..14)?.strip_prefix(&[11]);
                let is_kept = name.is_some_and(|name| KEPT_NOTES.contains(&name));
                (if is_kept { Kind::Note } else { Kind::Other }, 2)
            }
            _ => (Kind::Other, 2),
        },
        _ => return None,
    };
    let (_, parts) = split(bytes, n_head)?;
    let n_parts = parts_bytes(parts)?;
    let (bytes, after) = split(bytes, n_head + n_parts)?;
    Some(Block { kind, bytes, after })
}

/// How many bytes a table of colours has that a byte of flags announces.
fn table_bytes(flags: u8) -> usize {
    match flags & 0x80 {
        0 => 0,
        _ => 3 << ((flags & 7) + 1),
    }
}

/// How many bytes the parts of a block have, with the empty one that ends them.
fn parts_bytes(bytes: &[u8]) -> Option<usize> {
    let mut n = 0;
    loop {
        let length = usize::from(*bytes.get(n)?);
        n += 1 + length;
        if length == 0 {
            return Some(n);
        }
    }
}
