//! Notes (内部备注): what colleagues tell each other in a conversation. No customer ever sees one.

use std::collections::BTreeSet;

use lt_db::{
    Tx,
    table::{agent, message},
};
use lt_model::{
    Millis,
    agent::Agent,
    conversation::Conversation,
    id::{AgentId, ContactId, MessageId},
    message::{Author, Content, MAX_MENTIONS},
};
use lt_protocol::code::Code;

use super::send_message::checked;
use crate::{
    error::{Error, Refused},
    thread::Thread,
};

/// Writes it. Nobody takes the conversation by that, the customer waits on, and hears nothing.
pub(super) fn perform(
    tx: &Tx<'_>,
    me: &Agent,
    conversation: Conversation,
    (id, text, mentions): (MessageId, &str, &[AgentId]),
    now: Millis,
) -> Result<Vec<ContactId>, Error> {
    let text = checked(text)?;
    if mentions.len() > MAX_MENTIONS {
        return Err(Refused::new(Code::TooLarge, "too many are named").into());
    }
    if message::by_id(tx, id)?.is_some() {
        return Err(Refused::new(Code::BadRequest, "the message id is used").into());
    }
    let mut named = Vec::new();
    for other in mentions.iter().copied().collect::<BTreeSet<_>>() {
        // Who does not see the conversation is not told that there is one.
        let sees = agent::by_id(tx, other)?
            .is_some_and(|other| other.agent.groups.contains(&conversation.group_id));
        if sees {
            named.push(other);
        }
    }
    let last_message_at = conversation.last_message_at;
    let mut thread = Thread::resume(conversation);
    let author = Author::Agent {
        agent: me.id,
        name: me.display_name.clone(),
        source: None,
    };
    let mentions = named;
    thread.push(id, author, Content::Note { text, mentions }, now);
    // Lists by time are about what customer and shop say to each other.
    thread.conversation.last_message_at = last_message_at;
    thread.save(tx)?;
    Ok(Vec::new())
}
