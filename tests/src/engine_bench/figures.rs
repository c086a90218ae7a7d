//! What is measured.

use std::time::Instant;

use serde::{Deserialize, Serialize};

use super::machine;

/// Times of many calls on one thread.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize)]
pub struct Latency {
    /// In the middle, microseconds.
    pub p50_us: f64,
    /// Ninety-nine of a hundred are below, microseconds.
    pub p99_us: f64,
    /// Processor time of a call on average, microseconds, where the system tells.
    pub cpu_us: Option<f64>,
}

/// Rounds over all questions.
const ROUNDS: usize = 3;

impl Latency {
    /// Calls `f` with every number below `n`, a few rounds; of each number the fastest call counts,
    /// since other work on the machine only ever adds.
    pub fn of(n: usize, mut f: impl FnMut(usize)) -> Self {
        // Caches are warm where a desk works.
        (0..n.min(50)).for_each(&mut f);
        let before = machine::processor_ns();
        let mut all = vec![f64::MAX; n];
        for _ in 0..ROUNDS {
            for (at, best) in all.iter_mut().enumerate() {
                let from = Instant::now();
                f(at);
                *best = best.min(from.elapsed().as_secs_f64() * 1e6);
            }
        }
        let calls = (n * ROUNDS).max(1) as f64;
        let cpu_us = before
            .zip(machine::processor_ns())
            .map(|(before, after)| (after - before) as f64 / 1e3 / calls);
        all.sort_by(f64::total_cmp);
        let at = |share: f64| {
            let rank = (all.len() as f64 * share).ceil() as usize;
            all.get(rank.saturating_sub(1)).copied().unwrap_or_default()
        };
        Self {
            p50_us: at(0.5),
            p99_us: at(0.99),
            cpu_us,
        }
    }
}

/// Something beside the engine on the same texts and questions.
#[derive(Clone, Copy, Debug, Default, Deserialize, Serialize)]
pub struct Twin {
    /// Until it can be asked, milliseconds.
    pub build_ms: f64,
    /// A question.
    pub latency: Latency,
    /// The engine's time for a ranking as a multiple of this, in the middle.
    pub engine_times_p50: f64,
    /// The same for ninety-nine of a hundred.
    pub engine_times_p99: f64,
}

/// Everything about one size.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Figures {
    /// Entries.
    pub entries: usize,
    /// Questions asked in a round.
    pub questions: usize,
    /// Dictionary, thesaurus and shipped parameters, once a process, milliseconds.
    pub parts_ms: f64,
    /// Building and training the engine, milliseconds.
    pub build_ms: f64,
    /// From a sealed folder to an engine that answers, milliseconds.
    pub cold_start_ms: f64,
    /// What an engine that was opened from its folder adds to the resident memory, dictionary and
    /// texts included, MiB.
    pub memory_mib: Option<f64>,
    /// The peak while building one from texts alone, MiB.
    pub peak_mib: Option<f64>,
    /// Ranking with all channels.
    pub ranking: Latency,
    /// The whole of understanding.
    pub understand: Latency,
    /// A message of 1 MB understood, milliseconds.
    pub megabyte_ms: f64,
    /// SQLite, FTS5 with its trigram tokenizer.
    pub fts5: Twin,
    /// BM25 over words.
    pub bm25: Twin,
    /// Other work on the machine at the end.
    pub load: Option<f32>,
}
