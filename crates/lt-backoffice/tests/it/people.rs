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
