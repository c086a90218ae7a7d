//! One search over what is on this device: customers, messages, knowledge.

use lt_model::{agent::Permission, id::ContactId, id::MessageId};
use lt_protocol::{
    code::WireError,
    command::SearchArgs,
    view::{SearchHit, SearchHits},
};
use lt_search::message_index::{Kind, MessageHit};

use crate::{desk::Desk, error::wire, view};

/// Most hits of one search.
const MAX_HITS: usize = 50;
/// One hit in so many may be a customer, and as many knowledge: messages have the rest.
const SHARE: usize = 4;

/// `search.run`
pub(super) fn run(desk: &Desk, args: &SearchArgs) -> Result<SearchHits, WireError> {
    desk.permit(Permission::ConvView)?;
    let query = args.query.trim();
    let limit = limit_of(args);
    if query.is_empty() || limit == 0 {
        return Ok(SearchHits { items: Vec::new() });
    }
    let share = (limit / SHARE).max(1);
    let (mut customers, mut messages) = (Vec::new(), Vec::new());
    for hit in desk.index.search(query, limit) {
        match hit.kind {
            Kind::Contact => customers.extend(customer(desk, &hit)?),
            Kind::Message => messages.extend(message(desk, &hit, query)?),
            Kind::Conversation => {}
        }
    }
    let engine = desk.brain.engine();
    let found = engine
        .map(|engine| engine.search(query, share))
        .unwrap_or_default();
    let knowledge: Vec<_> = found
        .into_iter()
        .map(|one| SearchHit::Faq(view::assist::suggestion(one)))
        .collect();
    customers.truncate(share);
    messages.truncate(
        limit
            .saturating_sub(customers.len() + knowledge.len())
            .max(1),
    );
    let mut items = customers;
    items.extend(messages);
    items.extend(knowledge);
    items.truncate(limit);
    Ok(SearchHits { items })
}

/// How many hits are asked for, within bounds.
pub(super) fn limit_of(args: &SearchArgs) -> usize {
    usize::try_from(args.limit)
        .unwrap_or(MAX_HITS)
        .min(MAX_HITS)
}

/// What has left this desk since it was indexed is no hit.
fn message(desk: &Desk, hit: &MessageHit, query: &str) -> Result<Option<SearchHit>, WireError> {
    let Ok(id) = hit.id.parse::<MessageId>() else {
        return Ok(None);
    };
    let Some(stored) = desk.store.message(id).map_err(wire)? else {
        return Ok(None);
    };
    let message = stored.message;
    let line = desk.store.line(message.conversation_id).map_err(wire)?;
    let (Some(line), Some(text)) = (line, message.text()) else {
        return Ok(None);
    };
    let (text, marks) = view::mask::around_hit(text, query);
    Ok(Some(SearchHit::Message {
        conversation_id: message.conversation_id,
        number: view::number(line.number),
        seq: message.seq,
        name: view::mask::name(&line.contact_name),
        text,
        marks,
        at: message.at,
    }))
}

/// A customer leads to the latest conversation with them.
fn customer(desk: &Desk, hit: &MessageHit) -> Result<Option<SearchHit>, WireError> {
    let Ok(id) = hit.id.parse::<ContactId>() else {
        return Ok(None);
    };
    let latest = desk
        .store
        .conversations_of(id)
        .map_err(wire)?
        .first()
        .copied();
    let Some(conversation_id) = latest else {
        return Ok(None);
    };
    let name = view::mask::name(&desk.line(conversation_id)?.contact_name);
    Ok(Some(SearchHit::Contact {
        conversation_id,
        name,
    }))
}
