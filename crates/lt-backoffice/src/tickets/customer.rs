//! What a customer's message does to tickets.

use lt_db::{Tx, table::ticket};
use lt_model::{Millis, id::ConversationId};

use super::hours;
use crate::error::Error;

/// Tickets of the conversation that waited for the customer go on.
pub(crate) fn customer_wrote(tx: &Tx<'_>, id: ConversationId, now: Millis) -> Result<(), Error> {
    for mut found in ticket::of_conversation(tx, id)? {
        if !found.heeds_customer() {
            continue;
        }
        let hours = hours::of(tx, &found.sla)?;
        if found.customer_wrote(&hours, now) {
            ticket::update(tx, &found)?;
        }
    }
    Ok(())
}
