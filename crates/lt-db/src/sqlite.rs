//! The embedded back end: one SQLCipher file of one process.

mod lock;

mod open;

pub(crate) mod repair;

mod link;

pub(crate) use link::SqliteLink;
pub(crate) use lock::Lock;
pub(crate) use open::{check, reader, unlocked, writer};
