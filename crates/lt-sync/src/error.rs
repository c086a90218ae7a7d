//! The crate's one error enum.

use lt_protocol::{
    code::{Code, WireError},
    enrol::EnrolError,
};

/// Result of this crate.
pub type Result<T, E = SyncError> = std::result::Result<T, E>;

/// What can go wrong between desktop and server. No variant holds a token or a password.
#[derive(Debug, thiserror::Error)]
pub enum SyncError {
    /// The enrolment code or address cannot be used.
    #[error(transparent)]
    Address(#[from] EnrolError),
    /// The server's certificate is not the expected one.
    #[error("the server's certificate is not trusted")]
    Untrusted,
    /// The server cannot be reached.
    #[error("the server cannot be reached")]
    Offline(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The server refused.
    #[error("the server refused")]
    Refused(#[source] WireError),
    /// What answered is not a server of this product.
    #[error("the answer cannot be read")]
    BadAnswer,
    /// There is no session: sign in first.
    #[error("there is no session")]
    SignedOut,
    /// The device key cannot be used, or the system gave no randomness.
    #[error(transparent)]
    Seal(#[from] lt_seal::Error),
    /// TLS cannot be set up on this machine.
    #[error("TLS cannot be set up")]
    Tls(#[source] rustls::Error),
    /// The store refused.
    #[error(transparent)]
    Store(#[from] lt_store::StoreError),
}

impl SyncError {
    /// The code by which a client acts on it.
    #[must_use]
    pub fn code(&self) -> Code {
        match self {
            Self::Address(_) => Code::BadRequest,
            Self::Untrusted => Code::Untrusted,
            Self::Offline(_) => Code::Offline,
            Self::Refused(error) => error.code,
            Self::SignedOut => Code::SignedOut,
            Self::BadAnswer => Code::UpgradeRequired,
            Self::Seal(_) | Self::Tls(_) => Code::Internal,
            Self::Store(_) => Code::Storage,
        }
    }
}

/// Whether an error of a connection comes from a certificate that is not trusted.
pub(crate) fn is_untrusted(error: &(dyn std::error::Error + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(tls) = error.downcast_ref::<rustls::Error>() {
            return is_certificate(tls);
        }
        let inner = error
            .downcast_ref::<std::io::Error>()
            .and_then(std::io::Error::get_ref);
        next = match inner {
            Some(inner) => Some(inner),
            None => error.source(),
        };
    }
    false
}

fn is_certificate(error: &rustls::Error) -> bool {
    matches!(
        error,
        rustls::Error::InvalidCertificate(_)
            | rustls::Error::NoCertificatesPresented
            | rustls::Error::InvalidCertRevocationList(_)
            | rustls::Error::UnsupportedNameType
    )
}
