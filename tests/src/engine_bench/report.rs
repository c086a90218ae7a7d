//! The table for people, and what was promised.

use super::figures::{Figures, Latency};

/// A promise and whether it was kept.
pub struct Promise {
    /// What.
    pub name: &'static str,
    /// Measured, in `unit`.
    pub measured: f64,
    /// Promised to be below.
    pub below: f64,
    /// Unit of both.
    pub unit: &'static str,
}

impl Promise {
    /// Whether it was kept.
    #[must_use]
    pub fn is_kept(&self) -> bool {
        self.measured < self.below
    }
}

/// What is promised for a size.
#[must_use]
pub fn promises(figures: &Figures) -> Vec<Promise> {
    let promise = |name, measured, below, unit| Promise {
        name,
        measured,
        below,
        unit,
    };
    let suggestion = figures.understand.p99_us / 1e3;
    let build = figures.build_ms / 1e3;
    let mut all = vec![promise("cold start", figures.cold_start_ms, 300.0, "ms")];
    match figures.entries {
        ..=1_000 => {
            all.push(promise("suggestion, 99 %", suggestion, 5.0, "ms"));
            all.push(promise("training", build, 5.0, "s"));
        }
        1_001..=10_000 => {
            all.push(promise("suggestion, 99 %", suggestion, 5.0, "ms"));
            all.push(promise("training", build, 60.0, "s"));
            if let Some(memory) = figures.memory_mib {
                all.push(promise("memory", memory, 150.0, "MiB"));
            }
        }
        _ => all.push(promise("suggestion, 99 %", suggestion, 15.0, "ms")),
    }
    all
}

/// The table of all sizes.
#[must_use]
pub fn table(all: &[Figures]) -> String {
    let mut text = row("", all, |one| format!("{} entries", one.entries));
    text.push_str(&row("wordings", all, |one| {
        (one.entries * super::corpus::N_WORDINGS).to_string()
    }));
    text.push_str(&row("dictionary and shipped parts, ms", all, |one| {
        format!("{:.0}", one.parts_ms)
    }));
    text.push_str(&row("building and training, s", all, |one| {
        format!("{:.2}", one.build_ms / 1e3)
    }));
    text.push_str(&row("cold start, ms", all, |one| {
        format!("{:.0}", one.cold_start_ms)
    }));
    let mib = |value: Option<f64>| value.map_or("unknown".to_owned(), |mib| format!("{mib:.0}"));
    text.push_str(&row("memory once opened, MiB", all, |one| {
        mib(one.memory_mib)
    }));
    text.push_str(&row("memory while building, MiB", all, |one| {
        mib(one.peak_mib)
    }));
    text.push_str(&latency("understand", all, |one| one.understand));
    text.push_str(&latency("ranking", all, |one| one.ranking));
    text.push_str(&latency("SQLite FTS5 trigram", all, |one| one.fts5.latency));
    text.push_str(&latency("plain BM25", all, |one| one.bm25.latency));
    let times = |p50: f64, p99: f64| format!("{p50:.1}× / {p99:.1}×");
    text.push_str(&row("ranking ÷ FTS5, p50 / p99", all, |one| {
        times(one.fts5.engine_times_p50, one.fts5.engine_times_p99)
    }));
    text.push_str(&row("ranking ÷ BM25, p50 / p99", all, |one| {
        times(one.bm25.engine_times_p50, one.bm25.engine_times_p99)
    }));
    text.push_str(&row("building: FTS5 / BM25, s", all, |one| {
        format!(
            "{:.2} / {:.2}",
            one.fts5.build_ms / 1e3,
            one.bm25.build_ms / 1e3
        )
    }));
    text.push_str(&row("a message of 1 MB, ms", all, |one| {
        format!("{:.1}", one.megabyte_ms)
    }));
    text.push_str(&row("load of the machine", all, |one| {
        one.load
            .map_or("unknown".to_owned(), |load| format!("{load:.1}"))
    }));
    text
}

fn latency(name: &str, all: &[Figures], of: impl Fn(&Figures) -> Latency) -> String {
    row(&format!("{name}, ms: p50 / p99 (CPU)"), all, |one| {
        let one = of(one);
        let cpu = one
            .cpu_us
            .map_or(String::new(), |us| format!(" ({:.2})", us / 1e3));
        format!("{:.2} / {:.2}{cpu}", one.p50_us / 1e3, one.p99_us / 1e3)
    })
}

fn row(name: &str, all: &[Figures], cell: impl Fn(&Figures) -> String) -> String {
    let cells: Vec<String> = all.iter().map(|one| format!("{:>22}", cell(one))).collect();
    format!("{name:44}{}\n", cells.concat())
}
