//! What a committed mutation touched.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Kinds of rows that travel from the server to desktops.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum EntityKind {
    /// [`crate::agent::Agent`].
    Agent,
    /// [`crate::agent::SkillGroup`].
    Group,
    /// [`crate::contact::Contact`].
    Contact,
    /// [`crate::conversation::Conversation`].
    Conversation,
    /// [`crate::message::Message`].
    Message,
    /// [`crate::faq::PublishedFaq`].
    Faq,
    /// [`crate::engine::EngineSettings`].
    EngineSettings,
    /// [`crate::ticket::Ticket`].
    Ticket,
    /// [`crate::ticket::TicketType`].
    TicketType,
    /// [`crate::hours::BusinessHours`].
    BusinessHours,
    /// [`crate::canned::Canned`].
    Canned,
    /// [`crate::whisper::Whisper`].
    Whisper,
    /// [`crate::inbox::Inbox`].
    Inbox,
    /// What an agent has set for themselves, wherever they sit.
    AgentSettings,
    /// [`crate::alert::rule::AlertRule`].
    AlertRule,
    /// [`crate::alert::Alert`].
    Alert,
    /// [`crate::survey::Survey`].
    Survey,
    /// [`crate::quality::form::QaForm`].
    QaForm,
    /// [`crate::quality::sample::QaRule`].
    QaRule,
    /// [`crate::quality::review::QaReview`].
    QaReview,
    /// [`crate::quality::review::QaCalibration`].
    QaCalibration,
}

/// Kinds of visibility scopes: who may see a stream may see every row in it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(tag = "kind", content = "of", rename_all = "snake_case")]
pub enum StreamKind {
    /// Settings, agents and groups: everybody of the organisation.
    Config,
    /// Published knowledge of one business line.
    Faq(String),
    /// Conversations of one skill group.
    Group(crate::id::GroupId),
    /// Whispers in conversations of a group, reviews of its work and alerts of its numbers, for those
    /// who supervise it.
    Leads(crate::id::GroupId),
    /// Those whispers that are between the leads and one agent of the group, and finished reviews of
    /// that agent's work, for that agent.
    Desk {
        /// The group.
        group: crate::id::GroupId,
        /// The agent.
        agent: crate::id::AgentId,
    },
    /// Alert rules, alerts of the organisation's numbers, scoring forms and sampling rules, for those
    /// who lead.
    Watch,
    /// What is one agent's own: nobody else sees it.
    Agent(crate::id::AgentId),
}
