//! Counting the numbers of the service, a step at a time, and making the reports of them that are due.

use std::time::Duration;

use crate::app::{Shared, now, stopping};

/// How often it is looked at whether there is something to count.
const EVERY: Duration = Duration::from_secs(1);
/// Between two steps when there is much to count: acts of customers and agents come first.
const PAUSE: Duration = Duration::from_millis(20);

/// How often it is looked at whether a report is due: they are due on the hour.
const REPORTS_EVERY: Duration = Duration::from_secs(15);

/// Makes reports until the server goes away.
pub(crate) async fn reports(app: Shared) {
    let mut stop = app.stop.clone();
    let _alive = app.alive.clone();
    let mut beat = tokio::time::interval(REPORTS_EVERY);
    beat.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = stopping(&mut stop) => return,
            _ = beat.tick() => {}
        }
        if let Err(error) = app.call(|backoffice| backoffice.make_reports(now())).await {
            // Logged with its trace where it happened.
            tracing::warn!(trace_id = error.trace_id, "reports are made later");
        }
    }
}

/// Counts until the server goes away. With several servers on one database each looks, and a step counts
/// for whoever writes it first.
pub(crate) async fn always(app: Shared) {
    let mut stop = app.stop.clone();
    let _alive = app.alive.clone();
    let mut wait = EVERY;
    loop {
        tokio::select! {
            () = stopping(&mut stop) => return,
            () = tokio::time::sleep(wait) => {}
        }
        let more = app.call(|backoffice| backoffice.count_numbers(now())).await;
        wait = match more {
            Ok(true) => PAUSE,
            Ok(false) => EVERY,
            Err(error) => {
                // Logged with its trace where it happened.
                tracing::warn!(trace_id = error.trace_id, "the numbers are counted later");
                EVERY
            }
        };
    }
}
