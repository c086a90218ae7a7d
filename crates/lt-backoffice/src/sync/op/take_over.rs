//! A supervisor takes a conversation from whoever has it.

use lt_db::{Tx, table::agent};
use lt_model::{Millis, agent::Agent, conversation::Conversation, id::ContactId, message::Event};

use super::{claim::news, illegal};
use crate::{error::Error, routing, thread::Thread};

pub(super) fn perform(
    tx: &Tx<'_>,
    me: &Agent,
    before: Conversation,
    now: Millis,
) -> Result<Vec<ContactId>, Error> {
    let mut after = before.clone();
    let had = after.take_over(me.id, now).map_err(illegal)?;
    if after == before {
        return Ok(Vec::new());
    }
    let from = match had.filter(|had| *had != me.id) {
        Some(had) => agent::by_id(tx, had)?.map(|account| account.agent.display_name),
        None => None,
    };
    let mut thread = Thread::resume(after);
    let event = Event::TakenOver {
        agent: me.display_name.clone(),
        from: from.unwrap_or_default(),
    };
    thread.event(event, now)?;
    let saved = thread.save(tx)?;
    routing::follow(tx, &before, &saved.conversation, now)?;
    news(tx, &saved.conversation, before.handler)
}
