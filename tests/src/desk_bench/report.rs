//! The table for people, and what was promised.

use std::fmt::Write as _;

use serde_json::{Map, Value, json};

use super::measure::Figure;

/// Every command answers within this, nearly always.
pub const PROMISED_MS: f64 = 50.0;

/// A table of figures.
#[must_use]
pub fn table(title: &str, figures: &[Figure]) -> String {
    let mut text = format!(
        "{title:<32} {:>6} {:>9} {:>9} {:>9} {:>9}\n",
        "n", "p50 ms", "p99 ms", "max ms", "KB"
    );
    for figure in figures {
        let _ = writeln!(
            text,
            "{:<32} {:>6} {:>9.2} {:>9.2} {:>9.2} {:>9.1}",
            figure.name,
            figure.n,
            figure.p50_ms,
            figure.p99_ms,
            figure.max_ms,
            kilobytes(figure.bytes)
        );
    }
    text
}

fn kilobytes(bytes: usize) -> f64 {
    u32::try_from(bytes).map_or(f64::INFINITY, f64::from) / 1_000.0
}

/// Those that missed the promise.
#[must_use]
pub fn missed(figures: &[Figure]) -> Vec<&Figure> {
    let too_slow = |figure: &&Figure| figure.p99_ms >= PROMISED_MS;
    figures.iter().filter(too_slow).collect()
}

/// Figures as JSON, by name.
#[must_use]
pub fn json(figures: &[Figure]) -> Value {
    let named = figures.iter().map(|figure| {
        let times = json!({"n": figure.n, "p50_ms": round(figure.p50_ms),
            "p99_ms": round(figure.p99_ms), "max_ms": round(figure.max_ms)});
        (figure.name.to_owned(), times)
    });
    Value::Object(named.collect::<Map<_, _>>())
}

fn round(ms: f64) -> f64 {
    (ms * 100.0).round() / 100.0
}
