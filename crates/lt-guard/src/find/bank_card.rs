//! Bank cards: a prefix that issuers use, 16–19 digits and a right Luhn digit.

use super::id_card;
use crate::hits::Hits;
use crate::label::{self, Label};
use crate::number::{Block, Digits, Number, Script};
use crate::page::Page;
use crate::span::PiiKind;

pub(super) fn find(page: &Page, hits: &mut Hits) {
    let digits = Digits::read(page, Script::Figures);
    for number in digits.numbers(16, 19) {
        if is_issued(number.digits)
            && is_luhn(number.digits)
            && is_shaped(&number)
            && !(number.digits.len() == 18 && id_card::is_person(number.digits))
            && !number.is_masked(page)
            && !page
                .before(number.start)
                .is_some_and(|c| c.is_ascii_alphabetic() && !is_card_word(page, number.start))
            && !page
                .get(number.end)
                .is_some_and(|c| c.is_ascii_alphabetic())
            && label::before(page, number.start) != Some(Label::Thing)
            && label::before(page, number.start) != Some(Label::IdCard)
        {
            hits.add(number.start, number.end, PiiKind::BankCard);
        }
    }
}

fn is_card_word(page: &Page, at: usize) -> bool {
    page.ends_any(at, &["card", "no", "visa"]).is_some()
}

/// UnionPay, Visa, Mastercard, JCB, Discover and the old 9-prefixes of mainland banks.
fn is_issued(digits: &[u8]) -> bool {
    let head = digits
        .iter()
        .take(4)
        .fold(0u32, |n, &d| n * 10 + u32::from(d));
    matches!(head, 6200..=6299 | 6000..=6099 | 6400..=6599 | 6800..=6999 | 8100..=8199
        | 4000..=4999 | 5000..=5899 | 2221..=2720 | 3500..=3599 | 9000..=9999)
}

fn is_luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(n, &d)| {
            let d = u32::from(d);
            if n % 2 == 0 {
                d
            } else {
                d * 2 / 10 + d * 2 % 10
            }
        })
        .sum();
    sum.is_multiple_of(10)
}

fn is_shaped(number: &Number<'_>) -> bool {
    let groups_of_four = number.blocks.split_last().is_some_and(|(last, rest)| {
        rest.iter().all(|b| b.len() == 4) && (1..=4).contains(&last.len())
    });
    let one = number.blocks.len() == 1;
    let two =
        number.blocks.first().is_some_and(|b: &Block| b.len() == 6) && number.blocks.len() == 2;
    one || groups_of_four || (!number.listed && (two || number.whole))
}
