//! Whispers: a row between the leads of a group and one agent of it, in a stream of either side.

use lt_model::{
    change::{EntityKind, StreamKind},
    id::{ConversationId, GroupId, WhisperId},
    whisper::Whisper,
};
use lt_protocol::sync::Entity;

use crate::{
    error::Result,
    seam::{Reader, Tx},
    value::json,
};

/// It never changes.
const REV: u64 = 1;

/// One whisper.
pub fn by_id(reader: &Reader<'_>, id: WhisperId) -> Result<Option<Whisper>> {
    reader
        .query_one(
            "SELECT body FROM whisper WHERE tenant = $1 AND id = $2",
            &[reader.tenant().into(), id.into()],
        )?
        .map(|row| row.json(0))
        .transpose()
}

/// The whispers in a conversation, oldest first.
pub fn of_conversation(reader: &Reader<'_>, id: ConversationId) -> Result<Vec<Whisper>> {
    reader
        .query(
            "SELECT body FROM whisper WHERE tenant = $1 AND conversation = $2 ORDER BY at, id",
            &[reader.tenant().into(), id.into()],
        )?
        .iter()
        .map(|row| row.json(0))
        .collect()
}

/// Keeps one and announces it to the leads of its conversation's group and to the agent.
pub fn insert(tx: &Tx<'_>, whisper: &Whisper, group: GroupId) -> Result<()> {
    tx.execute(
        "INSERT INTO whisper (tenant, id, conversation, agent, at, rev, body)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        &[
            tx.tenant().into(),
            whisper.id.into(),
            whisper.conversation_id.into(),
            whisper.agent.into(),
            whisper.at.into(),
            REV.into(),
            json(whisper)?,
        ],
    )?;
    announce(tx, whisper, group);
    Ok(())
}

/// The conversation goes to another group: its whispers leave the leads of the old one, and the
/// agent in it, and are for those of the new one.
pub(crate) fn follow(tx: &Tx<'_>, id: ConversationId, from: GroupId, to: GroupId) -> Result<()> {
    for whisper in of_conversation(tx, id)? {
        for stream in streams(&whisper, from) {
            tx.del(stream, REV, EntityKind::Whisper, whisper.id.to_string());
        }
        announce(tx, &whisper, to);
    }
    Ok(())
}

fn announce(tx: &Tx<'_>, whisper: &Whisper, group: GroupId) {
    for stream in streams(whisper, group) {
        tx.put(stream, REV, Entity::Whisper(Box::new(whisper.clone())));
    }
}

fn streams(whisper: &Whisper, group: GroupId) -> [StreamKind; 2] {
    let agent = whisper.agent;
    [StreamKind::Leads(group), StreamKind::Desk { group, agent }]
}
