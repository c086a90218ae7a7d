//! Promises on business time (时效): how long something may take, when it is due, and why.
//!
//! One set of functions for the server's clock, for what a desk shows and for the numbers. A promise
//! is measured on a calendar of [`crate::hours`]; while somebody else has to act it is paused.
//!
//! **Invariant:** `completed_at` freezes a deadline: nothing that happens later changes it.
//!
//! **Invariant:** the segments of [`Deadline::segments`] cover the time from its start to its end
//! without holes or overlaps, and those that run add up to [`Deadline::used_ms`].

use serde::{Deserialize, Serialize};
use ts_rs::TS;
use uuid::Uuid;

use crate::{
    Millis,
    hours::{BusinessHours, DayKind},
    id::HoursId,
    priority::Priority,
};

/// Milliseconds of a minute.
const MINUTE_MS: Millis = 60_000;
/// Most segments that explain one deadline; older ones are joined.
const MAX_SEGMENTS: usize = 400;
/// Most pauses of one deadline that are kept apart; older ones are joined.
const MAX_PAUSES: usize = 100;

/// What is promised.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SlaMetric {
    /// 首次响应: that somebody takes it up.
    FirstResponse,
    /// 再次响应: that somebody takes it up again, after the customer or another department acted.
    NextResponse,
    /// 解决时限: that it is done.
    Resolution,
}

/// How a promise stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum DeadlineState {
    /// It runs, or is paused.
    Pending,
    /// It was kept.
    Met,
    /// It was broken; it may still have to be done.
    Breached,
    /// It no longer counts.
    Cancelled,
}

/// Why a promise is paused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PauseReason {
    /// 待客户: the customer has to act.
    PendingCustomer,
    /// 搁置: nothing can be done before a day.
    OnHold,
    /// 已挂起: of a conversation.
    Snoozed,
}

/// Targets in minutes of business time, by priority; 0 promises nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SlaTargets {
    /// 低.
    pub low: u32,
    /// 普通.
    pub normal: u32,
    /// 高.
    pub high: u32,
    /// 紧急.
    pub urgent: u32,
}

impl SlaTargets {
    /// The target of a priority in milliseconds, if one is promised.
    #[must_use]
    pub fn of(&self, priority: Priority) -> Option<Millis> {
        let minutes = match priority {
            Priority::Low => self.low,
            Priority::Normal => self.normal,
            Priority::High => self.high,
            Priority::Urgent => self.urgent,
        };
        (minutes > 0).then_some(Millis::from(minutes) * MINUTE_MS)
    }
}

/// A set of promises (时效政策).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SlaPolicy {
    /// On which calendar; none for the organisation's own.
    pub hours: Option<HoursId>,
    /// 首次响应.
    pub first_response: SlaTargets,
    /// 再次响应.
    pub next_response: SlaTargets,
    /// 解决时限.
    pub resolution: SlaTargets,
    /// When this much of the time is used, whoever has it is warned; 1 to 99.
    pub warn_percent: u8,
}

impl Default for SlaPolicy {
    fn default() -> Self {
        Self {
            hours: None,
            first_response: SlaTargets::default(),
            next_response: SlaTargets::default(),
            resolution: SlaTargets::default(),
            warn_percent: 80,
        }
    }
}

impl SlaPolicy {
    /// Its calendar among those of the organisation: the one that it names, else the first one,
    /// else every hour of every day.
    #[must_use]
    pub fn calendar(&self, all: &[BusinessHours]) -> BusinessHours {
        let named = self
            .hours
            .and_then(|id| all.iter().find(|hours| hours.id == id));
        match named.or(all.first()) {
            Some(hours) => hours.clone(),
            None => BusinessHours::always(HoursId(Uuid::nil())),
        }
    }

    /// The target of a metric in milliseconds, if one is promised.
    #[must_use]
    pub fn target(&self, metric: SlaMetric, priority: Priority) -> Option<Millis> {
        match metric {
            SlaMetric::FirstResponse => self.first_response.of(priority),
            SlaMetric::NextResponse => self.next_response.of(priority),
            SlaMetric::Resolution => self.resolution.of(priority),
        }
    }
}

/// A time in which a promise does not run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pause {
    /// Since when.
    pub from: Millis,
    /// Until when; none while it lasts.
    pub to: Option<Millis>,
    /// Why.
    pub why: PauseReason,
}

/// One promise with its clock (时限).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deadline {
    /// What is promised.
    pub metric: SlaMetric,
    /// Within how much business time, in milliseconds.
    pub target_ms: Millis,
    /// After how much business time whoever has it is warned.
    pub warn_ms: Millis,
    /// Since when it runs.
    pub started_at: Millis,
    /// When it did not run, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pauses: Vec<Pause>,
    /// When it is due; none while it is paused or where the calendar never opens again.
    pub due_at: Option<Millis>,
    /// When the warning is due; none while it is paused and after it was given.
    pub warn_at: Option<Millis>,
    /// When it was done.
    pub completed_at: Option<Millis>,
    /// How it stands.
    pub state: DeadlineState,
    /// Whether the warning was given.
    #[serde(default)]
    pub warned: bool,
}

/// What a clock found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ring {
    /// Most of the time is used.
    Warned(SlaMetric),
    /// It is late.
    Breached(SlaMetric),
}

/// What a stretch of time was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum SlaSegmentKind {
    /// 计时.
    Running,
    /// 非工作时间.
    Closed {
        /// Name of the holiday; empty for a night or a weekend.
        holiday: String,
    },
    /// 暂停.
    Paused {
        /// Why.
        why: PauseReason,
    },
}

/// A stretch of time that explains a deadline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SlaSegment {
    /// What it was.
    pub what: SlaSegmentKind,
    /// From.
    pub from: Millis,
    /// To.
    pub to: Millis,
}

impl Deadline {
    /// A promise that runs from now. `warn_percent` of it used up is the warning.
    #[must_use]
    pub fn begin(
        metric: SlaMetric,
        target_ms: Millis,
        warn_percent: u8,
        hours: &BusinessHours,
        at: Millis,
    ) -> Self {
        let mut deadline = Self {
            metric,
            target_ms,
            warn_ms: target_ms * Millis::from(warn_percent.clamp(1, 99)) / 100,
            started_at: at,
            pauses: Vec::new(),
            due_at: None,
            warn_at: None,
            completed_at: None,
            state: DeadlineState::Pending,
            warned: false,
        };
        deadline.schedule(hours, at);
        deadline
    }

    /// Whether it still has to be done: it runs, is paused, or is late.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.completed_at.is_none() && self.state != DeadlineState::Cancelled
    }

    /// Whether it does not run now.
    #[must_use]
    pub fn is_paused(&self) -> bool {
        self.is_open() && self.pauses.last().is_some_and(|pause| pause.to.is_none())
    }

    /// Stops the clock. A paused one keeps its first reason.
    pub fn pause(&mut self, why: PauseReason, at: Millis) {
        if !self.is_open() || self.is_paused() {
            return;
        }
        self.lapse(at);
        if self.pauses.len() >= MAX_PAUSES
            && let [first, second, ..] = self.pauses.as_mut_slice()
        {
            // The time between them ran, which is to the good of whoever has it.
            second.from = first.from;
            self.pauses.remove(0);
        }
        let from = at.max(self.started_at);
        self.pauses.push(Pause {
            from,
            to: None,
            why,
        });
        if self.state == DeadlineState::Pending {
            self.due_at = None;
            self.warn_at = None;
        }
    }

    /// Lets the clock run again: what was left of the time begins now.
    pub fn resume(&mut self, hours: &BusinessHours, at: Millis) {
        if !self.is_paused() {
            return;
        }
        if let Some(pause) = self.pauses.last_mut() {
            pause.to = Some(at.max(pause.from));
        }
        self.schedule(hours, at);
    }

    /// It is done: kept or broken, for good.
    pub fn complete(&mut self, hours: &BusinessHours, at: Millis) {
        if !self.is_open() {
            return;
        }
        self.lapse(at);
        let is_late = self.used_ms(hours, at) > self.target_ms;
        if let Some(pause) = self.pauses.last_mut()
            && pause.to.is_none()
        {
            pause.to = Some(at.max(pause.from));
        }
        if self.state == DeadlineState::Pending {
            self.state = match is_late {
                true => DeadlineState::Breached,
                false => DeadlineState::Met,
            };
        }
        self.completed_at = Some(at.max(self.started_at));
        self.warn_at = None;
    }

    /// It no longer counts. One that was broken stays broken.
    pub fn cancel(&mut self, at: Millis) {
        if !self.is_open() {
            return;
        }
        self.lapse(at);
        if self.state == DeadlineState::Pending {
            self.state = DeadlineState::Cancelled;
        }
        self.completed_at = Some(at.max(self.started_at));
        self.warn_at = None;
    }

    /// Another target, counted from the same start: the priority has changed.
    pub fn retarget(
        &mut self,
        target_ms: Millis,
        warn_percent: u8,
        hours: &BusinessHours,
        at: Millis,
    ) {
        if self.state != DeadlineState::Pending || self.completed_at.is_some() {
            return;
        }
        if self.lapse(at) {
            return;
        }
        self.target_ms = target_ms;
        self.warn_ms = target_ms * Millis::from(warn_percent.clamp(1, 99)) / 100;
        self.warned = false;
        if !self.is_paused() {
            self.schedule(hours, at);
        }
    }

    /// Looks at the clock. Each of warning and breach is told once.
    pub fn tick(&mut self, now: Millis) -> Option<Ring> {
        if self.state != DeadlineState::Pending || self.completed_at.is_some() {
            return None;
        }
        if self.lapse(now) {
            return Some(Ring::Breached(self.metric));
        }
        if self.warn_at.is_some_and(|warn| now >= warn) {
            self.warn_at = None;
            self.warned = true;
            return Some(Ring::Warned(self.metric));
        }
        None
    }

    /// When [`Deadline::tick`] has something to tell next.
    #[must_use]
    pub fn rings_at(&self) -> Option<Millis> {
        if self.state != DeadlineState::Pending || self.completed_at.is_some() {
            return None;
        }
        self.warn_at
            .or(self.due_at.map(|due| due.saturating_add(1)))
    }

    /// Business time used until a moment, or until it was done.
    #[must_use]
    pub fn used_ms(&self, hours: &BusinessHours, now: Millis) -> Millis {
        let end = self.end(now);
        let paused: Millis = self
            .pauses
            .iter()
            .map(|pause| {
                let to = pause.to.unwrap_or(end).min(end);
                hours.business_ms_between(pause.from, to)
            })
            .sum();
        hours.business_ms_between(self.started_at, end) - paused
    }

    /// Business time left at a moment; negative when it is late.
    #[must_use]
    pub fn left_ms(&self, hours: &BusinessHours, now: Millis) -> Millis {
        self.target_ms - self.used_ms(hours, now)
    }

    /// What the time since its start was, stretch by stretch.
    #[must_use]
    pub fn segments(&self, hours: &BusinessHours, now: Millis) -> Vec<SlaSegment> {
        let end = self.end(now);
        let mut segments = Vec::new();
        let mut at = self.started_at;
        for pause in &self.pauses {
            run(&mut segments, hours, at, pause.from.min(end));
            let to = pause.to.unwrap_or(end).min(end);
            let what = SlaSegmentKind::Paused { why: pause.why };
            push(&mut segments, what, pause.from.max(at), to);
            at = to.max(at);
        }
        run(&mut segments, hours, at, end);
        if segments.len() > MAX_SEGMENTS {
            let n_left_out = segments.len() - MAX_SEGMENTS;
            segments.drain(..n_left_out);
        }
        segments
    }

    /// Breaks it where its time is over, whether or not the clock has come to look. Returns whether it
    /// did.
    fn lapse(&mut self, at: Millis) -> bool {
        let is_over =
            self.state == DeadlineState::Pending && self.due_at.is_some_and(|due| at > due);
        if is_over {
            self.state = DeadlineState::Breached;
            self.warn_at = None;
            self.warned = true;
        }
        is_over
    }

    fn end(&self, now: Millis) -> Millis {
        self.completed_at.unwrap_or(now).max(self.started_at)
    }

    fn schedule(&mut self, hours: &BusinessHours, at: Millis) {
        if self.state != DeadlineState::Pending {
            return;
        }
        let used = self.used_ms(hours, at);
        self.due_at = hours.add_business_ms(at, self.target_ms - used);
        self.warn_at = match self.warned {
            true => None,
            false => hours.add_business_ms(at, self.warn_ms - used),
        };
    }
}

/// Stretches without a pause: open ones run, what is between them does not.
fn run(segments: &mut Vec<SlaSegment>, hours: &BusinessHours, from: Millis, to: Millis) {
    let mut at = from;
    for span in hours.open_spans(from, to) {
        closed(segments, hours, at, span.from);
        push(segments, SlaSegmentKind::Running, span.from, span.to);
        at = span.to;
    }
    closed(segments, hours, at, to);
}

fn closed(segments: &mut Vec<SlaSegment>, hours: &BusinessHours, from: Millis, to: Millis) {
    if from >= to {
        return;
    }
    let middle = from + (to - from) / 2;
    let holiday = match hours.kind_of(hours.day_of(middle)) {
        DayKind::Holiday(name) => name.to_owned(),
        DayKind::Workday | DayKind::DayOff | DayKind::MakeUp(_) => String::new(),
    };
    push(segments, SlaSegmentKind::Closed { holiday }, from, to);
}

/// Adds a stretch; one that goes on with the last one is joined to it.
fn push(segments: &mut Vec<SlaSegment>, what: SlaSegmentKind, from: Millis, to: Millis) {
    if from >= to {
        return;
    }
    match segments.last_mut() {
        Some(last) if last.what == what && last.to == from => last.to = to,
        Some(_) | None => segments.push(SlaSegment { what, from, to }),
    }
}

#[cfg(test)]
mod tests;
