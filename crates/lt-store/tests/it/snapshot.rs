//! Checksums of streams, and snapshots that bring them into step again.

use lt_model::change::EntityKind;
use lt_protocol::sync::{Cut, Entity, Row, RowChange, StreamSum, row_checksum};
use lt_store::{SnapshotState, Store, StoreError};
use proptest::prelude::*;
use rusqlite::Connection;

use crate::world::{
    CARE, CONFIG, FAQ, NOW, SALES, World, contact, contact_id, conv, conversation,
    customer_message, del, faq, me, msg, put, put_conversation,
};

/// The rows of a stream on the server: what its changes leave.
#[derive(Clone, Default)]
struct Live(Vec<Row>);

impl Live {
    fn take(&mut self, row: &Row) {
        let of = |change: &RowChange| match change {
            RowChange::Put { entity } => (entity.kind(), entity.id()),
            RowChange::Del { entity, id } => (*entity, id.clone()),
        };
        let key = of(&row.change);
        self.0.retain(|known| of(&known.change) != key);
        if matches!(row.change, RowChange::Put { .. }) {
            self.0.push(row.clone());
        }
    }

    fn sum(&self, stream: u64) -> StreamSum {
        let chk = self.0.iter().fold(0_u64, |sum, row| match &row.change {
            RowChange::Put { entity } => {
                sum.wrapping_add(row_checksum(entity.kind(), &entity.id(), row.rev))
            }
            RowChange::Del { .. } => sum,
        });
        StreamSum { stream, chk }
    }
}

/// A desk, and what the server has in its one busy stream.
struct Pair {
    world: World,
    live: Live,
    at: u64,
}

impl Pair {
    fn new() -> Self {
        let mut pair = Self {
            world: World::new(),
            live: Live::default(),
            at: 0,
        };
        let mut waiting = conversation(1);
        waiting.seq = 2;
        let diverged = pair.feed(vec![
            put(Entity::Contact(Box::new(contact(1, "王小明")))),
            put_conversation(&waiting),
            put(Entity::Message(customer_message(1, 1, 1, "在吗"))),
            put(Entity::Message(customer_message(2, 1, 2, "我要退款"))),
        ]);
        assert!(diverged.is_empty());
        pair
    }

    /// The next changes with the server's sum, as a checkpoint.
    fn feed(&mut self, changes: Vec<RowChange>) -> Vec<u64> {
        let (cuts, rows) = self.world.batch(SALES, changes);
        self.at = cuts[0].to;
        rows.iter().for_each(|row| self.live.take(row));
        let sums = [self.live.sum(SALES)];
        let store = &self.world.store;
        let applied = store.apply_batch(&cuts, &rows, &sums, true, NOW);
        applied.unwrap().diverged
    }

    /// Changes that the server alone has.
    fn behind_the_desk(&mut self, changes: Vec<RowChange>) {
        let (cuts, rows) = self.world.batch(SALES, changes);
        self.at = cuts[0].to;
        rows.iter().for_each(|row| self.live.take(row));
    }

    fn begin(&self) -> SnapshotState {
        self.world.store.begin_snapshot(SALES, self.at, 0).unwrap()
    }

    fn page(&self, state: SnapshotState, rows: &[Row], last: bool) -> SnapshotState {
        let store = &self.world.store;
        let taken = store.apply_snapshot_page(SALES, state.at, rows, last, NOW);
        taken.unwrap().0
    }

    fn fetch(&self) {
        let state = self.begin();
        self.page(state, &self.live.0, true);
    }

    /// Changes a row behind the store's back, as a fault of the program or of a disk would.
    fn vandalise(&mut self, sql: &str) {
        let raw = raw(&self.world);
        assert!(raw.execute(sql, []).unwrap() > 0, "{sql}");
        drop(raw);
        // The sum is counted from the rows again after this.
        let world = std::mem::replace(&mut self.world, World::new());
        self.world = world.crash();
    }
}

pub(crate) fn raw(world: &World) -> Connection {
    let connection = Connection::open(world.folder.path().join("store.db")).unwrap();
    let key = lt_seal::derive(&world.root, "db/v1", b"").to_hex_secret();
    connection
        .execute_batch(&format!("PRAGMA key = \"x'{}'\";", key.expose()))
        .unwrap();
    connection
}

fn texts(store: &Store) -> Vec<String> {
    let messages = store.messages(conv(1), None, 50).unwrap();
    let texts = messages.iter().filter_map(|stored| stored.message.text());
    texts.map(str::to_owned).collect()
}

#[test]
fn sums_follow_every_change() {
    let mut pair = Pair::new();
    let mut taken = conversation(1);
    taken.seq = 3;
    for changes in [
        vec![put(Entity::Message(customer_message(3, 1, 3, "还在吗")))],
        vec![put_conversation(&taken)],
        vec![del(EntityKind::Message, msg(1))],
        vec![del(EntityKind::Message, msg(99))],
        vec![put(Entity::Message(customer_message(1, 1, 1, "在吗")))],
    ] {
        assert_eq!(pair.feed(changes.clone()), [] as [u64; 0], "{changes:?}");
    }
    assert_eq!(pair.world.store.n_healed().unwrap(), 0);
    assert_eq!(pair.world.store.unsound_streams().unwrap(), [] as [u64; 0]);
}

#[test]
fn a_row_that_went_astray_is_noticed_at_the_next_checkpoint_and_heals() {
    for damage in [
        "DELETE FROM message WHERE seq = 1",
        "UPDATE message SET rev = 0 WHERE seq = 1",
        "UPDATE row_stream SET rev = rev + 7 WHERE kind = 'message'",
        "DELETE FROM row_stream WHERE kind = 'contact'",
        "DELETE FROM contact",
    ] {
        let mut pair = Pair::new();
        pair.vandalise(damage);
        let more = put(Entity::Message(customer_message(3, 1, 3, "还在吗")));
        assert_eq!(pair.feed(vec![more]), [SALES], "{damage}");
        let again = put(Entity::Message(customer_message(3, 1, 3, "还在吗")));
        assert_eq!(
            pair.feed(vec![again]),
            [] as [u64; 0],
            "it is asked for once"
        );
        let store = &pair.world.store;
        assert_eq!(store.unsound_streams().unwrap(), [SALES]);
        assert_eq!(store.n_healed().unwrap(), 1);
        pair.fetch();
        let store = &pair.world.store;
        assert_eq!(texts(store), ["在吗", "我要退款", "还在吗"], "{damage}");
        assert!(store.contact(contact_id(1)).unwrap().is_some());
        assert_eq!(store.unsound_streams().unwrap(), [] as [u64; 0]);
        store.check().unwrap();
        let more = put(Entity::Message(customer_message(4, 1, 4, "好的")));
        assert_eq!(pair.feed(vec![more]), [] as [u64; 0], "{damage}");
    }
}

#[test]
fn a_row_here_that_claims_a_later_revision_yields_to_the_snapshot() {
    let mut pair = Pair::new();
    pair.vandalise("UPDATE contact SET rev = 900, body = replace(body, '王小明', '王大明')");
    pair.fetch();
    let kept = pair.world.store.contact(contact_id(1)).unwrap().unwrap();
    assert_eq!(kept.display_name, "王小明");
}

#[test]
fn a_row_that_another_stream_brings_is_not_set_back() {
    let pair = Pair::new();
    let store = &pair.world.store;
    let newer = Row {
        stream: CARE,
        seq: 1,
        rev: 50,
        change: put(Entity::Contact(Box::new(contact(1, "王大明")))),
    };
    let cut = Cut {
        stream: CARE,
        from: 1,
        to: 1,
    };
    store.apply_batch(&[cut], &[newer], &[], true, NOW).unwrap();
    pair.fetch();
    let kept = store.contact(contact_id(1)).unwrap().unwrap();
    assert_eq!(kept.display_name, "王大明");
    store.check().unwrap();
}

#[test]
fn a_stream_that_still_differs_is_not_fetched_for_ever() {
    let mut pair = Pair::new();
    pair.vandalise("DELETE FROM message WHERE seq = 1");
    let wrong = [StreamSum {
        stream: SALES,
        chk: 7,
    }];
    let checkpoint = |pair: &mut Pair, now| {
        let (cuts, rows) = pair.world.batch(
            SALES,
            vec![put(Entity::Message(customer_message(5, 1, 5, "嗯")))],
        );
        rows.iter().for_each(|row| pair.live.take(row));
        pair.at = cuts[0].to;
        let store = &pair.world.store;
        let applied = store.apply_batch(&cuts, &rows, &wrong, true, now);
        applied.unwrap().diverged
    };
    assert_eq!(checkpoint(&mut pair, NOW), [SALES]);
    pair.fetch();
    assert_eq!(checkpoint(&mut pair, NOW + 1_000), [] as [u64; 0]);
    assert_eq!(checkpoint(&mut pair, NOW + 60_000), [SALES]);
}

#[test]
fn a_snapshot_shows_what_was_there_until_its_end_and_drops_what_it_does_not_name() {
    let mut pair = Pair::new();
    let op = pair.world.send(100, 2, "您好");
    pair.world.store.save_draft(conv(1), "稍等", NOW).unwrap();
    pair.behind_the_desk(vec![
        del(EntityKind::Message, msg(1)),
        put(Entity::Message(customer_message(3, 1, 3, "还在吗"))),
        put(Entity::Contact(Box::new(contact(2, "林晓棠")))),
        put_conversation(&conversation(2)),
    ]);
    let rows = pair.live.0.clone();
    let state = pair.begin();
    assert_eq!((state.after, state.n_rows), (0, 0));
    let (first, rest) = rows.split_at(3);
    let state = pair.page(state, first, false);
    assert_eq!(state.n_rows, 3);
    let store = &pair.world.store;
    assert!(texts(store).contains(&"在吗".to_owned()), "still shown");
    let (_, cursors) = store.cursors().unwrap();
    let cursor = |cursors: &[lt_protocol::sync::Cursor]| {
        let of = cursors.iter().find(|cursor| cursor.stream == SALES);
        of.map(|cursor| cursor.seq)
    };
    assert_eq!(cursor(&cursors), Some(4), "not before the end");

    let state = pair.page(state, rest, true);
    assert_eq!(state.n_rows, u64::try_from(rows.len()).unwrap());
    let store = &pair.world.store;
    assert_eq!(texts(store), ["我要退款", "还在吗", "您好"]);
    assert_eq!(cursor(&store.cursors().unwrap().1), Some(pair.at));
    // What this desk wrote shows as before.
    let mine = store.conversation(conv(1)).unwrap().unwrap();
    assert_eq!(mine.assignee(), Some(me().id));
    assert_eq!(store.outbox().unwrap()[0].op.id, op);
    assert_eq!(store.draft(conv(1)).unwrap().unwrap(), "稍等");
    store.check().unwrap();
    let more = put(Entity::Message(customer_message(4, 1, 4, "好的")));
    assert_eq!(pair.feed(vec![more]), [] as [u64; 0]);
}

#[test]
fn a_snapshot_makes_no_news_of_what_was_there() {
    let pair = Pair::new();
    let store = &pair.world.store;
    let state = store.begin_snapshot(CARE, 9, 0).unwrap();
    let rows = [
        put_conversation(&conversation(7)),
        put(Entity::Message(customer_message(70, 7, 1, "在吗"))),
    ];
    let rows: Vec<_> = (8..)
        .zip(rows)
        .map(|(seq, change)| Row {
            stream: CARE,
            seq,
            rev: 1,
            change,
        })
        .collect();
    let (_, change) = store
        .apply_snapshot_page(CARE, state.at, &rows, true, NOW)
        .unwrap();
    assert_eq!(change.news, []);
    assert!(store.line(conv(7)).unwrap().is_some());
}

#[test]
fn a_killed_desk_goes_on_from_its_last_page() {
    let mut pair = Pair::new();
    pair.behind_the_desk(
        (3..9)
            .map(|n| put(Entity::Message(customer_message(n, 1, n, "在吗"))))
            .collect(),
    );
    let rows = pair.live.0.clone();
    let state = pair.begin();
    let state = pair.page(state, &rows[..4], false);
    pair.world = pair.world.crash();
    assert_eq!(pair.world.store.unsound_streams().unwrap(), [SALES]);
    // Meanwhile the server has more; the snapshot goes on as it was begun.
    pair.behind_the_desk(vec![put(Entity::Message(customer_message(9, 1, 9, "喂")))]);
    let resumed = pair.begin();
    assert_eq!(resumed, state);
    pair.page(resumed, &rows[4..], true);
    pair.world.store.check().unwrap();

    // One that is older than what the server still knows is of no use.
    let begun = pair.begin();
    let store = &pair.world.store;
    let anew = store
        .begin_snapshot(SALES, begun.at + 5, begun.at + 1)
        .unwrap();
    assert_eq!((anew.at, anew.after), (begun.at + 5, 0));
}

#[test]
fn a_page_that_does_not_follow_is_refused_as_a_whole() {
    let pair = Pair::new();
    let rows = pair.live.0.clone();
    let store = &pair.world.store;
    let refused = |rows: &[Row], at| {
        let done = store.apply_snapshot_page(SALES, at, rows, true, NOW);
        assert!(
            matches!(done, Err(StoreError::OutOfStep { .. })),
            "{done:?}"
        );
    };
    refused(&rows, pair.at);
    let state = pair.begin();
    refused(&rows, state.at + 1);
    let backwards: Vec<_> = rows.iter().rev().cloned().collect();
    refused(&backwards, state.at);
    let late = Row {
        seq: state.at + 1,
        ..rows[0].clone()
    };
    refused(&[late], state.at);
    let foreign = Row {
        stream: FAQ,
        ..rows[0].clone()
    };
    refused(&[foreign], state.at);
    let removal = Row {
        change: del(EntityKind::Message, msg(1)),
        ..rows[0].clone()
    };
    refused(&[removal], state.at);
    assert!(store.begin_snapshot(99, 1, 0).is_err(), "not granted");
    assert_eq!(texts(store), ["在吗", "我要退款"]);
    pair.page(state, &rows[..2], false);
    refused(&rows[..2], state.at);
}

#[test]
fn rows_of_other_streams_stay() {
    let mut pair = Pair::new();
    pair.world.feed(FAQ, vec![put(Entity::Faq(faq(1)))]);
    let state = pair.begin();
    pair.page(state, &[], true);
    let store = &pair.world.store;
    assert!(store.conversations().unwrap().is_empty());
    assert_eq!(store.faq().unwrap().len(), 1);
    store.check().unwrap();
    // Without the right to the stream its half-fetched snapshot is gone too.
    pair.begin();
    pair.world.grant(&[CONFIG, FAQ]);
    assert_eq!(pair.world.store.unsound_streams().unwrap(), [] as [u64; 0]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]
    /// Whatever a desk has, however the pages are cut and however often it dies: after the
    /// snapshot it has what the server has.
    #[test]
    fn any_cut_into_pages_gives_the_rows_of_the_server(
        steps in proptest::collection::vec((1..6_u64, 0..3_u8), 1..30),
        n_fed in 0..20_usize,
        pages in proptest::collection::vec((1..5_usize, any::<bool>()), 40),
    ) {
        let mut pair = Pair::new();
        let changes: Vec<_> = steps.iter().map(|&(n, what)| match what {
            0 => put(Entity::Message(customer_message(n, 1, n, "在吗"))),
            1 => del(EntityKind::Message, msg(n)),
            _ => put(Entity::Contact(Box::new(contact(n, "王小明")))),
        }).collect();
        for change in changes.iter().take(n_fed) {
            prop_assert_eq!(pair.feed(vec![change.clone()]), [] as [u64; 0]);
        }
        for change in changes.iter().skip(n_fed) {
            pair.behind_the_desk(vec![change.clone()]);
        }
        let rows = pair.live.0.clone();
        let mut rest = &rows[..];
        for (len, dies) in pages {
            if rest.is_empty() {
                break;
            }
            let (page, more) = rest.split_at(len.min(rest.len()));
            let state = pair.begin();
            pair.page(state, page, more.is_empty());
            rest = more;
            if dies {
                pair.world = pair.world.crash();
            }
        }
        let store = &pair.world.store;
        store.check().unwrap();
        let mut expected: Vec<_> = rows.iter().filter_map(|row| match &row.change {
            RowChange::Put { entity: Entity::Message(message) } => Some(message.id),
            _ => None,
        }).collect();
        let messages = store.messages(conv(1), None, 99).unwrap();
        let mut found: Vec<_> = messages.iter().map(|stored| stored.message.id).collect();
        expected.sort();
        found.sort();
        prop_assert_eq!(found, expected);
        let next = put(Entity::Contact(Box::new(contact(1, "王小明"))));
        prop_assert_eq!(pair.feed(vec![next]), [] as [u64; 0]);
    }
}
