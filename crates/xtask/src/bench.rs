//! Benchmarks, each beside what one would reach for without us.

mod desk;

use crate::{setup, step};

/// What can be measured.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub(crate) enum Bench {
    /// The matching engine by size of the knowledge base: training, memory, cold start, latency;
    /// beside SQLite FTS5 and plain BM25.
    Engine,
    /// Messages to 1,000 connected desktops, on both back ends, and what a desk needs to catch up;
    /// beside naive twins.
    Sync,
    /// Every command of a desk over 10,000 conversations and 200,000 messages, beside naive twins,
    /// and what the real window needs to paint them.
    Desk,
    /// Boards of numbers over three years of 2,000 conversations a day on a desk, what counting an event
    /// costs and how much room it takes; beside a naive recount.
    Metrics,
}

/// Builds what measures, runs it; its last line is one JSON object.
pub(crate) fn run(
    bench: Bench,
    large: bool,
    seed: Option<u64>,
    is_rehearsal: bool,
) -> anyhow::Result<()> {
    let name = match bench {
        Bench::Engine => "bench-engine",
        Bench::Sync => {
            setup::postgresql()?;
            "bench-sync"
        }
        Bench::Metrics => "bench-metrics",
        Bench::Desk => return desk::run(seed, is_rehearsal),
    };
    // The server is measured as it is shipped. The engine is optimised in everyday builds too.
    let is_release = matches!(bench, Bench::Sync | Bench::Metrics);
    let name_arg = format!("--bin={name}");
    let mut build = vec![
        "build",
        "--package=scenarios",
        "--package=lt-server",
        "--bin=lingtai",
        &name_arg,
    ];
    if is_release {
        build.push("--release");
    }
    step::run("build the benchmark", &mut step::cargo(build))?;
    let mut folder = step::bin_dir()?;
    if is_release {
        folder.set_file_name("release");
    }
    let program = folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    let mut args = Vec::new();
    if large && matches!(bench, Bench::Engine) {
        args.push("--large".to_owned());
    }
    if let Some(seed) = seed {
        args.extend(["--seed".to_owned(), seed.to_string()]);
    }
    // Not through `step::run`, which prints after it: the JSON object stays the last line.
    let status = step::command(&program.to_string_lossy(), args).status()?;
    anyhow::ensure!(status.success(), "the benchmark failed: {status}");
    Ok(())
}
