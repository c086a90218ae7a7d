//! The clock of tickets: warnings, breaches, holds that end, and the end of what was resolved.

use lt_db::{Acted, table::ticket};
use lt_model::{Millis, audit::Actor, id::TicketId};
use lt_protocol::code::WireError;

use super::{hours, lines};
use crate::{audit, backoffice::Backoffice, error::Error, pass_over::passed_over};

/// Tickets that are looked at in one go.
const AT_ONCE: u64 = 200;

impl Backoffice {
    /// Tells what the clocks of tickets have to tell by now; a ticket of which it cannot be told is
    /// passed over. Cheap where that is nothing; several processes may do it at once, since each
    /// looks again inside its transaction. Returns how many tickets changed.
    ///
    /// # Errors
    /// When the store fails; what was told by then stays told.
    pub fn ring_tickets(&self, now: Millis) -> Result<usize, WireError> {
        let ringing = self.read(|reader| ticket::ringing(reader, now, AT_ONCE))?;
        let mut n_rung = 0;
        for id in ringing {
            if passed_over("ticket", id, self.ring(id, now))?.unwrap_or_default() {
                n_rung += 1;
            }
        }
        Ok(n_rung)
    }

    fn ring(&self, id: TicketId, now: Millis) -> Result<bool, Error> {
        self.act(|tx| {
            let Some(mut found) = ticket::by_id(tx, id)? else {
                return Ok(Acted::nothing(Ok(false)));
            };
            let hours = hours::of(tx, &found.sla)?;
            let n_told = found.events.len();
            let (_, is_changed) = found.tick(&hours, now);
            if !is_changed {
                return Ok(Acted::nothing(Ok(false)));
            }
            ticket::update(tx, &found)?;
            lines::tell(tx, &found, n_told, now)?;
            let object = audit::object("ticket", id);
            let entry = audit::allowed(now, Actor::System, "ticket.clock", object);
            Ok(Acted::logged(Ok(true), entry))
        })
    }
}
