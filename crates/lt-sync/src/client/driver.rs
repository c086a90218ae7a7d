//! Does what the machine asks for, and tells it what came of it.

use std::{collections::VecDeque, sync::Arc, time::Duration};

use futures_util::FutureExt;
use lt_model::id::{ConversationId, DeviceId};
use lt_protocol::sync::{
    ClientFrame, Hello, MAX_PUSH_OPS, MIN_SERVER_SCHEMA, PROTOCOL, SCHEMA, ServerFrame,
};
use lt_seal::{
    Secret,
    device::DeviceKey,
    encode::{base64url_decode, base64url_encode},
    random_bytes, sha256,
};
use rustls::ClientConfig;
use tokio::{
    sync::{broadcast, mpsc, watch},
    task::{JoinError, JoinSet},
    time::{Instant, sleep_until, timeout},
};

use super::{
    Colleague,
    stored::{Stored, is_in_step, wall, went_back},
};
use crate::{
    Status, SyncError,
    link::{DialError, Incoming, Link, Way},
    machine::{Answer, Input, Machine, Now, Output, Problem, StoreFailure},
    server::Server,
    snapshot::{Snapshots, Wanted},
    way::Ways,
};

/// A WebSocket that is tried beside the poll lets the server's first frame through within this time.
const PROBE_LIMIT: Duration = Duration::from_secs(10);
/// Going away, as a close code: what the machine hears when it is to greet anew.
const GOING_AWAY: u16 = 1001;

/// What the hello says.
pub(super) struct Identity {
    pub(super) device: DeviceId,
    pub(super) key: DeviceKey,
    pub(super) token: Secret<String>,
    pub(super) app: String,
}

pub(super) struct Driver {
    pub(super) server: Server,
    pub(super) tls: Arc<ClientConfig>,
    pub(super) identity: Identity,
    pub(super) machine: Machine,
    pub(super) stored: Stored,
    pub(super) link: Option<Link>,
    pub(super) ways: Ways,
    /// A WebSocket that is tried beside the poll.
    pub(super) probing: JoinSet<bool>,
    pub(super) snapshots: Arc<Snapshots>,
    /// Snapshots that are being fetched: a stream, and the change up to which it is here then.
    pub(super) fetching: JoinSet<Result<(u64, u64), SyncError>>,
    /// Where they tell how far they are.
    pub(super) pages: mpsc::UnboundedSender<Input>,
    pub(super) inbox: mpsc::UnboundedReceiver<Input>,
    pub(super) status: watch::Sender<Status>,
    pub(super) typing: broadcast::Sender<ConversationId>,
    pub(super) colleagues: broadcast::Sender<Colleague>,
    pub(super) started: Instant,
}

/// What an output led to.
enum Done {
    Inputs(Vec<Input>),
    End,
}

const NOTHING: Done = Done::Inputs(Vec::new());

/// What woke the driver.
enum Woken {
    Command(Option<Input>),
    Incoming(Incoming),
    Fetched(Result<Result<(u64, u64), SyncError>, JoinError>),
    Probed(bool),
    Time,
}

impl Driver {
    pub(super) async fn run(mut self) {
        while let Some(woken) = self.inputs().await {
            let mut inputs = woken;
            while let Some(input) = inputs.pop_front() {
                for output in self.machine.on(input, now(self.started)) {
                    match Box::pin(self.act(output)).await {
                        Done::Inputs(came) => inputs.extend(came),
                        Done::End => return,
                    }
                }
            }
        }
    }

    /// Waits for what happens next; none when the handle is gone.
    async fn inputs(&mut self) -> Option<VecDeque<Input>> {
        let woken = self.wait().await;
        let inputs = match woken {
            Woken::Command(command) => vec![command?],
            Woken::Incoming(incoming) => self.incoming(incoming),
            Woken::Fetched(Ok(Ok((stream, at)))) => {
                vec![Input::Snapshotted { stream, at }]
            }
            Woken::Fetched(failed) => {
                let error = failed.ok().and_then(Result::err);
                tracing::warn!(?error, "a snapshot broke off");
                vec![Input::SnapshotFailed(match error {
                    Some(SyncError::Untrusted) => Some(Problem::Untrusted),
                    Some(SyncError::Store(_)) => Some(Problem::Store),
                    _ => None,
                })]
            }
            Woken::Probed(is_open) => {
                if self.ways.probed(is_open, self.now_ms()) && self.link.is_some() {
                    tracing::info!("WebSockets pass again");
                    self.let_go(true);
                    // A new greeting, at once.
                    let bye = ServerFrame::Bye { retry_after_ms: 0 };
                    vec![Input::Frame(Box::new(bye)), Input::Closed(Some(GOING_AWAY))]
                } else {
                    Vec::new()
                }
            }
            Woken::Time => {
                self.probe_if_due();
                vec![Input::Tick]
            }
        };
        Some(inputs.into())
    }

    /// What came, and with an answer all answers that are there behind it: they are stored together.
    fn incoming(&mut self, first: Incoming) -> Vec<Input> {
        let mut inputs = Vec::new();
        let mut answers = Vec::new();
        let mut next = Some(first);
        while let Some(incoming) = next.take() {
            match incoming {
                Incoming::Frame(frame) => match *frame {
                    ServerFrame::Result { n, op_id, outcome } => {
                        answers.push(Answer { n, op_id, outcome });
                        if answers.len() < MAX_PUSH_OPS
                            && let Some(link) = &mut self.link
                        {
                            next = link.next().now_or_never();
                        }
                    }
                    other => inputs.push(Input::Frame(Box::new(other))),
                },
                Incoming::Closed(code) => {
                    self.let_go(code.is_some());
                    inputs.push(Input::Closed(code));
                }
            }
        }
        if !answers.is_empty() {
            inputs.insert(0, Input::Answers(answers));
        }
        inputs
    }

    async fn wait(&mut self) -> Woken {
        let mut wake_ms = self.machine.deadline_ms();
        if let Some(probe_ms) = self.ways.probe_ms()
            && self.probing.is_empty()
        {
            wake_ms = wake_ms.min(probe_ms);
        }
        let wake = self.started + Duration::from_millis(wake_ms);
        let incoming = async {
            match &mut self.link {
                Some(link) => link.next().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            command = self.inbox.recv() => Woken::Command(command),
            incoming = incoming => Woken::Incoming(incoming),
            Some(fetched) = self.fetching.join_next() => Woken::Fetched(fetched),
            Some(probed) = self.probing.join_next() => Woken::Probed(probed.unwrap_or(false)),
            () = sleep_until(wake) => Woken::Time,
        }
    }

    async fn act(&mut self, output: Output) -> Done {
        match output {
            Output::Dial => self.dial().await,
            Output::Hello { nonce } => self.hello(&nonce).await,
            Output::Welcome {
                generation,
                streams,
                last_n,
                agent,
            } => {
                self.ways.welcomed();
                let done = self.stored.call(move |store, at| {
                    if went_back(store, &streams)? {
                        // A backup was put back: the server has begun again from the start too.
                        store.reset_cache(at)?;
                    }
                    store.set_streams(&generation, &streams, last_n, &agent, at)?;
                    Ok((is_in_step(store, &streams)?, store.unsound_streams()?))
                });
                inputs(done.await, |(in_step, unsound)| {
                    vec![Input::Welcomed { in_step }, Input::Diverged(unsound)]
                })
            }
            Output::Apply {
                batch,
                cuts,
                rows,
                sums,
                last,
            } => {
                let done = self
                    .stored
                    .call(move |store, at| store.apply_batch(&cuts, &rows, &sums, last, at));
                inputs(done.await, |applied| {
                    let diverged = Input::Diverged(applied.diverged);
                    vec![Input::Applied { batch, last }, diverged]
                })
            }
            Output::Snapshot { stream, at, floor } => {
                self.fetch(Wanted { stream, at, floor });
                NOTHING
            }
            Output::Answers(answers) => {
                let numbers = answers.iter().map(|answer| answer.n).collect();
                let results: Vec<_> = answers
                    .into_iter()
                    .map(|answer| (answer.op_id, answer.outcome))
                    .collect();
                let done = self
                    .stored
                    .call(move |store, at| store.op_results(&results, at));
                inputs(done.await, |_| vec![Input::Answered(numbers)])
            }
            Output::ReadQueue { after_n, limit } => {
                let done = self
                    .stored
                    .call(move |store, _| store.queue(after_n, limit));
                inputs(done.await, |ops| vec![Input::Queue(ops)])
            }
            Output::ResetCache => {
                let done = self.stored.call(|store, at| store.reset_cache(at));
                inputs(done.await, |_| Vec::new())
            }
            Output::Renumber => {
                let done = self.stored.call(|store, at| store.distrust_numbers(at));
                inputs(done.await, |_| Vec::new())
            }
            Output::Send(frame) => self.send(&frame).await,
            Output::CustomerTyping(conversation) => {
                // Nobody may be listening.
                let _ = self.typing.send(conversation);
                NOTHING
            }
            Output::Colleague(conversation, agent, doing) => {
                // Nobody may be listening.
                let _ = self.colleagues.send(Colleague {
                    conversation,
                    agent,
                    doing,
                });
                NOTHING
            }
            Output::Close => {
                if let Some(link) = self.let_go(false) {
                    link.close().await;
                }
                NOTHING
            }
            Output::Publish(status) => {
                self.status.send_replace(status);
                NOTHING
            }
            Output::End => Done::End,
        }
    }

    async fn dial(&mut self) -> Done {
        let dialled = Link::dial(self.ways.way(), &self.server, &self.tls).await;
        let now_ms = self.now_ms();
        let input = match dialled {
            Ok(link) => {
                self.link = Some(link);
                self.ways.opened(now_ms);
                Input::Opened
            }
            Err(error) => {
                self.ways.failed(error, now_ms);
                Input::DialFailed {
                    untrusted: error == DialError::Untrusted,
                }
            }
        };
        Done::Inputs(vec![input])
    }

    /// Proves that this device holds its key: signs the nonce and the hash of the token.
    async fn hello(&mut self, nonce: &str) -> Done {
        let Ok(mut message) = base64url_decode(nonce) else {
            return self.drop_link();
        };
        message.extend_from_slice(&sha256(self.identity.token.as_bytes()));
        let proof = base64url_encode(&self.identity.key.sign(&message));
        let (generation, cursors) = match self.stored.call(|store, _| store.cursors()).await {
            Ok(cursors) => cursors,
            Err(failure) => return Done::Inputs(vec![Input::StoreFailed(failure)]),
        };
        let hello = Hello {
            proto: PROTOCOL,
            schema: SCHEMA,
            min_schema: MIN_SERVER_SCHEMA,
            app: self.identity.app.clone(),
            device: self.identity.device,
            token: self.identity.token.expose().clone(),
            proof,
            cursors,
            generation,
            now: wall(),
        };
        self.send(&ClientFrame::Hello(hello)).await
    }

    async fn send(&mut self, frame: &ClientFrame) -> Done {
        let Some(link) = &mut self.link else {
            return NOTHING;
        };
        if link.send(frame).await {
            NOTHING
        } else {
            self.drop_link()
        }
    }

    fn drop_link(&mut self) -> Done {
        self.let_go(false);
        Done::Inputs(vec![Input::Closed(None)])
    }

    /// The connection is over, and with it what was fetched beside it; `is_said`: the server closed
    /// it.
    fn let_go(&mut self, is_said: bool) -> Option<Link> {
        let now_ms = self.now_ms();
        self.ways.closed(is_said, now_ms);
        // What is being stored ends first; what is not stored is fetched again.
        self.fetching = JoinSet::new();
        self.link.take()
    }

    /// Fetches a snapshot beside the session, and gives it up with the session.
    fn fetch(&mut self, wanted: Wanted) {
        let (snapshots, pages) = (Arc::clone(&self.snapshots), self.pages.clone());
        self.fetching.spawn(async move {
            let stream = wanted.stream;
            let tell = |progress| {
                // A driver that has gone is told nothing more.
                let _ = pages.send(Input::Fetched { stream, progress });
            };
            Ok((stream, snapshots.fetch(wanted, tell).await?))
        });
    }

    /// While the long poll is taken, a WebSocket is tried beside it from time to time.
    fn probe_if_due(&mut self) {
        let is_due = self.ways.probe_ms().is_some_and(|at| self.now_ms() >= at);
        if !is_due || !self.probing.is_empty() {
            return;
        }
        let (server, tls) = (self.server.clone(), Arc::clone(&self.tls));
        self.probing.spawn(async move {
            let challenge = async {
                let mut link = Link::dial(Way::Socket, &server, &tls).await.ok()?;
                let first = link.next().await;
                link.close().await;
                Some(matches!(first, Incoming::Frame(_)))
            };
            let challenge = timeout(PROBE_LIMIT, challenge).await;
            challenge.ok().flatten().unwrap_or(false)
        });
    }

    fn now_ms(&self) -> u64 {
        elapsed_ms(self.started)
    }
}

fn inputs<T>(done: Result<T, StoreFailure>, of: impl FnOnce(T) -> Vec<Input>) -> Done {
    Done::Inputs(match done {
        Ok(value) => of(value),
        Err(failure) => vec![Input::StoreFailed(failure)],
    })
}

fn elapsed_ms(started: Instant) -> u64 {
    u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX)
}

pub(super) fn now(started: Instant) -> Now {
    Now {
        wall: wall(),
        mono_ms: elapsed_ms(started),
        random: random_bytes().map_or(0, u64::from_le_bytes),
    }
}
