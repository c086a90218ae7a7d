//! What comes up again while the agent who had it is gone.

use lt_db::{Tx, table::agent};
use lt_model::{Millis, agent::Presence, conversation::Conversation};

use super::history;
use crate::error::Error;

/// Gives a conversation that was set aside back to the queue when its agent is gone, so that somebody
/// else takes it up. The caller stores it.
pub(crate) fn back_if_gone(
    tx: &Tx<'_>,
    conversation: &mut Conversation,
    now: Millis,
) -> Result<(), Error> {
    let Some(holder) = conversation.assignee() else {
        return Ok(());
    };
    let is_there = agent::by_id(tx, holder)?
        .is_some_and(|account| account.active && account.agent.presence != Presence::Offline);
    if is_there {
        return Ok(());
    }
    let before = conversation.clone();
    if conversation.give_back(now) {
        history::follow(tx, &before, conversation, now)?;
    }
    Ok(())
}
