//! Values of a form.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    Millis,
    ticket::kind::{TicketField, TicketFieldKind},
};

/// Longest one-line value, in characters.
pub const MAX_LINE_CHARS: usize = 120;
/// Longest text, in bytes of UTF-8.
pub const MAX_TEXT_BYTES: usize = 4_000;
/// Largest sum of money, in hundredths.
const MAX_MONEY: i64 = 1_000_000_000_000;
/// Larger ones are no exact numbers in a window.
const MAX_NUMBER: i64 = 9_007_199_254_740_991;
/// The first day of 1900.
const MIN_DATE: Millis = -2_208_988_800_000;
/// The end of 2199: no window shows a day of a million years from now.
const MAX_DATE: Millis = 7_258_118_399_999;

/// One value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(
    tag = "kind",
    content = "value",
    rename_all = "snake_case",
    deny_unknown_fields
)]
pub enum TicketValue {
    /// Text: also of numbers of orders and parcels, phones and addresses.
    Text(String),
    /// A whole number.
    Number(i64),
    /// A sum of money in hundredths: 59.90 元 is 5990.
    Money(i64),
    /// A day: its first moment.
    Date(Millis),
    /// One of the options.
    Choice(String),
    /// Some of the options, in their order.
    Choices(Vec<String>),
    /// Yes or no.
    Yes(bool),
}

/// Why a value does not fit its field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum TicketFault {
    /// It has to be there.
    #[error("the value is missing")]
    Missing,
    /// It is of another kind than the field.
    #[error("the value is of another kind than its field")]
    Kind,
    /// It is too long or too large.
    #[error("the value is too long or too large")]
    TooLong,
    /// No such number of an order, a parcel or a phone.
    #[error("the value is none of its field")]
    Form,
    /// None of the options.
    #[error("the value is none of the options")]
    Option,
    /// The type has no such field.
    #[error("the type has no such field")]
    Unknown,
}

impl TicketValue {
    /// Whether there is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Text(text) | Self::Choice(text) => text.trim().is_empty(),
            Self::Choices(chosen) => chosen.is_empty(),
            Self::Number(_) | Self::Money(_) | Self::Date(_) | Self::Yes(_) => false,
        }
    }

    /// Checks and cleans a value of a field.
    ///
    /// # Errors
    /// See [`TicketFault`].
    pub fn check(self, field: &TicketField) -> Result<Self, TicketFault> {
        use TicketFieldKind as K;
        match (&field.kind, self) {
            (K::Text, Self::Text(text)) => Ok(Self::Text(one_line(&text)?)),
            (K::LongText, Self::Text(text)) => Ok(Self::Text(many_lines(text)?)),
            (K::Order | K::Tracking, Self::Text(text)) => Ok(Self::Text(number(&text)?)),
            (K::Phone, Self::Text(text)) => Ok(Self::Text(phone(&text)?)),
            (K::Address, Self::Text(text)) => Ok(Self::Text(one_line(&text)?)),
            (K::Number, Self::Number(n)) if (-MAX_NUMBER..=MAX_NUMBER).contains(&n) => {
                Ok(Self::Number(n))
            }
            (K::Number, Self::Number(_)) => Err(TicketFault::TooLong),
            (K::Money, Self::Money(sum)) if (0..=MAX_MONEY).contains(&sum) => Ok(Self::Money(sum)),
            (K::Money, Self::Money(_)) => Err(TicketFault::TooLong),
            (K::Date, Self::Date(at)) if (MIN_DATE..=MAX_DATE).contains(&at) => Ok(Self::Date(at)),
            (K::Date, Self::Date(_)) => Err(TicketFault::TooLong),
            (K::Choice { options }, Self::Choice(chosen)) => match options.contains(&chosen) {
                true => Ok(Self::Choice(chosen)),
                false => Err(TicketFault::Option),
            },
            (K::Choices { options }, Self::Choices(chosen)) => {
                if chosen.iter().any(|one| !options.contains(one)) {
                    return Err(TicketFault::Option);
                }
                let kept = options.iter().filter(|option| chosen.contains(option));
                Ok(Self::Choices(kept.cloned().collect()))
            }
            (K::YesNo, Self::Yes(yes)) => Ok(Self::Yes(yes)),
            (
                K::Text
                | K::LongText
                | K::Order
                | K::Tracking
                | K::Phone
                | K::Address
                | K::Number
                | K::Money
                | K::Date
                | K::Choice { .. }
                | K::Choices { .. }
                | K::YesNo,
                Self::Text(_)
                | Self::Number(_)
                | Self::Money(_)
                | Self::Date(_)
                | Self::Choice(_)
                | Self::Choices(_)
                | Self::Yes(_),
            ) => Err(TicketFault::Kind),
        }
    }
}

fn one_line(text: &str) -> Result<String, TicketFault> {
    let clean: String = text.chars().filter(|c| !c.is_control()).collect();
    let clean = clean.trim();
    match clean.chars().count() > MAX_LINE_CHARS {
        true => Err(TicketFault::TooLong),
        false => Ok(clean.to_owned()),
    }
}

fn many_lines(mut text: String) -> Result<String, TicketFault> {
    text.retain(|c| !c.is_control() || matches!(c, '\n' | '\t'));
    let clean = text.trim();
    match clean.len() > MAX_TEXT_BYTES {
        true => Err(TicketFault::TooLong),
        false => Ok(clean.to_owned()),
    }
}

/// Letters, digits and dashes, at least four.
fn number(text: &str) -> Result<String, TicketFault> {
    let clean = one_line(text)?.to_ascii_uppercase();
    let is_one = clean.chars().count() >= 4
        && clean.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
        && clean.chars().any(|c| c.is_ascii_digit());
    match is_one || clean.is_empty() {
        true => Ok(clean),
        false => Err(TicketFault::Form),
    }
}

/// A phone number as written: digits with what is put between them. A masked one passes too.
fn phone(text: &str) -> Result<String, TicketFault> {
    let clean = one_line(text)?;
    let is_part = |c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | ' ' | '(' | ')' | '*');
    let n_digits = clean
        .chars()
        .filter(|c| c.is_ascii_digit() || *c == '*')
        .count();
    match clean.is_empty() || (clean.chars().all(is_part) && (5..=20).contains(&n_digits)) {
        true => Ok(clean),
        false => Err(TicketFault::Form),
    }
}
