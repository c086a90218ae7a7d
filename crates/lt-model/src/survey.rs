//! Surveys (满意度调查): after a conversation was resolved the customer is asked once for a mark from
//! 1 to 5, with a comment if they like.
//!
//! **Invariant:** a survey has one answer. It may be changed within [`CHANGE_WITHIN_MS`] of the first
//! one, and then it is fixed.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{
    Millis,
    conversation::{Conversation, Status},
    id::{AgentId, ContactId, ConversationId, InboxId, SurveyId},
    message::{Author, Message},
};

/// The best mark; 1 is the worst.
pub const BEST: u8 = 5;
/// From this mark on a customer counts as satisfied.
pub const SATISFIED: u8 = 4;
/// Longest comment, in characters. A longer one is refused, never cut.
pub const MAX_COMMENT_CHARS: usize = 500;
/// Longest wording of the question, in characters.
pub const MAX_QUESTION_CHARS: usize = 80;
/// So long an answer may be changed, counted from the first one.
pub const CHANGE_WITHIN_MS: Millis = 10 * 60_000;
/// So long after it was asked a survey can be answered.
pub const OPEN_MS: Millis = 7 * DAY_MS;

const HOUR_MS: Millis = 3_600_000;
const DAY_MS: Millis = 24 * HOUR_MS;
/// Longest time between the end of a conversation and the question.
const MAX_DELAY_MS: Millis = DAY_MS;
/// A reminder comes no sooner and no later than this.
const REMIND_MS: std::ops::RangeInclusive<Millis> = HOUR_MS..=6 * DAY_MS;
/// Longest time in which a customer is not asked again.
const MAX_AGAIN_MS: Millis = 90 * DAY_MS;

/// How an inbox asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SurveySettings {
    /// Whether it asks at all.
    pub on: bool,
    /// The question in Chinese; empty for the standard one.
    pub question: String,
    /// The question in English; empty for the standard one.
    pub question_en: String,
    /// How long after the end of the conversation it asks.
    #[ts(type = "number")]
    pub delay_ms: Millis,
    /// How long after the question it reminds once; none: never.
    #[ts(type = "number | null")]
    pub remind_after_ms: Option<Millis>,
    /// Within this time of a question a customer is not asked again; 0 asks after every conversation.
    #[ts(type = "number")]
    pub again_after_ms: Millis,
}

impl Default for SurveySettings {
    fn default() -> Self {
        Self {
            on: false,
            question: String::new(),
            question_en: String::new(),
            delay_ms: 10_000,
            remind_after_ms: Some(DAY_MS),
            again_after_ms: 7 * DAY_MS,
        }
    }
}

impl SurveySettings {
    /// Whether they make sense.
    #[must_use]
    pub fn is_fit(&self) -> bool {
        let is_wording = |text: &String| {
            text.chars().count() <= MAX_QUESTION_CHARS && !text.chars().any(char::is_control)
        };
        is_wording(&self.question)
            && is_wording(&self.question_en)
            && (0..=MAX_DELAY_MS).contains(&self.delay_ms)
            && self
                .remind_after_ms
                .is_none_or(|ms| REMIND_MS.contains(&ms))
            && (0..=MAX_AGAIN_MS).contains(&self.again_after_ms)
    }
}

/// What a customer said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// From 1 to [`BEST`].
    pub score: u8,
    /// In their words; empty when they said none.
    pub comment: String,
    /// When they answered first.
    pub at: Millis,
    /// When they changed it last, if they did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed_at: Option<Millis>,
}

/// The version of an entry that the bot answered from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AnsweredFrom {
    /// The entry.
    pub faq_id: String,
    /// Its version.
    pub version: u32,
}

/// A question that was put to a customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Survey {
    /// Its id.
    pub id: SurveyId,
    /// About which conversation.
    pub conversation_id: ConversationId,
    /// Number of that conversation.
    pub number: u64,
    /// Its source.
    pub inbox_id: InboxId,
    /// The customer as they came.
    pub contact_id: ContactId,
    /// The agent whom the mark is for; none where the bot alone answered.
    pub agent: Option<AgentId>,
    /// The entry whose answer of the bot ended it, where no agent wrote.
    pub source: Option<AnsweredFrom>,
    /// The end of the conversation that it asks about.
    pub resolved_at: Millis,
    /// When it was asked.
    pub asked_at: Millis,
    /// When it reminds or did; none: never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remind_at: Option<Millis>,
    /// Whether it did.
    #[serde(default)]
    pub is_reminded: bool,
    /// From then on it cannot be answered.
    pub expires_at: Millis,
    /// What the customer said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<Answer>,
}

/// Why an answer is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotTaken {
    /// No mark from 1 to [`BEST`].
    #[error("the mark is not from 1 to {BEST}")]
    Score,
    /// Longer than [`MAX_COMMENT_CHARS`].
    #[error("the comment has more than {MAX_COMMENT_CHARS} characters")]
    TooLong,
    /// Its time is over.
    #[error("the survey can be answered no more")]
    Expired,
    /// It was answered more than [`CHANGE_WITHIN_MS`] ago.
    #[error("the answer is fixed")]
    Fixed,
}

impl Survey {
    /// Takes an answer, or another one within its time. Returns whether anything is new: the same
    /// again is no change.
    ///
    /// # Errors
    /// [`NotTaken`]; nothing has changed then.
    pub fn answer(&mut self, score: u8, comment: &str, now: Millis) -> Result<bool, NotTaken> {
        let (score, comment) = checked(score, comment)?;
        match &mut self.answer {
            Some(known) if known.score == score && known.comment == comment => Ok(false),
            Some(known) if now - known.at > CHANGE_WITHIN_MS => Err(NotTaken::Fixed),
            Some(known) => {
                known.score = score;
                known.comment = comment;
                known.changed_at = Some(now);
                Ok(true)
            }
            None if now >= self.expires_at => Err(NotTaken::Expired),
            None => {
                self.answer = Some(Answer {
                    score,
                    comment,
                    at: now,
                    changed_at: None,
                });
                Ok(true)
            }
        }
    }

    /// Until when the answer may be changed; none before there is one.
    #[must_use]
    pub fn changeable_until(&self) -> Option<Millis> {
        self.answer
            .as_ref()
            .map(|answer| answer.at + CHANGE_WITHIN_MS)
    }

    /// Whether it waits for an answer.
    #[must_use]
    pub fn is_open(&self, now: Millis) -> bool {
        self.answer.is_none() && now < self.expires_at
    }

    /// When the clock has something to do about it; none when it has nothing more to do.
    #[must_use]
    pub fn rings_at(&self) -> Option<Millis> {
        match (&self.answer, self.is_reminded) {
            (Some(_), _) | (None, true) => None,
            (None, false) => self.remind_at.filter(|at| *at < self.expires_at),
        }
    }

    /// Reminds when it is time and nothing was answered. Returns whether it does.
    pub fn remind(&mut self, now: Millis) -> bool {
        let is_due = self.rings_at().is_some_and(|at| at <= now) && self.is_open(now);
        self.is_reminded |= is_due;
        is_due
    }
}

/// An answer as it is kept: control characters of a comment other than line breaks are dropped, and
/// blanks around it.
///
/// # Errors
/// [`NotTaken::Score`], [`NotTaken::TooLong`].
pub fn checked(score: u8, comment: &str) -> Result<(u8, String), NotTaken> {
    if !(1..=BEST).contains(&score) {
        return Err(NotTaken::Score);
    }
    if comment.chars().count() > MAX_COMMENT_CHARS {
        return Err(NotTaken::TooLong);
    }
    let clean: String = comment
        .chars()
        .filter(|c| !c.is_control() || *c == '\n')
        .collect();
    Ok((score, clean.trim().to_owned()))
}

/// Who is marked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marked {
    /// The agent who wrote last.
    pub agent: Option<AgentId>,
    /// The entry that the bot answered from last, where no agent wrote.
    pub source: Option<AnsweredFrom>,
}

/// Whom a mark of the customer would be for, by the last messages of the conversation, oldest first.
/// None where there is nothing to be marked: the customer said nothing, or was only greeted.
#[must_use]
pub fn marked(messages: &[Message]) -> Option<Marked> {
    let customer_spoke = messages
        .iter()
        .any(|message| message.author == Author::Customer && message.is_said());
    if !customer_spoke {
        return None;
    }
    let said = || messages.iter().rev().filter(|message| message.is_said());
    if let Some(agent) = said().find_map(Message::written_by) {
        let (agent, source) = (Some(agent), None);
        return Some(Marked { agent, source });
    }
    let source = said().find_map(|message| match &message.author {
        Author::Bot { source } => source.as_ref().map(|source| AnsweredFrom {
            faq_id: source.faq_id.clone(),
            version: source.version,
        }),
        Author::Customer | Author::Agent { .. } | Author::System => None,
    })?;
    Some(Marked {
        agent: None,
        source: Some(source),
    })
}

/// Why a customer is not asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NotAsked {
    /// The inbox asks nobody.
    Off,
    /// The conversation goes on.
    GoesOn,
    /// Nothing was answered: the customer was only greeted.
    NothingAnswered,
    /// They do not want to be asked.
    OptedOut,
    /// They were asked not long ago.
    AskedLately,
    /// Their channel has no page, and the server no address for a link.
    NoWay,
}

impl NotAsked {
    /// Its name in the audit log.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::GoesOn => "goes_on",
            Self::NothingAnswered => "nothing_answered",
            Self::OptedOut => "opted_out",
            Self::AskedLately => "asked_lately",
            Self::NoWay => "no_way",
        }
    }
}

/// What is known of the customer when a conversation may be asked about.
#[derive(Clone, Copy, Debug, Default)]
pub struct Past {
    /// When they were asked last, in any conversation.
    pub asked_at: Option<Millis>,
    /// Whether they said that they do not want to be asked.
    pub opted_out: bool,
}

/// Whether the customer is asked about the end of a conversation at `resolved_at`, and about whom.
///
/// # Errors
/// [`NotAsked`].
pub fn judge(
    settings: &SurveySettings,
    conversation: &Conversation,
    resolved_at: Millis,
    messages: &[Message],
    past: Past,
    now: Millis,
) -> Result<Marked, NotAsked> {
    if !settings.on {
        return Err(NotAsked::Off);
    }
    let is_over = matches!(conversation.status, Status::Resolved | Status::Closed);
    if !is_over || conversation.resolved_at != Some(resolved_at) {
        return Err(NotAsked::GoesOn);
    }
    if past.opted_out {
        return Err(NotAsked::OptedOut);
    }
    let again_at = past
        .asked_at
        .map(|at| at.saturating_add(settings.again_after_ms));
    if again_at.is_some_and(|at| now < at) {
        return Err(NotAsked::AskedLately);
    }
    marked(messages).ok_or(NotAsked::NothingAnswered)
}

#[cfg(test)]
mod tests;
