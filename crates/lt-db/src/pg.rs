//! The back end for teams: PostgreSQL, with any number of server processes on one database.
//!
//! Its files are not sealed by us, so that what people said and who they are
//! ([`crate::value::Value::Sealed`]) is sealed before it leaves this process.

mod channel;

mod link;

mod pipe;

mod place;

mod schema;

mod value;

pub use channel::{Channel, Listener};
pub(crate) use link::PgLink;
pub(crate) use pipe::Asked;
pub(crate) use place::Place;
