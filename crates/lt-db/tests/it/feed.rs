use std::{
    collections::{BTreeMap, BTreeSet},
    sync::atomic::{AtomicUsize, Ordering},
};

use lt_db::{Db, feed, table::conversation};
use lt_model::{change::StreamKind, id::GroupId};
use lt_protocol::sync::{Entity, RowChange};

use crate::fixture::{Dice, Shop, new_conversation, say};

/// What a desktop would have after the batches so far.
#[derive(Default)]
struct Mirror {
    cursors: BTreeMap<u64, u64>,
    /// Conversations by id: their streams, and their last `seq`.
    conversations: BTreeMap<String, (BTreeSet<u64>, u64)>,
    /// Messages by stream and id: their conversation and `seq`.
    owner: BTreeMap<(u64, String), (String, u64)>,
}

impl Mirror {
    /// Takes the next batch, if there is one, and checks that it follows without a gap.
    fn pull(&mut self, db: &Db, streams: &[u64], max_rows: usize) -> Option<bool> {
        let before = self.cursors.clone();
        let batch = db
            .read(|reader| feed::batch(reader, streams, &mut self.cursors, max_rows))
            .unwrap()?;
        for cut in &batch.cuts {
            assert_eq!(
                cut.from,
                before.get(&cut.stream).copied().unwrap_or(0) + 1,
                "a batch starts where the last one ended"
            );
            let seqs: Vec<u64> = batch
                .rows
                .iter()
                .filter(|row| row.stream == cut.stream)
                .map(|row| row.seq)
                .collect();
            assert_eq!(seqs, (cut.from..=cut.to).collect::<Vec<_>>(), "no gaps");
        }
        for row in batch.rows {
            self.apply(row.stream, row.change);
        }
        Some(batch.last)
    }

    fn apply(&mut self, stream: u64, change: RowChange) {
        match change {
            RowChange::Put {
                entity: Entity::Conversation(conversation),
            } => {
                let known = self
                    .conversations
                    .entry(conversation.id.to_string())
                    .or_default();
                known.0.insert(stream);
                known.1 = conversation.seq;
            }
            RowChange::Put {
                entity: Entity::Message(message),
            } => {
                let conversation = message.conversation_id.to_string();
                self.owner.insert(
                    (stream, message.id.to_string()),
                    (conversation, message.seq),
                );
            }
            RowChange::Put { .. } => {}
            RowChange::Del { id, .. } => {
                if let Some(known) = self.conversations.get_mut(&id) {
                    known.0.remove(&stream);
                }
                self.owner.remove(&(stream, id));
            }
        }
    }

    /// In a consistent cut a conversation stands in one stream and has all its messages there.
    fn check(&self) {
        for (id, (streams, seq)) in &self.conversations {
            assert_eq!(streams.len(), 1, "conversation {id} is in {streams:?}");
            let have = self
                .owner
                .iter()
                .filter(|((stream, _), (owner, _))| owner == id && streams.contains(stream))
                .count();
            assert_eq!(have as u64, *seq, "messages of {id}");
        }
    }
}

fn group_streams(db: &Db, groups: &[GroupId]) -> Vec<u64> {
    let kinds: Vec<StreamKind> = groups.iter().copied().map(StreamKind::Group).collect();
    db.read(|reader| feed::heads(reader, &kinds))
        .unwrap()
        .into_iter()
        .map(|head| head.stream)
        .collect()
}

#[test]
fn eight_writers_leave_no_gap_and_every_batch_is_a_consistent_cut() {
    const N_WRITERS: usize = 8;
    const N_ACTS: usize = 40;
    let seed = 0x5eed_0001_u64;
    println!("seed {seed:#x}");
    for shop in Shop::on_each(4) {
        let n_running = AtomicUsize::new(N_WRITERS);
        let mirror = std::thread::scope(|scope| {
            for writer_idx in 0..N_WRITERS {
                let (shop, n_running) = (&shop, &n_running);
                scope.spawn(move || {
                    let mut dice = Dice(seed + writer_idx as u64 * 7919);
                    let mut mine = Vec::new();
                    for _ in 0..N_ACTS {
                        let group = shop.groups[dice.below(4)];
                        match (mine.len(), dice.below(3)) {
                            (0, _) | (_, 0) => {
                                mine.push(shop.act("conversation.begin", |tx| {
                                    let mut conversation = new_conversation(tx, shop.inbox, group)?;
                                    say(tx, &mut conversation, "你好")?;
                                    Ok(conversation)
                                }));
                            }
                            (n, 1) => {
                                let conversation = &mut mine[dice.below(n)];
                                shop.act("message.receive", |tx| say(tx, conversation, "再说一句"));
                            }
                            (n, _) => {
                                let conversation = &mut mine[dice.below(n)];
                                conversation.group_id = group;
                                shop.act("conversation.move", |tx| {
                                    conversation::update(tx, conversation)
                                });
                            }
                        }
                    }
                    n_running.fetch_sub(1, Ordering::SeqCst);
                });
            }
            let (shop, n_running) = (&shop, &n_running);
            let reader = scope.spawn(move || {
                let mut mirror = Mirror::default();
                loop {
                    let done = n_running.load(Ordering::SeqCst) == 0;
                    let streams = group_streams(&shop.db, &shop.groups);
                    // The largest act here moves fewer than 120 rows.
                    match mirror.pull(&shop.db, &streams, 120) {
                        Some(_) => mirror.check(),
                        None if done => return mirror,
                        None => std::thread::yield_now(),
                    }
                }
            });
            reader.join().unwrap()
        });
        let heads = shop.number(
            "SELECT sum(n) FROM stream_ctr c JOIN stream s ON s.id = c.stream WHERE s.kind = 'group'",
        );
        let seen: u64 = mirror.cursors.values().sum();
        assert_eq!(seen, heads as u64, "the reader saw every change");
        let holes = shop.number(
            "SELECT count(*) FROM stream_ctr c WHERE c.n <>
                 (SELECT count(*) FROM change WHERE stream = c.stream)",
        );
        assert_eq!(holes, 0, "counters have no holes");
        assert_eq!(
            shop.number("SELECT count(*) FROM audit"),
            1 + (N_WRITERS * N_ACTS) as i64
        );
    }
}

#[test]
fn batches_end_between_acts_unless_one_act_is_larger() {
    for shop in Shop::on_each(1) {
        let mut conversation = shop.act("conversation.begin", |tx| {
            new_conversation(tx, shop.inbox, shop.groups[0])
        });
        // Each act changes two rows: the message and its conversation. The first one changed two too.
        for _ in 0..5 {
            shop.act("message.receive", |tx| say(tx, &mut conversation, "嗯"));
        }
        let streams = group_streams(&shop.db, &shop.groups);
        let check = |max_rows: usize, expected: &[usize]| {
            let mut cursors = BTreeMap::new();
            let mut sizes = Vec::new();
            while let Some(batch) = shop
                .db
                .read(|reader| feed::batch(reader, &streams, &mut cursors, max_rows))
                .unwrap()
            {
                sizes.push(batch.rows.len());
                assert_eq!(batch.last, sizes.iter().sum::<usize>() == 12);
            }
            assert_eq!(sizes, expected, "at most {max_rows} rows");
        };
        check(500, &[12]);
        check(12, &[12]);
        check(5, &[4, 4, 4]);
        check(1, &[1; 12]);
    }
}

#[test]
fn a_batch_fits_a_frame() {
    for shop in Shop::on_each(1) {
        let mut conversation = shop.act("conversation.begin", |tx| {
            new_conversation(tx, shop.inbox, shop.groups[0])
        });
        let long = "长".repeat(6_600);
        for _ in 0..60 {
            shop.act("message.receive", |tx| say(tx, &mut conversation, &long));
        }
        let streams = group_streams(&shop.db, &shop.groups);
        let mut cursors = BTreeMap::new();
        let mut n_rows = 0;
        while let Some(batch) = shop
            .db
            .read(|reader| feed::batch(reader, &streams, &mut cursors, 500))
            .unwrap()
        {
            n_rows += batch.rows.len();
            let n_bytes = serde_json::to_string(&batch.rows).unwrap().len();
            assert!(
                n_bytes < lt_protocol::sync::MAX_FRAME_BYTES,
                "{n_bytes} bytes"
            );
        }
        assert_eq!(n_rows, 122);
    }
}
