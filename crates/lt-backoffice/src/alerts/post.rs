//! The ways out of the server, as the back office sees them. What goes over the network stands above
//! this crate.

use std::fmt;

use lt_model::{Millis, alert::notify::DeliveryError};
use lt_protocol::alert::ChannelSettings;
use lt_seal::Secret;

/// One thing to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parcel {
    /// Where it goes: an address of mail or a number; nothing to a webhook.
    pub to: String,
    /// What it is called, in one line.
    pub subject: String,
    /// What it says.
    pub text: String,
    /// The same as a page; empty for none. By mail alone.
    pub html: String,
    /// What goes with it. By mail alone.
    pub files: Vec<Enclosed>,
    /// The same for systems, as JSON.
    pub json: String,
    /// Names it, the same at every try: letters, digits and dashes.
    pub id: String,
    /// Now.
    pub now: Millis,
}

/// A file that goes with a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enclosed {
    /// Its name, in ASCII.
    pub name: String,
    /// Its media type.
    pub kind: &'static str,
    /// It.
    pub bytes: Vec<u8>,
}

/// Sends things.
pub trait Post: Send + Sync + fmt::Debug {
    /// Sends one. Blocks, and returns when the other side has taken it or will not.
    ///
    /// # Errors
    /// Why it was not taken.
    fn send(
        &self,
        settings: &ChannelSettings,
        secret: Option<&Secret<String>>,
        parcel: &Parcel,
    ) -> Result<(), DeliveryError>;
}
