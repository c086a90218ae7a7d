//! What is about other things passes a file that is still being uploaded.
//!
//! **Invariant:** what has been pushed keeps its number. An operation that waits for a file, and all
//! behind it, was never pushed; these alone change places.
//! **Invariant:** of two operations about the same conversation, ticket or customer, the one that was
//! made first goes first.

use std::collections::HashSet;

use rusqlite::{Row, Transaction, params};

use crate::{
    Result,
    sql::{expect_one, int},
    table::file,
};

/// An operation that waits: its id, its number, what it is about, and whether it waits for its file.
struct Waiting {
    op: Vec<u8>,
    n: i64,
    about: Vec<Vec<u8>>,
    uploads: bool,
}

/// Puts what a file holds up behind what it does not.
pub(crate) fn let_pass(tx: &Transaction<'_>) -> Result<()> {
    let Some(first) = file::first_waiting(tx)? else {
        return Ok(());
    };
    let waiting = from(tx, first)?;
    let numbers: Vec<i64> = waiting.iter().map(|op| op.n).collect();
    let mut held = HashSet::new();
    let (stays, passes): (Vec<_>, Vec<_>) = waiting.into_iter().partition(|op| {
        let stays = op.uploads || op.about.iter().any(|thing| held.contains(thing));
        if stays {
            held.extend(op.about.iter().cloned());
        }
        stays
    });
    let moved: Vec<_> = passes
        .into_iter()
        .chain(stays)
        .zip(numbers)
        .filter(|(op, n)| op.n != *n)
        .collect();
    // Out of the way first: two queued operations never have the same number.
    for (op, n) in moved
        .iter()
        .map(|(op, n)| (op, -n))
        .chain(moved.iter().map(|(op, n)| (op, *n)))
    {
        let n_changed = tx
            .prepare_cached("UPDATE outbox SET n = ?2 WHERE op_id = ?1 AND state = 'queued'")?
            .execute(params![op.op, n])?;
        expect_one(n_changed, "I3: numbers have no gaps")?;
    }
    Ok(())
}

/// All from a number on, in the order of the numbers.
fn from(tx: &Transaction<'_>, n: u64) -> Result<Vec<Waiting>> {
    let mut statement = tx.prepare_cached(
        "SELECT o.op_id, o.n, o.conversation_id, o.ticket_id, o.contact_id,
                EXISTS (SELECT 1 FROM file f
                        WHERE f.message_id = o.message_id AND f.state = 'outgoing')
         FROM outbox o WHERE o.state = 'queued' AND o.n >= ?1 ORDER BY o.n",
    )?;
    let waiting = |row: &Row<'_>| -> rusqlite::Result<Waiting> {
        let about: [Option<Vec<u8>>; 3] = [row.get(2)?, row.get(3)?, row.get(4)?];
        Ok(Waiting {
            op: row.get(0)?,
            n: row.get(1)?,
            about: about.into_iter().flatten().collect(),
            uploads: row.get(5)?,
        })
    };
    let rows = statement.query_map([int(n)], waiting)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
