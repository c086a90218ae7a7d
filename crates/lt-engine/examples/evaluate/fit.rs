//! Fits the fusion weights and the confidence model on the even half of the labelled questions,
//! prints them as they stand in the sources, and measures them on the odd half and across
//! industries.

use anyhow::Result;
use lt_engine::{
    Ranking,
    acts::Act,
    calibrate::{self, N_INPUTS},
    channels::{N_CHANNELS, NAMES},
    fusion,
};

use crate::labelled::Set;

/// One question with its ranking.
struct Case {
    set: &'static str,
    half: usize,
    ranking: Ranking,
    /// Place of the right entry.
    gold: Option<usize>,
    /// So that every set weighs the same.
    weight: f32,
    /// Whether acts or rules decide before the confidence does.
    decided_before: bool,
}

pub(crate) fn run(sets: &[Set]) -> Result<()> {
    let mut cases = Vec::new();
    for set in sets {
        let engine = set.engine()?;
        for (at, question) in set.questions.iter().enumerate() {
            let gold = question
                .faq_id
                .as_ref()
                .and_then(|id| engine.docs().iter().position(|doc| doc.faq_id == *id));
            let (ranking, act) =
                question.with_query(|query| (engine.ranking(query), engine.understand(query).act));
            cases.push(Case {
                set: set.name,
                half: at % 2,
                ranking: ranking?,
                gold,
                weight: 500.0 / set.questions.len() as f32,
                decided_before: act.is_some_and(|act| act.is_chitchat() || act == Act::AskPerson),
            });
        }
    }
    let even: Vec<&Case> = cases.iter().filter(|case| case.half == 0).collect();
    let odd: Vec<&Case> = cases.iter().filter(|case| case.half == 1).collect();

    println!("single channels, top-1 on all:");
    for (channel, name) in NAMES.iter().enumerate() {
        let mut weights = [0.0; N_CHANNELS];
        if let Some(weight) = weights.get_mut(channel) {
            *weight = 1.0;
        }
        println!(
            "  {name:16} {:.3}",
            top(&cases.iter().collect::<Vec<_>>(), &weights, 1)
        );
    }
    let weights = fit_fusion(&even);
    println!(
        "fitted on even, measured on odd: top-1 {:.3} top-3 {:.3}",
        top(&odd, &weights, 1),
        top(&odd, &weights, 3)
    );
    for (from, to) in [("shop", "finance"), ("finance", "shop")] {
        let of = |name: &str| {
            cases
                .iter()
                .filter(|case| case.set == name)
                .collect::<Vec<_>>()
        };
        let crossed = fit_fusion(&of(from));
        println!(
            "fitted on {from}, measured on {to}: top-1 {:.3} top-3 {:.3}",
            top(&of(to), &crossed, 1),
            top(&of(to), &crossed, 3)
        );
    }
    println!("pub const WEIGHTS: [f32; N_CHANNELS] = {weights:.2?};");

    let model = fit_confidence(&even, &weights);
    println!("pub const WEIGHTS: [f32; N_INPUTS] = {model:.2?};");
    let part = |name: &str| {
        odd.iter()
            .copied()
            .filter(|case| case.set == name)
            .collect::<Vec<_>>()
    };
    for (name, cases) in [
        ("even", &even),
        ("odd", &odd),
        ("odd shop", &part("shop")),
        ("odd finance", &part("finance")),
    ] {
        println!("{name}: confidence from, answered, right of them, coverage of in-scope:");
        for step in [50, 60, 70, 80, 84, 88, 92, 96] {
            let from = step as f32 / 100.0;
            let (n, right, in_scope) = answered(cases, &weights, &model, from);
            println!(
                "  {from:.2} {n:4} {:.3} {:.3}",
                right as f32 / n.max(1) as f32,
                right as f32 / in_scope.max(1) as f32
            );
        }
    }
    Ok(())
}

fn rescored(ranking: &Ranking, weights: &[f32; N_CHANNELS]) -> Ranking {
    let mut rows = ranking.rows.clone();
    for row in &mut rows {
        row.score = weights.iter().zip(row.evidence.0).map(|(w, v)| w * v).sum();
    }
    rows.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.place.cmp(&b.place)));
    Ranking {
        rows,
        facts: ranking.facts,
    }
}

fn top(cases: &[&Case], weights: &[f32; N_CHANNELS], n: usize) -> f32 {
    let mut hits = 0;
    let mut all = 0;
    for case in cases {
        let Some(gold) = case.gold else { continue };
        all += 1;
        let ranking = rescored(&case.ranking, weights);
        hits += usize::from(ranking.rows.iter().take(n).any(|row| row.place == gold));
    }
    hits as f32 / all as f32
}

/// Listwise softmax regression with non-negative weights, Adam, L2.
fn fit_fusion(cases: &[&Case]) -> [f32; N_CHANNELS] {
    let mut adam = Adam::<N_CHANNELS>::new([1.0; N_CHANNELS]);
    for _ in 0..400 {
        let mut gradient = [0.0_f32; N_CHANNELS];
        let mut n = 0.0;
        for case in cases {
            let Some(gold) = case.gold else { continue };
            let rows = &case.ranking.rows;
            if !rows.iter().any(|row| row.place == gold) {
                continue;
            }
            n += case.weight;
            let scores: Vec<f32> = rows
                .iter()
                .map(|row| {
                    adam.weights
                        .iter()
                        .zip(row.evidence.0)
                        .map(|(w, v)| w * v)
                        .sum()
                })
                .collect();
            for (row, share) in rows.iter().zip(fusion::shares(&scores)) {
                let error = (share - f32::from(u8::from(row.place == gold))) * case.weight;
                for (g, v) in gradient.iter_mut().zip(row.evidence.0) {
                    *g += error * v;
                }
            }
        }
        for (g, w) in gradient.iter_mut().zip(adam.weights) {
            *g = *g / n + 0.002 * w;
        }
        adam.step(&gradient, 0.1);
        adam.weights.iter_mut().for_each(|w| *w = w.max(0.0));
    }
    adam.weights
}

/// Logistic regression on first rows; each question counts once more, a quarter, with its right
/// entry hidden, as a question that the knowledge does not cover.
fn fit_confidence(cases: &[&Case], weights: &[f32; N_CHANNELS]) -> [f32; N_INPUTS] {
    let mut examples: Vec<([f32; N_INPUTS], f32, f32)> = Vec::new();
    for case in cases.iter().filter(|case| !case.decided_before) {
        let ranking = rescored(&case.ranking, weights);
        if let (Some(inputs), Some(row)) = (
            calibrate::all_inputs(&ranking).first(),
            ranking.rows.first(),
        ) {
            examples.push((
                *inputs,
                f32::from(u8::from(case.gold == Some(row.place))),
                case.weight,
            ));
        }
        if let Some(gold) = case.gold {
            let mut hidden = ranking.clone();
            hidden.rows.retain(|row| row.place != gold);
            if let Some(inputs) = calibrate::all_inputs(&hidden).first() {
                examples.push((*inputs, 0.0, 0.25 * case.weight));
            }
        }
    }
    let mut adam = Adam::<N_INPUTS>::new([0.0; N_INPUTS]);
    for _ in 0..2_000 {
        let mut gradient = [0.0_f32; N_INPUTS];
        let mut n = 0.0;
        for (inputs, label, weight) in &examples {
            let sum: f32 = adam.weights.iter().zip(inputs).map(|(w, v)| w * v).sum();
            let error = (1.0 / (1.0 + (-sum).exp()) - label) * weight;
            n += weight;
            for (g, v) in gradient.iter_mut().zip(inputs) {
                *g += error * v;
            }
        }
        for (g, w) in gradient.iter_mut().zip(adam.weights) {
            *g = *g / n + 0.0005 * w;
        }
        adam.step(&gradient, 0.03);
    }
    adam.weights
}

/// How many are answered from a confidence on, how many of them rightly, and how many are in scope.
fn answered(
    cases: &[&Case],
    weights: &[f32; N_CHANNELS],
    model: &[f32; N_INPUTS],
    from: f32,
) -> (usize, usize, usize) {
    let (mut n, mut right, mut in_scope) = (0, 0, 0);
    for case in cases {
        in_scope += usize::from(case.gold.is_some());
        if case.decided_before {
            continue;
        }
        let ranking = rescored(&case.ranking, weights);
        let (Some(inputs), Some(row)) = (
            calibrate::all_inputs(&ranking).first().copied(),
            ranking.rows.first(),
        ) else {
            continue;
        };
        let sum: f32 = model.iter().zip(inputs).map(|(w, v)| w * v).sum();
        if 1.0 / (1.0 + (-sum).exp()) >= from {
            n += 1;
            right += usize::from(case.gold == Some(row.place));
        }
    }
    (n, right, in_scope)
}

/// Adam over the whole set.
struct Adam<const N: usize> {
    weights: [f32; N],
    mean: [f32; N],
    square: [f32; N],
    step: i32,
}

impl<const N: usize> Adam<N> {
    fn new(weights: [f32; N]) -> Self {
        Self {
            weights,
            mean: [0.0; N],
            square: [0.0; N],
            step: 0,
        }
    }

    fn step(&mut self, gradient: &[f32; N], rate: f32) {
        self.step += 1;
        let (bias_mean, bias_square) = (
            1.0 - 0.9_f32.powi(self.step),
            1.0 - 0.999_f32.powi(self.step),
        );
        for (((w, m), s), g) in self
            .weights
            .iter_mut()
            .zip(&mut self.mean)
            .zip(&mut self.square)
            .zip(gradient)
        {
            *m = 0.9 * *m + 0.1 * g;
            *s = 0.999 * *s + 0.001 * g * g;
            *w -= rate * (*m / bias_mean) / ((*s / bias_square).sqrt() + 1e-8);
        }
    }
}
