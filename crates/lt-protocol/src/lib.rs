//! What crosses a wire, in one place: the console's commands and events, the sync frames between
//! desktop and server, the bodies of the REST calls, and the error codes of all of them.
//!
//! **Invariant:** these types are the contract. Nothing else is serialised between processes.
//! **Invariant:** what a client sends refuses unknown fields; what a server sends ignores them.
//! **Invariant:** nothing in [`view`] holds an unmasked personal value; only `lt-console` builds
//! views, after `lt-guard` has masked their texts.
//!
//! To add a command: name it in [`command`] with its request and response, give the types to
//! [`view`], handle it in `lt-console`'s router (the compiler insists), run `cargo xtask bindings`.

pub mod alert;
pub mod api;
pub mod bell;
pub mod canned;
pub mod code;
pub mod command;
pub mod customer;
pub mod enrol;
pub mod event;
pub mod export;
pub mod file;
pub mod knowledge;
pub mod learning;
pub mod live;
pub mod members;
pub mod metrics;
pub mod people;
pub mod personal;
pub mod properties;
pub mod quality;
pub mod report;
pub mod routing;
pub mod safekeeping;
pub mod search;
pub mod survey;
pub mod sync;
pub mod teamwork;
pub mod ticket;
pub mod view;
pub mod widget;
