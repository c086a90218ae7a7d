//! What this desk did, chained.

use lt_model::audit::AuditEntry;
use lt_seal::{
    Key32,
    audit::{BrokenAt, Head, Link},
};
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use crate::{
    Result,
    sql::{count, int, json},
};

/// The one way a record is written.
pub(crate) fn append(tx: &Transaction<'_>, key: &Key32, entry: &AuditEntry) -> Result<()> {
    let canonical = json(entry)?;
    let head = head(tx)?.append(key, canonical.as_bytes());
    tx.prepare_cached("INSERT INTO audit (n, entry, hash) VALUES (?1, ?2, ?3)")?
        .execute(params![int(head.n), canonical, head.hash])?;
    Ok(())
}

fn head(connection: &Connection) -> Result<Head> {
    let last = connection
        .prepare_cached("SELECT n, hash FROM audit ORDER BY n DESC LIMIT 1")?
        .query_row([], |row| {
            Ok(Head {
                n: count(row.get(0)?),
                hash: row.get(1)?,
            })
        })
        .optional()?;
    Ok(last.unwrap_or(Head::GENESIS))
}

/// Checks the whole chain: the head, or the first record that does not fit.
pub(crate) fn verify(connection: &Connection, key: &Key32) -> Result<Result<Head, BrokenAt>> {
    let mut statement = connection.prepare("SELECT n, entry, hash FROM audit ORDER BY n")?;
    let rows = statement.query_map([], |row| {
        Ok(Link {
            n: count(row.get(0)?),
            canonical: row.get::<_, String>(1)?,
            hash: row.get(2)?,
        })
    })?;
    let links = rows.collect::<Result<Vec<_>, _>>()?;
    Ok(lt_seal::audit::verify_chain(key, Head::GENESIS, links))
}
