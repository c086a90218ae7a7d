//! What becomes of offers and of what was set aside when their agent goes.

use lt_backoffice::visitor::{MAX_MESSAGES, Visitor};
use lt_model::{
    Millis,
    agent::{Presence, Role},
    conversation::{Conversation, Handler, Status},
    hours::BusinessHours,
    id::AgentId,
    priority::Priority,
    routing::{Assign, Setting, TransferTo},
};
use lt_protocol::{
    code::Code,
    sync::{Action, Entity, OpOutcome, RowChange},
};

use crate::world::{Desk, T0, World, id, refused};

const ACCEPT: Millis = 30_000;
const HOUR: Millis = 3_600_000;

fn done(at: Millis) -> OpOutcome {
    OpOutcome::Done { at }
}

/// A shop that offers what waits.
fn shop() -> World {
    let world = World::with_faq();
    let mut admin = Desk::of(&world.admin);
    for group in &world.made.groups {
        let setting = Setting::Group {
            group_id: group.id,
            assign: Assign::Auto { accept_ms: ACCEPT },
        };
        let action = Action::Configure { setting };
        assert_eq!(admin.act(&world, action, T0), done(T0));
    }
    world
}

fn online(world: &World, name: &str, groups: &[&str]) -> Desk {
    let mut desk = world.agent(name, Role::Agent, groups);
    desk.online(world);
    desk
}

fn asks(world: &World, now: Millis) -> Visitor {
    let visitor = world.visitor("");
    world.say(&visitor, "转人工", now);
    visitor
}

fn me(desk: &Desk) -> AgentId {
    desk.principal.agent.id
}

fn presence(world: &World, agent: AgentId) -> Presence {
    let of_row = |change| match change {
        RowChange::Put {
            entity: Entity::Agent(found),
        } if found.id == agent => Some(found.presence),
        _ => None,
    };
    let mut rows = world.rows(&world.admin).into_iter().rev();
    rows.find_map(|row| of_row(row.change)).unwrap()
}

fn claim(of: &Conversation) -> Action {
    Action::Claim {
        conversation_id: of.id,
    }
}

#[test]
fn who_leaves_a_group_is_asked_nothing_of_it_any_more() {
    let world = shop();
    let wang = online(&world, "wang", &["售前组", "售后组"]);
    let visitor = asks(&world, T0 + 1);
    let waiting = world.conversation(&visitor);
    assert_eq!(waiting.offered_to(), Some(me(&wang)));
    let here = waiting.group_id;
    let rest = wang.principal.agent.groups.iter().copied();
    let rest = rest.filter(|group| *group != here).collect();
    let li = online(&world, "li", &["售前组", "售后组"]);
    let moved = world
        .bo
        .set_agent_groups(&world.admin, "wang", rest, T0 + 2);
    assert!(!moved.unwrap().groups.contains(&here));
    let offered = world.conversation(&visitor).offered_to();
    assert_eq!(offered, Some(me(&li)), "whoever is left is asked");
    world.bo.tick(T0 + 3 + ACCEPT).unwrap();
    assert_eq!(presence(&world, me(&wang)), Presence::Online);
}

#[test]
fn who_signs_out_is_asked_nothing_and_stays_offline() {
    let world = shop();
    let wang = online(&world, "wang", &["售前组"]);
    let visitor = asks(&world, T0 + 1);
    assert_eq!(
        world.conversation(&visitor).offered_to(),
        Some(me(&wang)),
        "nobody else is there"
    );
    world.bo.logout(&wang.principal, T0 + 2).unwrap();
    assert_eq!(world.conversation(&visitor).offered_to(), None);
    world.bo.tick(T0 + 3 + ACCEPT).unwrap();
    assert_eq!(presence(&world, me(&wang)), Presence::Offline);
    let li = online(&world, "li", &["售前组"]);
    assert_eq!(world.conversation(&visitor).offered_to(), Some(me(&li)));
}

#[test]
fn what_an_agent_set_aside_wakes_for_those_who_still_see_it() {
    for (name, is_woken_by_hand) in [("wang", false), ("zhou", true)] {
        let world = shop();
        let mut gone = online(&world, name, &["售前组"]);
        let visitor = asks(&world, T0 + 1);
        let waiting = world.conversation(&visitor);
        assert_eq!(waiting.offered_to(), Some(me(&gone)));
        assert_eq!(gone.act(&world, claim(&waiting), T0 + 2), done(T0 + 2));
        let snooze = Action::Snooze {
            conversation_id: waiting.id,
            until: T0 + HOUR,
        };
        assert_eq!(gone.act(&world, snooze, T0 + 3), done(T0 + 3));
        let elsewhere = vec![world.group("售后组")];
        let moved = world
            .bo
            .set_agent_groups(&world.admin, name, elsewhere, T0 + 4);
        assert_eq!(moved.unwrap().groups.len(), 1);
        if is_woken_by_hand {
            let mut colleague = world.agent("colleague", Role::Agent, &["售前组"]);
            let wake = Action::Wake {
                conversation_id: waiting.id,
            };
            assert_eq!(colleague.act(&world, wake, T0 + 5), done(T0 + 5));
        } else {
            world.bo.tick(T0 + HOUR).unwrap();
        }
        let woken = world.conversation(&visitor);
        assert_eq!(
            (woken.status, woken.handler),
            (Status::Open, Handler::Queue),
            "{name}"
        );
    }
}

#[test]
fn who_takes_only_transfers_is_asked_for_nothing_else() {
    let world = shop();
    let mut wang = online(&world, "wang", &["售前组"]);
    let visitor = asks(&world, T0 + 1);
    assert_eq!(world.conversation(&visitor).offered_to(), Some(me(&wang)));
    let mut li = world.agent("li", Role::Agent, &["售前组"]);
    let other = asks(&world, T0 + 2);
    let held = world.conversation(&other);
    assert_eq!(wang.act(&world, claim(&held), T0 + 3), done(T0 + 3));
    let mut hand_to = |to: AgentId, now| {
        let action = Action::Transfer {
            conversation_id: held.id,
            to: TransferTo::Agent { agent_id: to },
            note: String::new(),
        };
        wang.act(&world, action, now)
    };
    let only_transfers = |now| Action::SetPresence {
        presence: if now == 0 {
            Presence::Away
        } else {
            Presence::TransferOnly
        },
    };
    li.act(&world, only_transfers(1), T0 + 4);
    assert_eq!(hand_to(me(&li), T0 + 5), done(T0 + 5));
    // Whoever had it changes to taking transfers only: what was offered by itself goes back.
    assert_eq!(wang.act(&world, only_transfers(1), T0 + 6), done(T0 + 6));
    assert_eq!(world.conversation(&visitor).offered_to(), None);
    // What a colleague gave stands, whichever of the two it is set to again.
    assert_eq!(li.act(&world, only_transfers(1), T0 + 7), done(T0 + 7));
    assert_eq!(world.conversation(&other).offered_to(), Some(me(&li)));
    li.act(&world, only_transfers(0), T0 + 8);
    assert_eq!(world.conversation(&other).offered_to(), None);
}

#[test]
fn what_is_left_at_night_takes_along_what_is_said_after_it() {
    let world = World::with_faq();
    let mut admin = Desk::of(&world.admin);
    let never = BusinessHours {
        week: std::array::from_fn(|_| Vec::new()),
        ..BusinessHours::always(id())
    };
    let inbox_hours = Setting::InboxHours {
        inbox_id: None,
        hours_id: Some(never.id),
    };
    for setting in [Setting::Hours { hours: never }, inbox_hours] {
        let action = Action::Configure { setting };
        assert_eq!(admin.act(&world, action, T0), done(T0));
    }
    let visitor = asks(&world, T0 + 1);
    let left = world.conversation(&visitor);
    assert!(left.routing.left_message && left.dialogue.slots.order.is_none());
    world.say(&visitor, "我的订单号是 LX20261105007213", T0 + 2);
    world.say(&visitor, "我的卡被盗刷了，我要打12315", T0 + 3);
    let left = world.conversation(&visitor);
    assert_eq!(left.handler, Handler::None);
    let order = left.dialogue.slots.order.as_deref();
    assert_eq!(order, Some("LX20261105007213"));
    assert_eq!(left.priority, Priority::Urgent);
}

#[test]
fn a_page_of_notes_hides_nothing_from_the_customer() {
    let world = World::new();
    let mut wang = world.agent("wang", Role::Agent, &["售前组"]);
    let visitor = asks(&world, T0 + 1);
    let conversation = world.conversation(&visitor);
    let shown = world.bo.visitor_messages(&visitor, 0).unwrap();
    let last = shown.last().unwrap().seq;
    for n in 0..=MAX_MESSAGES {
        let note = Action::AddNote {
            conversation_id: conversation.id,
            message_id: id(),
            text: format!("第 {n} 条"),
            mentions: Vec::new(),
        };
        let at = T0 + 2;
        assert_eq!(wang.act(&world, note, at), done(at));
    }
    assert_eq!(world.bo.visitor_messages(&visitor, last).unwrap(), []);
    wang.reply(&world, &world.conversation(&visitor), "您好", T0 + 3);
    let shown = world.bo.visitor_messages(&visitor, last).unwrap();
    assert!(shown.iter().any(|line| line.text == "您好"), "{shown:?}");
}

#[test]
fn numbers_at_the_end_of_their_range_are_refused_like_others() {
    let world = World::new();
    let mut wang = world.agent("wang", Role::Agent, &["售前组"]);
    let action = Action::RestoreEngineSettings {
        base: u32::MAX,
        version: u32::MAX,
    };
    assert_eq!(wang.act(&world, action, T0 + 1), refused(Code::Forbidden));
}
