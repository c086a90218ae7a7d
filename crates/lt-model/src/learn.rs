//! Picks (学习信号): what agents and customers say about which entry answers which question.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    Millis,
    id::{AgentId, ContactId, ConversationId, MessageId},
};

/// Characters of an answer and of a reply that are compared.
const COMPARED_CHARS: usize = 1_500;
/// What a customer's choice counts, and that a customer asked the same again; in thousandths.
const CHOSEN: i32 = 500;
/// That a customer came back: perhaps with something else.
const REOPENED: i32 = 300;

/// What somebody did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum PickKind {
    /// An agent sent a suggestion as it was.
    Sent,
    /// An agent sent a suggestion and changed it.
    Edited {
        /// How much of it was kept, in thousandths.
        kept_permille: u16,
    },
    /// An agent looked the entry up and sent it.
    Linked {
        /// How much of it was kept, in thousandths.
        kept_permille: u16,
    },
    /// An agent marked it 赞.
    Up,
    /// An agent marked it 踩.
    Down,
    /// A customer chose it of several.
    Chosen,
    /// A customer came back after the answer.
    Reopened,
    /// A customer asked the same again after the answer.
    Repeated,
}

impl PickKind {
    /// What it counts for the entry, -1000 to 1000.
    #[must_use]
    pub fn weight(self) -> i32 {
        match self {
            Self::Sent | Self::Up => 1_000,
            Self::Edited { kept_permille } | Self::Linked { kept_permille } => {
                i32::from(kept_permille.min(1_000))
            }
            Self::Down => -1_000,
            Self::Chosen => CHOSEN,
            Self::Repeated => -CHOSEN,
            Self::Reopened => -REOPENED,
        }
    }

    /// A reply that came from an entry: how much of the answer is in it decides.
    #[must_use]
    pub fn of_reply(answer: &str, reply: &str, was_suggested: bool) -> Self {
        let kept_permille = kept_permille(answer, reply);
        match (was_suggested, answer.trim() == reply.trim()) {
            (true, true) => Self::Sent,
            (true, false) => Self::Edited { kept_permille },
            (false, _) => Self::Linked { kept_permille },
        }
    }
}

/// Who picked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum PickedBy {
    /// An agent.
    Agent {
        /// Who.
        agent: AgentId,
    },
    /// A customer.
    Customer {
        /// Who.
        contact: ContactId,
    },
}

/// One pick. The question is named by its message; its text stands there and nowhere else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pick {
    /// Where.
    pub conversation_id: ConversationId,
    /// The customer's message.
    pub message_id: MessageId,
    /// The entry.
    pub faq_id: String,
    /// Version of it.
    pub version: u32,
    /// What was done.
    pub kind: PickKind,
    /// By whom.
    pub by: PickedBy,
    /// When.
    pub at: Millis,
}

/// A thumb.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Thumb {
    /// 赞: it fits.
    Up,
    /// 踩: it does not.
    Down,
}

impl From<Thumb> for PickKind {
    fn from(thumb: Thumb) -> Self {
        match thumb {
            Thumb::Up => Self::Up,
            Thumb::Down => Self::Down,
        }
    }
}

/// A wording that an entry has learned (学到的问法), masked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LearnedQuestion {
    /// It.
    pub text: String,
    /// The agents who taught it.
    pub by: Vec<AgentId>,
    /// Since when.
    pub at: Millis,
}

/// What a lead says of a learned wording.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum LearnedRuling {
    /// It belongs to the entry.
    Approved,
    /// It does not.
    Rejected,
}

/// How much of an answer a reply has kept, in thousandths: the longest run of its characters that
/// stand in the reply in the same order, blanks aside. Of long texts the beginning is compared.
#[must_use]
pub fn kept_permille(answer: &str, reply: &str) -> u16 {
    let chars = |text: &str| -> Vec<char> {
        let all = text.chars().filter(|c| !c.is_whitespace());
        all.take(COMPARED_CHARS).collect()
    };
    let (answer, reply) = (chars(answer), chars(reply));
    let mut row = vec![0_u32; reply.len() + 1];
    for a in &answer {
        let mut diagonal = 0;
        let mut left = 0;
        for (cell, r) in row.iter_mut().skip(1).zip(&reply) {
            let above = *cell;
            *cell = if a == r {
                diagonal + 1
            } else {
                above.max(left)
            };
            diagonal = above;
            left = *cell;
        }
    }
    let kept = row.last().copied().unwrap_or_default() as usize;
    u16::try_from(kept * 1_000 / answer.len().max(1)).unwrap_or(1_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_of_an_answer() {
        for (answer, reply, low, high) in [
            ("三天内到账。", "三天内到账。", 1_000, 1_000),
            ("三天内到账。", "您好，三天内到账。谢谢", 1_000, 1_000),
            ("三天内到账。", "两天内到账。", 700, 900),
            ("三天内到账。", "请稍等", 0, 0),
            ("", "请稍等", 0, 0),
            ("三天内到账。", "", 0, 0),
        ] {
            let found = kept_permille(answer, reply);
            assert!((low..=high).contains(&found), "{answer} {reply} {found}");
        }
        let long = "字".repeat(20_000);
        assert_eq!(kept_permille(&long, &long), 1_000);
    }

    #[test]
    fn a_reply_says_how_much_it_counts() {
        let answer = "三天内到账。";
        for (reply, was_suggested, expected, weight) in [
            (" 三天内到账。\n", true, PickKind::Sent, 1_000),
            ("请稍等", true, PickKind::Edited { kept_permille: 0 }, 0),
            (
                answer,
                false,
                PickKind::Linked {
                    kept_permille: 1_000,
                },
                1_000,
            ),
        ] {
            let found = PickKind::of_reply(answer, reply, was_suggested);
            assert_eq!((found, found.weight()), (expected, weight), "{reply}");
        }
        assert_eq!(PickKind::from(Thumb::Down).weight(), -1_000);
        assert!(PickKind::Reopened.weight() > PickKind::Repeated.weight());
    }
}
