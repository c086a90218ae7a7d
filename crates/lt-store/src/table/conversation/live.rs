//! What goes on in groups: open conversations, who waits longest in front.

use lt_model::{
    Millis,
    id::{AgentId, GroupId},
};
use lt_protocol::live::LivePart;
use rusqlite::{Connection, params_from_iter, types::Value};

use super::{COLUMNS, Line, Window, line};
use crate::{
    Result,
    sql::{Id, id},
};

/// Which ones.
pub(crate) struct Wanted<'a> {
    pub(crate) part: LivePart,
    /// In these groups.
    pub(crate) groups: &'a [GroupId],
    /// With this agent.
    pub(crate) agent: Option<AgentId>,
}

const ORDER: &str =
    "c.waiting_since IS NULL, c.waiting_since, c.priority DESC, c.last_message_at DESC, c.number";

fn part_sql(part: LivePart) -> &'static str {
    match part {
        LivePart::All => "c.handler <> 'none'",
        LivePart::Agents => "c.handler = 'agent'",
        LivePart::Queue => "c.handler = 'queue'",
        LivePart::Bot => "c.handler = 'bot'",
    }
}

fn conditions(wanted: &Wanted<'_>) -> (String, Vec<Value>) {
    let places = vec!["?"; wanted.groups.len()].join(", ");
    let mut sql = format!(
        "c.status = 'open' AND {} AND c.group_id IN ({places})",
        part_sql(wanted.part)
    );
    let groups = wanted.groups.iter();
    let mut values: Vec<Value> = groups.map(|id| Value::Blob(id.blob().to_vec())).collect();
    if let Some(agent) = wanted.agent {
        sql.push_str(" AND c.agent = ?");
        values.push(Value::Blob(agent.blob().to_vec()));
    }
    (sql, values)
}

/// A window of them.
pub(crate) fn lines(
    connection: &Connection,
    wanted: &Wanted<'_>,
    window: Window,
) -> Result<Vec<Line>> {
    let (sql, mut values) = conditions(wanted);
    values.push(Value::Integer(window.limit.into()));
    values.push(Value::Integer(window.offset.into()));
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {COLUMNS} WHERE {sql} ORDER BY {ORDER} LIMIT ? OFFSET ?"
    ))?;
    let rows = statement.query_map(params_from_iter(values), line)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// How many there are.
pub(crate) fn count(connection: &Connection, wanted: &Wanted<'_>) -> Result<u32> {
    let (sql, values) = conditions(wanted);
    Ok(connection
        .prepare_cached(&format!("SELECT count(*) FROM conversation c WHERE {sql}"))?
        .query_row(params_from_iter(values), |row| row.get(0))?)
}

/// How many each agent has, and since when the one of theirs waits who waits longest.
pub(crate) fn loads(
    connection: &Connection,
    groups: &[GroupId],
) -> Result<Vec<(AgentId, u32, Option<Millis>)>> {
    let wanted = Wanted {
        part: LivePart::Agents,
        groups,
        agent: None,
    };
    let (sql, values) = conditions(&wanted);
    let mut statement = connection.prepare_cached(&format!(
        "SELECT c.agent, count(*), min(c.waiting_since) FROM conversation c
         WHERE {sql} AND c.agent IS NOT NULL GROUP BY c.agent"
    ))?;
    let rows = statement.query_map(params_from_iter(values), |row| {
        Ok((id(row, 0)?, row.get(1)?, row.get(2)?))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
