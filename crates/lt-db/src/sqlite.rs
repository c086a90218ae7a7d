//! The embedded back end: one SQLCipher file of one process.

mod lock;

mod open;

mod check;

pub(crate) mod repair;

mod link;

pub(crate) use check::check;
pub(crate) use link::SqliteLink;
pub(crate) use lock::Lock;
pub(crate) use open::{reader, unlocked, writer};
