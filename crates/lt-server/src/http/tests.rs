use lt_model::agent::Role;

use super::*;

#[test]
fn only_four_calls_come_before_a_session() {
    let open: Vec<&str> = registered()
        .list
        .iter()
        .filter(|(_, _, permission)| permission.is_none())
        .map(|(_, path, _)| *path)
        .collect();
    assert_eq!(
        open,
        [
            "/healthz",
            "/api/v1/setup",
            "/api/v1/login",
            share::OPEN_PATH
        ]
    );
}

#[test]
fn an_agent_may_call_the_way_out_and_what_is_their_own_and_a_customer_s_and_nothing_else() {
    let callable: Vec<&str> = registered()
        .list
        .iter()
        .filter(|(_, _, permission)| permission.is_some_and(|p| Role::Agent.may(p)))
        .map(|(_, path, _)| *path)
        .collect();
    assert_eq!(
        callable,
        [
            "/api/v1/logout",
            share::OWN_PATH,
            path::OWN_PASSWORD,
            "/api/v1/conversations/{id}/facts"
        ]
    );
    let files: Vec<_> = registered_files().list;
    let permissions: Vec<_> = files.iter().map(|(_, _, permission)| *permission).collect();
    let (reply, view) = (Some(Permission::ConvReply), Some(Permission::ConvView));
    assert_eq!(permissions, [reply, view, view], "{files:?}");
}

#[test]
fn accounts_and_groups_are_for_an_administrator_alone() {
    let of_people = |path: &str| {
        let begins = ["/api/v1/members", "/api/v1/agents", "/api/v1/groups"];
        begins.iter().any(|begin| path.starts_with(begin))
    };
    let (all, members) = (registered().list, registered_members().list);
    assert_eq!(members.len(), 7, "{members:?}");
    assert!(members.iter().all(|(_, path, _)| of_people(path)));
    let kept = all.iter().filter(|(_, path, _)| of_people(path));
    let permissions: Vec<_> = kept.chain(&members).map(|(.., needs)| *needs).collect();
    assert_eq!(permissions, [Some(Permission::UserManage); 11]);
    for role in [Role::Agent, Role::TeamLead] {
        assert!(!role.may(Permission::UserManage), "{role:?}");
    }
}
