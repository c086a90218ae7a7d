use uuid::Uuid;

use super::*;

fn agent(n: u128) -> AgentId {
    AgentId(Uuid::from_u128(n))
}

pub(crate) fn open() -> Conversation {
    Conversation {
        id: ConversationId(Uuid::from_u128(1)),
        number: 1,
        inbox_id: InboxId(Uuid::from_u128(1)),
        channel: ChannelKind::Web,
        contact_id: ContactId(Uuid::from_u128(1)),
        group_id: GroupId(Uuid::from_u128(1)),
        status: Status::Open,
        handler: Handler::Bot,
        priority: Priority::Normal,
        reasons: Vec::new(),
        category: String::new(),
        intent: String::new(),
        waiting_since: None,
        first_reply_at: None,
        last_customer_at: None,
        last_message_at: 0,
        seq: 0,
        reopened_count: 0,
        agent_read_seq: 0,
        customer_read_seq: 0,
        failed_turns: 0,
        dialogue: crate::dialogue::Dialogue::default(),
        properties: Properties::default(),
        created_at: 0,
        resolved_at: None,
    }
}

#[test]
fn second_agent_is_stopped_and_told_who() {
    let mut conversation = open();
    conversation.claim(agent(1)).unwrap();
    conversation.claim(agent(1)).unwrap();
    assert_eq!(conversation.claim(agent(2)), Err(Illegal::HeldBy(agent(1))));
    assert_eq!(
        conversation.agent_wrote(agent(2), 0, 5),
        Err(Illegal::HeldBy(agent(1)))
    );
    assert_eq!(
        conversation.resolve(agent(2), false, 5),
        Err(Illegal::HeldBy(agent(1)))
    );
    assert_eq!(conversation.resolve(agent(2), true, 5), Ok(()));
}

#[test]
fn a_reply_over_unseen_messages_is_refused() {
    let mut conversation = open();
    conversation.seq = 4;
    assert_eq!(
        conversation.agent_wrote(agent(1), 3, 9),
        Err(Illegal::Stale { seen: 3, last: 4 })
    );
    assert_eq!(
        conversation.handler,
        Handler::Bot,
        "a refused reply changes nothing"
    );
    conversation.agent_wrote(agent(1), 4, 9).unwrap();
    assert_eq!(conversation.first_reply_at, Some(9));
}

#[test]
fn the_customer_reopens_within_the_window_inclusive() {
    for (after, reopens) in [
        (0, true),
        (REOPEN_WINDOW_MS, true),
        (REOPEN_WINDOW_MS + 1, false),
    ] {
        let mut conversation = open();
        conversation.resolve(agent(1), false, 1_000).unwrap();
        let result = conversation.customer_wrote(1_000 + after);
        assert_eq!(result.is_ok(), reopens, "{after} ms after");
        assert_eq!(conversation.status == Status::Open, reopens);
        assert_eq!(conversation.reopened_count, u32::from(reopens));
    }
}

#[test]
fn the_waiting_clock_starts_once_and_stops_with_a_reply() {
    let mut conversation = open();
    conversation.customer_wrote(10).unwrap();
    conversation.customer_wrote(20).unwrap();
    assert_eq!(conversation.waiting_since, Some(10));
    conversation.bot_replied(25);
    assert_eq!(conversation.waiting_since, None);
    conversation.customer_wrote(30).unwrap();
    conversation.hand_over(GroupId(Uuid::from_u128(2))).unwrap();
    assert_eq!(conversation.waiting_since, Some(30));
    conversation.agent_wrote(agent(1), 0, 40).unwrap();
    assert_eq!(conversation.waiting_since, None);
}

#[test]
fn a_row_from_before_the_bot_remembered_anything_is_read() {
    let old = open();
    let json = serde_json::to_string(&old).unwrap();
    assert!(!json.contains("dialogue"), "nothing is written for nothing");
    let read: Conversation = serde_json::from_str(&json).unwrap();
    assert_eq!(read, old);
    let mut new = old;
    new.dialogue.slots.order = Some("LX20261105007213".to_owned());
    new.dialogue.asked_for.push(crate::slot::SlotKind::Order);
    let json = serde_json::to_string(&new).unwrap();
    assert_eq!(serde_json::from_str::<Conversation>(&json).unwrap(), new);
    new.dialogue.begin_anew();
    assert!(new.dialogue.asked_for.is_empty() && new.dialogue.slots.order.is_some());
}

#[test]
fn what_is_given_back_waits_for_another_agent() {
    let mut conversation = open();
    assert!(!conversation.give_back(9), "the bot has it");
    conversation.claim(agent(1)).unwrap();
    assert!(conversation.give_back(9));
    assert_eq!(
        (conversation.handler, conversation.waiting_since),
        (Handler::Queue, Some(9))
    );
    conversation.claim(agent(2)).unwrap();
    assert!(conversation.give_back(12));
    assert_eq!(conversation.waiting_since, Some(9), "its place stays");
    conversation.claim(agent(2)).unwrap();
    conversation.resolve(agent(2), false, 20).unwrap();
    assert!(!conversation.give_back(21), "it is over");
}
