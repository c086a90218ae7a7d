//! Scenarios over the whole stack: a real server on a real socket with a real encrypted store, and
//! real consoles without a window.
//!
//! **Invariant:** nothing here reaches into a crate's insides; scenarios use what users use: the
//! admin's calls, the chat page's calls, and the console's commands. Proofs ([`prove`]) go below
//! that where a promise is one of a store alone.

pub mod at_rest;
pub mod customer;
pub mod desk;
pub mod desk_bench;
pub mod engine_bench;
pub mod folder;
pub mod logistics;
pub mod metrics_bench;
pub mod postgres;
pub mod prove;
pub mod shop;
pub mod sinks;
pub mod sync_bench;
