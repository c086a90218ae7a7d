//! The back ends, so that one test says the same of each.

use std::path::Path;

use lt_db::{Db, ServerKeys, scratch::Scratch};
use lt_seal::Key32;
use postgres::{Client, NoTls};
use rusqlite::Connection;

/// Where a test's data is.
pub(crate) enum BackEnd {
    Sqlite,
    /// A database of its own.
    Postgres(Scratch),
}

/// One of each that is there.
pub(crate) fn each() -> Vec<BackEnd> {
    let mut all = vec![BackEnd::Sqlite];
    all.extend(Scratch::new().map(BackEnd::Postgres));
    all
}

impl BackEnd {
    pub(crate) fn open(&self, folder: &Path, root: &Key32) -> Db {
        match self {
            Self::Sqlite => Db::open(&folder.join("lingtai.db"), root).unwrap(),
            Self::Postgres(scratch) => Db::connect(scratch.url(), root).unwrap(),
        }
    }

    /// A way past all guards, as a thief or a vandal with the key would have it.
    pub(crate) fn raw(&self, folder: &Path, root: &Key32) -> Raw {
        match self {
            Self::Sqlite => {
                let connection = Connection::open(folder.join("lingtai.db")).unwrap();
                let key = ServerKeys::from_root(root).db.to_hex_secret();
                connection
                    .execute_batch(&format!("PRAGMA key = \"x'{}'\";", key.expose()))
                    .unwrap();
                Raw::Sqlite(connection)
            }
            Self::Postgres(scratch) => {
                Raw::Postgres(Client::connect(scratch.url(), NoTls).unwrap())
            }
        }
    }
}

/// A connection.
pub(crate) enum Raw {
    Sqlite(Connection),
    Postgres(Client),
}

impl Raw {
    pub(crate) fn number(&mut self, sql: &str) -> i64 {
        match self {
            Self::Sqlite(connection) => connection.query_row(sql, [], |row| row.get(0)).unwrap(),
            // Sums of numbers are of another type there.
            Self::Postgres(client) => client
                .query_one(&format!("SELECT CAST(({sql}) AS BIGINT)"), &[])
                .unwrap()
                .get(0),
        }
    }

    pub(crate) fn run(&mut self, sql: &str) -> Result<(), String> {
        match self {
            Self::Sqlite(connection) => connection
                .execute_batch(sql)
                .map_err(|error| error.to_string()),
            Self::Postgres(client) => client.batch_execute(sql).map_err(|error| error.to_string()),
        }
    }
}
