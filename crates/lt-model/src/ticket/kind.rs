//! Types of tickets (工单类型): a form with its rules, the department that begins, and the promises.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    id::{GroupId, TicketTypeId},
    priority::Priority,
    sla::SlaPolicy,
    ticket::value::{TicketFault, TicketValue},
};

/// Most types of one organisation.
pub const MAX_TYPES: usize = 100;
/// Most fields of a type.
pub const MAX_FIELDS: usize = 40;
/// Most options of a field.
pub const MAX_OPTIONS: usize = 60;
/// Longest name, label, hint or option, in characters.
pub const MAX_NAME_CHARS: usize = 40;
/// Most departments on the path of a type.
pub const MAX_PATH: usize = 12;

/// A type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct TicketType {
    /// Its id.
    pub id: TicketTypeId,
    /// How often it was changed, from 1.
    pub version: u32,
    /// Shown name, such as 售后退换.
    pub name: String,
    /// Which work it is for.
    pub description: String,
    /// The department that begins; none for the one of the conversation.
    pub group_id: Option<GroupId>,
    /// Departments that it goes to next as a rule.
    pub path: Vec<GroupId>,
    /// Priority of a new one.
    pub priority: Priority,
    /// The form.
    pub fields: Vec<TicketField>,
    /// The promises.
    pub sla: SlaPolicy,
    /// Words that point to it in a conversation's category, intent or messages.
    pub words: Vec<String>,
    /// Whether new tickets may be of it.
    pub active: bool,
}

/// A field of a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct TicketField {
    /// What its value is kept under: lower-case letters, digits and `_`.
    pub key: String,
    /// Shown name.
    pub label: String,
    /// What it takes.
    pub kind: TicketFieldKind,
    /// When it has to be there.
    pub required: TicketRequired,
    /// What to write there; may be empty.
    pub hint: String,
    /// What the engine found in the conversation that it begins with.
    pub source: Option<TicketSource>,
}

/// What a field takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum TicketFieldKind {
    /// A line.
    Text,
    /// Lines.
    LongText,
    /// A whole number.
    Number,
    /// A sum of money.
    Money,
    /// A day.
    Date,
    /// Yes or no.
    YesNo,
    /// One of some.
    Choice {
        /// Them.
        options: Vec<String>,
    },
    /// Any of some.
    Choices {
        /// Them.
        options: Vec<String>,
    },
    /// Number of an order.
    Order,
    /// Number of a parcel.
    Tracking,
    /// A phone number; shown masked.
    Phone,
    /// An address; shown masked.
    Address,
}

/// When a field has to be filled in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TicketRequired {
    /// 选填.
    No,
    /// 建单必填.
    Create,
    /// 完成前必填.
    Resolve,
}

/// What of a conversation a field begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TicketSource {
    /// 订单号.
    Order,
    /// 运单号.
    Tracking,
    /// 商品.
    Product,
    /// 金额.
    Amount,
    /// 日期.
    Date,
    /// 手机号.
    Phone,
    /// 地址.
    Address,
    /// What the customer wants, in their words.
    Matter,
}

impl TicketType {
    /// The field of a key.
    #[must_use]
    pub fn field(&self, key: &str) -> Option<&TicketField> {
        self.fields.iter().find(|field| field.key == key)
    }

    /// Checks and cleans the values of a new ticket. Empty ones go.
    ///
    /// # Errors
    /// The first field that is not right, by its key.
    pub fn check_values(
        &self,
        values: BTreeMap<String, TicketValue>,
    ) -> Result<BTreeMap<String, TicketValue>, (String, TicketFault)> {
        let mut kept = BTreeMap::new();
        for (key, value) in values {
            let Some(field) = self.field(&key) else {
                return Err((key, TicketFault::Unknown));
            };
            match value.check(field) {
                Ok(value) if value.is_empty() => {}
                Ok(value) => {
                    kept.insert(key, value);
                }
                Err(fault) => return Err((key, fault)),
            }
        }
        match self.missing(&kept, TicketRequired::Create).first() {
            Some(field) => Err((field.key.clone(), TicketFault::Missing)),
            None => Ok(kept),
        }
    }

    /// The fields that have to be there by now and are not.
    #[must_use]
    pub fn missing(
        &self,
        values: &BTreeMap<String, TicketValue>,
        by: TicketRequired,
    ) -> Vec<&TicketField> {
        let is_due = |required: TicketRequired| match (required, by) {
            (TicketRequired::No, _) | (_, TicketRequired::No) => false,
            (TicketRequired::Create, _) => true,
            (TicketRequired::Resolve, by) => by == TicketRequired::Resolve,
        };
        self.fields
            .iter()
            .filter(|field| is_due(field.required))
            .filter(|field| values.get(&field.key).is_none_or(TicketValue::is_empty))
            .collect()
    }
}
