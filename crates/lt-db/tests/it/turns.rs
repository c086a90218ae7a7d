//! Several processes on one database: what one keeps in mind does not outlive an act of another.

use std::collections::BTreeMap;

use lt_db::{
    Acted, Db, DbError, feed,
    table::{
        contact,
        conversation::{self, Added, Seen},
    },
};
use lt_model::{
    change::StreamKind,
    contact::Contact,
    conversation::Conversation,
    id::{ConversationId, MessageId},
    message::{Author, Content, Delivery, Message},
};
use lt_protocol::sync::{RowChange, row_checksum};

use crate::{
    back_end::BackEnd,
    fixture::{Shop, entry, id, new_conversation},
};

fn said(conversation: &mut Conversation, text: &str) -> Message {
    conversation.seq += 1;
    Message {
        id: id::<MessageId>(),
        conversation_id: conversation.id,
        seq: conversation.seq,
        author: Author::Customer,
        content: Content::Text {
            text: text.to_owned(),
        },
        delivery: Delivery::Sent,
        at: 2,
    }
}

/// Says something where it is; gives the position in the customer's history.
fn say_here(db: &Db, conversation: &mut Conversation, text: &str) -> Result<u64, DbError> {
    let message = said(conversation, text);
    let done = db.write(|tx| {
        let stored = conversation::update_with(tx, conversation, &[message])?;
        Ok::<_, DbError>(Acted::logged(stored[0].contact_seq, entry("say")))
    })?;
    Ok(done.value)
}

/// Each stream's counter and checksum are those of its rows.
fn check(shop: &Shop) {
    let kinds: Vec<StreamKind> = shop.groups.iter().copied().map(StreamKind::Group).collect();
    let standing = shop
        .db
        .read(|reader| feed::standing(reader, &kinds, false))
        .unwrap();
    assert!(!standing.is_empty());
    for one in standing {
        let mut cursors = BTreeMap::new();
        let batch = shop
            .db
            .read(|reader| feed::batch(reader, &[one.head.stream], &mut cursors, 10_000))
            .unwrap()
            .unwrap();
        assert!(batch.last);
        let seqs: Vec<u64> = batch.rows.iter().map(|row| row.seq).collect();
        assert_eq!(seqs, (1..=one.head.head).collect::<Vec<_>>());
        let mut live = BTreeMap::new();
        for row in &batch.rows {
            let RowChange::Put { entity } = &row.change else {
                panic!("nothing left");
            };
            live.insert((entity.kind(), entity.id()), row.rev);
        }
        let sum = live.iter().fold(0_u64, |sum, ((kind, id), rev)| {
            sum.wrapping_add(row_checksum(*kind, id, *rev))
        });
        assert_eq!(sum, one.chk, "stream {}", one.head.stream);
    }
    let report = shop.db.verify_audit().unwrap();
    assert_eq!(report.broken_at, None);
}

#[test]
fn two_processes_in_turn_leave_no_gap() {
    for shop in Shop::on_each(2) {
        let BackEnd::Postgres(_) = shop.back_end else {
            continue;
        };
        let other = shop.back_end.open(shop.folder.path(), &shop.root);
        let mut both: Vec<Conversation> = shop
            .groups
            .iter()
            .map(|group| shop.act("begin", |tx| new_conversation(tx, shop.inbox, *group)))
            .collect();
        for n in 0..24_usize {
            let db = if n % 5 < 2 { &other } else { &shop.db };
            let conversation = &mut both[n / 2 % 2];
            let place = say_here(db, conversation, "一句").unwrap();
            assert_eq!(place, conversation.seq);
        }
        check(&shop);
    }
}

#[test]
fn an_act_that_is_taken_back_moves_nothing_that_is_kept_in_mind() {
    for shop in Shop::on_each(1) {
        let mut there = shop.act("begin", |tx| {
            new_conversation(tx, shop.inbox, shop.groups[0])
        });
        for _ in 0..3 {
            say_here(&shop.db, &mut there, "一句").unwrap();
        }
        let mut nowhere = Conversation {
            id: id::<ConversationId>(),
            ..there.clone()
        };
        let missing = say_here(&shop.db, &mut nowhere, "一句");
        assert!(matches!(
            missing,
            Err(DbError::Missing(_) | DbError::Sqlite(_) | DbError::Postgres(_))
        ));
        // The same message once more.
        let twice = said(&mut there, "一句");
        for is_first in [true, false] {
            let done = shop.db.write(|tx| {
                conversation::update_with(tx, &there, std::slice::from_ref(&twice))?;
                Ok::<_, DbError>(Acted::logged((), entry("say")))
            });
            match done {
                Ok(_) => assert!(is_first),
                Err(error) => assert!(!is_first && matches!(error, DbError::Exists), "{error}"),
            }
        }
        assert_eq!(say_here(&shop.db, &mut there, "又一句").unwrap(), there.seq);
        check(&shop);
    }
}

#[test]
fn a_message_goes_where_it_was_foreseen_or_nothing_is_written() {
    for shop in Shop::on_each(1) {
        let there = shop.act("begin", |tx| {
            new_conversation(tx, shop.inbox, shop.groups[0])
        });
        let look = || {
            let found = shop.db.glance(|reader| {
                conversation::newest_with_tail(reader, there.contact_id, shop.inbox, 3)
            });
            found.unwrap().unwrap()
        };
        let add = |seen: &Seen, text: &str| -> Result<Option<Added>, DbError> {
            let mut next = seen.conversation.clone();
            let message = said(&mut next, text);
            let done = shop.db.write(|tx| {
                Ok::<_, DbError>(
                    match conversation::update_seen(tx, seen, &next, &message)? {
                        Some(added) => Acted::logged(Some(added), entry("say")),
                        // Refused if it touched any row.
                        None => Acted::nothing(None),
                    },
                )
            })?;
            Ok(done.value)
        };
        let (seen, _, tail) = look();
        assert!(tail.is_empty());
        let first = add(&seen, "一").unwrap().unwrap();
        assert_eq!((first.stored.contact_seq, first.n_tickets), (1, 0));
        assert!(add(&seen, "二").unwrap().is_none(), "it has gone on");
        let second = add(&first.seen, "二").unwrap().unwrap();
        assert_eq!(second.stored.contact_seq, 2);
        let (read, _, tail) = look();
        assert!(read.conversation == second.seen.conversation);
        let texts: Vec<&str> = tail.iter().filter_map(|one| one.message.text()).collect();
        assert_eq!(texts, ["一", "二"]);

        // Somebody else did something to it.
        let mut changed = read.conversation.clone();
        changed.agent_read_seq = 2;
        shop.act("read", |tx| conversation::update(tx, &changed));
        assert!(add(&read, "三").unwrap().is_none());
        // The customer is not who they were.
        let (read, person, _) = look();
        let named = Contact {
            display_name: "林女士".to_owned(),
            ..person
        };
        shop.act("name", |tx| contact::update(tx, &named));
        assert!(add(&read, "三").unwrap().is_none());
        let (read, _, _) = look();
        let third = add(&read, "三").unwrap().unwrap();
        assert_eq!(third.stored.contact_seq, 3);
        check(&shop);
    }
}
