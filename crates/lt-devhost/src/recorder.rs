//! The host's side: events go to every open page, notifications are kept for the test to read.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use lt_console::{Host, Notification, NotifyError, Target};
use lt_protocol::event::UiEvent;
use serde::Serialize;
use tokio::sync::broadcast;

/// Events that a slow page may be behind.
const EVENT_BUFFER: usize = 1_024;

/// The host. Clones are one and the same.
#[derive(Clone)]
pub(crate) struct Recorder {
    inner: Arc<Inner>,
}

struct Inner {
    events: broadcast::Sender<UiEvent>,
    shown: Mutex<Vec<Notification>>,
    focused: AtomicBool,
}

/// A notification as tests read it.
#[derive(Serialize)]
pub(crate) struct Shown {
    title: String,
    body: String,
    /// What a click opens: `conversation:<id>`, `ticket:<id>`, `alert:<id>` or `desk`.
    opens: String,
}

impl Recorder {
    pub(crate) fn new(focused: bool) -> Self {
        let inner = Inner {
            events: broadcast::Sender::new(EVENT_BUFFER),
            shown: Mutex::default(),
            focused: AtomicBool::new(focused),
        };
        Self {
            inner: Arc::new(inner),
        }
    }

    /// Events from now on.
    pub(crate) fn events(&self) -> broadcast::Receiver<UiEvent> {
        self.inner.events.subscribe()
    }

    /// Notifications so far, oldest first.
    pub(crate) fn notifications(&self) -> Vec<Notification> {
        self.inner
            .shown
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Notifications so far, as tests read them.
    pub(crate) fn shown(&self) -> Vec<Shown> {
        let shown = |notification: Notification| Shown {
            title: notification.title,
            body: notification.body,
            opens: match notification.opens {
                Target::Conversation(id) => format!("conversation:{id}"),
                Target::Ticket(id) => format!("ticket:{id}"),
                Target::Alert(id) => format!("alert:{id}"),
                Target::Desk => "desk".to_owned(),
            },
        };
        self.notifications().into_iter().map(shown).collect()
    }

    /// Whether the window counts as looked at from now on.
    pub(crate) fn set_focused(&self, focused: bool) {
        self.inner.focused.store(focused, Ordering::Release);
    }
}

impl Host for Recorder {
    fn emit(&self, event: UiEvent) {
        // Without an open page there is nobody to tell.
        let _ = self.inner.events.send(event);
    }

    fn notify(&self, notification: Notification) -> Result<(), NotifyError> {
        let mut shown = self
            .inner
            .shown
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        shown.push(notification);
        Ok(())
    }

    fn window_focused(&self) -> bool {
        self.inner.focused.load(Ordering::Acquire)
    }

    fn focus(&self) {
        self.set_focused(true);
    }
}
