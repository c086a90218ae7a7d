//! The numbers of a team (指标), one pure function each, on the clock of [`crate::hours`].
//!
//! Card, table, alert and export take them from here, so that they agree; every number opens the rows
//! behind it, so a function says of one row whether it counts, and [`Share`] adds them up.

use crate::{
    Millis,
    conversation::REOPEN_WINDOW_MS,
    hours::{BusinessHours, Span},
    sla::{Deadline, DeadlineState},
    ticket::TicketState,
};

/// From this score on a customer is satisfied.
const SATISFIED_FROM: u8 = 4;

/// So many of so many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
    /// That count.
    pub part: u64,
    /// That there are.
    pub whole: u64,
}

impl Share {
    /// In thousandths, rounded to the nearest; none of none.
    #[must_use]
    pub fn permille(self) -> Option<u64> {
        (self.whole > 0).then(|| (self.part * 1_000 + self.whole / 2) / self.whole)
    }
}

/// Of rows that count towards a whole, those that count towards the part. A row that counts towards
/// neither is left out.
impl FromIterator<Option<bool>> for Share {
    fn from_iter<I: IntoIterator<Item = Option<bool>>>(rows: I) -> Self {
        let mut share = Self::default();
        for counts in rows.into_iter().flatten() {
            share.whole += 1;
            share.part += u64::from(counts);
        }
        share
    }
}

/// 首响: business time from the customer's first message to the first one of a person. What the bot
/// said is none.
#[must_use]
pub fn first_response_ms(
    hours: &BusinessHours,
    first_asked_at: Millis,
    first_reply_at: Millis,
) -> Millis {
    hours.business_ms_between(first_asked_at, first_reply_at)
}

/// 处理时长: business time from taking it to its end, less that in which somebody else had to act.
#[must_use]
pub fn handling_ms(
    hours: &BusinessHours,
    accepted_at: Millis,
    resolved_at: Millis,
    pauses: &[Span],
) -> Millis {
    let paused: Millis = pauses
        .iter()
        .map(|pause| {
            let (from, to) = (pause.from.max(accepted_at), pause.to.min(resolved_at));
            hours.business_ms_between(from, to)
        })
        .sum();
    hours.business_ms_between(accepted_at, resolved_at) - paused
}

/// 一次解决: whether it stayed resolved; none while it may still come back. The window is of the
/// wall, its last moment included.
#[must_use]
pub fn is_resolved_at_once(
    resolved_at: Millis,
    reopened_at: Option<Millis>,
    now: Millis,
) -> Option<bool> {
    let ends_at = resolved_at.saturating_add(REOPEN_WINDOW_MS);
    match reopened_at {
        Some(at) if at <= ends_at => Some(false),
        Some(_) => Some(true),
        None => (now > ends_at).then_some(true),
    }
}

/// 满意: whether an answered survey counts as satisfied.
#[must_use]
pub fn is_satisfied(score: u8) -> bool {
    score >= SATISFIED_FROM
}

/// 积压: whether a ticket is among what waits to be done. One that waits for the customer is not.
#[must_use]
pub fn is_backlog(state: TicketState) -> bool {
    match state {
        TicketState::New | TicketState::Open | TicketState::OnHold => true,
        TicketState::PendingCustomer
        | TicketState::Resolved
        | TicketState::Closed
        | TicketState::Cancelled => false,
    }
}

/// 超时: whether a promise was broken; none for one that is not due yet or no longer counts.
#[must_use]
pub fn is_breached(deadline: &Deadline, now: Millis) -> Option<bool> {
    match deadline.state {
        DeadlineState::Met => Some(false),
        DeadlineState::Breached => Some(true),
        DeadlineState::Cancelled => None,
        DeadlineState::Pending => deadline.due_at.filter(|due| now > *due).map(|_| true),
    }
}

/// The percentile of ascending values by nearest rank; none of none.
#[must_use]
pub fn nearest_rank(ascending: &[Millis], percent: u8) -> Option<Millis> {
    let n = ascending.len();
    let rank = (usize::from(percent.min(100)) * n).div_ceil(100).max(1);
    ascending.get(rank - 1).copied()
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::{hours::Period, sla::SlaMetric};

    const HOUR: Millis = 3_600_000;
    /// Monday 2026-11-23, 09:00 in China.
    const MONDAY_9: Millis = 1_795_395_600_000;

    fn office() -> BusinessHours {
        let periods = [Period::of((9, 0), (18, 0))];
        BusinessHours::china(Uuid::from_u128(1).into(), "工作时间", &periods, &[])
    }

    #[test]
    fn times_are_of_business() {
        let hours = office();
        // Asked on Sunday evening, answered on Monday at 09:10.
        let asked = MONDAY_9 - 13 * HOUR;
        let answered = MONDAY_9 + HOUR / 6;
        assert_eq!(first_response_ms(&hours, asked, answered), HOUR / 6);
        // Taken at 10, over at 11 the next day, with a pause over the night.
        let pause = Span {
            from: MONDAY_9 + 8 * HOUR,
            to: MONDAY_9 + 25 * HOUR,
        };
        let handled = handling_ms(&hours, MONDAY_9 + HOUR, MONDAY_9 + 26 * HOUR, &[pause]);
        assert_eq!(handled, 8 * HOUR);
    }

    #[test]
    fn what_comes_back_in_its_window_was_not_resolved() {
        let end = REOPEN_WINDOW_MS;
        for (reopened_at, now, expected) in [
            (None, end, None),
            (None, end + 1, Some(true)),
            (Some(end), end, Some(false)),
            (Some(end + 1), end + 1, Some(true)),
        ] {
            assert_eq!(is_resolved_at_once(0, reopened_at, now), expected);
        }
    }

    #[test]
    fn a_promise_that_is_not_due_is_left_out() {
        let hours = office();
        let make = || Deadline::begin(SlaMetric::Resolution, HOUR, 80, &hours, MONDAY_9);
        let mut kept = make();
        kept.complete(&hours, MONDAY_9 + HOUR);
        let mut gone = make();
        gone.cancel(MONDAY_9);
        let all = [kept, gone, make()];
        let rate = |now| -> Share { all.iter().map(|one| is_breached(one, now)).collect() };
        assert_eq!(rate(MONDAY_9 + HOUR).permille(), Some(0));
        assert_eq!(rate(MONDAY_9 + HOUR + 1).permille(), Some(500));
        assert_eq!(Share::default().permille(), None);
    }

    #[test]
    fn the_rest_is_as_defined() {
        assert!(is_satisfied(4) && !is_satisfied(3));
        let backlog: Vec<_> = TicketState::ALL
            .into_iter()
            .filter(|state| is_backlog(*state))
            .collect();
        use TicketState::{New, OnHold, Open};
        assert_eq!(backlog, [New, Open, OnHold]);
        let values: Vec<Millis> = (1..=10).collect();
        for (percent, expected) in [(0, 1), (50, 5), (51, 6), (90, 9), (99, 10), (100, 10)] {
            assert_eq!(nearest_rank(&values, percent), Some(expected));
        }
        assert_eq!(nearest_rank(&[], 50), None);
    }
}
