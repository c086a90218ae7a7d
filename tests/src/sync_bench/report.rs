//! The tables for people, and what was promised.

use super::{
    board::Latency,
    desk::{CaughtUp, Replayed},
    run::{AtRate, Carried, Idle},
};

/// Others took at most this share of the machine, or the run is noisy.
pub const QUIET: f64 = 0.10;
/// Messages a second that are promised.
const PROMISED_RATE: u32 = 1_000;
/// Nearly all of a rate: what is missing is the last messages on their way.
const KEPT_UP: f64 = 0.95;

/// Everything of one back end.
pub struct Figures {
    /// Its name.
    pub name: &'static str,
    /// Messages and idle sockets.
    pub carried: Carried,
    /// Idle sockets over TLS.
    pub tls: Idle,
    /// Acts a second of the write path, ours and the twin's.
    pub writes: (f64, f64),
    /// The first fetch of a new desk.
    pub first_fetch: CaughtUp,
    /// What was written offline.
    pub replay: Replayed,
}

/// A promise and whether it was kept.
pub struct Promise {
    /// What.
    pub text: String,
    /// Whether it was kept.
    pub is_kept: bool,
    /// Whether only a quiet machine can say.
    pub needs_quiet: bool,
}

/// What is promised for a back end.
#[must_use]
pub fn promises(figures: &Figures) -> Vec<Promise> {
    let promise = |text: String, is_kept: bool, needs_quiet: bool| Promise {
        text,
        is_kept,
        needs_quiet,
    };
    let carried = &figures.carried;
    let lost: u64 = carried.rates.iter().map(|rate| rate.lost).sum();
    let wrong = carried.doubled + carried.misdirected + carried.refused;
    let mut all = vec![
        promise(
            format!(
                "0 messages lost, doubled, misdirected or refused: {}",
                lost + wrong
            ),
            lost + wrong == 0,
            false,
        ),
        promise(
            format!("0 sockets dropped: {}", carried.hung_up.len()),
            carried.hung_up.is_empty(),
            false,
        ),
    ];
    if let Some(at) = carried.rates.iter().find(|at| at.rate == PROMISED_RATE) {
        all.push(promise(
            format!(
                "{PROMISED_RATE} messages a second, 99 % at the agent's socket within 100 ms: {:.0} a second, {:.0} ms",
                at.achieved, at.socket.p99_ms
            ),
            at.achieved >= KEPT_UP * f64::from(at.rate) && at.socket.p99_ms < 100.0,
            true,
        ));
    }
    if let Some(kib) = carried.idle.kib_each {
        all.push(promise(
            format!("at most 16 KiB for an idle desktop: {kib:.1} KiB"),
            kib <= 16.0,
            false,
        ));
    }
    let (ours, twin) = figures.writes;
    // The twin seals nothing, chains nothing and feeds nobody.
    let least = if figures.name == "postgresql" {
        0.5
    } else {
        0.2
    };
    all.push(promise(
        format!(
            "the write path, at least {least} times the twin's rate: {:.2} times",
            ours / twin.max(1e-9)
        ),
        ours >= least * twin,
        false,
    ));
    all.push(promise(
        format!(
            "{} operations written offline are replayed within 60 s: {:.1} s, {} lost, {} doubled",
            figures.replay.operations,
            figures.replay.seconds,
            figures.replay.lost,
            figures.replay.doubled
        ),
        figures.replay.lost == 0 && figures.replay.doubled == 0,
        false,
    ));
    all.push(promise(
        format!("replay within 60 s: {:.1} s", figures.replay.seconds),
        figures.replay.seconds < 60.0,
        true,
    ));
    all
}

/// The table of one back end.
#[must_use]
pub fn table(figures: &Figures) -> String {
    let mut text = format!(
        "{:>9}{:>10}{:>7}{:>20}{:>22}{:>12}{:>9}{:>24}\n",
        "rate /s",
        "achieved",
        "lost",
        "answered p50/p99 ms",
        "at socket p50/p99 ms",
        "server CPU",
        "others",
        "twin: /s, p50/p99 ms"
    );
    for at in &figures.carried.rates {
        text.push_str(&line(at));
    }
    text.push_str(&format!(
        "idle desktop: {} over HTTP in the machine, {} over TLS; {} in {:.1} s\n",
        kib(&figures.carried.idle),
        kib(&figures.tls),
        figures.carried.idle.desks,
        figures.carried.idle.connected_s,
    ));
    if let Some(ms) = figures.carried.idle.cpu_ms_per_s {
        text.push_str(&format!(
            "processor time of {} idle desktops: {ms:.0} ms a second\n",
            figures.carried.idle.desks
        ));
    }
    let (ours, twin) = figures.writes;
    text.push_str(&format!(
        "write path alone, {} writers: {ours:.0} messages a second; twin {twin:.0}; {:.2} times\n",
        super::write_path::N_WRITERS,
        ours / twin.max(1e-9)
    ));
    let fetch = &figures.first_fetch;
    text.push_str(&format!(
        "first fetch of a new desk, {} rows: {:.1} s, {:.0} rows a second; twin (plain SQLite, a row a transaction) {:.0} rows a second\n",
        fetch.rows,
        fetch.seconds,
        fetch.rows as f64 / fetch.seconds.max(1e-9),
        fetch.twin_rows_per_s
    ));
    let replay = &figures.replay;
    text.push_str(&format!(
        "replay of {} operations written offline: {:.1} s; twin (one at a time, each after the answer) {:.1} s; {:.2} times\n",
        replay.operations,
        replay.seconds,
        replay.twin_seconds,
        replay.twin_seconds / replay.seconds.max(1e-9)
    ));
    text
}

fn line(at: &AtRate) -> String {
    let pair = |latency: Latency| format!("{:.1} / {:.1}", latency.p50_ms, latency.p99_ms);
    let cpu = at
        .server_cpu_us
        .map_or("unknown".to_owned(), |us| format!("{:.2} ms", us / 1e3));
    let others = at.others.map_or("unknown".to_owned(), |share| {
        format!("{:.0} %", share * 100.0)
    });
    format!(
        "{:>9}{:>10.0}{:>7}{:>20}{:>22}{:>12}{:>9}{:>24}\n",
        at.rate,
        at.achieved,
        at.lost,
        pair(at.answer),
        pair(at.socket),
        cpu,
        others,
        format!("{:.0}, {}", at.twin_achieved, pair(at.twin))
    )
}

fn kib(idle: &Idle) -> String {
    idle.kib_each
        .map_or("unknown".to_owned(), |kib| format!("{kib:.1} KiB"))
}

/// Whether others left the machine alone while messages were carried.
#[must_use]
pub fn is_quiet(all: &[Figures]) -> bool {
    all.iter()
        .flat_map(|figures| &figures.carried.rates)
        .all(|at| at.others.is_none_or(|share| share <= QUIET))
}
