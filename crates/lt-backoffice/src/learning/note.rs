//! Noting picks, each in the transaction of the act that caused it.

use lt_db::{
    Tx,
    table::{
        faq_version,
        message::{self, Stored},
        pick,
    },
};
use lt_engine::learn;
use lt_model::{
    Millis,
    agent::Agent,
    conversation::Conversation,
    faq::FaqSource,
    id::{ContactId, ConversationId, MessageId},
    learn::{Pick, PickKind, PickedBy, Thumb},
    message::Author,
};
use lt_protocol::code::Code;

use crate::error::{Error, Refused};

/// Messages that are looked at for the last answer.
const LOOK_BACK: u64 = 12;

/// The customer's message that a reply answers: the one that is named, if it is one of the
/// conversation, else the last up to `seen_seq`.
pub(crate) fn question(
    tx: &Tx<'_>,
    conversation: ConversationId,
    named: Option<MessageId>,
    seen_seq: u64,
) -> Result<Option<Stored>, Error> {
    if let Some(named) = named
        && let Some(found) = message::by_id(tx, named)?
        && found.message.conversation_id == conversation
        && found.message.author == Author::Customer
    {
        return Ok(Some(found));
    }
    Ok(message::customers_up_to(tx, conversation, seen_seq)?)
}

/// An agent has answered a customer's message with a reply that came from an entry.
pub(crate) fn sent(
    tx: &Tx<'_>,
    agent: &Agent,
    question: &Stored,
    reply: &str,
    source: &FaqSource,
    now: Millis,
) -> Result<(), Error> {
    let Some(version) = faq_version::get(tx, &source.faq_id, source.version)? else {
        return Ok(());
    };
    // What was not suggested was looked up.
    let kind = PickKind::of_reply(&version.answer, reply, source.confidence > 0.0);
    let by = PickedBy::Agent { agent: agent.id };
    add(tx, question, source, kind, by, now)
}

/// An agent's thumb for an entry as the answer to a customer's message.
pub(crate) fn thumb(
    tx: &Tx<'_>,
    agent: &Agent,
    conversation: &Conversation,
    message: MessageId,
    entry: (&str, u32),
    thumb: Thumb,
    now: Millis,
) -> Result<(), Error> {
    let question = message::by_id(tx, message)?
        .filter(|found| found.message.conversation_id == conversation.id)
        .filter(|found| found.message.author == Author::Customer)
        .ok_or(Refused::new(Code::NotFound, "no such question"))?;
    let (faq_id, version) = entry;
    let version = faq_version::get(tx, faq_id, version)?
        .ok_or(Refused::new(Code::NotFound, "no such version"))?;
    let source = FaqSource {
        faq_id: version.id,
        version: version.version,
        question: version.question,
        confidence: 0.0,
    };
    let by = PickedBy::Agent { agent: agent.id };
    add(tx, &question, &source, thumb.into(), by, now)
}

/// A customer comes back to a resolved conversation: the last answer in it may not have helped.
pub(crate) fn reopened(tx: &Tx<'_>, conversation: &Conversation, now: Millis) -> Result<(), Error> {
    let tail = message::tail(tx, conversation.id, LOOK_BACK)?;
    let Some((question, source)) = last_answered(&tail) else {
        return Ok(());
    };
    let by = PickedBy::Customer {
        contact: conversation.contact_id,
    };
    add(tx, question, source, PickKind::Reopened, by, now)
}

/// A customer writes: when it is what was answered last, the answer did not help.
pub(crate) fn wrote(
    tx: &Tx<'_>,
    conversation: &Conversation,
    text: &str,
    now: Millis,
) -> Result<(), Error> {
    let tail = message::tail(tx, conversation.id, LOOK_BACK)?;
    wrote_after(tx, &tail, conversation, text, now)
}

/// The same where the last messages before it are known.
pub(crate) fn wrote_after(
    tx: &Tx<'_>,
    tail: &[Stored],
    conversation: &Conversation,
    text: &str,
    now: Millis,
) -> Result<(), Error> {
    let Some((question, source)) = last_answered(tail) else {
        return Ok(());
    };
    let asked = question.message.text().unwrap_or_default();
    if !learn::same(asked, text) {
        return Ok(());
    }
    let by = PickedBy::Customer {
        contact: conversation.contact_id,
    };
    add(tx, question, source, PickKind::Repeated, by, now)
}

/// A customer chose one of the entries that were offered for a message of theirs.
///
/// # Errors
/// When the store fails.
pub(crate) fn record_customer_choice(
    tx: &Tx<'_>,
    contact: ContactId,
    message: MessageId,
    chosen: &FaqSource,
    now: Millis,
) -> Result<(), Error> {
    let question = message::by_id(tx, message)?.filter(|found| found.contact == contact);
    let version = faq_version::get(tx, &chosen.faq_id, chosen.version)?;
    let (Some(question), Some(_)) = (question, version) else {
        return Ok(());
    };
    let by = PickedBy::Customer { contact };
    add(tx, &question, chosen, PickKind::Chosen, by, now)
}

/// The last answer that came from an entry, with the message that it answered.
fn last_answered(tail: &[Stored]) -> Option<(&Stored, &FaqSource)> {
    let (at, source) =
        tail.iter()
            .enumerate()
            .rev()
            .find_map(|(at, stored)| match &stored.message.author {
                Author::Bot { source } | Author::Agent { source, .. } => {
                    source.as_ref().map(|source| (at, source))
                }
                Author::Customer | Author::System => None,
            })?;
    let question = tail
        .iter()
        .take(at)
        .rfind(|stored| stored.message.author == Author::Customer)?;
    Some((question, source))
}

fn add(
    tx: &Tx<'_>,
    question: &Stored,
    source: &FaqSource,
    kind: PickKind,
    by: PickedBy,
    now: Millis,
) -> Result<(), Error> {
    let pick = Pick {
        conversation_id: question.message.conversation_id,
        message_id: question.message.id,
        faq_id: source.faq_id.clone(),
        version: source.version,
        kind,
        by,
        at: now,
    };
    Ok(pick::insert(tx, &pick)?)
}
