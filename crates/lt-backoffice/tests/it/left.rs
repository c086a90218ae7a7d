//! Whom the bot left waiting: a server that died before it answered, and what the bot fails at.

use std::path::PathBuf;

use lt_db::{
    Acted, Db, DbError,
    raw::Raw,
    table::{conversation, message},
};
use lt_model::{
    Millis,
    audit::{Actor, AuditEntry, Outcome},
    conversation::Conversation,
    message::{Author, Content, Delivery, Message},
};
use tempfile::TempDir;

use crate::{
    back_end::is_postgres,
    world::{T0, World, id, open, root},
};

/// The server stores what each of the customers writes, a millisecond after the other, and dies before
/// it answers. Gives the folder, which goes with its owner, and where the data is.
fn die_unanswered(world: World, conversations: &[&Conversation]) -> (TempDir, PathBuf) {
    let path = world.path();
    let World { folder, bo, .. } = world;
    drop(bo);
    let db = crate::back_end::open(&path);
    for (at, conversation) in (T0 + 5..).zip(conversations) {
        write_unanswered(&db, (*conversation).clone(), at);
    }
    (folder, path)
}

fn write_unanswered(db: &Db, mut conversation: Conversation, at: Millis) {
    conversation.customer_wrote(at).unwrap();
    conversation.seq += 1;
    db.write(|tx| {
        conversation::update(tx, &conversation)?;
        let message = Message {
            id: id(),
            conversation_id: conversation.id,
            seq: conversation.seq,
            author: Author::Customer,
            content: Content::Text {
                text: "退款几天能收到".to_owned(),
            },
            delivery: Delivery::Sent,
            at,
        };
        message::insert(tx, &message, conversation.contact_id, conversation.group_id)?;
        let entry = AuditEntry {
            at,
            actor: Actor::System,
            action: "message.receive".to_owned(),
            object: "test:1".to_owned(),
            outcome: Outcome::Allowed,
            reason: String::new(),
        };
        Ok::<_, DbError>(Acted::logged((), entry))
    })
    .unwrap();
}

#[test]
fn what_was_received_before_a_crash_is_answered_after_it() {
    let world = World::with_faq();
    let visitor = world.visitor("");
    world.say(&visitor, "你好", T0 + 1);
    let conversation = world.conversation(&visitor);
    let (folder, path) = die_unanswered(world, &[&conversation]);
    let bo = open(&path);
    assert_eq!(bo.resume(T0 + 6).unwrap(), 1);
    assert_eq!(bo.resume(T0 + 7).unwrap(), 0);
    let history = bo.visitor_messages(&visitor, 2).unwrap();
    assert_eq!(history.len(), 2);
    assert_eq!(history[1].source, "ec-062@1");
    drop((bo, folder));
}

#[test]
fn what_the_bot_fails_at_is_handed_over_and_keeps_nobody_waiting() {
    if is_postgres() {
        // Rows are spoiled in the file of the embedded back end.
        return;
    }
    let world = World::with_faq();
    let visitors = [world.visitor("张三"), world.visitor("李四")];
    for visitor in &visitors {
        world.say(visitor, "你好", T0 + 1);
    }
    let [bad, good] = visitors.each_ref().map(|one| world.conversation(one));
    let (folder, path) = die_unanswered(world, &[&bad, &good]);
    let spoilt = bad.id.0.simple();
    let raw = Raw::open(&path, &root()).unwrap();
    for sql in [
        "DROP TRIGGER message_no_rewrite".to_owned(),
        format!(
            "UPDATE message SET body = '{{' WHERE conversation = x'{spoilt}' AND seq = {}",
            bad.seq + 1
        ),
    ] {
        raw.execute(&sql).unwrap();
    }
    drop(raw);

    let bo = open(&path);
    let left_at = T0 + 5 + 5_000;
    assert_eq!(bo.answer_left(left_at - 1).unwrap(), 0, "it may be at it");
    assert_eq!(bo.answer_left(left_at + 1).unwrap(), 2);
    let history = bo.visitor_messages(&visitors[1], 2).unwrap();
    assert_eq!(history.last().unwrap().source, "ec-062@1");
    assert_eq!(bo.answer_left(left_at + 1_001).unwrap(), 0);
    drop(bo);
    let raw = Raw::open(&path, &root()).unwrap();
    let handler = format!("SELECT handler FROM conversation WHERE id = x'{spoilt}'");
    assert_eq!(raw.text(&handler).unwrap(), "queue");
    drop(folder);
}
