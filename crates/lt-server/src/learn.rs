//! Learning from picks, when it is due.

use std::time::Duration;

use crate::app::{Shared, now, stopping};

/// How often it is looked at whether a run is due.
const EVERY: Duration = Duration::from_secs(10);

/// Runs until the server goes away. A run at work is finished first: the server waits for it.
pub(crate) async fn when_due(app: Shared) {
    let mut stop = app.stop.clone();
    let _alive = app.alive.clone();
    loop {
        tokio::select! {
            () = stopping(&mut stop) => return,
            () = tokio::time::sleep(EVERY) => {}
        }
        let done = app
            .call(|backoffice| {
                if backoffice.is_learning_due(now())? {
                    backoffice.learn(now())?;
                }
                Ok::<_, lt_protocol::code::WireError>(())
            })
            .await;
        if let Err(error) = done {
            // Logged with its trace where it happened.
            tracing::warn!(trace_id = error.trace_id, "learning is tried again later");
        }
    }
}
