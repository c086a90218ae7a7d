//! Surveys, as the server sent them.

use lt_model::{
    Millis,
    id::{AgentId, ConversationId, SurveyId},
    survey::Survey,
};
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use crate::{
    Result,
    sql::{Id, from_json, int, json},
};

/// What was answered, in numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SurveyCounts {
    /// Asked.
    pub asked: u32,
    /// Of them answered.
    pub answered: u32,
    /// Of those with a mark that says satisfied.
    pub satisfied: u32,
    /// Sum of the marks.
    pub sum: u32,
}

/// The newest about a conversation.
pub(crate) fn newest(connection: &Connection, id: ConversationId) -> Result<Option<Survey>> {
    let body: Option<String> = connection
        .prepare_cached(
            "SELECT body FROM survey WHERE conversation_id = ?1 ORDER BY asked_at DESC, id LIMIT 1",
        )?
        .query_row([id.blob()], |row| row.get(0))
        .optional()?;
    body.map(|text| from_json(&text, "survey")).transpose()
}

/// Those for an agent that were asked since a time, the newest first.
pub(crate) fn of_agent(
    connection: &Connection,
    agent: AgentId,
    since: Millis,
    limit: u32,
) -> Result<Vec<Survey>> {
    let mut statement = connection.prepare_cached(
        "SELECT body FROM survey WHERE agent_id = ?1 AND asked_at >= ?2
         ORDER BY asked_at DESC, id LIMIT ?3",
    )?;
    let rows = statement.query_map(params![agent.blob(), since, limit], |row| {
        row.get::<_, String>(0)
    })?;
    rows.map(|text| from_json(&text?, "survey")).collect()
}

/// How those for an agent that were asked since a time came out.
pub(crate) fn counts_of_agent(
    connection: &Connection,
    agent: AgentId,
    since: Millis,
    satisfied: u8,
) -> Result<SurveyCounts> {
    Ok(connection
        .prepare_cached(&counts("agent_id = ?1 AND asked_at >= ?2", 3))?
        .query_row(params![agent.blob(), since, satisfied], read_counts)?)
}

/// How those came out that an answer from an entry had ended.
pub(crate) fn counts_of_faq(
    connection: &Connection,
    faq_id: &str,
    satisfied: u8,
) -> Result<SurveyCounts> {
    Ok(connection
        .prepare_cached(&counts("faq_id = ?1", 2))?
        .query_row(params![faq_id, satisfied], read_counts)?)
}

fn counts(condition: &str, satisfied: u8) -> String {
    format!(
        "SELECT count(*), count(score), count(*) FILTER (WHERE score >= ?{satisfied}),
             coalesce(sum(score), 0)
         FROM survey WHERE {condition}"
    )
}

fn read_counts(row: &rusqlite::Row<'_>) -> rusqlite::Result<SurveyCounts> {
    Ok(SurveyCounts {
        asked: row.get(0)?,
        answered: row.get(1)?,
        satisfied: row.get(2)?,
        sum: row.get(3)?,
    })
}

/// Takes a row of the server unless a later revision is here.
pub(crate) fn put(tx: &Transaction<'_>, survey: &Survey, rev: u64) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO survey (id, rev, conversation_id, agent_id, faq_id, asked_at, score, body)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
         ON CONFLICT (id) DO UPDATE SET rev = excluded.rev, agent_id = excluded.agent_id,
             faq_id = excluded.faq_id, asked_at = excluded.asked_at, score = excluded.score,
             body = excluded.body
         WHERE excluded.rev >= survey.rev",
    )?
    .execute(params![
        survey.id.blob(),
        int(rev),
        survey.conversation_id.blob(),
        survey.agent.map(|agent| agent.blob()),
        survey.source.as_ref().map(|source| source.faq_id.as_str()),
        survey.asked_at,
        survey.answer.as_ref().map(|answer| answer.score),
        json(survey)?,
    ])?;
    Ok(())
}

/// Removes one, and tells about which conversation it was.
pub(crate) fn delete(tx: &Transaction<'_>, id: SurveyId) -> Result<Option<ConversationId>> {
    let body: Option<String> = tx
        .prepare_cached("DELETE FROM survey WHERE id = ?1 RETURNING body")?
        .query_row([id.blob()], |row| row.get(0))
        .optional()?;
    let survey: Option<Survey> = body.map(|text| from_json(&text, "survey")).transpose()?;
    Ok(survey.map(|survey| survey.conversation_id))
}

pub(crate) fn clear(tx: &Transaction<'_>) -> Result<()> {
    tx.execute("DELETE FROM survey", [])?;
    Ok(())
}
