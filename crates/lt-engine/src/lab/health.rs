//! `engine health`: the check of a knowledge base as text for people.

use std::fmt::Write;

use super::{File, read_kb};
use crate::{
    EngineError,
    health::{self, Finding, FindingKind, HealthReport, Progress, Step},
    parts::Parts,
};

/// Findings of a kind that are printed.
const N_PRINTED: usize = 20;
/// Examples of a finding that are printed.
const N_EXAMPLES: usize = 2;

/// Checks the knowledge of `kb`; `told` hears how far it has come.
///
/// # Errors
/// [`EngineError::BadLine`] with file and line, [`EngineError::Index`].
pub fn check(kb: File<'_>, told: &mut dyn FnMut(Progress)) -> Result<HealthReport, EngineError> {
    let docs = read_kb(kb)?;
    let mut on = |progress| {
        told(progress);
        Step::On
    };
    // Nobody stops it, so there is a report.
    Ok(health::report(&docs, &Parts::shipped(), &mut on)?.unwrap_or_default())
}

/// The report as text.
#[must_use]
pub fn text(report: &HealthReport) -> String {
    let mut out = String::new();
    // Writing to a string does not fail.
    let _ = write(report, &mut out);
    out
}

fn write(report: &HealthReport, out: &mut String) -> std::fmt::Result {
    let held = report.held_out;
    writeln!(
        out,
        "{} entries, {} wordings",
        report.n_entries, report.n_wordings
    )?;
    if held.n_asked > 0 {
        writeln!(
            out,
            "{} wordings{} were asked of an engine without them: {} ({:.0} %) found their own entry",
            held.n_asked,
            if held.is_sample { " of a sample" } else { "" },
            held.n_own,
            f64::from(held.n_own) * 100.0 / f64::from(held.n_asked)
        )?;
    }
    if report.counts.is_empty() {
        return writeln!(out, "nothing to improve was found");
    }
    for count in &report.counts {
        writeln!(out, "\n{}: {}", title(count.kind), count.n)?;
        let of_kind = report.findings.iter().filter(|one| one.kind == count.kind);
        for finding in of_kind.take(N_PRINTED) {
            line(finding, out)?;
        }
        let more = (count.n as usize).saturating_sub(N_PRINTED);
        if more > 0 {
            writeln!(out, "  and {more} more")?;
        }
    }
    Ok(())
}

fn line(finding: &Finding, out: &mut String) -> std::fmt::Result {
    let entries: Vec<String> = finding
        .entries
        .iter()
        .map(|entry| format!("{} {}", entry.faq_id, entry.question))
        .collect();
    writeln!(out, "  {:>4}  {}", finding.n, entries.join("  |  "))?;
    for example in finding.examples.iter().take(N_EXAMPLES) {
        write!(out, "        「{}」 {}", example.text, example.of)?;
        match (example.to.as_str(), example.other.as_str()) {
            ("", "") => writeln!(out)?,
            (to, "") => writeln!(out, " → {to}")?,
            (to, other) => writeln!(out, " → {to} 「{other}」")?,
        }
    }
    Ok(())
}

fn title(kind: FindingKind) -> &'static str {
    match kind {
        FindingKind::NoAnswer => "without an answer (没有答案)",
        FindingKind::NearQuestion => "nearly the same question (问题几乎相同)",
        FindingKind::Confusable => "taken for one another (容易混淆)",
        FindingKind::SameAnswer => "the same answer (答案相同)",
        FindingKind::FewSimilar => "few similar questions (相似问太少)",
        FindingKind::LongAnswer => "a long answer (答案太长)",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn findings_are_named_with_their_entries() {
        let kb = r#"{"id":"a","question":"怎么申请退款","similar":["退钱流程"],"answer":"点退款"}
{"id":"b","question":"运费谁出","answer":""}"#;
        let mut n_told = 0;
        let report = check(
            File {
                name: "kb.jsonl",
                bytes: kb.as_bytes(),
            },
            &mut |_| n_told += 1,
        )
        .unwrap();
        let text = text(&report);
        assert!(text.starts_with("2 entries, 3 wordings\n"), "{text}");
        assert!(text.contains("without an answer (没有答案): 1\n"), "{text}");
        assert!(text.contains("b 运费谁出"), "{text}");
        assert!(
            text.contains("few similar questions (相似问太少): 2\n"),
            "{text}"
        );
    }

    #[test]
    fn nothing_to_check_is_fine() {
        let kb = File {
            name: "kb.jsonl",
            bytes: b"",
        };
        let report = check(kb, &mut |_| {}).unwrap();
        assert_eq!(
            text(&report),
            "0 entries, 0 wordings\nnothing to improve was found\n"
        );
    }
}
