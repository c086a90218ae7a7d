//! Other systems of the shop, as the responder sees them. What asks them over the network stands
//! above this crate.

use std::{collections::BTreeMap, fmt, time::Duration};

use lt_model::slot::{SlotKind, Slots};

/// How a look-up ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LookUp {
    /// Values.
    Found {
        /// Short plain texts by the names of variables.
        values: BTreeMap<String, String>,
        /// How old they are, in ms.
        age_ms: u64,
    },
    /// A slot is missing: it has to be asked for.
    Missing(SlotKind),
    /// The other side knows nothing of what the slot names.
    NotFound(SlotKind),
    /// Nothing came in time.
    Unavailable,
}

/// Asks other systems for what an answer says.
pub trait Connectors: Send + Sync + fmt::Debug {
    /// Every connector, with the names of its values: what may be shown beside a conversation.
    fn names(&self) -> Vec<(String, Vec<String>)>;

    /// Asks the connector of this name. Blocks, and returns within `limit` whatever happens.
    fn look_up(&self, connector: &str, slots: &Slots, limit: Duration) -> LookUp;
}
