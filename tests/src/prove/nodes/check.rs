//! What the database holds, against what clients were told and what they see.

use std::collections::{BTreeMap, HashMap, HashSet};

use anyhow::Result;
use lt_db::{Db, feed, table::message};
use lt_model::{
    change::EntityKind,
    id::{ConversationId, MessageId},
    message::{Content, Message},
};
use lt_protocol::sync::{Entity, RowChange};
use lt_seal::Key32;

use super::{
    ledger::Said,
    view::{Place, Standing, View},
};

/// Rows that one page of a stream may have.
const MAX_ROWS: usize = 500;
/// Bytes that one page may have.
const MAX_BYTES: u64 = 64 * 1024 * 1024;

/// What the database holds.
pub(super) struct Truth {
    /// How often each message is there.
    messages: HashMap<MessageId, u64>,
    /// How often each text was said.
    texts: HashMap<String, u64>,
    /// The messages of each conversation, in their order.
    threads: HashMap<ConversationId, Vec<Message>>,
    /// The rows of each stream.
    pub(super) rows: HashMap<Place, Standing>,
    /// The last change of each stream.
    pub(super) heads: BTreeMap<u64, u64>,
    /// Conversations whose messages are not numbered 1, 2, 3, …
    pub(super) n_torn: usize,
    /// Records of the audit log; none when its chain is broken.
    pub(super) n_audited: Option<u64>,
}

impl Truth {
    pub(super) fn read(db: &Db) -> Result<Self> {
        let mut truth = db.read(|reader| {
            let mut truth = Self {
                messages: HashMap::new(),
                texts: HashMap::new(),
                threads: HashMap::new(),
                rows: HashMap::new(),
                heads: feed::all_heads(reader)?.into_iter().collect(),
                n_torn: 0,
                n_audited: None,
            };
            let mut conversations: HashSet<ConversationId> = HashSet::new();
            for (&stream, &head) in &truth.heads {
                let mut after = 0;
                loop {
                    let page =
                        feed::snapshot_page(reader, stream, head, after, MAX_ROWS, MAX_BYTES)?;
                    for row in page.rows {
                        after = row.seq;
                        let RowChange::Put { entity } = row.change else {
                            continue;
                        };
                        if let Entity::Conversation(conversation) = &entity {
                            conversations.insert(conversation.id);
                        }
                        let place = (stream, entity.kind(), entity.id());
                        truth.rows.insert(place, (row.rev, entity));
                    }
                    if page.last {
                        break;
                    }
                }
            }
            for id in conversations {
                let stored = message::of_conversation(reader, id)?;
                let numbers = stored.iter().map(|stored| stored.message.seq);
                truth.n_torn += usize::from(!numbers.eq(1..=stored.len() as u64));
                let messages: Vec<Message> =
                    stored.into_iter().map(|stored| stored.message).collect();
                for message in &messages {
                    *truth.messages.entry(message.id).or_default() += 1;
                    if let Content::Text { text } = &message.content {
                        *truth.texts.entry(text.clone()).or_default() += 1;
                    }
                }
                truth.threads.insert(id, messages);
            }
            Ok::<_, lt_db::DbError>(truth)
        })?;
        let report = db.verify_audit()?;
        truth.n_audited = report.broken_at.is_none().then_some(report.count);
        Ok(truth)
    }

    /// The messages of a conversation, in their order.
    pub(super) fn thread(&self, id: ConversationId) -> &[Message] {
        self.threads.get(&id).map_or(&[], Vec::as_slice)
    }

    /// Acknowledged messages that are not there.
    pub(super) fn missing<'s>(&self, said: &'s [Said]) -> Vec<&'s Said> {
        let is_missing = |said: &&Said| !self.messages.contains_key(&said.id);
        said.iter().filter(is_missing).collect()
    }

    /// Messages of these that are there more than once, by id or by what they say.
    pub(super) fn n_doubled(&self, said: &[Said]) -> usize {
        let is_more = |n: Option<&u64>| n.is_some_and(|n| *n > 1);
        said.iter()
            .filter(|said| {
                is_more(self.messages.get(&said.id)) || is_more(self.texts.get(&said.text))
            })
            .count()
    }

    /// Refused messages that are there all the same.
    pub(super) fn n_smuggled(&self, refused: &[MessageId]) -> usize {
        let is_there = |id: &&MessageId| self.messages.contains_key(id);
        refused.iter().filter(is_there).count()
    }

    /// How many messages people and the bot wrote.
    pub(super) fn n_messages(&self) -> usize {
        self.messages.len()
    }

    /// Rows in which a desktop's view differs from the database, in the streams that it follows.
    pub(super) fn n_differing(&self, view: &View) -> usize {
        let follows: HashSet<u64> = view.cursors().iter().map(|cursor| cursor.stream).collect();
        let expected = self
            .rows
            .iter()
            .filter(|((stream, _, _), _)| follows.contains(stream));
        let n_wrong = expected
            .filter(|(place, standing)| view.rows.get(place) != Some(standing))
            .count();
        let is_left_over = |place: &&Place| !self.rows.contains_key(*place);
        n_wrong + view.rows.keys().filter(is_left_over).count()
    }

    /// How many broken logs, databases and views of these are noticed, of three: a message that was
    /// acknowledged is taken away, one is said twice, a view lacks a row.
    pub(super) fn n_noticed(&mut self, said: &[Said], view: &mut View) -> usize {
        let Some(first) = said.first() else { return 0 };
        let kept = self.messages.remove(&first.id);
        let mut n_noticed = usize::from(!self.missing(said).is_empty());
        if let Some(kept) = kept {
            self.messages.insert(first.id, kept);
        }
        *self.texts.entry(first.text.clone()).or_default() += 1;
        n_noticed += usize::from(self.n_doubled(said) > 0);
        let message = |place: &&Place| place.1 == EntityKind::Message;
        if let Some(place) = view.rows.keys().find(message).cloned() {
            view.rows.remove(&place);
        }
        n_noticed + usize::from(self.n_differing(view) > 0)
    }
}

/// Opens the database beside the nodes and reads it.
pub(super) fn read(url: &str, root: &Key32) -> Result<Truth> {
    Truth::read(&Db::connect(url, root)?)
}
