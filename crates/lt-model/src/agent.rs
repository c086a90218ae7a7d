//! Agents (坐席), their roles, presence and skill groups (技能组).

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    Millis,
    id::{AgentId, GroupId},
    routing::{Assign, ChannelCapacity, RETURN_AFTER_MS, Skill},
};

/// What an account may do, from least to most.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// 坐席: answers the conversations of their groups.
    Agent,
    /// 班组长: watches and helps a team.
    TeamLead,
    /// 管理员: accounts, knowledge, settings.
    Admin,
}

/// One act that a role may or may not do, named `object.action`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
pub enum Permission {
    /// Reads conversations of one's groups.
    #[serde(rename = "conv.view")]
    ConvView,
    /// Writes to the customer in a conversation of one's groups.
    #[serde(rename = "conv.reply")]
    ConvReply,
    /// Takes a waiting conversation.
    #[serde(rename = "conv.claim")]
    ConvClaim,
    /// Marks a conversation resolved.
    #[serde(rename = "conv.resolve")]
    ConvResolve,
    /// Edits the properties of a conversation of one's groups.
    #[serde(rename = "conv.edit")]
    ConvEdit,
    /// Acts on a conversation that another agent holds.
    #[serde(rename = "conv.supervise")]
    ConvSupervise,
    /// Whispers to the agent at a conversation.
    #[serde(rename = "conv.whisper")]
    ConvWhisper,
    /// Says that two customers are one.
    #[serde(rename = "cust.merge")]
    CustMerge,
    /// Takes that back.
    #[serde(rename = "cust.split")]
    CustSplit,
    /// Reads published knowledge.
    #[serde(rename = "faq.view")]
    FaqView,
    /// Imports and publishes knowledge.
    #[serde(rename = "faq.publish")]
    FaqPublish,
    /// Checks the knowledge as a whole.
    #[serde(rename = "faq.review")]
    FaqReview,
    /// Changes the engine's settings.
    #[serde(rename = "engine.manage")]
    EngineManage,
    /// Creates and changes accounts and groups.
    #[serde(rename = "user.manage")]
    UserManage,
    /// Reads the audit log and checks its chain.
    #[serde(rename = "audit.view")]
    AuditView,
    /// Reads tickets of one's departments.
    #[serde(rename = "ticket.view")]
    TicketView,
    /// Makes tickets, and works on those of one's departments.
    #[serde(rename = "ticket.work")]
    TicketWork,
    /// Acts on a ticket that a colleague has.
    #[serde(rename = "ticket.supervise")]
    TicketSupervise,
    /// Writes tickets into a file.
    #[serde(rename = "ticket.export")]
    TicketExport,
    /// Changes the types of tickets.
    #[serde(rename = "ticket.manage")]
    TicketManage,
    /// Sets one's own presence.
    #[serde(rename = "presence.set")]
    PresenceSet,
    /// Writes canned replies and macros for others.
    #[serde(rename = "canned.manage")]
    CannedManage,
    /// Says how much the agents of one's groups take.
    #[serde(rename = "routing.manage")]
    RoutingManage,
    /// Reads the numbers of one's groups and the rows behind them.
    #[serde(rename = "metrics.view")]
    MetricsView,
    /// Reads alerts and their rules.
    #[serde(rename = "alert.view")]
    AlertView,
    /// Acknowledges and silences alerts, and changes the rules of one's groups.
    #[serde(rename = "alert.manage")]
    AlertManage,
    /// Sets up how alerts leave the server.
    #[serde(rename = "alert.deliver")]
    AlertDeliver,
    /// Reads finished reviews of one's own work, and appeals.
    #[serde(rename = "quality.view")]
    QualityView,
    /// Reviews the conversations of one's groups, decides about appeals, and calibrates.
    #[serde(rename = "quality.review")]
    QualityReview,
    /// Changes scoring forms and sampling rules.
    #[serde(rename = "quality.manage")]
    QualityManage,
    /// Changes one's own personal settings.
    #[serde(rename = "personal.edit")]
    PersonalEdit,
}

impl Role {
    /// Whether an account of this role has the permission. Everything not listed is denied.
    #[must_use]
    pub fn may(self, permission: Permission) -> bool {
        use Permission as P;
        match permission {
            P::ConvView
            | P::ConvReply
            | P::ConvClaim
            | P::ConvResolve
            | P::ConvEdit
            | P::CustMerge
            | P::FaqView
            | P::TicketView
            | P::TicketWork
            | P::PersonalEdit
            | P::QualityView
            | P::PresenceSet => true,
            P::ConvSupervise
            | P::ConvWhisper
            | P::CustSplit
            | P::FaqReview
            | P::CannedManage
            | P::RoutingManage
            | P::AlertView
            | P::AlertManage
            | P::MetricsView
            | P::QualityReview
            | P::TicketSupervise
            | P::TicketExport => self >= Role::TeamLead,
            P::AlertDeliver
            | P::QualityManage
            | P::FaqPublish
            | P::EngineManage
            | P::UserManage
            | P::TicketManage
            | P::AuditView => self == Role::Admin,
        }
    }
}

/// Whether an agent takes conversations (在席状态).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// 接待中: takes new conversations.
    Online,
    /// 忙碌: keeps the current ones, takes no new ones.
    Busy,
    /// 离开: not at the desk.
    Away,
    /// 仅转接: takes only what colleagues transfer.
    TransferOnly,
    /// 离线.
    Offline,
}

/// What an agent does in a conversation at this moment, told to colleagues who see it too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Doing {
    /// Looks at it.
    Viewing,
    /// Writes in it.
    Typing,
    /// Has left it.
    Gone,
}

/// A user account as colleagues see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Agent {
    /// Its id.
    pub id: AgentId,
    /// Login name, unique in the organisation.
    pub username: String,
    /// Name shown to colleagues and customers.
    pub display_name: String,
    /// What it may do.
    pub role: Role,
    /// The groups it works in.
    pub groups: Vec<GroupId>,
    /// Whether it takes conversations now.
    pub presence: Presence,
    /// How many conversations it holds at most.
    pub capacity: u16,
    /// How many of some channels, where that is less.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub capacities: Vec<ChannelCapacity>,
    /// What it is good at.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skills: Vec<Skill>,
}

/// A team with skills.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SkillGroup {
    /// Its id.
    pub id: GroupId,
    /// Shown name, such as 售后一组.
    pub name: String,
    /// Top categories (售前, 售后, 投诉) that are routed here.
    pub categories: Vec<String>,
    /// How its waiting conversations find an agent.
    #[serde(default)]
    pub assign: Assign,
    /// How many of some channels each of its agents holds, unless the agent's own limit says otherwise.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub capacities: Vec<ChannelCapacity>,
    /// An agent who is gone for so long gives back what waits for an answer; none: never.
    #[serde(default = "return_after")]
    #[ts(type = "number | null")]
    pub return_after_ms: Option<Millis>,
}

#[expect(clippy::unnecessary_wraps, reason = "none is a value of the field")]
const fn return_after() -> Option<Millis> {
    Some(RETURN_AFTER_MS)
}
