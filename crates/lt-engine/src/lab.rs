//! The lab: what the engine makes of files, for people who try a knowledge base out.
//!
//! [`match_files`] gives one JSON line a question, [`eval`] figures over labelled questions,
//! [`explain`] the reasons for one question, [`health`] what a knowledge base lacks. The files are read by the caller, who passes their
//! names for messages and a clock for the latencies: this crate touches neither.

pub mod eval;
pub mod explain;
pub mod health;
mod matching;
pub mod train;

use std::{collections::HashMap, path::PathBuf};

use lt_model::contact::ValueTier;
use serde::{Deserialize, de::DeserializeOwned};

use crate::{Doc, EngineError, Query, Role, Turn};

pub use matching::match_files;

/// A JSONL file as read.
#[derive(Clone, Copy, Debug)]
pub struct File<'a> {
    /// Its name, for messages.
    pub name: &'a str,
    /// What is in it.
    pub bytes: &'a [u8],
}

/// Microseconds since any fixed moment.
pub type Clock<'a> = &'a (dyn Fn() -> u64 + Sync);

#[derive(Deserialize)]
struct KbLine {
    id: String,
    #[serde(default)]
    business_line: String,
    #[serde(default)]
    category: String,
    question: String,
    #[serde(default)]
    similar: Vec<String>,
    #[serde(default)]
    answer: String,
}

/// One question of a query file.
#[derive(Debug, Deserialize)]
pub struct QueryLine {
    /// The message.
    pub text: String,
    /// What was said before.
    #[serde(default)]
    pub history: Vec<TurnLine>,
}

/// One earlier turn.
#[derive(Debug, Deserialize)]
pub struct TurnLine {
    /// Who.
    pub role: RoleWord,
    /// What.
    #[serde(default)]
    pub text: String,
}

/// Who said it.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RoleWord {
    /// The customer.
    Customer,
    /// Anybody on the shop's side.
    #[serde(alias = "bot", alias = "assistant", alias = "system")]
    Agent,
}

#[derive(Deserialize)]
struct TrainLine {
    text: String,
    faq_id: Option<String>,
}

/// The entries of a knowledge base file `{"id","business_line","category","question","similar",
/// "answer"}`.
///
/// # Errors
/// [`EngineError::BadLine`].
pub fn read_kb(kb: File<'_>) -> Result<Vec<Doc>, EngineError> {
    let lines: Vec<KbLine> = read_lines(kb)?;
    Ok(lines
        .into_iter()
        .map(|line| Doc {
            faq_id: line.id,
            version: 1,
            business_line: line.business_line,
            category: line.category,
            question: line.question,
            similar: line.similar,
            answer: line.answer,
        })
        .collect())
}

/// Adds labelled earlier questions `{"text","faq_id"}` to their entries as similar questions.
/// Lines without an entry (null, or one that the knowledge base no longer has) teach nothing.
///
/// # Errors
/// [`EngineError::BadLine`].
pub fn teach(docs: &mut [Doc], train: File<'_>) -> Result<(), EngineError> {
    let lines: Vec<TrainLine> = read_lines(train)?;
    let places: HashMap<String, usize> = docs
        .iter()
        .enumerate()
        .map(|(place, doc)| (doc.faq_id.clone(), place))
        .collect();
    for line in lines {
        let place = line.faq_id.and_then(|id| places.get(&id));
        if let Some(doc) = place.and_then(|place| docs.get_mut(*place)) {
            doc.similar.push(line.text);
        }
    }
    Ok(())
}

/// Calls `f` with a question as the engine takes it.
pub(crate) fn with_query<R>(
    text: &str,
    history: &[TurnLine],
    f: impl FnOnce(&Query<'_>) -> R,
) -> R {
    let history: Vec<Turn<'_>> = history
        .iter()
        .map(|turn| Turn {
            role: match turn.role {
                RoleWord::Customer => Role::Customer,
                RoleWord::Agent => Role::Agent,
            },
            text: &turn.text,
        })
        .collect();
    f(&Query {
        text,
        history: &history,
        tier: ValueTier::Normal,
    })
}

/// The lines of a file, parted by `\n` only; blank lines are skipped.
///
/// # Errors
/// [`EngineError::BadLine`] with the line's number from 1.
pub fn read_lines<T: DeserializeOwned>(file: File<'_>) -> Result<Vec<T>, EngineError> {
    let bytes = file
        .bytes
        .strip_prefix(b"\xEF\xBB\xBF")
        .unwrap_or(file.bytes);
    bytes
        .split(|byte| *byte == b'\n')
        .enumerate()
        .filter(|(_, line)| !line.trim_ascii().is_empty())
        .map(|(at, line)| {
            serde_json::from_slice(line).map_err(|error| EngineError::BadLine {
                path: PathBuf::from(file.name),
                line: at + 1,
                reason: error.to_string(),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests;
