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
fn an_agent_may_call_the_way_out_and_the_own_desk_s_and_a_customer_s_and_nothing_else() {
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
            "/api/v1/conversations/{id}/facts"
        ]
    );
    let files: Vec<_> = registered_files().list;
    let permissions: Vec<_> = files.iter().map(|(_, _, permission)| *permission).collect();
    let (reply, view) = (Some(Permission::ConvReply), Some(Permission::ConvView));
    assert_eq!(permissions, [reply, view, view], "{files:?}");
}
