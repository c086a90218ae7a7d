//! The dialogue's next step: what the bot remembers and what the customer says in, what it does
//! next out. Pure; who calls it keeps the state and does the step.
//!
//! - **Invariant:** a wish for a person, anger, and what needs a person are never answered with a
//!   question back.
//! - **Invariant:** the third failed turn in a row gives the conversation to a person. A failed
//!   turn is one in which the bot asks back, has nothing, or is asked the same again.
//! - An entry that did not help is not offered again.

use lt_model::{
    dialogue::{Asked, Choice, Dialogue, Tried},
    message::HandoverReason,
};

use crate::{
    acts::Act,
    slots::{self, Found},
    text::Folded,
    words::{Candidate, Decision, Role, Turn, Understanding},
};

/// Failed turns in a row after which a person takes over.
pub const MAX_FAILED_TURNS: u32 = 3;
/// Two entries compete when the second is at least this share of the first…
const COMPETES_FROM: f32 = 0.4;
/// …and one of the two is right with at least this probability.
const PAIR_FROM: f32 = 0.5;
/// An entry is worth offering from this confidence on.
const OFFER_FROM: f32 = 0.05;
/// Offered at most, where no two compete.
const N_OFFERED: usize = 3;
/// Offered at most after an answer that did not help.
const N_INSTEAD: usize = 2;

/// What the customer did with what the bot said last.
#[derive(Clone, Debug, PartialEq)]
pub enum Heard {
    /// Picked from the choices, by their places; at least one.
    Picks(Vec<usize>),
    /// None of the choices.
    NoneOfThem,
    /// Gave the value that was asked for.
    Gave,
    /// Cannot give it.
    Withheld,
    /// Says that the answer did not help.
    Unsolved,
    /// Asks again what was asked before and answered.
    Repeats,
    /// Says something of its own.
    Plain,
}

/// What the bot does.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// Gives the answers of these entries.
    Answer {
        /// At least one.
        entries: Vec<Choice>,
        /// Whether the customer picked them, rather than the engine.
        picked: bool,
    },
    /// Gives the plain text of the answer that waits for a value: the value does not come.
    Plain(Choice),
    /// Says something polite.
    SmallTalk(Act),
    /// Asks which of these is meant. A failed turn.
    Clarify {
        /// At least one.
        choices: Vec<Choice>,
        /// Why it asks.
        why: Why,
    },
    /// Asks to say it in other words. A failed turn.
    SayAgain(Why),
    /// Gives it to a person.
    HandOver(HandoverReason),
}

/// Why the bot asks back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// Two entries compete.
    Competing,
    /// It is not sure.
    Unsure,
    /// The answer before did not help.
    DidNotHelp,
}

impl Step {
    /// Whether the turn counts as failed.
    #[must_use]
    pub fn is_failed(&self) -> bool {
        matches!(self, Self::Clarify { .. } | Self::SayAgain(_))
    }

    /// Its name in the audit log.
    #[must_use]
    pub fn action(&self) -> &'static str {
        match self {
            Self::Answer { picked: false, .. } => "bot.answer",
            Self::Answer { picked: true, .. } => "bot.answer_picked",
            Self::Plain(_) => "bot.answer_plain",
            Self::SmallTalk(_) => "bot.small_talk",
            Self::Clarify { .. } => "bot.clarify",
            Self::SayAgain(_) => "bot.say_again",
            Self::HandOver(_) => "bot.hand_over",
        }
    }
}

/// Relates a message to what the bot asked or said. `found` are the message's values, with the
/// one that was asked for ([`slots::answer_to`]); `earlier` are the turns before it.
#[must_use]
pub fn hear(state: &Dialogue, message: &str, found: &[Found], earlier: &[Turn<'_>]) -> Heard {
    match &state.asked {
        Some(Asked::Choice { choices, .. }) => {
            let questions: Vec<&str> = choices
                .iter()
                .map(|choice| choice.question.as_str())
                .collect();
            match choice::read(&questions, message) {
                choice::Reading::Picks(places) => return Heard::Picks(places),
                choice::Reading::None => return Heard::NoneOfThem,
                choice::Reading::Else => {}
            }
        }
        Some(Asked::Slot { slot, .. }) => {
            if slots::serves(found, *slot) {
                return Heard::Gave;
            }
            if again::cannot_give(message) {
                return Heard::Withheld;
            }
        }
        None => {}
    }
    let last_is_answer = matches!(state.tried.last(), Some(Tried::Answered { .. }));
    if last_is_answer && again::did_not_help(message) {
        return Heard::Unsolved;
    }
    if again::repeats(message, earlier) {
        return Heard::Repeats;
    }
    Heard::Plain
}

/// The message to understand instead, when the customer says that an answer did not help: what
/// was asked before it.
#[must_use]
pub fn question_before<'a>(earlier: &[Turn<'a>]) -> Option<&'a str> {
    earlier
        .iter()
        .rev()
        .find(|turn| turn.role == Role::Customer && !again::did_not_help(turn.text))
        .map(|turn| turn.text)
}

/// The next step. `failed_turns` failed in a row before this one; `is_live` tells whether an
/// entry's answer holds values of the moment, which are worth hearing twice.
#[must_use]
pub fn step(
    state: &Dialogue,
    failed_turns: u32,
    heard: &Heard,
    understanding: &Understanding,
    is_live: impl Fn(&str) -> bool,
) -> Step {
    if let (Heard::Picks(places), Some(Asked::Choice { choices, .. })) = (heard, &state.asked) {
        let entries: Vec<Choice> = places
            .iter()
            .filter_map(|place| choices.get(*place).cloned())
            .collect();
        if !entries.is_empty() {
            return Step::Answer {
                entries,
                picked: true,
            };
        }
    }
    if let Decision::HandOver(reason @ (HandoverReason::Asked | HandoverReason::NeedsPerson)) =
        understanding.decision
    {
        return Step::HandOver(reason);
    }
    if let (Heard::Gave | Heard::Withheld, Some(Asked::Slot { entry, .. })) = (heard, &state.asked)
    {
        let entry = entry.clone();
        return match heard {
            Heard::Gave => Step::Answer {
                entries: vec![entry],
                picked: false,
            },
            _ => Step::Plain(entry),
        };
    }
    let act = understanding.act.filter(|act| act.is_chitchat());
    if let Some(act) = act
        && understanding.decision == Decision::Suggest
        && *heard != Heard::Unsolved
    {
        return Step::SmallTalk(act);
    }
    let first = understanding.candidates.first();
    let is_new = |candidate: &&Candidate| {
        !state.has_answered(&candidate.faq_id) || is_live(&candidate.faq_id)
    };
    match (heard, understanding.decision) {
        (Heard::Unsolved | Heard::NoneOfThem, _) => {
            failed(failed_turns, instead(state, understanding))
        }
        (_, Decision::Answer) => match first {
            None => Step::HandOver(HandoverReason::NoAnswer),
            Some(first) if is_new(&first) || !asks_same(state, heard, first) => Step::Answer {
                entries: vec![offer(first)],
                picked: false,
            },
            Some(_) => failed(failed_turns, instead(state, understanding)),
        },
        (Heard::Repeats, Decision::Suggest) => failed(failed_turns, instead(state, understanding)),
        (_, Decision::Suggest) => failed(failed_turns, ask_back(understanding)),
        (_, Decision::HandOver(reason)) => Step::HandOver(reason),
    }
}

/// Whether an answer would be given twice in a row, or to a question that is repeated.
fn asks_same(state: &Dialogue, heard: &Heard, first: &Candidate) -> bool {
    let is_last = matches!(state.tried.last(),
        Some(Tried::Answered { faq_id, .. }) if *faq_id == first.faq_id);
    is_last || *heard == Heard::Repeats
}

fn failed(failed_turns: u32, step: Step) -> Step {
    if failed_turns + 1 >= MAX_FAILED_TURNS {
        Step::HandOver(HandoverReason::Unsure)
    } else {
        step
    }
}

/// Asks back: with the two that compete, or with what may be meant.
fn ask_back(understanding: &Understanding) -> Step {
    let candidates = &understanding.candidates;
    let offered = |n: usize| -> Vec<Choice> {
        candidates
            .iter()
            .filter(|candidate| candidate.confidence >= OFFER_FROM)
            .take(n)
            .map(offer)
            .collect()
    };
    let (choices, why) = if competes(candidates) {
        (offered(2), Why::Competing)
    } else {
        (offered(N_OFFERED), Why::Unsure)
    };
    if choices.is_empty() {
        Step::SayAgain(why)
    } else {
        Step::Clarify { choices, why }
    }
}

/// Whether the first two are about as likely, one of them is probably right, and no third is in
/// the way.
fn competes(candidates: &[Candidate]) -> bool {
    let confidence = |place: usize| {
        candidates
            .get(place)
            .map_or(0.0, |candidate| candidate.confidence)
    };
    let (first, second, third) = (confidence(0), confidence(1), confidence(2));
    second >= COMPETES_FROM * first && first + second >= PAIR_FROM && third < second
}

/// Something else than what did not help.
fn instead(state: &Dialogue, understanding: &Understanding) -> Step {
    let offered = |faq_id: &str| match &state.asked {
        Some(Asked::Choice { choices, .. }) => choices.iter().any(|choice| choice.faq_id == faq_id),
        _ => false,
    };
    let choices: Vec<Choice> = understanding
        .candidates
        .iter()
        .filter(|candidate| {
            candidate.confidence >= OFFER_FROM
                && !state.has_answered(&candidate.faq_id)
                && !offered(&candidate.faq_id)
        })
        .take(N_INSTEAD)
        .map(offer)
        .collect();
    if choices.is_empty() {
        Step::SayAgain(Why::DidNotHelp)
    } else {
        Step::Clarify {
            choices,
            why: Why::DidNotHelp,
        }
    }
}

fn offer(candidate: &Candidate) -> Choice {
    Choice {
        faq_id: candidate.faq_id.clone(),
        version: candidate.version,
        question: candidate.question.clone(),
        confidence: candidate.confidence,
    }
}

/// Letters, digits and ideographs of a message, folded.
fn letters(message: &str) -> Vec<char> {
    Folded::new(message, 400)
        .chars
        .into_iter()
        .filter(|c| c.is_alphanumeric())
        .collect()
}

mod again;
mod choice;
#[cfg(test)]
mod tests;
