//! Tickets on the server: departments, promises, types, and who sees what.

use std::collections::BTreeMap;

use lt_model::{
    Millis,
    agent::{Role, SkillGroup},
    change::EntityKind,
    hours::{BusinessHours, Period},
    id::{ConversationId, GroupId, HoursId, TicketId},
    merge::Edit,
    priority::Priority,
    routing::Setting,
    sla::{DeadlineState, SlaMetric},
    ticket::{
        Ticket, TicketState, TicketType, TicketValue,
        act::{TicketAct, TicketDraft},
        patch::TicketChange,
    },
};
use lt_protocol::{
    api::NewGroup,
    code::Code,
    sync::{Action, Entity, OpOutcome, RowChange},
};

use crate::back_end::is_postgres;
use crate::world::{Desk, PASSWORD, T0, World, device, id, login, refused};

mod take_back;

const MINUTE: Millis = 60_000;

/// A shop with the departments that a ticket crosses.
struct Departments {
    world: World,
    logistics: SkillGroup,
}

impl Departments {
    fn new() -> Self {
        let world = World::new();
        let new = NewGroup {
            name: "物流组".to_owned(),
            categories: Vec::new(),
            assign: None,
        };
        let logistics = world.bo.create_group(&world.admin, new, T0).unwrap();
        Self { world, logistics }
    }

    fn agent(&self, username: &str, role: Role, groups: Vec<GroupId>) -> Desk {
        let desk = self.world.agent(username, role, &[]);
        let set = self
            .world
            .bo
            .set_agent_groups(&self.world.admin, username, groups, T0);
        set.unwrap();
        desk
    }

    fn after_sales(&self) -> GroupId {
        self.world.group("售后组")
    }
}

/// The types that somebody receives, in order.
fn types(world: &World) -> Vec<TicketType> {
    let mut found: BTreeMap<String, TicketType> = BTreeMap::new();
    for row in world.rows(&world.admin) {
        if let RowChange::Put {
            entity: Entity::TicketType(kind),
        } = row.change
        {
            found.insert(kind.id.to_string(), *kind);
        }
    }
    found.into_values().collect()
}

/// The newest state of a ticket as somebody receives it; none where they see it no more.
fn ticket(world: &World, desk: &Desk, id: TicketId) -> Option<Ticket> {
    let mut found = BTreeMap::new();
    for row in world.rows(&desk.principal) {
        match row.change {
            RowChange::Put {
                entity: Entity::Ticket(ticket),
            } if ticket.id == id => {
                found.insert(row.stream, *ticket);
            }
            RowChange::Del {
                entity: EntityKind::Ticket,
                id: gone,
            } if gone == id.to_string() => {
                found.remove(&row.stream);
            }
            _ => {}
        }
    }
    found.into_values().max_by_key(|ticket| ticket.updated_at)
}

fn draft(kind: &TicketType, group_id: GroupId) -> TicketDraft {
    TicketDraft {
        type_id: kind.id,
        title: "快递破损，要求换货".to_owned(),
        priority: Priority::Normal,
        group_id,
        conversation_id: None,
        values: BTreeMap::from([
            (
                "order".to_owned(),
                TicketValue::Text("LX2026-11".to_owned()),
            ),
            ("request".to_owned(), TicketValue::Choice("换货".to_owned())),
            (
                "reason".to_owned(),
                TicketValue::Choice("运输破损".to_owned()),
            ),
        ]),
        note: String::new(),
    }
}

fn create(ticket_id: TicketId, draft: TicketDraft) -> Action {
    let act = TicketAct::Create {
        draft: Box::new(draft),
    };
    Action::Ticket { ticket_id, act }
}

fn on(ticket_id: TicketId, act: TicketAct) -> Action {
    Action::Ticket { ticket_id, act }
}

fn done(at: Millis) -> OpOutcome {
    OpOutcome::Done { at }
}

fn move_to(from: TicketState, to: TicketState) -> TicketAct {
    TicketAct::Move {
        from,
        to,
        note: String::new(),
        until: None,
    }
}

#[test]
fn a_new_organisation_has_the_standard_types() {
    let world = World::new();
    let types = types(&world);
    let names: Vec<&str> = types.iter().map(|kind| kind.name.as_str()).collect();
    assert_eq!(
        names,
        ["售后退换", "物流查件", "投诉", "定制产品售后", "账单争议"]
    );
    assert_eq!(types[0].group_id, Some(world.group("售后组")));
    assert_eq!(types[2].group_id, Some(world.group("投诉专席")));
}

#[test]
fn an_administrator_changes_types_and_nobody_else() {
    let world = World::new();
    let mut admin = Desk::of(&world.admin);
    let mut lead = world.agent("zhang", Role::TeamLead, &["售后组"]);
    let mut kind = types(&world).swap_remove(0);
    kind.name = "退换货".to_owned();
    kind.path = vec![world.group("投诉专席")];
    let save = |kind: &TicketType| Action::SaveTicketType {
        ticket_type: Box::new(kind.clone()),
    };
    assert_eq!(
        lead.act(&world, save(&kind), T0 + 1),
        refused(Code::Forbidden)
    );
    assert_eq!(admin.act(&world, save(&kind), T0 + 1), done(T0 + 1));
    let saved = types(&world).swap_remove(0);
    assert_eq!((saved.version, saved.name.as_str()), (2, "退换货"));
    // Of the version before it nobody makes another one.
    let blind = admin.act(&world, save(&kind), T0 + 2);
    assert_eq!(blind, refused(Code::ChangedMeanwhile));
    let mut twin = saved;
    (twin.id, twin.version) = (id(), 0);
    assert_eq!(admin.act(&world, save(&twin), T0 + 3), refused(Code::Taken));
    twin.name = "维修".to_owned();
    twin.fields.truncate(1);
    assert_eq!(admin.act(&world, save(&twin), T0 + 4), done(T0 + 4));
    twin.fields[0].key = "Order No".to_owned();
    twin.version = 1;
    let broken = admin.act(&world, save(&twin), T0 + 5);
    assert_eq!(broken, refused(Code::FieldsMissing));
}

#[test]
fn a_ticket_is_made_once_and_has_a_number() {
    let world = World::new();
    let mut desk = world.agent("wang", Role::Agent, &["售后组"]);
    let mut other = world.agent("li", Role::Agent, &["售后组"]);
    let kind = types(&world).swap_remove(0);
    let ticket_id: TicketId = id();
    let group = world.group("售后组");
    let mut bad = draft(&kind, group);
    bad.values.remove("order");
    let outcome = desk.act(&world, create(ticket_id, bad), T0 + 1);
    assert_eq!(outcome, refused(Code::FieldsMissing));
    let new = || create(ticket_id, draft(&kind, group));
    assert_eq!(desk.act(&world, new(), T0 + 2), done(T0 + 2));
    // The same one by another operation, as after a desktop was restored: no second one.
    assert_eq!(desk.act(&world, new(), T0 + 3), done(T0 + 3));
    assert_eq!(other.act(&world, new(), T0 + 3), refused(Code::Taken));
    let made = ticket(&world, &desk, ticket_id).unwrap();
    assert_eq!((made.number, made.events.len()), (1, 1));
    assert_eq!(world.number("SELECT count(*) FROM ticket"), 1);
    assert_eq!(
        desk.act(&world, create(id(), draft(&kind, group)), T0 + 4),
        done(T0 + 4)
    );
    assert_eq!(world.number("SELECT max(number) FROM ticket"), 2);
}

#[test]
fn it_leaves_one_department_and_comes_into_another() {
    let shop = Departments::new();
    let world = &shop.world;
    let mut li = shop.agent("li", Role::Agent, vec![shop.after_sales()]);
    let mut hai = shop.agent("hai", Role::Agent, vec![shop.logistics.id]);
    let outsider = world.agent("wai", Role::Agent, &["售前组"]);
    let kind = types(world).swap_remove(0);
    let one: TicketId = id();
    li.act(world, create(one, draft(&kind, shop.after_sales())), T0 + 1);
    assert!(ticket(world, &hai, one).is_none());
    let claim = || on(one, TicketAct::Claim);
    // Whoever does not see it does not learn that it is there.
    assert_eq!(hai.act(world, claim(), T0 + 2), refused(Code::NotFound));
    assert_eq!(li.act(world, claim(), T0 + 2), done(T0 + 2));

    let to = |group_id, returns| {
        let note = "请核实".to_owned();
        on(
            one,
            TicketAct::Transfer {
                group_id,
                returns,
                note,
            },
        )
    };
    li.act(world, to(shop.logistics.id, true), T0 + 3);
    assert!(ticket(world, &hai, one).is_some());
    let waiting = ticket(world, &li, one).unwrap();
    assert_eq!(
        waiting.group_id, shop.logistics.id,
        "who waits still sees it"
    );
    assert!(ticket(world, &outsider, one).is_none());
    // Who waits may comment, and nothing else.
    let text = "客户在催".to_owned();
    assert_eq!(
        li.act(
            world,
            on(
                one,
                TicketAct::Comment {
                    text,
                    mentions: Vec::new()
                }
            ),
            T0 + 4
        ),
        done(T0 + 4)
    );
    assert_eq!(li.act(world, claim(), T0 + 4), refused(Code::Forbidden));
    assert_eq!(hai.act(world, claim(), T0 + 5), done(T0 + 5));
    let note = "已赔付".to_owned();
    hai.act(world, on(one, TicketAct::Return { note }), T0 + 6);
    assert!(
        ticket(world, &hai, one).is_some(),
        "they may still take it back"
    );
    let back = ticket(world, &li, one).unwrap();
    assert_eq!(back.assignee.unwrap().agent, li.principal.agent.id);
    let halt = move_to(TicketState::Open, TicketState::PendingCustomer);
    assert_eq!(li.act(world, on(one, halt), T0 + 7), done(T0 + 7));
    assert!(ticket(world, &hai, one).is_none(), "it has left them");
    // Handed over for good it leaves those who had it once it is taken up.
    li.act(world, to(shop.logistics.id, false), T0 + 8);
    assert!(ticket(world, &li, one).is_some());
    assert_eq!(hai.act(world, claim(), T0 + 9), done(T0 + 9));
    assert!(ticket(world, &li, one).is_none());
    assert!(ticket(world, &hai, one).is_some());
}

#[test]
fn a_colleague_has_it_and_what_was_not_seen_is_not_written_over() {
    let world = World::new();
    let mut li = world.agent("li", Role::Agent, &["售后组"]);
    let mut wang = world.agent("wang", Role::Agent, &["售后组"]);
    let mut lead = world.agent("zhang", Role::TeamLead, &["售后组"]);
    let kind = types(&world).swap_remove(0);
    let one: TicketId = id();
    li.act(
        &world,
        create(one, draft(&kind, world.group("售后组"))),
        T0 + 1,
    );
    li.act(&world, on(one, TicketAct::Claim), T0 + 2);
    let resolve = || on(one, move_to(TicketState::Open, TicketState::Resolved));
    assert_eq!(
        wang.act(&world, resolve(), T0 + 3),
        refused(Code::HeldByOther)
    );
    let priority = |rev, base, mine| {
        let edit = Edit { rev, base, mine };
        let changes = vec![TicketChange::Priority { edit }];
        on(one, TicketAct::Patch { changes })
    };
    let (normal, high) = (Priority::Normal, Priority::High);
    assert_eq!(
        wang.act(&world, priority(0, normal, high), T0 + 4),
        done(T0 + 4)
    );
    let blind = li.act(&world, priority(0, normal, Priority::Low), T0 + 5);
    assert_eq!(blind, refused(Code::ChangedMeanwhile));
    let blind = lead.act(
        &world,
        on(one, move_to(TicketState::New, TicketState::Resolved)),
        T0 + 6,
    );
    assert_eq!(blind, refused(Code::ChangedMeanwhile));
    assert_eq!(lead.act(&world, resolve(), T0 + 7), done(T0 + 7));
    assert_eq!(
        lead.act(&world, resolve(), T0 + 8),
        done(T0 + 8),
        "it was done"
    );
    let ok = TicketAct::Verify {
        ok: true,
        note: String::new(),
    };
    assert_eq!(li.act(&world, on(one, ok), T0 + 9), done(T0 + 9));
    assert_eq!(ticket(&world, &li, one).unwrap().state, TicketState::Closed);
}

#[test]
fn the_clock_runs_on_business_time_and_stands_while_the_customer_has_to_act() {
    let world = World::new();
    let mut desk = world.agent("li", Role::Agent, &["售后组"]);
    // Open from 9 to 18 every day; T0 is 16:53 on a Thursday in China.
    let mut hours = BusinessHours::always(HoursId(uuid::Uuid::nil()));
    hours.name = "客服工作时间".to_owned();
    hours.id = id();
    for day in &mut hours.week {
        *day = vec![Period::of((9, 0), (18, 0))];
    }
    assert!(hours.is_open(T0));
    let mut admin = Desk::of(&world.admin);
    let setting = Setting::Hours {
        hours: hours.clone(),
    };
    let set = admin.act(&world, Action::Configure { setting }, T0);
    assert_eq!(set, done(T0));
    let visitor = world.visitor("张伟");
    world.say(&visitor, "我要投诉，转人工", T0 + 1);
    let conversation = world.conversation(&visitor);
    let kind = types(&world).swap_remove(0);
    let one: TicketId = id();
    let mut new = draft(&kind, world.group("售后组"));
    new.conversation_id = Some(conversation.id);
    assert_eq!(desk.act(&world, create(one, new.clone()), T0 + 1), {
        // A conversation of another group is not hers to name.
        match conversation.group_id == world.group("售后组") {
            true => done(T0 + 1),
            false => refused(Code::NotFound),
        }
    });
    if ticket(&world, &desk, one).is_none() {
        assert_eq!(admin.act(&world, create(one, new), T0 + 1), done(T0 + 1));
    }
    let made = ticket(&world, &desk, one).unwrap();
    assert_eq!(made.conversations[0].number, conversation.number);
    assert_eq!(made.customer.as_ref().unwrap().name, "张伟");
    let first = made.open_deadline(SlaMetric::FirstResponse).unwrap();
    let left_today = hours.business_ms_between(T0 + 1, T0 + 8 * 60 * MINUTE);
    let due = first.due_at.unwrap();
    assert_eq!(hours.business_ms_between(T0 + 1, due), 120 * MINUTE);
    assert!(
        left_today < 120 * MINUTE && due > T0 + 12 * 60 * MINUTE,
        "the night is free"
    );

    // Nothing rings early, each thing rings once, whoever asks.
    let warn = first.warn_at.unwrap();
    assert_eq!(world.bo.ring_tickets(warn - 1).unwrap(), 0);
    assert_eq!(world.bo.ring_tickets(warn).unwrap(), 1);
    assert_eq!(world.bo.ring_tickets(warn).unwrap(), 0);
    assert_eq!(world.last_audit()[0], "ticket.clock");
    assert_eq!(world.bo.ring_tickets(due + 1).unwrap(), 1);
    let late = ticket(&world, &desk, one).unwrap();
    assert_eq!(late.pressing().unwrap().state, DeadlineState::Breached);

    // The night has ended her session.
    let session = login(&world.bo, "li", PASSWORD, &device(), due).unwrap();
    let mut desk = Desk::of(&world.bo.authenticate(&session.token, due).unwrap());
    let ask = on(one, move_to(TicketState::New, TicketState::PendingCustomer));
    assert_eq!(desk.act(&world, ask, due + MINUTE), done(due + MINUTE));
    assert_eq!(
        world.bo.ring_tickets(due + 30 * 24 * 60 * MINUTE).unwrap(),
        0
    );
    let back = due + 2 * 24 * 60 * MINUTE;
    world.say(&visitor, "照片发了", back);
    let goes_on = ticket(&world, &desk, one).unwrap();
    assert_eq!(goes_on.state, TicketState::Open);
    let resolution = goes_on.open_deadline(SlaMetric::Resolution).unwrap();
    assert_eq!(
        resolution.used_ms(&hours, back),
        120 * MINUTE + hours.business_ms_between(due, due + MINUTE)
    );
}

#[test]
fn two_tickets_become_one() {
    let world = World::new();
    let mut li = world.agent("li", Role::Agent, &["售后组"]);
    let kind = types(&world).swap_remove(0);
    let (one, other): (TicketId, TicketId) = (id(), id());
    let group = world.group("售后组");
    li.act(&world, create(one, draft(&kind, group)), T0 + 1);
    li.act(&world, create(other, draft(&kind, group)), T0 + 2);
    let merge = || on(one, TicketAct::Merge { into: other });
    assert_eq!(li.act(&world, merge(), T0 + 3), done(T0 + 3));
    assert_eq!(li.act(&world, merge(), T0 + 4), done(T0 + 4));
    let merged = ticket(&world, &li, one).unwrap();
    assert_eq!(merged.merged_into.unwrap().id, other);
    let into = ticket(&world, &li, other).unwrap();
    assert_eq!(into.events.len(), 2);
    let back = on(other, TicketAct::Merge { into: one });
    assert_eq!(li.act(&world, back, T0 + 5), refused(Code::IllegalState));
}

/// A department that waits for a ticket sees its end, whatever the end.
#[test]
fn who_waits_for_a_ticket_sees_that_it_was_cancelled_or_merged() {
    let shop = Departments::new();
    let world = &shop.world;
    let mut li = shop.agent("li", Role::Agent, vec![shop.after_sales()]);
    let mut hai = shop.agent("hai", Role::Agent, vec![shop.logistics.id]);
    let kind = types(world).swap_remove(0);
    let ids: [TicketId; 3] = [id(), id(), id()];
    for one in ids {
        let new = draft(&kind, shop.after_sales());
        assert_eq!(li.act(world, create(one, new), T0 + 1), done(T0 + 1));
        let transfer = TicketAct::Transfer {
            group_id: shop.logistics.id,
            returns: true,
            note: String::new(),
        };
        assert_eq!(li.act(world, on(one, transfer), T0 + 2), done(T0 + 2));
    }
    let cancel = move_to(TicketState::New, TicketState::Cancelled);
    assert_eq!(hai.act(world, on(ids[0], cancel), T0 + 3), done(T0 + 3));
    let merge = TicketAct::Merge { into: ids[2] };
    assert_eq!(hai.act(world, on(ids[1], merge), T0 + 4), done(T0 + 4));
    for one in &ids[..2] {
        let seen = ticket(world, &li, *one).unwrap();
        assert_eq!(seen.state, TicketState::Cancelled);
    }
}

/// A ticket that cannot be read keeps no other one from its clock.
#[test]
fn a_ticket_that_cannot_be_read_is_passed_over_by_the_clock() {
    let world = World::new();
    let mut li = world.agent("li", Role::Agent, &["售后组"]);
    let kind = types(&world).swap_remove(0);
    let (one, other): (TicketId, TicketId) = (id(), id());
    for ticket in [one, other] {
        let new = draft(&kind, world.group("售后组"));
        assert_eq!(li.act(&world, create(ticket, new), T0 + 1), done(T0 + 1));
    }
    if is_postgres() {
        // Its bodies are sealed: they are not written past it.
        return;
    }
    let hex = one.0.simple().to_string();
    let sql = format!("UPDATE ticket SET body = '{{}}' WHERE hex(id) = upper('{hex}')");
    world.raw().execute(&sql).unwrap();
    assert_eq!(
        world.number("SELECT count(*) FROM ticket WHERE body = '{}'"),
        1
    );
    let late = T0 + 30 * 24 * 60 * MINUTE;
    assert_eq!(world.bo.ring_tickets(late).unwrap(), 1);
    let rung = ticket(&world, &li, other).unwrap();
    assert_eq!(rung.pressing().unwrap().state, DeadlineState::Breached);
}

#[test]
fn a_conversation_that_is_not_there_makes_no_ticket() {
    let world = World::new();
    let mut li = world.agent("li", Role::Agent, &["售后组"]);
    let kind = types(&world).swap_remove(0);
    let mut new = draft(&kind, world.group("售后组"));
    let missing: ConversationId = id();
    new.conversation_id = Some(missing);
    let outcome = li.act(&world, create(id(), new), T0 + 1);
    assert_eq!(outcome, refused(Code::NotFound));
    assert_eq!(world.number("SELECT count(*) FROM ticket"), 0);
}

#[test]
fn who_leaves_a_department_leaves_its_tickets() {
    let shop = Departments::new();
    let world = &shop.world;
    let mut li = shop.agent("li", Role::Agent, vec![shop.after_sales()]);
    let mut hai = shop.agent("hai", Role::Agent, vec![shop.logistics.id]);
    let mut wang = shop.agent("wang", Role::Agent, vec![shop.after_sales()]);
    let kind = types(world).swap_remove(0);
    let (one, away): (TicketId, TicketId) = (id(), id());
    for ticket_id in [one, away] {
        let new = create(ticket_id, draft(&kind, shop.after_sales()));
        assert_eq!(li.act(world, new, T0 + 1), done(T0 + 1));
        li.act(world, on(ticket_id, TicketAct::Claim), T0 + 2);
    }
    let transfer = TicketAct::Transfer {
        group_id: shop.logistics.id,
        returns: true,
        note: String::new(),
    };
    li.act(world, on(away, transfer), T0 + 3);
    let moved = world
        .bo
        .set_agent_groups(&world.admin, "li", vec![world.group("售前组")], T0 + 4);
    moved.unwrap();
    let left = ticket(world, &wang, one).unwrap();
    assert_eq!(left.assignee, None);
    // What comes back to somebody who is gone is nobody's, and can be taken.
    hai.act(world, on(away, TicketAct::Claim), T0 + 5);
    let note = String::new();
    hai.act(world, on(away, TicketAct::Return { note }), T0 + 6);
    let back = ticket(world, &wang, away).unwrap();
    assert_eq!((back.group_id, &back.assignee), (shop.after_sales(), &None));
    let claim = on(away, TicketAct::Claim);
    assert_eq!(wang.act(world, claim, T0 + 7), done(T0 + 7));
}

#[test]
fn a_note_tells_only_colleagues_who_see_the_ticket() {
    let shop = Departments::new();
    let world = &shop.world;
    let mut li = shop.agent("li", Role::Agent, vec![shop.after_sales()]);
    let chen = shop.agent("chen", Role::Agent, vec![shop.after_sales()]);
    let hai = shop.agent("hai", Role::Agent, vec![shop.logistics.id]);
    let kind = types(world).swap_remove(0);
    let one: TicketId = id();
    li.act(world, create(one, draft(&kind, shop.after_sales())), T0 + 1);
    let note = |mentions| {
        on(
            one,
            TicketAct::Comment {
                text: "请看一下".to_owned(),
                mentions,
            },
        )
    };
    let me_of = |desk: &Desk| desk.principal.agent.id;
    let named = vec![me_of(&hai), me_of(&chen), me_of(&chen)];
    assert_eq!(li.act(world, note(named), T0 + 2), done(T0 + 2));
    let seen = ticket(world, &chen, one).unwrap();
    let told = seen.events.last().unwrap().what.mentions();
    assert_eq!(told, [me_of(&chen)], "who does not see it is not told");
    let crowd = vec![me_of(&chen); 21];
    assert_eq!(li.act(world, note(crowd), T0 + 3), refused(Code::TooLarge));
}
