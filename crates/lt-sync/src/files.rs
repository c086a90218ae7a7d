//! Pictures and files by HTTP, beside the session: up before the operation that sends one, down when
//! one is looked at.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use futures_util::stream;
use lt_model::{
    Millis,
    attachment::{FilePart, MAX_FILE_BYTES},
    id::AttachmentId,
};
use lt_protocol::{
    api::{file::path, header, proof_message},
    code::{Code, WireError},
};
use lt_seal::{
    Secret,
    device::DeviceKey,
    encode::{base64url_encode, hex_encode},
    sha256,
};
use lt_store::{Account, Upload};
use reqwest::{Body, Method};

use crate::{
    Result, SyncError,
    error::is_untrusted,
    server::{Server, Trust},
    tls,
};

/// A file that takes longer is given up: the largest one at a line of half a megabit.
const LIMIT: Duration = Duration::from_secs(360);
/// Bytes that go up at once.
const STEP_BYTES: usize = 64 * 1024;
/// Largest answer that says why not, in bytes.
const MAX_REFUSAL_BYTES: usize = 64 * 1024;

/// How far a file has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transfer {
    /// Which.
    pub file: AttachmentId,
    /// Whether it goes to the server.
    pub is_upload: bool,
    /// Bytes that have passed.
    pub done: u32,
    /// Of so many.
    pub total: u32,
}

/// Moves files between one server and one session.
pub(crate) struct Files {
    http: reqwest::Client,
    url: String,
    key: DeviceKey,
    token: Secret<String>,
}

impl Files {
    pub(crate) fn new(account: &Account) -> Result<Self> {
        let server = Server::parse(&account.server)?;
        let session = account.session.as_ref().ok_or(SyncError::SignedOut)?;
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
            key: DeviceKey::from_pkcs8(&account.device.key)?,
            token: session.token.clone(),
        })
    }

    /// Uploads a file, once, however often it is called.
    pub(crate) async fn upload(
        &self,
        upload: Upload,
        tell: impl Fn(Transfer) + Send + Sync + 'static,
    ) -> Result<()> {
        let (id, total) = (upload.file.id, upload.file.n_bytes);
        let told = Transfer {
            file: id,
            is_upload: true,
            done: 0,
            total,
        };
        tell(told);
        let done = Arc::new(AtomicU32::new(0));
        let steps: Vec<Vec<u8>> = upload
            .bytes
            .chunks(STEP_BYTES)
            .map(<[u8]>::to_vec)
            .collect();
        let body = stream::iter(steps.into_iter().map(move |step| {
            let n = u32::try_from(step.len()).unwrap_or(0);
            let done = done.fetch_add(n, Ordering::Relaxed) + n;
            tell(Transfer { done, ..told });
            Ok::<_, std::io::Error>(step)
        }));
        let call = self
            .call(
                Method::PUT,
                &path(id, FilePart::Whole),
                &format!("?name={}", escaped(&upload.file.name)),
            )
            .body(Body::wrap_stream(body));
        let mut answer = call.send().await.map_err(failed)?;
        if answer.status().is_success() {
            return Ok(());
        }
        Err(refusal(&mut answer).await)
    }

    /// Fetches one.
    pub(crate) async fn download(
        &self,
        id: AttachmentId,
        part: FilePart,
        tell: impl Fn(Transfer) + Send,
    ) -> Result<Vec<u8>> {
        let mut answer = self
            .call(Method::GET, &path(id, part), "")
            .send()
            .await
            .map_err(failed)?;
        if !answer.status().is_success() {
            return Err(refusal(&mut answer).await);
        }
        let total = answer.content_length().unwrap_or(0);
        let total = u32::try_from(total).map_err(|_| SyncError::BadAnswer)?;
        let mut bytes = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(failed)? {
            if bytes.len() + chunk.len() > MAX_FILE_BYTES {
                return Err(SyncError::BadAnswer);
            }
            bytes.extend_from_slice(&chunk);
            if part == FilePart::Whole {
                tell(Transfer {
                    file: id,
                    is_upload: false,
                    done: u32::try_from(bytes.len()).unwrap_or(u32::MAX),
                    total,
                });
            }
        }
        Ok(bytes)
    }

    fn call(&self, method: Method, path: &str, query: &str) -> reqwest::RequestBuilder {
        let now = wall();
        let token_hash = hex_encode(&sha256(self.token.as_bytes()));
        let message = proof_message(method.as_str(), path, now, &token_hash);
        let signed = self.key.sign(message.as_bytes());
        self.http
            .request(method, format!("{}{path}{query}", self.url))
            .header(
                header::AUTHORIZATION,
                format!("Bearer {}", self.token.expose()),
            )
            .header(header::TIMESTAMP, now.to_string())
            .header(header::PROOF, base64url_encode(&signed))
    }
}

/// Fetches a file for an account, and tells how far it is.
///
/// # Errors
/// [`SyncError::Offline`], [`SyncError::Untrusted`], [`SyncError::Refused`], [`SyncError::BadAnswer`],
/// [`SyncError::SignedOut`] without a session.
pub async fn fetch_file(
    account: &Account,
    id: AttachmentId,
    part: FilePart,
    tell: impl Fn(Transfer) + Send,
) -> Result<Vec<u8>> {
    Files::new(account)?.download(id, part, tell).await
}

/// Uploads a file for an account at once: for what is no message.
///
/// # Errors
/// As for [`fetch_file`].
pub async fn upload_file(account: &Account, upload: Upload) -> Result<()> {
    Files::new(account)?.upload(upload, |_| {}).await
}

/// Whether trying again cannot help: the operation that sends the file may go up, and the server
/// refuses that.
pub(crate) fn is_final(error: &SyncError) -> bool {
    matches!(
        error,
        SyncError::Refused(refusal) if matches!(
            refusal.code,
            Code::TooLarge
                | Code::FileType
                | Code::FileDamaged
                | Code::UploadsFull
                | Code::Empty
                | Code::BadRequest
                | Code::Forbidden
        )
    )
}

/// A name as it stands in an address.
fn escaped(name: &str) -> String {
    let mut text = String::with_capacity(name.len() * 3);
    for byte in name.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => {
                text.push(char::from(byte));
            }
            _ => text.push_str(&format!("%{byte:02X}")),
        }
    }
    text
}

async fn refusal(answer: &mut reqwest::Response) -> SyncError {
    let mut body = Vec::new();
    loop {
        match answer.chunk().await {
            Ok(Some(chunk)) if body.len() + chunk.len() <= MAX_REFUSAL_BYTES => {
                body.extend_from_slice(&chunk);
            }
            Ok(None) => break,
            Ok(Some(_)) => return SyncError::BadAnswer,
            Err(error) => return failed(error),
        }
    }
    match serde_json::from_slice::<WireError>(&body) {
        Ok(error) => SyncError::Refused(error),
        Err(_) => SyncError::BadAnswer,
    }
}

fn failed(error: reqwest::Error) -> SyncError {
    if is_untrusted(&error) {
        return SyncError::Untrusted;
    }
    if error.is_decode() || error.is_redirect() {
        return SyncError::BadAnswer;
    }
    // The address holds what a file is called.
    SyncError::Offline(Box::new(error.without_url()))
}

fn wall() -> Millis {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .ok()
        .and_then(|since| Millis::try_from(since.as_millis()).ok())
        .unwrap_or(0)
}
