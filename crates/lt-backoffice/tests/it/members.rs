//! Accounts and groups as an administrator keeps them at the desk.

use lt_backoffice::Backoffice;
use lt_db::ServerKeys;
use lt_model::{
    agent::{Agent, Presence, Role},
    conversation::{Conversation, Handler},
    id::{AgentId, GroupId},
    routing::{Assign, Setting, Skill},
};
use lt_protocol::{
    api::NewAgent,
    code::Code,
    members::{
        MemberActiveArgs, MemberArgs, MemberEditArgs, MemberGroupEditArgs, MemberGroupNewArgs,
        MemberNewArgs, MemberSeen, MemberView, MembersView, OwnPasswordArgs,
    },
    sync::{Action, Entity, OpOutcome, RowChange},
};

use crate::{
    back_end::Past,
    world::{Desk, PASSWORD, T0, World, code, config, device, id, login, refused, root, send},
};

fn newcomer(username: &str, groups: Vec<GroupId>) -> MemberNewArgs {
    MemberNewArgs {
        username: username.to_owned(),
        name: "赵敏".to_owned(),
        role: Role::Agent,
        groups,
        skills: Vec::new(),
    }
}

fn skill(name: &str, level: u8) -> Skill {
    Skill {
        name: name.to_owned(),
        level,
    }
}

type Change<'c> = &'c dyn Fn(&mut MemberEditArgs);

/// An account as it is, to be changed.
fn as_it_is(member: &MemberView) -> MemberEditArgs {
    MemberEditArgs {
        agent_id: member.id,
        seen: MemberSeen {
            name: member.name.clone(),
            role: member.role,
            groups: member.groups.clone(),
            skills: member.skills.clone(),
        },
        name: member.name.clone(),
        role: member.role,
        groups: member.groups.clone(),
        skills: member.skills.clone(),
    }
}

fn of(view: &MembersView, who: AgentId) -> MemberView {
    let found = view.members.iter().find(|member| member.id == who);
    found.unwrap().clone()
}

fn listed(world: &World, who: AgentId) -> MemberView {
    of(&world.bo.members(&world.admin).unwrap(), who)
}

fn me(desk: &Desk) -> AgentId {
    desk.principal.agent.id
}

/// The newest row of an account, as somebody receives it.
fn row(world: &World, who: AgentId) -> Agent {
    let of_row = |change| match change {
        RowChange::Put {
            entity: Entity::Agent(found),
        } if found.id == who => Some(found),
        _ => None,
    };
    let mut rows = world.rows(&world.admin).into_iter().rev();
    rows.find_map(|row| of_row(row.change)).unwrap()
}

fn active(agent_id: AgentId, active: bool) -> MemberActiveArgs {
    MemberActiveArgs { agent_id, active }
}

fn claim(held: &Conversation) -> Action {
    Action::Claim {
        conversation_id: held.id,
    }
}

#[test]
fn only_an_administrator_keeps_accounts_and_groups_and_denials_are_audited() {
    let world = World::new();
    let group = world.group("售前组");
    for (name, role) in [("wang", Role::Agent), ("li", Role::TeamLead)] {
        let who = world.agent(name, role, &["售前组"]).principal;
        let bo = &world.bo;
        let before = world.n_audited();
        let named = |name: &str| (name.to_owned(), Vec::new());
        let (new_name, categories) = named("新组");
        let member = listed(&world, who.agent.id);
        let denials = [
            code(bo.create_member(&who, newcomer("zhao", vec![]), T0)),
            code(bo.edit_member(&who, as_it_is(&member), T0)),
            code(bo.reset_password(
                &who,
                &MemberArgs {
                    agent_id: world.admin.agent.id,
                },
                T0,
            )),
            code(bo.set_member_active(&who, &active(world.admin.agent.id, false), T0)),
            code(bo.create_member_group(
                &who,
                MemberGroupNewArgs {
                    name: new_name.clone(),
                    categories: categories.clone(),
                },
                T0,
            )),
            code(bo.edit_group(
                &who,
                &MemberGroupEditArgs {
                    group_id: group,
                    name: new_name,
                    categories,
                },
                T0,
            )),
        ];
        assert_eq!(denials, [Some(Code::Forbidden); 6], "{name}");
        assert_eq!(world.n_audited(), before + 6, "{name}");
        assert_eq!(world.last_audit(), ["group.edit", "denied", "forbidden"]);
        assert_eq!(code(bo.members(&who)), Some(Code::Forbidden), "{name}");
    }
    assert_eq!(world.number("SELECT count(*) FROM agent"), 3);
    assert_eq!(world.number("SELECT count(*) FROM skill_group"), 3);
}

#[test]
fn a_new_member_signs_in_with_the_password_that_was_shown_once() {
    let world = World::new();
    let group = world.group("售前组");
    let mut new = newcomer(" ZhaoMin ", vec![group, group]);
    new.skills = vec![skill("售前", 80)];
    let made = world.bo.create_member(&world.admin, new, T0).unwrap();
    let member = of(&made.all, made.agent_id);
    assert_eq!(
        (member.username.as_str(), member.name.as_str()),
        ("zhaomin", "赵敏")
    );
    assert_eq!(
        (member.groups, member.skills),
        (vec![group], vec![skill("售前", 80)])
    );
    assert!(member.active && member.seen_at.is_none() && !member.is_me);
    assert_eq!(world.last_audit()[..2], ["agent.create", "allowed"]);
    assert!(!format!("{made:?}").contains(&made.password));
    let session = login(&world.bo, "zhaomin", &made.password, &device(), T0 + 1).unwrap();
    assert_eq!(session.agent.groups, [group]);
    let log = Past::open(&world.path()).text("SELECT record FROM audit ORDER BY n DESC LIMIT 1");
    assert!(!log.contains(&made.password));
}

#[test]
fn what_is_no_account_is_none() {
    let world = World::new();
    let make = |new| code(world.bo.create_member(&world.admin, new, T0));
    let good = || newcomer("zhao", vec![]);
    let named = |name: &str| MemberNewArgs {
        name: name.to_owned(),
        ..good()
    };
    let skilled = |skills| MemberNewArgs { skills, ..good() };
    for (what, new, expected) in [
        ("no name", named("  "), Code::BadRequest),
        ("a line break", named("赵\n敏"), Code::BadRequest),
        ("too long", named(&"长".repeat(65)), Code::BadRequest),
        ("a blank", newcomer("zhao min", vec![]), Code::BadRequest),
        ("a sign", newcomer("zhao/min", vec![]), Code::BadRequest),
        (
            "a level",
            skilled(vec![skill("售前", 101)]),
            Code::BadRequest,
        ),
        ("no skill", skilled(vec![skill(" ", 1)]), Code::BadRequest),
        (
            "a bell",
            skilled(vec![skill("售\u{7}", 1)]),
            Code::BadRequest,
        ),
        (
            "no such group",
            newcomer("zhao", vec![id()]),
            Code::NotFound,
        ),
        ("the same", newcomer("ADMIN", vec![]), Code::Taken),
    ] {
        assert_eq!(make(new), Some(expected), "{what}");
    }
    assert_eq!(make(good()), None);
    assert_eq!(make(good()), Some(Code::Taken));
}

#[test]
fn a_change_of_name_role_groups_and_skills_holds_at_once() {
    let world = World::new();
    let mut desk = world.agent("wang", Role::Agent, &["售前组", "售后组"]);
    desk.online(&world);
    let visitor = world.visitor("");
    world.say(&visitor, "转人工，我要退款", T0);
    let held = world.conversation(&visitor);
    assert_eq!(
        desk.act(&world, claim(&held), T0),
        OpOutcome::Done { at: T0 }
    );
    let mut hints = world.bo.hints();
    let keeps: Vec<GroupId> = ["售前组", "售后组"]
        .map(|name| world.group(name))
        .into_iter()
        .filter(|group| *group != held.group_id)
        .collect();
    let args = MemberEditArgs {
        name: " 王晓彤 ".to_owned(),
        role: Role::TeamLead,
        groups: keeps.clone(),
        skills: vec![skill("售前", 60)],
        ..as_it_is(&listed(&world, me(&desk)))
    };
    let view = world.bo.edit_member(&world.admin, args, T0 + 1).unwrap();
    let member = of(&view, me(&desk));
    assert_eq!(member.name, "王晓彤");
    assert_eq!(member.groups, keeps);
    assert_eq!(
        world.last_audit(),
        ["agent.role", "allowed", "role:team_lead"]
    );
    let back = world.conversation(&visitor);
    assert_eq!(back.handler, Handler::Queue);
    assert_eq!(
        desk.act(&world, send(held.id, "您好", back.seq), T0 + 2),
        refused(Code::NotFound)
    );
    let shown = row(&world, me(&desk));
    assert_eq!((shown.role, shown.groups), (Role::TeamLead, keeps));
    assert_eq!(shown.skills, [skill("售前", 60)]);
    let mut told = false;
    while let Ok(hint) = hints.try_recv() {
        told |= matches!(hint, lt_backoffice::Hint::Access { agents, .. } if agents.contains(&me(&desk)));
    }
    assert!(told, "its sockets look again");
    let edit = |args| code(world.bo.edit_member(&world.admin, args, T0 + 3));
    let stranger = MemberEditArgs {
        agent_id: id(),
        ..as_it_is(&member)
    };
    assert_eq!(edit(stranger), Some(Code::NotFound));
    let lost = MemberEditArgs {
        groups: vec![id()],
        ..as_it_is(&member)
    };
    assert_eq!(edit(lost), Some(Code::NotFound));
    assert_eq!(listed(&world, me(&desk)).groups, member.groups);
}

#[test]
fn the_log_says_who_may_do_more() {
    let world = World::new();
    let role = |role| MemberNewArgs {
        role,
        ..newcomer("zhao", vec![])
    };
    let made = world.bo.create_member(&world.admin, role(Role::Admin), T0);
    let who = made.unwrap().agent_id;
    assert_eq!(
        world.last_audit(),
        ["agent.create", "allowed", "role:admin"]
    );
    let new = NewAgent {
        username: "qian".to_owned(),
        display_name: "钱".to_owned(),
        password: PASSWORD.to_owned(),
        role: Role::TeamLead,
        groups: Vec::new(),
        capacity: 1,
    };
    world.bo.create_agent(&world.admin, new, T0).unwrap();
    let made = ["agent.create", "allowed", "role:team_lead"];
    assert_eq!(world.last_audit(), made);
    for (role, expected) in [
        (Role::Admin, ["agent.edit", "allowed", ""]),
        (Role::Agent, ["agent.role", "allowed", "role:agent"]),
        (Role::TeamLead, ["agent.role", "allowed", "role:team_lead"]),
        (Role::TeamLead, ["agent.edit", "allowed", ""]),
        (Role::Admin, ["agent.role", "allowed", "role:admin"]),
    ] {
        let args = MemberEditArgs {
            role,
            ..as_it_is(&listed(&world, who))
        };
        world.bo.edit_member(&world.admin, args, T0 + 1).unwrap();
        assert_eq!(world.last_audit(), expected, "{role:?}");
        let newest = "SELECT record FROM audit ORDER BY n DESC LIMIT 1";
        let record = Past::open(&world.path()).text(newest);
        assert!(record.contains(&format!("agent:{who}")), "{record}");
    }
}

#[test]
fn what_others_changed_meanwhile_is_not_taken_back() {
    let world = World::new();
    let (here, there) = (world.group("售前组"), world.group("售后组"));
    let who = me(&world.agent("wang", Role::Agent, &["售前组"]));
    let edit = |args| code(world.bo.edit_member(&world.admin, args, T0));
    let changed = |change: Change<'_>| {
        let mut args = as_it_is(&listed(&world, who));
        change(&mut args);
        args
    };
    let meanwhile: [(&str, Change<'_>); 4] = [
        ("name", &|args: &mut MemberEditArgs| {
            args.name = "王晓彤".to_owned()
        }),
        ("role", &|args: &mut MemberEditArgs| {
            args.role = Role::TeamLead
        }),
        ("groups", &|args: &mut MemberEditArgs| {
            args.groups = vec![here, there]
        }),
        ("skills", &|args: &mut MemberEditArgs| {
            args.skills = vec![skill("售前", 60)]
        }),
    ];
    for (what, change) in meanwhile {
        let mut late = changed(&|args: &mut MemberEditArgs| args.name = "小王".to_owned());
        assert_eq!(edit(changed(change)), None, "{what}");
        let now = listed(&world, who);
        assert_eq!(edit(late.clone()), Some(Code::ChangedMeanwhile), "{what}");
        let denied = ["agent.edit", "denied", "changed_meanwhile"];
        assert_eq!(world.last_audit(), denied);
        assert_eq!(listed(&world, who), now, "{what}");
        // Whoever has looked again changes it.
        late.seen = as_it_is(&now).seen;
        late.seen.groups.reverse();
        assert_eq!(edit(late), None, "{what}");
    }
    // Where one works who may not sign in is kept, and is as good as seen.
    let set = active(who, false);
    world.bo.set_member_active(&world.admin, &set, T0).unwrap();
    let moved = changed(&|args: &mut MemberEditArgs| args.groups = vec![there]);
    assert_eq!(edit(moved), None);
    assert_eq!(listed(&world, who).groups, [there]);
}

#[test]
fn an_administrator_is_always_left() {
    let world = World::new();
    let admin = world.admin.agent.id;
    let demoted = |who| MemberEditArgs {
        role: Role::Agent,
        ..as_it_is(&listed(&world, who))
    };
    let edit = |args| world.bo.edit_member(&world.admin, args, T0);
    assert!(listed(&world, admin).is_last_admin && listed(&world, admin).is_me);
    assert_eq!(code(edit(demoted(admin))), Some(Code::IllegalState));
    let set = |who, is| {
        code(
            world
                .bo
                .set_member_active(&world.admin, &active(who, is), T0),
        )
    };
    assert_eq!(set(admin, false), Some(Code::IllegalState));
    assert_eq!(
        world.last_audit(),
        ["agent.deactivate", "denied", "illegal_state"]
    );
    let own = MemberArgs { agent_id: admin };
    let reset = world.bo.reset_password(&world.admin, &own, T0);
    assert_eq!(code(reset), Some(Code::IllegalState));

    // One who may not sign in is no other administrator.
    let second = me(&world.agent("second", Role::Admin, &[]));
    assert!(!listed(&world, admin).is_last_admin);
    assert_eq!(set(second, false), None);
    assert!(listed(&world, admin).is_last_admin);
    assert_eq!(code(edit(demoted(admin))), Some(Code::IllegalState));
    assert_eq!(set(second, true), None);
    // With another one there, whoever wants may step down; the answer still comes.
    let view = edit(demoted(admin)).unwrap();
    assert!(of(&view, second).is_last_admin);
    assert_eq!(code(world.bo.members(&world.admin)), Some(Code::Forbidden));
}

#[test]
fn another_password_ends_the_sessions_and_what_was_tried_before_it() {
    let world = World::new();
    let mut desk = world.agent("wang", Role::Agent, &["售前组"]);
    desk.online(&world);
    let visitor = world.visitor("");
    world.say(&visitor, "转人工", T0);
    let held = world.conversation(&visitor);
    desk.act(&world, claim(&held), T0);
    let machine = device();
    for n in 1..=4 {
        let wrong = login(&world.bo, "wang", "wrong password 1", &machine, T0 + n);
        assert_eq!(code(wrong), Some(Code::WrongPassword));
    }
    let who = MemberArgs {
        agent_id: me(&desk),
    };
    let made = world.bo.reset_password(&world.admin, &who, T0 + 5).unwrap();
    assert_eq!(world.last_audit()[..2], ["agent.password", "allowed"]);
    assert!(!format!("{made:?}").contains(&made.password));
    assert_eq!(
        code(world.bo.streams(&desk.principal)),
        Some(Code::SignedOut)
    );
    assert_eq!(row(&world, me(&desk)).presence, Presence::Offline);
    // What they are in the middle of stays theirs: they come back in a minute.
    let still = world.conversation(&visitor);
    assert_eq!(still.assignee(), Some(me(&desk)));
    let try_with = |password: &str| code(login(&world.bo, "wang", password, &machine, T0 + 6));
    assert_eq!(try_with(&made.password), None, "nobody waits for it");
    assert_eq!(try_with(PASSWORD), Some(Code::WrongPassword));
    let stranger = MemberArgs { agent_id: id() };
    let reset = world.bo.reset_password(&world.admin, &stranger, T0 + 7);
    assert_eq!(code(reset), Some(Code::NotFound));
}

#[test]
fn who_is_deactivated_is_out_and_leaves_nobody_waiting() {
    let world = World::new();
    let mut boss = Desk::of(&world.admin);
    let mut desk = world.agent("wang", Role::Agent, &["售前组", "售后组"]);
    desk.online(&world);
    let held = world.visitor("");
    world.say(&held, "转人工", T0);
    let claimed = world.conversation(&held);
    assert_eq!(
        desk.act(&world, claim(&claimed), T0),
        OpOutcome::Done { at: T0 }
    );
    let setting = Setting::Group {
        group_id: claimed.group_id,
        assign: Assign::Auto { accept_ms: 600_000 },
    };
    boss.act(&world, Action::Configure { setting }, T0 + 1);
    let offered = world.visitor("");
    world.say(&offered, "转人工", T0 + 2);
    let asked = world.conversation(&offered).offered_to();
    assert_eq!(asked, Some(me(&desk)));
    let groups = listed(&world, me(&desk)).groups;
    assert_eq!(groups.len(), 2);

    let set = |is, at| {
        world
            .bo
            .set_member_active(&world.admin, &active(me(&desk), is), at)
    };
    let session = login(&world.bo, "wang", PASSWORD, &device(), T0 + 2).unwrap();
    let view = set(false, T0 + 3).unwrap();
    assert_eq!(world.last_audit()[..2], ["agent.deactivate", "allowed"]);
    let member = of(&view, me(&desk));
    assert!(!member.active);
    assert_eq!(member.groups, groups, "it is kept where they worked");
    // Their desks are told that it is the account, and not only a session.
    assert_eq!(
        code(world.bo.streams(&desk.principal)),
        Some(Code::Forbidden)
    );
    let at_the_door = world.bo.authenticate(&session.token, T0 + 3);
    assert_eq!(code(at_the_door), Some(Code::Forbidden));
    let again = login(&world.bo, "wang", PASSWORD, &device(), T0 + 4);
    assert_eq!(code(again), Some(Code::WrongPassword));
    let back = world.conversation(&held);
    assert_eq!((back.handler, back.assignee()), (Handler::Queue, None));
    assert_eq!(world.conversation(&offered).offered_to(), None);
    let gone = row(&world, me(&desk));
    assert_eq!((gone.presence, gone.groups), (Presence::Offline, vec![]));
    // Nothing is done twice, and their groups can be changed meanwhile.
    let before = row(&world, me(&desk));
    set(false, T0 + 5).unwrap();
    assert_eq!(row(&world, me(&desk)), before);
    let keeps = vec![world.group("售后组")];
    let moved = world
        .bo
        .set_agent_groups(&world.admin, "wang", keeps.clone(), T0 + 6);
    assert_eq!(moved.unwrap().groups, keeps);
    assert_eq!(row(&world, me(&desk)).groups, []);

    let view = set(true, T0 + 7).unwrap();
    assert_eq!(world.last_audit()[..2], ["agent.activate", "allowed"]);
    assert_eq!(of(&view, me(&desk)).groups, keeps);
    assert_eq!(row(&world, me(&desk)).groups, keeps);
    let old = session.token;
    let session = login(&world.bo, "wang", PASSWORD, &device(), T0 + 8).unwrap();
    assert_eq!(session.agent.groups, keeps);
    let at_the_door = world.bo.authenticate(&old, T0 + 8);
    assert_eq!(code(at_the_door), Some(Code::SignedOut));
    let ended = world.bo.streams(&desk.principal);
    assert_eq!(
        code(ended),
        Some(Code::SignedOut),
        "old sessions stay ended"
    );
}

#[test]
fn groups_are_made_and_renamed_under_names_of_their_own() {
    let world = World::new();
    let new = MemberGroupNewArgs {
        name: " 物流组 ".to_owned(),
        categories: vec!["物流".to_owned()],
    };
    let view = world.bo.create_member_group(&world.admin, new, T0).unwrap();
    let made = view.groups.iter().find(|group| group.name == "物流组");
    let made = made.unwrap();
    assert_eq!(made.categories.len(), 1);
    let mine = of(&view, world.admin.agent.id);
    assert!(mine.groups.contains(&made.id), "whoever makes it is in it");
    let edit = |group_id, name: &str, categories: &[&str]| {
        let args = MemberGroupEditArgs {
            group_id,
            name: name.to_owned(),
            categories: categories.iter().map(|&one| one.to_owned()).collect(),
        };
        world.bo.edit_group(&world.admin, &args, T0 + 1)
    };
    let unfit: [(GroupId, &str, &[&str], Code); 9] = [
        (made.id, "物流组", &["物流", "售后"], Code::Taken),
        (world.group("售前组"), "售前组", &[" 物流 "], Code::Taken),
        (made.id, "物流组", &["物流/催件"], Code::BadRequest),
        (made.id, "售前组", &["物流"], Code::Taken),
        (made.id, " ", &["物流"], Code::BadRequest),
        (made.id, "物\n流", &["物流"], Code::BadRequest),
        (made.id, "物流组", &[""], Code::BadRequest),
        (made.id, "物流组", &["物流"; 51], Code::BadRequest),
        (id(), "别的组", &[], Code::NotFound),
    ];
    for (group, name, categories, expected) in unfit {
        let result = edit(group, name, categories);
        assert_eq!(code(result), Some(expected), "{name:?} {categories:?}");
    }
    let made_with = |name: &str, category: &str| {
        let new = MemberGroupNewArgs {
            name: name.to_owned(),
            categories: vec![category.to_owned()],
        };
        code(world.bo.create_member_group(&world.admin, new, T0 + 1))
    };
    assert_eq!(made_with("别的组", "物流"), Some(Code::Taken));
    assert_eq!(made_with("别的组", "物流/催件"), Some(Code::BadRequest));
    let view = edit(made.id, "物流一组", &["物流", "发票", "物流"]).unwrap();
    let group = view.groups.iter().find(|group| group.id == made.id);
    assert_eq!(group.unwrap().categories, ["物流", "发票"]);
    assert_eq!(world.last_audit()[..2], ["group.edit", "allowed"]);
    assert!(view.groups.iter().any(|group| group.name == "物流一组"));
    assert!(
        edit(made.id, "物流一组", &[]).is_ok(),
        "its own name is free"
    );
    let renamed = world.rows(&world.admin).into_iter().rev();
    let mut renamed = renamed.filter_map(|row| match row.change {
        RowChange::Put {
            entity: Entity::Group(group),
        } if group.id == made.id => Some(group),
        _ => None,
    });
    let newest = renamed.next().unwrap();
    assert_eq!(newest.name, "物流一组");
    assert_eq!(newest.categories, Vec::<String>::new());
}

#[test]
fn an_agent_changes_their_own_password_for_the_present_one() {
    let world = World::new();
    let desk = world.agent("wang", Role::Agent, &["售前组"]);
    let elsewhere = login(&world.bo, "wang", PASSWORD, &device(), T0).unwrap();
    let change = |present: &str, new: &str, now| {
        let args = OwnPasswordArgs {
            present: present.to_owned(),
            new: new.to_owned(),
        };
        assert!(!format!("{args:?}").contains(new));
        code(world.bo.change_own_password(&desk.principal, args, now))
    };
    let next = "another horse battery";
    for (present, new, expected) in [
        ("wrong password 1", next, Code::WrongPassword),
        (PASSWORD, "short", Code::BadRequest),
        (PASSWORD, "aaaaaaaaaaaaaaaa", Code::BadRequest),
    ] {
        assert_eq!(change(present, new, T0 + 1), Some(expected), "{new}");
    }
    assert!(world.bo.authenticate(&elsewhere.token, T0 + 1).is_ok());
    assert_eq!(change(PASSWORD, next, T0 + 2), None);
    assert_eq!(world.last_audit()[..2], ["agent.own_password", "allowed"]);
    assert!(
        world.bo.streams(&desk.principal).is_ok(),
        "this one goes on"
    );
    let ended = world.bo.authenticate(&elsewhere.token, T0 + 3);
    assert_eq!(code(ended), Some(Code::SignedOut));
    let machine = device();
    let try_with = |password: &str| code(login(&world.bo, "wang", password, &machine, T0 + 4));
    assert_eq!(try_with(PASSWORD), Some(Code::WrongPassword));
    assert_eq!(try_with(next), None);
    // Guesses are slowed down as those of a login are.
    for n in 0..4 {
        let wrong = change("wrong password 1", next, T0 + 5 + n);
        assert_eq!(wrong, Some(Code::WrongPassword), "failure {n}");
    }
    assert_eq!(change(next, PASSWORD, T0 + 9), Some(Code::SlowDown));
}

/// A server that cannot make a hash tells by its failure when it would have made one.
#[test]
fn a_guess_at_ones_own_password_makes_no_hash_and_is_audited_as_ones_own() {
    let mut world = World::new();
    let desk = world.agent("wang", Role::Agent, &["售前组"]);
    let path = world.path();
    let spare = World::new();
    drop(std::mem::replace(&mut world.bo, spare.bo));
    let mut unable = config();
    unable.password_cost.memory_kib = 0;
    let db = crate::back_end::open(&path);
    world.bo = Backoffice::open(db, ServerKeys::from_root(&root()), unable).unwrap();
    let change = |present: &str, now| {
        let args = OwnPasswordArgs {
            present: present.to_owned(),
            new: "another horse battery".to_owned(),
        };
        code(world.bo.change_own_password(&desk.principal, args, now))
    };
    assert_eq!(change(PASSWORD, T0), Some(Code::Internal), "it is made");
    for n in 1..=4 {
        let guess = change("wrong password 1", T0 + n);
        assert_eq!(guess, Some(Code::WrongPassword), "guess {n}");
        let denied = ["agent.own_password", "denied", "wrong_password"];
        assert_eq!(world.last_audit(), denied);
        let newest = "SELECT record FROM audit ORDER BY n DESC LIMIT 1";
        let record = Past::open(&path).text(newest);
        let record: serde_json::Value = serde_json::from_str(&record).unwrap();
        assert_eq!(record["actor"]["kind"], "agent");
        assert_eq!(record["actor"]["agent"], me(&desk).to_string());
    }
    assert_eq!(change(PASSWORD, T0 + 5), Some(Code::SlowDown));
}
