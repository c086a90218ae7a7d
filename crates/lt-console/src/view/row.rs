//! A conversation in the list.

use lt_model::{
    Millis,
    conversation::{Handler, Status},
    hours::BusinessHours,
};
use lt_protocol::{
    routing::StandingOffer,
    view::{AuthorKind, ConversationRow, HandlerView, ReplyState},
};
use lt_store::{LastAuthor, Line};

use crate::view::{Viewer, mask, number};

/// Business time within which a person gives the first reply, from when the customer began to wait:
/// the default of a desk whose server sets no policy.
pub(crate) const FIRST_RESPONSE_MS: Millis = 3 * 60_000;

/// Shows a conversation as a row, masked.
pub(crate) fn row(line: &Line, viewer: &Viewer) -> ConversationRow {
    ConversationRow {
        id: line.id,
        number: number(line.number),
        name: mask::name(&line.contact_name),
        channel: line.channel,
        status: line.status,
        handler: handler(line.handler, viewer),
        priority: line.priority,
        category: line.category.clone(),
        last_text: line
            .last
            .as_ref()
            .map(|last| mask::line(&last.text))
            .unwrap_or_default(),
        last_file: line.last.as_ref().and_then(|last| last.file),
        last_author: line
            .last
            .as_ref()
            .map_or(AuthorKind::System, |last| author_kind(last.author, viewer)),
        last_at: line.last_message_at,
        waiting_since: line.waiting_since,
        due_at: due_at(line, viewer.hours.of(line.inbox_id)),
        unread: line.unread,
        pending: line.pending,
        conflict: line.conflict,
        tags: line.tags.iter().map(|tag| mask::text(tag).0).collect(),
        mentions: line.mentions,
        offer: line.offer.map(|offer| StandingOffer {
            name: viewer.agent_name(offer.agent),
            is_me: offer.agent == viewer.me,
            offered_at: offer.offered_at,
            expires_at: offer.expires_at,
        }),
        snoozed_until: line.snoozed_until,
    }
}

fn author_kind(author: LastAuthor, viewer: &Viewer) -> AuthorKind {
    match author {
        LastAuthor::Customer => AuthorKind::Customer,
        LastAuthor::Bot => AuthorKind::Bot,
        LastAuthor::Agent(agent) if agent == viewer.me => AuthorKind::Me,
        LastAuthor::Agent(_) => AuthorKind::Colleague,
        LastAuthor::System => AuthorKind::System,
    }
}

fn handler(handler: Handler, viewer: &Viewer) -> HandlerView {
    match handler {
        Handler::Bot => HandlerView::Bot,
        Handler::Queue => HandlerView::Queue,
        Handler::Agent { agent } if agent == viewer.me => HandlerView::Me,
        Handler::Agent { agent } => HandlerView::Colleague {
            name: viewer.agent_name(agent),
        },
        Handler::None => HandlerView::None,
    }
}

/// The first reply is due while the customer waits for a person who has not written yet.
fn due_at(line: &Line, hours: &BusinessHours) -> Option<Millis> {
    let for_a_person = matches!(line.handler, Handler::Queue | Handler::Agent { .. });
    if !for_a_person || line.first_reply_at.is_some() {
        return None;
    }
    hours.add_business_ms(line.waiting_since?, FIRST_RESPONSE_MS)
}

/// Whether the agent may write here, and why not.
pub(crate) fn reply_state(line: &Line, viewer: &Viewer) -> ReplyState {
    match (line.status, line.handler) {
        (Status::Resolved | Status::Closed, _) => ReplyState::Ended,
        (_, Handler::Agent { agent }) if agent == viewer.me => ReplyState::Allowed,
        (_, Handler::Agent { agent }) => ReplyState::HeldBy {
            name: viewer.agent_name(agent),
        },
        (_, Handler::Bot | Handler::Queue | Handler::None) => ReplyState::Claims,
    }
}
