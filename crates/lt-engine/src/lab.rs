//! `engine match` of the lab: a knowledge base and questions in, one JSON line a question out.
//!
//! The files are read by the caller, who passes their names for messages and a clock for the
//! latencies: this crate touches neither.

use std::{collections::HashMap, io::Write, path::PathBuf};

use lt_model::{contact::ValueTier, message::HandoverReason, priority::Priority};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{Decision, Doc, Engine, EngineError, Query, Role, Turn, Understanding};

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

#[derive(Serialize)]
struct ResultLine<'a> {
    i: usize,
    decision: &'static str,
    faq_id: Option<&'a str>,
    confidence: f32,
    candidates: Vec<CandidateLine<'a>>,
    category: &'a str,
    priority: Priority,
    latency_us: u64,
}

#[derive(Serialize)]
struct CandidateLine<'a> {
    faq_id: &'a str,
    score: f32,
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

/// Understands every question of `queries` with the knowledge of `kb` (and `train`, if given) on
/// `threads` threads, and writes one line a question to `out`, in their order.
///
/// # Errors
/// [`EngineError::BadLine`] with file and line, [`EngineError::Write`], [`EngineError::Index`].
pub fn match_files(
    kb: File<'_>,
    queries: File<'_>,
    train: Option<File<'_>>,
    threads: usize,
    clock: Clock<'_>,
    out: &mut dyn Write,
) -> Result<(), EngineError> {
    let mut docs = read_kb(kb)?;
    if let Some(train) = train {
        teach(&mut docs, train)?;
    }
    let queries: Vec<QueryLine> = read_lines(queries)?;
    let engine = Engine::build(docs)?;
    let share = queries.len().div_ceil(threads.clamp(1, 64)).max(1);
    let found: Vec<(Understanding, u64)> = std::thread::scope(|scope| {
        let workers: Vec<_> = queries
            .chunks(share)
            .map(|chunk| {
                let engine = &engine;
                scope.spawn(move || {
                    chunk
                        .iter()
                        .map(|line| timed(engine, line, clock))
                        .collect::<Vec<_>>()
                })
            })
            .collect();
        workers
            .into_iter()
            .flat_map(|worker| match worker.join() {
                Ok(found) => found,
                Err(panic) => std::panic::resume_unwind(panic),
            })
            .collect()
    });
    for (i, (understanding, latency_us)) in found.iter().enumerate() {
        let line = result_line(i, understanding, *latency_us);
        serde_json::to_writer(&mut *out, &line)
            .map_err(|error| EngineError::Write(error.into()))?;
        out.write_all(b"\n").map_err(EngineError::Write)?;
    }
    Ok(())
}

fn timed(engine: &Engine, line: &QueryLine, clock: Clock<'_>) -> (Understanding, u64) {
    let history: Vec<Turn<'_>> = line
        .history
        .iter()
        .map(|turn| Turn {
            role: match turn.role {
                RoleWord::Customer => Role::Customer,
                RoleWord::Agent => Role::Agent,
            },
            text: &turn.text,
        })
        .collect();
    let from = clock();
    let understanding = engine.understand(&Query {
        text: &line.text,
        history: &history,
        tier: ValueTier::Normal,
    });
    (understanding, clock().saturating_sub(from))
}

fn result_line(i: usize, found: &Understanding, latency_us: u64) -> ResultLine<'_> {
    let decision = match found.decision {
        Decision::Answer => "answer",
        Decision::Suggest => "suggest",
        Decision::HandOver(_) => "handoff",
    };
    // A hand-over because nothing fits names no entry, any other names what the message is about.
    let names_entry = found.decision != Decision::HandOver(HandoverReason::NoAnswer)
        && found.confidence >= crate::decide::SUGGEST_FROM;
    ResultLine {
        i,
        decision,
        faq_id: found
            .candidates
            .first()
            .filter(|_| names_entry)
            .map(|first| first.faq_id.as_str()),
        confidence: found.confidence,
        candidates: found
            .candidates
            .iter()
            .map(|candidate| CandidateLine {
                faq_id: &candidate.faq_id,
                score: candidate.score,
            })
            .collect(),
        category: &found.category,
        priority: found.priority,
        latency_us,
    }
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
