//! An evaluation as text for people.

use std::fmt::Write;

use super::report::{Outcomes, Report, Share};

/// Confusions and wrong answers that are printed.
const N_PRINTED: usize = 20;
/// Characters of a question that are printed.
const N_CHARS: usize = 36;

/// The figures as text, without the JSON line.
#[must_use]
pub fn text(report: &Report) -> String {
    let mut out = String::new();
    // Writing to a string does not fail.
    let _ = write(report, &mut out);
    out
}

fn write(report: &Report, out: &mut String) -> std::fmt::Result {
    writeln!(
        out,
        "{} entries; {} questions: {} in scope, {} out of scope",
        report.n_entries, report.n, report.in_scope.n, report.out_of_scope.n
    )?;
    if report.n_unknown_labels > 0 {
        writeln!(
            out,
            "{} questions name an entry that the knowledge does not have; they count as out of scope",
            report.n_unknown_labels
        )?;
    }
    writeln!(
        out,
        "\naccuracy       top-1 {}   top-3 {}",
        full(report.top1),
        full(report.top3)
    )?;
    writeln!(
        out,
        "answered       right {}   coverage {}   (from confidence {:.2})",
        full(report.precision),
        full(report.coverage),
        report.answer_from
    )?;
    writeln!(out, "out of scope   answered {}", full(report.oos_answered))?;
    if report.category.of > 0 {
        writeln!(out, "category       {}", full(report.category))?;
    }
    let priority = report.priority;
    if priority.exact.of > 0 {
        writeln!(
            out,
            "priority       exact {}   within one level {}   urgent seen as high or urgent {}",
            full(priority.exact),
            full(priority.within_one),
            full(priority.urgent_seen)
        )?;
    }
    writeln!(
        out,
        "latency        p50 {} µs   p99 {} µs",
        report.latency_p50_us, report.latency_p99_us
    )?;

    writeln!(
        out,
        "\nwhat was done     n  right  wrong  suggested  handed over"
    )?;
    outcomes("in scope", report.in_scope, out)?;
    outcomes("out of scope", report.out_of_scope, out)?;

    if !report.kinds.is_empty() {
        writeln!(
            out,
            "\nkind               n  top-1  top-3  answered  right of these"
        )?;
        for kind in &report.kinds {
            writeln!(
                out,
                "{:14} {:>5}  {}  {}  {:>8}  {:>14}",
                kind.kind,
                kind.n,
                short(kind.top1),
                short(kind.top3),
                short(kind.answered),
                short(kind.precision)
            )?;
        }
    }

    writeln!(out, "\nanswering from  right  coverage")?;
    let own = report.precision.value().zip(report.coverage.value());
    for point in &report.curve {
        writeln!(
            out,
            "{:>14.2}  {}  {:>8}",
            point.from,
            short(point.precision),
            short(point.coverage)
        )?;
    }
    if let Some((precision, coverage)) = own {
        writeln!(
            out,
            "{:>14.2}  {precision:5.3}  {coverage:>8.3}  as it decides",
            report.answer_from
        )?;
    }
    if let Some(coverage) = report.coverage_at_95 {
        writeln!(out, "with 95 % right, at best {coverage:.3} are covered")?;
    }

    writeln!(out, "\nconfidence      n  stated  right")?;
    for bin in report.calibration.iter().filter(|bin| bin.n > 0) {
        writeln!(
            out,
            "{:.1}–{:.1} {:>8}  {:>6.3}  {}{}",
            bin.from,
            bin.from + 0.1,
            bin.n,
            bin.confidence,
            short(bin.right),
            if bin.is_honest() { "" } else { "  overstated" }
        )?;
    }

    if !report.confusions.is_empty() {
        writeln!(
            out,
            "\nconfused: right entry → first candidate, how often, for example"
        )?;
        for one in report.confusions.iter().take(N_PRINTED) {
            writeln!(
                out,
                "{:>3}  {} → {}   「{}」",
                one.n,
                head(one.gold.as_deref().unwrap_or("(none)")),
                head(one.got.as_deref().unwrap_or("(none)")),
                head(&one.example)
            )?;
        }
        let more = report.confusions.len().saturating_sub(N_PRINTED);
        if more > 0 {
            writeln!(out, "     and {more} more pairs")?;
        }
    }
    Ok(())
}

fn outcomes(name: &str, one: Outcomes, out: &mut String) -> std::fmt::Result {
    writeln!(
        out,
        "{name:13} {:>5}  {:>5}  {:>5}  {:>9}  {:>11}",
        one.n, one.answered_right, one.answered_wrong, one.suggested, one.handed_over
    )
}

fn short(share: Share) -> String {
    share
        .value()
        .map_or("    –".to_owned(), |value| format!("{value:5.3}"))
}

fn full(share: Share) -> String {
    format!("{} ({} of {})", short(share).trim(), share.n, share.of)
}

/// The beginning of a text on one line.
fn head(text: &str) -> String {
    let flat = |c: char| if c.is_control() { ' ' } else { c };
    let mut head: String = text.chars().take(N_CHARS).map(flat).collect();
    if text.chars().nth(N_CHARS).is_some() {
        head.push('…');
    }
    head
}
