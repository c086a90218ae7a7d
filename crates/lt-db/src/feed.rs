//! The feed: what changed, per stream and without gaps, in batches that are consistent cuts.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, btree_map::Entry};

use lt_model::{Millis, change::StreamKind};
use lt_protocol::sync::{Cut, Entity, Row, StreamHead};

use crate::{
    error::{DbError, Result},
    seam::{PendingChange, Reader, Tx, row_of},
    table::{
        change::{self, Mark, Placed},
        live_row, stream,
        stream_ctr::{self, Counter},
    },
};

pub use crate::table::change::Touched;

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

/// What an act changed.
pub(crate) struct ActChanges {
    /// Number of its record in the audit log.
    pub(crate) audit_n: u64,
    pub(crate) at: Millis,
    pub(crate) changes: Vec<PendingChange>,
}

/// What [`append`] did.
#[derive(Default)]
pub(crate) struct Appended {
    /// For each act, its streams with their heads after it.
    pub(crate) of_acts: Vec<Vec<(u64, u64)>>,
    /// The rows, each with its act and the bytes of its content.
    pub(crate) rows: Vec<(u64, u64, Row)>,
    /// The streams that changed, with head and checksum after all acts.
    pub(crate) heads: Vec<(u64, u64, u64)>,
}

/// Where streams stand, by what they are about.
pub(crate) type Known = HashMap<StreamKind, (u64, Counter)>;

/// Most streams that are kept in mind.
const MAX_KNOWN: usize = 20_000;

/// Makes a stream, unless it is there, before anything is written to it. The first row of a stream that nobody made tells
/// everybody who is connected to look at what they see, and those who see it to come again: what an
/// organisation has from the start is made with it, while nobody is here.
pub fn begin(tx: &Tx<'_>, kind: &StreamKind) -> Result<()> {
    let kinds = std::slice::from_ref(kind);
    if stream::standing(tx, kinds, false)?.is_empty() {
        stream::insert(tx, kind)?;
    }
    Ok(())
}

/// Numbers the changes of acts and stores them: the last step of their transaction. Counters are
/// taken in ascending order of streams; `known` has those that nobody can have moved since, and
/// has them as they are after the acts.
pub(crate) fn append(tx: &Tx<'_>, acts: &[ActChanges], known: &mut Known) -> Result<Appended> {
    let touched = acts.iter().flat_map(|act| &act.changes);
    let kinds: BTreeSet<&StreamKind> = touched.map(|pending| &pending.stream).collect();
    let kinds: Vec<StreamKind> = kinds.into_iter().cloned().collect();
    let mut ids = BTreeMap::new();
    let mut counters = BTreeMap::new();
    let mut unknown = Vec::new();
    for kind in &kinds {
        match known.get(kind) {
            Some(&(id, counter)) => {
                ids.insert(kind.clone(), id);
                counters.insert(id, counter);
            }
            None => unknown.push(kind.clone()),
        }
    }
    if !unknown.is_empty() {
        for found in stream::standing(tx, &unknown, false)? {
            ids.insert(found.kind, found.id);
            counters.insert(found.id, found.counter);
        }
    }
    for kind in kinds {
        if let Entry::Vacant(place) = ids.entry(kind) {
            let id = stream::insert(tx, place.key())?;
            counters.insert(id, stream_ctr::get(tx, id)?);
            place.insert(id);
        }
    }
    let mut all = Vec::new();
    let mut of_acts = Vec::with_capacity(acts.len());
    for act in acts {
        let mut of_act: Vec<(u64, &PendingChange)> = act
            .changes
            .iter()
            .filter_map(|pending| Some((*ids.get(&pending.stream)?, pending)))
            .collect();
        of_act.sort_by_key(|(stream, _)| *stream);
        let mut of_streams: BTreeMap<u64, u64> = BTreeMap::new();
        for (stream, pending) in of_act {
            let counter = counters
                .get_mut(&stream)
                .ok_or(DbError::Missing("stream_ctr"))?;
            counter.head += 1;
            of_streams.insert(stream, counter.head);
            let (ent, id) = row_of(&pending.change);
            all.push(Placed {
                ent,
                id,
                audit_n: act.audit_n,
                at: act.at,
                stream,
                seq: counter.head,
                pending,
            });
        }
        of_acts.push(of_streams.into_iter().collect());
    }
    if all.is_empty() {
        return Ok(Appended {
            of_acts,
            ..Appended::default()
        });
    }
    let following = live_row::follow(tx, &newest(all.iter()))?;
    let sizes = change::insert(tx, &all)?;
    for (stream, by) in live_row::followed(tx, following)? {
        let counter = counters
            .get_mut(&stream)
            .ok_or(DbError::Missing("stream_ctr"))?;
        counter.chk = counter.chk.wrapping_add(by);
    }
    stream_ctr::advance(tx, &counters)?;
    if known.len() > MAX_KNOWN {
        known.clear();
    }
    for (kind, id) in ids {
        if let Some(counter) = counters.get(&id) {
            known.insert(kind, (id, *counter));
        }
    }
    let row = |placed: &Placed<'_>| Row {
        stream: placed.stream,
        seq: placed.seq,
        rev: placed.pending.rev,
        change: placed.pending.change.clone(),
    };
    let rows = all.iter().zip(sizes);
    Ok(Appended {
        of_acts,
        rows: rows
            .map(|(placed, n_bytes)| (placed.audit_n, n_bytes, row(placed)))
            .collect(),
        heads: counters
            .into_iter()
            .map(|(stream, counter)| (stream, counter.head, counter.chk))
            .collect(),
    })
}

/// What acts after one touched, of conversations, tickets and surveys: of as many whole acts as
/// changed `n_rows` rows. None where nothing of any kind changed since.
pub fn touched(reader: &Reader<'_>, after_act: u64, n_rows: u64) -> Result<Option<Touched>> {
    change::rows_touched(reader, after_act, n_rows)
}

/// The last change of each row of each stream.
fn newest<'p>(placed: impl DoubleEndedIterator<Item = &'p Placed<'p>>) -> Vec<&'p Placed<'p>> {
    let mut seen = HashSet::new();
    placed
        .rev()
        .filter(|placed| seen.insert((placed.stream, placed.ent, placed.id.as_str())))
        .collect()
}

/// Heads of the streams that exist among the wished ones, in ascending order of their numbers.
pub fn heads(reader: &Reader<'_>, kinds: &[StreamKind]) -> Result<Vec<StreamHead>> {
    let standing = standing(reader, kinds, false)?;
    Ok(standing.into_iter().map(|one| one.head).collect())
}

/// A stream and its checksum at the same moment, see [`lt_protocol::sync::row_checksum`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// What it is about, and its last change.
    pub head: StreamHead,
    /// Sum of the checksums of its live rows.
    pub chk: u64,
}

/// Where the streams stand that exist among the wished ones, and with `all_lines` those of every
/// business line; in ascending order of their numbers.
pub fn standing(
    reader: &Reader<'_>,
    kinds: &[StreamKind],
    all_lines: bool,
) -> Result<Vec<Standing>> {
    let found = stream::standing(reader, kinds, all_lines)?;
    Ok(found
        .into_iter()
        .map(|one| Standing {
            head: StreamHead {
                stream: one.id,
                kind: one.kind,
                head: one.counter.head,
                floor: one.counter.floor,
            },
            chk: one.counter.chk,
        })
        .collect())
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
    for mark in marks.iter().take(n_taken) {
        let cut = cuts.entry(mark.stream).or_insert(Cut {
            stream: mark.stream,
            from: mark.seq,
            to: mark.seq,
        });
        cut.to = mark.seq;
        cursors.insert(mark.stream, mark.seq);
    }
    let mut found = HashMap::with_capacity(n_taken);
    for cut in cuts.values() {
        for row in change::rows(reader, cut)? {
            found.insert((row.stream, row.seq), row);
        }
    }
    let of_mark = |mark: &Mark| {
        found
            .remove(&(mark.stream, mark.seq))
            .ok_or(DbError::Missing("change"))
    };
    let rows: Result<Vec<Row>> = marks.iter().take(n_taken).map(of_mark).collect();
    let rows = rows?;
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

/// A part of a snapshot of one stream.
#[derive(Debug)]
pub struct SnapshotPage {
    /// Rows, in the order of their changes.
    pub rows: Vec<Row>,
    /// Whether it is the last part.
    pub last: bool,
}

/// The rows of a stream as they are now that have not changed since it stood at `at`, after the
/// change `after`. Whoever has taken all pages goes on with the changes after `at`: those name every
/// row that changed or left meanwhile. At least one row, at most `max_rows`, and no more than
/// `max_bytes` of them.
pub fn snapshot_page(
    reader: &Reader<'_>,
    stream: u64,
    at: u64,
    after: u64,
    max_rows: usize,
    max_bytes: u64,
) -> Result<SnapshotPage> {
    let marks = live_row::marks(reader, stream, after, at, max_rows as u64 + 1)?;
    let mut n_bytes = 0;
    let n_taken = marks
        .iter()
        .take(max_rows)
        .take_while(|mark| {
            n_bytes += mark.n_bytes;
            n_bytes <= max_bytes
        })
        .count()
        .max(1)
        .min(marks.len());
    let rows: Result<Vec<Row>> = marks
        .iter()
        .take(n_taken)
        .map(|mark| change::row(reader, mark))
        .collect();
    Ok(SnapshotPage {
        rows: rows?,
        last: n_taken == marks.len(),
    })
}

/// How many rows [`snapshot_page`] has still to give, all pages together.
pub fn snapshot_left(reader: &Reader<'_>, stream: u64, at: u64, after: u64) -> Result<u64> {
    live_row::count(reader, stream, after, at)
}

/// The rows that acts put, by their numbers in the audit log, as long as they are not pruned.
pub fn rows_of(reader: &Reader<'_>, acts: &[u64]) -> Result<Vec<(u64, Entity)>> {
    change::of_acts(reader, acts)
}

/// Heads of all streams: what changed since, if anything, is seen by one look.
pub fn all_heads(reader: &Reader<'_>) -> Result<Vec<(u64, u64)>> {
    stream_ctr::heads(reader)
}

/// Throws away what desktops that were here within `keep_ms` no longer need. Returns how many
/// changes. A desktop that was away longer takes a snapshot.
pub fn prune(tx: &Tx<'_>, keep_ms: Millis, now: Millis) -> Result<usize> {
    let mut n_pruned = 0;
    for (stream, _) in stream_ctr::heads(tx)? {
        let floor = change::last_before(tx, stream, now - keep_ms)?;
        if floor > stream_ctr::get(tx, stream)?.floor {
            stream_ctr::set_floor(tx, stream, floor)?;
            n_pruned += change::prune(tx, stream, floor)?;
        }
    }
    Ok(n_pruned)
}

/// Counts the checksums from the rows: for streams of a database from before there were any.
pub(crate) fn recount(tx: &Tx<'_>) -> Result<()> {
    let mut counters = BTreeMap::new();
    for (stream, _) in stream_ctr::heads(tx)? {
        let counter = Counter {
            chk: live_row::checksum(tx, stream)?,
            ..stream_ctr::get(tx, stream)?
        };
        counters.insert(stream, counter);
    }
    stream_ctr::advance(tx, &counters)
}
