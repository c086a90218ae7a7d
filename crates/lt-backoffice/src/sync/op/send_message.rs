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
    message::{Author, Content, TextError, check_text},
};
use lt_protocol::code::Code;

use super::{
    claim::{announce, news},
    illegal,
};
use crate::{
    error::{Error, Refused},
    learning::note,
    thread::Thread,
};

/// What is to be sent.
pub(super) struct Outgoing<'o> {
    pub(super) id: MessageId,
    pub(super) text: &'o str,
    pub(super) seen_seq: u64,
    pub(super) source: Option<&'o FaqSource>,
    pub(super) question: Option<MessageId>,
}

pub(super) fn perform(
    tx: &Tx<'_>,
    agent: &Agent,
    mut conversation: Conversation,
    outgoing: Outgoing<'_>,
    now: Millis,
) -> Result<Vec<ContactId>, Error> {
    let text = check_text(outgoing.text).map_err(|error| match error {
        TextError::Empty => Refused::new(Code::Empty, "the message is empty"),
        TextError::TooLong { .. } => Refused::new(Code::TooLarge, "the message is too long"),
    })?;
    if message::by_id(tx, outgoing.id)?.is_some() {
        return Err(Refused::new(Code::BadRequest, "the message id is used").into());
    }
    // Event lines and the writer's own messages since then need no reading.
    let unseen = message::unseen_after(tx, conversation.id, outgoing.seen_seq, agent.id)?;
    let seen_seq = match unseen {
        Some(_) => outgoing.seen_seq,
        None => conversation.seq,
    };
    let before = conversation.handler;
    conversation
        .agent_wrote(agent.id, seen_seq, now)
        .map_err(illegal)?;
    let has_claimed = conversation.handler != before;
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
    let seq = thread.push(outgoing.id, author, Content::Text { text }, now);
    thread.conversation.agent_read_seq = seq;
    let saved = thread.save(tx)?;
    news(tx, &saved.conversation, before)
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
