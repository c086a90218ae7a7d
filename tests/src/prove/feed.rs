//! The feed has no gaps, never goes back, and every batch is a consistent cut, whatever writes.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::atomic::{AtomicU64, Ordering},
    thread,
};

use anyhow::{Result, anyhow};
use lt_db::{
    Db,
    feed::{self, FeedBatch},
    table::conversation,
};
use lt_model::{change::StreamKind, conversation::Conversation, id::GroupId};
use lt_protocol::sync::{Entity, RowChange};

use postgres::{Client, NoTls};

use super::{
    Dice, Proved, Scale, count,
    org::{Org, raw},
};
use crate::postgres::{Cluster, Speed};

/// Skill groups, each of them a stream.
const N_GROUPS: u64 = 4;
/// A conversation gets so many messages: moving it is the largest act.
const MAX_MESSAGES: u64 = 30;
/// Readers by the most rows that they take at once; the largest act fits all of them, so that each
/// of their batches has to be a consistent cut.
const READERS: [usize; 3] = [100, 200, 500];

/// Nodes that share the database on PostgreSQL.
const N_NODES: usize = 3;
/// Streams that have not as many changes as they say.
const HOLES: &str = "SELECT count(*) FROM stream_ctr c WHERE c.n <>
     (SELECT count(*) FROM change WHERE stream = c.stream)";
/// Names of the figures by back end.
const SQLITE: [&str; 6] = [
    "changes_sqlite",
    "batches_sqlite",
    "gaps_sqlite",
    "regressions_sqlite",
    "torn_cuts_sqlite",
    "control_noticed_sqlite",
];
const POSTGRES: [&str; 6] = [
    "changes_postgres",
    "batches_postgres",
    "gaps_postgres",
    "regressions_postgres",
    "torn_cuts_postgres",
    "control_noticed_postgres",
];

/// What a desktop would have after the batches so far, and what was wrong with them.
#[derive(Default)]
struct Mirror {
    /// The last number by stream.
    seen: BTreeMap<u64, u64>,
    /// Conversations: their streams, and their last `seq`.
    conversations: HashMap<String, (BTreeSet<u64>, u64)>,
    /// Messages by stream and id: their conversation.
    owners: HashMap<(u64, String), String>,
    /// How many messages of a conversation stand in a stream.
    n_messages: HashMap<(String, u64), u64>,
    n_batches: u64,
    n_gaps: u64,
    n_regressions: u64,
    n_torn: u64,
}

impl Mirror {
    fn take(&mut self, batch: FeedBatch) {
        self.n_batches += 1;
        let mut touched = BTreeSet::new();
        for cut in &batch.cuts {
            let n_rows = batch.rows.iter().filter(|row| row.stream == cut.stream);
            if count(n_rows.count()) != cut.to + 1 - cut.from {
                self.n_gaps += 1;
            }
        }
        for row in batch.rows {
            let seen = self.seen.entry(row.stream).or_default();
            if row.seq <= *seen {
                self.n_regressions += 1;
                continue;
            }
            if row.seq > *seen + 1 {
                self.n_gaps += 1;
            }
            *seen = row.seq;
            touched.extend(self.apply(row.stream, row.change));
        }
        // A conversation stands in one stream and has all its messages there.
        for id in touched {
            let Some((streams, seq)) = self.conversations.get(&id) else {
                continue;
            };
            let n_messages: u64 = streams
                .iter()
                .filter_map(|stream| self.n_messages.get(&(id.clone(), *stream)))
                .sum();
            if streams.len() != 1 || n_messages != *seq {
                self.n_torn += 1;
            }
        }
    }

    /// Gives the conversation that the change is about.
    fn apply(&mut self, stream: u64, change: RowChange) -> Option<String> {
        match change {
            RowChange::Put {
                entity: Entity::Conversation(conversation),
            } => {
                let id = conversation.id.to_string();
                let known = self.conversations.entry(id.clone()).or_default();
                known.0.insert(stream);
                known.1 = conversation.seq;
                Some(id)
            }
            RowChange::Put {
                entity: Entity::Message(message),
            } => {
                let owner = message.conversation_id.to_string();
                let before = self
                    .owners
                    .insert((stream, message.id.to_string()), owner.clone());
                if before.is_none() {
                    *self.n_messages.entry((owner.clone(), stream)).or_default() += 1;
                }
                Some(owner)
            }
            RowChange::Put { .. } => None,
            RowChange::Del { id, .. } => {
                if let Some(known) = self.conversations.get_mut(&id) {
                    known.0.remove(&stream);
                    return Some(id);
                }
                let owner = self.owners.remove(&(stream, id))?;
                let n_messages = self.n_messages.entry((owner.clone(), stream)).or_default();
                *n_messages = n_messages.saturating_sub(1);
                Some(owner)
            }
        }
    }

    fn is_fine(&self) -> bool {
        self.n_gaps + self.n_regressions + self.n_torn == 0
    }
}

/// Where the data is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Back {
    /// In a file.
    Sqlite,
    /// On a PostgreSQL server, shared by three nodes.
    Postgres,
}

/// What was counted on one of them.
struct Counted {
    n_changes: u64,
    n_batches: u64,
    n_gaps: u64,
    n_regressions: u64,
    n_torn: u64,
    n_noticed: u64,
}

/// Writers begin conversations, write into them and move them between streams, while readers follow
/// their cursors, on each of these. The control loses a row and repeats a batch. Not for a thread
/// that runs async tasks.
///
/// # Errors
/// What kept a writer or a reader from working.
pub fn prove(backs: &[Back], scale: &Scale) -> Result<Proved> {
    let mut ok = true;
    let mut figures = vec![
        ("writers", scale.writers),
        ("readers", count(READERS.len())),
    ];
    for back in backs {
        let (counted, names) = match back {
            Back::Sqlite => {
                let org = Org::new(N_GROUPS)?;
                let past_guards = raw(&org.path(), &org.root)?;
                let n_holes =
                    || -> Result<i64> { Ok(past_guards.query_row(HOLES, [], |row| row.get(0))?) };
                (run(&org, scale, n_holes)?, SQLITE)
            }
            Back::Postgres => {
                let cluster = Cluster::start(Speed::Durable)?;
                let url = cluster.database("feed")?;
                let org = Org::on_postgres(&url, N_NODES, N_GROUPS)?;
                let n_holes = || -> Result<i64> {
                    Ok(Client::connect(&url, NoTls)?
                        .query_one(HOLES, &[])?
                        .try_get(0)?)
                };
                (run(&org, scale, n_holes)?, POSTGRES)
            }
        };
        ok &= counted.n_gaps + counted.n_regressions + counted.n_torn == 0
            && counted.n_noticed == 2
            && counted.n_changes >= scale.changes;
        figures.extend(names.into_iter().zip([
            counted.n_changes,
            counted.n_batches,
            counted.n_gaps,
            counted.n_regressions,
            counted.n_torn,
            counted.n_noticed,
        ]));
    }
    Ok(Proved {
        name: "feed",
        ok,
        figures,
        misses: Vec::new(),
        seed: scale.seed,
    })
}

/// `n_holes` counts the streams that have not as many changes as they say.
fn run(org: &Org, scale: &Scale, n_holes: impl FnOnce() -> Result<i64>) -> Result<Counted> {
    let n_running = AtomicU64::new(scale.writers);
    let mirrors = thread::scope(|scope| -> Result<Vec<Mirror>> {
        let n_running = &n_running;
        let writers: Vec<_> = (0..scale.writers)
            .map(|writer| {
                scope.spawn(move || {
                    let result = write(org, scale, writer);
                    n_running.fetch_sub(1, Ordering::SeqCst);
                    result
                })
            })
            .collect();
        let readers: Vec<_> = READERS
            .into_iter()
            .zip(0..)
            .map(|(max_rows, reader)| scope.spawn(move || follow(org, reader, max_rows, n_running)))
            .collect();
        for writer in writers {
            writer.join().map_err(|_| anyhow!("a writer panicked"))??;
        }
        let joined = readers.into_iter().map(|reader| {
            reader
                .join()
                .map_err(|_| anyhow!("a reader panicked"))
                .flatten()
        });
        joined.collect()
    })?;

    let n_changes = n_changes(&org.db, &org.groups)?;
    let n_missing: u64 = mirrors
        .iter()
        .map(|mirror| n_changes.abs_diff(mirror.seen.values().sum()))
        .sum();
    let sum = |of: fn(&Mirror) -> u64| mirrors.iter().map(of).sum::<u64>();
    let n_gaps = sum(|mirror| mirror.n_gaps) + n_missing + n_holes()?.unsigned_abs();
    Ok(Counted {
        n_changes,
        n_batches: sum(|mirror| mirror.n_batches),
        n_gaps,
        n_regressions: sum(|mirror| mirror.n_regressions),
        n_torn: sum(|mirror| mirror.n_torn),
        n_noticed: control(org, scale)?,
    })
}

fn write(org: &Org, scale: &Scale, writer: u64) -> Result<()> {
    let mut dice = Dice::new(scale.seed, writer + 1);
    let node = org.node(writer);
    let mut mine: Vec<Conversation> = Vec::new();
    while n_changes(node, &org.groups)? < scale.changes {
        for _ in 0..8 {
            let Some(group) = pick(&mut dice, &org.groups).copied() else {
                return Ok(());
            };
            let choice = dice.below(4);
            match pick(&mut dice, &mut mine) {
                Some(conversation) if choice == 1 => {
                    conversation.group_id = group;
                    Org::act_at(node, "conversation.move", |tx| {
                        conversation::update(tx, conversation)
                    })?;
                }
                Some(conversation) if choice > 1 && conversation.seq < MAX_MESSAGES => {
                    Org::act_at(node, "message.receive", |tx| {
                        org.say(tx, conversation, "再说一句")
                    })?;
                }
                _ => mine.push(Org::act_at(node, "conversation.begin", |tx| {
                    let mut conversation = org.begin(tx, group)?;
                    org.say(tx, &mut conversation, "你好")?;
                    Ok(conversation)
                })?),
            }
        }
    }
    Ok(())
}

fn pick<T>(
    dice: &mut Dice,
    from: impl IntoIterator<Item = T, IntoIter: ExactSizeIterator>,
) -> Option<T> {
    let mut from = from.into_iter();
    let at = dice.below(count(from.len()));
    from.nth(usize::try_from(at).ok()?)
}

fn follow(org: &Org, reader: u64, max_rows: usize, n_running: &AtomicU64) -> Result<Mirror> {
    let mut mirror = Mirror::default();
    let mut cursors = BTreeMap::new();
    loop {
        let is_over = n_running.load(Ordering::SeqCst) == 0;
        match next(org, reader, &mut cursors, max_rows)? {
            Some(batch) => mirror.take(batch),
            None if is_over => return Ok(mirror),
            None => thread::yield_now(),
        }
    }
}

/// The next batch of a reader.
fn next(
    org: &Org,
    reader: u64,
    cursors: &mut BTreeMap<u64, u64>,
    max_rows: usize,
) -> Result<Option<FeedBatch>> {
    let kinds = kinds(&org.groups);
    Ok(org.node(reader).read(|reader| {
        let heads = feed::heads(reader, &kinds)?;
        let streams: Vec<u64> = heads.iter().map(|head| head.stream).collect();
        feed::batch(reader, &streams, cursors, max_rows)
    })?)
}

fn kinds(groups: &[GroupId]) -> Vec<StreamKind> {
    groups.iter().copied().map(StreamKind::Group).collect()
}

/// The changes so far.
fn n_changes(db: &Db, groups: &[GroupId]) -> Result<u64> {
    let heads = db.read(|reader| feed::heads(reader, &kinds(groups)))?;
    Ok(heads.iter().map(|head| head.head).sum())
}

/// Two broken readers: of how many it is noticed.
fn control(org: &Org, scale: &Scale) -> Result<u64> {
    let mut dice = Dice::new(scale.seed, 0);
    let mut n_noticed = 0;
    let (mut cursors, mut losing) = (BTreeMap::new(), Mirror::default());
    while let Some(mut batch) = next(org, 0, &mut cursors, 100)? {
        if losing.n_batches == 0 {
            let at = dice.below(count(batch.rows.len()));
            batch.rows.remove(usize::try_from(at)?);
        }
        losing.take(batch);
    }
    n_noticed += u64::from(losing.n_gaps > 0);

    let mut repeating = Mirror::default();
    for _ in 0..2 {
        if let Some(batch) = next(org, 0, &mut BTreeMap::new(), 100)? {
            repeating.take(batch);
        }
    }
    n_noticed += u64::from(!repeating.is_fine() && repeating.n_regressions > 0);
    Ok(n_noticed)
}
