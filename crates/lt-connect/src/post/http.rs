//! One HTTP call to an address that was looked at.

use lt_model::alert::notify::DeliveryError;
use reqwest::{Client, Request, StatusCode, Url};

use super::{LIMIT, address};
use crate::connector;

/// Bytes of an answer that are looked at.
const MAX_ANSWER_BYTES: usize = 64 * 1024;

/// What came back.
pub(super) struct Answer {
    pub(super) body: Vec<u8>,
}

/// A client that connects to the addresses that were looked at and to no others.
pub(super) async fn client(url: &Url, allow_private: bool) -> Result<Client, DeliveryError> {
    let addresses = address::resolve(url, allow_private).await?;
    let host = url.host_str().unwrap_or_default();
    connector::client_builder()
        .map_err(|_| DeliveryError::Tls)?
        .timeout(LIMIT)
        .resolve_to_addrs(host, &addresses)
        .build()
        .map_err(|_| DeliveryError::Tls)
}

/// Makes a call. What the other side may take later is told apart from what it never will.
pub(super) async fn call(client: &Client, request: Request) -> Result<Answer, DeliveryError> {
    let mut answer = client.execute(request).await.map_err(why)?;
    match answer.status() {
        status if status.is_success() => {}
        StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS => {
            return Err(DeliveryError::Later);
        }
        status if status.is_server_error() => return Err(DeliveryError::Later),
        StatusCode::UNAUTHORIZED => return Err(DeliveryError::Login),
        _ => return Err(DeliveryError::Refused),
    }
    let mut body = Vec::new();
    // It was taken: what is lost of the answer matters only to who looks into it.
    while let Ok(Some(chunk)) = answer.chunk().await {
        if body.len() + chunk.len() > MAX_ANSWER_BYTES {
            break;
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Answer { body })
}

#[expect(clippy::needless_pass_by_value, reason = "it is handed to map_err")]
fn why(error: reqwest::Error) -> DeliveryError {
    if error.is_timeout() {
        return DeliveryError::TimedOut;
    }
    let mut source: Option<&dyn std::error::Error> = Some(&error);
    while let Some(cause) = source {
        let of_io = cause.downcast_ref::<std::io::Error>();
        let is_tls = cause.downcast_ref::<rustls::Error>().is_some()
            || of_io.is_some_and(|io| {
                io.get_ref()
                    .is_some_and(|inner| inner.is::<rustls::Error>())
            });
        if is_tls {
            return DeliveryError::Tls;
        }
        source = cause.source();
    }
    DeliveryError::Unreachable
}
