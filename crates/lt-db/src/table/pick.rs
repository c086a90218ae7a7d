//! Picks: what agents and customers say about which entry answers which question.

use lt_model::{
    Millis,
    id::{AgentId, ContactId, MessageId},
    learn::{Pick, PickedBy},
    message::Message,
};

use crate::{
    error::{DbError, Result},
    seam::{Reader, Tx},
    table::counter,
    value::{Row, Value, json},
};

/// A pick with what the customer wrote.
pub struct Asked {
    /// Its number.
    pub n: u64,
    /// The customer's message.
    pub message_id: MessageId,
    /// What it says.
    pub text: String,
    /// The entry.
    pub faq_id: String,
    /// For or against, in thousandths.
    pub weight: i32,
    /// By whom.
    pub by: PickedBy,
    /// When.
    pub at: Millis,
}

/// Stores a pick.
pub fn insert(tx: &Tx<'_>, pick: &Pick) -> Result<()> {
    let (agent, contact): (Option<AgentId>, Option<ContactId>) = match pick.by {
        PickedBy::Agent { agent } => (Some(agent), None),
        PickedBy::Customer { contact } => (None, Some(contact)),
    };
    tx.execute(
        "INSERT INTO pick (tenant, n, conversation, message, faq, version, kind, weight, agent,
             contact, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        &[
            tx.tenant().into(),
            counter::next(tx, "pick")?.into(),
            pick.conversation_id.into(),
            pick.message_id.into(),
            pick.faq_id.as_str().into(),
            pick.version.into(),
            json(&pick.kind)?,
            i64::from(pick.kind.weight()).into(),
            agent.into(),
            contact.into(),
            pick.at.into(),
        ],
    )?;
    Ok(())
}

/// The newest picks with their questions, oldest of them first.
pub fn newest(reader: &Reader<'_>, limit: u64) -> Result<Vec<Asked>> {
    let mut found: Vec<Asked> = reader
        .query(
            "SELECT p.n, p.faq, p.weight, p.agent, p.contact, p.at, m.body FROM pick p
             JOIN message m ON m.tenant = p.tenant AND m.id = p.message
             WHERE p.tenant = $1 ORDER BY p.n DESC LIMIT $2",
            &[reader.tenant().into(), limit.into()],
        )?
        .iter()
        .map(read)
        .collect::<Result<_>>()?;
    found.reverse();
    Ok(found)
}

/// Number and time of the last pick; zeros without one.
pub fn last(reader: &Reader<'_>) -> Result<(u64, Millis)> {
    let row = reader.query_one(
        "SELECT n, at FROM pick WHERE tenant = $1 ORDER BY n DESC LIMIT 1",
        &[reader.tenant().into()],
    )?;
    row.map_or(Ok((0, 0)), |row| Ok((row.uint(0)?, row.int(1)?)))
}

fn read(row: &Row) -> Result<Asked> {
    let message: Message = row.json(6)?;
    let by = match (is_there(row, 3)?, is_there(row, 4)?) {
        (true, false) => PickedBy::Agent { agent: row.id(3)? },
        (false, true) => PickedBy::Customer {
            contact: row.id(4)?,
        },
        _ => return Err(DbError::Shape("pick.by")),
    };
    Ok(Asked {
        n: row.uint(0)?,
        message_id: message.id,
        text: message.text().unwrap_or_default().to_owned(),
        faq_id: row.text(1)?.to_owned(),
        weight: i32::try_from(row.int(2)?).map_err(|_| DbError::Shape("pick.weight"))?,
        by,
        at: row.int(5)?,
    })
}

fn is_there(row: &Row, column_idx: usize) -> Result<bool> {
    let value = row.0.get(column_idx).ok_or(DbError::Shape("column"))?;
    Ok(!matches!(value, Value::Null))
}
