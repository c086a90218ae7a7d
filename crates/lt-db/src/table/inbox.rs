//! Configured sources of messages.

use lt_model::{
    change::StreamKind,
    contact::ChannelKind,
    id::{GroupId, HoursId, InboxId},
    survey::SurveySettings,
};
use lt_protocol::sync::Entity;

use crate::{
    error::{DbError, Result},
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
    /// Whether and how its customers are asked for a mark.
    pub survey: SurveySettings,
}

const COLUMNS: &str = "SELECT id, kind, public_key, name, grp, hours, survey FROM inbox";

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
        "INSERT INTO inbox (tenant, id, kind, public_key, name, grp, hours, survey, rev)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0)",
        &[
            tx.tenant().into(),
            inbox.id.into(),
            word(&inbox.kind)?,
            inbox.public_key.as_str().into(),
            inbox.name.as_str().into(),
            inbox.group.into(),
            inbox.hours.into(),
            plain(&inbox.survey)?,
        ],
    )?;
    announce(tx, inbox.id)
}

/// Tells all desktops how it is now.
pub fn announce(tx: &Tx<'_>, id: InboxId) -> Result<()> {
    let rev = tx
        .query_one(
            "UPDATE inbox SET rev = rev + 1 WHERE tenant = $1 AND id = $2 RETURNING rev",
            &[tx.tenant().into(), id.into()],
        )?
        .ok_or(DbError::Missing("inbox"))?
        .uint(0)?;
    let inbox = by_id(tx, id)?.ok_or(DbError::Missing("inbox"))?;
    let shown = lt_model::inbox::Inbox {
        id: inbox.id,
        kind: inbox.kind,
        name: inbox.name,
        group: inbox.group,
        hours: inbox.hours,
        survey: inbox.survey,
    };
    tx.put(StreamKind::Config, rev, Entity::Inbox(Box::new(shown)));
    Ok(())
}

/// Those of which no desktop was ever told.
pub fn not_announced(reader: &Reader<'_>) -> Result<Vec<InboxId>> {
    reader
        .query(
            "SELECT id FROM inbox WHERE tenant = $1 AND rev = 0 ORDER BY id",
            &[reader.tenant().into()],
        )?
        .iter()
        .map(|row| row.id(0))
        .collect()
}

/// Gives one source (none: all of them) another calendar, and announces it. Returns how many have it now.
pub fn set_hours(tx: &Tx<'_>, id: Option<InboxId>, hours: Option<HoursId>) -> Result<usize> {
    let ids = match id {
        Some(id) => by_id(tx, id)?.into_iter().collect(),
        None => all(tx)?,
    };
    for inbox in &ids {
        tx.execute(
            "UPDATE inbox SET hours = $3 WHERE tenant = $1 AND id = $2",
            &[tx.tenant().into(), inbox.id.into(), hours.into()],
        )?;
        announce(tx, inbox.id)?;
    }
    Ok(ids.len())
}

/// Sets how one source asks its customers for a mark, and announces it. False: there is no such one.
pub fn set_survey(tx: &Tx<'_>, id: InboxId, survey: &SurveySettings) -> Result<bool> {
    let n_rows = tx.execute(
        "UPDATE inbox SET survey = $3 WHERE tenant = $1 AND id = $2",
        &[tx.tenant().into(), id.into(), plain(survey)?],
    )?;
    if n_rows > 0 {
        announce(tx, id)?;
    }
    Ok(n_rows > 0)
}

fn plain(survey: &SurveySettings) -> Result<Value> {
    Ok(serde_json::to_string(survey)?.into())
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
        // Rows from before there were surveys have nothing.
        survey: match row.text(6)? {
            "" => SurveySettings::default(),
            text => serde_json::from_str(text)?,
        },
    })
}
