//! Canned replies and macros, as a window shows and edits them.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use lt_model::{
    Millis,
    canned::{CannedDraft, CannedScope},
    id::{CannedId, ConversationId, GroupId},
};

/// All that this desk finds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CannedList {
    /// They, by folder and title.
    pub items: Vec<CannedView>,
    /// Groups that the agent may write them for.
    pub groups: Vec<GroupRef>,
    /// Whether the agent may write them for others.
    pub may_manage: bool,
}

/// A canned reply or macro.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CannedView {
    /// Which.
    pub id: CannedId,
    /// Its edition, to be sent back with an edit of it.
    pub edition: u64,
    /// What it is.
    pub draft: CannedDraft,
    /// The places in its text that are to be filled in, each once.
    pub prompts: Vec<String>,
    /// Name of the group that finds it; empty for everybody's and one's own.
    pub group: String,
    /// How often it was used, about.
    pub used: u64,
    /// Who changed it last; empty while that waits to be sent.
    pub by: String,
    /// When.
    pub at: Millis,
    /// Whether the agent may change it.
    pub editable: bool,
}

/// A skill group by its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct GroupRef {
    /// Which.
    pub id: GroupId,
    /// Its name.
    pub name: String,
}

/// A canned reply for a conversation.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct CannedUseArgs {
    /// Where.
    pub conversation_id: ConversationId,
    /// Which.
    pub canned_id: CannedId,
}

/// The text of a canned reply for a conversation, with what the desk knows filled in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CannedText {
    /// The text; personal values in it are masked, and sent as they are.
    pub text: String,
    /// Places that are still to be filled in.
    pub open: Vec<String>,
}

/// Some canned replies.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct CannedRemoveArgs {
    /// Which.
    pub ids: Vec<CannedId>,
}

/// A table of canned replies to take over.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct CannedImportArgs {
    /// CSV with the columns folder, title, shortcode and text.
    pub csv: String,
    /// Who is to find them.
    pub scope: CannedScope,
    /// Whether to take them over; else it is only looked at.
    pub apply: bool,
}

/// What came of looking at a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CannedImportView {
    /// Its rows.
    pub rows: Vec<CannedImportRow>,
    /// How many are, or would be, taken over.
    pub good: u32,
    /// Whether they were.
    pub applied: bool,
}

/// A row of the table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CannedImportRow {
    /// Its line, from 1.
    pub line: u32,
    /// Folder.
    pub folder: String,
    /// Title.
    pub title: String,
    /// Shortcode.
    pub shortcode: String,
    /// The text, cut.
    pub text: String,
    /// Why it is not taken over.
    pub problem: Option<CannedProblem>,
}

/// Why a row is not taken over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CannedProblem {
    /// It has no title or no text.
    Empty,
    /// Something is too long.
    TooLong,
    /// The shortcode has blanks or slashes.
    Shortcode,
    /// There is one of that title in that folder already.
    Taken,
}
