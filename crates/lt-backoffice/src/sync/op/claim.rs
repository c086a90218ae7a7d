//! Taking a conversation.

use lt_db::Tx;
use lt_model::{
    Millis,
    agent::Agent,
    conversation::{Conversation, Handler},
    id::ContactId,
    message::Event,
};

use super::illegal;
use crate::{error::Error, responder::queue_contacts, routing, thread::Thread};

pub(super) fn perform(
    tx: &Tx<'_>,
    agent: &Agent,
    conversation: Conversation,
    now: Millis,
) -> Result<Vec<ContactId>, Error> {
    let before = conversation.clone();
    let mut after = conversation;
    after.claim(agent.id, now).map_err(illegal)?;
    if after.handler == before.handler {
        return Ok(Vec::new());
    }
    let mut thread = Thread::resume(after);
    announce(&mut thread, agent, now)?;
    let saved = thread.save(tx)?;
    routing::follow(tx, &before, &saved.conversation, now)?;
    news(tx, &saved.conversation, before.handler)
}

/// The line that says who is at it now.
pub(super) fn announce(thread: &mut Thread, agent: &Agent, now: Millis) -> Result<(), Error> {
    let name = agent.display_name.clone();
    thread.event(Event::Claimed { agent: name }, now)
}

/// The customer, and those behind in the queue that it left.
pub(super) fn news(
    tx: &Tx<'_>,
    conversation: &Conversation,
    before: Handler,
) -> Result<Vec<ContactId>, Error> {
    let mut contacts = match before {
        Handler::Queue => queue_contacts(tx, conversation.group_id)?,
        Handler::Bot | Handler::Agent { .. } | Handler::None => Vec::new(),
    };
    contacts.push(conversation.contact_id);
    Ok(contacts)
}
