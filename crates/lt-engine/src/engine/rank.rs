//! From a message to a ranking: the channels on a short list of entries.

use std::collections::HashMap;

use super::{Engine, Ranking, Row, comparable};
use crate::{
    acts,
    calibrate::Facts,
    channels::{
        Evidence,
        context::{self, Before},
        exact, ngram, retrieval, words,
    },
    error::EngineError,
    features::{self, Sparse},
    fusion, spoken,
    text::{self, Folded},
    words::{Query, Role},
};

/// Earlier turns that are looked at.
const N_TURNS: usize = 6;
/// Entries that the channels look at.
const N_RANKED: usize = 50;

impl Engine {
    /// Ranks the entries for a message: the channels' values and the fused score of each.
    ///
    /// # Errors
    /// [`EngineError::Index`] when the index cannot be read.
    pub fn ranking(&self, query: &Query<'_>) -> Result<Ranking, EngineError> {
        let whole = Folded::new(query.text, text::MATCH_WINDOW);
        let folded = whole.skip(acts::greeting_prefix(&whole));
        let n_meaningful = folded.n_meaningful();
        let chars = spoken::plain(&folded.chars);
        let text: String = chars.iter().collect();
        let (vector, unknown_share) = self.lexicon.vector(&chars);
        let words = features::words(&text);
        let ellipsis = context::ellipsis(&folded.chars, n_meaningful);
        let facts = Facts {
            unknown_share,
            leaning: if query.history.is_empty() {
                0.0
            } else {
                ellipsis
            },
            unknown_words: self.word_weights.unknown_share(&words),
            n_meaningful,
        };
        if n_meaningful == 0 || self.entries.is_empty() {
            return Ok(Ranking {
                rows: Vec::new(),
                facts,
            });
        }
        let retrieved: HashMap<usize, retrieval::Retrieved> =
            retrieval::retrieve(&self.index, &text, &self.places)?
                .into_iter()
                .collect();
        let centroids = self.centroid_cosines(&vector);
        let linear = self.linear.probabilities(&vector);
        let before = self.before(query, ellipsis);
        let core = exact::core(&chars);
        let own = self.lexicon.features(&chars);
        let mut rows: Vec<Row> = self
            .shortlist(&retrieved, &centroids, &before)
            .into_iter()
            .filter_map(|place| {
                let entry = self.entries.get(place)?;
                let found = retrieved.get(&place).copied().unwrap_or_default();
                let cosines = ngram::cosines(&vector, &entry.variants);
                let nearest_vector = entry.variants.get(cosines.nearest);
                let near = entry
                    .cores
                    .iter()
                    .map(|other| exact::similarity(&core, other))
                    .fold(0.0, f32::max);
                let before = before.get(place).copied().unwrap_or_default();
                let at = |list: &[f32]| list.get(place).copied().unwrap_or_default();
                let evidence = Evidence([
                    found.words,
                    found.chars,
                    found.answer,
                    cosines.best,
                    cosines.top3,
                    at(&centroids),
                    words::coverage(&words, &entry.words, &self.word_weights),
                    ngram::covered(&vector, &entry.features, unknown_share),
                    ngram::covered(&vector, &entry.answer_features, unknown_share),
                    nearest_vector.map_or(0.0, |variant| ngram::covered(variant, &own, 0.0)),
                    near,
                    self.linear.evidence(at(&linear)),
                    before.customer * ellipsis,
                    before.agent * ellipsis,
                    before.category * ellipsis,
                ]);
                Some(Row {
                    place,
                    evidence,
                    score: fusion::score(&evidence),
                })
            })
            .collect();
        rows.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.place.cmp(&b.place)));
        Ok(Ranking { rows, facts })
    }

    /// Cosine of each entry's centroid with a vector.
    fn centroid_cosines(&self, vector: &Sparse) -> Vec<f32> {
        let mut cosines = vec![0.0_f32; self.entries.len()];
        for (feature, value) in vector.items() {
            for (place, weight) in self
                .postings
                .get(*feature as usize)
                .map_or(&[][..], Vec::as_slice)
            {
                if let Some(cosine) = cosines.get_mut(*place as usize) {
                    *cosine += value * weight;
                }
            }
        }
        cosines
    }

    /// What the turns before say about each entry; nothing for a message that speaks for itself.
    fn before(&self, query: &Query<'_>, ellipsis: f32) -> Vec<Before> {
        if ellipsis <= 0.0 || query.history.is_empty() {
            return Vec::new();
        }
        let similarity = |text: &str| {
            let (vector, _) = self.lexicon.vector(&comparable(text));
            self.centroid_cosines(&vector)
        };
        let recent = || query.history.iter().rev().take(N_TURNS);
        let customer: Vec<Vec<f32>> = recent()
            .filter(|turn| turn.role == Role::Customer)
            .take(context::N_CUSTOMER_TURNS)
            .map(|turn| similarity(turn.text))
            .collect();
        let agent = recent()
            .find(|turn| turn.role == Role::Agent)
            .map(|turn| similarity(turn.text));
        context::before(&customer, agent.as_ref(), &self.categories)
    }

    /// The entries worth a closer look, ascending: what retrieval found, the nearest centroids, and
    /// what was talked about before.
    fn shortlist(
        &self,
        retrieved: &HashMap<usize, retrieval::Retrieved>,
        centroids: &[f32],
        before: &[Before],
    ) -> Vec<usize> {
        let mut found: Vec<(usize, f32)> = retrieved
            .iter()
            .map(|(place, found)| (*place, found.words + found.chars + 0.5 * found.answer))
            .collect();
        best(&mut found, N_RANKED);
        let mut near: Vec<(usize, f32)> = centroids
            .iter()
            .copied()
            .enumerate()
            .filter(|(_, c)| *c > 0.0)
            .collect();
        best(&mut near, N_RANKED);
        let mut topics: Vec<(usize, f32)> = before
            .iter()
            .map(|one| one.customer.max(one.agent))
            .enumerate()
            .filter(|(_, t)| *t > 0.0)
            .collect();
        best(&mut topics, N_RANKED / 2);
        let mut places: Vec<usize> = found
            .into_iter()
            .chain(near)
            .chain(topics)
            .map(|(place, _)| place)
            .collect();
        places.sort_unstable();
        places.dedup();
        places
    }
}

/// Keeps the `n` largest, the first of equals.
fn best(values: &mut Vec<(usize, f32)>, n: usize) {
    values.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    values.truncate(n);
}
