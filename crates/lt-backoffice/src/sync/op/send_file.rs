//! Sending a customer a picture or file.

use lt_db::{
    Tx,
    table::{attachment::Uploader, message},
};
use lt_model::{
    Millis,
    agent::Agent,
    attachment::Attachment,
    conversation::Conversation,
    id::{ContactId, MessageId},
    message::{Author, Content},
};
use lt_protocol::code::Code;

use super::{
    claim::{announce, news},
    illegal,
};
use crate::{
    attach,
    error::{Error, Refused},
    routing,
    thread::Thread,
};

/// Sends it. Only what this agent uploaded counts; what the desktop says of it does not.
pub(super) fn perform(
    tx: &Tx<'_>,
    agent: &Agent,
    mut conversation: Conversation,
    (id, file, seen_seq): (MessageId, &Attachment, u64),
    now: Millis,
) -> Result<Vec<ContactId>, Error> {
    if message::by_id(tx, id)?.is_some() {
        return Err(Refused::new(Code::BadRequest, "the message id is used").into());
    }
    let unseen = message::unseen_after(tx, conversation.id, seen_seq, agent.id)?;
    let seen_seq = match unseen {
        Some(_) => seen_seq,
        None => conversation.seq,
    };
    let before = conversation.clone();
    conversation
        .agent_wrote(agent.id, seen_seq, now)
        .map_err(illegal)?;
    let file = attach::claim(tx, Uploader::Agent(agent.id), file.id, id)?;
    let has_claimed = conversation.handler != before.handler;
    let mut thread = Thread::resume(conversation);
    if has_claimed {
        announce(&mut thread, agent, now)?;
    }
    let author = Author::Agent {
        agent: agent.id,
        name: agent.display_name.clone(),
        source: None,
    };
    let seq = thread.push(id, author, Content::File { file }, now);
    thread.conversation.agent_read_seq = seq;
    let saved = thread.save(tx)?;
    if has_claimed {
        routing::follow(tx, &before, &saved.conversation, now)?;
    }
    news(tx, &saved.conversation, before.handler)
}
