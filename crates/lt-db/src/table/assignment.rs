//! Who was offered a conversation or had it, and what came of it. Rows are ended, never removed.

use lt_model::{
    Millis,
    conversation::Conversation,
    id::{AgentId, AssignmentId, ContactId, ConversationId, GroupId},
    routing::{AssignReason, Assigned, Offer, RoutingReason},
};
use serde::{Deserialize, Serialize};

use crate::{
    error::Result,
    seam::{Reader, Tx},
    value::{Row, Value, json, word},
};

/// How an assignment ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The agent did not want it.
    Declined,
    /// The offer's time went by.
    TimedOut,
    /// The offer was taken back.
    Withdrawn,
    /// It went on to somebody else, or was resolved.
    Ended,
}

/// One row of the history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// To whom.
    pub agent: AgentId,
    /// In which group.
    pub group: GroupId,
    /// How it came about.
    pub reason: AssignReason,
    /// Why this agent.
    pub why: Vec<RoutingReason>,
    /// When it was offered; none when it was taken without an offer.
    pub offered_at: Option<Millis>,
    /// When it was accepted.
    pub accepted_at: Option<Millis>,
    /// When it ended.
    pub ended_at: Option<Millis>,
    /// How.
    pub outcome: Option<Outcome>,
}

/// It is offered to an agent.
pub fn offered(
    tx: &Tx<'_>,
    id: AssignmentId,
    conversation: &Conversation,
    offer: &Offer,
) -> Result<()> {
    let of = (offer.agent, offer.reason, &offer.why[..]);
    insert(tx, id, conversation, of, (Some(offer.offered_at), None))
}

/// An agent took it without an offer.
pub fn taken(
    tx: &Tx<'_>,
    id: AssignmentId,
    conversation: &Conversation,
    assigned: &Assigned,
) -> Result<()> {
    let of = (assigned.agent, assigned.reason, &assigned.why[..]);
    insert(tx, id, conversation, of, (None, Some(assigned.at)))
}

/// The agent took what was offered.
pub fn accepted(
    tx: &Tx<'_>,
    conversation: ConversationId,
    agent: AgentId,
    now: Millis,
) -> Result<()> {
    tx.execute(
        "UPDATE assignment SET accepted_at = $4
         WHERE tenant = $1 AND conversation = $2 AND agent = $3 AND ended_at IS NULL",
        &[
            tx.tenant().into(),
            conversation.into(),
            agent.into(),
            now.into(),
        ],
    )?;
    Ok(())
}

/// Whatever was going on with an agent is over.
pub fn ended(
    tx: &Tx<'_>,
    conversation: ConversationId,
    agent: AgentId,
    outcome: Outcome,
    now: Millis,
) -> Result<()> {
    tx.execute(
        "UPDATE assignment SET ended_at = $4, outcome = $5
         WHERE tenant = $1 AND conversation = $2 AND agent = $3 AND ended_at IS NULL",
        &[
            tx.tenant().into(),
            conversation.into(),
            agent.into(),
            now.into(),
            word(&outcome)?,
        ],
    )?;
    Ok(())
}

/// The history of a conversation, oldest first.
pub fn of(reader: &Reader<'_>, conversation: ConversationId) -> Result<Vec<Assignment>> {
    reader
        .query(
            "SELECT agent, grp, reason, why, offered_at, accepted_at, ended_at, outcome
             FROM assignment WHERE tenant = $1 AND conversation = $2 ORDER BY id",
            &[reader.tenant().into(), conversation.into()],
        )?
        .iter()
        .map(read)
        .collect()
}

/// The agent who had a customer last, whoever they came as.
pub fn last_agent(reader: &Reader<'_>, person: ContactId) -> Result<Option<AgentId>> {
    reader
        .query_one(
            "SELECT a.agent FROM conversation c
             JOIN assignment a ON a.tenant = c.tenant AND a.conversation = c.id
             WHERE c.tenant = $1 AND c.person = $2 AND a.accepted_at IS NOT NULL
             ORDER BY a.accepted_at DESC LIMIT 1",
            &[reader.tenant().into(), person.into()],
        )?
        .map(|row| row.id(0))
        .transpose()
}

/// When the last conversation came to an agent.
pub fn last_accepted_at(reader: &Reader<'_>, agent: AgentId) -> Result<Option<Millis>> {
    match reader.query_one(
        "SELECT accepted_at FROM assignment
         WHERE tenant = $1 AND agent = $2 AND accepted_at IS NOT NULL
         ORDER BY accepted_at DESC LIMIT 1",
        &[reader.tenant().into(), agent.into()],
    )? {
        Some(row) => row.opt_int(0),
        None => Ok(None),
    }
}

/// How many conversations the agents of a group took since a time.
pub fn n_accepted_since(reader: &Reader<'_>, group: GroupId, since: Millis) -> Result<u32> {
    let row = reader.query_one(
        "SELECT count(*) FROM assignment
         WHERE tenant = $1 AND grp = $2 AND accepted_at IS NOT NULL AND accepted_at > $3",
        &[reader.tenant().into(), group.into(), since.into()],
    )?;
    let n = row.map(|row| row.uint(0)).transpose()?.unwrap_or(0);
    Ok(u32::try_from(n).unwrap_or(u32::MAX))
}

fn insert(
    tx: &Tx<'_>,
    id: AssignmentId,
    conversation: &Conversation,
    (agent, reason, why): (AgentId, AssignReason, &[RoutingReason]),
    (offered_at, accepted_at): (Option<Millis>, Option<Millis>),
) -> Result<()> {
    let values: [Value; 10] = [
        tx.tenant().into(),
        id.into(),
        conversation.id.into(),
        conversation.contact_id.into(),
        conversation.group_id.into(),
        agent.into(),
        word(&reason)?,
        json(&why)?,
        offered_at.into(),
        accepted_at.into(),
    ];
    tx.execute(
        "INSERT INTO assignment (tenant, id, conversation, contact, grp, agent, reason, why,
             offered_at, accepted_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        &values,
    )?;
    Ok(())
}

fn read(row: &Row) -> Result<Assignment> {
    let outcome = match row.opt_text(7)? {
        Some(_) => Some(row.word(7)?),
        None => None,
    };
    Ok(Assignment {
        agent: row.id(0)?,
        group: row.id(1)?,
        reason: row.word(2)?,
        why: row.json(3)?,
        offered_at: row.opt_int(4)?,
        accepted_at: row.opt_int(5)?,
        ended_at: row.opt_int(6)?,
        outcome,
    })
}
