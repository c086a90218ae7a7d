//! Marking a conversation resolved.

use lt_db::Tx;
use lt_model::{
    Millis,
    agent::{Agent, Permission},
    conversation::Conversation,
    id::ContactId,
    message::Event,
};

use super::{claim::news, illegal};
use crate::{error::Error, routing, thread::Thread};

pub(super) fn perform(
    tx: &Tx<'_>,
    agent: &Agent,
    mut conversation: Conversation,
    now: Millis,
) -> Result<Vec<ContactId>, Error> {
    let before = conversation.clone();
    let may_supervise = agent.role.may(Permission::ConvSupervise);
    conversation
        .resolve(agent.id, may_supervise, now)
        .map_err(illegal)?;
    if conversation.status == before.status {
        return Ok(Vec::new());
    }
    let mut thread = Thread::resume(conversation);
    let name = agent.display_name.clone();
    thread.event(Event::Resolved { agent: name }, now)?;
    let saved = thread.save(tx)?;
    routing::follow(tx, &before, &saved.conversation, now)?;
    news(tx, &saved.conversation, before.handler)
}
