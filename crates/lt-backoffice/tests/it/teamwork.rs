//! Notes, taking back, answers to one message, canned replies, who is looking.

use lt_backoffice::Hint;
use lt_model::{
    agent::{Doing, Role},
    canned::{Canned, CannedDraft, CannedEdit, CannedScope, MacroAct},
    change::EntityKind,
    conversation::Conversation,
    id::{AgentId, CannedId, MessageId},
    message::{Content, Delivery, RECALL_WINDOW_MS},
};
use lt_protocol::{
    code::Code,
    sync::{Action, Composed, Entity, OpOutcome, RowChange},
};

use crate::{
    hints::words,
    world::{Desk, T0, World, code, id, refused, send},
};

const SECRET: &str = "这位客户上月投诉过，先别退款";

fn note(conversation: &Conversation, mentions: &[AgentId]) -> Action {
    Action::AddNote {
        conversation_id: conversation.id,
        message_id: id(),
        text: SECRET.to_owned(),
        mentions: mentions.to_vec(),
    }
}

fn done(at: i64) -> OpOutcome {
    OpOutcome::Done { at }
}

#[test]
fn a_note_never_reaches_the_customer() {
    let world = World::new();
    let mut wang = world.agent("wang", Role::Agent, &["售前组"]);
    let li = world.agent("li", Role::Agent, &["售前组"]);
    let zhao = world.agent("zhao", Role::Agent, &["售后组"]);
    let visitor = world.visitor("张三");
    world.say(&visitor, "转人工", T0 + 1);
    let before = world.conversation(&visitor);
    let state = world.bo.visitor_state(&visitor, T0 + 5).unwrap();
    let seen = world.bo.visitor_messages(&visitor, 0).unwrap();
    let mut hints = world.bo.hints();

    let named = [li.principal.agent.id, zhao.principal.agent.id, id()];
    assert_eq!(
        wang.act(&world, note(&before, &named), T0 + 5),
        done(T0 + 5)
    );

    // The colleagues have it, and who does not see the conversation is not named.
    let messages = world.messages(&li.principal, before.id);
    let written = messages.last().unwrap();
    let Content::Note { text, mentions } = &written.content else {
        panic!("{:?}", written.content);
    };
    assert_eq!(text, SECRET);
    assert_eq!(mentions, &[li.principal.agent.id]);

    // Nothing of it is on the chat page: no text, no event line, no hint, no other state.
    assert_eq!(world.bo.visitor_messages(&visitor, 0).unwrap(), seen);
    assert_eq!(world.bo.visitor_state(&visitor, T0 + 5).unwrap(), state);
    let page = serde_json::to_string(&world.bo.visitor_messages(&visitor, 0).unwrap()).unwrap();
    assert!(!page.contains("投诉"));
    let told: Vec<Hint> = std::iter::from_fn(|| hints.try_recv().ok()).collect();
    assert!(!told.is_empty(), "the desks were told");
    assert!(
        !told
            .iter()
            .any(|hint| matches!(hint, Hint::Contact(_) | Hint::AgentTyping { .. })),
        "{told:?}"
    );

    // Nobody took the conversation, and the customer waits on.
    let after = world.conversation(&visitor);
    assert_eq!(after.handler, before.handler);
    assert_eq!(after.waiting_since, before.waiting_since);
    assert_eq!(after.last_message_at, before.last_message_at);

    // Neither is it read by the customer, however far the page has read.
    world.bo.visitor_read(&visitor, 1_000, T0 + 9).unwrap();
    let messages = world.messages(&li.principal, before.id);
    assert_eq!(messages.last().unwrap().delivery, Delivery::Sent);
    // What comes after it does.
    let conversation = world.conversation(&visitor);
    assert_eq!(
        wang.reply(&world, &conversation, "您好", T0 + 10),
        done(T0 + 10)
    );
    let last = world.bo.visitor_messages(&visitor, 0).unwrap();
    assert_eq!(last.last().unwrap().text, "您好");
}

#[test]
fn a_colleagues_note_does_not_stop_a_reply() {
    let world = World::new();
    let mut wang = world.agent("wang", Role::Agent, &["售前组"]);
    let mut li = world.agent("li", Role::Agent, &["售前组"]);
    let visitor = world.visitor("");
    world.say(&visitor, "转人工", T0 + 1);
    let seen = world.conversation(&visitor);
    assert_eq!(li.act(&world, note(&seen, &[]), T0 + 2), done(T0 + 2));
    assert_eq!(wang.reply(&world, &seen, "您好", T0 + 3), done(T0 + 3));
    let too_long = Action::AddNote {
        conversation_id: seen.id,
        message_id: id(),
        text: " ".to_owned(),
        mentions: Vec::new(),
    };
    assert_eq!(wang.act(&world, too_long, T0 + 4), refused(Code::Empty));
}

fn recall(conversation: &Conversation, message_id: MessageId) -> Action {
    Action::Recall {
        conversation_id: conversation.id,
        message_id,
    }
}

/// An agent has answered a customer; the id of the answer.
fn answered(
    world: &World,
    wang: &mut Desk,
    now: i64,
) -> (lt_backoffice::visitor::Visitor, MessageId) {
    let visitor = world.visitor("");
    world.say(&visitor, "转人工", now);
    let conversation = world.conversation(&visitor);
    assert_eq!(
        wang.reply(world, &conversation, "发错了", now + 5),
        done(now + 5)
    );
    let sent = world.bo.visitor_messages(&visitor, 0).unwrap();
    (visitor, sent.last().unwrap().id)
}

#[test]
fn what_is_taken_back_leaves_the_page_and_both_sides_are_told() {
    let world = World::new();
    let mut wang = world.agent("wang", Role::Agent, &["售前组"]);
    let mut li = world.agent("li", Role::Agent, &["售前组"]);
    let (visitor, sent) = answered(&world, &mut wang, T0 + 1);
    let conversation = world.conversation(&visitor);
    assert_eq!(
        li.act(&world, recall(&conversation, sent), T0 + 10),
        refused(Code::Forbidden),
        "a colleague's"
    );
    assert_eq!(
        wang.act(&world, recall(&conversation, id()), T0 + 10),
        refused(Code::NotFound)
    );
    let mut hints = world.bo.hints();
    let at = T0 + 5 + RECALL_WINDOW_MS;
    assert_eq!(wang.act(&world, recall(&conversation, sent), at), done(at));
    let told: Vec<Hint> = std::iter::from_fn(|| hints.try_recv().ok()).collect();
    assert!(told.contains(&Hint::Contact(visitor.contact_id)));

    let shown = world.bo.visitor_messages(&visitor, 0).unwrap();
    assert!(shown.iter().all(|message| message.id != sent));
    assert!(shown.last().unwrap().text.contains("撤回了一条消息"));
    assert_eq!(
        world.bo.visitor_state(&visitor, T0 + 5).unwrap().recalled,
        [sent]
    );
    let messages = world.messages(&li.principal, conversation.id);
    let taken = messages.iter().find(|message| message.id == sent).unwrap();
    assert_eq!(taken.delivery, Delivery::Recalled);
    assert_eq!(taken.text(), Some("发错了"), "the desk keeps what was said");
    // Twice is no change; a page that reads on does not bring it back.
    assert_eq!(
        wang.act(&world, recall(&conversation, sent), at + 1),
        done(at + 1)
    );
    world.bo.visitor_read(&visitor, 1_000, at + 2).unwrap();
    assert_eq!(
        world.bo.visitor_state(&visitor, T0 + 5).unwrap().recalled,
        [sent]
    );
    assert_eq!(
        wang.act(&world, note(&conversation, &[]), at + 3),
        done(at + 3)
    );
}

#[test]
fn what_was_written_long_ago_stays() {
    let world = World::new();
    let mut wang = world.agent("wang", Role::Agent, &["售前组"]);
    let (visitor, sent) = answered(&world, &mut wang, T0 + 1);
    let conversation = world.conversation(&visitor);
    let late = T0 + RECALL_WINDOW_MS + 60_000;
    let outcome = wang.act(&world, recall(&conversation, sent), late);
    assert_eq!(outcome, refused(Code::IllegalState));
    assert!(
        world
            .bo
            .visitor_state(&visitor, T0 + 5)
            .unwrap()
            .recalled
            .is_empty()
    );
}

#[test]
fn an_answer_to_one_message_shows_which() {
    let world = World::new();
    let mut wang = world.agent("wang", Role::Agent, &["售前组"]);
    let visitor = world.visitor("");
    world.say(&visitor, "转人工，订单什么时候发货", T0 + 1);
    let conversation = world.conversation(&visitor);
    let asked = world.messages(&wang.principal, conversation.id)[0].id;
    let answering = |to: MessageId, seen_seq, text: &str| {
        let mut action = send(conversation.id, text, seen_seq);
        if let Action::SendMessage { composed, .. } = &mut action {
            composed.reply_to = Some(to);
        }
        action
    };
    let first = answering(asked, conversation.seq, "明天发");
    assert_eq!(wang.act(&world, first, T0 + 5), done(T0 + 5));
    let shown = world.bo.visitor_messages(&visitor, 0).unwrap();
    assert!(shown.last().unwrap().quote.contains("什么时候发货"));

    // A note is nothing that a customer could know.
    let Action::AddNote { message_id, .. } = note(&conversation, &[]) else {
        unreachable!()
    };
    let secret = Action::AddNote {
        conversation_id: conversation.id,
        message_id,
        text: SECRET.to_owned(),
        mentions: Vec::new(),
    };
    assert_eq!(wang.act(&world, secret, T0 + 6), done(T0 + 6));
    let seq = world.conversation(&visitor).seq;
    let outcome = wang.act(&world, answering(message_id, seq, "好的"), T0 + 7);
    assert_eq!(outcome, done(T0 + 7));
    let shown = world.bo.visitor_messages(&visitor, 0).unwrap();
    assert_eq!(shown.last().unwrap().quote, "");
    assert!(!serde_json::to_string(&shown).unwrap().contains("投诉"));
}

fn edit(id: CannedId, base: u64, scope: CannedScope, text: &str) -> Action {
    let draft = CannedDraft {
        scope,
        folder: "售后/退款".to_owned(),
        title: "退款到账".to_owned(),
        shortcode: "tk".to_owned(),
        text: text.to_owned(),
        acts: vec![MacroAct::AddTag {
            tag: "退款".to_owned(),
        }],
        files: Vec::new(),
    };
    Action::SaveCanned {
        items: vec![CannedEdit { id, base, draft }],
    }
}

/// The canned replies that somebody has, by the rows they received.
fn canned_of(world: &World, desk: &Desk) -> Vec<Canned> {
    let mut found: Vec<Canned> = Vec::new();
    for row in world.rows(&desk.principal) {
        match row.change {
            RowChange::Put {
                entity: Entity::Canned(canned),
            } => {
                found.retain(|known| known.id != canned.id);
                found.push(*canned);
            }
            RowChange::Del {
                entity: EntityKind::Canned,
                id,
            } => found.retain(|known| known.id.to_string() != id),
            _ => {}
        }
    }
    found
}

#[test]
fn canned_replies_are_written_by_leads_and_found_in_their_scope() {
    let world = World::new();
    let mut wang = world.agent("wang", Role::Agent, &["售前组"]);
    let mut lead = world.agent("lead", Role::TeamLead, &["售前组"]);
    let zhao = world.agent("zhao", Role::Agent, &["售后组"]);
    let one: CannedId = id();
    let sales = CannedScope::Group {
        group: world.group("售前组"),
    };
    let care = CannedScope::Group {
        group: world.group("售后组"),
    };
    let all = CannedScope::All;
    assert_eq!(
        wang.act(&world, edit(one, 0, all, "三天"), T0 + 1),
        refused(Code::Forbidden)
    );
    assert_eq!(
        lead.act(&world, edit(one, 0, care, "三天"), T0 + 1),
        refused(Code::NotFound),
        "another group's"
    );
    assert_eq!(
        lead.act(&world, edit(one, 0, CannedScope::Own, "三天"), T0 + 1),
        refused(Code::BadRequest),
        "one's own stay at the desk"
    );
    assert_eq!(
        lead.act(&world, edit(one, 0, sales, "三天"), T0 + 2),
        done(T0 + 2)
    );
    assert_eq!(canned_of(&world, &wang).len(), 1);
    assert!(canned_of(&world, &zhao).is_empty());

    // Whoever had not seen that is stopped; saying the same again is no change.
    assert_eq!(
        lead.act(&world, edit(one, 0, all, "七天"), T0 + 3),
        refused(Code::ChangedMeanwhile)
    );
    assert_eq!(
        lead.act(&world, edit(one, 0, sales, "三天"), T0 + 3),
        done(T0 + 3)
    );
    assert_eq!(
        lead.act(&world, edit(one, 1, all, "七天"), T0 + 4),
        done(T0 + 4)
    );
    let found = canned_of(&world, &zhao);
    assert_eq!(
        (found[0].edition, found[0].draft.text.as_str()),
        (2, "七天")
    );
    assert_eq!(canned_of(&world, &wang), found, "once, although it moved");

    let remove = Action::RemoveCanned { ids: vec![one] };
    assert_eq!(
        wang.act(&world, remove.clone(), T0 + 5),
        refused(Code::Forbidden)
    );
    assert_eq!(lead.act(&world, remove.clone(), T0 + 5), done(T0 + 5));
    assert!(canned_of(&world, &zhao).is_empty() && canned_of(&world, &wang).is_empty());
    assert_eq!(
        lead.act(&world, remove, T0 + 6),
        done(T0 + 6),
        "gone already"
    );
}

#[test]
fn use_is_counted_with_the_reply_and_told_on_seldom() {
    let world = World::new();
    let mut wang = world.agent("wang", Role::Agent, &["售前组"]);
    let mut lead = world.agent("lead", Role::TeamLead, &["售前组"]);
    let one: CannedId = id();
    assert_eq!(
        lead.act(&world, edit(one, 0, CannedScope::All, "三天"), T0 + 1),
        done(T0 + 1)
    );
    let visitor = world.visitor("");
    world.say(&visitor, "转人工", T0 + 2);
    for n in 0..30 {
        let conversation = world.conversation(&visitor);
        let mut action = send(conversation.id, "三天", conversation.seq);
        if let Action::SendMessage { composed, .. } = &mut action {
            *composed = Composed {
                reply_to: None,
                // One that is not there any more does no harm.
                canned: vec![one, one, id()],
            };
        }
        assert_eq!(wang.act(&world, action, T0 + 10 + n), done(T0 + 10 + n));
    }
    assert_eq!(world.number("SELECT used FROM canned"), 30);
    let told = canned_of(&world, &wang)[0].used;
    assert!((27..=30).contains(&told), "{told}");
    let n_rows = world.number("SELECT rev FROM canned");
    assert!(n_rows < 25, "{n_rows} rows for thirty uses");
    // An edit keeps the count.
    assert_eq!(
        lead.act(&world, edit(one, 1, CannedScope::All, "七天"), T0 + 90),
        done(T0 + 90)
    );
    assert_eq!(canned_of(&world, &wang)[0].used, 30);
}

#[test]
fn colleagues_hear_who_is_looking_and_others_do_not() {
    let world = World::new();
    let wang = world.agent("wang", Role::Agent, &["售前组"]);
    let zhao = world.agent("zhao", Role::Agent, &["售后组"]);
    let visitor = world.visitor("");
    world.say(&visitor, "转人工", T0 + 1);
    let id = world.conversation(&visitor).id;
    let mut hints = world.bo.hints();
    world
        .bo
        .agent_watching(&wang.principal, id, Doing::Viewing)
        .unwrap();
    let [
        Hint::Colleague {
            conversation,
            agent,
            doing,
            ..
        },
    ] = words(&mut hints)[..]
    else {
        panic!("nobody was told");
    };
    assert_eq!(
        (conversation, agent, doing),
        (id, wang.principal.agent.id, Doing::Viewing)
    );
    let outcome = world.bo.agent_watching(&zhao.principal, id, Doing::Typing);
    assert_eq!(code(outcome), Some(Code::NotFound));
    assert_eq!(words(&mut hints), []);
}
