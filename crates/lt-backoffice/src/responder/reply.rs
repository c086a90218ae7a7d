//! Writing what the bot does.

use lt_db::{
    Tx,
    table::{agent, conversation},
};
use lt_model::{
    Millis,
    agent::SkillGroup,
    conversation::Conversation,
    dialogue::{Asked, Choice, Tried},
    faq::FaqSource,
    id::ContactId,
    message::{Author, Content, Event, HandoverReason},
    priority::Priority,
};
use lt_protocol::code::Code;

use super::{
    plan::{Answer, Plan, Reply},
    route::{group_for, queue_contacts},
};
use crate::{
    error::{Error, Refused},
    ids, learning,
    routing::{
        self,
        hours::{self, Hours},
    },
    texts,
    thread::Thread,
};

/// Writes it and returns the customers who have news.
pub(super) fn write(
    tx: &Tx<'_>,
    mut conversation: Conversation,
    plan: &Plan,
    now: Millis,
) -> Result<Vec<ContactId>, Error> {
    classify(&mut conversation, plan, now);
    conversation.dialogue.slots = plan.slots.clone();
    let n_failed = conversation.failed_turns;
    // What was asked is settled by any reply but a polite word.
    if !matches!(plan.reply, Reply::SmallTalk(_)) {
        conversation.dialogue.asked = None;
    }
    let mut thread = Thread::resume(conversation);
    match &plan.reply {
        Reply::Answer { said, picked_for } => {
            thread.conversation.bot_replied(now);
            for one in said {
                answer(&mut thread, one, now)?;
                if let Some(message) = picked_for {
                    let contact = thread.conversation.contact_id;
                    let chosen = source(&one.entry);
                    learning::note::record_customer_choice(tx, contact, *message, &chosen, now)?;
                }
            }
        }
        Reply::Ask {
            slot,
            entry,
            is_wrong,
        } => {
            thread.conversation.bot_replied(now);
            thread.conversation.failed_turns = n_failed;
            let dialogue = &mut thread.conversation.dialogue;
            dialogue.asked = Some(Asked::Slot {
                slot: *slot,
                entry: entry.clone(),
            });
            dialogue.asked_for.push(*slot);
            dialogue.note(Tried::AskedFor { slot: *slot });
            let text = texts::ask_for(*slot, *is_wrong);
            say(&mut thread, text.to_owned(), None, now)?;
        }
        Reply::SmallTalk(act) => {
            thread.conversation.bot_replied(now);
            thread.conversation.failed_turns = n_failed;
            say(&mut thread, texts::small_talk(*act).to_owned(), None, now)?;
        }
        Reply::Clarify {
            choices,
            why,
            about,
        } => {
            thread.conversation.bot_replied(now);
            thread.conversation.failed_turns = n_failed + 1;
            let questions: Vec<String> = choices
                .iter()
                .map(|choice| choice.question.clone())
                .collect();
            let text = texts::clarify(*why, &questions);
            let dialogue = &mut thread.conversation.dialogue;
            dialogue.note(Tried::Offered { questions });
            dialogue.asked = Some(Asked::Choice {
                choices: choices.clone(),
                about: *about,
            });
            say(&mut thread, text, None, now)?;
        }
        Reply::SayAgain(why) => {
            thread.conversation.bot_replied(now);
            thread.conversation.failed_turns = n_failed + 1;
            thread.conversation.dialogue.note(Tried::AskedAgain);
            say(&mut thread, texts::say_again(*why).to_owned(), None, now)?;
        }
        Reply::AskForWords => {
            thread.conversation.bot_replied(now);
            thread.conversation.failed_turns = n_failed + 1;
            thread.conversation.dialogue.note(Tried::AskedAgain);
            say(&mut thread, texts::ASK_FOR_WORDS.to_owned(), None, now)?;
        }
        Reply::HandOver(reason) => return hand_over(tx, thread, *reason, now),
    }
    let saved = thread.save(tx)?;
    Ok(vec![saved.conversation.contact_id])
}

fn answer(thread: &mut Thread, answer: &Answer, now: Millis) -> Result<(), Error> {
    thread.conversation.dialogue.note(Tried::Answered {
        faq_id: answer.entry.faq_id.clone(),
        question: answer.entry.question.clone(),
        live: answer.live,
    });
    say(
        thread,
        answer.text.clone(),
        Some(source(&answer.entry)),
        now,
    )
}

/// Puts it into the queue of the group for its category and tells the customer.
pub(super) fn hand_over(
    tx: &Tx<'_>,
    mut thread: Thread,
    reason: HandoverReason,
    now: Millis,
) -> Result<Vec<ContactId>, Error> {
    let conversation = &mut thread.conversation;
    let group = group_for(tx, &conversation.category, conversation.group_id)?;
    if let Hours::Closed { opens_at, calendar } = hours::now(tx, conversation.inbox_id, now)? {
        let opens = opens_at.map(|at| texts::moment(&calendar, at, now));
        return leave(tx, thread, group, reason, (opens_at, opens), now);
    }
    conversation
        .hand_over(group.id)
        .map_err(|_| Refused::new(Code::IllegalState, "it cannot be handed over"))?;
    let n_ahead = conversation::n_ahead(tx, conversation)?;
    let somebody_is_there = agent::is_anyone_online(tx, group.id)?;
    let wait = routing::told_wait(tx, group.id, n_ahead + 1, now)?;
    let text = texts::handing_over(n_ahead, somebody_is_there, wait);
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

/// Nobody is there: it is kept for the group, and the customer is told until when.
fn leave(
    tx: &Tx<'_>,
    mut thread: Thread,
    group: SkillGroup,
    reason: HandoverReason,
    (opens_at, opens): (Option<Millis>, Option<String>),
    now: Millis,
) -> Result<Vec<ContactId>, Error> {
    thread
        .conversation
        .leave_message(group.id)
        .map_err(|_| Refused::new(Code::IllegalState, "it cannot be handed over"))?;
    let text = texts::out_of_hours(opens.as_deref());
    say(&mut thread, text, None, now)?;
    let name = group.name.clone();
    thread.event(
        Event::HandedOver {
            group: group.name,
            reason,
        },
        now,
    )?;
    let group = name;
    thread.event(Event::LeftMessage { group, opens_at }, now)?;
    let saved = thread.save(tx)?;
    Ok(vec![saved.conversation.contact_id])
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

fn source(entry: &Choice) -> FaqSource {
    FaqSource {
        faq_id: entry.faq_id.clone(),
        version: entry.version,
        question: entry.question.clone(),
        confidence: entry.confidence,
    }
}

/// Category and intent follow the last message that says something about the matter; the priority
/// follows the most urgent one. What a person set stands.
fn classify(conversation: &mut Conversation, plan: &Plan, now: Millis) {
    let understanding = &plan.understanding;
    let is_first = conversation.category.is_empty() && conversation.intent.is_empty();
    // What was picked or asked for says more about the matter than a number or 第二个.
    let (category, intent) = match &plan.reply {
        Reply::Answer { said, .. } => match said.first() {
            Some(first) => (&first.category, &first.entry.question),
            None => return,
        },
        _ => (&understanding.category, &understanding.intent),
    };
    let is_about_something = match plan.reply {
        Reply::SmallTalk(_) | Reply::AskForWords => return,
        Reply::SayAgain(_) => is_first,
        Reply::Answer { .. } | Reply::Ask { .. } | Reply::Clarify { .. } => true,
        // A bare wish for a person belongs to what was talked about before. What came with more
        // urgent words has a matter of its own.
        Reply::HandOver(HandoverReason::Asked) => understanding.priority > Priority::Normal,
        // The nearest entry is a guess then: better than nothing, but no better than what is known.
        Reply::HandOver(HandoverReason::NoAnswer) => is_first,
        Reply::HandOver(HandoverReason::NeedsPerson | HandoverReason::Unsure) => true,
    };
    if is_first || understanding.priority > conversation.priority {
        conversation.bot_judges(understanding.priority, &understanding.reasons, now);
    }
    if is_about_something && !category.is_empty() {
        conversation.bot_finds(category, now);
    }
    if is_about_something && !intent.is_empty() {
        conversation.intent = intent.clone();
    }
}
