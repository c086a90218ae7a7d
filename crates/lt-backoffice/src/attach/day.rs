//! How much one person may upload within 24 hours: whoever fills the disk is stopped before it is full.
//!
//! What was recalled counts too, and what was never sent, as long as it is kept.

use lt_db::{
    Reader,
    table::attachment::{self, Uploader},
};
use lt_model::{Millis, agent::Agent};
use lt_protocol::{code::Code, sync::Action};

use crate::{
    config::DayBytes,
    error::{Error, Refused},
};

/// What counts as one day: the 24 hours until now.
const DAY_MS: Millis = 24 * 60 * 60 * 1_000;

const FULL: Refused = Refused::new(Code::UploadsFull, "too much was uploaded within 24 hours");

/// Refuses so many more bytes where they are too much.
pub(super) fn room(
    reader: &Reader<'_>,
    uploader: Uploader,
    n_bytes: usize,
    most: DayBytes,
    now: Millis,
) -> Result<(), Error> {
    let most = match uploader {
        Uploader::Customer(_) => most.customer,
        Uploader::Agent(_) => most.agent,
    };
    let before = attachment::bytes_since(reader, uploader, now - DAY_MS)?;
    let n_bytes = u64::try_from(n_bytes).unwrap_or(u64::MAX);
    match before.saturating_add(n_bytes) > most {
        true => Err(FULL.into()),
        false => Ok(()),
    }
}

/// Why an operation was refused: a file that is not there may have been too much for the day.
pub(crate) fn reason(
    reader: &Reader<'_>,
    agent: &Agent,
    action: &Action,
    why: Refused,
    most: DayBytes,
    now: Millis,
) -> Result<Refused, Error> {
    let Action::SendFile { file, .. } = action else {
        return Ok(why);
    };
    let is_kept = why.code != Code::NotFound || attachment::by_id(reader, file.id)?.is_some();
    if is_kept {
        return Ok(why);
    }
    let n_bytes = usize::try_from(file.n_bytes).unwrap_or(usize::MAX);
    match room(reader, Uploader::Agent(agent.id), n_bytes, most, now) {
        Ok(()) => Ok(why),
        Err(Error::Refused(full)) => Ok(full),
        Err(other) => Err(other),
    }
}
