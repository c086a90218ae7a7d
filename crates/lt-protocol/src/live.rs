//! What leads see of the conversations that go on in their groups, and whispers.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use lt_model::{
    Millis,
    agent::Presence,
    id::{AgentId, ConversationId, GroupId, OpId, WhisperId},
    priority::Reason,
};

use crate::{canned::GroupRef, code::Code, view::ConversationRow};

/// A part of what goes on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum LivePart {
    /// All of it.
    #[default]
    All,
    /// With agents.
    Agents,
    /// Waiting for one.
    Queue,
    /// With the bot.
    Bot,
}

/// What goes on, as a lead wants it.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct LiveArgs {
    /// Which part.
    pub part: LivePart,
    /// In this group only.
    pub group: Option<GroupId>,
    /// With this agent only.
    pub agent: Option<AgentId>,
    /// Rows before.
    pub offset: u32,
    /// Most rows; 100 at the most.
    pub limit: u32,
}

/// A conversation that goes on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct LiveRow {
    /// As lists show it.
    pub row: ConversationRow,
    /// Skill group.
    pub group: String,
    /// The agent at it; none while nobody is.
    pub agent: Option<AgentId>,
    /// Since when they have it.
    pub since: Option<Millis>,
    /// Why its priority is what it is.
    pub reasons: Vec<Reason>,
    /// How many words were whispered in it.
    pub whispers: u32,
}

/// An agent of the groups.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LiveAgent {
    /// Who.
    pub id: AgentId,
    /// Shown name.
    pub name: String,
    /// Presence.
    pub presence: Presence,
    /// How many open conversations they have that this desk sees.
    pub held: u32,
    /// How many they take at most.
    pub capacity: u32,
    /// Since when the customer of theirs waits who waits longest; none where none does.
    pub waiting_since: Option<Millis>,
}

/// What goes on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct LiveView {
    /// A window of it: who waits longest in front.
    pub rows: Vec<LiveRow>,
    /// How many there are in the part.
    pub total: u32,
    /// How many agents have.
    pub n_agents: u32,
    /// How many wait.
    pub n_queue: u32,
    /// How many the bot has.
    pub n_bot: u32,
    /// The agents, who has most in front.
    pub agents: Vec<LiveAgent>,
    /// The groups.
    pub groups: Vec<GroupRef>,
}

/// Whispers to the agent at a conversation, or to one's leads.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct WhisperArgs {
    /// Where.
    pub conversation_id: ConversationId,
    /// Made by the window, so that a repeated call whispers once.
    pub whisper_id: WhisperId,
    /// What.
    pub text: String,
}

/// A whisper, masked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct WhisperView {
    /// Id.
    pub id: WhisperId,
    /// Name of whoever wrote it.
    pub author: String,
    /// Whether that is the agent at this desk.
    pub is_mine: bool,
    /// Whether it is the agent's word to the leads.
    pub to_leads: bool,
    /// Name of the agent whom it was for, where a lead wrote it.
    pub to: String,
    /// What.
    pub text: String,
    /// The message after which it is shown.
    #[ts(type = "number")]
    pub after_seq: u64,
    /// When.
    pub at: Millis,
    /// Whether it waits to be sent.
    pub pending: bool,
    /// The operation in the outbox, where there is one.
    pub op_id: Option<OpId>,
    /// Why it was refused.
    pub refused: Option<Code>,
}

/// What this agent may do as a lead at a conversation, or with their lead.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SuperviseView {
    /// Whether they look on: they supervise, and another agent has it.
    pub watches: bool,
    /// Whether they may whisper to that agent.
    pub may_whisper: bool,
    /// Whether they have it, so that what they whisper is for their leads.
    pub may_answer: bool,
}
