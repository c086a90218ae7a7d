//! The console of one data directory: where the session stands, and the way in for commands.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock, atomic::AtomicBool},
    time::Duration,
};

use lt_model::Millis;
use lt_protocol::{
    code::{Code, WireError},
    command::{Command, Window},
    event::{Tag, UiEvent},
    safekeeping::{RekeyState, RestoreState},
};
use lt_store::{Store, keys::SecretStore};
use serde_json::{Value, value::RawValue};
use tokio::sync::{Mutex, watch};

use crate::{
    care::{self, Care},
    desk::{Desk, now},
    error,
    host::{Host, Target},
    outlet::Outlet,
    router, session, share,
};

/// The console. It is made once per process and shared.
pub struct Console {
    pub(crate) dir: PathBuf,
    pub(crate) secrets: Arc<dyn SecretStore>,
    pub(crate) host: Arc<Outlet>,
    /// Held while the session changes, so that two sign-ins never overlap.
    pub(crate) changing: Mutex<()>,
    phase: RwLock<Phase>,
    opened: watch::Sender<bool>,
    rekeying: RwLock<RekeyState>,
    restoring: RwLock<RestoreState>,
    pub(crate) care: Care,
    /// Told whenever the server is reached after it was not.
    reached: watch::Sender<()>,
    /// Whether the server still has the share of the slot is not known: from the start on, and after
    /// somebody signed in.
    pub(crate) share_doubted: AtomicBool,
}

/// How often it is looked at whether there is something to do without the agent.
const TICK: Duration = Duration::from_secs(60);

/// The store is closed for a moment: commands wait until this goes.
pub(crate) struct Rest<'a>(&'a watch::Sender<bool>);

impl Drop for Rest<'_> {
    fn drop(&mut self) {
        self.0.send_replace(true);
    }
}

/// Where the store stands. Whether an open desk has a session is the desk's own matter.
#[derive(Clone)]
pub(crate) enum Phase {
    /// There is no store yet.
    Fresh {
        /// Whether the keychain would keep its key.
        keychain: bool,
    },
    /// A passphrase opens the store.
    Locked,
    /// The store is open.
    Open(Arc<Desk>),
}

impl Console {
    /// A console over a data directory. The store is opened in the background if the keychain has
    /// its key; commands wait for that. Must be called inside a tokio runtime, which it goes on
    /// using.
    pub fn new(dir: &Path, secrets: Arc<dyn SecretStore>, host: Box<dyn Host>) -> Arc<Self> {
        let console = Arc::new(Self {
            dir: dir.to_owned(),
            secrets,
            host: Outlet::new(host),
            changing: Mutex::new(()),
            phase: RwLock::new(Phase::Fresh { keychain: false }),
            opened: watch::Sender::new(false),
            rekeying: RwLock::default(),
            restoring: RwLock::default(),
            care: Care::default(),
            reached: watch::Sender::new(()),
            share_doubted: AtomicBool::new(true),
        });
        let opening = Arc::clone(&console);
        tokio::spawn(async move {
            session::open_at_start(&opening).await;
            opening.opened.send_replace(true);
        });
        let (weak, mut reached) = (Arc::downgrade(&console), console.reached.subscribe());
        tokio::spawn(async move {
            // The last sender goes with the console and its desk.
            while reached.changed().await.is_ok() {
                match weak.upgrade() {
                    Some(console) => share::keep(&console).await,
                    None => return,
                }
            }
        });
        let weak = Arc::downgrade(&console);
        tokio::spawn(async move {
            loop {
                tokio::time::sleep(TICK).await;
                match weak.upgrade() {
                    Some(console) => console.tick(now()).await,
                    None => return,
                }
            }
        });
        console
    }

    /// Answers a command as it came from a window, `{"name": …, "args": …}`.
    ///
    /// # Errors
    /// With [`Code::BadRequest`] when it is no command, else as [`Console::handle`].
    pub async fn handle_json(
        self: &Arc<Self>,
        window: Window,
        command: Value,
    ) -> Result<Box<RawValue>, WireError> {
        // The reader's own words would quote what was sent.
        let read = serde_json::from_value(command)
            .map_err(|_| WireError::new(Code::BadRequest, "this is no command"));
        match read {
            Ok(command) => self.handle(window, command).await,
            Err(problem) => Err(error::logged("unreadable", problem)),
        }
    }

    /// Answers a command with its response, as JSON: written once, and no more read on its way to the
    /// window.
    ///
    /// # Errors
    /// With a code for the window to act on, and a trace id that finds the log line.
    pub async fn handle(
        self: &Arc<Self>,
        window: Window,
        command: Command,
    ) -> Result<Box<RawValue>, WireError> {
        let name = command.name();
        self.care.saw_command(now());
        let answer = if command.allowed_in(window) {
            self.host.open();
            // What shows how far a work has come is answered while the store is closed for it.
            if !matches!(command, Command::SecurityGet(_) | Command::BackupGet(_)) {
                self.wait_until_opened().await;
            }
            router::route(self, command).await
        } else {
            Err(WireError::new(Code::Forbidden, "not for this window"))
        };
        if matches!(&answer, Err(problem) if problem.code == Code::StoreDamaged) {
            let console = Arc::clone(self);
            tokio::spawn(async move { care::met_damage(&console, now()).await });
        }
        answer.map_err(|problem| error::logged(name, problem))
    }

    /// What is to be done without the agent, as of `now`; it is called once a minute. Returns when
    /// it is done.
    pub async fn tick(self: &Arc<Self>, now: Millis) {
        care::tick(self, now).await;
    }

    /// A notification was clicked: shows what it is about.
    pub fn notification_clicked(&self, opens: Target) {
        self.host.focus();
        match opens {
            Target::Conversation(conversation_id) => {
                self.host.emit(UiEvent::Open { conversation_id });
            }
            Target::Ticket(ticket_id) => self.host.emit(UiEvent::OpenTicket { ticket_id }),
            Target::Alert(alert_id) => self.host.emit(UiEvent::OpenAlert { alert_id }),
            Target::Desk => {}
        }
    }

    /// The lead closed the window of alerts by the window system: as if by its own button.
    pub fn put_alerts_away(&self) {
        if let Phase::Open(desk) = self.phase() {
            desk.alarm.put_away();
        }
    }

    /// Ends the sync client and the background work, and closes the store. What was not sent is
    /// kept there.
    pub async fn close(&self) {
        let _changing = self.changing.lock().await;
        let desk = self.set_phase(Phase::Locked);
        if let Phase::Open(desk) = desk {
            desk.close().await;
        }
    }

    /// The open store, for what works beside the window: diagnosis, and tests that play the server.
    pub fn store(&self) -> Option<Arc<Store>> {
        match self.phase() {
            Phase::Open(desk) => Some(Arc::clone(&desk.store)),
            Phase::Fresh { .. } | Phase::Locked => None,
        }
    }

    pub(crate) fn phase(&self) -> Phase {
        self.phase
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Sets the phase and gives the one before.
    pub(crate) fn set_phase(&self, phase: Phase) -> Phase {
        let mut current = self.phase.write().unwrap_or_else(PoisonError::into_inner);
        std::mem::replace(&mut current, phase)
    }

    /// The open desk, for commands that need one with a signed-in agent.
    ///
    /// # Errors
    /// With [`Code::Locked`], [`Code::SignedOut`] or [`Code::LeaseEnded`].
    pub(crate) fn desk(&self) -> Result<Arc<Desk>, WireError> {
        match self.phase() {
            Phase::Fresh { .. } => Err(WireError::new(Code::SignedOut, "nobody has signed in")),
            Phase::Locked => Err(WireError::new(Code::Locked, "the store is locked")),
            Phase::Open(desk) if desk.is_signed_in() => match desk.lease_ended()? {
                None => Ok(desk),
                Some(_) => Err(WireError::new(
                    Code::LeaseEnded,
                    "too long without the server",
                )),
            },
            Phase::Open(_) => Err(WireError::new(Code::SignedOut, "the session has ended")),
        }
    }

    /// What a desk tells of the server by.
    pub(crate) fn reached(&self) -> watch::Sender<()> {
        self.reached.clone()
    }

    /// Lets commands wait until what is returned goes.
    pub(crate) fn rest(&self) -> Rest<'_> {
        self.opened.send_replace(false);
        Rest(&self.opened)
    }

    /// How far a change of the store's key has come.
    pub(crate) fn rekeying(&self) -> RekeyState {
        *self.rekeying.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn set_rekeying(&self, state: RekeyState) {
        *self
            .rekeying
            .write()
            .unwrap_or_else(PoisonError::into_inner) = state;
        let tags = vec![Tag::Security];
        self.host.emit(UiEvent::Changed { tags });
    }

    /// How far a restoring has come.
    pub(crate) fn restoring(&self) -> RestoreState {
        let state = self.restoring.read();
        *state.unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn set_restoring(&self, state: RestoreState) {
        let mut restoring = self
            .restoring
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        *restoring = state;
        drop(restoring);
        let tags = vec![Tag::Backup];
        self.host.emit(UiEvent::Changed { tags });
    }

    async fn wait_until_opened(&self) {
        let mut opened = self.opened.subscribe();
        // The sender lives as long as the console.
        let _ = opened.wait_for(|opened| *opened).await;
    }
}
