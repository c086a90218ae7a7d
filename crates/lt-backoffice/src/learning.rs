//! Learning from agents: picks are noted where they happen, and a run in the background makes
//! wordings and weights of them.
//!
//! - **Invariant:** a pick is written in the transaction of the act that caused it.
//! - **Invariant:** what is learned is part of an entry's published version: it travels to desktops,
//!   and is rolled back, with it. What somebody rolled back is not learned again unless a lead
//!   approves it.
//! - **Invariant:** a run that makes held-back picks come out worse changes nothing, takes back what
//!   earlier runs did where that is worse too, and says so in the audit log.

mod mask;

pub(crate) mod note;

mod picks;

pub(crate) mod rule;

mod run;

mod trial;

use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use lt_db::table::{learned_ruling, learning_run, pick};
use lt_model::{Millis, agent::Permission};
use lt_protocol::{
    code::WireError,
    learning::{LearnedRow, LearningReport, LearningStage, LearningState, RuleRequest},
};

use crate::{access::Principal, audit, backoffice::Backoffice, error::Error};

/// A run waits so long after the last pick, so that picks that come together are read together.
const SETTLE_MS: Millis = 20_000;
/// However busy it is, a run begins so long after the last one.
const LATEST_MS: Millis = 600_000;
/// Without news, a run every night.
const DAY_MS: Millis = 86_400_000;

/// Where learning stands in this process.
#[derive(Default)]
pub(crate) struct Learning {
    stage: Mutex<LearningStage>,
    /// Held while a run is at work.
    running: Mutex<()>,
    /// The knowledge was published since the last run.
    published: AtomicBool,
}

impl Learning {
    pub(crate) fn knowledge_published(&self) {
        self.published.store(true, Ordering::Relaxed);
    }

    fn stage(&self) -> LearningStage {
        *self.stage.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn enter(&self, stage: LearningStage) {
        *self.stage.lock().unwrap_or_else(PoisonError::into_inner) = stage;
        tracing::debug!(?stage, "learning");
    }
}

impl Backoffice {
    /// Learns from the picks so far, and answers from what was learned when this returns. One run at
    /// a time; a second one waits.
    ///
    /// # Errors
    /// When the store or the engine fails; everything stays as it was then.
    pub fn learn(&self, now: Millis) -> Result<LearningReport, WireError> {
        let _running = self
            .learning
            .running
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        self.learning.published.store(false, Ordering::Relaxed);
        let found = run::run(self, now);
        self.learning.enter(LearningStage::Idle);
        let (report, curve) = found?;
        if let Some(curve) = curve {
            self.curve_measured(&curve, now)?;
        }
        tracing::info!(
            picks = report.picks,
            learned = report.learned,
            added = report.added,
            removed = report.removed,
            moved_by = report.moved_by,
            reverted = report.reverted,
            "learned from picks"
        );
        Ok(report)
    }

    /// As [`Backoffice::learn`], by a lead.
    ///
    /// # Errors
    /// [`lt_protocol::code::Code::Forbidden`], and as there.
    pub fn learn_now(
        &self,
        principal: &Principal,
        now: Millis,
    ) -> Result<LearningReport, WireError> {
        self.act_as(
            principal,
            "learning.start",
            Permission::FaqReview,
            now,
            |_, _| Ok(((), audit::object("action", "learning"))),
        )
        .map_err(WireError::from)?;
        self.learn(now)
    }

    /// A lead's last word on a wording. It takes effect with the next run, which it makes due.
    ///
    /// # Errors
    /// [`lt_protocol::code::Code::Forbidden`]; [`lt_protocol::code::Code::NotFound`] for an unknown
    /// entry.
    pub fn rule_learned(
        &self,
        principal: &Principal,
        request: &RuleRequest,
        now: Millis,
    ) -> Result<(), WireError> {
        let RuleRequest {
            faq_id,
            text,
            ruling,
        } = request;
        let permission = Permission::FaqReview;
        self.act_as(principal, "learning.rule", permission, now, |tx, agent| {
            rule::rule(tx, agent, faq_id, text, *ruling, now)?;
            Ok(((), audit::object("faq", faq_id)))
        })?;
        Ok(())
    }

    /// Whether a run is worth its time: picks or a lead's words came in and have settled, knowledge
    /// was published, or a day has passed with picks in it.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn is_learning_due(&self, now: Millis) -> Result<bool, WireError> {
        let (last, (last_pick, picked_at), (_, ruled_at)) = self.read(|reader| {
            Ok((
                learning_run::last::<serde::de::IgnoredAny>(reader)?,
                pick::last(reader)?,
                learned_ruling::all(reader)?,
            ))
        })?;
        if last_pick == 0 && ruled_at == 0 {
            return Ok(false);
        }
        let (ran_at, read_up_to) = last.map_or((0, 0), |run| (run.at, run.last_pick));
        let has_news = last_pick > read_up_to || ruled_at > ran_at;
        let settled = now - picked_at.max(ruled_at) >= SETTLE_MS || now - ran_at >= LATEST_MS;
        let published = self.learning.published.load(Ordering::Relaxed);
        Ok(has_news && settled || published || now - ran_at >= DAY_MS)
    }

    /// Where learning stands: what the last run did, what entries have learned, and what waits for a
    /// second agent or a lead.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn learning(&self, now: Millis) -> Result<LearningState, WireError> {
        let stage = self.learning.stage();
        let (last, input) = self
            .db
            .read(|reader| {
                let last = learning_run::last::<LearningReport>(reader)?;
                Ok::<_, Error>((last, picks::Input::read(reader)?))
            })
            .map_err(WireError::from)?;
        let row = |faq_id: String, text: String, by: Vec<u128>, at: Option<Millis>| LearnedRow {
            question: input.question(&faq_id),
            faq_id,
            text,
            by: by.into_iter().map(picks::agent).collect(),
            at,
            disputed: false,
        };
        let learned = input.learned();
        let waiting = input.decide(&learned, now, |_| true).waiting;
        Ok(LearningState {
            stage,
            last: last.map(|run| run.report),
            learned: learned
                .into_iter()
                .map(|one| row(one.faq_id, one.text, one.by, Some(one.at)))
                .collect(),
            waiting: waiting
                .into_iter()
                .map(|one| LearnedRow {
                    disputed: one.disputed,
                    ..row(one.faq_id, one.text, one.by, None)
                })
                .collect(),
        })
    }
}

#[cfg(test)]
mod tests;
