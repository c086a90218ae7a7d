//! Whispers (悄悄话): what a lead and the agent at a conversation say to each other while it goes on.
//!
//! **Invariant:** a whisper is no message. It has no place among the positions of a conversation, and
//! nothing that tells customers, connectors or the engine what was said can come across one.

use serde::{Deserialize, Serialize};

use crate::{
    Millis,
    id::{AgentId, ConversationId, WhisperId},
};

/// Longest text, in bytes of UTF-8.
pub const MAX_WHISPER_BYTES: usize = 4_000;

/// One.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Whisper {
    /// Its id, made by whoever wrote it.
    pub id: WhisperId,
    /// Where.
    pub conversation_id: ConversationId,
    /// The agent at the conversation: the one side. The other side are the leads of its group.
    pub agent: AgentId,
    /// Who wrote it, of either side.
    pub author: AgentId,
    /// Their name then.
    pub author_name: String,
    /// What.
    pub text: String,
    /// The last message of the conversation then: it is shown after that one.
    pub after_seq: u64,
    /// When the server took it.
    pub at: Millis,
}

/// What somebody wants to whisper.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WhisperDraft {
    /// Id of the whisper.
    pub id: WhisperId,
    /// The agent at the conversation, as its writer saw it.
    pub agent: AgentId,
    /// What; at most [`MAX_WHISPER_BYTES`].
    pub text: String,
}
