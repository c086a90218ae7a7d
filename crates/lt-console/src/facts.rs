//! What other systems of the shop know of customers: asked beside everything else, kept in memory
//! for a while, shown with its time when it is old.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use lt_model::{Millis, id::ConversationId};
use lt_protocol::{
    customer::{FactSheet, SheetState, SheetView},
    event::{Tag, UiEvent},
};
use lt_store::Store;

use crate::{desk::now, host::Host, outlet::Outlet, view::mask};

/// What was asked for so long ago is asked for again when it is looked at.
const FRESH_MS: Millis = 60_000;
/// After a failure it is tried again at the earliest.
const TRY_AGAIN_MS: Millis = 10_000;
/// Conversations of which it is kept.
const MOST: usize = 200;

/// What is known, and who asks.
pub(crate) struct Facts {
    known: Arc<Mutex<HashMap<ConversationId, Known>>>,
    store: Arc<Store>,
    host: Arc<Outlet>,
}

/// What is known about one conversation.
#[derive(Clone, Debug, Default)]
pub(crate) struct Known {
    /// What each system said, with what it said before where it says nothing now.
    pub(crate) sheets: Vec<SheetView>,
    /// Whether they are being asked.
    pub(crate) asking: bool,
    /// When they last answered.
    pub(crate) asked_at: Option<Millis>,
    /// Whether the server could not be asked the last time.
    pub(crate) failed: bool,
    tried_at: Millis,
}

impl Facts {
    /// Nothing is known yet.
    pub(crate) fn new(store: Arc<Store>, host: Arc<Outlet>) -> Self {
        let known = Arc::default();
        Self { known, store, host }
    }

    /// What is known at this moment. Where it is old, or `again`, it is asked for meanwhile, and the
    /// window is told when there is an answer. Must be called inside a tokio runtime.
    pub(crate) fn look(&self, id: ConversationId, is_online: bool, again: bool) -> Known {
        let at = now();
        let mut all = lock(&self.known);
        let known = all.entry(id).or_default();
        let is_due = at - known.tried_at >= if known.failed { TRY_AGAIN_MS } else { FRESH_MS };
        if is_online && !known.asking && (is_due || again) {
            (known.asking, known.tried_at) = (true, at);
            self.ask(id);
        }
        let known = known.clone();
        if all.len() > MOST {
            // The one that was asked for longest ago; never one that is being asked for.
            let idle = all.iter().filter(|(_, known)| !known.asking);
            let oldest = idle.min_by_key(|(_, known)| known.tried_at);
            if let Some(oldest) = oldest.map(|(id, _)| *id) {
                all.remove(&oldest);
            }
        }
        known
    }

    fn ask(&self, id: ConversationId) {
        let (all, store) = (Arc::clone(&self.known), Arc::clone(&self.store));
        let host = Arc::clone(&self.host);
        tokio::spawn(async move {
            let account = tokio::task::spawn_blocking(move || store.account()).await;
            let told = match account {
                Ok(Ok(Some(account))) => lt_sync::customer_facts(&account, id, now()).await.ok(),
                _ => None,
            };
            if let Some(known) = lock(&all).get_mut(&id) {
                known.take(told, now());
            }
            let tags = vec![Tag::Customer { id }];
            host.emit(UiEvent::Changed { tags });
        });
    }
}

impl Known {
    /// Takes what was told; none where the server could not be asked.
    fn take(&mut self, told: Option<Vec<FactSheet>>, now: Millis) {
        self.asking = false;
        self.failed = told.is_none();
        let Some(told) = told else {
            for sheet in &mut self.sheets {
                sheet.is_stale = sheet.at.is_some();
            }
            return;
        };
        self.asked_at = Some(now);
        let before = std::mem::take(&mut self.sheets);
        self.sheets = told
            .into_iter()
            .map(|sheet| shown(sheet, &before, now))
            .collect();
    }
}

/// A system that does not answer now keeps what it said before, with its time.
fn shown(sheet: FactSheet, before: &[SheetView], now: Millis) -> SheetView {
    let FactSheet { name, state } = sheet;
    let earlier = before
        .iter()
        .find(|one| one.name == name && one.at.is_some());
    match (state, earlier) {
        (SheetState::Unavailable, Some(earlier)) => SheetView {
            is_stale: true,
            ..earlier.clone()
        },
        (SheetState::Known { mut facts, age_ms }, _) => {
            for fact in &mut facts {
                fact.value = mask::text(&fact.value).0;
            }
            let age = Millis::try_from(age_ms).unwrap_or(0);
            SheetView {
                name,
                state: SheetState::Known { facts, age_ms },
                at: Some(now - age),
                is_stale: age > FRESH_MS,
            }
        }
        (state, _) => SheetView {
            name,
            state,
            at: None,
            is_stale: false,
        },
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use lt_model::slot::SlotKind;
    use lt_protocol::customer::Fact;

    use super::*;

    const NOW: Millis = 1_760_000_000_000;

    fn known(value: &str, age_ms: u64) -> SheetState {
        let facts = vec![Fact {
            name: "状态".to_owned(),
            value: value.to_owned(),
        }];
        SheetState::Known { facts, age_ms }
    }

    fn told(state: SheetState) -> Option<Vec<FactSheet>> {
        let name = "物流".to_owned();
        Some(vec![FactSheet { name, state }])
    }

    #[test]
    fn what_is_told_is_masked_and_has_its_time() {
        let mut all = Known::default();
        all.take(told(known("已由 13812345678 签收", 5_000)), NOW);
        let sheet = all.sheets.first().unwrap();
        assert_eq!(sheet.state, known("已由 138****5678 签收", 5_000));
        assert_eq!((sheet.at, sheet.is_stale), (Some(NOW - 5_000), false));
        assert_eq!((all.asked_at, all.failed), (Some(NOW), false));
    }

    #[test]
    fn a_system_that_goes_away_leaves_what_it_said_with_its_time() {
        let mut all = Known::default();
        all.take(told(known("运输中", 0)), NOW);
        all.take(told(SheetState::Unavailable), NOW + 70_000);
        let sheet = all.sheets.first().unwrap();
        assert_eq!(sheet.state, known("运输中", 0));
        assert_eq!((sheet.at, sheet.is_stale), (Some(NOW), true));
        all.take(None, NOW + 80_000);
        assert!(all.failed && all.sheets.first().unwrap().is_stale);
        all.take(told(known("已签收", 0)), NOW + 90_000);
        let sheet = all.sheets.first().unwrap();
        assert_eq!((sheet.at, sheet.is_stale), (Some(NOW + 90_000), false));
    }

    #[test]
    fn what_never_answered_and_what_is_missing_is_said() {
        let mut all = Known::default();
        all.take(told(SheetState::Unavailable), NOW);
        assert_eq!(all.sheets.first().unwrap().state, SheetState::Unavailable);
        let slot = SlotKind::Order;
        all.take(told(SheetState::Needs { slot }), NOW + 1);
        let sheet = all.sheets.first().unwrap();
        assert_eq!(
            (&sheet.state, sheet.at),
            (&SheetState::Needs { slot }, None)
        );
    }
}
