//! What every request shares.

use std::{
    net::IpAddr,
    sync::Arc,
    time::{SystemTime, UNIX_EPOCH},
};

use lt_backoffice::Backoffice;
use lt_model::{Millis, id::ContactId};
use lt_protocol::code::{Code, WireError};
use tokio::sync::{Semaphore, mpsc, watch};

use crate::{rate::Buckets, sync::Desks};

/// Messages that one visitor may send in a minute.
const VISITOR_SENDS_PER_MINUTE: u32 = 20;
/// Files that one visitor may upload in a minute.
const VISITOR_UPLOADS_PER_MINUTE: u32 = 20;
/// Uploads of customers that are read at the same time: each is held in memory until it is whole.
const MAX_UPLOADS: usize = 8;
/// Chat sessions that one address may ask for in a minute: a shop's office shares one.
const SESSIONS_PER_MINUTE: u32 = 60;
/// Looks at survey pages and answers there that one address may make in a minute.
const SURVEY_CALLS_PER_MINUTE: u32 = 30;
/// Marks that one visitor may give or change in a minute.
const VISITOR_MARKS_PER_MINUTE: u32 = 10;
/// Sign-ins and set-ups that one address may try in a minute.
const LOGINS_PER_MINUTE: u32 = 20;

/// Shared by all requests of one server.
pub(crate) struct App {
    pub(crate) backoffice: Arc<Backoffice>,
    /// What the desktops' sessions need of it.
    pub(crate) desks: Arc<Desks>,
    /// Becomes true when the server goes away.
    pub(crate) stop: watch::Receiver<bool>,
    /// Held by every socket, so that a shutdown can wait for their farewells.
    pub(crate) alive: mpsc::Sender<()>,
    pub(crate) visitor_sends: Buckets<ContactId>,
    pub(crate) visitor_uploads: Buckets<ContactId>,
    pub(crate) uploads: Semaphore,
    pub(crate) sessions: Buckets<IpAddr>,
    pub(crate) survey_calls: Buckets<IpAddr>,
    pub(crate) visitor_marks: Buckets<ContactId>,
    pub(crate) logins: Buckets<IpAddr>,
    /// Whether browsers reach it by TLS.
    pub(crate) tls: bool,
}

pub(crate) type Shared = Arc<App>;

impl App {
    pub(crate) fn new(
        backoffice: Arc<Backoffice>,
        stop: watch::Receiver<bool>,
        alive: mpsc::Sender<()>,
        tls: bool,
    ) -> Self {
        Self {
            desks: Arc::new(Desks::new(Arc::clone(&backoffice), stop.clone())),
            backoffice,
            stop,
            alive,
            visitor_sends: Buckets::per_minute(VISITOR_SENDS_PER_MINUTE),
            visitor_uploads: Buckets::per_minute(VISITOR_UPLOADS_PER_MINUTE),
            uploads: Semaphore::new(MAX_UPLOADS),
            sessions: Buckets::per_minute(SESSIONS_PER_MINUTE),
            survey_calls: Buckets::per_minute(SURVEY_CALLS_PER_MINUTE),
            visitor_marks: Buckets::per_minute(VISITOR_MARKS_PER_MINUTE),
            logins: Buckets::per_minute(LOGINS_PER_MINUTE),
            tls,
        }
    }

    /// Runs a use case on a thread that may block.
    pub(crate) async fn call<T, E, F>(&self, act: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<WireError> + Send + 'static,
        F: FnOnce(&Backoffice) -> Result<T, E> + Send + 'static,
    {
        let backoffice = Arc::clone(&self.backoffice);
        match tokio::task::spawn_blocking(move || act(&backoffice)).await {
            Ok(outcome) => outcome,
            Err(_) => Err(WireError::new(Code::Internal, "a use case broke off").into()),
        }
    }
}

/// Waits until the server goes away.
pub(crate) async fn stopping(stop: &mut watch::Receiver<bool>) {
    // A sender that is gone means the same.
    let _ = stop.wait_for(|stopping| *stopping).await;
}

/// The wall clock. The layers below get it as an argument.
pub(crate) fn now() -> Millis {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .ok()
        .and_then(|since| Millis::try_from(since.as_millis()).ok())
        .unwrap_or_default()
}
