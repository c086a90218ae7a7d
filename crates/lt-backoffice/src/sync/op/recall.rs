//! Taking back what one wrote (撤回).

use lt_db::{
    Tx,
    table::{
        attachment,
        message::{self, Stored},
    },
};
use lt_model::{
    Millis,
    agent::Agent,
    conversation::Conversation,
    id::{ContactId, MessageId},
    message::{Content, Delivery, Event, RECALL_WINDOW_MS},
};
use lt_protocol::code::Code;

use crate::{
    error::{Error, Refused},
    thread::Thread,
};

/// What an operation may take on its way.
const ON_THE_WAY_MS: Millis = 10_000;

/// The message leaves the customer's page; the desks keep it, marked. Taking back twice is no change.
pub(super) fn perform(
    tx: &Tx<'_>,
    me: &Agent,
    conversation: Conversation,
    id: MessageId,
    now: Millis,
) -> Result<Vec<ContactId>, Error> {
    let stored = mine(tx, me, &conversation, id)?;
    if stored.message.delivery == Delivery::Recalled {
        return Ok(Vec::new());
    }
    if now - stored.message.at > RECALL_WINDOW_MS + ON_THE_WAY_MS {
        return Err(Refused::new(Code::IllegalState, "it was written too long ago").into());
    }
    let is_note = matches!(stored.message.content, Content::Note { .. });
    message::set_delivery(tx, &stored, Delivery::Recalled, conversation.group_id)?;
    if let Some(file) = stored.message.file() {
        attachment::empty(tx, file.id)?;
    }
    let contact = conversation.contact_id;
    let last_message_at = conversation.last_message_at;
    let mut thread = Thread::resume(conversation);
    let agent = me.display_name.clone();
    if !is_note {
        thread.event(Event::Recalled { agent }, now)?;
        thread.conversation.last_message_at = last_message_at;
    }
    thread.save(tx)?;
    Ok(match is_note {
        true => Vec::new(),
        false => vec![contact],
    })
}

fn mine(
    tx: &Tx<'_>,
    me: &Agent,
    conversation: &Conversation,
    id: MessageId,
) -> Result<Stored, Error> {
    let found = message::by_id(tx, id)?
        .filter(|stored| stored.message.conversation_id == conversation.id)
        .ok_or(Refused::new(Code::NotFound, "no such message"))?;
    match found.message.written_by() {
        Some(author) if author == me.id => Ok(found),
        _ => Err(Refused::new(Code::Forbidden, "somebody else wrote it").into()),
    }
}
