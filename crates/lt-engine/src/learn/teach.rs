//! Which texts can teach, and which are kept for the audit.

use super::key;
use crate::{
    acts,
    channels::{context, exact},
    text::{Folded, MATCH_WINDOW, RULE_WINDOW},
    views,
};

/// Shortest and longest text that can be a wording, in characters that count.
const LENGTHS: std::ops::RangeInclusive<usize> = 4..=60;
/// Of so many texts one is kept for the audit.
const HELD_BACK_OF: u64 = 5;

/// Whether a text can be a wording of an entry: long enough to say something by itself, short enough
/// to be one question, no greeting, and no follow-up that leans on what was said before.
#[must_use]
pub fn is_teachable(text: &str) -> bool {
    let folded = Folded::new(text, MATCH_WINDOW);
    let n = folded.n_meaningful();
    let core = exact::core(&folded.chars);
    let leans = context::ellipsis(&folded.chars, n) > context::ellipsis(&core, n) && n < 10
        || matches!(folded.chars.first(), Some('那' | '它')) && n < 12;
    LENGTHS.contains(&core.len())
        && text.chars().count() <= MATCH_WINDOW
        && !leans
        && acts::recognise(&Folded::new(text, RULE_WINDOW)).is_none()
}

/// Whether picks of this text are kept for the audit: every fifth, by hash.
#[must_use]
pub fn is_held_back(text: &str) -> bool {
    hash(text).is_multiple_of(HELD_BACK_OF)
}

/// Which of two halves a text belongs to: the weights are fitted on how each half is ranked by an
/// engine that has learned the other one.
#[must_use]
pub fn half(text: &str) -> bool {
    hash(text) / HELD_BACK_OF % 2 == 1
}

fn hash(text: &str) -> u64 {
    let hash = views::hash_word(&key(text));
    // The lowest bits of the hash alone are little mixed.
    hash ^ (hash >> 29)
}

/// Whether two texts are the same question, a typo or another final particle aside: a customer who
/// writes both repeats.
#[must_use]
pub fn same(a: &str, b: &str) -> bool {
    let core = |text: &str| exact::core(&Folded::new(text, MATCH_WINDOW).chars);
    let (a, b) = (core(a), core(b));
    a.len() >= 2 && exact::similarity(&a, &b) >= 0.7
}
