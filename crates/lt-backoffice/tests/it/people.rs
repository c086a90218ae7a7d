use lt_model::agent::Role;
use lt_protocol::{
    api::{NewAgent, NewGroup},
    code::Code,
    sync::{Entity, RowChange},
};

use crate::world::{PASSWORD, T0, World, code, id};

fn new_agent(username: &str) -> NewAgent {
    NewAgent {
        username: username.to_owned(),
        display_name: "新同事".to_owned(),
        password: PASSWORD.to_owned(),
        role: Role::Agent,
        groups: Vec::new(),
        capacity: 5,
    }
}

#[test]
fn only_an_administrator_makes_accounts_and_groups_and_denials_are_audited() {
    let world = World::new();
    for (name, role) in [("wang", Role::Agent), ("li", Role::TeamLead)] {
        let desk = world.agent(name, role, &["售前组"]);
        let before = world.n_audited();
        let result = world
            .bo
            .create_agent(&desk.principal, new_agent("zhao"), T0);
        assert_eq!(code(result), Some(Code::Forbidden));
        let group = NewGroup {
            name: "新组".to_owned(),
            categories: Vec::new(),
            assign: None,
        };
        let result = world.bo.create_group(&desk.principal, group, T0);
        assert_eq!(code(result), Some(Code::Forbidden));
        assert_eq!(world.n_audited(), before + 2);
        assert_eq!(world.last_audit(), ["group.create", "denied", "forbidden"]);
    }
    assert_eq!(world.number("SELECT count(*) FROM agent"), 3);
    assert_eq!(world.number("SELECT count(*) FROM skill_group"), 3);
}

#[test]
fn names_are_taken_once_and_groups_must_exist() {
    let world = World::new();
    let make = |new| code(world.bo.create_agent(&world.admin, new, T0));
    assert_eq!(make(new_agent("zhao")), None);
    assert_eq!(make(new_agent("ZHAO")), Some(Code::Taken));
    let mut lost = new_agent("qian");
    lost.groups = vec![id()];
    assert_eq!(make(lost), Some(Code::NotFound));
    let mut weak = new_agent("sun");
    weak.password = "short".to_owned();
    assert_eq!(make(weak), Some(Code::BadRequest));
    let group = |name: &str| {
        let new = NewGroup {
            name: name.to_owned(),
            categories: vec!["物流".to_owned()],
            assign: None,
        };
        code(world.bo.create_group(&world.admin, new, T0))
    };
    assert_eq!(group("物流组"), None);
    assert_eq!(group("物流组"), Some(Code::Taken));
    assert_eq!(group(" "), Some(Code::BadRequest));
}

#[test]
fn colleagues_see_new_accounts_and_groups_without_secrets() {
    let world = World::new();
    let desk = world.agent("wang", Role::Agent, &["售前组"]);
    let group = NewGroup {
        name: "物流组".to_owned(),
        categories: vec!["物流".to_owned()],
        assign: None,
    };
    let made = world.bo.create_group(&world.admin, group, T0).unwrap();
    let rows = world.rows(&desk.principal);
    let text = serde_json::to_string(&rows).unwrap();
    assert!(text.contains("物流组") && !text.contains("argon2"));
    let admin = rows.iter().rev().find_map(|row| match &row.change {
        RowChange::Put {
            entity: Entity::Agent(agent),
        } if agent.role == Role::Admin => Some(agent.clone()),
        _ => None,
    });
    assert!(admin.unwrap().groups.contains(&made.id));
}

#[test]
fn an_agent_who_leaves_a_group_sees_it_no_more_and_leaves_nobody_waiting() {
    let world = World::new();
    let mut desk = world.agent("wang", Role::Agent, &["售前组", "售后组"]);
    desk.online(&world);
    let visitor = world.visitor("王小明");
    world.say(&visitor, "转人工，我要退款", T0);
    let held = world.conversation(&visitor);
    let claim = lt_protocol::sync::Action::Claim {
        conversation_id: held.id,
    };
    desk.act(&world, claim, T0);
    assert!(world.conversation(&visitor).assignee().is_some());
    let mut hints = world.bo.hints();
    let keep = if held.group_id == world.group("售前组") {
        "售后组"
    } else {
        "售前组"
    };
    let groups = vec![world.group(keep), world.group(keep)];
    let set = |principal, who: &str, groups| world.bo.set_agent_groups(principal, who, groups, T0);
    assert_eq!(
        code(set(&desk.principal, "wang", groups.clone())),
        Some(Code::Forbidden)
    );
    assert_eq!(
        code(set(&world.admin, "nobody", groups.clone())),
        Some(Code::NotFound)
    );
    assert_eq!(
        code(set(&world.admin, "wang", vec![id()])),
        Some(Code::NotFound)
    );
    assert_eq!(world.last_audit(), ["agent.groups", "denied", "not_found"]);
    let n_streams = world.bo.streams(&desk.principal).unwrap().len();

    let changed = set(&world.admin, "Wang", groups).unwrap();
    assert_eq!(changed.groups, [world.group(keep)]);
    assert_eq!(world.last_audit()[..2], ["agent.groups", "allowed"]);
    assert_eq!(
        world.bo.streams(&desk.principal).unwrap().len(),
        n_streams - 1
    );
    let back = world.conversation(&visitor);
    assert_eq!(back.handler, lt_model::conversation::Handler::Queue);
    assert_eq!(
        desk.act(&world, crate::world::send(held.id, "您好", back.seq), T0),
        crate::world::refused(Code::NotFound)
    );
    let mut told = false;
    while let Ok(hint) = hints.try_recv() {
        told |= matches!(hint, lt_backoffice::Hint::Access { agents, .. } if agents.contains(&changed.id));
    }
    assert!(told, "its sockets look again");
}
