//! The numbers by name, and how a cell gives each.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::Millis;

/// A number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Metric {
    /// 会话量: conversations opened.
    Volume,
    /// 智能响应率: whose first reply came from the bot ÷ opened.
    AutoResponse,
    /// 智能解决覆盖率: auto-answered, resolved, never handed over ÷ opened.
    Coverage,
    /// 响应失败率: turns of the bot without an answer ÷ its turns.
    Failure,
    /// 首响中位数, from the hand-over, in business time.
    FirstResponseP50,
    /// 首响 P90.
    FirstResponseP90,
    /// 处理时长: mean business time from a person's first answer to the end, but for what was set aside.
    Handling,
    /// 一次解决率: resolved and not reopened within 72 hours ÷ resolved.
    FirstContact,
    /// 满意度: last score ≥ 4 ÷ answered surveys.
    Satisfaction,
    /// 积压: tickets to be done and conversations in the queue, at the end of the period.
    Backlog,
    /// 排队: conversations in the queue, at the end of the period.
    Queue,
    /// 时效违约率: promises broken ÷ promises that ended or are overdue.
    SlaBreach,
}

impl Metric {
    /// All, in the order of cards.
    pub const ALL: [Self; 12] = [
        Self::Volume,
        Self::AutoResponse,
        Self::Coverage,
        Self::Failure,
        Self::FirstResponseP50,
        Self::FirstResponseP90,
        Self::Handling,
        Self::FirstContact,
        Self::Satisfaction,
        Self::Backlog,
        Self::Queue,
        Self::SlaBreach,
    ];

    /// What it is called in files and mails; a window has its own words by language.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Volume => "会话量",
            Self::AutoResponse => "智能响应率",
            Self::Coverage => "智能解决覆盖率",
            Self::Failure => "响应失败率",
            Self::FirstResponseP50 => "首响中位数",
            Self::FirstResponseP90 => "首响 P90",
            Self::Handling => "平均处理时长",
            Self::FirstContact => "一次解决率",
            Self::Satisfaction => "满意度",
            Self::Backlog => "积压",
            Self::Queue => "排队会话",
            Self::SlaBreach => "时效违约率",
        }
    }

    /// Whether it is a time.
    #[must_use]
    pub fn is_time(self) -> bool {
        matches!(
            self,
            Self::FirstResponseP50 | Self::FirstResponseP90 | Self::Handling
        )
    }

    /// Whether it is what stands at a moment, and no sum over a period.
    #[must_use]
    pub fn is_standing(self) -> bool {
        matches!(self, Self::Backlog | Self::Queue)
    }
}

/// What a number is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum MetricValue {
    /// So many of so many; nothing can be said of none.
    Share {
        /// That count.
        part: u64,
        /// That there are.
        whole: u64,
    },
    /// A time.
    Time {
        /// How long, ms; none of none.
        ms: Option<Millis>,
        /// From so many.
        of: u64,
    },
    /// So many.
    Count {
        /// How many.
        n: u64,
    },
}

impl MetricValue {
    /// As a spreadsheet has it: a share as a part of one, a time in seconds, a count as it is. None
    /// where nothing can be said.
    #[must_use]
    pub fn number(self) -> Option<f64> {
        #[expect(
            clippy::cast_precision_loss,
            reason = "a spreadsheet has no other numbers"
        )]
        match self {
            Self::Share { whole: 0, .. } | Self::Time { ms: None, .. } => None,
            Self::Share { part, whole } => Some(part as f64 / whole as f64),
            Self::Time { ms: Some(ms), .. } => Some(ms as f64 / 1_000.0),
            Self::Count { n } => Some(n as f64),
        }
    }
}

/// By what numbers are told apart, inside each group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Dimension {
    /// 坐席: who answered first, else who has it.
    Agent,
    /// 渠道.
    Channel,
    /// 业务线.
    Line,
    /// 分类.
    Category,
    /// 意图: the standard question nearest to what was asked.
    Intent,
}

impl Dimension {
    /// All.
    pub const ALL: [Self; 5] = [
        Self::Agent,
        Self::Channel,
        Self::Line,
        Self::Category,
        Self::Intent,
    ];

    /// Whether it is told apart by hours too. Of an agent, a line, a category or a question
    /// these would be most of all cells, and each would say little.
    #[must_use]
    pub fn has_hours(self) -> bool {
        self == Self::Channel
    }
}
