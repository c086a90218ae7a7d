//! The customer beside a conversation: earlier conversations, and what other systems of the shop
//! know. What comes from there is fetched beside everything else: a slow system shows what it said
//! last, with its time, and holds up nothing.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use lt_model::{
    Millis, contact::ChannelKind, conversation::Status, id::ConversationId, slot::SlotKind,
};

/// Path of what other systems know about a conversation, `GET` with a session.
#[must_use]
pub fn facts_path(id: ConversationId) -> String {
    format!("/api/v1/conversations/{id}/facts")
}

/// What one other system said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FactSheet {
    /// Its name, such as 物流.
    pub name: String,
    /// What it said.
    pub state: SheetState,
}

/// What another system said, or why it said nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum SheetState {
    /// Values.
    Known {
        /// Them, in their order.
        facts: Vec<Fact>,
        /// How old they were when they were told, in ms.
        #[ts(type = "number")]
        age_ms: u64,
    },
    /// It would have to know a value that the customer has not given.
    Needs {
        /// Which.
        slot: SlotKind,
    },
    /// It knows nothing of what the customer named.
    Unknown {
        /// What they named.
        slot: SlotKind,
    },
    /// It is slow, down, or answers nonsense.
    Unavailable,
}

/// One value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Fact {
    /// Its name.
    pub name: String,
    /// It, as a person reads it.
    pub value: String,
}

/// The customer of a conversation, beside what the conversation itself shows of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CustomerView {
    /// Their other conversations, latest first.
    pub earlier: Vec<EarlierView>,
    /// How many others there are.
    pub n_earlier: u32,
    /// What other systems know, as far as it is here.
    pub sheets: Vec<SheetView>,
    /// Whether they are being asked.
    pub asking: bool,
    /// When they last answered; none while they have not.
    pub asked_at: Option<Millis>,
    /// Whether they could not be asked the last time: what is shown is from before.
    pub failed: bool,
}

/// Another conversation of the same customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct EarlierView {
    /// Which.
    pub id: ConversationId,
    /// `C-10293`.
    pub number: String,
    /// Channel.
    pub channel: ChannelKind,
    /// Status.
    pub status: Status,
    /// Category; empty while unknown.
    pub category: String,
    /// What was said last, one masked line.
    pub last_text: String,
    /// When.
    pub at: Millis,
}

/// What one other system said, masked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SheetView {
    /// Its name.
    pub name: String,
    /// What it said; values that it gave before it went away stay.
    pub state: SheetState,
    /// As of when its values are; none where it gave none.
    pub at: Option<Millis>,
    /// Whether it did not answer the last time, so that the values are from before.
    pub is_stale: bool,
}
