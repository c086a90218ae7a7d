//! Edits of a conversation's properties.

use lt_model::{
    agent::Role,
    conversation::Conversation,
    id::ConversationId,
    merge::{Authority, Edit},
    message::{Content, Event},
    priority::Priority,
    properties::{Field, FieldValue, Patch},
};
use lt_protocol::{
    code::Code,
    sync::{Action, OpOutcome},
};

use crate::world::{T0, World, refused, send};

fn edit(conversation_id: ConversationId, patch: Patch) -> Action {
    Action::PatchConversation {
        conversation_id,
        patch,
    }
}

fn priority(seen: &Conversation, mine: Priority) -> Patch {
    Patch {
        priority: Some(Edit {
            rev: seen.properties.priority_mark.rev,
            base: seen.priority,
            mine,
        }),
        ..Patch::default()
    }
}

fn summary(seen: &Conversation, mine: &str) -> Patch {
    Patch {
        summary: Some(Edit {
            rev: seen.properties.summary_mark.rev,
            base: seen.properties.summary.clone(),
            mine: mine.to_owned(),
        }),
        ..Patch::default()
    }
}

fn tag(tag: &str) -> Patch {
    Patch {
        add_tags: vec![tag.to_owned()],
        ..Patch::default()
    }
}

#[test]
fn what_goes_together_merges_and_the_rest_comes_back_to_its_author() {
    let world = World::new();
    let mut first = world.agent("wang", Role::Agent, &["售前组"]);
    let mut second = world.agent("li", Role::Agent, &["售前组"]);
    let visitor = world.visitor("");
    world.say(&visitor, "转人工", T0 + 1);
    let seen = world.conversation(&visitor);
    let history = world.bo.visitor_messages(&visitor, 0).unwrap();

    // Both edited while neither saw the other.
    let one = Patch {
        add_tags: vec!["催单".to_owned()],
        summary: summary(&seen, "客户：\n催发货").summary,
        ..priority(&seen, Priority::High)
    };
    let outcome = first.act(&world, edit(seen.id, one), T0 + 2);
    assert_eq!(outcome, OpOutcome::Done { at: T0 + 2 });
    let other = second.op(edit(
        seen.id,
        Patch {
            add_tags: vec!["老客".to_owned()],
            ..priority(&seen, Priority::Low)
        },
    ));
    let outcome = world.bo.apply(&second.principal, &other, T0 + 3).unwrap();
    let OpOutcome::Partial {
        at,
        applied,
        conflicts,
    } = &outcome
    else {
        panic!("in part: {outcome:?}");
    };
    assert_eq!((*at, applied.as_slice()), (T0 + 3, &[Field::Tags][..]));
    assert_eq!(conflicts.len(), 1);
    assert_eq!(conflicts[0].base, FieldValue::Priority(seen.priority));
    assert_eq!(conflicts[0].mine, FieldValue::Priority(Priority::Low));
    assert_eq!(conflicts[0].theirs, FieldValue::Priority(Priority::High));
    assert_eq!(
        (conflicts[0].authority, conflicts[0].at),
        (Authority::Agent, T0 + 2)
    );
    let audited = world.last_audit();
    assert_eq!(
        audited,
        ["conversation.patch", "allowed", "conflict:priority"]
    );
    // The same operation again gets the same answer and changes nothing.
    let n_audited = world.n_audited();
    let again = world.bo.apply(&second.principal, &other, T0 + 9).unwrap();
    assert_eq!((again, world.n_audited()), (outcome.clone(), n_audited));

    let now = world.conversation(&visitor);
    assert_eq!(now.priority, Priority::High);
    let tags: Vec<_> = now.properties.tags.iter().map(String::as_str).collect();
    assert_eq!(tags, ["催单", "老客"]);
    assert_eq!(now.last_message_at, seen.last_message_at, "nobody wrote");
    let events: Vec<_> = world
        .messages(&first.principal, seen.id)
        .into_iter()
        .filter_map(|message| match message.content {
            Content::Event(event @ Event::Prioritised { .. }) => Some(event),
            _ => None,
        })
        .collect();
    assert!(
        matches!(
            &events[..],
            [Event::Prioritised {
                to: Priority::High,
                ..
            }]
        ),
        "{events:?}"
    );
    // What agents keep among themselves is no message to the customer.
    assert_eq!(world.bo.visitor_messages(&visitor, 0).unwrap(), history);

    // Lines of the summary merge; the same line does not.
    let seen = now;
    first.act(
        &world,
        edit(seen.id, summary(&seen, "客户：\n催发货，已加急")),
        T0 + 4,
    );
    let outcome = second.act(
        &world,
        edit(seen.id, summary(&seen, "客户张：\n催发货")),
        T0 + 5,
    );
    assert_eq!(outcome, OpOutcome::Done { at: T0 + 5 });
    let merged = world.conversation(&visitor).properties.summary;
    assert_eq!(merged, "客户张：\n催发货，已加急");
    let outcome = second.act(
        &world,
        edit(seen.id, summary(&seen, "客户：\n不催了")),
        T0 + 6,
    );
    assert!(
        matches!(&outcome, OpOutcome::Partial { applied, .. } if applied.is_empty()),
        "{outcome:?}"
    );
    assert_eq!(world.conversation(&visitor).properties.summary, merged);
}

#[test]
fn a_lead_outweighs_an_agent_and_a_person_the_engine() {
    let world = World::new();
    let mut agent = world.agent("wang", Role::Agent, &["售前组"]);
    let mut lead = world.agent("zhang", Role::TeamLead, &["售前组"]);
    let visitor = world.visitor("");
    world.say(&visitor, "转人工", T0 + 1);
    let seen = world.conversation(&visitor);
    agent.act(
        &world,
        edit(seen.id, priority(&seen, Priority::High)),
        T0 + 2,
    );
    let outcome = lead.act(
        &world,
        edit(seen.id, priority(&seen, Priority::Low)),
        T0 + 3,
    );
    assert_eq!(outcome, OpOutcome::Done { at: T0 + 3 }, "over an agent's");
    let outcome = agent.act(
        &world,
        edit(seen.id, priority(&seen, Priority::Urgent)),
        T0 + 4,
    );
    assert!(matches!(outcome, OpOutcome::Partial { .. }), "{outcome:?}");
    assert_eq!(world.conversation(&visitor).priority, Priority::Low);

    // What would be urgent to the engine is not, where a person has said so.
    world.say(&visitor, "再不退款我就去12315投诉，找律师起诉你们", T0 + 5);
    assert_eq!(world.conversation(&visitor).priority, Priority::Low);
    // Where nobody has, it is.
    let other = world.visitor("");
    world.say(&other, "转人工", T0 + 6);
    world.say(&other, "再不退款我就去12315投诉，找律师起诉你们", T0 + 7);
    assert_eq!(world.conversation(&other).priority, Priority::Urgent);
}

#[test]
fn only_what_is_seen_and_makes_sense_is_edited() {
    let world = World::new();
    let mut desk = world.agent("wang", Role::Agent, &["售前组"]);
    let mut stranger = world.agent("li", Role::Agent, &["售后组"]);
    let visitor = world.visitor("");
    world.say(&visitor, "转人工", T0 + 1);
    let seen = world.conversation(&visitor);
    let outcome = stranger.act(&world, edit(seen.id, tag("催单")), T0 + 2);
    assert_eq!(outcome, refused(Code::NotFound), "as if it were not there");
    for (patch, code) in [
        (Patch::default(), Code::Empty),
        (tag(" "), Code::Empty),
        (tag(&"长".repeat(25)), Code::TooLarge),
        (summary(&seen, &"字".repeat(1_400)), Code::TooLarge),
    ] {
        let outcome = desk.act(&world, edit(seen.id, patch), T0 + 3);
        assert_eq!(outcome, refused(code));
        assert_eq!(world.last_audit()[1], "denied");
    }
    assert_eq!(world.conversation(&visitor), seen);
    // Resolved ones may be: the summary is written at the end.
    let resolve = Action::Resolve {
        conversation_id: seen.id,
    };
    desk.act(&world, resolve, T0 + 4);
    let outcome = desk.act(&world, edit(seen.id, tag("已解决")), T0 + 5);
    assert_eq!(outcome, OpOutcome::Done { at: T0 + 5 });
}

#[test]
fn what_follows_a_refused_operation_is_refused_with_it() {
    let world = World::new();
    let mut desk = world.agent("wang", Role::Agent, &["售前组"]);
    let visitor = world.visitor("");
    world.say(&visitor, "转人工", T0 + 1);
    let conversation = world.conversation(&visitor);
    let stale = desk.op(send(conversation.id, "好的", 0));
    let mut resolve = desk.op(Action::Resolve {
        conversation_id: conversation.id,
    });
    resolve.after = Some(stale.id);
    let mut later = desk.op(send(conversation.id, "再见", conversation.seq));
    later.after = Some(resolve.id);
    let apply = |op| world.bo.apply(&desk.principal, op, T0 + 2).unwrap();
    assert_eq!(apply(&stale), refused(Code::StaleReply));
    assert_eq!(apply(&resolve), refused(Code::AfterRefused));
    assert_eq!(
        apply(&later),
        refused(Code::AfterRefused),
        "and what follows that"
    );
    assert_eq!(world.conversation(&visitor), conversation);

    let sent = desk.op(send(conversation.id, "好的", conversation.seq));
    let mut resolve = desk.op(Action::Resolve {
        conversation_id: conversation.id,
    });
    resolve.after = Some(sent.id);
    let apply = |op| world.bo.apply(&desk.principal, op, T0 + 3).unwrap();
    assert_eq!(apply(&sent), OpOutcome::Done { at: T0 + 3 });
    assert_eq!(apply(&resolve), OpOutcome::Done { at: T0 + 3 });
}
