//! What cases are folded from, read for many of them at once.

use std::collections::HashMap;

use lt_db::{
    DbError, Reader,
    table::{
        conversation,
        message::{self, Stored},
        metric_case::{self, CaseId, MetricCase},
        survey,
    },
};
use lt_model::{conversation::Conversation, id::ConversationId, survey::Survey};

use crate::error::Error;

/// Messages that are in memory together. One conversation may have more.
const MESSAGES_AT_ONCE: u64 = 4_000;

type Found<K, V> = HashMap<K, Result<V, DbError>>;

/// What there is of some cases. Each is given once; ask for them in their order.
pub(super) struct Sources {
    before: Found<CaseId, MetricCase>,
    conversations: Found<ConversationId, Conversation>,
    surveys: Found<ConversationId, Vec<Survey>>,
    /// Conversations whose messages were not read yet, by which are read together.
    parts: Vec<Vec<ConversationId>>,
    /// The messages of one part.
    messages: Found<ConversationId, Vec<Stored>>,
}

impl Sources {
    /// Of these cases.
    pub(super) fn read(reader: &Reader<'_>, ids: &[CaseId]) -> Result<Self, Error> {
        let before = metric_case::of_ids(reader, ids)?;
        let of_conversations = ids.iter().filter_map(|id| match id {
            CaseId::Conversation(id) => Some(*id),
            CaseId::Ticket(_) => None,
        });
        let ids: Vec<ConversationId> = of_conversations.collect();
        let conversations = conversation::of_ids(reader, &ids)?;
        let lengths = ids.iter().filter_map(|id| match conversations.get(id) {
            Some(Ok(conversation)) => Some((*id, conversation.seq)),
            Some(Err(_)) | None => None,
        });
        Ok(Self {
            before,
            parts: parts(&lengths.collect::<Vec<_>>()),
            conversations,
            surveys: survey::of_conversations(reader, &ids)?,
            messages: HashMap::new(),
        })
    }

    /// How it counted before, if it did.
    pub(super) fn before(&mut self, id: CaseId) -> Result<Option<MetricCase>, DbError> {
        self.before.remove(&id).transpose()
    }

    /// The conversation, if there is one.
    pub(super) fn conversation(
        &mut self,
        id: ConversationId,
    ) -> Result<Option<Conversation>, Error> {
        Ok(self.conversations.remove(&id).transpose()?)
    }

    /// Its messages, oldest first. Those of its part come with them, and those of the last one go.
    pub(super) fn messages(
        &mut self,
        reader: &Reader<'_>,
        id: ConversationId,
    ) -> Result<Vec<Stored>, Error> {
        if let Some(part_idx) = self.parts.iter().position(|part| part.contains(&id)) {
            let part = self.parts.remove(part_idx);
            self.messages.clear();
            self.messages = match message::of_conversations(reader, &part) {
                Ok(found) => found,
                Err(_) => {
                    // Where one of them cannot be read, each is read alone.
                    let others = part.iter().filter(|other| **other != id);
                    self.parts.extend(others.map(|other| vec![*other]));
                    message::of_conversations(reader, &[id])?
                }
            };
        }
        Ok(self.messages.remove(&id).transpose()?.unwrap_or_default())
    }

    /// Its surveys, oldest first.
    pub(super) fn surveys(&mut self, id: ConversationId) -> Result<Vec<Survey>, Error> {
        Ok(self.surveys.remove(&id).transpose()?.unwrap_or_default())
    }
}

/// These in their order, as many together as have no more than [`MESSAGES_AT_ONCE`] messages; one that
/// has more is alone.
fn parts(lengths: &[(ConversationId, u64)]) -> Vec<Vec<ConversationId>> {
    let mut parts: Vec<Vec<ConversationId>> = Vec::new();
    let mut n_messages = 0_u64;
    for &(id, length) in lengths {
        let sum = n_messages.saturating_add(length);
        match parts.last_mut() {
            Some(part) if sum <= MESSAGES_AT_ONCE => {
                part.push(id);
                n_messages = sum;
            }
            _ => {
                parts.push(vec![id]);
                n_messages = length;
            }
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn small_ones_are_read_together_and_large_ones_are_not() {
        const MOST: u64 = MESSAGES_AT_ONCE;
        let cases: [(&[u64], &[usize]); 8] = [
            (&[], &[]),
            (&[0], &[1]),
            // A usual chunk is one question.
            (&[20; 64], &[64]),
            (&[MOST], &[1]),
            (&[MOST - 1, 1, 1], &[2, 1]),
            (&[5, MOST + 1, 5, 5], &[1, 1, 2]),
            (&[u64::MAX, u64::MAX], &[1, 1]),
            (&[MOST / 2; 5], &[2, 2, 1]),
        ];
        for (lengths, sizes) in cases {
            let id = |n: usize| ConversationId(Uuid::from_u128(n as u128));
            let ids: Vec<(ConversationId, u64)> = lengths
                .iter()
                .enumerate()
                .map(|(n, length)| (id(n), *length))
                .collect();
            let made = parts(&ids);
            let found: Vec<usize> = made.iter().map(Vec::len).collect();
            assert_eq!(found, sizes, "{lengths:?}");
            let in_order: Vec<ConversationId> = ids.iter().map(|(id, _)| *id).collect();
            assert_eq!(made.concat(), in_order, "{lengths:?}");
        }
    }
}
