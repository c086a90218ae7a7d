//! Batches of changes for a desktop.

use std::collections::{BTreeMap, BTreeSet};

use lt_db::{Reader, feed};
use lt_protocol::{
    code::WireError,
    sync::{Cut, Row, StreamHead, StreamSum},
};

use super::streams::visible;
use crate::{
    access::{Principal, current_agent},
    backoffice::Backoffice,
};

/// A consistent cut, see [`lt_db::feed::FeedBatch`].
#[derive(Debug, Default)]
pub struct Batch {
    /// The part of each stream.
    pub cuts: Vec<Cut>,
    /// The rows, in the order in which they came to be.
    pub rows: Vec<Row>,
    /// Checksums of the streams that it brings to their heads.
    pub sums: Vec<StreamSum>,
    /// Whether nothing is left after it.
    pub last: bool,
}

/// A desktop that has nothing of a stream with more changes than this takes its rows as they are
/// now, by pages, rather than all that became of them.
const MAX_FIRST_CHANGES: u64 = 2_000;

/// Where a desktop stands.
#[derive(Clone, Debug, Default)]
pub struct Place {
    /// Its last change of each stream; 0 where there is none.
    pub cursors: BTreeMap<u64, u64>,
    /// Streams that it fetches by pages: batches leave them out.
    pub by_pages: BTreeSet<u64>,
    /// Whether it is to hear how it stands, even if nothing changed.
    pub checkpoint: bool,
}

/// What a desktop gets next.
#[derive(Debug)]
pub struct Step {
    /// Changes, or checksums alone where there are none and a checkpoint was due.
    pub batch: Option<Batch>,
    /// How the streams stand that it fetches by pages from now on.
    pub by_pages: Vec<StreamHead>,
}

impl Backoffice {
    /// What comes next to a desktop that stands at this place, which moves on. All of it is read at
    /// one moment.
    ///
    /// # Errors
    /// [`lt_protocol::code::Code::SignedOut`], or when the store cannot be read.
    pub fn step(
        &self,
        principal: &Principal,
        place: &mut Place,
        max_rows: usize,
    ) -> Result<Step, WireError> {
        Ok(self.db.read(|reader| {
            let agent = current_agent(reader, principal, None)?;
            let heads = visible(reader, &agent)?;
            let is_visible = |stream: &u64| heads.iter().any(|head| head.stream == *stream);
            place.cursors.retain(|stream, _| is_visible(stream));
            place.by_pages.retain(is_visible);
            let mut by_pages = Vec::new();
            for head in &heads {
                let cursor = place.cursors.get(&head.stream).copied().unwrap_or(0);
                if is_too_far(head, cursor) && place.by_pages.insert(head.stream) {
                    by_pages.push(head.clone());
                }
            }
            let streams = heads.iter().map(|head| head.stream);
            let streams: Vec<u64> = streams
                .filter(|stream| !place.by_pages.contains(stream))
                .collect();
            let batch = feed::batch(reader, &streams, &mut place.cursors, max_rows)?;
            let is_whole = place.by_pages.is_empty();
            let batch = match batch {
                Some(batch) => {
                    let cut: Vec<u64> = batch.cuts.iter().map(|cut| cut.stream).collect();
                    let told = if place.checkpoint { &streams } else { &cut };
                    Some(Batch {
                        sums: sums(reader, told, &place.cursors)?,
                        cuts: batch.cuts,
                        rows: batch.rows,
                        last: batch.last && is_whole,
                    })
                }
                None if place.checkpoint => Some(Batch {
                    sums: sums(reader, &streams, &place.cursors)?,
                    last: is_whole,
                    ..Batch::default()
                }),
                None => None,
            };
            if batch.as_ref().is_some_and(|batch| batch.last) {
                place.checkpoint = false;
            }
            Ok::<_, crate::Error>(Step { batch, by_pages })
        })?)
    }

    /// The next changes of what the agent may see now, after the cursors (0 where there is none),
    /// and moves the cursors. Cursors of other streams are dropped. None when nothing is new.
    ///
    /// # Errors
    /// [`lt_protocol::code::Code::SignedOut`], or when the store cannot be read.
    pub fn batch(
        &self,
        principal: &Principal,
        cursors: &mut BTreeMap<u64, u64>,
        max_rows: usize,
    ) -> Result<Option<Batch>, WireError> {
        Ok(self.db.read(|reader| {
            let agent = current_agent(reader, principal, None)?;
            let streams: Vec<u64> = visible(reader, &agent)?
                .into_iter()
                .map(|head| head.stream)
                .collect();
            cursors.retain(|stream, _| streams.contains(stream));
            let Some(batch) = feed::batch(reader, &streams, cursors, max_rows)? else {
                return Ok(None);
            };
            let cut: Vec<u64> = batch.cuts.iter().map(|cut| cut.stream).collect();
            Ok::<_, crate::Error>(Some(Batch {
                sums: sums(reader, &cut, cursors)?,
                cuts: batch.cuts,
                rows: batch.rows,
                last: batch.last,
            }))
        })?)
    }
}

fn is_too_far(head: &StreamHead, cursor: u64) -> bool {
    cursor < head.floor || (cursor == 0 && head.head > MAX_FIRST_CHANGES)
}

/// Checksums of those of the streams whose cursors are at their heads.
fn sums(
    reader: &Reader<'_>,
    streams: &[u64],
    cursors: &BTreeMap<u64, u64>,
) -> Result<Vec<StreamSum>, crate::Error> {
    let found = feed::checksums(reader, streams)?;
    let at_head = found
        .into_iter()
        .filter(|(stream, head, _)| cursors.get(stream) == Some(head));
    Ok(at_head
        .map(|(stream, _, chk)| StreamSum { stream, chk })
        .collect())
}
