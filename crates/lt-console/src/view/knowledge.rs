//! The cached knowledge on the screen, as published.

use std::collections::BTreeMap;

use lt_model::faq::PublishedFaq;
use lt_protocol::{
    command::FaqListArgs,
    knowledge::{FaqCategoryView, FaqEntryView, FaqLineView, FaqPage, FaqRow},
    survey::MarksView,
};

/// Most rows of a list.
const MAX_ROWS: usize = 5_000;

/// The entries that fit, and the business lines of all.
pub(crate) fn page(mut all: Vec<PublishedFaq>, args: &FaqListArgs) -> FaqPage {
    all.sort_by(|a, b| {
        let by = |faq: &PublishedFaq| (faq.business_line.clone(), faq.category.clone());
        by(a).cmp(&by(b)).then_with(|| a.id.cmp(&b.id))
    });
    let lines = lines(&all);
    let words: Vec<String> = args
        .query
        .split_whitespace()
        .map(str::to_lowercase)
        .collect();
    let is_wanted = |wish: &Option<String>, is: &String| wish.as_ref().is_none_or(|one| one == is);
    all.retain(|faq| {
        is_wanted(&args.business_line, &faq.business_line)
            && is_wanted(&args.category, &faq.category)
            && words.iter().all(|word| has(faq, word))
    });
    FaqPage {
        total: count(all.len()),
        rows: all.into_iter().take(MAX_ROWS).map(row).collect(),
        lines,
    }
}

/// An entry as published.
pub(crate) fn entry(faq: PublishedFaq, marks: MarksView) -> FaqEntryView {
    FaqEntryView {
        faq_id: faq.id,
        version: faq.version,
        business_line: faq.business_line,
        category: faq.category,
        question: faq.question,
        similar: faq.similar,
        answer: faq.answer,
        published_at: faq.published_at,
        marks,
    }
}

fn has(faq: &PublishedFaq, word: &str) -> bool {
    [&faq.id, &faq.question, &faq.answer]
        .into_iter()
        .chain(&faq.similar)
        .any(|text| text.to_lowercase().contains(word))
}

fn row(faq: PublishedFaq) -> FaqRow {
    FaqRow {
        n_similar: count(faq.similar.len()),
        faq_id: faq.id,
        question: faq.question,
        business_line: faq.business_line,
        category: faq.category,
    }
}

fn lines(all: &[PublishedFaq]) -> Vec<FaqLineView> {
    let mut by_line: BTreeMap<&str, BTreeMap<&str, u32>> = BTreeMap::new();
    for faq in all {
        let line = by_line.entry(&faq.business_line).or_default();
        *line.entry(&faq.category).or_default() += 1;
    }
    by_line
        .into_iter()
        .map(|(name, categories)| FaqLineView {
            name: name.to_owned(),
            n: categories.values().sum(),
            categories: categories
                .into_iter()
                .map(|(name, n)| FaqCategoryView {
                    name: name.to_owned(),
                    n,
                })
                .collect(),
        })
        .collect()
}

fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
