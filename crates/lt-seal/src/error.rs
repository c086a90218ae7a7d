//! The crate's one error enum.

use std::io;

/// Result of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What can go wrong while sealing, opening or checking.
///
/// No variant carries key material or plaintext, so that any of them may be logged.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The operating system gave no random bytes. Nothing can be sealed; do not go on.
    #[error("the operating system gave no randomness")]
    Random,
    /// Authentication failed: wrong key, wrong context, or bytes that were altered.
    #[error("authentication failed: wrong key, wrong context or altered bytes")]
    Rejected,
    /// The input is not of the expected format; the text names what was expected.
    #[error("malformed input: {0}")]
    Malformed(&'static str),
    /// The input is of the right kind but of a version this build does not know.
    #[error("unknown format version {0}")]
    UnknownVersion(u32),
    /// A parameter is outside what is allowed; the text names it.
    #[error("parameter out of range: {0}")]
    OutOfRange(&'static str),
    /// The key file has no slot of the wanted kind.
    #[error("no key slot of this kind")]
    NoSuchSlot,
    /// The key file is sound, but the passphrase or key does not open any slot of its kind.
    #[error("wrong passphrase or key")]
    WrongSecret,
    /// The key file itself is damaged; the text says what does not fit.
    #[error("key file damaged: {0}")]
    DamagedFile(&'static str),
    /// An archive is damaged; the fault says where.
    #[error("archive damaged: {0}")]
    Archive(#[from] crate::archive::Fault),
    /// Reading from or writing to the caller's stream failed.
    #[error("stream input or output failed")]
    Io(#[from] io::Error),
}

impl From<Error> for io::Error {
    fn from(error: Error) -> Self {
        match error {
            Error::Io(inner) => inner,
            other => Self::new(io::ErrorKind::InvalidData, other),
        }
    }
}
