//! Passport numbers in a text that speaks of a passport.

use crate::hits::Hits;
use crate::page::{Page, is_word};
use crate::span::PiiKind;

pub(super) fn find(page: &Page, hits: &mut Hits) {
    if !page.has_any(0, page.len(), &["护照", "passport"]) {
        return;
    }
    let mut i = 0;
    while i < page.len() {
        let end = page.ahead(i, page.len(), is_word);
        if end == i {
            i += 1;
            continue;
        }
        let masked = page.get(end) == Some('*') || page.before(i) == Some('*');
        if !masked && is_number(page.slice(i, end)) {
            hits.add(i, end, PiiKind::Passport);
        }
        i = end;
    }
}

/// One or two letters and seven or eight digits, nine in all or eight with one letter.
fn is_number(word: &[char]) -> bool {
    let letters = word.iter().take_while(|c| c.is_ascii_alphabetic()).count();
    let digits = word
        .iter()
        .skip(letters)
        .filter(|c| c.is_ascii_digit())
        .count();
    letters + digits == word.len() && matches!((letters, digits), (1, 7 | 8) | (2, 7))
}
