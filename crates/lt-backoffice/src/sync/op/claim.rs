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
use crate::{error::Error, responder::queue_contacts, thread::Thread};

pub(super) fn perform(
    tx: &Tx<'_>,
    agent: &Agent,
    mut conversation: Conversation,
    now: Millis,
) -> Result<Vec<ContactId>, Error> {
    let before = conversation.handler;
    conversation.claim(agent.id).map_err(illegal)?;
    if conversation.handler == before {
        return Ok(Vec::new());
    }
    let mut thread = Thread::resume(conversation);
    announce(&mut thread, agent, now)?;
    let saved = thread.save(tx)?;
    news(tx, &saved.conversation, before)
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
