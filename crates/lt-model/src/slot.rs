//! Slots (槽位): what a conversation is about in values that a program can use: which order, which
//! parcel, how much, when.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::Millis;

/// Which slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SlotKind {
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
}

/// The value of one slot, normalised.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Slot {
    /// Number of an order: capital letters, digits and dashes.
    Order {
        /// It.
        number: String,
    },
    /// Number of a parcel.
    Tracking(Tracking),
    /// A product, as the knowledge or the customer calls it.
    Product {
        /// It.
        name: String,
    },
    /// A sum of money.
    Amount(Amount),
    /// A day, or a part of one.
    Date(DateSpan),
    /// A phone number. The number itself is never kept here.
    Phone {
        /// Masked, such as `138****5678`.
        masked: String,
    },
}

impl Slot {
    /// Which slot it fills.
    #[must_use]
    pub fn kind(&self) -> SlotKind {
        match self {
            Self::Order { .. } => SlotKind::Order,
            Self::Tracking(_) => SlotKind::Tracking,
            Self::Product { .. } => SlotKind::Product,
            Self::Amount(_) => SlotKind::Amount,
            Self::Date(_) => SlotKind::Date,
            Self::Phone { .. } => SlotKind::Phone,
        }
    }
}

/// Number of a parcel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tracking {
    /// Capital letters and digits.
    pub number: String,
    /// Who carries it, where the number or the text says so.
    pub carrier: Option<Carrier>,
}

/// Who carries parcels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Carrier {
    /// 顺丰.
    Sf,
    /// 圆通.
    Yto,
    /// 中通.
    Zto,
    /// 申通.
    Sto,
    /// 韵达.
    Yunda,
    /// 京东物流.
    Jd,
    /// 极兔.
    Jt,
    /// 邮政, EMS.
    Ems,
    /// 德邦.
    Deppon,
}

impl Carrier {
    /// Its name in Chinese.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Sf => "顺丰",
            Self::Yto => "圆通",
            Self::Zto => "中通",
            Self::Sto => "申通",
            Self::Yunda => "韵达",
            Self::Jd => "京东",
            Self::Jt => "极兔",
            Self::Ems => "邮政",
            Self::Deppon => "德邦",
        }
    }

    /// Its word in calls to other systems, such as `yto`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Sf => "sf",
            Self::Yto => "yto",
            Self::Zto => "zto",
            Self::Sto => "sto",
            Self::Yunda => "yunda",
            Self::Jd => "jd",
            Self::Jt => "jt",
            Self::Ems => "ems",
            Self::Deppon => "deppon",
        }
    }
}

/// A sum of money.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Amount {
    /// In hundredths of the unit: 59.90 元 is 5,990.
    pub hundredths: u64,
    /// Which money.
    pub currency: Currency,
    /// Whether the customer gave it roughly, as in 三百多.
    pub about: bool,
}

/// Which money.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Currency {
    /// 人民币.
    Cny,
    /// 美元.
    Usd,
    /// 港币.
    Hkd,
    /// 欧元.
    Eur,
}

/// A span of time: a day most often.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DateSpan {
    /// First moment.
    pub from: Millis,
    /// One past the last moment.
    pub to: Millis,
}

/// All slots of a conversation; each holds the value that was said last.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Slots {
    /// 订单号.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<String>,
    /// 运单号.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tracking: Option<Tracking>,
    /// 商品.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product: Option<String>,
    /// 金额.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<Amount>,
    /// 日期.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<DateSpan>,
    /// 手机号, masked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
}

impl Slots {
    /// Whether nothing is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Takes a value over the one that was there.
    pub fn put(&mut self, slot: Slot) {
        match slot {
            Slot::Order { number } => self.order = Some(number),
            Slot::Tracking(tracking) => self.tracking = Some(tracking),
            Slot::Product { name } => self.product = Some(name),
            Slot::Amount(amount) => self.amount = Some(amount),
            Slot::Date(span) => self.date = Some(span),
            Slot::Phone { masked } => self.phone = Some(masked),
        }
    }

    /// These with later ones over them.
    #[must_use]
    pub fn merge(self, later: Self) -> Self {
        Self {
            order: later.order.or(self.order),
            tracking: later.tracking.or(self.tracking),
            product: later.product.or(self.product),
            amount: later.amount.or(self.amount),
            date: later.date.or(self.date),
            phone: later.phone.or(self.phone),
        }
    }

    /// Whether a slot has a value.
    #[must_use]
    pub fn has(&self, kind: SlotKind) -> bool {
        match kind {
            SlotKind::Order => self.order.is_some(),
            SlotKind::Tracking => self.tracking.is_some(),
            SlotKind::Product => self.product.is_some(),
            SlotKind::Amount => self.amount.is_some(),
            SlotKind::Date => self.date.is_some(),
            SlotKind::Phone => self.phone.is_some(),
        }
    }
}

impl FromIterator<Slot> for Slots {
    fn from_iter<I: IntoIterator<Item = Slot>>(slots: I) -> Self {
        let mut all = Self::default();
        for slot in slots {
            all.put(slot);
        }
        all
    }
}
