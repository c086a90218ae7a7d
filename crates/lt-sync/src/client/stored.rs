//! Calls of the store, one at a time, on threads that may block.

use std::{
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

use lt_model::Millis;
use lt_protocol::sync::StreamHead;
use lt_store::{Store, StoreError};
use tokio::{sync::Mutex, task::spawn_blocking};

use crate::machine::StoreFailure;

/// The store, and whose turn it is.
#[derive(Clone, Debug)]
pub(super) struct Stored {
    store: Arc<Store>,
    /// Held by the call that runs now.
    at_work: Arc<Mutex<()>>,
}

impl Stored {
    pub(super) fn new(store: Arc<Store>) -> Self {
        Self {
            store,
            at_work: Arc::default(),
        }
    }

    pub(super) fn store(&self) -> Arc<Store> {
        Arc::clone(&self.store)
    }

    pub(super) fn at_work(&self) -> Arc<Mutex<()>> {
        Arc::clone(&self.at_work)
    }

    /// Waits for the call that runs now.
    pub(super) async fn rest(self) {
        drop(self.at_work.lock().await);
    }

    pub(super) async fn call<T: Send + 'static>(
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

/// Whether the server's data is older than what this desk has seen of it.
pub(super) fn went_back(store: &Store, streams: &[StreamHead]) -> Result<bool, StoreError> {
    let (_, cursors) = store.cursors()?;
    Ok(cursors.iter().any(|cursor| {
        let head = streams.iter().find(|head| head.stream == cursor.stream);
        head.is_some_and(|head| cursor.seq > head.head)
    }))
}

/// Whether the cursors are at the heads: then no batch comes to say so.
pub(super) fn is_in_step(store: &Store, streams: &[StreamHead]) -> lt_store::Result<bool> {
    let (_, cursors) = store.cursors()?;
    let reached = |head: &StreamHead| {
        cursors
            .iter()
            .any(|cursor| cursor.stream == head.stream && cursor.seq >= head.head)
    };
    Ok(streams.iter().all(reached))
}

pub(super) fn wall() -> Millis {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .ok()
        .and_then(|since| Millis::try_from(since.as_millis()).ok())
        .unwrap_or(0)
}
