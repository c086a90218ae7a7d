//! Offers that stand. Always derived from the conversation, in the transaction that changes it.

use lt_model::{
    conversation::Conversation,
    id::{AgentId, ConversationId},
};
use rusqlite::{Connection, Transaction, params};

use crate::{
    Result,
    sql::{Id, id},
};

pub(crate) fn put(tx: &Transaction<'_>, shown: &Conversation) -> Result<()> {
    match &shown.routing.offer {
        Some(offer) => tx
            .prepare_cached(
                "INSERT OR REPLACE INTO offer (conversation_id, agent, expires_at, offered_at)
                 VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute(params![
                shown.id.blob(),
                offer.agent.blob(),
                offer.expires_at,
                offer.offered_at
            ])?,
        None => tx
            .prepare_cached("DELETE FROM offer WHERE conversation_id = ?1")?
            .execute([shown.id.blob()])?,
    };
    Ok(())
}

/// What an agent is offered, the offer that ends first in front.
pub(crate) fn of(connection: &Connection, agent: AgentId) -> Result<Vec<ConversationId>> {
    let mut statement = connection
        .prepare_cached("SELECT conversation_id FROM offer WHERE agent = ?1 ORDER BY expires_at")?;
    let rows = statement.query_map([agent.blob()], |row| id(row, 0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
