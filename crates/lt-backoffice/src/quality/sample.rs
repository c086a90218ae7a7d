//! Which conversations are sampled, as the audit log tells of their ends and of customers' marks.

use lt_db::{
    DbError, Reader, Tx,
    table::{audit::AuditRecord, conversation, message, quality, survey},
};
use lt_model::{
    Millis,
    conversation::Conversation,
    id::{ConversationId, QaReviewId},
    message::Message,
    quality::{
        form::QaForm,
        pick::{About, N_LOOKED_AT},
        review::{QaReview, QaState},
        sample::{Candidate, QaRule, takes},
    },
};
use uuid::Uuid;

use crate::{
    background::{Place, about},
    backoffice::Backoffice,
    error::Error,
    ids,
};

/// Most that is looked at at once; the next time goes on.
const N_AT_ONCE: u64 = 50;

/// What comes of an end or of a mark.
struct Drawn {
    conversation_id: ConversationId,
    /// The review that rules make of it; its id is still to be given. None: no rule takes it, but one
    /// that was begun before, by whatever way, is behind.
    review: Option<QaReview>,
}

impl Backoffice {
    pub(super) fn sample_ends(&self, now: Millis) -> Result<(), Error> {
        let place = Place {
            counter: "quality_ends",
            here: &self.sampling.ends,
            action: "conversation.resolve",
            at_once: N_AT_ONCE,
            logged_as: "quality.sample",
        };
        let drawn = |reader: &Reader<'_>, records: &[AuditRecord]| {
            let ids = records.iter().filter_map(|one| about(one, "conversation"));
            draw(reader, ids, now)
        };
        self.read_on(&place, now, drawn, |tx, one| keep(tx, one, now))
    }

    pub(super) fn sample_marks(&self, now: Millis) -> Result<(), Error> {
        let place = Place {
            counter: "quality_marks",
            here: &self.sampling.marks,
            action: "survey.answer",
            at_once: N_AT_ONCE,
            logged_as: "quality.sample",
        };
        let drawn = |reader: &Reader<'_>, records: &[AuditRecord]| {
            let mut ids = Vec::new();
            for id in records.iter().filter_map(|one| about(one, "survey")) {
                let found = survey::by_id(reader, id)?;
                ids.extend(found.map(|survey| survey.conversation_id));
            }
            draw(reader, ids.into_iter(), now)
        };
        self.read_on(&place, now, drawn, |tx, one| keep(tx, one, now))
    }
}

fn draw(
    reader: &Reader<'_>,
    found: impl Iterator<Item = ConversationId>,
    now: Millis,
) -> Result<Vec<Drawn>, DbError> {
    let mut ids: Vec<ConversationId> = Vec::new();
    for id in found {
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let (forms, rules) = (quality::forms(reader)?, quality::rules(reader)?);
    let mut drawn = Vec::new();
    for id in ids {
        let Some(found) = conversation::by_id(reader, id)? else {
            continue;
        };
        let review = judge(reader, &found, (&forms, &rules), now)?;
        let is_behind = |known: QaReview| known.is_behind(&found);
        if review.is_some() || quality::of_conversation(reader, id)?.is_some_and(is_behind) {
            drawn.push(Drawn {
                conversation_id: id,
                review,
            });
        }
    }
    Ok(drawn)
}

/// What was said last in a conversation, and the customer's mark.
pub(super) fn looked_at(
    reader: &Reader<'_>,
    id: ConversationId,
) -> Result<(Vec<Message>, Option<u8>), DbError> {
    let stored = message::tail(reader, id, u64::from(N_LOOKED_AT))?.into_iter();
    let answer = survey::newest(reader, id)?.and_then(|survey| survey.answer);
    let messages = stored.map(|stored| stored.message).collect();
    Ok((messages, answer.map(|answer| answer.score)))
}

/// The review of a conversation, if it is to be reviewed; its id is still to be given.
fn judge(
    reader: &Reader<'_>,
    conversation: &Conversation,
    (forms, rules): (&[QaForm], &[QaRule]),
    now: Millis,
) -> Result<Option<QaReview>, DbError> {
    let (messages, mark) = looked_at(reader, conversation.id)?;
    let about = About {
        conversation,
        messages: &messages,
        mark,
    };
    let Some(agent) = about.agent() else {
        return Ok(None);
    };
    let candidate = Candidate {
        conversation_id: conversation.id,
        group_id: conversation.group_id,
        messages: &messages,
        mark,
    };
    let mut used: Option<&QaForm> = None;
    let mut reasons = Vec::new();
    for rule in rules {
        let form = forms.iter().find(|form| form.id == rule.draft.form_id);
        let Some(form) = form.filter(|form| form.draft.enabled) else {
            continue;
        };
        if let Some(reason) = takes(rule, &candidate) {
            // The form is that of the first rule.
            used = used.or(Some(form));
            reasons.push(reason);
        }
    }
    let id = QaReviewId(Uuid::nil());
    Ok(used.map(|form| QaReview::begun(id, (&about, agent), form, reasons, now)))
}

/// Makes the review, or adds what is new to one that nobody has scored.
fn keep(tx: &Tx<'_>, drawn: &Drawn, now: Millis) -> Result<(), Error> {
    let Some(mut known) = quality::of_conversation(tx, drawn.conversation_id)? else {
        if let Some(review) = &drawn.review {
            let id = ids::new(now)?;
            quality::put_review(
                tx,
                &QaReview {
                    id,
                    ..review.clone()
                },
            )?;
        }
        return Ok(());
    };
    if known.state() != QaState::Open {
        return Ok(());
    }
    let was_in = known.group_id;
    let mut is_news = catch_up(tx, &mut known)?;
    if let Some(review) = &drawn.review {
        is_news |= add(&mut known, review);
    }
    if is_news && known.group_id != was_in {
        quality::move_review(tx, &known, was_in)?;
    } else if is_news {
        quality::put_review(tx, &known)?;
    }
    Ok(())
}

/// Looks anew at a conversation that has ended again: by the review's own form, and by what there is
/// now, since both may have changed after it was drawn.
fn catch_up(tx: &Tx<'_>, known: &mut QaReview) -> Result<bool, Error> {
    let Some(conversation) = conversation::by_id(tx, known.conversation_id)? else {
        return Ok(false);
    };
    if !known.is_behind(&conversation) {
        return Ok(false);
    }
    let (messages, mark) = looked_at(tx, conversation.id)?;
    Ok(known.catch_up(&About {
        conversation: &conversation,
        messages: &messages,
        mark,
    }))
}

/// Adds why rules take it now, and the customer's mark.
fn add(known: &mut QaReview, drawn: &QaReview) -> bool {
    let n_reasons = known.reasons.len();
    for reason in &drawn.reasons {
        if known
            .reasons
            .iter()
            .all(|one| one.rule_id != reason.rule_id)
        {
            known.reasons.push(reason.clone());
        }
    }
    let is_news = known.reasons.len() > n_reasons || known.mark != drawn.mark;
    known.mark = drawn.mark;
    is_news
}
