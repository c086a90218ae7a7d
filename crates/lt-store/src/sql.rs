//! How domain values lie in columns.

use lt_model::id::{
    AgentId, AlertId, AlertRuleId, AttachmentId, CannedId, ContactId, ConversationId, GroupId,
    HoursId, InboxId, MessageId, OpId, QaFormId, QaReviewId, QaRuleId, SurveyId, TicketId,
    TicketTypeId, WhisperId,
};
use rusqlite::types::{Type, Value};
use serde::{Serialize, de::DeserializeOwned};
use uuid::Uuid;

use crate::{Result, StoreError};

/// An id that is stored as 16 bytes.
pub(crate) trait Id: Copy {
    fn uuid(self) -> Uuid;

    fn blob(self) -> [u8; 16] {
        self.uuid().into_bytes()
    }
}

macro_rules! ids {
    ($($name:ident),*) => {$(
        impl Id for $name {
            fn uuid(self) -> Uuid {
                self.0
            }
        }
    )*};
}

ids!(
    AgentId,
    AlertId,
    AlertRuleId,
    AttachmentId,
    CannedId,
    ContactId,
    ConversationId,
    GroupId,
    HoursId,
    InboxId,
    MessageId,
    OpId,
    QaFormId,
    QaReviewId,
    QaRuleId,
    SurveyId,
    TicketId,
    TicketTypeId,
    WhisperId
);

/// A counter as SQLite's integer. The server's counters stay far below 2⁶³.
pub(crate) fn int(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

/// A counter back from SQLite's integer.
pub(crate) fn count(value: i64) -> u64 {
    u64::try_from(value).unwrap_or(0)
}

/// A value as JSON text.
pub(crate) fn json<T: Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|_| StoreError::Broken("JSON"))
}

/// A value from JSON text; `what` names it in the error.
pub(crate) fn from_json<T: DeserializeOwned>(text: &str, what: &'static str) -> Result<T> {
    serde_json::from_str(text).map_err(|_| StoreError::Unreadable(what))
}

/// The serde name of an enum without data.
pub(crate) fn word<T: Serialize>(value: &T) -> Result<String> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => Ok(word),
        _ => Err(StoreError::Broken("word")),
    }
}

/// An enum without data from its serde name.
pub(crate) fn from_word<T: DeserializeOwned>(word: &str) -> rusqlite::Result<T> {
    use serde::de::{IntoDeserializer, value::Error};
    let deserializer: serde::de::value::StrDeserializer<'_, Error> = word.into_deserializer();
    T::deserialize(deserializer)
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(0, Type::Text, error.into()))
}

/// An id column of a row.
pub(crate) fn id<T: From<Uuid>>(row: &rusqlite::Row<'_>, idx: usize) -> rusqlite::Result<T> {
    row.get::<_, [u8; 16]>(idx)
        .map(|bytes| Uuid::from_bytes(bytes).into())
}

/// An id column of a row that may be empty.
pub(crate) fn maybe_id<T: From<Uuid>>(
    row: &rusqlite::Row<'_>,
    idx: usize,
) -> rusqlite::Result<Option<T>> {
    Ok(row
        .get::<_, Option<[u8; 16]>>(idx)?
        .map(|bytes| Uuid::from_bytes(bytes).into()))
}

/// The id of a travelling row, as the tables hold it: bytes of a UUID, or text for knowledge
/// and versions.
pub(crate) fn key(kind: lt_model::change::EntityKind, id: &str) -> Result<Value> {
    use lt_model::change::EntityKind;
    if matches!(kind, EntityKind::Faq | EntityKind::EngineSettings) {
        return Ok(Value::Text(id.to_owned()));
    }
    Uuid::parse_str(id)
        .map(|uuid| Value::Blob(uuid.into_bytes().to_vec()))
        .map_err(|_| StoreError::Unreadable("row id"))
}

/// The other way round.
pub(crate) fn key_text(value: Value) -> Result<String> {
    match value {
        Value::Text(text) => Ok(text),
        Value::Blob(bytes) => Uuid::from_slice(&bytes)
            .map(|uuid| uuid.to_string())
            .map_err(|_| StoreError::Unreadable("row id")),
        Value::Null | Value::Integer(_) | Value::Real(_) => Err(StoreError::Unreadable("row id")),
    }
}

/// Exactly one row must have been changed.
pub(crate) fn expect_one(n_changed: usize, invariant: &'static str) -> Result<()> {
    if n_changed == 1 {
        Ok(())
    } else {
        Err(StoreError::Broken(invariant))
    }
}
