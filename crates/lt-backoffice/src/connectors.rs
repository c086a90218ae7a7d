//! Other systems of the shop, as the responder sees them. What asks them over the network stands
//! above this crate.

use std::{collections::BTreeMap, fmt, time::Duration};

use lt_model::slot::{SlotKind, Slots};

/// How a look-up ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LookUp {
    /// Short plain texts by the names of variables.
    Found(BTreeMap<String, String>),
    /// A slot is missing: it has to be asked for.
    Missing(SlotKind),
    /// The other side knows nothing of what the slot names.
    NotFound(SlotKind),
    /// Nothing came in time.
    Unavailable,
}

/// Asks other systems for what an answer says.
pub trait Connectors: Send + Sync + fmt::Debug {
    /// Asks the connector of this name. Blocks, and returns within `limit` whatever happens.
    fn look_up(&self, connector: &str, slots: &Slots, limit: Duration) -> LookUp;
}
