//! Whether somebody is there, by the calendar of an inbox.

use lt_db::{
    Reader,
    table::{business_hours, inbox},
};
use lt_model::{Millis, hours::BusinessHours, id::InboxId};

use crate::error::Error;

/// Whether an inbox is within its hours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Hours {
    /// Somebody is there.
    Open,
    /// Nobody is.
    Closed {
        /// When somebody will be; none when that is not known.
        opens_at: Option<Millis>,
        /// By which calendar.
        calendar: Box<BusinessHours>,
    },
}

/// An inbox without a calendar is always open.
pub(crate) fn now(reader: &Reader<'_>, inbox: InboxId, now: Millis) -> Result<Hours, Error> {
    let hours = inbox::by_id(reader, inbox)?.and_then(|inbox| inbox.hours);
    let calendar = match hours {
        Some(id) => business_hours::by_id(reader, id)?,
        None => None,
    };
    Ok(match calendar {
        Some(calendar) if !calendar.is_open(now) => Hours::Closed {
            opens_at: calendar.next_open(now),
            calendar: Box::new(calendar),
        },
        Some(_) | None => Hours::Open,
    })
}
