//! The server over real sockets on the loopback address, each test with its own encrypted database.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test ends at the first thing that is not as it should be"
)]

mod chat;
mod desk;
mod door;
mod logs;
mod page;
mod poll;
mod share;
mod snapshot;
mod world;
