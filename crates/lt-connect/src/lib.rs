//! Connectors: asks other systems of the shop (logistics, orders) over HTTP and JSON, and gives
//! back a few short texts by name, for answers with variables.
//!
//! - **Invariant:** a look-up ends within the connector's time limit, whatever the other side
//!   does. It follows no redirect, asks no proxy, and reads no more than its size limit.
//! - **Invariant:** what comes from outside is text and nothing else: one line, short, without
//!   control characters, markup, addresses of the web, or braces.
//! - **Invariant:** secrets of headers stand sealed in the configuration and are opened in memory
//!   only. Neither they, nor addresses, nor numbers of orders and parcels are ever logged.
//! - A side that fails again and again is left alone for a while; a value that was right a few
//!   minutes ago is better than none, and says how old it is.
//!
//! A connector is configuration, not code: see [`config`]. To read another kind of system, three
//! steps: give it a module beside `connector`, a variant of what is configured, and its arm in
//! [`Connectors::look_up`].

pub mod config;

mod error;

pub mod secret;

mod request;

mod value;

mod breaker;

mod cache;

mod connector;

pub mod post;

pub use connector::{AGE_NAMES, Connectors, Facts, Outcome};
pub use error::ConnectError;
