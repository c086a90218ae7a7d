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
        let plain = !page
            .before(number.start)
            .is_some_and(|c| c.is_ascii_alphanumeric())
            && !page
                .get(number.end)
                .is_some_and(|c| c.is_ascii_alphabetic() && extension(page, number.end).is_none());
        if !plain
            || number.listed
            || number.is_masked(page)
            || label::before(page, number.start).is_some()
        {
            continue;
        }
        let cue = page.back(number.start, 4, |c| {
            matches!(c, ' ' | ':' | '是' | '(' | '+' | '-' | '为')
        });
        if PUBLIC.before(page, cue).is_some() {
            continue;
        }
        let plus = page.before(number.start) == Some('+');
        if is_coded(&number, plus) || (HOME.before(page, cue).is_some() && is_local(&number)) {
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

fn is_coded(number: &Number<'_>, plus: bool) -> bool {
    let digits = number.text();
    let home = match digits
        .strip_prefix("0086")
        .or_else(|| digits.strip_prefix("86"))
    {
        Some(rest) if plus || digits.starts_with("00") => rest.strip_prefix('0').unwrap_or(rest),
        Some(_) | None => match digits.strip_prefix('0') {
            Some(rest) => rest,
            None => return false,
        },
    };
    let code = match home.as_bytes() {
        [b'1', b'0', ..] | [b'2', b'0'..=b'9', ..] => 2,
        [b'3'..=b'9', b'1'..=b'9', ..] => 3,
        _ => return false,
    };
    let own = home.len().saturating_sub(code);
    let right_len = if code == 2 {
        own == 8
    } else {
        own == 7 || own == 8
    };
    let own_first = home.as_bytes().get(code).copied();
    right_len && own_first.is_some_and(|d| (b'1'..=b'9').contains(&d)) && is_shaped(number)
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
