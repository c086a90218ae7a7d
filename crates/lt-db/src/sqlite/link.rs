//! One connection to the file, as tables use it.

use rusqlite::{
    CachedStatement, Connection,
    types::{ToSqlOutput, ValueRef},
};

use crate::{
    error::{DbError, Result},
    value::{Row, Value},
};

/// A connection.
pub(crate) struct SqliteLink(pub(crate) Connection);

impl SqliteLink {
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

    /// Returns how many rows it touched.
    pub(crate) fn execute(&self, sql: &str, parameters: &[Value]) -> Result<usize> {
        let mut statement = self.prepare(sql, parameters)?;
        Ok(statement.raw_execute()?)
    }

    pub(crate) fn run(&self, sql: &str) -> Result<()> {
        Ok(self.0.execute_batch(sql)?)
    }

    fn prepare(&self, sql: &str, parameters: &[Value]) -> Result<CachedStatement<'_>> {
        let mut statement = self.0.prepare_cached(sql)?;
        for (idx, value) in parameters.iter().enumerate() {
            // SQLite numbers `$n` by where it first stands, so that the name has to find it.
            let name = format!("${}", idx + 1);
            let place = statement
                .parameter_index(&name)?
                .ok_or(DbError::Shape("parameter of a statement"))?;
            statement.raw_bind_parameter(place, bound(value))?;
        }
        Ok(statement)
    }
}

fn bound(value: &Value) -> ToSqlOutput<'_> {
    ToSqlOutput::Borrowed(match value {
        Value::Null => ValueRef::Null,
        Value::Int(number) => ValueRef::Integer(*number),
        // The file is sealed as a whole.
        Value::Text(text) | Value::Sealed(text) => ValueRef::Text(text.as_bytes()),
        Value::SealedBytes(bytes) | Value::Blob(bytes) => ValueRef::Blob(bytes),
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
