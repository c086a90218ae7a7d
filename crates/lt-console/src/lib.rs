//! What the desktop can do: the command router behind the window, without the window.
//!
//! A [`Console`] holds one data directory: the keys, the encrypted store, the sync client, the
//! engine and the search index over them. The program around it (the desktop shell, or the
//! loopback host of browser tests) implements [`Host`] and hands commands to
//! [`Console::handle_json`].
//!
//! **Invariant:** a command runs only in a window that the protocol's list allows it in.
//! **Invariant:** no text or name of a customer leaves unmasked, in an answer, an event, a
//! notification or a log line. The agent's own words are kept whole and leave masked as well; what
//! comes back of them is made whole before it is kept or sent. Only a summary that is being written
//! is given back as typed.
//! **Invariant:** everything but signing in and unlocking by the account works from the local store;
//! the network is never waited for.
//! **Invariant:** an error is logged once, where it leaves, under its trace id.
//!
//! To add a command: list it in lt-protocol, give its group's file in [`router`] a handler (parse,
//! permit, act, show), and name it in [`router::route`].

pub mod host;
pub mod log;

mod error;

mod console;
mod numbers;
mod outlet;
mod server;
mod session;
mod share;

mod care;
mod restoring;
mod safekeeping;
mod whole;

mod alarm;
mod alerts;
mod background;
mod bell;
mod brain;

mod canned_table;
mod checkup;
mod desk;
mod facts;
mod index;
mod link;
mod news;
mod own;
mod pieces;
mod pump;
mod trial;
mod turns;

mod view;

mod router;

pub use console::Console;
pub use host::{Host, Notification, NotifyError, Target};
