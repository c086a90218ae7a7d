//! `bench-sync [--only sqlcipher|postgresql] [--desks N] [--seconds N]`: how fast messages come to
//! connected desktops, beside naive twins. Prints a table for each back end, the promises, and one
//! JSON line; fails where a promise is missed that this machine can judge now.

#![expect(
    clippy::print_stdout,
    reason = "a command-line tool speaks on standard output"
)]

use std::time::{Duration, SystemTime};

use anyhow::{Context, Result, bail};
use scenarios::{
    postgres::{Cluster, Speed},
    sync_bench::{
        backend::{Backend, Home},
        desk::{self, Work},
        machine,
        report::{self, Figures},
        run::{self, Plan, Twin},
        write_path,
    },
};
use serde_json::{Map, Value, json};
use tokio::runtime::Runtime;

const USAGE: &str =
    "usage: bench-sync [--only sqlcipher|postgresql] [--desks N] [--seconds N] [--rates N,N,…]";
/// How long the write path alone is driven.
const WRITES: Duration = Duration::from_secs(5);
/// Numbers of messages that no rate uses.
const BEYOND_RATES: usize = 1_000_000_000;

/// What is asked for.
struct Options {
    only: Option<String>,
    plan: Plan,
    work: Work,
}

fn main() -> Result<()> {
    let mut options = options()?;
    let load = machine::load().unwrap_or_default();
    let profile = if cfg!(debug_assertions) {
        "development"
    } else {
        "release"
    };
    println!("load of the machine before: {load:.2}; {profile} profile");
    let runtime = Runtime::new().context("starting the runtime")?;
    let mut all = Vec::new();
    if options.only.as_deref() != Some("postgresql") {
        let home = |_: &str| Home::new(Backend::SqlCipher, now());
        all.push(measure(&runtime, "sqlcipher", home, None, &options)?);
    }
    if options.only.as_deref() != Some("sqlcipher") {
        println!("starting a PostgreSQL of its own …");
        let cluster = Cluster::start(Speed::Durable)?;
        let twin = cluster.database("twin")?;
        options.plan.database_pid = Some(cluster.pid()?);
        let home = |name: &str| Home::new(Backend::Postgres(cluster.database(name)?), now());
        all.push(measure(
            &runtime,
            "postgresql",
            home,
            Some(&twin),
            &options,
        )?);
    }
    let is_quiet = report::is_quiet(&all);
    println!(
        "\n{}",
        if is_quiet {
            "The machine was quiet."
        } else {
            "The machine was busy with other work: times are not judged, counts and ratios are."
        }
    );
    let mut ok = true;
    for figures in &all {
        for promise in report::promises(figures) {
            let is_judged = is_quiet || !promise.needs_quiet;
            ok &= promise.is_kept || !is_judged;
            let mark = match (promise.is_kept, is_judged) {
                (true, _) => "✓",
                (false, true) => "✗",
                (false, false) => "·",
            };
            println!("{mark} {}: {}", figures.name, promise.text);
        }
    }
    let figures: Map<String, Value> = all
        .iter()
        .map(|one| (one.name.to_owned(), values(one)))
        .collect();
    println!(
        "{}",
        json!({"name": "sync", "ok": ok, "profile": profile, "quiet": is_quiet, "load": load, "figures": figures})
    );
    if !ok {
        bail!("a promise is missed");
    }
    Ok(())
}

fn measure(
    runtime: &Runtime,
    name: &'static str,
    home: impl Fn(&str) -> Result<Home>,
    twin_database: Option<&str>,
    options: &Options,
) -> Result<Figures> {
    println!("\n{name}: messages at rising rates …");
    let place = home("carry")?;
    let mut carried = run::carry(runtime, &place, &options.plan, now())?;
    let twin = Twin::of(&place.backend, &place.beside("."), twin_database)?;
    run::beside(&mut carried, &options.plan, &twin)?;
    println!("{name}: idle sockets over TLS …");
    let tls = run::idle_over_tls(runtime, &home("tls")?, options.plan.desks, now())?;
    println!("{name}: the write path alone …");
    let ours = write_path::ours(&home("writes")?.open()?, WRITES, now())?;
    let theirs = twin.per_second(WRITES, BEYOND_RATES)?;
    println!("{name}: a real desk fetches, and replays …");
    let (first_fetch, replay) = desk::work(runtime, &home("desk")?, options.work, now())?;
    let figures = Figures {
        name,
        carried,
        tls,
        writes: (ours, theirs),
        first_fetch,
        replay,
    };
    println!("\n{name}\n{}", report::table(&figures));
    Ok(figures)
}

fn values(figures: &Figures) -> Value {
    let (ours, twin) = figures.writes;
    json!({
        "carried": figures.carried,
        "idle_over_tls": figures.tls,
        "writes_per_s": ours,
        "twin_writes_per_s": twin,
        "writes_times_twin": ours / twin.max(1e-9),
        "first_fetch": figures.first_fetch,
        "replay": figures.replay,
    })
}

fn options() -> Result<Options> {
    let mut options = Options {
        only: None,
        plan: Plan {
            desks: 1_000,
            conversations: 4,
            rates: vec![200, 500, 1_000, 2_000],
            seconds: 8,
            database_pid: None,
        },
        work: Work {
            conversations: 250,
            messages: 198,
            operations: 10_000,
        },
    };
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        let value = args.next().context(USAGE)?;
        let number =
            |text: &str| -> Result<u32> { text.parse().with_context(|| format!("{arg} {text}")) };
        match arg.as_str() {
            "--only" if ["sqlcipher", "postgresql"].contains(&value.as_str()) => {
                options.only = Some(value);
            }
            "--desks" => options.plan.desks = number(&value)?.max(1) as usize,
            "--seconds" => options.plan.seconds = number(&value)?.max(1),
            "--rates" => {
                options.plan.rates = value.split(',').map(number).collect::<Result<_>>()?;
            }
            "--operations" => options.work.operations = number(&value)? as usize,
            // Nothing here is made up at random.
            "--seed" => {}
            _ => bail!(USAGE),
        }
    }
    Ok(options)
}

fn now() -> i64 {
    SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .ok()
        .and_then(|since| i64::try_from(since.as_millis()).ok())
        .unwrap_or_default()
}
