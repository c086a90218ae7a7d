//! The search index of messages and customers: a sealed cache beside the store, fed by a thread of
//! its own.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::{Arc, OnceLock, mpsc},
};

use lt_model::{
    change::EntityKind,
    contact::{ChannelKind, Contact},
    id::ConversationId,
    message::{Author, Message},
    ticket::{Ticket, TicketValue},
};
use lt_protocol::search::FindAuthor;
use lt_seal::Key32;
use lt_search::{
    MessageIndex, Reason,
    message_index::{Entry, Filter, Kind, MessageHit, Opened},
};
use lt_store::{IndexTodo, Store, StoredMessage};

use crate::{background::Background, view};

/// Changes that go into one commit of the index; a commit costs several syncs of the disk.
const BATCH: u32 = 4_000;

/// The index, and the thread that feeds it. Dropping it ends the thread.
pub(crate) struct SearchIndex {
    index: Arc<OnceLock<MessageIndex>>,
    thread: Background,
}

impl SearchIndex {
    /// Opens the index in `folder` and feeds it from the store, both on its own thread.
    /// `on_rebuilt` is called when its files were damaged and it is filled anew.
    pub(crate) fn start(
        store: Arc<Store>,
        folder: &Path,
        key: Key32,
        on_rebuilt: impl FnOnce() + Send + 'static,
    ) -> Self {
        let index = Arc::new(OnceLock::new());
        let worker = Worker {
            store,
            folder: folder.to_owned(),
            index: Arc::clone(&index),
        };
        let thread = Background::start("index", move |woken| worker.run(key, on_rebuilt, woken));
        Self { index, thread }
    }

    /// The store changed: there may be something to index.
    pub(crate) fn wake(&self) {
        self.thread.wake();
    }

    /// What contains what was typed, of all that a filter leaves; nothing while the index is being
    /// opened.
    pub(crate) fn search(&self, query: &str, filter: &Filter, limit: usize) -> Vec<MessageHit> {
        let Some(index) = self.index.get() else {
            return Vec::new();
        };
        index.search(query, filter, limit).unwrap_or_else(|error| {
            tracing::warn!(%error, "the search index does not answer");
            Vec::new()
        })
    }
}

struct Worker {
    store: Arc<Store>,
    folder: PathBuf,
    index: Arc<OnceLock<MessageIndex>>,
}

impl Worker {
    fn run(self, key: Key32, on_rebuilt: impl FnOnce(), woken: &mpsc::Receiver<()>) {
        let (index, opened) = match MessageIndex::open(&self.folder, key) {
            Ok(opened) => opened,
            Err(error) => {
                tracing::error!(%error, "the search index cannot be opened");
                return;
            }
        };
        if let Opened::NeedsRebuild { reason } = opened {
            tracing::info!(?reason, "the search index is filled anew");
            if let Err(error) = self.store.index_all() {
                tracing::error!(%error, "the search index cannot be filled");
                return;
            }
            if matches!(reason, Reason::Damaged(_)) {
                on_rebuilt();
            }
        }
        let index = self.index.get_or_init(|| index);
        loop {
            if let Err(error) = self.drain(index) {
                tracing::warn!(%error, "the search index is behind");
            }
            if woken.recv().is_err() {
                return;
            }
            // Whatever was asked for meanwhile is covered by one drain.
            while woken.try_recv().is_ok() {}
        }
    }

    /// Brings the index up to the store, a batch at a time. A batch is acknowledged once the index
    /// has it on the disk: after a crash it is done again, which is harmless.
    fn drain(&self, index: &MessageIndex) -> Result<(), DrainError> {
        loop {
            let todo = self.store.take_index_todo(BATCH)?;
            if todo.is_empty() {
                return self.scrub(index);
            }
            let mut entries = Vec::new();
            let mut channels = Channels::default();
            for one in &todo {
                match (kind_of(one.kind), self.entry(one, &mut channels)?) {
                    (Some(_), Some(entry)) => entries.push(entry),
                    (Some(kind), None) => index.delete([(kind, one.id.as_str())]),
                    (None, _) => {}
                }
            }
            index.upsert(&entries)?;
            index.commit(index.cursor() + 1)?;
            self.store.ack_index_todo(&todo)?;
        }
    }

    fn channel(
        &self,
        id: ConversationId,
        known: &mut Channels,
    ) -> Result<Option<ChannelKind>, DrainError> {
        if let Some(channel) = known.get(&id) {
            return Ok(*channel);
        }
        let channel = self.store.line(id)?.map(|line| line.channel);
        known.insert(id, channel);
        Ok(channel)
    }

    /// After a right was taken, what went with it stands in no file of the index either.
    fn scrub(&self, index: &MessageIndex) -> Result<(), DrainError> {
        if self.store.index_scrub_due()? {
            index.scrub()?;
            self.store.ack_index_scrub()?;
        }
        Ok(())
    }

    /// What there is to find of a row; none where the row is no more.
    fn entry(
        &self,
        todo: &IndexTodo,
        channels: &mut Channels,
    ) -> Result<Option<Entry>, DrainError> {
        match todo.kind {
            EntityKind::Message => {
                let Ok(id) = todo.id.parse() else {
                    return Ok(None);
                };
                let Some(StoredMessage { message, .. }) = self.store.message(id)? else {
                    return Ok(None);
                };
                let channel = self.channel(message.conversation_id, channels)?;
                Ok(message_entry(&message, channel))
            }
            EntityKind::Contact => {
                let Ok(id) = todo.id.parse() else {
                    return Ok(None);
                };
                Ok(self
                    .store
                    .contact(id)?
                    .map(|contact| contact_entry(&contact)))
            }
            EntityKind::Ticket => {
                let Ok(id) = todo.id.parse() else {
                    return Ok(None);
                };
                Ok(self
                    .store
                    .ticket(id)?
                    .map(|stored| ticket_entry(&stored.ticket)))
            }
            EntityKind::Agent
            | EntityKind::Group
            | EntityKind::Conversation
            | EntityKind::Faq
            | EntityKind::EngineSettings
            | EntityKind::TicketType
            | EntityKind::BusinessHours
            | EntityKind::Canned => Ok(None),
        }
    }
}

/// By which channel conversations go, as far as was asked.
type Channels = HashMap<ConversationId, Option<ChannelKind>>;

/// The facet of who wrote a message.
pub(crate) const fn by(author: FindAuthor) -> &'static str {
    match author {
        FindAuthor::Customer => "author/customer",
        FindAuthor::Bot => "author/bot",
        FindAuthor::Agent => "author/agent",
    }
}

/// The facet of a channel.
pub(crate) const fn through(channel: ChannelKind) -> &'static str {
    match channel {
        ChannelKind::Web => "channel/web",
        ChannelKind::Webhook => "channel/webhook",
        ChannelKind::WechatOa => "channel/wechat_oa",
        ChannelKind::WecomKf => "channel/wecom_kf",
        ChannelKind::Email => "channel/email",
        ChannelKind::Voice => "channel/voice",
    }
}

/// Event lines have no text to find.
fn message_entry(message: &Message, channel: Option<ChannelKind>) -> Option<Entry> {
    let author = match message.author {
        Author::Customer => Some(FindAuthor::Customer),
        Author::Bot { .. } => Some(FindAuthor::Bot),
        Author::Agent { .. } => Some(FindAuthor::Agent),
        Author::System => None,
    };
    let facets = author.map(by).into_iter().chain(channel.map(through));
    Some(Entry {
        facets: facets.map(str::to_owned).collect(),
        kind: Kind::Message,
        id: message.id.to_string(),
        conversation_id: message.conversation_id.to_string(),
        text: message.text()?.to_owned(),
        at_ms: message.at,
    })
}

fn contact_entry(contact: &Contact) -> Entry {
    Entry {
        kind: Kind::Contact,
        id: contact.id.to_string(),
        conversation_id: String::new(),
        text: contact.display_name.clone(),
        at_ms: contact.created_at,
        facets: Vec::new(),
    }
}

/// Title, numbers of the form and history, which are masked as texts when they are shown. Neither the
/// customer's name nor an address is among them: those are masked by knowing what they are.
fn ticket_entry(ticket: &Ticket) -> Entry {
    let mut text = format!("{}\n{}", view::ticket::number(ticket.number), ticket.title);
    for value in ticket.values.values() {
        if let TicketValue::Text(value) = value
            && value.is_ascii()
        {
            text.push('\n');
            text.push_str(value);
        }
    }
    for said in ticket.events.iter().filter_map(|event| event.what.text()) {
        text.push('\n');
        text.push_str(said);
    }
    Entry {
        kind: Kind::Ticket,
        id: ticket.id.to_string(),
        conversation_id: String::new(),
        text,
        at_ms: ticket.updated_at,
        facets: Vec::new(),
    }
}

/// Knowledge is the engine's to find.
fn kind_of(kind: EntityKind) -> Option<Kind> {
    match kind {
        EntityKind::Message => Some(Kind::Message),
        EntityKind::Contact => Some(Kind::Contact),
        EntityKind::Ticket => Some(Kind::Ticket),
        EntityKind::Agent
        | EntityKind::Group
        | EntityKind::Conversation
        | EntityKind::Faq
        | EntityKind::EngineSettings
        | EntityKind::TicketType
        | EntityKind::BusinessHours
        | EntityKind::Canned => None,
    }
}

/// Why the index is behind.
#[derive(Debug, thiserror::Error)]
enum DrainError {
    #[error(transparent)]
    Store(#[from] lt_store::StoreError),
    #[error(transparent)]
    Index(#[from] lt_search::Error),
}
