//! The bell: what the agent was told, kept on this desk so that it can be read again.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use lt_model::{
    Millis,
    alert::Severity,
    id::{AlertId, ConversationId, QaReviewId, TicketId},
    routing::ReturnReason,
};

use crate::{alert::AlertNews, event::NoticeCode, ticket::TicketNews};

/// What the agent was told. It names no customer and says nothing that anybody wrote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum BellNews {
    /// A colleague named the agent in a note.
    Mentioned {
        /// Where.
        conversation_id: ConversationId,
        /// Its number.
        number: String,
    },
    /// A lead whispered to the agent, or an agent to the lead.
    Whispered {
        /// Where.
        conversation_id: ConversationId,
        /// Its number.
        number: String,
    },
    /// A conversation went back to the queue.
    Returned {
        /// Which.
        conversation_id: ConversationId,
        /// Its number.
        number: String,
        /// Why.
        reason: ReturnReason,
    },
    /// What the agent had set aside is open again.
    Woken {
        /// Which.
        conversation_id: ConversationId,
        /// Its number.
        number: String,
    },
    /// Something happened to a ticket.
    Ticket {
        /// Which.
        ticket_id: TicketId,
        /// Its number.
        number: String,
        /// What.
        news: TicketNews,
    },
    /// An alert came up, was told to more people, or is over.
    Alert {
        /// Which.
        alert_id: AlertId,
        /// Its rule's name.
        name: String,
        /// How bad.
        severity: Severity,
        /// What.
        news: AlertNews,
    },
    /// A review of the agent's own work was done or decided about, or one of theirs was appealed
    /// against.
    Review {
        /// Which.
        review_id: QaReviewId,
        /// Number of the conversation.
        number: String,
        /// What.
        news: ReviewNews,
    },
    /// A notice.
    Notice {
        /// What.
        code: NoticeCode,
    },
}

/// What happened to a review.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ReviewNews {
    /// 已质检: for the agent.
    Scored,
    /// 申诉: for the reviewer.
    Appealed,
    /// 维持原判: for the agent.
    Upheld,
    /// 改判: for the agent.
    Changed,
}

/// A line of the bell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BellLine {
    /// Its number: a newer one has a higher one.
    pub n: u32,
    /// When.
    pub at: Millis,
    /// What.
    pub what: BellNews,
}

/// The bell, the newest line first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BellView {
    /// What was told.
    pub lines: Vec<BellLine>,
    /// Lines after this number have not been seen.
    pub seen: u32,
    /// How many those are.
    pub n_new: u32,
}

/// The agent has seen the bell.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct BellSeenArgs {
    /// Up to this number.
    pub up_to: u32,
}
