//! Numbers that the text calls an order.

use crate::hits::Hits;
use crate::label;
use crate::page::{Page, is_word};
use crate::span::PiiKind;

/// Prefixes of parcel numbers, which people call 单号 too.
const PARCELS: &[&str] = &[
    "sf", "yt", "yd", "zto", "sto", "jdv", "jdx", "dpk", "jt", "ems", "htk",
];

pub(super) fn find(page: &Page, hits: &mut Hits) {
    for i in 0..page.len() {
        if let Some((from, min)) = cue(page, i) {
            after(page, hits, from, min);
        }
        if page
            .starts_any(i, &["订单", "这单", "这一单", "这个单"])
            .is_some()
        {
            before(page, hits, i);
        }
    }
}

/// Where the value may begin after the cue at `i`, and how many digits it must have.
fn cue(page: &Page, i: usize) -> Option<(usize, usize)> {
    if let Some(n) = page.starts_any(i, &["订单号码", "订单编号", "订单号", "订单id", "订单no"])
    {
        return Some((i + n, 6));
    }
    if page.starts(i, "订单") {
        return Some((i + 2, 10));
    }
    if page.starts(i, "单号") && page.before(i) != Some('订') && label::is_order_word(page, i) {
        return Some((i + 2, 8));
    }
    let word = page.before(i).is_none_or(|c| !c.is_ascii_alphabetic());
    let n = page.starts_any(
        i,
        &[
            "order number",
            "order no.",
            "order no",
            "orderno",
            "order id",
            "orderid",
            "order",
        ],
    )?;
    word.then_some((i + n, 8))
}

fn after(page: &Page, hits: &mut Hits, cue_end: usize, min: usize) {
    let start = page.ahead(cue_end, 6, |c| {
        matches!(
            c,
            ' ' | ':' | '是' | '为' | '#' | '=' | '(' | '“' | '"' | '「' | '【' | '[' | '叫'
        )
    });
    let mut end = page.ahead(start, 40, is_word);
    if end == start || page.before(start) == Some('*') {
        return;
    }
    let mut small = end - start <= 6;
    loop {
        let gap = page.ahead(end, 1, |c| matches!(c, '-' | ' '));
        let next = page.ahead(gap, 40, is_word);
        let digits = page.slice(gap, next).iter().all(char::is_ascii_digit);
        let joined = gap > end && next > gap && digits && end - start < 40;
        let dashed = page.get(end) == Some('-');
        if !(joined && (dashed || (small && next - gap <= 6))) {
            break;
        }
        small &= next - gap <= 6;
        end = next;
    }
    let value = page.slice(start, end);
    let digits = value.iter().filter(|c| c.is_ascii_digit()).count();
    let parcel = min == 8 && page.starts_any(start, PARCELS).is_some();
    if digits >= min && !parcel && !is_date(value) && page.get(end) != Some('*') {
        hits.add(start, end, PiiKind::OrderNo);
        listed(page, hits, end);
    }
}

/// More orders of a list: 26110887654321095、26110887654321096.
fn listed(page: &Page, hits: &mut Hits, first_end: usize) {
    let mut end = first_end;
    loop {
        let link = page.ahead(end, 3, |c| {
            matches!(c, ' ' | ',' | '、' | '和' | '\n' | ';')
        });
        let next = page.ahead(link, 40, is_word);
        let digits = page
            .slice(link, next)
            .iter()
            .filter(|c| c.is_ascii_digit())
            .count();
        let alike = digits >= 12 && digits + 4 >= next - link && page.get(next) != Some('*');
        if link == end || !alike || !hits.add(link, next, PiiKind::OrderNo) {
            break;
        }
        end = next;
    }
}

/// 26110887654321095的订单, 26110887654321095这个订单.
fn before(page: &Page, hits: &mut Hits, cue: usize) {
    let end = match page.ends_any(
        cue,
        &[
            "这一个",
            "这个",
            "这笔",
            "那个",
            "那笔",
            "的这个",
            "的",
            "号",
        ],
    ) {
        Some(n) => cue - n,
        None => cue,
    };
    let end = page.back(end, 1, |c| c == ' ');
    let start = page.back(end, 40, is_word);
    let value = page.slice(start, end);
    let digits = value.iter().filter(|c| c.is_ascii_digit()).count();
    let plain = digits >= 12 && digits + 4 >= value.len();
    if plain
        && page.before(start) != Some('*')
        && label::before(page, start) != Some(label::Label::Thing)
    {
        hits.add(start, end, PiiKind::OrderNo);
    }
}

/// 2026-11-23, also with a time behind it.
fn is_date(value: &[char]) -> bool {
    let dashes: Vec<usize> = value
        .iter()
        .enumerate()
        .filter(|&(_, &c)| c == '-')
        .map(|(n, _)| n)
        .collect();
    matches!(dashes.as_slice(), [4, 6 | 7, ..]) && value.first() == Some(&'2')
}
