//! Views of the tickets (保存的视图) that agents keep by name.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use lt_model::{id::TicketTypeId, priority::Priority, ticket::TicketState};

use super::{TicketDue, TicketScope, TicketSort};

/// Longest words to look for that a view keeps, in characters.
const MAX_QUERY_CHARS: usize = 200;
/// Most choices of a kind that a view keeps.
const MAX_CHOICES: usize = 100;

/// How tickets are laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TicketLayout {
    /// 看板: in columns by state.
    Board,
    /// 表格.
    Table,
}

/// Which tickets of a scope; what is left out does not count.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
pub struct SavedTicketFilter {
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
}

impl SavedTicketFilter {
    /// Whether it is of a size that somebody chooses.
    #[must_use]
    pub fn is_fit(&self) -> bool {
        let lengths = [self.states.len(), self.types.len(), self.priorities.len()];
        lengths.into_iter().all(|n| n <= MAX_CHOICES)
            && self.query.chars().count() <= MAX_QUERY_CHARS
    }
}

/// A way to look at the tickets, with a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SavedTicketView {
    /// What it is called.
    pub name: String,
    /// How they are laid out.
    pub layout: TicketLayout,
    /// Which part.
    pub scope: TicketScope,
    /// In which order.
    pub sort: TicketSort,
    /// The other way round.
    pub reversed: bool,
    /// Filter.
    pub filter: SavedTicketFilter,
}

/// The views of the tickets that the agent saved, at whichever desk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SavedTicketViews {
    /// They.
    pub views: Vec<SavedTicketView>,
}

/// Keeps a view.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SavedTicketArgs {
    /// It, under its name.
    pub view: SavedTicketView,
    /// The name that it had before, where it gets another one.
    pub was: Option<String>,
}
