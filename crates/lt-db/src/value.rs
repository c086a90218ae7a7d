//! Values and rows as they cross the seam to the back end.

use serde::de::DeserializeOwned;
use uuid::Uuid;

use lt_model::id::{
    AgentId, AlertId, AlertRuleId, AssignmentId, AttachmentId, CannedId, ContactId, ConversationId,
    DeviceId, GroupId, HoursId, InboxId, MessageId, OpId, QaFormId, QaReviewId, QaRuleId, ReportId,
    SessionId, SurveyId, TicketId, TicketTypeId, WhisperId,
};

use crate::error::{DbError, Result};

/// One value. It has no `Debug`: it may hold what a customer said.
#[derive(Clone, PartialEq)]
pub enum Value {
    /// Nothing.
    Null,
    /// A number, a time in milliseconds, or a truth value as 0 or 1.
    Int(i64),
    /// Text.
    Text(String),
    /// Text that may hold what people said or who they are: a back end whose files are not sealed as
    /// a whole seals it. It is read back as [`Value::Text`].
    Sealed(String),
    /// Bytes of a picture or file, sealed likewise. They are read back as [`Value::Blob`].
    SealedBytes(Vec<u8>),
    /// An id or a hash.
    Blob(Vec<u8>),
}

/// The values of one row, in the order of the query's columns.
pub struct Row(pub(crate) Vec<Value>);

impl Row {
    fn at(&self, column_idx: usize) -> Result<&Value> {
        self.0.get(column_idx).ok_or(DbError::Shape("column"))
    }

    /// A number.
    pub fn int(&self, column_idx: usize) -> Result<i64> {
        match self.at(column_idx)? {
            Value::Int(number) => Ok(*number),
            Value::Null
            | Value::Text(_)
            | Value::Sealed(_)
            | Value::SealedBytes(_)
            | Value::Blob(_) => Err(DbError::Shape("number")),
        }
    }

    /// A number that is not negative.
    pub fn uint(&self, column_idx: usize) -> Result<u64> {
        u64::try_from(self.int(column_idx)?).map_err(|_| DbError::Shape("unsigned number"))
    }

    /// A number, or nothing.
    pub fn opt_int(&self, column_idx: usize) -> Result<Option<i64>> {
        match self.at(column_idx)? {
            Value::Null => Ok(None),
            Value::Int(_)
            | Value::Text(_)
            | Value::Sealed(_)
            | Value::SealedBytes(_)
            | Value::Blob(_) => self.int(column_idx).map(Some),
        }
    }

    /// A text.
    pub fn text(&self, column_idx: usize) -> Result<&str> {
        match self.at(column_idx)? {
            Value::Text(text) | Value::Sealed(text) => Ok(text),
            Value::Null | Value::Int(_) | Value::SealedBytes(_) | Value::Blob(_) => {
                Err(DbError::Shape("text"))
            }
        }
    }

    /// A text, or nothing.
    pub fn opt_text(&self, column_idx: usize) -> Result<Option<&str>> {
        match self.at(column_idx)? {
            Value::Null => Ok(None),
            Value::Int(_)
            | Value::Text(_)
            | Value::Sealed(_)
            | Value::SealedBytes(_)
            | Value::Blob(_) => self.text(column_idx).map(Some),
        }
    }

    /// Bytes, however many.
    pub fn blob(&self, column_idx: usize) -> Result<Vec<u8>> {
        match self.at(column_idx)? {
            Value::Blob(bytes) | Value::SealedBytes(bytes) => Ok(bytes.clone()),
            Value::Null | Value::Int(_) | Value::Text(_) | Value::Sealed(_) => {
                Err(DbError::Shape("bytes"))
            }
        }
    }

    /// Exactly `N` bytes.
    pub fn bytes<const N: usize>(&self, column_idx: usize) -> Result<[u8; N]> {
        match self.at(column_idx)? {
            Value::Blob(bytes) => bytes
                .as_slice()
                .try_into()
                .map_err(|_| DbError::Shape("length of bytes")),
            Value::Null
            | Value::Int(_)
            | Value::Text(_)
            | Value::Sealed(_)
            | Value::SealedBytes(_) => Err(DbError::Shape("bytes")),
        }
    }

    /// An id.
    pub fn id<T: From<Uuid>>(&self, column_idx: usize) -> Result<T> {
        self.bytes(column_idx)
            .map(|bytes| T::from(Uuid::from_bytes(bytes)))
    }

    /// An id, or nothing.
    pub fn opt_id<T: From<Uuid>>(&self, column_idx: usize) -> Result<Option<T>> {
        match self.at(column_idx)? {
            Value::Null => Ok(None),
            Value::Int(_)
            | Value::Text(_)
            | Value::Sealed(_)
            | Value::SealedBytes(_)
            | Value::Blob(_) => self.id(column_idx).map(Some),
        }
    }

    /// A JSON body.
    pub fn json<T: DeserializeOwned>(&self, column_idx: usize) -> Result<T> {
        Ok(serde_json::from_str(self.text(column_idx)?)?)
    }

    /// A word of a closed set, stored as its serde name.
    pub fn word<T: DeserializeOwned>(&self, column_idx: usize) -> Result<T> {
        let text = self.text(column_idx)?.to_owned();
        Ok(serde_json::from_value(serde_json::Value::String(text))?)
    }
}

/// The stored form of a word of a closed set: its serde name.
pub(crate) fn word<T: serde::Serialize>(value: &T) -> Result<Value> {
    match serde_json::to_value(value)? {
        serde_json::Value::String(text) => Ok(Value::Text(text)),
        _ => Err(DbError::Shape("word")),
    }
}

/// The stored form of a body.
pub(crate) fn json<T: serde::Serialize>(value: &T) -> Result<Value> {
    Ok(Value::Sealed(serde_json::to_string(value)?))
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl From<u64> for Value {
    /// Counters never come near the bound.
    fn from(number: u64) -> Self {
        Self::Int(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Self {
        Self::Int(i64::from(number))
    }
}

impl From<u16> for Value {
    fn from(number: u16) -> Self {
        Self::Int(i64::from(number))
    }
}

impl From<bool> for Value {
    fn from(truth: bool) -> Self {
        Self::Int(i64::from(truth))
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Vec<u8>> for Value {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Blob(bytes)
    }
}

impl<const N: usize> From<[u8; N]> for Value {
    fn from(bytes: [u8; N]) -> Self {
        Self::Blob(bytes.to_vec())
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

macro_rules! ids {
    ($($id:ident),*) => {$(
        impl From<$id> for Value {
            fn from(id: $id) -> Self {
                Self::Blob(id.0.as_bytes().to_vec())
            }
        }
    )*};
}

ids!(
    AgentId,
    AlertId,
    AlertRuleId,
    AssignmentId,
    AttachmentId,
    HoursId,
    CannedId,
    QaFormId,
    QaReviewId,
    QaRuleId,
    ReportId,
    SurveyId,
    WhisperId,
    ContactId,
    ConversationId,
    DeviceId,
    GroupId,
    InboxId,
    MessageId,
    OpId,
    SessionId,
    TicketId,
    TicketTypeId
);
