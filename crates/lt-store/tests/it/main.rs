//! The store through its public face, on real files.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

mod alerts;
mod attached;
mod backup;
mod bell;
mod damage;
mod edits;
mod engine;
mod enqueue;
mod exchange;
mod feed;
mod keys;
mod landed;
mod lease;
mod lists;
mod outbox;
mod own;
mod pages;
mod people;
mod picks;
mod quality;
mod rekey;
mod revoke;
mod routing;
mod secrecy;
mod snapshot;
mod surveys;
mod teamwork;
mod tickets;
mod world;
