//! A review (质检单) and its course: sampled → scored → appealed → decided.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{
    form::{FormDraft, FormItem, ItemMark, Mark, MarkProblem, Score, comment, scored},
    pre::PreScore,
    sample::SampleReason,
};
use crate::{
    Millis,
    id::{AgentId, ConversationId, GroupId, QaFormId, QaReviewId},
};

/// So long after a review the agent may appeal.
pub const APPEAL_WITHIN_MS: Millis = 7 * 24 * 3_600_000;
/// Most reviewers who score one conversation to calibrate.
pub const MAX_CALIBRATIONS: usize = 10;

/// Who did it, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct QaBy {
    /// Who.
    pub agent: AgentId,
    /// Their name then.
    pub name: String,
    /// When.
    #[ts(type = "number")]
    pub at: Millis,
}

/// A form as it was when a conversation was sampled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FormUsed {
    /// Which.
    pub id: QaFormId,
    /// Its edition.
    #[ts(type = "number")]
    pub edition: u64,
    /// What it said.
    pub draft: FormDraft,
}

/// What a reviewer found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(rename = "QaScored")]
pub struct Scored {
    /// Who, and when.
    pub by: QaBy,
    /// A mark for each item, in the order of the form.
    pub marks: Vec<ItemMark>,
    /// What they come to.
    pub score: Score,
    /// What they say to the agent; empty when nothing.
    pub comment: String,
}

/// The agent does not agree (申诉).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(rename = "QaAppeal")]
pub struct Appeal {
    /// Why.
    pub text: String,
    /// When.
    #[ts(type = "number")]
    pub at: Millis,
    /// What was decided; none while it waits.
    pub decision: Option<Decision>,
}

/// What was decided about an appeal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(rename = "QaDecision")]
pub struct Decision {
    /// Who, and when.
    pub by: QaBy,
    /// Why.
    pub reason: String,
    /// 改判: the marks that hold instead; none: 维持原判.
    pub changed: Option<Changed>,
}

/// Marks that a decision put in place of a reviewer's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(rename = "QaChanged")]
pub struct Changed {
    /// A mark for each item, in the order of the form.
    pub marks: Vec<ItemMark>,
    /// What they come to.
    pub score: Score,
}

/// How far a review has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum QaState {
    /// 待质检.
    Open,
    /// 已质检.
    Done,
    /// 申诉中.
    Appealed,
    /// 已复核.
    Decided,
}

/// A review of what one agent did in one conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QaReview {
    /// Its id.
    pub id: QaReviewId,
    /// Which conversation.
    pub conversation_id: ConversationId,
    /// Number of that conversation.
    pub number: u64,
    /// The group that it was in when it ended.
    pub group_id: GroupId,
    /// Whose work is reviewed.
    pub agent: AgentId,
    /// When the conversation ended.
    pub ended_at: Millis,
    /// When it was sampled.
    pub sampled_at: Millis,
    /// Why; at least one.
    pub reasons: Vec<SampleReason>,
    /// The customer's mark, if there was one.
    #[serde(default)]
    pub mark: Option<u8>,
    /// By which form.
    pub form: FormUsed,
    /// What the machine found.
    pub pre: PreScore,
    /// What the reviewer found.
    #[serde(default)]
    pub scored: Option<Scored>,
    /// What the agent has against it.
    #[serde(default)]
    pub appeal: Option<Appeal>,
}

/// Why something is not done to a review.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QaNotDone {
    /// The marks do not fit the form.
    #[error(transparent)]
    Marks(#[from] MarkProblem),
    /// It is about oneself, or about somebody else where only the agent may act.
    #[error("it is not for this person")]
    NotYours,
    /// It was done before, by somebody else or otherwise.
    #[error("it was done before")]
    Before,
    /// The conversation went on and ended again since it was looked at.
    #[error("the conversation has ended again since")]
    EndedAgain,
    /// It has not come so far.
    #[error("it has not come so far")]
    TooEarly,
    /// Its time is over.
    #[error("its time is over")]
    TooLate,
    /// Nothing is said.
    #[error("nothing is said")]
    NoText,
    /// The conversation has not ended.
    #[error("the conversation has not ended")]
    NotEnded,
    /// It is to be reviewed already.
    #[error("it is to be reviewed already")]
    Picked,
    /// No agent answered in it.
    #[error("no agent answered in it")]
    NobodysWork,
    /// Whoever picks it answered in it: somebody else picks and reviews it.
    #[error("it is the own work of whoever picks it")]
    OwnWork,
    /// Too many did it.
    #[error("too many did it")]
    TooMany,
}

impl QaReview {
    /// How far it has come.
    #[must_use]
    pub fn state(&self) -> QaState {
        match (&self.scored, &self.appeal) {
            (None, _) => QaState::Open,
            (Some(_), None) => QaState::Done,
            (Some(_), Some(appeal)) if appeal.decision.is_none() => QaState::Appealed,
            (Some(_), Some(_)) => QaState::Decided,
        }
    }

    /// When it came so far.
    #[must_use]
    pub fn in_state_since(&self) -> Millis {
        let decision = self
            .appeal
            .as_ref()
            .and_then(|appeal| appeal.decision.as_ref());
        let appealed = self.appeal.as_ref().map(|appeal| appeal.at);
        let scored = self.scored.as_ref().map(|scored| scored.by.at);
        let latest = decision.map(|decision| decision.by.at).or(appealed);
        latest.or(scored).unwrap_or(self.sampled_at)
    }

    /// The marks and the score that hold: those of a decision, or the reviewer's.
    #[must_use]
    pub fn result(&self) -> Option<(&[ItemMark], Score)> {
        let decision = self
            .appeal
            .as_ref()
            .and_then(|appeal| appeal.decision.as_ref());
        match decision.and_then(|decision| decision.changed.as_ref()) {
            Some(changed) => Some((&changed.marks, changed.score)),
            None => self
                .scored
                .as_ref()
                .map(|scored| (scored.marks.as_slice(), scored.score)),
        }
    }

    /// Until when the agent may appeal; none before it is scored.
    #[must_use]
    pub fn appeal_until(&self) -> Option<Millis> {
        self.scored
            .as_ref()
            .map(|scored| scored.by.at.saturating_add(APPEAL_WITHIN_MS))
    }

    /// That whoever has seen the conversation up to this end has seen what is reviewed: what they
    /// found is not held against somebody who came in later.
    ///
    /// # Errors
    /// [`QaNotDone::EndedAgain`].
    pub fn is_as_seen(&self, ended_at: Option<Millis>) -> Result<(), QaNotDone> {
        match ended_at {
            Some(seen) if seen != self.ended_at => Err(QaNotDone::EndedAgain),
            Some(_) | None => Ok(()),
        }
    }

    /// A reviewer scores it. Returns whether anything is new: the same again is no change.
    ///
    /// # Errors
    /// [`QaNotDone`]; nothing has changed then.
    pub fn score(&mut self, by: QaBy, marks: &[ItemMark], said: &str) -> Result<bool, QaNotDone> {
        let new = self.judged(by, marks, said)?;
        if let Some(known) = &self.scored {
            return is_same(known, &new)
                .then_some(false)
                .ok_or(QaNotDone::Before);
        }
        self.scored = Some(new);
        Ok(true)
    }

    /// The agent appeals, once.
    ///
    /// # Errors
    /// [`QaNotDone`]; nothing has changed then.
    pub fn appeal(&mut self, agent: AgentId, text: &str, now: Millis) -> Result<bool, QaNotDone> {
        if agent != self.agent {
            return Err(QaNotDone::NotYours);
        }
        let text = comment(text)?;
        if text.is_empty() {
            return Err(QaNotDone::NoText);
        }
        let until = self.appeal_until().ok_or(QaNotDone::TooEarly)?;
        match &self.appeal {
            Some(known) if known.text == text => Ok(false),
            Some(_) => Err(QaNotDone::Before),
            None if now > until => Err(QaNotDone::TooLate),
            None => {
                self.appeal = Some(Appeal {
                    text,
                    at: now,
                    decision: None,
                });
                Ok(true)
            }
        }
    }

    /// Somebody decides about the appeal, with other marks or without.
    ///
    /// # Errors
    /// [`QaNotDone`]; nothing has changed then.
    pub fn decide(
        &mut self,
        by: QaBy,
        marks: Option<&[ItemMark]>,
        reason: &str,
    ) -> Result<bool, QaNotDone> {
        if by.agent == self.agent {
            return Err(QaNotDone::NotYours);
        }
        let reason = comment(reason)?;
        if reason.is_empty() {
            return Err(QaNotDone::NoText);
        }
        let changed = match marks {
            Some(marks) => {
                let (marks, score) = scored(&self.form.draft, marks)?;
                Some(Changed { marks, score })
            }
            None => None,
        };
        let appeal = self.appeal.as_mut().ok_or(QaNotDone::TooEarly)?;
        if let Some(known) = &appeal.decision {
            let is_same =
                known.by.agent == by.agent && known.reason == reason && known.changed == changed;
            return is_same.then_some(false).ok_or(QaNotDone::Before);
        }
        appeal.decision = Some(Decision {
            by,
            reason,
            changed,
        });
        Ok(true)
    }

    /// What a reviewer would say of it.
    fn judged(&self, by: QaBy, marks: &[ItemMark], said: &str) -> Result<Scored, QaNotDone> {
        if by.agent == self.agent {
            return Err(QaNotDone::NotYours);
        }
        let (marks, score) = scored(&self.form.draft, marks)?;
        Ok(Scored {
            by,
            marks,
            score,
            comment: comment(said)?,
        })
    }
}

fn is_same(known: &Scored, new: &Scored) -> bool {
    known.by.agent == new.by.agent && known.marks == new.marks && known.comment == new.comment
}

/// What further reviewers found in the same conversation (校准). The agent never sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QaCalibration {
    /// The review that it is beside.
    pub id: QaReviewId,
    /// Its group.
    pub group_id: GroupId,
    /// What they found, in the order in which they did; each reviewer once.
    pub scored: Vec<Scored>,
}

impl QaCalibration {
    /// Of a review that nobody has calibrated.
    #[must_use]
    pub fn of(review: &QaReview) -> Self {
        Self {
            id: review.id,
            group_id: review.group_id,
            scored: Vec::new(),
        }
    }

    /// A further reviewer scores what was reviewed. Returns whether anything is new.
    ///
    /// # Errors
    /// [`QaNotDone`]; nothing has changed then.
    pub fn add(
        &mut self,
        review: &QaReview,
        by: QaBy,
        marks: &[ItemMark],
        said: &str,
    ) -> Result<bool, QaNotDone> {
        let first = review.scored.as_ref().ok_or(QaNotDone::TooEarly)?;
        if first.by.agent == by.agent {
            return Err(QaNotDone::NotYours);
        }
        let new = review.judged(by, marks, said)?;
        let known = self.scored.iter().find(|one| one.by.agent == new.by.agent);
        if let Some(known) = known {
            return is_same(known, &new)
                .then_some(false)
                .ok_or(QaNotDone::Before);
        }
        if self.scored.len() >= MAX_CALIBRATIONS {
            return Err(QaNotDone::TooMany);
        }
        self.scored.push(new);
        Ok(true)
    }
}

/// How far two reviewers are apart in one item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ItemApart {
    /// The item's key.
    pub item: String,
    /// What the first said.
    pub first: Mark,
    /// What the other said.
    pub other: Mark,
    /// The difference in points; none where it is none of points: one found the item not applicable,
    /// or they disagree about a veto.
    pub points: Option<i32>,
}

/// The items about which two reviewers do not agree, in the order of the form; the other's points less
/// the first's.
#[must_use]
pub fn apart(form: &FormDraft, first: &[ItemMark], other: &[ItemMark]) -> Vec<ItemApart> {
    let mark = |marks: &[ItemMark], item: &FormItem| {
        let found = marks.iter().find(|mark| mark.item == item.id);
        found.map(|mark| mark.mark)
    };
    form.items
        .iter()
        .filter_map(|item| {
            let (a, b) = (mark(first, item)?, mark(other, item)?);
            let points = match (a, b) {
                (Mark::Points { points: a }, Mark::Points { points: b }) => {
                    Some(i32::from(b) - i32::from(a))
                }
                _ => None,
            };
            (a != b).then(|| ItemApart {
                item: item.id.clone(),
                first: a,
                other: b,
                points,
            })
        })
        .collect()
}
