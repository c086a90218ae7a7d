//! Snapshots: all rows of a stream as they were at one of its changes, taken page by page.
//!
//! What is shown stays until the end: rows of the stream that the snapshot did not name go then, in
//! the transaction that brings its last page. Until then the cursor does not move, so that a desk
//! that dies in between goes on from its last page.

use lt_model::{Millis, change::EntityKind};
use lt_protocol::sync::{Row, RowChange};
use rusqlite::{Connection, Transaction, params, types::Value};

use crate::{
    Change, Result, Store, StoreError,
    feed::Feed,
    sql::{int, key},
    store::{Act, require_account},
    table::{
        meta, row_stream,
        stream::{self, Snapshot},
    },
};

/// How far a snapshot has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SnapshotState {
    /// The change of the stream up to which it goes.
    pub at: u64,
    /// The next page begins after this change.
    pub after: u64,
    /// Rows so far.
    pub n_rows: u64,
}

impl From<Snapshot> for SnapshotState {
    fn from(snapshot: Snapshot) -> Self {
        Self {
            at: snapshot.at,
            after: snapshot.after,
            n_rows: snapshot.n_rows,
        }
    }
}

impl Store {
    /// Begins the snapshot of a granted stream as it was at its change `at`, or goes on with one
    /// that was begun before: one that is not older than the cursor, nor than the `floor` under
    /// which the server has forgotten changes.
    ///
    /// # Errors
    /// [`StoreError::OutOfStep`] when the stream is not granted; [`StoreError::Full`].
    pub fn begin_snapshot(&self, stream: u64, at: u64, floor: u64) -> Result<SnapshotState> {
        let (state, _) = self.write(|tx, _| {
            let cursor = stream::cursor(tx, stream)?.ok_or(StoreError::OutOfStep {
                stream,
                expected: 0,
                got: at,
            })?;
            if let Some(begun) = stream::snapshot(tx, stream)?
                && begun.at >= cursor.max(floor)
                && begun.at <= at
            {
                return Ok(begun);
            }
            let n = meta::count_snapshot(tx)?;
            let (after, n_rows) = (0, 0);
            let snapshot = Snapshot {
                at,
                n,
                after,
                n_rows,
            };
            stream::set_snapshot(tx, stream, snapshot)?;
            Ok(snapshot)
        })?;
        Ok(state.into())
    }

    /// Takes the next page of a snapshot. With the `last` one, rows of the stream that the snapshot
    /// did not name are dropped, and the cursor goes to where it was taken.
    ///
    /// # Errors
    /// [`StoreError::OutOfStep`] when the page does not follow the one before, or is of another
    /// snapshot. Nothing of it is taken then.
    pub fn apply_snapshot_page(
        &self,
        stream: u64,
        at: u64,
        rows: &[Row],
        last: bool,
        now: Millis,
    ) -> Result<(SnapshotState, Change)> {
        self.write(|tx, touched| {
            let me = require_account(tx)?.agent;
            let mut snapshot = stream::snapshot(tx, stream)?
                .filter(|snapshot| snapshot.at == at)
                .ok_or(StoreError::OutOfStep {
                    stream,
                    expected: 0,
                    got: at,
                })?;
            let mut feed = Feed::new(tx, touched);
            for row in rows {
                follows(row, stream, &snapshot)?;
                snapshot.after = row.seq;
                snapshot.n_rows = snapshot.n_rows.saturating_add(1);
                yield_to(tx, row)?;
                feed.row(row)?;
            }
            stream::set_snapshot(tx, stream, snapshot)?;
            if last {
                let mut n_dropped = 0_usize;
                for (kind, row) in row_stream::not_named(tx, stream, snapshot.n)? {
                    feed.drop_reference(kind, &row, stream)?;
                    n_dropped += 1;
                }
                stream::end_snapshot(tx, stream, at)?;
                let mut act = Act::done("stream.snapshot", format!("stream:{stream}"));
                act.reason = format!("{} rows, {n_dropped} dropped", snapshot.n_rows);
                self.audit_system(tx, &act, now)?;
            }
            feed.finish(&me)?;
            if last {
                self.settle_landed(tx, &me, touched)?;
                self.note_healed(tx, stream, now)?;
            }
            Ok(snapshot.into())
        })
    }

    /// Streams that have to be fetched again: their sum was not the server's, or their snapshot has
    /// not come to its end.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] and the like.
    pub fn unsound_streams(&self) -> Result<Vec<u64>> {
        self.read(stream::unsound)
    }

    /// How often a stream was fetched again because its rows here were not those of the server.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] and the like.
    pub fn n_healed(&self) -> Result<u64> {
        self.read(meta::n_healed)
    }
}

/// Pages have rows of one stream in ascending order, each as a put.
fn follows(row: &Row, stream: u64, snapshot: &Snapshot) -> Result<()> {
    let is_put = matches!(row.change, RowChange::Put { .. });
    if row.stream == stream && is_put && row.seq > snapshot.after && row.seq <= snapshot.at {
        return Ok(());
    }
    Err(StoreError::OutOfStep {
        stream,
        expected: snapshot.after.saturating_add(1),
        got: row.seq,
    })
}

/// A row that no other stream brings is what the snapshot says, even where the one here claims a
/// later revision.
fn yield_to(tx: &Transaction<'_>, row: &Row) -> Result<()> {
    let RowChange::Put { entity } = &row.change else {
        return Ok(());
    };
    let kind = entity.kind();
    let id = key(kind, &entity.id())?;
    if is_later(tx, kind, &id, row.rev)? && !row_stream::is_in_another(tx, kind, &id, row.stream)? {
        let sql = format!("UPDATE {} SET rev = 0 WHERE id = ?1", table_of(kind));
        tx.prepare_cached(&sql)?.execute([&id])?;
    }
    Ok(())
}

fn is_later(connection: &Connection, kind: EntityKind, id: &Value, rev: u64) -> Result<bool> {
    if kind == EntityKind::EngineSettings {
        // A version never changes, and is always taken.
        return Ok(false);
    }
    let sql = format!(
        "SELECT EXISTS (SELECT 1 FROM {} WHERE id = ?1 AND rev > ?2)",
        table_of(kind)
    );
    Ok(connection
        .prepare_cached(&sql)?
        .query_row(params![id, int(rev)], |row| row.get(0))?)
}

fn table_of(kind: EntityKind) -> &'static str {
    match kind {
        EntityKind::Agent => "agent",
        EntityKind::Group => "skill_group",
        EntityKind::Contact => "contact",
        EntityKind::Conversation => "conversation_body",
        EntityKind::Message => "message",
        EntityKind::Faq => "faq",
        EntityKind::EngineSettings => "engine_settings",
        EntityKind::Ticket => "ticket_body",
        EntityKind::TicketType => "ticket_type",
        EntityKind::BusinessHours => "business_hours",
        EntityKind::Canned => "canned",
        EntityKind::Whisper => "whisper",
        EntityKind::Inbox => "inbox",
        EntityKind::AgentSettings => "agent_settings",
        EntityKind::AlertRule => "alert_rule",
        EntityKind::Alert => "alert",
        EntityKind::Survey => "survey",
        EntityKind::QaForm => "qa_form",
        EntityKind::QaRule => "qa_rule",
        EntityKind::QaReview => "qa_review",
        EntityKind::QaCalibration => "qa_calibration",
    }
}
