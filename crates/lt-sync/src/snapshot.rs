//! Fetches snapshots: page after page by HTTP, each committed before the next is asked for. It runs
//! beside the session, so that what else the agent may see goes on.
//!
//! Whatever breaks it off, the store keeps what it has; the next session goes on from its last page.

use std::{
    io::Read,
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use lt_model::Millis;
use lt_protocol::{
    api::{
        header, proof_message,
        snapshot::{LAST, MAX_PAGE_BYTES, ROWS_LEFT, path},
    },
    code::WireError,
    sync::Row,
};
use lt_seal::{
    Secret,
    device::DeviceKey,
    encode::{base64url_encode, hex_encode},
    sha256,
};
use lt_store::{Store, StoreError};
use reqwest::header::HeaderMap;
use tokio::{sync::Mutex, task::spawn_blocking};

use crate::{
    Result, SyncError,
    error::is_untrusted,
    machine::Progress,
    server::{Server, Trust},
    tls,
};

/// A page that takes longer is given up.
const LIMIT: Duration = Duration::from_secs(60);
/// Largest page that is read, in bytes as they come: what does not compress grows a little.
const MAX_PACKED_BYTES: usize = MAX_PAGE_BYTES + 64 * 1024;
/// Largest single row, in bytes: it comes alone, whatever a page may have.
const MAX_LINE_BYTES: usize = 2 * MAX_PAGE_BYTES;
/// Most memory that decompression may ask for, as a power of two.
const MAX_WINDOW: u32 = 23;

/// Which snapshot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Wanted {
    pub(crate) stream: u64,
    /// The change of the stream up to which it goes, unless an older one was begun.
    pub(crate) at: u64,
    /// Changes up to it are gone at the server.
    pub(crate) floor: u64,
}

/// Fetches snapshots from one server for one session.
#[derive(Debug)]
pub(crate) struct Snapshots {
    http: reqwest::Client,
    url: String,
    key: DeviceKey,
    token: Secret<String>,
    store: Arc<Store>,
    at_work: Arc<Mutex<()>>,
}

struct Page {
    rows: Vec<Row>,
    last: bool,
    n_left: u64,
}

impl Snapshots {
    /// `at_work` is held by every call of the store.
    pub(crate) fn new(
        server: &Server,
        key: DeviceKey,
        token: Secret<String>,
        store: Arc<Store>,
        at_work: Arc<Mutex<()>>,
    ) -> Result<Self> {
        let is_plain = matches!(server.trust(), Trust::Loopback);
        let builder = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .timeout(LIMIT)
            .https_only(!is_plain)
            .tls_backend_preconfigured(tls::config(server.trust())?);
        Ok(Self {
            http: builder.build().map_err(failed)?,
            url: server.url().to_owned(),
            key,
            token,
            store,
            at_work,
        })
    }

    /// Fetches a snapshot, or what is missing of one that was begun before, and gives the change of
    /// the stream at which the store stands then.
    ///
    /// # Errors
    /// [`SyncError::Offline`], [`SyncError::Untrusted`], [`SyncError::Refused`] as when the stream is
    /// not the agent's any more, [`SyncError::BadAnswer`], [`SyncError::Store`].
    pub(crate) async fn fetch(
        &self,
        wanted: Wanted,
        mut tell: impl FnMut(Progress) + Send,
    ) -> Result<u64> {
        let Wanted { stream, at, floor } = wanted;
        let mut state = self
            .blocking(move |store, _| store.begin_snapshot(stream, at, floor))
            .await?;
        loop {
            let (at, after) = (state.at, state.after);
            let Page { rows, last, n_left } = self.page(stream, at, after).await?;
            if rows.is_empty() && !last {
                return Err(SyncError::BadAnswer);
            }
            (state, _) = self
                .blocking(move |store, now| store.apply_snapshot_page(stream, at, &rows, last, now))
                .await?;
            tell(Progress {
                n_rows: state.n_rows,
                n_total: state.n_rows.saturating_add(n_left),
            });
            if last {
                return Ok(at);
            }
        }
    }

    async fn page(&self, stream: u64, at: u64, after: u64) -> Result<Page> {
        let path = path(stream);
        let now = wall();
        let token_hash = hex_encode(&sha256(self.token.as_bytes()));
        let signed = self
            .key
            .sign(proof_message("GET", &path, now, &token_hash).as_bytes());
        let call = self
            .http
            .get(format!("{}{path}?at={at}&after={after}", self.url))
            .header(
                header::AUTHORIZATION,
                format!("Bearer {}", self.token.expose()),
            )
            .header(header::TIMESTAMP, now.to_string())
            .header(header::PROOF, base64url_encode(&signed));
        let mut answer = call.send().await.map_err(failed)?;
        let is_success = answer.status().is_success();
        let last = number(answer.headers(), LAST);
        let n_left = number(answer.headers(), ROWS_LEFT);
        let mut packed = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(failed)? {
            if packed.len() + chunk.len() > MAX_PACKED_BYTES {
                return Err(SyncError::BadAnswer);
            }
            packed.extend_from_slice(&chunk);
        }
        if !is_success {
            let error: WireError =
                serde_json::from_slice(&packed).map_err(|_| SyncError::BadAnswer)?;
            return Err(SyncError::Refused(error));
        }
        let rows = spawn_blocking(move || read_page(&packed))
            .await
            .map_err(|_| SyncError::BadAnswer)??;
        Ok(Page {
            rows,
            last: last.ok_or(SyncError::BadAnswer)? == 1,
            n_left: n_left.unwrap_or(0),
        })
    }

    async fn blocking<T: Send + 'static>(
        &self,
        act: impl FnOnce(&Store, Millis) -> lt_store::Result<T> + Send + 'static,
    ) -> Result<T> {
        let guard = Arc::clone(&self.at_work).lock_owned().await;
        let store = Arc::clone(&self.store);
        let call = move || {
            // Declared first, so that it is let go last, after the store.
            let _guard = guard;
            let store = store;
            act(&store, wall())
        };
        match spawn_blocking(call).await {
            Ok(done) => Ok(done?),
            Err(_) => Err(SyncError::Store(StoreError::Broken("a call broke off"))),
        }
    }
}

/// Unpacks and reads a page. Neither its size nor the memory for it is the server's to choose.
fn read_page(packed: &[u8]) -> Result<Vec<Row>> {
    let bad = |_| SyncError::BadAnswer;
    let mut decoder = zstd::stream::read::Decoder::with_buffer(packed).map_err(bad)?;
    decoder.window_log_max(MAX_WINDOW).map_err(bad)?;
    let limit = u64::try_from(MAX_LINE_BYTES).unwrap_or(u64::MAX);
    let mut lines = Vec::new();
    let n_read = decoder
        .take(limit.saturating_add(1))
        .read_to_end(&mut lines)
        .map_err(bad)?;
    if n_read > MAX_LINE_BYTES {
        return Err(SyncError::BadAnswer);
    }
    let rows = serde_json::Deserializer::from_slice(&lines).into_iter::<Row>();
    let rows: Result<Vec<_>, _> = rows.collect();
    let rows = rows.map_err(|_| SyncError::BadAnswer)?;
    if rows.len() > 1 && n_read > MAX_PAGE_BYTES {
        return Err(SyncError::BadAnswer);
    }
    Ok(rows)
}

fn number(headers: &HeaderMap, name: &str) -> Option<u64> {
    headers.get(name)?.to_str().ok()?.parse().ok()
}

fn failed(error: reqwest::Error) -> SyncError {
    if is_untrusted(&error) {
        return SyncError::Untrusted;
    }
    if error.is_decode() || error.is_redirect() {
        return SyncError::BadAnswer;
    }
    SyncError::Offline(Box::new(error.without_url()))
}

fn wall() -> Millis {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .ok()
        .and_then(|since| Millis::try_from(since.as_millis()).ok())
        .unwrap_or(0)
}

#[cfg(test)]
mod tests;
