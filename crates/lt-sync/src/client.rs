//! Runs the machine: the connection, the clock, the randomness and the blocking store.

mod driver;

mod stored;

mod uploads;

use std::sync::Arc;

use lt_model::{
    agent::Doing,
    id::{AgentId, ConversationId},
};
use lt_seal::device::DeviceKey;
use lt_store::{Account, Store};
use tokio::{
    sync::{Notify, broadcast, mpsc, oneshot, watch},
    task::{JoinHandle, JoinSet},
    time::Instant,
};

use crate::{
    Backoff, Result, Status, SyncError,
    files::{Files, Transfer},
    machine::{Input, Machine},
    server::Server,
    snapshot::Snapshots,
    tls,
    way::Ways,
};
use driver::{Driver, Identity, now};
use stored::Stored;
use uploads::Uploads;

/// Typing notices that a slow listener may be behind before it misses some.
const N_TYPING: usize = 32;
/// Steps of files that a slow listener may be behind, likewise.
const N_TRANSFERS: usize = 64;

/// What a colleague does in a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Colleague {
    /// Where.
    pub conversation: ConversationId,
    /// Who.
    pub agent: AgentId,
    /// What.
    pub doing: Doing,
}

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
        let (colleagues, _) = broadcast::channel(N_TYPING);
        let (stop, stopped) = oneshot::channel();
        let stored = Stored::new(store);
        let key = || DeviceKey::from_pkcs8(&account.device.key);
        let snapshots = Snapshots::new(
            &server,
            key()?,
            session.token.clone(),
            stored.store(),
            stored.at_work(),
        )?;
        let driver = Driver {
            tls: Arc::new(tls::config(server.trust())?),
            server,
            identity: Identity {
                device: account.device.id,
                key: key()?,
                token: session.token.clone(),
                app: app.to_owned(),
            },
            machine,
            stored: stored.clone(),
            link: None,
            ways: Ways::new(),
            probing: JoinSet::new(),
            snapshots: Arc::new(snapshots),
            fetching: JoinSet::new(),
            pages: commands.clone(),
            inbox,
            status,
            typing: typing.clone(),
            colleagues: colleagues.clone(),
            started,
        };
        let wake = Arc::new(Notify::new());
        let (transfers, _) = broadcast::channel(N_TRANSFERS);
        let uploads = Uploads {
            files: Files::new(account)?,
            stored: stored.clone(),
            wake: Arc::clone(&wake),
            status: watched.clone(),
            commands: commands.clone(),
            told: transfers.clone(),
        };
        let task = tokio::spawn(async move {
            // Dropping the driver at any await is safe: what is in the store is whole.
            tokio::select! {
                _ = stopped => {}
                () = driver.run() => {}
                () = uploads.run() => {}
            }
            // A call of the store that had begun ends before the task does.
            stored.rest().await;
        });
        Ok(Handle {
            commands,
            status: watched,
            typing,
            colleagues,
            transfers,
            wake,
            stop: Some(stop),
            task,
        })
    }
}

/// Tells colleagues what the agent does.
#[derive(Clone, Debug)]
pub struct Watcher(mpsc::UnboundedSender<Input>);

impl Watcher {
    /// The agent looks at a conversation, writes in it, or has left it. Lost while offline.
    pub fn watching(&self, conversation: ConversationId, doing: Doing) {
        // After the end of the session nobody listens.
        let _ = self.0.send(Input::Watching(conversation, doing));
    }
}

/// Holds a running client. Dropping it stops the client.
#[derive(Debug)]
pub struct Handle {
    commands: mpsc::UnboundedSender<Input>,
    status: watch::Receiver<Status>,
    typing: broadcast::Sender<ConversationId>,
    colleagues: broadcast::Sender<Colleague>,
    transfers: broadcast::Sender<Transfer>,
    wake: Arc<Notify>,
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

    /// Tells what colleagues do in conversations.
    #[must_use]
    pub fn colleagues(&self) -> broadcast::Receiver<Colleague> {
        self.colleagues.subscribe()
    }

    /// What tells of the agent without holding the client.
    #[must_use]
    pub fn watcher(&self) -> Watcher {
        Watcher(self.commands.clone())
    }

    /// The agent looks at a conversation, writes in it, or has left it. Lost while offline.
    pub fn watching(&self, conversation: ConversationId, doing: Doing) {
        self.tell(Input::Watching(conversation, doing));
    }

    /// The agent is typing. Lost while offline.
    pub fn typing(&self, conversation: ConversationId) {
        self.tell(Input::Typing(conversation));
    }

    /// Tells how far files have come on their way to the server.
    #[must_use]
    pub fn transfers(&self) -> broadcast::Receiver<Transfer> {
        self.transfers.subscribe()
    }

    /// The outbox has changed.
    pub fn nudge(&self) {
        self.wake.notify_waiters();
        self.wake.notify_one();
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
