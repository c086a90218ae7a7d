//! The store as its users see it: acts, feed, audit, files.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking")]

mod acts;
mod attachments;
mod audit;
mod back_end;
mod feed;
mod files;
mod fixture;
mod metrics;
mod moves;
mod repair;
mod snapshot;
mod turns;
