//! A message on the screen.

use lt_model::{
    Millis,
    attachment::Attachment,
    id::MessageId,
    message::{Author, Content, Delivery, Event, Message, RECALL_WINDOW_MS},
};
use lt_protocol::{
    code::Code,
    file::FileView,
    teamwork::{NoteView, QuoteView},
    view::{AuthorKind, MessageView},
};

use crate::view::{Viewer, mask};
use lt_model::id::OpId;

/// The operation that carries a message, while it waits or after it was refused.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Carrier {
    /// Operation.
    pub(crate) op_id: Option<OpId>,
    /// Why it was refused.
    pub(crate) refused: Option<Code>,
}

/// Shows a message, masked.
pub(crate) fn message(message: &Message, carrier: Carrier, viewer: &Viewer) -> MessageView {
    let (text, masked) = message.words().map(mask::text).unwrap_or_default();
    let (author_name, source) = match &message.author {
        Author::Customer | Author::System => (String::new(), None),
        Author::Bot { source } => (String::new(), source.clone()),
        Author::Agent {
            agent,
            name,
            source,
        } => {
            let name = if *agent == viewer.me {
                String::new()
            } else {
                name.clone()
            };
            (name, source.clone())
        }
    };
    MessageView {
        id: message.id,
        seq: message.seq,
        author: author_kind(&message.author, viewer),
        author_name,
        text,
        masked,
        event: event(message),
        source,
        note: note(message, viewer),
        quote: None,
        file: message
            .file()
            .filter(|_| message.delivery != Delivery::Recalled)
            .map(file),
        recall_until: recall_until(message, viewer),
        delivery: message.delivery,
        op_id: carrier.op_id,
        refused: carrier.refused,
        at: message.at,
    }
}

/// Which kind of author, as this agent sees it.
pub(crate) fn author_kind(author: &Author, viewer: &Viewer) -> AuthorKind {
    match author {
        Author::Customer => AuthorKind::Customer,
        Author::Bot { .. } => AuthorKind::Bot,
        Author::Agent { agent, .. } if *agent == viewer.me => AuthorKind::Me,
        Author::Agent { .. } => AuthorKind::Colleague,
        Author::System => AuthorKind::System,
    }
}

/// A picture or file, its name masked.
pub(crate) fn file(file: &Attachment) -> FileView {
    FileView {
        id: file.id,
        name: mask::text(&file.name).0,
        kind: file.kind,
        is_image: file.kind.is_image(),
        n_bytes: file.n_bytes,
        width: file.width,
        height: file.height,
    }
}

/// What happened; what a colleague wrote about it is masked like any text.
fn event(message: &Message) -> Option<Event> {
    match &message.content {
        Content::Text { .. }
        | Content::Reply { .. }
        | Content::Note { .. }
        | Content::File { .. } => None,
        Content::Event(Event::Transferred { agent, to, note }) => Some(Event::Transferred {
            agent: agent.clone(),
            to: to.clone(),
            note: mask::text(note).0,
        }),
        Content::Event(Event::Survey { score, comment }) => Some(Event::Survey {
            score: *score,
            comment: mask::text(comment).0,
        }),
        Content::Event(event) => Some(event.clone()),
    }
}

/// What a note says besides its text.
fn note(message: &Message, viewer: &Viewer) -> Option<NoteView> {
    let Content::Note { mentions, .. } = &message.content else {
        return None;
    };
    let names = mentions.iter().map(|agent| viewer.agent_name(*agent));
    Some(NoteView {
        mentions: names.filter(|name| !name.is_empty()).collect(),
        mentions_me: mentions.contains(&viewer.me),
    })
}

/// Until when the agent may take it back: what they wrote, and is or will be out.
fn recall_until(message: &Message, viewer: &Viewer) -> Option<Millis> {
    let is_mine = message.written_by() == Some(viewer.me)
        && (message.words().is_some() || message.file().is_some());
    let is_out = !matches!(message.delivery, Delivery::Failed | Delivery::Recalled);
    (is_mine && is_out).then(|| message.at + RECALL_WINDOW_MS)
}

/// The message that another one answers, masked; without words where it was taken back or is not here.
pub(crate) fn quote(to: MessageId, message: Option<&Message>, viewer: &Viewer) -> QuoteView {
    let Some(message) = message else {
        return QuoteView {
            message_id: to,
            seq: 0,
            author: AuthorKind::System,
            author_name: String::new(),
            text: String::new(),
        };
    };
    let is_there = message.delivery != Delivery::Recalled;
    let words = message.words().filter(|_| is_there);
    QuoteView {
        message_id: to,
        seq: message.seq,
        author: author_kind(&message.author, viewer),
        author_name: match &message.author {
            Author::Agent { agent, name, .. } if *agent != viewer.me => name.clone(),
            Author::Agent { .. } | Author::Customer | Author::Bot { .. } | Author::System => {
                String::new()
            }
        },
        text: words.map(mask::line).unwrap_or_default(),
    }
}
