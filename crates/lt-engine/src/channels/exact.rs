//! Near-exact matches: the edit distance to a variant, so that a typo costs little.

/// Longest text that is compared character by character.
const LONGEST: usize = 48;
/// Similarity below which two texts count as different.
const FLOOR: f32 = 0.5;

/// 1 for the same text, 0.5 and above for nearly the same, 0 for different ones. Marks and final
/// particles do not count.
pub(crate) fn similarity<T: PartialEq>(a: &[T], b: &[T]) -> f32 {
    if a.is_empty() || b.is_empty() {
        return 0.0;
    }
    if a == b {
        return 1.0;
    }
    let (longest, shortest) = (a.len().max(b.len()), a.len().min(b.len()));
    if longest > LONGEST || shortest * 2 < longest {
        return 0.0;
    }
    let similarity = 1.0 - distance(a, b) as f32 / longest as f32;
    // Below the exact match by a step, so that it stays alone at the top.
    if similarity < FLOOR {
        0.0
    } else {
        similarity * 0.9
    }
}

/// The characters that count: no marks, no final particles, no leading filler.
pub(crate) fn core(chars: &[char]) -> Vec<char> {
    const FINAL: &str = "吗呢吧啊呀嘛么哦哈呗的了";
    let mut core: Vec<char> = chars
        .iter()
        .copied()
        .filter(|c| c.is_alphanumeric())
        .collect();
    while core.len() > 2 && core.last().is_some_and(|c| FINAL.contains(*c)) {
        core.pop();
    }
    core
}

/// Levenshtein distance.
fn distance<T: PartialEq>(a: &[T], b: &[T]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        if let Some(first) = row.first_mut() {
            *first = left;
        }
        for (cell, y) in row.iter_mut().skip(1).zip(b) {
            let above = *cell;
            let cost = (diagonal + usize::from(x != y))
                .min(above + 1)
                .min(left + 1);
            (diagonal, left, *cell) = (above, cost, cost);
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typos_cost_little_and_particles_nothing() {
        for (a, b, low, high) in [
            ("怎么退货", "怎么退货", 1.0, 1.0),
            ("怎么退货吗？", "怎么退货", 1.0, 1.0),
            ("怎么退火", "怎么退货", 0.6, 0.9),
            ("发票", "怎么退货", 0.0, 0.0),
            ("", "怎么退货", 0.0, 0.0),
        ] {
            let core = |text: &str| core(&text.chars().collect::<Vec<_>>());
            let found = similarity(&core(a), &core(b));
            assert!((low..=high).contains(&found), "{a} {b} {found}");
        }
        assert_eq!(distance(&['a', 'b', 'c'], &['b', 'c', 'd', 'e']), 3);
    }
}
