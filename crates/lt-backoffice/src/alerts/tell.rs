//! Whom to tell outside of the desk: rows of the outbox.

use lt_db::{
    Tx,
    table::{
        agent, agent_settings, alert_channel,
        alert_outbox::{self},
    },
};
use lt_model::{
    Millis,
    agent::{Agent, Role},
    alert::{
        Alert, Severity,
        judge::Telling,
        notify::{DeliveryState, Notification, NotifyChannel},
        rule::Audience,
    },
    id::{AgentId, AlertId},
};

use crate::error::Error;

/// Puts into the outbox what a telling asks for, for everybody who wants it so. Ways that are not set
/// up are left out: nobody waits for them.
pub(crate) fn queue(
    tx: &Tx<'_>,
    alert: &Alert,
    telling: &Telling,
    now: Millis,
) -> Result<(), Error> {
    let ways: Vec<NotifyChannel> = alert_channel::all(tx)?
        .into_iter()
        .filter(|channel| channel.enabled)
        .map(|channel| channel.settings.channel())
        .filter(|channel| telling.by.contains(channel))
        .collect();
    let put = |agent: Option<AgentId>, channel, not_before: Millis| {
        alert_outbox::insert(
            tx,
            &Notification {
                alert_id: alert.id,
                step: telling.step,
                agent,
                channel,
                is_escalation: telling.is_escalation,
                is_postponed: not_before > now,
                is_asked: false,
                state: DeliveryState::Pending,
                attempts: 0,
                next_at: not_before,
                at: now,
                sent_at: None,
                error: None,
            },
        )
    };
    for channel in &ways {
        if *channel == NotifyChannel::Webhook {
            // A system sleeps at no time.
            put(None, *channel, now)?;
        }
    }
    for person in audience(tx, alert, telling.to)? {
        let settings = agent_settings::of(tx, person.id)?;
        let prefs = settings.map(|settings| settings.alert_prefs());
        let prefs = prefs.unwrap_or_default();
        let quiet = prefs
            .quiet
            .filter(|quiet| !(quiet.let_critical_through && alert.severity == Severity::Critical));
        let own = quiet.and_then(|quiet| quiet.ends_at(telling.not_before.max(now)));
        let not_before = own.unwrap_or(telling.not_before).max(telling.not_before);
        for channel in &ways {
            if prefs.address(*channel, alert.severity).is_some() {
                withdraw(tx, alert.id, (person.id, *channel), not_before)?;
                put(Some(person.id), *channel, not_before)?;
            }
        }
    }
    Ok(())
}

/// What waits for the end of quiet hours is told by what goes out no later: nobody hears the same twice
/// in the morning.
fn withdraw(
    tx: &Tx<'_>,
    alert_id: AlertId,
    whom: (AgentId, NotifyChannel),
    not_before: Millis,
) -> Result<(), Error> {
    for mut earlier in alert_outbox::waiting(tx, alert_id, whom)? {
        let is_untried = earlier.attempts == 0 && !earlier.is_asked;
        if earlier.is_postponed && is_untried && earlier.next_at >= not_before {
            earlier.state = DeliveryState::Cancelled;
            alert_outbox::update(tx, &earlier)?;
        }
    }
    Ok(())
}

/// Whether somebody who was told may still be, or is told more: it may be hours since it was put into
/// the outbox. Whoever does not lead there any more, or may not sign in, hears nothing.
pub(super) fn may_hear(tx: &Tx<'_>, alert: &Alert, id: AgentId) -> Result<bool, Error> {
    let all = agent::leading(tx)?;
    let person = all.iter().find(|person| person.id == id);
    Ok(person.is_some_and(|person| {
        let is_theirs = |group| person.groups.contains(&group);
        person.role == Role::Admin || alert.group_id.is_none_or(is_theirs)
    }))
}

/// Those who are meant. Where a group has no lead, or the organisation none, administrators are.
fn audience(tx: &Tx<'_>, alert: &Alert, to: Audience) -> Result<Vec<Agent>, Error> {
    let all = agent::leading(tx)?;
    let is_lead = |agent: &Agent| {
        let is_theirs = |group| agent.groups.contains(&group);
        agent.role == Role::TeamLead && alert.group_id.is_none_or(is_theirs)
    };
    let is_admin = |agent: &Agent| agent.role == Role::Admin;
    let has_leads = all.iter().any(is_lead);
    let is_meant = |agent: &Agent| match to {
        Audience::Leads if has_leads => is_lead(agent),
        Audience::Leads | Audience::Admins => is_admin(agent),
        Audience::Everyone => is_lead(agent) || is_admin(agent),
    };
    Ok(all.into_iter().filter(is_meant).collect())
}
