//! Forms, rules, reviews and what further reviewers found, as the server sent them.

use lt_model::{
    Millis,
    change::EntityKind,
    id::{AgentId, ConversationId, GroupId, QaReviewId},
    quality::{
        form::QaForm,
        review::{QaCalibration, QaReview, QaState},
        sample::QaRule,
    },
};
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::{
    Result, StoreError,
    sql::{Id, count, from_json, id, int, json, word},
};

/// How reviews came out, in numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct QaCounts {
    /// Scored.
    pub n: u32,
    /// Of them passed.
    pub n_passed: u32,
    /// Of them with an item that alone decides.
    pub n_vetoed: u32,
    /// Sum of their scores, in tenths.
    pub tenths: u64,
}

impl std::iter::Sum for QaCounts {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), |so_far, one| Self {
            n: so_far.n.saturating_add(one.n),
            n_passed: so_far.n_passed.saturating_add(one.n_passed),
            n_vetoed: so_far.n_vetoed.saturating_add(one.n_vetoed),
            tenths: so_far.tenths.saturating_add(one.tenths),
        })
    }
}

pub(crate) fn forms(connection: &Connection) -> Result<Vec<QaForm>> {
    bodies(connection, "SELECT body FROM qa_form", "scoring form")
}

pub(crate) fn rules(connection: &Connection) -> Result<Vec<QaRule>> {
    bodies(connection, "SELECT body FROM qa_rule", "sampling rule")
}

pub(crate) fn review(connection: &Connection, id: QaReviewId) -> Result<Option<QaReview>> {
    one(connection, "SELECT body FROM qa_review WHERE id = ?1", id)
}

pub(crate) fn calibration(
    connection: &Connection,
    id: QaReviewId,
) -> Result<Option<QaCalibration>> {
    one(
        connection,
        "SELECT body FROM qa_calibration WHERE id = ?1",
        id,
    )
}

/// Where a review stands in lists.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub(crate) id: QaReviewId,
    pub(crate) agent: AgentId,
    pub(crate) state: QaState,
    /// Since when it is in its state.
    pub(crate) at: Millis,
    pub(crate) scored_at: Option<Millis>,
}

impl Place {
    pub(crate) fn of(review: &QaReview) -> Self {
        Self {
            id: review.id,
            agent: review.agent,
            state: review.state(),
            at: review.in_state_since(),
            scored_at: review.scored.as_ref().map(|scored| scored.by.at),
        }
    }
}

/// Where all reviews in a state stand.
pub(crate) fn places(connection: &Connection, state: QaState) -> Result<Vec<Place>> {
    let mut statement = connection
        .prepare_cached("SELECT id, agent_id, at, scored_at FROM qa_review WHERE state = ?1")?;
    let rows = statement.query_map([word(&state)?], |row| {
        Ok(Place {
            id: id(row, 0)?,
            agent: id(row, 1)?,
            state,
            at: row.get(2)?,
            scored_at: row.get(3)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The review of a conversation.
pub(crate) fn of_conversation(
    connection: &Connection,
    conversation: ConversationId,
) -> Result<Option<QaReviewId>> {
    let found = connection
        .prepare_cached("SELECT id FROM qa_review WHERE body ->> '$.conversation_id' = ?1")?
        .query_row([conversation.to_string()], |row| id(row, 0))
        .optional()?;
    Ok(found)
}

/// Those of an agent that were scored since a time, the newest first.
pub(crate) fn of_agent(
    connection: &Connection,
    agent: AgentId,
    since: Millis,
) -> Result<Vec<QaReview>> {
    let mut statement = connection.prepare_cached(
        "SELECT body FROM qa_review WHERE agent_id = ?1 AND scored_at >= ?2
         ORDER BY scored_at DESC, id",
    )?;
    let rows = statement.query_map(params![agent.blob(), since], |row| row.get::<_, String>(0))?;
    rows.map(|text| from_json(&text?, "review")).collect()
}

/// How those that are scored came out, for each agent whose work was sampled.
pub(crate) fn counts(connection: &Connection) -> Result<Vec<(AgentId, QaCounts)>> {
    let mut statement = connection.prepare_cached(
        "SELECT agent_id, count(scored_at), coalesce(sum(verdict = 'passed'), 0),
                coalesce(sum(verdict = 'vetoed'), 0), coalesce(sum(tenths), 0)
         FROM qa_review GROUP BY agent_id",
    )?;
    let rows = statement.query_map([], counted)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The same of those that were scored in a span, of one group or of all; agents without any are not
/// among them.
pub(crate) fn counts_in(
    connection: &Connection,
    (from, to): (Millis, Millis),
    group: Option<GroupId>,
) -> Result<Vec<(AgentId, QaCounts)>> {
    let mut statement = connection.prepare_cached(
        "SELECT agent_id, count(scored_at), coalesce(sum(verdict = 'passed'), 0),
                coalesce(sum(verdict = 'vetoed'), 0), coalesce(sum(tenths), 0)
         FROM qa_review WHERE scored_at >= ?1 AND scored_at < ?2
           AND (?3 IS NULL OR body ->> '$.group_id' = ?3)
         GROUP BY agent_id",
    )?;
    let group = group.map(|group| group.to_string());
    let rows = statement.query_map(params![from, to, group], counted)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn counted(row: &Row<'_>) -> rusqlite::Result<(AgentId, QaCounts)> {
    let whole = |idx| row.get::<_, i64>(idx).map(count);
    let small = |n: u64| u32::try_from(n).unwrap_or(u32::MAX);
    let counts = QaCounts {
        n: row.get(1)?,
        n_passed: small(whole(2)?),
        n_vetoed: small(whole(3)?),
        tenths: whole(4)?,
    };
    Ok((id(row, 0)?, counts))
}

pub(crate) fn put_form(tx: &Transaction<'_>, form: &QaForm, rev: u64) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO qa_form (id, rev, body) VALUES (?1, ?2, ?3)
         ON CONFLICT (id) DO UPDATE SET rev = excluded.rev, body = excluded.body
         WHERE excluded.rev >= qa_form.rev",
    )?
    .execute(params![form.id.blob(), int(rev), json(form)?])?;
    Ok(())
}

pub(crate) fn put_rule(tx: &Transaction<'_>, rule: &QaRule, rev: u64) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO qa_rule (id, rev, body) VALUES (?1, ?2, ?3)
         ON CONFLICT (id) DO UPDATE SET rev = excluded.rev, body = excluded.body
         WHERE excluded.rev >= qa_rule.rev",
    )?
    .execute(params![rule.id.blob(), int(rev), json(rule)?])?;
    Ok(())
}

pub(crate) fn put_review(tx: &Transaction<'_>, review: &QaReview, rev: u64) -> Result<()> {
    let result = review.result().map(|(_, score)| score);
    let verdict = result.map(|score| word(&score.verdict)).transpose()?;
    tx.prepare_cached(
        "INSERT INTO qa_review (id, rev, agent_id, state, at, scored_at, tenths, verdict, body)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
         ON CONFLICT (id) DO UPDATE SET rev = excluded.rev, agent_id = excluded.agent_id,
           state = excluded.state, at = excluded.at, scored_at = excluded.scored_at,
           tenths = excluded.tenths, verdict = excluded.verdict, body = excluded.body
         WHERE excluded.rev >= qa_review.rev",
    )?
    .execute(params![
        review.id.blob(),
        int(rev),
        review.agent.blob(),
        word(&review.state())?,
        review.in_state_since(),
        review.scored.as_ref().map(|scored| scored.by.at),
        result.map(|score| score.tenths),
        verdict,
        json(review)?,
    ])?;
    Ok(())
}

pub(crate) fn put_calibration(
    tx: &Transaction<'_>,
    calibration: &QaCalibration,
    rev: u64,
) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO qa_calibration (id, rev, body) VALUES (?1, ?2, ?3)
         ON CONFLICT (id) DO UPDATE SET rev = excluded.rev, body = excluded.body
         WHERE excluded.rev >= qa_calibration.rev",
    )?
    .execute(params![calibration.id.blob(), int(rev), json(calibration)?])?;
    Ok(())
}

pub(crate) fn delete(tx: &Transaction<'_>, kind: EntityKind, id: Uuid) -> Result<()> {
    let sql = match kind {
        EntityKind::QaForm => "DELETE FROM qa_form WHERE id = ?1",
        EntityKind::QaRule => "DELETE FROM qa_rule WHERE id = ?1",
        EntityKind::QaReview => "DELETE FROM qa_review WHERE id = ?1",
        EntityKind::QaCalibration => "DELETE FROM qa_calibration WHERE id = ?1",
        _ => return Err(StoreError::Broken("a row about quality")),
    };
    tx.prepare_cached(sql)?
        .execute([id.into_bytes().to_vec()])?;
    Ok(())
}

pub(crate) fn clear(tx: &Transaction<'_>) -> Result<()> {
    tx.execute_batch(
        "DELETE FROM qa_form; DELETE FROM qa_rule; DELETE FROM qa_review;
         DELETE FROM qa_calibration;",
    )?;
    Ok(())
}

fn bodies<T: DeserializeOwned>(
    connection: &Connection,
    sql: &str,
    what: &'static str,
) -> Result<Vec<T>> {
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map([], |row| row.get::<_, String>(0))?;
    rows.map(|text| from_json(&text?, what)).collect()
}

fn one<T: DeserializeOwned>(
    connection: &Connection,
    sql: &str,
    id: QaReviewId,
) -> Result<Option<T>> {
    let body: Option<String> = connection
        .prepare_cached(sql)?
        .query_row([id.blob()], |row| row.get(0))
        .optional()?;
    body.map(|text| from_json(&text, "review")).transpose()
}
