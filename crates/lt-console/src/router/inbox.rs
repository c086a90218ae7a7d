//! The list of conversations.

use lt_model::agent::Permission;
use lt_protocol::{
    code::WireError,
    command::InboxArgs,
    view::{InboxPage, InboxScope},
};
use lt_store::Window;

use crate::{desk::Desk, error::wire, view};

/// Most rows of one window.
const MAX_ROWS: u32 = 500;

/// `inbox.list`
pub(super) fn list(desk: &Desk, args: &InboxArgs) -> Result<InboxPage, WireError> {
    desk.permit(Permission::ConvView)?;
    let window = Window {
        offset: args.offset,
        limit: args.limit.min(MAX_ROWS),
    };
    let found = desk.store.inbox(args.scope, args.sort, window);
    let (lines, counts) = found.map_err(wire)?;
    let viewer = desk.viewer()?;
    Ok(InboxPage {
        offset: args.offset,
        rows: lines
            .iter()
            .map(|line| view::row::row(line, &viewer))
            .collect(),
        total: match args.scope {
            InboxScope::Mine => counts.mine,
            InboxScope::Queue => counts.queue,
            InboxScope::All => counts.all,
            InboxScope::Snoozed => counts.snoozed,
        },
        counts,
    })
}
