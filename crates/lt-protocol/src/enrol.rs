//! The enrolment code: what an administrator gives a desktop so that it finds the server and
//! trusts exactly its certificate authority. One line of text, easy to paste.
//!
//! `lingtai1.` + base64url without padding of `{"u":"https://host:port","ca":"<base64 of the DER>"}`.
//! The code holds no secret: the certificate is public, and an account is still needed.

use std::{fmt, str::FromStr};

use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use serde::{Deserialize, Serialize};

/// What every code of this version starts with.
pub const PREFIX: &str = "lingtai1.";
/// Longest code that is read, in bytes.
pub const MAX_CODE_BYTES: usize = 16 * 1024;
/// Longest address in it, in bytes.
pub const MAX_URL_BYTES: usize = 300;

/// Where the server is and whom to trust there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Enrolment {
    /// TLS, trusting this certificate authority and no other.
    Tls {
        /// `https://host:port`, without a path.
        url: String,
        /// The authority's certificate, DER.
        ca_der: Vec<u8>,
    },
    /// Plain HTTP inside one machine, for trials: `http://127.0.0.1:port` and its like.
    Loopback {
        /// The address, without a path.
        url: String,
    },
}

/// Why a text is not an enrolment code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EnrolError {
    /// Longer than [`MAX_CODE_BYTES`].
    #[error("the enrolment code is too long")]
    TooLong,
    /// Another prefix: not a code, or one of a later version.
    #[error("not an enrolment code of this version")]
    Prefix,
    /// A part is missing or garbled, as when it was not copied as a whole.
    #[error("the enrolment code is incomplete or garbled")]
    Garbled,
    /// The address is not `https://…`, nor `http://` on the loopback address.
    #[error("the address in the enrolment code is not allowed")]
    Address,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    u: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    ca: String,
}

impl Enrolment {
    /// For a server with TLS.
    ///
    /// # Errors
    /// [`EnrolError::Address`] unless `url` is `https://host[:port]`; [`EnrolError::Garbled`]
    /// without a certificate; [`EnrolError::TooLong`].
    pub fn tls(url: &str, ca_der: &[u8]) -> Result<Self, EnrolError> {
        let url = url.trim_end_matches('/');
        let host = url.strip_prefix("https://").ok_or(EnrolError::Address)?;
        check_host(url, host)?;
        if ca_der.is_empty() {
            return Err(EnrolError::Garbled);
        }
        if ca_der.len() > MAX_CODE_BYTES / 2 {
            return Err(EnrolError::TooLong);
        }
        Ok(Self::Tls {
            url: url.to_owned(),
            ca_der: ca_der.to_vec(),
        })
    }

    /// For a trial server inside one machine.
    ///
    /// # Errors
    /// [`EnrolError::Address`] unless `url` is `http://` with a loopback host.
    pub fn loopback(url: &str) -> Result<Self, EnrolError> {
        let url = url.trim_end_matches('/');
        let host = url.strip_prefix("http://").ok_or(EnrolError::Address)?;
        check_host(url, host)?;
        if !is_loopback(host) {
            return Err(EnrolError::Address);
        }
        Ok(Self::Loopback {
            url: url.to_owned(),
        })
    }

    /// The address, without a path or a slash at its end.
    #[must_use]
    pub fn url(&self) -> &str {
        match self {
            Self::Tls { url, .. } | Self::Loopback { url } => url,
        }
    }

    /// The authority to trust; none on the loopback address.
    #[must_use]
    pub fn ca_der(&self) -> Option<&[u8]> {
        match self {
            Self::Tls { ca_der, .. } => Some(ca_der),
            Self::Loopback { .. } => None,
        }
    }
}

/// Whether `host[:port]` can only be this machine.
#[must_use]
pub fn is_loopback(host: &str) -> bool {
    if let Some(rest) = host.strip_prefix('[') {
        return rest.split(']').next() == Some("::1");
    }
    let name = host.split(':').next().unwrap_or(host);
    name == "localhost"
        || name
            .parse::<core::net::Ipv4Addr>()
            .is_ok_and(|address| address.is_loopback())
}

/// A host and a port, and nothing else: no user, path, query, blank or control character.
fn check_host(url: &str, host: &str) -> Result<(), EnrolError> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
    let port_fits = match host.rsplit_once(':') {
        Some((_, port)) if !port.ends_with(']') => port.parse::<u16>().is_ok(),
        _ => true,
    };
    let named = !host.is_empty() && !host.starts_with(':');
    if url.len() <= MAX_URL_BYTES && named && host.chars().all(plain) && port_fits {
        Ok(())
    } else {
        Err(EnrolError::Address)
    }
}

impl fmt::Display for Enrolment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let wire = Wire {
            u: self.url().to_owned(),
            ca: self
                .ca_der()
                .map(|der| STANDARD.encode(der))
                .unwrap_or_default(),
        };
        let json = serde_json::to_vec(&wire).map_err(|_| fmt::Error)?;
        write!(f, "{PREFIX}{}", URL_SAFE_NO_PAD.encode(json))
    }
}

impl FromStr for Enrolment {
    type Err = EnrolError;

    /// Reads a pasted code. Blanks and line breaks inside, as mail programs add them, are ignored.
    fn from_str(text: &str) -> Result<Self, EnrolError> {
        if text.len() > MAX_CODE_BYTES {
            return Err(EnrolError::TooLong);
        }
        let code: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        let body = code.strip_prefix(PREFIX).ok_or(EnrolError::Prefix)?;
        let json = URL_SAFE_NO_PAD
            .decode(body)
            .map_err(|_| EnrolError::Garbled)?;
        let wire: Wire = serde_json::from_slice(&json).map_err(|_| EnrolError::Garbled)?;
        if wire.u.starts_with("http://") && wire.ca.is_empty() {
            return Self::loopback(&wire.u);
        }
        let ca_der = STANDARD.decode(&wire.ca).map_err(|_| EnrolError::Garbled)?;
        Self::tls(&wire.u, &ca_der)
    }
}

#[cfg(test)]
mod tests;
