//! Alerts: what was committed is counted and held against the rules, and what is to be sent is sent.

use std::{sync::Arc, time::Duration};

use lt_backoffice::{
    Backoffice,
    alerts::post::{Parcel, Post},
};
use lt_connect::post;
use lt_model::alert::notify::DeliveryError;
use lt_protocol::{alert::ChannelSettings, code::WireError};
use lt_seal::Secret;
use tokio::runtime::Handle;

use crate::app::{Shared, now, stopping};

/// How often it is looked at whether something is new, or is to be sent.
const EVERY: Duration = Duration::from_secs(1);

/// Counts and watches until the server goes away.
pub(crate) async fn watch(app: Shared) {
    let desks = Arc::clone(&app.desks);
    each_second(app, move |backoffice| {
        backoffice.note_lag(desks.lag_ms());
        backoffice.run_alerts(now())
    })
    .await;
}

/// Sends until the server goes away; what is being sent is finished first. Beside the watch: the other
/// side may take its time.
pub(crate) async fn send(app: Shared) {
    each_second(app, |backoffice| {
        if let Some(post) = backoffice.post() {
            backoffice.send_alerts(post, now)?;
        }
        Ok(())
    })
    .await;
}

async fn each_second(
    app: Shared,
    step: impl Fn(&Backoffice) -> Result<(), WireError> + Clone + Send + 'static,
) {
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
        if let Err(error) = app.call(step.clone()).await {
            // Logged with its trace where it happened.
            tracing::warn!(trace_id = error.trace_id, "alerts come again");
        }
    }
}

/// Sends over the network.
#[derive(Debug)]
struct OverNetwork {
    runtime: Handle,
}

impl Post for OverNetwork {
    fn send(
        &self,
        settings: &ChannelSettings,
        secret: Option<&Secret<String>>,
        parcel: &Parcel,
    ) -> Result<(), DeliveryError> {
        let files = parcel.files.iter().map(|file| post::Enclosed {
            name: &file.name,
            kind: file.kind,
            bytes: &file.bytes,
        });
        let files: Vec<post::Enclosed<'_>> = files.collect();
        let parcel = post::Parcel {
            to: &parcel.to,
            subject: &parcel.subject,
            text: &parcel.text,
            html: &parcel.html,
            files: &files,
            json: &parcel.json,
            id: &parcel.id,
            now: parcel.now,
        };
        post::send(&self.runtime, settings, secret, &parcel)
    }
}

/// What sends over the network. Call it on the runtime that the server runs on.
#[must_use]
pub fn over_network() -> Arc<dyn Post> {
    Arc::new(OverNetwork {
        runtime: Handle::current(),
    })
}
