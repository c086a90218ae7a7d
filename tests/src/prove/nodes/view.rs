//! What an agent's desktop has of the feed, kept without a store.

use std::collections::{BTreeMap, HashMap};

use lt_model::{
    change::EntityKind,
    conversation::{Conversation, Handler},
    id::{AgentId, ConversationId},
    message::Author,
};
use lt_protocol::sync::{Action, Cursor, Cut, Entity, Row, RowChange, StreamHead};

/// A row's place: stream, kind, id.
pub(super) type Place = (u64, EntityKind, String);
/// A row as it stands: revision and content.
pub(super) type Standing = (u64, Entity);

/// Rows and cursors.
#[derive(Default)]
pub(super) struct View {
    pub(super) generation: String,
    pub(super) rows: HashMap<Place, Standing>,
    cursors: BTreeMap<u64, u64>,
    threads: HashMap<ConversationId, Thread>,
}

/// What an agent makes of a conversation.
#[derive(Default)]
struct Thread {
    conversation: Option<Conversation>,
    last_seq: u64,
    customer_seq: u64,
    answered_seq: u64,
    /// A reply was refused: the next is tried when there is something new.
    not_before_seq: u64,
    /// A claim was refused.
    is_given_up: bool,
}

/// Which of the waiting conversations an agent takes: nobody else takes them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Share {
    pub(super) part: u64,
    pub(super) of: u64,
}

impl Share {
    pub(super) fn has(self, id: ConversationId) -> bool {
        // The end of an id is random.
        let bits = u64::try_from(id.0.as_u128() & u128::from(u32::MAX)).unwrap_or(0);
        bits.checked_rem(self.of) == Some(self.part)
    }
}

impl View {
    pub(super) fn cursors(&self) -> Vec<Cursor> {
        let cursors = self.cursors.iter();
        cursors
            .map(|(&stream, &seq)| Cursor { stream, seq })
            .collect()
    }

    /// Forgets what is not granted any more.
    pub(super) fn grant(&mut self, streams: &[StreamHead]) {
        let granted = |stream: u64| streams.iter().any(|head| head.stream == stream);
        self.rows.retain(|(stream, _, _), _| granted(*stream));
        self.cursors.retain(|stream, _| granted(*stream));
        for head in streams {
            self.cursors.entry(head.stream).or_default();
        }
    }

    /// Whether all of these that it follows have come.
    pub(super) fn has_reached(&self, heads: &BTreeMap<u64, u64>) -> bool {
        let is_there = |(stream, seq): (&u64, &u64)| heads.get(stream).is_none_or(|n| seq >= n);
        self.cursors.iter().all(is_there)
    }

    /// Takes a batch; false when it does not go on where the streams stand.
    pub(super) fn apply(&mut self, cuts: &[Cut], rows: Vec<Row>) -> bool {
        let stands_at = |stream: u64| self.cursors.get(&stream).copied().unwrap_or(0);
        let fits = cuts.iter().all(|cut| {
            let n_rows = rows.iter().filter(|row| row.stream == cut.stream).count();
            cut.from == stands_at(cut.stream) + 1
                && u64::try_from(n_rows).is_ok_and(|n| n == cut.to + 1 - cut.from)
        });
        for cut in cuts {
            self.cursors.insert(cut.stream, cut.to);
        }
        for row in rows {
            match row.change {
                RowChange::Put { entity } => {
                    self.note(&entity);
                    let place = (row.stream, entity.kind(), entity.id());
                    self.rows.insert(place, (row.rev, entity));
                }
                RowChange::Del { entity, id } => {
                    self.rows.remove(&(row.stream, entity, id));
                }
            }
        }
        fits
    }

    fn note(&mut self, entity: &Entity) {
        match entity {
            Entity::Conversation(conversation) => {
                let thread = self.threads.entry(conversation.id).or_default();
                thread.conversation = Some(Conversation::clone(conversation));
            }
            Entity::Message(message) => {
                let thread = self.threads.entry(message.conversation_id).or_default();
                thread.last_seq = thread.last_seq.max(message.seq);
                if message.author == Author::Customer {
                    thread.customer_seq = thread.customer_seq.max(message.seq);
                }
            }
            _ => {}
        }
    }

    /// What the agent does next: takes what is its own, answers what is not answered.
    pub(super) fn next(&self, me: AgentId, share: Share) -> Option<Wish> {
        self.threads.iter().find_map(|(&id, thread)| {
            let conversation = thread.conversation.as_ref()?;
            match conversation.handler {
                Handler::Queue if share.has(id) && !thread.is_given_up => Some(Wish::Claim(id)),
                Handler::Agent { agent } if agent == me => {
                    let is_open = thread.customer_seq > thread.answered_seq
                        && thread.last_seq >= thread.not_before_seq;
                    is_open.then_some(Wish::Reply {
                        to: id,
                        seen_seq: thread.last_seq,
                    })
                }
                Handler::Queue | Handler::Agent { .. } | Handler::Bot | Handler::None => None,
            }
        })
    }

    /// An operation is done.
    pub(super) fn done(&mut self, action: &Action) {
        if let Action::SendMessage {
            conversation_id,
            seen_seq,
            ..
        } = action
        {
            let thread = self.threads.entry(*conversation_id).or_default();
            thread.answered_seq = thread.answered_seq.max(*seen_seq);
        }
    }

    /// An operation is refused.
    pub(super) fn refused(&mut self, action: &Action) {
        match action {
            Action::SendMessage {
                conversation_id,
                seen_seq,
                ..
            } => {
                let thread = self.threads.entry(*conversation_id).or_default();
                thread.not_before_seq = seen_seq + 1;
            }
            Action::Claim { conversation_id } => {
                let thread = self.threads.entry(*conversation_id).or_default();
                thread.is_given_up = true;
            }
            _ => {}
        }
    }
}

/// What an agent wants to do.
#[derive(Clone, Copy, Debug)]
pub(super) enum Wish {
    Claim(ConversationId),
    Reply { to: ConversationId, seen_seq: u64 },
}
