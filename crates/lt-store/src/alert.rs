//! Alerts at the desk of somebody who leads: what the server has, with what waits to be sent.

use lt_model::{
    Millis,
    agent::{Agent, Permission, Role},
    alert::{
        Alert, AlertBy, AlertState,
        rule::{AlertRule, RuleDraft},
    },
    id::AlertId,
};
use lt_protocol::{
    alert::{AlertNews, AlertRuleEdit},
    sync::Action,
};
use rusqlite::{Connection, Transaction};

use crate::{
    Result, Store, StoreError,
    change::{News, Touched},
    store::require_account,
    table::{alert, outbox},
};

/// An alert, and whether an act on it waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredAlert {
    /// As it shows here.
    pub alert: Alert,
    /// Whether an act of this desk on it waits for the server.
    pub is_pending: bool,
}

/// A rule, and whether an edit of it waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredAlertRule {
    /// As it shows here.
    pub rule: AlertRule,
    /// Whether an edit of this desk waits for the server.
    pub is_pending: bool,
}

/// The server sent one.
pub(crate) fn arrive(
    tx: &Transaction<'_>,
    now: &Alert,
    rev: u64,
    is_live: bool,
    touched: &mut Touched,
) -> Result<()> {
    touched.alerts = true;
    outbox::settle_alerts(tx)?;
    let before = alert::get(tx, now.id)?;
    alert::put(tx, now, rev)?;
    if let Some(news) = news(before.as_ref(), now, is_live) {
        touched.news.push(News::Alert {
            alert: Box::new(now.clone()),
            news,
        });
    }
    Ok(())
}

/// What is to be told of it. One that came up while the desk was away is told as long as nobody looks
/// after it; what is over by then is not.
fn news(before: Option<&Alert>, now: &Alert, is_live: bool) -> Option<AlertNews> {
    let told_at = before.map(|before| before.told_at);
    match now.state {
        AlertState::Firing if told_at.is_none_or(|at| at < now.told_at) => {
            let level = before.map_or(0, |before| before.level);
            Some(match now.level > level {
                true => AlertNews::Escalated,
                false => AlertNews::Fired,
            })
        }
        AlertState::Resolved if is_live && before.is_some_and(Alert::is_open) => {
            Some(AlertNews::Resolved)
        }
        AlertState::Firing
        | AlertState::Acknowledged
        | AlertState::Silenced
        | AlertState::Resolved => None,
    }
}

fn by(me: &Agent, at: Millis) -> AlertBy {
    AlertBy {
        agent: me.id,
        name: me.display_name.clone(),
        at,
    }
}

fn shown(connection: &Connection, me: &Agent, limit: u32) -> Result<Vec<StoredAlert>> {
    let mut all: Vec<StoredAlert> = alert::newest(connection, limit)?
        .into_iter()
        .map(|alert| StoredAlert {
            alert,
            is_pending: false,
        })
        .collect();
    for entry in outbox::about_alerts(connection)? {
        if let Action::Alert { alert_id, act } = entry.op.action
            && let Some(one) = all.iter_mut().find(|one| one.alert.id == alert_id)
        {
            // What the server has says no more than this, or something newer.
            one.is_pending = one.alert.act(act, by(me, entry.op.at)).is_ok();
        }
    }
    Ok(all)
}

fn shown_rules(connection: &Connection) -> Result<Vec<StoredAlertRule>> {
    let mut all: Vec<StoredAlertRule> = alert::rules(connection)?
        .into_iter()
        .map(|rule| StoredAlertRule {
            rule,
            is_pending: false,
        })
        .collect();
    for entry in outbox::about_alerts(connection)? {
        match entry.op.action {
            Action::SaveAlertRule { edit } => save(&mut all, *edit, entry.op.at),
            Action::RemoveAlertRule { rule_id } => all.retain(|one| one.rule.id != rule_id),
            _ => {}
        }
    }
    all.sort_by(|a, b| {
        let place = |one: &StoredAlertRule| (one.rule.draft.name.clone(), one.rule.id);
        place(a).cmp(&place(b))
    });
    Ok(all)
}

/// The effect of an edit. An edit after this one arrives after it, and is made from its edition.
fn save(all: &mut Vec<StoredAlertRule>, edit: AlertRuleEdit, at: Millis) {
    let AlertRuleEdit { id, base, draft } = edit;
    match all.iter_mut().find(|one| one.rule.id == id) {
        Some(known) => {
            known.is_pending |= known.rule.draft != draft;
            known.rule.edition = known.rule.edition.max(base + 1);
            known.rule.draft = draft;
        }
        None => all.push(StoredAlertRule {
            is_pending: true,
            rule: AlertRule {
                id,
                edition: base + 1,
                draft,
                by: String::new(),
                at,
            },
        }),
    }
}

/// Checks an operation. None: nothing is to be done.
pub(crate) fn legal(
    tx: &Transaction<'_>,
    me: &Agent,
    mut action: Action,
    now: Millis,
) -> Result<Option<Action>> {
    match &mut action {
        Action::Alert { alert_id, act } => {
            let all = shown(tx, me, u32::MAX)?;
            let known = all.into_iter().find(|one| one.alert.id == *alert_id);
            let mut alert = known.ok_or(StoreError::NotFound("alert"))?.alert;
            Ok(alert.act(*act, by(me, now)).is_ok().then_some(action))
        }
        Action::SaveAlertRule { edit } => {
            let draft = edit.draft.clone().check();
            edit.draft = draft?;
            let known = shown_rules(tx)?;
            let known = known.iter().find(|one| one.rule.id == edit.id);
            if !may_change_rule(me, &edit.draft)
                || known.is_some_and(|one| !may_change_rule(me, &one.rule.draft))
            {
                return Err(StoreError::Forbidden);
            }
            let is_news = known.is_none_or(|one| one.rule.draft != edit.draft);
            Ok(is_news.then_some(action))
        }
        Action::RemoveAlertRule { rule_id } => {
            let known = shown_rules(tx)?;
            let Some(known) = known.iter().find(|one| one.rule.id == *rule_id) else {
                return Ok(None);
            };
            if !may_change_rule(me, &known.rule.draft) {
                return Err(StoreError::Forbidden);
            }
            Ok(Some(action))
        }
        _ => Ok(None),
    }
}

/// Whether the account may change such a rule: a lead those of their own groups and of the organisation.
#[must_use]
pub fn may_change_rule(me: &Agent, draft: &RuleDraft) -> bool {
    let is_theirs = |group| me.role == Role::Admin || me.groups.contains(&group);
    me.role.may(Permission::AlertManage) && draft.group_id.is_none_or(is_theirs)
}

impl Store {
    /// Alerts: those that are open, then the others; in each part the newest first, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError::NoAccount`], [`StoreError::Damaged`] and the like.
    pub fn alerts(&self, limit: u32) -> Result<Vec<StoredAlert>> {
        self.read(|connection| {
            let me = require_account(connection)?.agent;
            shown(connection, &me, limit)
        })
    }

    /// One of them, as the server has it.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] and the like.
    pub fn alert(&self, id: AlertId) -> Result<Option<Alert>> {
        self.read(|connection| alert::get(connection, id))
    }

    /// The rules, by name.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] and the like.
    pub fn alert_rules(&self) -> Result<Vec<StoredAlertRule>> {
        self.read(shown_rules)
    }
}
