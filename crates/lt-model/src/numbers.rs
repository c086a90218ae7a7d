//! What counts, asked of one row: the fold of [`crate::metric`] and what a desk shows agree by it.

use crate::{
    Millis,
    sla::{Deadline, DeadlineState},
    ticket::TicketState,
};

/// From this score on a customer is satisfied.
const SATISFIED_FROM: u8 = 4;

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
    use crate::{
        hours::{BusinessHours, Period},
        sla::SlaMetric,
    };

    const HOUR: Millis = 3_600_000;
    /// Monday 2026-11-23, 09:00 in China.
    const MONDAY_9: Millis = 1_795_395_600_000;

    fn office() -> BusinessHours {
        let periods = [Period::of((9, 0), (18, 0))];
        BusinessHours::china(Uuid::from_u128(1).into(), "工作时间", &periods, &[])
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
        let told = |now| all.each_ref().map(|one| is_breached(one, now));
        assert_eq!(told(MONDAY_9 + HOUR), [Some(false), None, None]);
        assert_eq!(told(MONDAY_9 + HOUR + 1), [Some(false), None, Some(true)]);
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
