//! Surveys: which ends of conversations are to be judged, what was asked and answered, and who does
//! not want to be asked. What was asked stands in the stream of its conversation's group.

use std::collections::HashMap;

use lt_model::{
    Millis,
    change::{EntityKind, StreamKind},
    id::{ContactId, ConversationId, GroupId, SurveyId},
    survey::Survey,
};
use lt_protocol::sync::Entity;

use crate::{
    error::{DbError, Result},
    seam::{Reader, Tx},
    table::conversation,
    value::{Row, json},
};

/// A conversation ended: whether its customer is asked is to be judged from `due_at` on.
pub fn note_due(
    tx: &Tx<'_>,
    id: ConversationId,
    resolved_at: Millis,
    due_at: Millis,
) -> Result<()> {
    tx.execute(
        "INSERT INTO survey_due (tenant, conversation, resolved_at, due_at)
         VALUES ($1, $2, $3, $4)
         ON CONFLICT (tenant, conversation)
         DO UPDATE SET resolved_at = excluded.resolved_at, due_at = excluded.due_at",
        &[
            tx.tenant().into(),
            id.into(),
            resolved_at.into(),
            due_at.into(),
        ],
    )?;
    Ok(())
}

/// The ends that are to be judged by now, the oldest first: conversation and end.
pub fn due(reader: &Reader<'_>, now: Millis, limit: u64) -> Result<Vec<(ConversationId, Millis)>> {
    reader
        .query(
            "SELECT conversation, resolved_at FROM survey_due
             WHERE tenant = $1 AND due_at <= $2 ORDER BY due_at LIMIT $3",
            &[reader.tenant().into(), now.into(), limit.into()],
        )?
        .iter()
        .map(|row| Ok((row.id(0)?, row.int(1)?)))
        .collect()
}

/// It is judged. False: it was judged before, or another end is to be judged.
pub fn judged(tx: &Tx<'_>, id: ConversationId, resolved_at: Millis) -> Result<bool> {
    let n_rows = tx.execute(
        "DELETE FROM survey_due WHERE tenant = $1 AND conversation = $2 AND resolved_at = $3",
        &[tx.tenant().into(), id.into(), resolved_at.into()],
    )?;
    Ok(n_rows > 0)
}

/// One survey.
pub fn by_id(reader: &Reader<'_>, id: SurveyId) -> Result<Option<Survey>> {
    Ok(with_rev(reader, id)?.map(|(survey, _)| survey))
}

/// The newest one about a conversation.
pub fn newest(reader: &Reader<'_>, id: ConversationId) -> Result<Option<Survey>> {
    reader
        .query_one(
            "SELECT body FROM survey WHERE tenant = $1 AND conversation = $2
             ORDER BY resolved_at DESC LIMIT 1",
            &[reader.tenant().into(), id.into()],
        )?
        .map(|row| row.json(0))
        .transpose()
}

/// See [`conversation::OF_IDS`].
pub(crate) const OF_CONVERSATIONS: &str = "SELECT s.body, s.rev, s.conversation
     FROM ({rows}) AS v CROSS JOIN survey s
     WHERE s.tenant = v.column1 AND s.conversation = v.column2";

/// All about each of these conversations, oldest first. Where one cannot be read, all of its
/// conversation is an error.
pub fn of_conversations(
    reader: &Reader<'_>,
    ids: &[ConversationId],
) -> Result<HashMap<ConversationId, Result<Vec<Survey>>>> {
    let survey = |row: &Row| read(row).map(|(survey, _)| survey);
    let mut found = conversation::of_each(reader, (OF_CONVERSATIONS, 2), ids, survey)?;
    for surveys in found.values_mut().flatten() {
        surveys.sort_by_key(|survey| survey.resolved_at);
    }
    Ok(found)
}

/// When a customer was asked last, whoever they came as.
pub fn asked_last(
    reader: &Reader<'_>,
    contact: ContactId,
    person: ContactId,
) -> Result<Option<Millis>> {
    let found = reader.query_one(
        "SELECT asked_at FROM survey WHERE tenant = $1 AND (contact = $2 OR person = $3)
         ORDER BY asked_at DESC LIMIT 1",
        &[reader.tenant().into(), contact.into(), person.into()],
    )?;
    found.map(|row| row.int(0)).transpose()
}

/// Those that remind by now, the oldest first.
pub fn ringing(reader: &Reader<'_>, now: Millis, limit: u64) -> Result<Vec<SurveyId>> {
    reader
        .query(
            "SELECT id FROM survey WHERE tenant = $1 AND rings_at IS NOT NULL AND rings_at <= $2
             ORDER BY rings_at LIMIT $3",
            &[reader.tenant().into(), now.into(), limit.into()],
        )?
        .iter()
        .map(|row| row.id(0))
        .collect()
}

/// Keeps a new one and announces it; `person` is who the customer turned out to be.
pub fn insert(tx: &Tx<'_>, survey: &Survey, person: ContactId, group: GroupId) -> Result<()> {
    tx.execute(
        "INSERT INTO survey (tenant, id, conversation, contact, person, resolved_at, asked_at,
             rings_at, rev, body)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1, $9)",
        &[
            tx.tenant().into(),
            survey.id.into(),
            survey.conversation_id.into(),
            survey.contact_id.into(),
            person.into(),
            survey.resolved_at.into(),
            survey.asked_at.into(),
            survey.rings_at().into(),
            json(survey)?,
        ],
    )?;
    put(tx, survey, 1, group);
    Ok(())
}

/// Keeps what is new about one and announces it.
pub fn update(tx: &Tx<'_>, survey: &Survey, group: GroupId) -> Result<()> {
    let (_, rev) = with_rev(tx, survey.id)?.ok_or(DbError::Missing("survey"))?;
    tx.execute(
        "UPDATE survey SET rings_at = $3, rev = $4, body = $5 WHERE tenant = $1 AND id = $2",
        &[
            tx.tenant().into(),
            survey.id.into(),
            survey.rings_at().into(),
            (rev + 1).into(),
            json(survey)?,
        ],
    )?;
    put(tx, survey, rev + 1, group);
    Ok(())
}

/// The conversation goes to another group: its surveys go with it.
pub(crate) fn follow(tx: &Tx<'_>, id: ConversationId, from: GroupId, to: GroupId) -> Result<()> {
    for (survey, rev) in rows_of(tx, id)? {
        let stream = StreamKind::Group(from);
        tx.del(stream, rev, EntityKind::Survey, survey.id.to_string());
        put(tx, &survey, rev, to);
    }
    Ok(())
}

/// These do not want to be asked again.
pub fn opt_out(tx: &Tx<'_>, contacts: &[ContactId], now: Millis) -> Result<()> {
    for contact in contacts {
        tx.execute(
            "INSERT INTO survey_opt_out (tenant, contact, at) VALUES ($1, $2, $3)
             ON CONFLICT (tenant, contact) DO NOTHING",
            &[tx.tenant().into(), (*contact).into(), now.into()],
        )?;
    }
    Ok(())
}

/// Whether a customer said so, whoever they came as.
pub fn is_opted_out(reader: &Reader<'_>, contact: ContactId, person: ContactId) -> Result<bool> {
    let found = reader.query_one(
        "SELECT 1 FROM survey_opt_out WHERE tenant = $1 AND contact IN ($2, $3) LIMIT 1",
        &[reader.tenant().into(), contact.into(), person.into()],
    )?;
    Ok(found.is_some())
}

fn put(tx: &Tx<'_>, survey: &Survey, rev: u64, group: GroupId) {
    let entity = Entity::Survey(Box::new(survey.clone()));
    tx.put(StreamKind::Group(group), rev, entity);
}

fn with_rev(reader: &Reader<'_>, id: SurveyId) -> Result<Option<(Survey, u64)>> {
    reader
        .query_one(
            "SELECT body, rev FROM survey WHERE tenant = $1 AND id = $2",
            &[reader.tenant().into(), id.into()],
        )?
        .as_ref()
        .map(read)
        .transpose()
}

fn rows_of(reader: &Reader<'_>, id: ConversationId) -> Result<Vec<(Survey, u64)>> {
    reader
        .query(
            "SELECT body, rev FROM survey WHERE tenant = $1 AND conversation = $2
             ORDER BY resolved_at",
            &[reader.tenant().into(), id.into()],
        )?
        .iter()
        .map(read)
        .collect()
}

fn read(row: &Row) -> Result<(Survey, u64)> {
    Ok((row.json(0)?, row.uint(1)?))
}
