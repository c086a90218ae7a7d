//! Words of the domain: what exists, which states it may be in, and which moves are legal.
//!
//! **Invariant:** everything here is pure. There is no clock, no randomness and no I/O: `now` is an
//! argument in milliseconds since the Unix epoch (UTC), ids are made by the caller.
//!
//! **Invariant:** a state change goes through a transition function here, which returns either the
//! new state or the reason why the move is illegal; no other crate writes a `status` field.
//!
//! To add an entity: give it a module and an id in [`id`], list it in [`change::EntityKind`], and
//! give both stores a table for it.

pub mod agent;
pub mod alert;
pub mod attachment;
pub mod audit;
pub mod canned;
pub mod change;
pub mod contact;
pub mod conversation;
pub mod curve;
pub mod dialogue;
pub mod engine;
pub mod faq;
pub mod health;
pub mod hours;
pub mod id;
pub mod inbox;
pub mod learn;
pub mod merge;
pub mod message;
pub mod metric;
pub mod numbers;
pub mod priority;
pub mod properties;
pub mod quality;
pub mod queue;
pub mod routing;
pub mod sla;
pub mod slot;
pub mod spreadsheet;
pub mod survey;
pub mod ticket;
pub mod whisper;

/// Milliseconds since the Unix epoch, UTC.
pub type Millis = i64;
