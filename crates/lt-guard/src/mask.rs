//! Masked forms of values.

use crate::find::scan;
use crate::page::{Page, is_han};
use crate::span::{PiiKind, Span};

/// After so many rounds a value is starred out whole, which cannot leave anything to find.
const MILD_ROUNDS: usize = 3;

/// A text with its personal data masked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Masked {
    /// The masked text.
    pub text: String,
    /// What was found in the original text, in its offsets.
    pub spans: Vec<Span>,
}

/// Masks every value that [`scan`] finds: `138****5678`, `110101********1234`,
/// `6222 **** **** 1234`, `a***@x.com`, `张**`. Masking a masked text changes nothing.
#[must_use]
pub fn mask(text: &str) -> Masked {
    let spans = scan(text);
    let mut masked = replace(text, &spans, masked_value);
    let mut round = 1;
    loop {
        let left = scan(&masked);
        if left.is_empty() {
            return Masked {
                text: masked,
                spans,
            };
        }
        masked = if round < MILD_ROUNDS {
            replace(&masked, &left, masked_value)
        } else {
            replace(&masked, &left, |_, value| "*".repeat(value.chars().count()))
        };
        round += 1;
    }
}

/// Masks a name as shown in lists: 张三 → 张*, 欧阳娜娜 → 欧阳**, `John` → `J***`.
#[must_use]
pub fn mask_name(display_name: &str) -> String {
    let name = display_name.trim();
    let page = Page::read(name);
    let han = page.len() > 0 && page.chars().iter().all(|&c| is_han(c) || c == '·');
    if !han {
        return name
            .chars()
            .next()
            .map_or_else(String::new, |c| format!("{c}***"));
    }
    let compound = page.len() > 2 && crate::find::COMPOUND_SURNAMES.at(&page, 0).is_some();
    let kept = if compound { 2 } else { 1 };
    let shown: String = name.chars().take(kept).collect();
    shown + &"*".repeat(page.len().saturating_sub(kept).max(1))
}

/// Masks a phone number however it is written: `138****5678`. What is too short to keep seven
/// digits of is starred out whole.
#[must_use]
pub fn mask_phone(number: &str) -> String {
    let digits = digits_of(number);
    if digits.len() < 8 {
        return "****".to_owned();
    }
    let own = match digits.len() {
        12.. if digits.starts_with("0086") => digits.get(4..).unwrap_or(&digits),
        12.. if digits.starts_with("86") => digits.get(2..).unwrap_or(&digits),
        _ => &digits,
    };
    let head = if own.len() >= 11 { 3 } else { 2 };
    ends(own.get(..own.len().min(11)).unwrap_or(own), head, 4, "****")
}

fn masked_value(kind: PiiKind, value: &str) -> String {
    match kind {
        PiiKind::Phone => mask_phone(value),
        PiiKind::Landline => ends(&digits_of(value), 0, 4, "****"),
        PiiKind::IdCard => ends(&plain(value), 6, 4, "********"),
        PiiKind::BankCard => ends(&digits_of(value), 4, 4, " **** **** "),
        PiiKind::Email => mask_email(value),
        PiiKind::Name => mask_name(value),
        PiiKind::Address => mask_address(value),
        PiiKind::Plate => ends(&plain(value), 2, 0, "****"),
        PiiKind::Passport => ends(&plain(value), 1, 2, "****"),
        PiiKind::OrderNo => ends(&plain(value), 0, 4, "****"),
        PiiKind::Wechat => ends(&plain(value), 2, 0, "****"),
        PiiKind::Ip => "*.*.*.*".to_owned(),
    }
}

fn replace(text: &str, spans: &[Span], masked: impl Fn(PiiKind, &str) -> String) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    let mut at = 0;
    for span in spans {
        out.extend(chars.by_ref().take(span.start.saturating_sub(at)));
        let value: String = chars
            .by_ref()
            .take(span.end.saturating_sub(span.start))
            .collect();
        out.push_str(&masked(span.kind, &value));
        at = span.end;
    }
    out.extend(chars);
    out
}

fn mask_email(value: &str) -> String {
    let folded: String = Page::read(value).chars().iter().collect();
    let (local, domain) = folded.split_once('@').unwrap_or((&folded, ""));
    let first: String = local.trim().chars().take(1).collect();
    format!("{first}***@{}", domain.trim())
}

/// Keeps the coarse part, down to a district at most.
fn mask_address(value: &str) -> String {
    let page = Page::read(value);
    let coarse = (2..page.len().min(16)).rev().find(|&i| {
        page.ends_any(i, &["省", "市", "自治州", "自治区", "县"])
            .is_some()
    });
    let kept: String = page
        .slice(0, coarse.unwrap_or(0))
        .iter()
        .filter(|c| is_han(**c))
        .collect();
    kept + "****"
}

fn plain(value: &str) -> String {
    let page = Page::read(value);
    page.chars()
        .iter()
        .filter(|c| c.is_alphanumeric())
        .collect()
}

/// The digits of a number; an extension counts as none of it.
fn digits_of(value: &str) -> String {
    let page = Page::read(value);
    let end = (0..page.len())
        .find(|&i| page.starts_any(i, &["转", "分机", "ext", "#"]).is_some())
        .unwrap_or(page.len());
    let digits = page.slice(0, end).iter();
    digits
        .filter_map(|&c| crate::number::value(c, crate::number::Script::Worded))
        .map(|d| char::from(b'0' + d))
        .collect()
}

fn ends(value: &str, head: usize, tail: usize, stars: &str) -> String {
    let len = value.chars().count();
    if len < head + tail + 2 {
        return "****".to_owned();
    }
    let first: String = value.chars().take(head).collect();
    let last: String = value.chars().skip(len - tail).collect();
    format!("{first}{stars}{last}")
}
