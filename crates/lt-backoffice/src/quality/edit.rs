//! What people do: edit forms and rules, score, appeal, decide, calibrate.

use lt_db::{
    Tx,
    table::{conversation, quality},
};
use lt_model::{
    Millis,
    agent::{Agent, Permission},
    id::{ConversationId, QaFormId, QaReviewId, QaRuleId},
    quality::{
        act::QaAct,
        form::{FormEdit, QaForm},
        pick::About,
        review::{QaBy, QaCalibration, QaNotDone, QaReview},
        sample::{MAX_RULES, QaRule, SampleEdit},
    },
};
use lt_protocol::{code::Code, quality::code_of};

use super::sample::looked_at;
use crate::{
    authz::{self, Scope},
    error::{Error, Refused},
};

/// Does it. The same again is as good as done.
pub(crate) fn act(tx: &Tx<'_>, me: &Agent, act: &QaAct, now: Millis) -> Result<(), Error> {
    authz::check(me, act.permission(), Scope::Organisation)?;
    let by = QaBy {
        agent: me.id,
        name: me.display_name.clone(),
        at: now,
    };
    match act {
        QaAct::SaveForm { edit } => save_form(tx, me, edit, now),
        QaAct::SaveRule { edit } => save_rule(tx, me, edit, now),
        QaAct::RemoveRule { rule_id } => remove_rule(tx, *rule_id),
        QaAct::Pick {
            review_id,
            conversation_id,
            form_id,
        } => pick(tx, me, by, (*review_id, *conversation_id, *form_id)),
        QaAct::Score {
            review_id,
            ended_at,
            marks,
            comment,
        } => {
            let mut review = of_group(tx, me, *review_id)?;
            review.is_as_seen(*ended_at).map_err(refused)?;
            let is_news = review.score(by, marks, comment).map_err(refused)?;
            put(tx, &review, is_news)
        }
        QaAct::Appeal { review_id, text } => {
            let mut review = of_agent(tx, me, *review_id)?;
            let is_news = review.appeal(me.id, text, now).map_err(refused)?;
            put(tx, &review, is_news)
        }
        QaAct::Decide {
            review_id,
            marks,
            reason,
        } => {
            let mut review = of_group(tx, me, *review_id)?;
            let decided = review.decide(by, marks.as_deref(), reason);
            let is_news = decided.map_err(refused)?;
            put(tx, &review, is_news)
        }
        QaAct::Calibrate {
            review_id,
            marks,
            comment,
        } => {
            let review = of_group(tx, me, *review_id)?;
            let known = quality::calibration(tx, review.id)?;
            let mut calibration = known.unwrap_or_else(|| QaCalibration::of(&review));
            let added = calibration.add(&review, by, marks, comment);
            if added.map_err(refused)? {
                quality::put_calibration(tx, &calibration)?;
            }
            Ok(())
        }
    }
}

/// Puts a conversation of a group that the account reviews into the queue.
fn pick(
    tx: &Tx<'_>,
    me: &Agent,
    by: QaBy,
    (id, conversation_id, form_id): (QaReviewId, ConversationId, QaFormId),
) -> Result<(), Error> {
    let none = Refused::new(Code::NotFound, "no such conversation");
    let conversation = conversation::by_id(tx, conversation_id)?.ok_or(none)?;
    let scope = Scope::Group(conversation.group_id);
    authz::check(me, Permission::QualityReview, scope)?;
    if let Some(known) = quality::of_conversation(tx, conversation_id)? {
        if known.id == id {
            return Ok(());
        }
        // Of their own work nobody hears that it is to be reviewed.
        let why = match known.agent == me.id {
            true => QaNotDone::OwnWork,
            false => QaNotDone::Picked,
        };
        return Err(refused(why).into());
    }
    if quality::review(tx, id)?.is_some() {
        return Err(Refused::new(Code::BadRequest, "the id is another review's").into());
    }
    let form = quality::form(tx, form_id)?.filter(|form| form.draft.enabled);
    let form = form.ok_or(Refused::new(Code::NotFound, "no such form"))?;
    let (messages, mark) = looked_at(tx, conversation_id)?;
    let about = About {
        conversation: &conversation,
        messages: &messages,
        mark,
    };
    let review = QaReview::picked(id, by, &about, &form).map_err(refused)?;
    Ok(quality::put_review(tx, &review)?)
}

fn put(tx: &Tx<'_>, review: &QaReview, is_news: bool) -> Result<(), Error> {
    if is_news {
        quality::put_review(tx, review)?;
    }
    Ok(())
}

/// A review of a group that the account reviews.
fn of_group(tx: &Tx<'_>, me: &Agent, id: QaReviewId) -> Result<QaReview, Error> {
    let found = quality::review(tx, id)?.ok_or(no_such_review())?;
    let scope = Scope::Group(found.group_id);
    authz::check(me, Permission::QualityReview, scope)?;
    Ok(found)
}

/// A finished review of the account's own work.
fn of_agent(tx: &Tx<'_>, me: &Agent, id: QaReviewId) -> Result<QaReview, Error> {
    let found = quality::review(tx, id)?;
    let theirs = found.filter(|review| review.agent == me.id && review.scored.is_some());
    Ok(theirs.ok_or(no_such_review())?)
}

fn no_such_review() -> Refused {
    Refused::new(Code::NotFound, "no such review")
}

fn save_form(tx: &Tx<'_>, me: &Agent, edit: &FormEdit, now: Millis) -> Result<(), Error> {
    let draft = edit.draft.clone().check();
    let draft = draft.map_err(|_| Refused::new(Code::BadRequest, "the form makes no sense"))?;
    let before = quality::form(tx, edit.id)?;
    if before.as_ref().is_some_and(|before| before.draft == draft) {
        return Ok(());
    }
    is_current(before.as_ref().map(|before| before.edition), edit.base)?;
    if before.is_none() {
        is_room(quality::forms(tx)?.len())?;
    }
    let form = QaForm {
        id: edit.id,
        edition: edit.base + 1,
        draft,
        by: me.display_name.clone(),
        at: now,
    };
    Ok(quality::put_form(tx, &form)?)
}

fn save_rule(tx: &Tx<'_>, me: &Agent, edit: &SampleEdit, now: Millis) -> Result<(), Error> {
    let draft = edit.draft.clone().check();
    let draft = draft.map_err(|_| Refused::new(Code::BadRequest, "the rule makes no sense"))?;
    let before = quality::rule(tx, edit.id)?;
    if before.as_ref().is_some_and(|before| before.draft == draft) {
        return Ok(());
    }
    is_current(before.as_ref().map(|before| before.edition), edit.base)?;
    let form = quality::form(tx, draft.form_id)?;
    form.ok_or(Refused::new(Code::NotFound, "no such form"))?;
    if before.is_none() {
        is_room(quality::rules(tx)?.len())?;
    }
    let rule = QaRule {
        id: edit.id,
        edition: edit.base + 1,
        draft,
        by: me.display_name.clone(),
        at: now,
    };
    Ok(quality::put_rule(tx, &rule)?)
}

fn remove_rule(tx: &Tx<'_>, id: QaRuleId) -> Result<(), Error> {
    match quality::rule(tx, id)? {
        Some(rule) => Ok(quality::remove_rule(tx, &rule)?),
        None => Ok(()),
    }
}

/// An edit is made from what there is.
fn is_current(edition: Option<u64>, base: u64) -> Result<(), Refused> {
    match edition.unwrap_or(0) == base {
        true => Ok(()),
        false => Err(Refused::new(Code::ChangedMeanwhile, "somebody changed it")),
    }
}

fn is_room(n: usize) -> Result<(), Refused> {
    match u64::try_from(n).is_ok_and(|n| n < MAX_RULES) {
        true => Ok(()),
        false => Err(Refused::new(Code::TooLarge, "there are too many")),
    }
}

fn refused(why: QaNotDone) -> Refused {
    Refused::new(code_of(why), "the review does not allow it")
}
