//! What happened in a conversation, as far as the numbers ask.

use serde::{Deserialize, Serialize};

use crate::Millis;

/// One thing that happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// When.
    pub at: Millis,
    /// What.
    pub kind: EventKind,
}

/// What it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// The conversation began.
    Opened,
    /// The bot answered.
    AutoAnswered,
    /// It was given to people.
    HandedOver,
    /// A person wrote; only the first one after the hand-over is a first response.
    FirstResponse,
    /// It was resolved.
    Resolved,
    /// It came back.
    Reopened,
    /// The customer was asked for a mark, or gave one.
    Csat {
        /// The mark; none while it is only asked for.
        score: Option<u8>,
    },
    /// The bot had its turn.
    Turn {
        /// Whether it ended in an error, a time-out or no answer.
        failed: bool,
    },
    /// It waits in the queue from now on.
    Queued,
    /// It does no more.
    Unqueued,
    /// Whoever has it set it aside: no handling until it is taken up again.
    Paused,
    /// It was taken up again.
    Resumed,
}

impl EventKind {
    /// Which of two that happened at one moment came first, whatever the order of the lines: as a
    /// conversation goes.
    pub(super) fn rank(self, is_resolved: bool, is_queued: bool, is_paused: bool) -> u8 {
        match self {
            Self::Opened => 0,
            Self::Turn { .. } | Self::AutoAnswered => 1,
            Self::HandedOver => 2,
            Self::Unqueued if is_queued => 3,
            Self::Queued => 4,
            Self::Unqueued => 5,
            Self::Resumed if is_paused => 6,
            Self::FirstResponse => 7,
            Self::Paused => 8,
            Self::Resumed => 9,
            Self::Reopened if is_resolved => 10,
            Self::Resolved => 11,
            Self::Reopened => 12,
            Self::Csat { .. } => 13,
        }
    }
}
