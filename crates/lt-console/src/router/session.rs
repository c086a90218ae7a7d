//! The session, the agent's presence, the connection strip.

use std::sync::Arc;

use lt_model::agent::Permission;
use lt_protocol::{
    code::WireError,
    command::{LoginArgs, PresenceArgs, UnlockArgs, UnlockByServerArgs},
    sync::Action,
    view::{AppInfo, ConnectionState, ConnectionView, SessionView},
};

use crate::{
    console::{Console, Phase},
    desk::now,
    session, share,
};

/// `app.info`
pub(super) fn app_info() -> AppInfo {
    AppInfo {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        platform: std::env::consts::OS.to_owned(),
    }
}

/// `session.get`
pub(super) fn get(console: &Console) -> Result<SessionView, WireError> {
    session::view(console)
}

/// `session.login`
pub(super) async fn login(
    console: &Arc<Console>,
    args: LoginArgs,
) -> Result<SessionView, WireError> {
    session::login(console, args).await
}

/// `session.unlock`
pub(super) async fn unlock(
    console: &Arc<Console>,
    args: UnlockArgs,
) -> Result<SessionView, WireError> {
    session::unlock(console, args).await
}

/// `session.unlock_by_server`
pub(super) async fn unlock_by_server(
    console: &Arc<Console>,
    args: UnlockByServerArgs,
) -> Result<SessionView, WireError> {
    share::unlock(console, args).await
}

/// `session.lock`
pub(super) async fn lock(console: &Arc<Console>) -> Result<SessionView, WireError> {
    session::lock(console).await
}

/// `session.logout`
pub(super) async fn logout(console: &Arc<Console>) -> Result<SessionView, WireError> {
    session::logout(console).await
}

/// `presence.set`
pub(super) fn presence(console: &Console, args: &PresenceArgs) -> Result<SessionView, WireError> {
    let desk = console.desk()?;
    desk.permit(Permission::PresenceSet)?;
    desk.enqueue(Action::SetPresence {
        presence: args.presence,
    })?;
    desk.session()
}

/// `connection.get`: without an open store there is nothing to be in step with.
pub(super) fn connection(console: &Console) -> Result<ConnectionView, WireError> {
    match console.phase() {
        Phase::Open(desk) => desk.link.view(),
        Phase::Fresh { .. } | Phase::Locked => Ok(ConnectionView {
            state: ConnectionState::Offline,
            pending: 0,
            refused: 0,
            conflicts: 0,
            since: now(),
            synced_at: None,
            fetching: None,
            skew_ms: None,
            account_ended: false,
        }),
    }
}
