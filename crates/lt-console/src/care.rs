//! What the desk does by itself when the agent is away: it looks at every page of its store.
//!
//! The clock comes in, so that nothing here waits. What is found broken is dealt with by closing
//! the store and opening it again, which sets the file aside and carries over what was unsent.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicI64, Ordering},
};

use lt_model::Millis;
use lt_store::Looked;

use crate::{
    console::{Console, Phase},
    safekeeping,
};

/// The agent counts as away when no command came for so long.
const AWAY_MS: Millis = 3 * 60 * 1_000;
/// A store that was found sound is not looked at again sooner. Opening it looks at it too.
const EVERY_MS: Millis = 24 * 60 * 60 * 1_000;
/// A command that met damage makes the store be opened again, at most so often.
const MEND_EVERY_MS: Millis = 60 * 1_000;

/// When something happened last.
#[derive(Default)]
pub(crate) struct Care {
    last_command_at: AtomicI64,
    mended_at: AtomicI64,
    looking: AtomicBool,
}

impl Care {
    /// The agent is there.
    pub(crate) fn saw_command(&self, now: Millis) {
        self.last_command_at.store(now, Ordering::Relaxed);
    }

    fn is_due(&self, now: Millis, checked_at: Millis) -> bool {
        let idle_ms = now - self.last_command_at.load(Ordering::Relaxed);
        idle_ms >= AWAY_MS && now - checked_at >= EVERY_MS
    }

    /// Whether it is time to open a store again that showed damage.
    fn may_mend(&self, now: Millis) -> bool {
        now - self.mended_at.swap(now, Ordering::Relaxed) >= MEND_EVERY_MS
    }
}

/// Looks at the store when that is due; returns when it has been looked at, and mended where it was
/// damaged.
pub(crate) async fn tick(console: &Arc<Console>, now: Millis) {
    let Phase::Open(desk) = console.phase() else {
        return;
    };
    if !console.care.is_due(now, desk.store.checked_at()) {
        return;
    }
    if console.care.looking.swap(true, Ordering::AcqRel) {
        return;
    }
    let weak = Arc::downgrade(&desk);
    drop(desk);
    let looked = tokio::task::spawn_blocking(move || {
        let mut check = weak.upgrade()?.store.begin_check().ok()?;
        loop {
            // The desk is held for one slice at a time: it can be closed in between.
            let desk = weak.upgrade()?;
            match desk.store.look_at_pages(&mut check, now) {
                Ok(Looked::More { .. }) => {}
                Ok(ended) => return Some(ended),
                Err(error) => {
                    tracing::warn!(%error, "the store is looked at later");
                    return None;
                }
            }
            drop(desk);
            std::thread::yield_now();
        }
    })
    .await;
    console.care.looking.store(false, Ordering::Release);
    match looked {
        Ok(Some(Looked::Damaged { page })) => {
            tracing::error!(page, "a page of the store is damaged: it is opened again");
            safekeeping::mend(console).await;
        }
        Ok(Some(_)) => tracing::info!("every page of the store is sound"),
        Ok(None) | Err(_) => {}
    }
}

/// A command met damage.
pub(crate) async fn met_damage(console: &Arc<Console>, now: Millis) {
    if matches!(console.phase(), Phase::Open(_)) && console.care.may_mend(now) {
        safekeeping::mend(console).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_store_is_looked_at_daily_and_only_while_the_agent_is_away() {
        let day = EVERY_MS;
        let care = Care::default();
        care.saw_command(day);
        for (now, checked_at, due) in [
            (day + AWAY_MS - 1, 0, false),
            (day + AWAY_MS, 0, true),
            (day + AWAY_MS, AWAY_MS + 1, false),
            (day + AWAY_MS, AWAY_MS, true),
        ] {
            assert_eq!(care.is_due(now, checked_at), due, "{now} {checked_at}");
        }
    }

    #[test]
    fn damage_is_mended_once_a_minute() {
        let care = Care::default();
        let at = |now| care.may_mend(now);
        assert!(at(MEND_EVERY_MS));
        assert!(!at(MEND_EVERY_MS + 1));
        assert!(at(3 * MEND_EVERY_MS));
    }
}
