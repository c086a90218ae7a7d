//! Quality scoring: samples in the background, see [`lt_backoffice::quality`].

use std::time::Duration;

use tokio::time::MissedTickBehavior;

use crate::app::{Shared, now, stopping};

/// How often it is looked whether something is to be sampled.
const EVERY: Duration = Duration::from_secs(2);

/// Samples until the server goes away.
pub(crate) async fn run(app: Shared) {
    let mut stop = app.stop.clone();
    let _alive = app.alive.clone();
    let mut beat = tokio::time::interval(EVERY);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = stopping(&mut stop) => return,
            _ = beat.tick() => {}
        }
        if let Err(error) = app.call(|backoffice| backoffice.run_quality(now())).await {
            // Logged with its trace where it happened.
            tracing::warn!(trace_id = error.trace_id, "conversations are sampled later");
        }
    }
}
