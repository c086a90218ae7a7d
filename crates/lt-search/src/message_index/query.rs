//! Queries, built by hand from what was typed.

use std::ops::Bound;

use tantivy::Term;
use tantivy::query::{
    BooleanQuery, ConstScoreQuery, Occur, PhraseQuery, Query, RangeQuery, RegexQuery, TermQuery,
};
use tantivy::schema::IndexRecordOption;

use super::Filter;
use super::schema::{Fields, kind_number};
use crate::highlight::typed_terms;
use crate::tokenizer::{Grams, MAX_TERM_CHARS, Run, distinct, grams, runs};
use crate::{MAX_QUERY_CHARS, MAX_TEXT_CHARS, head, normalise};

/// Runs of a query that are asked for; more only cost time.
const MAX_RUNS: usize = 16;
/// Pairs of a query that are asked for when it is searched loosely.
const MAX_PAIRS: usize = 64;
/// A shorter run of letters and digits is not completed: too much would match.
const MIN_PREFIX_CHARS: usize = 2;

type Clause = (Occur, Box<dyn Query>);

/// Every run of the query, letter by letter. `None` when there is nothing to look for.
pub(super) fn exact(fields: &Fields, typed: &str, filter: &Filter) -> Option<BooleanQuery> {
    let mut clauses: Vec<Clause> = runs(typed)
        .into_iter()
        .take(MAX_RUNS)
        .map(|run| (Occur::Must, run_query(fields, &run)))
        .collect();
    if clauses.is_empty() {
        return None;
    }
    clauses.extend(filter_clauses(fields, filter));
    Some(BooleanQuery::new(clauses))
}

/// At least half of the query's pieces, in any order.
pub(super) fn loose(fields: &Fields, typed: &str, filter: &Filter) -> Box<dyn Query> {
    let pieces = grams(typed, Grams::Query);
    let terms: Vec<Box<dyn Query>> = distinct(&pieces)
        .into_iter()
        .take(MAX_PAIRS)
        .map(|piece| term_query(fields, piece))
        .collect();
    let n_required = terms.len().div_ceil(2);
    let any = BooleanQuery::union_with_minimum_required_clauses(terms, n_required);
    let mut clauses: Vec<Clause> = vec![(Occur::Must, Box::new(any))];
    clauses.extend(filter_clauses(fields, filter));
    Box::new(BooleanQuery::new(clauses))
}

/// What a loosely found text shares with the query.
pub(super) fn shared(query: &str, text: &str) -> Vec<(usize, usize)> {
    let typed = normalise(head(query, MAX_QUERY_CHARS));
    let pieces = grams(&typed, Grams::Query);
    typed_terms(&distinct(&pieces).join(" "), text)
}

/// Whether a text would be found by a query: by all of its runs (`exact`), or by at least half of its
/// pieces. For a text other than the one that is indexed, such as the part of it that may be shown.
#[must_use]
pub fn stands_in(query: &str, text: &str, exact: bool) -> bool {
    let typed = normalise(head(query, MAX_QUERY_CHARS));
    let text = normalise(head(text, MAX_TEXT_CHARS));
    if exact {
        let mut typed = runs(&typed).into_iter().take(MAX_RUNS);
        return typed.all(|run| text.contains(run.piece.text));
    }
    let pieces = grams(&typed, Grams::Query);
    let pieces: Vec<&str> = distinct(&pieces).into_iter().take(MAX_PAIRS).collect();
    let n_found = pieces.iter().filter(|piece| text.contains(**piece)).count();
    n_found >= pieces.len().div_ceil(2)
}

fn run_query(fields: &Fields, run: &Run<'_>) -> Box<dyn Query> {
    if !run.is_dense {
        return word_query(fields, head(run.piece.text, MAX_TERM_CHARS));
    }
    let pieces = grams(run.piece.text, Grams::Query);
    match pieces.as_slice() {
        [single] => term_query(fields, single.text),
        several => {
            let terms = several
                .iter()
                .map(|piece| {
                    (
                        piece.char_start,
                        Term::from_field_text(fields.grams, piece.text),
                    )
                })
                .collect();
            Box::new(PhraseQuery::new_with_offset(terms))
        }
    }
}

/// A run of letters and digits, and what it is the beginning of.
fn word_query(fields: &Fields, word: &str) -> Box<dyn Query> {
    // Letters and digits mean themselves in a pattern; a pattern too large falls back to the word.
    let completed = (word.chars().count() >= MIN_PREFIX_CHARS)
        .then(|| RegexQuery::from_pattern(&format!("{word}.*"), fields.grams).ok())
        .flatten();
    completed.map_or_else(
        || term_query(fields, word),
        |completed| Box::new(completed) as Box<dyn Query>,
    )
}

fn term_query(fields: &Fields, piece: &str) -> Box<dyn Query> {
    let term = Term::from_field_text(fields.grams, piece);
    Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs))
}

/// Conditions that do not count for the score.
fn filter_clauses(fields: &Fields, filter: &Filter) -> Vec<Clause> {
    let equals = |term| Box::new(TermQuery::new(term, IndexRecordOption::Basic)) as Box<dyn Query>;
    let mut conditions = Vec::new();
    if let Some(kind) = filter.kind {
        conditions.push(equals(Term::from_field_i64(fields.kind, kind_number(kind))));
    }
    if let Some(conversation_id) = &filter.conversation_id {
        conditions.push(equals(Term::from_field_text(
            fields.conversation_id,
            conversation_id,
        )));
    }
    for facet in &filter.facets {
        conditions.push(equals(Term::from_field_text(fields.facet, facet)));
    }
    if filter.from_ms.is_some() || filter.until_ms.is_some() {
        let at = |ms| Term::from_field_i64(fields.at_ms, ms);
        conditions.push(Box::new(RangeQuery::new(
            filter
                .from_ms
                .map_or(Bound::Unbounded, |ms| Bound::Included(at(ms))),
            filter
                .until_ms
                .map_or(Bound::Unbounded, |ms| Bound::Excluded(at(ms))),
        )));
    }
    conditions
        .into_iter()
        .map(|condition| {
            (
                Occur::Must,
                Box::new(ConstScoreQuery::new(condition, 0.0)) as Box<dyn Query>,
            )
        })
        .collect()
}
