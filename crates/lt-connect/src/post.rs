//! The post: mail, short messages and signed JSON to people and systems outside of the desk.
//!
//! - **Invariant:** a try ends within [`LIMIT`], follows no redirect, asks no proxy, and reads no more
//!   of an answer than it has to. What went wrong is told as a word of a closed set: no address, no
//!   secret and no text of the other side gets into a log.
//! - **Invariant:** secrets travel over TLS, or stay inside this machine.
//!
//! Whoever calls decides when it is tried again.

mod address;

mod http;

mod mail;

mod sms;

mod webhook;

use std::time::Duration;

use lt_model::{Millis, alert::notify::DeliveryError};
use lt_protocol::alert::ChannelSettings;
use lt_seal::Secret;

pub use sms::check as check_sms;
pub use webhook::{SIGNATURE_HEADER, sign};

/// A try that takes longer is given up.
pub const LIMIT: Duration = Duration::from_secs(15);

/// One thing to send.
pub struct Parcel<'p> {
    /// Where it goes: an address of mail or a number; nothing to a webhook.
    pub to: &'p str,
    /// What it is called, in one line.
    pub subject: &'p str,
    /// What it says.
    pub text: &'p str,
    /// The same as a page; empty for none. By mail alone.
    pub html: &'p str,
    /// What goes with it. By mail alone.
    pub files: &'p [Enclosed<'p>],
    /// The same for systems, as JSON.
    pub json: &'p str,
    /// Names it, the same at every try: letters, digits and dashes.
    pub id: &'p str,
    /// Now.
    pub now: Millis,
}

/// A file that goes with a mail.
#[derive(Clone, Copy, Debug)]
pub struct Enclosed<'p> {
    /// Its name, in ASCII.
    pub name: &'p str,
    /// Its media type.
    pub kind: &'p str,
    /// It.
    pub bytes: &'p [u8],
}

/// Sends one, and returns when the other side has taken it. Blocks; call it on a thread that may,
/// inside of a tokio runtime whose handle is given.
///
/// # Errors
/// Why it was not taken.
pub fn send(
    runtime: &tokio::runtime::Handle,
    settings: &ChannelSettings,
    secret: Option<&Secret<String>>,
    parcel: &Parcel<'_>,
) -> Result<(), DeliveryError> {
    let within = |sending| {
        runtime.block_on(async {
            let ended = tokio::time::timeout(LIMIT, sending).await;
            ended.unwrap_or(Err(DeliveryError::TimedOut))
        })
    };
    match settings {
        ChannelSettings::Email { settings } => mail::send(settings, secret, parcel),
        ChannelSettings::Sms { settings } => within(Box::pin(sms::send(settings, secret, parcel))
            as std::pin::Pin<Box<dyn Future<Output = _> + Send>>),
        ChannelSettings::Webhook { settings } => {
            within(Box::pin(webhook::send(settings, secret, parcel)))
        }
    }
}
