//! The crate's one error enum.

use std::io;

use tantivy::TantivyError;
use tantivy::directory::error::LockError;

/// Result of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What can go wrong with an index after it was opened.
///
/// Damage found while opening is no error: see [`crate::Reason`].
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Another process, or another handle of this one, is writing to the same index.
    #[error("the index is in use elsewhere")]
    Locked,
    /// The folder of the index cannot be read or written.
    #[error("the index folder cannot be used")]
    Folder(#[from] io::Error),
    /// The search library failed, as on a full disk or a file altered while in use.
    /// Open the index again: it is then rebuilt if need be.
    #[error("the index failed")]
    Index(#[source] TantivyError),
}

impl From<TantivyError> for Error {
    fn from(error: TantivyError) -> Self {
        match error {
            TantivyError::LockFailure(LockError::LockBusy, _) => Self::Locked,
            other => Self::Index(other),
        }
    }
}

impl From<LockError> for Error {
    fn from(error: LockError) -> Self {
        match error {
            LockError::LockBusy => Self::Locked,
            LockError::IoError(source) => Self::Folder(io::Error::new(source.kind(), source)),
        }
    }
}
