//! Fits the shipped parameters on our own question packs, measures them on industries that were left
//! out, and writes them.

use std::{collections::BTreeMap, fs, path::PathBuf, sync::Arc};

use anyhow::{Context, Result};
use lt_engine::{
    calibrate, curve,
    embedding::Embedding,
    parts::{Parts, Weights},
    train::{self, Case, embedding::Corpus},
};

use crate::labelled::{Set, Which, sets};

/// Groups of industries for which an embedding is trained on the others.
const N_FOLDS: usize = 4;
const SEED: u64 = 20_26;
/// Share of right answers that the shipped threshold aims at, a point above what is promised.
const TARGET: f32 = 0.96;

struct Pool {
    /// Name of the set, kind of the question.
    labels: Vec<(String, String)>,
    cases: Vec<Case>,
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
    single_channels(&pool);
    let judged = cross(&own, &pool);
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("defaults");
    if write != Write::Nothing {
        let curve = curve::of(&judged, curve::CurveSource::Shipped);
        fs::write(folder.join("curve.json"), curve::to_json(&curve))
            .context("writing the curve")?;
    }
    if write != Write::All {
        return Ok(());
    }
    let all: Vec<&Case> = pool.cases.iter().collect();
    let fusion = train::fit_fusion(&all);
    let calibrator = train::fit_calibrator(&all, &fusion);
    let mut weights = Weights {
        fusion,
        calibrator,
        answer_from: 1.0,
    };
    weights.answer_from = threshold(&all, &weights);
    let embedding = train::embedding::train(&corpora.iter().collect::<Vec<_>>(), SEED);
    fs::write(folder.join("embedding.bin"), embedding.to_bytes()).context("writing embedding")?;
    fs::write(folder.join("weights.json"), weights.to_json()).context("writing weights")?;
    println!("wrote {}", folder.display());
    Ok(())
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

/// Top-1 of each channel alone.
fn single_channels(pool: &Pool) {
    println!("single channels, top-1:");
    for (at, name) in lt_engine::fusion::input_names().enumerate() {
        let mut fusion = lt_engine::fusion::Fusion([0.0; lt_engine::fusion::N_INPUTS]);
        if let Some(weight) = fusion.0.get_mut(at) {
            *weight = 1.0;
        }
        let (n, top1, top3) = top(&pool.cases.iter().collect::<Vec<_>>(), &fusion);
        println!("  {name:24} {:.3} {:.3}", top1 / n, top3 / n);
    }
}

fn top(cases: &[&Case], fusion: &lt_engine::fusion::Fusion) -> (f32, f32, f32) {
    let (mut n, mut top1, mut top3) = (0.0, 0.0, 0.0);
    for case in cases {
        let Some(gold) = case.gold else { continue };
        let ranking = train::rescored(&case.ranking, fusion);
        n += 1.0;
        let place = ranking.rows.iter().position(|row| row.place == gold);
        top1 += f32::from(u8::from(place == Some(0)));
        top3 += f32::from(u8::from(place.is_some_and(|place| place < 3)));
    }
    (n, top1, top3)
}

/// Fits on all industries but one and measures on that one, for each; how each question was judged.
fn cross(own: &[Set], pool: &Pool) -> Vec<curve::Judged> {
    let mut judged = Vec::new();
    println!("\nfitted on the other industries:");
    println!(
        "industry        n   top-1 top-3 | right of answered, coverage, out of scope answered"
    );
    let mut kinds: BTreeMap<&str, (f32, f32, f32)> = BTreeMap::new();
    let mut bands = [(0_u32, 0_u32); 10];
    let mut sums = (0, 0, 0, 0.0, 0.0, 0.0);
    for set in own {
        let part = |inside: bool| -> Vec<&Case> {
            pool.cases
                .iter()
                .zip(&pool.labels)
                .filter(|(_, (name, _))| (*name == set.name) == inside)
                .map(|(case, _)| case)
                .collect()
        };
        let (others, inside) = (part(false), part(true));
        let fusion = train::fit_fusion(&others);
        let calibrator = train::fit_calibrator(&others, &fusion);
        let mut weights = Weights {
            fusion,
            calibrator,
            answer_from: 1.0,
        };
        weights.answer_from = threshold(&others, &weights);
        judged.extend(curve::judged(&inside, &weights));
        let (n, top1, top3) = top(&inside, &weights.fusion);
        let (answers, right, outside) = answered(&inside, &weights, weights.answer_from);
        println!(
            "{:12} {n:5} {:.3} {:.3} | {:.3} {:.3} {outside} ({answers} from {:.2})",
            set.name,
            top1 / n,
            top3 / n,
            right as f32 / answers.max(1) as f32,
            right as f32 / n,
            weights.answer_from,
        );
        sums = (
            sums.0 + answers,
            sums.1 + right,
            sums.2 + outside,
            sums.3 + n,
            sums.4 + top1,
            sums.5 + top3,
        );
        for (case, (name, kind)) in pool.cases.iter().zip(&pool.labels) {
            if *name != set.name {
                continue;
            }
            let (n, one, three) = top(&[case], &weights.fusion);
            let sum = kinds.entry(kind.as_str()).or_default();
            *sum = (sum.0 + n, sum.1 + one, sum.2 + three);
            let ranking = train::rescored(&case.ranking, &weights.fusion);
            if let Some(inputs) = calibrate::all_inputs(&ranking).first() {
                let confidence = weights.calibrator.confidence(inputs);
                if let Some(band) = bands.get_mut(((confidence * 10.0) as usize).min(9)) {
                    band.0 += 1;
                    band.1 += u32::from(case.gold == ranking.rows.first().map(|row| row.place));
                }
            }
        }
    }
    println!(
        "all          {:5} {:.3} {:.3} | {:.3} {:.3} {}",
        sums.3,
        sums.4 / sums.3,
        sums.5 / sums.3,
        sums.1 as f32 / sums.0.max(1) as f32,
        sums.1 as f32 / sums.3,
        sums.2
    );
    for (kind, (n, one, three)) in kinds.iter().filter(|(_, (n, _, _))| *n > 0.0) {
        println!("  {kind:12} {n:5} {:.3} {:.3}", one / n, three / n);
    }
    for (at, (n, right)) in bands.iter().enumerate() {
        println!(
            "  confidence 0.{at}: {n:5} right {:.3}",
            *right as f32 / (*n).max(1) as f32
        );
    }
    judged
}

/// How many are answered from a confidence on, how many of them rightly, and how many of them
/// although the knowledge has no answer.
fn answered(cases: &[&Case], weights: &Weights, from: f32) -> (usize, usize, usize) {
    let (mut n, mut right, mut outside) = (0, 0, 0);
    for case in cases.iter().filter(|case| !case.decided_before) {
        let ranking = train::rescored(&case.ranking, &weights.fusion);
        let confidence = weights.calibrator.confidences(&ranking);
        let (Some(confidence), Some(row)) = (confidence.first(), ranking.rows.first()) else {
            continue;
        };
        if *confidence >= from {
            n += 1;
            right += usize::from(case.gold == Some(row.place));
            outside += usize::from(case.gold.is_none());
        }
    }
    (n, right, outside)
}
