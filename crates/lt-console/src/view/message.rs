//! A message on the screen.

use lt_model::message::{Author, Content, Event, Message};
use lt_protocol::{
    code::Code,
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
    let (text, masked) = message.text().map(mask::text).unwrap_or_default();
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
        event: event(message).cloned(),
        source,
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

fn event(message: &Message) -> Option<&Event> {
    match &message.content {
        Content::Text { .. } => None,
        Content::Event(event) => Some(event),
    }
}
