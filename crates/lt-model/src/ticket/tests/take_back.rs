//! Taking back what was passed on.

use super::*;

const NOON: Millis = MONDAY_9 + 3 * HOUR;

/// Those of three departments, a lead of the first one, and a colleague of the one who passes on.
struct Cast {
    li: Someone,
    wang: Someone,
    zhang: Someone,
    hai: Someone,
    lei: Someone,
}

impl Cast {
    fn new() -> Self {
        let mut zhang = Someone::new(5, "张敏", AFTER_SALES);
        zhang.may_supervise = true;
        Self {
            li: Someone::new(1, "李娜", AFTER_SALES),
            wang: Someone::new(4, "王晓彤", AFTER_SALES),
            zhang,
            hai: Someone::new(2, "陈海", LOGISTICS),
            lei: Someone::new(3, "张磊", FINANCE),
        }
    }

    /// 李娜 has it, and passed it on at noon.
    fn passed(&self, returns: bool) -> (Ticket, Ticket) {
        let mut one = ticket(&self.li);
        one.claim(&self.li.at(MONDAY_9 + 1)).unwrap();
        let before = one.clone();
        let to = department(LOGISTICS);
        one.transfer(to, returns, "请核实", &self.li.at(NOON))
            .unwrap();
        (before, one)
    }
}

fn take_back(one: &mut Ticket, who: &Someone, at: Millis) -> Result<bool, IllegalTicket> {
    one.take_back(group(LOGISTICS), department(AFTER_SALES), &who.at(at))
}

/// What of a ticket a passing on changes, and taking it back puts right.
fn stand(one: &Ticket) -> impl PartialEq + std::fmt::Debug + use<> {
    (
        (
            one.state,
            one.group_id,
            one.assignee.clone(),
            one.hold_until,
        ),
        (one.path.clone(), one.ahead.clone(), one.waiting.clone()),
    )
}

#[test]
fn the_department_that_passed_it_on_sees_it_until_the_other_one_acts() {
    let cast = Cast::new();
    let both = [group(AFTER_SALES), group(LOGISTICS)];
    for (returns, after) in [(false, &both[1..]), (true, &both[..])] {
        let (_, mut one) = cast.passed(returns);
        assert_eq!(one.seen_by(), both, "returns: {returns}");
        one.claim(&cast.hai.at(NOON + 1)).unwrap();
        assert_eq!(one.seen_by(), after, "returns: {returns}");
    }
}

#[test]
fn all_is_as_it_was_and_the_history_says_so() {
    let cast = Cast::new();
    for returns in [false, true] {
        let (before, mut one) = cast.passed(returns);
        assert_eq!(take_back(&mut one, &cast.li, NOON + 1), Ok(true));
        assert_eq!(stand(&one), stand(&before));
        assert_eq!(one.deadlines, before.deadlines);
        assert_eq!(one.passed, None);
        let told = one.events.last().unwrap();
        let to = "售后组".to_owned();
        assert_eq!(told.what, TicketEventKind::TakenBack { to });
        assert_eq!(told.group, group(LOGISTICS));
        assert_eq!(one.events.len(), before.events.len() + 2);
        // Once more it is so already, whoever of them presses.
        assert_eq!(take_back(&mut one, &cast.li, NOON + 2), Ok(false));
        assert_eq!(take_back(&mut one, &cast.zhang, NOON + 2), Ok(false));
    }
}

#[test]
fn who_may() {
    let cast = Cast::new();
    let mut gone = Someone::new(1, "李娜", FINANCE);
    let elsewhere = Err(IllegalTicket::Elsewhere);
    let cases: [(&str, &Someone, Result<bool, IllegalTicket>); 6] = [
        ("who passed it on", &cast.li, Ok(true)),
        ("their lead", &cast.zhang, Ok(true)),
        ("a colleague", &cast.wang, elsewhere.clone()),
        ("who was given it", &cast.hai, elsewhere.clone()),
        ("a stranger", &cast.lei, elsewhere.clone()),
        ("who works there no more", &gone, elsewhere.clone()),
    ];
    for (name, who, expected) in cases {
        let (_, mut one) = cast.passed(false);
        let (id, leads) = (who.person.agent, who.may_supervise);
        let may = one.may_take_back(id, &who.groups, leads);
        assert_eq!(may, expected == Ok(true), "{name}");
        assert_eq!(take_back(&mut one, who, NOON + 1), expected, "{name}");
    }
    gone.may_supervise = true;
    let (_, mut one) = cast.passed(false);
    assert_eq!(
        take_back(&mut one, &gone, NOON + 1),
        elsewhere,
        "another's lead"
    );
}

/// Something that happens to a ticket after it was passed on.
type Then = fn(&mut Ticket, &Cast);

#[test]
fn until_the_department_acts() {
    let cast = Cast::new();
    let at = NOON + HOUR;
    let cases: [(&str, Then, bool); 11] = [
        ("nothing", |_, _| {}, true),
        (
            "the clock",
            |one, cast| {
                one.tick(&cast.li.hours, NOON + DAY);
            },
            true,
        ),
        (
            "a word of who passed it on",
            |one, cast| {
                one.comment("请尽快", &[], &cast.li.at(NOON + 1)).unwrap();
            },
            true,
        ),
        (
            "a word of a colleague who waits",
            |one, cast| {
                one.comment("客户在催", &[], &cast.wang.at(NOON + 1))
                    .unwrap();
            },
            true,
        ),
        (
            "taken",
            |one, cast| {
                one.claim(&cast.hai.at(NOON + 1)).unwrap();
            },
            false,
        ),
        (
            "taken and given up",
            |one, cast| {
                one.claim(&cast.hai.at(NOON + 1)).unwrap();
                one.release(&cast.hai.at(NOON + 2)).unwrap();
            },
            false,
        ),
        (
            "a note",
            |one, cast| {
                one.comment("在查", &[], &cast.hai.at(NOON + 1)).unwrap();
            },
            false,
        ),
        (
            "another state",
            |one, cast| {
                let (from, to) = (one.state, TicketState::PendingCustomer);
                let kind = returns();
                one.move_to(from, to, "", None, &kind, &cast.hai.at(NOON + 1))
                    .unwrap();
            },
            false,
        ),
        (
            "another priority",
            |one, cast| {
                let edit = Edit {
                    rev: one.rev(PRIORITY),
                    base: one.priority,
                    mine: Priority::Urgent,
                };
                let changes = [TicketChange::Priority { edit }];
                one.patch(&changes, &returns(), &cast.hai.at(NOON + 1))
                    .unwrap();
            },
            false,
        ),
        (
            "passed on again",
            |one, cast| {
                one.transfer(department(FINANCE), true, "", &cast.hai.at(NOON + 1))
                    .unwrap();
            },
            false,
        ),
        (
            "given back, and passed on to another one",
            |one, cast| {
                one.give_back(department(AFTER_SALES), "", &cast.hai.at(NOON + 1))
                    .unwrap();
                one.claim(&cast.li.at(NOON + 2)).unwrap();
                one.comment("再转", &[], &cast.li.at(NOON + 2)).unwrap();
            },
            false,
        ),
    ];
    for (name, then, may) in cases {
        let (before, mut one) = cast.passed(true);
        then(&mut one, &cast);
        let expected = match may {
            true => Ok(true),
            false => Err(IllegalTicket::TakenUp),
        };
        assert_eq!(take_back(&mut one, &cast.li, at), expected, "{name}");
        if may {
            assert_eq!(stand(&one), stand(&before), "{name}");
        }
    }
}

#[test]
fn an_old_wish_takes_nothing_back_that_came_later() {
    let cast = Cast::new();
    let (_, mut one) = cast.passed(true);
    let back = department(AFTER_SALES);
    one.give_back(back, "", &cast.hai.at(NOON + 1)).unwrap();
    let to = department(FINANCE);
    one.transfer(to, true, "", &cast.li.at(NOON + 2)).unwrap();
    let late = take_back(&mut one.clone(), &cast.li, NOON + 3);
    assert_eq!(late, Err(IllegalTicket::ChangedMeanwhile));
    let right = one.take_back(group(FINANCE), back, &cast.li.at(NOON + 3));
    assert_eq!(right, Ok(true));
}

#[test]
fn what_was_given_back_is_taken_back_too() {
    let cast = Cast::new();
    let (_, mut one) = cast.passed(true);
    one.claim(&cast.hai.at(NOON + 1)).unwrap();
    let before = one.clone();
    // By the word for it, and by passing it to a department that waits.
    let by_word: Then = |one, cast| {
        one.give_back(department(AFTER_SALES), "", &cast.hai.at(NOON + 2))
            .unwrap();
    };
    let by_passing: Then = |one, cast| {
        one.transfer(department(AFTER_SALES), false, "", &cast.hai.at(NOON + 2))
            .unwrap();
    };
    for give in [by_word, by_passing] {
        let mut one = before.clone();
        give(&mut one, &cast);
        let (from, to) = (group(AFTER_SALES), department(LOGISTICS));
        assert_eq!(one.take_back(from, to, &cast.hai.at(NOON + 3)), Ok(true));
        assert_eq!(stand(&one), stand(&before));
    }
}

#[test]
fn a_promise_that_passing_on_had_kept_is_owed_again() {
    let cast = Cast::new();
    let mut one = ticket(&cast.li);
    let before = one.clone();
    let first = SlaMetric::FirstResponse;
    one.transfer(department(LOGISTICS), true, "", &cast.li.at(NOON))
        .unwrap();
    assert_eq!(one.open_deadline(first), None, "passing on is a response");
    assert!(one.open_deadline(SlaMetric::NextResponse).is_some());
    take_back(&mut one, &cast.li, NOON + 1).unwrap();
    assert_eq!(one.open_deadline(first), before.open_deadline(first));
    assert_eq!(one.deadlines.len(), before.deadlines.len());
}

#[test]
fn what_waited_for_the_customer_waits_again_unless_they_wrote() {
    let cast = Cast::new();
    for wrote in [false, true] {
        let mut one = ticket(&cast.li);
        let (new, pending) = (TicketState::New, TicketState::PendingCustomer);
        one.move_to(new, pending, "", None, &returns(), &cast.li.at(MONDAY_9))
            .unwrap();
        one.transfer(department(LOGISTICS), true, "", &cast.li.at(NOON))
            .unwrap();
        assert_eq!(one.state, TicketState::Open);
        if wrote {
            assert!(one.customer_wrote(&cast.li.hours, NOON + 1));
            assert!(!one.customer_wrote(&cast.li.hours, NOON + 2), "it is known");
        }
        take_back(&mut one, &cast.li, NOON + HOUR).unwrap();
        let resolution = one.open_deadline(SlaMetric::Resolution).unwrap();
        let expected = match wrote {
            true => (TicketState::Open, false),
            false => (pending, true),
        };
        assert_eq!((one.state, resolution.is_paused()), expected);
        // From 9 to 12 it stood; the hour with the other department ran, and stays told.
        let used = resolution.used_ms(&cast.li.hours, NOON + HOUR);
        assert_eq!(used, HOUR);
    }
}

#[test]
fn a_promise_that_was_broken_meanwhile_stays_broken() {
    let cast = Cast::new();
    let late = NOON + 10 * DAY;
    let broken = |one: &Ticket| {
        let next = one.deadlines.iter();
        let next = next.filter(|one| one.metric == SlaMetric::NextResponse);
        next.map(|one| (one.state, one.completed_at.is_some()))
            .collect::<Vec<_>>()
    };
    // Whether the clock had told of it or not.
    for ticks in [true, false] {
        let (before, mut one) = cast.passed(true);
        let n_before = broken(&before).len();
        if ticks {
            let (rings, _) = one.tick(&cast.li.hours, late);
            assert!(rings.contains(&Ring::Breached(SlaMetric::NextResponse)));
        }
        assert_eq!(take_back(&mut one, &cast.li, late + 1), Ok(true));
        let found = broken(&one);
        assert_eq!(found.len(), n_before + 1, "ticks: {ticks}");
        assert_eq!(found.last(), Some(&(DeadlineState::Breached, true)));
        assert_eq!(one.open_deadline(SlaMetric::NextResponse), None);
        // Passed on and taken back at once it is counted no second time.
        let to = department(LOGISTICS);
        one.transfer(to, true, "", &cast.li.at(late + 2)).unwrap();
        assert_eq!(take_back(&mut one, &cast.li, late + 3), Ok(true));
        assert_eq!(broken(&one), found, "ticks: {ticks}");
    }
}
