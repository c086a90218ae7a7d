//! Waiting, unread, delivered, read.

use lt_model::{
    agent::Role,
    conversation::{BOT_SILENCE_MS, Handler, Status},
    message::{Author, Content, Delivery, Event},
};
use lt_protocol::{
    sync::{Action, OpOutcome},
    widget::WidgetAuthor,
};

use crate::world::{T0, World};

#[test]
fn the_waiting_clock_and_the_unread_count_follow_the_talk() {
    let world = World::new();
    let mut desk = world.agent("wang", Role::Agent, &["售前组"]);
    let mut onlooker = world.agent("li", Role::Agent, &["售前组"]);
    let visitor = world.visitor("");
    world.say(&visitor, "转人工", T0 + 10);
    world.say(&visitor, "有人吗", T0 + 20);
    let waiting = world.conversation(&visitor);
    assert_eq!(waiting.waiting_since, Some(T0 + 10));
    assert_eq!(waiting.agent_read_seq, 0);

    // Whoever only looks on has not read it for the customer.
    let read = |seq| Action::Read {
        conversation_id: waiting.id,
        seq,
    };
    onlooker.act(&world, read(waiting.seq), T0 + 21);
    assert_eq!(world.conversation(&visitor).agent_read_seq, 0);

    let outcome = desk.reply(&world, &waiting, "您好，我来帮您", T0 + 30);
    assert_eq!(outcome, OpOutcome::Done { at: T0 + 30 });
    let answered = world.conversation(&visitor);
    assert_eq!(answered.waiting_since, None);
    assert_eq!(answered.first_reply_at, Some(T0 + 30));
    assert_eq!(answered.agent_read_seq, answered.seq, "who writes has read");
    assert!(matches!(answered.handler, Handler::Agent { .. }));

    world.say(&visitor, "还有一个问题", T0 + 40);
    let unread = world.conversation(&visitor);
    assert_eq!(unread.seq - unread.agent_read_seq, 1);
    assert_eq!(unread.waiting_since, Some(T0 + 40));
    let place = |world: &World| world.bo.visitor_state(&visitor, T0).unwrap().read_seq;
    let before = place(&world);
    desk.act(&world, read(u64::MAX), T0 + 41);
    let seen = world.conversation(&visitor);
    assert_eq!(seen.agent_read_seq, seen.seq);
    assert_eq!(seen.waiting_since, Some(T0 + 40), "reading is no answer");
    assert!(place(&world) > before);
    desk.act(&world, read(1), T0 + 42);
    assert_eq!(world.conversation(&visitor).agent_read_seq, seen.seq);
}

#[test]
fn delivery_only_goes_forward() {
    let world = World::new();
    let mut desk = world.agent("wang", Role::Agent, &["售前组"]);
    let visitor = world.visitor("");
    world.say(&visitor, "转人工", T0 + 10);
    let conversation = world.conversation(&visitor);
    desk.reply(&world, &conversation, "您好", T0 + 11);
    let history = world.bo.visitor_messages(&visitor, 0).unwrap();
    let reply = history.last().unwrap();
    assert_eq!(reply.author, WidgetAuthor::Agent);
    assert_eq!(reply.name, "客服wang");
    let delivery = || {
        world
            .messages(&desk.principal, conversation.id)
            .into_iter()
            .filter(|message| matches!(message.author, Author::Agent { .. }))
            .map(|message| message.delivery)
            .collect::<Vec<_>>()
    };
    assert_eq!(delivery(), [Delivery::Sent]);
    let count = || world.n_audited();
    let before = count();
    world
        .bo
        .visitor_delivered(&visitor, reply.seq, T0 + 12)
        .unwrap();
    assert_eq!(delivery(), [Delivery::Delivered]);
    world.bo.visitor_read(&visitor, reply.seq, T0 + 13).unwrap();
    assert_eq!(delivery(), [Delivery::Read]);
    let read = world.conversation(&visitor);
    assert_eq!(read.customer_read_seq, read.seq);
    assert_eq!(count(), before + 2);
    // Said again, or too late: nothing happens, not even in the log.
    world
        .bo
        .visitor_delivered(&visitor, reply.seq, T0 + 14)
        .unwrap();
    world.bo.visitor_read(&visitor, reply.seq, T0 + 15).unwrap();
    assert_eq!(delivery(), [Delivery::Read]);
    assert_eq!(count(), before + 2);
}

#[test]
fn a_talk_with_the_bot_ends_in_silence_and_no_other() {
    let world = World::with_faq();
    let mut desk = world.agent("wang", Role::Agent, &["售前组", "售后组", "投诉专席"]);
    let served = world.visitor("王芳");
    world.say(&served, "转人工", T0 + 1);
    desk.reply(&world, &world.conversation(&served), "您好", T0 + 2);
    let queued = world.visitor("李四");
    world.say(&queued, "转人工", T0 + 3);
    let visitor = world.visitor("张三");
    world.say(&visitor, "怎么申请退款", T0 + 10);
    // A word more, and the time begins anew.
    let at = T0 + 60_000;
    world.say(&visitor, "谢谢", at);
    let over = at + BOT_SILENCE_MS;
    world.bo.tick(over - 1).unwrap();
    assert_eq!(world.conversation(&visitor).status, Status::Open);
    for now in [over, over, over + 1_000] {
        world.bo.tick(now).unwrap();
    }
    let ended = world.conversation(&visitor);
    assert_eq!(
        (ended.status, ended.handler),
        (Status::Resolved, Handler::None)
    );
    assert_eq!(ended.resolved_at, Some(over));
    let agent = String::new();
    let line = Content::Event(Event::Resolved { agent });
    let lines = world.messages(&world.admin, ended.id);
    let n_lines = lines.iter().filter(|message| message.content == line);
    assert_eq!(n_lines.count(), 1);
    for other in [&served, &queued] {
        assert_eq!(world.conversation(other).status, Status::Open);
    }

    // What the customer writes after it goes on with the bot.
    let history = world.say(&visitor, "退款多久到账", over + 60_000);
    assert_eq!(history.last().unwrap().author, WidgetAuthor::Bot);
    let again = world.conversation(&visitor);
    assert_eq!((again.id, again.reopened_count), (ended.id, 1));
    assert_eq!((again.status, again.handler), (Status::Open, Handler::Bot));
}
