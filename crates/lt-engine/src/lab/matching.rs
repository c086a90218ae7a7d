//! `engine match`: a knowledge base and questions in, one JSON line a question out.

use std::io::Write;

use lt_model::{message::HandoverReason, priority::Priority};
use serde::Serialize;

use super::{Clock, File, QueryLine, read_kb, read_lines, teach, with_query};
use crate::{Decision, Engine, EngineError, Understanding};

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
    with_query(&line.text, &line.history, |query| {
        let from = clock();
        let understanding = engine.understand(query);
        (understanding, clock().saturating_sub(from))
    })
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
