//! One conversation, folded from what happened in it.

use crate::{
    Millis,
    conversation::REOPEN_WINDOW_MS,
    hours::BusinessHours,
    metric::{Count, Event, EventKind, Share},
    numbers,
};

/// How soon a person answers after a hand-over, where nothing else is promised: business time.
pub const FIRST_RESPONSE_LIMIT_MS: Millis = 180_000;

/// By what a case is measured.
#[derive(Clone, Copy, Debug)]
pub struct Rules<'r> {
    /// The calendar of its business time.
    pub hours: &'r BusinessHours,
    /// How soon a person has to answer, business time.
    pub first_response_limit_ms: Millis,
}

/// A conversation as the numbers see it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Case {
    /// When it was opened; none where that did not happen.
    pub opened_at: Option<Millis>,
    /// When the bot answered first.
    pub auto_answered_at: Option<Millis>,
    /// When it was first given to people.
    pub handed_over_at: Option<Millis>,
    /// When a person answered first.
    pub first_response_at: Option<Millis>,
    /// Whether it is resolved now.
    pub is_resolved: bool,
    /// Whether it ever was.
    pub was_resolved: bool,
    /// Whether it came back within [`REOPEN_WINDOW_MS`] of being resolved.
    pub came_back: bool,
    /// Business time of all stretches from a person's answer to the end that followed, without the time
    /// for which it was set aside.
    pub handling_ms: Millis,
    /// The last mark that the customer gave.
    pub score: Option<u8>,
    /// What counts when it happened.
    pub flows: Vec<(Millis, Count)>,
}

impl Case {
    /// Folds what happened up to a moment, its last instant included. The order of the events does
    /// not matter, but for marks given at one moment: the later one is the last.
    #[must_use]
    pub fn fold(events: &[Event], hours: &BusinessHours, as_of: Millis) -> Self {
        let mut events: Vec<Event> = events
            .iter()
            .filter(|event| event.at <= as_of)
            .copied()
            .collect();
        events.sort_by_key(|event| event.at);
        let mut folding = Folding::default();
        for at_once in events.chunk_by_mut(|one, next| one.at == next.at) {
            let (is_resolved, is_queued) = (folding.case.is_resolved, folding.is_queued);
            let is_paused = folding.is_paused;
            at_once.sort_by_key(|event| event.kind.rank(is_resolved, is_queued, is_paused));
            for event in at_once {
                folding.take(*event, hours);
            }
        }
        folding.case
    }

    /// Whether the bot answered before any person did.
    #[must_use]
    pub fn is_auto_answered(&self) -> bool {
        match (self.auto_answered_at, self.first_response_at) {
            (Some(bot), Some(person)) => bot < person,
            (Some(_), None) => true,
            (None, _) => false,
        }
    }

    /// Whether a person answered, and it is resolved.
    #[must_use]
    pub fn is_handled(&self) -> bool {
        self.first_response_at.is_some() && self.is_resolved
    }

    /// Whether the bot alone brought it to its end.
    #[must_use]
    pub fn is_covered(&self) -> bool {
        self.auto_answered_at.is_some() && self.is_resolved && self.handed_over_at.is_none()
    }

    /// Business time from the hand-over to a person's answer; none while either is missing.
    #[must_use]
    pub fn first_response_ms(&self, hours: &BusinessHours) -> Option<Millis> {
        let (from, to) = (self.handed_over_at?, self.first_response_at?);
        Some(hours.business_ms_between(from, to))
    }

    /// Whether a person's answer came too late, or is overdue; none where nobody owes one yet.
    #[must_use]
    pub fn is_late(&self, rules: Rules<'_>, as_of: Millis) -> Option<bool> {
        let handed_over_at = self.handed_over_at?;
        let waited = match self.first_response_ms(rules.hours) {
            Some(answered) => return Some(answered > rules.first_response_limit_ms),
            None => rules.hours.business_ms_between(handed_over_at, as_of),
        };
        (waited > rules.first_response_limit_ms).then_some(true)
    }

    /// When it becomes late by itself; none where it cannot any more.
    #[must_use]
    pub fn late_at(&self, rules: Rules<'_>, as_of: Millis) -> Option<Millis> {
        let handed_over_at = self.handed_over_at?;
        if self.first_response_at.is_some() || self.is_late(rules, as_of).is_some() {
            return None;
        }
        let limit = rules.first_response_limit_ms.saturating_add(1);
        rules.hours.add_business_ms(handed_over_at, limit)
    }

    /// What it adds to the numbers; nothing where it was not opened.
    #[must_use]
    pub fn share(&self, rules: Rules<'_>, as_of: Millis) -> Option<Share> {
        let is_late = self.is_late(rules, as_of);
        let is_handled = self.is_handled();
        let mut outcome = vec![(Count::Opened, 1)];
        let mut count = |count: Count, holds: bool| {
            if holds {
                outcome.push((count, 1));
            }
        };
        count(Count::AutoAnswered, self.is_auto_answered());
        count(Count::Covered, self.is_covered());
        count(Count::Handled, is_handled);
        count(Count::Resolved, self.was_resolved);
        count(Count::StayedResolved, self.was_resolved && !self.came_back);
        count(Count::Rated, self.score.is_some());
        count(
            Count::Satisfied,
            self.score.is_some_and(numbers::is_satisfied),
        );
        count(Count::Due, is_late.is_some());
        count(Count::Late, is_late == Some(true));
        if is_handled && self.handling_ms > 0 {
            outcome.push((Count::HandlingMs, self.handling_ms));
        }
        outcome.sort_unstable_by_key(|(count, _)| *count);
        let seconds = self.first_response_ms(rules.hours).map(|ms| ms / 1_000);
        Some(Share {
            opened_at: self.opened_at?,
            outcome,
            first_response_s: seconds.map(|s| u32::try_from(s).unwrap_or(u32::MAX)),
            flows: self.flows.clone(),
        })
    }
}

/// A fold on its way.
#[derive(Default)]
struct Folding {
    case: Case,
    resolved_at: Option<Millis>,
    /// Begin of the stretch in which a person has it.
    answered_at: Option<Millis>,
    is_queued: bool,
    is_paused: bool,
    /// Whether the stretch goes on when it is taken up again.
    goes_on: bool,
}

impl Folding {
    fn take(&mut self, event: Event, hours: &BusinessHours) {
        let Event { at, kind } = event;
        let case = &mut self.case;
        match kind {
            EventKind::Opened => {
                case.opened_at.get_or_insert(at);
            }
            EventKind::AutoAnswered => {
                case.auto_answered_at.get_or_insert(at);
            }
            EventKind::HandedOver => {
                case.handed_over_at.get_or_insert(at);
            }
            EventKind::FirstResponse => {
                case.first_response_at.get_or_insert(at);
                self.answered_at.get_or_insert(at);
            }
            EventKind::Resolved => {
                case.is_resolved = true;
                case.was_resolved = true;
                self.resolved_at = Some(at);
                (self.is_paused, self.goes_on) = (false, false);
                if let Some(from) = self.answered_at.take() {
                    case.handling_ms += hours.business_ms_between(from, at);
                }
            }
            EventKind::Reopened => {
                case.is_resolved = false;
                if self
                    .resolved_at
                    .is_some_and(|end| at - end <= REOPEN_WINDOW_MS)
                {
                    case.came_back = true;
                }
            }
            EventKind::Csat { score } => case.score = score.or(case.score),
            EventKind::Turn { failed } => {
                case.flows.push((at, Count::Turns));
                if failed {
                    case.flows.push((at, Count::TurnsFailed));
                }
            }
            EventKind::Queued if !self.is_queued => {
                self.is_queued = true;
                case.flows.push((at, Count::QueueIn));
            }
            EventKind::Unqueued if self.is_queued => {
                self.is_queued = false;
                case.flows.push((at, Count::QueueOut));
            }
            EventKind::Queued | EventKind::Unqueued => {}
            EventKind::Paused => {
                self.is_paused = true;
                if let Some(from) = self.answered_at.take() {
                    case.handling_ms += hours.business_ms_between(from, at);
                    self.goes_on = true;
                }
            }
            EventKind::Resumed => {
                self.is_paused = false;
                if std::mem::take(&mut self.goes_on) {
                    self.answered_at.get_or_insert(at);
                }
            }
        }
    }
}
