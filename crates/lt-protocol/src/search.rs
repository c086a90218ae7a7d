//! Searching everything on this device.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::view::SearchHit;
use lt_model::{Millis, contact::ChannelKind, id::ConversationId};

/// Kinds of what a search finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FindKind {
    /// What was said.
    Message,
    /// Conversations, by their numbers.
    Conversation,
    /// Customers.
    Contact,
    /// Tickets.
    Ticket,
    /// Knowledge.
    Faq,
}

/// Who wrote what is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FindAuthor {
    /// Customers.
    Customer,
    /// 智能客服.
    Bot,
    /// Agents.
    Agent,
}

/// In which order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FindOrder {
    /// What fits best first; of what fits as well, the latest.
    #[default]
    Best,
    /// The latest first.
    Newest,
}

/// What to search for, and where. A filter leaves only what has what it asks for: knowledge has no
/// author, and a customer no channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct FindArgs {
    /// Words as typed.
    pub query: String,
    /// Of this kind only.
    pub kind: Option<FindKind>,
    /// At or after this time.
    pub from: Option<Millis>,
    /// Before this time.
    pub until: Option<Millis>,
    /// By this channel only.
    pub channel: Option<ChannelKind>,
    /// Written by these only.
    pub author: Option<FindAuthor>,
    /// In which order.
    pub order: FindOrder,
    /// Hits before the window that is asked for.
    pub offset: u32,
    /// Most hits of the window, 100 at the most.
    pub limit: u32,
}

/// A window of what was found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct FoundPage {
    /// It, in order.
    pub items: Vec<SearchHit>,
    /// How many there are in all.
    pub total: u32,
    /// How many of each kind there are, whatever kind was asked for.
    pub counts: Vec<FoundCount>,
    /// Whether the index is still being filled, so that something may be missing.
    pub is_behind: bool,
}

/// How many there are of a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FoundCount {
    /// Which kind.
    pub kind: FindKind,
    /// How many were looked at and fit.
    pub n: u32,
    /// Whether there are more, of which only the latest were looked at.
    pub or_more: bool,
}

/// What to look for in one conversation.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ConversationFindArgs {
    /// In which.
    pub conversation_id: ConversationId,
    /// Words as typed.
    pub query: String,
}

/// Where in a conversation something was said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PlacesView {
    /// Positions, latest first.
    pub seqs: Vec<u64>,
    /// Whether there are more, older ones.
    pub or_more: bool,
}
