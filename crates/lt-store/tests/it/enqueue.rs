//! What the agent does.

use lt_model::{
    agent::Presence,
    conversation::{Handler, Illegal, Status},
    message::{Author, Content, Delivery, Event, Message, TextError},
};
use lt_protocol::{
    event::Tag,
    sync::{Action, Entity},
};
use lt_store::{Enqueued, StoreError};

use crate::world::{
    NOW, SALES, World, colleague, conv, conversation, customer_message, me, msg, new_op, put,
    put_conversation, send_action, sent_message,
};

#[test]
fn an_acknowledged_reply_survives_a_kill() {
    let world = World::with_conversation();
    let op_id = world.send(100, 2, "您好，马上为您处理");
    let world = world.crash();

    let outbox = world.store.outbox().unwrap();
    assert_eq!(outbox.len(), 1);
    assert_eq!((outbox[0].op.id, outbox[0].op.n), (op_id, 1));
    let messages = world.store.messages(conv(1), None, 50).unwrap();
    let last = messages.last().unwrap();
    assert_eq!(last.message.text(), Some("您好，马上为您处理"));
    assert_eq!(last.message.delivery, Delivery::Pending);
    assert_eq!((last.message.seq, last.op_id), (0, Some(op_id)));
    world.store.check().unwrap();
    // Signing in, one reply: each has its audit record.
    assert_eq!(world.store.verify_audit().unwrap().unwrap().n, 2);
}

#[test]
fn pending_replies_stand_behind_the_servers_messages_in_their_order() {
    let world = World::with_conversation();
    for (n, text) in [(100, "一"), (101, "二"), (102, "三")] {
        world.send(n, 2, text);
    }
    let texts: Vec<_> = world
        .store
        .messages(conv(1), None, 50)
        .unwrap()
        .into_iter()
        .filter_map(|stored| stored.message.text().map(str::to_owned))
        .collect();
    assert_eq!(texts, ["在吗", "我要退款", "一", "二", "三"]);
    let numbers: Vec<_> = world
        .store
        .queue(0, 10)
        .unwrap()
        .iter()
        .map(|op| op.n)
        .collect();
    assert_eq!(numbers, [1, 2, 3]);
    // Older pages hold no pending ones.
    assert_eq!(world.store.messages(conv(1), Some(2), 50).unwrap().len(), 1);
}

#[test]
fn sending_shows_at_once_but_the_customer_still_waits() {
    let world = World::with_conversation();
    world.store.save_draft(conv(1), "您好", NOW).unwrap();
    let (_, change) = world
        .store
        .enqueue(send_action(100, 2, "您好"), NOW)
        .unwrap();
    assert!(change.outbox_grew);
    assert!(change.tags.contains(&Tag::Conversation { id: conv(1) }));
    assert!(change.tags.contains(&Tag::Outbox) && change.tags.contains(&Tag::Inbox));

    let line = world.store.line(conv(1)).unwrap().unwrap();
    assert_eq!(line.handler, Handler::Agent { agent: me().id });
    assert_eq!(line.last.unwrap().text, "您好");
    assert_eq!(line.waiting_since, Some(NOW));
    assert!(line.pending);
    assert_eq!(world.store.draft(conv(1)).unwrap(), None);
}

#[test]
fn pressing_twice_sends_once() {
    let world = World::with_conversation();
    world.send(100, 2, "您好");
    let (again, change) = world
        .store
        .enqueue(send_action(100, 2, "您好"), NOW)
        .unwrap();
    assert_eq!(again, Enqueued::AlreadyThere);
    assert!(!change.outbox_grew);
    assert_eq!(world.store.queue(0, 10).unwrap().len(), 1);
}

#[test]
fn what_the_domain_forbids_is_not_queued() {
    let mut world = World::with_conversation();
    let mut taken = conversation(2);
    taken.handler = Handler::Agent {
        agent: colleague().id,
    };
    world.feed(crate::world::SALES, vec![put_conversation(&taken)]);
    let held = world.store.enqueue(
        Action::Claim {
            conversation_id: conv(2),
        },
        NOW,
    );
    assert!(
        matches!(held, Err(StoreError::Illegal(Illegal::HeldBy(who))) if who == colleague().id)
    );
    let stale = world.store.enqueue(send_action(100, 1, "您好"), NOW);
    assert!(matches!(
        stale,
        Err(StoreError::Illegal(Illegal::Stale { seen: 1, last: 2 }))
    ));
    let empty = world.store.enqueue(send_action(100, 2, " \n"), NOW);
    assert!(matches!(empty, Err(StoreError::Text(TextError::Empty))));
    let unknown = Action::Claim {
        conversation_id: conv(99),
    };
    assert!(matches!(
        world.store.enqueue(unknown, NOW),
        Err(StoreError::NotFound("conversation"))
    ));
    assert!(world.store.outbox().unwrap().is_empty());
    assert!(world.store.message(msg(100)).unwrap().is_none());
}

#[test]
fn the_echo_of_ones_own_reply_is_nothing_unseen_but_a_customer_between_is() {
    let mut world = World::with_conversation();
    let mut mine = conversation(1);
    mine.handler = Handler::Agent { agent: me().id };
    mine.seq = 4;
    let joined = Message {
        content: Content::Event(Event::Claimed {
            agent: me().display_name,
        }),
        author: Author::System,
        ..customer_message(90, 1, 3, "")
    };
    world.feed(
        SALES,
        vec![
            put_conversation(&mine),
            put(Entity::Message(joined)),
            put(Entity::Message(sent_message(91, 1, 4, "您好"))),
        ],
    );
    // What was looked at before the agent's first reply came back.
    new_op(world.store.enqueue(send_action(100, 2, "请看图"), NOW));
    let queue = world.store.queue(0, 10).unwrap();
    assert!(matches!(
        queue[0].action,
        Action::SendMessage { seen_seq: 4, .. }
    ));

    mine.seq = 6;
    let row = put_conversation(&mine);
    let own = put(Entity::Message(sent_message(93, 1, 6, "在的")));
    world.feed(SALES, vec![row, own]);
    let is_stale = |world: &World| {
        let sent = world.store.enqueue(send_action(101, 4, "还在吗"), NOW);
        matches!(
            sent,
            Err(StoreError::Illegal(Illegal::Stale { seen: 4, last: 6 }))
        )
    };
    assert!(is_stale(&world), "one of the messages is not here");
    let between = customer_message(92, 1, 5, "等一下");
    world.feed(SALES, vec![put(Entity::Message(between))]);
    assert!(is_stale(&world), "the customer wrote");
    new_op(world.store.enqueue(send_action(101, 5, "好的"), NOW));
}

#[test]
fn claim_resolve_read_and_presence_show_at_once() {
    let mut world = World::with_conversation();
    world.feed(
        crate::world::CONFIG,
        vec![crate::world::put(lt_protocol::sync::Entity::Agent(me()))],
    );
    let claim = Action::Claim {
        conversation_id: conv(1),
    };
    new_op(world.store.enqueue(claim.clone(), NOW));
    assert_eq!(
        world.store.enqueue(claim, NOW).unwrap().0,
        Enqueued::AlreadyThere
    );
    assert_eq!(world.store.line(conv(1)).unwrap().unwrap().unread, 2);
    new_op(world.store.enqueue(
        Action::Read {
            conversation_id: conv(1),
            seq: 9,
        },
        NOW,
    ));
    assert_eq!(world.store.line(conv(1)).unwrap().unwrap().unread, 0);
    new_op(world.store.enqueue(
        Action::Resolve {
            conversation_id: conv(1),
        },
        NOW,
    ));
    let shown = world.store.conversation(conv(1)).unwrap().unwrap();
    assert_eq!((shown.status, shown.agent_read_seq), (Status::Resolved, 2));
    new_op(world.store.enqueue(
        Action::SetPresence {
            presence: Presence::Busy,
        },
        NOW,
    ));
    assert_eq!(
        world.store.agent(me().id).unwrap().unwrap().presence,
        Presence::Busy
    );
    world.store.check().unwrap();
}

#[test]
fn pending_effects_are_applied_again_to_what_comes_in() {
    let mut world = World::with_conversation();
    new_op(world.store.enqueue(
        Action::Claim {
            conversation_id: conv(1),
        },
        NOW,
    ));
    let mut changed = conversation(1);
    changed.seq = 2;
    changed.category = "投诉".to_owned();
    world.feed(crate::world::SALES, vec![put_conversation(&changed)]);
    let line = world.store.line(conv(1)).unwrap().unwrap();
    assert_eq!(line.category, "投诉");
    assert_eq!(line.handler, Handler::Agent { agent: me().id });

    // Where the server's state no longer allows it, the effect is left out.
    changed.handler = Handler::Agent {
        agent: colleague().id,
    };
    world.feed(crate::world::SALES, vec![put_conversation(&changed)]);
    let line = world.store.line(conv(1)).unwrap().unwrap();
    assert_eq!(line.handler, changed.handler);
    world.store.check().unwrap();
}
