//! What leads do: acknowledge, silence, and edit rules.

use lt_db::{
    Tx,
    table::{alert, alert_rule, skill_group},
};
use lt_model::{
    Millis,
    agent::{Agent, Permission, Role},
    alert::{
        AlertBy,
        act::{AlertAct, NotDone},
        rule::{AlertRule, RuleDraft},
    },
    id::{AlertId, AlertRuleId},
};
use lt_protocol::{
    alert::{AlertRuleEdit, MAX_RULES},
    code::Code,
};

use super::watch;
use crate::{
    authz::{self, Scope},
    error::{Error, Refused},
};

/// Acknowledges or silences one. What somebody else did before, or what is over, is as good as done.
pub(crate) fn act(
    tx: &Tx<'_>,
    me: &Agent,
    id: AlertId,
    act: AlertAct,
    now: Millis,
) -> Result<(), Error> {
    authz::check(me, Permission::AlertManage, Scope::Organisation)?;
    let found = alert::by_id(tx, id)?;
    let mut found = found.ok_or(Refused::new(Code::NotFound, "no such alert"))?;
    if let Some(group) = found.group_id {
        authz::check(me, Permission::AlertManage, Scope::Group(group))?;
    }
    let by = AlertBy {
        agent: me.id,
        name: me.display_name.clone(),
        at: now,
    };
    match found.act(act, by) {
        Ok(()) => Ok(alert::put(tx, &found)?),
        Err(NotDone::Over | NotDone::Acknowledged) => Ok(()),
        Err(NotDone::Minutes) => Err(Refused::new(Code::BadRequest, "no such silence").into()),
    }
}

/// Makes a rule, or changes one.
pub(crate) fn save(
    tx: &Tx<'_>,
    me: &Agent,
    edit: &AlertRuleEdit,
    now: Millis,
) -> Result<(), Error> {
    let draft = edit.draft.clone().check();
    let draft = draft.map_err(|_| Refused::new(Code::BadRequest, "the rule makes no sense"))?;
    may_change(tx, me, &draft)?;
    let before = alert_rule::by_id(tx, edit.id)?;
    if let Some(before) = &before {
        may_change(tx, me, &before.draft)?;
        if before.draft == draft {
            return Ok(());
        }
    }
    if before.as_ref().map_or(0, |before| before.edition) != edit.base {
        return Err(Refused::new(Code::ChangedMeanwhile, "somebody changed it").into());
    }
    if before.is_none() && alert_rule::count(tx)? >= MAX_RULES {
        return Err(Refused::new(Code::TooLarge, "there are too many").into());
    }
    // What it has open was open by what it said before.
    let is_same = before.is_some_and(|before| {
        let what = |draft: &RuleDraft| (draft.measure, draft.group_id, draft.enabled);
        what(&before.draft) == what(&draft)
    });
    if !is_same {
        watch::stop(tx, edit.id, now)?;
    }
    let rule = AlertRule {
        id: edit.id,
        edition: edit.base + 1,
        draft,
        by: me.display_name.clone(),
        at: now,
    };
    Ok(alert_rule::put(tx, &rule)?)
}

/// Removes one; what it has open is over.
pub(crate) fn remove(tx: &Tx<'_>, me: &Agent, id: AlertRuleId, now: Millis) -> Result<(), Error> {
    let Some(rule) = alert_rule::by_id(tx, id)? else {
        return Ok(());
    };
    may_change(tx, me, &rule.draft)?;
    watch::stop(tx, id, now)?;
    Ok(alert_rule::remove(tx, &rule)?)
}

/// A lead changes those of their groups and the organisation's, an administrator all.
fn may_change(tx: &Tx<'_>, me: &Agent, draft: &RuleDraft) -> Result<(), Error> {
    authz::check(me, Permission::AlertManage, Scope::Organisation)?;
    match draft.group_id {
        None => {}
        Some(group) if me.role == Role::Admin => {
            skill_group::by_id(tx, group)?.ok_or(Refused::new(Code::NotFound, "no such group"))?;
        }
        Some(group) => authz::check(me, Permission::AlertManage, Scope::Group(group))?,
    }
    Ok(())
}
