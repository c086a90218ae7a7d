//! The store through its public face, on real files.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

mod damage;
mod engine;
mod enqueue;
mod feed;
mod keys;
mod lists;
mod outbox;
mod picks;
mod secrecy;
mod snapshot;
mod world;
