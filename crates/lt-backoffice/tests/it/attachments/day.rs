//! How much one person may upload in a day.

use std::sync::Arc;

use lt_backoffice::{Backoffice, Config, DayBytes};
use lt_db::ServerKeys;

use super::*;
use crate::world::{config, root};

const TEXT: &[u8] = b"0123456789";

/// A shop with room for three files of a customer and two of an agent.
fn narrow() -> World {
    let mut world = World::new();
    let closed = World::new();
    // The file is let go before it is opened again.
    let before = std::mem::replace(&mut world.bo, Arc::clone(&closed.bo));
    let gone = before.gone();
    drop(before);
    assert!(gone.is_some_and(|gone| gone.blocking_recv().is_err()));
    let uploads = DayBytes {
        customer: 30,
        agent: 20,
    };
    let config = Config {
        uploads,
        ..config()
    };
    let db = crate::back_end::open(&world.path());
    world.bo = Backoffice::open(db, ServerKeys::from_root(&root()), config).unwrap();
    world
}

#[test]
fn a_customer_is_stopped_for_a_day_and_others_are_not() {
    let world = narrow();
    let (visitor, other) = (world.visitor("张三"), world.visitor("李四"));
    let up = |visitor: &Visitor, file, bytes: &[u8], at| {
        let kept = world
            .bo
            .visitor_upload(visitor, file, "a.txt", bytes.to_vec(), at);
        code(kept.map(drop))
    };
    let first: AttachmentId = id();
    assert_eq!(up(&visitor, first, TEXT, T0), None);
    // What is sent counts as well as what is not.
    let sent = world.bo.visitor_send_file(&visitor, id(), first, T0);
    assert!(sent.is_ok());
    assert_eq!(up(&visitor, id(), TEXT, T0 + 1), None);
    let last: AttachmentId = id();
    assert_eq!(up(&visitor, last, TEXT, T0 + 2), None);
    let full = Some(Code::UploadsFull);
    assert_eq!(up(&visitor, id(), b"1", T0 + 3), full);
    let audit = ["attachment.upload", "denied", "uploads_full"];
    assert_eq!(world.last_audit(), audit.map(str::to_owned));
    assert_eq!(up(&visitor, last, TEXT, T0 + 4), None, "it is kept already");
    assert_eq!(up(&other, id(), TEXT, T0 + 4), None);
    // A day after the first one there is room for it again, and for no more.
    assert_eq!(up(&visitor, id(), TEXT, T0 + DAY_MS - 1), full);
    assert_eq!(up(&visitor, id(), TEXT, T0 + DAY_MS), None);
    assert_eq!(up(&visitor, id(), b"1", T0 + DAY_MS), full);
}

#[test]
fn an_agents_reply_says_that_it_was_too_much() {
    let world = narrow();
    let mut wang = world.agent("wang", Role::Agent, &["售前组"]);
    let visitor = world.visitor("张三");
    world.say(&visitor, "转人工", T0);
    let conversation = world.conversation(&visitor);
    let claim = Action::Claim {
        conversation_id: conversation.id,
    };
    wang.act(&world, claim, T0 + 1);
    let up = |desk: &Desk, file, at| {
        let principal = &desk.principal;
        let kept = world
            .bo
            .agent_upload(principal, file, "a.txt", TEXT.to_vec(), at);
        code(kept.map(drop))
    };
    assert_eq!(up(&wang, id(), T0 + 2), None);
    assert_eq!(up(&wang, id(), T0 + 3), None);
    let file: AttachmentId = id();
    assert_eq!(up(&wang, file, T0 + 4), Some(Code::UploadsFull));
    // The desk gives up on the file; the reply that was to carry it says why.
    let conversation = world.conversation(&visitor);
    let outcome = wang.act(&world, send_file(&conversation, file), T0 + 5);
    assert_eq!(outcome, refused(Code::UploadsFull));
    // Where there is room it is only that it is not there.
    let mut li = world.agent("li", Role::Agent, &["售前组"]);
    let lost = li.act(&world, send_file(&conversation, id()), T0 + 6);
    assert_ne!(lost, refused(Code::UploadsFull));
}
