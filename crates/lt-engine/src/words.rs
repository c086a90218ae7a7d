//! What goes into the engine and what comes out.

use lt_model::{
    contact::ValueTier,
    faq::PublishedFaq,
    message::HandoverReason,
    priority::{Priority, Reason},
};

use crate::{acts::Act, channels::Evidence};

/// One FAQ entry as the engine knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doc {
    /// Stable id of the entry.
    pub faq_id: String,
    /// Version of its text.
    pub version: u32,
    /// Business line (业务线).
    pub business_line: String,
    /// Category, a free string.
    pub category: String,
    /// Standard question (标准问).
    pub question: String,
    /// Similar questions (相似问).
    pub similar: Vec<String>,
    /// The answer that a customer reads.
    pub answer: String,
}

impl From<PublishedFaq> for Doc {
    fn from(faq: PublishedFaq) -> Self {
        Self {
            faq_id: faq.id,
            version: faq.version,
            business_line: faq.business_line,
            category: faq.category,
            question: faq.question,
            similar: faq
                .similar
                .into_iter()
                .chain(faq.learned.into_iter().map(|learned| learned.text))
                .collect(),
            answer: faq.answer,
        }
    }
}

/// Who said a turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The customer.
    Customer,
    /// A person or the bot.
    Agent,
}

/// One earlier turn of the conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turn<'a> {
    /// Who.
    pub role: Role,
    /// What.
    pub text: &'a str,
}

/// A message to understand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Query<'a> {
    /// The customer's message, of any length.
    pub text: &'a str,
    /// Earlier turns, oldest first; empty is fine.
    pub history: &'a [Turn<'a>],
    /// Value of the customer.
    pub tier: ValueTier,
}

impl<'a> Query<'a> {
    /// A message without history from a customer of normal value.
    #[must_use]
    pub fn plain(text: &'a str) -> Self {
        Self {
            text,
            history: &[],
            tier: ValueTier::Normal,
        }
    }
}

/// What to do with a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Send the first candidate's answer unattended.
    Answer,
    /// Show the agent the candidates, or ask back; a greeting alone is here too.
    Suggest,
    /// Give it to a person.
    HandOver(HandoverReason),
}

/// Range of characters (Unicode code points), end exclusive.
pub type CharRange = std::ops::Range<usize>;

/// One entry that may be what the customer wants.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// Entry.
    pub faq_id: String,
    /// Version of it.
    pub version: u32,
    /// Standard question.
    pub question: String,
    /// Answer.
    pub answer: String,
    /// Category.
    pub category: String,
    /// Business line.
    pub business_line: String,
    /// Fused score; comparable within one message only.
    pub score: f32,
    /// Calibrated probability that this entry is right, 0 to 1.
    pub confidence: f32,
    /// The customer's words in `question`.
    pub question_marks: Vec<CharRange>,
    /// The customer's words in `answer`.
    pub answer_marks: Vec<CharRange>,
    /// What each channel said.
    pub evidence: Evidence,
}

/// What the engine made of a message.
#[derive(Clone, Debug, PartialEq)]
pub struct Understanding {
    /// What to do.
    pub decision: Decision,
    /// Calibrated probability that the first candidate is right, 0 to 1; 0 without one.
    pub confidence: f32,
    /// At most five, best first.
    pub candidates: Vec<Candidate>,
    /// Standard question of the nearest entry; empty while unknown and for chit-chat.
    pub intent: String,
    /// One of the knowledge base's own categories; empty when it has none.
    pub category: String,
    /// How soon a person is needed.
    pub priority: Priority,
    /// Why.
    pub reasons: Vec<Reason>,
    /// Dialogue act, where the message is one; a greeting can then be met with a fixed text.
    pub act: Option<Act>,
}
