//! Confidence that means what it says: a logistic model of "this candidate is right".
//!
//! Its constants were fitted on the first candidates of labelled questions, questions that the
//! knowledge does not cover included; `cargo run -p lt-engine --example evaluate -- fit` prints them anew.

use crate::{Ranking, Row, channels::Evidence, fusion};

/// Number of inputs.
pub const N_INPUTS: usize = INPUTS.len();

/// Names of the inputs, in order.
pub const INPUTS: [&str; 14] = [
    "constant",
    "share",
    "gap",
    "ngram_best",
    "word_coverage",
    "char_coverage",
    "near_exact",
    "variant_covered",
    "unknown_share",
    "unknown_words",
    "length",
    "agreement",
    "linear",
    "leaning",
];

/// Weight of each input.
pub const WEIGHTS: [f32; N_INPUTS] = [
    -6.19, 0.64, 0.81, -1.50, 0.13, 0.69, 0.30, -0.02, 1.34, -0.40, 0.71, -1.36, 6.37, -0.46,
];

/// What is known about the message as a whole.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Facts {
    /// Share of its weight that no entry has.
    pub unknown_share: f32,
    /// Share of its informative words that no entry's questions have.
    pub unknown_words: f32,
    /// How much the message leans on what was said before, 0 without history.
    pub leaning: f32,
    /// Number of ideographs, letters and digits.
    pub n_meaningful: usize,
}

/// Channels whose agreement counts.
const VOTERS: [&str; 6] = [
    "bm25_words",
    "bm25_chars",
    "ngram_top3",
    "ngram_centroid",
    "char_coverage",
    "linear",
];

/// How a candidate stands among the others.
#[derive(Clone, Copy, Debug)]
struct Standing {
    /// Its share of the candidates' softmax.
    share: f32,
    /// Its score less the best rival's: negative unless it is the first.
    gap: f32,
    /// Share of [`VOTERS`] for which no other candidate is better.
    agreement: f32,
}

fn inputs(evidence: &Evidence, standing: Standing, facts: Facts) -> [f32; N_INPUTS] {
    [
        1.0,
        standing.share,
        standing.gap.clamp(-4.0, 4.0),
        evidence.get("ngram_best"),
        evidence.get("word_coverage"),
        evidence.get("char_coverage"),
        evidence.get("near_exact"),
        evidence.get("variant_covered"),
        facts.unknown_share,
        facts.unknown_words,
        (1.0 + facts.n_meaningful as f32).ln() / 4.0,
        standing.agreement,
        evidence.get("linear"),
        facts.leaning,
    ]
}

/// Probability that the candidate is right, 0 to 1.
#[must_use]
pub fn confidence(inputs: &[f32; N_INPUTS]) -> f32 {
    let sum: f32 = WEIGHTS.iter().zip(inputs).map(|(w, v)| w * v).sum();
    1.0 / (1.0 + (-sum).exp())
}

/// Inputs of every row of a ranking, in its order.
#[must_use]
pub fn all_inputs(ranking: &Ranking) -> Vec<[f32; N_INPUTS]> {
    let scores: Vec<f32> = ranking.rows.iter().map(|row| row.score).collect();
    let shares = fusion::shares(&scores);
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
                    share,
                    gap,
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

/// Most confidence in what one character means, unless it is an exact match.
const ONE_CHARACTER: f32 = 0.5;

/// Confidence in every row of a ranking, in its order; never rising.
#[must_use]
pub fn confidences(ranking: &Ranking) -> Vec<f32> {
    let is_exact = |row: &Row| row.evidence.get("near_exact") >= 1.0;
    let sole = ranking.rows.iter().filter(|row| is_exact(row)).count() == 1;
    let mut last = 1.0_f32;
    all_inputs(ranking)
        .iter()
        .zip(&ranking.rows)
        .enumerate()
        .map(|(rank, (inputs, row))| {
            let mut found = confidence(inputs);
            if rank == 0 && sole && is_exact(row) {
                found = found.max(EXACT);
            } else if ranking.facts.n_meaningful < 2 {
                found = found.min(ONE_CHARACTER);
            }
            last = found.min(last);
            last
        })
        .collect()
}
