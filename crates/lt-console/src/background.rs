//! A thread that works when it is woken, and ends with its owner.

use std::{
    sync::mpsc,
    thread::{self, JoinHandle},
};

/// The thread. Dropping this ends it after the work at hand.
pub(crate) struct Background {
    wake: Option<mpsc::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Background {
    /// Starts the thread; the work waits on the receiver and returns when that is closed.
    pub(crate) fn start(
        name: &'static str,
        work: impl FnOnce(&mpsc::Receiver<()>) + Send + 'static,
    ) -> Self {
        let (wake, woken) = mpsc::channel();
        let thread = thread::Builder::new()
            .name(name.to_owned())
            .spawn(move || work(&woken))
            .inspect_err(|error| tracing::error!(%error, name, "no thread in the background"))
            .ok();
        Self {
            wake: Some(wake),
            thread,
        }
    }

    /// There may be something to do.
    pub(crate) fn wake(&self) {
        if let Some(wake) = &self.wake {
            // A thread that has ended has said why in the log.
            let _ = wake.send(());
        }
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        self.wake = None;
        if let Some(thread) = self.thread.take() {
            // A panic in it was logged.
            let _ = thread.join();
        }
    }
}
