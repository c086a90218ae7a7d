//! What the agent was told at this desk.

use lt_protocol::{
    bell::{BellSeenArgs, BellView},
    code::WireError,
};

use crate::{desk::Desk, error::wire};

/// `bell.list`
pub(super) fn list(desk: &Desk) -> Result<BellView, WireError> {
    desk.store.bell().map_err(wire)
}

/// `bell.seen`
pub(super) fn seen(desk: &Desk, args: &BellSeenArgs) -> Result<BellView, WireError> {
    desk.store.bell_seen(args.up_to).map_err(wire)?;
    list(desk)
}
