//! Resident identity numbers: province, date of birth and check character must all be right.

use crate::hits::Hits;
use crate::number::{Digits, Script, is_gap};
use crate::page::Page;
use crate::span::PiiKind;

const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

pub(super) fn find(page: &Page, hits: &mut Hits) {
    let digits = Digits::read(page, Script::Figures);
    for number in digits.numbers(17, 18) {
        if number.listed || number.is_masked(page) {
            continue;
        }
        let (end, check) = match number.digits.get(17) {
            Some(&digit) => (number.end, u32::from(digit)),
            None => match x_after(page, number.end) {
                Some(end) => (end, 10),
                None => continue,
            },
        };
        let free = !page.get(end).is_some_and(|c| c.is_ascii_alphanumeric());
        if free && is_person(number.digits) && check == check_value(number.digits) {
            hits.add(number.start, end, PiiKind::IdCard);
        }
    }
}

/// The province and the date of birth make sense; the check character is not looked at.
pub(super) fn is_person(digits: &[u8]) -> bool {
    let read = |from: usize, len: usize| {
        digits
            .iter()
            .skip(from)
            .take(len)
            .fold(0u32, |n, &d| n * 10 + u32::from(d))
    };
    digits.len() >= 17 && is_province(read(0, 2)) && is_date(read(6, 4), read(10, 2), read(12, 2))
}

fn x_after(page: &Page, end: usize) -> Option<usize> {
    let at = page.ahead(end, 1, is_gap);
    matches!(page.get(at)?, 'x' | 'X' | '×' | 'Ⅹ').then_some(at + 1)
}

fn check_value(digits: &[u8]) -> u32 {
    let sum: u32 = digits
        .iter()
        .zip(WEIGHTS)
        .map(|(&d, w)| u32::from(d) * w)
        .sum();
    (12 - sum % 11) % 11
}

fn is_province(code: u32) -> bool {
    matches!(code, 11..=15 | 21..=23 | 31..=37 | 41..=46 | 50..=54 | 61..=65 | 71 | 81..=83)
}

fn is_date(year: u32, month: u32, day: u32) -> bool {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return false,
    };
    (1900..2100).contains(&year) && (1..=days).contains(&day)
}
