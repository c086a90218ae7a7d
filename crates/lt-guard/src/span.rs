use std::fmt;

use serde::{Deserialize, Serialize};

/// What kind of personal data a span holds. Written in snake case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PiiKind {
    /// Mobile number of the mainland, Hong Kong, Macau or Taiwan.
    Phone,
    /// A person's fixed line.
    Landline,
    /// Resident identity number, 18 characters.
    IdCard,
    /// Bank card number, 16–19 digits.
    BankCard,
    /// Postal address fine enough to find a door or a house.
    Address,
    /// E-mail address.
    Email,
    /// Full personal name.
    Name,
    /// Vehicle plate.
    Plate,
    /// Passport number.
    Passport,
    /// Number that the text calls an order.
    OrderNo,
    /// WeChat id.
    Wechat,
    /// IPv4 or IPv6 address.
    Ip,
}

impl PiiKind {
    /// Every kind, in the order of declaration.
    pub const ALL: [Self; 12] = [
        Self::Phone,
        Self::Landline,
        Self::IdCard,
        Self::BankCard,
        Self::Address,
        Self::Email,
        Self::Name,
        Self::Plate,
        Self::Passport,
        Self::OrderNo,
        Self::Wechat,
        Self::Ip,
    ];

    /// The name as written in JSON, such as `id_card`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Landline => "landline",
            Self::IdCard => "id_card",
            Self::BankCard => "bank_card",
            Self::Address => "address",
            Self::Email => "email",
            Self::Name => "name",
            Self::Plate => "plate",
            Self::Passport => "passport",
            Self::OrderNo => "order_no",
            Self::Wechat => "wechat",
            Self::Ip => "ip",
        }
    }
}

impl fmt::Display for PiiKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One value found in a text. Offsets count Unicode code points, `end` is exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Span {
    /// First code point of the value.
    pub start: usize,
    /// One past the last code point of the value.
    pub end: usize,
    /// What the value is; `type` in JSON.
    #[serde(rename = "type")]
    pub kind: PiiKind,
}
