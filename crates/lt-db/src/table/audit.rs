//! The audit log: append-only, every record's hash covers the one before it.

use serde::{Deserialize, Serialize};

use lt_model::audit::AuditEntry;
use lt_seal::{
    Key32,
    audit::{BrokenAt, Head, Link, verify_chain},
    encode::hex_encode,
};

use crate::{
    error::{DbError, Result},
    link::Asked,
    rows::Rows,
    seam::{Reader, Tx},
    value::Row,
};

/// Records checked at a time.
const PAGE: u64 = 1_000;

/// One stored record: what is hashed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditRecord {
    /// Whose log.
    pub tenant: i64,
    /// The act.
    #[serde(flatten)]
    pub entry: AuditEntry,
}

/// Result of checking the chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AuditReport {
    /// Records that hold, from the first on.
    pub count: u64,
    /// Hash of the last of them, in hexadecimal digits.
    pub head_hash: String,
    /// The first number whose record is missing, moved or changed.
    pub broken_at: Option<u64>,
}

/// Appends records behind the head, and returns the new head. The only way into the log.
pub(crate) fn append(
    tx: &Tx<'_>,
    key: &Key32,
    head: Head,
    entries: &[&AuditEntry],
) -> Result<Head> {
    let mut newest = head;
    let mut rows = Rows::of(&["BIGINT", "BIGINT", "TEXT", "BYTEA"], entries.len());
    for entry in entries {
        let record = serde_json::to_string(&AuditRecord {
            tenant: tx.tenant(),
            entry: (*entry).clone(),
        })?;
        newest = newest.append(key, record.as_bytes());
        rows.push([
            tx.tenant().into(),
            newest.n.into(),
            record.into(),
            newest.hash.into(),
        ]);
    }
    tx.send_rows("INSERT INTO audit (tenant, n, record, hash) {rows}", rows)?;
    tx.send(
        "UPDATE audit_head SET n = $2, hash = $3 WHERE tenant = $1",
        &[tx.tenant().into(), newest.n.into(), newest.hash.into()],
    )?;
    Ok(newest)
}

/// Newest records first, before a number (exclusive).
pub fn page(reader: &Reader<'_>, before: u64, limit: u64) -> Result<Vec<(u64, AuditRecord)>> {
    reader
        .query(
            "SELECT n, record FROM audit WHERE tenant = $1 AND n < $2 ORDER BY n DESC LIMIT $3",
            &[reader.tenant().into(), before.into(), limit.into()],
        )?
        .iter()
        .map(|row| Ok((row.uint(0)?, row.json(1)?)))
        .collect()
}

/// Checks every record from the first on, and that the last one is where the head says: the end
/// cannot be cut off without touching the head too.
pub(crate) fn verify(reader: &Reader<'_>, key: &Key32) -> Result<AuditReport> {
    let mut checked = Head::GENESIS;
    loop {
        let links = links(reader, checked.n)?;
        if links.is_empty() {
            break;
        }
        let mut broken = None;
        for link in links {
            match verify_chain(key, checked, [link]) {
                Ok(next) => checked = next,
                Err(BrokenAt { n }) => {
                    broken = Some(n);
                    break;
                }
            }
        }
        if broken.is_some() {
            return Ok(report(checked, broken));
        }
    }
    let cut_off = head(reader)? != checked;
    Ok(report(checked, cut_off.then_some(checked.n + 1)))
}

fn report(checked: Head, broken_at: Option<u64>) -> AuditReport {
    AuditReport {
        count: checked.n,
        head_hash: hex_encode(&checked.hash),
        broken_at,
    }
}

fn links(reader: &Reader<'_>, after: u64) -> Result<Vec<Link<String>>> {
    reader
        .query(
            "SELECT n, record, hash FROM audit WHERE tenant = $1 AND n > $2 ORDER BY n LIMIT $3",
            &[reader.tenant().into(), after.into(), PAGE.into()],
        )?
        .iter()
        .map(|row| {
            Ok(Link {
                n: row.uint(0)?,
                canonical: row.text(1)?.to_owned(),
                hash: row.bytes(2)?,
            })
        })
        .collect()
}

/// The records of one action behind a number, oldest first, and the number up to which there are no
/// others of it. At most `limit` records, looked for among `within`.
pub fn of_action(
    reader: &Reader<'_>,
    action: &str,
    after: u64,
    (limit, within): (u64, u64),
) -> Result<(u64, Vec<AuditRecord>)> {
    let up_to = head(reader)?.n.min(after.saturating_add(within));
    let rows = reader.query(
        "SELECT n, record FROM audit WHERE tenant = $1 AND n > $2 AND n <= $3
             AND record LIKE $4 ORDER BY n LIMIT $5",
        &[
            reader.tenant().into(),
            after.into(),
            up_to.into(),
            format!("%\"action\":\"{action}\"%").into(),
            limit.into(),
        ],
    )?;
    let last = rows.last().map(|row| row.uint(0)).transpose()?;
    let is_all = u64::try_from(rows.len()).is_ok_and(|n| n < limit);
    let records = rows.iter().map(|row| row.json(1)).collect::<Result<_>>()?;
    let read = if is_all { up_to } else { last.unwrap_or(up_to) };
    Ok((read.max(after), records))
}

/// The records behind a number, oldest first.
pub fn after(reader: &Reader<'_>, n: u64, limit: u64) -> Result<Vec<(u64, AuditRecord)>> {
    reader
        .query(
            "SELECT n, record FROM audit WHERE tenant = $1 AND n > $2 ORDER BY n LIMIT $3",
            &[reader.tenant().into(), n.into(), limit.into()],
        )?
        .iter()
        .map(|row| Ok((row.uint(0)?, row.json(1)?)))
        .collect()
}

/// The number of the newest record.
pub fn last(reader: &Reader<'_>) -> Result<u64> {
    Ok(head(reader)?.n)
}

fn head(reader: &Reader<'_>) -> Result<Head> {
    read_head(&reader.query(HEAD, &[reader.tenant().into()])?)
}

/// Asks for the end of the chain.
pub(crate) fn ask_head(reader: &Reader<'_>) -> Result<Asked> {
    reader.ask(HEAD, vec![reader.tenant().into()])
}

/// The end of the chain that was asked for.
pub(crate) fn answer_head(reader: &Reader<'_>, asked: Asked) -> Result<Head> {
    read_head(&reader.answer(asked)?)
}

const HEAD: &str = "SELECT n, hash FROM audit_head WHERE tenant = $1";

fn read_head(rows: &[Row]) -> Result<Head> {
    let row = rows.first().ok_or(DbError::Missing("audit_head"))?;
    Ok(Head {
        n: row.uint(0)?,
        hash: row.bytes(1)?,
    })
}

pub(crate) fn prepare(tx: &Tx<'_>) -> Result<()> {
    tx.execute(
        "INSERT INTO audit_head (tenant, n, hash) VALUES ($1, $2, $3)
         ON CONFLICT (tenant) DO NOTHING",
        &[
            tx.tenant().into(),
            Head::GENESIS.n.into(),
            Head::GENESIS.hash.into(),
        ],
    )?;
    Ok(())
}
