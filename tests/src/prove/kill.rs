//! A desk that is killed at any moment loses nothing that it acknowledged, and doubles nothing.
//!
//! The desk is a process of its own ([`be_the_desk`]) that writes replies without pause and prints
//! the number of each once it is durable. It is killed, started again, and so on; then the customer
//! counts.

use std::{
    collections::{BTreeSet, HashMap},
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::mpsc::{Receiver, RecvTimeoutError, channel},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail, ensure};
use lt_model::agent::Role;
use lt_protocol::widget::WidgetAuthor;
use serde_json::json;

use super::{Dice, Proved, Scale, count};
use crate::{customer::Customer, desk::Desk, shop::Shop};

/// How [`be_the_desk`] is asked for.
pub const DESK: &str = "--be-the-desk";
/// What the desk prints when its store is open.
const OPEN: &str = "open";
/// The longest that a desk may be silent.
const PATIENCE: Duration = Duration::from_secs(60);
/// The longest that it is left alone after the reply at which it is to die, ms.
const MAX_LINGER_MS: u64 = 30;
/// One in so many is killed while it starts.
const ONE_IN_STARTING: u64 = 5;

/// Kills the desk at random moments, `program` being one that becomes the desk when asked by
/// [`DESK`], and counts what came to the customer.
///
/// # Errors
/// What kept the shop or a desk from working.
pub async fn prove(program: &Path, scale: &Scale) -> Result<Proved> {
    let shop = Shop::open().await?;
    shop.hire("xiaotong", "王晓彤", Role::Agent, &["售前", "售后", "投诉"])
        .await?;
    let mut desk = Desk::sign_in(&shop, "xiaotong").await?;
    let customer = Customer::visit(&shop, "李梅").await?;
    customer.says("我要转人工").await?;
    let row = desk.only("queue").await?;
    let id = json!({"conversation_id": row["id"]});
    desk.ask("conversation.claim", id).await?;
    desk.only("mine").await?;
    let conversation = row["id"].as_str().context("a conversation has an id")?;
    let harness = Harness {
        program: program.to_owned(),
        folder: desk.close().await,
        conversation: conversation.to_owned(),
        scale: *scale,
    };
    let (harness, tally) = tokio::task::spawn_blocking(move || {
        let tally = harness.run();
        (harness, tally)
    })
    .await?;
    let tally = tally?;

    let mut desk = Desk::start(harness.folder);
    desk.unlock().await?;
    deliver(&mut desk).await?;
    let page = customer.sees().await?;
    let mut times: HashMap<&str, u64> = HashMap::new();
    for message in &page {
        if message.author == WidgetAuthor::Agent {
            *times.entry(message.text.as_str()).or_default() += 1;
        }
    }
    let lost: Vec<&String> = tally
        .acknowledged
        .iter()
        .filter(|text| !times.contains_key(text.as_str()))
        .collect();
    let n_doubled = times.values().filter(|n| **n > 1).count();
    let n_delivered: u64 = times.values().sum();
    let n_edits = count(tally.acknowledged.len());
    let misses = lost.iter().map(|text| format!("{text} is lost")).collect();
    desk.close().await;
    Ok(Proved {
        name: "kill",
        ok: lost.is_empty()
            && n_doubled == 0
            && n_edits >= scale.edits
            && tally.n_kills >= scale.kills,
        figures: vec![
            ("edits", n_edits),
            ("kills", tally.n_kills),
            ("kills_while_starting", tally.n_kills_while_starting),
            ("delivered", n_delivered),
            // Durable, but killed before it could say so: they may come, once.
            (
                "delivered_unacknowledged",
                n_delivered.saturating_sub(n_edits),
            ),
            ("lost", count(lost.len())),
            ("doubled", count(n_doubled)),
        ],
        misses,
        seed: scale.seed,
    })
}

/// Waits until nothing is pending, as long as it becomes less.
async fn deliver(desk: &mut Desk) -> Result<()> {
    let mut last = u64::MAX;
    loop {
        let view = desk
            .wait_for("delivery", "connection.get", json!({}), move |view| {
                view["state"] == "online" && view["pending"].as_u64() < Some(last)
            })
            .await?;
        last = view["pending"].as_u64().context("a count of what waits")?;
        if last == 0 {
            return Ok(());
        }
    }
}

/// What starts desks and kills them.
struct Harness {
    program: PathBuf,
    folder: PathBuf,
    conversation: String,
    scale: Scale,
}

#[derive(Default)]
struct Tally {
    /// Texts that a desk said were durable.
    acknowledged: BTreeSet<String>,
    n_kills: u64,
    n_kills_while_starting: u64,
    /// Whether the store was open in this run.
    is_open: bool,
}

impl Harness {
    fn run(&self) -> Result<Tally> {
        let mut dice = Dice::new(self.scale.seed, 0);
        let mut tally = Tally::default();
        // What it takes to start, which the first run shows.
        let mut starting = Duration::ZERO;
        let a_run = self.scale.edits / self.scale.kills.max(1);
        let mut run = 0;
        while tally.n_kills < self.scale.kills || count(tally.acknowledged.len()) < self.scale.edits
        {
            run += 1;
            tally.is_open = false;
            let begun = Instant::now();
            let (mut child, lines) = self.start(run)?;
            let dies_starting = run > 1 && dice.below(ONE_IN_STARTING) == 0;
            let until = if dies_starting {
                let ms = u64::try_from(starting.as_millis())?;
                let moment = Duration::from_millis(dice.below(ms + 1));
                linger(&lines, &mut tally, run, moment)?
            } else {
                let first = lines.recv_timeout(PATIENCE).context("a desk opens")?;
                ensure!(first == OPEN, "the desk says: {first}");
                tally.is_open = true;
                starting = begun.elapsed();
                for _ in 0..1 + dice.below(2 * a_run + 1) {
                    let line = lines.recv_timeout(PATIENCE).context("a desk writes")?;
                    tally.note(run, &line)?;
                }
                let moment = Duration::from_micros(dice.below(MAX_LINGER_MS * 1_000));
                linger(&lines, &mut tally, run, moment)?
            };
            ensure!(until == Ended::No, "the desk ended by itself in run {run}");
            child.kill().context("killing the desk")?;
            child.wait().context("waiting for its end")?;
            tally.n_kills += 1;
            // What it had said before it died counts; a line that it did not finish does not.
            for line in lines {
                tally.note(run, &line)?;
            }
            tally.n_kills_while_starting += u64::from(!tally.is_open);
        }
        Ok(tally)
    }

    /// Starts a desk; gives the lines that it prints, whole ones only.
    fn start(&self, run: u64) -> Result<(Child, Receiver<String>)> {
        let mut child = Command::new(&self.program)
            .arg(DESK)
            .arg(&self.folder)
            .args([&self.conversation, &run.to_string()])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .context("starting a desk")?;
        let stdout = child.stdout.take().context("what the desk prints")?;
        let (sender, receiver) = channel();
        thread::spawn(move || {
            let mut stdout = BufReader::new(stdout);
            let mut line = String::new();
            while stdout.read_line(&mut line).is_ok_and(|n| n > 0) {
                let Some(whole) = line.strip_suffix('\n') else {
                    break;
                };
                if sender.send(whole.to_owned()).is_err() {
                    break;
                }
                line.clear();
            }
        });
        Ok((child, receiver))
    }
}

impl Tally {
    fn note(&mut self, run: u64, line: &str) -> Result<()> {
        if line == OPEN {
            self.is_open = true;
            return Ok(());
        }
        let n: u64 = line
            .parse()
            .with_context(|| format!("the desk says: {line}"))?;
        ensure!(
            self.acknowledged.insert(text(run, n)),
            "a reply is acknowledged once"
        );
        Ok(())
    }
}

#[derive(PartialEq, Eq)]
enum Ended {
    No,
    Yes,
}

/// Listens until the moment is over, or the desk has ended.
fn linger(
    lines: &Receiver<String>,
    tally: &mut Tally,
    run: u64,
    moment: Duration,
) -> Result<Ended> {
    let until = Instant::now() + moment;
    loop {
        match lines.recv_timeout(until.saturating_duration_since(Instant::now())) {
            Ok(line) => tally.note(run, &line)?,
            Err(RecvTimeoutError::Timeout) => return Ok(Ended::No),
            Err(RecvTimeoutError::Disconnected) => return Ok(Ended::Yes),
        }
    }
}

/// The `n`th reply of a run; there is no other with this text.
fn text(run: u64, n: u64) -> String {
    format!("第{run}次开工，第{n}句")
}

/// Becomes the desk: opens the folder, writes replies without pause, prints the number of each when
/// it is durable, until it is killed. `args` are the folder, the conversation and the run.
///
/// # Errors
/// When the folder is not opened, a reply is refused, or nobody listens.
pub async fn be_the_desk(mut args: impl Iterator<Item = String>) -> Result<()> {
    let (Some(folder), Some(conversation), Some(run)) = (args.next(), args.next(), args.next())
    else {
        bail!("{DESK} FOLDER CONVERSATION RUN");
    };
    let run: u64 = run.parse()?;
    let desk = Desk::start(PathBuf::from(folder));
    desk.unlock().await?;
    say(OPEN)?;
    let conversation = json!(conversation);
    for n in 1.. {
        desk.reply(&conversation, &text(run, n)).await?;
        say(&n.to_string())?;
    }
    Ok(())
}

/// One whole line at once, so that a kill leaves either all of it or nothing.
fn say(line: &str) -> Result<()> {
    let mut stdout = std::io::stdout().lock();
    stdout.write_all(format!("{line}\n").as_bytes())?;
    Ok(stdout.flush()?)
}
