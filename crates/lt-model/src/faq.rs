//! Knowledge (知识): stable questions and their immutable versions.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Millis, learn::LearnedQuestion};

/// One published version of one FAQ entry: what the engine answers from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PublishedFaq {
    /// Stable id of the entry within the organisation, such as `ec-001`.
    pub id: String,
    /// Version number, from 1.
    pub version: u32,
    /// Business line (业务线).
    pub business_line: String,
    /// Category, levels parted by `/`, such as `售后/退款`.
    pub category: String,
    /// Standard question (标准问).
    pub question: String,
    /// Similar questions (相似问).
    pub similar: Vec<String>,
    /// The answer that a customer reads.
    pub answer: String,
    /// When it was published.
    pub published_at: Millis,
    /// What it has learned from agents: counts as similar questions, and stands apart.
    #[serde(default)]
    pub learned: Vec<LearnedQuestion>,
}

/// Which answer a reply came from, and how sure the engine was.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct FaqSource {
    /// Entry.
    pub faq_id: String,
    /// Version of it.
    pub version: u32,
    /// Standard question of that version.
    pub question: String,
    /// Calibrated confidence, 0 to 1.
    pub confidence: f32,
}

/// The top level of a category: `售后/退款` gives `售后`.
#[must_use]
pub fn top_category(category: &str) -> &str {
    category.split('/').next().unwrap_or(category)
}
