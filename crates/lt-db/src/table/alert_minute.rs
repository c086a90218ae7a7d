//! What alert rules read: counts by the minute, how much is open now, and who goes by which group.

use lt_model::{
    Millis,
    alert::sample::Minute,
    id::{ConversationId, GroupId},
};

use crate::{
    error::Result,
    seam::{ROWS_AT_ONCE, Reader, Tx},
    value::{Value, json},
};

/// The minutes from a time on, by their starts.
pub fn since(reader: &Reader<'_>, at: Millis) -> Result<Vec<(Millis, Minute)>> {
    reader
        .query(
            "SELECT at, body FROM alert_minute WHERE tenant = $1 AND at >= $2 ORDER BY at",
            &[reader.tenant().into(), at.into()],
        )?
        .iter()
        .map(|row| Ok((row.int(0)?, row.json(1)?)))
        .collect()
}

/// One minute; nothing was counted where it is not there.
pub fn get(reader: &Reader<'_>, at: Millis) -> Result<Minute> {
    let row = reader.query_one(
        "SELECT body FROM alert_minute WHERE tenant = $1 AND at = $2",
        &[reader.tenant().into(), at.into()],
    )?;
    row.map_or(Ok(Minute::default()), |row| row.json(0))
}

/// Keeps one.
pub fn put(tx: &Tx<'_>, at: Millis, minute: &Minute) -> Result<()> {
    tx.execute(
        "INSERT INTO alert_minute (tenant, at, body) VALUES ($1, $2, $3)
         ON CONFLICT (tenant, at) DO UPDATE SET body = excluded.body",
        &[tx.tenant().into(), at.into(), json(minute)?],
    )?;
    Ok(())
}

/// Throws away those before a time.
pub fn prune(tx: &Tx<'_>, before: Millis) -> Result<usize> {
    tx.execute(
        "DELETE FROM alert_minute WHERE tenant = $1 AND at < $2",
        &[tx.tenant().into(), before.into()],
    )
}

/// How many conversations wait in the queue of each group.
pub fn waiting(reader: &Reader<'_>) -> Result<Vec<(GroupId, u64)>> {
    by_group(
        reader,
        "SELECT grp, count(*) FROM conversation WHERE tenant = $1 AND handler = 'queue'
         GROUP BY grp",
    )
}

/// How many tickets are new, open or on hold in each group.
pub fn open_tickets(reader: &Reader<'_>) -> Result<Vec<(GroupId, u64)>> {
    by_group(
        reader,
        "SELECT grp, count(*) FROM ticket
         WHERE tenant = $1 AND state IN ('new', 'open', 'on_hold') GROUP BY grp",
    )
}

fn by_group(reader: &Reader<'_>, sql: &str) -> Result<Vec<(GroupId, u64)>> {
    let rows = reader.query(sql, &[reader.tenant().into()])?;
    rows.iter()
        .map(|row| Ok((row.id(0)?, row.uint(1)?)))
        .collect()
}

/// The groups of the conversations that were opened after the one of this number, and the last number.
pub fn opened(reader: &Reader<'_>, after: u64, limit: u64) -> Result<(Vec<GroupId>, u64)> {
    let rows = reader.query(
        "SELECT grp, number FROM conversation WHERE tenant = $1 AND number > $2
         ORDER BY number LIMIT $3",
        &[reader.tenant().into(), after.into(), limit.into()],
    )?;
    let last = rows.last().map(|row| row.uint(1)).transpose()?;
    let groups = rows.iter().map(|row| row.id(0)).collect::<Result<_>>()?;
    Ok((groups, last.unwrap_or(after)))
}

/// The groups that conversations are in now.
pub fn groups_of(
    reader: &Reader<'_>,
    ids: &[ConversationId],
) -> Result<Vec<(ConversationId, GroupId)>> {
    let mut found = Vec::with_capacity(ids.len());
    for some in ids.chunks(ROWS_AT_ONCE) {
        let places: Vec<String> = (0..some.len()).map(|n| format!("${}", n + 2)).collect();
        let mut values: Vec<Value> = vec![reader.tenant().into()];
        values.extend(some.iter().map(|id| Value::from(*id)));
        let sql = format!(
            "SELECT id, grp FROM conversation WHERE tenant = $1 AND id IN ({})",
            places.join(", ")
        );
        for row in &reader.query(&sql, &values)? {
            found.push((row.id(0)?, row.id(1)?));
        }
    }
    Ok(found)
}
