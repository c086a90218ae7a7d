//! Two customers who are one (合并客户), and how that is taken back (撤销合并).
//!
//! Who was merged keeps what they were and points to the other one, so that customers make a forest:
//! a conversation belongs to the root over the customer who began it. Nothing else is kept about
//! what moved: what comes later under an old identity finds the same root, and taking a merge back
//! finds what belongs to either side.
//!
//! **Invariant:** only roots are merged, so that no customer ever points back to themselves.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Contact, ValueTier};
use crate::{Millis, id::ContactId};

/// Within this time a merge can be taken back.
pub const SPLIT_WINDOW_MS: Millis = 30 * 24 * 3_600_000;

/// Most customers that are merged into one.
pub const MAX_ABSORBED: usize = 50;

/// A field of which one of the two values is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ContactField {
    /// Name.
    Name,
    /// Value to the shop.
    Tier,
    /// Phone number.
    Phone,
    /// E-mail address.
    Email,
    /// Member number.
    Member,
}

impl ContactField {
    /// All, in the order in which they are shown.
    pub const ALL: [Self; 5] = [
        Self::Name,
        Self::Tier,
        Self::Phone,
        Self::Email,
        Self::Member,
    ];
}

/// A value that the remaining customer took over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    /// Of which field.
    pub field: ContactField,
    /// What the remaining customer had before.
    pub was: String,
    /// What they took over.
    pub is: String,
}

/// Who a customer turned out to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MergedInto {
    /// Them.
    pub into: ContactId,
    /// Since when.
    pub at: Millis,
    /// Who said so.
    pub by: String,
}

/// A customer who turned out to be this one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Absorbed {
    /// Who.
    pub id: ContactId,
    /// Their name then.
    pub name: String,
    /// Since when.
    pub at: Millis,
    /// Who said so.
    pub by: String,
    /// What was taken over from them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub taken: Vec<Taken>,
}

/// What is done with two customers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case", deny_unknown_fields)]
pub enum ContactAct {
    /// The customer is this other one.
    Merge {
        /// The one who remains.
        into: ContactId,
        /// What the one who remains takes over; of other fields they keep their own value.
        take: Vec<ContactField>,
    },
    /// They are not after all.
    Split {
        /// Who the customer was said to be.
        from: ContactId,
    },
}

impl ContactAct {
    /// The other customer, who remains or remained.
    #[must_use]
    pub fn other(&self) -> ContactId {
        match self {
            Self::Merge { into, .. } => *into,
            Self::Split { from } => *from,
        }
    }
}

/// Why two customers cannot be merged, or not be split.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MergeError {
    /// It is one customer.
    #[error("it is the same customer")]
    Same,
    /// One of them was merged meanwhile.
    #[error("one of them was merged already")]
    Merged,
    /// The remaining one has too many already.
    #[error("too many were merged into one")]
    TooMany,
    /// They are not merged, or not with that one.
    #[error("they are not merged")]
    NotMerged,
    /// It was too long ago.
    #[error("the merge is too long ago")]
    TooLate,
}

impl Contact {
    /// The value of a field, as text.
    #[must_use]
    pub fn field(&self, field: ContactField) -> String {
        match field {
            ContactField::Name => self.display_name.clone(),
            ContactField::Tier => self.value_tier.word().to_owned(),
            ContactField::Phone => self.phone.clone(),
            ContactField::Email => self.email.clone(),
            ContactField::Member => self.member.clone(),
        }
    }

    fn set_field(&mut self, field: ContactField, value: &str) {
        match field {
            ContactField::Name => value.clone_into(&mut self.display_name),
            ContactField::Tier => self.value_tier = ValueTier::from_word(value),
            ContactField::Phone => value.clone_into(&mut self.phone),
            ContactField::Email => value.clone_into(&mut self.email),
            ContactField::Member => value.clone_into(&mut self.member),
        }
    }

    /// Says that this customer is `other`, who takes over the values of some fields.
    ///
    /// # Errors
    /// See [`MergeError`]; nothing has changed then.
    pub fn merge_into(
        &mut self,
        other: &mut Self,
        take: &[ContactField],
        by: &str,
        now: Millis,
    ) -> Result<(), MergeError> {
        if self.id == other.id {
            return Err(MergeError::Same);
        }
        if self.merged.is_some() || other.merged.is_some() {
            return Err(MergeError::Merged);
        }
        if other.absorbed.len() >= MAX_ABSORBED {
            return Err(MergeError::TooMany);
        }
        let mut taken = Vec::new();
        for field in ContactField::ALL {
            let (was, is) = (other.field(field), self.field(field));
            if take.contains(&field) && was != is {
                other.set_field(field, &is);
                taken.push(Taken { field, was, is });
            }
        }
        other.absorbed.push(Absorbed {
            id: self.id,
            name: self.display_name.clone(),
            at: now,
            by: by.to_owned(),
            taken,
        });
        self.merged = Some(MergedInto {
            into: other.id,
            at: now,
            by: by.to_owned(),
        });
        Ok(())
    }

    /// Takes back that this customer is `other`. Values that `other` took over go back, unless they
    /// were changed since.
    ///
    /// # Errors
    /// See [`MergeError`]; nothing has changed then.
    pub fn split_from(&mut self, other: &mut Self, now: Millis) -> Result<(), MergeError> {
        let merged = self.merged.as_ref().ok_or(MergeError::NotMerged)?;
        if merged.into != other.id {
            return Err(MergeError::NotMerged);
        }
        if now - merged.at > SPLIT_WINDOW_MS {
            return Err(MergeError::TooLate);
        }
        self.merged = None;
        other.let_go(self.id);
        Ok(())
    }

    /// Takes the part of it that is the remaining customer's: who was merged may not be known here.
    pub fn let_go(&mut self, id: ContactId) {
        let Some(at) = self.absorbed.iter().position(|one| one.id == id) else {
            return;
        };
        let gone = self.absorbed.remove(at);
        for taken in gone.taken {
            // Who took the field over after them took it over from what was before them.
            let later = self.absorbed.iter_mut().skip(at);
            let mut of_field = later.flat_map(|one| &mut one.taken);
            let next = of_field.find(|one| one.field == taken.field);
            let is_last = next.is_none();
            if let Some(next) = next
                && next.was == taken.is
            {
                next.was.clone_from(&taken.was);
            }
            if is_last && self.field(taken.field) == taken.is {
                self.set_field(taken.field, &taken.was);
            }
        }
    }
}

impl ValueTier {
    /// Its word, as it travels.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::Silver => "silver",
            Self::Gold => "gold",
            Self::Vip => "vip",
        }
    }

    fn from_word(word: &str) -> Self {
        match word {
            "silver" => Self::Silver,
            "gold" => Self::Gold,
            "vip" => Self::Vip,
            _ => Self::Normal,
        }
    }
}

#[cfg(test)]
mod tests;
