//! The numbers of the service on this desk: fetched while somebody looks at them, and now and then
//! else, so that they are there when the server is not.

mod board;

mod kept;

pub(crate) mod export;

pub(crate) use board::Names;

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use lt_model::Millis;
use lt_protocol::metrics::{CellsRequest, MetricsBoard, MetricsBoardArgs};
use lt_store::{MetricsStand, Store};
use lt_sync::SyncError;

use self::kept::Kept;
use crate::desk::now;

/// So long after a board was asked for, somebody still looks at it.
const LOOKED_AT_MS: Millis = 600_000;
/// How often numbers that somebody looks at are fetched.
const FETCH_EVERY_MS: Millis = 5_000;
/// How often those are that nobody looks at.
const IDLE_EVERY_MS: Millis = 300_000;
/// Most answers of one fetch: a first one of three years has a few hundred.
const MAX_ANSWERS: usize = 2_000;

/// Who fetches them, and when.
pub(crate) struct Numbers {
    store: Arc<Store>,
    times: Mutex<Times>,
    fetching: Arc<AtomicBool>,
    kept: Kept,
}

#[derive(Clone, Copy, Default)]
struct Times {
    looked_at: Millis,
    fetched_at: Millis,
}

impl Numbers {
    pub(crate) fn new(store: Arc<Store>) -> Self {
        Self {
            store,
            times: Mutex::default(),
            fetching: Arc::default(),
            kept: Kept::default(),
        }
    }

    /// A board from the cells that are here.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub(crate) fn board(
        &self,
        args: &MetricsBoardArgs,
        names: &Names,
    ) -> lt_store::Result<MetricsBoard> {
        self.kept.board(&self.store, args, names)
    }

    /// Somebody looks at them.
    pub(crate) fn look(&self) {
        self.times().looked_at = now();
    }

    /// Fetches them where that is due and the server is there; the window is told by the change of the
    /// store. Must be called inside a tokio runtime.
    pub(crate) fn fetch_if_due(&self) {
        let at = now();
        {
            let mut times = self.times();
            let every = match at - times.looked_at < LOOKED_AT_MS {
                true => FETCH_EVERY_MS,
                false => IDLE_EVERY_MS,
            };
            if at - times.fetched_at < every || self.fetching.swap(true, Ordering::AcqRel) {
                return;
            }
            times.fetched_at = at;
        }
        let (store, fetching) = (Arc::clone(&self.store), Arc::clone(&self.fetching));
        tokio::spawn(async move {
            if let Err(error) = fetch(&store).await {
                // It is tried again when it is due.
                tracing::info!(%error, "the numbers were not fetched");
            }
            fetching.store(false, Ordering::Release);
        });
    }

    fn times(&self) -> std::sync::MutexGuard<'_, Times> {
        self.times.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Fetches what is new until nothing is.
async fn fetch(store: &Arc<Store>) -> Result<(), SyncError> {
    for _ in 0..MAX_ANSWERS {
        let known = blocking(store, |store| {
            let stand = store.metrics(|reader| reader.stand())?;
            Ok((store.account()?, stand))
        })
        .await?;
        let (Some(account), stand) = known else {
            return Ok(());
        };
        let request = CellsRequest {
            generation: stand
                .as_ref()
                .map(|stand: &MetricsStand| stand.generation.clone()),
            after: stand.map_or_else(Vec::new, |stand| stand.groups),
        };
        let answer = lt_sync::metric_cells(&account, &request, now()).await?;
        let more = answer.more;
        blocking(store, move |store| store.keep_metrics(&answer)).await?;
        if !more {
            return Ok(());
        }
    }
    Ok(())
}

async fn blocking<T: Send + 'static>(
    store: &Arc<Store>,
    act: impl FnOnce(&Store) -> lt_store::Result<T> + Send + 'static,
) -> Result<T, SyncError> {
    let store = Arc::clone(store);
    let done = tokio::task::spawn_blocking(move || act(&store)).await;
    match done {
        Ok(done) => Ok(done?),
        // The thread broke off or the program ends.
        Err(_) => Err(SyncError::BadAnswer),
    }
}
