//! The crate's one error enum.

use lt_model::{
    alert::rule::RuleProblem,
    canned::CannedError,
    contact::merge::MergeError,
    conversation::Illegal,
    message::TextError,
    properties::PatchError,
    quality::{form::FormProblem, review::QaNotDone, sample::SampleProblem},
    ticket::moves::IllegalTicket,
};

/// Result of this crate.
pub type Result<T, E = StoreError> = std::result::Result<T, E>;

/// What can go wrong in the store. No variant holds a text, a name or a key.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The file belongs to another key. It was not touched.
    #[error("the store belongs to another key")]
    WrongKey,
    /// A page does not authenticate or the file is malformed: close the store and open it again,
    /// which sets the file aside.
    #[error("the store is damaged")]
    Damaged(#[source] rusqlite::Error),
    /// Another program has this store open.
    #[error("another program has the store open")]
    InUse,
    /// The disk is full. Nothing of the transaction was kept; reading goes on.
    #[error("the disk is full")]
    Full,
    /// The store was written by a later version of the product.
    #[error("the store was written by a later version")]
    TooNew,
    /// Nobody has signed in on this store.
    #[error("the store has no account")]
    NoAccount,
    /// Another account's unsent replies are in this store.
    #[error("the store holds unsent work of another account")]
    OtherAccount,
    /// The account may not do this.
    #[error("the account may not do this")]
    Forbidden,
    /// There is no such conversation, operation or row.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// The domain does not allow the move.
    #[error(transparent)]
    Illegal(#[from] Illegal),
    /// The text cannot be a message.
    #[error(transparent)]
    Text(#[from] TextError),
    /// The edit cannot be one.
    #[error(transparent)]
    Patch(#[from] PatchError),
    /// The canned reply cannot be one.
    #[error(transparent)]
    Canned(#[from] CannedError),
    /// The draft cannot be an alert rule.
    #[error(transparent)]
    AlertRule(#[from] RuleProblem),
    /// The draft cannot be a scoring form.
    #[error(transparent)]
    QaForm(#[from] FormProblem),
    /// The draft cannot be a sampling rule.
    #[error(transparent)]
    QaRule(#[from] SampleProblem),
    /// The review does not allow it.
    #[error(transparent)]
    Quality(#[from] QaNotDone),
    /// The ticket does not allow the move.
    #[error(transparent)]
    Ticket(#[from] IllegalTicket),
    /// Two customers cannot be merged or split.
    #[error(transparent)]
    Merge(#[from] MergeError),
    /// What was written a while ago is not taken back.
    #[error("it was written too long ago")]
    TooLate,
    /// There are as many already as may be.
    #[error("there are too many")]
    TooMany,
    /// Only a refused operation is retried or discarded.
    #[error("the operation was not refused")]
    NotRefused,
    /// A batch does not continue where the stream stands; nothing of it was applied.
    #[error("stream {stream} expects change {expected}, the batch begins at {got}")]
    OutOfStep {
        /// Stream.
        stream: u64,
        /// Its cursor + 1; 0 when the stream was not granted.
        expected: u64,
        /// What came.
        got: u64,
    },
    /// A promise of the store does not hold; the transaction was rolled back. A fault of the program.
    #[error("invariant {0} does not hold")]
    Broken(&'static str),
    /// A stored value cannot be read. A fault of the program.
    #[error("a stored {0} cannot be read")]
    Unreadable(&'static str),
    /// A file cannot be read or written.
    #[error("the file system refused")]
    Io(#[source] std::io::Error),
    /// The system gave no randomness, or a key cannot be used.
    #[error(transparent)]
    Seal(#[from] lt_seal::Error),
    /// SQLite refused. A fault of the program, or another process has the file.
    #[error("the database refused")]
    Sql(#[source] rusqlite::Error),
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode;
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::Full,
            Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => Self::Damaged(error),
            _ if is_without_cause(&error) => Self::Damaged(error),
            _ => Self::Sql(error),
        }
    }
}

impl From<std::io::Error> for StoreError {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Self::Full,
            _ => Self::Io(error),
        }
    }
}

/// A page that does not authenticate is reported as damage at the head of the file, and as an error
/// without a cause elsewhere; a wrong statement has its cause in the text.
fn is_without_cause(error: &rusqlite::Error) -> bool {
    matches!(
        error,
        rusqlite::Error::SqliteFailure(code, Some(text))
            if code.extended_code == rusqlite::ffi::SQLITE_ERROR && text == "SQL logic error"
    )
}
