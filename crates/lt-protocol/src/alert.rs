//! Alerts, their rules, and how people are told of them, as a window shows and edits them.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use lt_model::{
    Millis,
    alert::{
        AlertAbout, AlertBy, AlertState, Measure, Reading, Severity, Unit,
        notify::{AlertPrefs, DeliveryError, DeliveryState, NotifyChannel},
        rule::{RuleDraft, RuleProblem},
    },
    id::{AgentId, AlertId, AlertRuleId},
    metric::ReportPlan,
};

use crate::canned::GroupRef;

/// Most alerts of one list.
pub const MAX_ALERTS: u32 = 500;
/// Most rules of an organisation.
pub const MAX_RULES: u64 = 500;
/// Most days that a preview looks back.
pub const MAX_PREVIEW_DAYS: u32 = 14;

/// Which alerts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum AlertScope {
    /// Those whose number is bad now.
    Open,
    /// All that this desk has, newest first.
    All,
}

/// Which alerts.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct AlertListArgs {
    /// Which.
    pub scope: AlertScope,
    /// At most so many, [`MAX_ALERTS`] at the most.
    pub limit: u32,
}

/// Alerts: open ones first, the worse and the newer before the others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AlertsView {
    /// They.
    pub alerts: Vec<AlertView>,
    /// How many are open.
    pub n_open: u32,
    /// How many of those nobody has acknowledged or silenced.
    pub n_firing: u32,
    /// The worst severity of those.
    pub worst: Option<Severity>,
    /// Whether the agent at this desk may acknowledge, silence and edit rules.
    pub may_manage: bool,
}

/// One alert.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AlertView {
    /// Which.
    pub id: AlertId,
    /// The rule that gave it; it may be gone.
    pub rule_id: AlertRuleId,
    /// The rule's name.
    pub name: String,
    /// What is watched.
    pub measure: Measure,
    /// What its levels count.
    pub unit: Unit,
    /// Name of the group; empty for the organisation.
    pub group: String,
    /// How bad.
    pub severity: Severity,
    /// Where it stands.
    pub state: AlertState,
    /// The last reading.
    pub reading: Reading,
    /// The level that it passed.
    #[ts(type = "number")]
    pub limit: i64,
    /// Over so many minutes; 0 for what is read off at a moment.
    pub window_min: u32,
    /// The worst level so far.
    #[ts(type = "number")]
    pub worst: i64,
    /// Its levels until now, oldest first.
    #[ts(type = "number[]")]
    pub trend: Vec<i64>,
    /// When it began.
    #[ts(type = "number")]
    pub fired_at: Millis,
    /// When its number was good again.
    #[ts(type = "number | null")]
    pub resolved_at: Option<Millis>,
    /// Who acknowledged it.
    pub acknowledged: Option<AlertBy>,
    /// Who silenced it last.
    pub silenced: Option<AlertBy>,
    /// Until when.
    #[ts(type = "number | null")]
    pub silenced_until: Option<Millis>,
    /// How often people were told of it.
    pub step: u8,
    /// How many escalations it has had.
    pub level: u8,
    /// When more people are told unless somebody acknowledges.
    #[ts(type = "number | null")]
    pub next_step_at: Option<Millis>,
    /// It came up in quiet hours: until then it wakes nobody.
    #[ts(type = "number | null")]
    pub quiet_until: Option<Millis>,
    /// When it last came up.
    #[ts(type = "number")]
    pub told_at: Millis,
    /// What is behind it.
    pub about: AlertAbout,
    /// Whether an act of this desk on it waits for the server.
    pub is_pending: bool,
}

/// An alert.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct AlertArgs {
    /// Which.
    pub alert_id: AlertId,
}

/// An alert to silence.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct AlertSilenceArgs {
    /// Which.
    pub alert_id: AlertId,
    /// For so many minutes.
    pub minutes: u32,
}

/// The rules.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AlertRulesView {
    /// They, by name.
    pub rules: Vec<AlertRuleView>,
    /// What a rule may be made of.
    pub measures: Vec<MeasureView>,
    /// Groups that the agent may make rules for.
    pub groups: Vec<GroupRef>,
    /// Whether the agent may edit those of the organisation.
    pub may_manage_all: bool,
}

/// A rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AlertRuleView {
    /// Which.
    pub id: AlertRuleId,
    /// Its edition, to be sent back with an edit of it.
    #[ts(type = "number")]
    pub edition: u64,
    /// What it says.
    pub draft: RuleDraft,
    /// Name of the group; empty for the organisation.
    pub group: String,
    /// Who changed it last; empty while it is as it came, or while that waits to be sent.
    pub by: String,
    /// When.
    #[ts(type = "number")]
    pub at: Millis,
    /// Whether the agent may change it.
    pub editable: bool,
    /// Whether an edit of this desk waits for the server.
    pub is_pending: bool,
    /// The alert that it has open, if it has one.
    pub open_alert: Option<AlertId>,
}

/// A number that can be watched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MeasureView {
    /// It.
    pub measure: Measure,
    /// What its levels count.
    pub unit: Unit,
    /// Whether it is read off at a moment: it has no window, and is neither absent nor compared.
    pub is_gauge: bool,
    /// Whether it can be had of one group.
    pub is_by_group: bool,
}

/// Makes a rule, or changes one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct AlertRuleEdit {
    /// Which; made by whoever makes it.
    pub id: AlertRuleId,
    /// The edition that was seen; 0 for a new one.
    #[ts(type = "number")]
    pub base: u64,
    /// What it should say.
    pub draft: RuleDraft,
}

/// A rule.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct AlertRuleArgs {
    /// Which.
    pub rule_id: AlertRuleId,
}

/// What is wrong with a draft.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AlertRuleCheck {
    /// Everything; empty for a fit one.
    pub problems: Vec<RuleProblem>,
}

/// A draft whose past is asked for. The server must be there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct AlertPreviewArgs {
    /// It.
    pub draft: RuleDraft,
    /// So many days back, [`MAX_PREVIEW_DAYS`] at the most.
    pub days: u32,
}

/// What a rule would have done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AlertPreview {
    /// From then: later than was asked for where there is nothing earlier.
    #[ts(type = "number")]
    pub from: Millis,
    /// Until then.
    #[ts(type = "number")]
    pub to: Millis,
    /// The number's course, thinned to at most 500 points: in each stretch the worst.
    pub course: Vec<PreviewPoint>,
    /// What it would be compared with; the limit for a fixed one, none where it was not known.
    pub limits: Vec<PreviewPoint>,
    /// The alerts that there would have been, oldest first.
    pub fired: Vec<PreviewAlert>,
    /// How many there would have been, where they are too many to be listed.
    pub n_fired: u32,
}

/// A level at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PreviewPoint {
    /// When.
    #[ts(type = "number")]
    pub at: Millis,
    /// The level; none where there was nothing to read it from.
    #[ts(type = "number | null")]
    pub level: Option<i64>,
}

/// An alert that there would have been.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PreviewAlert {
    /// When it would have begun.
    #[ts(type = "number")]
    pub from: Millis,
    /// When it would have ended; none while it would still be open.
    #[ts(type = "number | null")]
    pub to: Option<Millis>,
    /// Its worst level.
    #[ts(type = "number")]
    pub worst: i64,
    /// Whether it would have woken nobody, in quiet hours.
    pub is_quiet: bool,
}

/// How the person at this desk wants to be told; or wants to be from now on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct AlertPrefsArgs {
    /// It.
    pub prefs: AlertPrefs,
    /// When a report of the numbers comes by mail; none: not at all.
    #[serde(default)]
    pub report: Option<ReportPlan>,
}

/// How the person at this desk wants to be told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AlertPrefsView {
    /// It.
    pub prefs: AlertPrefs,
    /// When a report of the numbers comes by mail; none: not at all.
    pub report: Option<ReportPlan>,
    /// Whose it is: what was sent to them is found by it in the log.
    pub agent_id: AgentId,
}

/// How mail leaves the server. Secrets go in and never come out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct EmailSettings {
    /// Host of the SMTP server.
    pub host: String,
    /// Its port: 465 with TLS from the start, 587 with STARTTLS.
    pub port: u16,
    /// How the connection is kept secret.
    pub security: SmtpSecurity,
    /// Name to sign in with; empty for none.
    pub username: String,
    /// Address that mail comes from.
    pub from: String,
    /// Certificate of the authority in PEM, where it is none that the system knows.
    #[serde(default)]
    pub authority: String,
}

/// How a connection to an SMTP server is kept secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SmtpSecurity {
    /// TLS from the start.
    Tls,
    /// STARTTLS, or nothing is sent.
    StartTls,
    /// None: on this machine only.
    Loopback,
}

/// How short messages leave the server: an HTTP call with places for `{{phone}}`, `{{text}}` and
/// `{{sign}}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SmsSettings {
    /// Method.
    pub method: SmsMethod,
    /// Address; places in its path or query.
    pub url: String,
    /// Headers that are no secret; places in their values.
    #[serde(default)]
    pub headers: Vec<SmsHeader>,
    /// Name of the header that holds the secret; empty for none.
    #[serde(default)]
    pub secret_header: String,
    /// Body; places in it. JSON where it begins with a brace: what is put in is escaped as such.
    pub body: String,
    /// Signature before the text, such as 【聆选】.
    pub sign: String,
    /// Where the answer says whether it was taken: a JSON pointer; empty to go by its status alone.
    #[serde(default)]
    pub success_pointer: String,
    /// What stands there when it was.
    #[serde(default)]
    pub success_value: String,
    /// Whether it may go to an address of the organisation's own network, and without TLS.
    #[serde(default)]
    pub allow_private: bool,
}

/// Method of the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "UPPERCASE")]
pub enum SmsMethod {
    /// GET.
    Get,
    /// POST.
    Post,
}

/// A header.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SmsHeader {
    /// Name.
    pub name: String,
    /// Value.
    pub value: String,
}

/// Where a signed JSON of each alert goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct WebhookSettings {
    /// Address.
    pub url: String,
    /// Whether it may go to an address of the organisation's own network, and without TLS.
    #[serde(default)]
    pub allow_private: bool,
}

/// Settings of one way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "channel", rename_all = "snake_case", deny_unknown_fields)]
pub enum ChannelSettings {
    /// Mail.
    Email {
        /// They.
        settings: EmailSettings,
    },
    /// Short messages.
    Sms {
        /// They.
        settings: SmsSettings,
    },
    /// Webhook.
    Webhook {
        /// They.
        settings: WebhookSettings,
    },
}

impl ChannelSettings {
    /// Which way.
    #[must_use]
    pub fn channel(&self) -> NotifyChannel {
        match self {
            Self::Email { .. } => NotifyChannel::Email,
            Self::Sms { .. } => NotifyChannel::Sms,
            Self::Webhook { .. } => NotifyChannel::Webhook,
        }
    }
}

/// One way as it is set up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ChannelView {
    /// Its settings.
    pub settings: ChannelSettings,
    /// Whether it is used.
    pub enabled: bool,
    /// Whether a secret (password, key) is stored.
    pub has_secret: bool,
    /// Who changed it last.
    pub by: String,
    /// When.
    #[ts(type = "number")]
    pub at: Millis,
}

/// All ways that are set up, and what became of what was sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DeliveryView {
    /// They; a way that is not among them is not set up.
    pub channels: Vec<ChannelView>,
    /// The last deliveries, newest first.
    pub log: Vec<DeliveryLine>,
}

/// One delivery.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DeliveryLine {
    /// The alert, or the report of the numbers.
    pub alert_id: AlertId,
    /// Whether it is a report of the numbers.
    #[serde(default)]
    pub is_report: bool,
    /// Its name.
    pub name: String,
    /// How bad it was; a report is a notice.
    pub severity: Severity,
    /// Which time of telling: 1 the first.
    pub step: u8,
    /// Whose account; none for a system.
    #[serde(default)]
    #[ts(as = "Option<AgentId>")]
    pub agent: Option<AgentId>,
    /// Whom; empty for a system.
    pub to: String,
    /// How.
    pub channel: NotifyChannel,
    /// What became of it.
    pub state: DeliveryState,
    /// Tries so far.
    pub attempts: u32,
    /// When it came to be.
    #[ts(type = "number")]
    pub at: Millis,
    /// When it was sent.
    #[ts(type = "number | null")]
    pub sent_at: Option<Millis>,
    /// When it is tried again, while it is to be.
    #[ts(type = "number | null")]
    pub next_at: Option<Millis>,
    /// Why the last try failed.
    pub error: Option<DeliveryError>,
}

/// Sets one way up. The server must be there.
#[derive(Clone, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct DeliverySaveArgs {
    /// Its settings.
    pub settings: ChannelSettings,
    /// Whether it is used.
    pub enabled: bool,
    /// The secret: password of mail, value of the secret header, or key of the webhook. None leaves
    /// the stored one; empty removes it.
    #[serde(default)]
    #[ts(optional)]
    pub secret: Option<String>,
}

impl std::fmt::Debug for DeliverySaveArgs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DeliverySaveArgs")
            .field("channel", &self.settings.channel())
            .field("enabled", &self.enabled)
            .finish_non_exhaustive()
    }
}

/// Tries one way as it is set up. The server must be there.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct DeliveryTestArgs {
    /// Which.
    pub channel: NotifyChannel,
    /// Address of mail or number; nothing to a webhook.
    pub to: String,
}

/// Sends what was given up once more. The server must be there.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct DeliveryResendArgs {
    /// The alert.
    pub alert_id: AlertId,
    /// Which time of telling.
    pub step: u8,
    /// Whose account; none for a system.
    pub agent: Option<AgentId>,
    /// How.
    pub channel: NotifyChannel,
}

/// What came of a try.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DeliveryTest {
    /// Why it failed; none when it was taken.
    pub error: Option<DeliveryError>,
    /// How long it took, in milliseconds.
    #[ts(type = "number")]
    pub took_ms: Millis,
}

/// Something came up or changed that a lead should see, as an event to the windows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum AlertNews {
    /// It began, or came up again.
    Fired,
    /// Nobody acknowledged it: more people are told.
    Escalated,
    /// Its number is good again.
    Resolved,
}

/// Where the server's own calls are.
pub mod path {
    /// What a rule would have done: POST [`super::AlertPreviewArgs`], gives [`super::AlertPreview`].
    pub const PREVIEW: &str = "/api/v1/alerts/preview";
    /// The ways: GET gives [`super::DeliveryView`], POST takes [`super::DeliverySaveArgs`] and
    /// gives it too.
    pub const DELIVERY: &str = "/api/v1/alerts/delivery";
    /// Tries one: POST [`super::DeliveryTestArgs`], gives [`super::DeliveryTest`].
    pub const TEST: &str = "/api/v1/alerts/delivery/test";
    /// Sends one once more: POST [`super::DeliveryResendArgs`], gives [`super::DeliveryView`].
    pub const RESEND: &str = "/api/v1/alerts/delivery/resend";
    /// Sends the caller a report of the numbers now: POST, gives [`super::DeliveryView`].
    pub const REPORT: &str = "/api/v1/alerts/report";
}
