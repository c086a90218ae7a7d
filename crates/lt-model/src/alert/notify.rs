//! Telling people outside of the desk: by which ways, who wants what, and when it is tried again.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{AlertState, Severity, quiet::QuietHours};
use crate::{
    Millis,
    id::{AgentId, AlertId},
};

/// A way to somebody who is not at their desk. The desk itself is always told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum NotifyChannel {
    /// 邮件.
    Email,
    /// 短信.
    Sms,
    /// Webhook: to a system, not to a person.
    Webhook,
}

impl NotifyChannel {
    /// All, what wakes people first.
    pub const ALL: [Self; 3] = [Self::Sms, Self::Webhook, Self::Email];

    /// Its name, as it is stored.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Sms => "sms",
            Self::Webhook => "webhook",
        }
    }
}

/// How one person wants to be told.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct AlertPrefs {
    /// Where mail goes; empty for none.
    #[serde(default)]
    pub email: String,
    /// Where short messages go; empty for none.
    #[serde(default)]
    pub phone: String,
    /// By mail from this severity on; none never.
    #[serde(default)]
    pub email_from: Option<Severity>,
    /// By short message from this severity on; none never.
    #[serde(default)]
    pub sms_from: Option<Severity>,
    /// By a popup of the desk from this severity on; none never.
    #[serde(default = "from_notice")]
    pub popup_from: Option<Severity>,
    /// When it is not woken.
    #[serde(default)]
    pub quiet: Option<QuietHours>,
}

#[expect(clippy::unnecessary_wraps, reason = "none is a value of the field")]
const fn from_notice() -> Option<Severity> {
    Some(Severity::Notice)
}

/// Longest address of mail, in bytes.
const MAX_EMAIL_BYTES: usize = 254;

impl AlertPrefs {
    /// Those of somebody who has set nothing: the desk tells.
    #[must_use]
    pub fn unset() -> Self {
        Self {
            popup_from: from_notice(),
            ..Self::default()
        }
    }

    /// Whether they make sense.
    #[must_use]
    pub fn is_fit(&self) -> bool {
        let is_email = self.email.is_empty() || is_email(&self.email);
        let is_phone = self.phone.is_empty() || is_phone(&self.phone);
        is_email && is_phone && self.quiet.is_none_or(|quiet| quiet.is_fit())
    }

    /// Where this way leads to, where the person wants it for what is so bad.
    #[must_use]
    pub fn address(&self, channel: NotifyChannel, severity: Severity) -> Option<&str> {
        let (address, from) = match channel {
            NotifyChannel::Email => (&self.email, self.email_from),
            NotifyChannel::Sms => (&self.phone, self.sms_from),
            NotifyChannel::Webhook => return None,
        };
        let is_wanted = from.is_some_and(|from| severity >= from);
        (is_wanted && !address.is_empty()).then_some(address.as_str())
    }
}

/// Whether it can be an address of mail: one @ with something around, and nothing that headers have
/// a meaning for.
#[must_use]
pub fn is_email(text: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_graphic() && !"<>()[],;:\\\"".contains(c);
    text.len() <= MAX_EMAIL_BYTES
        && text.chars().all(is_plain)
        && text.split_once('@').is_some_and(|(name, host)| {
            !name.is_empty() && !host.contains('@') && host.split('.').all(|part| !part.is_empty())
        })
}

/// Whether it can be a number: digits, with a plus before them or not.
#[must_use]
pub fn is_phone(text: &str) -> bool {
    let digits = text.strip_prefix('+').unwrap_or(text);
    (5..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit())
}

/// What became of telling one person one step of an alert one way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryState {
    /// 待发送.
    Pending,
    /// 已发送.
    Sent,
    /// 已放弃: every try failed.
    Dead,
    /// 已取消: the alert was over, or acknowledged, before it went out.
    Cancelled,
}

/// Telling one person one step of an alert one way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notification {
    /// The alert.
    pub alert_id: AlertId,
    /// The step of telling: 1 the first.
    pub step: u8,
    /// Whom; none for a system.
    pub agent: Option<AgentId>,
    /// How.
    pub channel: NotifyChannel,
    /// Whether it is because nobody acknowledged.
    pub is_escalation: bool,
    /// Whether it waited for the end of quiet hours.
    pub is_postponed: bool,
    /// Whether somebody asked for it once more: then it goes out, whatever became of its alert.
    #[serde(default)]
    pub is_asked: bool,
    /// What became of it.
    pub state: DeliveryState,
    /// Tries so far.
    pub attempts: u32,
    /// Not before.
    pub next_at: Millis,
    /// When it came to be.
    pub at: Millis,
    /// When it was sent.
    pub sent_at: Option<Millis>,
    /// Why the last try failed; no address and no text in it.
    pub error: Option<DeliveryError>,
}

impl Notification {
    /// Whether it is of no use any more where its alert stands so: somebody looks after it, or it is
    /// over, before more people are woken. What is told first is told, be it late.
    #[must_use]
    pub fn is_moot(&self, state: Option<AlertState>) -> bool {
        match state {
            Some(AlertState::Firing) => false,
            Some(_) if self.is_asked => false,
            Some(AlertState::Acknowledged | AlertState::Silenced | AlertState::Resolved) => {
                self.is_escalation || self.is_postponed
            }
            None => true,
        }
    }
}

impl Notification {
    /// What was given up is sent once more, with all its tries. False where it was not given up.
    pub fn ask_again(&mut self, now: Millis) -> bool {
        if self.state != DeliveryState::Dead {
            return false;
        }
        self.state = DeliveryState::Pending;
        self.is_asked = true;
        (self.attempts, self.next_at) = (0, now);
        true
    }
}

/// Why a try failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryError {
    /// The way is not set up.
    NotSet,
    /// The other side cannot be reached.
    Unreachable,
    /// It did not answer in time.
    TimedOut,
    /// The other side's certificate is not right, or TLS cannot be had.
    Tls,
    /// Name or password is wrong.
    Login,
    /// It says that it may be tried later.
    Later,
    /// It takes no such thing: not tried again.
    Refused,
    /// The address is one that may not be asked.
    Forbidden,
}

impl DeliveryError {
    /// Whether trying again makes sense.
    #[must_use]
    pub fn may_pass(self) -> bool {
        match self {
            Self::Unreachable | Self::TimedOut | Self::Tls | Self::Later | Self::Login => true,
            Self::NotSet | Self::Refused | Self::Forbidden => false,
        }
    }

    /// Whether the other side says nothing at all: whatever else goes there would wait as long.
    #[must_use]
    pub fn is_silence(self) -> bool {
        matches!(self, Self::Unreachable | Self::TimedOut)
    }
}

/// Waits before the second try and those after it: 1 m, 5 m, 30 m, 2 h, 12 h.
pub const RETRY_AFTER_MS: [Millis; 5] = [60_000, 300_000, 1_800_000, 7_200_000, 43_200_000];

/// When it is tried again after so many tries; none: never. Up to a fifth is added by `jitter`
/// (0 to 255), so that what failed together does not come together.
#[must_use]
pub fn retry_at(attempts: u32, jitter: u8, now: Millis) -> Option<Millis> {
    let place = usize::try_from(attempts).ok()?.checked_sub(1)?;
    let wait = RETRY_AFTER_MS.get(place)?;
    Some(now + wait + wait / 5 * Millis::from(jitter) / 255)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        for (text, is_one) in [
            ("lead@shop.example", true),
            ("a.b+c@x.cn", true),
            ("", false),
            ("lead", false),
            ("@x.cn", false),
            ("a@", false),
            ("a@b@c", false),
            ("a@b..c", false),
            ("a b@c.d", false),
            ("a@c.d\r\nBcc: e@f.g", false),
            ("<a@c.d>", false),
        ] {
            assert_eq!(is_email(text), is_one, "{text:?}");
        }
        for (text, is_one) in [
            ("13800001234", true),
            ("+8613800001234", true),
            ("1380000 1234", false),
            ("+", false),
            ("1234", false),
        ] {
            assert_eq!(is_phone(text), is_one, "{text:?}");
        }
    }

    #[test]
    fn who_wants_what() {
        let prefs = AlertPrefs {
            email: "a@b.cn".to_owned(),
            email_from: Some(Severity::Warning),
            sms_from: Some(Severity::Notice),
            ..AlertPrefs::unset()
        };
        let email = |severity| prefs.address(NotifyChannel::Email, severity);
        assert_eq!(email(Severity::Notice), None);
        assert_eq!(email(Severity::Warning), Some("a@b.cn"));
        assert_eq!(email(Severity::Critical), Some("a@b.cn"));
        assert_eq!(prefs.address(NotifyChannel::Sms, Severity::Critical), None);
        assert_eq!(AlertPrefs::unset().popup_from, Some(Severity::Notice));
    }

    #[test]
    fn tries_come_later_and_later_and_end() {
        let mut last = 0;
        for attempts in 1..=5 {
            let soonest = retry_at(attempts, 0, 0).unwrap();
            let latest = retry_at(attempts, 255, 0).unwrap();
            assert!(
                soonest > last && latest <= soonest + soonest / 5,
                "{attempts}"
            );
            last = latest;
        }
        assert_eq!(retry_at(6, 0, 0), None);
        assert_eq!(retry_at(0, 0, 0), None);
    }
}
