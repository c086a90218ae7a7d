//! Who has a conversation and why, what is offered, and to whom it may be given.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use lt_model::{
    Millis,
    agent::{Presence, SkillGroup},
    hours::BusinessHours,
    id::{AgentId, ConversationId, GroupId},
    inbox::Inbox,
    routing::{
        Assign, AssignReason, ChannelCapacity, ReturnReason, RoutingReason, Setting, Skill,
        TransferTo,
    },
};

use crate::view::{ConversationRow, SlotView};

/// Who has a conversation, why, and what the agent may do about that.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct RoutingView {
    /// To whom it is offered at this moment.
    pub offer: Option<StandingOffer>,
    /// Who has it, or had it last, and why.
    pub assigned: Option<AssignedView>,
    /// When it wakes, while it is snoozed.
    pub snoozed_until: Option<Millis>,
    /// Whether it was left out of hours and waits for somebody to be there.
    pub left_message: bool,
    /// Who gave it back because they were gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub returned: Option<ReturnedBy>,
    /// What the agent may do.
    pub may: MayRoute,
}

/// An offer that stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct StandingOffer {
    /// To whom, by name.
    pub name: String,
    /// Whether it is the agent at this desk.
    pub is_me: bool,
    /// Since when.
    pub offered_at: Millis,
    /// It ends then.
    pub expires_at: Millis,
}

/// Who has a conversation, and why.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct AssignedView {
    /// Who, by name.
    pub name: String,
    /// Whether it is the agent at this desk.
    pub is_me: bool,
    /// Since when.
    pub at: Millis,
    /// How it came about.
    pub reason: AssignReason,
    /// Why this agent; the decisive reason first.
    pub why: Vec<RoutingReason>,
}

/// An agent was gone while the customer waited, and the conversation went back to the queue.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ReturnedBy {
    /// Who, by name.
    pub name: String,
    /// Whether it is the agent at this desk.
    pub is_me: bool,
    /// When.
    pub at: Millis,
    /// Why.
    pub reason: ReturnReason,
}

/// What went back to the queues while the agent at this desk was gone, the latest first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ReturnedView {
    /// They.
    pub items: Vec<ReturnedItem>,
}

/// A conversation that went back to the queue.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct ReturnedItem {
    /// Which.
    pub id: ConversationId,
    /// Its number.
    pub number: String,
    /// When.
    pub at: Millis,
    /// Why.
    pub reason: ReturnReason,
}

/// The hours of the channel of a conversation at this moment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct HoursNow {
    /// Name of the calendar.
    pub name: String,
    /// Whether it is open.
    pub is_open: bool,
    /// When that changes; none where it does not within ten years.
    pub until: Option<Millis>,
    /// What day it is, where it is no usual one: the name of the holiday or of the day worked in
    /// exchange.
    pub day: Option<String>,
}

/// What the agent at this desk may do about who has a conversation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MayRoute {
    /// Not take what is offered.
    pub decline: bool,
    /// Give it to somebody else.
    pub transfer: bool,
    /// Take it from whoever has it.
    pub take_over: bool,
    /// Set it aside.
    pub snooze: bool,
    /// Take it up again.
    pub wake: bool,
    /// Open it again.
    pub reopen: bool,
    /// Take it back after it was given away.
    pub take_back: bool,
}

/// What is offered to the agent at this desk, the offer that ends first in front.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct OffersView {
    /// They.
    pub offers: Vec<OfferView>,
}

/// A conversation that is offered to the agent at this desk.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct OfferView {
    /// It.
    pub row: ConversationRow,
    /// Its group.
    pub group: String,
    /// What the customer wants, as the engine understood it; empty while unknown.
    pub intent: String,
    /// What it is about, masked.
    pub slots: Vec<SlotView>,
    /// What whoever gave it says, masked; empty where nobody did.
    pub note: String,
    /// Since when it is offered.
    pub offered_at: Millis,
    /// Until then.
    pub expires_at: Millis,
    /// How it came about.
    pub reason: AssignReason,
    /// Why this agent; the decisive reason first.
    pub why: Vec<RoutingReason>,
}

/// Gives a conversation to somebody else.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct TransferArgs {
    /// Which.
    pub conversation_id: ConversationId,
    /// To whom.
    pub to: TransferTo,
    /// What the next one should know; may be empty.
    pub note: String,
}

/// What came of taking a conversation back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TakenBack {
    /// Whether it is asked for, no more: the conversation is not at this desk, and the server decides.
    pub is_asked: bool,
}

/// Sets a conversation aside.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SnoozeArgs {
    /// Which.
    pub conversation_id: ConversationId,
    /// Until then.
    pub until: Millis,
}

/// To whom a conversation may be given.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct TransferTargets {
    /// Groups; the one where it is comes first.
    pub groups: Vec<TargetGroup>,
    /// Colleagues; those who take something now come first.
    pub agents: Vec<TargetAgent>,
}

/// A group to give it to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TargetGroup {
    /// Its id.
    pub id: GroupId,
    /// Its name.
    pub name: String,
    /// Whether it is there now.
    pub is_here: bool,
    /// How many take conversations now.
    pub n_online: u32,
}

/// A colleague to give it to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TargetAgent {
    /// Their id.
    pub id: AgentId,
    /// Their name.
    pub name: String,
    /// Names of their groups.
    pub groups: Vec<String>,
    /// Whether they take conversations.
    pub presence: Presence,
    /// Whether they take what is transferred.
    pub may_take: bool,
    /// What they are good at.
    pub skills: Vec<Skill>,
}

/// The settings of routing, as an administrator sees them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct RoutingSettings {
    /// The groups, and how their waiting conversations find an agent.
    pub groups: Vec<RoutedGroup>,
    /// The agents, how much they take, and what they are good at.
    pub agents: Vec<RoutedAgent>,
    /// Calendars.
    pub hours: Vec<BusinessHours>,
    /// Sources of messages, and which calendar each has.
    pub inboxes: Vec<Inbox>,
    /// Whether the agent may change all of it; else only how much the agents of their groups take.
    pub may_all: bool,
    /// What a new calendar begins with: nine to six on workdays, with the statutory holidays that
    /// are known. Its id is to be replaced.
    pub template: BusinessHours,
}

/// A group in the settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RoutedGroup {
    /// Its id.
    pub id: GroupId,
    /// Its name.
    pub name: String,
    /// How its waiting conversations find an agent.
    pub assign: Assign,
    /// Most of some channels for each of its agents.
    pub capacities: Vec<ChannelCapacity>,
    /// After how long an absent agent gives back what waits for an answer; none: never.
    pub return_after_ms: Option<Millis>,
}

impl From<SkillGroup> for RoutedGroup {
    fn from(group: SkillGroup) -> Self {
        Self {
            id: group.id,
            name: group.name,
            assign: group.assign,
            capacities: group.capacities,
            return_after_ms: group.return_after_ms,
        }
    }
}

/// An agent in the settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RoutedAgent {
    /// Their id.
    pub id: AgentId,
    /// Their name.
    pub name: String,
    /// Names of their groups.
    pub groups: Vec<String>,
    /// Most conversations.
    pub capacity: u16,
    /// Most of some channels.
    pub capacities: Vec<ChannelCapacity>,
    /// What they are good at.
    pub skills: Vec<Skill>,
}

/// A change of a setting.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ConfigureArgs {
    /// It.
    pub setting: Setting,
}
