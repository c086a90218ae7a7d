//! Mobile numbers of the mainland, Hong Kong, Macau and Taiwan.

use crate::hits::Hits;
use crate::label::{self, Label};
use crate::number::{Digits, Number, Script, value};
use crate::page::Page;
use crate::span::PiiKind;
use crate::words::Words;

/// Words in Latin letters that may be glued to the front or back of a number.
static CALLS: Words = Words::new("tel phone mobile call wx vx v wechat weixin no id t m p q qq n");

pub(super) fn find(page: &Page, hits: &mut Hits) {
    for script in [Script::Figures, Script::Worded] {
        let digits = Digits::read(page, script);
        for number in digits.numbers(11, 15) {
            let worded = page
                .slice(number.start, number.end)
                .iter()
                .any(|c| !c.is_ascii());
            if script == Script::Worded && !worded {
                continue;
            }
            if is_phone(page, &number) {
                let (start, end) = outer(page, &number);
                hits.add(start, end, PiiKind::Phone);
            }
        }
    }
}

fn is_phone(page: &Page, number: &Number<'_>) -> bool {
    let plus = page.before(number.start) == Some('+');
    if !is_mobile(number, plus) {
        return false;
    }
    let called = page
        .before(number.start)
        .is_none_or(|c| !c.is_ascii_alphabetic())
        || {
            let word = page.back(number.start, 10, |c| c.is_ascii_alphabetic());
            CALLS
                .before(page, number.start)
                .is_some_and(|n| number.start - n == word)
        };
    let closed = page
        .get(number.end)
        .is_none_or(|c| !c.is_ascii_alphabetic())
        || page
            .starts_any(number.end, &["wx", "vx", "v", "ext", "tel"])
            .is_some();
    let money = page
        .before(number.start)
        .is_some_and(|c| matches!(c, '¥' | '$' | '￥' | '€'))
        || page
            .get(number.end)
            .is_some_and(|c| matches!(c, '元' | '%' | '*'));
    let thing = matches!(
        label::before(page, number.start),
        Some(Label::Thing | Label::Order)
    );
    called && closed && !money && !thing && !number.is_masked(page)
}

/// Whether the digits, with the country code that they may begin with, are a mobile number.
fn is_mobile(number: &Number<'_>, plus: bool) -> bool {
    let (abroad, rest) = match number.digits {
        [0, 0, rest @ ..] => (true, rest),
        digits => (plus, digits),
    };
    let code_apart = abroad || number.blocks.first().is_some_and(|b| b.len() == 3);
    match rest {
        [8, 5, 2 | 3, own @ ..] if own.len() == 8 && code_apart => {
            matches!(own, [4..=9, ..]) && is_shaped(number, true)
        }
        [8, 8, 6, own @ ..] if code_apart && own.len() >= 9 => {
            let own = own.strip_prefix(&[0]).unwrap_or(own);
            own.len() == 9 && own.starts_with(&[9]) && is_shaped(number, true)
        }
        [8, 6, own @ ..] if own.len() == 11 => is_mainland(own) && is_shaped(number, true),
        _ => {
            let own = number.digits.strip_prefix(&[0]).unwrap_or(number.digits);
            is_mainland(own) && is_shaped(number, false)
        }
    }
}

fn is_mainland(own: &[u8]) -> bool {
    own.len() == 11 && matches!(own, [1, 3..=9, ..])
}

/// One block, the usual groups, or nothing else joined to it.
fn is_shaped(number: &Number<'_>, coded: bool) -> bool {
    let usual: [&[usize]; 5] = [&[3, 4, 4], &[3, 8], &[4, 4, 3], &[7, 4], &[3, 3, 5]];
    let usual_coded: [&[usize]; 6] = [
        &[2, 11],
        &[4, 11],
        &[2, 3, 4, 4],
        &[4, 3, 4, 4],
        &[3, 4, 4],
        &[3, 8],
    ];
    let before = |sizes: &&[usize]| number.grouped(sizes);
    if number.listed {
        return number.grouped(&[3, 4, 4]);
    }
    number.blocks.len() == 1
        || number.whole
        || usual.iter().any(before)
        || (coded && usual_coded.iter().any(before))
        || (number.spaced() && number.next.is_none())
}

/// The span with `+`, opening bracket and extension.
fn outer(page: &Page, number: &Number<'_>) -> (usize, usize) {
    let mut start = number.start;
    if page.before(start) == Some('+') {
        start -= 1;
    }
    start = with_bracket(page, start, number.end);
    let mut end = extension(page, number.end).unwrap_or(number.end);
    if let (1, true, Some(next)) = (number.blocks.len(), end == number.end, number.next) {
        // A privacy number of a shop platform: 13800001234-8001.
        let dashed = next.start == end + 1 && page.get(end) == Some('-');
        let last = page.ahead(next.end, 1, |c| {
            c.is_ascii_alphabetic() || c == '-' || c == '*' || c == ':'
        }) == next.end;
        if dashed && last && (3..=4).contains(&next.len()) {
            end = next.end;
        }
    }
    (start, end)
}

/// Takes in `(` before `start` if its `)` stands inside the number.
pub(super) fn with_bracket(page: &Page, start: usize, end: usize) -> usize {
    let inside = page.slice(start, end);
    let open = page.before(start) == Some('(') && inside.contains(&')') && !inside.contains(&'(');
    start - usize::from(open)
}

/// The end of 转8001, 分机8001 or ext.12 that follows.
pub(super) fn extension(page: &Page, end: usize) -> Option<usize> {
    let word = page.ahead(end, 2, |c| matches!(c, ' ' | ',' | '-'));
    let len = page.starts_any(
        word,
        &[
            "转接",
            "转分机",
            "转",
            "分机号",
            "分机",
            "extension",
            "ext",
            "#",
        ],
    )?;
    let from = page.ahead(word + len, 2, |c| matches!(c, ' ' | ':' | '.' | '-'));
    let stop = page.ahead(from, 7, |c| value(c, Script::Figures).is_some());
    (1..=6).contains(&(stop - from)).then_some(stop)
}
