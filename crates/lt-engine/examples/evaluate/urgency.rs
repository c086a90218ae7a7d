//! Urgency learned on all industries but one, measured on that one.

use anyhow::Result;
use lt_engine::{
    Engine, train,
    urgency::{Features, Urgency},
};

use crate::labelled::Set;

/// Messages of every set with the place of their level.
fn examples(own: &[Set]) -> Result<Vec<Vec<(Features, usize)>>> {
    let engine = Engine::build(Vec::new())?;
    let level = |name: &str| {
        ["low", "normal", "high", "urgent"]
            .iter()
            .position(|one| *one == name)
    };
    Ok(own
        .iter()
        .map(|set| {
            set.questions
                .iter()
                .filter_map(|question| {
                    let level = level(question.priority.as_deref()?)?;
                    Some((engine.urgency_features(&question.text), level))
                })
                .collect()
        })
        .collect())
}

/// Urgency learned on all industries.
pub(crate) fn fitted(own: &[Set]) -> Result<Urgency> {
    let examples = examples(own)?;
    let all: Vec<(&Features, usize)> = examples
        .iter()
        .flatten()
        .map(|(features, level)| (features, *level))
        .collect();
    Ok(train::urgency::train(&all))
}

/// Urgency learned on all industries but one, measured on that one.
pub(crate) fn cross(own: &[Set]) -> Result<()> {
    let examples = examples(own)?;
    let mut confusion = [[0_u32; 4]; 4];
    for (out, inside) in examples.iter().enumerate() {
        let others: Vec<_> = examples
            .iter()
            .enumerate()
            .filter(|(at, _)| *at != out)
            .flat_map(|(_, list)| list.iter().map(|(features, level)| (features, *level)))
            .collect();
        let model = train::urgency::train(&others);
        for (features, level) in inside {
            let shares = model.shares(features);
            let found = (0..4).fold(
                0,
                |best, at| if shares[at] > shares[best] { at } else { best },
            );
            confusion[*level][found] += 1;
        }
    }
    let all: u32 = confusion.iter().flatten().sum();
    let exact: u32 = (0..4).map(|at| confusion[at][at]).sum();
    let near: u32 = (0..4_usize)
        .flat_map(|a| (0..4_usize).map(move |b| (a, b)))
        .filter(|(a, b)| a.abs_diff(*b) <= 1)
        .map(|(a, b)| confusion[a][b])
        .sum();
    let urgent: u32 = confusion[3].iter().sum();
    println!(
        "urgency on strange industries: exact {:.3}, within one {:.3}, urgent seen as high or urgent {:.3}; {confusion:?}",
        exact as f32 / all as f32,
        near as f32 / all as f32,
        (confusion[3][2] + confusion[3][3]) as f32 / urgent.max(1) as f32,
    );
    Ok(())
}
