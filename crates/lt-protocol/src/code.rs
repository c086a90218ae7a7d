//! Error codes. A code exists when a client acts on it; texts come from the client's language files.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What went wrong, for a program to act on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// The request cannot be read.
    BadRequest,
    /// Longer than allowed.
    TooLarge,
    /// A file of a kind that is not taken.
    FileType,
    /// A file that is not what it says, or is broken.
    FileDamaged,
    /// Too much was uploaded in a day.
    UploadsFull,
    /// Nothing but blanks.
    Empty,
    /// No valid session: sign in.
    SignedOut,
    /// The desk has been without the server for too long to show what it has.
    LeaseEnded,
    /// User name or password is wrong.
    WrongPassword,
    /// The passphrase does not open the local store.
    WrongPassphrase,
    /// The account may not do this.
    Forbidden,
    /// There is no such thing, or it is not visible.
    NotFound,
    /// Another agent has the conversation.
    HeldByOther,
    /// Messages came in that the writer has not seen.
    StaleReply,
    /// The operation that it was to follow was refused.
    AfterRefused,
    /// The state does not allow the move.
    IllegalState,
    /// The organisation is set up already, or the set-up code is wrong or used.
    SetupCode,
    /// Such a name is taken.
    Taken,
    /// Somebody changed it meanwhile: look at the new version first.
    ChangedMeanwhile,
    /// One of the two customers was merged with another one meanwhile.
    MergedMeanwhile,
    /// The department that a ticket was passed to has taken it up: it is not taken back.
    TakenUp,
    /// The conversation has not ended.
    NotResolved,
    /// The conversation is to be reviewed already.
    AlreadyPicked,
    /// Fields of the form have to be filled in first, or a value does not fit its field.
    FieldsMissing,
    /// Too many tries; wait.
    SlowDown,
    /// The server cannot be reached.
    Offline,
    /// The server's certificate is not the expected one.
    Untrusted,
    /// The other side speaks a newer protocol.
    UpgradeRequired,
    /// The local store is locked: unlock it first.
    Locked,
    /// The OS keychain is not available: a passphrase is needed.
    NeedsPassphrase,
    /// The server's share does not open the local store: there is no slot for it, or it is another one.
    NoShare,
    /// The local store is damaged; it was set aside and is being fetched again.
    StoreDamaged,
    /// The backup file is damaged, or is none of a desk.
    BadBackup,
    /// What is unsent would be set aside with the local store: ask the agent first.
    Unsent,
    /// Another program has the local store open.
    InUse,
    /// The disk is full or cannot be written.
    Storage,
    /// A fault of the program; `trace_id` finds it in the log.
    Internal,
}

/// An error as it crosses a boundary. `message` is for logs and developers, never shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS, thiserror::Error)]
#[error("{code:?}: {message}")]
pub struct WireError {
    /// What went wrong.
    pub code: Code,
    /// For developers; holds no personal data.
    pub message: String,
    /// Whether the same request may succeed later.
    pub retry: bool,
    /// Ties the error to a log line.
    pub trace_id: String,
}

impl WireError {
    /// An error without a trace id; the boundary that logs it sets one.
    #[must_use]
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        let retry = matches!(code, Code::Offline | Code::SlowDown | Code::Storage);
        Self {
            code,
            message: message.into(),
            retry,
            trace_id: String::new(),
        }
    }
}
