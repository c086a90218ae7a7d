//! What happened to a ticket (工单流转).

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    Millis,
    id::{AgentId, GroupId, OpId},
    message::TicketMilestone,
    priority::Priority,
    sla::{PauseReason, SlaMetric},
    ticket::{MAX_EVENT_TEXT_BYTES, MAX_EVENTS, Ticket, TicketPerson},
};

/// Who did it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum TicketActor {
    /// The clock, or the customer's message.
    System,
    /// An agent.
    Agent(TicketPerson),
}

/// One event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketEvent {
    /// When.
    pub at: Millis,
    /// Who.
    pub by: TicketActor,
    /// The department that had it then.
    pub group: GroupId,
    /// The operation of a desktop that it was done by.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub op: Option<OpId>,
    /// What.
    pub what: TicketEventKind,
}

/// What it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum TicketEventKind {
    /// 建单.
    Created {
        /// Number of the conversation that it came from.
        conversation: Option<u64>,
    },
    /// 领取.
    Claimed,
    /// 指派.
    Assigned {
        /// To whom, by name.
        to: String,
    },
    /// 放下: whoever had it gave it up, or works in the department no more.
    LetGo,
    /// 转部门.
    Transferred {
        /// To which department, by name.
        to: String,
        /// Why.
        note: String,
        /// Whether it is expected back.
        returns: bool,
    },
    /// 退回.
    Returned {
        /// To which department, by name.
        to: String,
        /// What came of it.
        note: String,
    },
    /// 撤回转交: whoever passed it on took it back.
    TakenBack {
        /// To which department, by name.
        to: String,
    },
    /// 升级, or the reverse.
    Escalated {
        /// Priority before.
        from: Priority,
        /// Priority now.
        to: Priority,
    },
    /// 暂停.
    Paused {
        /// Why.
        why: PauseReason,
        /// Until when, where that is known.
        until: Option<Millis>,
        /// What for.
        note: String,
    },
    /// 恢复.
    Resumed {
        /// A word about it.
        note: String,
    },
    /// 解决.
    Resolved {
        /// How.
        note: String,
    },
    /// 重新打开.
    Reopened {
        /// Why.
        note: String,
    },
    /// 验收通过.
    VerifiedOk {
        /// A word about it.
        note: String,
    },
    /// 验收不通过: it is open again.
    VerifiedFail {
        /// Why.
        note: String,
    },
    /// Closed by the clock, since nobody looked at it again.
    Closed,
    /// 合并: it was merged into another one.
    MergedInto {
        /// Number of that one.
        number: u64,
    },
    /// 合并: another one was merged into it.
    Merged {
        /// Number of that one.
        number: u64,
        /// Its title.
        title: String,
    },
    /// 取消.
    Cancelled {
        /// Why.
        note: String,
    },
    /// 备注.
    Commented {
        /// The text.
        text: String,
        /// Colleagues who are told of it.
        #[serde(default)]
        mentions: Vec<AgentId>,
    },
    /// 修改.
    Edited {
        /// Labels of what was changed; empty for the title.
        labels: Vec<String>,
    },
    /// 时限将到.
    Warned {
        /// Which promise.
        metric: SlaMetric,
    },
    /// 超时.
    Breached {
        /// Which promise.
        metric: SlaMetric,
    },
}

/// The free text of an event, borrowed as the event is.
macro_rules! free_text {
    ($what:expr) => {
        match $what {
            TicketEventKind::Transferred { note, .. }
            | TicketEventKind::Returned { note, .. }
            | TicketEventKind::Paused { note, .. }
            | TicketEventKind::Resumed { note }
            | TicketEventKind::Resolved { note }
            | TicketEventKind::Reopened { note }
            | TicketEventKind::VerifiedOk { note }
            | TicketEventKind::VerifiedFail { note }
            | TicketEventKind::Cancelled { note } => Some(note),
            TicketEventKind::Commented { text, .. } => Some(text),
            TicketEventKind::Merged { title, .. } => Some(title),
            TicketEventKind::Created { .. }
            | TicketEventKind::Claimed
            | TicketEventKind::Assigned { .. }
            | TicketEventKind::LetGo
            | TicketEventKind::TakenBack { .. }
            | TicketEventKind::Escalated { .. }
            | TicketEventKind::Closed
            | TicketEventKind::MergedInto { .. }
            | TicketEventKind::Edited { .. }
            | TicketEventKind::Warned { .. }
            | TicketEventKind::Breached { .. } => None,
        }
    };
}

impl TicketEventKind {
    /// Bytes of free text in it.
    #[must_use]
    pub fn text_bytes(&self) -> usize {
        self.text().map_or(0, str::len)
    }

    /// The free text in it, which may hold personal data.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        free_text!(self).map(String::as_str)
    }

    /// The same, to be masked.
    pub fn text_mut(&mut self) -> Option<&mut String> {
        free_text!(self)
    }

    /// The colleagues who are told of it.
    #[must_use]
    pub fn mentions(&self) -> &[AgentId] {
        match self {
            Self::Commented { mentions, .. } => mentions,
            Self::Created { .. }
            | Self::Claimed
            | Self::Assigned { .. }
            | Self::LetGo
            | Self::Transferred { .. }
            | Self::Returned { .. }
            | Self::TakenBack { .. }
            | Self::Escalated { .. }
            | Self::Paused { .. }
            | Self::Resumed { .. }
            | Self::Resolved { .. }
            | Self::Reopened { .. }
            | Self::VerifiedOk { .. }
            | Self::VerifiedFail { .. }
            | Self::Closed
            | Self::MergedInto { .. }
            | Self::Merged { .. }
            | Self::Cancelled { .. }
            | Self::Edited { .. }
            | Self::Warned { .. }
            | Self::Breached { .. } => &[],
        }
    }

    /// What of it a conversation tells that the ticket is about: where it stands, and no word that
    /// anybody wrote.
    #[must_use]
    pub fn milestone(&self) -> Option<TicketMilestone> {
        Some(match self {
            Self::Created { .. } => TicketMilestone::Filed,
            Self::Transferred { to, .. } => TicketMilestone::Transferred { to: to.clone() },
            Self::Returned { to, .. } => TicketMilestone::Returned { to: to.clone() },
            Self::TakenBack { to } => TicketMilestone::TakenBack { to: to.clone() },
            Self::Paused {
                why: PauseReason::OnHold,
                until,
                ..
            } => TicketMilestone::OnHold { until: *until },
            Self::Paused {
                why: PauseReason::PendingCustomer,
                ..
            } => TicketMilestone::WaitsForCustomer,
            Self::Resolved { .. } => TicketMilestone::Resolved,
            Self::Reopened { .. } | Self::VerifiedFail { .. } => TicketMilestone::Reopened,
            Self::VerifiedOk { .. } | Self::Closed => TicketMilestone::Closed,
            Self::MergedInto { number } => TicketMilestone::MergedInto { number: *number },
            Self::Cancelled { .. } => TicketMilestone::Cancelled,
            Self::Breached { metric } => TicketMilestone::Late { metric: *metric },
            Self::Claimed
            | Self::Assigned { .. }
            | Self::LetGo
            | Self::Escalated { .. }
            | Self::Paused {
                why: PauseReason::Snoozed,
                ..
            }
            | Self::Resumed { .. }
            | Self::Merged { .. }
            | Self::Commented { .. }
            | Self::Edited { .. }
            | Self::Warned { .. } => return None,
        })
    }
}

impl Ticket {
    /// Whether another event with so much text fits.
    pub(super) fn has_room(&self, n_bytes: usize) -> bool {
        let told: usize = self
            .events
            .iter()
            .map(|event| event.what.text_bytes())
            .sum();
        self.events.len() < MAX_EVENTS && told + n_bytes <= MAX_EVENT_TEXT_BYTES
    }

    /// Whether it has what an operation did.
    #[must_use]
    pub fn has_taken(&self, op: OpId) -> bool {
        self.events.iter().rev().any(|event| event.op == Some(op))
    }

    pub(super) fn tell(
        &mut self,
        by: TicketActor,
        op: Option<OpId>,
        what: TicketEventKind,
        at: Millis,
    ) {
        self.updated_at = self.updated_at.max(at);
        self.events.push(TicketEvent {
            at,
            by,
            group: self.group_id,
            op,
            what,
        });
    }
}
