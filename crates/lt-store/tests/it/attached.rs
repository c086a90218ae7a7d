//! Pictures and files at the desk: chosen, held up until they are uploaded, taken back, forgotten.

use lt_model::{
    attachment::{Attachment, FileKind, FilePart, MAX_FILES},
    id::{AttachmentId, MessageId},
    message::{Content, Delivery, Message},
};
use lt_protocol::{
    code::Code,
    sync::{Action, Composed, Entity, OpOutcome},
};
use lt_store::{OpState, Opened, Store, StoreError};
use uuid::Uuid;

use crate::{
    revoke::revoke,
    snapshot::raw,
    world::{
        CARE, CONFIG, FAQ, NOW, SALES, World, contact, conv, conversation, customer_message, msg,
        new_op, put, put_conversation, send_action, sent_message,
    },
};

const BYTES: &[u8] = b"the bytes of a picture";

fn file(n: u128) -> Attachment {
    Attachment {
        id: AttachmentId(Uuid::from_u128(9_000 + n)),
        name: format!("图{n}.png"),
        kind: FileKind::Png,
        n_bytes: u32::try_from(BYTES.len()).unwrap(),
        width: 2,
        height: 1,
    }
}

fn stage(world: &World, n: u128) -> Attachment {
    let file = file(n);
    world
        .store
        .stage_file(conv(1), &file, BYTES, Some(b"thumb"), NOW)
        .unwrap();
    file
}

fn send_file(n: u64, file: &Attachment) -> Action {
    Action::SendFile {
        conversation_id: conv(1),
        message_id: msg(n),
        file: Attachment {
            name: "what the window says does not count".to_owned(),
            ..file.clone()
        },
        seen_seq: 2,
    }
}

fn send(world: &World, n: u64, file: &Attachment) -> lt_model::id::OpId {
    new_op(world.store.enqueue(send_file(n, file), NOW))
}

fn numbers(world: &World) -> Vec<u64> {
    let queue = world.store.queue(0, 100).unwrap();
    queue.iter().map(|op| op.n).collect()
}

fn n_parts(world: &World) -> i64 {
    let raw = raw(world);
    raw.query_row("SELECT count(*) FROM file_part", [], |row| row.get(0))
        .unwrap()
}

fn carried(n: u64, seq: u64, file: &Attachment) -> Message {
    Message {
        content: Content::File { file: file.clone() },
        ..sent_message(n, 1, seq, "")
    }
}

#[test]
fn what_sends_a_file_waits_for_its_upload_and_order_holds() {
    let world = World::with_conversation();
    let chosen = stage(&world, 1);
    assert_eq!(
        world.store.staged_files(conv(1)).unwrap(),
        std::slice::from_ref(&chosen)
    );
    world.send(100, 2, "请看");
    send(&world, 101, &chosen);
    world.send(102, 2, "看到了吗");
    assert!(world.store.staged_files(conv(1)).unwrap().is_empty());
    let shown = world.store.message(msg(101)).unwrap().unwrap().message;
    assert_eq!(shown.file(), Some(&chosen));
    assert_eq!(shown.delivery, Delivery::Pending);
    assert_eq!(
        numbers(&world),
        [1],
        "the file holds up what comes after it"
    );

    let world = world.crash();
    let upload = world.store.next_upload().unwrap().unwrap();
    assert_eq!(
        (upload.file, upload.bytes.as_slice()),
        (chosen.clone(), BYTES)
    );
    world.store.file_uploaded(chosen.id).unwrap();
    assert!(world.store.next_upload().unwrap().is_none());
    assert_eq!(numbers(&world), [1, 2, 3]);
    world.store.file_uploaded(chosen.id).unwrap();
    let thumb = world.store.file_part(chosen.id, FilePart::Thumb, NOW);
    assert_eq!(thumb.unwrap().unwrap(), b"thumb");
}

/// A world with another customer's conversation beside the first.
fn with_two() -> World {
    let mut world = World::with_conversation();
    let mut other = conversation(2);
    other.seq = 1;
    world.feed(
        SALES,
        vec![
            put(Entity::Contact(Box::new(contact(2, "李小红")))),
            put_conversation(&other),
            put(Entity::Message(customer_message(3, 2, 1, "在吗"))),
        ],
    );
    world
}

fn reply_to(n: u64, conversation: u64) -> Action {
    Action::SendMessage {
        conversation_id: conv(conversation),
        message_id: msg(n),
        text: format!("回复{n}"),
        seen_seq: 2,
        source: None,
        question: None,
        composed: Composed::default(),
    }
}

/// The messages that go up now, in their order.
fn going(world: &World) -> Vec<MessageId> {
    let queue = world.store.queue(0, 100).unwrap();
    let numbers: Vec<u64> = queue.iter().map(|op| op.n).collect();
    let expected: Vec<u64> = (1..).take(queue.len()).collect();
    assert_eq!(numbers, expected, "numbers have no gaps");
    queue
        .iter()
        .map(|op| match &op.action {
            Action::SendMessage { message_id, .. } | Action::SendFile { message_id, .. } => {
                *message_id
            }
            other => panic!("{other:?}"),
        })
        .collect()
}

#[test]
fn what_is_written_to_others_passes_a_file_that_is_uploaded() {
    let world = with_two();
    let chosen = stage(&world, 1);
    send(&world, 101, &chosen);
    world.send(102, 2, "看到了吗");
    assert!(going(&world).is_empty());
    new_op(world.store.enqueue(reply_to(103, 2), NOW));
    assert_eq!(going(&world), [msg(103)]);
    new_op(world.store.enqueue(reply_to(104, 2), NOW));
    world.send(105, 2, "还在吗");
    assert_eq!(going(&world), [msg(103), msg(104)]);
    let shown: Vec<_> = world.store.outbox().unwrap();
    let made: Vec<_> = shown.iter().map(|entry| entry.op.n).collect();
    assert_eq!(made, [3, 4, 1, 2, 5], "the list stands as it was made");

    let world = world.crash();
    assert_eq!(going(&world), [msg(103), msg(104)]);
    world.store.file_uploaded(chosen.id).unwrap();
    let all = [msg(103), msg(104), msg(101), msg(102), msg(105)];
    assert_eq!(going(&world), all);
    // A welcome before anything was answered leaves them as they may have been pushed.
    world.grant(&[CONFIG, FAQ, SALES, CARE]);
    assert_eq!(going(&world), all);
}

#[test]
fn two_files_hold_up_their_own_customers_alone() {
    let world = with_two();
    let (first, second) = (stage(&world, 1), file(2));
    send(&world, 101, &first);
    world
        .store
        .stage_file(conv(2), &second, BYTES, None, NOW)
        .unwrap();
    let to_other = Action::SendFile {
        conversation_id: conv(2),
        message_id: msg(102),
        file: second.clone(),
        seen_seq: 1,
    };
    new_op(world.store.enqueue(to_other, NOW));
    new_op(world.store.enqueue(reply_to(103, 2), NOW));
    assert!(going(&world).is_empty());
    assert_eq!(world.store.next_upload().unwrap().unwrap().file, first);
    world.store.file_uploaded(first.id).unwrap();
    assert_eq!(going(&world), [msg(101)]);
    world.send(104, 2, "看到了吗");
    assert_eq!(going(&world), [msg(101), msg(104)]);
    world.store.file_uploaded(second.id).unwrap();
    assert_eq!(going(&world), [msg(101), msg(104), msg(102), msg(103)]);
}

#[test]
fn what_was_not_chosen_here_is_not_sent() {
    let world = World::with_conversation();
    let unknown = world.store.enqueue(send_file(100, &file(1)), NOW);
    assert!(matches!(unknown, Err(StoreError::NotFound("file"))));
    for n in 0..u128::try_from(MAX_FILES).unwrap() {
        stage(&world, n);
    }
    let more = world.store.stage_file(conv(1), &file(99), BYTES, None, NOW);
    assert!(matches!(more, Err(StoreError::TooMany)));
    world.store.drop_file(file(0).id).unwrap();
    stage(&world, 99);
    assert!(world.store.staged_file(file(0).id).unwrap().is_none());
    world.store.check().unwrap();
}

#[test]
fn one_that_has_not_left_is_taken_back_and_its_number_says_nothing() {
    let world = World::with_conversation();
    let chosen = stage(&world, 1);
    let op = send(&world, 100, &chosen);
    world.send(101, 2, "别的");
    world.store.cancel_file(msg(100), NOW).unwrap();
    assert!(world.store.message(msg(100)).unwrap().is_none());
    assert_eq!(
        world.store.staged_files(conv(1)).unwrap(),
        std::slice::from_ref(&chosen)
    );
    let queue = world.store.queue(0, 9).unwrap();
    assert_eq!(numbers(&world), [1, 2], "no number is missing");
    assert!(matches!(queue[0].action, Action::Read { seq: 0, .. }));
    world.store.check().unwrap();
    let again = world.store.cancel_file(msg(100), NOW);
    assert!(matches!(again, Err(StoreError::NotFound(_))));
    // It is answered like any other, and concerns nobody.
    let refused = OpOutcome::Refused {
        code: Code::Forbidden,
    };
    world.store.op_result(op, &refused, NOW).unwrap();
    assert_eq!(world.store.outbox().unwrap().len(), 1);

    let op = send(&world, 102, &chosen);
    world.store.file_uploaded(chosen.id).unwrap();
    let late = world.store.cancel_file(msg(102), NOW);
    assert!(matches!(late, Err(StoreError::TooLate)));
    world
        .store
        .op_result(op, &OpOutcome::Done { at: NOW }, NOW)
        .unwrap();
}

#[test]
fn a_refused_one_is_tried_again_from_the_upload_on_or_waits_beside_the_reply() {
    let world = World::with_conversation();
    let chosen = stage(&world, 1);
    let op = send(&world, 100, &chosen);
    world.store.file_uploaded(chosen.id).unwrap();
    let stale = OpOutcome::Refused {
        code: Code::StaleReply,
    };
    world.store.op_result(op, &stale, NOW).unwrap();
    assert_eq!(
        world.store.outbox().unwrap()[0].state,
        OpState::Refused(Code::StaleReply)
    );
    let again = new_op(world.store.retry(op, 2, NOW));
    assert_eq!(
        world.store.next_upload().unwrap().unwrap().file.id,
        chosen.id,
        "the server may have thrown it away"
    );
    world.store.file_uploaded(chosen.id).unwrap();
    world.store.op_result(again, &stale, NOW).unwrap();
    world.store.discard(again, NOW).unwrap();
    assert!(world.store.message(msg(100)).unwrap().is_none());
    assert_eq!(world.store.staged_files(conv(1)).unwrap(), [chosen]);
    world.store.check().unwrap();
}

#[test]
fn a_recall_and_a_right_that_is_taken_leave_no_bytes() {
    let mut world = World::with_conversation();
    let (sent, taken) = (stage(&world, 1), file(2));
    let op = send(&world, 100, &sent);
    world.store.file_uploaded(sent.id).unwrap();
    world
        .store
        .op_result(op, &OpOutcome::Done { at: NOW }, NOW)
        .unwrap();
    let message = carried(100, 3, &sent);
    world.feed(SALES, vec![put(Entity::Message(message.clone()))]);
    assert_eq!(n_parts(&world), 2, "what was sent from here is here");
    let recalled = Message {
        delivery: Delivery::Recalled,
        ..message
    };
    world.feed(SALES, vec![put(Entity::Message(recalled))]);
    assert_eq!(n_parts(&world), 0);

    let keep = |world: &World| {
        world
            .store
            .keep_file(Some(conv(1)), &taken, FilePart::Whole, BYTES, NOW)
            .unwrap();
    };
    keep(&world);
    stage(&world, 3);
    let waits = stage(&world, 4);
    send(&world, 101, &waits);
    assert_eq!(n_parts(&world), 5);
    revoke(&world, 0);
    assert_eq!(n_parts(&world), 0);
    let outbox = world.store.outbox().unwrap();
    let Action::SendFile { file, .. } = &outbox.last().unwrap().op.action else {
        panic!("{outbox:?}");
    };
    assert_eq!(file.name, "", "of the group as well");
    keep(&world);
    assert_eq!(n_parts(&world), 0, "what comes too late is not kept");
    world.store.check().unwrap();
}

#[test]
fn what_is_fetched_goes_again_and_what_waits_stays() {
    let world = World::with_conversation();
    let waits = stage(&world, 1);
    send(&world, 100, &waits);
    let large = vec![7; 100 << 20];
    for n in 2..5 {
        world
            .store
            .keep_file(
                Some(conv(1)),
                &file(n),
                FilePart::Whole,
                &large,
                NOW + n as i64,
            )
            .unwrap();
    }
    let here = |n| {
        let part = world.store.file_part(file(n).id, FilePart::Whole, NOW);
        part.unwrap().is_some()
    };
    assert_eq!([1, 2, 3, 4].map(here), [true, false, true, true]);
    world.store.reset_cache(NOW).unwrap();
    assert_eq!([1, 2, 3, 4].map(here), [true, false, false, false]);
}

#[test]
fn a_damaged_store_carries_over_what_was_to_be_sent() {
    let mut world = World::with_conversation();
    let (waits, chosen) = (stage(&world, 1), stage(&world, 2));
    send(&world, 100, &waits);
    new_op(world.store.enqueue(send_action(101, 2, "图在上面"), NOW));
    let rows = (0..200).map(|n| {
        let text = "很长的消息".repeat(60);
        put(Entity::Message(customer_message(
            1_000 + n,
            7,
            n + 1,
            &text,
        )))
    });
    world.feed(CARE, rows.collect());
    let (folder, root) = world.close();
    let path = folder.path().join("store.db");
    let mut bytes = std::fs::read(&path).unwrap();
    let at = bytes.len() - 2_048;
    bytes[at] ^= 0x40;
    std::fs::write(&path, bytes).unwrap();

    let (store, opened) = Store::open(folder.path(), &root, NOW).unwrap();
    assert_eq!(
        opened,
        Opened::Replaced {
            unsent_recovered: true
        }
    );
    assert_eq!(store.staged_files(conv(1)).unwrap(), [chosen]);
    let upload = store.next_upload().unwrap().unwrap();
    assert_eq!((upload.file, upload.bytes.as_slice()), (waits, BYTES));
    assert!(
        store.queue(0, 9).unwrap().is_empty(),
        "it is uploaded first"
    );
}
