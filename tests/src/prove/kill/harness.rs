//! What starts desks and a server, and kills them.

use std::{
    collections::BTreeSet,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::{
        atomic::{AtomicBool, Ordering},
        mpsc::{Receiver, RecvTimeoutError, Sender, channel},
    },
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, anyhow, ensure};
use lt_model::id::ConversationId;
use lt_seal::Key32;

use super::{
    super::{Dice, Scale, count, files},
    look::{self, Reply, Verdict},
    process::{Listened, OPEN, Process},
};

/// How [`super::be_the_desk`] is asked for.
pub const DESK: &str = "--be-the-desk";
/// How [`super::be_the_server`] is asked for.
pub const SERVER: &str = "--be-the-server";

/// The longest that a desk is left alone after the reply at which it is to die, ms.
const MAX_LINGER_MS: u64 = 30;
/// One desk in so many is killed while it starts.
const ONE_IN_STARTING: u64 = 5;
/// The longest that a server lives once it listens, and stays away then, ms.
const MAX_UP_MS: u64 = 3_000;
const MAX_AWAY_MS: u64 = 1_500;
/// So many desks die for one server, at most.
const DESKS_PER_SERVER: u64 = 3;
/// Replies of the desk whose disk forgets them, at least.
const N_FORGOTTEN: u64 = 3;

/// What is needed to start them again, and to look into what they left.
pub(super) struct Harness {
    pub(super) program: PathBuf,
    pub(super) desk: PathBuf,
    pub(super) desk_root: Key32,
    pub(super) server: PathBuf,
    pub(super) server_root: Key32,
    pub(super) address: SocketAddr,
    pub(super) conversations: Vec<ConversationId>,
    /// Where copies are looked at.
    pub(super) scratch: PathBuf,
    pub(super) scale: Scale,
}

#[derive(Default)]
pub(super) struct Tally {
    /// Replies that a desk said were durable.
    pub(super) acknowledged: BTreeSet<Reply>,
    /// Those of them that were written while no server listened.
    pub(super) n_offline: u64,
    pub(super) n_kills: u64,
    pub(super) n_kills_while_starting: u64,
    pub(super) n_server_kills: u64,
    /// Times that the files of a killed process were looked into and whole.
    pub(super) n_looks: u64,
    /// [`N_FORGOTTEN`] where the look into an older copy said of each reply that it lacks that it is
    /// lost.
    pub(super) n_noticed_lost: u64,
    pub(super) misses: Vec<String>,
    /// Whether the store was open in this run.
    is_open: bool,
}

impl Harness {
    /// Kills until there were enough kills and replies.
    pub(super) fn run(&self) -> Result<Tally> {
        let is_up = AtomicBool::new(false);
        let (stop, stopped) = channel();
        thread::scope(|scope| {
            let up = &is_up;
            let servers = scope.spawn(move || self.kill_servers(up, &stopped));
            let tally = self.kill_desks(&is_up, stop, || servers.is_finished());
            let killed = servers
                .join()
                .map_err(|_| anyhow!("the server's killer panicked"))
                .flatten();
            let (n_kills, n_looks) = killed.context("killing servers")?;
            let mut tally = tally.context("killing desks")?;
            tally.n_server_kills = n_kills;
            tally.n_looks += n_looks;
            self.forget(&mut tally).context("the control")?;
            Ok(tally)
        })
    }

    /// Kills desks until enough of everything is done. `stop` goes at the end, and with it the
    /// server's killer.
    fn kill_desks(
        &self,
        is_up: &AtomicBool,
        stop: Sender<()>,
        has_failed: impl Fn() -> bool,
    ) -> Result<Tally> {
        let mut dice = Dice::new(self.scale.seed, 0);
        let mut tally = Tally::default();
        let until = self.scale.until();
        // What it takes to start, which the first run shows.
        let mut starting = Duration::ZERO;
        let a_run = self.scale.edits / self.scale.kills.max(1);
        let mut run = 0;
        while tally.n_kills < self.scale.kills
            || count(tally.acknowledged.len()) < self.scale.edits
            || Instant::now() < until
        {
            ensure!(!has_failed(), "the server's killer gave up");
            run += 1;
            tally.is_open = false;
            let begun = Instant::now();
            let desk = self.start_desk(run)?;
            let until = if run > 1 && dice.below(ONE_IN_STARTING) == 0 {
                let ms = u64::try_from(starting.as_millis())?;
                let moment = Duration::from_millis(dice.below(ms + 1));
                desk.listen(moment, |line| tally.note(run, line, is_up))?
            } else {
                desk.opens()?;
                tally.is_open = true;
                starting = begun.elapsed();
                for _ in 0..1 + dice.below(2 * a_run + 1) {
                    let line = desk.line().context("a desk writes")?;
                    tally.note(run, &line, is_up)?;
                }
                let moment = Duration::from_micros(dice.below(MAX_LINGER_MS * 1_000));
                desk.listen(moment, |line| tally.note(run, line, is_up))?
            };
            ensure!(
                until == Listened::Running,
                "the desk ended by itself in run {run}"
            );
            desk.kill(|line| tally.note(run, line, is_up))?;
            tally.n_kills += 1;
            tally.n_kills_while_starting += u64::from(!tally.is_open);
            let verdict = self.look(&self.desk, &tally.acknowledged)?;
            tally.n_looks += 1;
            if !verdict.is_fine() {
                tally.misses.push(format!("after run {run}: {verdict:?}"));
            }
        }
        drop(stop);
        Ok(tally)
    }

    /// Starts servers and kills them until it is told to stop, and at least so often as is asked.
    fn kill_servers(&self, is_up: &AtomicBool, stopped: &Receiver<()>) -> Result<(u64, u64)> {
        let mut dice = Dice::new(self.scale.seed, 1);
        let (mut n_kills, mut n_looks) = (0, 0);
        let copy = self.scratch.join("server");
        let mut is_over = false;
        while !is_over || n_kills < self.scale.kills.div_ceil(DESKS_PER_SERVER) {
            let data = self.server.to_string_lossy();
            let address = self.address.to_string();
            let server = Process::start(&self.program, &[SERVER, &data, &address])?;
            server.opens()?;
            is_up.store(true, Ordering::SeqCst);
            let mut pause = |most_ms| {
                let moment = Duration::from_millis(dice.below(most_ms));
                match stopped.recv_timeout(moment) {
                    Err(RecvTimeoutError::Disconnected) => true,
                    Ok(()) | Err(RecvTimeoutError::Timeout) => false,
                }
            };
            is_over |= pause(MAX_UP_MS);
            server.kill(|_| Ok(()))?;
            is_up.store(false, Ordering::SeqCst);
            n_kills += 1;
            files::copy(&self.server, &copy)?;
            look::server(&copy, &self.server_root)?;
            n_looks += 1;
            is_over |= pause(MAX_AWAY_MS);
        }
        Ok((n_kills, n_looks))
    }

    /// The control: a desk whose disk forgets what it had acknowledged. The look into it has to
    /// notice every reply.
    fn forget(&self, tally: &mut Tally) -> Result<()> {
        let older = self.scratch.join("older");
        files::copy(&self.desk, &older)?;
        let desk = self.start_desk(FORGETFUL)?;
        desk.opens()?;
        let nobody = AtomicBool::new(false);
        let mut said = Tally::default();
        for _ in 0..N_FORGOTTEN {
            said.note(FORGETFUL, &desk.line()?, &nobody)?;
        }
        desk.kill(|line| said.note(FORGETFUL, line, &nobody))?;
        // It writes without pause, and may have said more of them by then: all of those are missed.
        let n_said = said.acknowledged.len();
        tally.acknowledged.append(&mut said.acknowledged);
        let n_lost = self.look(&older, &tally.acknowledged)?.lost.len();
        tally.n_noticed_lost = if n_lost == n_said { N_FORGOTTEN } else { 0 };
        let verdict = self.look(&self.desk, &tally.acknowledged)?;
        ensure!(verdict.is_fine(), "the desk itself: {verdict:?}");
        Ok(())
    }

    fn look(&self, folder: &Path, acknowledged: &BTreeSet<Reply>) -> Result<Verdict> {
        let copy = self.scratch.join("desk");
        files::copy(folder, &copy)?;
        let found = look::desk(&copy, &self.desk_root, &self.conversations)?;
        Ok(Verdict::of(acknowledged, &found))
    }

    fn start_desk(&self, run: u64) -> Result<Process> {
        let ids: Vec<String> = self.conversations.iter().map(ToString::to_string).collect();
        let folder = self.desk.to_string_lossy();
        let args = [DESK, &folder, &ids.join(","), &run.to_string()];
        Process::start(&self.program, &args)
    }
}

/// Number of the run whose replies the older copy does not have; later than any other.
const FORGETFUL: u64 = 1_000_000;

impl Tally {
    fn note(&mut self, run: u64, line: &str, is_up: &AtomicBool) -> Result<()> {
        if line == OPEN {
            self.is_open = true;
            return Ok(());
        }
        let n: u64 = line
            .parse()
            .with_context(|| format!("the desk says: {line}"))?;
        ensure!(
            self.acknowledged.insert((run, n)),
            "a reply is acknowledged once"
        );
        self.n_offline += u64::from(!is_up.load(Ordering::SeqCst));
        Ok(())
    }
}
