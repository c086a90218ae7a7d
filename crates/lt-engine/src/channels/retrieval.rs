//! Full-text retrieval (BM25) over words, character pairs and answers.

use std::collections::HashMap;

use lt_search::{FaqIndex, faq_index::FaqDoc};

use crate::{error::EngineError, spoken, text, words::Doc};

/// Wordings asked for by words and by pairs.
const N_WORDINGS: usize = 60;
/// Answers asked for.
const N_ANSWERS: usize = 20;

/// What retrieval says about one entry: scores as a share of the best score of their kind.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Retrieved {
    /// By words.
    pub(crate) words: f32,
    /// By character pairs.
    pub(crate) chars: f32,
    /// By the answer's words.
    pub(crate) answer: f32,
}

/// The index's document for an entry: texts folded as messages are.
pub(crate) fn document(doc: &Doc) -> FaqDoc {
    let fold = |raw: &String| -> String {
        spoken::plain(&text::Folded::new(raw, text::RULE_WINDOW).chars)
            .iter()
            .collect()
    };
    FaqDoc {
        faq_id: doc.faq_id.clone(),
        question: fold(&doc.question),
        similar: doc.similar.iter().map(fold).collect(),
        answer: fold(&doc.answer),
    }
}

/// Entries (by their place in `places`) that share something with the folded text.
pub(crate) fn retrieve(
    index: &FaqIndex,
    folded: &str,
    places: &HashMap<String, usize>,
) -> Result<Vec<(usize, Retrieved)>, EngineError> {
    let mut found: HashMap<usize, Retrieved> = HashMap::new();
    for hit in index
        .search_questions(folded, N_WORDINGS)
        .map_err(EngineError::Index)?
    {
        if let Some(place) = places.get(&hit.faq_id) {
            let entry = found.entry(*place).or_default();
            entry.words = entry.words.max(hit.score_words);
            entry.chars = entry.chars.max(hit.score_bigrams);
        }
    }
    for hit in index
        .search_answers(folded, N_ANSWERS)
        .map_err(EngineError::Index)?
    {
        if let Some(place) = places.get(&hit.faq_id) {
            found.entry(*place).or_default().answer = hit.score;
        }
    }
    let mut found: Vec<(usize, Retrieved)> = found.into_iter().collect();
    found.sort_by_key(|(place, _)| *place);
    let top = found
        .iter()
        .fold(Retrieved::default(), |top, (_, one)| Retrieved {
            words: top.words.max(one.words),
            chars: top.chars.max(one.chars),
            answer: top.answer.max(one.answer),
        });
    for (_, one) in &mut found {
        one.words = share(one.words, top.words);
        one.chars = share(one.chars, top.chars);
        one.answer = share(one.answer, top.answer);
    }
    Ok(found)
}

fn share(value: f32, top: f32) -> f32 {
    if top > 0.0 { value / top } else { 0.0 }
}
