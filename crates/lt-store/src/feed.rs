//! What comes from the server: batches of rows, each a consistent cut.

use std::collections::{BTreeMap, BTreeSet};

use lt_model::{
    Millis,
    agent::Agent,
    change::EntityKind,
    conversation::{Conversation, Handler, Status},
    id::{
        AgentId, AlertId, AlertRuleId, CannedId, ContactId, ConversationId, GroupId, HoursId,
        InboxId, MessageId, SurveyId, TicketId, TicketTypeId, WhisperId,
    },
    message::{Author, Content, Delivery, Message},
    ticket::Ticket,
};
use lt_protocol::{
    sync::{Cut, Entity, Row, RowChange, StreamSum},
    ticket::TicketNews,
};
use rusqlite::{Connection, Transaction, types::Value};
use uuid::Uuid;

use crate::{
    Change, News, Result, Store, StoreError, alert,
    change::Touched,
    effect, file, landed, people, quality, routing,
    sql::{key, key_text},
    store::require_account,
    sum::Sums,
    table::{
        self, agent, agent_settings, business_hours, canned, conflict, contact,
        conversation::{self, Extras},
        conversation_body, draft, engine_settings, faq, group, inbox, index_todo, mention,
        message::{self, Found},
        meta, offer, outbox,
        row_stream::{self, Removed},
        stream, summary_draft, ticket_body, ticket_mention, ticket_type,
    },
    ticket, whisper,
};

/// What a batch led to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// What it changed.
    pub change: Change,
    /// Streams whose rows here are not those of the server, by their sums: they have to be fetched
    /// again.
    pub diverged: Vec<u64>,
}

impl Store {
    /// Applies a batch as a whole. `sums`: the server's checksums of the streams that are at their
    /// heads after it. `last`: the desktop is in step with the server after it.
    ///
    /// # Errors
    /// [`StoreError::OutOfStep`] when a cut does not begin at the cursor + 1 of a granted stream, so
    /// also for a batch that was applied before; [`StoreError::Full`]. Nothing is applied then.
    pub fn apply_batch(
        &self,
        cuts: &[Cut],
        rows: &[Row],
        sums: &[StreamSum],
        last: bool,
        now: Millis,
    ) -> Result<Applied> {
        let (diverged, change) = self.write(|tx, touched| {
            let me = require_account(tx)?.agent;
            let parts = advance(tx, cuts)?;
            in_order(rows, &parts)?;
            let mut feed = Feed::new(tx, touched);
            for row in rows {
                feed.is_live = parts
                    .get(&row.stream)
                    .is_some_and(|part| row.seq > part.first_head);
                feed.row(row)?;
            }
            feed.finish(&me)?;
            self.settle_landed(tx, &me, touched)?;
            if last {
                meta::set(tx, meta::SYNCED_AT, &now.to_string())?;
            }
            self.compare(tx, sums, now)
        })?;
        Ok(Applied { change, diverged })
    }
}

/// A stream's part of a batch.
struct Part {
    from: u64,
    to: u64,
    /// Rows up to this one were there when the stream was granted: they are no news.
    first_head: u64,
}

/// Moves the cursors of all cuts, each from where it stands.
fn advance(tx: &Transaction<'_>, cuts: &[Cut]) -> Result<BTreeMap<u64, Part>> {
    let mut parts = BTreeMap::new();
    for cut in cuts {
        let cursor = stream::cursor(tx, cut.stream)?;
        let expected = cursor.map_or(0, |seq| seq.saturating_add(1));
        if expected == 0 || cut.from != expected || cut.to < cut.from {
            return Err(StoreError::OutOfStep {
                stream: cut.stream,
                expected,
                got: cut.from,
            });
        }
        stream::advance(tx, cut.stream, cut.to)?;
        let first_head = stream::first_head(tx, cut.stream)?;
        let (from, to) = (cut.from, cut.to);
        if parts
            .insert(
                cut.stream,
                Part {
                    from,
                    to,
                    first_head,
                },
            )
            .is_some()
        {
            return Err(StoreError::Broken("I4: a stream is once in a batch"));
        }
    }
    Ok(parts)
}

/// Every row lies in the cut of its stream, in ascending order.
fn in_order(rows: &[Row], parts: &BTreeMap<u64, Part>) -> Result<()> {
    let mut next: BTreeMap<u64, u64> = parts.iter().map(|(id, part)| (*id, part.from)).collect();
    for row in rows {
        let expected = next.get(&row.stream).copied().unwrap_or(0);
        let to = parts.get(&row.stream).map_or(0, |part| part.to);
        if expected == 0 || row.seq < expected || row.seq > to {
            return Err(StoreError::OutOfStep {
                stream: row.stream,
                expected,
                got: row.seq,
            });
        }
        next.insert(row.stream, row.seq.saturating_add(1));
    }
    Ok(())
}

/// A conversation before a batch.
#[derive(Clone, Copy)]
struct Before {
    handler: Option<Handler>,
    offered: Option<AgentId>,
    /// Whether this desk showed it as set aside: not once the agent took it up themselves.
    snoozed: bool,
    /// Whether a change of it is news.
    is_live: bool,
}

/// Applies rows and remembers what is to be drawn again.
pub(crate) struct Feed<'a, 'tx> {
    tx: &'a Transaction<'tx>,
    touched: &'a mut Touched,
    is_live: bool,
    dirty: BTreeSet<ConversationId>,
    contacts: BTreeSet<ContactId>,
    /// Conversations before the batch.
    handlers: BTreeMap<ConversationId, Before>,
    agents: BTreeSet<AgentId>,
    deleted: BTreeSet<ConversationId>,
    /// Tickets before the batch, and whether a change of them is news.
    tickets: BTreeMap<TicketId, (Option<Ticket>, bool)>,
    sums: Sums,
}

impl<'a, 'tx> Feed<'a, 'tx> {
    pub(crate) fn new(tx: &'a Transaction<'tx>, touched: &'a mut Touched) -> Self {
        Self {
            tx,
            touched,
            is_live: false,
            dirty: BTreeSet::new(),
            contacts: BTreeSet::new(),
            handlers: BTreeMap::new(),
            agents: BTreeSet::new(),
            deleted: BTreeSet::new(),
            tickets: BTreeMap::new(),
            sums: Sums::default(),
        }
    }

    pub(crate) fn row(&mut self, row: &Row) -> Result<()> {
        match &row.change {
            RowChange::Put { entity } => {
                let (kind, text) = (entity.kind(), entity.id());
                let id = key(kind, &text)?;
                let mark = self.sums.mark(self.tx, row.stream)?;
                let before = row_stream::put(self.tx, kind, &id, row.stream, row.rev, mark)?;
                self.sums
                    .replace(self.tx, row.stream, (kind, &text), before, Some(row.rev))?;
                index_todo::add(self.tx, kind, &id)?;
                self.put(entity, row.rev)
            }
            RowChange::Del { entity, id } => {
                let id = key(*entity, id)?;
                self.drop_reference(*entity, &id, row.stream)
            }
        }
    }

    /// The row is no more in this stream; without another one it is gone.
    pub(crate) fn drop_reference(
        &mut self,
        kind: EntityKind,
        id: &Value,
        stream: u64,
    ) -> Result<()> {
        let Removed { rev, still_visible } = row_stream::remove(self.tx, kind, id, stream)?;
        let text = key_text(id.clone())?;
        self.sums
            .replace(self.tx, stream, (kind, &text), rev, None)?;
        if still_visible {
            return Ok(());
        }
        index_todo::add(self.tx, kind, id)?;
        match (kind, id) {
            (EntityKind::Faq, Value::Text(id)) => {
                self.touched.faq = true;
                faq::delete(self.tx, id)
            }
            (EntityKind::EngineSettings, Value::Text(id)) => {
                self.touched.engine = true;
                engine_settings::delete(self.tx, id)
            }
            (kind, Value::Blob(bytes)) => {
                let uuid = Uuid::from_slice(bytes).map_err(|_| StoreError::Unreadable("row id"))?;
                self.delete(kind, uuid)
            }
            _ => Err(StoreError::Unreadable("row id")),
        }
    }

    fn put(&mut self, entity: &Entity, rev: u64) -> Result<()> {
        let tx = self.tx;
        match entity {
            Entity::Agent(agent) => {
                self.touched.inbox = true;
                self.agents.insert(agent.id);
                agent::put(tx, agent, rev)
            }
            Entity::Group(group) => {
                self.touched.inbox = true;
                group::put(tx, group, rev)
            }
            Entity::Contact(contact) => {
                contact::put(tx, contact, rev)?;
                self.contacts.insert(contact.id);
                let settled = people::settle(tx, contact)?;
                self.dirty.extend(people::conversations(tx, &settled)?);
                self.contacts.extend(settled);
                for conversation in conversation::of_contact(tx, contact.id)? {
                    self.touched.conversation(conversation);
                }
                Ok(())
            }
            Entity::Conversation(conversation) => {
                self.remember_handler(conversation.id)?;
                conversation_body::put(tx, conversation, rev)?;
                outbox::settle(tx, Some(conversation.id))?;
                self.dirty.insert(conversation.id);
                Ok(())
            }
            Entity::Message(message) => {
                let found = message::put(tx, message, rev)?;
                if found != Found::Servers {
                    outbox::settle_message(tx, message.id)?;
                }
                self.note_mention(message, found)?;
                if let Some(file) = message.file()
                    && message.delivery == Delivery::Recalled
                {
                    file::forget(self.tx, file.id)?;
                }
                if found == Found::Nothing && self.is_live && message.author == Author::Customer {
                    self.touched.news.push(News::CustomerWrote {
                        conversation_id: message.conversation_id,
                        message_id: message.id,
                        at: message.at,
                    });
                }
                self.dirty.insert(message.conversation_id);
                Ok(())
            }
            Entity::Faq(entry) => {
                self.touched.faq = true;
                faq::put(tx, entry, rev)
            }
            Entity::BusinessHours(hours) => {
                self.touched.inbox = true;
                business_hours::put(tx, hours, rev)
            }
            Entity::Ticket(ticket) => {
                self.remember_ticket(ticket.id)?;
                ticket_body::put(tx, ticket, rev)
            }
            Entity::TicketType(kind) => {
                self.touched.ticket_types = true;
                outbox::settle_ticket_types(tx)?;
                ticket_type::put(tx, kind, rev)
            }
            Entity::EngineSettings(settings) => {
                self.touched.engine = true;
                outbox::settle_engine(tx)?;
                engine_settings::put(tx, settings)
            }
            Entity::Inbox(one) => {
                self.touched.inbox = true;
                inbox::put(tx, one, rev)
            }
            Entity::AgentSettings(settings) => {
                self.touched.personal = true;
                outbox::settle_personal(tx)?;
                agent_settings::put(tx, settings, rev)
            }
            Entity::Survey(one) => {
                self.touched.conversation(one.conversation_id);
                self.touched.surveys = true;
                table::survey::put(tx, one, rev)
            }
            Entity::AlertRule(rule) => {
                (self.touched.alerts, self.touched.alert_rules) = (true, true);
                outbox::settle_alerts(tx)?;
                table::alert::put_rule(tx, rule, rev)
            }
            Entity::QaForm(form) => {
                self.quality()?;
                table::quality::put_form(tx, form, rev)
            }
            Entity::QaRule(rule) => {
                self.quality()?;
                table::quality::put_rule(tx, rule, rev)
            }
            Entity::QaReview(review) => {
                self.quality()?;
                quality::arrive(tx, review, rev, self.is_live, self.touched)
            }
            Entity::QaCalibration(calibration) => {
                self.quality()?;
                table::quality::put_calibration(tx, calibration, rev)
            }
            Entity::Alert(one) => alert::arrive(tx, one, rev, self.is_live, self.touched),
            Entity::Whisper(one) => {
                self.dirty.insert(one.conversation_id);
                whisper::arrive(tx, one, rev, self.is_live, self.touched)
            }
            Entity::Canned(one) => {
                self.touched.canned = true;
                outbox::settle_canned(tx)?;
                canned::put(tx, one, rev)
            }
        }
    }

    /// Something about quality comes: what was answered of it is here now.
    fn quality(&mut self) -> Result<()> {
        self.touched.quality = true;
        outbox::settle_quality(self.tx)
    }

    fn delete(&mut self, kind: EntityKind, id: Uuid) -> Result<()> {
        let tx = self.tx;
        match kind {
            EntityKind::Agent => {
                self.touched.inbox = true;
                agent::delete(tx, AgentId(id))
            }
            EntityKind::Group => {
                self.touched.inbox = true;
                group::delete(tx, GroupId(id))
            }
            EntityKind::Contact => contact::delete(tx, ContactId(id)),
            EntityKind::BusinessHours => business_hours::delete(tx, HoursId(id)),
            EntityKind::Conversation => {
                let id = ConversationId(id);
                self.remember_handler(id)?;
                self.dirty.insert(id);
                self.deleted.insert(id);
                outbox::settle(tx, Some(id))?;
                conversation_body::delete(tx, id)
            }
            EntityKind::Message => {
                self.dirty.extend(message::delete(tx, MessageId(id))?);
                Ok(())
            }
            EntityKind::Inbox => {
                self.touched.inbox = true;
                inbox::delete(tx, InboxId(id))
            }
            EntityKind::AgentSettings => {
                self.touched.personal = true;
                agent_settings::delete(tx, AgentId(id))
            }
            EntityKind::Survey => {
                self.touched.surveys = true;
                if let Some(of) = table::survey::delete(tx, SurveyId(id))? {
                    self.touched.conversation(of);
                }
                Ok(())
            }
            EntityKind::QaForm
            | EntityKind::QaRule
            | EntityKind::QaReview
            | EntityKind::QaCalibration => {
                self.quality()?;
                table::quality::delete(tx, kind, id)
            }
            EntityKind::AlertRule => {
                (self.touched.alerts, self.touched.alert_rules) = (true, true);
                outbox::settle_alerts(tx)?;
                table::alert::delete_rule(tx, AlertRuleId(id))
            }
            EntityKind::Alert => {
                self.touched.alerts = true;
                table::alert::delete(tx, AlertId(id))
            }
            EntityKind::Whisper => {
                if let Some(of) = table::whisper::delete(tx, WhisperId(id))? {
                    self.touched.conversation(of);
                }
                Ok(())
            }
            EntityKind::Canned => {
                self.touched.canned = true;
                outbox::settle_canned(tx)?;
                canned::delete(tx, CannedId(id))
            }
            EntityKind::Ticket => {
                let id = TicketId(id);
                self.remember_ticket(id)?;
                ticket_body::forget_server(tx, id)
            }
            EntityKind::TicketType => {
                self.touched.ticket_types = true;
                ticket_type::delete(tx, TicketTypeId(id))
            }
            EntityKind::Faq | EntityKind::EngineSettings => Err(StoreError::Unreadable("row id")),
        }
    }

    /// A note that names the agent is news, until it is looked at or taken back.
    fn note_mention(&mut self, message: &Message, found: Found) -> Result<()> {
        let Content::Note { mentions, .. } = &message.content else {
            return Ok(());
        };
        if message.delivery == Delivery::Recalled {
            return mention::remove(self.tx, message.id);
        }
        if found != Found::Nothing || !self.is_live {
            return Ok(());
        }
        let me = require_account(self.tx)?.agent.id;
        if mentions.contains(&me) && message.written_by() != Some(me) {
            mention::add(self.tx, message.id, message.conversation_id)?;
            self.touched.news.push(News::Mentioned {
                conversation_id: message.conversation_id,
                message_id: message.id,
            });
        }
        Ok(())
    }

    fn remember_ticket(&mut self, id: TicketId) -> Result<()> {
        if let Some((_, is_live)) = self.tickets.get_mut(&id) {
            *is_live |= self.is_live;
            return Ok(());
        }
        let before = ticket_body::server(self.tx, id)?;
        self.tickets.insert(id, (before, self.is_live));
        Ok(())
    }

    /// Draws tickets again, and says what of them is news.
    fn finish_tickets(&mut self, me: &Agent) -> Result<()> {
        let tx = self.tx;
        for (id, (before, is_live)) in std::mem::take(&mut self.tickets) {
            ticket::redraw(tx, id, me)?;
            self.touched.ticket(id);
            let Some(after) = ticket_body::server(tx, id)?.filter(|_| is_live) else {
                continue;
            };
            let me = ticket::me(tx)?;
            if let Some(news) = ticket::told(before.as_ref(), &after, &me) {
                if news == TicketNews::Mentioned {
                    ticket_mention::add(tx, id, after.updated_at)?;
                }
                self.touched.news.push(News::Ticket {
                    ticket_id: id,
                    number: after.number,
                    news,
                });
            }
        }
        if self.touched.ticket_types {
            // What waits may be of a type that has come now.
            for id in ticket::redraw_waiting(tx, me)? {
                self.touched.ticket(id);
            }
        }
        Ok(())
    }

    fn remember_handler(&mut self, id: ConversationId) -> Result<()> {
        if let Some(before) = self.handlers.get_mut(&id) {
            before.is_live |= self.is_live;
            return Ok(());
        }
        let row = conversation_body::server(self.tx, id)?;
        let shown = conversation_body::shown(self.tx, id)?;
        let before = Before {
            offered: row.as_ref().and_then(Conversation::offered_to),
            handler: row.map(|row| row.handler),
            snoozed: shown.is_some_and(|shown| shown.status == Status::Snoozed),
            is_live: self.is_live,
        };
        self.handlers.insert(id, before);
        Ok(())
    }

    /// What an agent may want to be told of a conversation that changed.
    fn news_of(&self, before: &Before, row: &Conversation, me: &Agent) -> Option<News> {
        let conversation_id = row.id;
        let offered = row.offered_to();
        if offered == Some(me.id) && before.offered != offered {
            return Some(News::Offered { conversation_id });
        }
        if row.handler == Handler::Queue && before.handler != Some(row.handler) {
            return Some(News::Queued { conversation_id });
        }
        let is_mine = row.status == Status::Open && row.assignee() == Some(me.id);
        let wrote = |one: &News| matches!(one, News::CustomerWrote { conversation_id: of, .. } if *of == conversation_id);
        (before.snoozed && is_mine && !self.touched.news.iter().any(wrote))
            .then_some(News::Woken { conversation_id })
    }

    /// Draws again what the rows touched.
    pub(crate) fn finish(mut self, me: &Agent) -> Result<()> {
        self.sums.store(self.tx)?;
        self.finish_tickets(me)?;
        if !self.contacts.is_empty() {
            let contacts: Vec<ContactId> = self.contacts.iter().copied().collect();
            people::redraw(self.tx, me, &contacts)?;
        }
        for id in std::mem::take(&mut self.dirty) {
            redraw_conversation(self.tx, id, me)?;
            self.touched.conversation(id);
            if self.deleted.contains(&id) && conversation_body::server(self.tx, id)?.is_none() {
                // What the agent may not see any more leaves no values behind.
                self.touched.outbox = true;
                conflict::forget(self.tx, id)?;
                summary_draft::delete(self.tx, id)?;
                draft::NOTES.delete(self.tx, id)?;
                draft::WHISPERS.delete(self.tx, id)?;
                mention::clear_of(self.tx, id)?;
            }
            if let Some(before) = self.handlers.get(&id).filter(|before| before.is_live)
                && let Some(row) = conversation_body::server(self.tx, id)?
            {
                let news = self.news_of(before, &row, me);
                self.touched.news.extend(news);
            }
        }
        if self.agents.contains(&me.id) {
            outbox::settle(self.tx, None)?;
            redraw_self(self.tx, me)?;
        }
        Ok(())
    }
}

/// A conversation with the pending operations applied, where that makes a difference.
pub(crate) fn with_pending(
    connection: &Connection,
    server: &Conversation,
    me: &Agent,
) -> Result<Option<Conversation>> {
    let mut local = server.clone();
    let mut pending = outbox::effects_on(connection, server.id)?;
    let row = Value::Blob(server.id.0.as_bytes().to_vec());
    landed::leave_out(connection, (EntityKind::Conversation, &row), &mut pending)?;
    for entry in pending {
        let action = &entry.op.action;
        let asked = match routing::asked(connection, &local, action, me) {
            // The server will refuse it.
            Err(StoreError::NotFound(_) | StoreError::Illegal(_) | StoreError::Text(_)) => continue,
            asked => asked?,
        };
        effect::on_conversation(&mut local, action, asked, me, entry.op.at);
    }
    people::place(connection, &mut local)?;
    Ok((local != *server).then_some(local))
}

/// Derives again what is shown of a conversation. Nothing is shown of one that the server has not sent.
pub(crate) fn redraw_conversation(
    tx: &Transaction<'_>,
    id: ConversationId,
    me: &Agent,
) -> Result<()> {
    let Some(server) = conversation_body::server(tx, id)? else {
        return Ok(());
    };
    let local = with_pending(tx, &server, me)?;
    conversation_body::set_local(tx, id, local.as_ref())?;
    let shown = local.unwrap_or(server);
    let extras = Extras {
        unread: message::n_unread(tx, id, shown.agent_read_seq)?,
        pending: outbox::waits(tx, id)?,
        conflict: !conflict::of_conversation(tx, id)?.is_empty(),
        mentions: mention::count(tx, id)?,
        last: message::last_text(tx, id)?,
    };
    offer::put(tx, &shown)?;
    conversation::put(tx, &shown, &extras)
}

/// Derives again what is shown of the agent at this desk.
pub(crate) fn redraw_self(tx: &Transaction<'_>, me: &Agent) -> Result<()> {
    let Some(server) = agent::server(tx, me.id)? else {
        return Ok(());
    };
    let mut local = server.clone();
    let mut pending = outbox::effects_on_self(tx)?;
    let row = Value::Blob(me.id.0.as_bytes().to_vec());
    landed::leave_out(tx, (EntityKind::Agent, &row), &mut pending)?;
    for entry in pending {
        effect::on_agent(&mut local, &entry.op.action);
    }
    agent::set_local(tx, me.id, (local != server).then_some(&local))
}
