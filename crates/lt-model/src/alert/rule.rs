//! What a rule says.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Measure, Severity, Unit, notify::NotifyChannel, quiet::QuietHours};
use crate::{
    Millis,
    id::{AlertRuleId, GroupId},
};

/// Longest name, in characters.
pub const MAX_RULE_NAME_CHARS: usize = 60;
/// Longest window: a day, in minutes.
pub const MAX_WINDOW_MIN: u32 = 1_440;
/// Most steps of escalation.
pub const MAX_STEPS: usize = 5;
/// Most days whose like a window is compared with.
pub const MAX_BASELINE_DAYS: u32 = 14;

/// When a number is bad.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Condition {
    /// Over a level.
    Above {
        /// It.
        #[ts(type = "number")]
        limit: i64,
        /// Good again at this level or below; at most the limit.
        #[ts(type = "number")]
        clear: i64,
    },
    /// Under a level.
    Below {
        /// It.
        #[ts(type = "number")]
        limit: i64,
        /// Good again at this level or above; at least the limit.
        #[ts(type = "number")]
        clear: i64,
    },
    /// Nothing at all in the window.
    Absent,
    /// Away from what the same time of the days before was.
    Change {
        /// More, or less, than then.
        direction: Direction,
        /// By so many percent of it.
        by_percent: u32,
        /// Good again within so many percent; at most `by_percent`.
        clear_percent: u32,
        /// Of so many days, their median.
        days: u32,
    },
}

/// Which way a change is bad.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// More than before.
    Up,
    /// Less than before.
    Down,
}

/// Who is told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// The leads of the group; of all groups for the organisation's numbers.
    #[default]
    Leads,
    /// The administrators.
    Admins,
    /// Both.
    Everyone,
}

/// One step of telling more people where nobody acknowledges.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Escalation {
    /// So many minutes after the step before.
    pub after_min: u32,
    /// Who.
    pub to: Audience,
    /// How, beside the desk.
    pub by: Vec<NotifyChannel>,
}

/// What somebody writes of a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct RuleDraft {
    /// What it is called; its alerts too.
    pub name: String,
    /// Whether it is watched.
    pub enabled: bool,
    /// What.
    pub measure: Measure,
    /// Of one group; of the organisation without.
    #[serde(default)]
    #[ts(as = "Option<GroupId>")]
    pub group_id: Option<GroupId>,
    /// When it is bad.
    pub condition: Condition,
    /// Over so many minutes; nothing to what is read off at a moment.
    pub window_min: u32,
    /// With fewer events in the window nothing is said.
    pub min_count: u32,
    /// Bad for so many minutes before it is told.
    pub for_min: u32,
    /// How bad.
    pub severity: Severity,
    /// Who is told first.
    pub to: Audience,
    /// How, beside the desk.
    pub by: Vec<NotifyChannel>,
    /// Who is told when nobody acknowledges.
    #[serde(default)]
    pub escalation: Vec<Escalation>,
    /// When nobody is woken by it.
    #[serde(default)]
    #[ts(as = "Option<QuietHours>")]
    pub quiet: Option<QuietHours>,
    /// What comes back within so many minutes is the same incident: nobody is told again.
    pub rest_min: u32,
}

/// A rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AlertRule {
    /// Its id.
    pub id: AlertRuleId,
    /// How often it was changed: what an edit is made from.
    pub edition: u64,
    /// What it says.
    pub draft: RuleDraft,
    /// Who changed it last; empty while it is as it came.
    pub by: String,
    /// When.
    pub at: Millis,
}

/// Why a draft cannot be a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum RuleProblem {
    /// It has no name.
    #[error("it has no name")]
    NoName,
    /// Its name is too long.
    #[error("its name is too long")]
    LongName,
    /// The window is empty or over a day.
    #[error("the window is empty or over a day")]
    Window,
    /// The level is none of that number.
    #[error("the level is none of that number")]
    Level,
    /// The level at which it is good again is on the bad side.
    #[error("the level at which it is good again is on the bad side")]
    Clear,
    /// That number is not compared, or missed, like this.
    #[error("that number cannot be watched like this")]
    Condition,
    /// That number is of the organisation only.
    #[error("that number is of the organisation only")]
    Group,
    /// Too many steps, or one at once.
    #[error("there are too many steps, or one comes at once")]
    Escalation,
    /// The quiet hours make no sense.
    #[error("the quiet hours make no sense")]
    Quiet,
}

impl RuleDraft {
    /// Everything that is wrong with it; empty for a fit one.
    #[must_use]
    pub fn problems(&self) -> Vec<RuleProblem> {
        use RuleProblem as P;
        let mut problems = Vec::new();
        let mut wrong = |is_wrong: bool, problem| {
            if is_wrong {
                problems.push(problem);
            }
        };
        let name = self.name.trim();
        wrong(name.is_empty(), P::NoName);
        wrong(name.chars().count() > MAX_RULE_NAME_CHARS, P::LongName);
        let is_window = (1..=MAX_WINDOW_MIN).contains(&self.window_min);
        wrong(!self.measure.is_gauge() && !is_window, P::Window);
        wrong(
            self.for_min > MAX_WINDOW_MIN || self.rest_min > MAX_WINDOW_MIN,
            P::Window,
        );
        let top = match self.measure.unit() {
            Unit::BasisPoints => 10_000,
            Unit::Count | Unit::Seconds => 10_000_000,
        };
        let is_level = |level: i64| (0..=top).contains(&level);
        match self.condition {
            Condition::Above { limit, clear } => {
                wrong(!is_level(limit) || !is_level(clear), P::Level);
                wrong(clear > limit, P::Clear);
            }
            Condition::Below { limit, clear } => {
                wrong(!is_level(limit) || !is_level(clear), P::Level);
                wrong(clear < limit, P::Clear);
            }
            Condition::Absent => wrong(self.measure.is_gauge(), P::Condition),
            Condition::Change {
                by_percent,
                clear_percent,
                days,
                direction,
            } => {
                let is_way = direction == Direction::Up || by_percent <= 100;
                wrong(!(1..=10_000).contains(&by_percent) || !is_way, P::Level);
                wrong(clear_percent > by_percent, P::Clear);
                wrong(!(1..=MAX_BASELINE_DAYS).contains(&days), P::Condition);
                wrong(self.measure.is_gauge(), P::Condition);
            }
        }
        wrong(self.measure == Measure::Surge, P::Condition);
        wrong(
            self.group_id.is_some() && !self.measure.is_by_group(),
            P::Group,
        );
        let is_step = |step: &Escalation| (1..=MAX_WINDOW_MIN).contains(&step.after_min);
        wrong(
            self.escalation.len() > MAX_STEPS || !self.escalation.iter().all(is_step),
            P::Escalation,
        );
        wrong(self.quiet.is_some_and(|quiet| !quiet.is_fit()), P::Quiet);
        problems
    }

    /// Checks and cleans it.
    ///
    /// # Errors
    /// The first of its [`RuleDraft::problems`].
    pub fn check(mut self) -> Result<Self, RuleProblem> {
        self.name.retain(|c| !c.is_control());
        self.name = self.name.trim().to_owned();
        if let Some(problem) = self.problems().first() {
            return Err(*problem);
        }
        self.by.sort_unstable();
        self.by.dedup();
        for step in &mut self.escalation {
            step.by.sort_unstable();
            step.by.dedup();
        }
        Ok(self)
    }

    /// What its alerts have in common.
    #[must_use]
    pub fn dedup_key(&self, id: AlertRuleId) -> String {
        match self.group_id {
            Some(group) => format!("{}:{group}:{id}", self.measure.name()),
            None => format!("{}:all:{id}", self.measure.name()),
        }
    }

    /// The window, in milliseconds.
    #[must_use]
    pub fn window_ms(&self) -> Millis {
        Millis::from(self.window_min) * 60_000
    }
}
