//! What comes from the server.

use std::collections::BTreeMap;

use lt_model::{change::EntityKind, conversation::Handler, id::ConversationId};
use lt_protocol::{
    event::Tag,
    sync::{Cut, Entity, Row, RowChange},
};
use lt_store::{News, Store, StoreError};
use proptest::prelude::*;

use crate::world::{
    CARE, CONFIG, FAQ, NOW, SALES, World, colleague, contact, conv, conversation, customer_message,
    del, faq, heads, me, msg, put, put_conversation, skill_group,
};

#[test]
fn a_batch_that_does_not_continue_is_refused_as_a_whole() {
    let mut world = World::with_conversation();
    let message = put(Entity::Message(customer_message(3, 1, 3, "还在吗")));
    let (cuts, rows) = world.batch(SALES, vec![message]);
    let store = &world.store;
    store.apply_batch(&cuts, &rows, &[], true, NOW).unwrap();
    let before = dump(store);

    // The same once more; a gap; a stream that was not granted; a row outside of its cut.
    let gap = [Cut {
        stream: SALES,
        from: 9,
        to: 9,
    }];
    let foreign = [Cut {
        stream: 99,
        from: 1,
        to: 1,
    }];
    let ahead = [Cut {
        stream: FAQ,
        from: 1,
        to: 1,
    }];
    for (cuts, rows) in [
        (&cuts[..], &rows[..]),
        (&gap, &[]),
        (&foreign, &[]),
        (&ahead, &rows[..]),
    ] {
        let refused = store.apply_batch(cuts, rows, &[], true, NOW);
        assert!(
            matches!(refused, Err(StoreError::OutOfStep { .. })),
            "{cuts:?}"
        );
        assert_eq!(dump(store), before);
    }
}

#[test]
fn touched_tags_and_news_name_what_changed() {
    let mut world = World::with_conversation();
    let change = world.feed(
        SALES,
        vec![put(Entity::Message(customer_message(3, 1, 3, "在吗")))],
    );
    assert_eq!(change.tags, [Tag::Inbox, Tag::Conversation { id: conv(1) }]);
    assert_eq!(
        change.news,
        [News::CustomerWrote {
            conversation_id: conv(1),
            message_id: msg(3),
            at: NOW
        }]
    );
    let change = world.feed(SALES, vec![put_conversation(&conversation(2))]);
    assert_eq!(
        change.news,
        [News::Queued {
            conversation_id: conv(2)
        }]
    );
    let change = world.feed(FAQ, vec![put(Entity::Faq(faq(1)))]);
    assert_eq!((change.tags, change.news), (vec![Tag::Faq], vec![]));
    // The first fetch of a stream is no news.
    let change = world.feed(CARE, vec![put_conversation(&conversation(3))]);
    assert_eq!(change.news, []);
}

#[test]
fn a_conversation_that_changes_groups_stays_whole() {
    let mut world = World::with_conversation();
    world.send(100, 2, "您好");
    let (mut cuts, mut rows) = world.batch(
        SALES,
        vec![
            del(EntityKind::Conversation, conv(1)),
            del(EntityKind::Message, msg(1)),
            del(EntityKind::Message, msg(2)),
        ],
    );
    let mut moved = conversation(1);
    moved.seq = 2;
    let (more_cuts, more_rows) = world.batch(
        CARE,
        vec![
            put_conversation(&moved),
            put(Entity::Contact(Box::new(contact(1, "王小明")))),
            put(Entity::Message(customer_message(1, 1, 1, "在吗"))),
            put(Entity::Message(customer_message(2, 1, 2, "我要退款"))),
        ],
    );
    cuts.extend(more_cuts);
    rows.extend(more_rows);
    world
        .store
        .apply_batch(&cuts, &rows, &[], true, NOW)
        .unwrap();
    assert_eq!(world.store.messages(conv(1), None, 50).unwrap().len(), 3);
    let line = world.store.line(conv(1)).unwrap().unwrap();
    assert_eq!(line.handler, Handler::Agent { agent: me().id });
    assert_eq!(line.contact_name, "王小明");
    world.store.check().unwrap();

    // Losing the old stream takes nothing along; losing the new one does.
    world.grant(&[CONFIG, FAQ, CARE]);
    assert!(world.store.line(conv(1)).unwrap().is_some());
    world.grant(&[CONFIG, FAQ]);
    assert!(world.store.line(conv(1)).unwrap().is_none());
    assert!(
        world
            .store
            .contact(crate::world::contact_id(1))
            .unwrap()
            .is_none()
    );
    assert_eq!(
        world.store.outbox().unwrap().len(),
        1,
        "what was written stays"
    );
    assert!(matches!(
        world.store.apply_batch(
            &[Cut {
                stream: CARE,
                from: 5,
                to: 5
            }],
            &[],
            &[],
            true,
            NOW
        ),
        Err(StoreError::OutOfStep { expected: 0, .. })
    ));
    world.store.check().unwrap();
}

#[test]
fn a_new_generation_drops_the_cache_and_keeps_what_was_written() {
    let mut world = World::with_conversation();
    world.feed(FAQ, vec![put(Entity::Faq(faq(1)))]);
    world.send(100, 2, "您好");
    world.store.save_draft(conv(1), "稍等", NOW).unwrap();
    let todo = world.store.take_index_todo(100).unwrap();
    world.store.ack_index_todo(&todo).unwrap();
    let granted = heads(&[SALES]);
    let change = world
        .store
        .set_streams("g2", &granted, 0, &me(), NOW)
        .unwrap();
    assert!(change.tags.contains(&Tag::Faq) && change.tags.contains(&Tag::Inbox));

    let (generation, cursors) = world.store.cursors().unwrap();
    assert_eq!(generation, "g2");
    assert!(cursors.len() == 1 && cursors[0].seq == 0);
    assert!(world.store.conversations().unwrap().is_empty());
    assert!(world.store.faq().unwrap().is_empty());
    assert_eq!(world.store.synced_at().unwrap(), None);
    assert_eq!(world.store.outbox().unwrap().len(), 1);
    assert_eq!(world.store.draft(conv(1)).unwrap().unwrap(), "稍等");
    let gone = world.store.take_index_todo(100).unwrap();
    assert!(gone.len() >= 4, "the index hears of what went: {gone:?}");
    world.store.check().unwrap();
}

#[test]
fn the_index_queue_keeps_what_is_touched_while_it_works() {
    let mut world = World::with_conversation();
    let todo = world.store.take_index_todo(100).unwrap();
    let kinds: Vec<_> = todo.iter().map(|todo| todo.kind).collect();
    assert_eq!(
        kinds,
        [
            EntityKind::Contact,
            EntityKind::Message,
            EntityKind::Message
        ]
    );
    world.feed(
        SALES,
        vec![put(Entity::Contact(Box::new(contact(1, "王大明"))))],
    );
    world.store.ack_index_todo(&todo).unwrap();
    let left = world.store.take_index_todo(100).unwrap();
    assert_eq!((left.len(), left[0].kind), (1, EntityKind::Contact));
    world.store.index_all().unwrap();
    assert_eq!(world.store.take_index_todo(100).unwrap().len(), 3);
}

#[test]
fn an_older_revision_of_a_row_through_another_stream_is_not_taken() {
    let world = World::new();
    let rows = [(SALES, 7, "新名字"), (CARE, 3, "旧名字")].map(|(stream, rev, name)| Row {
        stream,
        seq: 1,
        rev,
        change: put(Entity::Contact(Box::new(contact(1, name)))),
    });
    let cuts = [SALES, CARE].map(|stream| Cut {
        stream,
        from: 1,
        to: 1,
    });
    world
        .store
        .apply_batch(&cuts, &rows, &[], true, NOW)
        .unwrap();
    let kept = world
        .store
        .contact(crate::world::contact_id(1))
        .unwrap()
        .unwrap();
    assert_eq!(kept.display_name, "新名字");
}

/// Everything that the feed determines.
fn dump(store: &Store) -> String {
    let lines = store.conversations().unwrap();
    let mut messages = BTreeMap::<ConversationId, _>::new();
    for line in &lines {
        messages.insert(line.id, store.messages(line.id, None, 1_000).unwrap());
    }
    let conversations: Vec<_> = lines
        .iter()
        .map(|line| store.conversation(line.id).unwrap())
        .collect();
    let contacts: Vec<_> = lines
        .iter()
        .map(|line| store.contact(line.contact_id).unwrap())
        .collect();
    let rest = (
        store.agents().unwrap(),
        store.groups().unwrap(),
        store.faq().unwrap(),
    );
    format!(
        "{lines:#?}{messages:#?}{conversations:#?}{contacts:#?}{rest:#?}{:?}",
        store.cursors().unwrap()
    )
}

#[derive(Clone, Debug)]
enum Step {
    Conversation(u64, u8),
    Message(u64, u64),
    DelMessage(u64),
    DelConversation(u64),
    Contact(u64, u8),
    Faq(u64),
    DelFaq(u64),
    Agent,
    Group(u64),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (1..4_u64, 0..3_u8).prop_map(|(n, state)| Step::Conversation(n, state)),
        5 => (1..4_u64, 1..8_u64).prop_map(|(conversation, n)| Step::Message(conversation, n)),
        1 => (1..30_u64).prop_map(Step::DelMessage),
        1 => (1..4_u64).prop_map(Step::DelConversation),
        2 => (1..4_u64, 0..3_u8).prop_map(|(n, name)| Step::Contact(n, name)),
        1 => (1..4_u64).prop_map(Step::Faq),
        1 => (1..4_u64).prop_map(Step::DelFaq),
        1 => Just(Step::Agent),
        1 => (10..12_u64).prop_map(Step::Group),
    ]
}

fn change(step: &Step) -> RowChange {
    match *step {
        Step::Conversation(n, state) => {
            let mut row = conversation(n);
            row.seq = u64::from(state);
            row.handler = match state {
                0 => Handler::Bot,
                1 => Handler::Queue,
                _ => Handler::Agent { agent: me().id },
            };
            put_conversation(&row)
        }
        Step::Message(conversation, n) => put(Entity::Message(customer_message(
            conversation * 10 + n,
            conversation,
            n,
            "在吗",
        ))),
        Step::DelMessage(n) => del(EntityKind::Message, msg(n)),
        Step::DelConversation(n) => del(EntityKind::Conversation, conv(n)),
        Step::Contact(n, name) => put(Entity::Contact(Box::new(contact(
            n,
            &format!("客户{name}"),
        )))),
        Step::Faq(n) => put(Entity::Faq(faq(n))),
        Step::DelFaq(n) => del(EntityKind::Faq, faq(n).id),
        Step::Agent => put(Entity::Agent(colleague())),
        Step::Group(stream) => put(Entity::Group(skill_group(stream))),
    }
}

/// A log over two streams: rows with their places, in the order of the server.
fn log(steps: &[(bool, Step)]) -> Vec<Row> {
    let mut seqs = [0, 0];
    steps
        .iter()
        .enumerate()
        .map(|(idx, (second, step))| {
            let stream_idx = usize::from(*second);
            seqs[stream_idx] += 1;
            Row {
                stream: [SALES, CARE][stream_idx],
                seq: seqs[stream_idx],
                rev: idx as u64 + 1,
                change: change(step),
            }
        })
        .collect()
}

fn apply(store: &Store, rows: &[Row]) {
    let mut cuts = BTreeMap::new();
    for row in rows {
        let cut = cuts.entry(row.stream).or_insert(Cut {
            stream: row.stream,
            from: row.seq,
            to: row.seq,
        });
        cut.to = row.seq;
    }
    let cuts: Vec<_> = cuts.into_values().collect();
    store.apply_batch(&cuts, rows, &[], true, NOW).unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn any_split_of_a_log_gives_the_same_rows(
        steps in proptest::collection::vec((any::<bool>(), step()), 1..40),
        breaks in proptest::collection::vec(1..12_usize, 40),
    ) {
        let rows = log(&steps);
        let whole = World::new();
        apply(&whole.store, &rows);

        let split = World::new();
        let mut rest = &rows[..];
        for len in breaks {
            let (part, more) = rest.split_at(len.min(rest.len()));
            if !part.is_empty() {
                apply(&split.store, part);
            }
            rest = more;
        }
        // 40 parts of at least one row are more than there are rows.
        prop_assert!(rest.is_empty());
        prop_assert_eq!(dump(&split.store), dump(&whole.store));
        split.store.check().unwrap();
        whole.store.check().unwrap();
    }
}
