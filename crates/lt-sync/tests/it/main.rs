//! The client against small servers of our own, over the loopback address.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

mod session;
mod signing_in;
mod world;
