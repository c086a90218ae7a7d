//! The queue of a group as a whole: what stands before each in it, found in one look.

use std::{cmp::Reverse, collections::HashMap};

use lt_model::{Millis, change::StreamKind, id::GroupId};

use crate::{error::Result, seam::Reader, table::stream};

/// Up to where the stream of a group goes, which holds every change of its queue: as long as it
/// stands there, no place is another one. None before anything was written to it.
pub fn head(reader: &Reader<'_>, group: GroupId) -> Result<Option<u64>> {
    let found = stream::standing(reader, &[StreamKind::Group(group)], false)?;
    Ok(found.first().map(|found| found.counter.head))
}

/// How many stand before each in the queue of a group, by the conversations' numbers; the same as
/// [`n_ahead`](super::conversation::n_ahead) says of each. One that waits since no time is not named.
pub fn ahead(reader: &Reader<'_>, group: GroupId) -> Result<HashMap<u64, u32>> {
    let rows = reader.query(
        "SELECT number, priority, waiting_since FROM conversation
         WHERE tenant = $1 AND grp = $2 AND handler = 'queue'",
        &[reader.tenant().into(), group.into()],
    )?;
    let mut waiting = Vec::with_capacity(rows.len());
    for row in &rows {
        let since: Option<Millis> = row.opt_int(2)?;
        waiting.push((Reverse(row.int(1)?), since.is_none(), since, row.uint(0)?));
    }
    waiting.sort_unstable();
    let with_places = waiting.iter().zip(0..);
    Ok(with_places
        .filter(|((_, is_timeless, ..), _)| !is_timeless)
        .map(|((.., number), n_ahead)| (*number, n_ahead))
        .collect())
}
