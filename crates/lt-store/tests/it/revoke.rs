//! What is left of a group when the agent may not see it any more.

use lt_model::change::EntityKind;
use lt_protocol::{
    code::Code,
    sync::{Action, Entity, OpOutcome},
};
use lt_store::{News, OpState};

use crate::world::{
    CARE, CONFIG, FAQ, NOW, SALES, World, contact, conv, conversation, customer_message, heads, me,
    msg, new_op, put, put_conversation,
};

const MARKER: &str = "栀子花茶会员";

/// A desk with the marker in everything that it holds of a group.
fn marked() -> World {
    let mut world = World::new();
    let mut waiting = conversation(1);
    waiting.seq = 2;
    world.feed(
        SALES,
        vec![
            put(Entity::Contact(Box::new(contact(1, MARKER)))),
            put_conversation(&waiting),
            put(Entity::Message(customer_message(1, 1, 1, MARKER))),
            put(Entity::Message(customer_message(2, 1, 2, MARKER))),
        ],
    );
    world
}

/// All that stands in any table, in the order of their names.
pub(crate) fn everything(world: &World) -> String {
    let raw = crate::snapshot::raw(world);
    let mut names = raw
        .prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
        .unwrap();
    let names = names.query_map([], |row| row.get::<_, String>(0)).unwrap();
    let mut text = String::new();
    for name in names {
        let name = name.unwrap();
        let mut statement = raw.prepare(&format!("SELECT * FROM {name}")).unwrap();
        let n_columns = statement.column_count();
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            for idx in 0..n_columns {
                let value: rusqlite::types::Value = row.get(idx).unwrap();
                text.push_str(&format!("{value:?} "));
            }
        }
    }
    text
}

pub(crate) fn revoke(world: &World, last_n: u64) -> lt_store::Change {
    world
        .store
        .set_streams("g1", &heads(&[CONFIG, FAQ, CARE]), last_n, &me(), NOW)
        .unwrap()
}

#[test]
fn nothing_of_the_group_is_left_and_an_unsent_reply_is_refused_where_it_is_seen() {
    let world = marked();
    let reply = world.send(100, 2, &format!("您好，{MARKER}"));
    let read = Action::Read {
        conversation_id: conv(1),
        seq: 2,
    };
    new_op(world.store.enqueue(read, NOW));
    world.store.save_draft(conv(1), MARKER, NOW).unwrap();
    assert!(everything(&world).contains(MARKER));
    assert!(!world.store.index_scrub_due().unwrap());

    let change = revoke(&world, 0);
    assert!(!everything(&world).contains(MARKER));
    let outbox = world.store.outbox().unwrap();
    assert_eq!(outbox.len(), 1, "the read mark concerns nobody");
    assert_eq!(outbox[0].op.id, reply);
    assert_eq!(outbox[0].state, OpState::Refused(Code::Forbidden));
    assert_eq!(
        change.news,
        [News::Refused {
            op_id: reply,
            conversation_id: Some(conv(1)),
            message_id: Some(msg(100)),
            code: Code::Forbidden,
        }]
    );
    assert_eq!(world.store.draft(conv(1)).unwrap(), None);
    assert!(world.store.index_scrub_due().unwrap());
    world.store.ack_index_scrub().unwrap();
    assert!(!world.store.index_scrub_due().unwrap());
    let todo = world.store.take_index_todo(100).unwrap();
    let unsent = msg(100).to_string();
    assert!(
        todo.iter()
            .any(|todo| todo.kind == EntityKind::Message && todo.id == unsent),
        "the index hears of the unsent reply"
    );
    world.store.check().unwrap();

    // What is written next takes its number, so that the server sees no gap.
    let presence = Action::SetPresence {
        presence: lt_model::agent::Presence::Busy,
    };
    new_op(world.store.enqueue(presence, NOW));
    assert_eq!(world.store.queue(0, 10).unwrap()[0].n, 1);
}

#[test]
fn what_the_server_has_answered_already_keeps_its_number_and_takes_its_answer() {
    let world = marked();
    let sent = world.send(100, 2, MARKER);
    let unsent = world.send(101, 2, MARKER);
    revoke(&world, 1);
    assert!(!everything(&world).contains(MARKER));
    let queue = world.store.queue(0, 10).unwrap();
    assert_eq!((queue.len(), queue[0].id, queue[0].n), (1, sent, 1));
    let done = OpOutcome::Done { at: NOW };
    world.store.op_result(sent, &done, NOW).unwrap();
    let outbox = world.store.outbox().unwrap();
    assert_eq!((outbox.len(), outbox[0].op.id), (1, unsent));
    world.store.check().unwrap();
}

#[test]
fn a_conversation_that_another_group_shows_keeps_what_was_written() {
    let mut world = marked();
    let mut also = conversation(1);
    also.seq = 2;
    world.feed(
        CARE,
        vec![
            put(Entity::Contact(Box::new(contact(1, MARKER)))),
            put_conversation(&also),
            put(Entity::Message(customer_message(1, 1, 1, MARKER))),
        ],
    );
    world.store.save_draft(conv(1), "稍等", NOW).unwrap();
    world.send(100, 2, "您好");
    world.store.save_draft(conv(1), "稍等", NOW).unwrap();
    let change = revoke(&world, 0);
    assert_eq!(change.news, []);
    assert_eq!(world.store.draft(conv(1)).unwrap().unwrap(), "稍等");
    assert_eq!(world.store.outbox().unwrap()[0].state, OpState::Queued);
    world.store.check().unwrap();
}

#[test]
fn the_log_is_empty_afterwards() {
    let world = marked();
    let log = world.folder.path().join("store.db-wal");
    assert!(std::fs::metadata(&log).unwrap().len() > 0);
    revoke(&world, 0);
    assert_eq!(std::fs::metadata(&log).unwrap().len(), 0);
    // Nothing is dropped: nothing is rewritten.
    world.store.save_draft(conv(2), "稍等", NOW).unwrap();
    revoke(&world, 0);
    assert!(std::fs::metadata(&log).unwrap().len() > 0);
}
