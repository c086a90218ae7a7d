//! The agent takes conversations, or not.

use lt_db::{Tx, table::agent};
use lt_model::{
    agent::{Agent, Presence},
    id::ContactId,
};

use crate::error::Error;

pub(super) fn perform(
    tx: &Tx<'_>,
    me: &Agent,
    presence: Presence,
) -> Result<Vec<ContactId>, Error> {
    if me.presence != presence {
        agent::set_presence(tx, me.id, presence)?;
    }
    Ok(Vec::new())
}
