//! A message in one view, and what the view says about the entries.

use super::{View, ViewIndex};
use crate::{analysed::Analysed, features::Sparse};

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
