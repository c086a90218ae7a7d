//! What learning from agents has come to.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use lt_model::{
    Millis,
    id::{AgentId, MessageId},
    learn::{LearnedRuling, Thumb},
};

/// What a run is doing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum LearningStage {
    /// Nothing.
    #[default]
    Idle,
    /// It reads the picks.
    Reading,
    /// It decides which wordings are learned.
    Deciding,
    /// It fits the weights.
    Weighing,
    /// It tries the outcome on picks that were held back.
    Auditing,
    /// It publishes what was learned.
    Publishing,
}

/// What came of a run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LearningReport {
    /// When.
    pub at: Millis,
    /// Picks that were read.
    pub picks: u32,
    /// Questions whose entry agents agree on.
    pub audited: u32,
    /// Of them, held back for the audit.
    pub held_back: u32,
    /// Of the held-back ones, right before the run.
    pub right_before: u32,
    /// And with what the run would learn.
    pub right_after: u32,
    /// Wordings that entries have learned now.
    pub learned: u32,
    /// New ones.
    pub added: u32,
    /// Ones that are no more.
    pub removed: u32,
    /// Wordings that wait for a second agent or a lead.
    pub waiting: u32,
    /// Picks that have moved the weights; 0 while they are as shipped.
    pub moved_by: u32,
    /// Whether the audit took back what was to be learned.
    pub reverted: bool,
}

/// A wording of an entry, learned or waiting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LearnedRow {
    /// The entry.
    pub faq_id: String,
    /// Its standard question.
    pub question: String,
    /// The wording, masked.
    pub text: String,
    /// Who says so.
    pub by: Vec<AgentId>,
    /// Since when it is learned; none while it waits.
    pub at: Option<Millis>,
    /// Whether others say otherwise.
    pub disputed: bool,
}

/// `GET /api/v1/learning` (lead).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LearningState {
    /// What it does now.
    pub stage: LearningStage,
    /// What came of the last run.
    pub last: Option<LearningReport>,
    /// What is learned.
    pub learned: Vec<LearnedRow>,
    /// What waits.
    pub waiting: Vec<LearnedRow>,
}

/// `POST /api/v1/learning/rule` (lead): a last word on a wording.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct RuleRequest {
    /// The entry.
    pub faq_id: String,
    /// The wording.
    pub text: String,
    /// Whether it belongs to the entry.
    pub ruling: LearnedRuling,
}

/// What the agent said of entries in a conversation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ThumbsView {
    /// Of answers that were given.
    pub answers: Vec<AnswerThumb>,
    /// Of suggestions for what the customer wrote last.
    pub suggestions: Vec<SuggestionThumb>,
}

/// A thumb for an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AnswerThumb {
    /// The answer.
    pub message_id: MessageId,
    /// It.
    pub thumb: Thumb,
}

/// A thumb for a suggestion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SuggestionThumb {
    /// The entry.
    pub faq_id: String,
    /// It.
    pub thumb: Thumb,
}

/// Wordings that entries have learned (学到的问法).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LearnedView {
    /// By entry, then as they came.
    pub rows: Vec<LearnedLine>,
}

/// A learned wording, as a window shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LearnedLine {
    /// The entry.
    pub faq_id: String,
    /// Its standard question.
    pub question: String,
    /// The wording, masked.
    pub text: String,
    /// Names of the agents who taught it, as far as they are known.
    pub by: Vec<String>,
    /// Since when.
    pub at: Millis,
}
