//! Surveys (满意度调查): what a window shows of them, and the link and the form by which customers answer
//! whose channel has no page.

mod form;

mod link;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use lt_model::{Millis, id::ConversationId, survey::AnsweredFrom};

pub use form::{AnswerForm, FormError, MAX_FORM_BYTES};
pub use link::{Link, LinkError};

/// The newest survey about a conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SurveyView {
    /// About which conversation.
    pub conversation_id: ConversationId,
    /// Its short number, such as `C-10293`.
    pub number: String,
    /// When the customer was asked.
    pub asked_at: Millis,
    /// Whether they were reminded.
    pub is_reminded: bool,
    /// Whether they may still answer.
    pub is_open: bool,
    /// From 1 to 5; none while they have not answered.
    pub score: Option<u8>,
    /// What they said to it, masked; empty when they said nothing.
    pub comment: String,
    /// When they answered first.
    pub answered_at: Option<Millis>,
    /// Name of the agent whom the mark is for; empty where the bot alone answered.
    pub agent: String,
    /// The entry whose answer of the bot ended it, where no agent wrote.
    pub source: Option<AnsweredFrom>,
}

/// How surveys came out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MarksView {
    /// Customers asked.
    pub asked: u32,
    /// Of them answered.
    pub answered: u32,
    /// Of those with a mark of 4 or 5.
    pub satisfied: u32,
    /// Sum of the marks.
    pub sum: u32,
}

/// `survey.mine`: the agent's own.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SurveyMineArgs {
    /// Of the last so many days.
    pub days: u32,
}

/// What customers said of an agent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SurveyMineView {
    /// All of the time.
    pub marks: MarksView,
    /// The newest of them, the newest first.
    pub items: Vec<SurveyView>,
    /// Until when the desk has what the server has; none before the first time.
    pub as_of: Option<Millis>,
}
