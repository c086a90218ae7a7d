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

type Found<K, V> = HashMap<K, Result<V, DbError>>;

/// What there is of some cases. Each is given once.
pub(super) struct Sources {
    before: Found<CaseId, MetricCase>,
    conversations: Found<ConversationId, Conversation>,
    messages: Found<ConversationId, Vec<Stored>>,
    surveys: Found<ConversationId, Vec<Survey>>,
}

impl Sources {
    /// Of these cases.
    pub(super) fn read(reader: &Reader<'_>, ids: &[CaseId]) -> Result<Self, Error> {
        let before = metric_case::of_ids(reader, ids)?;
        let conversations = ids.iter().filter_map(|id| match id {
            CaseId::Conversation(id) => Some(*id),
            CaseId::Ticket(_) => None,
        });
        let ids: Vec<ConversationId> = conversations.collect();
        Ok(Self {
            before,
            conversations: conversation::of_ids(reader, &ids)?,
            messages: message::of_conversations(reader, &ids)?,
            surveys: survey::of_conversations(reader, &ids)?,
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

    /// Its messages, oldest first.
    pub(super) fn messages(&mut self, id: ConversationId) -> Result<Vec<Stored>, Error> {
        Ok(self.messages.remove(&id).transpose()?.unwrap_or_default())
    }

    /// Its surveys, oldest first.
    pub(super) fn surveys(&mut self, id: ConversationId) -> Result<Vec<Survey>, Error> {
        Ok(self.surveys.remove(&id).transpose()?.unwrap_or_default())
    }
}
