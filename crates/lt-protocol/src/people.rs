//! Customers who may be one person, beside a conversation. Everything is masked: that two values are
//! equal is found out where they are stored.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use lt_model::{
    Millis,
    contact::{ValueTier, merge::ContactField},
    id::{ContactId, ConversationId},
};

/// A customer, masked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PersonView {
    /// Id.
    pub id: ContactId,
    /// Name; empty when unknown.
    pub name: String,
    /// Value to the shop.
    pub value_tier: ValueTier,
    /// Phone number; empty when unknown, like those below.
    pub phone: String,
    /// E-mail address.
    pub email: String,
    /// Member number.
    pub member: String,
    /// First seen.
    pub since: Millis,
    /// Conversations that this desk sees.
    pub conversations: u32,
    /// Tickets that this desk sees.
    pub tickets: u32,
    /// When they were last heard of; none where this desk sees no conversation.
    pub last_at: Option<Millis>,
}

/// A customer who may be the same person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AlikeView {
    /// Who.
    pub person: PersonView,
    /// What both have in common.
    pub by: Vec<ContactField>,
}

/// A customer who turned out to be the one of the conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AbsorbedView {
    /// Who.
    pub id: ContactId,
    /// Their masked name then; empty when unknown.
    pub name: String,
    /// Since when.
    pub at: Millis,
    /// Which colleague said so.
    pub by: String,
    /// Until when that can be taken back.
    pub until: Millis,
    /// Whether this agent may take it back now.
    pub may_split: bool,
}

/// Who else the customer of a conversation is, and who they may be.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PeopleView {
    /// Who they may be.
    pub alike: Vec<AlikeView>,
    /// Who they are, the latest first.
    pub absorbed: Vec<AbsorbedView>,
    /// Whether this agent may merge.
    pub may_merge: bool,
}

/// Looks for a customer to merge with.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct PeopleFindArgs {
    /// Whose customer is to be merged.
    pub conversation_id: ConversationId,
    /// A name, a number, an address, or the number of a conversation.
    pub query: String,
}

/// Customers that were found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PeopleFound {
    /// They.
    pub items: Vec<PersonView>,
}

/// The customer of a conversation, and another one.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct PeoplePairArgs {
    /// Whose customer.
    pub conversation_id: ConversationId,
    /// The other one.
    pub contact_id: ContactId,
}

/// Which of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum MergeSide {
    /// The customer of the conversation.
    This,
    /// The other one.
    Other,
}

/// A field of both.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MergeField {
    /// Which.
    pub field: ContactField,
    /// What the customer of the conversation has, masked; empty when unknown.
    pub this: String,
    /// What the other one has.
    pub other: String,
    /// Whether both have the same. Values that look alike when masked need not be.
    pub is_equal: bool,
    /// Which is proposed.
    pub propose: MergeSide,
}

/// What a merge would do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MergeView {
    /// The customer of the conversation.
    pub this: PersonView,
    /// The other one.
    pub other: PersonView,
    /// Who remains; what the other one has moves there.
    pub remains: MergeSide,
    /// All fields.
    pub fields: Vec<MergeField>,
}

/// The value of which side is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct KeptField {
    /// Of which field.
    pub field: ContactField,
    /// Which.
    pub side: MergeSide,
}

/// Says that two customers are one.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct PeopleMergeArgs {
    /// Whose customer.
    pub conversation_id: ConversationId,
    /// The other one.
    pub contact_id: ContactId,
    /// Who remains, as it was shown.
    pub remains: MergeSide,
    /// What is kept.
    pub keep: Vec<KeptField>,
}
