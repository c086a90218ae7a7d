use std::collections::BTreeMap;

use proptest::prelude::*;
use uuid::Uuid;

use super::{
    act::{About, TicketDraft},
    moves::{Act, Department, IllegalTicket, NewTicket},
    patch::{PRIORITY, TicketChange},
    standard,
    value::TicketFault,
    *,
};
use crate::{
    hours::{BusinessHours, Period},
    id::HoursId,
    merge::Edit,
    message::{MAX_MENTIONS, TicketMilestone},
    sla::{DeadlineState, Ring},
};

const HOUR: Millis = 3_600_000;
const DAY: Millis = 24 * HOUR;
/// Monday 2026-11-23, 09:00 in China.
const MONDAY_9: Millis = 1_795_395_600_000;

fn group(n: u128) -> GroupId {
    Uuid::from_u128(n).into()
}

fn person(n: u128, name: &str) -> TicketPerson {
    TicketPerson {
        agent: Uuid::from_u128(n).into(),
        name: name.to_owned(),
    }
}

/// Somebody of one department.
struct Someone {
    person: TicketPerson,
    groups: Vec<GroupId>,
    may_supervise: bool,
    hours: BusinessHours,
}

impl Someone {
    fn new(n: u128, name: &str, of: u128) -> Self {
        let periods = [Period::of((9, 0), (18, 0))];
        Self {
            person: person(n, name),
            groups: vec![group(of)],
            may_supervise: false,
            hours: BusinessHours::china(Uuid::from_u128(1).into(), "工作时间", &periods, &[]),
        }
    }

    fn at(&self, now: Millis) -> Act<'_> {
        Act {
            by: &self.person,
            groups: &self.groups,
            may_supervise: self.may_supervise,
            hours: &self.hours,
            now,
            op: None,
        }
    }
}

const AFTER_SALES: u128 = 11;
const LOGISTICS: u128 = 12;
const FINANCE: u128 = 13;

fn department(n: u128) -> Department<'static> {
    Department {
        id: group(n),
        name: match n {
            AFTER_SALES => "售后组",
            LOGISTICS => "物流组",
            _ => "财务组",
        },
    }
}

fn kinds() -> Vec<TicketType> {
    let mut n = 100;
    standard::types(|| {
        n += 1;
        Uuid::from_u128(n).into()
    })
    .into_iter()
    .map(|standard| standard.kind)
    .collect()
}

fn returns() -> TicketType {
    kinds().swap_remove(0)
}

fn values() -> BTreeMap<String, TicketValue> {
    BTreeMap::from([
        (
            "order".to_owned(),
            TicketValue::Text("20261109-88".to_owned()),
        ),
        ("request".to_owned(), TicketValue::Choice("换货".to_owned())),
        (
            "reason".to_owned(),
            TicketValue::Choice("运输破损".to_owned()),
        ),
    ])
}

fn new() -> NewTicket {
    NewTicket {
        id: Uuid::from_u128(1_000).into(),
        title: " 快递破损，要求换货 ".to_owned(),
        priority: Priority::Normal,
        group: group(AFTER_SALES),
        from: None,
        customer: None,
        conversation: None,
        values: values(),
        note: String::new(),
    }
}

fn ticket(by: &Someone) -> Ticket {
    Ticket::create(new(), 817, &returns(), &by.at(MONDAY_9)).unwrap()
}

mod take_back;

#[test]
fn the_standard_types_are_right() {
    for kind in kinds() {
        assert_eq!(kind.clone().check(), Ok(kind));
    }
}

#[test]
fn a_ticket_crosses_departments_and_comes_back() {
    let (li, hai, zhang) = (
        Someone::new(1, "李娜", AFTER_SALES),
        Someone::new(2, "陈海", LOGISTICS),
        Someone::new(3, "张磊", FINANCE),
    );
    let mut ticket = ticket(&li);
    assert_eq!(ticket.title, "快递破损，要求换货");
    assert_eq!(ticket.state, TicketState::New);
    assert_eq!(
        ticket.claim(&hai.at(MONDAY_9)),
        Err(IllegalTicket::Elsewhere)
    );
    assert_eq!(ticket.claim(&li.at(MONDAY_9 + HOUR)), Ok(true));
    assert_eq!(ticket.claim(&li.at(MONDAY_9 + HOUR)), Ok(false));
    assert!(ticket.open_deadline(SlaMetric::FirstResponse).is_none());

    let act = li.at(MONDAY_9 + 2 * HOUR);
    ticket
        .transfer(department(LOGISTICS), true, "核实破损", &act)
        .unwrap();
    assert_eq!(ticket.seen_by(), [group(AFTER_SALES), group(LOGISTICS)]);
    assert_eq!(ticket.assignee, None);
    // It is to be taken up there, by its own clock.
    assert!(ticket.open_deadline(SlaMetric::NextResponse).is_some());
    assert_eq!(
        ticket.comment("催一下", &[], &act),
        Ok(true),
        "who waits may comment"
    );
    assert!(ticket.open_deadline(SlaMetric::NextResponse).is_some());
    assert_eq!(ticket.claim(&act), Err(IllegalTicket::Elsewhere));

    let act = hai.at(MONDAY_9 + 3 * HOUR);
    ticket.claim(&act).unwrap();
    assert!(ticket.open_deadline(SlaMetric::NextResponse).is_none());
    ticket
        .transfer(department(FINANCE), true, "请核对赔付", &act)
        .unwrap();
    assert_eq!(ticket.ahead(), [group(LOGISTICS), group(AFTER_SALES)]);

    let act = zhang.at(MONDAY_9 + 4 * HOUR);
    ticket
        .give_back(department(LOGISTICS), "已赔付", &act)
        .unwrap();
    assert_eq!(
        ticket.assignee,
        Some(hai.person.clone()),
        "to who passed it on"
    );
    let act = hai.at(MONDAY_9 + 5 * HOUR);
    assert_eq!(
        ticket.give_back(department(FINANCE), "", &act),
        Err(IllegalTicket::NobodyWaits)
    );
    ticket
        .transfer(department(AFTER_SALES), false, "可以换货", &act)
        .unwrap();
    assert_eq!(ticket.waiting, []);
    assert_eq!(ticket.assignee, Some(li.person.clone()));
    let groups: Vec<_> = ticket.path.iter().map(|step| step.group).collect();
    assert_eq!(
        groups,
        [AFTER_SALES, LOGISTICS, FINANCE, LOGISTICS, AFTER_SALES].map(group)
    );

    let (from, to) = (TicketState::Open, TicketState::Resolved);
    let act = li.at(MONDAY_9 + 6 * HOUR);
    ticket
        .move_to(from, to, "已换货", None, &returns(), &act)
        .unwrap();
    assert!(ticket.deadlines.iter().all(|one| !one.is_open()));
    assert_eq!(ticket.verify(false, "又坏了", &act), Ok(true));
    assert_eq!(ticket.state, TicketState::Open);
    assert!(ticket.open_deadline(SlaMetric::Resolution).is_some());
}

#[test]
fn waiting_for_the_customer_pauses_what_is_promised() {
    let li = Someone::new(1, "李娜", AFTER_SALES);
    let mut ticket = ticket(&li);
    let kind = returns();
    let act = li.at(MONDAY_9 + HOUR);
    let (from, to) = (TicketState::New, TicketState::PendingCustomer);
    ticket
        .move_to(from, to, "请补拍照片", None, &kind, &act)
        .unwrap();
    assert_eq!(
        ticket.assignee,
        Some(li.person.clone()),
        "whoever asks has it"
    );
    let paused = ticket.open_deadline(SlaMetric::Resolution).unwrap();
    assert!(paused.is_paused() && paused.due_at.is_none());
    assert!(ticket.rings_at().is_none());

    let later = MONDAY_9 + 2 * DAY;
    assert!(ticket.customer_wrote(&li.hours, later));
    assert!(!ticket.customer_wrote(&li.hours, later));
    let resolution = ticket.open_deadline(SlaMetric::Resolution).unwrap();
    assert_eq!(resolution.used_ms(&li.hours, later), HOUR);
    // 2,880 business minutes: an hour of them is used, nine hours a day, Friday follows Wednesday.
    assert_eq!(resolution.left_ms(&li.hours, later), 47 * HOUR);
    assert!(ticket.open_deadline(SlaMetric::NextResponse).is_some());
}

#[test]
fn a_hold_ends_by_its_day_and_a_resolved_one_is_closed() {
    let li = Someone::new(1, "李娜", AFTER_SALES);
    let mut ticket = ticket(&li);
    let kind = returns();
    let act = li.at(MONDAY_9);
    let (from, to) = (TicketState::New, TicketState::OnHold);
    let until = MONDAY_9 + 3 * DAY;
    ticket
        .move_to(from, to, "等补货", Some(until), &kind, &act)
        .unwrap();
    assert_eq!(ticket.rings_at(), Some(until));
    assert_eq!(ticket.tick(&li.hours, until - 1), (vec![], false));
    assert_eq!(ticket.tick(&li.hours, until), (vec![], true));
    assert_eq!(ticket.state, TicketState::Open);
    let act = li.at(until);
    let (from, to) = (TicketState::Open, TicketState::Resolved);
    ticket.move_to(from, to, "", None, &kind, &act).unwrap();
    assert_eq!(ticket.rings_at(), Some(until + CLOSE_AFTER_MS));
    assert_eq!(
        ticket.tick(&li.hours, until + CLOSE_AFTER_MS),
        (vec![], true)
    );
    assert_eq!(ticket.state, TicketState::Closed);
    assert_eq!(ticket.rings_at(), None);
    let act = li.at(until + CLOSE_AFTER_MS);
    let (from, to) = (TicketState::Closed, TicketState::Open);
    let again = ticket.move_to(from, to, "", None, &kind, &act);
    assert_eq!(again, Err(IllegalTicket::State(TicketState::Closed)));
}

#[test]
fn the_clock_tells_whoever_has_it() {
    let li = Someone::new(1, "李娜", AFTER_SALES);
    let mut ticket = ticket(&li);
    // 120 minutes for the first response.
    let warn = MONDAY_9 + 96 * 60_000;
    assert_eq!(ticket.rings_at(), Some(warn));
    let (rings, _) = ticket.tick(&li.hours, warn);
    assert_eq!(rings, [Ring::Warned(SlaMetric::FirstResponse)]);
    let late = MONDAY_9 + 2 * HOUR + 1;
    let (rings, _) = ticket.tick(&li.hours, late);
    assert_eq!(rings, [Ring::Breached(SlaMetric::FirstResponse)]);
    let pressing = ticket.pressing().unwrap();
    assert_eq!(pressing.state, DeadlineState::Breached);
    ticket.claim(&li.at(late)).unwrap();
    assert_eq!(ticket.pressing().unwrap().metric, SlaMetric::Resolution);
}

#[test]
fn forms_are_checked() {
    let li = Someone::new(1, "李娜", AFTER_SALES);
    let kind = returns();
    for (key, value, why) in [
        (
            "order",
            None,
            IllegalTicket::Missing(vec!["order".to_owned()]),
        ),
        (
            "request",
            Some(TicketValue::Choice("赔一台车".to_owned())),
            IllegalTicket::Value(TicketFault::Option),
        ),
        (
            "order",
            Some(TicketValue::Text("我的订单".to_owned())),
            IllegalTicket::Value(TicketFault::Form),
        ),
        (
            "amount",
            Some(TicketValue::Text("六十".to_owned())),
            IllegalTicket::Value(TicketFault::Kind),
        ),
        (
            "colour",
            Some(TicketValue::Yes(true)),
            IllegalTicket::Value(TicketFault::Unknown),
        ),
    ] {
        let mut new = new();
        match value {
            Some(value) => new.values.insert(key.to_owned(), value),
            None => new.values.remove(key),
        };
        let made = Ticket::create(new, 1, &kind, &li.at(MONDAY_9));
        assert_eq!(made.map(|ticket| ticket.number), Err(why), "{key}");
    }
    // What finance has to fill in is asked for at the end only.
    let billing = kinds().swap_remove(4);
    let mut new = new();
    new.values = BTreeMap::from([
        (
            "dispute".to_owned(),
            TicketValue::Choice("重复扣款".to_owned()),
        ),
        ("amount".to_owned(), TicketValue::Money(6_000)),
    ]);
    let mut ticket = Ticket::create(new, 1, &billing, &li.at(MONDAY_9)).unwrap();
    let (from, to) = (TicketState::New, TicketState::Resolved);
    let early = ticket.move_to(from, to, "", None, &billing, &li.at(MONDAY_9));
    assert_eq!(
        early,
        Err(IllegalTicket::Missing(vec!["serial".to_owned()]))
    );
}

#[test]
fn an_edit_over_what_was_not_seen_is_refused() {
    let (li, wang) = (
        Someone::new(1, "李娜", AFTER_SALES),
        Someone::new(2, "王倩", AFTER_SALES),
    );
    let kind = returns();
    let mut ticket = ticket(&li);
    let to = |rev, base, mine| {
        let edit = Edit { rev, base, mine };
        [TicketChange::Priority { edit }]
    };
    let first = to(0, Priority::Normal, Priority::Urgent);
    assert_eq!(ticket.patch(&first, &kind, &li.at(MONDAY_9)), Ok(true));
    assert_eq!(ticket.rev(PRIORITY), 1);
    // 480 minutes instead of 2,880.
    let due = ticket.open_deadline(SlaMetric::Resolution).unwrap().due_at;
    assert_eq!(due, Some(MONDAY_9 + 8 * HOUR));
    let blind = to(0, Priority::Normal, Priority::Low);
    let refused = ticket.clone().patch(&blind, &kind, &wang.at(MONDAY_9));
    assert_eq!(refused, Err(IllegalTicket::ChangedMeanwhile));
    // One's own edit before it, which the server has by now, is no other one.
    let second = to(0, Priority::Urgent, Priority::High);
    assert_eq!(ticket.patch(&second, &kind, &li.at(MONDAY_9)), Ok(true));
}

#[test]
fn merging_takes_along_what_the_other_lacks() {
    let li = Someone::new(1, "李娜", AFTER_SALES);
    let mut one = ticket(&li);
    let mut other = ticket(&li);
    other.id = Uuid::from_u128(1_001).into();
    other.number = 818;
    one.values
        .insert("amount".to_owned(), TicketValue::Money(6_000));
    one.conversations.push(TicketConversation {
        id: Uuid::from_u128(7).into(),
        number: 10_293,
    });
    let act = li.at(MONDAY_9 + HOUR);
    assert_eq!(
        one.clone().merge_into(&mut one.clone(), &act),
        Err(IllegalTicket::Unmergeable)
    );
    assert_eq!(one.merge_into(&mut other, &act), Ok(true));
    assert_eq!(one.merge_into(&mut other, &act), Ok(false));
    assert_eq!(one.state, TicketState::Cancelled);
    assert!(
        one.deadlines
            .iter()
            .all(|one| one.state == DeadlineState::Cancelled)
    );
    assert_eq!(other.values.get("amount"), Some(&TicketValue::Money(6_000)));
    assert_eq!(other.conversations.len(), 1);
    assert_eq!(
        other.merge_into(&mut one, &act),
        Err(IllegalTicket::Unmergeable)
    );
}

#[test]
fn days_and_numbers_are_such_that_a_window_shows_them() {
    let li = Someone::new(1, "李娜", AFTER_SALES);
    let field = |kind| TicketField {
        key: "x".to_owned(),
        label: "x".to_owned(),
        kind,
        required: TicketRequired::No,
        hint: String::new(),
        source: None,
    };
    for n in [i64::MIN, i64::MAX] {
        for (kind, value) in [
            (TicketFieldKind::Date, TicketValue::Date(n)),
            (TicketFieldKind::Number, TicketValue::Number(n)),
        ] {
            assert_eq!(value.check(&field(kind)), Err(TicketFault::TooLong));
        }
    }
    let mut ticket = ticket(&li);
    let (from, to) = (TicketState::New, TicketState::OnHold);
    let act = li.at(MONDAY_9);
    ticket
        .move_to(from, to, "", Some(Millis::MAX), &returns(), &act)
        .unwrap();
    assert_eq!(ticket.hold_until, Some(MONDAY_9 + 366 * DAY));
}

#[test]
fn a_ticket_that_is_full_can_be_ended() {
    let li = Someone::new(1, "李娜", AFTER_SALES);
    let mut ticket = ticket(&li);
    let act = li.at(MONDAY_9);
    while ticket.comment("还有", &[], &act).is_ok() {}
    assert_eq!(ticket.events.len(), MAX_EVENTS);
    let (from, to) = (TicketState::New, TicketState::Resolved);
    let full = ticket.move_to(from, to, "好了", None, &returns(), &act);
    assert_eq!(full, Err(IllegalTicket::TooLong));
    assert_eq!(
        ticket.move_to(from, to, "", None, &returns(), &act),
        Ok(true)
    );
    assert_eq!(ticket.verify(true, "", &act), Ok(true));
}

#[test]
fn a_colleague_has_to_let_go_first() {
    let li = Someone::new(1, "李娜", AFTER_SALES);
    let mut lead = Someone::new(2, "班长", AFTER_SALES);
    let mut ticket = ticket(&li);
    ticket.claim(&li.at(MONDAY_9)).unwrap();
    let held = Err(IllegalTicket::HeldBy(li.person.agent));
    assert_eq!(ticket.claim(&lead.at(MONDAY_9)), held);
    lead.may_supervise = true;
    assert_eq!(ticket.claim(&lead.at(MONDAY_9)), Ok(true));
    assert_eq!(ticket.assignee, Some(lead.person.clone()));
}

/// What a random day does to a ticket.
#[derive(Clone, Debug)]
enum Step {
    Claim,
    Move(TicketState),
    Transfer(u128, bool),
    Return,
    TakeBack,
    Comment,
    Verify(bool),
    Customer,
    Prioritise(Priority),
    Tick,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        Just(Step::Claim),
        prop::sample::select(TicketState::ALL.to_vec()).prop_map(Step::Move),
        (AFTER_SALES..=FINANCE, any::<bool>())
            .prop_map(|(to, returns)| Step::Transfer(to, returns)),
        Just(Step::Return),
        Just(Step::TakeBack),
        Just(Step::Comment),
        any::<bool>().prop_map(Step::Verify),
        Just(Step::Customer),
        prop::sample::select(vec![Priority::Low, Priority::High, Priority::Urgent])
            .prop_map(Step::Prioritise),
        Just(Step::Tick),
    ]
}

fn take(ticket: &mut Ticket, step: &Step, who: &Someone, now: Millis) -> Result<(), IllegalTicket> {
    let kind = returns();
    let act = who.at(now);
    match step {
        Step::Claim => ticket.claim(&act).map(|_| ()),
        Step::Move(to) => {
            let until = Some(now + DAY);
            ticket
                .move_to(ticket.state, *to, "", until, &kind, &act)
                .map(|_| ())
        }
        Step::Transfer(to, returns) => ticket
            .transfer(department(*to), *returns, "", &act)
            .map(|_| ()),
        Step::Return => {
            let to = ticket
                .waiting
                .last()
                .map_or(group(FINANCE), |one| one.group);
            let to = Department { id: to, name: "" };
            ticket.give_back(to, "", &act).map(|_| ())
        }
        Step::TakeBack => {
            let from = ticket
                .passed
                .as_ref()
                .map_or(group(FINANCE), |one| one.from);
            let to = Department { id: from, name: "" };
            ticket.take_back(ticket.group_id, to, &act).map(|_| ())
        }
        Step::Comment => ticket.comment("备注", &[], &act).map(|_| ()),
        Step::Verify(ok) => ticket.verify(*ok, "", &act).map(|_| ()),
        Step::Customer => {
            ticket.customer_wrote(&who.hours, now);
            Ok(())
        }
        Step::Prioritise(to) => {
            let edit = Edit {
                rev: ticket.rev(PRIORITY),
                base: ticket.priority,
                mine: *to,
            };
            ticket
                .patch(&[TicketChange::Priority { edit }], &kind, &act)
                .map(|_| ())
        }
        Step::Tick => {
            ticket.tick(&who.hours, now);
            Ok(())
        }
    }
}

proptest! {
    #[test]
    fn whatever_happens_a_ticket_makes_sense(
        steps in prop::collection::vec((step(), 1_u128..4, 0..2 * DAY), 0..30),
    ) {
        let people = [
            Someone::new(1, "李娜", AFTER_SALES),
            Someone::new(2, "陈海", LOGISTICS),
            Someone::new(3, "张磊", FINANCE),
        ];
        let mut ticket = ticket(&people[0]);
        let mut now = MONDAY_9;
        for (step, who, wait) in &steps {
            now += wait;
            let before = ticket.clone();
            let mut after = ticket.clone();
            let who = &people[usize::try_from(who - 1).unwrap()];
            if take(&mut after, step, who, now).is_err() {
                continue;
            }
            ticket = after;
            // Nothing that was told is taken back.
            prop_assert_eq!(&ticket.events[..before.events.len()], &before.events[..]);
            if before.state != ticket.state {
                let is_legal = before.state.next().contains(&ticket.state)
                    || ticket.state == TicketState::Open
                    || matches!(step, Step::TakeBack)
                    || (before.state == TicketState::Resolved
                        && ticket.state == TicketState::Closed);
                prop_assert!(is_legal, "{:?} to {:?}", before.state, ticket.state);
                prop_assert!(ticket.events.len() > before.events.len());
            }
            // Nor does a promise that was broken for good become whole.
            let n_broken = |ticket: &Ticket| {
                let all = ticket.deadlines.iter();
                all.filter(|one| one.state == DeadlineState::Breached && one.completed_at.is_some())
                    .count()
            };
            let owed_again = match (step, before.passed.as_deref()) {
                (Step::TakeBack, Some(passed)) => passed.owed.len(),
                _ => 0,
            };
            prop_assert!(n_broken(&ticket) + owed_again >= n_broken(&before));
            // It is where its path ends, and nowhere else.
            let n_here = ticket.path.iter().filter(|step| step.left_at.is_none()).count();
            prop_assert_eq!(n_here, 1);
            let here = ticket.path.last().unwrap();
            prop_assert_eq!((here.group, here.left_at), (ticket.group_id, None));
            prop_assert!(ticket.waiting.iter().all(|one| one.group != ticket.group_id));
            // The clock stands exactly while somebody else has to act.
            let stands = matches!(ticket.state, TicketState::PendingCustomer | TicketState::OnHold);
            for deadline in ticket.deadlines.iter().filter(|one| one.is_open()) {
                prop_assert!(ticket.state.is_unfinished());
                prop_assert_eq!(deadline.is_paused(), stands);
                prop_assert!(!(stands && deadline.tick_copy(now)));
            }
            let n_open = |metric| {
                ticket
                    .deadlines
                    .iter()
                    .filter(|one| one.metric == metric && one.is_open())
                    .count()
            };
            prop_assert!(n_open(SlaMetric::Resolution) <= 1);
            prop_assert!(n_open(SlaMetric::NextResponse) <= 1);
            if let Some(at) = ticket.rings_at() {
                let mut earlier = ticket.clone();
                prop_assert!(at <= now || !earlier.tick(&people[0].hours, at - 1).1);
            }
        }
    }
}

trait TickCopy {
    /// Whether its clock would ring.
    fn tick_copy(&self, now: Millis) -> bool;
}

impl TickCopy for Deadline {
    fn tick_copy(&self, now: Millis) -> bool {
        self.clone().tick(now).is_some()
    }
}

#[test]
fn a_note_names_colleagues_and_no_more_than_some() {
    let li = Someone::new(1, "李娜", AFTER_SALES);
    let mut one = ticket(&li);
    let act = li.at(MONDAY_9 + 1);
    let named = vec![AgentId(Uuid::from_u128(7))];
    assert_eq!(one.comment("@周海 看一下", &named, &act), Ok(true));
    let said = &one.events.last().unwrap().what;
    assert_eq!(said.mentions(), named);
    assert_eq!(said.text(), Some("@周海 看一下"));
    assert_eq!(said.milestone(), None, "no word of it leaves the ticket");
    let all = vec![AgentId(Uuid::from_u128(7)); MAX_MENTIONS + 1];
    assert_eq!(one.comment("都来", &all, &act), Err(IllegalTicket::TooLong));
}

#[test]
fn whoever_has_it_may_give_it_up() {
    let li = Someone::new(1, "李娜", AFTER_SALES);
    let chen = Someone::new(2, "陈晨", AFTER_SALES);
    let mut one = ticket(&li);
    assert_eq!(one.release(&li.at(MONDAY_9)), Ok(false), "nobody has it");
    one.claim(&li.at(MONDAY_9 + 1)).unwrap();
    let held = one.clone().release(&chen.at(MONDAY_9 + 2));
    assert_eq!(held, Err(IllegalTicket::HeldBy(li.person.agent)));
    assert_eq!(one.release(&li.at(MONDAY_9 + 3)), Ok(true));
    assert_eq!(one.assignee, None);
    assert_eq!(one.state, TicketState::Open, "what was done counts");
    assert_eq!(one.claim(&chen.at(MONDAY_9 + 4)), Ok(true));
}

#[test]
fn a_conversation_is_told_of_steps_and_of_nothing_that_anybody_wrote() {
    let li = Someone::new(1, "李娜", AFTER_SALES);
    let mut one = ticket(&li);
    one.claim(&li.at(MONDAY_9 + 1)).unwrap();
    one.transfer(
        department(LOGISTICS),
        true,
        "查一下 13812345678",
        &li.at(MONDAY_9 + 2),
    )
    .unwrap();
    let told: Vec<TicketMilestone> = one
        .events
        .iter()
        .filter_map(|event| event.what.milestone())
        .collect();
    let to = "物流组".to_owned();
    assert_eq!(
        told,
        [TicketMilestone::Filed, TicketMilestone::Transferred { to }]
    );
}

#[test]
fn a_draft_becomes_the_same_ticket_wherever_it_is_made() {
    let li = Someone::new(1, "李娜", AFTER_SALES);
    let draft = TicketDraft {
        type_id: returns().id,
        title: "破损".to_owned(),
        priority: Priority::High,
        group_id: group(LOGISTICS),
        conversation_id: None,
        values: values(),
        note: "先记一笔".to_owned(),
    };
    let groups = [group(AFTER_SALES)];
    let new = draft.made(Uuid::from_u128(5).into(), About::default(), &groups);
    assert_eq!(
        new.from,
        Some(group(AFTER_SALES)),
        "its author waits for it"
    );
    let made = Ticket::create(new, 1, &returns(), &li.at(MONDAY_9)).unwrap();
    let first = made.open_deadline(SlaMetric::FirstResponse);
    assert!(first.is_some(), "what its author wrote is no response");
    let said = made.events.iter().filter_map(|event| event.what.text());
    assert_eq!(said.collect::<Vec<_>>(), ["先记一笔"]);
}

#[test]
fn a_type_is_told_all_that_is_wrong_each_at_its_place() {
    use TicketFieldPart as Part;
    use TicketTypePlace as P;
    use TicketTypeWhy as W;
    let told = |kind: TicketType| -> Vec<(P, W)> {
        let faults = kind.cleaned().faults().into_iter();
        faults.map(|fault| (fault.place, fault.why)).collect()
    };
    assert_eq!(told(returns()), []);
    let mut kind = returns();
    kind.name = " \u{7} ".to_owned();
    kind.sla.warn_percent = 0;
    kind.sla.resolution.low = 525_601;
    kind.fields[1].key = kind.fields[0].key.clone();
    kind.fields[1].label = "长".repeat(41);
    let field = |place, part| P::Field { place, part };
    assert_eq!(
        told(kind.clone()),
        [
            (P::Name, W::Empty),
            (P::WarnShare, W::Bounds),
            (P::Targets, W::Bounds),
            (field(1, Part::Key), W::Twice),
            (field(1, Part::Label), W::TooLong),
        ]
    );
    assert!(kind.check().is_err());
    let mut kind = returns();
    kind.name = "  换货 ".to_owned();
    kind.fields[0].kind = TicketFieldKind::Choice {
        options: vec![" 破损 ".to_owned(), String::new(), "破损".to_owned()],
    };
    let twice = [(field(0, Part::Options), W::Twice)];
    assert_eq!(told(kind.clone()), twice, "blanks go first");
    kind.fields[0].kind = TicketFieldKind::Choice {
        options: vec![" 破损 ".to_owned(), " ".to_owned()],
    };
    let clean = kind.check().unwrap();
    assert_eq!(clean.name, "换货");
    let options = TicketFieldKind::Choice {
        options: vec!["破损".to_owned()],
    };
    assert_eq!(clean.fields[0].kind, options);
}

#[test]
fn a_type_points_only_to_what_the_organisation_has() {
    use TicketTypePlace as P;
    let mut kind = returns();
    kind.group_id = Some(group(AFTER_SALES));
    kind.path = vec![group(LOGISTICS)];
    kind.sla.hours = Some(Uuid::from_u128(77).into());
    let places =
        |kind: &TicketType, groups: &[GroupId], hours: &[HoursId], types: &[TicketType]| {
            let faults = kind.faults_among(groups, hours, types).into_iter();
            faults.map(|fault| fault.place).collect::<Vec<_>>()
        };
    let all = [group(AFTER_SALES), group(LOGISTICS)];
    let hours = [Uuid::from_u128(77).into()];
    assert_eq!(places(&kind, &all, &hours, &[kind.clone()]), []);
    let mut other = kind.clone();
    other.id = Uuid::from_u128(9_999).into();
    assert_eq!(
        places(&kind, &[], &[], &[other.clone()]),
        [P::Name, P::Department, P::Path, P::Calendar]
    );
    other.active = false;
    assert_eq!(places(&kind, &all, &hours, &[other]), []);
}
