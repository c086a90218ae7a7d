//! The central server, and the admin commands of its binary `lingtai`.
//!
//! One process serves desktops (a WebSocket of consistent cuts), customers (the chat page) and
//! administrators (REST) from one data folder. What the server *does* is in `lt-backoffice`; here
//! are the sockets, the TLS, the limits, the headers, the logs and the command line.
//!
//! **Invariant:** a REST route exists only through `http::secured`: with a permission, or as one of
//! the four calls that come before any session.
//! **Invariant:** plain HTTP is served on the loopback address only.
//! **Invariant:** every log line passes `lt_guard::redact_log`; bodies, names and tokens are never
//! logged in the first place.
//! **Invariant:** calls of the backoffice run on threads that may block, never on the event loop.
//!
//! One more REST call: give its body a type in `lt_protocol::api`, write its handler in
//! `http/admin.rs`, and add it in `http::registered` with the permission that it needs.

mod error;

pub mod data;

pub mod pki;

mod learn;

mod clock;

mod alerts;

mod care;

pub mod logs;

mod rate;

mod app;

mod socket;

mod http;

pub mod sync;

mod snapshot;

mod quality;

mod surge;

mod survey;

mod widget;

mod connect;

mod numbers;

pub mod offline;

pub mod serve;

pub mod cli;

pub use alerts::over_network;
pub use data::DataDir;
pub use error::ServeError;
pub use serve::{Running, ServeConfig, Transport, start};
