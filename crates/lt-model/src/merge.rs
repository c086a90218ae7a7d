//! How two edits of one field become one (合并): by authority for single values, by adding and
//! removing for sets, by lines for free text.
//!
//! **Invariant:** nothing is lost without a word: an edit is applied, is there already, or comes
//! back to its author as a conflict with all three values.

mod text;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Millis, agent::Role};

pub use text::{merge_text, merge_text_both};

/// Whose word counts more where two did not know of each other.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS,
)]
#[serde(rename_all = "snake_case")]
pub enum Authority {
    /// 智能客服.
    #[default]
    Bot,
    /// 坐席.
    Agent,
    /// 班组长, 管理员.
    Lead,
}

impl From<Role> for Authority {
    fn from(role: Role) -> Self {
        match role {
            Role::Agent => Self::Agent,
            Role::TeamLead | Role::Admin => Self::Lead,
        }
    }
}

/// Who edits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Editor {
    /// Whose word it is.
    pub authority: Authority,
    /// Name that colleagues know; empty for the bot.
    pub name: String,
}

/// The last change of a field. A field that nobody changed has revision 0 and is the bot's.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// How often it was changed.
    pub rev: u64,
    /// Whose word it is.
    pub by: Authority,
    /// Their name; empty for the bot.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// When, by the server.
    pub at: Millis,
}

impl Mark {
    /// Whether nobody changed the field yet.
    #[must_use]
    pub fn is_first(&self) -> bool {
        self.rev == 0
    }

    /// The mark of the next change.
    #[must_use]
    pub fn next(&self, editor: &Editor, now: Millis) -> Self {
        Self {
            rev: self.rev + 1,
            by: editor.authority,
            name: editor.name.clone(),
            at: now,
        }
    }
}

/// A change of one value, with what its author had before them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Edit<T> {
    /// Revision of the field as the server had last told it.
    pub rev: u64,
    /// The value that was seen: the author's own earlier edit, where that one still waits.
    pub base: T,
    /// What it should be.
    pub mine: T,
}

/// What becomes of an edit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Merged<T> {
    /// The field says so already.
    Same,
    /// The field is now this.
    Now(T),
    /// The field stays as it is, and the author is to be told.
    Conflict,
}

/// Merges an edit of a single value. It is applied when nobody changed the field since, or when its
/// author counts more than whoever did; of equals the first one stands.
#[must_use]
pub fn merge_value<T: Clone + PartialEq>(
    now: &T,
    mark: &Mark,
    edit: &Edit<T>,
    by: Authority,
) -> Merged<T> {
    if edit.mine == *now {
        Merged::Same
    } else if is_unchanged(now, mark, edit) || by > mark.by {
        Merged::Now(edit.mine.clone())
    } else {
        Merged::Conflict
    }
}

/// Merges an edit of free text: changes of different lines are all kept, whoever made them. Where
/// both changed the same lines the text stays as it is.
#[must_use]
pub fn merge_free_text(now: &str, mark: &Mark, edit: &Edit<String>) -> Merged<String> {
    if edit.mine == now {
        return Merged::Same;
    }
    if is_unchanged(&now.to_owned(), mark, edit) {
        return Merged::Now(edit.mine.clone());
    }
    match merge_text(&edit.base, &edit.mine, now) {
        Some(text) if text == now => Merged::Same,
        Some(text) => Merged::Now(text),
        None => Merged::Conflict,
    }
}

/// The author saw what is there: the same revision, or the same value by way of an edit of their
/// own that arrived before this one.
fn is_unchanged<T: PartialEq>(now: &T, mark: &Mark, edit: &Edit<T>) -> bool {
    mark.rev <= edit.rev || *now == edit.base
}

/// Removes, then adds. Whether anything changed. Edits of different members commute, and so do any
/// two that both add or both remove.
pub fn merge_set(set: &mut BTreeSet<String>, add: &[String], remove: &[String]) -> bool {
    let before = set.clone();
    for member in remove {
        set.remove(member);
    }
    set.extend(add.iter().cloned());
    *set != before
}

#[cfg(test)]
mod tests;
