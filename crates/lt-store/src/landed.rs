//! Operations that the rows here have in them already.
//!
//! At the start of a session the server says up to which number it has answered this desk's
//! operations, and where its streams stand. A row of a stream that has come up to there has them
//! in it, whatever became of each: laid over it they would be done twice. Their answers may come
//! later all the same, as after a connection that broke before them. A row of a stream that is
//! still on its way may be older than they are: over that one their effect stays.
//!
//! **Invariant:** what is said here only decides what is shown; no operation leaves the outbox
//! before its answer.

use std::collections::BTreeMap;

use lt_model::{agent::Agent, change::EntityKind};
use lt_protocol::sync::StreamHead;
use rusqlite::{Connection, Transaction, types::Value};
use serde::{Deserialize, Serialize};

use crate::{
    Result, Store,
    change::Touched,
    feed,
    sql::{from_json, json},
    table::{
        meta,
        outbox::{self, OutboxEntry},
        row_stream, stream,
    },
};

/// What the server said at the start of the session.
#[derive(Debug, Serialize, Deserialize)]
struct Welcome {
    /// The last operation that it had answered.
    last_n: u64,
    /// Operations up to this one were numbered anew after the store was replaced: what is answered
    /// as done may have been done long ago, under another number.
    renumbered: u64,
    /// The last change of each stream.
    heads: BTreeMap<u64, u64>,
}

/// Keeps what the server said. `renumbered`: the last of the operations that got new numbers because
/// the store was replaced; none where it was not.
pub(crate) fn welcome(
    tx: &Transaction<'_>,
    last_n: u64,
    renumbered: Option<u64>,
    streams: &[StreamHead],
) -> Result<()> {
    let before = get(tx)?.map_or(0, |before| before.renumbered);
    let welcome = Welcome {
        last_n,
        renumbered: renumbered.unwrap_or(before),
        heads: streams.iter().map(|one| (one.stream, one.head)).collect(),
    };
    meta::set(tx, meta::WELCOME, &json(&welcome)?)
}

/// Takes those out of the pending operations that a row has in it already.
pub(crate) fn leave_out(
    connection: &Connection,
    (kind, row): (EntityKind, &Value),
    pending: &mut Vec<OutboxEntry>,
) -> Result<()> {
    if pending.is_empty() {
        return Ok(());
    }
    if let Some(welcome) = get(connection)?
        && welcome.has_brought(connection, kind, row)?
    {
        pending.retain(|entry| entry.op.n > welcome.last_n);
    }
    Ok(())
}

impl Store {
    /// Draws again what operations up to the welcome are about, and forgets those that are done,
    /// as far as the streams have come.
    pub(crate) fn settle_landed(
        &self,
        tx: &Transaction<'_>,
        me: &Agent,
        touched: &mut Touched,
    ) -> Result<()> {
        let Some(welcome) = get(tx)? else {
            return Ok(());
        };
        let up_to = welcome.last_n.max(welcome.renumbered);
        let done = outbox::done_up_to(tx, up_to)?;
        if !done.is_empty() && welcome.is_all_here(tx)? {
            for entry in done {
                outbox::delete_done(tx, entry.op.id)?;
                self.after_op(tx, &entry.op.action, me, touched)?;
            }
        }
        for action in outbox::open_up_to(tx, welcome.last_n)? {
            if action.ticket().is_some() || action.contact().is_some() {
                // Those rows say themselves what they have.
                continue;
            }
            match action.conversation() {
                Some(id) => {
                    touched.conversation(id);
                    feed::redraw_conversation(tx, id, me)?;
                }
                None => feed::redraw_self(tx, me)?,
            }
        }
        Ok(())
    }
}

impl Welcome {
    /// Whether the row is as the server had it at the welcome, or newer. Every change of a row goes
    /// to each stream that shows it: one of them is enough.
    fn has_brought(&self, connection: &Connection, kind: EntityKind, row: &Value) -> Result<bool> {
        let cursors = row_stream::cursors_of(connection, kind, row)?;
        Ok(cursors.iter().any(|(stream, cursor)| {
            let head = self.heads.get(stream);
            head.is_some_and(|head| cursor >= head)
        }))
    }

    /// Whether all streams have come up to the welcome.
    fn is_all_here(&self, connection: &Connection) -> Result<bool> {
        for (stream, head) in &self.heads {
            if stream::cursor(connection, *stream)?.is_none_or(|cursor| cursor < *head) {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

fn get(connection: &Connection) -> Result<Option<Welcome>> {
    let text = meta::get(connection, meta::WELCOME)?;
    text.map(|text| from_json(&text, "welcome")).transpose()
}
