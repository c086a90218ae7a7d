//! From a message to a ranking: the channels on a short list of entries.

use std::collections::HashMap;

use super::{Engine, Ranking, Row, entries::Entry};
use crate::{
    acts,
    analysed::Analysed,
    calibrate::Facts,
    channels::{
        Evidence,
        context::{self, Before},
        exact, ngram,
        retrieval::{self, Retrieved},
        words,
    },
    clauses,
    embedding::{self, Directions, Vector},
    error::EngineError,
    features::Sparse,
    sounds::{self, Syllable},
    text::{self, Folded},
    views::{VIEWS, View, ViewQuery},
    words::{Query, Role},
};

/// Earlier turns that are looked at.
const N_TURNS: usize = 6;
/// Entries that the channels look at, by each of the ways that propose them.
const N_RANKED: usize = 50;

/// A message as the channels compare it.
struct Asked {
    text: Analysed,
    core: Vec<char>,
    core_sounds: Vec<Syllable>,
    views: [ViewQuery; 3],
    meaning: Vector,
    retrieved: HashMap<usize, Retrieved>,
    linear: Vec<f32>,
    /// What the customer's last turn adds to a short follow-up.
    last: Option<Last>,
    ellipsis: f32,
    /// The clauses of a message that has several, the asking one first.
    clauses: Vec<Clause>,
}

/// One clause of a message.
struct Clause {
    chars: Sparse,
    units: Sparse,
    meaning: Vector,
}

/// The customer's last turn, read together with the message.
struct Last {
    views: [ViewQuery; 3],
    meaning: Vector,
}

impl Engine {
    /// Ranks the entries for a message: the channels' values and the fused score of each.
    ///
    /// # Errors
    /// [`EngineError::Index`] when the index cannot be read.
    pub fn ranking(&self, query: &Query<'_>) -> Result<Ranking, EngineError> {
        let whole = Folded::new(query.text, text::MATCH_WINDOW);
        let folded = whole.skip(acts::greeting_prefix(&whole));
        let n_meaningful = folded.n_meaningful();
        let ellipsis = context::ellipsis(&folded.chars, n_meaningful);
        let leaning = if query.history.is_empty() {
            0.0
        } else {
            ellipsis
        };
        let mut facts = Facts {
            leaning,
            n_meaningful,
            ..Facts::default()
        };
        if n_meaningful == 0 || self.docs.is_empty() {
            return Ok(Ranking {
                rows: Vec::new(),
                facts,
            });
        }
        let asked = self.asked(query, &folded, leaning)?;
        facts.unknown_share = asked.views[0].unknown_share;
        facts.unknown_units = asked.views[1].unknown_share;
        facts.unknown_words = self.entries.word_weights.unknown_share(&asked.text.words);
        let before = self.before(query, leaning);
        let meanings: Vec<f32> = self
            .entries
            .means
            .all()
            .iter()
            .map(|mean| embedding::dot(&asked.meaning, mean))
            .collect();
        let places = self.shortlist(&asked, &meanings, &before);
        let prototypes = self
            .entries
            .prototypes
            .probabilities(&asked.meaning, &places);
        let mut rows: Vec<Row> = places
            .into_iter()
            .zip(prototypes)
            .filter_map(|(place, prototype)| {
                let entry = self.entries.entries.get(place)?;
                let before = before.get(place).copied().unwrap_or_default();
                let prototype = self.entries.prototypes.evidence(prototype);
                Some(Row {
                    place,
                    evidence: self.evidence(&asked, place, entry, before, prototype),
                    score: 0.0,
                })
            })
            .collect();
        self.parts.weights.fusion.score(&mut rows);
        Ok(Ranking { rows, facts })
    }

    fn asked(
        &self,
        query: &Query<'_>,
        folded: &Folded,
        ellipsis: f32,
    ) -> Result<Asked, EngineError> {
        let text = Analysed::of_folded(&folded.chars, &self.parts.language);
        let views = self.view_queries(&text);
        let retrieved = retrieval::retrieve(&self.index, &text.text(), &self.places)?;
        let linear = self
            .entries
            .linear
            .probabilities(&self.entries.joint(&views));
        let core = text.core();
        let last = query
            .history
            .iter()
            .rev()
            .take(N_TURNS)
            .find(|turn| turn.role == Role::Customer)
            .filter(|_| ellipsis > 0.0)
            .map(|turn| {
                let last = Analysed::new(turn.text, &self.parts.language);
                let both = Analysed::of_plain(
                    [last.chars.as_slice(), &[' '], text.chars.as_slice()].concat(),
                    &self.parts.language,
                );
                Last {
                    views: self.view_queries(&last),
                    meaning: self.parts.embedding.encode(&both),
                }
            });
        Ok(Asked {
            clauses: self.clauses(&folded.chars),
            core_sounds: sounds::of_text(&core),
            core,
            meaning: self.parts.embedding.encode(&text),
            views,
            retrieved: retrieved.into_iter().collect(),
            linear,
            text,
            last,
            ellipsis,
        })
    }

    fn view_queries(&self, text: &Analysed) -> [ViewQuery; 3] {
        let mut views = VIEWS.into_iter();
        self.entries.views.each_ref().map(|index| {
            views
                .next()
                .map_or_else(Default::default, |view| index.query(view, text))
        })
    }

    fn clauses(&self, folded: &[char]) -> Vec<Clause> {
        let Some((mut clauses, asking)) = clauses::clauses(folded) else {
            return Vec::new();
        };
        clauses.swap(0, asking);
        let [chars, units, _] = &self.entries.views;
        clauses
            .iter()
            .map(|clause| {
                let text = Analysed::of_folded(clause, &self.parts.language);
                Clause {
                    chars: chars.lexicon.vector(&View::Chars.grams(&text)).0,
                    units: units.lexicon.vector(&View::Units.grams(&text)).0,
                    meaning: self.parts.embedding.encode(&text),
                }
            })
            .collect()
    }

    /// What the channels say about one entry.
    fn evidence(
        &self,
        asked: &Asked,
        place: usize,
        entry: &Entry,
        before: Before,
        prototype: f32,
    ) -> Evidence {
        let found = asked.retrieved.get(&place).copied().unwrap_or_default();
        let mut views = self.entries.views.iter().zip(&asked.views);
        let mut view = || {
            views
                .next()
                .map_or_else(Default::default, |(index, query)| {
                    index.evidence(query, place)
                })
        };
        let (chars, units, by_sound) = (view(), view(), view());
        let near = nearest(&asked.core, &entry.cores);
        let near_sound = nearest(&asked.core_sounds, &entry.core_sounds);
        let [char_query, unit_query, _] = &asked.views;
        let [answer_chars, answer_units] = &entry.answer_features;
        let (meaning_best, meaning_top3) = best_and_top3(&asked.meaning, entry.meanings.all());
        let (joint_covered, joint_meaning) = asked.last.as_ref().map_or((0.0, 0.0), |last| {
            let covered = self
                .entries
                .views
                .iter()
                .zip(asked.views.iter().zip(&last.views))
                .take(2)
                .map(|(index, (own, before))| index.joint_covered(own, before, place))
                .sum::<f32>()
                / 2.0;
            (
                covered,
                best_and_top3(&last.meaning, entry.meanings.all()).0,
            )
        });
        let direction = |of: &Directions| {
            of.all()
                .get(place)
                .map_or(0.0, |direction| embedding::dot(&asked.meaning, direction))
        };
        let by_clause =
            |value: &dyn Fn(&Clause) -> f32| asked.clauses.iter().map(value).reduce(f32::max);
        let variants = |view: usize| {
            self.entries
                .views
                .get(view)
                .and_then(|index| index.variants.get(place))
                .map_or(&[][..], Vec::as_slice)
        };
        let clause_chars = by_clause(&|clause| ngram::cosines(&clause.chars, variants(0)).best);
        let clause_units = by_clause(&|clause| ngram::cosines(&clause.units, variants(1)).best);
        let meaning_of = |clause: &Clause| best_and_top3(&clause.meaning, entry.meanings.all()).0;
        let clause_meaning = by_clause(&meaning_of);
        let asking_meaning = asked.clauses.first().map(meaning_of);
        let probability = asked.linear.get(place).copied().unwrap_or_default();
        Evidence([
            found.words,
            found.chars,
            found.answer,
            chars.best,
            chars.top3,
            chars.centroid,
            chars.covered,
            chars.variant_covered,
            units.best,
            units.top3,
            units.centroid,
            units.covered,
            units.variant_covered,
            by_sound.best,
            by_sound.top3,
            by_sound.centroid,
            by_sound.covered,
            by_sound.variant_covered,
            words::coverage(&asked.text.words, &entry.words, &self.entries.word_weights),
            ngram::covered(&char_query.vector, answer_chars, char_query.unknown_share),
            ngram::covered(&unit_query.vector, answer_units, unit_query.unknown_share),
            near,
            near_sound,
            self.entries.linear.evidence(probability),
            meaning_best,
            meaning_top3,
            direction(&self.entries.means),
            entry
                .meanings
                .all()
                .first()
                .map_or(0.0, |question| embedding::dot(&asked.meaning, question)),
            direction(&self.entries.answers),
            before.customer * asked.ellipsis,
            before.agent * asked.ellipsis,
            before.category * asked.ellipsis,
            joint_covered * asked.ellipsis,
            joint_meaning * asked.ellipsis,
            clause_chars.unwrap_or(chars.best),
            clause_units.unwrap_or(units.best),
            clause_meaning.unwrap_or(meaning_best),
            asking_meaning.unwrap_or(meaning_best),
            prototype,
        ])
    }

    /// What the turns before say about each entry; nothing for a message that speaks for itself.
    fn before(&self, query: &Query<'_>, ellipsis: f32) -> Vec<Before> {
        if ellipsis <= 0.0 {
            return Vec::new();
        }
        let [chars, ..] = &self.entries.views;
        let [view, ..] = VIEWS;
        let similarity = |text: &str| {
            chars
                .query(view, &Analysed::new(text, &self.parts.language))
                .centroids
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

    /// The entries worth a closer look, ascending: what retrieval found, the nearest in each view
    /// and in meaning, and what was talked about before.
    fn shortlist(&self, asked: &Asked, meanings: &[f32], before: &[Before]) -> Vec<usize> {
        let mut found: Vec<(usize, f32)> = asked
            .retrieved
            .iter()
            .map(|(place, found)| (*place, found.words + found.chars + 0.5 * found.answer))
            .collect();
        best(&mut found, N_RANKED);
        let topics: Vec<f32> = before
            .iter()
            .map(|one| one.customer.max(one.agent))
            .collect();
        let lists = asked
            .views
            .iter()
            .map(|view| (view.centroids.as_slice(), N_RANKED))
            .chain([(meanings, N_RANKED), (topics.as_slice(), N_RANKED / 2)]);
        for (values, n) in lists {
            let mut near: Vec<(usize, f32)> = values
                .iter()
                .copied()
                .enumerate()
                .filter(|(_, value)| *value > 0.0)
                .collect();
            best(&mut near, n);
            found.append(&mut near);
        }
        let mut places: Vec<usize> = found.into_iter().map(|(place, _)| place).collect();
        places.sort_unstable();
        places.dedup();
        places
    }
}

fn nearest<T: PartialEq>(core: &[T], others: &[Vec<T>]) -> f32 {
    others
        .iter()
        .map(|other| exact::similarity(core, other))
        .fold(0.0, f32::max)
}

/// Cosine with the nearest wording, and the mean of the three nearest.
fn best_and_top3(meaning: &Vector, wordings: &[Vector]) -> (f32, f32) {
    let mut cosines: Vec<f32> = wordings
        .iter()
        .map(|wording| embedding::dot(meaning, wording))
        .collect();
    cosines.sort_by(|a, b| b.total_cmp(a));
    cosines.truncate(3);
    let n = cosines.len().max(1) as f32;
    (
        cosines.first().copied().unwrap_or_default(),
        cosines.iter().sum::<f32>() / n,
    )
}

/// Keeps the `n` largest, the first of equals.
fn best(values: &mut Vec<(usize, f32)>, n: usize) {
    let order = |a: &(usize, f32), b: &(usize, f32)| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0));
    if values.len() > n {
        values.select_nth_unstable_by(n, order);
        values.truncate(n);
    }
}
