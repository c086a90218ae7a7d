//! Through which streams a row is visible, and with which revision each brought it.

use lt_model::change::EntityKind;
use rusqlite::{Connection, OptionalExtension, Transaction, params, types::Value};

use crate::{
    Result,
    sql::{count, from_word, int, word},
};

/// The row is in the stream with this revision; `mark` is the number of the snapshot that names it,
/// or 0. Gives the revision that the stream had brought before.
pub(crate) fn put(
    tx: &Transaction<'_>,
    kind: EntityKind,
    id: &Value,
    stream: u64,
    rev: u64,
    mark: u64,
) -> Result<Option<u64>> {
    let kind = word(&kind)?;
    let before = tx
        .prepare_cached("SELECT rev FROM row_stream WHERE kind = ?1 AND id = ?2 AND stream = ?3")?
        .query_row(params![kind, id, int(stream)], |row| row.get(0).map(count))
        .optional()?;
    tx.prepare_cached(
        "INSERT INTO row_stream (kind, id, stream, rev, snapshot) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (kind, id, stream) DO UPDATE
         SET rev = excluded.rev, snapshot = excluded.snapshot",
    )?
    .execute(params![kind, id, int(stream), int(rev), int(mark)])?;
    Ok(before)
}

/// What the end of a reference leaves.
pub(crate) struct Removed {
    /// The revision that the stream had brought, if it had brought the row.
    pub(crate) rev: Option<u64>,
    /// Whether the row is still visible through another stream.
    pub(crate) still_visible: bool,
}

/// Removes one reference.
pub(crate) fn remove(
    tx: &Transaction<'_>,
    kind: EntityKind,
    id: &Value,
    stream: u64,
) -> Result<Removed> {
    let kind = word(&kind)?;
    let rev = tx
        .prepare_cached(
            "DELETE FROM row_stream WHERE kind = ?1 AND id = ?2 AND stream = ?3 RETURNING rev",
        )?
        .query_row(params![kind, id, int(stream)], |row| row.get(0).map(count))
        .optional()?;
    let still_visible = tx
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM row_stream WHERE kind = ?1 AND id = ?2)")?
        .query_row(params![kind, id], |row| row.get(0))?;
    Ok(Removed { rev, still_visible })
}

/// Whether another stream brings the row too.
pub(crate) fn is_in_another(
    connection: &Connection,
    kind: EntityKind,
    id: &Value,
    stream: u64,
) -> Result<bool> {
    Ok(connection
        .prepare_cached(
            "SELECT EXISTS
               (SELECT 1 FROM row_stream WHERE kind = ?1 AND id = ?2 AND stream <> ?3)",
        )?
        .query_row(params![word(&kind)?, id, int(stream)], |row| row.get(0))?)
}

/// The streams that bring a row, each with the change up to which it is here.
pub(crate) fn cursors_of(
    connection: &Connection,
    kind: EntityKind,
    id: &Value,
) -> Result<Vec<(u64, u64)>> {
    let mut statement = connection.prepare_cached(
        "SELECT s.id, s.cursor FROM row_stream r JOIN stream s ON s.id = r.stream
         WHERE r.kind = ?1 AND r.id = ?2",
    )?;
    let rows = statement.query_map(params![word(&kind)?, id], |row| {
        Ok((count(row.get(0)?), count(row.get(1)?)))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// All rows of a stream.
pub(crate) fn of_stream(connection: &Connection, stream: u64) -> Result<Vec<(EntityKind, Value)>> {
    keys(
        connection,
        "SELECT kind, id FROM row_stream WHERE stream = ?1",
        params![int(stream)],
    )
}

/// Rows of a stream that a snapshot did not name.
pub(crate) fn not_named(
    connection: &Connection,
    stream: u64,
    mark: u64,
) -> Result<Vec<(EntityKind, Value)>> {
    keys(
        connection,
        "SELECT kind, id FROM row_stream WHERE stream = ?1 AND snapshot <> ?2",
        params![int(stream), int(mark)],
    )
}

fn keys(
    connection: &Connection,
    sql: &str,
    params: &[&dyn rusqlite::ToSql],
) -> Result<Vec<(EntityKind, Value)>> {
    let mut statement = connection.prepare(sql)?;
    let rows = statement.query_map(params, |row| {
        let kind: String = row.get(0)?;
        Ok((from_word(&kind)?, row.get(1)?))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Calls `each` with kind, id and revision of every row of a stream that is really here: one whose
/// table has lost it, or holds an older revision, is left out.
pub(crate) fn present(
    connection: &Connection,
    stream: u64,
    mut each: impl FnMut(EntityKind, Value, u64) -> Result<()>,
) -> Result<()> {
    let mut statement = connection.prepare_cached(PRESENT)?;
    let mut rows = statement.query([int(stream)])?;
    while let Some(row) = rows.next()? {
        let kind = from_word(row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?)?;
        each(kind, row.get(1)?, count(row.get(2)?))?;
    }
    Ok(())
}

/// One arm for each kind of row: every one of them counts for the sum of its stream.
const PRESENT: &str = "
SELECT s.kind, s.id, s.rev FROM row_stream s WHERE s.stream = ?1 AND CASE s.kind
  WHEN 'message' THEN EXISTS
    (SELECT 1 FROM message r WHERE r.id = s.id AND r.seq > 0 AND r.rev >= s.rev)
  WHEN 'conversation' THEN EXISTS
    (SELECT 1 FROM conversation_body r WHERE r.id = s.id AND r.rev >= s.rev)
  WHEN 'contact' THEN EXISTS (SELECT 1 FROM contact r WHERE r.id = s.id AND r.rev >= s.rev)
  WHEN 'agent' THEN EXISTS (SELECT 1 FROM agent r WHERE r.id = s.id AND r.rev >= s.rev)
  WHEN 'group' THEN EXISTS (SELECT 1 FROM skill_group r WHERE r.id = s.id AND r.rev >= s.rev)
  WHEN 'whisper' THEN EXISTS (SELECT 1 FROM whisper r WHERE r.id = s.id AND r.rev >= s.rev)
  WHEN 'canned' THEN EXISTS (SELECT 1 FROM canned r WHERE r.id = s.id AND r.rev >= s.rev)
  WHEN 'ticket' THEN EXISTS (SELECT 1 FROM ticket_body r WHERE r.id = s.id AND r.rev >= s.rev)
  WHEN 'ticket_type' THEN EXISTS (SELECT 1 FROM ticket_type r WHERE r.id = s.id AND r.rev >= s.rev)
  WHEN 'faq' THEN EXISTS (SELECT 1 FROM faq r WHERE r.id = s.id AND r.rev >= s.rev)
  WHEN 'business_hours' THEN EXISTS
    (SELECT 1 FROM business_hours r WHERE r.id = s.id AND r.rev >= s.rev)
  WHEN 'inbox' THEN EXISTS (SELECT 1 FROM inbox r WHERE r.id = s.id AND r.rev >= s.rev)
  WHEN 'agent_settings' THEN EXISTS
    (SELECT 1 FROM agent_settings r WHERE r.id = s.id AND r.rev >= s.rev)
  WHEN 'alert_rule' THEN EXISTS (SELECT 1 FROM alert_rule r WHERE r.id = s.id AND r.rev >= s.rev)
  WHEN 'alert' THEN EXISTS (SELECT 1 FROM alert r WHERE r.id = s.id AND r.rev >= s.rev)
  WHEN 'survey' THEN EXISTS (SELECT 1 FROM survey r WHERE r.id = s.id AND r.rev >= s.rev)
  WHEN 'qa_form' THEN EXISTS (SELECT 1 FROM qa_form r WHERE r.id = s.id AND r.rev >= s.rev)
  WHEN 'qa_rule' THEN EXISTS (SELECT 1 FROM qa_rule r WHERE r.id = s.id AND r.rev >= s.rev)
  WHEN 'qa_review' THEN EXISTS (SELECT 1 FROM qa_review r WHERE r.id = s.id AND r.rev >= s.rev)
  WHEN 'qa_calibration' THEN EXISTS
    (SELECT 1 FROM qa_calibration r WHERE r.id = s.id AND r.rev >= s.rev)
  ELSE EXISTS (SELECT 1 FROM engine_settings r WHERE CAST(r.version AS TEXT) = s.id)
END";

pub(crate) fn clear(tx: &Transaction<'_>) -> Result<()> {
    tx.execute("DELETE FROM row_stream", [])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The next kind after one, so that a new kind does not compile until it stands here.
    fn after(kind: EntityKind) -> Option<EntityKind> {
        use EntityKind as K;
        match kind {
            K::Agent => Some(K::Group),
            K::Group => Some(K::Contact),
            K::Contact => Some(K::Conversation),
            K::Conversation => Some(K::Message),
            K::Message => Some(K::Faq),
            K::Faq => Some(K::EngineSettings),
            K::EngineSettings => Some(K::Ticket),
            K::Ticket => Some(K::TicketType),
            K::TicketType => Some(K::BusinessHours),
            K::BusinessHours => Some(K::Canned),
            K::Canned => Some(K::Whisper),
            K::Whisper => Some(K::Inbox),
            K::Inbox => Some(K::AgentSettings),
            K::AgentSettings => Some(K::AlertRule),
            K::AlertRule => Some(K::Alert),
            K::Alert => Some(K::Survey),
            K::Survey => Some(K::QaForm),
            K::QaForm => Some(K::QaRule),
            K::QaRule => Some(K::QaReview),
            K::QaReview => Some(K::QaCalibration),
            K::QaCalibration => None,
        }
    }

    #[test]
    fn rows_of_every_kind_are_counted() {
        let kinds = std::iter::successors(Some(EntityKind::Agent), |kind| after(*kind));
        for kind in kinds.filter(|kind| *kind != EntityKind::EngineSettings) {
            let name = word(&kind).unwrap();
            assert!(PRESENT.contains(&format!("WHEN '{name}' ")), "{name}");
        }
    }
}
