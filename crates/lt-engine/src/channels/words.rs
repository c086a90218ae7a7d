//! Which share of the message's informative words an entry has.

use crate::features::WordWeights;

/// Weighted share of `query` (sorted words) that stands in `entry` (sorted words); 0 without words.
pub(crate) fn coverage(query: &[String], entry: &[String], weights: &WordWeights) -> f32 {
    let (mut inside, mut all) = (0.0, 0.0);
    for word in query {
        let weight = weights.of(word);
        all += weight;
        if entry.binary_search(word).is_ok() {
            inside += weight;
        }
    }
    if all > 0.0 { inside / all } else { 0.0 }
}
