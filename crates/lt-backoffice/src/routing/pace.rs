//! How long a customer will wait about.

use lt_db::{
    Reader,
    table::{agent, assignment},
};
use lt_model::{
    Millis,
    id::GroupId,
    routing::{Pace, estimated_wait},
};

use crate::error::Error;

/// What the pace of a queue is taken from.
const WINDOW_MS: Millis = 3_600_000;
/// Nobody is told seconds.
const STEP_MS: Millis = 60_000;

/// What the customer at a place in the queue of a group is told, in whole minutes, up. None while
/// nobody is there to take it.
pub(crate) fn told_wait(
    reader: &Reader<'_>,
    group: GroupId,
    position: u32,
    now: Millis,
) -> Result<Option<Millis>, Error> {
    let pace = Pace {
        accepted: assignment::n_accepted_since(reader, group, now - WINDOW_MS)?,
        window_ms: WINDOW_MS,
        agents: u32::try_from(agent::online(reader, group)?.len()).unwrap_or(u32::MAX),
    };
    let wait = estimated_wait(position, pace);
    Ok(wait.map(|wait| (wait + STEP_MS - 1) / STEP_MS * STEP_MS))
}
