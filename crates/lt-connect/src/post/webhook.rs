//! Signed JSON to a system.
//!
//! The receiver checks `HMAC-SHA256(key, timestamp + "." + body)`, that the time is not five minutes
//! off, and knows a delivery that came twice by its id.

use lt_model::{Millis, alert::notify::DeliveryError};
use lt_protocol::alert::WebhookSettings;
use lt_seal::{Secret, encode::hex_encode, hmac_sha256_keyed};
use reqwest::{
    Method, Request,
    header::{CONTENT_TYPE, HeaderName, HeaderValue},
};

use super::{Parcel, address, http};

/// Where the signature stands.
pub const SIGNATURE_HEADER: &str = "x-lingtai-signature";

/// Sends one.
pub(super) async fn send(
    settings: &WebhookSettings,
    secret: Option<&Secret<String>>,
    parcel: &Parcel<'_>,
) -> Result<(), DeliveryError> {
    let key = secret.ok_or(DeliveryError::NotSet)?;
    let url = address::check(&settings.url, settings.allow_private)?;
    let client = http::client(&url, settings.allow_private).await?;
    let seconds = parcel.now.div_euclid(1_000).to_string();
    let mut request = Request::new(Method::POST, url);
    let signature = sign(key.expose(), parcel.now, parcel.json.as_bytes());
    for (name, value) in [
        (CONTENT_TYPE.as_str(), "application/json"),
        ("x-lingtai-timestamp", seconds.as_str()),
        ("x-lingtai-delivery", parcel.id),
        (SIGNATURE_HEADER, signature.as_str()),
    ] {
        let value = HeaderValue::from_str(value).map_err(|_| DeliveryError::Refused)?;
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| DeliveryError::Refused)?;
        request.headers_mut().insert(name, value);
    }
    *request.body_mut() = Some(parcel.json.to_owned().into());
    http::call(&client, request).await.map(drop)
}

/// The signature of a body that is sent now.
#[must_use]
pub fn sign(key: &str, now: Millis, body: &[u8]) -> String {
    let seconds = now.div_euclid(1_000).to_string();
    let mac = hmac_sha256_keyed(key.as_bytes(), &[seconds.as_bytes(), b".", body]);
    format!("v1={}", hex_encode(&mac))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_the_one_that_others_compute() {
        // printf '%s' '1700000000.{"a":1}' | openssl dgst -sha256 -hmac secret
        assert_eq!(
            sign("secret", 1_700_000_000_999, br#"{"a":1}"#),
            "v1=49f24e537407743fa4a0242bb63b94b9a47ee99cbbe071ccd8a22550ae411686"
        );
    }
}
