//! Tickets at the desk: what waiting operations do to them, lists, and what is news.

use std::collections::BTreeMap;

use lt_model::{
    agent::SkillGroup,
    change::EntityKind,
    hours::BusinessHours,
    id::{GroupId, HoursId, OpId, TicketId},
    priority::Priority,
    ticket::{
        Ticket, TicketState, TicketType, TicketValue,
        act::{Known, TicketAct, TicketDraft},
        moves::{Act, IllegalTicket, NewTicket},
        standard,
    },
};
use lt_protocol::{
    code::Code,
    event::Tag,
    sync::{Action, Entity, OpOutcome},
    ticket::{TicketDue, TicketFilter, TicketNews, TicketScope, TicketSort},
};
use lt_store::{Enqueued, News, StoreError, Tells, TicketPart};

use crate::world::{
    CARE, CONFIG, NOW, SALES, World, colleague, del, group_id, me, new_op, put, skill_group, uuid,
};

fn ticket_id(n: u64) -> TicketId {
    TicketId(uuid(5_000_000 + n))
}

fn kind() -> TicketType {
    let mut n = 6_000_000;
    let mut first = standard::types(|| {
        n += 1;
        uuid(n).into()
    })
    .swap_remove(0)
    .kind;
    first.group_id = Some(group_id(SALES));
    first
}

fn groups() -> Vec<SkillGroup> {
    let mut care = skill_group(CARE);
    care.name = "物流组".to_owned();
    vec![skill_group(SALES), care]
}

fn values() -> BTreeMap<String, TicketValue> {
    BTreeMap::from([
        (
            "order".to_owned(),
            TicketValue::Text("LX2026-11".to_owned()),
        ),
        ("request".to_owned(), TicketValue::Choice("换货".to_owned())),
        (
            "reason".to_owned(),
            TicketValue::Choice("运输破损".to_owned()),
        ),
    ])
}

fn draft(group_id: GroupId) -> TicketDraft {
    TicketDraft {
        type_id: kind().id,
        title: "快递破损".to_owned(),
        priority: Priority::Normal,
        group_id,
        conversation_id: None,
        values: values(),
        note: String::new(),
    }
}

fn create(n: u64, group_id: GroupId) -> Action {
    Action::Ticket {
        ticket_id: ticket_id(n),
        act: TicketAct::Create {
            draft: Box::new(draft(group_id)),
        },
    }
}

fn on(n: u64, act: TicketAct) -> Action {
    let ticket_id = ticket_id(n);
    Action::Ticket { ticket_id, act }
}

fn comment(n: u64, text: &str) -> Action {
    let text = text.to_owned();
    on(
        n,
        TicketAct::Comment {
            text,
            mentions: Vec::new(),
        },
    )
}

fn hours() -> BusinessHours {
    BusinessHours::always(HoursId(uuid(1)))
}

/// What the server does: the same functions, by whoever it was, with the operation that asked.
struct Server {
    hours: BusinessHours,
}

impl Server {
    fn act<'a>(
        &'a self,
        by: &'a lt_model::ticket::TicketPerson,
        groups: &'a [GroupId],
        op: Option<OpId>,
    ) -> Act<'a> {
        Act {
            by,
            groups,
            may_supervise: false,
            hours: &self.hours,
            now: NOW,
            op,
        }
    }

    fn made(&self, n: u64, number: u64, op: Option<OpId>) -> Ticket {
        let new = NewTicket {
            id: ticket_id(n),
            title: "快递破损".to_owned(),
            priority: Priority::Normal,
            group: group_id(SALES),
            from: None,
            customer: None,
            conversation: None,
            values: values(),
            note: String::new(),
        };
        let (person, groups) = (person(&me()), me().groups);
        Ticket::create(new, number, &kind(), &self.act(&person, &groups, op)).unwrap()
    }

    fn done(
        &self,
        ticket: &Ticket,
        act: &TicketAct,
        by: &lt_model::agent::Agent,
        op: Option<OpId>,
    ) -> Ticket {
        let mut after = ticket.clone();
        let (person, all) = (person(by), groups());
        let kind = kind();
        let known = Known {
            kind: &kind,
            groups: &all,
            person: None,
        };
        after
            .apply(act, known, &self.act(&person, &by.groups, op))
            .unwrap();
        after
    }
}

fn person(agent: &lt_model::agent::Agent) -> lt_model::ticket::TicketPerson {
    lt_model::ticket::TicketPerson {
        agent: agent.id,
        name: agent.display_name.clone(),
    }
}

fn put_ticket(ticket: &Ticket) -> lt_protocol::sync::RowChange {
    put(Entity::Ticket(Box::new(ticket.clone())))
}

/// A desk that knows two departments and one type.
fn desk() -> (World, Server) {
    let mut world = World::new();
    let mut rows: Vec<_> = groups()
        .into_iter()
        .map(|group| put(Entity::Group(group)))
        .collect();
    rows.push(put(Entity::Agent(me())));
    rows.push(put(Entity::Agent(colleague())));
    rows.push(put(Entity::BusinessHours(Box::new(hours()))));
    rows.push(put(Entity::TicketType(Box::new(kind()))));
    world.feed(CONFIG, rows);
    (world, Server { hours: hours() })
}

fn all() -> TicketFilter {
    TicketFilter {
        scope: TicketScope::All,
        states: Vec::new(),
        types: Vec::new(),
        priorities: Vec::new(),
        due: None,
        query: String::new(),
        contact_id: None,
        conversation_id: None,
    }
}

const PART: TicketPart = TicketPart {
    sort: TicketSort::Due,
    reversed: false,
    offset: 0,
    limit: 100,
};

/// A desk that masks nothing.
const ALL: Tells<'_> = &|words, term| words.title.contains(term) || words.customer.contains(term);

fn shown(world: &World, n: u64) -> Option<Ticket> {
    let stored = world.store.ticket(ticket_id(n)).unwrap();
    stored.map(|stored| stored.ticket)
}

fn numbers(world: &World, filter: &TicketFilter) -> Vec<u64> {
    let (lines, total, _) = world.store.tickets(filter, PART, ALL, NOW).unwrap();
    assert_eq!(lines.len(), usize::try_from(total).unwrap());
    lines.iter().map(|line| line.number).collect()
}

#[test]
fn what_was_made_here_shows_at_once_and_is_not_doubled() {
    let (mut world, server) = desk();
    let created = new_op(world.store.enqueue(create(1, group_id(SALES)), NOW));
    let again = world
        .store
        .enqueue(create(1, group_id(SALES)), NOW)
        .unwrap()
        .0;
    assert_eq!(again, Enqueued::AlreadyThere);
    let commented = new_op(world.store.enqueue(comment(1, "尽快"), NOW + 1));
    let own = shown(&world, 1).unwrap();
    assert_eq!((own.number, own.events.len()), (0, 2));
    let waiting = world.store.queue(0, 10).unwrap();
    assert_eq!(
        waiting[1].after,
        Some(created),
        "it goes the way of the ticket"
    );

    // The answer first, the row later.
    let done = OpOutcome::Done { at: NOW };
    world.store.op_result(created, &done, NOW).unwrap();
    assert_eq!(shown(&world, 1).unwrap().events.len(), 2);
    let made = server.made(1, 817, Some(created));
    world.feed(SALES, vec![put_ticket(&made)]);
    let own = shown(&world, 1).unwrap();
    assert_eq!(
        (own.number, own.events.len()),
        (817, 2),
        "the comment still waits"
    );
    // The row first, the answer later.
    let text = "尽快".to_owned();
    let act = TicketAct::Comment {
        text,
        mentions: Vec::new(),
    };
    let told = server.done(&made, &act, &me(), Some(commented));
    world.feed(SALES, vec![put_ticket(&told)]);
    assert_eq!(shown(&world, 1).unwrap().events.len(), 2);
    world.store.op_result(commented, &done, NOW).unwrap();
    let stored = world.store.ticket(ticket_id(1)).unwrap().unwrap();
    assert_eq!((stored.ticket.events.len(), stored.pending), (2, false));
    assert!(world.store.outbox().unwrap().is_empty());
    assert_eq!(numbers(&world, &all()), [817]);
}

#[test]
fn a_refused_one_stays_until_it_is_given_up() {
    let (world, _) = desk();
    let created = new_op(world.store.enqueue(create(1, group_id(SALES)), NOW));
    let refused = OpOutcome::Refused {
        code: Code::IllegalState,
    };
    world.store.op_result(created, &refused, NOW).unwrap();
    let stored = world.store.ticket(ticket_id(1)).unwrap().unwrap();
    assert_eq!(stored.refused, [(created, Code::IllegalState)]);
    assert!(
        world
            .store
            .ticket_line(ticket_id(1))
            .unwrap()
            .unwrap()
            .refused
    );
    let again = new_op(world.store.retry(created, 0, NOW));
    let stored = world.store.ticket(ticket_id(1)).unwrap().unwrap();
    assert!(stored.pending && stored.refused.is_empty());
    world.store.op_result(again, &refused, NOW).unwrap();
    world.store.discard(again, NOW).unwrap();
    assert_eq!(shown(&world, 1), None);
    assert_eq!(numbers(&world, &all()), [0; 0]);
}

#[test]
fn what_the_domain_forbids_is_not_even_queued() {
    let (mut world, server) = desk();
    let taken = server.done(
        &server.made(1, 1, None),
        &TicketAct::Claim,
        &colleague(),
        None,
    );
    world.feed(SALES, vec![put_ticket(&taken)]);
    let claim = world.store.enqueue(on(1, TicketAct::Claim), NOW);
    let held = IllegalTicket::HeldBy(colleague().id);
    assert!(matches!(claim, Err(StoreError::Ticket(why)) if why == held));
    let missing = world.store.enqueue(on(9, TicketAct::Claim), NOW);
    assert!(matches!(missing, Err(StoreError::NotFound("ticket"))));
    let mut bad = draft(group_id(SALES));
    bad.values.clear();
    let act = TicketAct::Create {
        draft: Box::new(bad),
    };
    let bad = world.store.enqueue(on(2, act), NOW);
    assert!(matches!(
        bad,
        Err(StoreError::Ticket(IllegalTicket::Missing(_)))
    ));
    assert!(world.store.outbox().unwrap().is_empty());
}

#[test]
fn a_ticket_that_was_handed_over_leaves_the_desk() {
    let (mut world, server) = desk();
    let made = server.made(1, 1, None);
    world.feed(SALES, vec![put_ticket(&made)]);
    let transfer = TicketAct::Transfer {
        group_id: group_id(CARE),
        returns: false,
        note: String::new(),
    };
    let op = new_op(world.store.enqueue(on(1, transfer), NOW));
    let moved = shown(&world, 1).unwrap();
    assert_eq!(moved.group_id, group_id(CARE));
    let done = OpOutcome::Done { at: NOW };
    world.store.op_result(op, &done, NOW).unwrap();
    let change = world.feed(SALES, vec![del(EntityKind::Ticket, ticket_id(1))]);
    assert_eq!(shown(&world, 1), None);
    assert!(change.tags.contains(&Tag::Tickets));
    assert!(change.tags.contains(&Tag::Ticket { id: ticket_id(1) }));
    assert!(world.store.outbox().unwrap().is_empty());
    // What is asked about it from now on is told by its number.
    let mut world = world.crash();
    let number = |world: &World, n| world.store.ticket_number(ticket_id(n)).unwrap();
    assert_eq!((number(&world, 1), number(&world, 2)), (Some(1), None));
    world.feed(SALES, vec![put_ticket(&server.made(2, 2, None))]);
    assert_eq!((number(&world, 1), number(&world, 2)), (Some(1), Some(2)));
}

#[test]
fn a_lost_race_is_told_and_tried_again_over_what_is_there_now() {
    let (mut world, server) = desk();
    let open = server.done(&server.made(1, 1, None), &TicketAct::Claim, &me(), None);
    world.feed(SALES, vec![put_ticket(&open)]);
    let halt = TicketAct::Move {
        from: TicketState::Open,
        to: TicketState::PendingCustomer,
        note: String::new(),
        until: None,
    };
    let op = new_op(world.store.enqueue(on(1, halt), NOW));
    let mut held = open;
    held.state = TicketState::OnHold;
    world.feed(SALES, vec![put_ticket(&held)]);
    let code = Code::ChangedMeanwhile;
    let refused = OpOutcome::Refused { code };
    world.store.op_result(op, &refused, NOW).unwrap();
    assert_eq!(shown(&world, 1).unwrap().state, TicketState::OnHold);
    new_op(world.store.retry(op, 0, NOW));
    assert_eq!(
        shown(&world, 1).unwrap().state,
        TicketState::PendingCustomer
    );
}

#[test]
fn lists_are_filtered_sorted_and_counted() {
    let (mut world, server) = desk();
    let mut rows = Vec::new();
    for n in 1..=30 {
        let mut made = server.made(n, n, None);
        made.created_at = NOW + i64::try_from(n).unwrap();
        if n % 3 == 0 {
            made = server.done(&made, &TicketAct::Claim, &me(), None);
        }
        if n % 5 == 0 {
            made.priority = Priority::Urgent;
            made.title = "客户要投诉".to_owned();
        }
        rows.push(put_ticket(&made));
    }
    world.feed(SALES, rows);
    let transfer = TicketAct::Transfer {
        group_id: group_id(CARE),
        returns: true,
        note: String::new(),
    };
    world.store.enqueue(on(1, transfer), NOW).unwrap();

    let mine = TicketFilter {
        scope: TicketScope::Mine,
        ..all()
    };
    assert_eq!(numbers(&world, &mine).len(), 10);
    let waiting = TicketFilter {
        scope: TicketScope::Waiting,
        ..all()
    };
    assert_eq!(numbers(&world, &waiting), [1]);
    let here = TicketFilter {
        scope: TicketScope::Department {
            id: group_id(SALES),
        },
        states: vec![TicketState::New],
        ..all()
    };
    assert_eq!(numbers(&world, &here).len(), 19);
    let urgent = TicketFilter {
        priorities: vec![Priority::Urgent],
        query: "投诉".to_owned(),
        ..all()
    };
    assert_eq!(numbers(&world, &urgent).len(), 6);
    for (query, found) in [("T-00007", vec![7]), ("7", vec![7]), ("100%", vec![])] {
        let query = query.to_owned();
        let filter = TicketFilter { query, ..all() };
        assert_eq!(numbers(&world, &filter), found);
    }
    // Whatever the texts have: what must not be told is not counted.
    let few: Tells<'_> = &|words, _| words.title.ends_with('7');
    let (lines, total, _) = world.store.tickets(&urgent, PART, few, NOW).unwrap();
    assert_eq!(lines.len(), usize::try_from(total).unwrap());
    assert!(lines.iter().all(|line| line.title.ends_with('7')) && total < 6);
    let third = TicketPart {
        offset: 2,
        limit: 1,
        ..PART
    };
    let (lines, total, _) = world.store.tickets(&urgent, third, ALL, NOW).unwrap();
    assert_eq!((lines.len(), total), (1, 6), "a window of what is found");
    let (whole, _, _) = world.store.tickets(&urgent, PART, ALL, NOW).unwrap();
    assert_eq!(whole.get(2), lines.first());
    let late = TicketFilter {
        due: Some(TicketDue::Breached),
        ..all()
    };
    assert_eq!(numbers(&world, &late), [0; 0]);
    let (_, late, totals) = world
        .store
        .tickets(&late, PART, ALL, NOW + 30 * 86_400_000)
        .unwrap();
    assert_eq!(late, 30);
    assert_eq!((totals.mine, totals.waiting, totals.all), (10, 1, 30));
    assert_eq!(totals.departments, [(group_id(SALES), 29)]);

    let part = TicketPart {
        sort: TicketSort::Created,
        offset: 5,
        limit: 3,
        ..PART
    };
    let (lines, total, _) = world.store.tickets(&all(), part, ALL, NOW).unwrap();
    let page: Vec<u64> = lines.iter().map(|line| line.number).collect();
    assert_eq!((page, total), (vec![25, 24, 23], 30));
    let (columns, _) = world.store.ticket_board(&all(), PART, ALL, NOW).unwrap();
    let board: Vec<_> = columns
        .iter()
        .map(|column| (column.state, column.total))
        .filter(|(_, total)| *total > 0)
        .collect();
    assert_eq!(board, [(TicketState::New, 20), (TicketState::Open, 10)]);
}

#[test]
fn only_what_concerns_the_agent_is_news() {
    let (mut world, server) = desk();
    // The desk has caught up: what comes now is news.
    world.feed(SALES, vec![put_ticket(&server.made(9, 9, None))]);
    let open = server.done(&server.made(1, 1, None), &TicketAct::Claim, &me(), None);
    let told = |change: lt_store::Change| -> Vec<TicketNews> {
        let news = change.news.into_iter().filter_map(|news| match news {
            News::Ticket { news, .. } => Some(news),
            _ => None,
        });
        news.collect()
    };
    // What the agent did is none.
    assert_eq!(told(world.feed(SALES, vec![put_ticket(&open)])), []);
    let text = "看过了".to_owned();
    let act = TicketAct::Comment {
        text,
        mentions: Vec::new(),
    };
    let commented = server.done(&open, &act, &colleague(), None);
    let change = world.feed(SALES, vec![put_ticket(&commented)]);
    assert_eq!(told(change), [TicketNews::Commented]);
    let mut late = commented;
    late.tick(&server.hours, NOW + 40 * 86_400_000);
    let change = world.feed(SALES, vec![put_ticket(&late)]);
    assert_eq!(told(change), [TicketNews::Breached]);
    // Of a colleague's ticket nobody else hears.
    let other = server.done(
        &server.made(2, 2, None),
        &TicketAct::Claim,
        &colleague(),
        None,
    );
    world.feed(SALES, vec![put_ticket(&other)]);
    let act = TicketAct::Comment {
        mentions: Vec::new(),
        text: "处理中".to_owned(),
    };
    let commented = server.done(&other, &act, &colleague(), None);
    assert_eq!(told(world.feed(SALES, vec![put_ticket(&commented)])), []);
}

#[test]
fn a_ticket_that_nobody_had_and_is_taken_back_is_told_to_its_department() {
    let (mut world, server) = desk();
    world.feed(SALES, vec![put_ticket(&server.made(9, 9, None))]);
    let pass = TicketAct::Transfer {
        group_id: group_id(CARE),
        returns: true,
        note: String::new(),
    };
    let passed = server.done(&server.made(1, 1, None), &pass, &colleague(), None);
    world.feed(SALES, vec![put_ticket(&passed)]);
    let back = TicketAct::TakeBack {
        group_id: group_id(CARE),
    };
    let back = server.done(&passed, &back, &colleague(), None);
    assert_eq!(back.assignee, None);
    let change = world.feed(SALES, vec![put_ticket(&back)]);
    let arrived = |news: &News| {
        matches!(
            news,
            News::Ticket {
                news: TicketNews::Arrived,
                ..
            }
        )
    };
    assert!(change.news.iter().any(arrived), "{:?}", change.news);
}

/// Whoever waits for a ticket, made it or has it is told how it ended, whatever the end.
#[test]
fn a_ticket_that_is_cancelled_or_merged_is_news_to_those_who_wait_for_it() {
    let (mut world, server) = desk();
    world.feed(SALES, vec![put_ticket(&server.made(9, 9, None))]);
    let there = lt_model::agent::Agent {
        groups: vec![group_id(CARE)],
        ..colleague()
    };
    let waited_for = |n| {
        let made = server.made(n, n, None);
        let transfer = TicketAct::Transfer {
            group_id: group_id(CARE),
            returns: true,
            note: String::new(),
        };
        server.done(&made, &transfer, &me(), None)
    };
    let (one, two, mut into) = (waited_for(1), waited_for(2), waited_for(3));
    for ticket in [&one, &two, &into] {
        world.feed(SALES, vec![put_ticket(ticket)]);
    }
    let cancel = TicketAct::Move {
        from: one.state,
        to: TicketState::Cancelled,
        note: "客户撤销".to_owned(),
        until: None,
    };
    let cancelled = server.done(&one, &cancel, &there, None);
    let mut merged = two;
    let (person, groups) = (person(&there), there.groups.clone());
    let act = server.act(&person, &groups, None);
    merged.merge_into(&mut into, &act).unwrap();
    for (ended, told) in [
        (cancelled, TicketNews::Cancelled),
        (merged, TicketNews::Merged),
    ] {
        assert!(ended.seen_by().contains(&group_id(SALES)), "{told:?}");
        let change = world.feed(SALES, vec![put_ticket(&ended)]);
        let is_told = |news: &News| matches!(news, News::Ticket { news, .. } if *news == told);
        assert!(change.news.iter().any(is_told), "{told:?}");
        assert_eq!(
            shown(&world, ended.number).unwrap().state,
            TicketState::Cancelled
        );
    }
}

#[test]
fn a_type_comes_from_the_server_and_is_an_administrators_to_change() {
    let mut world = desk().0;
    let mut changed = kind();
    changed.name = "退换货".to_owned();
    let ticket_type = Box::new(changed.clone());
    let refused = world
        .store
        .enqueue(Action::SaveTicketType { ticket_type }, NOW);
    assert!(matches!(refused, Err(StoreError::Forbidden)));
    changed.version = 2;
    let change = world.feed(
        CONFIG,
        vec![put(Entity::TicketType(Box::new(changed.clone())))],
    );
    assert!(change.tags.contains(&Tag::TicketTypes));
    assert_eq!(world.store.ticket_types().unwrap(), [changed]);
}

#[test]
fn nothing_of_a_ticket_is_left_when_its_department_is_taken_away() {
    const MARKER: &str = "栀子花茶会员";
    let (mut world, server) = desk();
    let mut made = server.made(1, 1, None);
    made.title = MARKER.to_owned();
    world.feed(SALES, vec![put_ticket(&made)]);
    new_op(world.store.enqueue(comment(1, MARKER), NOW));
    assert!(crate::revoke::everything(&world).contains(MARKER));
    crate::revoke::revoke(&world, 0);
    assert_eq!(shown(&world, 1), None);
    assert!(!crate::revoke::everything(&world).contains(MARKER));
    let outbox = world.store.outbox().unwrap();
    assert_eq!(outbox.len(), 1);
    assert_eq!(outbox[0].state, lt_store::OpState::Refused(Code::Forbidden));
}

#[test]
fn a_note_that_names_the_agent_is_marked_until_it_is_looked_at() {
    let (mut world, server) = desk();
    world.feed(SALES, vec![put_ticket(&server.made(9, 9, None))]);
    let one = server.made(1, 1, None);
    world.feed(SALES, vec![put_ticket(&one)]);
    let note = |mentions| TicketAct::Comment {
        text: "看一下".to_owned(),
        mentions,
    };
    let named = server.done(&one, &note(vec![me().id]), &colleague(), None);
    // What came after it does not hide it.
    let later = server.done(&named, &note(Vec::new()), &colleague(), None);
    let change = world.feed(SALES, vec![put_ticket(&later)]);
    let is_mention =
        |news: &News| matches!(news, News::Ticket { news, .. } if *news == TicketNews::Mentioned);
    assert!(change.news.iter().any(is_mention));
    let mentioned = TicketFilter {
        scope: TicketScope::Mentioned,
        ..all()
    };
    assert_eq!(numbers(&world, &mentioned), [1]);
    let (lines, _, totals) = world.store.tickets(&all(), PART, ALL, NOW).unwrap();
    assert_eq!(totals.mentioned, 1);
    assert_eq!(lines.iter().filter(|line| line.mentioned).count(), 1);
    let seen = world.store.ticket_seen(ticket_id(1)).unwrap();
    assert!(seen.tags.contains(&Tag::Tickets));
    assert_eq!(numbers(&world, &mentioned), [0; 0]);
    // The second look is no change.
    assert_eq!(world.store.ticket_seen(ticket_id(1)).unwrap().tags, []);
    // Nobody is told of their own note.
    let own = server.done(&later, &note(vec![me().id]), &me(), None);
    world.feed(SALES, vec![put_ticket(&own)]);
    assert_eq!(numbers(&world, &mentioned), [0; 0]);
}

#[test]
fn what_may_be_done_is_said_without_doing_it() {
    let (mut world, server) = desk();
    let free = server.made(1, 1, None);
    let held = server.done(
        &server.made(2, 2, None),
        &TicketAct::Claim,
        &colleague(),
        None,
    );
    world.feed(SALES, vec![put_ticket(&free), put_ticket(&held)]);
    let ask = |n, act: TicketAct| world.store.try_ticket(ticket_id(n), &act, NOW);
    assert!(ask(1, TicketAct::Claim).unwrap());
    assert!(!ask(1, TicketAct::Release).unwrap(), "nobody has it");
    let why = ask(2, TicketAct::Release).unwrap_err();
    assert!(matches!(
        why,
        StoreError::Ticket(IllegalTicket::HeldBy(by)) if by == colleague().id
    ));
    assert!(matches!(
        ask(3, TicketAct::Claim),
        Err(StoreError::NotFound(_))
    ));
    assert_eq!(world.store.outbox().unwrap().len(), 0, "nothing was done");
}
