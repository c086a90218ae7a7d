//! The agent takes conversations, or not.

use lt_db::{
    Tx,
    table::{agent, attendance},
};
use lt_model::{
    Millis,
    agent::{Agent, Presence},
    conversation::Conversation,
    id::ContactId,
    routing::AssignReason,
};

use crate::{error::Error, routing};

pub(super) fn perform(
    tx: &Tx<'_>,
    me: &Agent,
    presence: Presence,
    now: Millis,
) -> Result<Vec<ContactId>, Error> {
    if me.presence != presence {
        agent::set_presence(tx, me.id, presence, now)?;
    }
    // What the agent says counts from now on.
    attendance::set_was(tx, me.id, None)?;
    match presence {
        Presence::Online => Ok(Vec::new()),
        // What a colleague transferred still stands for whoever takes only that.
        Presence::TransferOnly => {
            let is_auto = |offered: &Conversation| {
                let offer = offered.routing.offer.as_ref();
                offer.is_some_and(|offer| offer.reason == AssignReason::Auto)
            };
            routing::withdraw_those(tx, me.id, is_auto, now)
        }
        Presence::Busy | Presence::Away | Presence::Offline => routing::withdraw(tx, me.id, now),
    }
}
