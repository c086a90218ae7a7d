//! What agents set for themselves, what leads set for their groups, and what is taken back.

use lt_model::{
    agent::Role,
    contact::ChannelKind,
    conversation::Handler,
    hours::{BusinessHours, Period},
    message::{Content, Event},
    routing::{Assign, ChannelCapacity, Setting, TAKE_BACK_MS, TransferTo},
};
use lt_protocol::{
    code::Code,
    personal::{AgentSettings, PersonalEdit},
    sync::{Action, Entity, OpOutcome, RowChange},
    teamwork::{InboxFilter, SavedView},
    ticket::{SavedTicketFilter, SavedTicketView, TicketLayout, TicketScope, TicketSort},
    view::{InboxScope, InboxSort},
};

use crate::world::{Desk, PASSWORD, T0, World, device, id, login, refused};

fn view(name: &str, scope: InboxScope) -> SavedView {
    SavedView {
        name: name.to_owned(),
        scope,
        sort: InboxSort::Waiting,
        filter: InboxFilter::default(),
    }
}

fn save(name: &str, scope: InboxScope) -> Action {
    let view = view(name, scope);
    Action::EditPersonal {
        edits: vec![PersonalEdit::SaveView { view }],
    }
}

/// What somebody's desk has of settings, the newest of each.
fn settings(world: &World, desk: &Desk) -> Vec<AgentSettings> {
    let mut found: Vec<AgentSettings> = Vec::new();
    for row in world.rows(&desk.principal) {
        if let RowChange::Put {
            entity: Entity::AgentSettings(settings),
        } = row.change
        {
            found.retain(|one| one.id != settings.id);
            found.push(*settings);
        }
    }
    found
}

#[test]
fn views_follow_their_agent_to_every_desk_and_nobody_else() {
    let world = World::new();
    let mut wang = world.agent("wang", Role::Agent, &["售前组"]);
    let li = world.agent("li", Role::TeamLead, &["售前组"]);
    let session = login(&world.bo, "wang", PASSWORD, &device(), T0).unwrap();
    let mut other = Desk::of(&world.bo.authenticate(&session.token, T0).unwrap());
    let at = |desk: &mut Desk, action, at| {
        let mut op = desk.op(action);
        op.at = at;
        world.bo.apply(&desk.principal, &op, T0 + 1_000).unwrap()
    };
    let done = OpOutcome::Done { at: T0 + 1_000 };
    assert_eq!(
        at(&mut wang, save("加急", InboxScope::Queue), T0 + 50),
        done
    );
    // The other desk was offline and set it before that: it comes too late to count.
    assert_eq!(at(&mut other, save("加急", InboxScope::All), T0 + 10), done);
    assert_eq!(
        at(&mut other, save("售后", InboxScope::Mine), T0 + 20),
        done
    );
    let expected = [
        view("加急", InboxScope::Queue),
        view("售后", InboxScope::Mine),
    ];
    for desk in [&wang, &other] {
        let found = settings(&world, desk);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].shown_views(), expected);
    }
    assert_eq!(settings(&world, &li), []);
    assert_eq!(settings(&world, &Desk::of(&world.admin)), []);
    let empty = save(" ", InboxScope::Mine);
    assert_eq!(at(&mut wang, empty, T0), refused(Code::BadRequest));
    assert_eq!(world.last_audit()[0], "personal.edit");
}

fn save_of_tickets(name: &str, query: &str, was: Option<&str>) -> Action {
    let view = SavedTicketView {
        name: name.to_owned(),
        layout: TicketLayout::Board,
        scope: TicketScope::All,
        sort: TicketSort::Priority,
        reversed: false,
        filter: SavedTicketFilter {
            query: query.to_owned(),
            ..SavedTicketFilter::default()
        },
    };
    let was = was.map(str::to_owned);
    Action::EditPersonal {
        edits: vec![PersonalEdit::SaveTicketView { view, was }],
    }
}

#[test]
fn views_of_the_tickets_follow_their_agent_with_their_words() {
    let world = World::new();
    let mut wang = world.agent("wang", Role::Agent, &["售前组"]);
    let li = world.agent("li", Role::TeamLead, &["售前组"]);
    let session = login(&world.bo, "wang", PASSWORD, &device(), T0).unwrap();
    let mut other = Desk::of(&world.bo.authenticate(&session.token, T0).unwrap());
    let remove = |name: &str| Action::EditPersonal {
        edits: vec![PersonalEdit::DropTicketView {
            name: name.to_owned(),
        }],
    };
    let done = OpOutcome::Done { at: T0 + 1_000 };
    for (is_here, action, at, expected) in [
        (
            true,
            save_of_tickets("异常", "签收", None),
            10,
            done.clone(),
        ),
        (true, save_of_tickets("退款", "", None), 20, done.clone()),
        // The other desk was offline: what it said before that comes too late to count.
        (
            false,
            save_of_tickets("异常", "物流", None),
            5,
            done.clone(),
        ),
        (
            false,
            save_of_tickets("破损", "签收", Some("异常")),
            30,
            done.clone(),
        ),
        (true, remove("退款"), 40, done),
        (
            true,
            save_of_tickets(" ", "", None),
            50,
            refused(Code::BadRequest),
        ),
        (true, remove(""), 50, refused(Code::BadRequest)),
        (
            false,
            save_of_tickets("异常", &"字".repeat(201), None),
            50,
            refused(Code::BadRequest),
        ),
    ] {
        let desk = if is_here { &mut wang } else { &mut other };
        let mut op = desk.op(action.clone());
        op.at = T0 + at;
        let outcome = world.bo.apply(&desk.principal, &op, T0 + 1_000).unwrap();
        assert_eq!(outcome, expected, "{action:?}");
    }
    for desk in [&wang, &other] {
        let found = settings(&world, desk);
        assert_eq!((found.len(), found[0].shown_views()), (1, Vec::new()));
        let views = found[0].shown_ticket_views();
        let shown: Vec<(&str, &str)> = views
            .iter()
            .map(|view| (view.name.as_str(), view.filter.query.as_str()))
            .collect();
        assert_eq!(shown, [("破损", "签收")]);
    }
    assert_eq!(settings(&world, &li), []);
    assert_eq!(world.last_audit()[0], "personal.edit");
}

#[test]
fn leads_set_limits_of_their_groups_and_no_others() {
    let world = World::new();
    let mut lead = world.agent("zhao", Role::TeamLead, &["售前组"]);
    let mut agent = world.agent("wang", Role::Agent, &["售前组"]);
    let other = world.agent("li", Role::Agent, &["售后组"]);
    let web = |limit| {
        let channel = ChannelKind::Web;
        vec![ChannelCapacity { channel, limit }]
    };
    let of_group = |name: &str, limit| Setting::GroupLimits {
        group_id: world.group(name),
        capacities: web(limit),
        return_after_ms: Some(120_000),
    };
    let of_agent = |desk: &Desk, limit| Setting::Agent {
        agent_id: desk.principal.agent.id,
        capacity: 4,
        capacities: web(limit),
        skills: Vec::new(),
    };
    let assign = Setting::Group {
        group_id: world.group("售前组"),
        assign: Assign::Pick,
    };
    let configure = |setting| Action::Configure { setting };
    let done = OpOutcome::Done { at: T0 };
    for (setting, expected) in [
        (of_group("售前组", 3), done.clone()),
        (of_group("售后组", 3), refused(Code::NotFound)),
        (of_agent(&agent, 2), done),
        (of_agent(&other, 2), refused(Code::NotFound)),
        (of_group("售前组", 2_000), refused(Code::BadRequest)),
        (assign, refused(Code::Forbidden)),
    ] {
        assert_eq!(lead.act(&world, configure(setting), T0), expected);
    }
    let own = configure(of_agent(&agent, 9));
    assert_eq!(agent.act(&world, own, T0), refused(Code::Forbidden));
    let rows = world.rows(&other.principal);
    let group = rows.iter().rev().find_map(|row| match &row.change {
        RowChange::Put {
            entity: Entity::Group(group),
        } if group.name == "售前组" => Some(group.clone()),
        _ => None,
    });
    let group = group.unwrap();
    assert_eq!(
        (group.capacities, group.return_after_ms),
        (web(3), Some(120_000))
    );
}

#[test]
fn the_limit_of_a_group_holds_for_those_without_their_own() {
    let world = World::with_faq();
    let mut admin = Desk::of(&world.admin);
    for group in &world.made.groups {
        let limits = Setting::GroupLimits {
            group_id: group.id,
            capacities: vec![ChannelCapacity {
                channel: ChannelKind::Web,
                limit: 1,
            }],
            return_after_ms: None,
        };
        let assign = Setting::Group {
            group_id: group.id,
            assign: Assign::of_new_group(),
        };
        for setting in [limits, assign] {
            admin.act(&world, Action::Configure { setting }, T0);
        }
    }
    let mut wang = world.agent("wang", Role::Agent, &["售前组"]);
    wang.online(&world);
    let first = world.visitor("");
    world.say(&first, "转人工", T0 + 1);
    let conversation_id = world.conversation(&first).id;
    wang.act(&world, Action::Claim { conversation_id }, T0 + 2);
    let second = world.visitor("");
    world.say(&second, "转人工", T0 + 3);
    assert_eq!(world.conversation(&second).offered_to(), None);
    let own = Setting::Agent {
        agent_id: wang.principal.agent.id,
        capacity: 5,
        capacities: vec![ChannelCapacity {
            channel: ChannelKind::Web,
            limit: 2,
        }],
        skills: Vec::new(),
    };
    admin.act(&world, Action::Configure { setting: own }, T0 + 4);
    let offered = world.conversation(&second).offered_to();
    assert_eq!(offered, Some(wang.principal.agent.id));
}

#[test]
fn what_was_given_away_is_taken_back_while_nobody_has_it() {
    let world = World::with_faq();
    let mut wang = world.agent("wang", Role::Agent, &["售前组"]);
    let mut li = world.agent("li", Role::Agent, &["售后组"]);
    let give = |desk: &mut Desk, visitor: &lt_backoffice::visitor::Visitor, now| {
        let conversation_id = world.conversation(visitor).id;
        desk.act(&world, Action::Claim { conversation_id }, now);
        let to = TransferTo::Group {
            group_id: world.group("售后组"),
        };
        let note = String::new();
        let given = Action::Transfer {
            conversation_id,
            to,
            note,
        };
        assert_eq!(desk.act(&world, given, now), OpOutcome::Done { at: now });
        conversation_id
    };
    let take_back = |conversation_id| Action::TakeBack { conversation_id };
    let visitor = world.visitor("");
    world.say(&visitor, "转人工", T0 + 1);
    let id = give(&mut wang, &visitor, T0 + 2);
    assert_eq!(
        li.act(&world, take_back(id), T0 + 3),
        refused(Code::NotFound),
        "who did not give it"
    );
    let done = OpOutcome::Done { at: T0 + 4 };
    assert_eq!(wang.act(&world, take_back(id), T0 + 4), done);
    let mine = world.conversation(&visitor);
    assert_eq!(mine.assignee(), Some(wang.principal.agent.id));
    assert_eq!(mine.group_id, world.group("售前组"));
    assert_eq!(
        wang.act(&world, take_back(id), T0 + 4),
        done,
        "twice is once"
    );
    let told = world.messages(&world.admin, id);
    let n_told = told.iter().filter(|one| {
        matches!(&one.content, Content::Event(Event::TakenBack { agent }) if agent == "客服wang")
    });
    assert_eq!(n_told.count(), 1);
    // Somebody took it meanwhile; or it is too long ago.
    give(&mut wang, &visitor, T0 + 5);
    li.act(
        &world,
        Action::Claim {
            conversation_id: id,
        },
        T0 + 6,
    );
    let late = wang.act(&world, take_back(id), T0 + 7);
    assert_eq!(late, refused(Code::NotFound));
    let second = world.visitor("");
    world.say(&second, "转人工", T0 + 8);
    let id = give(&mut wang, &second, T0 + 9);
    let late = wang.act(&world, take_back(id), T0 + 10 + TAKE_BACK_MS);
    assert_eq!(late, refused(Code::IllegalState));
    assert_eq!(world.conversation(&second).handler, Handler::Queue);
}

#[test]
fn every_desk_knows_the_channels_and_their_hours() {
    let world = World::new();
    let agent = world.agent("wang", Role::Agent, &["售前组"]);
    let inbox = |world: &World| {
        let rows = world.rows(&agent.principal);
        let found = rows.into_iter().rev().find_map(|row| match row.change {
            RowChange::Put {
                entity: Entity::Inbox(inbox),
            } => Some(*inbox),
            _ => None,
        });
        found.unwrap()
    };
    let first = inbox(&world);
    assert_eq!((first.id, first.hours), (world.made.inbox.id, None));
    let hours = BusinessHours::china(
        id(),
        "客服工作时间",
        &[Period::of((9, 0), (18, 0))],
        &[2026],
    );
    let mut admin = Desk::of(&world.admin);
    for setting in [
        Setting::Hours {
            hours: hours.clone(),
        },
        Setting::InboxHours {
            inbox_id: None,
            hours_id: Some(hours.id),
        },
    ] {
        let set = admin.act(&world, Action::Configure { setting }, T0);
        assert_eq!(set, OpOutcome::Done { at: T0 });
    }
    assert_eq!(inbox(&world).hours, Some(hours.id));
}

#[test]
fn new_groups_offer_what_waits_unless_somebody_says_otherwise() {
    use lt_protocol::api::NewGroup;
    let folder = tempfile::tempdir().unwrap();
    let bo = crate::world::open(&folder.path().join("lingtai.db"));
    let code = bo.set_up_code(T0).unwrap().unwrap();
    let mut request = crate::world::setup_request(code.expose());
    request.assign = None;
    let made = bo.setup(request, T0).unwrap();
    let offers = Assign::of_new_group();
    assert!(made.groups.iter().all(|group| group.assign == offers));
    let session = login(&bo, "admin", PASSWORD, &device(), T0).unwrap();
    let admin = bo.authenticate(&session.token, T0).unwrap();
    for (name, assign, expected) in [
        ("甲", None, offers),
        ("乙", Some(Assign::Pick), Assign::Pick),
    ] {
        let new = NewGroup {
            name: name.to_owned(),
            categories: Vec::new(),
            assign,
        };
        assert_eq!(bo.create_group(&admin, new, T0).unwrap().assign, expected);
    }
}
