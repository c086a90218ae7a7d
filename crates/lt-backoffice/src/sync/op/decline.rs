//! Not taking what is offered.

use lt_db::Tx;
use lt_model::{Millis, agent::Agent, conversation::Conversation, id::ContactId, message::Event};

use super::illegal;
use crate::{error::Error, responder::queue_contacts, routing, thread::Thread};

pub(super) fn perform(
    tx: &Tx<'_>,
    agent: &Agent,
    before: Conversation,
    now: Millis,
) -> Result<Vec<ContactId>, Error> {
    let mut after = before.clone();
    after.decline(agent.id, now).map_err(illegal)?;
    let mut thread = Thread::resume(after);
    let event = Event::NotTaken {
        agent: agent.display_name.clone(),
        declined: true,
    };
    thread.note_event(event, now)?;
    let saved = thread.save(tx)?;
    routing::follow(tx, &before, &saved.conversation, now)?;
    queue_contacts(tx, saved.conversation.group_id)
}
