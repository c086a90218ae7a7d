//! Tickets (工单) as a window shows and moves them. Texts and names in here are masked; a value that
//! is not shown in full is kept when the agent leaves it as it is.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use lt_model::{
    Millis,
    contact::ValueTier,
    conversation::Status,
    id::{AgentId, ContactId, ConversationId, GroupId, OpId, TicketId, TicketTypeId},
    priority::Priority,
    sla::{DeadlineState, SlaMetric, SlaSegment},
    ticket::{
        TicketEventKind, TicketField, TicketSource, TicketState, TicketType, TicketValue,
        moves::IllegalTicket, value::TicketFault,
    },
};

use crate::code::Code;

/// Most rows of one answer.
pub const MAX_TICKET_ROWS: u32 = 500;

/// Which tickets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum TicketScope {
    /// 我负责的.
    Mine,
    /// That one department has.
    Department {
        /// Which.
        id: GroupId,
    },
    /// 等回复: that another department has, and one of the agent's expects back.
    Waiting,
    /// All that this desk has.
    All,
}

/// By how their promises stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TicketDue {
    /// Due within an hour, or warned of.
    Soon,
    /// Late.
    Breached,
}

/// A filter. What is empty filters nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct TicketFilter {
    /// Which part.
    pub scope: TicketScope,
    /// In one of these states.
    pub states: Vec<TicketState>,
    /// Of one of these types.
    pub types: Vec<TicketTypeId>,
    /// Of one of these priorities.
    pub priorities: Vec<Priority>,
    /// By how their promises stand.
    pub due: Option<TicketDue>,
    /// Words in number, title or name of the customer.
    pub query: String,
    /// Of this customer.
    pub contact_id: Option<ContactId>,
    /// Of this conversation.
    pub conversation_id: Option<ConversationId>,
}

/// By what they are sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TicketSort {
    /// What is late or due first.
    Due,
    /// What is most urgent, then what is due first.
    Priority,
    /// What something happened to last, the newest first.
    Updated,
    /// What was made last, the newest first.
    Created,
}

/// What a board shows.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct TicketBoardArgs {
    /// Which tickets; its states are the columns, all of them where it names none.
    pub filter: TicketFilter,
    /// In which order.
    pub sort: TicketSort,
    /// At most so many rows in each column, 500 at the most.
    pub limit: u32,
}

/// A board (看板).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TicketBoard {
    /// Its columns, in order.
    pub columns: Vec<TicketColumn>,
    /// Unfinished tickets by scope.
    pub counts: TicketCounts,
}

/// A column of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TicketColumn {
    /// State of its tickets.
    pub state: TicketState,
    /// How many there are.
    pub total: u32,
    /// The first ones; more by `ticket.list` with this state and an offset.
    pub rows: Vec<TicketRow>,
}

/// Part of a table.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct TicketListArgs {
    /// Which tickets.
    pub filter: TicketFilter,
    /// In which order.
    pub sort: TicketSort,
    /// The other way round.
    pub reversed: bool,
    /// Rows to leave out at the front.
    pub offset: u32,
    /// At most so many rows, 500 at the most.
    pub limit: u32,
}

/// A part of a table (表格).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TicketPage {
    /// Rows left out at the front.
    pub offset: u32,
    /// Its rows.
    pub rows: Vec<TicketRow>,
    /// How many there are in all.
    pub total: u32,
    /// Unfinished tickets by scope.
    pub counts: TicketCounts,
}

/// Unfinished tickets by scope.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TicketCounts {
    /// 我负责的.
    pub mine: u32,
    /// 等回复.
    pub waiting: u32,
    /// All that this desk has.
    pub all: u32,
    /// Late ones among all.
    pub breached: u32,
    /// With each of the agent's departments.
    pub departments: Vec<TicketDepartmentCount>,
}

/// Unfinished tickets with a department.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TicketDepartmentCount {
    /// Which.
    pub id: GroupId,
    /// Its name.
    pub name: String,
    /// How many.
    pub count: u32,
}

/// A card or a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TicketRow {
    /// Id.
    pub id: TicketId,
    /// `T-00817`; empty until the server has it.
    pub number: String,
    /// Masked title.
    pub title: String,
    /// Type.
    pub type_id: TicketTypeId,
    /// Its name.
    pub type_name: String,
    /// Where it stands.
    pub state: TicketState,
    /// How soon it is needed.
    pub priority: Priority,
    /// The department that has it.
    pub department_id: GroupId,
    /// Its name.
    pub department: String,
    /// The departments so far and still to come.
    pub path: Vec<TicketPathStep>,
    /// Who has it; empty while nobody has.
    pub assignee: String,
    /// Whether this agent has it.
    pub mine: bool,
    /// Whether a department of the agent expects it back.
    pub awaited: bool,
    /// Masked name of the customer; empty when unknown.
    pub customer: String,
    /// Value of the customer to the shop.
    pub tier: Option<ValueTier>,
    /// The promise that presses most; none where nothing is promised, or all is done.
    pub due: Option<TicketDueView>,
    /// Until when it is on hold.
    pub hold_until: Option<Millis>,
    /// States that this agent may move it to.
    pub moves: Vec<TicketState>,
    /// When it was made.
    pub created_at: Millis,
    /// When anything last happened.
    pub updated_at: Millis,
    /// Whether something of this desk waits to be sent.
    pub pending: bool,
    /// Whether something of this desk was refused.
    pub refused: bool,
}

/// A department on a card.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TicketPathStep {
    /// Its name.
    pub department: String,
    /// Whether it had it, has it, or is to get it.
    pub at: TicketStepAt,
}

/// Where a department stands on a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TicketStepAt {
    /// It had it.
    Past,
    /// It has it.
    Now,
    /// It is to get it.
    Ahead,
}

/// A promise on a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TicketDueView {
    /// What is promised.
    pub metric: SlaMetric,
    /// When it is due; none while it is paused.
    pub due_at: Option<Millis>,
    /// Since when it runs.
    pub started_at: Millis,
    /// From when on it presses; none while it is paused.
    pub warn_at: Option<Millis>,
    /// Whether it is paused.
    pub paused: bool,
    /// Whether it is late.
    pub breached: bool,
    /// Whether most of the time is used.
    pub warned: bool,
}

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
    /// Give it to somebody of the department.
    pub assign: bool,
    /// Pass it on.
    pub transfer: bool,
    /// Give it back: to this department.
    pub return_to: Option<String>,
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

/// A comment.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct TicketCommentArgs {
    /// On which.
    pub ticket_id: TicketId,
    /// The text.
    pub text: String,
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
    /// Whether this agent may change them.
    pub editable: bool,
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

/// Why a form was not taken: the first field that is not right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TicketFieldFault {
    /// Its key.
    pub key: String,
    /// Why.
    pub why: TicketFault,
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
    /// What they resolved is open again.
    Reopened,
    /// Somebody commented on what they have or wait for.
    Commented,
    /// The customer has answered.
    CustomerAnswered,
    /// What they have is due soon.
    Warned,
    /// What they have is late.
    Breached,
}

/// The code of an illegal move.
#[must_use]
pub fn code_of(why: &IllegalTicket) -> Code {
    match why {
        IllegalTicket::HeldBy(_) => Code::HeldByOther,
        IllegalTicket::State(_) | IllegalTicket::NobodyWaits | IllegalTicket::Unmergeable => {
            Code::IllegalState
        }
        IllegalTicket::Elsewhere => Code::Forbidden,
        IllegalTicket::ChangedMeanwhile => Code::ChangedMeanwhile,
        IllegalTicket::Missing(_) | IllegalTicket::Value(_) => Code::FieldsMissing,
        IllegalTicket::Empty => Code::Empty,
        IllegalTicket::TooLong => Code::TooLarge,
        IllegalTicket::NoDepartment => Code::NotFound,
    }
}

#[cfg(test)]
mod tests {
    use lt_model::ticket::act::TicketAct;
    use serde_json::json;

    use super::*;
    use crate::sync::{Action, ClientFrame, read_client_frame};

    const ID: &str = "01900000-0000-7000-8000-000000000001";

    fn push(act: &serde_json::Value) -> serde_json::Value {
        json!({"t": "push", "ops": [{"n": 4, "id": ID, "at": 5, "action": {
            "kind": "ticket", "ticket_id": ID, "act": act,
        }}]})
    }

    #[test]
    fn acts_have_the_documented_shape() {
        for (act, name) in [
            (
                json!({"act": "create", "draft": {"type_id": ID, "title": "快递破损",
                    "priority": "high", "group_id": ID, "conversation_id": null,
                    "values": {"amount": {"kind": "money", "value": 6_000},
                        "risk": {"kind": "choices", "value": ["12315"]}}, "note": ""}}),
                "ticket.create",
            ),
            (json!({"act": "claim"}), "ticket.claim"),
            (
                json!({"act": "move", "from": "open", "to": "pending_customer", "note": "请补拍",
                    "until": null}),
                "ticket.move",
            ),
            (
                json!({"act": "transfer", "group_id": ID, "returns": true, "note": "核对流水"}),
                "ticket.transfer",
            ),
            (
                json!({"act": "patch", "changes": [
                    {"of": "priority", "edit": {"rev": 2, "base": "normal", "mine": "high"}},
                    {"of": "value", "key": "serial", "edit": {"rev": 0, "base": null,
                        "mine": {"kind": "text", "value": "5030"}}},
                ]}),
                "ticket.patch",
            ),
            (json!({"act": "merge", "into": ID}), "ticket.merge"),
            (
                json!({"act": "verify", "ok": false, "note": "又坏了"}),
                "ticket.verify",
            ),
        ] {
            let push = push(&act);
            let frame = read_client_frame(&push.to_string()).unwrap();
            assert_eq!(serde_json::to_value(&frame).unwrap(), push);
            let ClientFrame::Push { ops } = frame else {
                panic!("a push");
            };
            assert_eq!(ops[0].action.name(), name);
            assert_eq!(
                ops[0].action.ticket().map(|id| id.to_string()).as_deref(),
                Some(ID)
            );
            assert!(matches!(&ops[0].action, Action::Ticket { act, .. } if act.name() == name));
        }
    }

    #[test]
    fn what_a_desktop_says_beyond_the_words_is_refused() {
        for act in [
            json!({"act": "delete"}),
            json!({"act": "claim", "for": ID}),
            json!({"act": "move", "from": "open", "to": "done", "note": "", "until": null}),
            json!({"act": "verify", "ok": "yes", "note": ""}),
            json!({"act": "patch", "changes": [{"of": "state", "edit": {}}]}),
        ] {
            let read = read_client_frame(&push(&act).to_string());
            assert_eq!(read, Err(Code::BadRequest), "{act}");
        }
        let unit: Result<TicketAct, _> = serde_json::from_value(json!({"act": "claim"}));
        assert_eq!(unit.unwrap(), TicketAct::Claim);
    }
}
