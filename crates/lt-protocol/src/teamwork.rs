//! What agents do together in a conversation, and to many conversations at once: notes, who is
//! looking, filters of the list, bulk acts.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use lt_model::{
    agent::Presence,
    contact::ChannelKind,
    id::{AgentId, ConversationId, GroupId, MessageId},
    priority::Priority,
};

use crate::{
    code::Code,
    view::{AuthorKind, InboxScope, InboxSort},
};

/// A note to write.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct NoteArgs {
    /// In which conversation.
    pub conversation_id: ConversationId,
    /// Made by the window, so that pressing twice writes once.
    pub message_id: MessageId,
    /// The text.
    pub text: String,
    /// Colleagues who are to be told.
    pub mentions: Vec<AgentId>,
}

/// A message of a conversation.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct MessageArgs {
    /// Where.
    pub conversation_id: ConversationId,
    /// Which.
    pub message_id: MessageId,
}

/// Colleagues whom a note may name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ColleaguesView {
    /// Those who see the conversation, oneself left out.
    pub items: Vec<ColleagueView>,
}

/// A colleague.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ColleagueView {
    /// Who.
    pub id: AgentId,
    /// Shown name.
    pub name: String,
    /// Login name.
    pub username: String,
    /// Whether they are there.
    pub presence: Presence,
}

/// What the agent looks at.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct WatchArgs {
    /// The conversation; none when it was left.
    pub conversation_id: Option<ConversationId>,
}

/// What a note says besides its text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct NoteView {
    /// Names of colleagues whom it names.
    pub mentions: Vec<String>,
    /// Whether it names the agent at this desk.
    pub mentions_me: bool,
}

/// A message that another one answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct QuoteView {
    /// Which.
    pub message_id: MessageId,
    /// Where in the conversation; 0 where it is not on this desk.
    pub seq: u64,
    /// Who wrote it.
    pub author: AuthorKind,
    /// Name of a colleague; empty otherwise.
    pub author_name: String,
    /// Its masked first line; empty where it was taken back or is not on this desk.
    pub text: String,
}

/// Which conversations of a scope; what is left out does not count.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
pub struct InboxFilter {
    /// One of these priorities.
    pub priorities: Vec<Priority>,
    /// All of these tags.
    pub tags: Vec<String>,
    /// Of this category.
    pub category: Option<String>,
    /// By this channel.
    pub channel: Option<ChannelKind>,
    /// Of this skill group.
    pub group: Option<GroupId>,
    /// With unread messages.
    pub unread: bool,
    /// With notes that name the agent.
    pub mentioned: bool,
}

impl InboxFilter {
    /// Whether it leaves everything.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// A filter with a name (保存的视图).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SavedView {
    /// What it is called.
    pub name: String,
    /// Scope.
    pub scope: InboxScope,
    /// Order.
    pub sort: InboxSort,
    /// Filter.
    pub filter: InboxFilter,
}

/// What there is to filter by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct InboxChoices {
    /// Tags of open conversations, the most frequent first.
    pub tags: Vec<TagCount>,
    /// Categories.
    pub categories: Vec<String>,
    /// Skill groups.
    pub groups: Vec<crate::canned::GroupRef>,
}

/// A tag.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TagCount {
    /// It.
    pub tag: String,
    /// On how many open conversations.
    pub n: u32,
}

/// An act on many conversations.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct BulkArgs {
    /// Which; 200 at the most.
    pub ids: Vec<ConversationId>,
    /// What.
    pub act: BulkAct,
}

/// What is done to each of many conversations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "act", rename_all = "snake_case")]
pub enum BulkAct {
    /// Takes it.
    Claim,
    /// Marks it resolved.
    Resolve,
    /// Adds and removes tags.
    Tag {
        /// To add.
        add: Vec<String>,
        /// To remove.
        remove: Vec<String>,
    },
    /// Sets the priority.
    Priority {
        /// To this.
        priority: Priority,
    },
    /// Gives it to a skill group: it waits there.
    Transfer {
        /// Which.
        group_id: GroupId,
        /// What whoever takes one should know; may be empty.
        #[serde(default)]
        note: String,
    },
    /// Takes back what was given away a moment ago.
    TakeBack,
    /// Opens what was resolved again.
    Reopen,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BulkView {
    /// How many it was done to, or that were so already.
    pub done: u32,
    /// How many are asked back, no more: they are not at this desk, and the server decides.
    pub asked: u32,
    /// Those that it was done to and that may be taken back, in no order.
    #[serde(default)]
    pub ids: Vec<ConversationId>,
    /// The others, each with why not.
    pub failed: Vec<BulkFailure>,
}

/// One that it was not done to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BulkFailure {
    /// Which.
    pub id: ConversationId,
    /// Its number; empty where it is not on this desk.
    pub number: String,
    /// Why not.
    pub code: Code,
}
