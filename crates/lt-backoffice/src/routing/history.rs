//! The history of who was offered a conversation and who had it.

use lt_db::{
    Tx,
    table::assignment::{self, Outcome},
};
use lt_model::{Millis, conversation::Conversation};

use crate::{error::Error, ids};

/// Writes down what an act changed about who has it. Call it after the conversation was stored.
pub(crate) fn follow(
    tx: &Tx<'_>,
    before: &Conversation,
    after: &Conversation,
    now: Millis,
) -> Result<(), Error> {
    let id = after.id;
    let (had, has) = (before.assignee(), after.assignee());
    let (offer_before, offer_after) = (&before.routing.offer, &after.routing.offer);
    let mut is_accepted = false;
    if let Some(offer) = offer_before
        && offer_before != offer_after
    {
        is_accepted = has == Some(offer.agent) && had.is_none();
        if is_accepted {
            assignment::accepted(tx, id, offer.agent, now)?;
        } else {
            let has_declined = |declined: &lt_model::routing::Declined| {
                declined.agent == offer.agent && declined.at == now
            };
            let outcome = if after.routing.declined.iter().any(has_declined) {
                Outcome::Declined
            } else if offer.expires_at <= now {
                Outcome::TimedOut
            } else {
                Outcome::Withdrawn
            };
            assignment::ended(tx, id, offer.agent, outcome, now)?;
        }
    }
    if had != has {
        if let Some(agent) = had {
            assignment::ended(tx, id, agent, Outcome::Ended, now)?;
        }
        if let Some(assigned) = &after.routing.assigned
            && has.is_some()
            && !is_accepted
        {
            assignment::taken(tx, ids::new(now)?, after, assigned)?;
        }
    }
    if let Some(offer) = offer_after
        && offer_before != offer_after
    {
        assignment::offered(tx, ids::new(now)?, after, offer)?;
    }
    Ok(())
}
