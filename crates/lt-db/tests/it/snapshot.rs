use std::collections::BTreeMap;

use lt_db::{
    feed::{self, Standing},
    table::conversation,
};
use lt_model::{
    change::{EntityKind, StreamKind},
    conversation::Conversation,
};
use lt_protocol::sync::{Row, RowChange, row_checksum};

use crate::fixture::{Dice, Shop, new_conversation, say};

/// The rows of one stream, as a desktop has them: revisions by kind and id.
type Rows = BTreeMap<(EntityKind, String), u64>;

fn apply(rows: &mut Rows, row: Row) {
    match row.change {
        RowChange::Put { entity } => {
            rows.insert((entity.kind(), entity.id()), row.rev);
        }
        RowChange::Del { entity, id } => {
            rows.remove(&(entity, id));
        }
    }
}

/// Takes all changes after a cursor.
fn follow(shop: &Shop, stream: u64, after: u64, rows: &mut Rows) {
    let mut cursors = BTreeMap::from([(stream, after)]);
    let next = |cursors: &mut BTreeMap<u64, u64>| {
        shop.db
            .read(|reader| feed::batch(reader, &[stream], cursors, 30))
            .unwrap()
    };
    while let Some(batch) = next(&mut cursors) {
        for row in batch.rows {
            apply(rows, row);
        }
    }
}

fn checksum(rows: &Rows) -> u64 {
    rows.iter().fold(0, |sum, ((kind, id), rev)| {
        sum.wrapping_add(row_checksum(*kind, id, *rev))
    })
}

/// Where the stream of a group stands: its number, head, floor and checksum.
fn stand(shop: &Shop, group_idx: usize) -> (u64, u64, u64, u64) {
    let kinds = [StreamKind::Group(shop.groups[group_idx])];
    shop.db
        .read(|reader| {
            let Standing { head, chk } = feed::standing(reader, &kinds, false)?.remove(0);
            Ok::<_, lt_db::DbError>((head.stream, head.head, head.floor, chk))
        })
        .unwrap()
}

/// Writers at work: conversations begin, grow and move between two groups.
fn work(shop: &Shop, dice: &mut Dice, mine: &mut Vec<Conversation>, n_acts: usize) {
    for _ in 0..n_acts {
        let group = shop.groups[dice.below(2)];
        match (mine.len(), dice.below(4)) {
            (0, _) | (_, 0) => mine.push(shop.act("conversation.begin", |tx| {
                let mut conversation = new_conversation(tx, shop.inbox, group)?;
                say(tx, &mut conversation, "你好")?;
                Ok(conversation)
            })),
            (n, 1) => {
                let conversation = &mut mine[dice.below(n)];
                conversation.group_id = group;
                shop.act("conversation.move", |tx| {
                    conversation::update(tx, conversation)
                });
            }
            (n, _) => {
                let conversation = &mut mine[dice.below(n)];
                shop.act("message.receive", |tx| say(tx, conversation, "再说一句"));
            }
        }
    }
}

#[test]
fn checksums_and_snapshots_say_what_the_feed_says() {
    let seed = 0x5eed_0005_u64;
    println!("seed {seed:#x}");
    for shop in Shop::on_each(2) {
        let mut dice = Dice(seed);
        let mut mine = Vec::new();
        work(&shop, &mut dice, &mut mine, 60);
        let mut by_feed = Rows::new();
        let (stream, ..) = stand(&shop, 0);
        follow(&shop, stream, 0, &mut by_feed);
        assert_eq!(checksum(&by_feed), stand(&shop, 0).3);

        // A snapshot in small pages, between which others go on writing.
        let (_, at, ..) = stand(&shop, 0);
        let (mut by_snapshot, mut after, mut n_pages) = (Rows::new(), 0, 0);
        loop {
            let page = shop
                .db
                .read(|reader| feed::snapshot_page(reader, stream, at, after, 7, 1 << 20))
                .unwrap();
            n_pages += 1;
            for row in page.rows {
                assert!(
                    row.seq > after && row.seq <= at,
                    "in order, up to its moment"
                );
                after = row.seq;
                apply(&mut by_snapshot, row);
            }
            if page.last {
                break;
            }
            work(&shop, &mut dice, &mut mine, 5);
        }
        assert!(n_pages > 3, "{n_pages} pages");
        follow(&shop, stream, at, &mut by_snapshot);
        let mut by_feed = Rows::new();
        follow(&shop, stream, 0, &mut by_feed);
        assert_eq!(by_snapshot, by_feed);
        assert_eq!(checksum(&by_feed), stand(&shop, 0).3);
    }
}

#[test]
fn a_page_has_at_least_one_row_and_keeps_to_its_bytes() {
    for shop in Shop::on_each(1) {
        let mut conversation = shop.act("conversation.begin", |tx| {
            new_conversation(tx, shop.inbox, shop.groups[0])
        });
        for _ in 0..5 {
            shop.act("message.receive", |tx| {
                say(tx, &mut conversation, &"长".repeat(2_000))
            });
        }
        let (stream, head, ..) = stand(&shop, 0);
        let page = |after, max_rows, max_bytes| {
            shop.db
                .read(|reader| {
                    feed::snapshot_page(reader, stream, head, after, max_rows, max_bytes)
                })
                .unwrap()
        };
        assert_eq!(page(0, 500, 1).rows.len(), 1);
        assert!(!page(0, 500, 1).last);
        assert_eq!(page(0, 2, 1 << 20).rows.len(), 2);
        let whole = page(0, 500, 1 << 20);
        // The contact, the conversation and five messages.
        assert_eq!((whole.rows.len(), whole.last), (7, true));
        let left = |after| {
            shop.db
                .read(|reader| feed::snapshot_left(reader, stream, head, after))
                .unwrap()
        };
        assert_eq!((left(0), left(head)), (7, 0));
        let nothing = page(head, 500, 1 << 20);
        assert_eq!((nothing.rows.len(), nothing.last), (0, true));
    }
}

#[test]
fn what_is_pruned_is_missed_by_nobody_above_the_floor() {
    let seed = 0x5eed_0006_u64;
    println!("seed {seed:#x}");
    for shop in Shop::on_each(2) {
        let mut dice = Dice(seed);
        let mut mine = Vec::new();
        work(&shop, &mut dice, &mut mine, 50);
        let (stream, before, floor, chk) = stand(&shop, 0);
        assert_eq!(floor, 0, "nothing was pruned yet");
        let mut up_to_date = Rows::new();
        follow(&shop, stream, 0, &mut up_to_date);
        // Every act of these tests is of one moment: all of it is old enough, or none is.
        let prune = |now| shop.act("feed.prune", |tx| feed::prune(tx, 1_000, now));
        assert_eq!(prune(2_000), 0, "made exactly at the bound");
        let n_pruned = prune(2_001);
        assert!(n_pruned > 20, "{n_pruned}");
        assert_eq!(prune(2_001), 0, "once");
        assert_eq!(stand(&shop, 0), (stream, before, before, chk));

        work(&shop, &mut dice, &mut mine, 20);
        follow(&shop, stream, before, &mut up_to_date);
        let (_, at, ..) = stand(&shop, 0);
        let mut by_snapshot = Rows::new();
        let page = shop
            .db
            .read(|reader| feed::snapshot_page(reader, stream, at, 0, 10_000, u64::MAX))
            .unwrap();
        for row in page.rows {
            apply(&mut by_snapshot, row);
        }
        assert_eq!(up_to_date, by_snapshot);
        assert_eq!(checksum(&by_snapshot), stand(&shop, 0).3);
    }
}
