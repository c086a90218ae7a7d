//! Confidence that means what it says: a logistic model of "this candidate is right".
//!
//! Its shipped constants were fitted on the first candidates of our own question packs, questions
//! that the knowledge does not cover included, see [`crate::train`].

use crate::{Ranking, Row, channels::Evidence, fusion};

/// Number of inputs.
pub const N_INPUTS: usize = INPUTS.len();

/// Names of the inputs, in order.
pub const INPUTS: [&str; 27] = [
    "constant",
    "score",
    "share",
    "gap",
    "entropy",
    "agreement",
    "chars_best",
    "chars_covered",
    "chars_variant_covered",
    "units_best",
    "units_covered",
    "units_variant_covered",
    "sounds_covered",
    "meaning_best",
    "meaning_centroid",
    "near_exact",
    "near_sound",
    "linear",
    "prototype",
    "unknown_share",
    "unknown_units",
    "unknown_words",
    "length",
    "length_squared",
    "leaning",
    "leaning_covered",
    "share_squared",
];

/// Weight of each input.
#[derive(Clone, Debug, PartialEq)]
pub struct Calibrator(pub [f32; N_INPUTS]);

/// What is known about the message as a whole.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Facts {
    /// Share of its weight that no entry has.
    pub unknown_share: f32,
    /// Share of its concepts and words that no entry has, by weight.
    pub unknown_units: f32,
    /// Share of its informative words that no entry's questions have.
    pub unknown_words: f32,
    /// How much the message leans on what was said before, 0 without history.
    pub leaning: f32,
    /// Number of ideographs, letters and digits.
    pub n_meaningful: usize,
}

/// Channels whose agreement counts.
const VOTERS: [&str; 8] = [
    "chars_top3",
    "chars_covered",
    "units_top3",
    "sounds_covered",
    "meaning_best",
    "meaning_centroid",
    "linear",
    "prototype",
];

/// How a candidate stands among the others.
#[derive(Clone, Copy, Debug)]
struct Standing {
    /// Its fused score.
    score: f32,
    /// Its share of the candidates' softmax.
    share: f32,
    /// Its score less the best rival's: negative unless it is the first.
    gap: f32,
    /// Entropy of the shares, 0 to about 1.
    entropy: f32,
    /// Share of [`VOTERS`] for which no other candidate is better.
    agreement: f32,
}

fn inputs(evidence: &Evidence, standing: Standing, facts: Facts) -> [f32; N_INPUTS] {
    let length = (1.0 + facts.n_meaningful as f32).ln() / 4.0;
    [
        1.0,
        standing.score / 10.0,
        standing.share,
        standing.gap.clamp(-4.0, 4.0) / 4.0,
        standing.entropy,
        standing.agreement,
        evidence.get("chars_best"),
        evidence.get("chars_covered"),
        evidence.get("chars_variant_covered"),
        evidence.get("units_best"),
        evidence.get("units_covered"),
        evidence.get("units_variant_covered"),
        evidence.get("sounds_covered"),
        evidence.get("meaning_best"),
        evidence.get("meaning_centroid"),
        evidence.get("near_exact"),
        evidence.get("near_sound"),
        evidence.get("linear"),
        evidence.get("prototype"),
        facts.unknown_share,
        facts.unknown_units,
        facts.unknown_words,
        length,
        length * length,
        facts.leaning,
        evidence.get("joint_covered"),
        standing.share * standing.share,
    ]
}

impl Calibrator {
    /// Probability that a candidate with these inputs is right, 0 to 1.
    #[must_use]
    pub fn confidence(&self, inputs: &[f32; N_INPUTS]) -> f32 {
        let sum: f32 = self.0.iter().zip(inputs).map(|(w, v)| w * v).sum();
        1.0 / (1.0 + (-sum).exp())
    }
}

/// Inputs of every row of a ranking, in its order.
#[must_use]
pub fn all_inputs(ranking: &Ranking) -> Vec<[f32; N_INPUTS]> {
    let scores: Vec<f32> = ranking.rows.iter().map(|row| row.score).collect();
    let shares = fusion::shares(&scores);
    let entropy = -shares
        .iter()
        .filter(|share| **share > 0.0)
        .map(|share| share * share.ln())
        .sum::<f32>()
        / 4.0;
    let tops = VOTERS.map(|name| {
        ranking
            .rows
            .iter()
            .map(|row| row.evidence.get(name))
            .fold(0.0, f32::max)
    });
    let (first, second) = (scores.first(), scores.get(1));
    ranking
        .rows
        .iter()
        .zip(shares)
        .enumerate()
        .map(|(rank, (row, share))| {
            let rival = if rank == 0 { second } else { first };
            // Without a rival the gap is what it would be to an entry that has nothing.
            let gap = row.score - rival.copied().unwrap_or_default();
            let agreeing = VOTERS
                .iter()
                .zip(tops)
                .filter(|(name, top)| *top > 0.0 && row.evidence.get(name) >= *top);
            let agreement = agreeing.count() as f32 / VOTERS.len() as f32;
            inputs(
                &row.evidence,
                Standing {
                    score: row.score,
                    share,
                    gap,
                    entropy,
                    agreement,
                },
                ranking.facts,
            )
        })
        .collect()
}

/// Least confidence in an entry that alone has the message, letter by letter, among its questions:
/// there the knowledge base itself says so.
const EXACT: f32 = 0.97;

/// Most confidence in what one character means, or a text longer than any that the confidence was
/// fitted on, unless it is an exact match.
const ODD_LENGTH: f32 = 0.5;
/// Longest text, in meaningful characters, that is sure to be understood.
const LONGEST: usize = 250;
/// Most confidence where message and entry share next to nothing but a direction, among so few
/// entries that one of them is always the nearest.
const NOTHING_SHARED: f32 = 0.15;
const FEW: usize = 10;

impl Calibrator {
    /// Confidence in every row of a ranking, in its order; never rising.
    #[must_use]
    pub fn confidences(&self, ranking: &Ranking) -> Vec<f32> {
        let is_exact = |row: &Row| row.evidence.get("near_exact") >= 1.0;
        let sole = ranking.rows.iter().filter(|row| is_exact(row)).count() == 1;
        let few = ranking.rows.len() < FEW;
        let mut last = 1.0_f32;
        all_inputs(ranking)
            .iter()
            .zip(&ranking.rows)
            .enumerate()
            .map(|(rank, (inputs, row))| {
                let mut found = self.confidence(inputs);
                if rank == 0 && sole && is_exact(row) {
                    found = found.max(EXACT);
                } else if !(2..=LONGEST).contains(&ranking.facts.n_meaningful) {
                    found = found.min(ODD_LENGTH);
                }
                let shared = [
                    "chars_covered",
                    "units_covered",
                    "sounds_covered",
                    "joint_covered",
                ];
                if few && shared.iter().all(|name| row.evidence.get(name) < 0.1) {
                    found = found.min(NOTHING_SHARED);
                }
                last = found.min(last);
                last
            })
            .collect()
    }
}
