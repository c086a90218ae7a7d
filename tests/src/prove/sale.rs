//! A sale day: ten times of everything, and in the afternoon one product goes bad, the bot is asked
//! what nobody taught it, and the queue grows faster than it is worked off.
//!
//! The server's part of it is whole, its clock is made: three days pass in seconds. The lead's desktop
//! is a real console on a real store, mail goes out by SMTP over TLS and short messages by HTTP, to
//! listeners of this machine. What is promised:
//! - two quiet days and ten times of everything tell nobody anything;
//! - the backlog, the failure rate and the surge of complaints are told once each by popup, mail and
//!   short message, whatever restarts in between, and the surge once more when it has grown from a
//!   warning to what is critical;
//! - what the lead acknowledges is not escalated, and what nobody acknowledged is, once;
//! - the numbers on the lead's desktop are those of a count of the raw messages, to the last digit.
//!
//! The control: with one message taken away the count differs.

mod crowd;
mod lead;
mod recount;
mod staff;

use std::{collections::BTreeMap, sync::Arc, time::Instant};

use anyhow::{Context, Result, ensure};
use lt_backoffice::{Backoffice, Config, Principal};
use lt_model::{
    Millis,
    agent::Role,
    alert::{Measure, notify::NotifyChannel},
    id::AlertId,
};
use lt_protocol::{
    alert::{
        ChannelSettings, DeliverySaveArgs, EmailSettings, SmsMethod, SmsSettings, SmtpSecurity,
    },
    api::{DeviceInfo, LoginRequest},
};
use lt_seal::{device::DeviceKey, encode::base64url_encode};
use lt_server::{DataDir, offline, over_network, pki};
use lt_store::Device;
use serde_json::json;
use tokio::runtime::Handle;

use self::{crowd::Crowd, lead::Lead, staff::Staff};
use super::{Dice, Proved, Scale, count};
use crate::{
    desk::{Desk, now},
    shop::{ADMIN, PASSWORD, Shop},
    sinks::{Call, Mail, Sink},
};

const MINUTE: Millis = 60_000;
const DAY_MINUTES: i64 = 1_440;
/// Conversations of a normal day, where nothing else is said.
const USUAL: u64 = 96;
/// Of a sale day, so many times as many.
const TIMES: i64 = 10;
/// Quiet days before it: in fewer no surge can be told from chance.
const QUIET_DAYS: i64 = 2;
/// When it goes wrong, in minutes of the sale day, and when that is over.
const BEGIN: i64 = 14 * 60;
const OVER: i64 = 15 * 60;
/// When the day is looked at.
const LOOKED_AT: i64 = 17 * 60;
/// The server is started anew in the middle of it.
const RESTART: i64 = BEGIN + 20;
/// The weekday of the first quiet day, as days since the epoch leave it when divided by seven.
const FRIDAY: i64 = 1;
/// China's clock.
const OFFSET_MS: Millis = 8 * 60 * MINUTE;
const ALL: &[&str] = &["售前", "售后", "投诉"];
const MAIL: &str = "chen@lingtai.example";
const PHONE: &str = "13800001234";

/// Names of the figures of an alert.
type Names = [&'static str; 6];

macro_rules! names {
    ($name:literal) => {
        [
            concat!($name, "_told_after_s"),
            concat!($name, "_mailed_after_s"),
            concat!($name, "_texted_after_s"),
            concat!($name, "_popups"),
            concat!($name, "_mails"),
            concat!($name, "_texts"),
        ]
    };
}

/// The alerts that have to come.
const WANTED: [(Measure, Names); 3] = [
    (Measure::Surge, names!("surge")),
    (Measure::ResponseFailure, names!("failure")),
    (Measure::Backlog, names!("backlog")),
];

/// Where everything leads to.
struct Sinks {
    mail: Sink<Mail>,
    sms: Sink<Call>,
}

/// The server while its clock is made.
struct Office {
    bo: Arc<Backoffice>,
    data: DataDir,
    runtime: Handle,
}

impl Office {
    fn open(data: DataDir, runtime: Handle) -> Result<Self> {
        let key = data.root_key()?;
        let bo = {
            let _here = runtime.enter();
            offline::open(&data, &key, None, config())?
        };
        Ok(Self { bo, data, runtime })
    }

    /// It goes away and comes back.
    fn restart(self) -> Result<Self> {
        let Self { bo, data, runtime } = self;
        let gone = bo.gone();
        drop(bo);
        if let Some(gone) = gone {
            // An error says the same: it is gone.
            let _ = runtime.block_on(gone);
        }
        Self::open(data, runtime)
    }

    /// Somebody signs in at an installation.
    fn sign_in(&self, username: &str, device: &Device, at: Millis) -> Result<Principal> {
        let public = DeviceKey::from_pkcs8(&device.key)?.public();
        let request = LoginRequest {
            username: username.to_owned(),
            password: PASSWORD.to_owned(),
            device: DeviceInfo {
                id: device.id,
                name: "一号机".to_owned(),
                os: "linux".to_owned(),
                public_key: base64url_encode(&public),
            },
        };
        let session = self.bo.login(request, None, at)?;
        Ok(self.bo.authenticate(&session.token, at)?)
    }

    /// What the server does by itself.
    fn beat(&self, at: Millis) -> Result<()> {
        self.bo.run_alerts(at)?;
        self.bo.run_surges(at)?;
        while self.bo.count_numbers(at)? {}
        let post = self.bo.post().context("nothing sends")?;
        while self.bo.send_alerts(post, || at)? > 0 {}
        Ok(())
    }
}

fn config() -> Config {
    Config {
        session_ms: 30 * DAY_MINUTES * MINUTE,
        post: Some(over_network()),
        ..Config::default()
    }
}

/// What a run left behind.
struct Lived {
    office: Office,
    lead: Lead,
    sinks: Sinks,
    /// Midnight of the sale day.
    midnight: Millis,
    /// Alerts before it went wrong.
    n_before: usize,
    n_conversations: usize,
    failure_acknowledged_at: Millis,
    recount: recount::Recount,
    board: serde_json::Value,
    n_cells: usize,
    n_wrong: usize,
}

/// Proves it, by [`Scale::rate`] conversations on a normal day.
///
/// # Errors
/// What stopped it. A missed promise is in what it gives.
pub async fn prove(scale: &Scale) -> Result<Proved> {
    let began = Instant::now();
    let mut shop = Shop::open().await?;
    shop.hire("chen", "陈班长", Role::TeamLead, ALL).await?;
    for (username, name) in [("li", "李敏"), ("zhao", "赵磊"), ("sun", "孙悦")] {
        shop.hire(username, name, Role::Agent, ALL).await?;
    }
    let sinks = Sinks {
        mail: Sink::mail(pki::server_config(&DataDir::new(shop.data()))?)?,
        sms: Sink::http()?,
    };
    let admin = Desk::sign_in(&shop, ADMIN).await?;
    for (settings, secret) in ways(&shop, &sinks)? {
        let args = DeliverySaveArgs {
            settings,
            enabled: true,
            secret: Some(secret.to_owned()),
        };
        admin
            .ask("delivery.save", serde_json::to_value(args)?)
            .await?;
    }
    admin.close().await;
    let mut lead = Desk::sign_in(&shop, "chen").await?;
    let prefs = json!({"prefs": {"email": MAIL, "phone": PHONE, "email_from": "notice",
        "sms_from": "notice", "popup_from": "notice"}});
    lead.ask("alert.prefs_set", prefs).await?;
    lead.wait_for("delivered", "connection.get", json!({}), |view| {
        view["state"] == "online" && view["pending"] == 0
    })
    .await?;
    shop.stop().await;

    let (data, inbox) = (DataDir::new(shop.data()), shop.inbox.clone());
    let runtime = Handle::current();
    let scale = *scale;
    let lived = tokio::task::spawn_blocking(move || {
        let office = Office::open(data, runtime)?;
        let lived = live(office, lead, sinks, &inbox, &scale)?;
        Ok::<_, anyhow::Error>((judge(&scale, &lived, began)?, lived.lead))
    });
    let (proved, lead) = lived.await??;
    lead.close().await;
    Ok(proved)
}

fn ways(shop: &Shop, sinks: &Sinks) -> Result<[(ChannelSettings, &'static str); 2]> {
    Ok([
        (
            ChannelSettings::Email {
                settings: EmailSettings {
                    host: "127.0.0.1".to_owned(),
                    port: sinks.mail.address.port(),
                    security: SmtpSecurity::Tls,
                    username: "alerts".to_owned(),
                    from: "alerts@lingtai.example".to_owned(),
                    authority: std::fs::read_to_string(DataDir::new(shop.data()).ca_pem())?,
                },
            },
            "mail-passphrase",
        ),
        (
            ChannelSettings::Sms {
                settings: SmsSettings {
                    method: SmsMethod::Post,
                    url: format!("http://{}/send?to={{{{phone}}}}", sinks.sms.address),
                    headers: Vec::new(),
                    secret_header: "authorization".to_owned(),
                    body: r#"{"mobile":"{{phone}}","content":"{{text}}"}"#.to_owned(),
                    sign: String::new(),
                    success_pointer: "/code".to_owned(),
                    success_value: "OK".to_owned(),
                    allow_private: true,
                },
            },
            "Bearer k",
        ),
    ])
}

/// Three days. All times are whole seconds, of which the numbers are made.
fn live(mut office: Office, desk: Desk, sinks: Sinks, inbox: &str, scale: &Scale) -> Result<Lived> {
    let day_ms = DAY_MINUTES * MINUTE;
    // What is usual is learnt by the hours of the week: every run has the same days of it.
    let tomorrow = (now() + OFFSET_MS).div_euclid(day_ms) + 1;
    let first = (tomorrow + (FRIDAY - tomorrow).rem_euclid(7)) * day_ms - OFFSET_MS;
    let midnight = first + QUIET_DAYS * day_ms;
    let usual = if scale.rate == 0 { USUAL } else { scale.rate };
    let mut crowd = Crowd::new(Dice::new(scale.seed, 1), inbox);
    let mut staff = Staff::sign_in(&office, first)?;
    let mut lead = Lead::new(&office, desk, first)?;
    let mut recount = recount::Recount::default();
    let (mut n_before, mut acknowledged_at) = (0, 0);
    let mut at = first;
    while at < midnight + LOOKED_AT * MINUTE {
        let minute = (at - midnight).div_euclid(MINUTE);
        let is_wrong = (BEGIN..OVER).contains(&minute);
        let times = if at >= midnight { TIMES } else { 1 };
        crowd.plan(at, usual, times, is_wrong);
        if minute == RESTART {
            office = office.restart()?;
        }
        // Where nothing is to come the server looks once in five minutes, and every five seconds where
        // something is.
        let steps = if is_wrong { 12 } else { 1 };
        let is_looked = is_wrong || minute >= BEGIN || minute.rem_euclid(5) == 4;
        for step in 1..=steps {
            let then = at + step * (MINUTE / steps);
            crowd.go_on(&office, then)?;
            if step == steps {
                let pace = if is_wrong { 1 } else { usize::MAX };
                staff.work(&office, &mut recount, then, pace)?;
            }
            if is_looked {
                office.beat(then)?;
                lead.sync(&office, then)?;
            }
        }
        at += MINUTE;
        if at == midnight + BEGIN * MINUTE {
            n_before = lead.alerts()?.len();
        }
        if acknowledged_at == 0 && lead.acknowledge(&office, Measure::ResponseFailure, at)? {
            acknowledged_at = at;
        }
    }
    staff.see(&office, &mut recount)?;
    lead.fetch_numbers(&office, at)?;
    let board = lead.board(midnight, midnight + day_ms)?;
    let recounted = office.bo.recounts(at)?;
    Ok(Lived {
        midnight,
        n_before,
        n_conversations: crowd.n_conversations(),
        failure_acknowledged_at: acknowledged_at,
        recount,
        board,
        n_cells: recounted.n_cells,
        n_wrong: recounted.wrong.len(),
        office,
        lead,
        sinks,
    })
}

/// How often an alert was told by each way: first, and as an escalation.
type Told = BTreeMap<(AlertId, NotifyChannel, bool), Vec<Millis>>;

fn judge(scale: &Scale, lived: &Lived, began: Instant) -> Result<Proved> {
    let mut misses = Vec::new();
    let mut figures: Vec<(&'static str, u64)> = vec![
        ("conversations", count(lived.n_conversations)),
        ("alerts_before", count(lived.n_before)),
    ];
    if lived.n_before > 0 {
        misses.push("the quiet days, or ten times of everything, told something".to_owned());
    }
    let wrong_at = lived.midnight + BEGIN * MINUTE;
    let told = told(lived)?;
    let (mails, texts) = (lived.sinks.mail.kept(), lived.sinks.sms.kept());
    for (measure, names) in WANTED {
        let alerts = lived.lead.alerts()?;
        let of: Vec<_> = alerts
            .iter()
            .filter(|alert| alert.measure == measure)
            .collect();
        let [alert] = of.as_slice() else {
            misses.push(format!("{} alerts of {}", of.len(), measure.name()));
            continue;
        };
        let n_popups = lived.lead.popups(&alert.name, "预警");
        let n_rung = lived.lead.rung(alert.id, "fired")?;
        let levels = levels_of(measure);
        let n_of_step = |step: usize| {
            let id = format!("alert-{}-{step}-", alert.id);
            mails.iter().filter(|mail| mail.text.contains(&id)).count()
        };
        let by_mail: Vec<usize> = (1..=levels.len()).map(n_of_step).collect();
        let n_of_level = |level: &&str| {
            let text = |call: &&Call| {
                let is_it = call.body.contains(&format!("{level}预警：{}", alert.name));
                is_it && !is_later(&call.body)
            };
            texts.iter().filter(text).count()
        };
        let by_text: Vec<usize> = levels.iter().map(n_of_level).collect();
        let (n_mails, n_texts) = (by_mail.iter().sum::<usize>(), by_text.iter().sum::<usize>());
        let after_s = |at: Millis| u64::try_from((at - wrong_at) / 1_000).unwrap_or(0);
        let sent_at = |channel| {
            let all = told.get(&(alert.id, channel, false));
            all.and_then(|all| all.first()).map_or(0, |at| after_s(*at))
        };
        let values = [
            after_s(alert.fired_at),
            sent_at(NotifyChannel::Email),
            sent_at(NotifyChannel::Sms),
            count(n_popups),
            count(n_mails),
            count(n_texts),
        ];
        figures.extend(names.into_iter().zip(values));
        let by_log = |channel| told.get(&(alert.id, channel, false)).map_or(0, Vec::len);
        let n_logged = [by_log(NotifyChannel::Email), by_log(NotifyChannel::Sms)];
        let once_each = vec![1; levels.len()];
        // A desk that was told of an alert within the last seconds pops up once, by the real clock.
        let is_once = (1..=levels.len()).contains(&n_popups)
            && n_rung == levels.len()
            && by_mail == once_each
            && by_text == once_each
            && n_logged == [1; 2];
        if !is_once {
            misses.push(format!(
                "{}: {n_popups} popups, {n_rung} in the bell, {n_mails} mails, {n_texts} texts, by the log {n_logged:?}",
                measure.name()
            ));
        }
        // A surge takes its time to be over.
        if alert.is_open() && measure != Measure::Surge {
            misses.push(format!("{} never ended", measure.name()));
        }
    }
    escalation(lived, &told, &mut figures, &mut misses)?;
    numbers(lived, &mut figures, &mut misses)?;
    figures.push(("seconds", began.elapsed().as_secs()));
    Ok(Proved {
        name: "sale",
        ok: misses.is_empty(),
        figures,
        misses,
        seed: scale.seed,
    })
}

/// How bad an alert is each time that it is told.
fn levels_of(measure: Measure) -> &'static [&'static str] {
    match measure {
        Measure::Surge => &["警告", "严重"],
        _ => &["严重"],
    }
}

/// Whether a short message is none of the first ones.
fn is_later(body: &str) -> bool {
    body.contains("还没有人确认") || body.contains("恢复")
}

/// By the log of the deliveries, which has the server's times.
fn told(lived: &Lived) -> Result<Told> {
    let mut told = Told::new();
    let log = lived.office.bo.delivery(&lived.lead.principal)?.log;
    for line in log {
        let Some(sent_at) = line.sent_at else {
            continue;
        };
        let is_later = line.step > 1;
        told.entry((line.alert_id, line.channel, is_later))
            .or_default()
            .push(sent_at);
    }
    Ok(told)
}

fn escalation(
    lived: &Lived,
    told: &Told,
    figures: &mut Vec<(&'static str, u64)>,
    misses: &mut Vec<String>,
) -> Result<()> {
    let alerts = lived.lead.alerts()?;
    let of = |measure| alerts.iter().find(|alert| alert.measure == measure);
    let later = |measure, channel| {
        let alert = of(measure)?;
        Some(told.get(&(alert.id, channel, true)).map_or(0, Vec::len))
    };
    let of_failure = later(Measure::ResponseFailure, NotifyChannel::Email);
    let of_backlog = later(Measure::Backlog, NotifyChannel::Email);
    figures.push(("acknowledged_escalations", count(of_failure.unwrap_or(0))));
    figures.push(("other_escalations", count(of_backlog.unwrap_or(0))));
    let is_acknowledged = of(Measure::ResponseFailure).is_some_and(|alert| {
        alert.acknowledged.as_ref().map(|by| by.at) == Some(lived.failure_acknowledged_at)
            && alert.level == 0
    });
    if !is_acknowledged || of_failure != Some(0) {
        misses.push(format!(
            "what was acknowledged was escalated: {of_failure:?}"
        ));
    }
    if of_backlog != Some(1) {
        misses.push(format!(
            "nobody acknowledged the backlog: {of_backlog:?} escalations"
        ));
    }
    Ok(())
}

fn numbers(
    lived: &Lived,
    figures: &mut Vec<(&'static str, u64)>,
    misses: &mut Vec<String>,
) -> Result<()> {
    figures.push(("cells", count(lived.n_cells)));
    figures.push(("cells_that_differ", count(lived.n_wrong)));
    if lived.n_cells == 0 || lived.n_wrong > 0 {
        misses.push(format!(
            "{} of {} cells differ",
            lived.n_wrong, lived.n_cells
        ));
    }
    let as_of = lived.midnight + LOOKED_AT * MINUTE;
    let sale = (lived.midnight, lived.midnight + DAY_MINUTES * MINUTE);
    let counted = lived.recount.numbers(sale, as_of)?;
    let shown = recount::shown(&lived.board)?;
    figures.push(("numbers", count(counted.len())));
    let differ = recount::differ(&shown, &counted);
    figures.push(("numbers_that_differ", count(differ.len())));
    misses.extend(differ);
    // The control: one message less.
    let short = lived.recount.without_one()?.numbers(sale, as_of)?;
    let found = recount::differ(&shown, &short).len();
    figures.push(("control_found", count(found)));
    ensure!(!counted.is_empty(), "nothing was counted");
    if found == 0 {
        misses.push("a message less was not noticed".to_owned());
    }
    Ok(())
}
