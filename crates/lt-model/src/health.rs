//! What a check of the knowledge finds.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Fewer similar questions than this, and customers' wordings are missed.
pub const FEW_SIMILAR: usize = 5;
/// A longer answer, in characters, is not read to its end on a telephone's screen.
pub const LONG_ANSWER_CHARS: usize = 500;

/// Kinds of findings, the most pressing first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FindingKind {
    /// An entry without an answer.
    NoAnswer,
    /// Entries with the same or nearly the same question.
    NearQuestion,
    /// Entries that are taken for one another: wordings that were held out were won by the other.
    Confusable,
    /// Entries with the same answer.
    SameAnswer,
    /// An entry with fewer than [`FEW_SIMILAR`] similar questions.
    FewSimilar,
    /// An answer of more than [`LONG_ANSWER_CHARS`] characters.
    LongAnswer,
}

/// An entry that a finding is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
pub struct EntryRef {
    /// Its id.
    pub faq_id: String,
    /// Its standard question.
    pub question: String,
}

/// A wording that shows what is meant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Example {
    /// The wording, or the beginning of an answer.
    pub text: String,
    /// The entry that has it.
    pub of: String,
    /// The entry that won it, or has nearly the same; empty where there is none.
    pub to: String,
    /// What stands there; empty where there is nothing to show.
    pub other: String,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Finding {
    /// What.
    pub kind: FindingKind,
    /// The entries.
    pub entries: Vec<EntryRef>,
    /// At most five.
    pub examples: Vec<Example>,
    /// How many: similar questions, characters, entries, or wordings that were confused.
    pub n: u32,
}

/// How many findings of a kind there are, shown or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FindingCount {
    /// Of this kind.
    pub kind: FindingKind,
    /// All of them.
    pub n: u32,
}

/// Questions that were held out: each was asked of an engine that did not have it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct HeldOut {
    /// Parts that were held out in turn.
    pub n_folds: u32,
    /// Entries whose wordings were asked.
    pub n_entries: u32,
    /// Wordings that were asked.
    pub n_asked: u32,
    /// Of these, so many were won by their own entry.
    pub n_own: u32,
    /// Whether the entries are a sample.
    pub is_sample: bool,
}

/// What a check of the knowledge found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct HealthReport {
    /// Entries that were checked.
    pub n_entries: u32,
    /// Their wordings.
    pub n_wordings: u32,
    /// The questions that were held out.
    pub held_out: HeldOut,
    /// All kinds that were found, the most pressing first.
    pub counts: Vec<FindingCount>,
    /// The findings, by kind, the largest first; at most 200 a kind.
    pub findings: Vec<Finding>,
}
