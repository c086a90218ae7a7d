//! What the radar of complaints keeps: the state of each series, and which conversations it counted.

use lt_model::{Millis, id::ConversationId};

use crate::{
    error::Result,
    seam::{ROWS_AT_ONCE, Reader, Tx},
    value::Value,
};

/// A conversation that was counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// It.
    pub conversation: ConversationId,
    /// When it was, or became a complaint.
    pub at: Millis,
    /// Whether it is a complaint.
    pub is_complaint: bool,
    /// About which product; empty while unknown.
    pub product: String,
    /// Of which category; empty while unknown.
    pub category: String,
    /// From where; empty while unknown.
    pub region: String,
}

/// The complaints of which series.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of<'a> {
    /// Of a product.
    Product(&'a str),
    /// Of a category.
    Category(&'a str),
    /// Of a region.
    Region(&'a str),
    /// All.
    All,
}

/// Kind, value and state of all series, and of what is of none.
pub fn states(reader: &Reader<'_>) -> Result<Vec<(String, String, Vec<u8>)>> {
    reader
        .query(
            "SELECT kind, value, state FROM surge_state WHERE tenant = $1",
            &[reader.tenant().into()],
        )?
        .iter()
        .map(|row| {
            Ok((
                row.text(0)?.to_owned(),
                row.text(1)?.to_owned(),
                row.blob(2)?,
            ))
        })
        .collect()
}

/// Keeps the state of one, or forgets it.
pub fn set_state(tx: &Tx<'_>, kind: &str, value: &str, state: Option<Vec<u8>>) -> Result<()> {
    let key = [tx.tenant().into(), kind.into(), value.into()];
    match state {
        Some(state) => {
            let [tenant, kind, value] = key;
            tx.execute(
                "INSERT INTO surge_state (tenant, kind, value, state) VALUES ($1, $2, $3, $4)
                 ON CONFLICT (tenant, kind, value) DO UPDATE SET state = excluded.state",
                &[tenant, kind, value, state.into()],
            )?;
        }
        None => {
            tx.execute(
                "DELETE FROM surge_state WHERE tenant = $1 AND kind = $2 AND value = $3",
                &key,
            )?;
        }
    }
    Ok(())
}

/// Which of these conversations were counted, and whether as complaints.
pub fn counted(reader: &Reader<'_>, ids: &[ConversationId]) -> Result<Vec<(ConversationId, bool)>> {
    let mut found = Vec::new();
    for some in ids.chunks(ROWS_AT_ONCE) {
        let places: Vec<String> = (0..some.len()).map(|n| format!("${}", n + 2)).collect();
        let mut values: Vec<Value> = vec![reader.tenant().into()];
        values.extend(some.iter().map(|id| Value::from(*id)));
        let sql = format!(
            "SELECT conversation, is_complaint FROM surge_case
             WHERE tenant = $1 AND conversation IN ({})",
            places.join(", ")
        );
        for row in &reader.query(&sql, &values)? {
            found.push((row.id(0)?, row.int(1)? == 1));
        }
    }
    Ok(found)
}

/// Counts one; a conversation that was counted before is what it is now.
pub fn put_case(tx: &Tx<'_>, case: &Case) -> Result<()> {
    tx.execute(
        "INSERT INTO surge_case (tenant, conversation, at, is_complaint, product, category, region)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (tenant, conversation) DO UPDATE SET at = excluded.at,
             is_complaint = excluded.is_complaint, product = excluded.product,
             category = excluded.category, region = excluded.region",
        &[
            tx.tenant().into(),
            case.conversation.into(),
            case.at.into(),
            case.is_complaint.into(),
            case.product.as_str().into(),
            case.category.as_str().into(),
            case.region.as_str().into(),
        ],
    )?;
    Ok(())
}

/// The last complaints of a series from one moment up to and with another, newest first.
pub fn complaints(
    reader: &Reader<'_>,
    of: Of<'_>,
    from: Millis,
    to: Millis,
    limit: u64,
) -> Result<Vec<ConversationId>> {
    let (column, value) = match of {
        Of::Product(value) => ("product", value),
        Of::Category(value) => ("category", value),
        Of::Region(value) => ("region", value),
        Of::All => ("''", ""),
    };
    reader
        .query(
            &format!(
                "SELECT conversation FROM surge_case
                 WHERE tenant = $1 AND is_complaint = 1 AND at >= $2 AND at <= $3
                     AND {column} = $4
                 ORDER BY at DESC LIMIT $5"
            ),
            &[
                reader.tenant().into(),
                from.into(),
                to.into(),
                value.into(),
                limit.into(),
            ],
        )?
        .iter()
        .map(|row| row.id(0))
        .collect()
}

/// Forgets complaints from before a moment, and others from before another one.
pub fn prune(tx: &Tx<'_>, complaints: Millis, others: Millis) -> Result<()> {
    for (is_complaint, before) in [(1, complaints), (0, others)] {
        tx.execute(
            &format!(
                "DELETE FROM surge_case
                 WHERE tenant = $1 AND is_complaint = {is_complaint} AND at < $2"
            ),
            &[tx.tenant().into(), before.into()],
        )?;
    }
    Ok(())
}
