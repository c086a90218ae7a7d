//! Keeps notices until the window listens.

use std::{
    path::PathBuf,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use lt_protocol::event::UiEvent;

use crate::host::{Host, Notification, NotifyError};

/// The host, with the notices of the start held back until the window asks for something: a window
/// listens before it asks. Other events only say that something changed, and a window that asks
/// later sees that anyway.
pub(crate) struct Outlet {
    host: Box<dyn Host>,
    listening: AtomicBool,
    held: Mutex<Vec<UiEvent>>,
}

impl Outlet {
    pub(crate) fn new(host: Box<dyn Host>) -> Arc<Self> {
        Arc::new(Self {
            host,
            listening: AtomicBool::new(false),
            held: Mutex::default(),
        })
    }

    /// The window has asked for something: it listens.
    pub(crate) fn open(&self) {
        if self.listening.load(Ordering::Acquire) {
            return;
        }
        let held = {
            let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
            self.listening.store(true, Ordering::Release);
            std::mem::take(&mut *held)
        };
        for event in held {
            self.host.emit(event);
        }
    }
}

impl Host for Outlet {
    fn emit(&self, event: UiEvent) {
        if matches!(event, UiEvent::Notice { .. }) {
            let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
            if !self.listening.load(Ordering::Acquire) {
                held.push(event);
                return;
            }
        }
        self.host.emit(event);
    }

    fn notify(&self, notification: Notification) -> Result<(), NotifyError> {
        self.host.notify(notification)
    }

    fn window_focused(&self) -> bool {
        self.host.window_focused()
    }

    fn focus(&self) {
        self.host.focus();
    }

    fn alerts(&self, shown: bool) {
        self.host.alerts(shown);
    }

    fn encoder(&self) -> Option<PathBuf> {
        self.host.encoder()
    }

    fn downloads(&self) -> Option<PathBuf> {
        self.host.downloads()
    }
}
