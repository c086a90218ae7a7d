//! What a window asks for of tickets, and the forms for it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use lt_model::{
    Millis,
    id::{AgentId, ConversationId, GroupId, HoursId, TicketId, TicketTypeId},
    priority::Priority,
    ticket::{TicketSource, TicketState, TicketType, TicketTypeFault, TicketValue},
};

use super::{
    TicketConversationView, TicketCustomerView, TicketDepartment, TicketFilter, TicketRow,
    TicketSort,
};

/// A ticket to be written.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct TicketPrepareArgs {
    /// From which conversation, if from one.
    pub conversation_id: Option<ConversationId>,
    /// Of which type; none for the one that fits best.
    pub type_id: Option<TicketTypeId>,
}

/// A form, filled in with what the conversation has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TicketForm {
    /// The types to choose from.
    pub types: Vec<TicketType>,
    /// The one that it is of; none where there are no types.
    pub type_id: Option<TicketTypeId>,
    /// A title, masked.
    pub title: String,
    /// Priority: the higher one of conversation and type.
    pub priority: Priority,
    /// The department that begins.
    pub department_id: Option<GroupId>,
    /// For whom.
    pub customer: Option<TicketCustomerView>,
    /// From which conversation.
    pub conversation: Option<TicketConversationView>,
    /// What the conversation has for its fields.
    pub values: Vec<TicketPrefill>,
    /// Unfinished tickets of the customer: it may be one of these.
    pub similar: Vec<TicketRow>,
}

/// A value that the conversation has for a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TicketPrefill {
    /// Key of the field.
    pub key: String,
    /// The value, masked.
    pub value: TicketValue,
    /// Where it comes from.
    pub source: TicketSource,
    /// Whether something in it is not shown; sent back as it is, it stays what it was.
    pub masked: bool,
}

/// A new ticket.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct TicketCreateArgs {
    /// Made by the window, so that pressing twice makes one.
    pub ticket_id: TicketId,
    /// Its type.
    pub type_id: TicketTypeId,
    /// What it is about.
    pub title: String,
    /// How soon it is needed.
    pub priority: Priority,
    /// The department that gets it; none for the one of the type or the conversation.
    pub department_id: Option<GroupId>,
    /// From which conversation.
    pub conversation_id: Option<ConversationId>,
    /// The form, by the keys of its fields.
    pub values: BTreeMap<String, TicketValue>,
    /// A first comment; may be empty.
    pub note: String,
}

/// A move to another state.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct TicketMoveArgs {
    /// Which.
    pub ticket_id: TicketId,
    /// The state on the screen.
    pub from: TicketState,
    /// The state that it shall have.
    pub to: TicketState,
    /// A word about it; may be empty.
    pub note: String,
    /// Until when it is on hold, where that is known.
    pub until: Option<Millis>,
}

/// Somebody who shall have it.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct TicketAssignArgs {
    /// Which.
    pub ticket_id: TicketId,
    /// Who.
    pub agent_id: AgentId,
}

/// A department that shall have it.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct TicketTransferArgs {
    /// Which.
    pub ticket_id: TicketId,
    /// To which.
    pub department_id: GroupId,
    /// Whether it is expected back.
    pub returns: bool,
    /// Why; may be empty.
    pub note: String,
}

/// A return to the department that waits.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct TicketReturnArgs {
    /// Which.
    pub ticket_id: TicketId,
    /// What came of it; may be empty.
    pub note: String,
}

/// A ticket that was passed on, to be taken back.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct TicketTakeBackArgs {
    /// Which.
    pub ticket_id: TicketId,
    /// The department that it was passed to.
    pub department_id: GroupId,
}

/// What came of taking a ticket back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TicketTakenBack {
    /// Whether it is asked for, no more: the ticket is not at this desk, and the server decides. Else
    /// it is shown as taken back, and waits to be sent as every act does.
    pub is_asked: bool,
}

/// A comment.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct TicketCommentArgs {
    /// On which.
    pub ticket_id: TicketId,
    /// The text.
    pub text: String,
    /// Colleagues who are to be told.
    pub mentions: Vec<AgentId>,
}

/// An edit. What is left out stays.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct TicketPatchArgs {
    /// Of which.
    pub ticket_id: TicketId,
    /// 标题.
    pub title: Option<TicketTitleEdit>,
    /// 优先级.
    pub priority: Option<TicketPriorityEdit>,
    /// Fields of the form.
    pub values: Vec<TicketValueEdit>,
}

/// A new title.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct TicketTitleEdit {
    /// The revision on the screen.
    pub rev: u64,
    /// It.
    pub to: String,
}

/// A new priority.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct TicketPriorityEdit {
    /// The revision on the screen.
    pub rev: u64,
    /// It.
    pub to: Priority,
}

/// A new value of a field.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct TicketValueEdit {
    /// Key of the field.
    pub key: String,
    /// The revision on the screen.
    pub rev: u64,
    /// It; none empties the field.
    pub to: Option<TicketValue>,
}

/// A merge.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct TicketMergeArgs {
    /// Which ends.
    pub ticket_id: TicketId,
    /// Which goes on.
    pub into: TicketId,
}

/// A verification.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct TicketVerifyArgs {
    /// Of which.
    pub ticket_id: TicketId,
    /// Whether what was done is right.
    pub ok: bool,
    /// A word about it; may be empty.
    pub note: String,
}

/// Tickets to write into a file.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct TicketExportArgs {
    /// Which.
    pub filter: TicketFilter,
    /// In which order.
    pub sort: TicketSort,
    /// The other way round.
    pub reversed: bool,
}

/// A file with tickets: CSV with a header, masked, as spreadsheets of China read it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TicketExport {
    /// Where it was written.
    pub path: String,
    /// How many tickets are in it.
    pub rows: u32,
}

/// The types of tickets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TicketTypesView {
    /// All of them, the inactive ones too.
    pub types: Vec<TicketTypeRow>,
    /// Departments to choose from.
    pub departments: Vec<TicketDepartment>,
    /// Calendars to choose from; the first one is the organisation's own.
    pub calendars: Vec<TicketCalendar>,
    /// Whether this agent may change them.
    pub editable: bool,
}

/// A calendar that promises are counted by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TicketCalendar {
    /// Which.
    pub id: HoursId,
    /// Its name.
    pub name: String,
}

/// A type of tickets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TicketTypeRow {
    /// It.
    pub kind: TicketType,
    /// Unfinished tickets of it that this desk has.
    pub unfinished: u32,
    /// Whether a change of this desk waits to be sent.
    pub pending: bool,
}

/// A type to save.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct TicketTypeSaveArgs {
    /// It, with the version on the screen; 0 for a new one.
    pub kind: TicketType,
}

/// What is wrong with a type of tickets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TicketTypeCheck {
    /// All of it, in the order of the screen; nothing where it may be saved.
    pub faults: Vec<TicketTypeFault>,
}

/// Why an agent is told of a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TicketNews {
    /// It came to a department of theirs.
    Arrived,
    /// It came back to them.
    Returned,
    /// It was given to them.
    Assigned,
    /// What they wait for was resolved.
    Resolved,
    /// What they have or wait for was cancelled.
    Cancelled,
    /// What they have or wait for was merged into another one.
    Merged,
    /// What they resolved is open again.
    Reopened,
    /// Somebody named them in a note.
    Mentioned,
    /// Somebody commented on what they have or wait for.
    Commented,
    /// The customer has answered.
    CustomerAnswered,
    /// What they have is due soon.
    Warned,
    /// What they have is late.
    Breached,
}
