//! How the ways out of the server are set up, what was sent by them, and trying one.

use std::collections::HashMap;

use lt_db::{
    Reader,
    table::{
        agent, alert,
        alert_channel::{self, StoredChannel},
        alert_outbox::{self, Key},
        org,
    },
};
use lt_model::{
    Millis,
    agent::Permission,
    alert::{
        Severity,
        notify::{DeliveryState, Notification, NotifyChannel, is_email, is_phone},
    },
    id::{AgentId, AlertId},
};
use lt_protocol::{
    alert::{
        ChannelSettings, ChannelView, DeliveryLine, DeliveryResendArgs, DeliverySaveArgs,
        DeliveryTest, DeliveryTestArgs, DeliveryView,
    },
    code::{Code, WireError},
};
use lt_seal::{
    Key32, Secret, aead,
    encode::{base64url_decode, base64url_encode},
};

use super::{post::Post, words};
use crate::{
    access::{Principal, current_agent},
    audit,
    authz::{self, Scope},
    backoffice::Backoffice,
    error::{Error, Refused},
    ids,
    metrics::report,
};

/// Lines of the log that are shown.
const MAX_LINES: u64 = 200;
/// Longest secret, in bytes.
const MAX_SECRET_BYTES: usize = 4_096;

impl Backoffice {
    /// The ways that are set up, and what was sent.
    ///
    /// # Errors
    /// [`Code::Forbidden`], or when the store cannot be read.
    pub fn delivery(&self, principal: &Principal) -> Result<DeliveryView, WireError> {
        Ok(self.db.read(|reader| {
            let me = current_agent(reader, principal, None)?;
            authz::check(&me, Permission::AlertView, Scope::Organisation)?;
            view(reader)
        })?)
    }

    /// Sets one up.
    ///
    /// # Errors
    /// [`Code::Forbidden`]; [`Code::BadRequest`] for settings that cannot be used.
    pub fn save_delivery(
        &self,
        principal: &Principal,
        args: &DeliverySaveArgs,
        now: Millis,
    ) -> Result<DeliveryView, WireError> {
        let permission = Permission::AlertDeliver;
        let channel = args.settings.channel();
        Ok(
            self.act_as(principal, "alert.deliver", permission, now, |tx, me| {
                let unfit = || Refused::new(Code::BadRequest, "the settings make no sense");
                if !is_fit(&args.settings) {
                    return Err(unfit().into());
                }
                let before = alert_channel::get(tx, channel)?;
                let sealed = match &args.secret {
                    None => before.map(|before| before.sealed).unwrap_or_default(),
                    Some(secret) if secret.is_empty() => String::new(),
                    Some(secret) if secret.len() > MAX_SECRET_BYTES => return Err(unfit().into()),
                    Some(secret) => seal(&self.keys.channels, channel, secret)?,
                };
                let set = StoredChannel {
                    settings: args.settings.clone(),
                    enabled: args.enabled,
                    sealed,
                    by: me.display_name.clone(),
                    at: now,
                };
                alert_channel::put(tx, &set)?;
                let object = audit::object("alert_channel", channel.name());
                Ok((view(tx)?, object))
            })?,
        )
    }

    /// Sends what was given up once more, with all its tries, whatever became of its alert. What was
    /// not given up stays as it is.
    ///
    /// # Errors
    /// [`Code::Forbidden`]; [`Code::NotFound`].
    pub fn resend_delivery(
        &self,
        principal: &Principal,
        args: &DeliveryResendArgs,
        now: Millis,
    ) -> Result<DeliveryView, WireError> {
        let key = Key {
            alert_id: args.alert_id,
            step: args.step,
            agent: args.agent,
            channel: args.channel,
        };
        let permission = Permission::AlertDeliver;
        Ok(
            self.act_as(principal, "alert.resend", permission, now, |tx, _| {
                let found = alert_outbox::get(tx, key)?;
                let mut one = found.ok_or(Refused::new(Code::NotFound, "no such delivery"))?;
                if one.ask_again(now) {
                    alert_outbox::update(tx, &one)?;
                }
                Ok((view(tx)?, audit::object("alert", args.alert_id)))
            })?,
        )
    }

    /// Tries one, by a message that says that it is a trial.
    ///
    /// # Errors
    /// [`Code::Forbidden`]; [`Code::BadRequest`] for no address. What the other side says is an answer.
    pub fn test_delivery(
        &self,
        principal: &Principal,
        args: &DeliveryTestArgs,
        clock: impl Fn() -> Millis,
    ) -> Result<DeliveryTest, WireError> {
        let now = clock();
        let is_address = match args.channel {
            NotifyChannel::Email => is_email(&args.to),
            NotifyChannel::Sms => is_phone(&args.to),
            NotifyChannel::Webhook => true,
        };
        let permission = Permission::AlertDeliver;
        let organisation = self.act_as(principal, "alert.try", permission, now, |tx, _| {
            if !is_address {
                return Err(Refused::new(Code::BadRequest, "no such address").into());
            }
            let object = audit::object("alert_channel", args.channel.name());
            Ok((org::name(tx)?.unwrap_or_default(), object))
        })?;
        let id: AlertId = ids::new(now)?;
        let parcel = words::trial(&organisation, &args.to, format!("test-{id}"), now);
        let Some(post) = self.config.post.as_deref() else {
            return Ok(DeliveryTest {
                error: Some(lt_model::alert::notify::DeliveryError::NotSet),
                took_ms: 0,
            });
        };
        let outcome = self.try_way(post, args.channel, &parcel)?;
        Ok(DeliveryTest {
            error: outcome.err(),
            took_ms: clock() - now,
        })
    }

    /// What sends, where this process can.
    pub fn post(&self) -> Option<&dyn Post> {
        self.config.post.as_deref()
    }
}

fn is_fit(settings: &ChannelSettings) -> bool {
    let is_url = |url: &str| url.len() <= 2_000 && url.contains("://");
    match settings {
        ChannelSettings::Email { settings } => {
            !settings.host.trim().is_empty() && settings.port > 0 && is_email(&settings.from)
        }
        ChannelSettings::Sms { settings } => {
            let pointer = &settings.success_pointer;
            is_url(&settings.url)
                && settings.headers.len() <= 20
                && settings.body.len() <= 8_000
                && (pointer.is_empty() || pointer.starts_with('/'))
        }
        ChannelSettings::Webhook { settings } => is_url(&settings.url),
    }
}

fn seal(key: &Key32, channel: NotifyChannel, secret: &str) -> Result<String, Error> {
    let sealed = aead::seal(key, aad(channel).as_bytes(), secret.as_bytes())?;
    Ok(base64url_encode(&sealed))
}

/// The secret of a way; none where there is none, or it was sealed by another server.
pub(super) fn open(key: &Key32, set: &StoredChannel) -> Option<Secret<String>> {
    if set.sealed.is_empty() {
        return None;
    }
    let bytes = base64url_decode(&set.sealed).ok()?;
    let plain = aead::open(key, aad(set.settings.channel()).as_bytes(), &bytes).ok()?;
    String::from_utf8(plain).ok().map(Secret::new)
}

fn aad(channel: NotifyChannel) -> String {
    format!("alert|channel|{}", channel.name())
}

/// All ways, and what was sent by them.
pub(crate) fn view(reader: &Reader<'_>) -> Result<DeliveryView, Error> {
    let channels = alert_channel::all(reader)?.into_iter();
    let mut told: HashMap<AlertId, Option<Told>> = HashMap::new();
    let mut people: HashMap<AgentId, String> = HashMap::new();
    let mut log = Vec::new();
    for one in alert_outbox::newest(reader, MAX_LINES)? {
        if let std::collections::hash_map::Entry::Vacant(place) = told.entry(one.alert_id) {
            place.insert(Told::of(reader, one.alert_id)?);
        }
        if let Some(id) = one.agent
            && let std::collections::hash_map::Entry::Vacant(place) = people.entry(id)
        {
            let account = agent::by_id(reader, id)?;
            place.insert(account.map_or_else(String::new, |account| account.agent.display_name));
        }
        let to = one.agent.and_then(|id| people.get(&id)).cloned();
        if let Some(Some(told)) = told.get(&one.alert_id) {
            log.push(line(one, told, to.unwrap_or_default()));
        }
    }
    Ok(DeliveryView {
        channels: channels
            .map(|set| ChannelView {
                has_secret: !set.sealed.is_empty(),
                settings: set.settings,
                enabled: set.enabled,
                by: set.by,
                at: set.at,
            })
            .collect(),
        log,
    })
}

/// What somebody is told of.
struct Told {
    name: String,
    severity: Severity,
    is_report: bool,
}

impl Told {
    fn of(reader: &Reader<'_>, id: AlertId) -> Result<Option<Self>, Error> {
        if let Some(alert) = alert::by_id(reader, id)? {
            return Ok(Some(Self {
                name: alert.name,
                severity: alert.severity,
                is_report: false,
            }));
        }
        let report = report::of_outbox(reader, id)?;
        Ok(report.map(|report| Self {
            name: report::words::name(&report),
            severity: Severity::Notice,
            is_report: true,
        }))
    }
}

fn line(one: Notification, told: &Told, to: String) -> DeliveryLine {
    DeliveryLine {
        alert_id: one.alert_id,
        is_report: told.is_report,
        name: told.name.clone(),
        severity: told.severity,
        step: one.step,
        agent: one.agent,
        to,
        channel: one.channel,
        state: one.state,
        attempts: one.attempts,
        at: one.at,
        sent_at: one.sent_at,
        next_at: (one.state == DeliveryState::Pending).then_some(one.next_at),
        error: one.error,
    }
}
