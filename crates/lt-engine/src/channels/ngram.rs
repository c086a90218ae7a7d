//! Inverse-document-frequency weighted character n-grams: cosine with the variants of an entry,
//! and how much of the one stands in the other.

use crate::features::Sparse;

/// Cosines of a message with an entry's variants.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Cosines {
    /// With the nearest variant.
    pub(crate) best: f32,
    /// Mean of the three nearest.
    pub(crate) top3: f32,
    /// Which variant is nearest.
    pub(crate) nearest: usize,
}

/// Cosines with each variant, summed up.
pub(crate) fn cosines(query: &Sparse, variants: &[Sparse]) -> Cosines {
    let mut top = [0.0_f32; 3];
    let mut found = Cosines::default();
    for (idx, variant) in variants.iter().enumerate() {
        let cosine = query.cosine(variant);
        if cosine > found.best {
            (found.best, found.nearest) = (cosine, idx);
        }
        let mut rest = cosine;
        for place in &mut top {
            if rest > *place {
                std::mem::swap(&mut rest, place);
            }
        }
    }
    let n = variants.len().clamp(1, 3);
    found.top3 = top.iter().take(n).sum::<f32>() / n as f32;
    found
}

/// Share of the weight of `vector` whose features are in the sorted list `of`.
/// `total` is the whole weight, what the knowledge base does not know included.
pub(crate) fn covered(vector: &Sparse, of: &[u32], unknown_share: f32) -> f32 {
    let (mut inside, mut all) = (0.0, 0.0);
    let mut of = of.iter().peekable();
    for (feature, weight) in vector.items() {
        all += weight;
        while of.peek().is_some_and(|other| *other < feature) {
            of.next();
        }
        if of.peek() == Some(&feature) {
            inside += weight;
        }
    }
    if all > 0.0 {
        inside / all * (1.0 - unknown_share)
    } else {
        0.0
    }
}
