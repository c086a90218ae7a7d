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
    let (scope, sort, filter) = (args.scope, args.sort, &args.filter);
    let (lines, counts, narrowed) = if filter.is_empty() {
        let (lines, counts) = desk.store.inbox(scope, sort, window).map_err(wire)?;
        (lines, counts, None)
    } else {
        let found = desk.store.inbox_narrowed(scope, sort, filter, window);
        let (lines, counts, n) = found.map_err(wire)?;
        (lines, counts, Some(n))
    };
    let viewer = desk.viewer()?;
    Ok(InboxPage {
        offset: args.offset,
        rows: lines
            .iter()
            .map(|line| view::row::row(line, &viewer))
            .collect(),
        total: narrowed.unwrap_or(match args.scope {
            InboxScope::Mine => counts.mine,
            InboxScope::Queue => counts.queue,
            InboxScope::All => counts.all,
            InboxScope::Snoozed => counts.snoozed,
            InboxScope::Resolved => counts.resolved,
        }),
        counts,
    })
}
