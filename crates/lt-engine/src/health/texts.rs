//! What the texts alone show.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{
    EntryRef, Example, FEW_SIMILAR, Finding, FindingKind, LONG_ANSWER_CHARS, MAX_EXAMPLES, count,
    entry,
};
use crate::{Doc, channels::exact, thesaurus};

/// From here on two questions are nearly the same: one character of nine, two of seventeen.
const NEAR: f32 = 0.79;
/// Most wordings with the same half that are compared with one another.
const MAX_SAME_HALF: usize = 64;
/// Most entries of one finding.
const MAX_ENTRIES: usize = 20;
/// Characters shown of an answer.
const BEGINNING: usize = 60;

/// Findings by the texts.
pub(super) fn findings(docs: &[Doc]) -> Vec<Finding> {
    let mut found: Vec<Finding> = docs.iter().flat_map(of_one).collect();
    found.extend(same_answers(docs));
    found.extend(near_questions(docs));
    found
}

fn of_one(doc: &Doc) -> Vec<Finding> {
    let n_chars = doc.answer.trim().chars().count();
    let finding = |kind, n, examples| Finding {
        kind,
        entries: vec![entry(doc)],
        examples,
        n,
    };
    let shown = |text: &str| Example {
        text: beginning(text),
        of: doc.faq_id.clone(),
        to: String::new(),
        other: String::new(),
    };
    let mut found = Vec::new();
    if n_chars == 0 {
        found.push(finding(FindingKind::NoAnswer, 0, Vec::new()));
    }
    if n_chars > LONG_ANSWER_CHARS {
        let examples = vec![shown(&doc.answer)];
        found.push(finding(FindingKind::LongAnswer, count(n_chars), examples));
    }
    if doc.similar.len() < FEW_SIMILAR {
        let examples = doc.similar.iter().map(|text| shown(text)).collect();
        let n = count(doc.similar.len());
        found.push(finding(FindingKind::FewSimilar, n, examples));
    }
    found
}

fn same_answers(docs: &[Doc]) -> Vec<Finding> {
    let mut by_answer: BTreeMap<Vec<char>, Vec<EntryRef>> = BTreeMap::new();
    for doc in docs {
        let answer: Vec<char> = doc.answer.chars().filter(|c| c.is_alphanumeric()).collect();
        if !answer.is_empty() {
            by_answer.entry(answer).or_default().push(entry(doc));
        }
    }
    let answer_of: HashMap<&str, &str> = docs
        .iter()
        .map(|doc| (doc.faq_id.as_str(), doc.answer.as_str()))
        .collect();
    by_answer
        .into_values()
        .filter(|entries| entries.len() > 1)
        .map(|mut entries| {
            let n = count(entries.len());
            entries.truncate(MAX_ENTRIES);
            let examples = entries.first().map(|first| Example {
                text: beginning(answer_of.get(first.faq_id.as_str()).unwrap_or(&"")),
                of: first.faq_id.clone(),
                to: String::new(),
                other: String::new(),
            });
            Finding {
                kind: FindingKind::SameAnswer,
                entries,
                examples: examples.into_iter().collect(),
                n,
            }
        })
        .collect()
}

/// One wording.
struct Wording<'a> {
    place: usize,
    text: &'a str,
    core: Vec<char>,
}

/// Pairs of entries with nearly the same wording. Two texts that differ in one place have the same
/// first or the same second half: only such are compared.
fn near_questions(docs: &[Doc]) -> Vec<Finding> {
    let wordings: Vec<Wording<'_>> = docs
        .iter()
        .enumerate()
        .flat_map(|(place, doc)| {
            let texts = std::iter::once(&doc.question).chain(&doc.similar);
            texts.map(move |text| Wording {
                place,
                text,
                core: exact::core(&thesaurus::comparable(text)),
            })
        })
        .filter(|wording| wording.core.len() >= 2)
        .collect();
    let mut by_half: BTreeMap<(bool, &[char]), Vec<usize>> = BTreeMap::new();
    for (at, wording) in wordings.iter().enumerate() {
        let n = wording.core.len();
        for half in BTreeSet::from([(n - 1) / 2, n / 2, n.div_ceil(2)]) {
            let (Some(first), Some(last)) =
                (wording.core.get(..half), wording.core.get(n - half..))
            else {
                continue;
            };
            if half > 0 {
                by_half.entry((false, first)).or_default().push(at);
                by_half.entry((true, last)).or_default().push(at);
            }
        }
    }
    let mut pairs: BTreeMap<(usize, usize), BTreeSet<(usize, usize)>> = BTreeMap::new();
    for same in by_half.values() {
        let same = same.get(..MAX_SAME_HALF).unwrap_or(same);
        for (idx, a) in same.iter().enumerate() {
            for b in same.iter().skip(idx + 1) {
                let (Some(one), Some(other)) = (wordings.get(*a), wordings.get(*b)) else {
                    continue;
                };
                if one.place != other.place && exact::similarity(&one.core, &other.core) >= NEAR {
                    let places = (one.place.min(other.place), one.place.max(other.place));
                    let texts = if one.place < other.place {
                        (*a, *b)
                    } else {
                        (*b, *a)
                    };
                    pairs.entry(places).or_default().insert(texts);
                }
            }
        }
    }
    pairs
        .into_iter()
        .filter_map(|((a, b), texts)| {
            let (one, other) = (docs.get(a)?, docs.get(b)?);
            let examples = texts.iter().take(MAX_EXAMPLES).filter_map(|(x, y)| {
                Some(Example {
                    text: wordings.get(*x)?.text.to_owned(),
                    of: one.faq_id.clone(),
                    to: other.faq_id.clone(),
                    other: wordings.get(*y)?.text.to_owned(),
                })
            });
            Some(Finding {
                kind: FindingKind::NearQuestion,
                entries: vec![entry(one), entry(other)],
                examples: examples.collect(),
                n: count(texts.len()),
            })
        })
        .collect()
}

fn beginning(text: &str) -> String {
    let mut rest = text.chars();
    let mut shown: String = rest.by_ref().take(BEGINNING).collect();
    if rest.next().is_some() {
        shown.push('…');
    }
    shown
}
