use lt_model::agent::Role;
use lt_protocol::code::Code;

use crate::world::{T0, World, code, open, setup_request};

#[test]
fn the_code_works_once_and_a_new_one_voids_the_old() {
    let folder = tempfile::tempdir().unwrap();
    let bo = open(&folder.path().join("lingtai.db"));
    assert!(!bo.is_set_up().unwrap());
    let first = bo.set_up_code(T0).unwrap().unwrap();
    let second = bo.set_up_code(T0 + 1).unwrap().unwrap();
    for wrong in [first.expose().as_str(), "", "0000-0000-0000-0000"] {
        let result = bo.setup(setup_request(wrong), T0 + 2);
        assert_eq!(code(result), Some(Code::SetupCode), "{wrong}");
    }
    // As somebody types it: lower case, without dashes.
    let typed = second.expose().to_lowercase().replace('-', "");
    let made = bo.setup(setup_request(&typed), T0 + 3).unwrap();
    assert_eq!(made.agent.role, Role::Admin);
    assert_eq!(made.agent.username, "admin");
    let names: Vec<&str> = made
        .groups
        .iter()
        .map(|group| group.name.as_str())
        .collect();
    assert_eq!(names, ["售前组", "售后组", "投诉专席"]);
    assert_eq!(made.agent.groups.len(), 3);
    assert_eq!(made.inbox.group, made.groups[0].id);
    let again = bo.setup(setup_request(second.expose()), T0 + 4);
    assert_eq!(code(again), Some(Code::SetupCode));
    assert!(bo.set_up_code(T0 + 5).unwrap().is_none());
    assert!(bo.is_set_up().unwrap());
    assert_eq!(bo.organisation().unwrap(), "聆选旗舰店");
    assert_eq!(bo.inboxes().unwrap(), [made.inbox]);
}

#[test]
fn a_wrong_code_is_audited_and_a_bad_request_makes_nothing() {
    let world = World::new();
    let before = world.n_audited();
    let result = world.bo.setup(setup_request("0000-0000-0000-0000"), T0);
    assert_eq!(code(result), Some(Code::SetupCode));
    assert_eq!(world.n_audited(), before + 1);
    assert_eq!(world.last_audit(), ["org.setup", "denied", "setup_code"]);
    let mut short = setup_request("0000-0000-0000-0000");
    short.password = "short".to_owned();
    assert_eq!(code(world.bo.setup(short, T0)), Some(Code::BadRequest));
    assert_eq!(world.number("SELECT count(*) FROM agent"), 1);
}
