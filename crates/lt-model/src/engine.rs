//! What an administrator sets of the engine: synonyms, words, how sure the bot must be.
//!
//! Every version of the settings is a row of its own that never changes; the highest version
//! counts. Server and desktops build their engines from the same row, so that they agree.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Millis, curve::Curve};

/// Most groups of synonyms.
pub const MAX_GROUPS: usize = 2_000;
/// Most expressions in a group.
pub const MAX_EXPRESSIONS: usize = 40;
/// Longest expression, in characters.
pub const MAX_EXPRESSION_CHARS: usize = 30;
/// Most words of the dictionary.
pub const MAX_WORDS: usize = 5_000;
/// Longest word, in characters.
pub const MAX_WORD_CHARS: usize = 20;
/// Most bytes of all expressions and words together: the settings travel in one frame.
pub const MAX_TEXT_BYTES: usize = 256 * 1024;
/// Least and largest target of right answers, in thousandths.
pub const TARGET_PERMILLE: std::ops::RangeInclusive<u16> = 800..=995;

/// What an administrator writes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct EngineDraft {
    /// Groups of expressions that mean the same to the customers.
    pub synonyms: Vec<Vec<String>>,
    /// Words that the dictionary does not know: product names, trade terms.
    pub dictionary: Vec<String>,
    /// Of the bot's answers so many should be right, in thousandths; the shipped threshold where
    /// none is set.
    pub target_permille: Option<u16>,
}

/// One version of the settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EngineSettings {
    /// From 1, without gaps.
    pub version: u32,
    /// What was written.
    pub draft: EngineDraft,
    /// From this confidence on, in thousandths, the bot answers by itself: follows from the target
    /// and the curve when the version was made. None: the shipped threshold.
    pub answer_from_permille: Option<u16>,
    /// The curve that was measured on the organisation's own questions; the shipped one where none
    /// was.
    pub curve: Option<Curve>,
    /// The engine's weights where agents' picks have moved them.
    #[serde(default)]
    pub learned: Option<LearnedWeights>,
    /// When it was made.
    pub at: Millis,
    /// Name of who made it; empty where the server did.
    pub by: String,
    /// The version whose content it has again.
    pub restored_from: Option<u32>,
}

/// Weights that picks have moved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LearnedWeights {
    /// On how many picks they were fitted.
    pub picks: u32,
    /// They, by name, as JSON.
    pub json: String,
}

/// What is wrong with a draft.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum EngineProblem {
    /// More groups than [`MAX_GROUPS`].
    TooManyGroups {
        /// How many.
        n: u32,
    },
    /// More words than [`MAX_WORDS`].
    TooManyWords {
        /// How many.
        n: u32,
    },
    /// More text than [`MAX_TEXT_BYTES`].
    TooMuchText {
        /// How many bytes.
        n: u32,
    },
    /// A group with more expressions than [`MAX_EXPRESSIONS`].
    GroupTooLong {
        /// Number of the group, from 1.
        group: u32,
        /// How many.
        n: u32,
    },
    /// A group with fewer than two expressions says nothing.
    GroupTooShort {
        /// Number of the group, from 1.
        group: u32,
    },
    /// An expression without a letter, ideograph or digit.
    BlankExpression {
        /// Number of the group, from 1.
        group: u32,
    },
    /// An expression that is longer than [`MAX_EXPRESSION_CHARS`].
    ExpressionTooLong {
        /// Number of the group, from 1.
        group: u32,
        /// It.
        text: String,
    },
    /// An expression that stands in two groups, or twice in one.
    InTwoGroups {
        /// It, as in the later group.
        text: String,
        /// Number of the earlier group, from 1.
        first: u32,
        /// Number of the later one.
        second: u32,
    },
    /// A word without a letter, ideograph or digit, or with a blank inside.
    BlankWord {
        /// Number of the word, from 1.
        at: u32,
    },
    /// A word that is longer than [`MAX_WORD_CHARS`].
    WordTooLong {
        /// Number of the word, from 1.
        at: u32,
        /// It.
        text: String,
    },
    /// A word that is there twice.
    WordTwice {
        /// It.
        text: String,
        /// Number of the first, from 1.
        first: u32,
        /// Number of the second.
        second: u32,
    },
    /// A target outside of [`TARGET_PERMILLE`].
    Target {
        /// It.
        permille: u16,
    },
}

/// What speaks for a suggestion, in words that a person understands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Ground {
    /// 用词相同: the same characters and words.
    Words,
    /// 意思相近: concepts and meaning.
    Meaning,
    /// 读音相近: it sounds alike.
    Sound,
    /// 上文话题: what was talked about before.
    Context,
    /// 训练过的问法: the model that was trained on the entry's wordings.
    Trained,
    /// 答案内容: the words of the answer.
    Answer,
}

/// How a word of the customer's matches an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum MatchKind {
    /// The entry has the word.
    Same,
    /// The entry says the same in another word.
    Concept,
}
