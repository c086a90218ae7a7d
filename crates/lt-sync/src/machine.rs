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
    sync::{ClientFrame, MAX_PUSH_OPS, Op, ServerFrame, close},
    view::ConnectionState,
};

mod words;

pub use words::{Backoff, Input, Now, Output, Problem, Progress, Status, StoreFailure};

/// After this long without a frame from the server, a ping is sent.
const PING_MS: u64 = 20_000;
/// After this long without a frame from the server, the connection counts as lost.
const DEAD_MS: u64 = 45_000;
/// From connecting to the welcome.
const HELLO_MS: u64 = 15_000;
/// While the server speaks a newer protocol, it is asked again this often.
const UPGRADE_MS: u64 = 300_000;
/// A server that asks to come back within this time only wants a new greeting: that is not offline.
const AT_ONCE_MS: u64 = 50;
/// Bytes of operations in one push; a frame may have four times that.
const MAX_PUSH_BYTES: usize = 256 * 1024;

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
            },
            n_failures: 0,
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
        match input {
            _ if self.phase == Phase::Ended => {}
            Input::Opened => {
                self.phase = Phase::Greeting;
                self.heard(now);
                self.deadline_ms = now.mono_ms.saturating_add(HELLO_MS);
                self.show(ConnectionState::Syncing, None, now, &mut out);
            }
            Input::DialFailed { untrusted } => {
                let problem = untrusted.then_some(Problem::Untrusted);
                self.lost(problem, now, &mut out);
            }
            Input::Frame(frame) => {
                self.heard(now);
                self.frame(*frame, now, &mut out);
            }
            Input::Welcomed { in_step } => self.welcomed(in_step, now, &mut out),
            Input::Applied { batch, last } => {
                self.n_out_of_step = 0;
                out.push(Output::Send(ClientFrame::Ack { batch }));
                self.in_step(last, now, &mut out);
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
                    self.show(self.status.state, self.status.problem, now, &mut out);
                }
            }
            Input::Snapshotted { stream, at } => {
                if self.fetching.remove(&stream).is_some() {
                    out.push(Output::Send(ClientFrame::Snapshotted { stream, at }));
                    self.in_step(self.rest_in_step, now, &mut out);
                }
            }
            Input::SnapshotFailed(problem) => self.give_up(problem, now, &mut out),
            Input::Answered { n } => {
                self.unanswered.retain(|pushed| *pushed != n);
                if self.more_waits {
                    self.read_queue(&mut out);
                }
            }
            Input::Queue(ops) => self.push(ops, &mut out),
            Input::StoreFailed(failure) => self.store_failed(failure, now, &mut out),
            Input::Nudge => {
                self.more_waits = true;
                if self.phase == Phase::Running {
                    self.read_queue(&mut out);
                }
            }
            Input::Typing(conversation_id) => {
                if self.phase == Phase::Running {
                    out.push(Output::Send(ClientFrame::Typing { conversation_id }));
                }
            }
            Input::RetryNow => {
                if self.phase == Phase::Waiting {
                    self.dial(now, &mut out);
                }
            }
            Input::Tick => self.tick(now, &mut out),
            Input::Closed(code) => self.closed(code, now, &mut out),
        }
        out
    }

    fn frame(&mut self, frame: ServerFrame, now: Now, out: &mut Vec<Output>) {
        match (frame, self.phase) {
            (ServerFrame::Challenge { nonce }, Phase::Greeting) => {
                out.push(Output::Hello { nonce });
            }
            (
                ServerFrame::Welcome {
                    agent,
                    generation,
                    last_n,
                    streams,
                    ..
                },
                Phase::Greeting,
            ) => out.push(Output::Welcome {
                generation,
                streams,
                last_n,
                agent: Box::new(agent),
            }),
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
            (ServerFrame::Result { n, op_id, outcome }, Phase::Running) => {
                out.push(Output::Answer { n, op_id, outcome });
            }
            (ServerFrame::Typing { conversation_id }, Phase::Running) => {
                out.push(Output::CustomerTyping(conversation_id));
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
                | ServerFrame::Result { .. }
                | ServerFrame::Typing { .. },
                _,
            ) => self.give_up(None, now, out),
        }
    }

    fn welcomed(&mut self, in_step: bool, now: Now, out: &mut Vec<Output>) {
        self.phase = Phase::Running;
        self.unanswered.clear();
        self.pushed_n = 0;
        self.reading_queue = false;
        self.await_server(now);
        self.in_step(in_step, now, out);
        self.read_queue(out);
    }

    fn in_step(&mut self, last: bool, now: Now, out: &mut Vec<Output>) {
        self.rest_in_step = last;
        if last && self.fetching.is_empty() {
            self.n_failures = 0;
            self.status.synced_at = Some(now.wall);
            self.show(ConnectionState::Online, None, now, out);
        } else {
            self.show(ConnectionState::Syncing, None, now, out);
        }
    }

    fn read_queue(&mut self, out: &mut Vec<Output>) {
        let n_free = MAX_PUSH_OPS.saturating_sub(self.unanswered.len());
        if self.reading_queue || n_free == 0 {
            self.more_waits = true;
            return;
        }
        self.reading_queue = true;
        self.more_waits = false;
        out.push(Output::ReadQueue {
            after_n: self.pushed_n,
            limit: u32::try_from(n_free).unwrap_or(0),
        });
    }

    fn push(&mut self, ops: Vec<Op>, out: &mut Vec<Output>) {
        self.reading_queue = false;
        if self.phase != Phase::Running {
            return;
        }
        let n_read = ops.len();
        let mut n_bytes = 0;
        let fitting: Vec<Op> = ops
            .into_iter()
            .filter(|op| op.n > self.pushed_n)
            .take(MAX_PUSH_OPS)
            .take_while(|op| {
                // The first one always fits: a text is bounded far below a frame.
                let is_first = n_bytes == 0;
                n_bytes += serde_json::to_string(op).map_or(MAX_PUSH_BYTES, |json| json.len());
                is_first || n_bytes <= MAX_PUSH_BYTES
            })
            .collect();
        let Some(last) = fitting.last() else {
            return;
        };
        self.pushed_n = last.n;
        self.unanswered.extend(fitting.iter().map(|op| op.n));
        let more =
            self.more_waits || fitting.len() < n_read || self.unanswered.len() == MAX_PUSH_OPS;
        out.push(Output::Send(ClientFrame::Push { ops: fitting }));
        if more {
            self.more_waits = true;
            self.read_queue(out);
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
                self.deadline_ms = self.heard_ms.saturating_add(DEAD_MS);
                out.push(Output::Send(ClientFrame::Ping));
            }
            Phase::Ended => {}
        }
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
        if self.phase == Phase::Running {
            self.await_server(now);
        }
    }

    fn await_server(&mut self, now: Now) {
        self.deadline_ms = now.mono_ms.saturating_add(PING_MS);
    }

    fn complaint(&mut self, code: Code, now: Now, out: &mut Vec<Output>) {
        match code {
            Code::SignedOut => self.end(now, out),
            Code::UpgradeRequired => self.too_old(now, out),
            // The close that follows says the rest.
            _ => {}
        }
    }

    fn closed(&mut self, code: Option<u16>, now: Now, out: &mut Vec<Output>) {
        match code {
            _ if self.phase == Phase::Waiting => {}
            Some(close::AUTH) => self.end(now, out),
            Some(close::UPGRADE) => self.too_old(now, out),
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

    fn end(&mut self, now: Now, out: &mut Vec<Output>) {
        self.phase = Phase::Ended;
        self.show(ConnectionState::SignedOut, None, now, out);
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
