//! Which alerts call for the lead at this desk, and whether their small window is shown.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use lt_model::{Millis, agent::Permission, alert::AlertState, id::AlertId};
use lt_protocol::{alert::MAX_ALERTS, code::WireError, view::Toggle};

use crate::{alerts, desk::Desk, error::wire, host::Host};

/// An alert as it came up at a time: when it comes up again it calls again.
type Call = (AlertId, Millis);

/// Whether the window of alerts is shown, and what was put away with it.
#[derive(Default)]
pub(crate) struct Alarm(Mutex<State>);

#[derive(Default)]
struct State {
    is_shown: bool,
    calling: Vec<Call>,
    /// What was on the screen when the lead closed it.
    away: HashMap<AlertId, Millis>,
}

impl Alarm {
    /// Takes which alerts call now. Says when the window is to be shown or closed.
    pub(crate) fn take(&self, calling: Vec<Call>) -> Option<bool> {
        let mut state = self.lock();
        let state = &mut *state;
        state.away.retain(|id, at| calling.contains(&(*id, *at)));
        let is_new = |(id, at): &Call| state.away.get(id) != Some(at);
        let wanted = calling.iter().any(is_new);
        state.calling = calling;
        let changes = wanted != state.is_shown;
        state.is_shown = wanted;
        changes.then_some(wanted)
    }

    /// The lead closed the window: it comes again with what comes up after this.
    pub(crate) fn put_away(&self) {
        let mut state = self.lock();
        let state = &mut *state;
        state.away.extend(state.calling.iter().copied());
        state.is_shown = false;
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // What a panicked holder left is whole: every change is a plain assignment.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Shows the window of alerts, or closes it, by what calls for the agent at this desk now.
pub(crate) fn look(desk: &Desk) {
    let calling = match calling(desk) {
        Ok(calling) => calling,
        Err(error) => {
            tracing::warn!(code = ?error.code, "which alerts call is not known");
            Vec::new()
        }
    };
    if let Some(shown) = desk.alarm.take(calling) {
        desk.host.alerts(shown);
    }
}

fn calling(desk: &Desk) -> Result<Vec<Call>, WireError> {
    if !desk.is_signed_in() || !desk.me()?.role.may(Permission::AlertView) {
        return Ok(Vec::new());
    }
    if desk.store.settings().map_err(wire)?.alert_window == Toggle::Off {
        return Ok(Vec::new());
    }
    let prefs = desk.store.alert_prefs().map_err(wire)?;
    let alerts = desk.store.alerts(MAX_ALERTS).map_err(wire)?;
    let now = desk.now();
    Ok(alerts
        .into_iter()
        .map(|stored| stored.alert)
        .filter(|alert| alert.state == AlertState::Firing && alerts::wakes(alert, &prefs, now))
        .map(|alert| (alert.id, alert.told_at))
        .collect())
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn call(n: u128, at: Millis) -> Call {
        (AlertId(Uuid::from_u128(n)), at)
    }

    #[test]
    fn the_window_comes_with_the_first_alert_and_goes_with_the_last() {
        let alarm = Alarm::default();
        assert_eq!(alarm.take(vec![]), None);
        assert_eq!(alarm.take(vec![call(1, 10)]), Some(true));
        assert_eq!(alarm.take(vec![call(1, 10), call(2, 20)]), None);
        assert_eq!(alarm.take(vec![call(2, 20)]), None);
        assert_eq!(alarm.take(vec![]), Some(false));
    }

    #[test]
    fn a_window_that_was_closed_comes_again_with_what_is_new() {
        let alarm = Alarm::default();
        alarm.take(vec![call(1, 10)]);
        alarm.put_away();
        assert_eq!(alarm.take(vec![call(1, 10)]), None);
        // Another one, and the same one that comes up again.
        assert_eq!(alarm.take(vec![call(1, 10), call(2, 20)]), Some(true));
        alarm.put_away();
        assert_eq!(alarm.take(vec![call(1, 10), call(2, 20)]), None);
        assert_eq!(alarm.take(vec![call(1, 30), call(2, 20)]), Some(true));
        assert_eq!(alarm.take(vec![]), Some(false));
        // What went and comes back at the same time is new as well.
        assert_eq!(alarm.take(vec![call(2, 20)]), Some(true));
    }
}
