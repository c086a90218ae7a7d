//! The order in which waiting conversations are served (排队).

use std::cmp::Reverse;

use crate::{Millis, conversation::Conversation, priority::Priority};

/// Sort key of a waiting conversation: higher priority first, then who waits longest.
#[must_use]
pub fn key(conversation: &Conversation) -> (Reverse<Priority>, Millis, u64) {
    let since = conversation
        .waiting_since
        .unwrap_or(conversation.last_message_at);
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
