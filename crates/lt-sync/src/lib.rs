//! The desktop's side of the sync protocol: signs in, then keeps the store in step with the server.
//!
//! [`machine`] decides what a frame, a lost connection or the passing of time leads to; it is pure.
//! [`client`] is what runs it: the socket, the clock, the randomness and the blocking store.
//!
//! **Invariant:** a batch is acknowledged after its local commit, an operation is forgotten after
//! its stored answer, and nothing is shown as sent before that.
//! **Invariant:** operations go up in ascending order, at most 200 unanswered ones at a time;
//! after a new connection everything unanswered goes up again.
//! **Invariant:** an enrolment code's authority is the only one trusted for its server; plain HTTP
//! is spoken to this machine alone. The token travels in frames and headers, never in an address.
//! **Invariant:** the long poll carries the same session with the same proof as a WebSocket; it is
//! taken only while WebSockets are cut on the way.
//!
//! To add a frame: a variant in `lt_protocol::sync`, its case in [`machine`], its test beside it.

mod error;

pub mod server;

mod tls;

mod login;

mod share;

pub mod machine;

mod link;

mod socket;

mod poll;

mod way;

mod snapshot;

mod files;

mod client;

pub use client::{Client, Colleague, Handle, Watcher};
pub use error::{Result, SyncError};
pub use files::{Transfer, fetch_file, upload_file};
pub use login::{
    Login, alert_preview, change_members, customer_facts, delivery, list_members, login, logout,
    mail_report, metric_cells, metric_rows, resend_delivery, save_delivery, test_delivery,
};
pub use machine::{Backoff, Problem, Progress, Status};
pub use share::{device_share, share_by_password};
