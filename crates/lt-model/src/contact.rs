//! Customers (客户).

pub mod merge;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Millis, id::ContactId};
use merge::{Absorbed, MergedInto};

/// Longest phone number, e-mail address or member number, in characters.
pub const MAX_MARK_CHARS: usize = 120;

/// How much a customer matters to the shop (客户等级).
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS,
)]
#[serde(rename_all = "snake_case")]
pub enum ValueTier {
    /// 普通.
    #[default]
    Normal,
    /// 银卡.
    Silver,
    /// 金卡.
    Gold,
    /// VIP.
    Vip,
}

/// By which kind of channel a customer writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ChannelKind {
    /// The chat on a web page.
    Web,
    /// A signed call from another system.
    Webhook,
    /// 微信公众号.
    WechatOa,
    /// 微信客服.
    WecomKf,
    /// E-mail.
    Email,
    /// Telephone, as transcribed text.
    Voice,
}

/// A customer as a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// Its id.
    pub id: ContactId,
    /// Name as the customer gave it, unmasked; empty when unknown.
    pub display_name: String,
    /// Value to the shop.
    pub value_tier: ValueTier,
    /// Phone number as the customer or the page gave it, not verified; empty when unknown.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub phone: String,
    /// E-mail address, likewise.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub email: String,
    /// Number by which the shop knows its members (会员号), likewise.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub member: String,
    /// Who they turned out to be; none while they stand for themselves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merged: Option<MergedInto>,
    /// Who turned out to be them, the latest last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub absorbed: Vec<Absorbed>,
    /// First seen.
    pub created_at: Millis,
}

impl Contact {
    /// A customer of whom no more is known than a name, if that.
    #[must_use]
    pub fn new(id: ContactId, display_name: String, now: Millis) -> Self {
        Self {
            id,
            display_name,
            value_tier: ValueTier::Normal,
            phone: String::new(),
            email: String::new(),
            member: String::new(),
            merged: None,
            absorbed: Vec::new(),
            created_at: now,
        }
    }
}

impl Contact {
    /// Whether this is, as a whole, one of the marks by which the shop knows them.
    #[must_use]
    pub fn has_mark(&self, said: &str) -> bool {
        let (phone, mark) = (phone_key(said), mark_key(said));
        let is = |known: String, said: &str| !known.is_empty() && known == said;
        is(phone_key(&self.phone), &phone)
            || is(mark_key(&self.email), &mark)
            || is(mark_key(&self.member), &mark)
    }
}

/// What equal phone numbers have in common: their digits, without the country code of the mainland.
/// Empty where there is no number.
#[must_use]
pub fn phone_key(phone: &str) -> String {
    let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
    let short = digits
        .strip_prefix("0086")
        .or_else(|| digits.strip_prefix("86"))
        .filter(|short| short.len() == 11)
        .map(str::to_owned);
    short.unwrap_or(digits)
}

/// What equal e-mail addresses and member numbers have in common.
#[must_use]
pub fn mark_key(mark: &str) -> String {
    mark.trim().to_lowercase()
}
