//! From what was counted to alerts.

use lt_db::{
    Acted, Tx,
    table::{alert, alert_rule},
};
use lt_model::{
    Millis,
    alert::{
        Measure,
        judge::{self, Seen, Turn, Watch},
        rule::AlertRule,
        sample::Course,
    },
    audit::Actor,
    id::{AlertId, AlertRuleId},
};

use super::tell;
use crate::{audit, backoffice::Backoffice, error::Error, ids, pass_over::passed_over, surge};

/// Desks are told the number of an open alert at most this often.
const SHOWN_EVERY_MS: Millis = 60_000;
/// Alerts that are rung in one go.
const RUNG_AT_ONCE: u64 = 100;

impl Backoffice {
    pub(super) fn watch_rule(
        &self,
        rule: &AlertRule,
        before: Watch,
        now: Millis,
    ) -> Result<(), Error> {
        let empty = Course::default();
        let seen = {
            let courses = self.alerts.courses();
            let course = courses.of.get(&rule.draft.group_id).unwrap_or(&empty);
            judge::look(&rule.draft, course, now)
        };
        let mut after = before.clone();
        let turn = after.turn(&rule.draft, seen, now);
        let is_due = now - before.shown_at >= SHOWN_EVERY_MS;
        match turn {
            Turn::Quiet if after == before => Ok(()),
            Turn::GoOn if !is_due => Ok(()),
            // Nobody is told anything of a number that was not bad for long enough.
            Turn::Quiet => self.db.derive(|tx| {
                if alert_rule::watch(tx, rule.id)? == before {
                    alert_rule::set_watch(tx, rule.id, &after)?;
                }
                Ok(())
            }),
            Turn::Begin | Turn::Again | Turn::GoOn | Turn::End => {
                let followed = self.act(|tx| follow(tx, rule, &before, seen, now));
                passed_over("alert rule", rule.id, followed)?;
                Ok(())
            }
        }
    }

    /// Rings the clocks of alerts: silences and quiet hours end, more people are told.
    pub(super) fn ring_alerts(&self, now: Millis) -> Result<(), Error> {
        for id in self.read(|reader| alert::ringing(reader, now, RUNG_AT_ONCE))? {
            let rung = self.act(|tx| ring(tx, id, now));
            passed_over("alert", id, rung)?;
        }
        Ok(())
    }
}

type Done = Acted<Result<(), crate::error::Refused>>;

/// Takes a look into account, if nothing came between.
fn follow(
    tx: &Tx<'_>,
    rule: &AlertRule,
    before: &Watch,
    seen: Seen,
    now: Millis,
) -> Result<Done, Error> {
    let current = alert_rule::by_id(tx, rule.id)?;
    let is_same = current.is_some_and(|current| current.edition == rule.edition);
    if !is_same || alert_rule::watch(tx, rule.id)? != *before {
        return Ok(Acted::nothing(Ok(())));
    }
    let mut watch = before.clone();
    let turn = watch.turn(&rule.draft, seen, now);
    let open = match watch.alert {
        Some(id) => alert::by_id(tx, id)?,
        None => None,
    };
    let (id, action) = match (turn, open) {
        (Turn::Quiet, _) => return Ok(Acted::nothing(Ok(()))),
        (Turn::Begin, _) | (Turn::Again | Turn::GoOn, None) => {
            let id: AlertId = ids::new(now)?;
            let (alert, telling) = judge::begin((id, rule.id), &rule.draft, seen, now);
            tell::queue(tx, &alert, &telling, now)?;
            alert::put(tx, &alert)?;
            watch.alert = Some(id);
            (id, "alert.fire")
        }
        (Turn::Again, Some(mut alert)) => {
            alert.again(&rule.draft, seen, now);
            alert::put(tx, &alert)?;
            (alert.id, "alert.again")
        }
        (Turn::GoOn, Some(mut alert)) => {
            alert.go_on(seen);
            alert::put(tx, &alert)?;
            (alert.id, "alert.update")
        }
        (Turn::End, Some(mut alert)) => {
            alert.end(Some(seen), now);
            alert::put(tx, &alert)?;
            (alert.id, "alert.resolve")
        }
        (Turn::End, None) => (ids::new(now)?, "alert.resolve"),
    };
    watch.shown_at = now;
    alert_rule::set_watch(tx, rule.id, &watch)?;
    let object = audit::object("alert", id);
    let entry = audit::allowed(now, Actor::System, action, object);
    Ok(Acted::logged(Ok(()), entry))
}

fn ring(tx: &Tx<'_>, id: AlertId, now: Millis) -> Result<Done, Error> {
    let Some(mut found) = alert::by_id(tx, id)? else {
        return Ok(Acted::nothing(Ok(())));
    };
    let rule = alert_rule::by_id(tx, found.rule_id)?;
    let draft = match (rule, found.measure) {
        (Some(rule), _) => Some(rule.draft),
        // No rule that people edit gave it.
        (None, Measure::Surge) => Some(surge::rule_of(&found)),
        (None, _) => None,
    };
    let level = found.level;
    let Some(telling) = found.tick(draft.as_ref(), now) else {
        return Ok(Acted::nothing(Ok(())));
    };
    if let Some(telling) = &telling {
        tell::queue(tx, &found, telling, now)?;
    }
    alert::put(tx, &found)?;
    let action = match found.level > level {
        true => "alert.escalate",
        false => "alert.wake",
    };
    let entry = audit::allowed(now, Actor::System, action, audit::object("alert", id));
    Ok(Acted::logged(Ok(()), entry))
}

/// The rule is gone, off, or another one: what it has open is over.
pub(super) fn stop(tx: &Tx<'_>, id: AlertRuleId, now: Millis) -> Result<(), Error> {
    let mut watch = alert_rule::watch(tx, id)?;
    let turn = watch.stop(now);
    if turn == Turn::End
        && let Some(open) = watch.alert
        && let Some(mut open) = alert::by_id(tx, open)?
    {
        open.end(None, now);
        alert::put(tx, &open)?;
    }
    Ok(alert_rule::set_watch(tx, id, &watch)?)
}
