//! Configured sources of messages.

use lt_model::{
    contact::ChannelKind,
    id::{GroupId, HoursId, InboxId},
};

use crate::{
    error::Result,
    seam::{Reader, Tx},
    value::{Row, Value, word},
};

/// One source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inbox {
    /// Its id.
    pub id: InboxId,
    /// Kind of channel.
    pub kind: ChannelKind,
    /// Stands in the page's tag; not a secret.
    pub public_key: String,
    /// Shown name.
    pub name: String,
    /// Where a new conversation belongs until somebody knows better.
    pub group: GroupId,
    /// Its calendar; none: always open.
    pub hours: Option<HoursId>,
}

const COLUMNS: &str = "SELECT id, kind, public_key, name, grp, hours FROM inbox";

/// All of them.
pub fn all(reader: &Reader<'_>) -> Result<Vec<Inbox>> {
    reader
        .query(
            &format!("{COLUMNS} WHERE tenant = $1 ORDER BY id"),
            &[reader.tenant().into()],
        )?
        .iter()
        .map(read)
        .collect()
}

/// By the key in a page's tag.
pub fn by_key(reader: &Reader<'_>, public_key: &str) -> Result<Option<Inbox>> {
    one(reader, "public_key", public_key.into())
}

/// By its id.
pub fn by_id(reader: &Reader<'_>, id: InboxId) -> Result<Option<Inbox>> {
    one(reader, "id", id.into())
}

/// Makes one.
pub fn insert(tx: &Tx<'_>, inbox: &Inbox) -> Result<()> {
    tx.execute(
        "INSERT INTO inbox (tenant, id, kind, public_key, name, grp, hours)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        &[
            tx.tenant().into(),
            inbox.id.into(),
            word(&inbox.kind)?,
            inbox.public_key.as_str().into(),
            inbox.name.as_str().into(),
            inbox.group.into(),
            inbox.hours.into(),
        ],
    )?;
    Ok(())
}

/// Gives one source (none: all of them) another calendar. Returns how many have it now.
pub fn set_hours(tx: &Tx<'_>, id: Option<InboxId>, hours: Option<HoursId>) -> Result<usize> {
    match id {
        Some(id) => tx.execute(
            "UPDATE inbox SET hours = $3 WHERE tenant = $1 AND id = $2",
            &[tx.tenant().into(), id.into(), hours.into()],
        ),
        None => tx.execute(
            "UPDATE inbox SET hours = $2 WHERE tenant = $1",
            &[tx.tenant().into(), hours.into()],
        ),
    }
}

fn one(reader: &Reader<'_>, column: &str, value: Value) -> Result<Option<Inbox>> {
    reader
        .query_one(
            &format!("{COLUMNS} WHERE tenant = $1 AND {column} = $2"),
            &[reader.tenant().into(), value],
        )?
        .as_ref()
        .map(read)
        .transpose()
}

fn read(row: &Row) -> Result<Inbox> {
    Ok(Inbox {
        id: row.id(0)?,
        kind: row.word(1)?,
        public_key: row.text(2)?.to_owned(),
        name: row.text(3)?.to_owned(),
        group: row.id(4)?,
        hours: row.opt_id(5)?,
    })
}
