//! What happens by the clock: offers, snoozes and talks with the bot end, the queue is run, tickets
//! tell what is late, and whom the bot left waiting is answered.

use std::time::Duration;

use lt_backoffice::Backoffice;
use lt_model::id::AgentId;
use lt_protocol::code::WireError;

use crate::app::{Shared, now, stopping};

/// How often it is looked at whether something is due.
const EVERY: Duration = Duration::from_secs(1);

/// Runs until the server goes away.
pub(crate) async fn run(app: Shared) {
    each_beat(&app, || {
        let here = app.desks.agents_here();
        move |backoffice: &Backoffice| beat_once(backoffice, &here)
    })
    .await;
}

/// The same for customers whom the bot left waiting. Other systems may be asked for them, which nothing
/// else waits for.
pub(crate) async fn answer_left(app: Shared) {
    each_beat(&app, || {
        |backoffice: &Backoffice| backoffice.answer_left(now()).map(drop)
    })
    .await;
}

async fn each_beat<Beat>(app: &Shared, next: impl Fn() -> Beat)
where
    Beat: FnOnce(&Backoffice) -> Result<(), WireError> + Send + 'static,
{
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
        if let Err(error) = app.call(next()).await {
            // Logged with its trace where it happened.
            tracing::warn!(trace_id = error.trace_id, "the clock comes again");
        }
    }
}

/// One part's failure keeps no other part from its turn.
fn beat_once(backoffice: &Backoffice, here: &[AgentId]) -> Result<(), WireError> {
    let noted = backoffice.note_desks(here, now());
    let ticked = backoffice.tick(now());
    let rung = backoffice.ring_tickets(now());
    noted.and(ticked).and(rung.map(drop))
}
