//! What becomes of operations.

use lt_model::{conversation::Handler, message::Delivery};
use lt_protocol::{
    code::Code,
    sync::{Action, Entity, OpOutcome},
};
use lt_store::{News, OpState, StoreError};

use crate::world::{
    NOW, SALES, World, conv, conversation, heads, me, msg, new_op, put, put_conversation,
    sent_message,
};

const DONE: OpOutcome = OpOutcome::Done { at: NOW + 5 };
const REFUSED: OpOutcome = OpOutcome::Refused {
    code: Code::StaleReply,
};

#[test]
fn a_done_reply_is_sent_and_then_replaced_by_the_servers() {
    let mut world = World::with_conversation();
    let op_id = world.send(100, 2, "您好");
    let change = world.store.op_result(op_id, &DONE, NOW).unwrap();
    assert!(matches!(change.news[..], [News::Delivered { op_id: id, .. }] if id == op_id));
    assert_eq!(world.store.outbox_counts().unwrap(), (0, 0));
    let waiting = world.store.message(msg(100)).unwrap().unwrap();
    assert_eq!(
        (waiting.message.seq, waiting.message.delivery),
        (0, Delivery::Sent)
    );
    assert_eq!(waiting.op_id, None);
    // Until the feed brings the rows, the screen does not jump back.
    let line = world.store.line(conv(1)).unwrap().unwrap();
    assert_eq!(line.handler, Handler::Agent { agent: me().id });
    world.store.check().unwrap();

    let mut mine = conversation(1);
    mine.handler = Handler::Agent { agent: me().id };
    mine.seq = 3;
    world.feed(
        SALES,
        vec![
            put(Entity::Message(sent_message(100, 1, 3, "您好"))),
            put_conversation(&mine),
        ],
    );
    let messages = world.store.messages(conv(1), None, 50).unwrap();
    assert_eq!(messages.len(), 3);
    assert_eq!(messages[2].message.seq, 3);
    world.store.check().unwrap();
    // A second answer changes nothing.
    assert_eq!(
        world.store.op_result(op_id, &REFUSED, NOW).unwrap(),
        lt_store::Change::default()
    );
}

#[test]
fn the_feed_may_be_faster_than_the_answer() {
    let mut world = World::with_conversation();
    let op_id = world.send(100, 2, "您好");
    world.feed(
        SALES,
        vec![put(Entity::Message(sent_message(100, 1, 3, "您好")))],
    );
    assert_eq!(world.store.messages(conv(1), None, 50).unwrap().len(), 3);
    assert_eq!(
        world.store.queue(0, 10).unwrap().len(),
        1,
        "only an answer removes it"
    );
    world.store.op_result(op_id, &DONE, NOW).unwrap();
    assert!(world.store.queue(0, 10).unwrap().is_empty());
    assert_eq!(
        world.store.message(msg(100)).unwrap().unwrap().message.seq,
        3
    );
    world.store.check().unwrap();
}

#[test]
fn a_refused_reply_keeps_its_text_and_takes_its_effect_back() {
    let world = World::with_conversation();
    let op_id = world.send(100, 2, "您好");
    let change = world.store.op_result(op_id, &REFUSED, NOW).unwrap();
    assert!(matches!(
        change.news[..],
        [News::Refused {
            code: Code::StaleReply,
            ..
        }]
    ));
    let entry = &world.store.outbox().unwrap()[0];
    assert_eq!(entry.state, OpState::Refused(Code::StaleReply));
    let stored = world.store.message(msg(100)).unwrap().unwrap();
    assert_eq!(stored.message.delivery, Delivery::Failed);
    assert_eq!(stored.refused, Some(Code::StaleReply));
    let line = world.store.line(conv(1)).unwrap().unwrap();
    assert_eq!((line.handler, line.pending), (Handler::Queue, false));
    assert!(
        world.store.queue(0, 10).unwrap().is_empty(),
        "it is not sent again by itself"
    );
    let world = world.crash();
    assert_eq!(world.store.outbox().unwrap().len(), 1);
    world.store.check().unwrap();
}

#[test]
fn retrying_takes_a_new_number_and_the_new_seen_seq() {
    let mut world = World::with_conversation();
    let op_id = world.send(100, 2, "您好");
    assert!(matches!(
        world.store.retry(op_id, 3, NOW),
        Err(StoreError::NotRefused)
    ));
    world.store.op_result(op_id, &REFUSED, NOW).unwrap();
    let mut longer = conversation(1);
    longer.seq = 3;
    world.feed(
        SALES,
        vec![
            put(Entity::Message(crate::world::customer_message(
                3, 1, 3, "快点",
            ))),
            put_conversation(&longer),
        ],
    );
    // Still over an unseen message: it stays refused.
    assert!(matches!(
        world.store.retry(op_id, 2, NOW),
        Err(StoreError::Illegal(_))
    ));
    assert_eq!(world.store.outbox_counts().unwrap(), (0, 1));

    let again = new_op(world.store.retry(op_id, 3, NOW));
    assert_ne!(again, op_id);
    let queued = world.store.queue(0, 10).unwrap();
    assert_eq!((queued.len(), queued[0].n, queued[0].id), (1, 2, again));
    assert!(matches!(
        queued[0].action,
        Action::SendMessage { seen_seq: 3, .. }
    ));
    let stored = world.store.message(msg(100)).unwrap().unwrap();
    assert_eq!(stored.message.delivery, Delivery::Pending);
    world.store.check().unwrap();
}

#[test]
fn discarding_gives_the_text_back_to_the_draft() {
    let world = World::with_conversation();
    let op_id = world.send(100, 2, "您好");
    world.store.save_draft(conv(1), "稍等", NOW).unwrap();
    world.store.op_result(op_id, &REFUSED, NOW).unwrap();
    world.store.discard(op_id, NOW).unwrap();
    assert_eq!(world.store.draft(conv(1)).unwrap().unwrap(), "稍等\n您好");
    assert!(world.store.outbox().unwrap().is_empty());
    assert!(world.store.message(msg(100)).unwrap().is_none());
    assert!(matches!(
        world.store.discard(op_id, NOW),
        Err(StoreError::NotFound("operation"))
    ));
    world.store.check().unwrap();
}

#[test]
fn numbers_follow_the_servers_last_one_without_a_gap() {
    let world = World::with_conversation();
    for n in 100..103 {
        world.send(n, 2, "您好");
    }
    let numbers = || -> Vec<u64> {
        let queued = world.store.queue(0, 10).unwrap();
        queued.iter().map(|op| op.n).collect()
    };
    let welcome = |generation: &str, last_n| {
        let heads = heads(&[SALES]);
        let done = world
            .store
            .set_streams(generation, &heads, last_n, &me(), NOW);
        done.unwrap();
    };
    welcome("g1", 2);
    assert_eq!(
        numbers(),
        [1, 2, 3],
        "what was answered keeps its number and gets its stored answer"
    );
    welcome("g1", 0);
    assert_eq!(numbers(), [1, 2, 3]);
    // A server restored from a backup, or a store that was replaced.
    let first = world.store.queue(0, 1).unwrap()[0].id;
    world.store.op_result(first, &DONE, NOW).unwrap();
    welcome("g2", 0);
    assert_eq!(numbers(), [1, 2]);
    world
        .store
        .enqueue(
            Action::SetPresence {
                presence: lt_model::agent::Presence::Away,
            },
            NOW,
        )
        .unwrap();
    assert_eq!(numbers(), [1, 2, 3]);
}
