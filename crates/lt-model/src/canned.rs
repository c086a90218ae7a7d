//! Canned replies (快捷回复) and macros (宏): a text with places to fill in, and what is done besides.
//!
//! A place to fill in stands in the text as `{{订单号}}`. What the desk knows is filled in at once,
//! the rest is for the agent.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    Millis,
    attachment::{Attachment, MAX_FILES},
    id::{CannedId, GroupId},
    message::check_text,
    priority::Priority,
    properties::{MAX_CATEGORY_CHARS, MAX_TAG_CHARS},
};

/// Longest title, in characters.
pub const MAX_TITLE_CHARS: usize = 60;
/// Longest shortcode, in characters.
pub const MAX_SHORTCODE_CHARS: usize = 24;
/// Longest name of a folder with the ones above it, in characters.
pub const MAX_FOLDER_CHARS: usize = 60;
/// Longest text, in bytes of UTF-8.
pub const MAX_CANNED_BYTES: usize = 8_000;
/// Most acts of a macro.
pub const MAX_ACTS: usize = 8;
/// Most replies in one edit.
pub const MAX_EDITS: usize = 50;
/// Longest name of a place to fill in, in characters.
const MAX_PROMPT_CHARS: usize = 20;

/// Who finds a canned reply.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum CannedScope {
    /// Everybody.
    #[default]
    All,
    /// A skill group.
    Group {
        /// Which.
        group: GroupId,
    },
    /// The agent at one desk: it never leaves that desk.
    Own,
}

/// What a macro does besides writing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "act", rename_all = "snake_case")]
pub enum MacroAct {
    /// Adds a tag.
    AddTag {
        /// It.
        tag: String,
    },
    /// Removes one.
    RemoveTag {
        /// It.
        tag: String,
    },
    /// Sets the priority.
    Priority {
        /// To this.
        priority: Priority,
    },
    /// Sets the category.
    Category {
        /// To this; empty takes it away.
        category: String,
    },
    /// Marks the conversation resolved; the last act.
    Resolve,
}

/// What a lead writes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CannedDraft {
    /// Who finds it.
    pub scope: CannedScope,
    /// Folder, the ones above it before it: `售后/退款`; empty for none.
    pub folder: String,
    /// What it is called.
    pub title: String,
    /// What finds it after a `/`; empty for none.
    pub shortcode: String,
    /// The text; may be empty where there are acts or files.
    pub text: String,
    /// What is done besides: with these it is a macro.
    pub acts: Vec<MacroAct>,
    /// Pictures and files that go with it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(as = "Option<Vec<Attachment>>", optional)]
    pub files: Vec<Attachment>,
}

/// A canned reply.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Canned {
    /// Its id.
    pub id: CannedId,
    /// How often it was changed: what an edit is made from.
    pub edition: u64,
    /// What it is.
    pub draft: CannedDraft,
    /// How often it was used, about: told on when it has grown by an eighth.
    pub used: u64,
    /// Who changed it last.
    pub by: String,
    /// When.
    pub at: Millis,
}

/// Makes a canned reply, or changes one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct CannedEdit {
    /// Which; made by whoever makes it.
    pub id: CannedId,
    /// The edition that was seen; 0 for a new one.
    pub base: u64,
    /// What it should be.
    pub draft: CannedDraft,
}

/// Why a draft cannot be one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CannedError {
    /// It has no title, or neither text nor acts, or an act about nothing.
    #[error("something is missing")]
    Empty,
    /// Something in it is too long, or there are too many acts.
    #[error("something is too long")]
    TooLong,
    /// A shortcode has blanks or slashes.
    #[error("a shortcode has neither blanks nor slashes")]
    Shortcode,
}

impl CannedDraft {
    /// Checks and cleans it: blanks around names go, control characters too.
    ///
    /// # Errors
    /// See [`CannedError`].
    pub fn check(mut self) -> Result<Self, CannedError> {
        self.title = line(&self.title, MAX_TITLE_CHARS)?;
        let folder = line(&self.folder, MAX_FOLDER_CHARS)?;
        let steps = folder.split('/').map(str::trim);
        let steps: Vec<&str> = steps.filter(|step| !step.is_empty()).collect();
        self.folder = steps.join("/");
        self.shortcode = line(
            self.shortcode.trim().trim_start_matches('/'),
            MAX_SHORTCODE_CHARS,
        )?;
        if self
            .shortcode
            .contains(|c: char| c.is_whitespace() || c == '/')
        {
            return Err(CannedError::Shortcode);
        }
        if self.text.len() > MAX_CANNED_BYTES
            || self.acts.len() > MAX_ACTS
            || self.files.len() > MAX_FILES
        {
            return Err(CannedError::TooLong);
        }
        self.text = check_text(&self.text).unwrap_or_default();
        let is_empty = self.text.is_empty() && self.acts.is_empty() && self.files.is_empty();
        if self.title.is_empty() || is_empty {
            return Err(CannedError::Empty);
        }
        for act in &mut self.acts {
            match act {
                MacroAct::AddTag { tag } | MacroAct::RemoveTag { tag } => {
                    *tag = line(tag, MAX_TAG_CHARS)?;
                    if tag.is_empty() {
                        return Err(CannedError::Empty);
                    }
                }
                MacroAct::Category { category } => *category = line(category, MAX_CATEGORY_CHARS)?,
                MacroAct::Priority { .. } | MacroAct::Resolve => {}
            }
        }
        // Nothing is done to what has been resolved.
        let resolves = self.acts.contains(&MacroAct::Resolve);
        self.acts.retain(|act| *act != MacroAct::Resolve);
        if resolves {
            self.acts.push(MacroAct::Resolve);
        }
        Ok(self)
    }
}

impl Canned {
    /// Whether its use is to be told on: when it has grown by an eighth since `told`.
    #[must_use]
    pub fn is_use_news(used: u64, told: u64) -> bool {
        used.saturating_sub(told) > told / 8
    }
}

fn line(text: &str, max_chars: usize) -> Result<String, CannedError> {
    let clean: String = text.chars().filter(|c| !c.is_control()).collect();
    let clean = clean.trim();
    if clean.chars().count() > max_chars {
        return Err(CannedError::TooLong);
    }
    Ok(clean.to_owned())
}

/// The names of the places to fill in, each once, in their order.
#[must_use]
pub fn prompts(text: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    parts(text, |part| {
        if let Part::Prompt { name, .. } = part
            && !names.iter().any(|known| known == name)
        {
            names.push(name.to_owned());
        }
    });
    names
}

/// The text with what is known in its places; the others stay as they stand.
#[must_use]
pub fn fill(text: &str, known: impl Fn(&str) -> Option<String>) -> String {
    let mut filled = String::with_capacity(text.len());
    parts(text, |part| match part {
        Part::Text(plain) => filled.push_str(plain),
        Part::Prompt { name, whole } => match known(name) {
            Some(value) => filled.push_str(&value),
            None => filled.push_str(whole),
        },
    });
    filled
}

enum Part<'t> {
    Text(&'t str),
    Prompt { name: &'t str, whole: &'t str },
}

fn parts<'t>(text: &'t str, mut each: impl FnMut(Part<'t>)) {
    let mut rest = text;
    while let Some((before, opened)) = rest.split_once("{{") {
        let Some((name, after)) = opened.split_once("}}") else {
            break;
        };
        let whole = rest.get(before.len()..rest.len() - after.len());
        let is_name = !name.trim().is_empty()
            && name.chars().count() <= MAX_PROMPT_CHARS
            && !name.contains(['{', '}', '\n']);
        match whole {
            Some(whole) if is_name => {
                each(Part::Text(before));
                let name = name.trim();
                each(Part::Prompt { name, whole });
                rest = after;
            }
            _ => {
                // No place: go on behind the braces.
                let behind = rest.len() - opened.len();
                each(Part::Text(rest.get(..behind).unwrap_or_default()));
                rest = opened;
            }
        }
    }
    each(Part::Text(rest));
}

#[cfg(test)]
mod tests;
