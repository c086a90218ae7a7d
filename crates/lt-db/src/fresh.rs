//! What this process committed last, kept in memory: a socket whose desktop is nearly up to date is
//! served from here, and the database is not asked.
//!
//! **Invariant:** what [`Fresh::since`] gives is what [`crate::feed::batch`] would read at the moment
//! of the last commit of this process. Where that cannot be known it gives nothing: after an act of
//! another process, after a change of anybody's access, and for whoever has been away too long.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, VecDeque},
    sync::{Mutex, MutexGuard, PoisonError},
};

use lt_protocol::sync::{Cut, Row, StreamSum};

use crate::feed::{FeedBatch, MAX_BATCH_BYTES};

/// Bytes of rows that are kept.
const MAX_BYTES: u64 = 16 * 1024 * 1024;
/// A row costs so much beside its content.
const ROW_BYTES: u64 = 200;

/// Rows of the acts since some moment, with none of another process between them: a stretch.
#[derive(Default)]
pub struct Fresh(Mutex<Kept>);

/// What follows a place.
#[derive(Debug)]
pub struct News {
    /// The changes; none where there are none.
    pub batch: Option<FeedBatch>,
    /// Checksums of the streams that it brings to their heads.
    pub sums: Vec<StreamSum>,
}

#[derive(Default)]
struct Kept {
    /// Number of the stretch.
    stretch: u64,
    /// Number of its last act in the audit log.
    audit_n: u64,
    streams: HashMap<u64, OfStream>,
    /// The stream of each row, the oldest first.
    order: VecDeque<u64>,
    n_bytes: u64,
}

/// The last changes of a stream, without gaps.
struct OfStream {
    /// Changes up to it are not here.
    base: u64,
    head: u64,
    chk: u64,
    rows: VecDeque<Placed>,
}

struct Placed {
    audit_n: u64,
    n_bytes: u64,
    row: Row,
}

/// What one commit did.
#[derive(Default)]
pub(crate) struct Commit {
    /// Numbers of its first and its last act in the audit log.
    pub(crate) acts: (u64, u64),
    /// Its rows, with the acts that made them and the bytes of their content.
    pub(crate) rows: Vec<(u64, u64, Row)>,
    /// Its streams, with head and checksum after it.
    pub(crate) heads: Vec<(u64, u64, u64)>,
    /// Whether anybody's access changed.
    pub(crate) is_of_access: bool,
}

impl Fresh {
    /// The stretch that is going on. Whoever reads the whole feed after asking for its number may go
    /// on from there by [`Fresh::since`].
    #[must_use]
    pub fn stretch(&self) -> u64 {
        self.lock().stretch
    }

    /// The last act of this process, by its number in the audit log.
    pub(crate) fn last_act(&self) -> u64 {
        self.lock().audit_n
    }

    /// Another process committed something: nobody can go on from what is here.
    pub fn interrupt(&self) {
        self.lock().begin();
    }

    /// What follows the cursors (0 where there is none) in these streams, up to the last commit; moves
    /// the cursors. `stretch` is the one within which the place was complete. None: the database has
    /// to be asked, as for more than `max_rows`.
    pub fn since(
        &self,
        stretch: u64,
        streams: &BTreeSet<u64>,
        cursors: &mut BTreeMap<u64, u64>,
        max_rows: usize,
    ) -> Option<News> {
        let kept = self.lock();
        if kept.stretch != stretch {
            return None;
        }
        let mut placed: Vec<&Placed> = Vec::new();
        let mut cuts = Vec::new();
        let mut sums = Vec::new();
        for stream in streams {
            let Some(of_stream) = kept.streams.get(stream) else {
                continue;
            };
            let after = cursors.get(stream).copied().unwrap_or(0);
            if after >= of_stream.head {
                continue;
            }
            let n_known = usize::try_from(after.checked_sub(of_stream.base)?).ok()?;
            placed.extend(of_stream.rows.range(n_known.min(of_stream.rows.len())..));
            cuts.push(Cut {
                stream: *stream,
                from: after + 1,
                to: of_stream.head,
            });
            sums.push(StreamSum {
                stream: *stream,
                chk: of_stream.chk,
            });
        }
        let n_bytes: u64 = placed.iter().map(|one| one.n_bytes).sum();
        if placed.len() > max_rows || n_bytes > MAX_BATCH_BYTES {
            return None;
        }
        placed.sort_by_key(|one| (one.audit_n, one.row.stream, one.row.seq));
        let rows: Vec<Row> = placed.iter().map(|one| one.row.clone()).collect();
        drop(kept);
        cursors.extend(cuts.iter().map(|cut| (cut.stream, cut.to)));
        let batch = (!rows.is_empty()).then_some(FeedBatch {
            cuts,
            rows,
            last: true,
        });
        Some(News { batch, sums })
    }

    /// Keeps what was committed. Called in the order of the commits.
    pub(crate) fn push(&self, commit: Commit) {
        let mut kept = self.lock();
        let (first, last) = commit.acts;
        let is_next = kept.audit_n + 1 == first && !commit.is_of_access;
        kept.audit_n = last;
        if !is_next {
            kept.begin();
            return;
        }
        for (audit_n, n_bytes, row) in commit.rows {
            kept.keep(Placed {
                audit_n,
                n_bytes: n_bytes + ROW_BYTES,
                row,
            });
        }
        for (stream, head, chk) in commit.heads {
            if let Some(of_stream) = kept.streams.get_mut(&stream) {
                of_stream.head = head;
                of_stream.chk = chk;
            }
        }
        kept.forget();
    }

    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    /// A new stretch, of which nothing is known yet.
    fn begin(&mut self) {
        self.stretch += 1;
        self.streams.clear();
        self.order.clear();
        self.n_bytes = 0;
    }

    fn keep(&mut self, placed: Placed) {
        let (stream, seq) = (placed.row.stream, placed.row.seq);
        let of_stream = self.streams.entry(stream).or_insert_with(|| OfStream {
            base: seq.saturating_sub(1),
            head: 0,
            chk: 0,
            rows: VecDeque::new(),
        });
        self.n_bytes += placed.n_bytes;
        of_stream.rows.push_back(placed);
        self.order.push_back(stream);
    }

    /// Lets the oldest rows go.
    fn forget(&mut self) {
        while self.n_bytes > MAX_BYTES {
            let Some(stream) = self.order.pop_front() else {
                return;
            };
            let Some(of_stream) = self.streams.get_mut(&stream) else {
                continue;
            };
            if let Some(gone) = of_stream.rows.pop_front() {
                of_stream.base = gone.row.seq;
                self.n_bytes = self.n_bytes.saturating_sub(gone.n_bytes);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use lt_model::change::EntityKind;
    use lt_protocol::sync::RowChange;

    use super::*;

    fn row(stream: u64, seq: u64) -> Row {
        let change = RowChange::Del {
            entity: EntityKind::Message,
            id: format!("{stream}/{seq}"),
        };
        Row {
            stream,
            seq,
            rev: 1,
            change,
        }
    }

    /// A commit of one act, with these places in these streams.
    fn commit(audit_n: u64, places: &[(u64, u64)]) -> Commit {
        Commit {
            acts: (audit_n, audit_n),
            rows: places
                .iter()
                .map(|&(stream, seq)| (audit_n, 10, row(stream, seq)))
                .collect(),
            heads: places
                .iter()
                .map(|&(stream, seq)| (stream, seq, 100 * stream + seq))
                .collect(),
            is_of_access: false,
        }
    }

    fn places(news: &News) -> Vec<(u64, u64)> {
        let rows = news.batch.iter().flat_map(|batch| &batch.rows);
        rows.map(|row| (row.stream, row.seq)).collect()
    }

    #[test]
    fn gives_what_follows_in_the_order_of_the_acts() {
        let fresh = Fresh::default();
        fresh.push(commit(7, &[(1, 4)]));
        let stretch = fresh.stretch();
        fresh.push(commit(8, &[(1, 5), (2, 9)]));
        fresh.push(commit(9, &[(2, 10)]));
        fresh.push(commit(10, &[(1, 6), (3, 1)]));
        let seen = BTreeSet::from([1, 2, 4]);
        let mut cursors = BTreeMap::from([(1, 4), (2, 8)]);
        let news = fresh.since(stretch, &seen, &mut cursors, 10).unwrap();
        assert_eq!(places(&news), [(1, 5), (2, 9), (2, 10), (1, 6)]);
        assert_eq!(cursors, BTreeMap::from([(1, 6), (2, 10)]));
        let sums: Vec<(u64, u64)> = news.sums.iter().map(|sum| (sum.stream, sum.chk)).collect();
        assert_eq!(sums, [(1, 106), (2, 210)]);
        let nothing = fresh.since(stretch, &seen, &mut cursors, 10).unwrap();
        assert!(nothing.batch.is_none() && nothing.sums.is_empty());

        fresh.push(commit(11, &[(1, 7), (1, 8)]));
        assert!(
            fresh.since(stretch, &seen, &mut cursors, 1).is_none(),
            "too many"
        );
        assert_eq!(cursors.get(&1), Some(&6), "nothing moved");
        let mut beyond = BTreeMap::from([(1, 9), (2, 10)]);
        let news = fresh.since(stretch, &seen, &mut beyond, 10).unwrap();
        assert!(
            places(&news).is_empty(),
            "it read the database a moment later"
        );
    }

    #[test]
    fn a_place_that_is_not_known_to_be_complete_is_sent_to_the_database() {
        let seen = BTreeSet::from([1]);
        let begun = || {
            let fresh = Fresh::default();
            fresh.push(commit(7, &[(1, 1)]));
            let stretch = fresh.stretch();
            fresh.push(commit(8, &[(1, 2)]));
            (fresh, stretch)
        };
        let at = |n| BTreeMap::from([(1, n)]);
        let (fresh, stretch) = begun();
        assert!(fresh.since(stretch, &seen, &mut at(1), 9).is_some());
        assert!(
            fresh.since(stretch, &seen, &mut at(0), 9).is_none(),
            "change 1 is not here"
        );
        for (what, break_it) in [
            (
                "an act of another process before it",
                Box::new(|fresh: &Fresh| fresh.push(commit(10, &[(1, 4)]))) as Box<dyn Fn(&Fresh)>,
            ),
            (
                "access",
                Box::new(|fresh: &Fresh| {
                    fresh.push(Commit {
                        is_of_access: true,
                        ..commit(9, &[])
                    });
                }),
            ),
            ("a hint", Box::new(Fresh::interrupt)),
        ] {
            let (fresh, stretch) = begun();
            break_it(&fresh);
            assert!(
                fresh.since(stretch, &seen, &mut at(1), 9).is_none(),
                "{what}"
            );
            assert!(
                fresh.since(fresh.stretch(), &seen, &mut at(9), 9).is_some(),
                "{what}: a new one has begun"
            );
        }
    }

    #[test]
    fn what_is_kept_is_bounded() {
        let fresh = Fresh::default();
        let n_rows = 3 * MAX_BYTES / (1_000 + ROW_BYTES);
        fresh.push(commit(7, &[]));
        let stretch = fresh.stretch();
        for n in 1..=n_rows {
            let mut one = commit(n + 7, &[(n % 2, n.div_ceil(2))]);
            for (_, n_bytes, _) in &mut one.rows {
                *n_bytes = 1_000;
            }
            fresh.push(one);
        }
        let kept = fresh.lock();
        assert!(kept.n_bytes <= MAX_BYTES);
        let n_kept: usize = kept.streams.values().map(|one| one.rows.len()).sum();
        assert_eq!(n_kept, kept.order.len());
        assert!((n_kept as u64) > n_rows / 4, "{n_kept} of {n_rows}");
        drop(kept);
        let seen = BTreeSet::from([0, 1]);
        let near = n_rows / 2 - 3;
        let mut cursors = BTreeMap::from([(0, near), (1, near)]);
        let news = fresh.since(stretch, &seen, &mut cursors, 100).unwrap();
        assert!(!places(&news).is_empty());
        assert!(
            fresh
                .since(stretch, &seen, &mut BTreeMap::new(), usize::MAX)
                .is_none(),
            "the first are gone"
        );
    }
}
