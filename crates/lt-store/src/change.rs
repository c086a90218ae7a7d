//! What a committed transaction changed, for windows, notifications and the sync client.

use std::collections::BTreeSet;

use lt_model::{
    Millis,
    alert::Alert,
    id::{ConversationId, MessageId, OpId, TicketId},
};
use lt_protocol::{alert::AlertNews, code::Code, event::Tag, ticket::TicketNews};

/// What a committed transaction changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// What a window may have cached of it.
    pub tags: Vec<Tag>,
    /// What an agent may want to be told of.
    pub news: Vec<News>,
    /// Whether an operation was put into the outbox.
    pub outbox_grew: bool,
}

/// Something that an agent may want to be told of. The first fetch of a stream makes no news.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum News {
    /// The customer wrote.
    CustomerWrote {
        /// Where.
        conversation_id: ConversationId,
        /// What.
        message_id: MessageId,
        /// When, by the server.
        at: Millis,
    },
    /// A note names the agent at this desk.
    Mentioned {
        /// Where.
        conversation_id: ConversationId,
        /// The note.
        message_id: MessageId,
    },
    /// A lead or the agent at a conversation whispered to the agent at this desk.
    Whispered {
        /// Where.
        conversation_id: ConversationId,
    },
    /// A conversation is offered to the agent at this desk.
    Offered {
        /// Which.
        conversation_id: ConversationId,
    },
    /// What the agent at this desk had set aside is open again, by time or by a colleague. That they
    /// opened it themselves, and that the customer wrote, is told otherwise.
    Woken {
        /// Which.
        conversation_id: ConversationId,
    },
    /// A conversation came into the queue.
    Queued {
        /// Which.
        conversation_id: ConversationId,
    },
    /// An operation was answered: it is done.
    Delivered {
        /// Which.
        op_id: OpId,
        /// Where, if somewhere.
        conversation_id: Option<ConversationId>,
        /// The message that it sent, if one.
        message_id: Option<MessageId>,
        /// When it was made here: long ago if the desk was offline.
        made_at: Millis,
    },
    /// Something happened to a ticket that concerns the agent.
    Ticket {
        /// Which.
        ticket_id: TicketId,
        /// Its number; 0 until the server has it.
        number: u64,
        /// What.
        news: TicketNews,
    },
    /// An alert came up, was told to more people, or is over.
    Alert {
        /// Which, as it stands now.
        alert: Box<Alert>,
        /// What.
        news: AlertNews,
    },
    /// Fields of an edit were changed by somebody else meanwhile; the edit is kept.
    Conflicted {
        /// Where.
        conversation_id: ConversationId,
    },
    /// An operation was refused; it is kept.
    Refused {
        /// Which.
        op_id: OpId,
        /// Where, if somewhere.
        conversation_id: Option<ConversationId>,
        /// The message that it would have sent, if one.
        message_id: Option<MessageId>,
        /// Why.
        code: Code,
    },
}

/// Collects what a transaction touches.
#[derive(Debug, Default)]
pub(crate) struct Touched {
    pub(crate) inbox: bool,
    pub(crate) faq: bool,
    pub(crate) engine: bool,
    pub(crate) canned: bool,
    pub(crate) alerts: bool,
    pub(crate) alert_rules: bool,
    pub(crate) personal: bool,
    pub(crate) surveys: bool,
    pub(crate) quality: bool,
    pub(crate) bell: bool,
    pub(crate) metrics: bool,
    pub(crate) outbox: bool,
    pub(crate) outbox_grew: bool,
    pub(crate) settings: bool,
    pub(crate) conversations: BTreeSet<ConversationId>,
    pub(crate) tickets: BTreeSet<TicketId>,
    pub(crate) ticket_types: bool,
    pub(crate) news: Vec<News>,
}

impl Touched {
    /// One conversation, and with it every list that may show it.
    pub(crate) fn conversation(&mut self, id: ConversationId) {
        self.inbox = true;
        self.conversations.insert(id);
    }

    /// One ticket, and with it every list that may show it.
    pub(crate) fn ticket(&mut self, id: TicketId) {
        self.tickets.insert(id);
    }

    pub(crate) fn into_change(self) -> Change {
        let flags = [
            (self.inbox, Tag::Inbox),
            (self.faq, Tag::Faq),
            (self.engine, Tag::Engine),
            (self.canned, Tag::Canned),
            (self.alerts, Tag::Alerts),
            (self.alert_rules, Tag::AlertRules),
            (self.personal, Tag::Personal),
            (self.surveys, Tag::Surveys),
            (self.quality, Tag::Quality),
            (self.bell, Tag::Bell),
            (self.metrics, Tag::Metrics),
            (self.outbox, Tag::Outbox),
            (self.settings, Tag::Settings),
            (!self.tickets.is_empty(), Tag::Tickets),
            (self.ticket_types, Tag::TicketTypes),
        ];
        let flagged = flags.into_iter().filter_map(|(on, tag)| on.then_some(tag));
        let conversations = self.conversations.into_iter();
        let tickets = self.tickets.into_iter();
        Change {
            tags: flagged
                .chain(conversations.map(|id| Tag::Conversation { id }))
                .chain(tickets.map(|id| Tag::Ticket { id }))
                .collect(),
            news: self.news,
            outbox_grew: self.outbox_grew,
        }
    }
}
