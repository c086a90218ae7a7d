//! The calendar of a ticket's promises.

use lt_db::{Reader, table::business_hours};
use lt_model::{hours::BusinessHours, sla::SlaPolicy};

use crate::error::Error;

/// The calendar that the policy names, else the organisation's first one, else every hour of every
/// day.
pub(super) fn of(reader: &Reader<'_>, policy: &SlaPolicy) -> Result<BusinessHours, Error> {
    Ok(policy.calendar(&business_hours::all(reader)?))
}
