//! The agent has read.

use lt_db::{Tx, table::conversation};
use lt_model::{agent::Agent, conversation::Conversation, id::ContactId};

use crate::error::Error;

/// Only the assigned agent's reading counts: whoever looks on has not read it for the customer.
pub(super) fn perform(
    tx: &Tx<'_>,
    agent: &Agent,
    mut conversation: Conversation,
    seq: u64,
) -> Result<Vec<ContactId>, Error> {
    let read_seq = seq.min(conversation.seq);
    let is_news = read_seq > conversation.agent_read_seq;
    if !is_news || conversation.assignee() != Some(agent.id) {
        return Ok(Vec::new());
    }
    conversation.agent_read_seq = read_seq;
    conversation::update(tx, &conversation)?;
    Ok(vec![conversation.contact_id])
}
