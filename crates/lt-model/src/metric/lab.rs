//! The numbers of a log that was written down elsewhere: the same fold, tried from outside.
//!
//! Times are seconds since the epoch (or milliseconds, where they are too large for that), or texts
//! such as `2026-11-23T09:00:00+08:00`; a text without an offset is of the log's own clock.

mod clock;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize, Serializer};

use self::clock::{Stamp, Zone};
use crate::{
    Millis,
    hours::{BusinessHours, Period},
    metric::{Case, Event, EventKind, Rules},
    numbers::{is_satisfied, nearest_rank},
};

/// A file of logs.
#[derive(Debug, Deserialize)]
pub struct Logs {
    /// Them.
    pub logs: Vec<Log>,
}

/// One log.
#[derive(Debug, Deserialize)]
pub struct Log {
    /// Its name.
    pub name: String,
    from: Stamp,
    to: Stamp,
    as_of: Stamp,
    #[serde(default)]
    tz: Zone,
    #[serde(default)]
    business_hours: Option<(String, String)>,
    #[serde(default)]
    business_days: Option<Vec<u8>>,
    sla_first_response_s: f64,
    events: Vec<Line>,
}

/// One line of it.
#[derive(Debug, Deserialize)]
struct Line {
    t: Stamp,
    conv: ConversationName,
    kind: Kind,
    #[serde(default)]
    score: Option<f64>,
}

/// How a log names a conversation: by a text or by a number.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(untagged)]
pub enum ConversationName {
    /// By a number.
    Number(i64),
    /// By a text.
    Text(String),
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Opened,
    AutoAnswered,
    HandedOver,
    FirstResponse,
    Resolved,
    Reopened,
    Csat,
}

/// Why a log cannot be computed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LabError {
    /// A time that is none.
    #[error("log {log}: not a time: {text}")]
    Time {
        /// Which log.
        log: String,
        /// What stands there.
        text: String,
    },
    /// A time zone that is not known here, or that has summer time.
    #[error("log {log}: not a time zone with a fixed offset: {text}")]
    Zone {
        /// Which log.
        log: String,
        /// What stands there.
        text: String,
    },
    /// Business hours or days that are none.
    #[error("log {log}: not business hours: {text}")]
    Hours {
        /// Which log.
        log: String,
        /// What stands there.
        text: String,
    },
}

/// A whole number of seconds, or one with a fraction where there is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seconds(pub Millis);

impl Serialize for Seconds {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[expect(
            clippy::cast_precision_loss,
            reason = "a log of ten thousand years has fewer milliseconds than that"
        )]
        match self.0 % 1_000 {
            0 => serializer.serialize_i64(self.0 / 1_000),
            _ => serializer.serialize_f64(self.0 as f64 / 1_000.0),
        }
    }
}

/// The numbers of a log. A number of which nothing can be said is null.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Computed {
    /// Its name.
    pub name: String,
    /// Answered by the bot first ÷ opened.
    pub auto_response_rate: Option<(u64, u64)>,
    /// Brought to their end by the bot alone ÷ opened.
    pub coverage: Option<(u64, u64)>,
    /// From hand-over to a person's answer, ascending.
    pub frt_samples_s: Vec<Seconds>,
    /// Their median by nearest rank.
    pub frt_p50_s: Option<Seconds>,
    /// Their 90th percentile.
    pub frt_p90_s: Option<Seconds>,
    /// Resolved and not back ÷ resolved.
    pub fcr_rate: Option<(u64, u64)>,
    /// Satisfied ÷ with a mark.
    pub satisfaction: Option<(u64, u64)>,
    /// Opened and not resolved.
    pub backlog: u64,
    /// Sum of handling, and of how many.
    pub aht_s: Option<(Seconds, u64)>,
    /// Late ÷ due.
    pub sla_breach_rate: Option<(u64, u64)>,
    /// The conversations behind each number: those that count towards the part, or towards the number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ids: Option<BTreeMap<&'static str, Vec<ConversationName>>>,
}

/// Computes the numbers of a log; `with_ids` names the conversations behind each.
///
/// # Errors
/// See [`LabError`].
pub fn compute(log: &Log, with_ids: bool) -> Result<Computed, LabError> {
    let zone = log.tz.offset_minutes().ok_or_else(|| LabError::Zone {
        log: log.name.clone(),
        text: log.tz.to_string(),
    })?;
    let time = |stamp: &Stamp| {
        stamp.millis(zone).ok_or_else(|| LabError::Time {
            log: log.name.clone(),
            text: stamp.to_string(),
        })
    };
    let (from, to, as_of) = (time(&log.from)?, time(&log.to)?, time(&log.as_of)?);
    let hours = hours(log, zone)?;
    let limit_ms = clock::seconds(log.sla_first_response_s).ok_or_else(|| LabError::Time {
        log: log.name.clone(),
        text: log.sla_first_response_s.to_string(),
    })?;
    let rules = Rules {
        hours: &hours,
        first_response_limit_ms: limit_ms,
    };
    let mut events: BTreeMap<&ConversationName, Vec<Event>> = BTreeMap::new();
    for line in &log.events {
        let event = Event {
            at: time(&line.t)?,
            kind: line.kind.with(line.score),
        };
        events.entry(&line.conv).or_default().push(event);
    }
    let mut count = Counting::default();
    for (name, events) in events {
        let case = Case::fold(&events, &hours, as_of);
        let Some(opened_at) = case.opened_at else {
            continue;
        };
        count.backlog.take(name, Some(!case.is_resolved));
        if from <= opened_at && opened_at < to {
            count.take(name, &case, rules, as_of);
        }
    }
    Ok(count.told(&log.name, with_ids))
}

fn hours(log: &Log, zone: i32) -> Result<BusinessHours, LabError> {
    let mut hours = BusinessHours::always(uuid::Uuid::nil().into());
    hours.utc_offset_minutes = zone;
    let unfit = |text: String| LabError::Hours {
        log: log.name.clone(),
        text,
    };
    let (from, to) = match &log.business_hours {
        Some((from, to)) => {
            let minute = |text: &str| clock::minute(text).ok_or_else(|| unfit(text.to_owned()));
            (minute(from)?, minute(to)?)
        }
        None => (0, 1_440),
    };
    let days = log.business_days.clone();
    let days = days.unwrap_or_else(|| (1..=7).collect());
    if let Some(day) = days.iter().find(|day| !(1..=7).contains(*day)) {
        return Err(unfit(format!("day {day}")));
    }
    let mut week: [Vec<Period>; 7] = Default::default();
    for day in 0..7_u8 {
        if !days.contains(&(day + 1)) {
            continue;
        }
        let (today, tomorrow) = (usize::from(day), usize::from((day + 1) % 7));
        let mut open = |day: usize, from: u16, to: u16| {
            if let Some(periods) = week.get_mut(day)
                && from < to
            {
                periods.push(Period { from, to });
                periods.sort_unstable_by_key(|period| period.from);
            }
        };
        if from < to {
            open(today, from, to);
        } else {
            // A shift over midnight is of the day on which it begins.
            open(today, from, 1_440);
            open(tomorrow, 0, to);
        }
    }
    hours.week = week;
    Ok(hours)
}

impl Kind {
    fn with(self, score: Option<f64>) -> EventKind {
        match self {
            Self::Opened => EventKind::Opened,
            Self::AutoAnswered => EventKind::AutoAnswered,
            Self::HandedOver => EventKind::HandedOver,
            Self::FirstResponse => EventKind::FirstResponse,
            Self::Resolved => EventKind::Resolved,
            Self::Reopened => EventKind::Reopened,
            Self::Csat => EventKind::Csat {
                #[expect(
                    clippy::cast_possible_truncation,
                    clippy::cast_sign_loss,
                    reason = "a mark is a small number; anything else is cut to one"
                )]
                score: score.map(|score| score.floor() as u8),
            },
        }
    }
}

/// A share on its way, with who counts towards its part.
#[derive(Default)]
struct Part {
    whole: u64,
    counted: Vec<ConversationName>,
}

impl Part {
    /// None: it is not of the whole.
    fn take(&mut self, name: &ConversationName, counts: Option<bool>) {
        self.whole += u64::from(counts.is_some());
        if counts == Some(true) {
            self.counted.push(name.clone());
        }
    }

    fn n(&self) -> u64 {
        self.counted.len() as u64
    }

    fn told(&self) -> Option<(u64, u64)> {
        (self.whole > 0).then(|| (self.n(), self.whole))
    }
}

#[derive(Default)]
struct Counting {
    auto: Part,
    coverage: Part,
    fcr: Part,
    satisfaction: Part,
    sla: Part,
    backlog: Part,
    handled: Part,
    handling_ms: Millis,
    answered: Part,
    samples: Vec<Millis>,
}

impl Counting {
    fn take(&mut self, name: &ConversationName, case: &Case, rules: Rules<'_>, as_of: Millis) {
        self.auto.take(name, Some(case.is_auto_answered()));
        self.coverage.take(name, Some(case.is_covered()));
        let stayed = case.was_resolved.then_some(!case.came_back);
        self.fcr.take(name, stayed);
        self.satisfaction.take(name, case.score.map(is_satisfied));
        self.sla.take(name, case.is_late(rules, as_of));
        if case.is_handled() {
            self.handled.take(name, Some(true));
            self.handling_ms += case.handling_ms;
        }
        if let Some(ms) = case.first_response_ms(rules.hours) {
            self.answered.take(name, Some(true));
            self.samples.push(ms);
        }
    }

    fn told(mut self, name: &str, with_ids: bool) -> Computed {
        self.samples.sort_unstable();
        let percentile = |percent| nearest_rank(&self.samples, percent).map(Seconds);
        let handled = self.handled.n();
        Computed {
            name: name.to_owned(),
            auto_response_rate: self.auto.told(),
            coverage: self.coverage.told(),
            frt_p50_s: percentile(50),
            frt_p90_s: percentile(90),
            frt_samples_s: self.samples.iter().copied().map(Seconds).collect(),
            fcr_rate: self.fcr.told(),
            satisfaction: self.satisfaction.told(),
            backlog: self.backlog.n(),
            aht_s: (handled > 0).then_some((Seconds(self.handling_ms), handled)),
            sla_breach_rate: self.sla.told(),
            ids: with_ids.then(|| {
                BTreeMap::from([
                    ("auto_response_rate", self.auto.counted),
                    ("coverage", self.coverage.counted),
                    ("frt_samples_s", self.answered.counted),
                    ("fcr_rate", self.fcr.counted),
                    ("satisfaction", self.satisfaction.counted),
                    ("backlog", self.backlog.counted),
                    ("aht_s", self.handled.counted),
                    ("sla_breach_rate", self.sla.counted),
                ])
            }),
        }
    }
}

#[cfg(test)]
mod tests;
