//! Tickets (工单): work that may cross departments, with a form, promises and a history.
//!
//! A department (部门) is a skill group. A ticket is with one of them; those that passed it on and
//! expect it back wait for it, see it, and may comment. The one that passed it on last sees it as long
//! as it may be taken back.
//!
//! **Invariant:** a ticket's state, department, deadlines and history change together, by the moves
//! of [`moves`] alone; server and desktop run the same ones.
//!
//! **Invariant:** events are only added. What somebody was told stays told.

pub mod act;

pub mod event;

pub mod kind;

mod kind_check;

pub mod moves;

pub mod passed;

pub mod patch;

pub mod standard;

pub mod value;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    Millis,
    contact::ValueTier,
    id::{AgentId, ContactId, ConversationId, GroupId, TicketId, TicketTypeId},
    priority::Priority,
    sla::{Deadline, SlaMetric, SlaPolicy},
};

pub use event::{TicketActor, TicketEvent, TicketEventKind};
pub use kind::{TicketField, TicketFieldKind, TicketRequired, TicketSource, TicketType};
pub use kind_check::{TicketFieldPart, TicketTypeFault, TicketTypePlace, TicketTypeWhy};
pub use passed::TicketPassed;
pub use value::TicketValue;

/// Longest title, in characters.
pub const MAX_TITLE_CHARS: usize = 120;
/// Longest comment or note of a move, in bytes of UTF-8.
pub const MAX_NOTE_BYTES: usize = 4_000;
/// Most bytes of the texts of all events together.
pub const MAX_EVENT_TEXT_BYTES: usize = 200_000;
/// Most events.
pub const MAX_EVENTS: usize = 1_000;
/// Most conversations of one ticket.
pub const MAX_CONVERSATIONS: usize = 50;
/// After so long a resolved ticket that nobody looked at again is closed.
pub const CLOSE_AFTER_MS: Millis = 72 * 3_600_000;

/// Where a ticket stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TicketState {
    /// 新建: nobody has taken it up.
    New,
    /// 处理中.
    Open,
    /// 待客户: the customer has to act; promises are paused.
    PendingCustomer,
    /// 搁置: nothing can be done before a day; promises are paused.
    OnHold,
    /// 已解决: to be verified.
    Resolved,
    /// 已关闭: for good.
    Closed,
    /// 已取消: for good.
    Cancelled,
}

impl TicketState {
    /// All, in the order of a board.
    pub const ALL: [Self; 7] = [
        Self::New,
        Self::Open,
        Self::PendingCustomer,
        Self::OnHold,
        Self::Resolved,
        Self::Closed,
        Self::Cancelled,
    ];

    /// The states that a ticket may be moved to from this one.
    #[must_use]
    pub fn next(self) -> &'static [Self] {
        use TicketState as S;
        match self {
            S::New => &[
                S::Open,
                S::PendingCustomer,
                S::OnHold,
                S::Resolved,
                S::Cancelled,
            ],
            S::Open => &[S::PendingCustomer, S::OnHold, S::Resolved, S::Cancelled],
            S::PendingCustomer => &[S::Open, S::OnHold, S::Resolved, S::Cancelled],
            S::OnHold => &[S::Open, S::PendingCustomer, S::Resolved, S::Cancelled],
            S::Resolved => &[S::Open, S::Closed],
            S::Closed | S::Cancelled => &[],
        }
    }

    /// Whether work is still to be done.
    #[must_use]
    pub fn is_unfinished(self) -> bool {
        match self {
            Self::New | Self::Open | Self::PendingCustomer | Self::OnHold => true,
            Self::Resolved | Self::Closed | Self::Cancelled => false,
        }
    }

    /// Whether nothing more may become of it.
    #[must_use]
    pub fn is_final(self) -> bool {
        self.next().is_empty()
    }
}

/// An agent, with a copy of the name that outlives the account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketPerson {
    /// The account.
    pub agent: AgentId,
    /// Its name.
    pub name: String,
}

/// A department that had it, has it, or sends it on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketStep {
    /// Which.
    pub group: GroupId,
    /// Who had it there last.
    pub person: Option<TicketPerson>,
    /// Since when.
    pub entered_at: Millis,
    /// Until when; none for where it is.
    pub left_at: Option<Millis>,
}

/// A department that expects it back, the one that it returns to first last.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketWaiting {
    /// Which.
    pub group: GroupId,
    /// Who passed it on, and is told.
    pub person: TicketPerson,
    /// Since when.
    pub since: Millis,
}

/// The customer, as they were known when the ticket was made: other departments may not see the
/// contact itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketCustomer {
    /// The contact.
    pub contact_id: ContactId,
    /// Name, unmasked; empty when unknown.
    pub name: String,
    /// Value to the shop.
    pub tier: ValueTier,
}

/// A conversation that it is about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketConversation {
    /// Which.
    pub id: ConversationId,
    /// Its short number.
    pub number: u64,
}

/// Another ticket.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketLink {
    /// Which.
    pub id: TicketId,
    /// Its short number.
    pub number: u64,
}

/// A unit of work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticket {
    /// Its id, made by the desktop.
    pub id: TicketId,
    /// Short number, shown as `T-00817`; 0 until the server has it.
    pub number: u64,
    /// Its type.
    pub type_id: TicketTypeId,
    /// What it is about, in one line.
    pub title: String,
    /// Where it stands.
    pub state: TicketState,
    /// How soon it is needed.
    pub priority: Priority,
    /// The department that has it.
    pub group_id: GroupId,
    /// Who has it there.
    pub assignee: Option<TicketPerson>,
    /// The departments so far; the last one is where it is.
    pub path: Vec<TicketStep>,
    /// Departments that it goes to next as a rule of its type.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ahead: Vec<GroupId>,
    /// Departments that expect it back.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub waiting: Vec<TicketWaiting>,
    /// How it stood before it was passed on last, until where it went somebody acts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passed: Option<Box<TicketPassed>>,
    /// For whom.
    pub customer: Option<TicketCustomer>,
    /// From which conversations.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub conversations: Vec<TicketConversation>,
    /// The form, by the keys of the type's fields.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<String, TicketValue>,
    /// How often title, priority and fields were changed, see [`patch`].
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub revs: BTreeMap<String, u64>,
    /// Until when it is on hold, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hold_until: Option<Millis>,
    /// The one that it was merged into.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merged_into: Option<TicketLink>,
    /// What was promised when it was made.
    pub sla: SlaPolicy,
    /// The promises, oldest first.
    pub deadlines: Vec<Deadline>,
    /// Its history, oldest first.
    pub events: Vec<TicketEvent>,
    /// Who made it.
    pub created_by: TicketPerson,
    /// When.
    pub created_at: Millis,
    /// When anything last happened.
    pub updated_at: Millis,
    /// When it was resolved, if it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resolved_at: Option<Millis>,
    /// How often it was opened again.
    #[serde(default)]
    pub reopened_count: u32,
}

impl Ticket {
    /// Whether one of these departments has it.
    #[must_use]
    pub fn is_with(&self, groups: &[GroupId]) -> bool {
        groups.contains(&self.group_id)
    }

    /// Whether one of these departments expects it back.
    #[must_use]
    pub fn is_awaited_by(&self, groups: &[GroupId]) -> bool {
        self.waiting
            .iter()
            .any(|waiting| groups.contains(&waiting.group))
    }

    /// The departments that see it: the one that has it, those that wait, and the one that passed it
    /// on, as long as it may take it back.
    #[must_use]
    pub fn seen_by(&self) -> Vec<GroupId> {
        let waiting = self.waiting.iter().map(|waiting| waiting.group);
        let passed = self.passed.as_deref().map(|passed| passed.from);
        let mut groups: Vec<GroupId> = std::iter::once(self.group_id)
            .chain(waiting)
            .chain(passed)
            .collect();
        groups.sort_unstable();
        groups.dedup();
        groups
    }

    /// The departments still to come: those of the type's path, then those that expect it back.
    #[must_use]
    pub fn ahead(&self) -> Vec<GroupId> {
        let mut ahead = self.ahead.clone();
        ahead.extend(self.waiting.iter().rev().map(|waiting| waiting.group));
        ahead.dedup();
        ahead
    }

    /// The promise that is shown first: a broken one that is still open, else the one that is due
    /// first, else one that is paused.
    #[must_use]
    pub fn pressing(&self) -> Option<&Deadline> {
        self.deadlines
            .iter()
            .filter(|deadline| deadline.is_open())
            .min_by_key(|deadline| {
                let is_paused = deadline.is_paused();
                (is_paused, deadline.due_at.unwrap_or(Millis::MAX))
            })
    }

    /// The promise of a metric that is open.
    #[must_use]
    pub fn open_deadline(&self, metric: SlaMetric) -> Option<&Deadline> {
        self.deadlines
            .iter()
            .find(|deadline| deadline.metric == metric && deadline.is_open())
    }

    /// When [`Ticket::tick`](moves) has something to do next.
    #[must_use]
    pub fn rings_at(&self) -> Option<Millis> {
        let deadlines = self.deadlines.iter().filter_map(Deadline::rings_at).min();
        let hold = match self.state {
            TicketState::OnHold => self.hold_until,
            TicketState::New
            | TicketState::Open
            | TicketState::PendingCustomer
            | TicketState::Resolved
            | TicketState::Closed
            | TicketState::Cancelled => None,
        };
        let close = match self.state {
            TicketState::Resolved => self.resolved_at.map(|at| at + CLOSE_AFTER_MS),
            TicketState::New
            | TicketState::Open
            | TicketState::PendingCustomer
            | TicketState::OnHold
            | TicketState::Closed
            | TicketState::Cancelled => None,
        };
        [deadlines, hold, close].into_iter().flatten().min()
    }
}

#[cfg(test)]
mod tests;
