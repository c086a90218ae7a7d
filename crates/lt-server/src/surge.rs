//! Surges of complaints: listens in the background, see [`lt_backoffice::surge`].

use std::time::Duration;

use tokio::time::MissedTickBehavior;

use crate::app::{Shared, now, stopping};

/// How often it listens: a part of the five minutes within which a surge is told.
const EVERY: Duration = Duration::from_secs(5);

/// Listens until the server goes away.
pub(crate) async fn listen(app: Shared) {
    let mut stop = app.stop.clone();
    let _alive = app.alive.clone();
    let mut beat = tokio::time::interval(EVERY);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = stopping(&mut stop) => return,
            _ = beat.tick() => {}
        }
        if let Err(error) = app.call(|backoffice| backoffice.run_surges(now())).await {
            // Logged with its trace where it happened.
            tracing::warn!(trace_id = error.trace_id, "surges are looked for later");
        }
    }
}
