//! What the bot remembers of a conversation between turns.

use serde::{Deserialize, Serialize};

use crate::{
    id::MessageId,
    slot::{SlotKind, Slots},
};

/// Of what the bot tried, as many are remembered.
pub const MAX_TRIED: usize = 8;

/// What the bot remembers of a conversation between turns.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Dialogue {
    /// What the conversation is about.
    #[serde(skip_serializing_if = "Slots::is_empty")]
    pub slots: Slots,
    /// What the bot asked back and waits for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asked: Option<Asked>,
    /// What it tried, oldest first, at most [`MAX_TRIED`].
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tried: Vec<Tried>,
    /// Slots that it asked for already: nothing is asked for twice.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub asked_for: Vec<SlotKind>,
}

/// What the bot asked back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Asked {
    /// Which of these is meant.
    Choice {
        /// In the order in which they were shown.
        choices: Vec<Choice>,
        /// The customer's message that was not clear.
        about: MessageId,
    },
    /// A value that an answer needs.
    Slot {
        /// Which.
        slot: SlotKind,
        /// The answer that waits for it.
        entry: Choice,
    },
}

/// An entry of the knowledge, as it is offered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Choice {
    /// Its id.
    pub faq_id: String,
    /// Version of it.
    pub version: u32,
    /// Its standard question.
    pub question: String,
    /// How sure the engine was, 0 to 1.
    pub confidence: f32,
}

/// What the bot tried.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Tried {
    /// Gave an answer.
    Answered {
        /// The entry.
        faq_id: String,
        /// Its standard question.
        question: String,
        /// Whether it held the state of things at that moment.
        live: bool,
    },
    /// Asked which of these is meant.
    Offered {
        /// Standard questions.
        questions: Vec<String>,
    },
    /// Asked for a value.
    AskedFor {
        /// Which.
        slot: SlotKind,
    },
    /// Asked to say it in other words.
    AskedAgain,
}

impl Dialogue {
    /// Whether there is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Notes what the bot tried; the oldest is forgotten.
    pub fn note(&mut self, tried: Tried) {
        self.tried.push(tried);
        let n_over = self.tried.len().saturating_sub(MAX_TRIED);
        self.tried.drain(..n_over);
    }

    /// Whether an answer was given with an entry.
    #[must_use]
    pub fn has_answered(&self, faq_id: &str) -> bool {
        self.tried
            .iter()
            .any(|tried| matches!(tried, Tried::Answered { faq_id: known, .. } if known == faq_id))
    }

    /// Begins anew, as when a resolved conversation opens again; what it is about stays.
    pub fn begin_anew(&mut self) {
        *self = Self {
            slots: std::mem::take(&mut self.slots),
            ..Self::default()
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_try_is_forgotten() {
        let mut dialogue = Dialogue::default();
        for n in 0..MAX_TRIED + 2 {
            dialogue.note(Tried::Answered {
                faq_id: n.to_string(),
                question: String::new(),
                live: false,
            });
        }
        assert_eq!(dialogue.tried.len(), MAX_TRIED);
        assert!(!dialogue.has_answered("1") && dialogue.has_answered("2"));
    }

    #[test]
    fn an_empty_one_is_written_as_nothing() {
        assert_eq!(
            serde_json::to_string(&Dialogue::default()).unwrap_or_default(),
            "{}"
        );
    }
}
