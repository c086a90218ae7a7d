//! The seam to the back end: what a table file may ask for. SQL is written with `$1`, `$2`, … in
//! the form that SQLite and PostgreSQL share, so that a second back end replaces this file alone.

use std::{cell::RefCell, collections::HashSet, ops::Deref};

use rusqlite::{
    CachedStatement, Connection,
    types::{ToSqlOutput, ValueRef},
};

use lt_model::change::{EntityKind, StreamKind};
use lt_protocol::sync::{Entity, RowChange};

use crate::{
    error::{DbError, Result},
    value::{Row, Value},
};

/// The tenant of a deployment for one organisation.
pub const DEFAULT_TENANT: i64 = 1;

/// Names of parameters; no statement has more.
const PARAMETERS: [&str; 16] = [
    "$1", "$2", "$3", "$4", "$5", "$6", "$7", "$8", "$9", "$10", "$11", "$12", "$13", "$14", "$15",
    "$16",
];

/// Reads inside one transaction: everything it sees is of one moment.
pub struct Reader<'c> {
    pub(crate) connection: &'c Connection,
    pub(crate) tenant: i64,
}

/// Reads and writes inside one transaction.
pub struct Tx<'c> {
    reader: Reader<'c>,
    changes: RefCell<Vec<PendingChange>>,
}

/// A change that gets its number when the act is complete.
pub(crate) struct PendingChange {
    pub(crate) stream: StreamKind,
    pub(crate) rev: u64,
    pub(crate) change: RowChange,
}

impl Reader<'_> {
    /// Whose rows these are.
    #[must_use]
    pub fn tenant(&self) -> i64 {
        self.tenant
    }

    pub(crate) fn query(&self, sql: &str, parameters: &[Value]) -> Result<Vec<Row>> {
        let mut statement = self.prepare(sql, parameters)?;
        let n_columns = statement.column_count();
        let mut rows = statement.raw_query();
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let values: Result<Vec<Value>> = (0..n_columns)
                .map(|column_idx| read(row.get_ref(column_idx)?))
                .collect();
            found.push(Row(values?));
        }
        Ok(found)
    }

    /// The first row, if there is one.
    pub(crate) fn query_one(&self, sql: &str, parameters: &[Value]) -> Result<Option<Row>> {
        Ok(self.query(sql, parameters)?.into_iter().next())
    }

    fn prepare(&self, sql: &str, parameters: &[Value]) -> Result<CachedStatement<'_>> {
        let mut statement = self.connection.prepare_cached(sql)?;
        for (name, value) in PARAMETERS.iter().zip(parameters) {
            let idx = statement
                .parameter_index(name)?
                .ok_or(DbError::Shape("parameter of a statement"))?;
            statement.raw_bind_parameter(idx, bound(value))?;
        }
        Ok(statement)
    }
}

impl<'c> Tx<'c> {
    pub(crate) fn new(connection: &'c Connection, tenant: i64) -> Self {
        Self {
            reader: Reader { connection, tenant },
            changes: RefCell::default(),
        }
    }

    /// Runs a part of an act that may fail without failing the act: its rows and changes are taken
    /// back then.
    ///
    /// # Errors
    /// What the part returns.
    pub fn attempt<T, E: From<DbError>>(
        &self,
        part: impl FnOnce(&Self) -> Result<T, E>,
    ) -> Result<T, E> {
        let run = |sql: &str| {
            self.reader
                .connection
                .execute_batch(sql)
                .map_err(DbError::from)
        };
        let n_changes = self.changes.borrow().len();
        run("SAVEPOINT part")?;
        let result = part(self);
        if result.is_ok() {
            run("RELEASE part")?;
        } else {
            run("ROLLBACK TO part; RELEASE part")?;
            self.changes.borrow_mut().truncate(n_changes);
        }
        result
    }

    /// Returns how many rows it touched.
    pub(crate) fn execute(&self, sql: &str, parameters: &[Value]) -> Result<usize> {
        let mut statement = self.reader.prepare(sql, parameters)?;
        Ok(statement.raw_execute()?)
    }

    /// The row is now this, for everybody who sees the stream.
    pub(crate) fn put(&self, stream: StreamKind, rev: u64, entity: Entity) {
        self.push(stream, rev, RowChange::Put { entity });
    }

    /// The row is no more in the stream.
    pub(crate) fn del(&self, stream: StreamKind, rev: u64, entity: EntityKind, id: String) {
        self.push(stream, rev, RowChange::Del { entity, id });
    }

    fn push(&self, stream: StreamKind, rev: u64, change: RowChange) {
        self.changes.borrow_mut().push(PendingChange {
            stream,
            rev,
            change,
        });
    }

    /// What the act changed, in order. One act changes a row once per stream: an earlier change of
    /// the same row is superseded.
    pub(crate) fn take_changes(&self) -> Vec<PendingChange> {
        let mut seen = HashSet::new();
        let mut changes = self.changes.take();
        changes.reverse();
        changes.retain(|pending| seen.insert((pending.stream.clone(), row_of(&pending.change))));
        changes.reverse();
        changes
    }
}

impl<'c> Deref for Tx<'c> {
    type Target = Reader<'c>;

    fn deref(&self) -> &Self::Target {
        &self.reader
    }
}

/// Which row a change is about.
pub(crate) fn row_of(change: &RowChange) -> (EntityKind, String) {
    match change {
        RowChange::Put { entity } => (entity.kind(), entity.id()),
        RowChange::Del { entity, id } => (*entity, id.clone()),
    }
}

fn bound(value: &Value) -> ToSqlOutput<'_> {
    ToSqlOutput::Borrowed(match value {
        Value::Null => ValueRef::Null,
        Value::Int(number) => ValueRef::Integer(*number),
        Value::Text(text) => ValueRef::Text(text.as_bytes()),
        Value::Blob(bytes) => ValueRef::Blob(bytes),
    })
}

fn read(value: ValueRef<'_>) -> Result<Value> {
    match value {
        ValueRef::Null => Ok(Value::Null),
        ValueRef::Integer(number) => Ok(Value::Int(number)),
        ValueRef::Text(bytes) => match std::str::from_utf8(bytes) {
            Ok(text) => Ok(Value::Text(text.to_owned())),
            Err(_) => Err(DbError::Shape("text that is not UTF-8")),
        },
        ValueRef::Blob(bytes) => Ok(Value::Blob(bytes.to_vec())),
        ValueRef::Real(_) => Err(DbError::Shape("a floating point column")),
    }
}
