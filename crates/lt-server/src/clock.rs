//! What happens by the clock: offers and snoozes end, the queue is run.

use std::time::Duration;

use crate::app::{Shared, now, stopping};

/// How often it is looked at whether something is due.
const EVERY: Duration = Duration::from_secs(1);

/// Runs until the server goes away.
pub(crate) async fn run(app: Shared) {
    let mut stop = app.stop.clone();
    let _alive = app.alive.clone();
    let mut beat = tokio::time::interval(EVERY);
    // After a pause there is one look, not one for each that was missed.
    beat.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = stopping(&mut stop) => return,
            _ = beat.tick() => {}
        }
        if let Err(error) = app.call(|backoffice| backoffice.tick(now())).await {
            // Logged with its trace where it happened.
            tracing::warn!(trace_id = error.trace_id, "the clock comes again");
        }
    }
}
