//! Priority (优先级) and its reasons.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::contact::ValueTier;

/// How soon a conversation needs a person.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS,
)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    /// 低: chit-chat, browsing.
    Low,
    /// 普通.
    #[default]
    Normal,
    /// 高: overdue order, missing money, angry complaint.
    High,
    /// 紧急: safety, fraud, legal threat, media exposure, 12315.
    Urgent,
}

/// Why a priority is what it is; every reason names its words or its rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Reason {
    /// Words of the customer that a rule knows.
    Words {
        /// Rule that knows them, such as `legal_threat`.
        rule: String,
        /// The words as written.
        words: String,
        /// What they raise the priority to.
        to: Priority,
    },
    /// The customer's value tier.
    Tier {
        /// The tier.
        tier: ValueTier,
        /// Whether it raised the priority; it never lowers.
        raised: bool,
    },
}

/// `max(urgency, value lift)`: gold and vip raise normal to high and never lower.
/// Returns the priority and, where the tier counts, its reason.
#[must_use]
pub fn lift(urgency: Priority, tier: ValueTier) -> (Priority, Option<Reason>) {
    if tier < ValueTier::Gold {
        return (urgency, None);
    }
    let raised = urgency == Priority::Normal;
    let priority = if raised { Priority::High } else { urgency };
    (priority, Some(Reason::Tier { tier, raised }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tier_lifts_normal_only_and_never_lowers() {
        use Priority::{High, Low, Normal, Urgent};
        use ValueTier::{Gold, Silver, Vip};
        for (urgency, tier, expected) in [
            (Normal, Silver, Normal),
            (Normal, Gold, High),
            (Normal, Vip, High),
            (Low, Vip, Low),
            (High, Gold, High),
            (Urgent, ValueTier::Normal, Urgent),
        ] {
            assert_eq!(lift(urgency, tier).0, expected, "{urgency:?} {tier:?}");
        }
    }
}
