//! Hints: somebody should look. They carry no data, and may be lost.

use serde::{Deserialize, Serialize};

use lt_model::{
    agent::Doing,
    id::{AgentId, ContactId, ConversationId},
};

/// What to look at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hint {
    /// These streams have new changes.
    Streams(Vec<u64>),
    /// What agents may see, or whether their logins hold, may have changed.
    Access {
        /// Number of the change.
        n: u64,
        /// Whose; everybody's where none is named.
        agents: Vec<AgentId>,
    },
    /// A customer has news: a message, another state, another place in the queue.
    Contact(ContactId),
    /// The agent is typing to a customer.
    AgentTyping {
        /// Where.
        conversation: ConversationId,
        /// To whom.
        contact: ContactId,
    },
    /// A colleague looks at a conversation, writes in it, or has left it; for those who see the
    /// stream.
    Colleague {
        /// Where.
        conversation: ConversationId,
        /// Stream of the conversation's group.
        stream: u64,
        /// Who.
        agent: AgentId,
        /// What.
        doing: Doing,
    },
    /// A customer is typing; for those who see the stream.
    CustomerTyping {
        /// Where.
        conversation: ConversationId,
        /// Stream of the conversation's group.
        stream: u64,
    },
}
