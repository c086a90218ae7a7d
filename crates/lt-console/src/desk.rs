//! An open desk: the store of an account, and everything that works on it.

use std::{
    collections::HashMap,
    path::Path,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::SystemTime,
};

use lt_engine::Candidate;
use lt_model::{
    Millis,
    agent::{Agent, Permission},
    id::{ConversationId, MessageId, TicketId},
    ticket::act::TicketAct,
};
use lt_protocol::{
    code::{Code, WireError},
    event::{NoticeCode, UiEvent},
    sync::Action,
    view::{Me, MessageView, SessionView, Settings},
};
use lt_store::{Enqueued, LastAuthor, Line, Store, StoredMessage};
use tokio::{
    sync::{mpsc, oneshot, watch},
    task::JoinHandle,
};

use crate::{
    alarm::Alarm,
    bell,
    brain::{Brain, BrainEvent},
    checkup::Checkup,
    error::wire,
    facts::Facts,
    host::{Host, Notification},
    index::SearchIndex,
    link::Link,
    news::{self, Told},
    numbers::Numbers,
    outlet::Outlet,
    pieces::Pieces,
    pump, server,
    trial::Trial,
    view::{self, Calendars, Viewer},
};

/// Everything that works on one open store.
pub(crate) struct Desk {
    pub(crate) store: Arc<Store>,
    pub(crate) host: Arc<Outlet>,
    pub(crate) brain: Brain,
    pub(crate) index: SearchIndex,
    pub(crate) link: Link,
    pub(crate) facts: Facts,
    pub(crate) numbers: Numbers,
    pub(crate) checkup: Checkup,
    pub(crate) trial: Trial,
    pub(crate) pieces: Pieces,
    pub(crate) alarm: Alarm,
    /// How sure the engine was of what it last suggested, by conversation and entry.
    confidences: Mutex<HashMap<ConversationId, Vec<(String, f32)>>>,
    pump: Mutex<Option<Pump>>,
    gone: Mutex<Option<oneshot::Receiver<()>>>,
    /// Declared last, so that it goes when everything above has ended.
    _alive: oneshot::Sender<()>,
}

/// The task that tells the window, and the way to end it between two things that it tells.
struct Pump {
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Desk {
    /// Puts everything to work on an open store. `reached` is told whenever the server is reached
    /// after it was not. Must be called inside a tokio runtime.
    pub(crate) fn start(
        store: Store,
        folder: &Path,
        host: Arc<Outlet>,
        reached: watch::Sender<()>,
    ) -> Arc<Self> {
        let store = Arc::new(store);
        let (sender, changes) = mpsc::unbounded_channel();
        store.subscribe(move |change| {
            // A desk that has gone is told nothing more.
            let _ = sender.send(change.clone());
        });
        clear_the_way(&folder.join("index"));
        let key = store.index_key().clone();
        let ready = Arc::clone(&host);
        let bell = Arc::clone(&store);
        let brain = Brain::start(
            Arc::clone(&store),
            &folder.join("index").join("faq"),
            key.clone(),
            host.encoder(),
            move |event| match event {
                BrainEvent::Ready => ready.emit(UiEvent::Changed {
                    tags: vec![lt_protocol::event::Tag::Faq],
                }),
                BrainEvent::NoEncoder => {
                    bell::notice(&bell, &*ready, NoticeCode::EncoderUnusable);
                }
            },
        );
        let rebuilt = Arc::clone(&host);
        let bell = Arc::clone(&store);
        let index = SearchIndex::start(
            Arc::clone(&store),
            &folder.join("index").join("messages"),
            key,
            move || {
                bell::notice(&bell, &*rebuilt, NoticeCode::IndexRebuilt);
            },
        );
        let checkup = Checkup::new(Arc::clone(&host));
        let link = Link::new(Arc::clone(&store), Arc::clone(&host), reached);
        let facts = Facts::new(Arc::clone(&store), Arc::clone(&host));
        let numbers = Numbers::new(Arc::clone(&store));
        let (alive, gone) = oneshot::channel();
        let desk = Arc::new(Self {
            store,
            host,
            brain,
            index,
            link,
            facts,
            numbers,
            checkup,
            trial: Trial::default(),
            pieces: Pieces::default(),
            alarm: Alarm::default(),
            confidences: Mutex::default(),
            pump: Mutex::default(),
            gone: Mutex::new(Some(gone)),
            _alive: alive,
        });
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(pump::run(Arc::downgrade(&desk), changes, stopped));
        *lock(&desk.pump) = Some(Pump { stop, task });
        desk
    }

    /// Ends what works on the store, and returns when nothing touches its files any more.
    pub(crate) async fn close(self: Arc<Self>) {
        self.link.stop().await;
        self.host.alerts(false);
        let pump = lock(&self.pump).take();
        if let Some(Pump { stop, task }) = pump {
            // A task that has ended already hears nothing, and is waited for all the same.
            let _ = stop.send(());
            let _ = task.await;
        }
        let gone = lock(&self.gone).take();
        // The last holder waits for the threads at work; a command that is still being answered may
        // be that one.
        let _ = tokio::task::spawn_blocking(move || drop(self)).await;
        if let Some(gone) = gone {
            // The error says that the other end is gone, which is what was waited for.
            let _ = gone.await;
        }
    }

    /// The wall clock, which only the desk's edge reads.
    #[expect(
        clippy::unused_self,
        reason = "the one way to the clock for all who hold a desk"
    )]
    pub(crate) fn now(&self) -> Millis {
        now()
    }

    /// The agent at this desk.
    pub(crate) fn me(&self) -> Result<Agent, WireError> {
        let account = self.store.account().map_err(wire)?;
        let account = account.ok_or_else(|| WireError::new(Code::SignedOut, "no account"))?;
        let known = self.store.agent(account.agent.id).map_err(wire)?;
        Ok(known.unwrap_or(account.agent))
    }

    /// Whether there is a session, online or not.
    pub(crate) fn is_signed_in(&self) -> bool {
        let account = self.store.account().ok().flatten();
        account.is_some_and(|account| account.session.is_some())
    }

    /// When the server was there last, if that is too long ago to show what is here.
    pub(crate) fn lease_ended(&self) -> Result<Option<Millis>, WireError> {
        let ended = self.store.lease_ended(self.now()).map_err(wire)?;
        match ended {
            true => self.store.reached_at().map_err(wire),
            false => Ok(None),
        }
    }

    /// Keeps the lease of a desk that is online, however quiet it is.
    pub(crate) fn keep_lease(&self) {
        if self.link.is_online()
            && let Err(error) = self.store.note_reached(self.now())
        {
            tracing::warn!(%error, "the contact with the server was not noted");
        }
    }

    /// Checks what the agent may do; the server checks it again.
    pub(crate) fn permit(&self, permission: Permission) -> Result<(), WireError> {
        if self.me()?.role.may(permission) {
            Ok(())
        } else {
            Err(WireError::new(
                Code::Forbidden,
                "the role does not allow it",
            ))
        }
    }

    /// Fetches the numbers of the service where that is due and the agent may see them. Must be called
    /// inside a tokio runtime.
    pub(crate) fn fetch_numbers(&self) {
        if self.link.reached_since().is_some() && self.permit(Permission::MetricsView).is_ok() {
            self.numbers.fetch_if_due();
        }
    }

    /// Through whose eyes things are shown.
    pub(crate) fn viewer(&self) -> Result<Viewer, WireError> {
        let agents = self.store.agents().map_err(wire)?;
        let groups = self.store.groups().map_err(wire)?;
        let calendars = self.store.business_hours().map_err(wire)?;
        let inboxes = self.store.inboxes().map_err(wire)?;
        let hours = Calendars::new(&inboxes, calendars);
        Ok(Viewer::new(self.me()?.id, agents, groups, hours))
    }

    /// What lists show of a conversation.
    pub(crate) fn line(&self, id: ConversationId) -> Result<Line, WireError> {
        let line = self.store.line(id).map_err(wire)?;
        line.ok_or_else(|| WireError::new(Code::NotFound, "no such conversation"))
    }

    /// Does with a ticket what the agent wants, as [`Desk::enqueue`] does, and says whether it is news.
    pub(crate) fn enqueue_ticket(
        &self,
        ticket_id: TicketId,
        act: TicketAct,
    ) -> Result<Enqueued, WireError> {
        let action = Action::Ticket { ticket_id, act };
        let (enqueued, _) = self.store.enqueue(action, self.now()).map_err(wire)?;
        self.link.nudge();
        Ok(enqueued)
    }

    /// Does what the agent wants, here at once and at the server as soon as it is there.
    pub(crate) fn enqueue(&self, action: Action) -> Result<(), WireError> {
        self.enqueue_new(action).map(drop)
    }

    /// The same, and whether it changes anything.
    pub(crate) fn enqueue_new(&self, action: Action) -> Result<bool, WireError> {
        let (enqueued, _) = self.store.enqueue(action, self.now()).map_err(wire)?;
        self.link.nudge();
        Ok(matches!(enqueued, Enqueued::New(_)))
    }

    /// A message as the window shows it, if it is here.
    pub(crate) fn shown_message(&self, id: MessageId) -> Result<Option<MessageView>, WireError> {
        let stored = self.store.message(id).map_err(wire)?;
        let viewer = self.viewer()?;
        match stored {
            Some(stored) => Ok(self.shown(&[stored], &viewer)?.pop()),
            None => Ok(None),
        }
    }

    /// Messages as the window shows them, with the ones that they answer.
    pub(crate) fn shown(
        &self,
        stored: &[StoredMessage],
        viewer: &Viewer,
    ) -> Result<Vec<MessageView>, WireError> {
        let mut quoted = HashMap::new();
        for to in stored.iter().filter_map(|one| one.message.answers()) {
            let here = stored.iter().find(|one| one.message.id == to);
            let found = match here {
                Some(one) => Some(one.message.clone()),
                None => self.store.message(to).map_err(wire)?.map(|one| one.message),
            };
            quoted.extend(found.map(|message| (to, message)));
        }
        Ok(view::conversation::messages(stored, &quoted, viewer))
    }

    /// Keeps how sure the engine was of each suggestion, for the reply that uses one.
    pub(crate) fn remember_confidences(&self, id: ConversationId, candidates: &[Candidate]) {
        let sure = candidates
            .iter()
            .map(|one| (one.faq_id.clone(), one.confidence))
            .collect();
        lock(&self.confidences).insert(id, sure);
    }

    /// How sure the engine was of an entry when it last suggested it; 0 where it did not.
    pub(crate) fn remembered_confidence(&self, id: ConversationId, faq_id: &str) -> f32 {
        let confidences = lock(&self.confidences);
        let suggested = confidences.get(&id).into_iter().flatten();
        suggested
            .into_iter()
            .find(|(known, _)| known == faq_id)
            .map_or(0.0, |(_, sure)| *sure)
    }

    /// Where the session stands.
    pub(crate) fn session(&self) -> Result<SessionView, WireError> {
        // A start that was cut short left a store and its key, and nobody in it.
        let Some(account) = self.store.account().map_err(wire)? else {
            return Ok(SessionView::Fresh { keychain: true });
        };
        let server = server::shown(&account.server);
        if account.session.is_none() {
            return Ok(SessionView::SignedOut {
                server,
                account: account.agent.username,
            });
        }
        if let Some(reached_at) = self.lease_ended()? {
            return Ok(SessionView::LeaseEnded {
                server,
                account: account.agent.username,
                reached_at,
            });
        }
        Ok(SessionView::Ready {
            me: self.shown_me()?,
            server,
        })
    }

    fn shown_me(&self) -> Result<Me, WireError> {
        let me = self.me()?;
        let viewer = self.viewer()?;
        Ok(Me {
            id: me.id,
            groups: me
                .groups
                .iter()
                .map(|group| viewer.group_name(*group))
                .collect(),
            username: me.username,
            display_name: me.display_name,
            role: me.role,
            presence: me.presence,
            load: self.store.inbox_counts().map_err(wire)?.mine,
            capacity: u32::from(me.capacity),
        })
    }

    /// Whether the agent wants to hear of it: what waits in their groups, what comes in theirs.
    pub(crate) fn concerns_me(&self, id: ConversationId, told: Told) -> bool {
        let (Ok(line), Ok(me)) = (self.line(id), self.me()) else {
            return false;
        };
        match told {
            Told::Offered
            | Told::Mentioned
            | Told::Whispered
            | Told::Woken
            | Told::Ticket(_)
            | Told::Alert(_) => true,
            Told::Waiting => me.groups.contains(&line.group_id),
            Told::Wrote => line.handler == lt_model::conversation::Handler::Agent { agent: me.id },
        }
    }

    /// The words of a notification; none when the conversation has gone meanwhile.
    pub(crate) fn notification(
        &self,
        id: ConversationId,
        told: Told,
        settings: &Settings,
    ) -> Option<Notification> {
        let line = self.line(id).ok()?;
        let wrote = line
            .last
            .as_ref()
            .filter(|last| last.author == LastAuthor::Customer);
        let text = wrote
            .filter(|_| !matches!(told, Told::Mentioned | Told::Whispered | Told::Woken))
            .map(|last| news::line(last, settings.locale));
        let (content, locale) = (settings.notification_content, settings.locale);
        Some(news::notification(
            id,
            line.number,
            told,
            text.as_deref(),
            content,
            locale,
        ))
    }
}

/// Removes what is in the place of the index's folder and is none: the index is filled anew.
fn clear_the_way(place: &Path) {
    let is_in_the_way = |path: &Path| path.symlink_metadata().is_ok() && !path.is_dir();
    for path in [place.to_owned(), place.join("faq"), place.join("messages")] {
        if is_in_the_way(&path)
            && let Err(error) = std::fs::remove_file(&path)
        {
            tracing::warn!(%error, "something is in the place of the search index");
        }
    }
}

/// The wall clock in milliseconds.
pub(crate) fn now() -> Millis {
    let since = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default();
    Millis::try_from(since.as_millis()).unwrap_or(Millis::MAX)
}

/// Takes a lock; what a panicked holder left is whole, since nothing here panics half way.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
