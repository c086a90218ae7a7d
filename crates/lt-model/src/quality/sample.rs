//! Sampling rules (抽检规则): which conversations are reviewed.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{form::MAX_NAME_CHARS, words};
use crate::{
    Millis,
    id::{ConversationId, GroupId, QaFormId, QaRuleId},
    message::{Author, Message},
    survey::BEST,
};

/// Most rules of an organisation, and most forms.
pub const MAX_RULES: u64 = 100;
/// A longer conversation than this is not asked for: messages, and minutes.
const MAX_LENGTH: u32 = 10_000;

/// Which conversations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum SampleBy {
    /// 随机: a share of all.
    Random {
        /// From 1 to 1,000 of a thousand.
        permille: u16,
    },
    /// 低满意度: the customer's mark is bad.
    LowMark {
        /// This mark or a worse one.
        at_most: u8,
    },
    /// 长会话: it took many messages or long.
    Long {
        /// So many things said, or more; 0: not looked at.
        messages: u32,
        /// So many minutes from the first to the last of them, or more; 0: not looked at.
        minutes: u32,
    },
    /// 敏感词: somebody wrote one of these words.
    Words {
        /// They.
        words: Vec<String>,
        /// Who.
        by: WrittenBy,
    },
}

/// Whose words are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum WrittenBy {
    /// The customer's.
    Customer,
    /// Agents'.
    Agent,
    /// Both.
    Anybody,
}

/// What somebody writes of a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SampleDraft {
    /// What it is called.
    pub name: String,
    /// Whether it samples.
    pub enabled: bool,
    /// Of one group; of all without.
    #[serde(default)]
    #[ts(as = "Option<GroupId>")]
    pub group_id: Option<GroupId>,
    /// The form to score by.
    pub form_id: QaFormId,
    /// Which conversations.
    pub by: SampleBy,
}

/// A rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QaRule {
    /// Its id.
    pub id: QaRuleId,
    /// How often it was changed: what an edit is made from.
    pub edition: u64,
    /// What it says.
    pub draft: SampleDraft,
    /// Who changed it last; empty while it is as it came.
    pub by: String,
    /// When.
    pub at: Millis,
}

/// Makes a rule, or changes one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SampleEdit {
    /// Which; made by whoever makes it.
    pub id: QaRuleId,
    /// The edition that was seen; 0 for a new one.
    #[ts(type = "number")]
    pub base: u64,
    /// What it should say.
    pub draft: SampleDraft,
}

/// Why a draft cannot be a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum SampleProblem {
    /// It has no name.
    #[error("it has no name")]
    NoName,
    /// Its name is too long.
    #[error("its name is too long")]
    LongName,
    /// The share is none of a thousand.
    #[error("the share is none of a thousand")]
    Share,
    /// The mark is none.
    #[error("the mark is none")]
    Mark,
    /// Nothing is too long, or nothing would be.
    #[error("nothing is too long, or nothing would be")]
    Length,
    /// There are no words, or too many or too long ones.
    #[error("there are no words, or too many or too long ones")]
    Words,
}

impl SampleDraft {
    /// Everything that is wrong with it; empty for a fit one.
    #[must_use]
    pub fn problems(&self) -> Vec<SampleProblem> {
        use SampleProblem as P;
        let mut problems = Vec::new();
        let mut wrong = |is_wrong: bool, problem| {
            if is_wrong {
                problems.push(problem);
            }
        };
        let name = self.name.trim();
        wrong(name.is_empty(), P::NoName);
        wrong(name.chars().count() > MAX_NAME_CHARS, P::LongName);
        match &self.by {
            SampleBy::Random { permille } => wrong(!(1..=1_000).contains(permille), P::Share),
            SampleBy::LowMark { at_most } => wrong(!(1..BEST).contains(at_most), P::Mark),
            SampleBy::Long { messages, minutes } => wrong(
                (*messages == 0 && *minutes == 0)
                    || *messages > MAX_LENGTH
                    || *minutes > MAX_LENGTH,
                P::Length,
            ),
            SampleBy::Words { words, .. } => wrong(!words::are_fit(words), P::Words),
        }
        problems
    }

    /// Checks and cleans it.
    ///
    /// # Errors
    /// The first of its [`SampleDraft::problems`].
    pub fn check(mut self) -> Result<Self, SampleProblem> {
        self.name.retain(|c| !c.is_control());
        self.name = self.name.trim().to_owned();
        if let SampleBy::Words { words, .. } = &mut self.by {
            *words = words::tidied(std::mem::take(words));
        }
        match self.problems().first() {
            Some(problem) => Err(*problem),
            None => Ok(self),
        }
    }
}

/// Why a conversation was sampled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SampleReason {
    /// The rule; it may be gone. None: it was picked by hand.
    #[serde(default)]
    #[ts(as = "Option<QaRuleId>")]
    pub rule_id: Option<QaRuleId>,
    /// Its name then, or that of whoever picked it.
    pub name: String,
    /// What was true of the conversation.
    pub why: SampleWhy,
}

/// What was true of a sampled conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum SampleWhy {
    /// 随机.
    Random,
    /// 低满意度.
    LowMark {
        /// The customer's mark.
        mark: u8,
    },
    /// 长会话.
    Long {
        /// Things said.
        messages: u32,
        /// Minutes from the first to the last.
        minutes: u32,
    },
    /// 敏感词.
    Word {
        /// The first one that was found, as the rule has it.
        word: String,
    },
    /// 手动抽取.
    Picked,
}

/// A conversation that may be sampled.
#[derive(Clone, Copy, Debug)]
pub struct Candidate<'a> {
    /// Which.
    pub conversation_id: ConversationId,
    /// Whose it is.
    pub group_id: GroupId,
    /// What was said, oldest first.
    pub messages: &'a [Message],
    /// The customer's mark, if there is one.
    pub mark: Option<u8>,
}

/// Whether a rule takes a conversation, and why. The same conversation always comes out the same.
#[must_use]
pub fn takes(rule: &QaRule, candidate: &Candidate<'_>) -> Option<SampleReason> {
    let QaRule { id, draft, .. } = rule;
    let is_of_group = draft
        .group_id
        .is_none_or(|group| group == candidate.group_id);
    if !draft.enabled || !is_of_group {
        return None;
    }
    let why = match &draft.by {
        SampleBy::Random { permille } => {
            let is_drawn = draw(*id, candidate.conversation_id) < *permille;
            is_drawn.then_some(SampleWhy::Random)
        }
        SampleBy::LowMark { at_most } => candidate
            .mark
            .filter(|mark| mark <= at_most)
            .map(|mark| SampleWhy::LowMark { mark }),
        SampleBy::Long { messages, minutes } => long(candidate.messages, *messages, *minutes),
        SampleBy::Words { words, by } => word(candidate.messages, words, *by),
    }?;
    Some(SampleReason {
        rule_id: Some(*id),
        name: draft.name.clone(),
        why,
    })
}

/// A number below 1,000 that every process draws alike, spread evenly over conversations.
fn draw(rule: QaRuleId, conversation: ConversationId) -> u16 {
    let mixed = |value: u64| {
        // The finaliser of SplitMix64: every bit of the input moves every bit of the output.
        let value = (value ^ (value >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let value = (value ^ (value >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        value ^ (value >> 31)
    };
    let (a, b) = rule.0.as_u64_pair();
    let (c, d) = conversation.0.as_u64_pair();
    let drawn = [a, b, c, d].into_iter().fold(0, |so_far, part| {
        mixed(so_far ^ mixed(part.wrapping_add(0x9e37_79b9_7f4a_7c15)))
    });
    u16::try_from(drawn % 1_000).unwrap_or(0)
}

fn long(messages: &[Message], most: u32, minutes: u32) -> Option<SampleWhy> {
    let mut said = messages.iter().filter(|message| message.is_said());
    let first = said.next()?;
    let (mut n_said, mut last) = (1_u32, first);
    for message in said {
        (n_said, last) = (n_said.saturating_add(1), message);
    }
    let took = (last.at - first.at).max(0) / 60_000;
    let took = u32::try_from(took).unwrap_or(u32::MAX);
    let is_long = (most > 0 && n_said >= most) || (minutes > 0 && took >= minutes);
    is_long.then_some(SampleWhy::Long {
        messages: n_said,
        minutes: took,
    })
}

fn word(messages: &[Message], words: &[String], by: WrittenBy) -> Option<SampleWhy> {
    messages.iter().find_map(|message| {
        let is_looked_at = match message.author {
            Author::Customer => by != WrittenBy::Agent,
            Author::Agent { .. } => by != WrittenBy::Customer,
            Author::Bot { .. } | Author::System => false,
        };
        let text = words::folded(message.text().filter(|_| is_looked_at)?);
        let found = words.iter().find(|word| words::holds(&text, word))?;
        Some(SampleWhy::Word {
            word: found.clone(),
        })
    })
}
