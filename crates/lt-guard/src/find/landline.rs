//! A person's fixed line: area code and number, or a bare number that the text calls 座机.

use super::phone::{extension, with_bracket};
use crate::hits::Hits;
use crate::label;
use crate::number::{Digits, Number, Script};
use crate::page::Page;
use crate::span::PiiKind;
use crate::words::Words;

static HOME: Words = Words::new("座机 座机号 座机号码 固话 固定电话 宅电 家里电话 家庭电话 家电话");
static PUBLIC: Words = Words::new(
    "客服电话 客服热线 热线 客服 售后电话 门店电话 店里电话 总机 官方电话 投诉电话 前台电话",
);

pub(super) fn find(page: &Page, hits: &mut Hits) {
    let digits = Digits::read(page, Script::Figures);
    for number in digits.numbers(7, 14) {
        let plus = page.before(number.start) == Some('+');
        let coded = is_coded(&number, plus);
        if (coded || is_local(&number)) && is_personal(page, &number, coded) {
            let start = number.start - usize::from(plus);
            let end = extension(page, number.end).unwrap_or(number.end);
            hits.add(
                with_bracket(page, start, number.end),
                end,
                PiiKind::Landline,
            );
        }
    }
}

/// Nothing around the number makes it something else; without an area code it needs a cue.
fn is_personal(page: &Page, number: &Number<'_>, coded: bool) -> bool {
    let letter_before = page
        .before(number.start)
        .is_some_and(|c| c.is_ascii_alphanumeric());
    let letter_after = page
        .get(number.end)
        .is_some_and(|c| c.is_ascii_alphabetic())
        && extension(page, number.end).is_none();
    let cue = page.back(number.start, 4, |c| {
        matches!(c, ' ' | ':' | '是' | '(' | '+' | '-' | '为')
    });
    !letter_before
        && !letter_after
        && !number.listed
        && (coded || HOME.before(page, cue).is_some())
        && PUBLIC.before(page, cue).is_none()
        && !number.is_masked(page)
        && label::before(page, number.start).is_none()
}

fn is_coded(number: &Number<'_>, plus: bool) -> bool {
    let home = match number.digits {
        [0, 0, 8, 6, rest @ ..] => rest.strip_prefix(&[0]).unwrap_or(rest),
        [8, 6, rest @ ..] if plus => rest.strip_prefix(&[0]).unwrap_or(rest),
        [0, rest @ ..] => rest,
        _ => return false,
    };
    let own = match home {
        [1, 0, own @ ..] | [2, 0..=9, own @ ..] if own.len() == 8 => own,
        [3..=9, 1..=9, _, own @ ..] if (7..=8).contains(&own.len()) => own,
        _ => return false,
    };
    own.first().is_some_and(|&d| d != 0) && is_shaped(number)
}

fn is_local(number: &Number<'_>) -> bool {
    let first = number.digits.first().copied().unwrap_or(0);
    (7..=8).contains(&number.digits.len()) && (2..=8).contains(&first) && number.whole
}

fn is_shaped(number: &Number<'_>) -> bool {
    let first = number.blocks.first().map_or(0, |b| b.len());
    number.blocks.len() == 1
        || number.whole
        || (number.blocks.len() == 2 && (3..=4).contains(&first))
}
