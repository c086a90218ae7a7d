//! Fits the shipped parameters on our own question packs, measures them on industries that were left
//! out, and writes them.

use std::{fs, path::PathBuf, sync::Arc};

use anyhow::{Context, Result};
use lt_engine::{
    curve,
    embedding::Embedding,
    parts::{Parts, Weights},
    train::{self, Case, embedding::Corpus},
};

use crate::{
    cross::{self, answered},
    labelled::{Set, Which, sets},
    urgency,
};

/// Groups of industries for which an embedding is trained on the others.
pub(crate) const N_FOLDS: usize = 4;
const SEED: u64 = 20_26;
/// Share of right answers that the shipped threshold aims at, two points above what is promised, since industries differ.
const TARGET: f32 = 0.97;

pub(crate) struct Pool {
    /// Name of the set, kind of the question.
    pub(crate) labels: Vec<(String, String)>,
    /// The questions with their rankings.
    pub(crate) cases: Vec<Case>,
}

/// What is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Write {
    /// Nothing: it is measured only.
    Nothing,
    /// The curve of precision and coverage.
    Curve,
    /// The parameters, and the curve.
    All,
}

/// Measures, and writes what is wished.
pub(crate) fn run(write: Write) -> Result<()> {
    let own = sets(Which::Own)?;
    let corpora: Vec<Corpus> = own.iter().map(Set::corpus).collect();
    let shipped = Parts::shipped();
    // Rankings with an embedding that never saw the industry, so that fusion learns what to expect
    // of it on a strange one.
    let mut pool = Pool {
        labels: Vec::new(),
        cases: Vec::new(),
    };
    let folds: Vec<usize> = (0..N_FOLDS).collect();
    let embeddings: Vec<Embedding> = std::thread::scope(|scope| {
        let mut all = Vec::new();
        for pair in folds.chunks(2) {
            let workers: Vec<_> = pair
                .iter()
                .map(|fold| {
                    let others: Vec<&Corpus> = corpora
                        .iter()
                        .enumerate()
                        .filter(|(at, _)| at % N_FOLDS != *fold)
                        .map(|(_, corpus)| corpus)
                        .collect();
                    scope.spawn(move || train::embedding::train(&others, SEED))
                })
                .collect();
            all.extend(workers.into_iter().map(|worker| match worker.join() {
                Ok(embedding) => embedding,
                Err(panic) => std::panic::resume_unwind(panic),
            }));
        }
        all
    });
    for (at, set) in own.iter().enumerate() {
        let embedding = embeddings
            .get(at % N_FOLDS)
            .context("an embedding for the set")?;
        let parts = shipped.with(Arc::new(embedding.clone()), shipped.weights().clone());
        pool.cases.extend(set.cases(&set.engine(&parts)?)?);
        pool.labels.extend(
            set.questions
                .iter()
                .map(|question| (set.name.clone(), question.kind.clone())),
        );
    }
    cross::single_channels(&pool);
    urgency::cross(&own)?;
    let judged = cross::cross(&own, &pool);
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("defaults");
    if write != Write::Nothing {
        let curve = curve::of(&judged, curve::CurveSource::Shipped);
        fs::write(folder.join("curve.json"), curve::to_json(&curve))
            .context("writing the curve")?;
    }
    if write != Write::All {
        return Ok(());
    }
    let weights = fitted(&pool.cases.iter().collect::<Vec<_>>());
    let embedding = train::embedding::train(&corpora.iter().collect::<Vec<_>>(), SEED);
    fs::write(folder.join("embedding.bin"), embedding.to_bytes()).context("writing embedding")?;
    fs::write(
        folder.join("urgency.bin"),
        urgency::fitted(&own)?.to_bytes(),
    )
    .context("writing urgency")?;
    fs::write(folder.join("weights.json"), weights.to_json()).context("writing weights")?;
    println!("wrote {}", folder.display());
    Ok(())
}

/// Weights fitted on cases.
pub(crate) fn fitted(cases: &[&Case]) -> Weights {
    let fusion = train::fit_fusion(cases);
    let calibrator = train::fit_calibrator(cases, &fusion);
    let mut weights = Weights {
        fusion,
        calibrator,
        answer_from: 1.0,
        ..Weights::default()
    };
    weights.answer_from = threshold(cases, &weights);
    weights
}

/// The lowest confidence from which on the share of right answers reaches the target.
fn threshold(cases: &[&Case], weights: &Weights) -> f32 {
    let mut from = 0.99;
    for step in (50..99).rev() {
        let candidate = step as f32 / 100.0;
        let (n, right, _) = answered(cases, weights, candidate);
        if (right as f32) < TARGET * n as f32 {
            break;
        }
        from = candidate;
    }
    from
}
