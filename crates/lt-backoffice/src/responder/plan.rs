//! From what a customer wrote to what the bot says: the dialogue's step, with the answers filled.

use std::collections::BTreeSet;

use lt_engine::{
    Doc, Engine, Query, Understanding,
    acts::Act,
    dialogue::{self, Heard, Step, Why},
    slots::{self, ProductWords},
    template,
};
use lt_model::{
    Millis,
    dialogue::{Asked, Choice, Dialogue, Tried},
    id::MessageId,
    message::HandoverReason,
    slot::{SlotKind, Slots},
};

use super::{
    live::{self, Told},
    situation::Situation,
};
use crate::connectors::Connectors;

/// What the bot does.
#[derive(Debug, PartialEq)]
pub(super) enum Reply {
    /// Says answers of entries.
    Answer {
        said: Vec<Answer>,
        /// The customer's message that they were picked for.
        picked_for: Option<MessageId>,
    },
    /// Asks for a value that an answer needs.
    Ask {
        slot: SlotKind,
        entry: Choice,
        is_wrong: bool,
    },
    /// Says something polite.
    SmallTalk(Act),
    /// Asks which is meant.
    Clarify {
        choices: Vec<Choice>,
        why: Why,
        about: MessageId,
    },
    /// Asks to say it in other words.
    SayAgain(Why),
    /// Says that it cannot look at a picture or file, and asks for words.
    AskForWords,
    /// Gives it to a person.
    HandOver(HandoverReason),
}

/// An answer as it is said.
#[derive(Debug, PartialEq)]
pub(super) struct Answer {
    pub(super) entry: Choice,
    pub(super) text: String,
    pub(super) live: bool,
    pub(super) category: String,
}

/// What comes of a message.
pub(super) struct Plan {
    pub(super) understanding: Understanding,
    /// What the conversation is about now.
    pub(super) slots: Slots,
    pub(super) reply: Reply,
    /// Its name in the audit log.
    pub(super) action: &'static str,
}

/// What the message says about the matter, whoever answers it.
pub(super) struct Understood {
    pub(super) understanding: Understanding,
    pub(super) slots: Slots,
    heard: Heard,
    /// The message that the understanding is of, where it is an earlier one.
    about: Option<MessageId>,
}

/// Understands what was written.
pub(super) fn understand(situation: &Situation, engine: &Engine, now: Millis) -> Understood {
    let state = &situation.conversation.dialogue;
    let turns = situation.turns();
    let products = product_words(engine);
    let found = match &state.asked {
        Some(Asked::Slot { slot, .. }) => slots::answer_to(*slot, &situation.text, &products, now),
        Some(Asked::Choice { .. }) | None => slots::extract(&situation.text, &products, now),
    };
    let heard = dialogue::hear(state, &situation.text, &found, &turns);
    let before = match heard {
        Heard::Unsolved => dialogue::question_before(&turns),
        _ => None,
    };
    let about = match &state.asked {
        Some(Asked::Choice { about, .. }) if heard == Heard::NoneOfThem => Some(*about),
        _ => before.and_then(|text| situation.message_saying(text)),
    };
    let understanding = engine.understand(&Query {
        text: before.unwrap_or(&situation.text),
        history: &turns,
        tier: situation.tier,
    });
    Understood {
        understanding,
        slots: slots::accumulate(&state.slots, &found),
        heard,
        about,
    }
}

/// Decides, and fills what is said.
pub(super) fn plan(
    situation: &Situation,
    understood: Understood,
    engine: &Engine,
    connectors: Option<&dyn Connectors>,
) -> Plan {
    let state = &situation.conversation.dialogue;
    let is_live = |faq_id: &str| {
        let was_live = state.tried.iter().rev().find_map(|tried| match tried {
            Tried::Answered {
                faq_id: known,
                live,
                ..
            } if known == faq_id => Some(*live),
            _ => None,
        });
        was_live == Some(true)
            && connectors.is_some()
            && doc(engine, faq_id).is_some_and(|doc| template::is_template(&doc.answer))
    };
    let step = dialogue::step(
        state,
        situation.conversation.failed_turns,
        &understood.heard,
        &understood.understanding,
        is_live,
    );
    let action = step.action();
    let reply = match step {
        Step::Answer { entries, picked } => {
            let picked_for = match &state.asked {
                Some(Asked::Choice { about, .. }) if picked => Some(*about),
                _ => None,
            };
            answer(
                entries,
                picked_for,
                state,
                &understood.slots,
                engine,
                connectors,
            )
        }
        Step::Plain(entry) => match doc(engine, &entry.faq_id) {
            Some(doc) => {
                let filled = live::plain(&doc.answer);
                Reply::Answer {
                    said: vec![said(entry, doc, filled)],
                    picked_for: None,
                }
            }
            None => Reply::HandOver(HandoverReason::NoAnswer),
        },
        Step::SmallTalk(act) => Reply::SmallTalk(act),
        Step::Clarify { choices, why } => Reply::Clarify {
            choices,
            why,
            about: understood.about.unwrap_or(situation.message),
        },
        Step::SayAgain(why) => Reply::SayAgain(why),
        Step::HandOver(reason) => Reply::HandOver(reason),
    };
    Plan {
        action: match reply {
            Reply::Ask { .. } => "bot.ask",
            _ => action,
        },
        understanding: understood.understanding,
        slots: understood.slots,
        reply,
    }
}

/// What comes of a picture or file. The bot cannot look at it: it asks for words once, and gives it
/// to a person after that.
pub(super) fn plan_file(situation: &Situation, understood: Understood) -> Plan {
    let has_failed = situation.conversation.failed_turns > 0;
    let (reply, action) = match has_failed {
        true => (
            Reply::HandOver(HandoverReason::NeedsPerson),
            "bot.hand_over",
        ),
        false => (Reply::AskForWords, "bot.ask_for_words"),
    };
    Plan {
        understanding: understood.understanding,
        slots: situation.conversation.dialogue.slots.clone(),
        reply,
        action,
    }
}

fn answer(
    entries: Vec<Choice>,
    picked_for: Option<MessageId>,
    state: &Dialogue,
    slots: &Slots,
    engine: &Engine,
    connectors: Option<&dyn Connectors>,
) -> Reply {
    let is_one = entries.len() == 1;
    let mut all = Vec::new();
    for entry in entries {
        // Unpublished since it was offered: there is nothing to say.
        let Some(doc) = doc(engine, &entry.faq_id) else {
            continue;
        };
        match live::tell(&doc.answer, state, slots, connectors) {
            Told::Text(filled) => all.push(said(entry, doc, filled)),
            Told::Ask { slot, is_wrong } if is_one => {
                return Reply::Ask {
                    slot,
                    entry,
                    is_wrong,
                };
            }
            Told::Ask { .. } => all.push(said(entry, doc, live::plain(&doc.answer))),
        }
    }
    if all.is_empty() {
        Reply::HandOver(HandoverReason::NoAnswer)
    } else {
        Reply::Answer {
            said: all,
            picked_for,
        }
    }
}

/// The entry as it is now, whatever version was offered.
fn said(entry: Choice, doc: &Doc, filled: template::Filled) -> Answer {
    Answer {
        entry: Choice {
            version: doc.version,
            question: doc.question.clone(),
            ..entry
        },
        text: filled.text,
        live: filled.live,
        category: doc.category.clone(),
    }
}

fn doc<'e>(engine: &'e Engine, faq_id: &str) -> Option<&'e Doc> {
    engine.docs().iter().find(|doc| doc.faq_id == faq_id)
}

/// Business lines are the tenant's words for what it sells.
fn product_words(engine: &Engine) -> ProductWords {
    let lines: BTreeSet<&str> = engine
        .docs()
        .iter()
        .map(|doc| doc.business_line.as_str())
        .collect();
    ProductWords::new(lines)
}
