//! Writing what the bot does.

use lt_db::{
    Tx,
    table::{agent, conversation},
};
use lt_engine::{Candidate, Understanding};
use lt_model::{
    Millis,
    conversation::Conversation,
    faq::FaqSource,
    id::ContactId,
    message::{Author, Content, Event, HandoverReason},
    priority::Priority,
    queue,
};
use lt_protocol::code::Code;

use super::{
    plan::Reply,
    route::{group_for, queue_contacts},
};
use crate::{
    error::{Error, Refused},
    ids, texts,
    thread::Thread,
};

/// Writes it and returns the customers who have news.
pub(super) fn write(
    tx: &Tx<'_>,
    mut conversation: Conversation,
    understanding: &Understanding,
    reply: &Reply<'_>,
    now: Millis,
) -> Result<Vec<ContactId>, Error> {
    classify(&mut conversation, understanding, reply);
    let n_failed = conversation.failed_turns;
    let mut thread = Thread::resume(conversation);
    match reply {
        Reply::Answer(candidate) => {
            thread.conversation.bot_replied(now);
            let source = Some(source(candidate));
            say(&mut thread, candidate.answer.clone(), source, now)?;
        }
        Reply::SmallTalk(act) => {
            thread.conversation.bot_replied(now);
            thread.conversation.failed_turns = n_failed;
            say(&mut thread, texts::small_talk(*act).to_owned(), None, now)?;
        }
        Reply::Clarify(questions) => {
            thread.conversation.bot_replied(now);
            thread.conversation.failed_turns = n_failed + 1;
            let text = match questions.as_slice() {
                [] => texts::SAY_AGAIN.to_owned(),
                questions => texts::clarify(questions),
            };
            say(&mut thread, text, None, now)?;
        }
        Reply::HandOver(reason) => return hand_over(tx, thread, *reason, now),
    }
    let saved = thread.save(tx)?;
    Ok(vec![saved.conversation.contact_id])
}

/// Puts it into the queue of the group for its category and tells the customer.
fn hand_over(
    tx: &Tx<'_>,
    mut thread: Thread,
    reason: HandoverReason,
    now: Millis,
) -> Result<Vec<ContactId>, Error> {
    let conversation = &mut thread.conversation;
    let group = group_for(tx, &conversation.category, conversation.group_id)?;
    conversation
        .hand_over(group.id)
        .map_err(|_| Refused::new(Code::IllegalState, "it cannot be handed over"))?;
    let waiting = conversation::waiting(tx, group.id)?;
    let n_ahead = queue::position(conversation, &waiting) - 1;
    let somebody_is_there = agent::is_anyone_online(tx, group.id)?;
    let text = texts::handing_over(n_ahead, somebody_is_there);
    say(&mut thread, text, None, now)?;
    let group_id = group.id;
    thread.event(
        Event::HandedOver {
            group: group.name,
            reason,
        },
        now,
    )?;
    thread.save(tx)?;
    queue_contacts(tx, group_id)
}

fn say(
    thread: &mut Thread,
    text: String,
    source: Option<FaqSource>,
    now: Millis,
) -> Result<(), Error> {
    let author = Author::Bot { source };
    thread.push(ids::new(now)?, author, Content::Text { text }, now);
    Ok(())
}

fn source(candidate: &Candidate) -> FaqSource {
    FaqSource {
        faq_id: candidate.faq_id.clone(),
        version: candidate.version,
        question: candidate.question.clone(),
        confidence: candidate.confidence,
    }
}

/// Category and intent follow the last message that says something about the matter; the priority
/// follows the most urgent one.
fn classify(conversation: &mut Conversation, understanding: &Understanding, reply: &Reply<'_>) {
    let is_first = conversation.category.is_empty() && conversation.intent.is_empty();
    let is_about_something = match reply {
        Reply::SmallTalk(_) => return,
        Reply::Answer(_) | Reply::Clarify(_) => true,
        // A bare wish for a person belongs to what was talked about before. What came with more
        // urgent words has a matter of its own.
        Reply::HandOver(HandoverReason::Asked) => understanding.priority > Priority::Normal,
        // The nearest entry is a guess then: better than nothing, but no better than what is known.
        Reply::HandOver(HandoverReason::NoAnswer) => is_first,
        Reply::HandOver(HandoverReason::NeedsPerson | HandoverReason::Unsure) => true,
    };
    if is_first || understanding.priority > conversation.priority {
        conversation.priority = understanding.priority;
        conversation.reasons = understanding.reasons.clone();
    }
    if is_about_something && !understanding.category.is_empty() {
        conversation.category = understanding.category.clone();
    }
    if is_about_something && !understanding.intent.is_empty() {
        conversation.intent = understanding.intent.clone();
    }
}
