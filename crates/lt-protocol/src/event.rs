//! Events from the console's Rust side to its windows: a closed set. A window invalidates what it
//! has cached by tag; it never polls.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    alert::AlertNews,
    ticket::TicketNews,
    view::{ConnectionView, SessionView},
};
use lt_model::{
    agent::Doing,
    alert::Severity,
    id::{AlertId, AttachmentId, ConversationId, TicketId},
};

/// Names something that a window may have cached.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(tag = "tag", rename_all = "snake_case")]
pub enum Tag {
    /// Any list of conversations, and the counts.
    Inbox,
    /// One conversation, its messages and its suggestions.
    Conversation {
        /// Which.
        id: ConversationId,
    },
    /// What other systems know of the customer of a conversation.
    Customer {
        /// Which.
        id: ConversationId,
    },
    /// The cached knowledge, and with it every suggestion.
    Faq,
    /// What waits to be sent.
    Outbox,
    /// The settings of this installation.
    Settings,
    /// The engine's settings of the organisation.
    Engine,
    /// Canned replies and macros.
    Canned,
    /// What the agent set for themselves, such as views.
    Personal,
    /// Alerts, and how many are open.
    Alerts,
    /// Alert rules.
    AlertRules,
    /// What customers said of the service.
    Surveys,
    /// Reviews, what further reviewers found, forms and sampling rules.
    Quality,
    /// What the agent was told.
    Bell,
    /// How far the check of the knowledge has come.
    Health,
    /// The keys of the local store, and how far a change of them has come.
    Security,
    /// The backups of the local store.
    Backup,
    /// The numbers of the service.
    Metrics,
    /// Any list of tickets, and the counts.
    Tickets,
    /// One ticket.
    Ticket {
        /// Which.
        id: TicketId,
    },
    /// The types of tickets, and the departments.
    TicketTypes,
}

/// One event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum UiEvent {
    /// What these tags name has changed.
    Changed {
        /// Them.
        tags: Vec<Tag>,
    },
    /// The connection changed.
    Connection(ConnectionView),
    /// The session changed: signed in, locked, signed out.
    Session(SessionView),
    /// The customer is typing; forget it after six seconds.
    CustomerTyping {
        /// Where.
        conversation_id: ConversationId,
    },
    /// A colleague looks at a conversation or writes in it: forget it after 45 seconds, writing after
    /// six; or has left it.
    Colleague {
        /// Where.
        conversation_id: ConversationId,
        /// Shown name.
        name: String,
        /// Whether they supervise.
        #[serde(default)]
        #[ts(as = "Option<bool>", optional)]
        is_lead: bool,
        /// What.
        doing: Doing,
    },
    /// Show this conversation: a notification was clicked.
    Open {
        /// Which.
        conversation_id: ConversationId,
    },
    /// Show this ticket: a notification was clicked.
    OpenTicket {
        /// Which.
        ticket_id: TicketId,
    },
    /// Show this alert: it was asked for outside of the agent's window.
    OpenAlert {
        /// Which.
        alert_id: AlertId,
    },
    /// Something happened to a ticket that the agent should know of.
    Ticket {
        /// Which.
        ticket_id: TicketId,
        /// Its number.
        number: String,
        /// What.
        news: TicketNews,
    },
    /// An alert came up, was told to more people, or is over. Only where the agent wants a popup of what
    /// is so bad, and not in quiet hours.
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
    /// How far a file has come on its way.
    File {
        /// Which.
        file_id: AttachmentId,
        /// Whether it goes to the server; it comes from there else.
        is_upload: bool,
        /// Bytes that have passed.
        done: u32,
        /// Of so many.
        total: u32,
    },
    /// Something that the agent should know, shown as a notice by its code.
    Notice {
        /// What.
        code: NoticeCode,
    },
}

/// What a notice says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum NoticeCode {
    /// The system shows no notifications; new conversations are told inside the window.
    NotificationsUnavailable,
    /// A new conversation waits (used where the system shows no notifications).
    NewConversation,
    /// The search index was damaged and has been rebuilt from the store.
    IndexRebuilt,
    /// The local store was damaged, was set aside, and is fetched again; unsent replies were kept.
    StoreReplaced,
    /// The local store was damaged and replaced; what had not been sent could not be read.
    StoreReplacedUnsentLost,
    /// The local store's key was a year old, and was changed.
    KeyChanged,
    /// The local store's key is more than a year old: the agent should change it.
    KeyDue,
    /// A colleague named the agent in a note (used where the system shows no notification).
    Mentioned,
    /// A lead, or the agent at a conversation, whispered (used where the system shows no notification).
    Whispered,
    /// What the agent had set aside is open again (used where the system shows no notification).
    Woken,
    /// An unsent reply was delivered now.
    PendingDelivered,
    /// A reply was refused and is kept in the outbox.
    ReplyRefused,
    /// Somebody else changed what the agent edited; the edit is kept in the outbox.
    EditConflict,
    /// The server has not been there for a minute (told to those who lead).
    ServerLost,
    /// The server is there again, after that.
    ServerBack,
    /// The sentence encoder that the desk was started with cannot be used; the log says why.
    EncoderUnusable,
}
