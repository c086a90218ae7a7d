//! One size, measured.

use std::{hint::black_box, path::Path, process::Command};

use anyhow::Context;
use lt_engine::{Engine, Query, Turn, parts::Parts};
use lt_model::contact::ValueTier;
use lt_seal::Key32;

use super::{
    corpus::{self, Question},
    figures::{Figures, Latency, Twin},
    machine::{self, timed},
    twins::{Bm25, Fts5},
};

const MIB: f64 = 1024.0 * 1024.0;

/// Measures a knowledge base of `n_entries` with `n_questions` questions.
///
/// # Errors
/// When the packs cannot be read, or an index fails.
pub fn measure(n_entries: usize, n_questions: usize, seed: u64) -> anyhow::Result<Figures> {
    let questions = corpus::compose(0, n_questions, seed)?.questions;
    let before = machine::memory();
    let docs = corpus::compose(n_entries, 0, seed)?.docs;
    let (parts, parts_ms) = timed(Parts::shipped);
    let (engine, build_ms) = timed(|| Engine::build_with(docs, parts));
    let engine = engine.context("building the engine")?;
    let after = machine::memory();
    let peak_mib = before
        .zip(after)
        .map(|(before, after)| after.1.saturating_sub(before.0) as f64 / MIB);

    let ranking = Latency::of(questions.len(), |at| {
        ask(&questions, at, |query| {
            black_box(engine.ranking(query));
        });
    });
    let understand = Latency::of(questions.len(), |at| {
        ask(&questions, at, |query| {
            black_box(engine.understand(query).confidence);
        });
    });
    let mut long = String::with_capacity(1_000_000);
    for question in questions.iter().cycle() {
        long.push_str(&question.text);
        if long.len() >= 1_000_000 {
            break;
        }
    }
    let (_, megabyte_ms) = timed(|| black_box(engine.understand(&Query::plain(&long)).confidence));

    let docs = engine.docs().to_vec();
    drop(engine);
    let (cold_start_ms, memory_mib) = cold_start(&docs, seed)?;
    let (bm25, bm25_ms) = timed(|| Bm25::build(&docs));
    let bm25 = bm25?;
    let bm25 = twin(bm25_ms, ranking, &questions, |text| bm25.ask(text))?;
    let (fts5, fts5_ms) = timed(|| Fts5::build(&docs));
    let fts5 = fts5?;
    let fts5 = twin(fts5_ms, ranking, &questions, |text| fts5.ask(text))?;
    Ok(Figures {
        entries: docs.len(),
        questions: questions.len(),
        parts_ms,
        build_ms,
        cold_start_ms,
        memory_mib,
        peak_mib,
        ranking,
        understand,
        megabyte_ms,
        fts5,
        bm25,
        load: machine::load(),
    })
}

fn ask(questions: &[Question], at: usize, f: impl FnOnce(&Query<'_>)) {
    let Some(question) = questions.get(at) else {
        return;
    };
    let history: Vec<Turn<'_>> = question
        .history
        .iter()
        .map(|(role, text)| Turn { role: *role, text })
        .collect();
    f(&Query {
        text: &question.text,
        history: &history,
        tier: ValueTier::Normal,
    });
}

/// What an engine adds to the resident memory of a process that opens it as a desk does at its
/// start, dictionary and texts included, MiB; `None` where the system does not tell.
///
/// # Errors
/// When the packs cannot be read, or the folder cannot be opened.
pub fn opened_memory(folder: &Path, n_entries: usize, seed: u64) -> anyhow::Result<Option<f64>> {
    let before = machine::memory();
    let docs = corpus::compose(n_entries, 0, seed)?.docs;
    let (engine, _) = Engine::open(folder, key(), docs).context("opening the sealed index")?;
    black_box(engine.understand(&Query::plain("怎么退货")).confidence);
    Ok(before
        .zip(machine::memory())
        .map(|(before, after)| after.0.saturating_sub(before.0) as f64 / MIB))
}

fn key() -> Key32 {
    Key32::from([7; 32])
}

/// From a sealed folder that was used before to an engine that has answered, in milliseconds; and
/// the memory of a process that opens it.
fn cold_start(docs: &[lt_engine::Doc], seed: u64) -> anyhow::Result<(f64, Option<f64>)> {
    let folder = tempfile::tempdir().context("making a folder")?;
    drop(Engine::open(folder.path(), key(), docs.to_vec()).context("sealing the index")?);
    let own = docs.to_vec();
    let (opened, cold_start_ms) = timed(|| {
        let (engine, _) = Engine::open(folder.path(), key(), own)?;
        black_box(engine.understand(&Query::plain("怎么退货")).confidence);
        Ok::<_, lt_engine::EngineError>(())
    });
    opened.context("opening the sealed index")?;
    let child = Command::new(std::env::current_exe().context("finding this program")?)
        .args([
            "--only",
            &docs.len().to_string(),
            "--seed",
            &seed.to_string(),
        ])
        .arg("--opened")
        .arg(folder.path())
        .output()
        .context("opening the engine in another process")?;
    let memory_mib = serde_json::from_slice(&child.stdout)
        .with_context(|| String::from_utf8_lossy(&child.stderr).into_owned())?;
    Ok((cold_start_ms, memory_mib))
}

fn twin(
    build_ms: f64,
    ranking: Latency,
    questions: &[Question],
    ask: impl Fn(&str) -> anyhow::Result<Vec<String>>,
) -> anyhow::Result<Twin> {
    let mut failed = None;
    let latency = Latency::of(questions.len(), |at| {
        if let Some(question) = questions.get(at) {
            match ask(&question.text) {
                Ok(found) => {
                    black_box(found.len());
                }
                Err(error) => failed = Some(error),
            }
        }
    });
    if let Some(error) = failed {
        return Err(error.context("asking beside the engine"));
    }
    Ok(Twin {
        build_ms,
        latency,
        engine_times_p50: ranking.p50_us / latency.p50_us.max(1e-3),
        engine_times_p99: ranking.p99_us / latency.p99_us.max(1e-3),
    })
}
