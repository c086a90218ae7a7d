//! Three views of a text (characters; concepts and words; sounds), each with its own n-grams and
//! weights, and the wordings of the knowledge base as each view sees them.
//!
//! A feature weighs the same wherever it stands, so that a wording is a list of numbers with one
//! length, and comparing a message with it is one pass over that list.

use serde::{Deserialize, Serialize};

use crate::{
    analysed::Analysed,
    features::{self, Gram, Lexicon, Sparse},
};

/// Weight of a concept and of a word that no concept covers.
const CONCEPT: f32 = 1.0;
const WORD: f32 = 0.7;
/// Weights of runs of syllables by length.
const BY_SYLLABLES: [f32; 3] = [0.4, 1.0, 0.7];

/// What of a text is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum View {
    /// Runs of one to three characters.
    Chars,
    /// Concepts of the thesaurus, and words beside them.
    Units,
    /// Runs of one to three syllables.
    Sounds,
}

/// All views, in the order of the channels.
pub(crate) const VIEWS: [View; 3] = [View::Chars, View::Units, View::Sounds];

impl View {
    /// The grams of a text with their weights.
    pub(crate) fn grams(self, text: &Analysed) -> Vec<(Gram, f32)> {
        match self {
            Self::Chars => features::grams(&text.chars),
            Self::Units => units(text),
            Self::Sounds => sounds(text),
        }
    }
}

fn units(text: &Analysed) -> Vec<(Gram, f32)> {
    let mut all: Vec<(Gram, f32)> = text
        .concepts
        .iter()
        .map(|found| (u64::from(found.concept), CONCEPT))
        .collect();
    let covered: Vec<String> = text
        .concepts
        .iter()
        .filter_map(|found| {
            let expression = text.chars.get(found.start..found.start + found.len)?;
            Some(expression.iter().collect())
        })
        .collect();
    all.extend(
        text.words
            .iter()
            .filter(|word| !covered.iter().any(|covered| covered.contains(*word)))
            .map(|word| (hash_word(word), WORD)),
    );
    all
}

fn sounds(text: &Analysed) -> Vec<(Gram, f32)> {
    let mut all = Vec::with_capacity(text.syllables.len() * 3);
    for (n, weight) in (1..).zip(BY_SYLLABLES) {
        for run in text.syllables.windows(n) {
            let gram = run.iter().fold(n as u64, |gram, syllable| {
                (gram ^ u64::from(*syllable)).wrapping_mul(0x9E37_79B9_7F4A_7C15)
            });
            all.push((gram, weight));
        }
    }
    all
}

/// FNV-1a, apart from the numbers of concepts.
pub(crate) fn hash_word(word: &str) -> Gram {
    word.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    }) | (1 << 63)
}

/// Lists of numbers one after another.
#[derive(Debug, Default, Deserialize, Serialize)]
pub(crate) struct Lists {
    features: Vec<u32>,
    /// Where each list ends.
    ends: Vec<u32>,
}

impl Lists {
    pub(crate) fn push(&mut self, list: impl IntoIterator<Item = u32>) {
        self.features.extend(list);
        self.ends.push(self.features.len() as u32);
    }

    /// One of the lists; empty where there is none.
    pub(crate) fn get(&self, at: usize) -> &[u32] {
        let before = at.checked_sub(1).and_then(|before| self.ends.get(before));
        let from = before.copied().unwrap_or_default() as usize;
        let to = self.ends.get(at).copied().unwrap_or_default() as usize;
        self.features.get(from..to).unwrap_or_default()
    }
}

/// The wordings of all entries in one view.
#[derive(Debug, Default, Deserialize, Serialize)]
pub(crate) struct ViewIndex {
    pub(crate) lexicon: Lexicon,
    /// Features of each wording; for [`View::Sounds`] of all wordings of an entry together.
    wordings: Lists,
    /// Length of each wording as a vector, and the sum of its weights.
    lengths: Vec<(f32, f32)>,
    /// For each entry the number of its first wording, and the number of wordings at the end.
    firsts: Vec<u32>,
    /// Length of the sum of each entry's wordings, each one long.
    spans: Vec<f32>,
    /// Features of each answer.
    answers: Lists,
    /// For each feature the entries that have it; empty for [`View::Sounds`].
    entries_of: Lists,
}

/// A message in one view.
#[derive(Debug, Default)]
pub(crate) struct ViewQuery {
    /// Known features with their weights, of unit length with the unknown ones.
    pub(crate) vector: Sparse,
    /// Share of its weight that the knowledge base does not know.
    pub(crate) unknown_share: f32,
    /// For each feature of the lexicon its place in `slots`, 0 where the message lacks it.
    slot_of: Vec<u16>,
    slots: Vec<Slot>,
    /// Sum of the slots' shares.
    known: f32,
}

/// One feature of a message. The first slot stands for all others.
#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    /// Its weight in the message.
    share: f32,
    /// Its weight in any wording, before that is made one long.
    weight: f32,
}

/// What a view says about one entry.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct ViewEvidence {
    /// Cosine with the nearest wording.
    pub(crate) best: f32,
    /// Mean of the three nearest.
    pub(crate) top3: f32,
    /// Cosine with the mean direction of all.
    pub(crate) centroid: f32,
    /// Share of the message that stands in the entry.
    pub(crate) covered: f32,
    /// Share of the nearest wording that stands in the message.
    pub(crate) variant_covered: f32,
    /// Share of the message that stands in the answer.
    pub(crate) answer: f32,
}

impl ViewIndex {
    /// Indexes the wordings and the answer of each entry.
    pub(crate) fn build(view: View, entries: &[Vec<Analysed>], answers: &[Analysed]) -> Self {
        // The grams are made twice rather than kept: they would be most of the memory.
        let all = entries
            .iter()
            .enumerate()
            .flat_map(|(entry, texts)| texts.iter().map(move |text| (entry, view.grams(text))));
        let mut index = Self {
            lexicon: Lexicon::build(all),
            ..Self::default()
        };
        for texts in entries {
            let grams: Vec<Vec<(Gram, f32)>> = texts.iter().map(|text| view.grams(text)).collect();
            index.firsts.push(index.lengths.len() as u32);
            if view == View::Sounds {
                let all = index.lexicon.features(grams.iter().flatten());
                index.push(&all);
                index.spans.push(0.0);
            } else {
                index.push_entry(&grams);
            }
        }
        index.firsts.push(index.lengths.len() as u32);
        for answer in answers {
            let features = if view == View::Sounds {
                Vec::new()
            } else {
                index.lexicon.features(view.grams(answer).iter())
            };
            index.answers.push(features);
        }
        if view != View::Sounds {
            index.entries_of = index.inverted();
        }
        index
    }

    fn push(&mut self, features: &[u32]) -> f32 {
        let weights = features.iter().map(|feature| self.lexicon.weight(*feature));
        let (squares, sum) = weights.fold((0.0_f32, 0.0_f32), |(squares, sum), weight| {
            (squares + weight * weight, sum + weight)
        });
        let length = squares.sqrt().max(1e-6);
        self.wordings.push(features.iter().copied());
        self.lengths.push((length, sum));
        length
    }

    fn push_entry(&mut self, texts: &[Vec<(Gram, f32)>]) {
        let mut sum: Vec<(u32, f32)> = Vec::new();
        for grams in texts {
            let features = self.lexicon.features(grams.iter());
            let length = self.push(&features);
            sum.extend(
                features
                    .iter()
                    .map(|feature| (*feature, self.lexicon.weight(*feature) / length)),
            );
        }
        sum.sort_by_key(|(feature, _)| *feature);
        sum.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            if same {
                kept.1 += next.1;
            }
            same
        });
        let square: f32 = sum.iter().map(|(_, w)| w * w).sum();
        self.spans.push(square.sqrt().max(1e-6));
    }

    fn inverted(&self) -> Lists {
        let entries = 0..self.spans.len();
        // How many entries each feature has comes first, so that the lists need no room to grow.
        let mut last = vec![u32::MAX; self.lexicon.len()];
        let mut counts = vec![0_u32; self.lexicon.len()];
        let mut each = |add: &mut dyn FnMut(usize, u32)| {
            last.fill(u32::MAX);
            for entry in entries.clone() {
                let wordings = self.wordings_of(entry);
                for feature in wordings.flat_map(|wording| self.wordings.get(wording)) {
                    if let Some(last) = last.get_mut(*feature as usize)
                        && *last != entry as u32
                    {
                        *last = entry as u32;
                        add(*feature as usize, entry as u32);
                    }
                }
            }
        };
        each(&mut |feature, _| {
            if let Some(count) = counts.get_mut(feature) {
                *count += 1;
            }
        });
        let mut ends = Vec::with_capacity(counts.len());
        let mut end = 0;
        for count in &counts {
            end += count;
            ends.push(end);
        }
        let mut next: Vec<u32> = ends.iter().zip(&counts).map(|(end, n)| end - n).collect();
        let mut features = vec![0; end as usize];
        each(&mut |feature, entry| {
            if let Some(next) = next.get_mut(feature) {
                if let Some(place) = features.get_mut(*next as usize) {
                    *place = entry;
                }
                *next += 1;
            }
        });
        Lists { features, ends }
    }

    /// Numbers of an entry's wordings.
    pub(crate) fn wordings_of(&self, entry: usize) -> std::ops::Range<usize> {
        let at = |at: usize| self.firsts.get(at).copied().unwrap_or_default() as usize;
        at(entry)..at(entry + 1)
    }

    /// A message as this view sees it.
    pub(crate) fn query(&self, view: View, text: &Analysed) -> ViewQuery {
        let (vector, unknown_share) = self.lexicon.vector(&view.grams(text));
        let mut slot_of = vec![0_u16; self.lexicon.len()];
        let mut slots = vec![Slot::default()];
        for (feature, share) in vector.items() {
            if let (Some(slot), Ok(number)) = (
                slot_of.get_mut(*feature as usize),
                u16::try_from(slots.len()),
            ) {
                *slot = number;
                slots.push(Slot {
                    share: *share,
                    weight: self.lexicon.weight(*feature),
                });
            }
        }
        ViewQuery {
            known: vector.items().iter().map(|(_, share)| share).sum(),
            vector,
            unknown_share,
            slot_of,
            slots,
        }
    }

    /// Adds to each entry's score the share of the message that stands in it, times `factor`.
    /// Features that most entries have are left out: they tell none apart.
    pub(crate) fn propose(&self, query: &ViewQuery, factor: f32, scores: &mut [f32]) {
        let most = (scores.len() / 3).max(50);
        let factor = factor * (1.0 - query.unknown_share) / query.known.max(1e-6);
        for (feature, share) in query.vector.items() {
            let entries = self.entries_of.get(*feature as usize);
            if entries.len() <= most {
                for entry in entries {
                    if let Some(score) = scores.get_mut(*entry as usize) {
                        *score += share * factor;
                    }
                }
            }
        }
    }

    /// What the view says about an entry.
    pub(crate) fn evidence(&self, query: &ViewQuery, entry: usize) -> ViewEvidence {
        let mut seen = vec![false; query.slots.len()];
        let (mut top, mut sum, mut n) = ([0.0_f32; 3], 0.0, 0);
        let mut variant_covered = 0.0;
        for wording in self.wordings_of(entry) {
            n += 1;
            let (mut product, mut inside) = (0.0, 0.0);
            for feature in self.wordings.get(wording) {
                let number = query
                    .slot_of
                    .get(*feature as usize)
                    .copied()
                    .unwrap_or_default();
                if number != 0
                    && let (Some(slot), Some(seen)) = (
                        query.slots.get(usize::from(number)),
                        seen.get_mut(usize::from(number)),
                    )
                {
                    *seen = true;
                    product += slot.share * slot.weight;
                    inside += slot.weight;
                }
            }
            let (length, whole) = self.lengths.get(wording).copied().unwrap_or((1.0, 1.0));
            let cosine = product / length;
            sum += cosine;
            if cosine > top[0] {
                variant_covered = inside / whole.max(1e-6);
            }
            let mut rest = cosine;
            for place in &mut top {
                if rest > *place {
                    std::mem::swap(&mut rest, place);
                }
            }
        }
        let covered: f32 = query
            .slots
            .iter()
            .zip(&seen)
            .filter(|(_, seen)| **seen)
            .map(|(slot, _)| slot.share)
            .sum();
        let in_answer: f32 = self
            .answers
            .get(entry)
            .iter()
            .map(|feature| {
                let number = query
                    .slot_of
                    .get(*feature as usize)
                    .copied()
                    .unwrap_or_default();
                query
                    .slots
                    .get(usize::from(number))
                    .map_or(0.0, |slot| slot.share)
            })
            .sum();
        let share = |part: f32| part / query.known.max(1e-6) * (1.0 - query.unknown_share);
        ViewEvidence {
            best: top[0],
            top3: top.iter().take(n.min(3)).sum::<f32>() / n.clamp(1, 3) as f32,
            centroid: sum / self.spans.get(entry).copied().unwrap_or(1.0).max(1e-6),
            covered: share(covered),
            variant_covered,
            answer: share(in_answer),
        }
    }

    /// Cosine of an entry's nearest wording with any of the clauses of the message.
    pub(crate) fn nearest_clause(
        &self,
        query: &ViewQuery,
        clauses: &[Sparse],
        entry: usize,
    ) -> f32 {
        let by_slot: Vec<Vec<f32>> = clauses
            .iter()
            .map(|clause| {
                let mut weights = vec![0.0; query.slots.len()];
                for (feature, share) in clause.items() {
                    let number = query
                        .slot_of
                        .get(*feature as usize)
                        .copied()
                        .unwrap_or_default();
                    if number != 0
                        && let (Some(weight), Some(slot)) = (
                            weights.get_mut(usize::from(number)),
                            query.slots.get(usize::from(number)),
                        )
                    {
                        *weight = share * slot.weight;
                    }
                }
                weights
            })
            .collect();
        let mut nearest = 0.0_f32;
        for wording in self.wordings_of(entry) {
            let mut products = vec![0.0_f32; clauses.len()];
            for feature in self.wordings.get(wording) {
                let number = query
                    .slot_of
                    .get(*feature as usize)
                    .copied()
                    .unwrap_or_default();
                if number != 0 {
                    for (product, weights) in products.iter_mut().zip(&by_slot) {
                        *product += weights
                            .get(usize::from(number))
                            .copied()
                            .unwrap_or_default();
                    }
                }
            }
            let (length, _) = self.lengths.get(wording).copied().unwrap_or((1.0, 1.0));
            nearest = products
                .into_iter()
                .map(|product| product / length)
                .fold(nearest, f32::max);
        }
        nearest
    }

    /// Largest share of a wording that stands in the message or the turn before it.
    pub(crate) fn joint_covered(&self, query: &ViewQuery, before: &ViewQuery, entry: usize) -> f32 {
        let slot = |of: &ViewQuery, feature: u32| {
            let number = of
                .slot_of
                .get(feature as usize)
                .copied()
                .unwrap_or_default();
            of.slots
                .get(usize::from(number))
                .map_or(0.0, |slot| slot.weight)
        };
        self.wordings_of(entry)
            .map(|wording| {
                let inside: f32 = self
                    .wordings
                    .get(wording)
                    .iter()
                    .map(|feature| slot(query, *feature).max(slot(before, *feature)))
                    .sum();
                let (_, whole) = self.lengths.get(wording).copied().unwrap_or((1.0, 1.0));
                inside / whole.max(1e-6)
            })
            .fold(0.0, f32::max)
    }
}
