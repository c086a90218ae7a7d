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
        merged_into: None,
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
        routing: Routing::default(),
        created_at: 0,
        resolved_at: None,
    }
}

#[test]
fn second_agent_is_stopped_and_told_who() {
    let mut conversation = open();
    conversation.claim(agent(1), 0).unwrap();
    conversation.claim(agent(1), 0).unwrap();
    assert_eq!(
        conversation.claim(agent(2), 0),
        Err(Illegal::HeldBy(agent(1)))
    );
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
    conversation.claim(agent(1), 0).unwrap();
    assert!(conversation.give_back(9));
    assert_eq!(
        (conversation.handler, conversation.waiting_since),
        (Handler::Queue, Some(9))
    );
    conversation.claim(agent(2), 0).unwrap();
    assert!(conversation.give_back(12));
    assert_eq!(conversation.waiting_since, Some(9), "its place stays");
    conversation.claim(agent(2), 0).unwrap();
    conversation.resolve(agent(2), false, 20).unwrap();
    assert!(!conversation.give_back(21), "it is over");
}

fn offer_to(n: u128, at: Millis) -> Offer {
    Offer {
        agent: agent(n),
        offered_at: at,
        expires_at: at + 30_000,
        reason: AssignReason::Auto,
        why: vec![RoutingReason::OnlyOne],
    }
}

fn queued() -> Conversation {
    let mut conversation = open();
    conversation.customer_wrote(10).unwrap();
    conversation.hand_over(GroupId(Uuid::from_u128(2))).unwrap();
    conversation
}

#[test]
fn an_offer_is_for_one_agent_alone() {
    let mut conversation = queued();
    conversation.offer(offer_to(1, 100)).unwrap();
    assert_eq!(
        conversation.offer(offer_to(2, 100)),
        Err(Illegal::OfferedTo(agent(1)))
    );
    let refused = Err(Illegal::OfferedTo(agent(1)));
    assert_eq!(conversation.claim(agent(2), 110), refused);
    assert_eq!(conversation.agent_wrote(agent(2), 0, 110), refused);
    assert_eq!(conversation.resolve(agent(2), false, 110), refused);
    assert_eq!(conversation.decline(agent(2), 110), Err(Illegal::NoOffer));
    conversation.claim(agent(1), 120).unwrap();
    let assigned = conversation.routing.assigned.clone().unwrap();
    assert_eq!(
        (assigned.agent, assigned.at, assigned.reason),
        (agent(1), 120, AssignReason::Auto)
    );
    assert_eq!(assigned.why, [RoutingReason::OnlyOne]);
    assert_eq!(conversation.offered_to(), None);
}

#[test]
fn what_is_declined_or_lapses_waits_on_at_its_place() {
    let mut conversation = queued();
    conversation.offer(offer_to(1, 100)).unwrap();
    assert_eq!(conversation.routing.due_at(), Some(30_100));
    assert_eq!(conversation.lapse(30_099), None);
    assert_eq!(conversation.lapse(30_100), Some(agent(1)));
    assert_eq!(conversation.lapse(30_100), None, "once");
    conversation.offer(offer_to(2, 30_200)).unwrap();
    conversation.decline(agent(2), 30_300).unwrap();
    assert!(conversation.routing.was_declined_by(agent(2), 30_400));
    assert_eq!(
        (conversation.handler, conversation.waiting_since),
        (Handler::Queue, Some(10))
    );
    conversation.claim(agent(2), 30_500).unwrap();
    assert!(conversation.routing.declined.is_empty(), "taken after all");
}

#[test]
fn a_supervisor_takes_over() {
    let mut conversation = queued();
    conversation.offer(offer_to(1, 100)).unwrap();
    assert_eq!(conversation.take_over(agent(9), 110), Ok(None));
    assert_eq!(conversation.offered_to(), None);
    let mut conversation = queued();
    conversation.claim(agent(1), 100).unwrap();
    conversation.snooze(900, agent(1), false).unwrap();
    assert_eq!(conversation.take_over(agent(9), 110), Ok(Some(agent(1))));
    assert_eq!(
        (conversation.status, conversation.assignee()),
        (Status::Open, Some(agent(9)))
    );
    let assigned = conversation.routing.assigned.clone().unwrap();
    assert_eq!(assigned.reason, AssignReason::Takeover);
    conversation.resolve(agent(9), false, 120).unwrap();
    assert_eq!(
        conversation.take_over(agent(9), 130),
        Err(Illegal::State(Status::Resolved))
    );
}

#[test]
fn a_transfer_waits_in_the_other_group_or_for_the_colleague() {
    let other = GroupId(Uuid::from_u128(7));
    let mut conversation = queued();
    conversation.claim(agent(1), 20).unwrap();
    conversation.agent_wrote(agent(1), 0, 30).unwrap();
    assert_eq!(
        conversation.transfer_to_group(other, agent(2), false, 40),
        Err(Illegal::HeldBy(agent(1)))
    );
    let mut to_group = conversation.clone();
    to_group
        .transfer_to_group(other, agent(1), false, 40)
        .unwrap();
    assert_eq!(
        (to_group.group_id, to_group.handler, to_group.waiting_since),
        (other, Handler::Queue, Some(40))
    );
    let offer = Offer {
        reason: AssignReason::Transfer,
        ..offer_to(3, 40)
    };
    conversation
        .transfer_to_agent(other, offer, agent(9), true)
        .unwrap();
    assert_eq!(conversation.offered_to(), Some(agent(3)));
    conversation.claim(agent(3), 50).unwrap();
    let assigned = conversation.routing.assigned.clone().unwrap();
    assert_eq!(assigned.reason, AssignReason::Transfer);
}

#[test]
fn a_snooze_ends_by_time_or_by_the_customer() {
    let mut conversation = queued();
    assert_eq!(
        conversation.snooze(900, agent(1), false),
        Err(Illegal::State(Status::Open)),
        "nobody has it"
    );
    conversation.claim(agent(1), 20).unwrap();
    assert_eq!(
        conversation.snooze(900, agent(2), false),
        Err(Illegal::HeldBy(agent(1)))
    );
    conversation.snooze(900, agent(1), false).unwrap();
    assert_eq!(conversation.routing.due_at(), Some(900));
    assert!(!conversation.wake_in_time(899));
    assert!(conversation.wake_in_time(900));
    assert_eq!(
        (conversation.status, conversation.assignee()),
        (Status::Open, Some(agent(1)))
    );
    conversation.snooze(2_000, agent(1), false).unwrap();
    conversation.customer_wrote(1_000).unwrap();
    assert_eq!(conversation.status, Status::Open);
    assert_eq!(conversation.routing.due_at(), None);
}

#[test]
fn what_is_left_out_of_hours_is_drained_at_its_place() {
    let mut conversation = open();
    conversation.customer_wrote(10).unwrap();
    conversation
        .leave_message(GroupId(Uuid::from_u128(2)))
        .unwrap();
    assert_eq!(
        (conversation.handler, conversation.waiting_since),
        (Handler::None, Some(10))
    );
    conversation.customer_wrote(500).unwrap();
    assert_eq!(conversation.waiting_since, Some(10), "it goes on waiting");
    assert!(conversation.drain());
    assert!(!conversation.drain());
    assert_eq!(
        (conversation.handler, conversation.routing.left_message),
        (Handler::Queue, false)
    );
    let mut taken = open();
    taken.leave_message(GroupId(Uuid::from_u128(2))).unwrap();
    taken.claim(agent(1), 20).unwrap();
    assert!(!taken.routing.left_message, "somebody is at it already");
}

#[test]
fn an_agent_reopens_within_the_window() {
    for (after, opens) in [(REOPEN_WINDOW_MS, true), (REOPEN_WINDOW_MS + 1, false)] {
        let mut conversation = queued();
        conversation.claim(agent(1), 20).unwrap();
        conversation.resolve(agent(1), false, 1_000).unwrap();
        let result = conversation.reopen(agent(2), 1_000 + after);
        assert_eq!(result.is_ok(), opens);
        assert_eq!(conversation.assignee(), opens.then_some(agent(2)));
        assert_eq!(conversation.reopened_count, u32::from(opens));
    }
}

#[test]
fn whoever_had_it_takes_back_that_it_is_resolved_and_it_did_not_come_back() {
    for (who, after, is_undone) in [
        (1, UNDO_RESOLVE_MS, true),
        (1, UNDO_RESOLVE_MS + 1, false),
        (2, 1, false),
    ] {
        let mut conversation = queued();
        conversation.agent_wrote(agent(1), u64::MAX, 20).unwrap();
        conversation.resolve(agent(1), false, 1_000).unwrap();
        let now = 1_000 + after;
        assert_eq!(conversation.is_undone_by(agent(who), now), is_undone);
        conversation.reopen(agent(who), now).unwrap();
        assert_eq!(
            (conversation.assignee(), conversation.resolved_at),
            (Some(agent(who)), None)
        );
        assert_eq!(
            (conversation.reopened_count, conversation.first_reply_at),
            match is_undone {
                true => (0, Some(20)),
                false => (1, None),
            },
            "agent {who} after {after} ms"
        );
        assert!(!conversation.is_undone_by(agent(who), now), "it is open");
    }
}

#[test]
fn a_row_from_before_routing_is_read() {
    let old = open();
    let json = serde_json::to_string(&old).unwrap();
    assert!(!json.contains("routing"), "nothing is written for nothing");
    let mut new = queued();
    new.offer(offer_to(1, 100)).unwrap();
    let json = serde_json::to_string(&new).unwrap();
    assert_eq!(serde_json::from_str::<Conversation>(&json).unwrap(), new);
}

#[test]
fn an_absent_agent_gives_back_only_what_waits_and_it_goes_to_the_head() {
    let mut quiet = open();
    quiet.claim(agent(1), 5).unwrap();
    assert_eq!(quiet.return_from_absent(ReturnReason::Offline, 9), None);
    assert_eq!(quiet.assignee(), Some(agent(1)));
    let mut waits = open();
    waits.number = 2;
    waits.customer_wrote(50).unwrap();
    waits.claim(agent(1), 60).unwrap();
    let returned = waits.return_from_absent(ReturnReason::Unreachable, 90);
    assert_eq!(returned, Some(agent(1)));
    assert_eq!(waits.return_from_absent(ReturnReason::Offline, 91), None);
    let mut earlier = open();
    earlier.customer_wrote(10).unwrap();
    earlier.hand_over(GroupId(Uuid::from_u128(1))).unwrap();
    assert!(crate::queue::key(&waits) < crate::queue::key(&earlier));
    let mut urgent = earlier.clone();
    urgent.priority = Priority::Urgent;
    assert!(crate::queue::key(&urgent) < crate::queue::key(&waits));
    // A colleague has it: the mark stays for whoever lost it, and goes with them.
    waits.claim(agent(2), 100).unwrap();
    assert_eq!(waits.routing.returned.unwrap().agent, agent(1));
    waits.take_over(agent(1), 110).unwrap();
    assert_eq!(waits.routing.returned, None);
}

#[test]
fn what_was_given_is_taken_back_by_the_giver_in_time() {
    let (here, there) = (GroupId(Uuid::from_u128(1)), GroupId(Uuid::from_u128(2)));
    for (held, by, at, expected) in [
        (true, 1, 20, Ok(Some(agent(1)))),
        (false, 1, 20, Ok(None)),
        (true, 2, 20, Err(Illegal::State(Status::Open))),
        (
            true,
            1,
            11 + crate::routing::TAKE_BACK_MS,
            Err(Illegal::State(Status::Open)),
        ),
    ] {
        let mut given = open();
        given.customer_wrote(1).unwrap();
        given.hand_over(here).unwrap();
        if held {
            given.claim(agent(1), 5).unwrap();
        }
        given.transfer_to_group(there, agent(1), false, 10).unwrap();
        let taken = given.take_back(agent(by), at).map(|()| given.assignee());
        assert_eq!(taken, expected, "{held} {by} {at}");
        let is_back = expected.is_ok();
        assert_eq!(given.group_id == here, is_back);
    }
    let mut taken = open();
    taken.claim(agent(1), 5).unwrap();
    taken.transfer_to_group(there, agent(1), false, 10).unwrap();
    taken.claim(agent(2), 12).unwrap();
    assert_eq!(
        taken.take_back(agent(1), 13),
        Err(Illegal::HeldBy(agent(2)))
    );
}
