//! What the desktop reads. Nothing here is masked: only `lt-console` makes views of it.

use std::collections::{HashMap, hash_map::Entry};

use lt_model::{
    Millis,
    agent::{Agent, SkillGroup},
    contact::Contact,
    conversation::Conversation,
    engine::EngineSettings,
    faq::PublishedFaq,
    hours::BusinessHours,
    id::{AgentId, ContactId, ConversationId, MessageId, OpId},
    message::{Delivery, Message},
};
use lt_protocol::{
    code::Code,
    sync::{Cursor, Op},
    teamwork::InboxFilter,
    view::{InboxCounts, InboxScope, InboxSort},
};

use rusqlite::Connection;

use crate::{
    IndexTodo, Line, OutboxEntry, Result, Store, Window,
    table::{
        account, agent, business_hours, contact,
        conversation::{self, Filter},
        conversation_body, draft, engine_settings, faq, group, index_todo, message, meta, offer,
        outbox, stream,
    },
};

/// A message, and the operation that carries it while it waits or is refused.
#[derive(Clone, Debug, PartialEq)]
pub struct StoredMessage {
    /// The message.
    pub message: Message,
    /// The operation; none once the server has answered that it is done.
    pub op_id: Option<OpId>,
    /// Why it was refused.
    pub refused: Option<Code>,
}

/// Reads. All of them fail with [`crate::StoreError::Damaged`] where a page does not authenticate.
impl Store {
    /// A window of the lines of one part of the inbox, in order, and how many each part has at that
    /// moment.
    ///
    /// # Errors
    /// [`crate::StoreError::NoAccount`].
    pub fn inbox(
        &self,
        scope: InboxScope,
        sort: InboxSort,
        window: Window,
    ) -> Result<(Vec<Line>, InboxCounts)> {
        let order = order_of(scope, sort);
        self.read(|connection| {
            let me = account::agent_id(connection)?;
            let lines = conversation::lines(connection, filter(scope), order, me, window)?;
            Ok((lines, counts(connection, me)?))
        })
    }

    /// A window of what a filter leaves of a part of the inbox, how many each part has, and how many
    /// the filter leaves.
    ///
    /// # Errors
    /// [`crate::StoreError::NoAccount`].
    pub fn inbox_narrowed(
        &self,
        scope: InboxScope,
        sort: InboxSort,
        by: &InboxFilter,
        window: Window,
    ) -> Result<(Vec<Line>, InboxCounts, u32)> {
        self.read(|connection| {
            let me = account::agent_id(connection)?;
            let (scope, order) = (filter(scope), order_of(scope, sort));
            let (lines, n) = conversation::narrowed(connection, scope, by, order, me, window)?;
            Ok((lines, counts(connection, me)?, n))
        })
    }

    /// How many conversations each part of the inbox has.
    ///
    /// # Errors
    /// [`crate::StoreError::NoAccount`].
    pub fn inbox_counts(&self) -> Result<InboxCounts> {
        self.read(|connection| counts(connection, account::agent_id(connection)?))
    }

    /// All conversations there are, resolved ones too, latest first.
    ///
    /// # Errors
    /// [`crate::StoreError::NoAccount`].
    pub fn conversations(&self) -> Result<Vec<Line>> {
        self.read(|connection| {
            let me = account::agent_id(connection)?;
            let order = "c.last_message_at DESC, c.number";
            conversation::lines(connection, Filter::Any, order, me, Window::ALL)
        })
    }

    /// The line of one conversation.
    ///
    /// # Errors
    /// See above.
    pub fn line(&self, id: ConversationId) -> Result<Option<Line>> {
        self.read(|connection| conversation::get(connection, id))
    }

    /// A conversation with the pending operations applied.
    ///
    /// # Errors
    /// See above.
    pub fn conversation(&self, id: ConversationId) -> Result<Option<Conversation>> {
        self.read(|connection| conversation_body::shown(connection, id))
    }

    /// The latest `limit` messages before a `seq`, oldest first. Without `before_seq` the latest
    /// ones, and behind them all that waits or was refused.
    ///
    /// # Errors
    /// See above.
    pub fn messages(
        &self,
        id: ConversationId,
        before_seq: Option<u64>,
        limit: u32,
    ) -> Result<Vec<StoredMessage>> {
        self.read(|connection| {
            let before = before_seq.unwrap_or(u64::MAX);
            let mut messages = message::before(connection, id, before, limit)?;
            if before_seq.is_none() {
                messages.extend(message::unsent(connection, id)?);
            }
            recall(connection, id, &mut messages)?;
            Ok(messages)
        })
    }

    /// The first `limit` messages after a `seq`, oldest first.
    ///
    /// # Errors
    /// See above.
    pub fn messages_after(
        &self,
        id: ConversationId,
        after_seq: u64,
        limit: u32,
    ) -> Result<Vec<StoredMessage>> {
        self.read(|connection| {
            let mut messages = message::after(connection, id, after_seq, limit)?;
            recall(connection, id, &mut messages)?;
            Ok(messages)
        })
    }

    /// Messages that a search found, each with the line of its conversation. What is no more here is
    /// left out.
    ///
    /// # Errors
    /// See above.
    pub fn found(&self, ids: &[MessageId]) -> Result<Vec<(StoredMessage, Line)>> {
        self.read(|connection| {
            let mut lines = HashMap::new();
            let mut found = Vec::with_capacity(ids.len());
            for id in ids {
                let Some(stored) = message::get(connection, *id)? else {
                    continue;
                };
                let conversation = stored.message.conversation_id;
                let line = match lines.entry(conversation) {
                    Entry::Occupied(known) => known.into_mut(),
                    Entry::Vacant(unknown) => {
                        unknown.insert(conversation::get(connection, conversation)?)
                    }
                };
                if let Some(line) = line {
                    found.push((stored, line.clone()));
                }
            }
            Ok(found)
        })
    }

    /// The line of a conversation by the number that people know.
    ///
    /// # Errors
    /// See above.
    pub fn line_by_number(&self, number: u64) -> Result<Option<Line>> {
        self.read(|connection| conversation::by_number(connection, number))
    }

    /// The lines of the latest conversations of a customer.
    ///
    /// # Errors
    /// See above.
    pub fn lines_of(&self, id: ContactId, limit: u32) -> Result<Vec<Line>> {
        self.read(|connection| conversation::lines_of(connection, id, limit))
    }

    /// One message.
    ///
    /// # Errors
    /// See above.
    pub fn message(&self, id: MessageId) -> Result<Option<StoredMessage>> {
        self.read(|connection| {
            let mut found = message::get(connection, id)?;
            if let Some(stored) = &mut found {
                let conversation = stored.message.conversation_id;
                recall(connection, conversation, std::slice::from_mut(stored))?;
            }
            Ok(found)
        })
    }

    /// A customer.
    ///
    /// # Errors
    /// See above.
    pub fn contact(&self, id: ContactId) -> Result<Option<Contact>> {
        self.read(|connection| contact::get(connection, id))
    }

    /// Conversations of a customer, latest first.
    ///
    /// # Errors
    /// See above.
    pub fn conversations_of(&self, id: ContactId) -> Result<Vec<ConversationId>> {
        self.read(|connection| conversation::of_contact(connection, id))
    }

    /// All agents, with one's own pending presence.
    ///
    /// # Errors
    /// See above.
    pub fn agents(&self) -> Result<Vec<Agent>> {
        self.read(agent::all)
    }

    /// One agent.
    ///
    /// # Errors
    /// See above.
    pub fn agent(&self, id: AgentId) -> Result<Option<Agent>> {
        self.read(|connection| agent::shown(connection, id))
    }

    /// All skill groups.
    ///
    /// # Errors
    /// See above.
    pub fn groups(&self) -> Result<Vec<SkillGroup>> {
        self.read(group::all)
    }

    /// All calendars of business hours.
    ///
    /// # Errors
    /// See above.
    pub fn business_hours(&self) -> Result<Vec<BusinessHours>> {
        self.read(business_hours::all)
    }

    /// Conversations that are offered to the agent at this desk, with the pending operations applied;
    /// the offer that ends first in front.
    ///
    /// # Errors
    /// See above.
    pub fn offers(&self) -> Result<Vec<Conversation>> {
        self.read(|connection| {
            let me = account::agent_id(connection)?;
            let ids = offer::of(connection, me)?;
            let found = ids
                .into_iter()
                .map(|id| conversation_body::shown(connection, id));
            found.filter_map(Result::transpose).collect()
        })
    }

    /// Conversations that went back to the queue since a time because the agent at this desk was gone,
    /// and that they have not got again; the latest first.
    ///
    /// # Errors
    /// See above.
    pub fn returned(&self, since: Millis) -> Result<Vec<Conversation>> {
        self.read(|connection| {
            let me = account::agent_id(connection)?;
            let ids = conversation::returned_from(connection, me, since)?;
            let found = ids
                .into_iter()
                .map(|id| conversation_body::shown(connection, id));
            found.filter_map(Result::transpose).collect()
        })
    }

    /// All knowledge.
    ///
    /// # Errors
    /// See above.
    pub fn faq(&self) -> Result<Vec<PublishedFaq>> {
        self.read(faq::all)
    }

    /// One FAQ entry.
    ///
    /// # Errors
    /// See above.
    pub fn faq_entry(&self, id: &str) -> Result<Option<PublishedFaq>> {
        self.read(|connection| faq::get(connection, id))
    }

    /// All versions of the engine's settings, the newest first.
    ///
    /// # Errors
    /// See above.
    pub fn engine_history(&self) -> Result<Vec<EngineSettings>> {
        self.read(engine_settings::all)
    }

    /// The engine's settings that count; none while the engine is as shipped.
    ///
    /// # Errors
    /// See above.
    pub fn engine_settings(&self) -> Result<Option<EngineSettings>> {
        self.read(engine_settings::current)
    }

    /// Operations that change the engine's settings and wait, were refused, or were done while the
    /// feed has not brought the new version yet (these count as waiting).
    ///
    /// # Errors
    /// See above.
    pub fn engine_changes(&self) -> Result<Vec<OutboxEntry>> {
        self.read(outbox::about_engine)
    }

    /// What is being written in a conversation.
    ///
    /// # Errors
    /// See above.
    pub fn draft(&self, id: ConversationId) -> Result<Option<String>> {
        self.read(|connection| draft::REPLIES.get(connection, id))
    }

    /// What waits or was refused, in the order in which it was made.
    ///
    /// # Errors
    /// See above.
    pub fn outbox(&self) -> Result<Vec<OutboxEntry>> {
        self.read(outbox::visible)
    }

    /// One operation that waits or was refused.
    ///
    /// # Errors
    /// See above.
    pub fn operation(&self, id: OpId) -> Result<Option<OutboxEntry>> {
        self.read(|connection| outbox::get(connection, id))
    }

    /// Whether an edit of a conversation's properties waits to be sent.
    ///
    /// # Errors
    /// See above.
    pub fn edit_waits(&self, id: ConversationId) -> Result<bool> {
        self.read(|connection| outbox::edit_waits(connection, id))
    }

    /// How many operations wait, and how many were refused.
    ///
    /// # Errors
    /// See above.
    pub fn outbox_counts(&self) -> Result<(u32, u32)> {
        self.read(outbox::counts)
    }

    /// What is to be pushed after a number, in ascending order.
    ///
    /// # Errors
    /// See above.
    pub fn queue(&self, after_n: u64, limit: u32) -> Result<Vec<Op>> {
        self.read(|connection| {
            let entries = outbox::queue(connection, after_n, limit)?;
            Ok(entries.into_iter().map(|entry| entry.op).collect())
        })
    }

    /// What is here of each granted stream, and the generation that it belongs to (empty at first).
    ///
    /// # Errors
    /// See above.
    pub fn cursors(&self) -> Result<(String, Vec<Cursor>)> {
        self.read(|connection| {
            let generation = meta::get(connection, meta::GENERATION)?.unwrap_or_default();
            Ok((generation, stream::cursors(connection)?))
        })
    }

    /// When everything was last in step with the server.
    ///
    /// # Errors
    /// See above.
    pub fn synced_at(&self) -> Result<Option<Millis>> {
        self.read(|connection| meta::get_int(connection, meta::SYNCED_AT))
    }

    /// Whether the search index has not caught up with more than this many rows.
    ///
    /// # Errors
    /// See above.
    pub fn index_is_behind(&self, more_than: u32) -> Result<bool> {
        self.read(|connection| index_todo::more_than(connection, more_than))
    }

    /// The oldest rows that the search index has not caught up with.
    ///
    /// # Errors
    /// See above.
    pub fn take_index_todo(&self, limit: u32) -> Result<Vec<IndexTodo>> {
        self.read(|connection| index_todo::take(connection, limit))
    }

    /// The search index has these, durably.
    ///
    /// # Errors
    /// [`crate::StoreError::Full`] and the like.
    pub fn ack_index_todo(&self, done: &[IndexTodo]) -> Result<()> {
        self.write(|tx, _| {
            done.iter()
                .try_for_each(|todo| index_todo::remove(tx, todo.n))
        })?;
        Ok(())
    }

    /// The search index begins anew: everything is to do.
    ///
    /// # Errors
    /// [`crate::StoreError::Full`] and the like.
    pub fn index_all(&self) -> Result<()> {
        self.write(|tx, _| index_todo::add_all(tx))?;
        Ok(())
    }
}

const fn order_of(scope: InboxScope, sort: InboxSort) -> &'static str {
    match sort {
        // Nobody waits there: what was resolved last comes first.
        _ if matches!(scope, InboxScope::Resolved) => "c.last_message_at DESC, c.number",
        // What wakes first comes first.
        InboxSort::Waiting if matches!(scope, InboxScope::Snoozed) => {
            "c.snoozed_until IS NULL, c.snoozed_until, c.last_message_at DESC, c.number"
        }
        InboxSort::Waiting => {
            "c.waiting_since IS NULL, c.waiting_since, c.last_message_at DESC, c.number"
        }
        InboxSort::Priority => {
            "c.priority DESC, c.waiting_since IS NULL, c.waiting_since, c.last_message_at DESC, c.number"
        }
    }
}

fn counts(connection: &Connection, me: AgentId) -> Result<InboxCounts> {
    let count = |scope| conversation::counts(connection, filter(scope), me);
    let (mine, unread) = count(InboxScope::Mine)?;
    Ok(InboxCounts {
        mine,
        queue: count(InboxScope::Queue)?.0,
        all: count(InboxScope::All)?.0,
        snoozed: count(InboxScope::Snoozed)?.0,
        resolved: count(InboxScope::Resolved)?.0,
        unread,
    })
}

/// Shows as taken back what is being taken back.
fn recall(
    connection: &Connection,
    id: ConversationId,
    messages: &mut [StoredMessage],
) -> Result<()> {
    let taken = outbox::recalls(connection, id)?;
    for stored in messages {
        if taken.contains(&stored.message.id) {
            stored.message.delivery = Delivery::Recalled;
        }
    }
    Ok(())
}

const fn filter(scope: InboxScope) -> Filter {
    match scope {
        InboxScope::Mine => Filter::Mine,
        InboxScope::Queue => Filter::Queue,
        InboxScope::All => Filter::Open,
        InboxScope::Snoozed => Filter::Snoozed,
        InboxScope::Resolved => Filter::Resolved,
    }
}
