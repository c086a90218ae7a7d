//! `bench-metrics [--days N] [--per-day N] [--times N] [--counted N] [--seed N]`: boards of numbers over
//! three years, the cost of counting, and the room it takes, beside a naive recount. Prints tables, the
//! promises, and one JSON line; fails where a promise is missed.

#![expect(
    clippy::print_stdout,
    reason = "a command-line tool speaks on standard output"
)]

use std::{path::Path, time::Instant};

use anyhow::{Context, Result, bail, ensure};
use lt_model::{
    Millis,
    metric::{Grain, MetricValue},
};
use lt_protocol::metrics::{MAX_CELLS, MetricsBoard, MetricsFilter, MetricsSlice};
use scenarios::{
    desk::{Desk, PASSPHRASE, now},
    desk_bench::{
        fill::{self, Size},
        measure::Figure,
        report,
        talk::Dice,
    },
    metrics_bench::{
        counted,
        made::{self, CLOCK, Cells},
        twin::Rows,
    },
    sync_bench::machine,
};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

const USAGE: &str =
    "usage: bench-metrics [--days N] [--per-day N] [--times N] [--counted N] [--seed N]";
/// A board answers within this, nearly always.
const PROMISED_MS: f64 = 100.0;
const DAY_MS: Millis = 86_400_000;
/// For as long hours are kept.
const HOURS_KEPT_DAYS: usize = 90;
/// A desk with little else in it.
const SMALL: Size = Size {
    conversations: 100,
    messages: 1_000,
    longest: 20,
    entries: 50,
    tickets: 10,
};

struct Options {
    days: usize,
    per_day: usize,
    times: usize,
    counted_days: usize,
    seed: u64,
}

/// A board that is asked for.
struct Wish {
    name: &'static str,
    days: usize,
    grain: Grain,
    filter: MetricsFilter,
    is_compared: bool,
}

fn main() -> Result<()> {
    let options = options()?;
    let folder = tempfile::tempdir().context("making a folder")?;
    let profile = if cfg!(debug_assertions) {
        "development"
    } else {
        "release"
    };
    println!(
        "load of the machine before: {:.2}; {profile} profile; {} days of {} conversations; seed {}",
        machine::load().unwrap_or_default(),
        options.days,
        options.per_day,
        options.seed
    );
    let (rows, n_cells) = lay_out(&options, folder.path())?;
    let desk_bytes = size(&folder.path().join("desk"))?;
    let twin_bytes = size(&folder.path().join("twin"))?;
    let runtime = Runtime::new().context("starting the runtime")?;
    let Asked {
        figures,
        again,
        twins,
    } = runtime.block_on(ask(&options, folder.path(), &rows))?;
    print!(
        "{}",
        report::table(
            "board, at the window's edge, after a change of its cells",
            &figures
        )
    );
    println!();
    print!(
        "{}",
        report::table("the same again, with no change", &again)
    );
    println!();
    print!("{}", report::table("naive recount of the same", &twins));
    let server = folder.path().join("server");
    std::fs::create_dir_all(&server)?;
    // Always at the same hour of a day, so that the figures do not hang on when somebody looks.
    let noon = CLOCK.floor(now(), Grain::Day) + DAY_MS / 2;
    let cost = counted::measure(
        &server,
        options.counted_days,
        options.per_day,
        noon,
        options.seed,
    )?;
    println!(
        "\ncounting: {:.1} µs for an event ({} events, {} cells); a recount of all: {:.0} ms",
        cost.per_event_us, cost.events, cost.cells, cost.recount_ms
    );
    let conversations = options.days * options.per_day;
    #[expect(clippy::cast_precision_loss, reason = "sizes far below that")]
    let per_million =
        |bytes: u64| bytes as f64 * 1e6 / (conversations * counted::N_MESSAGES) as f64;
    let (desk_mb, server_mb) = (per_million(desk_bytes) / 1e6, cost.bytes_per_million / 1e6);
    println!(
        "room for a million events: {desk_mb:.2} MB on a desk (rows would take {:.2} MB), \
         {server_mb:.1} MB on the server; {n_cells} cells on the desk",
        per_million(twin_bytes) / 1e6
    );
    let missed: Vec<&Figure> = figures
        .iter()
        .filter(|figure| figure.p99_ms >= PROMISED_MS)
        .collect();
    for figure in &missed {
        println!(
            "✗ {}: p99 {:.1} ms, promised below {PROMISED_MS:.0} ms",
            figure.name, figure.p99_ms
        );
    }
    let ok = missed.is_empty();
    if ok {
        println!("✓ every board: p99 below {PROMISED_MS:.0} ms");
    }
    println!(
        "{}",
        json!({"name": "metrics", "ok": ok, "profile": profile, "seed": options.seed,
            "days": options.days, "per_day": options.per_day,
            "boards": report::json(&figures), "again": report::json(&again),
            "twins": report::json(&twins),
            "figures": {"per_event_us": cost.per_event_us, "events": cost.events,
                "recount_ms": cost.recount_ms, "server_mb_per_million": server_mb,
                "desk_mb_per_million": desk_mb, "desk_cells": n_cells}})
    );
    ensure!(ok, "a promise was missed");
    Ok(())
}

/// Three years in a desk's store and in the twin's, day after day.
fn lay_out(options: &Options, folder: &Path) -> Result<(Rows, usize)> {
    let started = Instant::now();
    let (desk, twin) = (folder.join("desk"), folder.join("twin"));
    std::fs::create_dir_all(&desk)?;
    std::fs::create_dir_all(&twin)?;
    fill::fill(&desk, SMALL, options.seed, now())?;
    let mut ring = lt_store::keys::KeyRing::open(&desk)?;
    let passphrase = lt_seal::Secret::from(PASSPHRASE);
    let root = ring.unlock_passphrase(&passphrase)?;
    let (store, _) = lt_store::Store::open(&desk, &root, now())?;
    let mut rows = Rows::new(&twin.join("rows.db"))?;
    let mut dice = Dice::new(options.seed);
    let (mut coarse, mut fine) = (Cells::default(), Cells::default());
    let mut n_cells = 0;
    let mut pending = Vec::new();
    let keep = |pending: &mut Vec<_>, least: usize| -> Result<()> {
        while pending.len() >= least.max(1) {
            let some = pending
                .drain(..pending.len().min(MAX_CELLS as usize))
                .collect();
            store.keep_metrics(&made::answer(now(), some))?;
        }
        Ok(())
    };
    for (n, begin) in made::days(now(), options.days).enumerate() {
        let day = made::day(begin, options.per_day, &mut dice);
        coarse.add(&day, &[Grain::Day, Grain::Month]);
        if n + HOURS_KEPT_DAYS > options.days {
            fine.add(&day, &[Grain::Hour]);
        }
        rows.add(&day)?;
        // What is taken from the queue after midnight counts on the next day.
        let done = coarse.until(begin);
        let hours = fine.until(begin);
        n_cells += done.len() + hours.len();
        pending.extend(done);
        pending.extend(hours);
        keep(&mut pending, MAX_CELLS as usize)?;
    }
    for cells in [coarse, fine].iter_mut() {
        let rest = cells.until(Millis::MAX / 2);
        n_cells += rest.len();
        pending.extend(rest);
    }
    keep(&mut pending, 1)?;
    println!("laid out in {:.0} s", started.elapsed().as_secs_f64());
    Ok((rows, n_cells))
}

/// How long boards took.
struct Asked {
    /// Summed up from the cells.
    figures: Vec<Figure>,
    /// Nothing had changed since.
    again: Vec<Figure>,
    twins: Vec<Figure>,
}

/// Asks for boards as a window does. Before each a cell changes, as it does while somebody looks, so
/// that nothing that was summed up before can be shown again.
async fn ask(options: &Options, folder: &Path, rows: &Rows) -> Result<Asked> {
    let desk = Desk::start(folder.join("desk"));
    desk.unlock().await.context("opening the store")?;
    let store = desk.store().context("the store is open")?;
    let end = CLOCK.floor(now(), Grain::Day);
    let (mut figures, mut again, mut twins) = (Vec::new(), Vec::new(), Vec::new());
    let mut version = 1;
    for wish in wishes(options.days) {
        let from = end - i64::try_from(wish.days)? * DAY_MS;
        let from = CLOCK.floor(from, wish.grain);
        let to = CLOCK.ceil(end, wish.grain);
        let args = json!({"from": from, "to": to, "grain": wish.grain, "filter": wish.filter,
            "compare_from": wish.is_compared.then(|| from - (to - from))});
        let text = json!({"name": "metrics.board", "args": args}).to_string();
        let (mut times, mut times_again, mut answer) = (Vec::new(), Vec::new(), String::new());
        for n in 0..options.times + 3 {
            version += 1;
            store.keep_metrics(&made::change(now(), version))?;
            for times in [&mut times, &mut times_again] {
                let started = Instant::now();
                answer = desk
                    .ask_as_text(&text)
                    .await
                    .context("the board was refused")?;
                let took = started.elapsed().as_secs_f64() * 1_000.0;
                // The first ones warm up what the system keeps in memory.
                if n >= 3 {
                    times.push(took);
                }
            }
        }
        figures.push(Figure::of(wish.name, times, answer.len()));
        again.push(Figure::of(wish.name, times_again, answer.len()));
        let answer: Value = serde_json::from_str(&answer)?;
        let board: MetricsBoard =
            serde_json::from_value(answer.get("ok").cloned().unwrap_or(answer))?;
        if wish.filter == MetricsFilter::default() {
            let started = Instant::now();
            let counted = rows.board(from, to, wish.grain)?;
            let took = started.elapsed().as_secs_f64() * 1_000.0;
            twins.push(Figure::of(wish.name, vec![took], 0));
            agree(&board, &counted)?;
        }
    }
    desk.close().await;
    Ok(Asked {
        figures,
        again,
        twins,
    })
}

/// Both show the same, but for what stands at the end and what happened on the other side of midnight.
fn agree(board: &MetricsBoard, counted: &[MetricValue]) -> Result<()> {
    for (card, counted) in board.cards.iter().zip(counted) {
        let is_by_opening =
            !card.metric.is_standing() && card.metric != lt_model::metric::Metric::Failure;
        ensure!(
            !is_by_opening || card.now == *counted,
            "{:?}: {:?} on the board, {counted:?} by the recount",
            card.metric,
            card.now
        );
    }
    Ok(())
}

fn wishes(days: usize) -> Vec<Wish> {
    let wish = |name, of: usize, grain| Wish {
        name,
        days: of.min(days),
        grain,
        filter: MetricsFilter::default(),
        is_compared: true,
    };
    vec![
        wish("a day by the hour", 1, Grain::Hour),
        wish("7 days by the hour", 7, Grain::Hour),
        wish("30 days by the day", 30, Grain::Day),
        wish("a year by the month", 365, Grain::Month),
        Wish {
            is_compared: false,
            ..wish("3 years by the month", days, Grain::Month)
        },
        Wish {
            is_compared: false,
            ..wish("3 years by the day", days, Grain::Day)
        },
        Wish {
            filter: MetricsFilter {
                group: Some(made::group(3)),
                slice: None,
            },
            ..wish("a group, a year", 365, Grain::Month)
        },
        Wish {
            filter: MetricsFilter {
                group: None,
                slice: Some(MetricsSlice {
                    dim: lt_model::metric::Dimension::Category,
                    value: "类别3".to_owned(),
                }),
            },
            ..wish("a category, a year", 365, Grain::Day)
        },
    ]
}

fn size(folder: &Path) -> Result<u64> {
    let mut sum = 0;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?.metadata()?;
        sum += if entry.is_file() { entry.len() } else { 0 };
    }
    Ok(sum)
}

fn options() -> Result<Options> {
    let mut options = Options {
        days: 3 * 365,
        per_day: 2_000,
        times: 100,
        counted_days: 3,
        seed: 42,
    };
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        let value = args.next().with_context(|| USAGE)?;
        let number: usize = value.parse().with_context(|| format!("{arg} {value}"))?;
        match arg.as_str() {
            "--days" => options.days = number.max(2),
            "--per-day" => options.per_day = number.max(10),
            "--times" => options.times = number.max(1),
            "--counted" => options.counted_days = number.max(1),
            "--seed" => options.seed = u64::try_from(number)?,
            _ => bail!(USAGE),
        }
    }
    Ok(options)
}
