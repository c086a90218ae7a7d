//! Quality scoring as a window shows and does it. Forms, rules, marks and their arithmetic are those of
//! `lt_model::quality`.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use lt_model::{
    Millis,
    id::{AgentId, ConversationId, GroupId, QaFormId, QaReviewId, QaRuleId},
    quality::{
        form::{FormDraft, FormProblem, ItemMark, MarkProblem, Score},
        pre::PreScore,
        review::{Appeal, FormUsed, ItemApart, QaNotDone, QaState, Scored},
        sample::{SampleDraft, SampleProblem, SampleReason},
    },
};

use crate::{canned::GroupRef, code::Code};

/// Most reviews of one page of a list.
pub const MAX_REVIEWS: u32 = 500;

/// Most months that are shown beside each other.
pub const MAX_MONTHS: u32 = 24;

/// Which reviews.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum QaScope {
    /// 待质检: of others, the oldest first.
    Todo,
    /// 申诉待处理: of others, the oldest appeal first.
    Appeals,
    /// 已质检, whatever came after; the newest first.
    Done,
    /// 校准: 已质检 of others, to be scored beside whoever did; the newest first.
    Calibrate,
    /// All that this desk has, the newest first.
    All,
}

/// Which reviews.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct QaListArgs {
    /// Which.
    pub scope: QaScope,
    /// Of one agent only.
    #[serde(default)]
    #[ts(optional)]
    pub agent: Option<AgentId>,
    /// After so many of them.
    #[serde(default)]
    #[ts(as = "Option<u32>", optional)]
    pub from: u32,
    /// At most so many, [`MAX_REVIEWS`] at the most.
    pub limit: u32,
}

/// Reviews of the groups of whoever reviews.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct QaListView {
    /// A page of them.
    pub items: Vec<QaRow>,
    /// How many there are.
    pub total: u32,
    /// How many wait for a reviewer.
    pub n_todo: u32,
    /// How many appeals wait.
    pub n_appeals: u32,
    /// Agents whose work was sampled, by name, with how it came out.
    pub agents: Vec<QaAgentRow>,
    /// Whether the agent at this desk may change forms and rules.
    pub may_manage: bool,
    /// When the desk last stood where the server does; 0: never.
    #[ts(type = "number")]
    pub as_of: Millis,
}

/// How one agent's reviews came out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct QaAgentRow {
    /// Who.
    pub agent: AgentId,
    /// Their name.
    pub name: String,
    /// How they came out.
    pub sum: QaSum,
}

/// How reviews came out, by the marks that hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct QaSum {
    /// Reviews that are scored.
    pub n: u32,
    /// Of them passed.
    pub n_passed: u32,
    /// Of them with an item that alone decides.
    pub n_vetoed: u32,
    /// Their mean score in tenths of a point, rounded; none without any.
    pub mean_tenths: Option<u16>,
}

/// How reviews came out in the last months.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct QaMonthsArgs {
    /// Of so many months, this one with them; [`MAX_MONTHS`] at the most.
    pub months: u32,
    /// Of one group only.
    #[serde(default)]
    #[ts(as = "Option<GroupId>", optional)]
    pub group: Option<GroupId>,
}

/// How reviews came out by month, by the scores that hold. A review counts in the month in which it
/// was scored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct QaMonthsView {
    /// The months, the oldest first, each as `2026-11`.
    pub months: Vec<String>,
    /// Of everybody, in each month.
    pub all: Vec<QaSum>,
    /// Of each agent who was scored in them, by name.
    pub agents: Vec<QaMonthsRow>,
    /// Groups that one may choose.
    pub groups: Vec<GroupRef>,
    /// When the desk last stood where the server does; 0: never.
    #[ts(type = "number")]
    pub as_of: Millis,
}

/// How one agent's reviews came out by month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct QaMonthsRow {
    /// Who.
    pub agent: AgentId,
    /// Their name.
    pub name: String,
    /// In each month.
    pub months: Vec<QaSum>,
    /// In all of them.
    pub sum: QaSum,
}

/// A review in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct QaRow {
    /// Which.
    pub id: QaReviewId,
    /// About which conversation.
    pub conversation_id: ConversationId,
    /// Its short number, such as `C-10293`.
    pub number: String,
    /// Whose work is reviewed.
    pub agent_id: AgentId,
    /// Their name.
    pub agent: String,
    /// Name of the group.
    pub group: String,
    /// Why it was sampled.
    pub reasons: Vec<SampleReason>,
    /// The customer's mark, if there was one.
    pub mark: Option<u8>,
    /// How far it has come.
    pub state: QaState,
    /// Name of the form.
    pub form: String,
    /// The score beforehand.
    pub pre: Score,
    /// Things that the machine found.
    pub n_findings: u32,
    /// The score that holds; none before it is scored.
    pub score: Option<Score>,
    /// Who scored it; empty before.
    pub reviewer: String,
    /// When it was sampled.
    #[ts(type = "number")]
    pub sampled_at: Millis,
    /// When the conversation ended.
    #[ts(type = "number")]
    pub ended_at: Millis,
    /// When it was scored.
    #[ts(type = "number | null")]
    pub scored_at: Option<Millis>,
    /// How many scored it to calibrate; always 0 for the agent.
    pub n_calibrations: u32,
    /// Whether an act of this desk on it waits for the server.
    pub is_pending: bool,
}

/// One review as a whole. What people wrote is masked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct QaView {
    /// As in a list.
    pub row: QaRow,
    /// The form as it was when it was sampled.
    pub form: FormUsed,
    /// What the machine found: the marks to begin with.
    pub pre: PreScore,
    /// What the reviewer found.
    pub scored: Option<Scored>,
    /// What the agent has against it, and what was decided.
    pub appeal: Option<Appeal>,
    /// What further reviewers found, and how far each is from the first; none for the agent.
    pub calibrations: Vec<QaCalibrationView>,
    /// Until when the agent may appeal.
    #[ts(type = "number | null")]
    pub appeal_until: Option<Millis>,
    /// Whether whoever sits here may score it.
    pub may_score: bool,
    /// Whether they may score it beside the first reviewer.
    pub may_calibrate: bool,
    /// Whether they may appeal.
    pub may_appeal: bool,
    /// Whether they may decide about the appeal.
    pub may_decide: bool,
}

/// What a further reviewer found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct QaCalibrationView {
    /// It.
    pub scored: Scored,
    /// Their score less the first reviewer's, in tenths of a point.
    pub apart_tenths: i32,
    /// The items about which they do not agree with the first.
    pub items: Vec<ItemApart>,
    /// Items about which they do.
    pub n_same: u32,
}

/// Which review to see.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct QaGetArgs {
    /// Which.
    pub review_id: QaReviewId,
    /// 校准: whoever may still calibrate it sees nothing of what others found: `scored` and `appeal`
    /// are none, the row has no score and no reviewer, and there are no calibrations.
    #[serde(default)]
    #[ts(as = "Option<bool>", optional)]
    pub blind: bool,
}

/// A conversation that may be picked to be reviewed.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct QaOfArgs {
    /// Which.
    pub conversation_id: ConversationId,
}

/// Whether and how a conversation is reviewed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct QaOfView {
    /// Its review, where there is one.
    pub review_id: Option<QaReviewId>,
    /// Why it cannot be picked.
    pub not_picked: Option<QaNotPicked>,
    /// Forms that it may be scored by, by name.
    pub forms: Vec<QaFormRef>,
}

/// Why a conversation cannot be picked to be reviewed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum QaNotPicked {
    /// It has not ended.
    NotResolved,
    /// It is to be reviewed already, or was.
    AlreadyPicked,
    /// No agent answered in it.
    NobodysWork,
    /// Whoever asks answered in it: somebody else reviews it.
    OwnWork,
}

/// Picks a conversation by hand to be reviewed.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct QaPickArgs {
    /// Which.
    pub conversation_id: ConversationId,
    /// By which form.
    pub form_id: QaFormId,
}

/// Scores a review, or scores it beside the first reviewer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct QaScoreArgs {
    /// Which.
    pub review_id: QaReviewId,
    /// A mark for each item of its form.
    pub marks: Vec<ItemMark>,
    /// What is said to the agent; may be empty.
    pub comment: String,
}

/// Marks to be summed up while they are being made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct QaSumArgs {
    /// Of which review.
    pub review_id: QaReviewId,
    /// The marks so far.
    pub marks: Vec<ItemMark>,
}

/// What marks come to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct QaSummed {
    /// It; none while they do not fit the form.
    pub score: Option<Score>,
    /// Why they do not.
    pub problem: Option<MarkProblem>,
}

/// The agent appeals.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct QaAppealArgs {
    /// Against which review.
    pub review_id: QaReviewId,
    /// Why.
    pub text: String,
}

/// Decides about an appeal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct QaDecideArgs {
    /// Of which review.
    pub review_id: QaReviewId,
    /// 改判: marks that hold from now on, one for each item; none: 维持原判.
    #[serde(default)]
    #[ts(optional)]
    pub marks: Option<Vec<ItemMark>>,
    /// Why; not empty.
    pub reason: String,
}

/// The agent's own reviews.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct QaMineArgs {
    /// Scored within the last so many days.
    pub days: u32,
}

/// The agent's own finished reviews.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct QaMineView {
    /// How they came out.
    pub sum: QaSum,
    /// They, the newest first; [`MAX_REVIEWS`] at the most.
    pub items: Vec<QaRow>,
    /// How many there are.
    pub total: u32,
    /// Where points were lost, the most first.
    pub losses: Vec<QaLoss>,
    /// When the desk last stood where the server does; 0: never.
    #[ts(type = "number")]
    pub as_of: Millis,
}

/// Points lost in an item, over several reviews.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct QaLoss {
    /// Name of the item.
    pub item: String,
    /// In so many reviews.
    pub n: u32,
    /// Points lost together; 0 for an item that alone decides.
    pub points: u32,
}

/// The forms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct QaFormsView {
    /// They, by name.
    pub forms: Vec<QaFormView>,
    /// Whether the agent at this desk may change them.
    pub may_manage: bool,
}

/// A form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct QaFormView {
    /// Which.
    pub id: QaFormId,
    /// Its edition, to be sent back with an edit of it.
    #[ts(type = "number")]
    pub edition: u64,
    /// What it says.
    pub draft: FormDraft,
    /// All its weights together.
    pub weight: u32,
    /// Rules that score by it.
    pub n_rules: u32,
    /// Who changed it last; empty while it is as it came, or while that waits to be sent.
    pub by: String,
    /// When.
    #[ts(type = "number")]
    pub at: Millis,
    /// Whether an edit of this desk waits for the server.
    pub is_pending: bool,
}

/// What is wrong with a form that is being written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct QaFormCheck {
    /// Everything; empty for a fit one.
    pub problems: Vec<FormProblem>,
}

/// The sampling rules.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct QaRulesView {
    /// They, by name.
    pub rules: Vec<QaRuleView>,
    /// Forms that one may score by.
    pub forms: Vec<QaFormRef>,
    /// Groups that one may be for.
    pub groups: Vec<GroupRef>,
    /// Whether the agent at this desk may change them.
    pub may_manage: bool,
}

/// A form by its name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct QaFormRef {
    /// Which.
    pub id: QaFormId,
    /// Its name.
    pub name: String,
    /// Whether new samples use it.
    pub enabled: bool,
}

/// A sampling rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct QaRuleView {
    /// Which.
    pub id: QaRuleId,
    /// Its edition, to be sent back with an edit of it.
    #[ts(type = "number")]
    pub edition: u64,
    /// What it says.
    pub draft: SampleDraft,
    /// Name of the group; empty for all.
    pub group: String,
    /// Name of the form; empty when it is gone.
    pub form: String,
    /// Who changed it last; empty while it is as it came, or while that waits to be sent.
    pub by: String,
    /// When.
    #[ts(type = "number")]
    pub at: Millis,
    /// Whether an edit of this desk waits for the server.
    pub is_pending: bool,
}

/// A rule.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct QaRuleArgs {
    /// Which.
    pub rule_id: QaRuleId,
}

/// What is wrong with a rule that is being written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct QaRuleCheck {
    /// Everything; empty for a fit one.
    pub problems: Vec<SampleProblem>,
}

/// The code of what is not done.
#[must_use]
pub fn code_of(why: QaNotDone) -> Code {
    match why {
        QaNotDone::Marks(MarkProblem::LongComment) | QaNotDone::TooMany => Code::TooLarge,
        QaNotDone::Marks(_) => Code::BadRequest,
        QaNotDone::NoText => Code::Empty,
        QaNotDone::NotYours | QaNotDone::OwnWork => Code::Forbidden,
        QaNotDone::Before | QaNotDone::EndedAgain => Code::ChangedMeanwhile,
        QaNotDone::NotEnded => Code::NotResolved,
        QaNotDone::Picked => Code::AlreadyPicked,
        QaNotDone::TooEarly | QaNotDone::TooLate | QaNotDone::NobodysWork => Code::IllegalState,
    }
}
