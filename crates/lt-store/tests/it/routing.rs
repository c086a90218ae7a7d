//! Offers, transfers and calendars at the desk.

use lt_model::{
    agent::{Agent, Presence, SkillGroup},
    conversation::{Conversation, Handler, Illegal, Status},
    hours::BusinessHours,
    id::HoursId,
    message::TextError,
    routing::{Assign, AssignReason, Offer, RoutingReason, TransferTo},
};
use lt_protocol::{
    code::Code,
    sync::{Action, Entity, OpOutcome},
};
use lt_store::{News, StoreError};
use uuid::Uuid;

use crate::world::{
    CARE, CONFIG, NOW, SALES, World, colleague, conv, conversation, customer_message, group_id, me,
    put, put_conversation,
};

fn offered(n: u64, to: &lt_model::agent::Agent) -> Conversation {
    let mut conversation = conversation(n);
    conversation
        .offer(Offer {
            agent: to.id,
            offered_at: NOW,
            expires_at: NOW + 30_000 + i64::try_from(n).unwrap(),
            reason: AssignReason::Auto,
            why: vec![RoutingReason::OnlyOne],
        })
        .unwrap();
    conversation
}

#[test]
fn what_is_offered_to_me_is_listed_and_told_once() {
    let mut world = World::new();
    let change = world.feed(
        SALES,
        vec![
            put_conversation(&offered(2, &me())),
            put_conversation(&offered(1, &me())),
            put_conversation(&offered(3, &colleague())),
        ],
    );
    let told = |n| News::Offered {
        conversation_id: conv(n),
    };
    assert!(change.news.contains(&told(1)) && change.news.contains(&told(2)));
    assert!(!change.news.contains(&told(3)), "that is for a colleague");
    let offers = |world: &World| -> Vec<_> {
        let found = world.store.offers().unwrap();
        found.iter().map(|offer| offer.id).collect()
    };
    assert_eq!(offers(&world), [conv(1), conv(2)], "what ends first");
    // The same again is no news.
    let change = world.feed(SALES, vec![put_conversation(&offered(1, &me()))]);
    assert_eq!(change.news, []);
    // Accepting and declining show at once.
    let claim = Action::Claim {
        conversation_id: conv(1),
    };
    let decline = Action::Decline {
        conversation_id: conv(2),
    };
    world.store.enqueue(claim, NOW).unwrap();
    world.store.enqueue(decline, NOW).unwrap();
    assert_eq!(offers(&world), []);
    let taken = world.store.conversation(conv(1)).unwrap().unwrap();
    let assigned = taken.routing.assigned.unwrap();
    assert_eq!(
        (assigned.agent, assigned.reason),
        (me().id, AssignReason::Auto)
    );
    // What is a colleague's is not even queued.
    for action in [
        Action::Claim {
            conversation_id: conv(3),
        },
        Action::Decline {
            conversation_id: conv(3),
        },
    ] {
        let refused = world.store.enqueue(action, NOW).unwrap_err();
        assert!(
            matches!(
                refused,
                StoreError::Illegal(Illegal::OfferedTo(_) | Illegal::NoOffer)
            ),
            "{refused}"
        );
    }
    world.store.check().unwrap();
}

#[test]
fn a_refused_answer_brings_the_offer_back() {
    let mut world = World::new();
    world.feed(SALES, vec![put_conversation(&offered(1, &me()))]);
    let decline = Action::Decline {
        conversation_id: conv(1),
    };
    world.store.enqueue(decline, NOW).unwrap();
    let op = world.store.outbox().unwrap()[0].op.id;
    let refused = OpOutcome::Refused {
        code: Code::IllegalState,
    };
    world.store.op_result(op, &refused, NOW).unwrap();
    assert_eq!(world.store.offers().unwrap().len(), 1);
}

#[test]
fn transfer_snooze_and_reopen_show_at_once() {
    let mut world = World::new();
    world.feed(CONFIG, vec![put(Entity::Agent(colleague()))]);
    let mut mine = conversation(1);
    mine.claim(me().id, NOW).unwrap();
    let mut theirs = conversation(2);
    theirs.claim(colleague().id, NOW).unwrap();
    let mut over = conversation(3);
    over.claim(me().id, NOW).unwrap();
    over.resolve(me().id, false, NOW).unwrap();
    world.feed(
        SALES,
        vec![
            put_conversation(&mine),
            put_conversation(&theirs),
            put_conversation(&over),
        ],
    );
    let shown = |world: &World, n| world.store.conversation(conv(n)).unwrap().unwrap();
    let snooze = |n, until| Action::Snooze {
        conversation_id: conv(n),
        until,
    };
    world.store.enqueue(snooze(1, NOW + 9), NOW).unwrap();
    assert_eq!(shown(&world, 1).status, Status::Snoozed);
    let wake = Action::Wake {
        conversation_id: conv(1),
    };
    world.store.enqueue(wake, NOW).unwrap();
    assert_eq!(shown(&world, 1).status, Status::Open);
    let never = snooze(1, NOW + lt_model::routing::MAX_SNOOZE_MS + 1);
    assert!(world.store.enqueue(never, NOW).is_err());
    let transfer = |n, note: &str| Action::Transfer {
        conversation_id: conv(n),
        to: TransferTo::Agent {
            agent_id: colleague().id,
        },
        note: note.to_owned(),
    };
    assert!(matches!(
        world.store.enqueue(transfer(1, &"字".repeat(501)), NOW),
        Err(StoreError::Text(TextError::TooLong { .. }))
    ));
    assert!(
        world.store.enqueue(transfer(2, ""), NOW).is_err(),
        "a colleague's"
    );
    world.store.enqueue(transfer(1, "等客户回电"), NOW).unwrap();
    let given = shown(&world, 1);
    assert_eq!(
        (given.handler, given.offered_to()),
        (Handler::Queue, Some(colleague().id))
    );
    let reopen = Action::Reopen {
        conversation_id: conv(3),
    };
    world.store.enqueue(reopen, NOW).unwrap();
    let reopened = shown(&world, 3);
    assert_eq!(
        (reopened.assignee(), reopened.reopened_count),
        (Some(me().id), 0),
        "it was resolved a moment ago"
    );
    let take_over = Action::TakeOver {
        conversation_id: conv(2),
    };
    assert!(matches!(
        world.store.enqueue(take_over, NOW),
        Err(StoreError::Forbidden)
    ));
}

#[test]
fn what_i_set_aside_is_told_when_it_is_open_again_by_no_doing_of_mine() {
    let snoozed = |n, of: &Agent| {
        let mut conversation = conversation(n);
        conversation.claim(of.id, NOW).unwrap();
        conversation.snooze(NOW + 9, of.id, false).unwrap();
        conversation
    };
    let woken = |n, of: &Agent| {
        let mut conversation = snoozed(n, of);
        assert!(conversation.wake());
        put_conversation(&conversation)
    };
    let mut world = World::new();
    world.feed(
        SALES,
        vec![
            put_conversation(&snoozed(1, &me())),
            put_conversation(&snoozed(2, &me())),
            put_conversation(&snoozed(3, &me())),
            put_conversation(&snoozed(4, &colleague())),
        ],
    );
    let wake = Action::Wake {
        conversation_id: conv(3),
    };
    world.store.enqueue(wake, NOW).unwrap();
    let wrote = put(Entity::Message(customer_message(1, 2, 1, "在吗")));
    for (what, rows, is_told) in [
        ("by time", vec![woken(1, &me())], true),
        ("the same again", vec![woken(1, &me())], false),
        ("by the customer", vec![woken(2, &me()), wrote], false),
        ("by myself", vec![woken(3, &me())], false),
        ("a colleague's", vec![woken(4, &colleague())], false),
    ] {
        let change = world.feed(SALES, rows);
        let told = |one: &News| matches!(one, News::Woken { .. });
        assert_eq!(change.news.iter().any(told), is_told, "{what}");
    }
}

#[test]
fn a_calendar_comes_and_changes() {
    let mut world = World::new();
    let mut hours = BusinessHours::always(HoursId(Uuid::from_u128(7)));
    world.feed(
        CONFIG,
        vec![put(Entity::BusinessHours(Box::new(hours.clone())))],
    );
    assert_eq!(world.store.business_hours().unwrap(), [hours.clone()]);
    hours.name = "夜班".to_owned();
    world.feed(
        CONFIG,
        vec![put(Entity::BusinessHours(Box::new(hours.clone())))],
    );
    assert_eq!(world.store.business_hours().unwrap(), [hours]);
}

#[test]
fn a_line_says_what_is_offered_when_it_wakes_and_what_went_back() {
    use lt_model::routing::ReturnReason;
    let mut world = World::new();
    let mut snoozed = conversation(2);
    snoozed.handler = Handler::Agent { agent: me().id };
    snoozed.status = Status::Snoozed;
    snoozed.routing.snoozed_until = Some(NOW + 90_000);
    let mut sooner = snoozed.clone();
    sooner.id = conv(3);
    sooner.number = 3;
    sooner.routing.snoozed_until = Some(NOW + 30_000);
    let mut returned = conversation(4);
    returned.handler = Handler::Agent { agent: me().id };
    returned.waiting_since = Some(NOW - 5);
    returned
        .return_from_absent(ReturnReason::Offline, NOW)
        .unwrap();
    world.feed(
        SALES,
        vec![
            put_conversation(&offered(1, &colleague())),
            put_conversation(&snoozed),
            put_conversation(&sooner),
            put_conversation(&returned),
        ],
    );
    let offer = world.store.line(conv(1)).unwrap().unwrap().offer.unwrap();
    assert_eq!(
        (offer.agent, offer.offered_at, offer.expires_at),
        (colleague().id, NOW, NOW + 30_001)
    );
    let (scope, sort) = (
        lt_protocol::view::InboxScope::Snoozed,
        lt_protocol::view::InboxSort::Waiting,
    );
    let (lines, _) = world
        .store
        .inbox(scope, sort, lt_store::Window::ALL)
        .unwrap();
    let wakes: Vec<_> = lines.iter().map(|line| line.snoozed_until).collect();
    assert_eq!(wakes, [Some(NOW + 30_000), Some(NOW + 90_000)]);
    assert_eq!(lines[0].inbox_id, Some(snoozed.inbox_id));
    let back = |since| -> Vec<_> {
        let found = world.store.returned(since).unwrap();
        found.iter().map(|one| one.id).collect()
    };
    assert_eq!(back(NOW - 1), [conv(4)]);
    assert_eq!(back(NOW), []);
    // Having it again it is of no interest.
    let claim = Action::Claim {
        conversation_id: conv(4),
    };
    world.store.enqueue(claim, NOW + 1).unwrap();
    assert_eq!(world.store.returned(NOW - 1).unwrap(), []);
    world.store.check().unwrap();
}

/// What the desk shows of a transfer is what the server makes of it, and what the server will not
/// take is said at once.
#[test]
fn a_colleague_is_asked_as_by_the_server_or_not_at_all() {
    let mut world = World::new();
    let elsewhere = Agent {
        groups: vec![group_id(CARE)],
        presence: Presence::TransferOnly,
        ..colleague()
    };
    let patient = Assign::Auto { accept_ms: 90_000 };
    let groups = [(SALES, Assign::Pick), (CARE, patient)].map(|(id, assign)| {
        put(Entity::Group(SkillGroup {
            id: group_id(id),
            name: "组".to_owned(),
            categories: Vec::new(),
            assign,
            capacities: Vec::new(),
            return_after_ms: None,
        }))
    });
    world.feed(CONFIG, groups.to_vec());
    world.feed(CONFIG, vec![put(Entity::Agent(elsewhere.clone()))]);
    let mut mine = conversation(1);
    mine.claim(me().id, NOW).unwrap();
    world.feed(SALES, vec![put_conversation(&mine)]);
    let transfer = |to: &Agent| Action::Transfer {
        conversation_id: conv(1),
        to: TransferTo::Agent { agent_id: to.id },
        note: String::new(),
    };
    for presence in [Presence::Busy, Presence::Away, Presence::Offline] {
        let gone = Agent {
            presence,
            ..elsewhere.clone()
        };
        world.feed(CONFIG, vec![put(Entity::Agent(gone.clone()))]);
        assert!(
            matches!(
                world.store.enqueue(transfer(&gone), NOW),
                Err(StoreError::Illegal(Illegal::State(_)))
            ),
            "{presence:?}"
        );
    }
    for nobody in [
        me(),
        Agent {
            id: lt_model::id::AgentId(Uuid::from_u128(99)),
            ..colleague()
        },
    ] {
        assert!(matches!(
            world.store.enqueue(transfer(&nobody), NOW),
            Err(StoreError::NotFound(_))
        ));
    }
    let shown = |world: &World| world.store.conversation(conv(1)).unwrap().unwrap();
    assert_eq!(shown(&world), mine);

    world.feed(CONFIG, vec![put(Entity::Agent(elsewhere.clone()))]);
    world.store.enqueue(transfer(&elsewhere), NOW).unwrap();
    let given = shown(&world);
    assert_eq!(
        (given.handler, given.offered_to(), given.group_id),
        (Handler::Queue, Some(elsewhere.id), group_id(CARE))
    );
    assert_eq!(given.routing.offer.unwrap().expires_at, NOW + 90_000);
}
