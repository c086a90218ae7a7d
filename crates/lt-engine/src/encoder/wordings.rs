//! The wordings of a knowledge base as an encoder sees them.

use std::sync::Arc;

use super::Encoder;
use crate::{
    Row,
    text::{Folded, MATCH_WINDOW},
    words::Doc,
};

/// Vectors of an engine's wordings.
pub(crate) struct Wordings {
    encoder: Arc<Encoder>,
    /// For each entry, those of its questions.
    entries: Vec<Vec<Arc<[f32]>>>,
}

impl Wordings {
    /// Encodes what was not encoded before.
    pub(crate) fn new(encoder: Arc<Encoder>, docs: &[Doc]) -> Self {
        encoder.tidy();
        let entries = docs
            .iter()
            .map(|doc| {
                std::iter::once(&doc.question)
                    .chain(&doc.similar)
                    .map(|raw| encoder.hold(&Folded::new(raw, MATCH_WINDOW).text()))
                    .collect()
            })
            .collect();
        Self { encoder, entries }
    }

    /// For each entry the cosine with its nearest wording, 0 where it points away.
    pub(crate) fn near(&self, folded: &Folded) -> Vec<f32> {
        let found = self.encoder.encode(&[&folded.text()]);
        let meaning = found.first().map_or(&[][..], Vec::as_slice);
        self.entries
            .iter()
            .map(|wordings| {
                wordings
                    .iter()
                    .map(|wording| dot(meaning, wording))
                    .fold(0.0, f32::max)
            })
            .collect()
    }
}

fn dot(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Gives every row its share of the score: how much nearer it is than the rows' mean, in
/// thousandths, so that another processor's last bits change nothing, times the weight.
pub(crate) fn weigh(rows: &mut [Row], near: &[f32], weight: f32) {
    let value = |row: &Row| near.get(row.place).copied().unwrap_or_default();
    let mean = rows.iter().map(value).sum::<f32>() / rows.len().max(1) as f32;
    for row in rows {
        row.extra = weight * ((value(row) - mean) * 1e3).round() / 1e3;
    }
}
