//! Hints: somebody should look. They carry no data, and may be lost.

use lt_model::id::{ContactId, ConversationId};

/// What to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hint {
    /// These streams have new changes.
    Streams(Vec<u64>),
    /// A customer has news: a message, another state, another place in the queue.
    Contact(ContactId),
    /// The agent is typing to a customer.
    AgentTyping {
        /// Where.
        conversation: ConversationId,
        /// To whom.
        contact: ContactId,
    },
    /// A customer is typing; for those who see the stream.
    CustomerTyping {
        /// Where.
        conversation: ConversationId,
        /// Stream of the conversation's group.
        stream: u64,
    },
}
