//! What somebody with the file and its key can do past all guards: tests look and tamper with it.

use std::path::Path;

use rusqlite::{Connection, types::Value};

use lt_seal::Key32;

use crate::{error::Result, keys::ServerKeys, sqlite};

/// A connection without guards. It has the key of the file, not the one of the audit chain.
pub struct Raw(Connection);

impl Raw {
    /// Opens a file, also while a server has it.
    ///
    /// # Errors
    /// As for [`crate::Db::open_read_only`].
    pub fn open(path: &Path, root: &Key32) -> Result<Self> {
        sqlite::unlocked(path, &ServerKeys::from_root(root).db).map(Self)
    }

    /// Runs statements.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn execute(&self, sql: &str) -> Result<()> {
        Ok(self.0.execute_batch(sql)?)
    }

    /// The one number that a query gives.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn number(&self, sql: &str) -> Result<i64> {
        Ok(self.0.query_row(sql, [], |row| row.get(0))?)
    }

    /// The one text that a query gives.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn text(&self, sql: &str) -> Result<String> {
        Ok(self.0.query_row(sql, [], |row| row.get(0))?)
    }

    /// Writes an unsealed copy.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn export_plain(&self, path: &Path) -> Result<()> {
        let path = path.display();
        self.execute(&format!(
            "ATTACH DATABASE '{path}' AS plain KEY ''; SELECT sqlcipher_export('plain');
             DETACH DATABASE plain;"
        ))
    }

    /// All values of all tables as text.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn dump(&self) -> Result<String> {
        let mut text = String::new();
        let mut statement = self
            .0
            .prepare("SELECT name FROM sqlite_master WHERE type = 'table'")?;
        let tables: rusqlite::Result<Vec<String>> =
            statement.query_map([], |row| row.get(0))?.collect();
        for table in tables? {
            let mut statement = self.0.prepare(&format!("SELECT * FROM {table}"))?;
            let n_columns = statement.column_count();
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                for column_idx in 0..n_columns {
                    match row.get(column_idx)? {
                        Value::Text(value) => text.push_str(&value),
                        Value::Blob(bytes) => text.push_str(&String::from_utf8_lossy(&bytes)),
                        Value::Null | Value::Integer(_) | Value::Real(_) => {}
                    }
                    text.push('\n');
                }
            }
        }
        Ok(text)
    }
}
