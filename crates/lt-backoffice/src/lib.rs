//! What the server does: lets people in, answers customers, hands over, keeps the queue, applies
//! what desktops did, manages the knowledge.
//!
//! All functions block; a server calls them on blocking threads. `now` is an argument everywhere.
//!
//! - **Invariant:** every mutation is: permission check ([`authz`], inside the transaction) →
//!   transition of `lt-model` → {rows, changes, audit entry} in one transaction → one hint. What is
//!   refused is audited too, and touches nothing else.
//! - **Invariant:** nothing is hinted before it is committed; a lost hint costs time, never data.
//! - **Invariant:** the engine runs outside of any transaction, on what is already durable. Its
//!   reply is written only if nothing has happened in the conversation meanwhile.
//! - **Invariant:** what the bot says by itself stands in [`texts`]; everything else it says is the
//!   answer of an FAQ entry, with the entry and its version.
//! - **Invariant:** an agent receives rows of their own groups only.
//!
//! To add an operation of a desktop: add it to `lt_protocol::sync::Action`, give it a file under
//! `sync/op/`, and name its permission there (the compiler asks for the rest).

mod error;

mod pass_over;

pub mod config;

pub mod connectors;

pub mod hint;

mod listeners;

mod cluster;

pub mod backoffice;

mod ids;

mod audit;

mod background;

pub mod authz;

pub mod texts;

pub mod html;

pub mod access;

pub mod people;

pub mod engine;

mod canned;

pub mod faq;

mod thread;

pub mod attach;

mod tickets;

pub mod alerts;

mod routing;

pub mod responder;

pub mod learning;

pub mod metrics;

pub mod sync;

mod customer;

pub mod care;

pub mod surge;

pub mod survey;

pub mod quality;

pub mod visitor;

pub mod sample;

pub use access::Principal;
pub use backoffice::Backoffice;
pub use config::{Config, DayBytes};
pub use error::{Error, Refused};
pub use hint::Hint;
pub use listeners::Hints;
