//! Training of the embedding: within each knowledge base, a wording is to lie nearer to the other
//! wordings of its entry than to those of all other entries (multi-positive InfoNCE).
//!
//! Every text is also seen with a concept in other words and with characters that sound alike, so
//! that the thesaurus and the ear teach as well.

use std::collections::HashMap;

use super::chance::{Chance, Homophones, shuffle};
use crate::{
    analysed::{Analysed, Language},
    embedding::{self, DIM, Vector, features_of},
    thesaurus::{Concept, Thesaurus},
};

/// Passes over the texts.
const EPOCHS: usize = 16;
/// Texts a step.
const BATCH: usize = 64;
/// Step of AdaGrad.
const RATE: f32 = 0.16;
/// Similarities are divided by this.
const TEMPERATURE: f32 = 0.1;
/// Share of features that a step does not see.
const DROPPED: f32 = 0.2;
/// Disguised versions of each text.
const N_DISGUISES: usize = 3;

/// A knowledge base with customers' questions; entries are numbered from 0.
#[derive(Clone, Debug, Default)]
pub struct Corpus {
    /// Wordings of the knowledge base: entry and text.
    pub wordings: Vec<(usize, String)>,
    /// Customers' questions: entry and text.
    pub questions: Vec<(usize, String)>,
}

/// Features of a text with their weights.
type Features = Vec<(u32, f32)>;

struct Text {
    entry: usize,
    /// As written, then disguised.
    versions: Vec<Features>,
    /// Which wording it is, if it is one.
    wording: Option<usize>,
}

struct Prepared {
    wordings: Vec<Text>,
    questions: Vec<Text>,
}

/// Trains a table of vectors.
#[must_use]
pub fn train(corpora: &[&Corpus], seed: u64) -> embedding::Embedding {
    let mut chance = Chance(seed << 32);
    let language = Language::shipped();
    let disguise = Disguise::new(&language.thesaurus, corpora);
    let prepared: Vec<Prepared> = corpora
        .iter()
        .map(|corpus| Prepared::new(corpus, &language, &disguise, &mut chance))
        .collect();
    let mut table = Table::new();
    for epoch in 0..EPOCHS {
        let mut batches: Vec<(usize, Vec<usize>)> = Vec::new();
        for (corpus, prepared) in prepared.iter().enumerate() {
            let n = prepared.wordings.len() + prepared.questions.len();
            let mut order: Vec<usize> = (0..n).collect();
            shuffle(&mut order, &mut chance);
            batches.extend(order.chunks(BATCH).map(|chunk| (corpus, chunk.to_vec())));
        }
        shuffle(&mut batches, &mut chance);
        let rate = RATE * (1.0 - epoch as f32 / EPOCHS as f32).max(0.1);
        for (corpus, batch) in &batches {
            if let Some(prepared) = prepared.get(*corpus) {
                table.step(prepared, batch, rate, &mut chance);
            }
        }
    }
    embedding::Embedding::quantised(&table.values)
}

impl Prepared {
    fn new(corpus: &Corpus, language: &Language, disguise: &Disguise, chance: &mut Chance) -> Self {
        let mut text = |entry: usize, raw: &str, wording: Option<usize>| {
            let analysed = Analysed::new(raw, language);
            let mut versions = vec![features_of(&analysed)];
            for _ in 0..N_DISGUISES {
                let chars = disguise.apply(&analysed, chance);
                versions.push(features_of(&Analysed::of_plain(chars, language)));
            }
            Text {
                entry,
                versions,
                wording,
            }
        };
        Self {
            wordings: corpus
                .wordings
                .iter()
                .enumerate()
                .map(|(at, (entry, raw))| text(*entry, raw, Some(at)))
                .collect(),
            questions: corpus
                .questions
                .iter()
                .map(|(entry, raw)| text(*entry, raw, None))
                .collect(),
        }
    }

    fn text(&self, at: usize) -> Option<&Text> {
        self.questions
            .get(at)
            .or_else(|| self.wordings.get(at.checked_sub(self.questions.len())?))
    }
}

/// Says a text in other words: concepts by other expressions, characters by ones that sound alike.
struct Disguise {
    expressions: HashMap<Concept, Vec<Vec<char>>>,
    homophones: Homophones,
}

impl Disguise {
    fn new(thesaurus: &Thesaurus, corpora: &[&Corpus]) -> Self {
        let texts = corpora
            .iter()
            .flat_map(|corpus| corpus.wordings.iter().chain(&corpus.questions));
        Self {
            expressions: thesaurus.expressions(),
            homophones: Homophones::of(texts.map(|(_, text)| text.as_str())),
        }
    }

    fn apply(&self, text: &Analysed, chance: &mut Chance) -> Vec<char> {
        let mut chars = Vec::with_capacity(text.chars.len() + 8);
        let mut at = 0;
        for found in &text.concepts {
            chars.extend(text.chars.get(at..found.start).unwrap_or_default());
            at = found.start + found.len;
            let other = self
                .expressions
                .get(&found.concept)
                .filter(|_| chance.share() < 0.6)
                .and_then(|list| list.get(chance.below(list.len())));
            match other {
                Some(other) => chars.extend(other),
                None => chars.extend(text.chars.get(found.start..at).unwrap_or_default()),
            }
        }
        chars.extend(text.chars.get(at..).unwrap_or_default());
        for c in &mut chars {
            if chance.share() < 0.04
                && let Some(other) = self.homophones.other(*c, chance)
            {
                *c = other;
            }
        }
        chars
    }
}

/// The vectors while they are trained.
struct Table {
    values: Vec<f32>,
    squares: Vec<f32>,
    gradient: Vec<f32>,
    touched: Vec<u32>,
    is_touched: Vec<bool>,
}

/// A text as one step sees it.
struct Seen<'a> {
    features: Vec<&'a (u32, f32)>,
    direction: Vector,
    length: f32,
}

impl Table {
    fn new() -> Self {
        let values = embedding::initial();
        Self {
            squares: vec![1e-3; values.len()],
            gradient: vec![0.0; values.len()],
            touched: Vec::new(),
            is_touched: vec![false; embedding::N_ROWS],
            values,
        }
    }

    fn see<'a>(&self, text: &'a Text, chance: &mut Chance) -> Seen<'a> {
        let version = if chance.share() < 0.5 {
            0
        } else {
            chance.below(text.versions.len())
        };
        let features: Vec<&(u32, f32)> = text
            .versions
            .get(version)
            .map_or(&[][..], Vec::as_slice)
            .iter()
            .filter(|_| chance.share() >= DROPPED)
            .collect();
        let mut sum = [0.0; DIM];
        for (row, weight) in features.iter().copied() {
            let from = *row as usize * DIM;
            let values = self.values.get(from..from + DIM).unwrap_or_default();
            for (sum, value) in sum.iter_mut().zip(values) {
                *sum += value * weight;
            }
        }
        let length = embedding::dot(&sum, &sum).sqrt().max(1e-3);
        sum.iter_mut().for_each(|v| *v /= length);
        Seen {
            features,
            direction: sum,
            length,
        }
    }

    fn step(&mut self, corpus: &Prepared, batch: &[usize], rate: f32, chance: &mut Chance) {
        let wordings: Vec<(&Text, Seen<'_>)> = corpus
            .wordings
            .iter()
            .map(|text| (text, self.see(text, chance)))
            .collect();
        let mut pulls: Vec<Vector> = vec![[0.0; DIM]; wordings.len()];
        for at in batch {
            let Some(text) = corpus.text(*at) else {
                continue;
            };
            let own = self.see(text, chance);
            let mut pull = [0.0; DIM];
            for ((error, (_, wording)), back) in errors(text, &own.direction, &wordings)
                .into_iter()
                .zip(&wordings)
                .zip(&mut pulls)
            {
                if error != 0.0 {
                    for ((pull, back), (w, q)) in pull
                        .iter_mut()
                        .zip(back.iter_mut())
                        .zip(wording.direction.iter().zip(&own.direction))
                    {
                        *pull += error * w;
                        *back += error * q;
                    }
                }
            }
            self.spread(&own, &pull);
        }
        for ((_, wording), pull) in wordings.iter().zip(&pulls) {
            self.spread(wording, pull);
        }
        self.apply(1.0 / batch.len().max(1) as f32, rate);
    }

    /// Hands the gradient of a direction down to the rows of its features.
    fn spread(&mut self, seen: &Seen<'_>, pull: &Vector) {
        let along = embedding::dot(pull, &seen.direction);
        let mut raw = *pull;
        for (raw, direction) in raw.iter_mut().zip(&seen.direction) {
            *raw = (*raw - along * direction) / seen.length;
        }
        for (row, weight) in seen.features.iter().copied() {
            let from = *row as usize * DIM;
            if let Some(touched) = self.is_touched.get_mut(*row as usize)
                && !*touched
            {
                *touched = true;
                self.touched.push(*row);
            }
            let gradient = self.gradient.get_mut(from..from + DIM).unwrap_or_default();
            for (gradient, raw) in gradient.iter_mut().zip(&raw) {
                *gradient += raw * weight;
            }
        }
    }

    fn apply(&mut self, scale: f32, rate: f32) {
        for row in self.touched.drain(..) {
            let range = row as usize * DIM..(row as usize + 1) * DIM;
            if let Some(touched) = self.is_touched.get_mut(row as usize) {
                *touched = false;
            }
            let (Some(values), Some(squares), Some(gradient)) = (
                self.values.get_mut(range.clone()),
                self.squares.get_mut(range.clone()),
                self.gradient.get_mut(range),
            ) else {
                continue;
            };
            for ((value, square), gradient) in values.iter_mut().zip(squares).zip(gradient) {
                let g = *gradient * scale;
                *square += g * g;
                *value -= rate * g / square.sqrt();
                *gradient = 0.0;
            }
        }
    }
}

/// Derivative of the loss by the similarity with each wording.
fn errors(text: &Text, direction: &Vector, wordings: &[(&Text, Seen<'_>)]) -> Vec<f32> {
    let mut raised: Vec<f32> = wordings
        .iter()
        .enumerate()
        .map(|(at, (_, wording))| {
            if text.wording == Some(at) {
                0.0
            } else {
                ((embedding::dot(direction, &wording.direction) - 1.0) / TEMPERATURE).exp()
            }
        })
        .collect();
    let all: f32 = raised.iter().sum();
    let right: f32 = raised
        .iter()
        .zip(wordings)
        .filter(|(_, (wording, _))| wording.entry == text.entry)
        .map(|(raised, _)| raised)
        .sum();
    if right <= 0.0 || all <= 0.0 {
        return vec![0.0; wordings.len()];
    }
    for (raised, (wording, _)) in raised.iter_mut().zip(wordings) {
        let own = if wording.entry == text.entry {
            *raised / right
        } else {
            0.0
        };
        *raised = (*raised / all - own) / TEMPERATURE;
    }
    raised
}
