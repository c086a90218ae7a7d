//! Runs the machine: the socket, the clock, the randomness and the blocking store.

use std::{
    collections::VecDeque,
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use lt_model::{
    Millis,
    id::{ConversationId, DeviceId},
};
use lt_protocol::sync::{ClientFrame, Hello, PROTOCOL, StreamHead};
use lt_seal::{
    Secret,
    device::DeviceKey,
    encode::{base64url_decode, base64url_encode},
    random_bytes, sha256,
};
use lt_store::{Account, Store, StoreError};
use rustls::ClientConfig;
use tokio::{
    sync::{Mutex, broadcast, mpsc, oneshot, watch},
    task::{JoinHandle, JoinSet, spawn_blocking},
    time::{Instant, sleep_until},
};

use crate::{
    Backoff, Result, Status, SyncError,
    machine::{Input, Machine, Now, Output, Problem, StoreFailure},
    server::Server,
    snapshot::{Snapshots, Wanted},
    socket::{Incoming, Socket},
    tls,
};

/// Typing notices that a slow listener may be behind before it misses some.
const N_TYPING: usize = 32;

/// The sync client.
#[derive(Debug)]
pub struct Client;

impl Client {
    /// Keeps the store in step with the account's server, on the current tokio runtime, until the
    /// handle is stopped or dropped, or the session ends. `app` is the version of the product.
    ///
    /// # Errors
    /// [`SyncError::SignedOut`] when the account has no session, [`SyncError::Address`],
    /// [`SyncError::Seal`], [`SyncError::Tls`], [`SyncError::Store`]. That the server cannot be
    /// reached is a status, not an error.
    pub fn spawn(store: Arc<Store>, account: &Account, app: &str) -> Result<Handle> {
        Self::spawn_with(store, account, app, Backoff::default())
    }

    /// The same with other waits between two tries.
    ///
    /// # Errors
    /// As for [`Client::spawn`].
    pub fn spawn_with(
        store: Arc<Store>,
        account: &Account,
        app: &str,
        backoff: Backoff,
    ) -> Result<Handle> {
        let server = Server::parse(&account.server)?;
        let session = account.session.as_ref().ok_or(SyncError::SignedOut)?;
        let started = Instant::now();
        let machine = Machine::new(backoff, store.synced_at()?, now(started));
        let (commands, inbox) = mpsc::unbounded_channel();
        let (status, watched) = watch::channel(machine.status());
        let (typing, _) = broadcast::channel(N_TYPING);
        let (stop, stopped) = oneshot::channel();
        let at_work = Arc::default();
        let snapshots = Snapshots::new(
            &server,
            DeviceKey::from_pkcs8(&account.device.key)?,
            session.token.clone(),
            Arc::clone(&store),
            Arc::clone(&at_work),
        )?;
        let snapshots = Arc::new(snapshots);
        let driver = Driver {
            tls: Arc::new(tls::config(server.trust())?),
            server,
            snapshots,
            fetches: JoinSet::new(),
            pages: commands.clone(),
            identity: Identity {
                device: account.device.id,
                key: DeviceKey::from_pkcs8(&account.device.key)?,
                token: session.token.clone(),
                app: app.to_owned(),
            },
            machine,
            store,
            at_work,
            socket: None,
            inbox,
            status,
            typing: typing.clone(),
            started,
        };
        let task = tokio::spawn(async move {
            let at_work = Arc::clone(&driver.at_work);
            // Dropping the driver at any await is safe: what is in the store is whole.
            tokio::select! {
                _ = stopped => {}
                () = driver.run() => {}
            }
            // A call of the store that had begun ends before the task does.
            drop(at_work.lock().await);
        });
        Ok(Handle {
            commands,
            status: watched,
            typing,
            stop: Some(stop),
            task,
        })
    }
}

/// Holds a running client. Dropping it stops the client.
#[derive(Debug)]
pub struct Handle {
    commands: mpsc::UnboundedSender<Input>,
    status: watch::Receiver<Status>,
    typing: broadcast::Sender<ConversationId>,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<()>,
}

impl Handle {
    /// Where the connection stands.
    #[must_use]
    pub fn status(&self) -> Status {
        *self.status.borrow()
    }

    /// Tells every change of the status.
    #[must_use]
    pub fn watch(&self) -> watch::Receiver<Status> {
        self.status.clone()
    }

    /// Tells in which conversations customers are typing.
    #[must_use]
    pub fn customer_typing(&self) -> broadcast::Receiver<ConversationId> {
        self.typing.subscribe()
    }

    /// The agent is typing. Lost while offline.
    pub fn typing(&self, conversation: ConversationId) {
        self.tell(Input::Typing(conversation));
    }

    /// The outbox got an operation.
    pub fn nudge(&self) {
        self.tell(Input::Nudge);
    }

    /// Tries to connect now instead of after the wait: the network is back, or the agent asks.
    pub fn retry_now(&self) {
        self.tell(Input::RetryNow);
    }

    /// Stops and waits until nothing touches the store any more.
    pub async fn stop(mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        let _ = self.task.await;
    }

    fn tell(&self, input: Input) {
        // After the end of the session nobody listens, and nothing is to be done.
        let _ = self.commands.send(input);
    }
}

/// What the hello says.
struct Identity {
    device: DeviceId,
    key: DeviceKey,
    token: Secret<String>,
    app: String,
}

struct Driver {
    server: Server,
    tls: Arc<ClientConfig>,
    identity: Identity,
    machine: Machine,
    store: Arc<Store>,
    /// Held by the call of the store that runs now.
    at_work: Arc<Mutex<()>>,
    socket: Option<Socket>,
    snapshots: Arc<Snapshots>,
    /// Snapshots that are being fetched for this session.
    fetches: JoinSet<Input>,
    /// Where they tell how far they are.
    pages: mpsc::UnboundedSender<Input>,
    inbox: mpsc::UnboundedReceiver<Input>,
    status: watch::Sender<Status>,
    typing: broadcast::Sender<ConversationId>,
    started: Instant,
}

/// What an output led to.
enum Done {
    Nothing,
    Input(Input),
    Both(Input, Input),
    End,
}

impl Driver {
    async fn run(mut self) {
        while let Some(input) = self.next().await {
            let mut inputs = VecDeque::from([input]);
            while let Some(input) = inputs.pop_front() {
                for output in self.machine.on(input, now(self.started)) {
                    match Box::pin(self.act(output)).await {
                        Done::Nothing => {}
                        Done::Input(input) => inputs.push_back(input),
                        Done::Both(first, second) => inputs.extend([first, second]),
                        Done::End => return,
                    }
                }
            }
        }
    }

    /// Waits for what happens next; none when the handle is gone.
    async fn next(&mut self) -> Option<Input> {
        let deadline = self.started + Duration::from_millis(self.machine.deadline_ms());
        let incoming = async {
            match &mut self.socket {
                Some(socket) => socket.next().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            command = self.inbox.recv() => command,
            incoming = incoming => match incoming {
                Incoming::Frame(frame) => Some(Input::Frame(frame)),
                Incoming::Closed(code) => {
                    self.socket = None;
                    Some(Input::Closed(code))
                }
            },
            Some(fetched) = self.fetches.join_next() => match fetched {
                Ok(input) => Some(input),
                Err(_) => Some(Input::SnapshotFailed(None)),
            },
            () = sleep_until(deadline) => Some(Input::Tick),
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
                let done = self.blocking(move |store, at| {
                    if went_back(store, &streams)? {
                        // A backup was put back: the server has begun again from the start too.
                        store.reset_cache(at)?;
                    }
                    store.set_streams(&generation, &streams, last_n, &agent, at)?;
                    Ok((is_in_step(store, &streams)?, store.unsound_streams()?))
                });
                inputs(done.await, |(in_step, unsound)| {
                    (Input::Welcomed { in_step }, unsound)
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
                    .blocking(move |store, at| store.apply_batch(&cuts, &rows, &sums, last, at));
                inputs(done.await, |applied| {
                    (Input::Applied { batch, last }, applied.diverged)
                })
            }
            Output::Snapshot { stream, at, floor } => {
                self.fetch(Wanted { stream, at, floor });
                Done::Nothing
            }
            Output::Answer { n, op_id, outcome } => {
                let done = self.blocking(move |store, at| store.op_result(op_id, &outcome, at));
                input(done.await, |_| Input::Answered { n })
            }
            Output::ReadQueue { after_n, limit } => {
                let done = self.blocking(move |store, _| store.queue(after_n, limit));
                input(done.await, Input::Queue)
            }
            Output::ResetCache => {
                let done = self.blocking(|store, at| store.reset_cache(at));
                match done.await {
                    Ok(_) => Done::Nothing,
                    Err(failure) => Done::Input(Input::StoreFailed(failure)),
                }
            }
            Output::Send(frame) => self.send(&frame).await,
            Output::CustomerTyping(conversation) => {
                // Nobody may be listening.
                let _ = self.typing.send(conversation);
                Done::Nothing
            }
            Output::Close => {
                if let Some(socket) = self.socket.take() {
                    socket.close().await;
                }
                Done::Nothing
            }
            Output::Publish(status) => {
                self.status.send_replace(status);
                Done::Nothing
            }
            Output::End => Done::End,
        }
    }

    /// Fetches a snapshot beside the session, and gives it up with the session.
    fn fetch(&mut self, wanted: Wanted) {
        let (snapshots, pages) = (Arc::clone(&self.snapshots), self.pages.clone());
        self.fetches.spawn(async move {
            let stream = wanted.stream;
            let tell = |progress| {
                // A driver that has gone is told nothing more.
                let _ = pages.send(Input::Fetched { stream, progress });
            };
            match snapshots.fetch(wanted, tell).await {
                Ok(at) => Input::Snapshotted { stream, at },
                Err(error) => {
                    tracing::warn!(stream, %error, "a snapshot broke off");
                    Input::SnapshotFailed(match error {
                        SyncError::Untrusted => Some(Problem::Untrusted),
                        SyncError::Store(_) => Some(Problem::Store),
                        _ => None,
                    })
                }
            }
        });
    }

    async fn dial(&mut self) -> Done {
        self.fetches.abort_all();
        while self.fetches.join_next().await.is_some() {}
        Done::Input(match Socket::dial(&self.server, &self.tls).await {
            Ok(socket) => {
                self.socket = Some(socket);
                Input::Opened
            }
            Err(error) => Input::DialFailed {
                untrusted: error.untrusted,
            },
        })
    }

    /// Proves that this device holds its key: signs the nonce and the hash of the token.
    async fn hello(&mut self, nonce: &str) -> Done {
        let Ok(mut message) = base64url_decode(nonce) else {
            return self.drop_socket();
        };
        message.extend_from_slice(&sha256(self.identity.token.as_bytes()));
        let proof = base64url_encode(&self.identity.key.sign(&message));
        let (generation, cursors) = match self.blocking(|store, _| store.cursors()).await {
            Ok(cursors) => cursors,
            Err(failure) => return Done::Input(Input::StoreFailed(failure)),
        };
        let hello = Hello {
            proto: PROTOCOL,
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
        let Some(socket) = &mut self.socket else {
            return Done::Nothing;
        };
        if socket.send(frame).await {
            Done::Nothing
        } else {
            self.drop_socket()
        }
    }

    fn drop_socket(&mut self) -> Done {
        self.socket = None;
        Done::Input(Input::Closed(None))
    }

    /// Runs a call of the store on a blocking thread.
    async fn blocking<T: Send + 'static>(
        &self,
        act: impl FnOnce(&Store, Millis) -> lt_store::Result<T> + Send + 'static,
    ) -> Result<T, StoreFailure> {
        let guard = Arc::clone(&self.at_work).lock_owned().await;
        let store = Arc::clone(&self.store);
        let call = move || {
            // Declared first, so that it is let go last, after the store.
            let _guard = guard;
            let store = store;
            act(&store, wall())
        };
        match spawn_blocking(call).await {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(StoreError::OutOfStep { stream, .. })) => {
                tracing::warn!(stream, "a batch does not continue the stream");
                Err(StoreFailure::OutOfStep)
            }
            Ok(Err(error)) => {
                tracing::error!(%error, "the store did not take what the server sent");
                Err(StoreFailure::Other)
            }
            Err(_) => Err(StoreFailure::Other),
        }
    }
}

fn input<T>(done: Result<T, StoreFailure>, of: impl FnOnce(T) -> Input) -> Done {
    Done::Input(done.map_or_else(Input::StoreFailed, of))
}

/// The same, and the streams that have to be fetched again.
fn inputs<T>(done: Result<T, StoreFailure>, of: impl FnOnce(T) -> (Input, Vec<u64>)) -> Done {
    match done.map(of) {
        Ok((input, diverged)) if diverged.is_empty() => Done::Input(input),
        Ok((input, diverged)) => Done::Both(input, Input::Diverged(diverged)),
        Err(failure) => Done::Input(Input::StoreFailed(failure)),
    }
}

/// Whether the server's data is older than what this desk has seen of it.
fn went_back(store: &Store, streams: &[StreamHead]) -> Result<bool, StoreError> {
    let (_, cursors) = store.cursors()?;
    Ok(cursors.iter().any(|cursor| {
        let head = streams.iter().find(|head| head.stream == cursor.stream);
        head.is_some_and(|head| cursor.seq > head.head)
    }))
}

/// Whether the cursors are at the heads: then no batch comes to say so.
fn is_in_step(store: &Store, streams: &[StreamHead]) -> lt_store::Result<bool> {
    let (_, cursors) = store.cursors()?;
    let reached = |head: &StreamHead| {
        cursors
            .iter()
            .any(|cursor| cursor.stream == head.stream && cursor.seq >= head.head)
    };
    Ok(streams.iter().all(reached))
}

fn now(started: Instant) -> Now {
    Now {
        wall: wall(),
        mono_ms: u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
        random: random_bytes().map_or(0, u64::from_le_bytes),
    }
}

fn wall() -> Millis {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .ok()
        .and_then(|since| Millis::try_from(since.as_millis()).ok())
        .unwrap_or(0)
}
