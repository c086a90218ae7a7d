//! Which conversations are sampled, as the audit log tells of their ends and of customers' marks.

use std::sync::atomic::{AtomicU64, Ordering};

use lt_db::{
    Acted, DbError, Reader, Tx,
    table::{
        audit::{self as log, AuditRecord},
        conversation, counter, message, quality, survey,
    },
};
use lt_model::{
    Millis,
    audit::{Actor, Outcome},
    conversation::Conversation,
    id::{AgentId, ConversationId, SurveyId},
    quality::{
        form::QaForm,
        pre::{PreScore, prescore},
        review::{FormUsed, QaReview, QaState},
        sample::{Candidate, QaRule, SampleReason, takes},
    },
    survey::marked,
};

use crate::{audit, backoffice::Backoffice, error::Error, ids};

/// Most that is looked at at once; the next time goes on.
const N_AT_ONCE: u64 = 50;
/// Records that are looked through at once.
const WITHIN: u64 = 20_000;
/// After so many records without a sample the place is kept all the same: a process that starts reads
/// no more than these again.
const KEEP_EVERY: u64 = 200_000;
/// Messages of a conversation that are looked at: the last ones.
const N_LOOKED_AT: u64 = 1_000;

/// Records of one kind.
struct Source<'b> {
    /// The place up to which the log was read.
    counter: &'static str,
    /// The same in this process, where nothing was found since.
    here: &'b AtomicU64,
    /// The act that is looked for.
    action: &'static str,
    /// Which conversation a record of it is about.
    about: fn(&Reader<'_>, &str) -> Result<Option<ConversationId>, DbError>,
}

/// A conversation that is to be reviewed.
struct Drawn {
    conversation: Conversation,
    agent: AgentId,
    reasons: Vec<SampleReason>,
    mark: Option<u8>,
    form: FormUsed,
    pre: PreScore,
}

impl Backoffice {
    pub(super) fn sample_ends(&self, now: Millis) -> Result<(), Error> {
        let source = Source {
            counter: "quality_ends",
            here: &self.sampling.ends,
            action: "conversation.resolve",
            about: |_, object| {
                let id = object.strip_prefix("conversation:");
                Ok(id.and_then(|id| id.parse().ok()))
            },
        };
        self.sample(&source, now)
    }

    pub(super) fn sample_marks(&self, now: Millis) -> Result<(), Error> {
        let source = Source {
            counter: "quality_marks",
            here: &self.sampling.marks,
            action: "survey.answer",
            about: |reader, object| {
                let id = object.strip_prefix("survey:");
                let Some(id) = id.and_then(|id| id.parse::<SurveyId>().ok()) else {
                    return Ok(None);
                };
                let found = survey::by_id(reader, id)?;
                Ok(found.map(|survey| survey.conversation_id))
            },
        };
        self.sample(&source, now)
    }

    fn sample(&self, source: &Source<'_>, now: Millis) -> Result<(), Error> {
        let here = source.here.load(Ordering::Relaxed);
        let (kept, up_to, drawn) = self.read(|reader| {
            let kept = counter::last(reader, source.counter)?;
            let limits = (N_AT_ONCE, WITHIN);
            let (up_to, records) = log::of_action(reader, source.action, kept.max(here), limits)?;
            Ok((kept, up_to, draw(reader, source, &records)?))
        })?;
        if drawn.is_empty() && up_to - kept < KEEP_EVERY {
            source.here.store(up_to, Ordering::Relaxed);
            return Ok(());
        }
        self.act(|tx| {
            if counter::last(tx, source.counter)? != kept {
                // Another process was faster: what is left is read the next time.
                return Ok(Acted::nothing(Ok(())));
            }
            for one in drawn {
                keep(tx, one, now)?;
            }
            counter::set(tx, source.counter, up_to)?;
            let object = audit::object("audit", up_to);
            let entry = audit::allowed(now, Actor::System, "quality.sample", object);
            Ok(Acted::logged(Ok(()), entry))
        })
    }
}

fn draw(
    reader: &Reader<'_>,
    source: &Source<'_>,
    records: &[AuditRecord],
) -> Result<Vec<Drawn>, DbError> {
    let mut ids: Vec<ConversationId> = Vec::new();
    for record in records {
        let entry = &record.entry;
        if entry.action != source.action || entry.outcome != Outcome::Allowed {
            continue;
        }
        if let Some(id) = (source.about)(reader, &entry.object)?
            && !ids.contains(&id)
        {
            ids.push(id);
        }
    }
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let (forms, rules) = (quality::forms(reader)?, quality::rules(reader)?);
    let mut drawn = Vec::new();
    for id in ids {
        if let Some(found) = conversation::by_id(reader, id)? {
            drawn.extend(judge(reader, found, &forms, &rules)?);
        }
    }
    Ok(drawn)
}

/// Whether a conversation is reviewed. What only the bot answered is nobody's work.
fn judge(
    reader: &Reader<'_>,
    conversation: Conversation,
    forms: &[QaForm],
    rules: &[QaRule],
) -> Result<Option<Drawn>, DbError> {
    let messages: Vec<_> = message::tail(reader, conversation.id, N_LOOKED_AT)?
        .into_iter()
        .map(|stored| stored.message)
        .collect();
    let Some(agent) = marked(&messages).and_then(|marked| marked.agent) else {
        return Ok(None);
    };
    let answer = survey::newest(reader, conversation.id)?.and_then(|survey| survey.answer);
    let mark = answer.map(|answer| answer.score);
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
    Ok(used.map(|form| Drawn {
        agent,
        reasons,
        mark,
        pre: prescore(&form.draft, agent, &messages),
        form: FormUsed {
            id: form.id,
            edition: form.edition,
            draft: form.draft.clone(),
        },
        conversation,
    }))
}

/// Makes the review, or adds what is new to one that nobody has scored.
fn keep(tx: &Tx<'_>, drawn: Drawn, now: Millis) -> Result<(), Error> {
    let Some(mut known) = quality::of_conversation(tx, drawn.conversation.id)? else {
        let conversation = drawn.conversation;
        let review = QaReview {
            id: ids::new(now)?,
            conversation_id: conversation.id,
            number: conversation.number,
            group_id: conversation.group_id,
            agent: drawn.agent,
            ended_at: conversation.resolved_at.unwrap_or(now),
            sampled_at: now,
            reasons: drawn.reasons,
            mark: drawn.mark,
            form: drawn.form,
            pre: drawn.pre,
            scored: None,
            appeal: None,
        };
        return Ok(quality::put_review(tx, &review)?);
    };
    if known.state() != QaState::Open {
        return Ok(());
    }
    let n_reasons = known.reasons.len();
    for reason in drawn.reasons {
        if known
            .reasons
            .iter()
            .all(|one| one.rule_id != reason.rule_id)
        {
            known.reasons.push(reason);
        }
    }
    if known.reasons.len() > n_reasons || known.mark != drawn.mark {
        known.mark = drawn.mark;
        quality::put_review(tx, &known)?;
    }
    Ok(())
}
