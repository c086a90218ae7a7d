//! Customers (客户).

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Millis, id::ContactId};

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
    /// First seen.
    pub created_at: Millis,
}
