//! Edits of properties, conflicts over them, and operations that follow others.

use lt_model::{
    change::EntityKind,
    conversation::Conversation,
    merge::{Authority, Edit, Editor, Mark},
    priority::Priority,
    properties::{Conflict, Field, FieldValue, Patch},
};
use lt_protocol::{
    code::Code,
    event::Tag,
    sync::{Action, OpOutcome},
};
use lt_store::{Enqueued, News, StoreError};

use crate::world::{
    CARE, CONFIG, FAQ, NOW, SALES, World, conv, conversation, new_op, put_conversation, send_action,
};

const DONE: OpOutcome = OpOutcome::Done { at: NOW + 5 };

fn edit(patch: Patch) -> Action {
    Action::PatchConversation {
        conversation_id: conv(1),
        patch,
    }
}

fn priority(rev: u64, base: Priority, mine: Priority) -> Patch {
    Patch {
        priority: Some(Edit { rev, base, mine }),
        ..Patch::default()
    }
}

fn theirs(rev: u64, base: Priority, mine: Priority, theirs: Priority) -> Conflict {
    Conflict {
        base: FieldValue::Priority(base),
        mine: FieldValue::Priority(mine),
        theirs: FieldValue::Priority(theirs),
        rev,
        authority: Authority::Agent,
        by: "阿敏".to_owned(),
        at: NOW + 2,
    }
}

/// The conversation after a colleague set a priority.
fn set_by_colleague(to: Priority, rev: u64) -> Conversation {
    let mut changed = conversation(1);
    changed.seq = 2;
    changed.priority = to;
    changed.properties.priority_mark = Mark {
        rev,
        by: Authority::Agent,
        name: "阿敏".to_owned(),
        at: NOW + 2,
    };
    changed
}

/// An edit of the priority that a colleague's stands against.
pub(crate) fn lose_a_priority(world: &World) {
    use Priority::{High, Low, Normal};
    let op = new_op(world.store.enqueue(edit(priority(0, Normal, High)), NOW));
    let partial = OpOutcome::Partial {
        at: NOW,
        applied: vec![],
        conflicts: vec![theirs(1, Normal, High, Low)],
    };
    world.store.op_result(op, &partial, NOW).unwrap();
}

fn shown(world: &World) -> Conversation {
    world.store.conversation(conv(1)).unwrap().unwrap()
}

#[test]
fn an_edit_shows_at_once_survives_a_kill_and_stays_until_the_feed_has_it() {
    use Priority::{High, Normal, Urgent};
    let mut world = World::with_conversation();
    let patch = Patch {
        add_tags: vec![" 催单 ".to_owned()],
        ..priority(0, Normal, High)
    };
    let op_id = new_op(world.store.enqueue(edit(patch.clone()), NOW));
    let again = world.store.enqueue(edit(patch), NOW).unwrap();
    assert_eq!(again.0, Enqueued::AlreadyThere, "it says so already");
    world = world.crash();
    let now = shown(&world);
    assert_eq!((now.priority, now.properties.tags.len()), (High, 1));
    assert!(now.properties.tags.contains("催单"), "cleaned");
    assert_eq!(world.store.line(conv(1)).unwrap().unwrap().priority, High);
    assert!(world.store.edit_waits(conv(1)).unwrap());
    // The next edit builds on what is shown and on the server's revision.
    assert_eq!(now.properties.priority_mark.rev, 0);
    let next = new_op(world.store.enqueue(edit(priority(0, High, Urgent)), NOW));
    assert_eq!(shown(&world).priority, Urgent);

    let editor = Editor {
        authority: Authority::Agent,
        name: "小林".to_owned(),
    };
    let mut server = conversation(1);
    server.seq = 2;
    for op in world.store.queue(0, 9).unwrap() {
        let Action::PatchConversation { patch, .. } = &op.action else {
            panic!("an edit: {op:?}");
        };
        assert_eq!(server.patch(patch, &editor, NOW + 5).unwrap().conflicts, []);
    }
    world.store.op_result(op_id, &DONE, NOW + 6).unwrap();
    assert_eq!(shown(&world).priority, Urgent, "nothing jumps back");
    world.feed(SALES, vec![put_conversation(&server)]);
    // The answer comes after the feed: there is nothing to show any more.
    world.store.op_result(next, &DONE, NOW + 6).unwrap();
    assert_eq!(shown(&world), server);
    world.feed(SALES, vec![put_conversation(&set_by_colleague(Normal, 9))]);
    assert_eq!(shown(&world).priority, Normal);
    world.store.check().unwrap();
}

#[test]
fn a_conflict_stays_until_the_agent_decides() {
    use Priority::{High, Low, Normal, Urgent};
    let mut world = World::with_conversation();
    let patch = Patch {
        add_tags: vec!["催单".to_owned()],
        ..priority(0, Normal, High)
    };
    let first = new_op(world.store.enqueue(edit(patch), NOW));
    let second = new_op(world.store.enqueue(edit(priority(0, High, Urgent)), NOW));
    let partial = |conflict: Conflict, applied: &[Field]| OpOutcome::Partial {
        at: NOW + 5,
        applied: applied.to_vec(),
        conflicts: vec![conflict],
    };
    let told = world.store.op_result(
        first,
        &partial(theirs(1, Normal, High, Low), &[Field::Tags]),
        NOW + 6,
    );
    let told = told.unwrap();
    assert!(told.tags.contains(&Tag::Outbox));
    assert_eq!(
        told.news,
        [News::Conflicted {
            conversation_id: conv(1)
        }]
    );
    assert!(
        shown(&world).properties.tags.contains("催单"),
        "that was taken"
    );
    world
        .store
        .op_result(second, &partial(theirs(1, High, Urgent, Low), &[]), NOW + 6)
        .unwrap();
    world.feed(SALES, vec![put_conversation(&set_by_colleague(Low, 1))]);
    world = world.crash();
    // One for the field: what the first had seen, what the last wanted.
    let open = world.store.conflicts().unwrap();
    assert_eq!(open.len(), 1);
    assert_eq!(open[0].conflict, theirs(1, Normal, Urgent, Low));
    assert_eq!(
        (open[0].op_id, world.store.n_conflicts().unwrap()),
        (second, 1)
    );
    assert!(world.store.line(conv(1)).unwrap().unwrap().conflict);
    assert_eq!(world.store.outbox().unwrap(), [], "nothing waits");
    // Another one may not take the store over meanwhile.
    let mut other = world.store.account().unwrap().unwrap();
    other.agent.id = crate::world::colleague().id;
    assert!(matches!(
        world.store.set_account(&other, NOW),
        Err(StoreError::OtherAccount)
    ));

    // Mine, having seen theirs.
    let end = |world: &World, value: Option<&FieldValue>| {
        world
            .store
            .end_conflict(conv(1), Field::Priority, value, NOW + 9)
    };
    let wrong = FieldValue::Category(String::new());
    assert!(matches!(
        end(&world, Some(&wrong)),
        Err(StoreError::NotFound(_))
    ));
    assert_eq!(world.store.n_conflicts().unwrap(), 1, "kept");
    let mine = new_op(end(&world, Some(&FieldValue::Priority(Urgent))));
    let sent = world.store.operation(mine).unwrap().unwrap();
    assert_eq!(sent.op.action, edit(priority(1, Low, Urgent)));
    assert_eq!(shown(&world).priority, Urgent);
    let line = world.store.line(conv(1)).unwrap().unwrap();
    assert!(!line.conflict && world.store.n_conflicts().unwrap() == 0);
    assert!(matches!(end(&world, None), Err(StoreError::NotFound(_))));

    // Theirs: nothing is sent.
    world
        .store
        .op_result(mine, &partial(theirs(2, Low, Urgent, High), &[]), NOW + 9)
        .unwrap();
    assert_eq!(end(&world, None).unwrap().0, Enqueued::AlreadyThere);
    assert_eq!(world.store.queue(0, 9).unwrap(), []);
    world.store.check().unwrap();
}

#[test]
fn a_text_in_conflict_stays_when_the_next_one_comes() {
    for (first, second, kept) in [
        ("客户要退款", "已转财务", "客户要退款\n已转财务"),
        ("客户要退款", "客户要退款，已转财务", "客户要退款，已转财务"),
        ("客户要退款，急", "客户要退款", "客户要退款，急"),
        ("客户要退款", "客户要退款", "客户要退款"),
    ] {
        let world = World::with_conversation();
        for mine in [first, second] {
            let base = shown(&world).properties.summary;
            let summary = Edit {
                rev: 0,
                base: base.clone(),
                mine: mine.to_owned(),
            };
            let patch = Patch {
                summary: Some(summary),
                ..Patch::default()
            };
            let op = new_op(world.store.enqueue(edit(patch), NOW));
            let conflict = Conflict {
                base: FieldValue::Summary(base),
                mine: FieldValue::Summary(mine.to_owned()),
                theirs: FieldValue::Summary("同事写的".to_owned()),
                ..theirs(1, Priority::Normal, Priority::High, Priority::Low)
            };
            let outcome = OpOutcome::Partial {
                at: NOW + 5,
                applied: Vec::new(),
                conflicts: vec![conflict],
            };
            world.store.op_result(op, &outcome, NOW + 6).unwrap();
        }
        let open = world.store.conflicts_of(conv(1)).unwrap();
        assert_eq!(open.len(), 1);
        let mine = FieldValue::Summary(kept.to_owned());
        assert_eq!(open[0].conflict.mine, mine, "{first} + {second}");
        world.store.check().unwrap();
    }
}

#[test]
fn what_the_agent_may_not_see_any_more_leaves_no_conflict_behind() {
    let mut world = World::with_conversation();
    lose_a_priority(&world);
    world.store.begin_summary(conv(1), NOW).unwrap();
    world
        .store
        .save_summary_draft(conv(1), Some("写到一半"), NOW)
        .unwrap();
    // It moves to another group that this desk sees too: both stay.
    let del = crate::world::del(EntityKind::Conversation, conv(1));
    let mut moved = set_by_colleague(Priority::Low, 1);
    moved.group_id = crate::world::group_id(CARE);
    let (mut cuts, mut rows) = world.batch(SALES, vec![del]);
    let (more, put) = world.batch(CARE, vec![put_conversation(&moved)]);
    cuts.extend(more);
    rows.extend(put);
    world
        .store
        .apply_batch(&cuts, &rows, &[], true, NOW)
        .unwrap();
    assert_eq!(world.store.n_conflicts().unwrap(), 1);
    let draft = world.store.summary_draft(conv(1)).unwrap().unwrap();
    assert_eq!(draft.text.as_deref(), Some("写到一半"));
    world.grant(&[CONFIG, FAQ, SALES]);
    assert_eq!(world.store.n_conflicts().unwrap(), 0);
    assert_eq!(world.store.summary_draft(conv(1)).unwrap(), None);
}

#[test]
fn a_summary_is_a_draft_with_a_base_until_it_is_saved() {
    let mut world = World::with_conversation();
    let mut server = conversation(1);
    server.seq = 2;
    server.properties.summary = "客户催发货".to_owned();
    server.properties.summary_mark.rev = 3;
    world.feed(SALES, vec![put_conversation(&server)]);
    let begun = world.store.begin_summary(conv(1), NOW).unwrap();
    assert_eq!(
        (begun.rev, begun.base.as_str(), begun.text),
        (3, "客户催发货", None)
    );
    // Nothing is typed yet: it follows what comes in.
    server.properties.summary = "客户催发货。".to_owned();
    server.properties.summary_mark.rev = 4;
    world.feed(SALES, vec![put_conversation(&server)]);
    assert_eq!(world.store.begin_summary(conv(1), NOW).unwrap().rev, 4);
    let save = |world: &World, text| world.store.save_summary_draft(conv(1), text, NOW);
    save(&world, Some("客户催发货。\n已加急")).unwrap();
    world = world.crash();
    server.properties.summary = "另一句".to_owned();
    server.properties.summary_mark.rev = 5;
    world.feed(SALES, vec![put_conversation(&server)]);
    let draft = world.store.begin_summary(conv(1), NOW).unwrap();
    assert_eq!(
        (draft.rev, draft.base.as_str()),
        (4, "客户催发货。"),
        "what was edited"
    );
    let long = "字".repeat(2_000);
    let refused = world.store.save_summary(conv(1), &long, NOW);
    assert!(matches!(refused, Err(StoreError::Patch(_))));
    assert!(
        world.store.summary_draft(conv(1)).unwrap().is_some(),
        "kept"
    );
    let op = new_op(
        world
            .store
            .save_summary(conv(1), "客户催发货。\n已加急\n", NOW),
    );
    let op = world.store.operation(op).unwrap().unwrap().op;
    let Action::PatchConversation { patch, .. } = op.action else {
        panic!("an edit");
    };
    assert_eq!(
        patch.summary,
        Some(Edit {
            rev: 4,
            base: "客户催发货。".to_owned(),
            mine: "客户催发货。\n已加急".to_owned()
        })
    );
    assert_eq!(world.store.summary_draft(conv(1)).unwrap(), None);
    // Saved as it was: nothing to send. Given up: nothing is left.
    world.store.begin_summary(conv(1), NOW).unwrap();
    let base = shown(&world).properties.summary;
    let same = world.store.save_summary(conv(1), &base, NOW).unwrap();
    assert_eq!(same.0, Enqueued::AlreadyThere);
    save(&world, Some("又写")).unwrap();
    save(&world, None).unwrap();
    assert_eq!(world.store.summary_draft(conv(1)).unwrap(), None);
}

#[test]
fn what_follows_a_refused_reply_waits_with_it_and_goes_with_it() {
    let world = World::with_conversation();
    let first = world.send(100, 2, "您好");
    let second = world.send(101, 2, "已经加急");
    let resolve = new_op(world.store.enqueue(
        Action::Resolve {
            conversation_id: conv(1),
        },
        NOW,
    ));
    let tags = Patch {
        add_tags: vec!["催单".to_owned()],
        ..Patch::default()
    };
    new_op(world.store.enqueue(edit(tags), NOW));
    let after: Vec<_> = world
        .store
        .queue(0, 9)
        .unwrap()
        .iter()
        .map(|op| op.after)
        .collect();
    assert_eq!(after, [None, Some(first), Some(second), None]);
    let refuse = |op, code| {
        let refused = OpOutcome::Refused { code };
        world.store.op_result(op, &refused, NOW).unwrap();
    };
    refuse(first, Code::StaleReply);
    refuse(second, Code::AfterRefused);
    refuse(resolve, Code::AfterRefused);
    assert_eq!(world.store.outbox_counts().unwrap(), (1, 3));
    world.store.retry(first, 2, NOW).unwrap();
    assert_eq!(world.store.outbox_counts().unwrap(), (4, 0));
    let queue = world.store.queue(0, 9).unwrap();
    let chain: Vec<_> = queue.iter().map(|op| (op.after, op.id)).collect();
    assert_eq!(chain[1].0, None);
    assert_eq!(chain[2].0, Some(chain[1].1));
    assert_eq!(chain[3].0, Some(chain[2].1));
    assert!(matches!(queue[3].action, Action::Resolve { .. }));

    // One alone, once the agent has given the others up.
    refuse(chain[1].1, Code::StaleReply);
    refuse(chain[2].1, Code::AfterRefused);
    refuse(chain[3].1, Code::AfterRefused);
    world.store.discard(chain[1].1, NOW).unwrap();
    assert_eq!(world.store.outbox_counts().unwrap(), (1, 2));
    world.store.retry(chain[2].1, 2, NOW).unwrap();
    assert_eq!(world.store.outbox_counts().unwrap(), (3, 0));
    world.store.check().unwrap();
}

#[test]
fn a_reply_does_not_hang_on_an_edit() {
    let world = World::with_conversation();
    let tags = Patch {
        add_tags: vec!["催单".to_owned()],
        ..Patch::default()
    };
    new_op(world.store.enqueue(edit(tags), NOW));
    new_op(world.store.enqueue(send_action(100, 2, "您好"), NOW));
    assert_eq!(world.store.queue(1, 9).unwrap()[0].after, None);
}
