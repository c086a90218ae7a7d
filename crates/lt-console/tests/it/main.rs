//! The console over a real store in a temporary folder, with a host that records what it is told.
//! No server is needed: the tests put the server's batches into the store themselves.

#![expect(clippy::unwrap_used, reason = "tests")]

mod alert_window;
mod assist;
mod customer;
mod edits;
mod find;
mod inbox;
mod knowledge;
mod masking;
mod notify;
mod own;
mod reply;
mod restoring;
mod routing;
mod search;
mod session;
mod teamwork;
mod told;
mod world;
