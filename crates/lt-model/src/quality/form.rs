//! Scoring forms (评分表): weighted items, and items one of which alone decides (一票否决).

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::words;
use crate::{Millis, id::QaFormId};

/// The best score, in tenths of a point.
pub const FULL: u16 = 1_000;
/// Most items of a form.
pub const MAX_ITEMS: usize = 40;
/// Largest weight of an item, in points.
pub const MAX_WEIGHT: u16 = 100;
/// Longest name of a form, an item or a part, in characters.
pub const MAX_NAME_CHARS: usize = 40;
/// Longest explanation of an item, in characters.
pub const MAX_HINT_CHARS: usize = 200;
/// Longest comment on a mark or a whole review, in characters.
pub const MAX_COMMENT_CHARS: usize = 500;
/// Longest answer time that is asked for, in seconds.
const MAX_WITHIN_S: u32 = 86_400;

/// What the machine looks for by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum AutoCheck {
    /// 开场问候: the agent's first message has one of these words.
    Greeting {
        /// They.
        words: Vec<String>,
    },
    /// 结束语: the agent's last message has one of these words.
    Closing {
        /// They.
        words: Vec<String>,
    },
    /// 响应间隔: the customer never waited longer for the agent. Points go by the share of waits.
    Gaps {
        /// In seconds.
        within_s: u32,
    },
    /// 禁用语: the agent wrote none of these words.
    Forbidden {
        /// They.
        words: Vec<String>,
        /// Points that each message with one costs; 0: all.
        each: u16,
    },
    /// 违规承诺: the agent promised nothing by these words; "不能保证" is no promise.
    Promises {
        /// They.
        words: Vec<String>,
        /// Points that each message with one costs; 0: all.
        each: u16,
    },
}

impl AutoCheck {
    fn words(&self) -> Option<&[String]> {
        match self {
            Self::Greeting { words }
            | Self::Closing { words }
            | Self::Forbidden { words, .. }
            | Self::Promises { words, .. } => Some(words),
            Self::Gaps { .. } => None,
        }
    }

    fn tidy(&mut self) {
        match self {
            Self::Greeting { words }
            | Self::Closing { words }
            | Self::Forbidden { words, .. }
            | Self::Promises { words, .. } => *words = words::tidied(std::mem::take(words)),
            Self::Gaps { .. } => {}
        }
    }

    fn is_fit(&self) -> bool {
        match self {
            Self::Gaps { within_s } => (1..=MAX_WITHIN_S).contains(within_s),
            Self::Greeting { .. }
            | Self::Closing { .. }
            | Self::Forbidden { .. }
            | Self::Promises { .. } => self.words().is_some_and(words::are_fit),
        }
    }
}

/// How an item counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum ItemKind {
    /// 计分项: from 0 to its weight.
    Points {
        /// From 1 to [`MAX_WEIGHT`].
        weight: u16,
    },
    /// 一票否决: where it is hit, the whole is 0.
    Veto,
}

/// An item of a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct FormItem {
    /// Its key in the form; it stays when the name changes.
    pub id: String,
    /// The part of the form that it stands in, such as 服务态度; empty for none.
    pub part: String,
    /// What is judged.
    pub name: String,
    /// What to look at.
    pub hint: String,
    /// How it counts.
    pub kind: ItemKind,
    /// What the machine looks for; none: the reviewer alone judges.
    #[serde(default)]
    #[ts(as = "Option<AutoCheck>")]
    pub auto: Option<AutoCheck>,
}

/// What somebody writes of a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct FormDraft {
    /// What it is called.
    pub name: String,
    /// Whether new samples use it.
    pub enabled: bool,
    /// From this score on it is passed, in tenths of a point.
    pub pass_tenths: u16,
    /// What is judged, in the order of the form.
    pub items: Vec<FormItem>,
}

/// A form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QaForm {
    /// Its id.
    pub id: QaFormId,
    /// How often it was changed: what an edit is made from.
    pub edition: u64,
    /// What it says.
    pub draft: FormDraft,
    /// Who changed it last; empty while it is as it came.
    pub by: String,
    /// When.
    pub at: Millis,
}

/// Makes a form, or changes one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct FormEdit {
    /// Which; made by whoever makes it.
    pub id: QaFormId,
    /// The edition that was seen; 0 for a new one.
    #[ts(type = "number")]
    pub base: u64,
    /// What it should say.
    pub draft: FormDraft,
}

/// Why a draft cannot be a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum FormProblem {
    /// It or an item has no name.
    #[error("it or an item has no name")]
    NoName,
    /// A name or a hint is too long.
    #[error("a name or a hint is too long")]
    LongName,
    /// It has no items, or too many.
    #[error("it has no items, or too many")]
    Items,
    /// Two items have one key, or one has none.
    #[error("two items have one key, or one has none")]
    Key,
    /// A weight is 0 or too large, or nothing has a weight.
    #[error("a weight is 0 or too large, or nothing has a weight")]
    Weight,
    /// The mark to pass is more than the best one.
    #[error("the mark to pass is more than the best one")]
    Pass,
    /// What the machine should look for makes no sense.
    #[error("what the machine should look for makes no sense")]
    Auto,
}

impl FormDraft {
    /// Everything that is wrong with it; empty for a fit one.
    #[must_use]
    pub fn problems(&self) -> Vec<FormProblem> {
        use FormProblem as P;
        let is_long = |text: &str, most: usize| text.trim().chars().count() > most;
        let keys: BTreeSet<&str> = self.items.iter().map(|item| item.id.trim()).collect();
        let is_weight = |item: &FormItem| match item.kind {
            ItemKind::Points { weight } => (1..=MAX_WEIGHT).contains(&weight),
            ItemKind::Veto => true,
        };
        let is_long_item = |item: &FormItem| {
            is_long(&item.name, MAX_NAME_CHARS)
                || is_long(&item.part, MAX_NAME_CHARS)
                || is_long(&item.id, MAX_NAME_CHARS)
                || is_long(&item.hint, MAX_HINT_CHARS)
        };
        let found = [
            (
                self.name.trim().is_empty()
                    || self.items.iter().any(|item| item.name.trim().is_empty()),
                P::NoName,
            ),
            (
                is_long(&self.name, MAX_NAME_CHARS) || self.items.iter().any(is_long_item),
                P::LongName,
            ),
            (
                self.items.is_empty() || self.items.len() > MAX_ITEMS,
                P::Items,
            ),
            (keys.len() != self.items.len() || keys.contains(""), P::Key),
            (
                !self.items.iter().all(is_weight) || self.weight() == 0,
                P::Weight,
            ),
            (self.pass_tenths > FULL, P::Pass),
            (
                self.items
                    .iter()
                    .any(|item| item.auto.as_ref().is_some_and(|auto| !auto.is_fit())),
                P::Auto,
            ),
        ];
        found
            .into_iter()
            .filter_map(|(is_wrong, problem)| is_wrong.then_some(problem))
            .collect()
    }

    /// Checks and cleans it.
    ///
    /// # Errors
    /// The first of its [`FormDraft::problems`].
    pub fn check(mut self) -> Result<Self, FormProblem> {
        clean(&mut self.name);
        for item in &mut self.items {
            for text in [&mut item.id, &mut item.part, &mut item.name, &mut item.hint] {
                clean(text);
            }
            if let Some(auto) = &mut item.auto {
                auto.tidy();
            }
        }
        match self.problems().first() {
            Some(problem) => Err(*problem),
            None => Ok(self),
        }
    }

    /// All weights together.
    #[must_use]
    pub fn weight(&self) -> u32 {
        self.items.iter().map(FormItem::weight).sum()
    }

    /// One item.
    #[must_use]
    pub fn item(&self, id: &str) -> Option<&FormItem> {
        self.items.iter().find(|item| item.id == id)
    }
}

impl FormItem {
    /// Its weight; 0 for one that only decides.
    #[must_use]
    pub fn weight(&self) -> u32 {
        match self.kind {
            ItemKind::Points { weight } => u32::from(weight),
            ItemKind::Veto => 0,
        }
    }
}

/// Cleans one line.
fn clean(text: &mut String) {
    text.retain(|c| !c.is_control());
    *text = text.trim().to_owned();
}

/// What somebody says of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[ts(rename = "QaMark")]
pub enum Mark {
    /// So many of its points.
    Points {
        /// From 0 to the weight.
        points: u16,
    },
    /// 不适用: left out of the whole.
    NotApplicable,
    /// Of an item that alone decides.
    Veto {
        /// Whether it happened.
        hit: bool,
    },
}

/// A mark of an item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct ItemMark {
    /// The item's key.
    pub item: String,
    /// It.
    pub mark: Mark,
    /// Why; empty when nothing was said.
    #[serde(default)]
    pub comment: String,
}

/// How it came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename = "QaVerdict")]
pub enum Verdict {
    /// 合格.
    Passed,
    /// 不合格.
    Failed,
    /// 一票否决.
    Vetoed,
}

/// The whole of the marks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
#[ts(rename = "QaScore")]
pub struct Score {
    /// From 0 to [`FULL`]: tenths of a point of a hundred.
    pub tenths: u16,
    /// How it came out.
    pub verdict: Verdict,
}

/// Why marks do not fit a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum MarkProblem {
    /// An item has none, or more than one.
    #[error("an item has no mark, or more than one")]
    Missing,
    /// One is for an item that the form does not have.
    #[error("a mark is for an item that the form does not have")]
    Unknown,
    /// One is of the other kind, or more than the weight.
    #[error("a mark is of the other kind, or more than the weight")]
    Unfit,
    /// A comment is too long.
    #[error("a comment is too long")]
    LongComment,
}

/// Marks in the order of the form, with clean comments, and what they come to.
///
/// # Errors
/// [`MarkProblem`].
pub fn scored(form: &FormDraft, marks: &[ItemMark]) -> Result<(Vec<ItemMark>, Score), MarkProblem> {
    if marks.iter().any(|mark| form.item(&mark.item).is_none()) {
        return Err(MarkProblem::Unknown);
    }
    let mut ordered = Vec::with_capacity(form.items.len());
    for item in &form.items {
        let mut of_item = marks.iter().filter(|mark| mark.item == item.id);
        let (Some(found), None) = (of_item.next(), of_item.next()) else {
            return Err(MarkProblem::Missing);
        };
        let is_fit = match (item.kind, found.mark) {
            (ItemKind::Points { weight }, Mark::Points { points }) => points <= weight,
            (ItemKind::Points { .. } | ItemKind::Veto, Mark::NotApplicable)
            | (ItemKind::Veto, Mark::Veto { .. }) => true,
            (ItemKind::Points { .. }, Mark::Veto { .. })
            | (ItemKind::Veto, Mark::Points { .. }) => false,
        };
        if !is_fit {
            return Err(MarkProblem::Unfit);
        }
        ordered.push(ItemMark {
            comment: comment(&found.comment)?,
            ..found.clone()
        });
    }
    let score = sum(form, &ordered);
    Ok((ordered, score))
}

/// A comment as it is kept: several lines, no other control characters, no blanks around it.
///
/// # Errors
/// [`MarkProblem::LongComment`].
pub fn comment(text: &str) -> Result<String, MarkProblem> {
    let clean: String = text
        .chars()
        .filter(|c| !c.is_control() || *c == '\n')
        .collect();
    let clean = clean.trim();
    if clean.chars().count() > MAX_COMMENT_CHARS {
        return Err(MarkProblem::LongComment);
    }
    Ok(clean.to_owned())
}

/// What marks come to that fit the form: points of a hundred, the nearest tenth, halves up. What is
/// not applicable is left out; where nothing is left, nothing was wrong.
fn sum(form: &FormDraft, marks: &[ItemMark]) -> Score {
    let (mut got, mut of, mut is_hit) = (0_u32, 0_u32, false);
    for mark in marks {
        match mark.mark {
            Mark::Points { points } => {
                got += u32::from(points);
                of += form.item(&mark.item).map_or(0, FormItem::weight);
            }
            Mark::Veto { hit } => is_hit |= hit,
            Mark::NotApplicable => {}
        }
    }
    if is_hit {
        return Score {
            tenths: 0,
            verdict: Verdict::Vetoed,
        };
    }
    let tenths = match of {
        0 => FULL,
        of => u16::try_from((got * 2 * u32::from(FULL) + of) / (2 * of)).unwrap_or(FULL),
    };
    let verdict = match tenths >= form.pass_tenths {
        true => Verdict::Passed,
        false => Verdict::Failed,
    };
    Score { tenths, verdict }
}
