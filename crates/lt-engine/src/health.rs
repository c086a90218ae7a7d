//! A check of the knowledge: what will be asked in vain, and which entries are taken for another.
//!
//! Deterministic: the same entries and parts give the same report. The dear part is the questions
//! that are held out: the engine is built [`N_FOLDS`] times without a part of the wordings, which
//! are then asked of it.

use std::{collections::BTreeMap, sync::Arc};

pub use lt_model::health::{
    EntryRef, Example, FEW_SIMILAR, Finding, FindingCount, FindingKind, HealthReport, HeldOut,
    LONG_ANSWER_CHARS,
};

use crate::{Doc, Engine, EngineError, Query, parts::Parts};

mod texts;

/// Parts of the wordings that are held out in turn.
pub const N_FOLDS: usize = 5;
/// Of more entries than this, the wordings of a sample are asked.
pub const MAX_ENTRIES_ASKED: usize = 2_000;
/// Confused wordings from which on a pair of entries is told.
const LEAST_CONFUSED: u32 = 2;
/// Most findings of a kind that are shown.
const MAX_FINDINGS: usize = 200;
/// Most examples of a finding.
const MAX_EXAMPLES: usize = 5;

/// How far the check has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Wordings asked.
    pub done: usize,
    /// Of so many.
    pub total: usize,
}

/// Whether to go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Go on.
    On,
    /// Stop: no report is wanted any more.
    Stop,
}

/// Checks entries. `told` hears how far it has come and may stop it; then there is no report.
///
/// # Errors
/// [`EngineError::Index`] when an engine cannot be built.
pub fn report(
    docs: &[Doc],
    parts: &Arc<Parts>,
    told: &mut dyn FnMut(Progress) -> Step,
) -> Result<Option<HealthReport>, EngineError> {
    let whole = Engine::build_with(docs.to_vec(), Arc::clone(parts))?;
    let docs = whole.docs();
    let mut findings = texts::findings(docs);
    let Some((held_out, confused)) = held_out(docs, parts, told)? else {
        return Ok(None);
    };
    findings.extend(confused);
    findings.sort_by(|a, b| {
        let order = a.kind.cmp(&b.kind).then(b.n.cmp(&a.n));
        order.then_with(|| a.entries.cmp(&b.entries))
    });
    let mut counts: Vec<FindingCount> = Vec::new();
    findings.retain(|finding| {
        match counts.last_mut().filter(|last| last.kind == finding.kind) {
            Some(last) => last.n += 1,
            None => counts.push(FindingCount {
                kind: finding.kind,
                n: 1,
            }),
        }
        let of_kind = counts.last().map_or(0, |last| last.n);
        of_kind as usize <= MAX_FINDINGS
    });
    // What is poor where there are few wordings is told by the fewest first.
    findings.sort_by_key(|finding| match finding.kind {
        FindingKind::FewSimilar => (finding.kind, finding.n),
        _ => (finding.kind, 0),
    });
    Ok(Some(HealthReport {
        n_entries: count(docs.len()),
        n_wordings: count(docs.iter().map(|doc| 1 + doc.similar.len()).sum()),
        held_out,
        counts,
        findings,
    }))
}

/// A wording to ask: its entry's place, and which of its wordings.
struct Asked<'a> {
    place: usize,
    wording: usize,
    text: &'a str,
}

/// Asks every wording of an engine that does not have it, and tells the pairs of entries that were
/// taken for one another.
fn held_out(
    docs: &[Doc],
    parts: &Arc<Parts>,
    told: &mut dyn FnMut(Progress) -> Step,
) -> Result<Option<(HeldOut, Vec<Finding>)>, EngineError> {
    let asked = to_ask(docs);
    let mut places: Vec<usize> = asked.iter().map(|one| one.place).collect();
    places.dedup();
    let mut progress = Progress {
        done: 0,
        total: asked.len(),
    };
    let mut held_out = HeldOut {
        n_folds: count(N_FOLDS),
        n_entries: count(places.len()),
        n_asked: count(asked.len()),
        n_own: 0,
        is_sample: docs.len() > MAX_ENTRIES_ASKED,
    };
    let mut confused: BTreeMap<(usize, usize), Vec<Example>> = BTreeMap::new();
    for fold in 0..N_FOLDS {
        if told(progress) == Step::Stop {
            return Ok(None);
        }
        let kept: Vec<Doc> = docs
            .iter()
            .enumerate()
            .map(|(place, doc)| without(doc, place, fold))
            .collect();
        let engine = Engine::build_with(kept, Arc::clone(parts))?;
        for one in asked
            .iter()
            .filter(|one| fold_of(one.place, one.wording) == fold)
        {
            progress.done += 1;
            if progress.done.is_multiple_of(50) && told(progress) == Step::Stop {
                return Ok(None);
            }
            let ranking = engine.ranking(&Query::plain(one.text));
            let Some(winner) = ranking.rows.first().map(|row| row.place) else {
                continue;
            };
            if winner == one.place {
                held_out.n_own += 1;
                continue;
            }
            let (Some(own), Some(other)) = (docs.get(one.place), docs.get(winner)) else {
                continue;
            };
            let pair = (one.place.min(winner), one.place.max(winner));
            confused.entry(pair).or_default().push(Example {
                text: one.text.to_owned(),
                of: own.faq_id.clone(),
                to: other.faq_id.clone(),
                other: String::new(),
            });
        }
    }
    let findings = confused
        .into_iter()
        .filter(|(_, examples)| count(examples.len()) >= LEAST_CONFUSED)
        .filter_map(|((a, b), mut examples)| {
            let n = count(examples.len());
            examples.truncate(MAX_EXAMPLES);
            Some(Finding {
                kind: FindingKind::Confusable,
                entries: vec![entry(docs.get(a)?), entry(docs.get(b)?)],
                examples,
                n,
            })
        })
        .collect();
    Ok(Some((held_out, findings)))
}

/// The wordings of the entries that have another one to be found by; of many entries, of every
/// so-manyth.
fn to_ask(docs: &[Doc]) -> Vec<Asked<'_>> {
    let stride = docs.len().div_ceil(MAX_ENTRIES_ASKED).max(1);
    docs.iter()
        .enumerate()
        .filter(|(place, doc)| place % stride == 0 && !doc.similar.is_empty())
        .flat_map(|(place, doc)| {
            let texts = std::iter::once(&doc.question).chain(&doc.similar);
            texts.enumerate().map(move |(wording, text)| Asked {
                place,
                wording,
                text,
            })
        })
        .collect()
}

/// Spread, so that no part holds all standard questions.
fn fold_of(place: usize, wording: usize) -> usize {
    (place + wording) % N_FOLDS
}

/// An entry without its wordings of a part. One that has nothing else stays as it is.
fn without(doc: &Doc, place: usize, fold: usize) -> Doc {
    let mut kept: Vec<String> = std::iter::once(&doc.question)
        .chain(&doc.similar)
        .enumerate()
        .filter(|(wording, _)| fold_of(place, *wording) != fold)
        .map(|(_, text)| text.clone())
        .collect();
    if kept.is_empty() {
        return doc.clone();
    }
    Doc {
        question: kept.remove(0),
        similar: kept,
        ..doc.clone()
    }
}

fn entry(doc: &Doc) -> EntryRef {
    EntryRef {
        faq_id: doc.faq_id.clone(),
        question: doc.question.clone(),
    }
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
