//! Alert rules (预警规则), the alerts (预警) that they give, and who is told of them (通知).
//!
//! A rule watches one number over a window. [`judge`] says what follows from a reading, [`preview`]
//! what would have followed from past ones: the same steps, so that a preview promises nothing else
//! than what will be done.
//!
//! **Invariant:** levels are whole: basis points of a ratio, a count, or seconds. What is compared is
//! compared exactly.
//!
//! **Invariant:** one incident is one alert: while a number stays bad its alert is carried on, and one
//! that comes back within the rule's rest is the same one again.

pub mod act;
pub mod judge;
pub mod notify;
pub mod preview;
pub mod quiet;
pub mod rule;
pub mod sample;
pub mod standard;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    Millis,
    id::{AgentId, AlertId, AlertRuleId, GroupId},
};

/// How bad it is.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS,
)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// 提示: good to know.
    Notice,
    /// 警告: somebody should look today.
    #[default]
    Warning,
    /// 严重: somebody should look now.
    Critical,
}

/// A number that is watched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// 响应失败率: turns of the bot without a reliable answer ÷ its turns.
    ResponseFailure,
    /// 积压: tickets in new, open, on hold, and conversations in the queue, now.
    Backlog,
    /// 排队: conversations in the queue, now.
    Waiting,
    /// 首响 p90: customer's wait for the first reply of a person, nearest rank.
    FirstResponse,
    /// 超时: promises that were broken.
    SlaBreaches,
    /// 满意度: marks of 4 and 5 ÷ marks.
    Satisfaction,
    /// 系统接口出错: look-ups in other systems that failed ÷ look-ups.
    ConnectorErrors,
    /// 同步延迟: how far the slowest connected desk is behind, now.
    SyncLag,
    /// 会话量: conversations opened.
    Opened,
    /// 主题激增: what surge radar finds. Its alerts come from there, not from a level.
    Surge,
}

/// What a level of a measure counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Basis points: 1,000 are 10 %.
    BasisPoints,
    /// So many.
    Count,
    /// Seconds.
    Seconds,
}

impl Measure {
    /// All that a rule may be made of, in the order in which they are offered.
    pub const ALL: [Self; 9] = [
        Self::ResponseFailure,
        Self::Backlog,
        Self::Waiting,
        Self::FirstResponse,
        Self::SlaBreaches,
        Self::Satisfaction,
        Self::ConnectorErrors,
        Self::SyncLag,
        Self::Opened,
    ];

    /// What its levels count.
    #[must_use]
    pub fn unit(self) -> Unit {
        match self {
            Self::ResponseFailure | Self::Satisfaction | Self::ConnectorErrors => Unit::BasisPoints,
            Self::Backlog | Self::Waiting | Self::SlaBreaches | Self::Opened | Self::Surge => {
                Unit::Count
            }
            Self::FirstResponse | Self::SyncLag => Unit::Seconds,
        }
    }

    /// Whether it is read off at a moment instead of counted over a window.
    #[must_use]
    pub fn is_gauge(self) -> bool {
        matches!(self, Self::Backlog | Self::Waiting | Self::SyncLag)
    }

    /// Whether it can be had of one group; of the whole organisation only else.
    #[must_use]
    pub fn is_by_group(self) -> bool {
        !matches!(self, Self::ConnectorErrors | Self::SyncLag)
    }

    /// Its name, as it is stored.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::ResponseFailure => "response_failure",
            Self::Backlog => "backlog",
            Self::Waiting => "waiting",
            Self::FirstResponse => "first_response",
            Self::SlaBreaches => "sla_breaches",
            Self::Satisfaction => "satisfaction",
            Self::ConnectorErrors => "connector_errors",
            Self::SyncLag => "sync_lag",
            Self::Opened => "opened",
            Self::Surge => "surge",
        }
    }
}

/// Where an alert stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum AlertState {
    /// 未处理: the number is bad, and nobody has said that they look.
    Firing,
    /// 已确认: somebody looks; nobody else is told.
    Acknowledged,
    /// 已静默: until a time; nobody is told.
    Silenced,
    /// 已恢复: the number is good again.
    Resolved,
}

/// What was read of a number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Reading {
    /// The level in the measure's unit; none where there was nothing to read it from.
    #[ts(type = "number | null")]
    pub level: Option<i64>,
    /// How many events are behind it: turns, marks, replies.
    pub n: u32,
    /// How many of them are bad; what `level` is made of, where it is a ratio.
    #[serde(default)]
    pub n_bad: u32,
}

/// Who did something to an alert.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AlertBy {
    /// The account.
    pub agent: AgentId,
    /// Its name then.
    pub name: String,
    /// When.
    #[ts(type = "number")]
    pub at: Millis,
}

/// What is known of what is behind an alert.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AlertAbout {
    /// What it is about, such as the intents that come up most (退差价).
    #[serde(default)]
    pub topics: Vec<String>,
    /// Messages as examples, masked.
    #[serde(default)]
    pub examples: Vec<String>,
    /// Words that they have in common.
    #[serde(default)]
    pub words: Vec<String>,
    /// A draft of an answer, for the knowledge.
    #[serde(default)]
    #[ts(as = "Option<FaqDraft>")]
    pub faq: Option<FaqDraft>,
}

/// A proposal of an entry of the knowledge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FaqDraft {
    /// The question.
    pub question: String,
    /// An answer to begin from; may be empty.
    pub answer: String,
}

/// Most levels of its course that an alert carries.
pub const MAX_TREND: usize = 30;

/// One incident.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alert {
    /// Its id.
    pub id: AlertId,
    /// The rule that gave it.
    pub rule_id: AlertRuleId,
    /// The rule's name then.
    pub name: String,
    /// What is watched.
    pub measure: Measure,
    /// Of one group; of the organisation without.
    pub group_id: Option<GroupId>,
    /// What is the same for all alerts of one incident.
    pub dedup_key: String,
    /// How bad.
    pub severity: Severity,
    /// Where it stands.
    pub state: AlertState,
    /// The last reading.
    pub reading: Reading,
    /// The level that it passed.
    pub limit: i64,
    /// Over so many minutes; 0 for what is read off at a moment.
    pub window_min: u32,
    /// The worst level so far.
    pub worst: i64,
    /// Its levels until now, oldest first, at most [`MAX_TREND`].
    pub trend: Vec<i64>,
    /// When it began.
    pub fired_at: Millis,
    /// When its number was good again.
    pub resolved_at: Option<Millis>,
    /// Who acknowledged it.
    pub acknowledged: Option<AlertBy>,
    /// Who silenced it last.
    pub silenced: Option<AlertBy>,
    /// Until when it is silenced.
    pub silenced_until: Option<Millis>,
    /// How often people were told of it: 1 after the first time, one more for each escalation and each
    /// silence that ended.
    pub step: u8,
    /// How many escalations it has had since it began or its last silence ended.
    pub level: u8,
    /// When the next one is due; none where nobody more is told.
    pub next_step_at: Option<Millis>,
    /// It came up in quiet hours: until then nobody is woken.
    pub quiet_until: Option<Millis>,
    /// When it last came up: what a desk tells by a popup, once.
    pub told_at: Millis,
    /// What is behind it.
    #[serde(default)]
    pub about: AlertAbout,
}

impl Alert {
    /// Whether its number is bad.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.state != AlertState::Resolved
    }
}
