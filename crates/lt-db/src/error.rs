//! The crate's one error enum.

use std::io;

use rusqlite::ErrorCode;

/// Result of this crate.
pub type Result<T, E = DbError> = std::result::Result<T, E>;

/// What can go wrong with the server's data. No variant carries a row's content.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// The key does not belong to this file; or the file is no database of ours at all.
    #[error("the key does not open this database")]
    WrongKey,
    /// The key is right and the content is not: restore a backup.
    #[error("the database is damaged: {0}")]
    Damaged(String),
    /// The file is missing or empty, although acts were committed to it. It was not made anew.
    #[error("the database is missing or empty, {n_acts} acts were in it")]
    Emptied {
        /// How many, at least.
        n_acts: u64,
    },
    /// Another process has it open.
    #[error("another process uses this database")]
    InUse,
    /// It was written by a newer version of this program.
    #[error("the database was written by a newer version")]
    Newer,
    /// The address of the database cannot be used.
    #[error("the database's address cannot be used: {0}")]
    Address(&'static str),
    /// The database server cannot be reached, or the connection to it broke. What was under way was
    /// committed or not: ask again.
    #[error("the database server cannot be reached")]
    Unavailable(#[source] postgres::Error),
    /// Anything else that PostgreSQL reports.
    #[error("the database server reports an error")]
    Postgres(#[source] postgres::Error),
    /// The disk is full; nothing was written.
    #[error("the disk is full")]
    Full,
    /// It was opened for reading only.
    #[error("the database is open for reading only")]
    ReadOnly,
    /// The transaction that several acts shared was not committed; none of them happened.
    #[error("not committed: {0}")]
    NotCommitted(String),
    /// An act changed rows without an audit entry. It was rolled back.
    #[error("an act changed rows without an audit entry")]
    Unaudited,
    /// A stored row is not of the expected shape; the text names the place.
    #[error("unexpected shape of a stored row: {0}")]
    Shape(&'static str),
    /// A row of this name is there already; the act that wrote it once more did nothing.
    #[error("a row of this name is there already")]
    Exists,
    /// A row that must be there is not; the text names its table.
    #[error("a row of {0} is missing")]
    Missing(&'static str),
    /// A body that is not the JSON it should be.
    #[error("a stored body cannot be read")]
    Body(#[source] serde_json::Error),
    /// The upgrade of the schema failed and was rolled back.
    #[error("the schema could not be upgraded")]
    Migration(#[source] rusqlite_migration::Error),
    /// A key could not be made.
    #[error("sealing failed")]
    Seal(#[from] lt_seal::Error),
    /// The file cannot be read or written.
    #[error("the file cannot be used")]
    Io(#[from] io::Error),
    /// Anything else that SQLite reports.
    #[error("the store reports an error")]
    Sqlite(#[source] rusqlite::Error),
}

/// Classes of what PostgreSQL reports that the next try meets again: wrong values, broken constraints,
/// more than there may be. A statement that does not fit the schema is not among them: that passes with
/// the upgrade of this process.
const LASTING_STATES: [&str; 3] = ["22", "23", "54"];

impl DbError {
    /// Whether the same act would fail again however often it is tried: what is wrong is in it, or in
    /// the rows that it meets, and not in the store at this moment.
    #[must_use]
    pub fn is_lasting(&self) -> bool {
        match self {
            Self::Unaudited | Self::Shape(_) | Self::Exists | Self::Missing(_) | Self::Body(_) => {
                true
            }
            Self::Postgres(error) => error.code().is_some_and(|state| {
                LASTING_STATES
                    .iter()
                    .any(|class| state.code().starts_with(class))
            }),
            Self::Sqlite(error) => match error.sqlite_error_code() {
                // A value that cannot be read or bound.
                None => true,
                Some(code) => matches!(
                    code,
                    ErrorCode::ConstraintViolation | ErrorCode::TooBig | ErrorCode::TypeMismatch
                ),
            },
            Self::WrongKey
            | Self::Damaged(_)
            | Self::Emptied { .. }
            | Self::InUse
            | Self::Newer
            | Self::Address(_)
            | Self::Unavailable(_)
            | Self::Full
            | Self::ReadOnly
            | Self::NotCommitted(_)
            | Self::Migration(_)
            | Self::Seal(_)
            | Self::Io(_) => false,
        }
    }
}

impl From<rusqlite::Error> for DbError {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            _ if is_damage(&error) => Self::Damaged(error.to_string()),
            Some(ErrorCode::DiskFull) => Self::Full,
            Some(ErrorCode::ConstraintViolation) if is_there_already(&error) => Self::Exists,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::InUse,
            _ => Self::Sqlite(error),
        }
    }
}

impl From<postgres::Error> for DbError {
    fn from(error: postgres::Error) -> Self {
        use postgres::error::SqlState as S;
        let Some(state) = error.code() else {
            // Without a state of the server's, nobody answered.
            return Self::Unavailable(error);
        };
        match *state {
            S::DISK_FULL => Self::Full,
            S::UNIQUE_VIOLATION => Self::Exists,
            S::ADMIN_SHUTDOWN
            | S::CRASH_SHUTDOWN
            | S::CANNOT_CONNECT_NOW
            | S::DATABASE_DROPPED
            | S::TOO_MANY_CONNECTIONS
            | S::IDLE_IN_TRANSACTION_SESSION_TIMEOUT
            | S::LOCK_NOT_AVAILABLE
            | S::QUERY_CANCELED
            // This server is a standby now: the one that took over is elsewhere.
            | S::READ_ONLY_SQL_TRANSACTION => Self::Unavailable(error),
            _ => Self::Postgres(error),
        }
    }
}

impl From<rusqlite_migration::Error> for DbError {
    fn from(error: rusqlite_migration::Error) -> Self {
        use rusqlite_migration::{Error as E, MigrationDefinitionError as D};
        match error {
            E::MigrationDefinition(D::DatabaseTooFarAhead) => Self::Newer,
            E::RusqliteError { err, .. } if is_damage(&err) => Self::Damaged(err.to_string()),
            other => Self::Migration(other),
        }
    }
}

impl From<serde_json::Error> for DbError {
    fn from(error: serde_json::Error) -> Self {
        Self::Body(error)
    }
}

fn is_there_already(error: &rusqlite::Error) -> bool {
    use rusqlite::ffi::{SQLITE_CONSTRAINT_PRIMARYKEY, SQLITE_CONSTRAINT_UNIQUE};
    error.sqlite_error().is_some_and(|error| {
        [SQLITE_CONSTRAINT_PRIMARYKEY, SQLITE_CONSTRAINT_UNIQUE].contains(&error.extended_code)
    })
}

/// A page that does not authenticate is reported as damage at the head of the file, and as an error
/// without a cause elsewhere; a wrong statement has its cause in the text.
fn is_damage(error: &rusqlite::Error) -> bool {
    let named = matches!(
        error.sqlite_error_code(),
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt)
    );
    let without_cause = matches!(
        error,
        rusqlite::Error::SqliteFailure(code, Some(text))
            if code.extended_code == rusqlite::ffi::SQLITE_ERROR && text == "SQL logic error"
    );
    named || without_cause
}

#[cfg(test)]
mod tests {
    use rusqlite::ffi;

    use super::*;

    #[test]
    fn what_a_later_try_may_do_is_told_from_what_no_try_can() {
        let failure = |code, extended_code| {
            let code = ffi::Error {
                code,
                extended_code,
            };
            DbError::from(rusqlite::Error::SqliteFailure(code, None))
        };
        for (error, is_lasting) in [
            (DbError::Shape("a place"), true),
            (DbError::Missing("a table"), true),
            (DbError::Exists, true),
            (
                DbError::from(serde_json::from_str::<u8>("x").unwrap_err()),
                true,
            ),
            (
                failure(
                    ErrorCode::ConstraintViolation,
                    ffi::SQLITE_CONSTRAINT_FOREIGNKEY,
                ),
                true,
            ),
            (DbError::from(rusqlite::Error::QueryReturnedNoRows), true),
            (failure(ErrorCode::DiskFull, ffi::SQLITE_FULL), false),
            (failure(ErrorCode::DatabaseBusy, ffi::SQLITE_BUSY), false),
            (
                failure(ErrorCode::SystemIoFailure, ffi::SQLITE_IOERR),
                false,
            ),
            (DbError::NotCommitted(String::new()), false),
            (DbError::ReadOnly, false),
        ] {
            assert_eq!(error.is_lasting(), is_lasting, "{error:?}");
        }
    }
}
