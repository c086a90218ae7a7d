//! From an understanding to what the bot does.

use lt_engine::{Candidate, Decision, Understanding, acts::Act};
use lt_model::message::HandoverReason;

use super::MAX_FAILED_TURNS;

/// Questions to choose from, at most.
const N_CHOICES: usize = 3;

/// What the bot does.
#[derive(Debug, PartialEq)]
pub(super) enum Reply<'u> {
    /// Sends the answer of an entry.
    Answer(&'u Candidate),
    /// Says something polite.
    SmallTalk(Act),
    /// Asks back; the list may be empty.
    Clarify(Vec<&'u str>),
    /// Gives it to a person.
    HandOver(HandoverReason),
}

impl Reply<'_> {
    /// Its name in the audit log.
    pub(super) fn action(&self) -> &'static str {
        match self {
            Self::Answer(_) => "bot.answer",
            Self::SmallTalk(_) => "bot.small_talk",
            Self::Clarify(_) => "bot.clarify",
            Self::HandOver(_) => "bot.hand_over",
        }
    }
}

/// Decides; `failed_turns` is how many turns in a row found no answer before this one.
pub(super) fn plan(understanding: &Understanding, failed_turns: u32) -> Reply<'_> {
    match understanding.decision {
        Decision::HandOver(reason) => Reply::HandOver(reason),
        Decision::Answer => match understanding.candidates.first() {
            Some(candidate) => Reply::Answer(candidate),
            None => Reply::HandOver(HandoverReason::NoAnswer),
        },
        Decision::Suggest => match understanding.act.filter(|act| act.is_chitchat()) {
            Some(act) => Reply::SmallTalk(act),
            None if failed_turns + 1 >= MAX_FAILED_TURNS => Reply::HandOver(HandoverReason::Unsure),
            None => Reply::Clarify(
                understanding
                    .candidates
                    .iter()
                    .take(N_CHOICES)
                    .map(|candidate| candidate.question.as_str())
                    .collect(),
            ),
        },
    }
}

#[cfg(test)]
mod tests {
    use lt_model::priority::Priority;

    use super::*;

    fn understood(decision: Decision, act: Option<Act>) -> Understanding {
        Understanding {
            decision,
            confidence: 0.0,
            candidates: Vec::new(),
            intent: String::new(),
            category: String::new(),
            priority: Priority::Normal,
            reasons: Vec::new(),
            act,
        }
    }

    #[test]
    fn table() {
        use HandoverReason::{Asked, NoAnswer, Unsure};
        for (decision, act, failed_turns, expected) in [
            (Decision::HandOver(Asked), None, 0, Reply::HandOver(Asked)),
            (Decision::Answer, None, 0, Reply::HandOver(NoAnswer)),
            (Decision::Suggest, None, 0, Reply::Clarify(Vec::new())),
            (Decision::Suggest, None, 1, Reply::Clarify(Vec::new())),
            (Decision::Suggest, None, 2, Reply::HandOver(Unsure)),
            (
                Decision::Suggest,
                Some(Act::Thanks),
                2,
                Reply::SmallTalk(Act::Thanks),
            ),
        ] {
            let understanding = understood(decision, act);
            let reply = plan(&understanding, failed_turns);
            assert_eq!(reply, expected, "{decision:?} {act:?} {failed_turns}");
        }
    }
}
