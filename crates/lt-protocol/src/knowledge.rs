//! What a window shows of the knowledge and of the engine that answers from it.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use lt_model::{
    Millis,
    curve::{Curve, CurvePoint},
    engine::{EngineDraft, EngineProblem, Ground, MatchKind},
    health::HealthReport,
    id::OpId,
    message::HandoverReason,
};

use crate::{code::Code, survey::MarksView, view::Suggestion};

/// What speaks for an entry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ExplanationView {
    /// The entry.
    pub faq_id: String,
    /// What speaks for it more than for the other suggestions, the strongest first.
    pub grounds: Vec<GroundShare>,
    /// The customer's words that it has, masked.
    pub matches: Vec<MatchView>,
}

/// How much a ground counts.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct GroundShare {
    /// The ground.
    pub ground: Ground,
    /// Its share of all that speaks for the entry, 0 to 1.
    pub share: f32,
}

/// A word of the customer's, and what the entry has for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MatchView {
    /// The customer's word, masked.
    pub asked: String,
    /// The entry's word.
    pub found: String,
    /// How they match.
    pub kind: MatchKind,
}

/// A part of the cached knowledge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FaqPage {
    /// The entries, by business line, category and id; at most 5,000.
    pub rows: Vec<FaqRow>,
    /// All that fit.
    pub total: u32,
    /// The business lines there are, with their categories, whatever was asked for.
    pub lines: Vec<FaqLineView>,
}

/// A business line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FaqLineView {
    /// Its name.
    pub name: String,
    /// Its entries.
    pub n: u32,
    /// Its categories.
    pub categories: Vec<FaqCategoryView>,
}

/// A category of a business line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FaqCategoryView {
    /// Its name.
    pub name: String,
    /// Its entries.
    pub n: u32,
}

/// What a list shows of an entry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FaqRow {
    /// Its id.
    pub faq_id: String,
    /// Standard question.
    pub question: String,
    /// Business line.
    pub business_line: String,
    /// Category.
    pub category: String,
    /// How many similar questions it has.
    pub n_similar: u32,
}

/// An entry as published.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FaqEntryView {
    /// Its id.
    pub faq_id: String,
    /// Version.
    pub version: u32,
    /// Business line.
    pub business_line: String,
    /// Category.
    pub category: String,
    /// Standard question.
    pub question: String,
    /// Similar questions.
    pub similar: Vec<String>,
    /// Answer.
    pub answer: String,
    /// When it was published.
    pub published_at: Millis,
    /// What customers said whose conversation an answer from it had ended, in groups of the agent.
    #[serde(default)]
    #[ts(as = "Option<MarksView>", optional)]
    pub marks: MarksView,
}

/// The check of the knowledge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct HealthView {
    /// Whether it is at work.
    pub state: HealthState,
    /// The last report of this session.
    pub report: Option<HealthReport>,
    /// When that was made.
    pub made_at: Option<Millis>,
    /// Whether the knowledge or the settings have changed since.
    pub is_old: bool,
}

/// Whether the knowledge is being checked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum HealthState {
    /// No.
    #[default]
    Idle,
    /// Yes.
    Running {
        /// Questions asked.
        done: u32,
        /// Of so many; 0 while that is not known.
        total: u32,
    },
    /// It was stopped.
    Stopped,
    /// It failed.
    Failed,
}

/// The engine's settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct EngineView {
    /// The version that holds; 0 for the engine as it is shipped.
    pub version: u32,
    /// What it says.
    pub draft: EngineDraft,
    /// All versions that are known here, the newest first.
    pub history: Vec<EngineVersionView>,
    /// The curve that counts.
    pub curve: Curve,
    /// From this confidence on, in thousandths, the bot answers by itself now.
    pub answer_from: u16,
    /// What that means by the curve.
    pub now: Option<CurvePoint>,
    /// What each target would mean, ascending.
    pub targets: Vec<TargetPoint>,
    /// Whether a change is on its way.
    pub saving: EngineSaving,
}

/// What a target means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TargetPoint {
    /// Of the bot's answers so many should be right, in thousandths.
    pub target: u16,
    /// The point that it comes to.
    pub point: CurvePoint,
    /// Whether the curve reaches the target; the point is the nearest otherwise.
    pub is_reached: bool,
}

/// Whether a change of the settings is on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum EngineSaving {
    /// No.
    Settled,
    /// Yes.
    Waiting,
    /// The server refused it.
    Refused {
        /// The operation, to give up.
        op_id: OpId,
        /// Why.
        code: Code,
    },
}

/// A version of the settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct EngineVersionView {
    /// It.
    pub version: u32,
    /// When it was made.
    pub at: Millis,
    /// By whom; empty where the server did.
    pub by: String,
    /// The version whose content it has again.
    pub restored_from: Option<u32>,
    /// Groups of synonyms.
    pub n_groups: u32,
    /// Words.
    pub n_words: u32,
    /// Target, in thousandths.
    pub target: Option<u16>,
}

/// What is wrong with a draft.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct EngineCheck {
    /// Nothing where it may be saved.
    pub problems: Vec<EngineProblem>,
}

/// A question that was tried.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct EngineTrial {
    /// Under the settings that hold.
    pub now: TrialSide,
    /// Under the draft; none where it says the same.
    pub draft: Option<TrialSide>,
}

/// What the engine makes of a question.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct TrialSide {
    /// What it would do.
    pub decision: TrialDecision,
    /// From this confidence on it answers by itself.
    pub answer_from: f32,
    /// At most five, best first.
    pub candidates: Vec<TrialCandidate>,
}

/// What the engine would do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum TrialDecision {
    /// Answer by itself.
    Answer,
    /// Suggest to an agent, or ask back.
    Suggest,
    /// Hand over to a person.
    HandOver {
        /// Why.
        reason: HandoverReason,
    },
}

/// A candidate with its explanation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct TrialCandidate {
    /// The entry.
    pub suggestion: Suggestion,
    /// What speaks for it.
    pub explanation: ExplanationView,
}
