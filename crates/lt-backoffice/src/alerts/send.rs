//! Sends what stands in the outbox: alerts, and reports of the numbers.
//!
//! **Invariant:** no report goes before an alert that is due, however long it has waited: the other side
//! takes a while for each where it does not answer.
//!
//! **Invariant:** a way whose other side says nothing is tried once in a pass, and no other way waits
//! for it longer.

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
    metric::NumbersReport,
};
use lt_protocol::code::WireError;

use super::{
    channel,
    post::{Parcel, Post},
    tell, words,
};
use crate::{backoffice::Backoffice, error::Error, metrics::report};

/// Alerts that are sent in one go by each way.
const AT_ONCE: u64 = 20;
/// Reports that are sent after them.
const REPORTS_AT_ONCE: u64 = 3;
/// What a process took to send and did not say more of is sent again after so long: it was killed.
const TAKEN_MS: Millis = 120_000;

/// One that is taken to be sent.
struct Taken {
    one: Notification,
    what: What,
    address: String,
    organisation: String,
    /// By the organisation's clock: minutes ahead of UTC.
    utc_offset_minutes: i32,
}

/// What is told.
enum What {
    /// An alert, and the name of its group.
    Alert(Box<Alert>, String),
    /// A report of the numbers.
    Report(Box<NumbersReport>),
}

impl Backoffice {
    /// Sends what is due, one after the other, alerts first, and notes what became of each. Call it
    /// beside [`Backoffice::run_alerts`]; several processes may. Returns how many were tried.
    ///
    /// # Errors
    /// When the store fails; what was sent by then is noted.
    pub fn send_alerts(
        &self,
        post: &dyn Post,
        clock: impl Fn() -> Millis,
    ) -> Result<usize, WireError> {
        let due = |channel, limit| {
            self.read(|reader| alert_outbox::due_alerts(reader, channel, clock(), limit))
        };
        let mut n_tried = 0;
        let mut answering = Vec::new();
        for channel in NotifyChannel::ALL {
            let (n, answers) = self.send_each(post, due(channel, AT_ONCE)?, &clock)?;
            n_tried += n;
            answering.extend(answers.then_some(channel));
        }
        if !answering.contains(&NotifyChannel::Email) {
            return Ok(n_tried);
        }
        let reports =
            self.read(|reader| alert_outbox::due_reports(reader, clock(), REPORTS_AT_ONCE))?;
        for one in reports {
            // An alert may have come while the last report was sent: the rest waits for the next pass.
            for channel in &answering {
                if !due(*channel, 1)?.is_empty() {
                    return Ok(n_tried);
                }
            }
            let (n, answers) = self.send_each(post, vec![one], &clock)?;
            n_tried += n;
            if !answers {
                break;
            }
        }
        Ok(n_tried)
    }

    /// Sends what goes one way, until its other side says nothing. How many were tried, and whether it
    /// answers.
    fn send_each(
        &self,
        post: &dyn Post,
        all: Vec<Notification>,
        clock: &impl Fn() -> Millis,
    ) -> Result<(usize, bool), Error> {
        let mut n_tried = 0;
        for one in all {
            let Some(outcome) = self.send_one(post, &one, clock)? else {
                continue;
            };
            n_tried += 1;
            if outcome.is_err_and(DeliveryError::is_silence) {
                return Ok((n_tried, false));
            }
        }
        Ok((n_tried, true))
    }

    /// None: it is not to be sent any more, or another process has it.
    fn send_one(
        &self,
        post: &dyn Post,
        one: &Notification,
        clock: &impl Fn() -> Millis,
    ) -> Result<Option<Result<(), DeliveryError>>, Error> {
        let now = clock();
        let Some(taken) = self.db.derive(|tx| take(tx, Key::of(one), now))? else {
            return Ok(None);
        };
        let outcome = self.hand_over(post, &taken, now)?;
        let jitter = lt_seal::random_bytes::<1>().map_or(0, |[byte]| byte);
        let done = ended(taken.one, outcome, jitter, clock());
        let channel = done.channel.name();
        match (done.state, done.error) {
            (DeliveryState::Sent, _) => {
                tracing::info!(channel, step = done.step, "an alert or a report was sent");
            }
            (state, error) => {
                tracing::warn!(channel, ?state, ?error, "an alert or a report was not sent");
            }
        }
        self.db
            .derive(|tx| Ok::<_, Error>(alert_outbox::update(tx, &done)?))?;
        Ok(Some(outcome))
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
        let (organisation, to) = (&taken.organisation, &taken.address);
        let parcel = match &taken.what {
            What::Alert(alert, group) => {
                let by = (organisation.as_str(), taken.utc_offset_minutes);
                let mut parcel = words::parcel(by, alert, group, one, to, now);
                if one.channel == NotifyChannel::Sms {
                    parcel.text = words::short(organisation, alert, one);
                }
                parcel
            }
            What::Report(report) => report::words::parcel(organisation, report, to, now),
        };
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
    let Some((what, address)) = found(tx, &one)? else {
        one.state = DeliveryState::Cancelled;
        alert_outbox::update(tx, &one)?;
        return Ok(None);
    };
    one.attempts += 1;
    one.next_at = now + TAKEN_MS;
    alert_outbox::update(tx, &one)?;
    Ok(Some(Taken {
        one,
        what,
        address,
        organisation: org::name(tx)?.unwrap_or_default(),
        utc_offset_minutes: report::clock_of(tx)?.utc_offset_minutes,
    }))
}

/// What it is about, and where it goes. None: it is of no use any more, or goes nowhere.
fn found(tx: &Tx<'_>, one: &Notification) -> Result<Option<(What, String)>, Error> {
    let Some(alert) = alert::by_id(tx, one.alert_id)? else {
        let Some(report) = report::of_outbox(tx, one.alert_id)? else {
            return Ok(None);
        };
        let address = report::address(tx, &report)?;
        return Ok(address.map(|address| (What::Report(Box::new(report)), address)));
    };
    // What was taken without a word of what came of it may have gone out: that one is sent again under
    // its id. What is known to have failed is as good as not tried.
    let is_unsent = one.attempts == 0 || one.error.is_some();
    if is_unsent && one.is_moot(Some(alert.state)) {
        return Ok(None);
    }
    let address = match one.agent {
        None => String::new(),
        Some(agent) => {
            if !tell::may_hear(tx, &alert, agent)? {
                return Ok(None);
            }
            let settings = agent_settings::of(tx, agent)?;
            let prefs = settings.map(|settings| settings.alert_prefs());
            let wanted = prefs.as_ref().and_then(|prefs| {
                let address = prefs.address(one.channel, alert.severity);
                address.map(str::to_owned)
            });
            match wanted {
                Some(address) => address,
                None => return Ok(None),
            }
        }
    };
    let group = match alert.group_id {
        Some(group) => skill_group::by_id(tx, group)?.map(|group| group.name),
        None => None,
    };
    let what = What::Alert(Box::new(alert), group.unwrap_or_default());
    Ok(Some((what, address)))
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
