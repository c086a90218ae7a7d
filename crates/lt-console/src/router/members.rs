//! Accounts and groups, as an administrator keeps them. All of it is asked of the server, which checks
//! it again: what is about people's rights waits at no desk. So is a change of one's own password.

use std::sync::Arc;

use lt_model::agent::Permission;
use lt_protocol::{
    code::WireError,
    command::NoArgs,
    members::{
        MemberActiveArgs, MemberArgs, MemberEditArgs, MemberGroupEditArgs, MemberGroupNewArgs,
        MemberNewArgs, MemberPassword, MembersView, OwnPasswordArgs, path,
    },
};
use serde::{Serialize, de::DeserializeOwned};

use super::alert::account;
use crate::{console::Console, desk::now, error::wire_sync};

/// `members.list`
pub(super) async fn list(console: &Arc<Console>) -> Result<MembersView, WireError> {
    let account = account(console, Permission::UserManage).await?;
    lt_sync::list_members(&account, now())
        .await
        .map_err(wire_sync)
}

/// `members.create`
pub(super) async fn create(
    console: &Arc<Console>,
    args: MemberNewArgs,
) -> Result<MemberPassword, WireError> {
    ask(console, path::MEMBERS, &args).await
}

/// `members.edit`
pub(super) async fn edit(
    console: &Arc<Console>,
    args: MemberEditArgs,
) -> Result<MembersView, WireError> {
    ask(console, path::EDIT, &args).await
}

/// `members.password`
pub(super) async fn password(
    console: &Arc<Console>,
    args: MemberArgs,
) -> Result<MemberPassword, WireError> {
    ask(console, path::PASSWORD, &args).await
}

/// `members.active`
pub(super) async fn active(
    console: &Arc<Console>,
    args: MemberActiveArgs,
) -> Result<MembersView, WireError> {
    ask(console, path::ACTIVE, &args).await
}

/// `members.group_create`
pub(super) async fn create_group(
    console: &Arc<Console>,
    args: MemberGroupNewArgs,
) -> Result<MembersView, WireError> {
    ask(console, path::GROUP, &args).await
}

/// `members.group_edit`
pub(super) async fn edit_group(
    console: &Arc<Console>,
    args: MemberGroupEditArgs,
) -> Result<MembersView, WireError> {
    ask(console, path::GROUP_EDIT, &args).await
}

/// `members.own_password`
pub(super) async fn own_password(
    console: &Arc<Console>,
    args: OwnPasswordArgs,
) -> Result<NoArgs, WireError> {
    let permission = Permission::PersonalEdit;
    ask_with(console, permission, path::OWN_PASSWORD, &args).await
}

async fn ask<T: DeserializeOwned>(
    console: &Arc<Console>,
    path: &'static str,
    args: &impl Serialize,
) -> Result<T, WireError> {
    ask_with(console, Permission::UserManage, path, args).await
}

async fn ask_with<T: DeserializeOwned>(
    console: &Arc<Console>,
    permission: Permission,
    path: &'static str,
    args: &impl Serialize,
) -> Result<T, WireError> {
    let account = account(console, permission).await?;
    let answer = lt_sync::change_members(&account, path, args, now()).await;
    answer.map_err(wire_sync)
}
