//! A conversation being written to: the new messages get their places and are stored together with
//! it.

use lt_db::{
    Tx,
    table::{
        contact,
        conversation::{self, Added, Seen},
        counter,
        inbox::Inbox,
        message::{self, Stored},
    },
};
use lt_model::{
    Millis,
    conversation::{Conversation, Handler, Status},
    dialogue::Dialogue,
    id::{ContactId, MessageId},
    message::{Author, Content, Delivery, Event, Message},
    priority::Priority,
};

use crate::{error::Error, ids};

/// A conversation with messages that are not stored yet.
pub(crate) struct Thread {
    pub(crate) conversation: Conversation,
    kept: Kept,
    fresh: Vec<Message>,
}

/// How it is in the store.
enum Kept {
    /// Not yet.
    Not,
    /// As it was read, or in another group.
    Somewhere,
    /// In the group that it has.
    Here,
}

/// What was stored.
pub(crate) struct Saved {
    pub(crate) conversation: Conversation,
    pub(crate) messages: Vec<Stored>,
}

impl Saved {
    /// Place in the customer's history before what was stored.
    pub(crate) fn before(&self) -> u64 {
        let first = self.messages.first().map_or(1, |stored| stored.contact_seq);
        first.saturating_sub(1)
    }
}

impl Thread {
    /// Goes on with a stored one.
    pub(crate) fn resume(conversation: Conversation) -> Self {
        Self {
            conversation,
            kept: Kept::Somewhere,
            fresh: Vec::new(),
        }
    }

    /// Goes on with one that was read in this act, in the group in which it stays.
    pub(crate) fn stay(conversation: Conversation) -> Self {
        Self {
            kept: Kept::Here,
            ..Self::resume(conversation)
        }
    }

    /// Begins a new one, with the bot at it.
    pub(crate) fn begin(
        tx: &Tx<'_>,
        inbox: &Inbox,
        contact: ContactId,
        now: Millis,
    ) -> Result<Self, Error> {
        let person = contact::root(tx, contact)?;
        let conversation = Conversation {
            id: ids::new(now)?,
            number: counter::next(tx, "conversation")?,
            inbox_id: inbox.id,
            channel: inbox.kind,
            contact_id: contact,
            merged_into: (person != contact).then_some(person),
            group_id: inbox.group,
            status: Status::Open,
            handler: Handler::Bot,
            priority: Priority::default(),
            reasons: Vec::new(),
            category: String::new(),
            intent: String::new(),
            waiting_since: None,
            first_reply_at: None,
            last_customer_at: None,
            last_message_at: now,
            seq: 0,
            reopened_count: 0,
            agent_read_seq: 0,
            customer_read_seq: 0,
            failed_turns: 0,
            routing: lt_model::routing::Routing::default(),
            dialogue: Dialogue::default(),
            properties: lt_model::properties::Properties::default(),
            created_at: now,
            resolved_at: None,
        };
        Ok(Self {
            kept: Kept::Not,
            ..Self::resume(conversation)
        })
    }

    /// Adds a message and returns its place.
    pub(crate) fn push(
        &mut self,
        id: MessageId,
        author: Author,
        content: Content,
        now: Millis,
    ) -> u64 {
        self.conversation.seq += 1;
        self.conversation.last_message_at = now;
        self.fresh.push(Message {
            id,
            conversation_id: self.conversation.id,
            seq: self.conversation.seq,
            author,
            content,
            delivery: Delivery::Sent,
            at: now,
        });
        self.conversation.seq
    }

    /// Adds an event line.
    pub(crate) fn event(&mut self, event: Event, now: Millis) -> Result<(), Error> {
        self.push(ids::new(now)?, Author::System, Content::Event(event), now);
        Ok(())
    }

    /// Adds an event line without anybody having written: the conversation keeps its place in lists
    /// by time.
    pub(crate) fn note_event(&mut self, event: Event, now: Millis) -> Result<(), Error> {
        let last_message_at = self.conversation.last_message_at;
        self.event(event, now)?;
        self.conversation.last_message_at = last_message_at;
        Ok(())
    }

    /// Stores the conversation and its one new message, if it is still as it was seen. None: it is not,
    /// and nothing is written.
    pub(crate) fn save_as_seen(
        self,
        tx: &Tx<'_>,
        seen: &Seen,
    ) -> Result<Option<(Conversation, Added)>, Error> {
        let [message] = self.fresh.as_slice() else {
            return Ok(None);
        };
        let added = conversation::update_seen(tx, seen, &self.conversation, message)?;
        Ok(added.map(|added| (self.conversation, added)))
    }

    /// Stores the conversation first, so that a change of its group takes along what was there
    /// before, and then the messages.
    pub(crate) fn save(self, tx: &Tx<'_>) -> Result<Saved, Error> {
        match self.kept {
            Kept::Not => conversation::insert(tx, &self.conversation)?,
            Kept::Somewhere => conversation::update(tx, &self.conversation)?,
            Kept::Here => {
                return Ok(Saved {
                    messages: conversation::update_with(tx, &self.conversation, &self.fresh)?,
                    conversation: self.conversation,
                });
            }
        }
        let (contact, group) = (self.conversation.contact_id, self.conversation.group_id);
        let mut messages = Vec::with_capacity(self.fresh.len());
        for message in &self.fresh {
            messages.push(message::insert(tx, message, contact, group)?);
        }
        Ok(Saved {
            conversation: self.conversation,
            messages,
        })
    }
}
