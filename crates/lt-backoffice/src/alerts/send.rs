//! Sends what stands in the outbox.

use lt_db::{
    Tx,
    table::{
        agent_settings, alert, alert_channel,
        alert_outbox::{self, Key},
        org, skill_group,
    },
};
use lt_model::{
    Millis,
    alert::{
        Alert,
        notify::{DeliveryError, DeliveryState, Notification, NotifyChannel, retry_at},
    },
};
use lt_protocol::code::WireError;

use super::{
    channel,
    post::{Parcel, Post},
    words,
};
use crate::{backoffice::Backoffice, error::Error};

/// Things that are sent in one go.
const AT_ONCE: u64 = 20;
/// What a process took to send and did not say more of is sent again after so long: it was killed.
const TAKEN_MS: Millis = 120_000;

/// One that is taken to be sent.
struct Taken {
    one: Notification,
    alert: Alert,
    group: String,
    address: String,
    organisation: String,
}

impl Backoffice {
    /// Sends what is due, one after the other, and notes what became of each. Call it beside
    /// [`Backoffice::run_alerts`]; several processes may. Returns how many were tried.
    ///
    /// # Errors
    /// When the store fails; what was sent by then is noted.
    pub fn send_alerts(
        &self,
        post: &dyn Post,
        clock: impl Fn() -> Millis,
    ) -> Result<usize, WireError> {
        let due = self.read(|reader| alert_outbox::due(reader, clock(), AT_ONCE))?;
        let mut n_tried = 0;
        for one in due {
            let now = clock();
            let Some(taken) = self.db.derive(|tx| take(tx, Key::of(&one), now))? else {
                continue;
            };
            n_tried += 1;
            let outcome = self.hand_over(post, &taken, now)?;
            let jitter = lt_seal::random_bytes::<1>().map_or(0, |[byte]| byte);
            let done = ended(taken.one, outcome, jitter, clock());
            let channel = done.channel.name();
            match (done.state, done.error) {
                (DeliveryState::Sent, _) => {
                    tracing::info!(channel, step = done.step, "an alert was sent");
                }
                (state, error) => {
                    tracing::warn!(channel, ?state, ?error, "an alert was not sent");
                }
            }
            self.db
                .derive(|tx| Ok::<_, Error>(alert_outbox::update(tx, &done)?))?;
        }
        Ok(n_tried)
    }

    fn hand_over(
        &self,
        post: &dyn Post,
        taken: &Taken,
        now: Millis,
    ) -> Result<Result<(), DeliveryError>, Error> {
        let one = &taken.one;
        let set = self.read(|reader| alert_channel::get(reader, one.channel))?;
        let Some(set) = set.filter(|set| set.enabled) else {
            return Ok(Err(DeliveryError::NotSet));
        };
        let secret = channel::open(&self.keys.channels, &set);
        let mut parcel = words::parcel(
            &taken.organisation,
            &taken.alert,
            &taken.group,
            one,
            &taken.address,
            now,
        );
        if one.channel == NotifyChannel::Sms {
            parcel.text = words::short(&taken.organisation, &taken.alert, one);
        }
        Ok(post.send(&set.settings, secret.as_ref(), &parcel))
    }

    /// Tries a way, and says what came of it. `parcel` as [`words::trial`] makes it.
    pub(super) fn try_way(
        &self,
        post: &dyn Post,
        channel: NotifyChannel,
        parcel: &Parcel,
    ) -> Result<Result<(), DeliveryError>, Error> {
        let set = self.read(|reader| alert_channel::get(reader, channel))?;
        let Some(set) = set else {
            return Ok(Err(DeliveryError::NotSet));
        };
        let secret = channel::open(&self.keys.channels, &set);
        Ok(post.send(&set.settings, secret.as_ref(), parcel))
    }
}

/// Takes one to be sent, unless another process has it, or it is of no use any more.
fn take(tx: &Tx<'_>, key: Key, now: Millis) -> Result<Option<Taken>, Error> {
    let Some(mut one) = alert_outbox::get(tx, key)? else {
        return Ok(None);
    };
    if one.state != DeliveryState::Pending || one.next_at > now {
        return Ok(None);
    }
    let found = alert::by_id(tx, one.alert_id)?;
    let address = match one.agent {
        None => Some(String::new()),
        Some(agent) => {
            let severity = found.as_ref().map(|alert| alert.severity);
            let settings = agent_settings::of(tx, agent)?;
            let prefs = settings.map(|settings| settings.alert_prefs());
            severity.and_then(|severity| {
                let prefs = prefs?;
                prefs.address(one.channel, severity).map(str::to_owned)
            })
        }
    };
    let is_moot = one.attempts == 0 && one.is_moot(found.as_ref().map(|alert| alert.state));
    let (Some(alert), Some(address), false) = (found, address, is_moot) else {
        one.state = DeliveryState::Cancelled;
        alert_outbox::update(tx, &one)?;
        return Ok(None);
    };
    one.attempts += 1;
    one.next_at = now + TAKEN_MS;
    alert_outbox::update(tx, &one)?;
    let group = match alert.group_id {
        Some(group) => skill_group::by_id(tx, group)?.map(|group| group.name),
        None => None,
    };
    Ok(Some(Taken {
        one,
        alert,
        group: group.unwrap_or_default(),
        address,
        organisation: org::name(tx)?.unwrap_or_default(),
    }))
}

/// What becomes of one after a try.
fn ended(
    mut one: Notification,
    outcome: Result<(), DeliveryError>,
    jitter: u8,
    now: Millis,
) -> Notification {
    match outcome {
        Ok(()) => {
            one.state = DeliveryState::Sent;
            one.sent_at = Some(now);
            one.error = None;
        }
        Err(error) => {
            one.error = Some(error);
            match retry_at(one.attempts, jitter, now).filter(|_| error.may_pass()) {
                Some(at) => one.next_at = at,
                None => one.state = DeliveryState::Dead,
            }
        }
    }
    one
}
