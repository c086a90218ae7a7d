//! One connection, of either back end. What differs between them in a transaction is here.

use crate::{
    error::{DbError, Result},
    pg::{self, PgLink},
    rows::Rows,
    seam::ROWS_AT_ONCE,
    sqlite::SqliteLink,
    value::{Row, Value},
};

/// A connection.
pub(crate) enum Link {
    /// To the embedded file.
    Sqlite(SqliteLink),
    /// To a PostgreSQL server.
    Postgres(Box<PgLink>),
}

/// What was asked: the rows are here already, or on their way.
pub(crate) enum Asked {
    /// A file answers at once.
    Here(Vec<Row>),
    /// In one or several answers.
    Sent(Vec<pg::Asked>),
}

impl Link {
    pub(crate) fn query(&self, sql: &str, parameters: &[Value]) -> Result<Vec<Row>> {
        match self {
            Self::Sqlite(link) => link.query(sql, parameters),
            Self::Postgres(link) => link.query(sql, parameters),
        }
    }

    /// Returns how many rows it touched.
    pub(crate) fn execute(&self, sql: &str, parameters: &[Value]) -> Result<usize> {
        match self {
            Self::Sqlite(link) => link.execute(sql, parameters),
            Self::Postgres(link) => link.execute(sql, parameters),
        }
    }

    /// Executes a statement whose outcome nothing waits for: it may have failed until the part or the
    /// transaction ends well.
    pub(crate) fn send(&self, sql: &str, parameters: &[Value]) -> Result<()> {
        match self {
            Self::Sqlite(link) => link.execute(sql, parameters).map(drop),
            Self::Postgres(link) => link.send(sql, parameters),
        }
    }

    /// Asks without waiting where the rows come from somewhere else; what is asked and sent until
    /// [`Link::answer`] goes the same way at once.
    pub(crate) fn ask(&self, sql: &str, parameters: Vec<Value>) -> Result<Asked> {
        Ok(match self {
            Self::Sqlite(link) => Asked::Here(link.query(sql, &parameters)?),
            Self::Postgres(link) => Asked::Sent(vec![link.ask(sql, parameters)?]),
        })
    }

    /// Asks by a statement with `{rows}` in it.
    pub(crate) fn ask_rows(&self, sql: &str, rows: Rows) -> Result<Asked> {
        match self {
            Self::Sqlite(link) => {
                let mut found = Vec::new();
                for (sql, values) in rows.listed(sql, ROWS_AT_ONCE) {
                    found.extend(link.query(&sql, values)?);
                }
                Ok(Asked::Here(found))
            }
            Self::Postgres(link) => link.ask_rows(sql, rows).map(Asked::Sent),
        }
    }

    /// Waits for the rows.
    pub(crate) fn answer(&self, asked: Asked) -> Result<Vec<Row>> {
        match (self, asked) {
            (_, Asked::Here(rows)) => Ok(rows),
            (Self::Postgres(link), Asked::Sent(asked)) => {
                let mut found = Vec::new();
                for one in &asked {
                    found.extend(link.answer(one)?);
                }
                Ok(found)
            }
            (Self::Sqlite(_), Asked::Sent(_)) => Err(DbError::Shape("an answer")),
        }
    }

    /// Executes a statement with `{rows}` in it; nothing waits for its outcome, as for
    /// [`Link::send`].
    pub(crate) fn send_rows(&self, sql: &str, rows: Rows) -> Result<()> {
        match self {
            Self::Sqlite(link) => {
                for (sql, values) in rows.listed(sql, ROWS_AT_ONCE) {
                    link.execute(&sql, values)?;
                }
                Ok(())
            }
            Self::Postgres(link) => link.send_rows(sql, rows),
        }
    }

    /// Whether a statement can use what another one inside it writes.
    pub(crate) fn chains(&self) -> bool {
        matches!(self, Self::Postgres(_))
    }

    /// Runs statements without parameters.
    pub(crate) fn run(&self, sql: &str) -> Result<()> {
        match self {
            Self::Sqlite(link) => link.run(sql),
            Self::Postgres(link) => link.run(sql),
        }
    }

    /// Begins a transaction that writes. There is one at a time, in all processes: acts read what
    /// they decide by, and the audit log puts them into one order anyway.
    pub(crate) fn begin_write(&self) -> Result<()> {
        match self {
            Self::Sqlite(link) => link.run("BEGIN IMMEDIATE"),
            Self::Postgres(link) => link.begin_write(),
        }
    }

    /// Statements of the transaction may take long from here on, as where all rows are read again.
    pub(crate) fn take_long(&self) -> Result<()> {
        match self {
            Self::Sqlite(_) => Ok(()),
            Self::Postgres(link) => link.take_long(),
        }
    }

    /// Begins a part of the transaction that can be taken back by itself.
    pub(crate) fn begin_part(&self) -> Result<()> {
        match self {
            Self::Sqlite(link) => link.run("SAVEPOINT act"),
            Self::Postgres(link) => link.begin_part(),
        }
    }

    /// Ends the part.
    pub(crate) fn keep_part(&self) -> Result<()> {
        match self {
            Self::Sqlite(link) => link.run("RELEASE act"),
            // It ends when the next one begins, or with the transaction: a way to the server less.
            Self::Postgres(link) => link.settle(),
        }
    }

    /// Takes the part back and ends it.
    pub(crate) fn take_back_part(&self) -> Result<()> {
        match self {
            Self::Sqlite(link) => link.run("ROLLBACK TO act; RELEASE act"),
            Self::Postgres(link) => link.take_back("ROLLBACK TO act"),
        }
    }

    /// Takes something back by these statements, whatever went wrong with it.
    pub(crate) fn take_back(&self, sql: &str) -> Result<()> {
        match self {
            Self::Sqlite(link) => link.run(sql),
            Self::Postgres(link) => link.take_back(sql),
        }
    }

    /// Begins a transaction that reads: everything is of one moment.
    pub(crate) fn begin_read(&self) -> Result<()> {
        match self {
            Self::Sqlite(link) => link.run("BEGIN"),
            Self::Postgres(link) => link.begin_read(),
        }
    }

    /// Ends it.
    pub(crate) fn end_read(&self) -> Result<()> {
        match self {
            Self::Sqlite(link) => link.run("COMMIT"),
            Self::Postgres(link) => link.end_read(),
        }
    }

    /// Before statements that read, each for itself.
    pub(crate) fn begin_glance(&self) -> Result<()> {
        match self {
            Self::Sqlite(_) => Ok(()),
            Self::Postgres(link) => link.begin_glance(),
        }
    }

    /// Rows that were written over this connection so far.
    pub(crate) fn n_touched(&self) -> u64 {
        match self {
            Self::Sqlite(link) => link.0.total_changes(),
            Self::Postgres(link) => link.n_touched(),
        }
    }

    /// Whether the open transaction has been taken back by the back end itself: the disk is full,
    /// or the connection is lost.
    pub(crate) fn is_taken_back(&self) -> bool {
        match self {
            Self::Sqlite(link) => link.0.is_autocommit(),
            Self::Postgres(link) => link.is_lost(),
        }
    }

    /// Whether nothing can be done over it any more.
    pub(crate) fn is_lost(&self) -> bool {
        match self {
            Self::Sqlite(_) => false,
            Self::Postgres(link) => link.is_lost(),
        }
    }
}
