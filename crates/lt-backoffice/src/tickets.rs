//! Tickets: what agents do with them, their clock, what customers' messages do to them, their types.
//!
//! **Invariant:** a ticket changes by the moves of [`lt_model::ticket`] only, inside the transaction
//! that checked who acts; its row, the streams of the departments that see it and the audit entry
//! become durable together.
//!
//! **Invariant:** a ticket has one id, made by the desktop: the same one again makes no second one.

pub(crate) mod act;

mod clock;

mod customer;

mod hours;

pub(crate) mod kinds;

mod lines;

pub(crate) use customer::customer_wrote;

use lt_model::ticket::moves::IllegalTicket;
use lt_protocol::{code::Code, ticket};

use crate::error::Refused;

/// An illegal move as a refusal.
fn illegal(why: &IllegalTicket) -> Refused {
    let code = ticket::code_of(why);
    let text = match why {
        IllegalTicket::HeldBy(_) => "a colleague has it",
        IllegalTicket::State(_) => "its state does not allow it",
        IllegalTicket::Elsewhere => "another department has it",
        IllegalTicket::NobodyWaits => "no department expects it back",
        IllegalTicket::ChangedMeanwhile => "it was changed meanwhile",
        IllegalTicket::Missing(_) => "fields are missing",
        IllegalTicket::Value(_) => "a value does not fit its field",
        IllegalTicket::Empty => "there is nothing in it",
        IllegalTicket::TooLong => "a text is too long",
        IllegalTicket::NoDepartment => "there is no such department",
        IllegalTicket::TakenUp => "the department has taken it up",
        IllegalTicket::Unmergeable => "the two cannot be merged",
    };
    Refused::new(code, text)
}

fn no_such_ticket() -> Refused {
    Refused::new(Code::NotFound, "no such ticket")
}
