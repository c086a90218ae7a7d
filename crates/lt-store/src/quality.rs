//! Quality at this desk: what the server has, with what waits to be sent.

use lt_model::{
    Millis,
    agent::Agent,
    id::{AgentId, QaReviewId},
    quality::{
        act::QaAct,
        form::{FormEdit, QaForm},
        review::{QaBy, QaCalibration, QaNotDone, QaReview, QaState},
        sample::{QaRule, SampleEdit},
    },
};
use lt_protocol::sync::Action;
use rusqlite::{Connection, Transaction};

use crate::{
    Result, Store, StoreError,
    store::require_account,
    table::{
        outbox,
        quality::{self, QaCounts},
    },
};

/// A review, what further reviewers found, and whether an act on it waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredReview {
    /// As it shows here.
    pub review: QaReview,
    /// As it shows here; empty where nobody calibrated.
    pub calibration: QaCalibration,
    /// Whether an act of this desk waits for the server.
    pub is_pending: bool,
}

/// A form, and whether an edit of it waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredForm {
    /// As it shows here.
    pub form: QaForm,
    /// Whether an edit of this desk waits for the server.
    pub is_pending: bool,
}

/// A rule, and whether an edit of it waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredRule {
    /// As it shows here.
    pub rule: QaRule,
    /// Whether an edit of this desk waits for the server.
    pub is_pending: bool,
}

/// The acts of this desk whose effect is not here, with their times.
fn waiting(connection: &Connection) -> Result<Vec<(QaAct, Millis)>> {
    let entries = outbox::about_quality(connection)?.into_iter();
    let acts = entries.filter_map(|entry| match entry.op.action {
        Action::Quality { act } => Some((*act, entry.op.at)),
        _ => None,
    });
    Ok(acts.collect())
}

/// A review with what waits. What the server has says no more than an act that it no longer allows.
fn with(
    connection: &Connection,
    review: QaReview,
    me: &Agent,
    waiting: &[(QaAct, Millis)],
) -> Result<StoredReview> {
    let known = quality::calibration(connection, review.id)?;
    let calibration = known.unwrap_or_else(|| QaCalibration::of(&review));
    let mut stored = StoredReview {
        review,
        calibration,
        is_pending: false,
    };
    for (act, at) in waiting {
        if act.review() == Some(stored.review.id) {
            stored.is_pending |= perform(&mut stored, me, act, *at).unwrap_or(false);
        }
    }
    Ok(stored)
}

/// Does to a review what the server will do. Returns whether anything is new.
fn perform(
    stored: &mut StoredReview,
    me: &Agent,
    act: &QaAct,
    at: Millis,
) -> Result<bool, QaNotDone> {
    let by = QaBy {
        agent: me.id,
        name: me.display_name.clone(),
        at,
    };
    let StoredReview {
        review,
        calibration,
        ..
    } = stored;
    match act {
        QaAct::Score { marks, comment, .. } => review.score(by, marks, comment),
        QaAct::Appeal { text, .. } => review.appeal(me.id, text, at),
        QaAct::Decide { marks, reason, .. } => review.decide(by, marks.as_deref(), reason),
        QaAct::Calibrate { marks, comment, .. } => calibration.add(review, by, marks, comment),
        QaAct::SaveForm { .. } | QaAct::SaveRule { .. } | QaAct::RemoveRule { .. } => Ok(false),
    }
}

fn shown_forms(connection: &Connection) -> Result<Vec<StoredForm>> {
    let mut all: Vec<StoredForm> = quality::forms(connection)?
        .into_iter()
        .map(|form| StoredForm {
            form,
            is_pending: false,
        })
        .collect();
    for (act, at) in waiting(connection)? {
        let QaAct::SaveForm { edit } = act else {
            continue;
        };
        let FormEdit { id, base, draft } = edit;
        match all.iter_mut().find(|one| one.form.id == id) {
            Some(known) => {
                known.is_pending |= known.form.draft != draft;
                known.form.edition = known.form.edition.max(base + 1);
                known.form.draft = draft;
            }
            None => all.push(StoredForm {
                is_pending: true,
                form: QaForm {
                    id,
                    edition: base + 1,
                    draft,
                    by: String::new(),
                    at,
                },
            }),
        }
    }
    all.sort_by(|a, b| (&a.form.draft.name, a.form.id).cmp(&(&b.form.draft.name, b.form.id)));
    Ok(all)
}

fn shown_rules(connection: &Connection) -> Result<Vec<StoredRule>> {
    let mut all: Vec<StoredRule> = quality::rules(connection)?
        .into_iter()
        .map(|rule| StoredRule {
            rule,
            is_pending: false,
        })
        .collect();
    for (act, at) in waiting(connection)? {
        match act {
            QaAct::SaveRule { edit } => {
                let SampleEdit { id, base, draft } = edit;
                match all.iter_mut().find(|one| one.rule.id == id) {
                    Some(known) => {
                        known.is_pending |= known.rule.draft != draft;
                        known.rule.edition = known.rule.edition.max(base + 1);
                        known.rule.draft = draft;
                    }
                    None => all.push(StoredRule {
                        is_pending: true,
                        rule: QaRule {
                            id,
                            edition: base + 1,
                            draft,
                            by: String::new(),
                            at,
                        },
                    }),
                }
            }
            QaAct::RemoveRule { rule_id } => all.retain(|one| one.rule.id != rule_id),
            QaAct::SaveForm { .. }
            | QaAct::Score { .. }
            | QaAct::Appeal { .. }
            | QaAct::Decide { .. }
            | QaAct::Calibrate { .. } => {}
        }
    }
    all.sort_by(|a, b| (&a.rule.draft.name, a.rule.id).cmp(&(&b.rule.draft.name, b.rule.id)));
    Ok(all)
}

/// Checks an act. None: nothing is to be done.
pub(crate) fn legal(
    tx: &Transaction<'_>,
    me: &Agent,
    mut act: QaAct,
    now: Millis,
) -> Result<Option<Action>> {
    let is_news = match &mut act {
        QaAct::SaveForm { edit } => {
            edit.draft = edit.draft.clone().check()?;
            let known = shown_forms(tx)?;
            let known = known.iter().find(|one| one.form.id == edit.id);
            known.is_none_or(|one| one.form.draft != edit.draft)
        }
        QaAct::SaveRule { edit } => {
            edit.draft = edit.draft.clone().check()?;
            let forms = shown_forms(tx)?;
            if !forms.iter().any(|one| one.form.id == edit.draft.form_id) {
                return Err(StoreError::NotFound("scoring form"));
            }
            let known = shown_rules(tx)?;
            let known = known.iter().find(|one| one.rule.id == edit.id);
            known.is_none_or(|one| one.rule.draft != edit.draft)
        }
        QaAct::RemoveRule { rule_id } => {
            let known = shown_rules(tx)?;
            known.iter().any(|one| one.rule.id == *rule_id)
        }
        QaAct::Score { review_id, .. }
        | QaAct::Appeal { review_id, .. }
        | QaAct::Decide { review_id, .. }
        | QaAct::Calibrate { review_id, .. } => {
            let found = quality::review(tx, *review_id)?;
            let found = found.ok_or(StoreError::NotFound("review"))?;
            let mut stored = with(tx, found, me, &waiting(tx)?)?;
            perform(&mut stored, me, &act, now)?
        }
    };
    Ok(is_news.then(|| Action::Quality { act: Box::new(act) }))
}

impl Store {
    /// One review.
    ///
    /// # Errors
    /// [`StoreError::NoAccount`], [`StoreError::Damaged`] and the like.
    pub fn review(&self, id: QaReviewId) -> Result<Option<StoredReview>> {
        self.read(|connection| {
            let me = require_account(connection)?.agent;
            let waiting = waiting(connection)?;
            let found = quality::review(connection, id)?;
            found
                .map(|review| with(connection, review, &me, &waiting))
                .transpose()
        })
    }

    /// Reviews in some states, of one agent or of all: in each state those that came into it first, or
    /// last, at most `limit` of each.
    ///
    /// # Errors
    /// [`StoreError::NoAccount`], [`StoreError::Damaged`] and the like.
    pub fn reviews(
        &self,
        states: &[QaState],
        agent: Option<AgentId>,
        is_newest_first: bool,
        limit: u32,
    ) -> Result<Vec<StoredReview>> {
        self.read(|connection| {
            let me = require_account(connection)?.agent;
            let waiting = waiting(connection)?;
            let mut found = Vec::new();
            for state in states {
                let of_state =
                    quality::in_state(connection, *state, agent, is_newest_first, limit)?;
                found.extend(of_state);
            }
            // What this desk did to a review may have brought it here from another state.
            for id in waiting.iter().filter_map(|(act, _)| act.review()) {
                if found.iter().all(|review| review.id != id)
                    && let Some(review) = quality::review(connection, id)?
                    && agent.is_none_or(|agent| agent == review.agent)
                {
                    found.push(review);
                }
            }
            let mut all = Vec::with_capacity(found.len());
            for review in found {
                let stored = with(connection, review, &me, &waiting)?;
                if states.contains(&stored.review.state()) {
                    all.push(stored);
                }
            }
            Ok(all)
        })
    }

    /// An agent's reviews that were scored since a time, the newest first, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError::NoAccount`], [`StoreError::Damaged`] and the like.
    pub fn reviews_of(
        &self,
        agent: AgentId,
        since: Millis,
        limit: u32,
    ) -> Result<Vec<StoredReview>> {
        self.read(|connection| {
            let me = require_account(connection)?.agent;
            let waiting = waiting(connection)?;
            let found = quality::of_agent(connection, agent, since, limit)?;
            found
                .into_iter()
                .map(|review| with(connection, review, &me, &waiting))
                .collect()
        })
    }

    /// How the scored reviews of each agent came out whose work was sampled.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] and the like.
    pub fn review_counts(&self) -> Result<Vec<(AgentId, QaCounts)>> {
        self.read(quality::counts)
    }

    /// The scoring forms, by name.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] and the like.
    pub fn qa_forms(&self) -> Result<Vec<StoredForm>> {
        self.read(shown_forms)
    }

    /// The sampling rules, by name.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] and the like.
    pub fn qa_rules(&self) -> Result<Vec<StoredRule>> {
        self.read(shown_rules)
    }
}
