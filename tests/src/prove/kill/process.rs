//! A process that is killed, and what it printed until then.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    sync::mpsc::{Receiver, RecvTimeoutError, channel},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, ensure};

/// What a process prints when it is ready.
pub(super) const OPEN: &str = "open";
/// The longest that a process may be silent.
pub(super) const PATIENCE: Duration = Duration::from_secs(60);

/// A child that does not outlive its owner.
pub(super) struct Process {
    child: Child,
    lines: Receiver<String>,
}

/// Whether a process went on for as long as it was listened to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Listened {
    Running,
    Ended,
}

impl Process {
    /// Starts one whose standard input stays open for as long as it is owned.
    pub(super) fn start(program: &Path, args: &[&str]) -> Result<Self> {
        let mut child = Command::new(program)
            .args(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("starting a process")?;
        let stdout = child.stdout.take().context("what it prints")?;
        let (sender, lines) = channel();
        thread::spawn(move || {
            let mut stdout = BufReader::new(stdout);
            let mut line = String::new();
            while stdout.read_line(&mut line).is_ok_and(|n| n > 0) {
                // Whole lines only: what a kill cut off was not said.
                let Some(whole) = line.strip_suffix('\n') else {
                    break;
                };
                if sender.send(whole.to_owned()).is_err() {
                    break;
                }
                line.clear();
            }
        });
        Ok(Self { child, lines })
    }

    /// Waits until it says that it is ready.
    pub(super) fn opens(&self) -> Result<()> {
        let first = self.line().context("a process opens")?;
        ensure!(first == OPEN, "a process says: {first}");
        Ok(())
    }

    /// The next line.
    pub(super) fn line(&self) -> Result<String> {
        Ok(self.lines.recv_timeout(PATIENCE)?)
    }

    /// Listens until the moment is over, or it has ended.
    pub(super) fn listen(
        &self,
        moment: Duration,
        mut heard: impl FnMut(&str) -> Result<()>,
    ) -> Result<Listened> {
        let until = Instant::now() + moment;
        loop {
            let left = until.saturating_duration_since(Instant::now());
            match self.lines.recv_timeout(left) {
                Ok(line) => heard(&line)?,
                Err(RecvTimeoutError::Timeout) => return Ok(Listened::Running),
                Err(RecvTimeoutError::Disconnected) => return Ok(Listened::Ended),
            }
        }
    }

    /// Kills it. What it had said before counts.
    pub(super) fn kill(mut self, mut heard: impl FnMut(&str) -> Result<()>) -> Result<()> {
        self.child.kill().context("killing a process")?;
        self.child.wait().context("waiting for its end")?;
        self.lines.iter().try_for_each(|line| heard(&line))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // One that was killed already cannot be killed again.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
