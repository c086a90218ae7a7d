//! The agent takes conversations, or not.

use lt_db::{Tx, table::agent};
use lt_model::{
    Millis,
    agent::{Agent, Presence},
    id::ContactId,
};

use crate::{error::Error, routing};

pub(super) fn perform(
    tx: &Tx<'_>,
    me: &Agent,
    presence: Presence,
    now: Millis,
) -> Result<Vec<ContactId>, Error> {
    if me.presence != presence {
        agent::set_presence(tx, me.id, presence)?;
    }
    match presence {
        // What a colleague transferred still stands for whoever takes only that.
        Presence::Online | Presence::TransferOnly => Ok(Vec::new()),
        Presence::Busy | Presence::Away | Presence::Offline => routing::withdraw(tx, me.id, now),
    }
}
