//! What each conversation and ticket adds to the cells now: so that it can be taken away again, and so
//! that a number can name the rows behind it.

use std::collections::HashMap;

use lt_model::{
    Millis,
    id::{AgentId, ConversationId, GroupId, TicketId},
    metric::{Dimension, Share},
};
use uuid::Uuid;

use crate::{
    error::{DbError, Result},
    rows::Rows,
    seam::{Reader, Tx},
    value::{Row, Value},
};

/// What a case is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CaseId {
    /// A conversation.
    Conversation(ConversationId),
    /// A ticket.
    Ticket(TicketId),
}

impl CaseId {
    /// Of whichever kind it is: no conversation has that of a ticket.
    #[must_use]
    pub fn uuid(self) -> Uuid {
        match self {
            Self::Conversation(id) => id.0,
            Self::Ticket(id) => id.0,
        }
    }
}

/// Which cases of a group are looked through. No case is of two of these at one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Among {
    /// Opened in a period, `to` exclusive.
    Opened {
        /// From then.
        from: Millis,
        /// Until then.
        to: Millis,
    },
    /// Opened before a moment, with something that counts then or later.
    OpenedBefore(Millis),
    /// In queue or backlog now, and opened before a moment.
    Standing(Millis),
    /// Neither any more, opened before a moment at which it may have been.
    Stood(Millis),
}

/// Where one is among others, the newest first: when it was opened, and its id where several were at
/// one moment. Neither ever changes, whatever else does.
pub type Place = (Millis, Uuid);

/// Before all others.
pub const FIRST: Place = (Millis::MAX, Uuid::max());

/// A case with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MetricCase {
    /// Which.
    pub id: CaseId,
    /// Its short number.
    pub number: u64,
    /// Whose.
    pub group: GroupId,
    /// Who answered first, or has it.
    pub agent: Option<AgentId>,
    /// Values of the other dimensions; none: it does not count by that.
    pub channel: Option<String>,
    /// Business line; empty while unknown.
    pub line: Option<String>,
    /// Category; empty while unknown.
    pub category: Option<String>,
    /// Question; empty while unknown.
    pub intent: Option<String>,
    /// Whether it is in queue or backlog.
    pub is_standing: bool,
    /// When it becomes late by the clock alone.
    pub late_at: Option<Millis>,
    /// What it adds.
    pub share: Share,
}

impl MetricCase {
    /// See [`Place`].
    #[must_use]
    pub fn place(&self) -> Place {
        (self.share.opened_at, self.id.uuid())
    }

    /// Its value of a dimension; none: it does not count by that.
    #[must_use]
    pub fn value(&self, dim: Dimension) -> Option<String> {
        match dim {
            Dimension::Agent => Some(self.agent.map_or_else(String::new, |id| id.to_string())),
            Dimension::Channel => self.channel.clone(),
            Dimension::Line => self.line.clone(),
            Dimension::Category => self.category.clone(),
            Dimension::Intent => self.intent.clone(),
        }
    }
}

const FIELDS: &str = "SELECT c.kind, c.id, c.number, c.grp, c.agent, c.channel, c.line, c.category,
    c.intent, c.standing, c.late_at, c.share";

/// One of them.
pub fn get(reader: &Reader<'_>, id: CaseId) -> Result<Option<MetricCase>> {
    let (kind, id) = parts(id);
    reader
        .query_one(
            &format!("{FIELDS} FROM metric_case c WHERE tenant = $1 AND kind = $2 AND id = $3"),
            &[reader.tenant().into(), kind.into(), id],
        )?
        .as_ref()
        .map(read)
        .transpose()
}

/// See [`conversation::OF_IDS`](super::conversation::OF_IDS).
pub(crate) fn of_these() -> String {
    format!(
        "{FIELDS} FROM ({{rows}}) AS v CROSS JOIN metric_case c
         WHERE c.tenant = v.column1 AND c.kind = v.column2 AND c.id = v.column3"
    )
}

/// Those of these that there are. One that cannot be read is an error by itself.
pub fn of_ids(reader: &Reader<'_>, ids: &[CaseId]) -> Result<HashMap<CaseId, Result<MetricCase>>> {
    let mut keys = Rows::of(&["BIGINT", "TEXT", "BYTEA"], ids.len());
    for &id in ids {
        let (kind, id) = parts(id);
        keys.push([reader.tenant().into(), kind.into(), id]);
    }
    let asked = reader.ask_rows(&of_these(), keys)?;
    reader
        .answer(asked)?
        .iter()
        .map(|row| Ok((read_id(row)?, read(row))))
        .collect()
}

/// Conversations that have become late by the clock alone, the first ones first.
pub fn late(reader: &Reader<'_>, now: Millis, limit: u64) -> Result<Vec<ConversationId>> {
    reader
        .query(
            "SELECT id FROM metric_case
             WHERE tenant = $1 AND late_at IS NOT NULL AND late_at <= $2 AND kind = 'conversation'
             ORDER BY late_at LIMIT $3",
            &[reader.tenant().into(), now.into(), limit.into()],
        )?
        .iter()
        .map(|row| row.id(0))
        .collect()
}

/// Those of a group that come after a place, the newest first.
pub fn newest(
    reader: &Reader<'_>,
    group: GroupId,
    among: Among,
    after: Place,
    limit: u64,
) -> Result<Vec<MetricCase>> {
    // Without the plus, all that a group ever had would be gone through in that order, for the few that
    // had not come to their end by a moment.
    let (by_opening, by_end) = (
        "c.opened_at DESC, c.id DESC",
        "+c.opened_at DESC, c.id DESC",
    );
    let (which, order, from, to) = match among {
        Among::Opened { from, to } => ("c.opened_at >= $7", by_opening, from, to),
        Among::OpenedBefore(at) => ("c.last_at >= $7", by_end, at, at),
        Among::Standing(to) => (
            "c.standing = 1 AND c.opened_at >= $7",
            by_opening,
            Millis::MIN,
            to,
        ),
        Among::Stood(at) => ("c.standing = 0 AND c.last_at >= $7", by_end, at, at),
    };
    let (at, id) = after;
    let found = reader.query(
        &format!(
            "{FIELDS} FROM metric_case c WHERE c.tenant = $1 AND c.grp = $2 AND c.opened_at < $3
             AND (c.opened_at, c.id) < ($4, $5) AND {which} ORDER BY {order} LIMIT $6"
        ),
        &[
            reader.tenant().into(),
            group.into(),
            to.min(at.saturating_add(1)).into(),
            at.into(),
            id.into_bytes().into(),
            limit.into(),
            from.into(),
        ],
    )?;
    found.iter().map(read).collect()
}

/// Those of a group of which something may count in a period.
pub fn within(
    reader: &Reader<'_>,
    group: GroupId,
    from: Millis,
    to: Millis,
) -> Result<Vec<MetricCase>> {
    let found = reader.query(
        &format!(
            "{FIELDS} FROM metric_case c
             WHERE tenant = $1 AND grp = $2 AND opened_at < $4 AND last_at >= $3"
        ),
        &[reader.tenant().into(), group.into(), from.into(), to.into()],
    )?;
    found.iter().map(read).collect()
}

/// All of them, for a recount.
pub fn all(reader: &Reader<'_>) -> Result<Vec<MetricCase>> {
    let found = reader.query(
        &format!("{FIELDS} FROM metric_case c WHERE tenant = $1 ORDER BY kind, id"),
        &[reader.tenant().into()],
    )?;
    found.iter().map(read).collect()
}

/// Puts one in the place of what was there.
pub fn put(tx: &Tx<'_>, case: &MetricCase) -> Result<()> {
    let (kind, id) = parts(case.id);
    tx.send(
        "INSERT INTO metric_case (tenant, kind, id, number, grp, agent, channel, line, category,
             intent, opened_at, last_at, standing, late_at, share)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
         ON CONFLICT (tenant, kind, id) DO UPDATE SET number = excluded.number,
             grp = excluded.grp, agent = excluded.agent, channel = excluded.channel,
             line = excluded.line, category = excluded.category, intent = excluded.intent,
             opened_at = excluded.opened_at, last_at = excluded.last_at,
             standing = excluded.standing, late_at = excluded.late_at, share = excluded.share",
        &[
            tx.tenant().into(),
            kind.into(),
            id,
            case.number.into(),
            case.group.into(),
            case.agent.into(),
            case.channel.clone().into(),
            case.line.clone().into(),
            case.category.clone().into(),
            case.intent.clone().into(),
            case.share.opened_at.into(),
            case.share.last_at().into(),
            case.is_standing.into(),
            case.late_at.into(),
            case.share.to_bytes().into(),
        ],
    )
}

fn parts(id: CaseId) -> (&'static str, Value) {
    match id {
        CaseId::Conversation(id) => ("conversation", id.into()),
        CaseId::Ticket(id) => ("ticket", id.into()),
    }
}

fn read_id(row: &Row) -> Result<CaseId> {
    let id: Uuid = row.id(1)?;
    Ok(match row.text(0)? {
        "conversation" => CaseId::Conversation(id.into()),
        _ => CaseId::Ticket(id.into()),
    })
}

fn read(row: &Row) -> Result<MetricCase> {
    let text = |column_idx| Ok::<_, DbError>(row.opt_text(column_idx)?.map(str::to_owned));
    Ok(MetricCase {
        id: read_id(row)?,
        number: row.uint(2)?,
        group: row.id(3)?,
        agent: row.opt_id(4)?,
        channel: text(5)?,
        line: text(6)?,
        category: text(7)?,
        intent: text(8)?,
        is_standing: row.int(9)? == 1,
        late_at: row.opt_int(10)?,
        share: Share::from_bytes(&row.blob(11)?).ok_or(DbError::Shape("share"))?,
    })
}
