//! The write-ahead log of a sealed database, after damage.
//!
//! SQLite reads its log up to the first frame whose checksum does not fit: one changed byte hides
//! every commit behind it. The checksums only chain the frames; that a page is authentic is the
//! seal's business, page by page. So the chain may be made anew over the bytes as they are, and
//! the seal then tells which page, if any, really suffered.

use std::collections::BTreeSet;

/// Bytes before the first frame.
const HEADER_BYTES: usize = 32;
/// Bytes of a frame before its page.
const FRAME_HEADER_BYTES: usize = 24;
/// Where a log's and a frame's salts lie.
const LOG_SALTS: std::ops::Range<usize> = 16..24;
const FRAME_SALTS: std::ops::Range<usize> = 8..16;

/// The log with its chain made anew, up to the last frame of its present round. None when the
/// bytes are no log. The caller checks every page's seal before it trusts the result.
#[must_use]
pub fn rechain(log: &[u8]) -> Option<Vec<u8>> {
    let Round {
        big_endian,
        salts,
        frames,
    } = Round::of(log)?;
    let mut out = log.get(..24)?.to_vec();
    let mut sum = Checksum {
        big_endian,
        ..Checksum::default()
    };
    sum.add(&out);
    sum.write(&mut out);
    for frame in frames {
        let head = frame.get(..8)?;
        let page = frame.get(FRAME_HEADER_BYTES..)?;
        out.extend_from_slice(head);
        out.extend_from_slice(salts);
        sum.add(head);
        sum.add(page);
        sum.write(&mut out);
        out.extend_from_slice(page);
    }
    Some(out)
}

/// Numbers of the pages that commits of the log's present round have, whether its checksums fit or
/// not. None when the bytes are no log.
#[must_use]
pub fn committed_pages(log: &[u8]) -> Option<BTreeSet<u32>> {
    let (mut committed, mut open) = (BTreeSet::new(), BTreeSet::new());
    for frame in Round::of(log)?.frames {
        open.insert(word(frame, 0)?);
        // The last frame of a commit says how many pages the file has after it.
        if word(frame, 4)? > 0 {
            committed.append(&mut open);
        }
    }
    Some(committed)
}

/// The frames of a log that are not left over from an earlier round.
struct Round<'l> {
    big_endian: bool,
    salts: &'l [u8],
    frames: Vec<&'l [u8]>,
}

impl<'l> Round<'l> {
    fn of(log: &'l [u8]) -> Option<Self> {
        let big_endian = match word(log, 0)? {
            0x377f_0682 => false,
            0x377f_0683 => true,
            _ => return None,
        };
        let page_bytes = usize::try_from(word(log, 8)?).ok()?;
        if !page_bytes.is_power_of_two() || !(512..=65_536).contains(&page_bytes) {
            return None;
        }
        let salts = log.get(LOG_SALTS)?;
        let mut frames: Vec<&[u8]> = log
            .get(HEADER_BYTES..)?
            .chunks_exact(FRAME_HEADER_BYTES + page_bytes)
            .collect();
        // What lies behind the last frame with these salts is left over from an earlier round.
        let last = frames
            .iter()
            .rposition(|frame| frame.get(FRAME_SALTS) == Some(salts))?;
        frames.truncate(last + 1);
        Some(Self {
            big_endian,
            salts,
            frames,
        })
    }
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    let bytes: [u8; 4] = bytes.get(at..at + 4)?.try_into().ok()?;
    Some(u32::from_be_bytes(bytes))
}

/// The log's running checksum over pairs of 32-bit words.
#[derive(Default)]
struct Checksum {
    big_endian: bool,
    first: u32,
    second: u32,
}

impl Checksum {
    fn add(&mut self, bytes: &[u8]) {
        for pair in bytes.as_chunks::<8>().0 {
            let [a, b, c, d, e, f, g, h] = *pair;
            self.first = self
                .first
                .wrapping_add(self.word([a, b, c, d]))
                .wrapping_add(self.second);
            self.second = self
                .second
                .wrapping_add(self.word([e, f, g, h]))
                .wrapping_add(self.first);
        }
    }

    fn word(&self, bytes: [u8; 4]) -> u32 {
        if self.big_endian {
            u32::from_be_bytes(bytes)
        } else {
            u32::from_le_bytes(bytes)
        }
    }

    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.first.to_be_bytes());
        out.extend_from_slice(&self.second.to_be_bytes());
    }
}

#[cfg(test)]
mod tests;
