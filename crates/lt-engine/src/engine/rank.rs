//! From a message to a ranking: the channels on a short list of entries.

use super::{Engine, Ranking, Row};
use crate::{
    acts,
    analysed::Analysed,
    calibrate::Facts,
    channels::{
        Evidence,
        context::{self, Before},
        exact,
    },
    clauses,
    embedding::Vector,
    encoder,
    features::{self, Sparse},
    sounds::{self, Syllable},
    spoken,
    text::{self, Folded},
    views::{Lists, VIEWS, View, ViewIndex, ViewQuery},
    words::{Query, Role},
};

/// Earlier turns that are looked at.
const N_TURNS: usize = 6;
/// Entries that the channels look at, and how many of them for their meaning alone.
const N_RANKED: usize = 40;
const N_NEAREST: usize = 12;
/// Cosine up to which two texts have nothing to do with each other.
const FAR: f32 = 0.15;

/// A message as the channels compare it.
struct Asked {
    text: Analysed,
    core: Vec<u32>,
    core_sounds: Vec<Syllable>,
    views: [ViewQuery; 3],
    meaning: Vector,
    linear: Vec<f32>,
    /// What the customer's last turn adds to a short follow-up.
    last: Option<Last>,
    ellipsis: f32,
    /// The clauses of a message that has several.
    clauses: Option<Clauses>,
}

/// The clauses of a message, each with its features and its direction.
struct Clauses {
    chars: Vec<Sparse>,
    units: Vec<Sparse>,
    /// The asking clause first.
    meanings: Vec<Vector>,
}

/// The customer's last turn, read together with the message.
struct Last {
    views: [ViewQuery; 3],
    meaning: Vector,
}

impl Engine {
    /// Ranks the entries for a message: the channels' values and the fused score of each.
    #[must_use]
    pub fn ranking(&self, query: &Query<'_>) -> Ranking {
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
            return Ranking {
                rows: Vec::new(),
                facts,
            };
        }
        let asked = self.asked(query, &folded, leaning);
        let [chars, units, _] = &asked.views;
        facts.unknown_share = chars.unknown_share;
        facts.unknown_units = units.unknown_share;
        facts.unknown_words = features::unknown_share(&asked.text.words, &self.entries.words);
        let before = self.before(query, leaning);
        let wordings = self.wordings.as_ref();
        let near = wordings.map_or_else(Vec::new, |wordings| wordings.near(&folded));
        let places = self.shortlist(&asked, &before, &near);
        let prototypes = self
            .entries
            .prototypes
            .probabilities(&asked.meaning, &places);
        let mut rows: Vec<Row> = places
            .into_iter()
            .zip(prototypes)
            .map(|(place, prototype)| {
                let before = before.get(place).copied().unwrap_or_default();
                let prototype = self.entries.prototypes.evidence(prototype);
                Row {
                    place,
                    evidence: self.evidence(&asked, place, before, prototype),
                    extra: 0.0,
                    score: 0.0,
                }
            })
            .collect();
        encoder::weigh(&mut rows, &near, self.parts.weights.encoder);
        self.parts.weights.fusion.score(&mut rows);
        Ranking { rows, facts }
    }

    fn asked(&self, query: &Query<'_>, folded: &Folded, ellipsis: f32) -> Asked {
        let language = &self.parts.language;
        let plain = spoken::plain(&folded.chars);
        let text = Analysed::of_plain(self.speller.correct(&plain), language);
        let views = self.view_queries(&text);
        let linear = if self.entries.linear.is_trained() {
            self.entries
                .linear
                .probabilities(&self.entries.joint(&views))
        } else {
            Vec::new()
        };
        let core = text.core();
        let last = query
            .history
            .iter()
            .rev()
            .take(N_TURNS)
            .find(|turn| turn.role == Role::Customer)
            .filter(|_| ellipsis > 0.0)
            .map(|turn| {
                let last = Analysed::new(turn.text, language);
                let both = [last.chars.as_slice(), &[' '], text.chars.as_slice()].concat();
                Last {
                    views: self.view_queries(&last),
                    meaning: self
                        .parts
                        .embedding
                        .encode(&Analysed::of_plain(both, language)),
                }
            });
        Asked {
            clauses: self.clauses(&folded.chars),
            core_sounds: sounds::of_text(&core),
            core: core.into_iter().map(u32::from).collect(),
            meaning: self.parts.embedding.encode(&text),
            views,
            linear,
            text,
            last,
            ellipsis,
        }
    }

    fn view_queries(&self, text: &Analysed) -> [ViewQuery; 3] {
        let mut views = VIEWS.into_iter();
        self.entries.views.each_ref().map(|index| {
            views
                .next()
                .map_or_else(Default::default, |view| index.query(view, text))
        })
    }

    fn clauses(&self, folded: &[char]) -> Option<Clauses> {
        let (mut clauses, asking) = clauses::clauses(folded)?;
        clauses.swap(0, asking);
        let texts: Vec<Analysed> = clauses
            .iter()
            .map(|clause| Analysed::of_folded(clause, &self.parts.language))
            .collect();
        let [chars, units, _] = &self.entries.views;
        let vectors = |index: &ViewIndex, view: View| -> Vec<Sparse> {
            texts
                .iter()
                .map(|text| index.lexicon.vector(&view.grams(text)).0)
                .collect()
        };
        Some(Clauses {
            chars: vectors(chars, View::Chars),
            units: vectors(units, View::Units),
            meanings: texts
                .iter()
                .map(|text| self.parts.embedding.encode(text))
                .collect(),
        })
    }

    /// What the channels say about one entry.
    fn evidence(&self, asked: &Asked, place: usize, before: Before, prototype: f32) -> Evidence {
        let [char_index, unit_index, sound_index] = &self.entries.views;
        let [char_query, unit_query, sound_query] = &asked.views;
        let chars = char_index.evidence(char_query, place);
        let units = unit_index.evidence(unit_query, place);
        let by_sound = sound_index.evidence(sound_query, place);
        let wordings = self.entries.wordings_of(place);
        // Nothing can be nearly the same that shares little.
        let near = if chars.best > 0.3 {
            nearest(&asked.core, &self.entries.cores, wordings.clone())
        } else {
            0.0
        };
        let near_sound = if by_sound.covered > 0.4 {
            nearest(
                &asked.core_sounds,
                &self.entries.core_sounds,
                wordings.clone(),
            )
        } else {
            0.0
        };
        let meanings = |meaning: &Vector| {
            let cosines = wordings
                .clone()
                .map(|wording| self.entries.meanings.cosine(wording, meaning));
            best_and_top3(cosines)
        };
        let (meaning_best, meaning_top3) = meanings(&asked.meaning);
        let (joint_covered, joint_meaning) = asked.last.as_ref().map_or((0.0, 0.0), |last| {
            let [last_chars, last_units, _] = &last.views;
            let covered = char_index.joint_covered(char_query, last_chars, place)
                + unit_index.joint_covered(unit_query, last_units, place);
            (covered / 2.0, meanings(&last.meaning).0)
        });
        let (clause_chars, clause_units, clause_meaning, asking_meaning) =
            asked.clauses.as_ref().map_or(
                (chars.best, units.best, meaning_best, meaning_best),
                |all| {
                    let by_clause: Vec<f32> = all
                        .meanings
                        .iter()
                        .map(|meaning| meanings(meaning).0)
                        .collect();
                    (
                        char_index.nearest_clause(char_query, &all.chars, place),
                        unit_index.nearest_clause(unit_query, &all.units, place),
                        by_clause.iter().copied().fold(f32::MIN, f32::max),
                        by_clause.first().copied().unwrap_or_default(),
                    )
                },
            );
        // A knowledge base too large for the model over n-grams has the prototypes alone.
        let linear = if self.entries.linear.is_trained() {
            let probability = asked.linear.get(place).copied().unwrap_or_default();
            self.entries.linear.evidence(probability)
        } else {
            prototype
        };
        Evidence([
            chars.best,
            chars.top3,
            chars.centroid,
            chars.covered,
            chars.variant_covered,
            units.best,
            units.top3,
            units.covered,
            units.variant_covered,
            by_sound.covered,
            chars.answer,
            units.answer,
            near,
            near_sound,
            linear,
            prototype,
            meaning_best,
            meaning_top3,
            self.entries.means.cosine(place, &asked.meaning),
            self.entries.meanings.cosine(wordings.start, &asked.meaning),
            self.entries.answers.cosine(place, &asked.meaning),
            before.customer * asked.ellipsis,
            before.agent * asked.ellipsis,
            before.category * asked.ellipsis,
            joint_covered * asked.ellipsis,
            joint_meaning * asked.ellipsis,
            clause_chars,
            clause_units,
            clause_meaning,
            asking_meaning,
        ])
    }

    /// What the turns before say about each entry; nothing for a message that speaks for itself.
    fn before(&self, query: &Query<'_>, ellipsis: f32) -> Vec<Before> {
        if ellipsis <= 0.0 {
            return Vec::new();
        }
        let similarity = |text: &str| {
            let text = Analysed::new(text, &self.parts.language);
            let meaning = self.parts.embedding.encode(&text);
            let mut scores: Vec<f32> = self
                .entries
                .means
                .cosines(&meaning)
                .map(|cosine| 0.5 * (cosine - FAR).max(0.0))
                .collect();
            let [chars, units, _] = &self.entries.views;
            chars.propose(&chars.query(View::Chars, &text), 0.5, &mut scores);
            units.propose(&units.query(View::Units, &text), 0.3, &mut scores);
            scores
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

    /// The entries worth a closer look, ascending: those with the most of the message's characters
    /// and concepts, near in meaning, or talked about before; and the nearest in meaning whatever
    /// else.
    fn shortlist(&self, asked: &Asked, before: &[Before], near: &[f32]) -> Vec<usize> {
        let meanings: Vec<f32> = self.entries.means.cosines(&asked.meaning).collect();
        let mut scores: Vec<f32> = meanings
            .iter()
            .map(|cosine| 1.5 * (cosine - FAR).max(0.0))
            .collect();
        let [chars, units, _] = &self.entries.views;
        let [char_query, unit_query, _] = &asked.views;
        chars.propose(char_query, 1.0, &mut scores);
        units.propose(unit_query, 0.7, &mut scores);
        for (score, before) in scores.iter_mut().zip(before) {
            *score += before.customer.max(before.agent) * asked.ellipsis;
        }
        let mut places = best(&scores, N_RANKED);
        places.extend(best(&meanings, N_NEAREST));
        places.extend(best(near, N_NEAREST));
        places.sort_unstable();
        places.dedup();
        places
    }
}

/// Similarity with the nearest of some wordings.
fn nearest(core: &[u32], others: &Lists, wordings: std::ops::Range<usize>) -> f32 {
    wordings
        .map(|wording| exact::similarity(core, others.get(wording)))
        .fold(0.0, f32::max)
}

/// The largest, and the mean of the three largest.
fn best_and_top3(cosines: impl Iterator<Item = f32>) -> (f32, f32) {
    let (mut top, mut n) = ([f32::MIN; 3], 0);
    for cosine in cosines {
        n += 1;
        let mut rest = cosine;
        for place in &mut top {
            if rest > *place {
                std::mem::swap(&mut rest, place);
            }
        }
    }
    let [first, ..] = top;
    if n == 0 {
        return (0.0, 0.0);
    }
    let n = n.min(3);
    (first, top.iter().take(n).sum::<f32>() / n as f32)
}

/// Places of the `n` largest above zero, the first of equals.
fn best(values: &[f32], n: usize) -> Vec<usize> {
    let mut all: Vec<(usize, f32)> = values
        .iter()
        .copied()
        .enumerate()
        .filter(|(_, value)| *value > 0.0)
        .collect();
    let order = |a: &(usize, f32), b: &(usize, f32)| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0));
    if all.len() > n {
        all.select_nth_unstable_by(n, order);
        all.truncate(n);
    }
    all.into_iter().map(|(place, _)| place).collect()
}
