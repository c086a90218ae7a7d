//! From committed acts to alerts, and to what leaves the server.

use std::{collections::BTreeMap, sync::Mutex};

use lt_backoffice::{
    Principal,
    alerts::post::{Parcel, Post},
};
use lt_model::{
    Millis,
    agent::Role,
    alert::{
        Alert, AlertState, Measure, Severity,
        act::AlertAct,
        notify::{AlertPrefs, DeliveryError, DeliveryState, NotifyChannel},
        rule::{AlertRule, Condition, RuleDraft},
        standard,
    },
    id::AlertId,
};
use lt_protocol::{
    alert::{
        AlertPreviewArgs, AlertRuleEdit, ChannelSettings, DeliveryResendArgs, DeliverySaveArgs,
        DeliveryTestArgs, EmailSettings, SmsMethod, SmsSettings, SmtpSecurity, WebhookSettings,
    },
    code::Code,
    personal::PersonalEdit,
    sync::{Action, Entity, OpOutcome, RowChange},
};
use lt_seal::Secret;

use crate::back_end::Past;
use crate::world::{Desk, T0, World, code, id, open, refused};

const SECOND: Millis = 1_000;
const MINUTE: Millis = 60_000;

/// Keeps what is sent, and fails as often as it is told.
#[derive(Debug, Default)]
pub(crate) struct Recorder {
    sent: Mutex<Vec<(NotifyChannel, Parcel)>>,
    fails: Mutex<u32>,
    /// The way whose other side says nothing, and how often it was tried.
    silent: Mutex<Option<(NotifyChannel, u32)>>,
}

impl Post for Recorder {
    fn send(
        &self,
        settings: &ChannelSettings,
        secret: Option<&Secret<String>>,
        parcel: &Parcel,
    ) -> Result<(), DeliveryError> {
        assert_eq!(
            secret.map(|secret| secret.expose().as_str()),
            Some("geheim")
        );
        if let Some((channel, n_tried)) = &mut *self.silent.lock().unwrap()
            && *channel == settings.channel()
        {
            *n_tried += 1;
            return Err(DeliveryError::TimedOut);
        }
        let mut fails = self.fails.lock().unwrap();
        if *fails > 0 {
            *fails -= 1;
            return Err(DeliveryError::Later);
        }
        let mut sent = self.sent.lock().unwrap();
        sent.push((settings.channel(), parcel.clone()));
        Ok(())
    }
}

impl Recorder {
    /// What was sent since this was asked last, by way.
    pub(crate) fn taken(&self) -> BTreeMap<NotifyChannel, Vec<Parcel>> {
        let mut by_way: BTreeMap<NotifyChannel, Vec<Parcel>> = BTreeMap::new();
        for (channel, parcel) in self.sent.lock().unwrap().drain(..) {
            by_way.entry(channel).or_default().push(parcel);
        }
        by_way
    }
}

fn ways() -> [ChannelSettings; 3] {
    [
        ChannelSettings::Email {
            settings: EmailSettings {
                host: "mail.example.com".to_owned(),
                port: 465,
                security: SmtpSecurity::Tls,
                username: "alerts".to_owned(),
                from: "alerts@example.com".to_owned(),
                authority: String::new(),
            },
        },
        ChannelSettings::Sms {
            settings: SmsSettings {
                method: SmsMethod::Post,
                url: "https://sms.example.com/send".to_owned(),
                headers: Vec::new(),
                secret_header: "authorization".to_owned(),
                body: "{{phone}} {{text}}".to_owned(),
                sign: String::new(),
                success_pointer: String::new(),
                success_value: String::new(),
                allow_private: false,
            },
        },
        ChannelSettings::Webhook {
            settings: WebhookSettings {
                url: "https://hooks.example.com/".to_owned(),
                allow_private: false,
            },
        },
    ]
}

/// A shop with all ways set up and a lead who wants everything.
fn shop() -> (World, Desk) {
    let world = World::new();
    let lead = lead_who_hears(&world);
    world.bo.run_alerts(T0).unwrap();
    (world, lead)
}

/// Sets up all ways, and a lead who wants everything.
pub(crate) fn lead_who_hears(world: &World) -> Desk {
    let mut lead = world.agent("chen", Role::TeamLead, &["售前组", "售后组", "投诉专席"]);
    for settings in ways() {
        let args = DeliverySaveArgs {
            settings,
            enabled: true,
            secret: Some("geheim".to_owned()),
        };
        world.bo.save_delivery(&world.admin, &args, T0).unwrap();
    }
    let edits = vec![PersonalEdit::AlertPrefs {
        prefs: AlertPrefs {
            email: "chen@example.com".to_owned(),
            phone: "13800001234".to_owned(),
            email_from: Some(Severity::Warning),
            sms_from: Some(Severity::Critical),
            ..AlertPrefs::unset()
        },
    }];
    let done = lead.act(world, Action::EditPersonal { edits }, T0);
    assert_eq!(done, OpOutcome::Done { at: T0 });
    lead
}

/// So many customers whom the bot, which knows nothing, cannot answer.
fn burst(world: &World, n: usize, now: Millis) {
    for n in 0..n {
        let visitor = world.visitor(&format!("客{n}"));
        // Twice without an answer, then it hands over by itself.
        for _ in 0..3 {
            world.say(&visitor, "预售的那件什么时候才会发出来呀", now);
        }
    }
}

/// The newest state of every alert that somebody receives.
fn alerts(world: &World, principal: &Principal) -> BTreeMap<AlertId, Alert> {
    let mut found = BTreeMap::new();
    for row in world.rows(principal) {
        if let RowChange::Put {
            entity: Entity::Alert(alert),
        } = row.change
        {
            found.insert(alert.id, *alert);
        }
    }
    found
}

fn of(all: &BTreeMap<AlertId, Alert>, measure: Measure) -> Alert {
    let mut found = all.values().filter(|alert| alert.measure == measure);
    let alert = found.next().unwrap().clone();
    assert!(found.next().is_none(), "one incident, one alert");
    alert
}

fn rules(world: &World, principal: &Principal) -> Vec<AlertRule> {
    let mut found = BTreeMap::new();
    for row in world.rows(principal) {
        match row.change {
            RowChange::Put {
                entity: Entity::AlertRule(rule),
            } => drop(found.insert(rule.id.to_string(), *rule)),
            RowChange::Del { id, .. } => drop(found.remove(&id)),
            RowChange::Put { .. } => {}
        }
    }
    found.into_values().collect()
}

#[test]
fn a_new_organisation_has_rules_once_and_only_leads_see_them() {
    let (world, lead) = shop();
    let agent = world.agent("wang", Role::Agent, &["售前组"]);
    world.bo.run_alerts(T0 + 2 * SECOND).unwrap();
    let n_standard = standard::rules().len();
    assert_eq!(rules(&world, &lead.principal).len(), n_standard);
    assert_eq!(rules(&world, &world.admin).len(), n_standard);
    assert_eq!(rules(&world, &agent.principal), []);
}

#[test]
fn a_burst_is_told_once_however_often_it_is_looked_at_and_started_anew() {
    let (mut world, mut lead) = shop();
    let post = Recorder::default();
    burst(&world, 51, T0 + SECOND);
    let mut now = T0 + 2 * SECOND;
    world.bo.run_alerts(now).unwrap();
    let all = alerts(&world, &lead.principal);
    let (failure, backlog) = (
        of(&all, Measure::ResponseFailure),
        of(&all, Measure::Backlog),
    );
    assert_eq!(all.len(), 2, "{all:?}");
    assert_eq!(backlog.reading.level, Some(51));
    assert_eq!(failure.reading.level, Some(10_000));
    assert_eq!(failure.state, AlertState::Firing);
    for _ in 0..3 {
        now += 2 * SECOND;
        world.bo.run_alerts(now).unwrap();
        world.bo.send_alerts(&post, || now).unwrap();
    }
    let sent = post.taken();
    let n = |way| sent.get(&way).map_or(0, Vec::len);
    assert_eq!(n(NotifyChannel::Email), 2);
    assert_eq!(n(NotifyChannel::Sms), 2);
    assert_eq!(n(NotifyChannel::Webhook), 2);
    let sms = &sent[&NotifyChannel::Sms];
    assert!(sms.iter().all(|parcel| parcel.to == "13800001234"));
    assert!(
        sms.iter()
            .any(|parcel| parcel.text.contains("积压过多 51，阈值 50"))
    );
    // The server goes away and comes back.
    let path = world.path();
    let spare = World::new();
    drop(std::mem::replace(&mut world.bo, spare.bo));
    world.bo = open(&path);
    for _ in 0..3 {
        now += 2 * SECOND;
        world.bo.run_alerts(now).unwrap();
        world.bo.send_alerts(&post, || now).unwrap();
    }
    assert_eq!(post.taken(), BTreeMap::new());
    assert_eq!(alerts(&world, &lead.principal).len(), 2);
    // One is acknowledged: only the other one is escalated.
    let acknowledge = Action::Alert {
        alert_id: failure.id,
        act: AlertAct::Acknowledge,
    };
    assert_eq!(
        lead.act(&world, acknowledge.clone(), now),
        OpOutcome::Done { at: now }
    );
    let again = lead.act(&world, acknowledge, now);
    assert_eq!(again, OpOutcome::Done { at: now }, "as good as done");
    now += 31 * MINUTE;
    world.bo.run_alerts(now).unwrap();
    world.bo.send_alerts(&post, || now).unwrap();
    let all = alerts(&world, &lead.principal);
    assert_eq!(of(&all, Measure::Backlog).level, 1);
    assert_eq!(of(&all, Measure::ResponseFailure).level, 0);
    let sent = post.taken();
    assert_eq!(sent[&NotifyChannel::Email].len(), 1);
    assert!(sent[&NotifyChannel::Email][0].subject.contains("升级"));
    assert_eq!(sent[&NotifyChannel::Sms].len(), 1);
    let actions = world.number("SELECT count(*) FROM audit WHERE record LIKE '%\"alert.fire\"%'");
    assert_eq!(actions, 2);
}

#[test]
fn a_number_that_is_good_again_ends_its_alert() {
    let (world, lead) = shop();
    burst(&world, 51, T0 + SECOND);
    world.bo.run_alerts(T0 + 2 * SECOND).unwrap();
    let later = T0 + 20 * MINUTE;
    world.bo.run_alerts(later).unwrap();
    let all = alerts(&world, &lead.principal);
    let failure = of(&all, Measure::ResponseFailure);
    assert_eq!(
        failure.state,
        AlertState::Resolved,
        "the window has moved on"
    );
    assert_eq!(failure.resolved_at, Some(later));
    assert_eq!(
        of(&all, Measure::Backlog).state,
        AlertState::Firing,
        "they wait still"
    );
}

#[test]
fn what_fails_is_tried_later_and_given_up_at_last() {
    let (world, _) = shop();
    let post = Recorder::default();
    burst(&world, 51, T0 + SECOND);
    let mut now = T0 + 2 * SECOND;
    world.bo.run_alerts(now).unwrap();
    *post.fails.lock().unwrap() = 1;
    let n_first = world.bo.send_alerts(&post, || now).unwrap();
    assert_eq!(n_first, 6);
    assert_eq!(post.taken().values().flatten().count(), 5);
    now += 59 * SECOND;
    assert_eq!(world.bo.send_alerts(&post, || now).unwrap(), 0, "not yet");
    now += 20 * SECOND;
    assert_eq!(world.bo.send_alerts(&post, || now).unwrap(), 1);
    assert_eq!(post.taken().values().flatten().count(), 1);
    let log = world.bo.delivery(&world.admin).unwrap().log;
    assert!(log.iter().all(|line| line.state == DeliveryState::Sent));
    assert_eq!(log.iter().map(|line| line.attempts).max(), Some(2));
    // One that always fails.
    let other = shop();
    burst(&other.0, 51, T0 + SECOND);
    other.0.bo.run_alerts(T0 + 2 * SECOND).unwrap();
    *post.fails.lock().unwrap() = u32::MAX;
    let mut now = T0 + 2 * SECOND;
    for _ in 0..8 {
        other.0.bo.send_alerts(&post, || now).unwrap();
        now += 15 * 60 * MINUTE;
    }
    let log = other.0.bo.delivery(&other.0.admin).unwrap().log;
    let is_dead = |line: &lt_protocol::alert::DeliveryLine| {
        (line.state, line.attempts, line.error)
            == (DeliveryState::Dead, 6, Some(DeliveryError::Later))
    };
    assert!(log.iter().all(is_dead), "{log:?}");
    // Somebody asks for one of them once more: it goes out, and no other.
    let line = log.iter().find(|line| line.channel == NotifyChannel::Sms);
    let line = line.unwrap();
    let again = DeliveryResendArgs {
        alert_id: line.alert_id,
        step: line.step,
        agent: line.agent,
        channel: line.channel,
    };
    let lead = other.1.principal.clone();
    let refused = other.0.bo.resend_delivery(&lead, &again, T0);
    assert_eq!(code(refused), Some(Code::Forbidden));
    *post.fails.lock().unwrap() = 0;
    post.taken();
    let view = other.0.bo.resend_delivery(&other.0.admin, &again, T0);
    let n_waiting = view
        .unwrap()
        .log
        .iter()
        .filter(|line| !is_dead(line))
        .count();
    assert_eq!(n_waiting, 1);
    other.0.bo.send_alerts(&post, || now).unwrap();
    let sent = post.taken();
    assert_eq!(sent.keys().collect::<Vec<_>>(), [&NotifyChannel::Sms]);
    assert_eq!(sent[&NotifyChannel::Sms].len(), 1);
    // What was sent is not sent again.
    let again = other.0.bo.resend_delivery(&other.0.admin, &again, T0);
    assert!(
        again
            .unwrap()
            .log
            .iter()
            .any(|line| line.state == DeliveryState::Sent)
    );
    assert_eq!(other.0.bo.send_alerts(&post, || now).unwrap(), 0);
}

#[test]
fn an_escalation_that_failed_goes_out_only_while_nobody_looks() {
    use DeliveryState::{Cancelled, Sent};
    let silence = AlertAct::Silence { minutes: 60 };
    for (act, becomes) in [
        (None, Sent),
        (Some(AlertAct::Acknowledge), Cancelled),
        (Some(silence), Cancelled),
    ] {
        let (world, mut lead) = shop();
        let post = Recorder::default();
        burst(&world, 51, T0 + SECOND);
        world.bo.run_alerts(T0 + 2 * SECOND).unwrap();
        world.bo.send_alerts(&post, || T0 + 2 * SECOND).unwrap();
        // Nobody acknowledged the backlog: more people are told, and it fails by mail and by text.
        let now = T0 + 31 * MINUTE;
        world.bo.run_alerts(now).unwrap();
        *post.fails.lock().unwrap() = 2;
        assert_eq!(world.bo.send_alerts(&post, || now).unwrap(), 2, "{act:?}");
        post.taken();
        let backlog = of(&alerts(&world, &lead.principal), Measure::Backlog);
        if let Some(act) = act {
            let alert_id = backlog.id;
            let done = lead.act(&world, Action::Alert { alert_id, act }, now + SECOND);
            assert_eq!(done, OpOutcome::Done { at: now + SECOND });
        }
        let later = now + 2 * MINUTE;
        let n_tried = world.bo.send_alerts(&post, || later).unwrap();
        let expected = if becomes == Sent { 2 } else { 0 };
        assert_eq!(n_tried, expected, "{act:?}");
        assert_eq!(post.taken().values().flatten().count(), expected);
        let log = world.bo.delivery(&world.admin).unwrap().log;
        let of_step = |line: &&lt_protocol::alert::DeliveryLine| {
            line.alert_id == backlog.id && line.step == 2
        };
        let states: Vec<DeliveryState> =
            log.iter().filter(of_step).map(|line| line.state).collect();
        assert_eq!(states, [becomes; 2], "{act:?}");
    }
}

#[test]
fn who_does_not_lead_any_more_is_told_nothing_that_was_on_its_way() {
    for (what, leave, expected) in [
        ("the role", "UPDATE agent SET role = 'agent'", 0),
        ("the account", "UPDATE agent SET active = 0", 0),
        ("nothing", "UPDATE agent SET role = 'team_lead'", 2),
    ] {
        let (world, _) = shop();
        let post = Recorder::default();
        burst(&world, 51, T0 + SECOND);
        let now = T0 + 2 * SECOND;
        world.bo.run_alerts(now).unwrap();
        let sql = format!("{leave} WHERE username = 'chen' RETURNING username");
        assert_eq!(Past::open(&world.path()).text(&sql), "chen", "{what}");
        world.bo.send_alerts(&post, || now).unwrap();
        let sent = post.taken();
        let to_people = |way| sent.get(&way).map_or(0, Vec::len);
        assert_eq!(to_people(NotifyChannel::Email), expected, "{what}");
        assert_eq!(to_people(NotifyChannel::Sms) > 0, expected > 0, "{what}");
        assert!(to_people(NotifyChannel::Webhook) > 0, "{what}: a system is");
        let waiting = "SELECT count(*) FROM alert_outbox WHERE state = 'pending'";
        assert_eq!(world.number(waiting), 0, "{what}");
    }
}

/// A mail server that does not answer takes its time for each of them.
#[test]
fn alerts_go_before_reports_that_have_waited_longer() {
    let (world, _) = shop();
    let post = Recorder::default();
    for n in 0..30 {
        let name = format!("lead{n}");
        let mut lead = world.agent(&name, Role::TeamLead, &["售前组"]);
        let prefs = AlertPrefs {
            email: format!("{name}@example.com"),
            ..AlertPrefs::unset()
        };
        let edits = vec![PersonalEdit::AlertPrefs { prefs }];
        lead.act(&world, Action::EditPersonal { edits }, T0);
        let asked = world.bo.mail_report(&lead.principal, T0 + SECOND);
        asked.unwrap();
    }
    burst(&world, 51, T0 + SECOND);
    let now = T0 + 2 * SECOND;
    world.bo.run_alerts(now).unwrap();
    // Whether each of what was sent is a report, in order.
    let sent = || -> Vec<bool> {
        let sent = std::mem::take(&mut *post.sent.lock().unwrap());
        sent.iter()
            .map(|(_, parcel)| parcel.id.starts_with("report-"))
            .collect()
    };
    // All alerts are tried, and fail: they are due again in a minute.
    *post.fails.lock().unwrap() = 6;
    assert_eq!(world.bo.send_alerts(&post, || now).unwrap(), 9);
    assert_eq!(sent(), [true; 3]);
    // They become due while reports are sent, each of which takes long.
    let slow = || {
        let n_sent = post.sent.lock().unwrap().len();
        now + SECOND + 40 * SECOND * Millis::try_from(n_sent).unwrap()
    };
    assert_eq!(world.bo.send_alerts(&post, slow).unwrap(), 2);
    assert_eq!(sent(), [true; 2]);
    let later = now + 81 * SECOND;
    assert_eq!(world.bo.send_alerts(&post, || later).unwrap(), 9);
    let [alerts @ .., _, _, _] = &sent()[..] else {
        panic!("reports follow")
    };
    assert_eq!(alerts, [false; 6]);
    // No report is forgotten.
    let mut n_reports = 3 + 2 + 3;
    while world.bo.send_alerts(&post, || later).unwrap() > 0 {
        n_reports += sent().len();
    }
    assert_eq!(n_reports, 30);
}

#[test]
fn a_way_that_says_nothing_is_waited_for_once_and_keeps_no_other() {
    let (world, _) = shop();
    burst(&world, 51, T0 + SECOND);
    let now = T0 + 2 * SECOND;
    world.bo.run_alerts(now).unwrap();
    let made = |way: &str| {
        let sql = format!("SELECT count(*) FROM alert_outbox WHERE channel = '{way}'");
        usize::try_from(world.number(&sql)).unwrap()
    };
    let (n_mails, n_others) = (made("email"), made("sms") + made("webhook"));
    assert!(n_mails > 1 && n_others > 1, "{n_mails} and {n_others}");
    let post = Recorder::default();
    *post.silent.lock().unwrap() = Some((NotifyChannel::Email, 0));
    let n_tried = world.bo.send_alerts(&post, || now).unwrap();
    assert_eq!(n_tried, n_others + 1);
    let n_sent = |post: &Recorder| post.taken().values().map(Vec::len).sum::<usize>();
    assert_eq!(n_sent(&post), n_others);
    let silent = post.silent.lock().unwrap().take();
    assert_eq!(silent, Some((NotifyChannel::Email, 1)));
    // It answers again: the others go at once, and what was tried after its wait.
    world.bo.send_alerts(&post, || now + SECOND).unwrap();
    assert_eq!(n_sent(&post), n_mails - 1);
    world.bo.send_alerts(&post, || now + 2 * MINUTE).unwrap();
    assert_eq!(n_sent(&post), 1);
}

#[test]
fn secrets_stay_sealed_and_settings_are_the_administrators() {
    let (world, lead) = shop();
    let view = world.bo.delivery(&lead.principal).unwrap();
    assert_eq!(view.channels.len(), 3);
    assert!(view.channels.iter().all(|channel| channel.has_secret));
    assert!(!serde_json::to_string(&view).unwrap().contains("geheim"));
    let stored = "SELECT count(*) FROM alert_channel WHERE body LIKE '%geheim%'";
    assert_eq!(world.number(stored), 0);
    let [email, ..] = ways();
    let args = DeliverySaveArgs {
        settings: email,
        enabled: false,
        secret: None,
    };
    let by_lead = world.bo.save_delivery(&lead.principal, &args, T0);
    assert_eq!(code(by_lead), Some(Code::Forbidden));
    let kept = world.bo.save_delivery(&world.admin, &args, T0).unwrap();
    assert!(
        kept.channels.iter().all(|channel| channel.has_secret),
        "kept"
    );
    let test = DeliveryTestArgs {
        channel: NotifyChannel::Email,
        to: "not an address".to_owned(),
    };
    let tried = world.bo.test_delivery(&world.admin, &test, || T0);
    assert_eq!(code(tried), Some(Code::BadRequest));
}

#[test]
fn leads_edit_the_rules_of_their_groups_and_nobody_over_what_they_did_not_see() {
    let (world, _) = shop();
    let mut lead = world.agent("zhao", Role::TeamLead, &["售前组"]);
    let mut agent = world.agent("wang", Role::Agent, &["售前组"]);
    let mut draft = standard::rules().remove(1);
    draft.name = "售前积压".to_owned();
    draft.group_id = Some(world.group("售前组"));
    let rule_id = id();
    let save = |base, draft: &RuleDraft| Action::SaveAlertRule {
        edit: Box::new(AlertRuleEdit {
            id: rule_id,
            base,
            draft: draft.clone(),
        }),
    };
    let done = OpOutcome::Done { at: T0 };
    assert_eq!(
        agent.act(&world, save(0, &draft), T0),
        refused(Code::Forbidden)
    );
    assert_eq!(lead.act(&world, save(0, &draft), T0), done);
    draft.condition = Condition::Above { limit: 3, clear: 2 };
    assert_eq!(
        lead.act(&world, save(0, &draft), T0),
        refused(Code::ChangedMeanwhile)
    );
    assert_eq!(lead.act(&world, save(1, &draft), T0), done);
    let mut others = draft.clone();
    others.group_id = Some(world.group("售后组"));
    assert_eq!(
        lead.act(&world, save(2, &others), T0),
        refused(Code::NotFound)
    );
    let mut unfit = draft;
    unfit.condition = Condition::Above { limit: 3, clear: 4 };
    assert_eq!(
        lead.act(&world, save(2, &unfit), T0),
        refused(Code::BadRequest)
    );
    // Its alert is for the leads of the group; with the rule it is over.
    burst(&world, 4, T0 + SECOND);
    world.bo.run_alerts(T0 + 2 * SECOND).unwrap();
    let of_lead = |world: &World, lead: &Desk| {
        let mut all = alerts(world, &lead.principal);
        all.retain(|_, alert| alert.name == "售前积压");
        of(&all, Measure::Backlog)
    };
    assert_eq!(of_lead(&world, &lead).state, AlertState::Firing);
    assert!(alerts(&world, &agent.principal).is_empty());
    let remove = Action::RemoveAlertRule { rule_id };
    let at = T0 + 3 * SECOND;
    assert_eq!(lead.act(&world, remove, at), OpOutcome::Done { at });
    assert_eq!(of_lead(&world, &lead).state, AlertState::Resolved);
}

#[test]
fn a_preview_says_what_the_watch_did() {
    let (world, lead) = shop();
    burst(&world, 51, T0 + MINUTE);
    world.bo.run_alerts(T0 + MINUTE + SECOND).unwrap();
    for n in 2..30 {
        world.bo.run_alerts(T0 + n * MINUTE).unwrap();
    }
    let now = T0 + 30 * MINUTE;
    let mut args = AlertPreviewArgs {
        draft: standard::rules().remove(0),
        days: 1,
    };
    let past = world.bo.alert_preview(&lead.principal, &args, now).unwrap();
    let all = alerts(&world, &lead.principal);
    let failure = of(&all, Measure::ResponseFailure);
    assert_eq!(past.n_fired, 1);
    let [would] = past.fired.as_slice() else {
        panic!("{past:?}")
    };
    assert!((would.from - failure.fired_at).abs() <= MINUTE, "{would:?}");
    let over = would.to.unwrap() - failure.resolved_at.unwrap();
    assert!(over.abs() <= MINUTE, "{would:?}");
    assert_eq!(would.worst, 10_000);
    args.draft.condition = Condition::Above {
        limit: 10_000,
        clear: 10_000,
    };
    let quiet = world.bo.alert_preview(&lead.principal, &args, now).unwrap();
    assert_eq!(quiet.n_fired, 0);
}
