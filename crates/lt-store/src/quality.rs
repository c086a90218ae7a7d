//! Quality at this desk: what the server has, with what waits to be sent.

mod arrive;

mod pick;

use lt_model::{
    Millis,
    agent::Agent,
    id::{AgentId, ConversationId, GroupId, QaReviewId},
    quality::{
        act::QaAct,
        form::{FormEdit, QaForm},
        review::{QaBy, QaCalibration, QaNotDone, QaReview},
        sample::{QaRule, SampleEdit},
    },
};
use lt_protocol::{quality::QaScope, sync::Action};
use rusqlite::{Connection, Transaction};

pub(crate) use arrive::arrive;

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

/// A review that the server has, or that this desk has picked and will have.
fn find(
    connection: &Connection,
    id: QaReviewId,
    me: &Agent,
    waiting: &[(QaAct, Millis)],
) -> Result<Option<(QaReview, bool)>> {
    if let Some(known) = quality::review(connection, id)? {
        return Ok(Some((known, false)));
    }
    let pick = waiting
        .iter()
        .find(|(act, _)| matches!(act, QaAct::Pick { review_id, .. } if *review_id == id));
    let Some((act, at)) = pick else {
        return Ok(None);
    };
    match pick::begun(connection, me, act, *at) {
        Ok(begun) => Ok(begun.map(|begun| (begun, true))),
        // It has gone on, or is to be reviewed already: the server will say so.
        Err(StoreError::Quality(_) | StoreError::NotFound(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// A review with what waits. What the server has says no more than an act that it no longer allows.
fn with(
    connection: &Connection,
    (review, is_pending): (QaReview, bool),
    me: &Agent,
    waiting: &[(QaAct, Millis)],
) -> Result<StoredReview> {
    let known = quality::calibration(connection, review.id)?;
    let calibration = known.unwrap_or_else(|| QaCalibration::of(&review));
    let mut stored = StoredReview {
        review,
        calibration,
        is_pending,
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
        QaAct::Score {
            ended_at,
            marks,
            comment,
            ..
        } => {
            review.is_as_seen(*ended_at)?;
            review.score(by, marks, comment)
        }
        QaAct::Appeal { text, .. } => review.appeal(me.id, text, at),
        QaAct::Decide { marks, reason, .. } => review.decide(by, marks.as_deref(), reason),
        QaAct::Calibrate { marks, comment, .. } => calibration.add(review, by, marks, comment),
        // It is as the picked review was begun.
        QaAct::Pick { .. }
        | QaAct::SaveForm { .. }
        | QaAct::SaveRule { .. }
        | QaAct::RemoveRule { .. } => Ok(false),
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
            | QaAct::Pick { .. }
            | QaAct::Score { .. }
            | QaAct::Appeal { .. }
            | QaAct::Decide { .. }
            | QaAct::Calibrate { .. } => {}
        }
    }
    all.sort_by(|a, b| (&a.rule.draft.name, a.rule.id).cmp(&(&b.rule.draft.name, b.rule.id)));
    Ok(all)
}

/// Whether an edit changes anything. One over an edition that is known to be an old one is not sent:
/// the server would refuse it, and what was written is still on the screen now.
fn is_over<T: PartialEq>(
    known: Option<(u64, &T)>,
    base: u64,
    draft: &T,
) -> Result<bool, QaNotDone> {
    match known {
        Some((_, known)) if known == draft => Ok(false),
        Some((edition, _)) if edition > base => Err(QaNotDone::Before),
        Some(_) | None => Ok(true),
    }
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
            is_over(
                known.map(|one| (one.form.edition, &one.form.draft)),
                edit.base,
                &edit.draft,
            )?
        }
        QaAct::SaveRule { edit } => {
            edit.draft = edit.draft.clone().check()?;
            let forms = shown_forms(tx)?;
            if !forms.iter().any(|one| one.form.id == edit.draft.form_id) {
                return Err(StoreError::NotFound("scoring form"));
            }
            let known = shown_rules(tx)?;
            let known = known.iter().find(|one| one.rule.id == edit.id);
            is_over(
                known.map(|one| (one.rule.edition, &one.rule.draft)),
                edit.base,
                &edit.draft,
            )?
        }
        QaAct::RemoveRule { rule_id } => {
            let known = shown_rules(tx)?;
            known.iter().any(|one| one.rule.id == *rule_id)
        }
        QaAct::Pick { review_id, .. } => {
            let waiting = waiting(tx)?;
            match find(tx, *review_id, me, &waiting)? {
                Some(_) => false,
                None => {
                    pick::is_free(&waiting, &act)?;
                    pick::begun(tx, me, &act, now)?.is_some()
                }
            }
        }
        QaAct::Score { review_id, .. }
        | QaAct::Appeal { review_id, .. }
        | QaAct::Decide { review_id, .. }
        | QaAct::Calibrate { review_id, .. } => {
            let waiting = waiting(tx)?;
            let found = find(tx, *review_id, me, &waiting)?;
            let found = found.ok_or(StoreError::NotFound("review"))?;
            // Of a review that this desk picks itself the server has the end to say.
            if let (QaAct::Score { ended_at, .. }, (review, false)) = (&mut act, &found) {
                *ended_at = Some(review.ended_at);
            }
            let mut stored = with(tx, found, me, &waiting)?;
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
            find(connection, id, &me, &waiting)?
                .map(|found| with(connection, found, &me, &waiting))
                .transpose()
        })
    }

    /// A page of the reviews that the account may look after, of one agent or of all, and how many
    /// there are. Nobody reviews themselves.
    ///
    /// # Errors
    /// [`StoreError::NoAccount`], [`StoreError::Damaged`] and the like.
    pub fn reviews(
        &self,
        scope: QaScope,
        agent: Option<AgentId>,
        (from, limit): (u32, u32),
    ) -> Result<(Vec<StoredReview>, u32)> {
        self.read(|connection| {
            let me = require_account(connection)?.agent;
            let waiting = waiting(connection)?;
            let places = pick::places(connection, scope, agent, &me, &waiting)?;
            let total = u32::try_from(places.len()).unwrap_or(u32::MAX);
            let wide = |n| usize::try_from(n).unwrap_or(usize::MAX);
            let page = places.into_iter().skip(wide(from)).take(wide(limit));
            let mut all = Vec::new();
            for place in page {
                if let Some(found) = find(connection, place.id, &me, &waiting)? {
                    all.push(with(connection, found, &me, &waiting)?);
                }
            }
            Ok((all, total))
        })
    }

    /// How many of the reviews there are, see [`Store::reviews`].
    ///
    /// # Errors
    /// [`StoreError::NoAccount`], [`StoreError::Damaged`] and the like.
    pub fn n_reviews(&self, scope: QaScope, agent: Option<AgentId>) -> Result<u32> {
        Ok(self.reviews(scope, agent, (0, 0))?.1)
    }

    /// The review of a conversation, if there is one, and why somebody here cannot pick it.
    ///
    /// # Errors
    /// [`StoreError::NoAccount`], [`StoreError::NotFound`] without the conversation, and the like.
    pub fn picking(&self, id: ConversationId) -> Result<(Option<QaReviewId>, Option<QaNotDone>)> {
        self.read(|connection| {
            let me = require_account(connection)?.agent;
            let waiting = waiting(connection)?;
            pick::look(connection, id, &me, &waiting)
        })
    }

    /// An agent's reviews that were scored since a time, the newest first.
    ///
    /// # Errors
    /// [`StoreError::NoAccount`], [`StoreError::Damaged`] and the like.
    pub fn reviews_of(&self, agent: AgentId, since: Millis) -> Result<Vec<StoredReview>> {
        self.read(|connection| {
            let me = require_account(connection)?.agent;
            let waiting = waiting(connection)?;
            let found = quality::of_agent(connection, agent, since)?;
            found
                .into_iter()
                .map(|review| with(connection, (review, false), &me, &waiting))
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

    /// The same of those that were scored in each of some spans, of one group or of all; agents without
    /// any in a span are not among its. All of them are of one moment.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] and the like.
    pub fn review_counts_in(
        &self,
        spans: &[(Millis, Millis)],
        group: Option<GroupId>,
    ) -> Result<Vec<Vec<(AgentId, QaCounts)>>> {
        self.read(|connection| {
            let counts = spans
                .iter()
                .map(|span| quality::counts_in(connection, *span, group));
            counts.collect()
        })
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
