//! What waits to be sent, or was refused.

use lt_protocol::{
    code::WireError,
    command::{NoArgs, OutboxArgs},
    view::OutboxView,
};

use crate::{desk::Desk, error::wire, view};

/// `outbox.list`
pub(super) fn list(desk: &Desk) -> Result<OutboxView, WireError> {
    let entries = desk.store.outbox().map_err(wire)?;
    Ok(OutboxView {
        items: entries.iter().map(view::outbox::item).collect(),
    })
}

/// `outbox.retry`: the agent has seen what came in since.
pub(super) fn retry(desk: &Desk, args: &OutboxArgs) -> Result<NoArgs, WireError> {
    let entries = desk.store.outbox().map_err(wire)?;
    let entry = entries.iter().find(|entry| entry.op.id == args.op_id);
    let conversation_id = entry.and_then(|entry| entry.op.action.conversation());
    let seen_seq = match conversation_id {
        Some(id) => desk.line(id)?.seq,
        None => 0,
    };
    desk.store
        .retry(args.op_id, seen_seq, desk.now())
        .map_err(wire)?;
    desk.link.nudge();
    Ok(NoArgs {})
}

/// `outbox.discard`
pub(super) fn discard(desk: &Desk, args: &OutboxArgs) -> Result<NoArgs, WireError> {
    desk.store.discard(args.op_id, desk.now()).map_err(wire)?;
    Ok(NoArgs {})
}
