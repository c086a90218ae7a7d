//! Alerts and their rules. Lists and acts are the desk's own; what only the server knows is asked for.

use std::sync::Arc;

use lt_model::{
    agent::{Agent, Permission, Role},
    alert::{Alert, AlertState, Measure, act::AlertAct, rule::RuleDraft},
};
use lt_protocol::{
    alert::{
        AlertArgs, AlertListArgs, AlertPrefsArgs, AlertPrefsView, AlertPreview, AlertPreviewArgs,
        AlertRuleArgs, AlertRuleCheck, AlertRuleEdit, AlertRuleView, AlertRulesView, AlertScope,
        AlertSilenceArgs, AlertView, AlertsView, DeliveryResendArgs, DeliverySaveArgs,
        DeliveryTest, DeliveryTestArgs, DeliveryView, MAX_ALERTS, MeasureView,
    },
    canned::GroupRef,
    code::{Code, WireError},
    personal::PersonalEdit,
    sync::Action,
};
use lt_store::{Account, StoredAlert, StoredAlertRule, may_change_rule};

use crate::{
    console::Console,
    desk::{Desk, now},
    error::{wire, wire_sync},
    view::Viewer,
};

/// `alert.list`
pub(super) fn list(desk: &Desk, args: &AlertListArgs) -> Result<AlertsView, WireError> {
    desk.permit(Permission::AlertView)?;
    show(desk, args.scope, args.limit)
}

/// `alert.acknowledge`
pub(super) fn acknowledge(desk: &Desk, args: &AlertArgs) -> Result<AlertsView, WireError> {
    act(desk, args, AlertAct::Acknowledge)
}

/// `alert.silence`
pub(super) fn silence(desk: &Desk, args: &AlertSilenceArgs) -> Result<AlertsView, WireError> {
    let AlertSilenceArgs { alert_id, minutes } = *args;
    act(desk, &AlertArgs { alert_id }, AlertAct::Silence { minutes })
}

fn act(desk: &Desk, args: &AlertArgs, act: AlertAct) -> Result<AlertsView, WireError> {
    desk.permit(Permission::AlertManage)?;
    desk.enqueue(Action::Alert {
        alert_id: args.alert_id,
        act,
    })?;
    show(desk, AlertScope::Open, MAX_ALERTS)
}

fn show(desk: &Desk, scope: AlertScope, limit: u32) -> Result<AlertsView, WireError> {
    let (me, viewer) = (desk.me()?, desk.viewer()?);
    let mut all = desk.store.alerts(MAX_ALERTS).map_err(wire)?;
    let open = all.iter().filter(|one| one.alert.is_open());
    let firing = open
        .clone()
        .filter(|one| one.alert.state == AlertState::Firing);
    let (n_open, n_firing) = (open.count(), firing.clone().count());
    let worst = firing.map(|one| one.alert.severity).max();
    if scope == AlertScope::Open {
        all.retain(|one| one.alert.is_open());
    }
    // Within the open ones what nobody looks after comes first, the worse before the others.
    all.sort_by_key(|one| {
        let Alert {
            state,
            severity,
            fired_at,
            ..
        } = &one.alert;
        let place = match state {
            AlertState::Firing => (0, std::cmp::Reverse(Some(*severity))),
            AlertState::Acknowledged | AlertState::Silenced => {
                (1, std::cmp::Reverse(Some(*severity)))
            }
            AlertState::Resolved => (2, std::cmp::Reverse(None)),
        };
        (place, std::cmp::Reverse(*fired_at))
    });
    all.truncate(usize::try_from(limit.min(MAX_ALERTS)).unwrap_or(usize::MAX));
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    Ok(AlertsView {
        alerts: all.into_iter().map(|one| shown(one, &viewer)).collect(),
        n_open: count(n_open),
        n_firing: count(n_firing),
        worst,
        may_manage: me.role.may(Permission::AlertManage),
    })
}

fn shown(stored: StoredAlert, viewer: &Viewer) -> AlertView {
    let StoredAlert { alert, is_pending } = stored;
    AlertView {
        id: alert.id,
        rule_id: alert.rule_id,
        name: alert.name,
        unit: alert.measure.unit(),
        measure: alert.measure,
        group: alert
            .group_id
            .map(|group| viewer.group_name(group))
            .unwrap_or_default(),
        severity: alert.severity,
        state: alert.state,
        reading: alert.reading,
        limit: alert.limit,
        window_min: alert.window_min,
        worst: alert.worst,
        trend: alert.trend,
        fired_at: alert.fired_at,
        resolved_at: alert.resolved_at,
        acknowledged: alert.acknowledged,
        silenced: alert.silenced,
        silenced_until: alert.silenced_until,
        step: alert.step,
        level: alert.level,
        next_step_at: alert.next_step_at,
        quiet_until: alert.quiet_until,
        told_at: alert.told_at,
        about: alert.about,
        is_pending,
    }
}

/// `alert.rules`
pub(super) fn rules(desk: &Desk) -> Result<AlertRulesView, WireError> {
    desk.permit(Permission::AlertView)?;
    let (me, viewer) = (desk.me()?, desk.viewer()?);
    let alerts = desk.store.alerts(MAX_ALERTS).map_err(wire)?;
    let open = |rule: &StoredAlertRule| {
        let of_rule = |one: &&StoredAlert| one.alert.rule_id == rule.rule.id;
        let found = alerts
            .iter()
            .filter(of_rule)
            .find(|one| one.alert.is_open());
        found.map(|one| one.alert.id)
    };
    let rules = desk.store.alert_rules().map_err(wire)?;
    let may_manage_all = me.role.may(Permission::AlertManage);
    let groups = desk.store.groups().map_err(wire)?.into_iter();
    let groups = groups
        .filter(|group| me.role == Role::Admin || me.groups.contains(&group.id))
        .map(|group| GroupRef {
            id: group.id,
            name: group.name,
        });
    Ok(AlertRulesView {
        rules: rules
            .into_iter()
            .map(|rule| shown_rule(open(&rule), rule, &me, &viewer))
            .collect(),
        measures: Measure::ALL
            .into_iter()
            .map(|measure| MeasureView {
                measure,
                unit: measure.unit(),
                is_gauge: measure.is_gauge(),
                is_by_group: measure.is_by_group(),
            })
            .collect(),
        groups: groups.collect(),
        may_manage_all,
    })
}

fn shown_rule(
    open_alert: Option<lt_model::id::AlertId>,
    stored: StoredAlertRule,
    me: &Agent,
    viewer: &Viewer,
) -> AlertRuleView {
    let StoredAlertRule { rule, is_pending } = stored;
    AlertRuleView {
        id: rule.id,
        edition: rule.edition,
        group: rule
            .draft
            .group_id
            .map(|group| viewer.group_name(group))
            .unwrap_or_default(),
        editable: may_change_rule(me, &rule.draft),
        draft: rule.draft,
        by: rule.by,
        at: rule.at,
        is_pending,
        open_alert,
    }
}

/// `alert.rule_check`
pub(super) fn check(desk: &Desk, draft: &RuleDraft) -> Result<AlertRuleCheck, WireError> {
    desk.permit(Permission::AlertView)?;
    Ok(AlertRuleCheck {
        problems: draft.problems(),
    })
}

/// `alert.rule_save`
pub(super) fn save(desk: &Desk, edit: AlertRuleEdit) -> Result<AlertRulesView, WireError> {
    desk.permit(Permission::AlertManage)?;
    let edit = Box::new(edit);
    desk.enqueue(Action::SaveAlertRule { edit })?;
    rules(desk)
}

/// `alert.rule_remove`
pub(super) fn remove(desk: &Desk, args: &AlertRuleArgs) -> Result<AlertRulesView, WireError> {
    desk.permit(Permission::AlertManage)?;
    desk.enqueue(Action::RemoveAlertRule {
        rule_id: args.rule_id,
    })?;
    rules(desk)
}

/// `alert.prefs`
pub(super) fn prefs(desk: &Desk) -> Result<AlertPrefsView, WireError> {
    desk.permit(Permission::AlertView)?;
    let (agent_id, settings) = desk.store.own_settings().map_err(wire)?;
    Ok(AlertPrefsView {
        prefs: settings.alert_prefs(),
        report: settings.report_plan(),
        agent_id,
    })
}

/// `alert.prefs_set`
pub(super) fn set_prefs(desk: &Desk, args: AlertPrefsArgs) -> Result<AlertPrefsView, WireError> {
    desk.permit(Permission::AlertView)?;
    let known = prefs(desk)?;
    let mut edits = vec![PersonalEdit::AlertPrefs { prefs: args.prefs }];
    if known.report != args.report {
        edits.push(PersonalEdit::ReportPlan { plan: args.report });
    }
    if !edits.iter().all(PersonalEdit::is_fit) {
        return Err(WireError::new(
            Code::BadRequest,
            "no such address, or no such time",
        ));
    }
    desk.enqueue(Action::EditPersonal { edits })?;
    prefs(desk)
}

/// `metrics.mail`
pub(super) async fn mail_report(console: &Arc<Console>) -> Result<DeliveryView, WireError> {
    let account = account(console, Permission::MetricsView).await?;
    let answer = lt_sync::mail_report(&account, now()).await;
    answer.map_err(wire_sync)
}

/// `alert.rule_preview`
pub(super) async fn preview(
    console: &Arc<Console>,
    args: AlertPreviewArgs,
) -> Result<AlertPreview, WireError> {
    let account = account(console, Permission::AlertView).await?;
    let answer = lt_sync::alert_preview(&account, &args, now()).await;
    answer.map_err(wire_sync)
}

/// `delivery.get`
pub(super) async fn delivery(console: &Arc<Console>) -> Result<DeliveryView, WireError> {
    let account = account(console, Permission::AlertView).await?;
    lt_sync::delivery(&account, now()).await.map_err(wire_sync)
}

/// `delivery.save`
pub(super) async fn save_delivery(
    console: &Arc<Console>,
    args: DeliverySaveArgs,
) -> Result<DeliveryView, WireError> {
    let account = account(console, Permission::AlertDeliver).await?;
    let answer = lt_sync::save_delivery(&account, &args, now()).await;
    answer.map_err(wire_sync)
}

/// `delivery.test`
pub(super) async fn test_delivery(
    console: &Arc<Console>,
    args: DeliveryTestArgs,
) -> Result<DeliveryTest, WireError> {
    let account = account(console, Permission::AlertDeliver).await?;
    let answer = lt_sync::test_delivery(&account, &args, now()).await;
    answer.map_err(wire_sync)
}

/// `delivery.resend`
pub(super) async fn resend_delivery(
    console: &Arc<Console>,
    args: DeliveryResendArgs,
) -> Result<DeliveryView, WireError> {
    let account = account(console, Permission::AlertDeliver).await?;
    let answer = lt_sync::resend_delivery(&account, &args, now()).await;
    answer.map_err(wire_sync)
}

/// The account at this desk, for a question to the server, where it has the permission.
pub(super) async fn account(
    console: &Arc<Console>,
    permission: Permission,
) -> Result<Account, WireError> {
    let desk = console.desk()?;
    let found = tokio::task::spawn_blocking(move || {
        desk.permit(permission)?;
        desk.store.account().map_err(wire)
    });
    let account = found
        .await
        .map_err(|_| WireError::new(Code::Internal, "a handler broke off"))??;
    account.ok_or_else(|| WireError::new(Code::SignedOut, "no account"))
}
