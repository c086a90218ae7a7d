//! What other systems of the shop know of customers: asked beside everything else, kept masked in
//! memory and in the store, shown with its time when it is old.
//!
//! What the store keeps goes with the conversation when the agent may no longer see it.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use lt_model::{
    Millis,
    id::ConversationId,
    ticket::{TicketFieldKind, TicketValue},
};
use lt_protocol::{
    customer::{FactSheet, SheetState, SheetView},
    event::{Tag, UiEvent},
};
use lt_store::Store;

use crate::{
    desk::now,
    host::Host,
    outlet::Outlet,
    view::{mask, ticket::value},
};

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
        let known = all.entry(id).or_insert_with(|| self.kept(id));
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

    /// What was known when the desk was last here: of its time, and to be asked for again.
    fn kept(&self, id: ConversationId) -> Known {
        let kept = self.store.facts(id).ok().flatten();
        let Some((at, body)) = kept else {
            return Known::default();
        };
        let Ok(mut sheets) = serde_json::from_str::<Vec<SheetView>>(&body) else {
            return Known::default();
        };
        for sheet in &mut sheets {
            sheet.is_stale = sheet.at.is_some();
        }
        Known {
            sheets,
            asked_at: Some(at),
            ..Known::default()
        }
    }

    fn ask(&self, id: ConversationId) {
        let (all, store) = (Arc::clone(&self.known), Arc::clone(&self.store));
        let host = Arc::clone(&self.host);
        tokio::spawn(async move {
            let reading = Arc::clone(&store);
            let account = tokio::task::spawn_blocking(move || reading.account()).await;
            let told = match account {
                Ok(Ok(Some(account))) => lt_sync::customer_facts(&account, id, now()).await.ok(),
                _ => None,
            };
            // Nobody else touches it while it is being asked for. What is shown is kept already.
            let known = lock(&all).get(&id).cloned();
            if let Some(mut known) = known {
                let is_told = told.is_some();
                known.take(told, now());
                if is_told {
                    keep(store, id, &known.sheets).await;
                }
                if let Some(place) = lock(&all).get_mut(&id) {
                    *place = known;
                }
            }
            let tags = vec![Tag::Customer { id }];
            host.emit(UiEvent::Changed { tags });
        });
    }
}

/// Keeps what was said for the next start. What cannot be kept is asked for again then.
async fn keep(store: Arc<Store>, id: ConversationId, sheets: &[SheetView]) {
    let Ok(body) = serde_json::to_string(sheets) else {
        return;
    };
    let kept = tokio::task::spawn_blocking(move || store.keep_facts(id, now(), &body)).await;
    if let Ok(Err(error)) = kept {
        tracing::warn!(%error, "what other systems said is not kept");
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
                fact.value = masked(&fact.name, &fact.value);
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

/// A value as it may be shown. What stands alone says less of itself than in a sentence: its name
/// tells what it is.
fn masked(name: &str, value: &str) -> String {
    let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
    if value.contains('*') {
        return mask::text(value).0;
    }
    let kind = if has(&["电话", "手机"]) {
        TicketFieldKind::Phone
    } else if has(&["地址"]) {
        TicketFieldKind::Address
    } else if has(&["订单号"]) {
        TicketFieldKind::Order
    } else if has(&["单号"]) {
        TicketFieldKind::Tracking
    } else if has(&["姓名", "收件人", "收货人", "签收人", "联系人", "客户"]) {
        return mask::name(value);
    } else {
        let cue = format!("{name}：");
        let told = mask::text(&format!("{cue}{value}")).0;
        return told
            .strip_prefix(&cue)
            .map_or_else(|| mask::text(value).0, str::to_owned);
    };
    match value::shown(&kind, &TicketValue::Text(value.to_owned())) {
        TicketValue::Text(shown) => shown,
        _ => String::new(),
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
    fn a_value_is_masked_by_what_it_is_called() {
        for (name, value, shown) in [
            ("收件人", "王小明", "王**"),
            ("收件人电话", "021-64081234", "021****1234"),
            ("收货地址", "门口丰巢柜旁边左手", "门口丰巢柜旁****"),
            ("订单号", "LX20261105007213", "****7213"),
            ("开户名", "王小明", "王**"),
            ("状态", "运输中", "运输中"),
            ("位置", "杭州转运中心", "杭州转运中心"),
            ("收件人", "王*", "王*"),
        ] {
            assert_eq!(masked(name, value), shown, "{name}");
        }
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
