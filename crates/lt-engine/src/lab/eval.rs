//! `engine eval`: how the engine does on labelled questions.
//!
//! [`evaluate`] asks them, [`Report`] counts; [`table`] prints the figures for people, [`page`] shows
//! them with charts.

mod charts;
pub mod page;
mod report;
pub mod table;

use std::collections::HashMap;

use lt_model::{message::HandoverReason, priority::Priority};
use serde::Deserialize;

pub use report::{Bin, Confusion, Kind, Outcomes, Point, Priorities, Report, Share, Wrong};

use super::{Clock, File, TurnLine, read_kb, read_lines, teach, with_query};
use crate::{Decision, Engine, EngineError, Understanding};

/// A labelled question. What a line does not say is not measured on it.
#[derive(Debug, Deserialize)]
pub struct LabelledLine {
    /// The message.
    pub text: String,
    /// What was said before.
    #[serde(default)]
    pub history: Vec<TurnLine>,
    /// The right entry; none where the knowledge has no answer.
    #[serde(default)]
    pub faq_id: Option<String>,
    /// How it was written, such as typo or long.
    #[serde(default)]
    pub kind: Option<String>,
    /// The right category.
    #[serde(default)]
    pub category: Option<String>,
    /// The right priority.
    #[serde(default)]
    pub priority: Option<Priority>,
}

/// What the engine made of a labelled question.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// The message.
    pub text: String,
    /// Its kind.
    pub kind: Option<String>,
    /// The right entry, where the knowledge has one.
    pub gold: Option<String>,
    /// What was done.
    pub decision: Decision,
    /// The candidates, best first.
    pub candidates: Vec<String>,
    /// Confidence in the first one.
    pub confidence: f32,
    /// Whether an act or a rule decided, whatever the confidence.
    pub decided_before: bool,
    /// Right category and the one given.
    pub category: Option<(String, String)>,
    /// Right priority and the one given.
    pub priority: Option<(Priority, Priority)>,
    /// Time taken, microseconds.
    pub latency_us: u64,
}

impl Outcome {
    /// Whether the first candidate is the right entry.
    #[must_use]
    pub fn is_right(&self) -> bool {
        self.gold.is_some() && self.candidates.first() == self.gold.as_ref()
    }

    fn new(line: LabelledLine, found: Understanding, latency_us: u64) -> Self {
        let decided_before = match found.decision {
            Decision::Answer => false,
            Decision::Suggest => found.act.is_some_and(|act| act.is_chitchat()),
            Decision::HandOver(reason) => reason != HandoverReason::NoAnswer,
        };
        Self {
            text: line.text,
            kind: line.kind,
            gold: line.faq_id,
            decision: found.decision,
            candidates: found.candidates.into_iter().map(|one| one.faq_id).collect(),
            confidence: found.confidence,
            decided_before,
            category: line.category.map(|right| (right, found.category)),
            priority: line.priority.map(|right| (right, found.priority)),
            latency_us,
        }
    }
}

/// Asks every labelled question of `queries` of the knowledge of `kb` (and `train`, if given), on
/// one thread. A question labelled with an entry that the knowledge does not have counts as one
/// without an answer; the report says how many those are.
///
/// # Errors
/// [`EngineError::BadLine`] with file and line, [`EngineError::Index`].
pub fn evaluate(
    kb: File<'_>,
    queries: File<'_>,
    train: Option<File<'_>>,
    clock: Clock<'_>,
) -> Result<Report, EngineError> {
    let mut docs = read_kb(kb)?;
    if let Some(train) = train {
        teach(&mut docs, train)?;
    }
    let lines: Vec<LabelledLine> = read_lines(queries)?;
    let engine = Engine::build(docs)?;
    let names: HashMap<&str, &str> = engine
        .docs()
        .iter()
        .map(|doc| (doc.faq_id.as_str(), doc.question.as_str()))
        .collect();
    let mut n_unknown = 0;
    let outcomes: Vec<Outcome> = lines
        .into_iter()
        .map(|mut line| {
            if line
                .faq_id
                .as_deref()
                .is_some_and(|id| !names.contains_key(id))
            {
                n_unknown += 1;
                line.faq_id = None;
            }
            let (found, latency_us) = with_query(&line.text, &line.history, |query| {
                let from = clock();
                let found = engine.understand(query);
                (found, clock().saturating_sub(from))
            });
            Outcome::new(line, found, latency_us)
        })
        .collect();
    let name = |id: &str| names.get(id).map_or(id, |name| *name).to_owned();
    let mut report = Report::of(&outcomes, &name);
    report.n_entries = engine.docs().len();
    report.n_unknown_labels = n_unknown;
    report.answer_from = engine.parts().weights().answer_from;
    Ok(report)
}

#[cfg(test)]
mod tests;
