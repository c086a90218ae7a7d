//! The server's share of the desk's store (服务器份额): a desk that is online asks for it to make a slot
//! with it, and an agent who lost the other ways in asks for it by the password.

use lt_model::{Millis, id::DeviceId};
use lt_protocol::api::share::{DeviceShare, OPEN_PATH, OWN_PATH, ShareRequest};
use lt_seal::{Key32, Secret, encode::base64url_decode};
use lt_store::Account;
use reqwest::Method;

use crate::{
    Result, SyncError,
    login::{http, send, signed},
    server::Server,
};

/// The share of this device, which the server makes where it has none.
///
/// # Errors
/// As for [`crate::logout`].
pub async fn device_share(account: &Account, now: Millis) -> Result<Key32> {
    read(signed(account, Method::POST, OWN_PATH, now).await?)
}

/// The share of a device for the agent whom it was made for. `server` is an enrolment code or an
/// address, as at the sign-in.
///
/// # Errors
/// As for [`crate::login`]; one code says that name, password or device is not right, or that the
/// account has ended.
pub async fn share_by_password(
    server: &str,
    username: &str,
    password: &Secret<String>,
    device: DeviceId,
) -> Result<Key32> {
    let server = Server::parse(server)?;
    let request = ShareRequest {
        username: username.to_owned(),
        password: password.expose().clone(),
        device,
    };
    let url = format!("{}{OPEN_PATH}", server.url());
    read(send(http(&server)?.post(url).json(&request)).await?)
}

fn read(answer: Vec<u8>) -> Result<Key32> {
    let answer = Secret::new(answer);
    let answer: DeviceShare =
        serde_json::from_slice(answer.expose()).map_err(|_| SyncError::BadAnswer)?;
    let text = Secret::new(answer.share);
    base64url_decode(text.expose())
        .ok()
        .and_then(|bytes| <[u8; 32]>::try_from(bytes).ok())
        .map(Key32::new)
        .ok_or(SyncError::BadAnswer)
}
