//! A ticket, open on the screen.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use lt_model::{
    Millis,
    contact::ValueTier,
    conversation::Status,
    id::{AgentId, ContactId, ConversationId, GroupId, OpId, TicketId},
    sla::{DeadlineState, SlaMetric, SlaSegment},
    ticket::{TicketEventKind, TicketField, TicketType, TicketValue},
};

use super::{TicketBulkAct, TicketRow, TicketStepAt};
use crate::code::Code;

/// A ticket.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct TicketArgs {
    /// Which.
    pub ticket_id: TicketId,
}

/// A ticket, open on the screen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TicketView {
    /// What lists show of it.
    pub row: TicketRow,
    /// Revision of the title, to be sent back with an edit of it.
    pub title_rev: u64,
    /// Revision of the priority.
    pub priority_rev: u64,
    /// The customer.
    pub customer: Option<TicketCustomerView>,
    /// The conversations that it is about.
    pub conversations: Vec<TicketConversationView>,
    /// 流转: the departments, with how long each had it.
    pub steps: Vec<TicketStepView>,
    /// The form.
    pub fields: Vec<TicketFieldView>,
    /// 经过: what happened, oldest first.
    pub events: Vec<TicketEventView>,
    /// The promises, explained, oldest first.
    pub slas: Vec<TicketSlaView>,
    /// What this agent may do with it.
    pub can: TicketRights,
    /// Who made it.
    pub created_by: String,
    /// The one that it was merged into.
    pub merged_into: Option<TicketRef>,
    /// What of this desk was refused, oldest first.
    pub refusals: Vec<TicketRefusal>,
    /// What takes the act back that this answers, where this agent may do that; none where nothing was
    /// done, or it is taken back in another way.
    pub undo: Option<TicketBulkAct>,
}

/// The customer of a ticket, masked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TicketCustomerView {
    /// Which.
    pub contact_id: ContactId,
    /// Masked name; empty when unknown.
    pub name: String,
    /// Value to the shop.
    pub tier: ValueTier,
}

/// A conversation of a ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TicketConversationView {
    /// Which.
    pub id: ConversationId,
    /// `C-10293`.
    pub number: String,
    /// Where it stands; none where this desk may not see it.
    pub status: Option<Status>,
}

/// Another ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TicketRef {
    /// Which.
    pub id: TicketId,
    /// `T-00817`.
    pub number: String,
}

/// A department that had it, has it or is to get it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TicketStepView {
    /// Which.
    pub department_id: GroupId,
    /// Its name.
    pub department: String,
    /// Who had it there; empty for nobody.
    pub person: String,
    /// Whether it had it, has it, or is to get it.
    pub at: TicketStepAt,
    /// Whether it waits to get it back.
    pub waits: bool,
    /// Since when; none where it is still to get it.
    pub entered_at: Option<Millis>,
    /// Until when.
    pub left_at: Option<Millis>,
    /// How much business time it had it for.
    pub business_ms: Millis,
}

/// A field of the form with its value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TicketFieldView {
    /// The field.
    pub field: TicketField,
    /// Its value, masked; none where it is empty. A masked value that is sent back as it is stays
    /// what it was.
    pub value: Option<TicketValue>,
    /// Whether something in it is not shown.
    pub masked: bool,
    /// Its revision, to be sent back with an edit of it.
    pub rev: u64,
    /// Whether it has to be filled in before the ticket is resolved.
    pub missing: bool,
}

/// An event, masked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TicketEventView {
    /// When.
    pub at: Millis,
    /// Who, by name; empty for the system.
    pub by: String,
    /// Whether it was this agent.
    pub mine: bool,
    /// The department that had it then.
    pub department: String,
    /// What.
    pub what: TicketEventKind,
    /// Names of colleagues whom it names.
    pub mentions: Vec<String>,
    /// Whether it names the agent at this desk.
    pub mentions_me: bool,
}

/// A promise, explained.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TicketSlaView {
    /// What is promised.
    pub metric: SlaMetric,
    /// How it stands.
    pub state: DeadlineState,
    /// Within how much business time.
    pub target_ms: Millis,
    /// From how much business time on it presses.
    pub warn_ms: Millis,
    /// Business time used so far.
    pub used_ms: Millis,
    /// Since when it runs.
    pub started_at: Millis,
    /// When it is due; none while it is paused.
    pub due_at: Option<Millis>,
    /// When it was done.
    pub completed_at: Option<Millis>,
    /// Whether it is paused.
    pub paused: bool,
    /// Name of the calendar.
    pub hours: String,
    /// What the time was, stretch by stretch, up to now or to when it was done.
    pub segments: Vec<SlaSegment>,
}

/// What an agent may do with a ticket.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TicketRights {
    /// Take it.
    pub claim: bool,
    /// Give it up.
    pub release: bool,
    /// Give it to somebody of the department.
    pub assign: bool,
    /// Pass it on.
    pub transfer: bool,
    /// Give it back: to this department.
    pub return_to: Option<String>,
    /// Take it back from the department that they passed it to.
    pub take_back: bool,
    /// Comment.
    pub comment: bool,
    /// Edit title, priority and form.
    pub edit: bool,
    /// Say whether what was done is right.
    pub verify: bool,
    /// Merge it into another one.
    pub merge: bool,
}

/// Something of this desk that was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TicketRefusal {
    /// Its operation, for `outbox.retry` and `outbox.discard`.
    pub op_id: OpId,
    /// Why.
    pub code: Code,
}

/// What there is to choose from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TicketChoices {
    /// All departments.
    pub departments: Vec<TicketDepartment>,
    /// Types of new tickets.
    pub types: Vec<TicketType>,
}

/// A department.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TicketDepartment {
    /// Which.
    pub id: GroupId,
    /// Its name.
    pub name: String,
    /// Whether the agent works in it.
    pub mine: bool,
    /// Its people.
    pub people: Vec<TicketColleague>,
}

/// Somebody of a department.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TicketColleague {
    /// Who.
    pub id: AgentId,
    /// Their name.
    pub name: String,
}
