//! Signs in and out by the server's REST calls.

use std::time::Duration;

use lt_model::{Millis, id::ConversationId};
use lt_protocol::{
    alert::{
        self, AlertPreview, AlertPreviewArgs, DeliveryResendArgs, DeliverySaveArgs, DeliveryTest,
        DeliveryTestArgs, DeliveryView,
    },
    api::{DeviceInfo, LoginRequest, LoginResponse, header, proof_message},
    code::WireError,
    customer::{FactSheet, facts_path},
    members::{self, MembersView},
    metrics::{CELLS_PATH, CellsAnswer, CellsRequest, MetricsRows, MetricsRowsArgs, ROWS_PATH},
};
use lt_seal::{
    Secret,
    device::DeviceKey,
    encode::{base64url_encode, hex_encode},
    sha256,
};
use lt_store::{Account, Device, Session};
use reqwest::Method;
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    Result, SyncError,
    error::is_untrusted,
    server::{Server, Trust},
    tls,
};

/// A call that takes longer is given up.
const LIMIT: Duration = Duration::from_secs(20);
/// Largest answer that is read, in bytes.
const MAX_ANSWER_BYTES: usize = 2 * 1024 * 1024;

/// Who signed in.
#[derive(Clone, Debug)]
pub struct Login {
    /// What to keep in the store.
    pub account: Account,
}

/// Signs in. `server` is an enrolment code or an address; `device` is this installation, whose
/// public half goes along; `device_name` is shown in the list of devices.
///
/// # Errors
/// [`SyncError::Address`], [`SyncError::Untrusted`], [`SyncError::Offline`],
/// [`SyncError::Refused`] with the server's code, [`SyncError::BadAnswer`].
pub async fn login(
    server: &str,
    username: &str,
    password: &Secret<String>,
    device: &Device,
    device_name: &str,
) -> Result<Login> {
    let parsed = Server::parse(server)?;
    let key = DeviceKey::from_pkcs8(&device.key)?;
    let request = LoginRequest {
        username: username.to_owned(),
        password: password.expose().clone(),
        device: DeviceInfo {
            id: device.id,
            name: device_name.to_owned(),
            os: std::env::consts::OS.to_owned(),
            public_key: base64url_encode(&key.public()),
        },
    };
    let url = format!("{}/api/v1/login", parsed.url());
    let call = http(&parsed)?.post(url).json(&request);
    let answer = Secret::new(send(call).await?);
    let answer: LoginResponse =
        serde_json::from_slice(answer.expose()).map_err(|_| SyncError::BadAnswer)?;
    Ok(Login {
        account: Account {
            server: server.trim().to_owned(),
            organisation: answer.organisation,
            agent: answer.agent,
            device: device.clone(),
            session: Some(Session {
                id: answer.session,
                token: Secret::new(answer.token),
                expires_at: answer.expires_at,
            }),
        },
    })
}

/// Ends the session at the server. The caller ends it in the store whether or not this succeeds.
///
/// # Errors
/// As for [`login`], and [`SyncError::SignedOut`] without a session.
pub async fn logout(account: &Account, now: Millis) -> Result<()> {
    signed(account, Method::POST, "/api/v1/logout", now)
        .await
        .map(drop)
}

/// What other systems of the shop know about a conversation. Takes as long as they take, a few
/// seconds at most: call it beside everything else.
///
/// # Errors
/// As for [`logout`].
pub async fn customer_facts(
    account: &Account,
    id: ConversationId,
    now: Millis,
) -> Result<Vec<FactSheet>> {
    let answer = signed(account, Method::GET, &facts_path(id), now).await?;
    serde_json::from_slice(&answer).map_err(|_| SyncError::BadAnswer)
}

/// Cells of the numbers of the service that changed since this desk had them.
///
/// # Errors
/// As for [`logout`].
pub async fn metric_cells(
    account: &Account,
    request: &CellsRequest,
    now: Millis,
) -> Result<CellsAnswer> {
    asked(account, CELLS_PATH, request, now).await
}

/// The rows behind a number.
///
/// # Errors
/// As for [`logout`].
pub async fn metric_rows(
    account: &Account,
    request: &MetricsRowsArgs,
    now: Millis,
) -> Result<MetricsRows> {
    asked(account, ROWS_PATH, request, now).await
}

/// What an alert rule would have done.
///
/// # Errors
/// As for [`logout`].
pub async fn alert_preview(
    account: &Account,
    request: &AlertPreviewArgs,
    now: Millis,
) -> Result<AlertPreview> {
    asked(account, alert::path::PREVIEW, request, now).await
}

/// How alerts leave the server, and what was sent.
///
/// # Errors
/// As for [`logout`].
pub async fn delivery(account: &Account, now: Millis) -> Result<DeliveryView> {
    let answer = signed(account, Method::GET, alert::path::DELIVERY, now).await?;
    serde_json::from_slice(&answer).map_err(|_| SyncError::BadAnswer)
}

/// Sets one of those ways up.
///
/// # Errors
/// As for [`logout`].
pub async fn save_delivery(
    account: &Account,
    request: &DeliverySaveArgs,
    now: Millis,
) -> Result<DeliveryView> {
    asked(account, alert::path::DELIVERY, request, now).await
}

/// Tries one. Takes as long as the other side takes.
///
/// # Errors
/// As for [`logout`].
pub async fn test_delivery(
    account: &Account,
    request: &DeliveryTestArgs,
    now: Millis,
) -> Result<DeliveryTest> {
    asked(account, alert::path::TEST, request, now).await
}

/// Sends what was given up once more.
///
/// # Errors
/// As for [`logout`].
pub async fn resend_delivery(
    account: &Account,
    request: &DeliveryResendArgs,
    now: Millis,
) -> Result<DeliveryView> {
    asked(account, alert::path::RESEND, request, now).await
}

/// Has a report of the numbers sent to the account's own address now.
///
/// # Errors
/// As for [`logout`].
pub async fn mail_report(account: &Account, now: Millis) -> Result<DeliveryView> {
    asked(account, alert::path::REPORT, &serde_json::json!({}), now).await
}

/// All accounts and groups.
///
/// # Errors
/// As for [`logout`].
pub async fn list_members(account: &Account, now: Millis) -> Result<MembersView> {
    let answer = signed(account, Method::GET, members::path::MEMBERS, now).await?;
    serde_json::from_slice(&answer).map_err(|_| SyncError::BadAnswer)
}

/// Changes accounts and groups by one of the calls of [`members::path`], and gives its answer.
///
/// # Errors
/// As for [`logout`].
pub async fn change_members<T: DeserializeOwned>(
    account: &Account,
    path: &'static str,
    request: &impl Serialize,
    now: Millis,
) -> Result<T> {
    asked(account, path, request, now).await
}

/// A question with a body, and its answer.
async fn asked<T: DeserializeOwned>(
    account: &Account,
    path: &str,
    request: &impl Serialize,
    now: Millis,
) -> Result<T> {
    let call = call(account, Method::POST, path, now)?.json(request);
    let answer = send(call).await?;
    serde_json::from_slice(&answer).map_err(|_| SyncError::BadAnswer)
}

/// A call without a body, with the session's token and the device's proof.
pub(crate) async fn signed(
    account: &Account,
    method: Method,
    path: &str,
    now: Millis,
) -> Result<Vec<u8>> {
    send(call(account, method, path, now)?).await
}

/// A call that is still to be sent.
fn call(
    account: &Account,
    method: Method,
    path: &str,
    now: Millis,
) -> Result<reqwest::RequestBuilder> {
    let server = Server::parse(&account.server)?;
    let session = account.session.as_ref().ok_or(SyncError::SignedOut)?;
    let key = DeviceKey::from_pkcs8(&account.device.key)?;
    let token_hash = hex_encode(&sha256(session.token.as_bytes()));
    let signed = key.sign(proof_message(method.as_str(), path, now, &token_hash).as_bytes());
    Ok(http(&server)?
        .request(method, format!("{}{path}", server.url()))
        .header(
            header::AUTHORIZATION,
            format!("Bearer {}", session.token.expose()),
        )
        .header(header::TIMESTAMP, now.to_string())
        .header(header::PROOF, base64url_encode(&signed)))
}

/// A client for this server alone. It follows no redirect and asks no proxy: the socket does
/// neither.
pub(crate) fn http(server: &Server) -> Result<reqwest::Client> {
    let is_plain = matches!(server.trust(), Trust::Loopback);
    let builder = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .timeout(LIMIT)
        .https_only(!is_plain)
        .tls_backend_preconfigured(tls::config(server.trust())?);
    builder.build().map_err(failed)
}

pub(crate) async fn send(call: reqwest::RequestBuilder) -> Result<Vec<u8>> {
    let mut answer = call.send().await.map_err(failed)?;
    let status = answer.status();
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(failed)? {
        if body.len() + chunk.len() > MAX_ANSWER_BYTES {
            return Err(SyncError::BadAnswer);
        }
        body.extend_from_slice(&chunk);
    }
    if status.is_success() {
        return Ok(body);
    }
    let error: WireError = serde_json::from_slice(&body).map_err(|_| SyncError::BadAnswer)?;
    Err(SyncError::Refused(error))
}

fn failed(error: reqwest::Error) -> SyncError {
    if is_untrusted(&error) {
        return SyncError::Untrusted;
    }
    if error.is_decode() || error.is_redirect() {
        return SyncError::BadAnswer;
    }
    // The address may hold what an agent typed into the wrong field.
    SyncError::Offline(Box::new(error.without_url()))
}
