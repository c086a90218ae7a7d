//! What weights fitted on some industries are worth on the others.

use std::collections::BTreeMap;

use lt_engine::{
    calibrate, curve,
    fusion::{self, Fusion},
    parts::Weights,
    train::{self, Case},
};

use crate::{
    fit::{N_FOLDS, Pool, fitted},
    labelled::Set,
};

/// Top-1 of each channel alone.
pub(crate) fn single_channels(pool: &Pool) {
    println!("single channels, top-1:");
    for (at, name) in fusion::input_names().enumerate() {
        let mut fusion = Fusion([0.0; fusion::N_INPUTS]);
        if let Some(weight) = fusion.0.get_mut(at) {
            *weight = 1.0;
        }
        let (n, top1, top3) = top(&pool.cases.iter().collect::<Vec<_>>(), &fusion);
        println!("  {name:24} {:.3} {:.3}", top1 / n, top3 / n);
    }
}

fn top(cases: &[&Case], fusion: &Fusion) -> (f32, f32, f32) {
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

/// Fits on three groups of industries and measures on the fourth, for each; how each question was
/// judged.
pub(crate) fn cross(own: &[Set], pool: &Pool) -> Vec<curve::Judged> {
    let mut judged = Vec::new();
    println!("\nfitted on the other industries:");
    println!(
        "industry        n   top-1 top-3 | right of answered, coverage, out of scope answered"
    );
    let mut kinds: BTreeMap<&str, (f32, f32, f32)> = BTreeMap::new();
    let mut bands = [(0_u32, 0_u32); 10];
    let mut sums = (0, 0, 0, 0.0, 0.0, 0.0);
    let fold_of = |name: &str| {
        own.iter()
            .position(|set| set.name == name)
            .unwrap_or_default()
            % N_FOLDS
    };
    let fitted: Vec<Weights> = (0..N_FOLDS)
        .map(|fold| {
            let others: Vec<&Case> = pool
                .cases
                .iter()
                .zip(&pool.labels)
                .filter(|(_, (name, _))| fold_of(name) != fold)
                .map(|(case, _)| case)
                .collect();
            fitted(&others)
        })
        .collect();
    for set in own {
        let inside: Vec<&Case> = pool
            .cases
            .iter()
            .zip(&pool.labels)
            .filter(|(_, (name, _))| *name == set.name)
            .map(|(case, _)| case)
            .collect();
        let Some(weights) = fitted.get(fold_of(&set.name)) else {
            continue;
        };
        let (n, top1, top3) = top(&inside, &weights.fusion);
        let (answers, right, outside) = answered(&inside, weights, weights.answer_from);
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
        judged.extend(curve::judged(&inside, weights));
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
pub(crate) fn answered(cases: &[&Case], weights: &Weights, from: f32) -> (usize, usize, usize) {
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
