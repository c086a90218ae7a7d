//! The server's data: rows, the feed of their changes, and the audit log, in one encrypted file or
//! on a PostgreSQL server that several processes share.
//!
//! - **Invariant:** an act is one transaction of {rows, numbered changes, one audit entry}. What
//!   touches rows without an entry is rolled back ([`Db::write`]).
//! - **Invariant:** a change is visible only together with all earlier changes of its stream;
//!   numbers have no gaps. Counters are taken in ascending order of streams, as the last step.
//! - **Invariant:** a row that desktops see never changes without its change: the functions of
//!   [`table`] that write it also announce it. A conversation, its contact and its messages live
//!   in the stream of its group alone, and move together.
//! - **Invariant:** SQL stands in `table/*.rs` only, one table a file, and reaches the back end
//!   through [`seam`] alone.
//!
//! - **Invariant:** acts run one after the other, in all processes together, whatever the back end.
//!
//! To add a table: write the next `migrations/server/{sqlite,postgres}/NNNN_*.sql` with a comment
//! inside the `CREATE TABLE`, list them in `sqlite/open.rs` and `pg/schema.rs`, and give the table a
//! file under `table/`.

mod error;

pub mod keys;

pub mod value;

pub mod seam;

mod rows;

mod link;

mod readers;

mod sqlite;

pub mod pg;

pub mod fresh;

mod ledger;

mod group_commit;

pub mod db;

pub mod copy;

pub mod feed;

pub mod table;

#[cfg(feature = "raw")]
pub mod raw;

#[cfg(feature = "raw")]
pub mod scratch;

pub use db::{AccessChange, Acted, Committed, Db};
pub use error::{DbError, Result};
pub use keys::ServerKeys;
pub use seam::{Reader, Tx};
#[cfg(all(test, feature = "raw"))]
mod former;

pub use sqlite::repair::Repair;
