//! What a committed transaction changed, for windows, notifications and the sync client.

use std::collections::BTreeSet;

use lt_model::{
    Millis,
    id::{ConversationId, MessageId, OpId},
};
use lt_protocol::{code::Code, event::Tag};

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
    pub(crate) outbox: bool,
    pub(crate) outbox_grew: bool,
    pub(crate) settings: bool,
    pub(crate) conversations: BTreeSet<ConversationId>,
    pub(crate) news: Vec<News>,
}

impl Touched {
    /// One conversation, and with it every list that may show it.
    pub(crate) fn conversation(&mut self, id: ConversationId) {
        self.inbox = true;
        self.conversations.insert(id);
    }

    pub(crate) fn into_change(self) -> Change {
        let flags = [
            (self.inbox, Tag::Inbox),
            (self.faq, Tag::Faq),
            (self.engine, Tag::Engine),
            (self.outbox, Tag::Outbox),
            (self.settings, Tag::Settings),
        ];
        let flagged = flags.into_iter().filter_map(|(on, tag)| on.then_some(tag));
        let conversations = self.conversations.into_iter();
        Change {
            tags: flagged
                .chain(conversations.map(|id| Tag::Conversation { id }))
                .collect(),
            news: self.news,
            outbox_grew: self.outbox_grew,
        }
    }
}
