//! `bench-engine [--large] [--seed N] [--questions N]`: time and memory of the engine by size of the
//! knowledge base, beside SQLite FTS5 and plain BM25. Prints a table, the promises, and one JSON
//! line.

#![expect(
    clippy::print_stdout,
    reason = "a command-line tool speaks on standard output"
)]

use std::{path::PathBuf, process::Command};

use anyhow::{Context, bail};
use scenarios::engine_bench::{figures::Figures, report, size};

/// Questions asked in a round.
const N_QUESTIONS: usize = 2_000;

fn main() -> anyhow::Result<()> {
    let mut sizes = vec![1_000, 10_000];
    let (mut seed, mut n_questions, mut only) = (42_u64, N_QUESTIONS, None);
    let mut opened: Option<PathBuf> = None;
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        if arg == "--opened" {
            // The memory of a process that opens an engine kept in this folder.
            opened = args.next().map(PathBuf::from);
            continue;
        }
        let mut number = || -> anyhow::Result<u64> {
            let value = args
                .next()
                .with_context(|| format!("{arg} needs a number"))?;
            value.parse().with_context(|| format!("{arg} {value}"))
        };
        match arg.as_str() {
            "--large" => sizes.push(100_000),
            "--seed" => seed = number()?,
            "--questions" => n_questions = number()?.max(1) as usize,
            // One size in this process; its figures are the last line.
            "--only" => only = Some(number()? as usize),
            _ => bail!("usage: bench-engine [--large] [--seed N] [--questions N]"),
        }
    }
    if let (Some(n_entries), Some(folder)) = (only, opened) {
        let memory = size::opened_memory(&folder, n_entries, seed)?;
        println!("{}", serde_json::to_string(&memory)?);
        return Ok(());
    }
    if let Some(n_entries) = only {
        let figures = size::measure(n_entries, n_questions, seed)?;
        println!("{}", serde_json::to_string(&figures)?);
        return Ok(());
    }
    let mut all: Vec<Figures> = Vec::new();
    for n_entries in sizes {
        println!("measuring {n_entries} entries …");
        all.push(child(n_entries, n_questions, seed)?);
    }
    println!(
        "\nDevelopment profile, in which the engine, its search library and SQLite are optimised; \
         one thread,\n{n_questions} questions asked three times, of each the fastest time.\n"
    );
    print!("{}", report::table(&all));
    println!();
    let mut ok = true;
    for figures in &all {
        for promise in report::promises(figures) {
            ok &= promise.is_kept();
            println!(
                "{} {:>6} entries: {} {:.1} {}, promised below {:.0}",
                if promise.is_kept() { "✓" } else { "✗" },
                figures.entries,
                promise.name,
                promise.measured,
                promise.unit,
                promise.below
            );
        }
    }
    let figures: serde_json::Map<String, serde_json::Value> = all
        .iter()
        .map(|one| {
            Ok((
                format!("entries_{}", one.entries),
                serde_json::to_value(one)?,
            ))
        })
        .collect::<anyhow::Result<_>>()?;
    println!(
        "{}",
        serde_json::json!({"name": "engine", "ok": ok, "figures": figures, "seed": seed})
    );
    Ok(())
}

/// Measures one size in a process of its own.
fn child(n_entries: usize, n_questions: usize, seed: u64) -> anyhow::Result<Figures> {
    let exe = std::env::current_exe().context("finding this program's own path")?;
    let args = [
        ("--only", n_entries.to_string()),
        ("--questions", n_questions.to_string()),
        ("--seed", seed.to_string()),
    ];
    let output = Command::new(exe)
        .args(args.iter().flat_map(|(name, value)| [*name, value]))
        .stderr(std::process::Stdio::inherit())
        .output()
        .context("starting a measurement")?;
    if !output.status.success() {
        bail!("measuring {n_entries} entries: {}", output.status);
    }
    let text = String::from_utf8(output.stdout).context("reading the figures")?;
    serde_json::from_str(text.trim()).context("reading the figures")
}
