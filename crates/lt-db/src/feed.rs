//! The feed: what changed, per stream and without gaps, in batches that are consistent cuts.

use std::collections::BTreeMap;

use lt_model::change::StreamKind;
use lt_protocol::sync::{Cut, Row, StreamHead};

use crate::{
    error::Result,
    seam::{PendingChange, Reader, Tx},
    table::{
        change::{self, Mark},
        stream, stream_ctr,
    },
};

/// Most bytes of rows in one batch, so that it fits a frame. A single larger row goes alone.
pub const MAX_BATCH_BYTES: u64 = 640 * 1024;

/// A consistent cut of some streams.
#[derive(Debug)]
pub struct FeedBatch {
    /// The part of each stream.
    pub cuts: Vec<Cut>,
    /// The rows, in the order in which they came to be.
    pub rows: Vec<Row>,
    /// Whether nothing is left after it.
    pub last: bool,
}

/// Numbers the changes of an act and stores them: the last step of its transaction. Counters are
/// taken in ascending order of streams, so that two writers can never wait for each other.
/// Returns the streams.
pub(crate) fn append(tx: &Tx<'_>, audit_n: u64, changes: Vec<PendingChange>) -> Result<Vec<u64>> {
    let mut by_stream: BTreeMap<u64, Vec<PendingChange>> = BTreeMap::new();
    for pending in changes {
        let id = stream::id_or_new(tx, &pending.stream)?;
        by_stream.entry(id).or_default().push(pending);
    }
    for (id, pending) in &by_stream {
        let mut seq = stream_ctr::take(tx, *id, pending.len())?;
        for change in pending {
            seq += 1;
            change::insert(tx, *id, seq, audit_n, change)?;
        }
    }
    Ok(by_stream.into_keys().collect())
}

/// Heads of the streams that exist among the wished ones.
pub fn heads(reader: &Reader<'_>, kinds: &[StreamKind]) -> Result<Vec<StreamHead>> {
    let mut heads = Vec::new();
    for kind in kinds {
        if let Some(stream) = stream::id(reader, kind)? {
            heads.push(StreamHead {
                stream,
                kind: kind.clone(),
                head: stream_ctr::head(reader, stream)?,
            });
        }
    }
    heads.sort_by_key(|head| head.stream);
    Ok(heads)
}

/// The next changes of these streams after the cursors (0 where there is none), and moves the
/// cursors. None when there is nothing new.
///
/// The cut runs through all streams at one act: rows that were written together arrive together.
/// Only an act of more than `max_rows` rows or [`MAX_BATCH_BYTES`] is spread over several batches.
pub fn batch(
    reader: &Reader<'_>,
    streams: &[u64],
    cursors: &mut BTreeMap<u64, u64>,
    max_rows: usize,
) -> Result<Option<FeedBatch>> {
    let mut marks = Vec::new();
    for stream in streams {
        let after = cursors.get(stream).copied().unwrap_or(0);
        marks.extend(change::marks(reader, *stream, after, max_rows + 1)?);
    }
    marks.sort_by_key(|mark| (mark.audit_n, mark.stream, mark.seq));
    let n_taken = cut(&marks, max_rows);
    let last = n_taken == marks.len();
    let mut cuts: BTreeMap<u64, Cut> = BTreeMap::new();
    let mut rows = Vec::with_capacity(n_taken);
    for mark in marks.iter().take(n_taken) {
        let cut = cuts.entry(mark.stream).or_insert(Cut {
            stream: mark.stream,
            from: mark.seq,
            to: mark.seq,
        });
        cut.to = mark.seq;
        rows.push(change::row(reader, mark)?);
        cursors.insert(mark.stream, mark.seq);
    }
    Ok((!rows.is_empty()).then(|| FeedBatch {
        cuts: cuts.into_values().collect(),
        rows,
        last,
    }))
}

/// How many of the ordered changes go into the batch: all of as many acts as fit.
fn cut(marks: &[Mark], max_rows: usize) -> usize {
    let mut n_bytes = 0;
    let n_fitting = marks
        .iter()
        .take(max_rows)
        .take_while(|mark| {
            n_bytes += mark.n_bytes;
            n_bytes <= MAX_BATCH_BYTES
        })
        .count()
        .max(1)
        .min(marks.len());
    let Some(next) = marks.get(n_fitting) else {
        return n_fitting;
    };
    let n_whole = marks
        .iter()
        .take(n_fitting)
        .take_while(|mark| mark.audit_n != next.audit_n)
        .count();
    if n_whole == 0 { n_fitting } else { n_whole }
}
