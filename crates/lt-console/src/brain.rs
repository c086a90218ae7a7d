//! The desk's own engine over the cached knowledge and under the organisation's settings, built by a thread of its own and swapped in
//! when the knowledge changes.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, OnceLock, mpsc},
};

use arc_swap::ArcSwapOption;
use lt_engine::{Doc, Engine, encoder::Encoder, tailoring};
use lt_seal::Key32;
use lt_store::Store;

use crate::{background::Background, own};

/// The engine, and the thread that builds it. Dropping it ends the thread.
pub(crate) struct Brain {
    engine: Arc<ArcSwapOption<Engine>>,
    encoder: Arc<OnceLock<Arc<Encoder>>>,
    thread: Background,
}

impl Brain {
    /// Begins to build the engine from the store's knowledge, with its sealed index in `folder`.
    /// `on_event` is called each time an engine takes its place, and when there is no encoder in the
    /// folder that is named for one.
    pub(crate) fn start(
        store: Arc<Store>,
        folder: &Path,
        key: Key32,
        encoder_folder: Option<PathBuf>,
        on_event: impl Fn(BrainEvent) + Send + 'static,
    ) -> Self {
        let engine = Arc::new(ArcSwapOption::empty());
        let encoder = Arc::new(OnceLock::new());
        let worker = Worker {
            store,
            folder: folder.to_owned(),
            key,
            engine: Arc::clone(&engine),
            encoder: Arc::clone(&encoder),
        };
        let thread = Background::start("engine", move |woken| {
            worker.run(encoder_folder, on_event, woken);
        });
        Self {
            engine,
            encoder,
            thread,
        }
    }

    /// The knowledge, or the engine's settings, changed.
    pub(crate) fn wake(&self) {
        self.thread.wake();
    }

    /// The engine; none until the first one is built.
    pub(crate) fn engine(&self) -> Option<Arc<Engine>> {
        self.engine.load_full()
    }

    /// The organisation's sentence encoder, once it is loaded.
    pub(crate) fn encoder(&self) -> Option<&Arc<Encoder>> {
        self.encoder.get()
    }
}

impl Drop for Brain {
    fn drop(&mut self) {
        // The thread may be at work on thousands of wordings.
        if let Some(encoder) = self.encoder.get() {
            encoder.stop();
        }
    }
}

/// What the thread tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BrainEvent {
    /// An engine took its place.
    Ready,
    /// The folder that is named for an encoder holds none that works.
    NoEncoder,
}

struct Worker {
    store: Arc<Store>,
    folder: PathBuf,
    key: Key32,
    engine: Arc<ArcSwapOption<Engine>>,
    encoder: Arc<OnceLock<Arc<Encoder>>>,
}

impl Worker {
    fn run(
        self,
        mut encoder_folder: Option<PathBuf>,
        on_event: impl Fn(BrainEvent),
        woken: &mpsc::Receiver<()>,
    ) {
        loop {
            match self.build() {
                Ok(engine) => {
                    self.engine.store(Some(Arc::new(engine)));
                    on_event(BrainEvent::Ready);
                }
                Err(error) => tracing::error!(%error, "the engine stays as it was"),
            }
            // The agent has suggestions while the encoder is loaded and reads the knowledge.
            if let Some(folder) = encoder_folder.take() {
                match Encoder::open(&folder) {
                    Ok(encoder) => {
                        self.encoder.get_or_init(|| Arc::new(encoder));
                        continue;
                    }
                    Err(error) => {
                        tracing::error!(%error, "the engine works without the encoder");
                        on_event(BrainEvent::NoEncoder);
                    }
                }
            }
            if woken.recv().is_err() {
                return;
            }
            // A first fetch brings the knowledge in many batches: one build covers those so far.
            while woken.try_recv().is_ok() {}
        }
    }

    /// The first engine takes its index from the disk. Later ones are built in memory beside the
    /// one in use; the index on the disk is brought up to date at the next start.
    fn build(&self) -> Result<Engine, BuildError> {
        let docs: Vec<Doc> = self.store.faq()?.into_iter().map(Doc::from).collect();
        let docs = own::with_picks(docs, self.store.newest_picks()?);
        let n_docs = docs.len();
        let settings = self.store.engine_settings()?;
        let parts = tailoring::parts(settings.as_ref()).with_encoder(self.encoder.get());
        let engine = if self.engine.load().is_some() {
            Engine::build_with(docs, parts)?
        } else {
            let key = self.key.clone();
            match Engine::open_with(&self.folder, key, docs.clone(), Arc::clone(&parts)) {
                Ok((engine, opened)) => {
                    tracing::info!(?opened, "the engine's index is open");
                    engine
                }
                // The index is a cache: the agent is not left without suggestions for it.
                Err(error) => {
                    tracing::warn!(%error, "the engine's index stays in memory");
                    Engine::build_with(docs, parts)?
                }
            }
        };
        tracing::info!(n_docs, "the engine is ready");
        Ok(engine)
    }
}

/// Why there is no new engine.
#[derive(Debug, thiserror::Error)]
enum BuildError {
    #[error(transparent)]
    Store(#[from] lt_store::StoreError),
    #[error(transparent)]
    Engine(#[from] lt_engine::EngineError),
}
