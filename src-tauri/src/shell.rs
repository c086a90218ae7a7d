//! The console's host: this process, its window and the system around it.

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use lt_console::{Console, Host, Notification, NotifyError};
use lt_protocol::event::UiEvent;
use lt_store::keys::OsKeychain;
use tauri::{AppHandle, Emitter, Manager};

use crate::{notify, window};

/// Name of the event that carries every [`UiEvent`] to the windows.
const EVENT: &str = "lingtai:event";

/// Whether the agent looks at the window, as the window system last said.
#[derive(Clone, Default)]
pub(crate) struct Focus(Arc<AtomicBool>);

impl Focus {
    /// Takes what the window system says.
    pub(crate) fn set(&self, focused: bool) {
        self.0.store(focused, Ordering::Release);
    }

    fn get(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

struct Shell {
    app: AppHandle,
    data_dir: PathBuf,
    focus: Focus,
    encoder: Option<PathBuf>,
}

/// Starts the console over a data directory; the store opens in the background, and commands wait
/// for it.
pub(crate) fn start(app: AppHandle, data_dir: &Path, encoder: Option<PathBuf>) -> Arc<Console> {
    let focus = Focus::default();
    app.manage(focus.clone());
    let shell = Shell {
        app,
        data_dir: data_dir.to_owned(),
        focus,
        encoder,
    };
    tauri::async_runtime::block_on(async {
        Console::new(data_dir, Arc::new(OsKeychain), Box::new(shell))
    })
}

impl Host for Shell {
    fn emit(&self, event: UiEvent) {
        if let Err(error) = self.app.emit(EVENT, &event) {
            tracing::warn!(%error, "an event does not reach the windows");
        }
    }

    fn notify(&self, notification: Notification) -> Result<(), NotifyError> {
        let app = self.app.clone();
        notify::show(notification, move |opens| {
            app.state::<Arc<Console>>().notification_clicked(opens);
        })
    }

    fn window_focused(&self) -> bool {
        self.focus.get()
    }

    fn focus(&self) {
        let app = self.app.clone();
        // Window calls belong to the thread that draws.
        if let Err(error) = self
            .app
            .run_on_main_thread(move || window::bring_to_front(&app))
        {
            tracing::warn!(%error, "the window does not come to the front");
        }
    }

    fn alerts(&self, shown: bool) {
        let (app, data_dir) = (self.app.clone(), self.data_dir.clone());
        let act = move || match shown {
            true => {
                let console = app.clone();
                let put_away = move || {
                    let console = Arc::clone(&console.state::<Arc<Console>>());
                    tauri::async_runtime::spawn_blocking(move || console.put_alerts_away());
                };
                if let Err(error) = window::open_alerts(&app, &data_dir, put_away) {
                    tracing::warn!(%error, "the window of alerts does not open");
                }
            }
            false => window::close_alerts(&app),
        };
        if let Err(error) = self.app.run_on_main_thread(act) {
            tracing::warn!(%error, "the window of alerts stays as it is");
        }
    }

    fn encoder(&self) -> Option<PathBuf> {
        self.encoder.clone()
    }

    fn downloads(&self) -> Option<PathBuf> {
        self.app.path().download_dir().ok()
    }
}
