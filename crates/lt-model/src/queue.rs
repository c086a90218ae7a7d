//! The order in which waiting conversations are served (排队).

use std::cmp::Reverse;

use crate::{
    Millis,
    conversation::{Conversation, Handler},
    priority::Priority,
};

/// What an absent agent gave back stands so far before all others of its priority.
const HEAD_START_MS: Millis = 100 * 365 * 86_400_000;

/// Since when it counts as waiting: what an absent agent gave back goes to the head.
#[must_use]
pub fn since(conversation: &Conversation) -> Option<Millis> {
    let is_head = conversation.handler == Handler::Queue && conversation.routing.returned.is_some();
    let head_start = if is_head { HEAD_START_MS } else { 0 };
    conversation.waiting_since.map(|since| since - head_start)
}

/// Sort key of a waiting conversation: higher priority first, then what was given back, then who
/// waits longest.
#[must_use]
pub fn key(conversation: &Conversation) -> (Reverse<Priority>, Millis, u64) {
    let since = since(conversation).unwrap_or(conversation.last_message_at);
    (Reverse(conversation.priority), since, conversation.number)
}

/// Place of a conversation among the waiting ones of its group, from 1.
pub fn position<'a>(
    mine: &Conversation,
    waiting: impl IntoIterator<Item = &'a Conversation>,
) -> usize {
    let key_of_mine = key(mine);
    1 + waiting
        .into_iter()
        .filter(|other| other.id != mine.id && key(other) < key_of_mine)
        .count()
}
