//! The connection to the server, as the window sees it.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use lt_model::{
    Millis,
    agent::{Doing, Permission},
    id::{AgentId, ConversationId},
};
use lt_protocol::{
    code::WireError,
    event::UiEvent,
    view::{ConnectionState, ConnectionView, FetchView},
};
use lt_store::Store;
use lt_sync::{Client, Colleague, Handle, Problem, Status, Transfer, Watcher};
use tokio::sync::{broadcast, broadcast::error::RecvError, watch};

use crate::{
    desk::now,
    error::{wire, wire_sync},
    host::Host,
    outlet::Outlet,
};

/// A colleague of whom nothing was heard for so long has left.
const SEEN_FOR_MS: Millis = 45_000;

/// The sync client of a desk, while there is a session, and what it says.
pub(crate) struct Link {
    shared: Arc<Shared>,
    handle: Mutex<Option<Handle>>,
}

struct Shared {
    store: Arc<Store>,
    host: Arc<Outlet>,
    stand: Mutex<Stand>,
    /// The conversation that the agent looks at.
    watched: Mutex<Option<ConversationId>>,
    /// Told whenever the server is reached after it was not.
    reached: watch::Sender<()>,
}

/// A clock that is wrong by more is worth a word: countdowns and times of day are shown by it.
const SKEW_MS: Millis = 120_000;

/// Where the connection stands.
#[derive(Clone, Copy)]
struct Stand {
    state: ConnectionState,
    since: Millis,
    synced_at: Option<Millis>,
    fetching: Option<FetchView>,
    /// By how much the server's clock is ahead, as of the last greeting.
    skew_ms: Millis,
    /// The server has said that the account may not sign in any more.
    is_account_ended: bool,
    /// Since when the server is there; none while it is not.
    reached_since: Option<Millis>,
    /// Since when the server cannot be reached; none while it can.
    lost_since: Option<Millis>,
}

impl Link {
    /// Not connected, until it is started.
    pub(crate) fn new(store: Arc<Store>, host: Arc<Outlet>, reached: watch::Sender<()>) -> Self {
        let synced_at = store.synced_at().ok().flatten();
        let stand = Stand::offline(synced_at);
        let shared = Arc::new(Shared {
            store,
            host,
            stand: Mutex::new(stand),
            watched: Mutex::default(),
            reached,
        });
        Self {
            shared,
            handle: Mutex::default(),
        }
    }

    /// Connects with the account's session, in place of an earlier one. Must be called inside a
    /// tokio runtime.
    pub(crate) fn start(&self) -> Result<(), WireError> {
        let Some(account) = self.shared.store.account().map_err(wire)? else {
            return Ok(());
        };
        let store = Arc::clone(&self.shared.store);
        let handle =
            Client::spawn(store, &account, env!("CARGO_PKG_VERSION")).map_err(wire_sync)?;
        tokio::spawn(Arc::clone(&self.shared).watch(handle.watch()));
        tokio::spawn(Arc::clone(&self.shared).listen(handle.customer_typing()));
        tokio::spawn(
            Arc::clone(&self.shared).hear_colleagues(handle.colleagues(), handle.watcher()),
        );
        tokio::spawn(Arc::clone(&self.shared).follow_files(handle.transfers()));
        // Dropping the earlier one stops it.
        drop(lock(&self.handle).replace(handle));
        Ok(())
    }

    /// Disconnects, and waits until nothing touches the store any more.
    pub(crate) async fn stop(&self) {
        let handle = lock(&self.handle).take();
        if let Some(handle) = handle {
            handle.stop().await;
        }
        let mut stand = lock(&self.shared.stand);
        *stand = Stand::offline(stand.synced_at);
    }

    /// Disconnects and ends the session at the server, if it can be reached.
    pub(crate) async fn end_session(&self) {
        self.stop().await;
        let store = Arc::clone(&self.shared.store);
        let account = tokio::task::spawn_blocking(move || store.account()).await;
        let Ok(Ok(Some(account))) = account else {
            return;
        };
        if let Err(error) = lt_sync::logout(&account, now()).await {
            tracing::info!(%error, "the server was not told of the end of the session");
        }
    }

    /// There is something to push.
    pub(crate) fn nudge(&self) {
        if let Some(handle) = &*lock(&self.handle) {
            handle.nudge();
        }
    }

    /// The agent is typing.
    pub(crate) fn typing(&self, id: ConversationId) {
        if let Some(handle) = &*lock(&self.handle) {
            handle.typing(id);
        }
    }

    /// The agent looks at this conversation now, and at no other; at none.
    pub(crate) fn watch_conversation(&self, id: Option<ConversationId>) {
        let before = std::mem::replace(&mut *lock(&self.shared.watched), id);
        if let Some(handle) = &*lock(&self.handle) {
            if let Some(left) = before.filter(|left| Some(*left) != id) {
                handle.watching(left, Doing::Gone);
            }
            if let Some(id) = id {
                handle.watching(id, Doing::Viewing);
            }
        }
    }

    /// The agent writes in a conversation; told to colleagues.
    pub(crate) fn writes_in(&self, id: ConversationId) {
        if let Some(handle) = &*lock(&self.handle) {
            handle.watching(id, Doing::Typing);
        }
    }

    /// Since when the server is there; none while it is not.
    pub(crate) fn reached_since(&self) -> Option<Millis> {
        lock(&self.shared.stand).reached_since
    }

    /// Since when the server cannot be reached; none while it can.
    pub(crate) fn lost_since(&self) -> Option<Millis> {
        lock(&self.shared.stand).lost_since
    }

    /// Whether the server is there and this desk in step with it.
    pub(crate) fn is_online(&self) -> bool {
        lock(&self.shared.stand).state == ConnectionState::Online
    }

    /// The connection strip.
    pub(crate) fn view(&self) -> Result<ConnectionView, WireError> {
        self.shared.view()
    }

    /// Tells the window how the connection stands.
    pub(crate) fn tell(&self) {
        self.shared.tell();
    }
}

impl Shared {
    fn view(&self) -> Result<ConnectionView, WireError> {
        let (pending, refused) = self.store.outbox_counts().map_err(wire)?;
        let Stand {
            state,
            since,
            synced_at,
            fetching,
            skew_ms,
            is_account_ended,
            ..
        } = *lock(&self.stand);
        Ok(ConnectionView {
            state,
            pending,
            refused,
            conflicts: self.store.n_conflicts().map_err(wire)?,
            since,
            synced_at,
            fetching,
            skew_ms: (skew_ms.abs() > SKEW_MS).then_some(skew_ms),
            account_ended: is_account_ended,
        })
    }

    /// Whoever may not sign in any more sees nothing of what is here. It stays, sealed, for the day on
    /// which they may again.
    fn close_session(&self) {
        if let Err(error) = self.store.sign_out(now()) {
            tracing::warn!(%error, "the session of an ended account goes on here");
        }
    }

    fn tell(&self) {
        match self.view() {
            Ok(view) => self.host.emit(UiEvent::Connection(view)),
            Err(error) => tracing::warn!(%error, "the strip cannot be told"),
        }
    }

    /// Tells how far files have come on their way to the server.
    async fn follow_files(self: Arc<Self>, mut transfers: broadcast::Receiver<Transfer>) {
        loop {
            match transfers.recv().await {
                Ok(step) => self.host.emit(UiEvent::File {
                    file_id: step.file,
                    is_upload: step.is_upload,
                    done: step.done,
                    total: step.total,
                }),
                Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return,
            }
        }
    }

    /// Follows the client until it ends.
    async fn watch(self: Arc<Self>, mut status: watch::Receiver<Status>) {
        loop {
            let seen = *status.borrow_and_update();
            if lock(&self.stand).follow(seen) {
                self.reached.send_replace(());
            }
            tracing::info!(state = ?seen.state, problem = ?seen.problem, "the connection");
            let shared = Arc::clone(&self);
            let is_ended = seen.problem == Some(Problem::AccountEnded);
            let tells = move || {
                if is_ended {
                    shared.close_session();
                }
                shared.tell();
            };
            // A strip that was not told is told again with the next change.
            let _ = tokio::task::spawn_blocking(tells).await;
            if status.changed().await.is_err() {
                return;
            }
        }
    }

    /// Passes on where customers are typing, until the client ends.
    async fn listen(self: Arc<Self>, mut typing: broadcast::Receiver<ConversationId>) {
        loop {
            match typing.recv().await {
                Ok(conversation_id) => {
                    self.host.emit(UiEvent::CustomerTyping { conversation_id });
                }
                Err(RecvError::Lagged(_)) => {}
                Err(RecvError::Closed) => return,
            }
        }
    }
}

impl Shared {
    /// Passes on what colleagues do, until the client ends. Who comes to where the agent looks is told
    /// at once that the agent is there.
    async fn hear_colleagues(
        self: Arc<Self>,
        mut colleagues: broadcast::Receiver<Colleague>,
        watcher: Watcher,
    ) {
        let mut heard: HashMap<(ConversationId, AgentId), Millis> = HashMap::new();
        loop {
            let Colleague {
                conversation,
                agent,
                doing,
            } = match colleagues.recv().await {
                Ok(colleague) => colleague,
                Err(RecvError::Lagged(_)) => continue,
                Err(RecvError::Closed) => return,
            };
            let at = now();
            heard.retain(|_, before| at - *before < SEEN_FOR_MS);
            let is_new = match doing {
                Doing::Gone => {
                    heard.remove(&(conversation, agent));
                    false
                }
                Doing::Viewing | Doing::Typing => heard.insert((conversation, agent), at).is_none(),
            };
            if is_new && *lock(&self.watched) == Some(conversation) {
                watcher.watching(conversation, Doing::Viewing);
            }
            let shared = Arc::clone(&self);
            let told = move || {
                let known = shared.store.agent(agent).ok().flatten();
                if let Some(known) = known {
                    shared.host.emit(UiEvent::Colleague {
                        conversation_id: conversation,
                        is_lead: known.role.may(Permission::ConvSupervise),
                        name: known.display_name,
                        doing,
                    });
                }
            };
            // One that was not told comes again with the next.
            let _ = tokio::task::spawn_blocking(told).await;
        }
    }
}

impl Stand {
    fn offline(synced_at: Option<Millis>) -> Self {
        let state = ConnectionState::Offline;
        let since = now();
        Self {
            state,
            since,
            synced_at,
            fetching: None,
            skew_ms: 0,
            is_account_ended: false,
            reached_since: None,
            lost_since: Some(since),
        }
    }

    /// Whether the server is reached now and was not before.
    fn follow(&mut self, status: Status) -> bool {
        let Status {
            state,
            since,
            synced_at,
            ..
        } = status;
        let reached = matches!(state, ConnectionState::Online | ConnectionState::Syncing);
        let is_news = reached && self.reached_since.is_none();
        self.reached_since = reached.then(|| self.reached_since.unwrap_or(since));
        let lost = state == ConnectionState::Offline;
        self.lost_since = lost.then(|| self.lost_since.unwrap_or(since));
        (self.state, self.since, self.synced_at) = (state, since, synced_at);
        self.skew_ms = status.skew_ms;
        self.is_account_ended = status.problem == Some(Problem::AccountEnded);
        self.fetching = status.fetching.map(|progress| FetchView {
            done: u32::try_from(progress.n_rows).unwrap_or(u32::MAX),
            total: u32::try_from(progress.n_total).unwrap_or(u32::MAX),
        });
        is_news
    }
}

/// Takes a lock; what a panicked holder left is whole, since every change is one assignment.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
