//! Properties of a conversation that agents edit (会话属性): priority, category, tags and a summary;
//! and the move that applies an edit of them.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    Millis,
    conversation::{Conversation, Illegal, Status},
    merge::{Authority, Edit, Editor, Mark, Merged, merge_free_text, merge_set, merge_value},
    priority::{Priority, Reason},
};

/// Most tags (标签) of one conversation.
pub const MAX_TAGS: usize = 32;
/// Longest tag, in characters.
pub const MAX_TAG_CHARS: usize = 24;
/// Longest category, in characters.
pub const MAX_CATEGORY_CHARS: usize = 64;
/// Longest summary (小结), in bytes of UTF-8. Longer ones are refused, never cut.
pub const MAX_SUMMARY_BYTES: usize = 4_000;

/// What agents keep about a conversation, and who changed its fields last.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Properties {
    /// 标签, each once.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub tags: BTreeSet<String>,
    /// 小结.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub summary: String,
    /// Last change of the priority.
    #[serde(skip_serializing_if = "Mark::is_first")]
    pub priority_mark: Mark,
    /// Last change of the category.
    #[serde(skip_serializing_if = "Mark::is_first")]
    pub category_mark: Mark,
    /// Last change of the summary.
    #[serde(skip_serializing_if = "Mark::is_first")]
    pub summary_mark: Mark,
}

impl Properties {
    /// Whether there is nothing to keep.
    #[must_use]
    pub fn is_untouched(&self) -> bool {
        *self == Self::default()
    }
}

/// An edit of some properties at once. What is left out stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
pub struct Patch {
    /// 紧急程度.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub priority: Option<Edit<Priority>>,
    /// 分类; empty takes it away.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<Edit<String>>,
    /// Tags to add.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub add_tags: Vec<String>,
    /// Tags to remove.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub remove_tags: Vec<String>,
    /// 小结, as a whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub summary: Option<Edit<String>>,
}

/// A property.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// 紧急程度.
    Priority,
    /// 分类.
    Category,
    /// 标签.
    Tags,
    /// 小结.
    Summary,
}

/// A value of a field that can be in conflict.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "field", content = "value", rename_all = "snake_case")]
pub enum FieldValue {
    /// 紧急程度.
    Priority(Priority),
    /// 分类.
    Category(String),
    /// 小结.
    Summary(String),
}

impl FieldValue {
    /// Of which field it is.
    #[must_use]
    pub fn field(&self) -> Field {
        match self {
            Self::Priority(_) => Field::Priority,
            Self::Category(_) => Field::Category,
            Self::Summary(_) => Field::Summary,
        }
    }
}

/// An edit that was not applied, since somebody else changed the field meanwhile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conflict {
    /// What the author had seen.
    pub base: FieldValue,
    /// What the author wanted.
    pub mine: FieldValue,
    /// What stands.
    pub theirs: FieldValue,
    /// Revision of the field with it.
    pub rev: u64,
    /// Whose word it is.
    pub authority: Authority,
    /// Their name; empty for the bot.
    pub by: String,
    /// When they set it.
    pub at: Millis,
}

impl Conflict {
    /// The edit that puts a value in the place of theirs, having seen it. None when the value is of
    /// another field.
    #[must_use]
    pub fn settle(&self, value: &FieldValue) -> Option<Patch> {
        let rev = self.rev;
        let mut patch = Patch::default();
        match (&self.theirs, value) {
            (FieldValue::Priority(base), FieldValue::Priority(mine)) => {
                let (base, mine) = (*base, *mine);
                patch.priority = Some(Edit { rev, base, mine });
            }
            (FieldValue::Category(base), FieldValue::Category(mine)) => {
                let (base, mine) = (base.clone(), mine.clone());
                patch.category = Some(Edit { rev, base, mine });
            }
            (FieldValue::Summary(base), FieldValue::Summary(mine)) => {
                let (base, mine) = (base.clone(), mine.clone());
                patch.summary = Some(Edit { rev, base, mine });
            }
            (
                FieldValue::Priority(_) | FieldValue::Category(_) | FieldValue::Summary(_),
                FieldValue::Priority(_) | FieldValue::Category(_) | FieldValue::Summary(_),
            ) => return None,
        }
        Some(patch)
    }
}

/// What became of a patch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Patched {
    /// Fields that changed by it.
    pub applied: Vec<Field>,
    /// Fields that did not, though it wanted them to.
    pub conflicts: Vec<Conflict>,
}

/// Why a patch cannot be one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PatchError {
    /// It changes nothing, or has a tag of blanks.
    #[error("there is nothing in it")]
    Empty,
    /// A tag, the category or the summary is too long.
    #[error("a value is too long")]
    TooLong,
}

impl Patch {
    /// Whether it changes nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Checks and cleans what somebody wants. Blanks around tags and the category go, control
    /// characters too, but for line breaks and tabs of the summary.
    ///
    /// # Errors
    /// See [`PatchError`].
    pub fn check(mut self) -> Result<Self, PatchError> {
        if self.is_empty() {
            return Err(PatchError::Empty);
        }
        for tag in self.add_tags.iter_mut().chain(&mut self.remove_tags) {
            *tag = one_line(tag, MAX_TAG_CHARS)?;
            if tag.is_empty() {
                return Err(PatchError::Empty);
            }
        }
        if self.add_tags.len() + self.remove_tags.len() > 2 * MAX_TAGS {
            return Err(PatchError::TooLong);
        }
        if let Some(category) = &mut self.category {
            category.mine = one_line(&category.mine, MAX_CATEGORY_CHARS)?;
        }
        if let Some(summary) = &mut self.summary {
            summary
                .mine
                .retain(|c| !c.is_control() || matches!(c, '\n' | '\t'));
            let kept = summary.mine.trim_end().len();
            summary.mine.truncate(kept);
            if summary.mine.len() > MAX_SUMMARY_BYTES || summary.base.len() > MAX_SUMMARY_BYTES {
                return Err(PatchError::TooLong);
            }
        }
        Ok(self)
    }

    /// The part of it that is about some fields.
    #[must_use]
    pub fn only(&self, fields: &[Field]) -> Self {
        let tags = |tags: &Vec<String>| match fields.contains(&Field::Tags) {
            true => tags.clone(),
            false => Vec::new(),
        };
        Self {
            priority: self
                .priority
                .clone()
                .filter(|_| fields.contains(&Field::Priority)),
            category: self
                .category
                .clone()
                .filter(|_| fields.contains(&Field::Category)),
            add_tags: tags(&self.add_tags),
            remove_tags: tags(&self.remove_tags),
            summary: self
                .summary
                .clone()
                .filter(|_| fields.contains(&Field::Summary)),
        }
    }
}

fn one_line(text: &str, max_chars: usize) -> Result<String, PatchError> {
    let clean: String = text.chars().filter(|c| !c.is_control()).collect();
    let clean = clean.trim();
    if clean.chars().count() > max_chars {
        return Err(PatchError::TooLong);
    }
    Ok(clean.to_owned())
}

impl Conversation {
    /// Edits properties, each field by its rule: see [`crate::merge`]. Any agent who sees the
    /// conversation may, resolved ones included: a summary is often written at the end.
    ///
    /// # Errors
    /// When it is closed, or would have more than [`MAX_TAGS`]. Nothing is changed then.
    pub fn patch(
        &mut self,
        patch: &Patch,
        editor: &Editor,
        now: Millis,
    ) -> Result<Patched, Illegal> {
        if self.status == Status::Closed {
            return Err(Illegal::State(self.status));
        }
        let mut tags = self.properties.tags.clone();
        let has_new_tags = merge_set(&mut tags, &patch.add_tags, &patch.remove_tags);
        if tags.len() > MAX_TAGS && tags.len() > self.properties.tags.len() {
            return Err(Illegal::TooManyTags);
        }
        let mut patched = Patched::default();
        let properties = &mut self.properties;
        if let Some(edit) = &patch.priority {
            let mark = &mut properties.priority_mark;
            let merged = merge_value(&self.priority, mark, edit, editor.authority);
            patched.note(
                merged,
                &mut self.priority,
                mark,
                edit,
                FieldValue::Priority,
                (editor, now),
            );
        }
        if let Some(edit) = &patch.category {
            let mark = &mut properties.category_mark;
            let merged = merge_value(&self.category, mark, edit, editor.authority);
            patched.note(
                merged,
                &mut self.category,
                mark,
                edit,
                FieldValue::Category,
                (editor, now),
            );
        }
        if has_new_tags {
            properties.tags = tags;
            patched.applied.push(Field::Tags);
        }
        if let Some(edit) = &patch.summary {
            let mark = &mut properties.summary_mark;
            let merged = match merge_free_text(&properties.summary, mark, edit) {
                // Two that each fit may be too long together.
                Merged::Now(text) if text.len() > MAX_SUMMARY_BYTES => Merged::Conflict,
                merged => merged,
            };
            let summary = &mut properties.summary;
            patched.note(
                merged,
                summary,
                mark,
                edit,
                FieldValue::Summary,
                (editor, now),
            );
        }
        Ok(patched)
    }

    /// Shows an edit that the server has not seen yet. The fields keep the server's revisions: what
    /// the agent does next builds on these.
    ///
    /// # Errors
    /// As [`Conversation::patch`].
    pub fn patch_shown(
        &mut self,
        patch: &Patch,
        editor: &Editor,
        at: Millis,
    ) -> Result<Patched, Illegal> {
        let before = self.properties.clone();
        let patched = self.patch(patch, editor, at)?;
        self.properties.priority_mark.rev = before.priority_mark.rev;
        self.properties.category_mark.rev = before.category_mark.rev;
        self.properties.summary_mark.rev = before.summary_mark.rev;
        Ok(patched)
    }

    /// Whether an edit, made on what was here before, shows in this state of the conversation.
    #[must_use]
    pub fn has_taken(&self, patch: &Patch) -> bool {
        let Properties {
            tags,
            priority_mark,
            category_mark,
            summary_mark,
            ..
        } = &self.properties;
        let is_past = |rev: Option<u64>, mark: &Mark| rev.is_none_or(|rev| mark.rev > rev);
        is_past(patch.priority.as_ref().map(|edit| edit.rev), priority_mark)
            && is_past(patch.category.as_ref().map(|edit| edit.rev), category_mark)
            && is_past(patch.summary.as_ref().map(|edit| edit.rev), summary_mark)
            && patch.add_tags.iter().all(|tag| tags.contains(tag))
            && !patch.remove_tags.iter().any(|tag| tags.contains(tag))
    }

    /// Whether the priority is the bot's to judge: a person's word counts more.
    #[must_use]
    pub fn bot_may_judge(&self) -> bool {
        self.properties.priority_mark.by == Authority::Bot
    }

    /// The bot judges the priority. What a person said stands.
    pub fn bot_judges(&mut self, priority: Priority, reasons: &[Reason], now: Millis) {
        if !self.bot_may_judge() {
            return;
        }
        let mark = &mut self.properties.priority_mark;
        if self.priority != priority {
            *mark = mark.next(&bot(), now);
        }
        self.priority = priority;
        self.reasons = reasons.to_vec();
    }

    /// The bot finds the category. What a person said stands.
    pub fn bot_finds(&mut self, category: &str, now: Millis) {
        let mark = &mut self.properties.category_mark;
        if mark.by > Authority::Bot || self.category == category {
            return;
        }
        *mark = mark.next(&bot(), now);
        category.clone_into(&mut self.category);
    }

    /// The customer came back with what may be another matter: it is judged anew, whoever judged
    /// the one before. Tags and summary stay.
    pub fn begin_judging_anew(&mut self, now: Millis) {
        let properties = &mut self.properties;
        for mark in [&mut properties.priority_mark, &mut properties.category_mark] {
            if mark.by > Authority::Bot {
                *mark = mark.next(&bot(), now);
            }
        }
        self.bot_judges(Priority::default(), &[], now);
        self.bot_finds("", now);
        self.intent.clear();
    }
}

fn bot() -> Editor {
    Editor {
        authority: Authority::Bot,
        name: String::new(),
    }
}

impl Patched {
    fn note<T: Clone>(
        &mut self,
        merged: Merged<T>,
        value: &mut T,
        mark: &mut Mark,
        edit: &Edit<T>,
        wrap: impl Fn(T) -> FieldValue,
        (editor, now): (&Editor, Millis),
    ) {
        match merged {
            Merged::Same => {}
            Merged::Now(new) => {
                self.applied.push(wrap(new.clone()).field());
                *value = new;
                *mark = mark.next(editor, now);
            }
            Merged::Conflict => self.conflicts.push(Conflict {
                base: wrap(edit.base.clone()),
                mine: wrap(edit.mine.clone()),
                theirs: wrap(value.clone()),
                rev: mark.rev,
                authority: mark.by,
                by: mark.name.clone(),
                at: mark.at,
            }),
        }
    }
}

#[cfg(test)]
mod tests;
