//! Full-text search over questions and answers, for an agent's own words.

use std::collections::HashMap;

use lt_search::{FaqIndex, faq_index::FaqDoc};

use crate::{spoken, text, words::Doc};

/// Entries asked for by their questions, and by their answers.
const N_QUESTIONS: usize = 60;
const N_ANSWERS: usize = 40;

/// The index's document for an entry: texts folded as messages are.
pub(super) fn document(doc: &Doc) -> FaqDoc {
    FaqDoc {
        faq_id: doc.faq_id.clone(),
        question: folded(&doc.question, text::RULE_WINDOW),
        similar: doc
            .similar
            .iter()
            .map(|raw| folded(raw, text::RULE_WINDOW))
            .collect(),
        answer: folded(&doc.answer, text::RULE_WINDOW),
    }
}

/// Places of the entries that share words or pairs of characters with a text, best first; an index
/// that cannot be read finds nothing.
pub(super) fn found(index: &FaqIndex, text: &str, places: &HashMap<String, usize>) -> Vec<usize> {
    let text = folded(text, text::MATCH_WINDOW);
    let questions = index
        .search_questions(&text, N_QUESTIONS)
        .unwrap_or_default();
    let answers = index.search_answers(&text, N_ANSWERS).unwrap_or_default();
    let ids = questions
        .iter()
        .map(|hit| &hit.faq_id)
        .chain(answers.iter().map(|hit| &hit.faq_id));
    let mut found: Vec<usize> = Vec::new();
    for place in ids.filter_map(|id| places.get(id)) {
        if !found.contains(place) {
            found.push(*place);
        }
    }
    found
}

fn folded(raw: &str, window: usize) -> String {
    spoken::plain(&text::Folded::new(raw, window).chars)
        .iter()
        .collect()
}
