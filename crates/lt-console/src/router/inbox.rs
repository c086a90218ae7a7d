//! The list of conversations.

use lt_model::agent::Permission;
use lt_protocol::{code::WireError, command::InboxArgs, view::InboxPage};

use crate::{desk::Desk, error::wire, view};

/// `inbox.list`
pub(super) fn list(desk: &Desk, args: &InboxArgs) -> Result<InboxPage, WireError> {
    desk.permit(Permission::ConvView)?;
    let lines = desk.store.inbox(args.scope, args.sort).map_err(wire)?;
    let counts = desk.store.inbox_counts().map_err(wire)?;
    let viewer = desk.viewer()?;
    Ok(InboxPage {
        rows: lines
            .iter()
            .map(|line| view::row::row(line, &viewer))
            .collect(),
        counts,
    })
}
