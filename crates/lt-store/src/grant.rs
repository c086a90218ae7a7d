//! What the agent may see: streams that are granted, and what is dropped when they are not.

use lt_model::{
    Millis,
    agent::Agent,
    change::EntityKind,
    id::{ConversationId, TicketId},
};
use lt_protocol::sync::StreamHead;
use rusqlite::{Transaction, types::Value};
use uuid::Uuid;

use crate::{
    Change, Result, Store, StoreError,
    change::Touched,
    feed::Feed,
    landed, lease,
    store::{Act, require_account},
    table::{
        self, agent, agent_settings, business_hours, canned, contact, conversation_body,
        engine_settings, facts, faq, file, group, inbox, index_todo, message, meta, outbox,
        row_stream, stream, survey, ticket_body, ticket_type, whisper,
    },
};

impl Store {
    /// Takes what the server says at the start of a session.
    ///
    /// Rows of streams that are no longer granted are dropped, and with them what this desk wrote
    /// about their conversations; replies that were not sent yet are refused. When the generation differs, the
    /// cache and the cursors are dropped, never the outbox. Operations that the server has not
    /// answered are numbered on from `last_n` where their numbers left a gap. Those up to `last_n` are
    /// laid over rows no more once their streams have come to these heads.
    ///
    /// # Errors
    /// [`StoreError::OtherAccount`] when the server says another agent, [`StoreError::NoAccount`].
    pub fn set_streams(
        &self,
        generation: &str,
        streams: &[StreamHead],
        last_n: u64,
        me: &Agent,
        now: Millis,
    ) -> Result<Change> {
        let (is_any_dropped, change) = self.write(|tx, touched| {
            let account = require_account(tx)?;
            if account.agent.id != me.id {
                return Err(StoreError::OtherAccount);
            }
            Self::update_me(tx, me, touched)?;
            match meta::get(tx, meta::GENERATION)? {
                Some(known) if known == generation => {}
                Some(_) => self.drop_cache(tx, touched, "generation changed", now)?,
                None => {}
            }
            meta::set(tx, meta::GENERATION, generation)?;
            if lease::reached_at(tx)?.is_some_and(|at| lease::is_over(at, now)) {
                // Everything may be shown again.
                (touched.inbox, touched.faq, touched.engine) = (true, true, true);
            }
            meta::set(tx, meta::REACHED_AT, &now.to_string())?;
            let granted = |id: u64| streams.iter().any(|head| head.stream == id);
            let mut lost = Lost::default();
            let mut is_any_dropped = false;
            for cursor in stream::cursors(tx)? {
                if !granted(cursor.stream) {
                    self.drop_stream(tx, touched, cursor.stream, me, &mut lost, now)?;
                    is_any_dropped = true;
                }
            }
            if is_any_dropped {
                self.forget(tx, touched, &lost.conversations, last_n, &account, now)?;
                self.forget_tickets(tx, touched, &lost.tickets, last_n, &account, now)?;
            }
            for head in streams {
                stream::grant(tx, head)?;
            }
            let renumbered = align_numbers(tx, last_n)?;
            landed::welcome(tx, last_n, renumbered, streams)?;
            self.settle_landed(tx, me, touched)?;
            Ok(is_any_dropped)
        })?;
        if is_any_dropped {
            self.scrub();
        }
        Ok(change)
    }

    /// Drops the cache and the cursors, never the outbox: everything is fetched again.
    ///
    /// # Errors
    /// [`StoreError::Full`] and the like.
    pub fn reset_cache(&self, now: Millis) -> Result<Change> {
        let ((), change) =
            self.write(|tx, touched| self.drop_cache(tx, touched, "out of step", now))?;
        Ok(change)
    }

    /// The server knows a number that waits here for another operation: this store is an older image of
    /// itself that was put back, or one of two copies. What waits is numbered anew at the next welcome;
    /// the server knows by its id what of it was done already.
    ///
    /// # Errors
    /// [`StoreError::Full`] and the like.
    pub fn distrust_numbers(&self, now: Millis) -> Result<Change> {
        let ((), change) = self.write(|tx, _| {
            meta::set(tx, meta::N_UNCERTAIN, "1")?;
            let mut act = Act::done("numbers.renew", "store:desktop".to_owned());
            "used by another".clone_into(&mut act.reason);
            self.audit_system(tx, &act, now)
        })?;
        Ok(change)
    }

    pub(crate) fn drop_cache(
        &self,
        tx: &Transaction<'_>,
        touched: &mut Touched,
        why: &str,
        now: Millis,
    ) -> Result<()> {
        touched.inbox = true;
        touched.faq = true;
        touched.engine = true;
        for id in conversation_body::ids(tx)? {
            touched.conversation(id);
        }
        // The index must forget what goes: it looks the rows up and finds none.
        index_todo::add_all(tx)?;
        outbox::clear_done(tx)?;
        conversation_body::clear(tx)?;
        message::clear(tx)?;
        for id in ticket_body::ids(tx)? {
            touched.ticket(id);
        }
        ticket_body::clear(tx)?;
        ticket_type::clear(tx)?;
        contact::clear(tx)?;
        agent::clear(tx)?;
        group::clear(tx)?;
        business_hours::clear(tx)?;
        inbox::clear(tx)?;
        agent_settings::clear(tx)?;
        touched.personal = true;
        facts::clear(tx)?;
        for id in file::fetched(tx)? {
            file::delete(tx, id)?;
        }
        faq::clear(tx)?;
        canned::clear(tx)?;
        survey::clear(tx)?;
        whisper::clear(tx)?;
        touched.canned = true;
        table::alert::clear(tx)?;
        (touched.alerts, touched.alert_rules) = (true, true);
        table::quality::clear(tx)?;
        touched.quality = true;
        engine_settings::clear(tx)?;
        row_stream::clear(tx)?;
        stream::clear(tx)?;
        meta::delete(tx, meta::GENERATION)?;
        meta::delete(tx, meta::SYNCED_AT)?;
        let mut act = Act::done("cache.drop", "store:desktop".to_owned());
        why.clone_into(&mut act.reason);
        self.audit_system(tx, &act, now)
    }

    /// Adds what the stream had to what is lost.
    fn drop_stream(
        &self,
        tx: &Transaction<'_>,
        touched: &mut Touched,
        id: u64,
        me: &Agent,
        lost: &mut Lost,
        now: Millis,
    ) -> Result<()> {
        let mut feed = Feed::new(tx, touched);
        for (kind, row) in row_stream::of_stream(tx, id)? {
            feed.drop_reference(kind, &row, id)?;
            let Value::Blob(bytes) = &row else {
                continue;
            };
            let uuid = Uuid::from_slice(bytes).map_err(|_| StoreError::Unreadable("row id"))?;
            match kind {
                EntityKind::Conversation => lost.conversations.push(ConversationId(uuid)),
                EntityKind::Ticket => lost.tickets.push(TicketId(uuid)),
                _ => {}
            }
        }
        feed.finish(me)?;
        stream::delete(tx, id)?;
        let act = Act::done("stream.drop", format!("stream:{id}"));
        self.audit_system(tx, &act, now)
    }
}

/// What streams had that are granted no more.
#[derive(Default)]
struct Lost {
    conversations: Vec<ConversationId>,
    tickets: Vec<TicketId>,
}

/// Brings the numbers of what waits into step with the last one that the server has answered.
///
/// Operations up to that number keep theirs and get their stored answers. Later ones follow
/// without a gap; normally they do so already. After the store was replaced, or was found to be one of
/// two, all are numbered anew: the server knows those that it has answered by their ids. Gives the last of these then.
fn align_numbers(tx: &Transaction<'_>, last_n: u64) -> Result<Option<u64>> {
    let uncertain = meta::get(tx, meta::N_UNCERTAIN)?.is_some();
    let after_n = if uncertain {
        -1
    } else {
        crate::sql::int(last_n)
    };
    let next = outbox::renumber(tx, after_n, last_n.saturating_add(1))?;
    meta::set(tx, meta::NEXT_N, &next.to_string())?;
    meta::delete(tx, meta::N_UNCERTAIN)?;
    Ok(uncertain.then_some(next.saturating_sub(1)))
}
