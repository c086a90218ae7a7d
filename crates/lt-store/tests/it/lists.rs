//! The inbox: what is in which part, in which order, and how long a large one takes.

use std::time::Instant;

use lt_model::{
    conversation::{Conversation, Handler, Status},
    priority::Priority,
};
use lt_protocol::{
    sync::Entity,
    view::{InboxCounts, InboxScope, InboxSort},
};
use lt_store::LastAuthor;

use crate::world::{
    NOW, SALES, World, colleague, contact, conv, conversation, customer_message, me, put,
    put_conversation,
};

fn changed(n: u64, change: impl FnOnce(&mut Conversation)) -> Conversation {
    let mut row = conversation(n);
    change(&mut row);
    row
}

#[test]
fn each_part_has_its_conversations_in_order() {
    let mut world = World::new();
    let mine = Handler::Agent { agent: me().id };
    let theirs = Handler::Agent {
        agent: colleague().id,
    };
    let rows = [
        changed(1, |row| row.waiting_since = Some(NOW + 20)),
        changed(2, |row| {
            row.waiting_since = Some(NOW + 30);
            row.priority = Priority::Urgent;
        }),
        changed(3, |row| row.waiting_since = None),
        changed(4, |row| (row.handler, row.seq) = (mine, 2)),
        changed(5, |row| row.handler = theirs),
        changed(6, |row| row.status = Status::Snoozed),
        changed(7, |row| row.status = Status::Resolved),
    ];
    let mut changes: Vec<_> = rows.iter().map(put_conversation).collect();
    changes.push(put(Entity::Message(customer_message(1, 4, 1, "在吗"))));
    changes.push(put(Entity::Message(customer_message(2, 4, 2, "人呢"))));
    changes.push(put(Entity::Contact(contact(4, "王小明"))));
    world.feed(SALES, changes);

    let ids = |scope, sort| -> Vec<_> {
        let lines = world.store.inbox(scope, sort).unwrap();
        lines.into_iter().map(|line| line.number - 10_000).collect()
    };
    assert_eq!(ids(InboxScope::Queue, InboxSort::Waiting), [1, 2, 3]);
    assert_eq!(ids(InboxScope::Queue, InboxSort::Priority), [2, 1, 3]);
    assert_eq!(ids(InboxScope::Mine, InboxSort::Waiting), [4]);
    assert_eq!(ids(InboxScope::Snoozed, InboxSort::Waiting), [6]);
    assert_eq!(ids(InboxScope::All, InboxSort::Waiting), [4, 5, 1, 2, 3]);
    let counts = InboxCounts {
        mine: 1,
        queue: 3,
        all: 5,
        snoozed: 1,
        unread: 2,
    };
    assert_eq!(world.store.inbox_counts().unwrap(), counts);
    let line = world.store.line(conv(4)).unwrap().unwrap();
    assert_eq!((line.contact_name.as_str(), line.unread), ("王小明", 2));
    let last = line.last.unwrap();
    assert_eq!(
        (last.author, last.text.as_str()),
        (LastAuthor::Customer, "人呢")
    );
}

/// Prints the times; asserts only what a slow machine keeps too. The target of 50 ms is for a
/// release build and 10,000 conversations.
#[test]
fn a_large_inbox_is_listed_without_reading_messages() {
    let mut world = World::new();
    let n_conversations = 2_000;
    for part in 0..10 {
        let mut changes = Vec::new();
        for n in part * 200..(part + 1) * 200 {
            changes.push(put(Entity::Contact(contact(n, "王小明"))));
            changes.push(put_conversation(&conversation(n)));
            changes.push(put(Entity::Message(customer_message(n, n, 1, "我要退款"))));
        }
        world.feed(SALES, changes);
    }
    let started = Instant::now();
    let lines = world
        .store
        .inbox(InboxScope::All, InboxSort::Waiting)
        .unwrap();
    let took = started.elapsed();
    println!("{} lines in {took:?}", lines.len());
    assert_eq!(lines.len(), n_conversations);
    assert!(lines.iter().all(|line| line.last.is_some()));
}
