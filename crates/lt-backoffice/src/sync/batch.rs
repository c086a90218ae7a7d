//! Batches of changes for a desktop.

use std::collections::{BTreeMap, BTreeSet};

use lt_db::feed::{self, Standing};
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
    /// Where it had everything there was of what it sees, if it had: it goes on from memory.
    whole: Option<Whole>,
}

/// A moment at which nothing was missing.
#[derive(Clone, Debug)]
struct Whole {
    /// See [`lt_db::fresh::Fresh`].
    stretch: u64,
    /// The streams that batches are made of.
    streams: BTreeSet<u64>,
}

impl Place {
    /// These are its last changes of each stream.
    #[must_use]
    pub fn at(cursors: BTreeMap<u64, u64>) -> Self {
        Self {
            cursors,
            ..Self::default()
        }
    }

    /// What comes next has to be read from the database.
    pub fn distrust(&mut self) {
        self.whole = None;
    }
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
    /// What comes next to a desktop that stands at this place, which moves on, where that is known
    /// without the database: it costs little and waits for nothing. The login and what the agent sees
    /// are as they were; as soon as they are not, nothing is known here.
    pub fn step_at_once(&self, place: &mut Place, max_rows: usize) -> Option<Step> {
        let whole = place.whole.as_ref().filter(|_| !place.checkpoint)?;
        let news =
            self.db
                .fresh()?
                .since(whole.stretch, &whole.streams, &mut place.cursors, max_rows)?;
        let batch = news.batch.map(|batch| Batch {
            cuts: batch.cuts,
            rows: batch.rows,
            sums: news.sums,
            last: place.by_pages.is_empty(),
        });
        Some(Step {
            batch,
            by_pages: Vec::new(),
        })
    }

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
        // Asked for before anything is read: what is committed from now on comes after it.
        let stretch = self.db.fresh().map(lt_db::fresh::Fresh::stretch);
        Ok(self.db.read(|reader| {
            let agent = current_agent(reader, principal, None)?;
            let mut standing = visible(reader, &agent)?;
            let is_visible = |stream: &u64| standing.iter().any(|one| one.head.stream == *stream);
            place.cursors.retain(|stream, _| is_visible(stream));
            place.by_pages.retain(is_visible);
            let mut by_pages = Vec::new();
            for Standing { head, .. } in &standing {
                let cursor = place.cursors.get(&head.stream).copied().unwrap_or(0);
                if is_too_far(head, cursor) && place.by_pages.insert(head.stream) {
                    by_pages.push(head.clone());
                }
            }
            standing.retain(|one| !place.by_pages.contains(&one.head.stream));
            let ahead = ahead(&standing, &place.cursors);
            let batch = feed::batch(reader, &ahead, &mut place.cursors, max_rows)?;
            let is_all = batch.as_ref().is_none_or(|batch| batch.last);
            place.whole = stretch.filter(|_| is_all).map(|stretch| Whole {
                stretch,
                streams: standing.iter().map(|one| one.head.stream).collect(),
            });
            let is_whole = place.by_pages.is_empty();
            let batch = match batch {
                Some(batch) => {
                    let is_told = |stream: u64| {
                        place.checkpoint || batch.cuts.iter().any(|cut| cut.stream == stream)
                    };
                    Some(Batch {
                        sums: sums(&standing, is_told, &place.cursors),
                        cuts: batch.cuts,
                        rows: batch.rows,
                        last: batch.last && is_whole,
                    })
                }
                None if place.checkpoint => Some(Batch {
                    sums: sums(&standing, |_| true, &place.cursors),
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
            let standing = visible(reader, &agent)?;
            cursors.retain(|stream, _| standing.iter().any(|one| one.head.stream == *stream));
            let ahead = ahead(&standing, cursors);
            let Some(batch) = feed::batch(reader, &ahead, cursors, max_rows)? else {
                return Ok(None);
            };
            let is_cut = |stream| batch.cuts.iter().any(|cut| cut.stream == stream);
            Ok::<_, crate::Error>(Some(Batch {
                sums: sums(&standing, is_cut, cursors),
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

/// The streams that have changes after the cursors.
fn ahead(standing: &[Standing], cursors: &BTreeMap<u64, u64>) -> Vec<u64> {
    standing
        .iter()
        .map(|one| &one.head)
        .filter(|head| cursors.get(&head.stream).copied().unwrap_or(0) < head.head)
        .map(|head| head.stream)
        .collect()
}

/// Checksums of the streams that are told of and whose cursors are at their heads.
fn sums(
    standing: &[Standing],
    is_told: impl Fn(u64) -> bool,
    cursors: &BTreeMap<u64, u64>,
) -> Vec<StreamSum> {
    standing
        .iter()
        .filter(|one| is_told(one.head.stream))
        .filter(|one| cursors.get(&one.head.stream) == Some(&one.head.head))
        .map(|one| StreamSum {
            stream: one.head.stream,
            chk: one.chk,
        })
        .collect()
}
