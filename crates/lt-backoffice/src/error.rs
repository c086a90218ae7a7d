//! The crate's one error enum, and how it looks to a client.

use lt_db::DbError;
use lt_engine::EngineError;
use lt_protocol::code::{Code, WireError};

/// Why something was not done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It is not allowed, or makes no sense now. Nothing was changed; the refusal is audited.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The store failed.
    #[error("the store failed")]
    Db(#[from] DbError),
    /// The engine could not be built.
    #[error("the engine could not be built")]
    Engine(#[from] EngineError),
    /// No randomness, or a key that does not fit.
    #[error("sealing failed")]
    Seal(#[from] lt_seal::Error),
    /// A body that cannot be written.
    #[error("a body cannot be written")]
    Body(#[from] serde_json::Error),
    /// A fault of the program.
    #[error("the program failed")]
    Panicked,
}

impl Error {
    /// Whether the same would fail again however often it is tried. What is refused is not meant.
    pub(crate) fn is_lasting(&self) -> bool {
        match self {
            Self::Db(error) => error.is_lasting(),
            Self::Engine(_) | Self::Body(_) | Self::Panicked => true,
            Self::Refused(_) | Self::Seal(_) => false,
        }
    }
}

/// A refusal: a code to act on, and a word for developers that holds no personal data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code:?}: {why}")]
pub struct Refused {
    /// For the client.
    pub code: Code,
    /// For the log.
    pub why: &'static str,
}

impl Refused {
    pub(crate) const fn new(code: Code, why: &'static str) -> Self {
        Self { code, why }
    }

    /// The code as the audit log names it.
    pub(crate) fn reason(self) -> String {
        match serde_json::to_value(self.code) {
            Ok(serde_json::Value::String(name)) => name,
            _ => "refused".to_owned(),
        }
    }
}

impl From<Error> for WireError {
    /// Internals stay here: the client gets a code, and a trace id that finds them in the log.
    fn from(error: Error) -> Self {
        let code = match &error {
            Error::Refused(refused) => return Self::new(refused.code, refused.why),
            Error::Db(DbError::Full) => Code::Storage,
            // Nothing was done, and the same may be done later.
            Error::Db(DbError::Unavailable(_) | DbError::NotCommitted(_)) => Code::Offline,
            Error::Db(_) | Error::Engine(_) | Error::Seal(_) | Error::Body(_) | Error::Panicked => {
                Code::Internal
            }
        };
        let trace_id = lt_seal::random_bytes::<8>()
            .map(|bytes| lt_seal::encode::hex_encode(&bytes))
            .unwrap_or_default();
        let cause = std::error::Error::source(&error).map(ToString::to_string);
        tracing::error!(trace_id, %error, cause, "a request failed");
        let mut wire = Self::new(code, "the server failed");
        wire.trace_id = trace_id;
        wire
    }
}
