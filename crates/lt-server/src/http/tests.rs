use lt_model::agent::Role;

use super::*;

#[test]
fn only_three_calls_come_before_an_account() {
    let open: Vec<&str> = registered()
        .list
        .iter()
        .filter(|(_, _, permission)| permission.is_none())
        .map(|(_, path, _)| *path)
        .collect();
    assert_eq!(open, ["/healthz", "/api/v1/setup", "/api/v1/login"]);
}

#[test]
fn an_agent_may_call_the_way_out_and_what_is_known_of_a_customer_and_nothing_else() {
    let callable: Vec<&str> = registered()
        .list
        .iter()
        .filter(|(_, _, permission)| permission.is_some_and(|p| Role::Agent.may(p)))
        .map(|(_, path, _)| *path)
        .collect();
    assert_eq!(
        callable,
        ["/api/v1/logout", "/api/v1/conversations/{id}/facts"]
    );
    let files: Vec<_> = registered_files().list;
    let permissions: Vec<_> = files.iter().map(|(_, _, permission)| *permission).collect();
    let (reply, view) = (Some(Permission::ConvReply), Some(Permission::ConvView));
    assert_eq!(permissions, [reply, view, view], "{files:?}");
}
