//! Scoring forms, sampling rules, reviews, and what further reviewers found. Forms and rules are told
//! to everybody who leads; a review to the leads of its group, and to its agent once it is scored; what
//! further reviewers found to the leads alone.

use lt_model::{
    change::{EntityKind, StreamKind},
    id::{ConversationId, GroupId, QaFormId, QaReviewId, QaRuleId},
    quality::{
        form::QaForm,
        review::{QaCalibration, QaReview},
        sample::QaRule,
    },
};
use lt_protocol::sync::Entity;

use crate::{
    error::Result,
    seam::{Reader, Tx},
    table::row,
    value::json,
};

/// All forms.
pub fn forms(reader: &Reader<'_>) -> Result<Vec<QaForm>> {
    row::all(
        reader,
        "SELECT body FROM qa_form WHERE tenant = $1 ORDER BY id",
    )
}

/// One form.
pub fn form(reader: &Reader<'_>, id: QaFormId) -> Result<Option<QaForm>> {
    row::one(
        reader,
        "SELECT body FROM qa_form WHERE tenant = $1 AND id = $2",
        id.into(),
    )
}

/// Keeps a form and announces it.
pub fn put_form(tx: &Tx<'_>, form: &QaForm) -> Result<()> {
    row::put(
        tx,
        "INSERT INTO qa_form (tenant, id, rev, body) VALUES ($1, $2, $3, $4)
         ON CONFLICT (tenant, id) DO UPDATE SET rev = excluded.rev, body = excluded.body",
        form.id.into(),
        form.edition,
        form,
    )?;
    let entity = Entity::QaForm(Box::new(form.clone()));
    tx.put(StreamKind::Watch, form.edition, entity);
    Ok(())
}

/// All rules, in an order that stays.
pub fn rules(reader: &Reader<'_>) -> Result<Vec<QaRule>> {
    row::all(
        reader,
        "SELECT body FROM qa_rule WHERE tenant = $1 ORDER BY id",
    )
}

/// One rule.
pub fn rule(reader: &Reader<'_>, id: QaRuleId) -> Result<Option<QaRule>> {
    row::one(
        reader,
        "SELECT body FROM qa_rule WHERE tenant = $1 AND id = $2",
        id.into(),
    )
}

/// Keeps a rule and announces it.
pub fn put_rule(tx: &Tx<'_>, rule: &QaRule) -> Result<()> {
    row::put(
        tx,
        "INSERT INTO qa_rule (tenant, id, rev, body) VALUES ($1, $2, $3, $4)
         ON CONFLICT (tenant, id) DO UPDATE SET rev = excluded.rev, body = excluded.body",
        rule.id.into(),
        rule.edition,
        rule,
    )?;
    let entity = Entity::QaRule(Box::new(rule.clone()));
    tx.put(StreamKind::Watch, rule.edition, entity);
    Ok(())
}

/// Removes a rule.
pub fn remove_rule(tx: &Tx<'_>, rule: &QaRule) -> Result<()> {
    tx.execute(
        "DELETE FROM qa_rule WHERE tenant = $1 AND id = $2",
        &[tx.tenant().into(), rule.id.into()],
    )?;
    let (kind, id) = (EntityKind::QaRule, rule.id.to_string());
    tx.del(StreamKind::Watch, rule.edition + 1, kind, id);
    Ok(())
}

/// One review.
pub fn review(reader: &Reader<'_>, id: QaReviewId) -> Result<Option<QaReview>> {
    row::one(
        reader,
        "SELECT body FROM qa_review WHERE tenant = $1 AND id = $2",
        id.into(),
    )
}

/// The review of a conversation.
pub fn of_conversation(reader: &Reader<'_>, id: ConversationId) -> Result<Option<QaReview>> {
    row::one(
        reader,
        "SELECT body FROM qa_review WHERE tenant = $1 AND conversation = $2",
        id.into(),
    )
}

/// Keeps a review and announces it to those who may see it.
pub fn put_review(tx: &Tx<'_>, review: &QaReview) -> Result<()> {
    keep_review(tx, review).map(|_| ())
}

/// The same of one whose conversation has come from another group, where nobody sees it any more.
pub fn move_review(tx: &Tx<'_>, review: &QaReview, from: GroupId) -> Result<()> {
    let rev = keep_review(tx, review)?;
    let (kind, id) = (EntityKind::QaReview, review.id.to_string());
    tx.del(StreamKind::Leads(from), rev, kind, id);
    Ok(())
}

/// Gives its new revision.
fn keep_review(tx: &Tx<'_>, review: &QaReview) -> Result<u64> {
    let rev = row::next_rev(
        tx,
        "SELECT rev FROM qa_review WHERE tenant = $1 AND id = $2",
        review.id.into(),
    )?;
    tx.execute(
        "INSERT INTO qa_review (tenant, id, conversation, rev, body) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (tenant, id) DO UPDATE SET rev = excluded.rev, body = excluded.body",
        &[
            tx.tenant().into(),
            review.id.into(),
            review.conversation_id.into(),
            rev.into(),
            json(review)?,
        ],
    )?;
    let (group, agent) = (review.group_id, review.agent);
    let entity = Entity::QaReview(Box::new(review.clone()));
    if review.scored.is_some() {
        tx.put(StreamKind::Desk { group, agent }, rev, entity.clone());
    }
    tx.put(StreamKind::Leads(group), rev, entity);
    Ok(rev)
}

/// What further reviewers found.
pub fn calibration(reader: &Reader<'_>, id: QaReviewId) -> Result<Option<QaCalibration>> {
    row::one(
        reader,
        "SELECT body FROM qa_calibration WHERE tenant = $1 AND id = $2",
        id.into(),
    )
}

/// Keeps what further reviewers found and announces it to the leads of the group.
pub fn put_calibration(tx: &Tx<'_>, calibration: &QaCalibration) -> Result<()> {
    let rev = row::next_rev(
        tx,
        "SELECT rev FROM qa_calibration WHERE tenant = $1 AND id = $2",
        calibration.id.into(),
    )?;
    row::put(
        tx,
        "INSERT INTO qa_calibration (tenant, id, rev, body) VALUES ($1, $2, $3, $4)
         ON CONFLICT (tenant, id) DO UPDATE SET rev = excluded.rev, body = excluded.body",
        calibration.id.into(),
        rev,
        calibration,
    )?;
    let entity = Entity::QaCalibration(Box::new(calibration.clone()));
    tx.put(StreamKind::Leads(calibration.group_id), rev, entity);
    Ok(())
}
