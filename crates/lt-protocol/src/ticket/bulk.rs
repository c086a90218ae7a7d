//! The same act on many tickets: looked at first, done, and taken back where that may be.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use lt_model::{
    id::{AgentId, GroupId, TicketId},
    priority::Priority,
    ticket::TicketState,
};

use crate::code::Code;

/// Most tickets at once.
pub const MAX_TICKETS_AT_ONCE: usize = 500;

/// An act on many tickets.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct TicketBulkArgs {
    /// Which; [`MAX_TICKETS_AT_ONCE`] at the most.
    pub ids: Vec<TicketId>,
    /// What.
    pub act: TicketBulkAct,
    /// Whether it is only looked at what would come of it: nothing is done then.
    pub preview: bool,
}

/// What is done to each of many tickets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "act", rename_all = "snake_case", deny_unknown_fields)]
pub enum TicketBulkAct {
    /// 领取.
    Claim,
    /// 放下.
    Release,
    /// 指派.
    Assign {
        /// To whom.
        agent_id: AgentId,
    },
    /// 转部门.
    Transfer {
        /// To which department.
        department_id: GroupId,
        /// Whether they are expected back.
        returns: bool,
        /// Why; may be empty.
        note: String,
    },
    /// 撤回转交.
    TakeBack {
        /// From the department that they were passed to.
        department_id: GroupId,
    },
    /// Sets the priority.
    Priority {
        /// To this.
        priority: Priority,
    },
    /// Moves them to a state.
    Move {
        /// To this.
        to: TicketState,
    },
}

/// What came of it, or would.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TicketBulkView {
    /// How many it was done to.
    pub done: u32,
    /// How many are asked back, no more: they have left this desk, and the server decides.
    pub asked: u32,
    /// How many are so already.
    pub same: u32,
    /// The others, each with why not.
    pub refused: Vec<TicketBulkRefusal>,
    /// What takes it back, ticket by ticket, where that may be. Empty for a preview.
    pub undo: Vec<TicketUndo>,
}

/// One that it is not done to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TicketBulkRefusal {
    /// Which.
    pub id: TicketId,
    /// `T-00817`; empty where it has none or is not on this desk.
    pub number: String,
    /// Its masked title.
    pub title: String,
    /// Why not.
    pub code: Code,
    /// Who has it, where that is why.
    pub holder: String,
}

/// What takes back what was done to a ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct TicketUndo {
    /// Which.
    pub id: TicketId,
    /// What is done to it.
    pub act: TicketBulkAct,
}

/// What is to be taken back.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct TicketUndoArgs {
    /// It, as it was answered.
    pub undo: Vec<TicketUndo>,
}
