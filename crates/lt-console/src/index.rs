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
    message::{Author, Delivery, Message},
    ticket::{Ticket, TicketFieldKind, TicketType, TicketValue},
};
use lt_protocol::search::FindAuthor;
use lt_seal::Key32;
use lt_search::{
    MessageIndex, Reason,
    message_index::{Entry, Filter, Kind, MessageHit, Opened},
};
use lt_store::{IndexTodo, Store, StoredMessage, StoredTicket};

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
            let mut known = Known {
                channels: HashMap::new(),
                types: self.store.ticket_types()?,
            };
            for one in &todo {
                match (kind_of(one.kind), self.entry(one, &mut known)?) {
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
        known: &mut Known,
    ) -> Result<Option<ChannelKind>, DrainError> {
        if let Some(channel) = known.channels.get(&id) {
            return Ok(*channel);
        }
        let channel = self.store.line(id)?.map(|line| line.channel);
        known.channels.insert(id, channel);
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
    fn entry(&self, todo: &IndexTodo, known: &mut Known) -> Result<Option<Entry>, DrainError> {
        match todo.kind {
            EntityKind::Message => {
                let Ok(id) = todo.id.parse() else {
                    return Ok(None);
                };
                let Some(StoredMessage { message, .. }) = self.store.message(id)? else {
                    return Ok(None);
                };
                let channel = self.channel(message.conversation_id, known)?;
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
                let Some(StoredTicket { ticket, .. }) = self.store.ticket(id)? else {
                    return Ok(None);
                };
                let kind = known.types.iter().find(|kind| kind.id == ticket.type_id);
                Ok(Some(ticket_entry(&ticket, kind)))
            }
            EntityKind::Agent
            | EntityKind::Group
            | EntityKind::Conversation
            | EntityKind::Faq
            | EntityKind::EngineSettings
            | EntityKind::TicketType
            | EntityKind::BusinessHours
            | EntityKind::Inbox
            | EntityKind::AgentSettings
            | EntityKind::AlertRule
            | EntityKind::Alert
            | EntityKind::Survey
            | EntityKind::QaForm
            | EntityKind::QaRule
            | EntityKind::QaReview
            | EntityKind::QaCalibration
            | EntityKind::Whisper
            | EntityKind::Canned => Ok(None),
        }
    }
}

/// What a batch has been told already.
struct Known {
    /// By which channel conversations go, as far as was asked.
    channels: HashMap<ConversationId, Option<ChannelKind>>,
    /// The types of tickets.
    types: Vec<TicketType>,
}

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
    if message.delivery == Delivery::Recalled {
        return None;
    }
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
        text: message.words()?.to_owned(),
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

/// Number, title, form and history. What is masked by knowing what it is stays out: the customer's
/// name, and phones and addresses of the form. The rest is masked as texts when it is shown.
fn ticket_entry(ticket: &Ticket, kind: Option<&TicketType>) -> Entry {
    let mut text = format!("{}\n{}", view::ticket::number(ticket.number), ticket.title);
    for (key, value) in &ticket.values {
        let field = kind.and_then(|kind| kind.field(key));
        for words in field_words(field.map(|field| &field.kind), value) {
            text.push('\n');
            text.push_str(&words);
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

/// What of a value may be found; nothing of a field that is not known. Numbers of orders and parcels
/// stand behind their names, by which they are masked.
fn field_words(kind: Option<&TicketFieldKind>, value: &TicketValue) -> Vec<String> {
    match (kind, value) {
        (None | Some(TicketFieldKind::Phone | TicketFieldKind::Address), _) => Vec::new(),
        (Some(TicketFieldKind::Order), TicketValue::Text(text)) => vec![format!("订单号{text}")],
        (Some(TicketFieldKind::Tracking), TicketValue::Text(text)) => vec![format!("运单号{text}")],
        (Some(_), TicketValue::Text(text) | TicketValue::Choice(text)) => vec![text.clone()],
        (Some(_), TicketValue::Choices(chosen)) => chosen.clone(),
        (
            Some(_),
            TicketValue::Number(_)
            | TicketValue::Money(_)
            | TicketValue::Date(_)
            | TicketValue::Yes(_),
        ) => Vec::new(),
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
        | EntityKind::Inbox
        | EntityKind::AgentSettings
        | EntityKind::AlertRule
        | EntityKind::Alert
        | EntityKind::Survey
        | EntityKind::QaForm
        | EntityKind::QaRule
        | EntityKind::QaReview
        | EntityKind::QaCalibration
        | EntityKind::Whisper
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
