//! What a frame, a lost connection or the passing of time leads to. Pure: the clock and the
//! randomness come in, and what is to be done goes out.
//!
//! The driver does the outputs of one input in their order and gives back what became of each as
//! the next input, before it reads another frame. So a batch is committed before the next one is
//! looked at.

use std::collections::{BTreeMap, VecDeque};

use lt_model::Millis;
use lt_protocol::{
    code::Code,
    sync::{ClientFrame, ServerFrame, close},
    view::ConnectionState,
};

mod outbox;

mod words;

pub use words::{Answer, Backoff, Input, Now, Output, Problem, Progress, Status, StoreFailure};

/// After this long without a frame in one direction, a ping is sent.
const PING_MS: u64 = 20_000;
/// After this long without a frame from the server, the connection counts as lost.
const DEAD_MS: u64 = 45_000;
/// From connecting to the welcome.
const HELLO_MS: u64 = 15_000;
/// While the server speaks a newer protocol, it is asked again this often.
const UPGRADE_MS: u64 = 300_000;
/// A session that was in step for so long was a good one: the waits begin anew after it. One that is
/// closed at once, again and again, must not make a loop of it.
const GOOD_MS: u64 = 5_000;
/// A server that asks to come back within this time only wants a new greeting: that is not offline.
const AT_ONCE_MS: u64 = 50;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// No socket; dial at the deadline.
    Waiting,
    /// The socket is being opened.
    Dialling,
    /// Before the welcome is in the store.
    Greeting,
    /// The session runs.
    Running,
    /// The session is over.
    Ended,
}

/// The state of the connection.
#[derive(Debug)]
pub struct Machine {
    backoff: Backoff,
    phase: Phase,
    status: Status,
    n_failures: u32,
    /// Since when the session has been in step, if it has.
    in_step_ms: Option<u64>,
    n_out_of_step: u32,
    deadline_ms: u64,
    heard_ms: u64,
    heard_at: Millis,
    /// Numbers that were pushed in this session and not answered, ascending.
    unanswered: VecDeque<u64>,
    pushed_n: u64,
    reading_queue: bool,
    more_waits: bool,
    /// The wait that a goodbye asked for, ms.
    come_back_ms: Option<u64>,
    /// Streams that are fetched by pages, and how far each is.
    fetching: BTreeMap<u64, Progress>,
    /// Whether all else is in step with the server.
    rest_in_step: bool,
    /// The server cannot reach its data: nothing is pushed before.
    slow_until_ms: Option<u64>,
    /// When the hello was sent, by the time of day and by the clock that never jumps.
    said_hello: (Millis, u64),
    /// When a frame was sent last.
    spoke_ms: u64,
    /// Whether a ping has no answer yet.
    pinged: bool,
}

impl Machine {
    /// Not connected yet; the first [`Input::Tick`] dials.
    #[must_use]
    pub fn new(backoff: Backoff, synced_at: Option<Millis>, now: Now) -> Self {
        Self {
            backoff,
            phase: Phase::Waiting,
            status: Status {
                state: ConnectionState::Offline,
                since: now.wall,
                synced_at,
                problem: None,
                fetching: None,
                skew_ms: 0,
            },
            n_failures: 0,
            in_step_ms: None,
            n_out_of_step: 0,
            deadline_ms: now.mono_ms,
            heard_ms: now.mono_ms,
            heard_at: now.wall,
            unanswered: VecDeque::new(),
            pushed_n: 0,
            reading_queue: false,
            more_waits: false,
            come_back_ms: None,
            fetching: BTreeMap::new(),
            rest_in_step: false,
            slow_until_ms: None,
            said_hello: (now.wall, now.mono_ms),
            spoke_ms: now.mono_ms,
            pinged: false,
        }
    }

    /// Where the connection stands.
    #[must_use]
    pub fn status(&self) -> Status {
        self.status
    }

    /// When [`Input::Tick`] is due, by the clock that never jumps.
    #[must_use]
    pub fn deadline_ms(&self) -> u64 {
        self.deadline_ms
    }

    /// Takes an input and says what is to be done, in order.
    pub fn on(&mut self, input: Input, now: Now) -> Vec<Output> {
        let mut out = Vec::new();
        self.take(input, now, &mut out);
        if out.iter().any(|output| matches!(output, Output::Send(_))) {
            self.spoke_ms = now.mono_ms;
        }
        if self.phase == Phase::Running {
            self.await_server();
        }
        out
    }

    fn take(&mut self, input: Input, now: Now, out: &mut Vec<Output>) {
        match input {
            _ if self.phase == Phase::Ended => {}
            Input::Opened => {
                self.phase = Phase::Greeting;
                self.heard(now);
                self.deadline_ms = now.mono_ms.saturating_add(HELLO_MS);
                self.show(ConnectionState::Syncing, None, now, out);
            }
            Input::DialFailed { untrusted } => {
                let problem = untrusted.then_some(Problem::Untrusted);
                self.lost(problem, now, out);
            }
            Input::Frame(frame) => {
                self.heard(now);
                self.frame(*frame, now, out);
            }
            Input::Welcomed { in_step } => self.welcomed(in_step, now, out),
            Input::Applied { batch, last } => {
                self.n_out_of_step = 0;
                out.push(Output::Send(ClientFrame::Ack { batch }));
                self.in_step(last, now, out);
            }
            Input::Diverged(streams) => {
                if self.phase == Phase::Running {
                    let resync = |stream| Output::Send(ClientFrame::Resync { stream });
                    out.extend(streams.into_iter().map(resync));
                }
            }
            Input::Fetched { stream, progress } => {
                if let Some(known) = self.fetching.get_mut(&stream) {
                    *known = progress;
                    self.show(self.status.state, self.status.problem, now, out);
                }
            }
            Input::Snapshotted { stream, at } => {
                if self.fetching.remove(&stream).is_some() {
                    out.push(Output::Send(ClientFrame::Snapshotted { stream, at }));
                    self.in_step(self.rest_in_step, now, out);
                }
            }
            // The next session goes on from the last page.
            Input::SnapshotFailed(problem) => {
                if !self.fetching.is_empty() {
                    self.give_up(problem, now, out);
                }
            }
            Input::Answers(answers) => {
                self.heard(now);
                self.answers(answers, now, out);
            }
            Input::Answered(numbers) => {
                self.unanswered.retain(|pushed| !numbers.contains(pushed));
                if self.more_waits {
                    self.read_queue(out);
                }
            }
            Input::Queue(ops) => self.push(ops, out),
            Input::StoreFailed(failure) => self.store_failed(failure, now, out),
            Input::Nudge => {
                self.more_waits = true;
                if self.phase == Phase::Running {
                    self.read_queue(out);
                }
            }
            Input::Typing(conversation_id) => {
                if self.phase == Phase::Running {
                    out.push(Output::Send(ClientFrame::Typing { conversation_id }));
                }
            }
            Input::Watching(conversation_id, doing) => {
                if self.phase == Phase::Running {
                    out.push(Output::Send(ClientFrame::Watching {
                        conversation_id,
                        doing,
                    }));
                }
            }
            Input::RetryNow => {
                if self.phase == Phase::Waiting {
                    self.dial(now, out);
                }
            }
            Input::Tick => self.tick(now, out),
            Input::Closed(code) => self.closed(code, now, out),
        }
    }

    fn frame(&mut self, frame: ServerFrame, now: Now, out: &mut Vec<Output>) {
        match (frame, self.phase) {
            (ServerFrame::Challenge { nonce }, Phase::Greeting) => {
                self.said_hello = (now.wall, now.mono_ms);
                out.push(Output::Hello { nonce });
            }
            (
                ServerFrame::Welcome {
                    agent,
                    generation,
                    last_n,
                    streams,
                    server_now,
                    ..
                },
                Phase::Greeting,
            ) => {
                let (said_at, said_ms) = self.said_hello;
                let took = Millis::try_from(now.mono_ms.saturating_sub(said_ms)).unwrap_or(0);
                self.status.skew_ms = server_now - (said_at + took / 2);
                out.push(Output::Welcome {
                    generation,
                    streams,
                    last_n,
                    agent: Box::new(agent),
                });
            }
            (
                ServerFrame::Batch {
                    batch,
                    cuts,
                    rows,
                    chk,
                    last,
                },
                Phase::Running,
            ) => out.push(Output::Apply {
                batch,
                cuts,
                rows,
                sums: chk,
                last,
            }),
            // Asked for twice, it is fetched once.
            (ServerFrame::MustSnapshot { stream, .. }, Phase::Running)
                if self.fetching.contains_key(&stream) => {}
            (ServerFrame::MustSnapshot { stream, at, floor }, Phase::Running) => {
                self.fetching.insert(stream, Progress::default());
                out.push(Output::Snapshot { stream, at, floor });
                self.in_step(self.rest_in_step, now, out);
            }
            (ServerFrame::Slow { retry_after_ms }, Phase::Running) => {
                self.slow(retry_after_ms, now);
            }
            (ServerFrame::Result { n, op_id, outcome }, _) => {
                self.answers(vec![Answer { n, op_id, outcome }], now, out);
            }
            (ServerFrame::Typing { conversation_id }, Phase::Running) => {
                out.push(Output::CustomerTyping(conversation_id));
            }
            (
                ServerFrame::Colleague {
                    conversation_id,
                    agent,
                    doing,
                },
                Phase::Running,
            ) => {
                out.push(Output::Colleague(conversation_id, agent, doing));
            }
            (ServerFrame::Bye { retry_after_ms }, _) => self.come_back_ms = Some(retry_after_ms),
            (ServerFrame::Error { code }, _) => self.complaint(code, now, out),
            (ServerFrame::Pong, _) => {}
            // Out of its place: whoever speaks does not keep the protocol.
            (
                ServerFrame::Challenge { .. }
                | ServerFrame::Welcome { .. }
                | ServerFrame::Batch { .. }
                | ServerFrame::MustSnapshot { .. }
                | ServerFrame::Slow { .. }
                | ServerFrame::Typing { .. }
                | ServerFrame::Colleague { .. },
                _,
            ) => self.give_up(None, now, out),
        }
    }

    fn welcomed(&mut self, in_step: bool, now: Now, out: &mut Vec<Output>) {
        self.phase = Phase::Running;
        self.in_step_ms = None;
        self.unanswered.clear();
        self.pushed_n = 0;
        self.reading_queue = false;
        self.slow_until_ms = None;
        self.fetching.clear();
        self.pinged = false;
        self.in_step(in_step, now, out);
        self.read_queue(out);
    }

    fn in_step(&mut self, last: bool, now: Now, out: &mut Vec<Output>) {
        self.rest_in_step = last;
        if last && self.fetching.is_empty() {
            self.in_step_ms.get_or_insert(now.mono_ms);
            self.status.synced_at = Some(now.wall);
            self.show(ConnectionState::Online, None, now, out);
        } else {
            self.show(ConnectionState::Syncing, None, now, out);
        }
    }

    fn tick(&mut self, now: Now, out: &mut Vec<Output>) {
        if now.mono_ms < self.deadline_ms {
            return;
        }
        match self.phase {
            Phase::Waiting => self.dial(now, out),
            Phase::Dialling | Phase::Greeting => self.give_up(None, now, out),
            Phase::Running if now.mono_ms >= self.heard_ms.saturating_add(DEAD_MS) => {
                self.give_up(None, now, out);
            }
            Phase::Running => {
                if self.slow_until_ms.is_some_and(|until| now.mono_ms >= until) {
                    self.slow_until_ms = None;
                    self.read_queue(out);
                }
                if !self.pinged && now.mono_ms >= self.quiet_until_ms() {
                    self.pinged = true;
                    out.push(Output::Send(ClientFrame::Ping));
                }
            }
            Phase::Ended => {}
        }
    }

    /// Both sides hear from each other at least so often.
    fn quiet_until_ms(&self) -> u64 {
        self.heard_ms.min(self.spoke_ms).saturating_add(PING_MS)
    }

    fn dial(&mut self, now: Now, out: &mut Vec<Output>) {
        self.phase = Phase::Dialling;
        self.come_back_ms = None;
        self.deadline_ms = now.mono_ms.saturating_add(HELLO_MS);
        out.push(Output::Dial);
    }

    fn heard(&mut self, now: Now) {
        self.heard_ms = now.mono_ms;
        self.heard_at = now.wall;
        self.pinged = false;
    }

    /// When the machine has to be woken while the session runs.
    fn await_server(&mut self) {
        let mut deadline_ms = self.heard_ms.saturating_add(DEAD_MS);
        if !self.pinged {
            deadline_ms = deadline_ms.min(self.quiet_until_ms());
        }
        if let Some(slow_until_ms) = self.slow_until_ms {
            deadline_ms = deadline_ms.min(slow_until_ms);
        }
        self.deadline_ms = deadline_ms;
    }

    fn complaint(&mut self, code: Code, now: Now, out: &mut Vec<Output>) {
        match code {
            Code::SignedOut => self.end(None, now, out),
            Code::UpgradeRequired => self.too_old(now, out),
            // The close that follows says the rest.
            _ => {}
        }
    }

    fn closed(&mut self, code: Option<u16>, now: Now, out: &mut Vec<Output>) {
        match code {
            _ if self.phase == Phase::Waiting => {}
            Some(close::AUTH) => self.end(None, now, out),
            Some(close::ENDED) => self.end(Some(Problem::AccountEnded), now, out),
            Some(close::UPGRADE) => self.too_old(now, out),
            Some(close::NUMBER_USED) => {
                out.push(Output::Renumber);
                self.lost(None, now, out);
            }
            _ => self.lost(None, now, out),
        }
    }

    fn store_failed(&mut self, failure: StoreFailure, now: Now, out: &mut Vec<Output>) {
        match failure {
            StoreFailure::OutOfStep => {
                self.n_out_of_step += 1;
                if self.n_out_of_step > 1 {
                    // The cursors do not help any more: everything is fetched again.
                    self.n_out_of_step = 0;
                    out.push(Output::ResetCache);
                }
                self.give_up(None, now, out);
            }
            StoreFailure::Other => self.give_up(Some(Problem::Store), now, out),
        }
    }

    /// Closes from this side, to connect again.
    fn give_up(&mut self, problem: Option<Problem>, now: Now, out: &mut Vec<Output>) {
        if self.phase != Phase::Waiting {
            out.push(Output::Close);
            self.lost(problem, now, out);
        }
    }

    /// The connection is gone; when to try again.
    fn lost(&mut self, problem: Option<Problem>, now: Now, out: &mut Vec<Output>) {
        if self.status.state == ConnectionState::Online {
            self.status.synced_at = Some(self.heard_at);
        }
        let good_ms = self.in_step_ms.take();
        if good_ms.is_some_and(|since| now.mono_ms >= since.saturating_add(GOOD_MS)) {
            self.n_failures = 0;
        }
        self.phase = Phase::Waiting;
        self.reading_queue = false;
        self.fetching.clear();
        let mut state = ConnectionState::Offline;
        let wait_ms = match self.come_back_ms.take() {
            // Not all desktops of a server at once.
            Some(asked_ms) => {
                if asked_ms <= AT_ONCE_MS {
                    state = ConnectionState::Syncing;
                }
                asked_ms.saturating_add(now.random % (asked_ms / 2).max(AT_ONCE_MS))
            }
            None => {
                let wait_ms = self.backoff.wait_ms(self.n_failures, now.random);
                self.n_failures = self.n_failures.saturating_add(1);
                wait_ms
            }
        };
        self.deadline_ms = now.mono_ms.saturating_add(wait_ms);
        self.show(state, problem, now, out);
    }

    fn end(&mut self, problem: Option<Problem>, now: Now, out: &mut Vec<Output>) {
        self.phase = Phase::Ended;
        self.show(ConnectionState::SignedOut, problem, now, out);
        out.push(Output::Close);
        out.push(Output::End);
    }

    fn too_old(&mut self, now: Now, out: &mut Vec<Output>) {
        self.phase = Phase::Waiting;
        self.deadline_ms = now.mono_ms.saturating_add(UPGRADE_MS);
        out.push(Output::Close);
        self.show(ConnectionState::UpgradeRequired, None, now, out);
    }

    /// How far all that is fetched by pages is, together.
    fn fetched(&self) -> Option<Progress> {
        let together = |sum: Progress, one: &Progress| Progress {
            n_rows: sum.n_rows.saturating_add(one.n_rows),
            n_total: sum.n_total.saturating_add(one.n_total),
        };
        let sum = self.fetching.values().fold(Progress::default(), together);
        (!self.fetching.is_empty()).then_some(sum)
    }

    fn show(
        &mut self,
        state: ConnectionState,
        problem: Option<Problem>,
        now: Now,
        out: &mut Vec<Output>,
    ) {
        let before = self.status;
        if before.state != state {
            self.status.since = now.wall;
        }
        self.status.state = state;
        self.status.problem = problem;
        self.status.fetching = self.fetched();
        if self.status != before {
            out.push(Output::Publish(self.status));
        }
    }
}

#[cfg(test)]
mod tests;
