//! `bench-desk [--conversations N] [--messages N] [--longest N] [--tickets N] [--times N] [--seed N]
//! [--keep FOLDER]`: how quick every command of a desk is over a year's store, beside naive twins.
//! Prints tables, the promises, and one JSON line; fails where a promise is missed.

#![expect(
    clippy::print_stdout,
    reason = "a command-line tool speaks on standard output"
)]

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use scenarios::{
    desk::{Desk, now},
    desk_bench::{
        fill::{self, FULL, Size},
        measure, report, twins,
    },
    sync_bench::machine,
};
use serde_json::json;
use tokio::runtime::Runtime;

const USAGE: &str = "usage: bench-desk [--conversations N] [--messages N] [--longest N] [--tickets N] [--times N] [--seed N] [--keep FOLDER]";
/// How often a twin is asked: it may take seconds.
const N_TWIN: usize = 10;

struct Options {
    size: Size,
    times: usize,
    seed: u64,
    keep: Option<PathBuf>,
}

fn main() -> Result<()> {
    let options = options()?;
    let temporary = tempfile::tempdir().context("making a folder")?;
    let folder = options.keep.clone();
    let folder = folder.unwrap_or_else(|| temporary.path().join("desk"));
    std::fs::create_dir_all(&folder).context("making the desk's folder")?;
    Runtime::new()
        .context("starting the runtime")?
        .block_on(bench(&options, folder))
}

async fn bench(options: &Options, folder: PathBuf) -> Result<()> {
    let Options {
        size, times, seed, ..
    } = options;
    let profile = if cfg!(debug_assertions) {
        "development"
    } else {
        "release"
    };
    println!(
        "load of the machine before: {:.2}; {profile} profile; {} conversations, {} messages, the longest {}, {} tickets",
        machine::load().unwrap_or_default(),
        size.conversations,
        size.messages,
        size.longest,
        size.tickets
    );
    let mut filled = fill::fill(&folder, *size, *seed, now())?;
    println!("the store was filled in {:.1} s", filled.seconds);
    let desk = Desk::start(folder);
    desk.unlock().await.context("opening the store")?;
    let indexed = measure::index(&desk).await?;
    println!("its search index was filled in {indexed:.1} s\n");
    let mut figures = measure::commands(&desk, &filled, *times, *seed).await?;
    figures.extend(measure::changes(&desk, &mut filled, *times, *seed).await?);
    print!(
        "{}",
        report::table("command, at the window's edge", &figures)
    );
    println!();
    let twins = twins::measure(&desk, N_TWIN.min(*times), size.conversations, *seed)?;
    print!("{}", report::table("naive twin, same store", &twins));
    println!();
    desk.close().await;
    let missed = report::missed(&figures);
    for figure in &missed {
        println!(
            "✗ {}: p99 {:.1} ms, promised below {:.0} ms",
            figure.name,
            figure.p99_ms,
            report::PROMISED_MS
        );
    }
    let ok = missed.is_empty();
    if ok {
        println!("✓ every command: p99 below {:.0} ms", report::PROMISED_MS);
    }
    println!(
        "{}",
        json!({"name": "desk", "ok": ok, "profile": profile, "seed": seed,
            "conversations": size.conversations, "messages": size.messages, "tickets": size.tickets,
            "fill_s": filled.seconds, "index_s": indexed,
            "commands": report::json(&figures), "twins": report::json(&twins)})
    );
    anyhow::ensure!(ok, "a promise was missed");
    Ok(())
}

fn options() -> Result<Options> {
    let mut options = Options {
        size: FULL,
        times: 300,
        seed: 42,
        keep: None,
    };
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        let value = args.next().with_context(|| USAGE)?;
        if arg == "--keep" {
            options.keep = Some(PathBuf::from(value));
            continue;
        }
        let number: usize = value.parse().with_context(|| format!("{arg} {value}"))?;
        match arg.as_str() {
            "--conversations" => options.size.conversations = number.max(1),
            "--messages" => options.size.messages = number,
            "--longest" => options.size.longest = number,
            "--tickets" => options.size.tickets = number,
            "--times" => options.times = number.max(1),
            "--seed" => options.seed = u64::try_from(number)?,
            _ => bail!(USAGE),
        }
    }
    let Size {
        conversations,
        messages,
        longest,
        ..
    } = options.size;
    if messages < longest + conversations {
        bail!("every conversation has a message: more messages, or fewer conversations");
    }
    Ok(options)
}
