//! Tickets (工单) as a window shows and moves them. Texts and names in here are masked; a value that
//! is not shown in full is kept when the agent leaves it as it is.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use lt_model::{
    Millis,
    contact::ValueTier,
    id::{ContactId, ConversationId, GroupId, TicketId, TicketTypeId},
    priority::Priority,
    sla::SlaMetric,
    ticket::{TicketState, moves::IllegalTicket},
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
    /// 提到我: with a note that names the agent, which they have not looked at yet.
    Mentioned,
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
    /// 提到我, the ended ones too.
    pub mentioned: u32,
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
    /// Whether a note names the agent, which they have not looked at yet.
    pub mentioned: bool,
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

mod act;

mod bulk;

mod open;

mod saved;

pub use act::*;
pub use bulk::*;
pub use open::*;
pub use saved::*;

/// The code of an illegal move.
#[must_use]
pub fn code_of(why: &IllegalTicket) -> Code {
    match why {
        IllegalTicket::HeldBy(_) => Code::HeldByOther,
        IllegalTicket::State(_) | IllegalTicket::NobodyWaits | IllegalTicket::Unmergeable => {
            Code::IllegalState
        }
        IllegalTicket::TakenUp => Code::TakenUp,
        IllegalTicket::Elsewhere => Code::Forbidden,
        IllegalTicket::ChangedMeanwhile => Code::ChangedMeanwhile,
        IllegalTicket::Missing(_) | IllegalTicket::Value(_) => Code::FieldsMissing,
        IllegalTicket::Empty => Code::Empty,
        IllegalTicket::TooLong => Code::TooLarge,
        IllegalTicket::NoDepartment => Code::NotFound,
    }
}

#[cfg(test)]
mod tests;
