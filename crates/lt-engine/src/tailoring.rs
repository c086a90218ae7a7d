//! From an administrator's settings to the engine's parts: what may be written, and what it means.

use std::{collections::HashMap, sync::Arc};

use lt_model::engine::{
    EngineDraft, EngineProblem, EngineSettings, LearnedWeights, MAX_EXPRESSION_CHARS,
    MAX_EXPRESSIONS, MAX_GROUPS, MAX_TEXT_BYTES, MAX_WORD_CHARS, MAX_WORDS, TARGET_PERMILLE,
};

use crate::{
    parts::{Parts, Tailoring, Weights},
    thesaurus,
};

/// Most problems that are told at once.
const MAX_PROBLEMS: usize = 50;

/// The parts of an engine under these settings; the shipped ones without.
#[must_use]
pub fn parts(settings: Option<&EngineSettings>) -> Arc<Parts> {
    match settings {
        Some(settings) => {
            let parts = parts_of(&settings.draft, settings.answer_from_permille);
            with_learned(parts, settings.learned.as_ref())
        }
        None => Parts::shipped(),
    }
}

/// The parts with the weights that picks have moved; the threshold is the administrator's, whatever
/// it was when the picks were read.
#[must_use]
pub fn with_learned(parts: Arc<Parts>, learned: Option<&LearnedWeights>) -> Arc<Parts> {
    match learned.and_then(|learned| Weights::from_json(&learned.json)) {
        Some(weights) => parts.with_weights(Weights {
            answer_from: parts.weights().answer_from,
            ..weights
        }),
        None => parts,
    }
}

/// The parts under a draft that answers from this confidence on, in thousandths.
#[must_use]
pub fn parts_of(draft: &EngineDraft, answer_from_permille: Option<u16>) -> Arc<Parts> {
    Parts::tailored(&Tailoring {
        synonyms: draft.synonyms.clone(),
        dictionary: draft.dictionary.clone(),
        answer_from: answer_from_permille.map(|permille| f32::from(permille) / 1_000.0),
    })
}

/// The draft without blanks around expressions and words, and without empty ones.
#[must_use]
pub fn tidied(draft: &EngineDraft) -> EngineDraft {
    let trimmed = |list: &Vec<String>| -> Vec<String> {
        list.iter()
            .map(|text| text.trim().to_owned())
            .filter(|text| !text.is_empty())
            .collect()
    };
    EngineDraft {
        synonyms: draft
            .synonyms
            .iter()
            .map(trimmed)
            .filter(|group| !group.is_empty())
            .collect(),
        dictionary: trimmed(&draft.dictionary),
        target_permille: draft.target_permille,
    }
}

/// What is wrong with a draft, at most 50 problems; nothing where it may be saved. Expressions and
/// words count as the same when the engine cannot tell them apart: case, width and traditional
/// characters make no difference.
#[must_use]
pub fn check(draft: &EngineDraft) -> Vec<EngineProblem> {
    let mut problems = sizes(draft);
    let mut groups: HashMap<Vec<char>, u32> = HashMap::new();
    for (group, expressions) in (1_u32..).zip(&draft.synonyms) {
        check_group(group, expressions, &mut groups, &mut problems);
    }
    let mut words: HashMap<Vec<char>, u32> = HashMap::new();
    for (at, word) in (1_u32..).zip(&draft.dictionary) {
        let comparable = thesaurus::comparable(word);
        if !says_something(&comparable) || word.trim().contains(char::is_whitespace) {
            problems.push(EngineProblem::BlankWord { at });
        } else if word.chars().count() > MAX_WORD_CHARS {
            let text = beginning(word);
            problems.push(EngineProblem::WordTooLong { at, text });
        } else if let Some(first) = words.insert(comparable, at) {
            problems.push(EngineProblem::WordTwice {
                text: word.clone(),
                first,
                second: at,
            });
        }
    }
    problems.truncate(MAX_PROBLEMS);
    problems
}

fn sizes(draft: &EngineDraft) -> Vec<EngineProblem> {
    let mut problems = Vec::new();
    if draft.synonyms.len() > MAX_GROUPS {
        let n = count(draft.synonyms.len());
        problems.push(EngineProblem::TooManyGroups { n });
    }
    if draft.dictionary.len() > MAX_WORDS {
        let n = count(draft.dictionary.len());
        problems.push(EngineProblem::TooManyWords { n });
    }
    let texts = draft.synonyms.iter().flatten().chain(&draft.dictionary);
    let n_bytes: usize = texts.map(String::len).sum();
    if n_bytes > MAX_TEXT_BYTES {
        let n = count(n_bytes);
        problems.push(EngineProblem::TooMuchText { n });
    }
    if let Some(permille) = draft.target_permille
        && !TARGET_PERMILLE.contains(&permille)
    {
        problems.push(EngineProblem::Target { permille });
    }
    problems
}

fn check_group(
    group: u32,
    expressions: &[String],
    known: &mut HashMap<Vec<char>, u32>,
    problems: &mut Vec<EngineProblem>,
) {
    if expressions.len() > MAX_EXPRESSIONS {
        let n = count(expressions.len());
        problems.push(EngineProblem::GroupTooLong { group, n });
    }
    if expressions.len() < 2 {
        problems.push(EngineProblem::GroupTooShort { group });
    }
    for expression in expressions {
        let comparable = thesaurus::comparable(expression);
        if !says_something(&comparable) {
            problems.push(EngineProblem::BlankExpression { group });
        } else if expression.chars().count() > MAX_EXPRESSION_CHARS {
            let text = beginning(expression);
            problems.push(EngineProblem::ExpressionTooLong { group, text });
        } else if let Some(first) = known.get(&comparable) {
            problems.push(EngineProblem::InTwoGroups {
                text: expression.clone(),
                first: *first,
                second: group,
            });
        } else {
            known.insert(comparable, group);
        }
    }
}

fn says_something(comparable: &[char]) -> bool {
    comparable.iter().any(|c| c.is_alphanumeric())
}

fn beginning(text: &str) -> String {
    text.chars().take(MAX_EXPRESSION_CHARS).collect()
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
