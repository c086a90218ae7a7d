//! The desktop's encrypted store: what its agent may see, what waits to be sent, and the keys to both.
//!
//! The file is SQLCipher under a key derived from the installation's root key; the root key lies
//! sealed in `keys.json`, opened by the OS keychain or a passphrase ([`keys`]). There is one writer
//! and a small pool of readers; every call blocks, so async callers use a blocking thread.
//!
//! **Invariant:** an act of the agent is one transaction {optimistic effect, outbox operation,
//! audit record}; after a return without error it survives a crash.
//! **Invariant:** an operation leaves the outbox by the server's answer alone. A refused one stays
//! visible until the agent retries or discards it; discarding gives its text back to the draft.
//! **Invariant:** what the server sent and what is pending are kept apart; whenever a server row
//! comes in, the pending operations that it has not in it yet are applied to it again.
//! **Invariant:** a batch is applied as a whole, each stream starting at its cursor + 1, or not at all.
//! **Invariant:** a damaged file is set aside, never overwritten; with the wrong key it is not touched.
//! **Invariant:** one program at a time has a store open; commits that it had and lost are noticed.
//! **Invariant:** what the agent was told names no customer and quotes nobody ([`Store::bell`]).
//! **Invariant:** the old root key goes when the database has opened with the new one ([`rekey`]).
//! **Invariant:** a restored backup sends nothing twice ([`backup`]), and killed while it takes the place
//! of a store in use it leaves one of the two, whole ([`exchange`]).
//!
//! To add a table: a new numbered file in `migrations/local`, a module under `table`, and its
//! place in [`feed`](Store::apply_batch) if its rows come from the server.

mod error;

pub mod keys;

mod connect;

mod files;

mod lock;

mod sql;

mod table;

mod routing;

mod effect;

mod change;

mod store;

mod open;

mod recover;

mod account;

mod enqueue;

mod edit;

mod alert;

mod bell;

mod canned;

mod file;

mod live;

mod metrics;

mod people;

mod personal;

mod picked;

mod quality;

mod ticket;

mod survey;

mod whisper;

mod outcome;

mod sum;

mod landed;

mod feed;

mod snapshot;

mod grant;

mod revoke;

pub mod lease;

mod read;

mod check;

pub mod rekey;

mod pages;

pub mod backup;

pub mod exchange;

pub use account::{Account, Device, Session};
pub use alert::{StoredAlert, StoredAlertRule, may_change_rule};
pub use change::{Change, News};
pub use enqueue::Enqueued;
pub use error::{Result, StoreError};
pub use feed::Applied;
pub use file::Upload;
pub use live::Live;
pub use metrics::{CellPick, MetricsReader, MetricsStand, Standing};
pub use open::Opened;
pub use pages::{Looked, PageCheck};
pub use people::{Alike, alike};
pub use quality::{StoredForm, StoredReview, StoredRule};
pub use read::StoredMessage;
pub use snapshot::SnapshotState;
pub use store::Store;
pub use table::{
    conflict::OpenConflict,
    conversation::{LastAuthor, LastText, Line, LineOffer, Window},
    index_todo::IndexTodo,
    outbox::{OpState, OutboxEntry},
    pick::OwnPick,
    quality::QaCounts,
    summary_draft::SummaryDraft,
    survey::SurveyCounts,
    ticket::{Tells, TicketCard, TicketCardDue, TicketLine, TicketPart, TicketTotals, TicketWords},
};
pub use ticket::{StoredTicket, TicketLines};
pub use whisper::StoredWhisper;
