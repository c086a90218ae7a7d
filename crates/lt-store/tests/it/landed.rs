//! Operations that the server had done before the connection broke: rows come before their answers.

use lt_model::{
    conversation::{Conversation, Handler},
    merge::{Authority, Edit, Mark},
    priority::Priority,
    properties::{Conflict, FieldValue, Patch},
};
use lt_protocol::{
    code::Code,
    sync::{Action, Entity, OpOutcome, StreamHead},
};
use lt_store::{OpState, Store};

use crate::world::{
    CONFIG, NOW, SALES, World, colleague, conv, conversation, heads, me, new_op, put,
    put_conversation, sent_message,
};

const DONE: OpOutcome = OpOutcome::Done { at: NOW + 5 };

/// A new session: what the server has answered, and where the group's stream stands.
fn welcome(store: &Store, generation: &str, last_n: u64, head: u64) {
    let mut streams: Vec<StreamHead> = heads(&[CONFIG, SALES]);
    streams[1].head = head;
    store
        .set_streams(generation, &streams, last_n, &me(), NOW)
        .unwrap();
}

fn claim(world: &World) -> lt_model::id::OpId {
    let claim = Action::Claim {
        conversation_id: conv(1),
    };
    new_op(world.store.enqueue(claim, NOW))
}

fn waiting(seq: u64) -> Conversation {
    let mut row = conversation(1);
    row.seq = seq;
    row
}

/// What the server has after the claim, and after a colleague put it back into the queue.
fn put_back() -> Conversation {
    let mut row = waiting(2);
    row.claim(me().id, NOW).unwrap();
    let group = row.group_id;
    row.transfer_to_group(group, colleague().id, true, NOW + 2)
        .unwrap();
    row
}

fn shown(world: &World) -> Conversation {
    world.store.conversation(conv(1)).unwrap().unwrap()
}

const MINE: fn() -> Handler = || Handler::Agent { agent: me().id };

#[test]
fn a_row_that_has_an_operation_in_it_is_shown_as_it_came() {
    for is_killed in [false, true] {
        let mut world = World::with_conversation();
        let op = claim(&world);
        assert_eq!(shown(&world).handler, MINE());
        welcome(&world.store, "g1", 1, 5);
        // The row on its way has it; the one that is here does not.
        assert_eq!(shown(&world).handler, MINE(), "nothing jumps back");
        world.store.check().unwrap();
        if is_killed {
            world = world.crash();
        }
        world.feed(SALES, vec![put_conversation(&put_back())]);
        assert_eq!(shown(&world), put_back());
        let line = world.store.line(conv(1)).unwrap().unwrap();
        assert!(line.pending, "it has no answer yet");
        world.store.check().unwrap();
        world.store.op_result(op, &DONE, NOW).unwrap();
        assert_eq!(shown(&world), put_back());
        assert_eq!(world.store.outbox_counts().unwrap(), (0, 0));
        world.store.check().unwrap();
        // What is done in the new session shows at once again, and stays when it is answered.
        let again = claim(&world);
        world.store.op_result(again, &DONE, NOW).unwrap();
        assert_eq!(shown(&world).handler, MINE());
        world.store.check().unwrap();
    }
}

#[test]
fn an_older_row_on_the_way_takes_no_effect_back() {
    let mut world = World::with_conversation();
    let op = claim(&world);
    // Of three changes only the last one has the operation in it.
    welcome(&world.store, "g1", 1, 7);
    for _ in 0..2 {
        world.feed(SALES, vec![put_conversation(&waiting(2))]);
        assert_eq!(shown(&world).handler, MINE());
        world.store.check().unwrap();
    }
    world.feed(SALES, vec![put_conversation(&put_back())]);
    assert_eq!(shown(&world), put_back());
    world.store.op_result(op, &DONE, NOW).unwrap();
    assert_eq!(shown(&world), put_back());
    world.store.check().unwrap();
}

#[test]
fn an_answer_in_the_midst_of_the_rows_is_forgotten_with_the_last_of_them() {
    let mut world = World::with_conversation();
    let op = claim(&world);
    welcome(&world.store, "g1", 1, 6);
    world.store.op_result(op, &DONE, NOW).unwrap();
    assert_eq!(shown(&world).handler, MINE());
    // Nothing of the conversation comes: the server let it be as it was.
    world.feed(
        SALES,
        vec![
            put_conversation(&conversation(2)),
            put_conversation(&conversation(3)),
        ],
    );
    assert_eq!(shown(&world), waiting(2));
    world.store.check().unwrap();
}

#[test]
fn a_refusal_that_was_on_its_way_shows_the_row_and_comes_to_the_agent() {
    let world = World::with_conversation();
    let op = claim(&world);
    // No row has changed.
    welcome(&world.store, "g1", 1, 4);
    assert_eq!(shown(&world), waiting(2));
    assert_eq!(world.store.queue(0, 9).unwrap().len(), 1, "no answer yet");
    world.store.check().unwrap();
    let refused = OpOutcome::Refused {
        code: Code::HeldByOther,
    };
    let change = world.store.op_result(op, &refused, NOW).unwrap();
    assert_eq!(change.news.len(), 1);
    let state = world.store.outbox().unwrap()[0].state;
    assert_eq!(state, OpState::Refused(Code::HeldByOther));
    assert_eq!(shown(&world), waiting(2));
    world.store.check().unwrap();
}

#[test]
fn a_conflict_that_was_on_its_way_is_kept_over_the_row_of_the_other() {
    use Priority::{High, Low, Normal};
    let mut world = World::with_conversation();
    let priority = Some(Edit {
        rev: 0,
        base: Normal,
        mine: High,
    });
    let edit = Action::PatchConversation {
        conversation_id: conv(1),
        patch: Patch {
            priority,
            ..Patch::default()
        },
    };
    let op = new_op(world.store.enqueue(edit, NOW));
    assert_eq!(shown(&world).priority, High);
    welcome(&world.store, "g1", 1, 5);
    let mut theirs = waiting(2);
    theirs.priority = Low;
    theirs.properties.priority_mark = Mark {
        rev: 1,
        by: Authority::Agent,
        name: "阿敏".to_owned(),
        at: NOW + 2,
    };
    world.feed(SALES, vec![put_conversation(&theirs)]);
    assert_eq!(shown(&world), theirs);
    let partial = OpOutcome::Partial {
        at: NOW + 3,
        applied: vec![],
        conflicts: vec![Conflict {
            base: FieldValue::Priority(Normal),
            mine: FieldValue::Priority(High),
            theirs: FieldValue::Priority(Low),
            rev: 1,
            authority: Authority::Agent,
            by: "阿敏".to_owned(),
            at: NOW + 2,
        }],
    };
    world.store.op_result(op, &partial, NOW).unwrap();
    assert_eq!(shown(&world), theirs);
    assert_eq!(world.store.conflicts_of(conv(1)).unwrap().len(), 1);
    world.store.check().unwrap();
}

#[test]
fn a_reply_that_is_there_claims_nothing_again() {
    let mut world = World::with_conversation();
    let op = world.send(100, 2, "您好");
    welcome(&world.store, "g1", 1, 6);
    let mut row = put_back();
    row.seq = 3;
    world.feed(
        SALES,
        vec![
            put(Entity::Message(sent_message(100, 1, 3, "您好"))),
            put_conversation(&row),
        ],
    );
    assert_eq!(shown(&world), row);
    assert_eq!(world.store.messages(conv(1), None, 9).unwrap().len(), 3);
    world.store.op_result(op, &DONE, NOW).unwrap();
    assert_eq!(shown(&world), row);
    assert!(world.store.outbox().unwrap().is_empty());
    world.store.check().unwrap();
}

#[test]
fn a_new_generation_lays_over_its_rows_what_it_does_not_have() {
    for (last_n, handler) in [(0, MINE()), (1, Handler::Queue)] {
        let mut world = World::with_conversation();
        let op = claim(&world);
        welcome(&world.store, "g1", 1, 4);
        // A backup of the server was put back: from before the operation, or from after it.
        welcome(&world.store, "g2", last_n, 1);
        world.rewind();
        world.feed(SALES, vec![put_conversation(&put_back())]);
        assert_eq!(shown(&world).handler, handler, "{last_n}");
        assert_eq!(world.store.queue(0, 9).unwrap()[0].n, 1);
        world.store.check().unwrap();
        world.store.op_result(op, &DONE, NOW).unwrap();
        assert_eq!(shown(&world).handler, handler, "{last_n}");
        world.store.check().unwrap();
    }
}

#[test]
fn what_was_numbered_anew_may_have_been_done_long_ago() {
    let mut world = World::with_conversation();
    claim(&world);
    let fresh = tempfile::tempdir().unwrap();
    let store = crate::backup::restored(&world, fresh.path());
    let handler = || store.conversation(conv(1)).unwrap().unwrap().handler;
    // The server knows the operation by its id, as one of another installation.
    welcome(&store, "g1", 0, 5);
    let (cuts, rows) = world.batch(SALES, vec![put_conversation(&put_back())]);
    store.apply_batch(&cuts, &rows, &[], true, NOW).unwrap();
    assert_eq!(handler(), MINE(), "it may be new to the server");
    // Another break before the answer changes nothing of that.
    welcome(&store, "g1", 0, 5);
    let op = store.queue(0, 9).unwrap().pop().unwrap();
    assert_eq!(op.n, 1);
    store.op_result(op.id, &DONE, NOW).unwrap();
    assert_eq!(handler(), Handler::Queue);
    store.check().unwrap();
}
