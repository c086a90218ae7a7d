//! Conversations. Each lives in the stream of its group, with its contact and its messages.

use lt_model::{
    Millis,
    change::{EntityKind, StreamKind},
    conversation::{Conversation, Handler},
    id::{AgentId, ContactId, ConversationId, GroupId, InboxId},
};
use lt_protocol::sync::Entity;

use crate::{
    error::{DbError, Result},
    seam::{Reader, Tx},
    table::{contact, message},
    value::{Value, json, word},
};

/// One conversation.
pub fn by_id(reader: &Reader<'_>, id: ConversationId) -> Result<Option<Conversation>> {
    Ok(with_rev(reader, id)?.map(|(conversation, _)| conversation))
}

/// The newest one with a customer on an inbox.
pub fn newest(
    reader: &Reader<'_>,
    contact: ContactId,
    inbox: InboxId,
) -> Result<Option<Conversation>> {
    reader
        .query_one(
            "SELECT body FROM conversation WHERE tenant = $1 AND contact = $2 AND inbox = $3
             ORDER BY number DESC LIMIT 1",
            &[reader.tenant().into(), contact.into(), inbox.into()],
        )?
        .map(|row| row.json(0))
        .transpose()
}

/// All with a customer, oldest first.
pub fn of_contact(reader: &Reader<'_>, contact: ContactId) -> Result<Vec<Conversation>> {
    reader
        .query(
            "SELECT body FROM conversation WHERE tenant = $1 AND contact = $2 ORDER BY number",
            &[reader.tenant().into(), contact.into()],
        )?
        .iter()
        .map(|row| row.json(0))
        .collect()
}

/// The ones of a group that wait for a person, in no order: [`lt_model::queue`] has it.
pub fn waiting(reader: &Reader<'_>, group: GroupId) -> Result<Vec<Conversation>> {
    reader
        .query(
            "SELECT body FROM conversation WHERE tenant = $1 AND grp = $2 AND handler = 'queue'",
            &[reader.tenant().into(), group.into()],
        )?
        .iter()
        .map(|row| row.json(0))
        .collect()
}

/// The ones that an agent has.
pub fn held_by(reader: &Reader<'_>, agent: AgentId) -> Result<Vec<Conversation>> {
    reader
        .query(
            "SELECT body FROM conversation WHERE tenant = $1 AND handler = 'agent' AND agent = $2
             ORDER BY number",
            &[reader.tenant().into(), agent.into()],
        )?
        .iter()
        .map(|row| row.json(0))
        .collect()
}

/// The ones to which the bot owes an answer, who waits longest first.
pub fn unanswered_by_bot(reader: &Reader<'_>) -> Result<Vec<ConversationId>> {
    unanswered_by_bot_since(reader, Millis::MAX)
}

/// The same of those who have waited since `at` or longer.
pub fn unanswered_by_bot_since(reader: &Reader<'_>, at: Millis) -> Result<Vec<ConversationId>> {
    reader
        .query(
            "SELECT id FROM conversation
             WHERE tenant = $1 AND handler = 'bot' AND waiting_since IS NOT NULL
                 AND waiting_since <= $2
             ORDER BY waiting_since",
            &[reader.tenant().into(), at.into()],
        )?
        .iter()
        .map(|row| row.id(0))
        .collect()
}

/// The groups in whose streams a customer is seen.
pub fn groups_of_contact(reader: &Reader<'_>, contact: ContactId) -> Result<Vec<GroupId>> {
    reader
        .query(
            "SELECT DISTINCT grp FROM conversation WHERE tenant = $1 AND contact = $2 ORDER BY grp",
            &[reader.tenant().into(), contact.into()],
        )?
        .iter()
        .map(|row| row.id(0))
        .collect()
}

/// Begins one and announces it together with its contact.
pub fn insert(tx: &Tx<'_>, conversation: &Conversation) -> Result<()> {
    let mut values = values(tx, conversation)?;
    values.push(conversation.number.into());
    values.push(conversation.inbox_id.into());
    values.push(conversation.contact_id.into());
    tx.execute(
        "INSERT INTO conversation (tenant, id, grp, status, handler, agent, priority,
             waiting_since, body, number, inbox, contact, rev)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 1)",
        &values,
    )?;
    contact::announce(tx, conversation.contact_id, conversation.group_id)?;
    put(tx, conversation, 1);
    Ok(())
}

/// Keeps what is new about one and announces it. When its group changed, it leaves the old stream
/// with its messages (and its contact, unless the old group sees another one of theirs) and
/// arrives whole in the new one.
pub fn update(tx: &Tx<'_>, conversation: &Conversation) -> Result<()> {
    let (before, rev_before) =
        with_rev(tx, conversation.id)?.ok_or(DbError::Missing("conversation"))?;
    let rev = rev_before + 1;
    let mut values = values(tx, conversation)?;
    values.push(rev.into());
    tx.execute(
        "UPDATE conversation SET grp = $3, status = $4, handler = $5, agent = $6, priority = $7,
             waiting_since = $8, body = $9, rev = $10
         WHERE tenant = $1 AND id = $2",
        &values,
    )?;
    if before.group_id != conversation.group_id {
        leave(tx, &before, rev)?;
        contact::announce(tx, conversation.contact_id, conversation.group_id)?;
        message::announce_all(tx, conversation.id, conversation.group_id)?;
    }
    put(tx, conversation, rev);
    Ok(())
}

fn leave(tx: &Tx<'_>, before: &Conversation, rev: u64) -> Result<()> {
    let old = StreamKind::Group(before.group_id);
    message::withdraw_all(tx, before.id, before.group_id)?;
    tx.del(
        old.clone(),
        rev,
        EntityKind::Conversation,
        before.id.to_string(),
    );
    let still_seen = groups_of_contact(tx, before.contact_id)?.contains(&before.group_id);
    if !still_seen {
        tx.del(old, rev, EntityKind::Contact, before.contact_id.to_string());
    }
    Ok(())
}

fn put(tx: &Tx<'_>, conversation: &Conversation, rev: u64) {
    tx.put(
        StreamKind::Group(conversation.group_id),
        rev,
        Entity::Conversation(Box::new(conversation.clone())),
    );
}

/// The columns that change, after tenant and id.
fn values(reader: &Reader<'_>, conversation: &Conversation) -> Result<Vec<Value>> {
    let handler = match conversation.handler {
        Handler::Bot => "bot",
        Handler::Queue => "queue",
        Handler::Agent { .. } => "agent",
        Handler::None => "none",
    };
    Ok(vec![
        reader.tenant().into(),
        conversation.id.into(),
        conversation.group_id.into(),
        word(&conversation.status)?,
        handler.into(),
        conversation.assignee().into(),
        Value::Int(conversation.priority as i64),
        conversation.waiting_since.into(),
        json(conversation)?,
    ])
}

fn with_rev(reader: &Reader<'_>, id: ConversationId) -> Result<Option<(Conversation, u64)>> {
    reader
        .query_one(
            "SELECT body, rev FROM conversation WHERE tenant = $1 AND id = $2",
            &[reader.tenant().into(), id.into()],
        )?
        .map(|row| Ok((row.json(0)?, row.uint(1)?)))
        .transpose()
}
