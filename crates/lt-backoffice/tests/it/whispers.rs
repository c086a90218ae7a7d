//! What leads and the agent at a conversation whisper to each other, and who does not hear it.

use lt_backoffice::{Hint, Principal};
use lt_model::{
    agent::Role,
    change::EntityKind,
    conversation::Conversation,
    id::AgentId,
    routing::TransferTo,
    whisper::{Whisper, WhisperDraft},
};
use lt_protocol::{
    code::Code,
    sync::{Action, Entity, OpOutcome, RowChange},
};

use crate::world::{Desk, T0, World, id, refused};

const SECRET: &str = "先安抚，别承诺赔付";

fn whisper(conversation: &Conversation, agent: AgentId, text: &str) -> Action {
    Action::Whisper {
        conversation_id: conversation.id,
        whisper: WhisperDraft {
            id: id(),
            agent,
            text: text.to_owned(),
        },
    }
}

/// What somebody has heard and not lost again.
fn heard(world: &World, principal: &Principal) -> Vec<Whisper> {
    let mut found: Vec<Whisper> = Vec::new();
    for row in world.rows(principal) {
        match row.change {
            RowChange::Put {
                entity: Entity::Whisper(one),
            } => {
                found.retain(|known| known.id != one.id);
                found.push(*one);
            }
            RowChange::Del {
                entity: EntityKind::Whisper,
                id,
            } => found.retain(|known| known.id.to_string() != id),
            RowChange::Put { .. } | RowChange::Del { .. } => {}
        }
    }
    found
}

fn done(at: i64) -> OpOutcome {
    OpOutcome::Done { at }
}

/// An agent at a conversation, their lead, and a colleague.
fn at_work(
    world: &World,
) -> (
    Desk,
    Desk,
    Desk,
    lt_backoffice::visitor::Visitor,
    Conversation,
) {
    let mut wang = world.agent("wang", Role::Agent, &["售前组"]);
    let lead = world.agent("lead", Role::TeamLead, &["售前组"]);
    let li = world.agent("li", Role::Agent, &["售前组"]);
    let visitor = world.visitor("张三");
    world.say(&visitor, "转人工", T0 + 1);
    let conversation = world.conversation(&visitor);
    let claim = Action::Claim {
        conversation_id: conversation.id,
    };
    assert_eq!(wang.act(world, claim, T0 + 2), done(T0 + 2));
    let conversation = world.conversation(&visitor);
    (wang, lead, li, visitor, conversation)
}

#[test]
fn a_whisper_is_heard_by_the_agent_and_the_leads_alone() {
    let world = World::new();
    let (mut wang, mut lead, mut li, visitor, before) = at_work(&world);
    let elsewhere = world.agent("other", Role::TeamLead, &["售后组"]);
    let agent = wang.principal.agent.id;
    let page = world.bo.visitor_messages(&visitor, 0).unwrap();
    let state = world.bo.visitor_state(&visitor, T0 + 5).unwrap();
    let mut hints = world.bo.hints();

    let said = lead.act(&world, whisper(&before, agent, SECRET), T0 + 5);
    assert_eq!(said, done(T0 + 5));
    assert_eq!(world.last_audit()[..2], ["whisper.send", "allowed"]);
    for principal in [&wang.principal, &lead.principal] {
        let heard = heard(&world, principal);
        assert_eq!(heard.len(), 1);
        assert_eq!(heard[0].text, SECRET);
        assert_eq!(heard[0].after_seq, before.seq);
    }
    for principal in [&li.principal, &elsewhere.principal] {
        let all = serde_json::to_string(&world.rows(principal)).unwrap();
        assert!(!all.contains("安抚"), "a colleague hears nothing");
    }

    // The chat page has no word, no state, no hint of it; nor has the conversation moved.
    assert_eq!(world.bo.visitor_messages(&visitor, 0).unwrap(), page);
    assert_eq!(world.bo.visitor_state(&visitor, T0 + 5).unwrap(), state);
    assert_eq!(world.conversation(&visitor), before);
    let told: Vec<Hint> = std::iter::from_fn(|| hints.try_recv().ok()).collect();
    assert!(told.iter().any(|hint| matches!(hint, Hint::Streams(_))));
    let to_the_page = |hint: &Hint| matches!(hint, Hint::Contact(_) | Hint::AgentTyping { .. });
    assert!(!told.iter().any(to_the_page), "{told:?}");

    // The agent answers the leads; a colleague may do neither.
    let answer = wang.act(&world, whisper(&before, agent, "明白"), T0 + 6);
    assert_eq!(answer, done(T0 + 6));
    assert_eq!(heard(&world, &lead.principal).len(), 2);
    let meddling = li.act(&world, whisper(&before, agent, "我来"), T0 + 7);
    assert_eq!(meddling, refused(Code::Forbidden));
    let as_if = whisper(&before, li.principal.agent.id, "我来");
    assert_eq!(li.act(&world, as_if, T0 + 8), refused(Code::HeldByOther));
    let empty = whisper(&before, agent, " \n");
    assert_eq!(lead.act(&world, empty, T0 + 9), refused(Code::Empty));

    // The next reply is the next message, as if nothing had been said.
    let reply = wang.reply(&world, &before, "您好", T0 + 10);
    assert_eq!(reply, done(T0 + 10));
    assert_eq!(world.conversation(&visitor).seq, before.seq + 1);
}

#[test]
fn what_was_meant_for_one_agent_is_not_said_to_the_next() {
    let world = World::new();
    let (wang, mut lead, li, _visitor, before) = at_work(&world);
    let agent = wang.principal.agent.id;
    let take_over = Action::TakeOver {
        conversation_id: before.id,
    };
    assert_eq!(lead.act(&world, take_over, T0 + 3), done(T0 + 3));
    let late = lead.act(&world, whisper(&before, agent, SECRET), T0 + 4);
    assert_eq!(late, refused(Code::HeldByOther));
    assert!(heard(&world, &li.principal).is_empty());
}

#[test]
fn whispers_go_with_the_conversation_and_with_the_rights() {
    let world = World::new();
    let (wang, mut lead, _li, _visitor, before) = at_work(&world);
    let after_sale = world.agent("after", Role::TeamLead, &["售后组"]);
    let agent = wang.principal.agent.id;
    let said = lead.act(&world, whisper(&before, agent, SECRET), T0 + 5);
    assert_eq!(said, done(T0 + 5));
    let transfer = Action::Transfer {
        conversation_id: before.id,
        to: TransferTo::Group {
            group_id: world.group("售后组"),
        },
        note: String::new(),
    };
    assert_eq!(lead.act(&world, transfer, T0 + 6), done(T0 + 6));
    assert!(
        heard(&world, &lead.principal).is_empty(),
        "it has left the group"
    );
    assert!(
        heard(&world, &wang.principal).is_empty(),
        "and the agent's desk"
    );
    assert_eq!(heard(&world, &after_sale.principal).len(), 1);
}
