//! Writing to a customer.

use lt_db::{
    Tx,
    table::{faq_version, message},
};
use lt_model::{
    Millis,
    agent::Agent,
    conversation::Conversation,
    faq::FaqSource,
    id::{ContactId, MessageId},
    message::{Author, Content, Delivery, TextError, check_text},
};
use lt_protocol::{code::Code, sync::Composed};

use super::{
    claim::{announce, news},
    illegal,
};
use crate::{
    canned,
    error::{Error, Refused},
    learning::note,
    routing,
    thread::Thread,
};

/// What is to be sent.
pub(super) struct Outgoing<'o> {
    pub(super) id: MessageId,
    pub(super) text: &'o str,
    pub(super) seen_seq: u64,
    pub(super) source: Option<&'o FaqSource>,
    pub(super) question: Option<MessageId>,
    pub(super) composed: &'o Composed,
}

pub(super) fn perform(
    tx: &Tx<'_>,
    agent: &Agent,
    mut conversation: Conversation,
    outgoing: Outgoing<'_>,
    now: Millis,
) -> Result<Vec<ContactId>, Error> {
    let text = checked(outgoing.text)?;
    if message::by_id(tx, outgoing.id)?.is_some() {
        return Err(Refused::new(Code::BadRequest, "the message id is used").into());
    }
    // Event lines and the writer's own messages since then need no reading.
    let unseen = message::unseen_after(tx, conversation.id, outgoing.seen_seq, agent.id)?;
    let seen_seq = match unseen {
        Some(_) => outgoing.seen_seq,
        None => conversation.seq,
    };
    let before = conversation.clone();
    conversation
        .agent_wrote(agent.id, seen_seq, now)
        .map_err(illegal)?;
    let has_claimed = conversation.handler != before.handler;
    let mut thread = Thread::resume(conversation);
    if has_claimed {
        announce(&mut thread, agent, now)?;
    }
    let source = known_source(tx, outgoing.source)?;
    if let Some(source) = &source {
        let question = note::question(
            tx,
            thread.conversation.id,
            outgoing.question,
            outgoing.seen_seq,
        )?;
        if let Some(question) = question {
            note::sent(tx, agent, &question, &text, source, now)?;
        }
    }
    let author = Author::Agent {
        agent: agent.id,
        name: agent.display_name.clone(),
        source,
    };
    let content = match outgoing.composed.reply_to {
        Some(to) => answer(tx, &thread.conversation, to, text)?,
        None => Content::Text { text },
    };
    canned::note_use(tx, &outgoing.composed.canned)?;
    let seq = thread.push(outgoing.id, author, content, now);
    thread.conversation.agent_read_seq = seq;
    let saved = thread.save(tx)?;
    if has_claimed {
        routing::follow(tx, &before, &saved.conversation, now)?;
    }
    news(tx, &saved.conversation, before.handler)
}

/// A text that may be a message.
pub(super) fn checked(text: &str) -> Result<String, Refused> {
    check_text(text).map_err(|error| match error {
        TextError::Empty => Refused::new(Code::Empty, "the message is empty"),
        TextError::TooLong { .. } => Refused::new(Code::TooLarge, "the message is too long"),
    })
}

/// The text as an answer to one message of the conversation; a note, or what was taken back, is
/// none that a customer could know.
fn answer(
    tx: &Tx<'_>,
    conversation: &Conversation,
    to: MessageId,
    text: String,
) -> Result<Content, Error> {
    let quoted = message::by_id(tx, to)?.map(|stored| stored.message);
    let may = quoted.is_some_and(|quoted| {
        quoted.conversation_id == conversation.id
            && quoted.text().is_some()
            && quoted.delivery != Delivery::Recalled
    });
    Ok(match may {
        true => Content::Reply { text, to },
        false => Content::Text { text },
    })
}

/// The suggestion behind a text, as the server knows it; nothing when it knows no such version.
fn known_source(tx: &Tx<'_>, source: Option<&FaqSource>) -> Result<Option<FaqSource>, Error> {
    let Some(source) = source else {
        return Ok(None);
    };
    let version = faq_version::get(tx, &source.faq_id, source.version)?;
    Ok(version.map(|version| FaqSource {
        faq_id: version.id,
        version: version.version,
        question: version.question,
        confidence: source.confidence.clamp(0.0, 1.0),
    }))
}
