//! Uploads what waits in the outbox, one file after the other, while the server is there.

use std::{sync::Arc, time::Duration};

use lt_model::id::AttachmentId;
use lt_protocol::view::ConnectionState;
use lt_store::Upload;
use tokio::{
    sync::{Notify, broadcast, mpsc, watch},
    time::sleep,
};

use super::stored::Stored;
use crate::{
    Status,
    files::{Files, Transfer, is_final},
    machine::Input,
};

/// After a failure it is tried again at the earliest.
const TRY_AGAIN: Duration = Duration::from_secs(2);

pub(super) struct Uploads {
    pub(super) files: Files,
    pub(super) stored: Stored,
    /// Told when the outbox has changed.
    pub(super) wake: Arc<Notify>,
    pub(super) status: watch::Receiver<Status>,
    pub(super) commands: mpsc::UnboundedSender<Input>,
    pub(super) told: broadcast::Sender<Transfer>,
}

impl Uploads {
    pub(super) async fn run(mut self) {
        loop {
            if self.status.borrow_and_update().state != ConnectionState::Online {
                if self.status.changed().await.is_err() {
                    return;
                }
                continue;
            }
            match self.stored.call(|store, _| store.next_upload()).await {
                Ok(Some(upload)) => self.upload(upload).await,
                // The store that fails is told by the driver; a look costs little.
                Ok(None) | Err(_) => tokio::select! {
                    () = self.wake.notified() => {}
                    changed = self.status.changed() => if changed.is_err() {
                        return;
                    }
                },
            }
        }
    }

    async fn upload(&mut self, upload: Upload) {
        let id = upload.file.id;
        let told = self.told.clone();
        let tell = move |transfer| {
            // Nobody may be listening.
            let _ = told.send(transfer);
        };
        let uploaded = tokio::select! {
            uploaded = self.files.upload(upload, tell) => uploaded,
            () = self.taken_back(id) => return,
        };
        match uploaded {
            Ok(()) => {}
            Err(error) if is_final(&error) => {
                tracing::warn!(%error, "the server does not take a file");
            }
            Err(error) => {
                tracing::info!(%error, "a file is uploaded later");
                sleep(TRY_AGAIN).await;
                return;
            }
        }
        let stored = self
            .stored
            .call(move |store, _| store.file_uploaded(id))
            .await;
        if stored.is_ok() {
            // A driver that has gone pushes nothing more.
            let _ = self.commands.send(Input::Nudge);
        }
    }

    /// Waits until the agent has taken the file back.
    async fn taken_back(&self, id: AttachmentId) {
        loop {
            self.wake.notified().await;
            let waits = self
                .stored
                .call(move |store, _| store.is_outgoing(id))
                .await;
            if matches!(waits, Ok(false)) {
                return;
            }
        }
    }
}
