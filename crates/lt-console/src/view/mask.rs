//! Masked texts, and ranges as JavaScript counts them.

mod memo;

use std::{collections::HashSet, sync::Arc};

use lt_guard::{Masked, Span};
use lt_model::contact::merge::ContactField;
use lt_protocol::view::Range;

use memo::Memo;

/// Longest line shown of a message outside of its conversation, in characters.
const LINE_CHARS: usize = 80;
/// A text that long may have been cut by the store, in the middle of a value at that.
const MAYBE_CUT_CHARS: usize = 400;
/// No value that must not be shown is longer.
const CUT_MARGIN_CHARS: usize = 60;
/// Characters shown before the first hit of a search.
const LEAD_CHARS: usize = 16;

/// A masked text, and where in it values were masked.
pub(crate) fn text(raw: &str) -> (String, Vec<Range>) {
    let shown = shown(raw);
    (shown.text.clone(), shown.ranges.clone())
}

/// A masked text, as it is kept for the next time.
struct Shown {
    text: String,
    /// Masked values in it, in UTF-16 units.
    ranges: Vec<Range>,
    /// Values in the text behind it, in characters.
    hidden: Vec<(usize, usize)>,
}

impl Shown {
    /// The hidden values of the text that this was made of.
    fn values<'t>(&'t self, raw: &'t str) -> impl Iterator<Item = String> + 't {
        self.hidden.iter().map(|(from, to)| {
            let value = raw.chars().skip(*from).take(to.saturating_sub(*from));
            value.collect()
        })
    }
}

fn shown(raw: &str) -> Arc<Shown> {
    static TEXTS: Memo<Arc<Shown>> = Memo::new();
    TEXTS.of(raw, || {
        let masked = lt_guard::mask(raw);
        let ranges = utf16(&masked.text, &shown_spans(raw, &masked));
        Arc::new(Shown {
            ranges,
            hidden: merge_touching(&masked.spans),
            text: masked.text,
        })
    })
}

/// An edited text with the values back that stand masked in it, as `sources` have them, the first of
/// them that has it. What the agent typed over, or took out, stays gone.
pub(crate) fn restore(edited: &str, sources: &[&str]) -> String {
    let mut text = edited.to_owned();
    let mut known = HashSet::new();
    for source in sources {
        let masked = lt_guard::mask(source);
        let raw: Vec<char> = source.chars().collect();
        let shown: Vec<char> = masked.text.chars().collect();
        let mut values: Vec<(String, Vec<String>)> = Vec::new();
        for ((from, to), (raw_from, raw_to)) in shown_spans(source, &masked)
            .into_iter()
            .zip(merge_touching(&masked.spans))
        {
            let name = |chars: &[char], from, to| -> String {
                chars.get(from..to).unwrap_or_default().iter().collect()
            };
            let (shown, value) = (name(&shown, from, to), name(&raw, raw_from, raw_to));
            match values.iter_mut().find(|(known, _)| *known == shown) {
                Some((_, values)) => values.push(value),
                None => values.push((shown, vec![value])),
            }
        }
        for (shown, values) in values {
            if !shown.is_empty() && known.insert(shown.clone()) {
                text = put_back(&text, &shown, &values);
            }
        }
    }
    text
}

/// The first place gets the first value, and so on; further places get the last.
fn put_back(text: &str, shown: &str, values: &[String]) -> String {
    let mut parts = text.split(shown);
    let mut whole = parts.next().unwrap_or_default().to_owned();
    for (idx, part) in parts.enumerate() {
        let value = values.get(idx).or_else(|| values.last());
        whole.push_str(value.map_or(shown, String::as_str));
        whole.push_str(part);
    }
    whole
}

/// The masked first line, cut to what a list shows. Masked as a whole before it is cut, so that
/// no value escapes by losing its end.
pub(crate) fn line(raw: &str) -> String {
    static LINES: Memo<Box<str>> = Memo::new();
    LINES.of(raw, || masked_line(raw).into()).into()
}

fn masked_line(raw: &str) -> String {
    let mut masked = lt_guard::mask(raw).text;
    if raw.chars().nth(MAYBE_CUT_CHARS - 1).is_some() {
        let sure = masked.chars().count().saturating_sub(CUT_MARGIN_CHARS);
        masked = masked.chars().take(sure).collect();
    }
    let line = masked.lines().map(str::trim).find(|line| !line.is_empty());
    cut(line.unwrap_or_default(), 0)
}

/// A masked name; empty stays empty.
pub(crate) fn name(raw: &str) -> String {
    if raw.trim().is_empty() {
        String::new()
    } else {
        lt_guard::mask_name(raw)
    }
}

/// A masked value of a customer's field; empty stays empty.
pub(crate) fn mark(field: ContactField, raw: &str) -> String {
    match field {
        _ if raw.is_empty() => String::new(),
        ContactField::Tier => raw.to_owned(),
        ContactField::Name => name(raw),
        ContactField::Phone => lt_guard::mask_phone(raw),
        ContactField::Email => {
            let masked = lt_guard::mask(raw).text;
            if masked == raw { ends(raw) } else { masked }
        }
        ContactField::Member => ends(raw),
    }
}

/// The first and the last two characters; of a short value less.
fn ends(raw: &str) -> String {
    let chars: Vec<char> = raw.chars().collect();
    let n = (chars.len() / 4).min(2);
    let head: String = chars.iter().take(n).collect();
    let tail: String = chars.iter().skip(chars.len() - n).collect();
    format!("{head}****{tail}")
}

/// The masked line around the first hit of a search in a message, and the hits in it. None where only
/// what is masked was hit: whether a guess of a part of it is right must not be told. Whoever typed
/// the whole value knows it.
pub(crate) fn hit_line(raw: &str, query: &str, exact: bool) -> Option<(String, Vec<Range>)> {
    let shown = shown(raw);
    tells(&shown.text, shown.values(raw), query, exact).then(|| around(&shown.text, query))
}

/// The masked name that a search found; none where only what is masked of it was hit.
pub(crate) fn hit_name(raw: &str, query: &str, exact: bool) -> Option<String> {
    let shown = name(raw);
    tells(&shown, std::iter::once(raw.to_owned()), query, exact).then_some(shown)
}

/// Whether a query finds what is shown of a text, with those of its hidden values that stand in the
/// query as a whole.
fn tells(shown: &str, hidden: impl Iterator<Item = String>, query: &str, exact: bool) -> bool {
    let mut tellable = shown.to_owned();
    for value in hidden.filter(|value| names_whole(query, value)) {
        tellable.push(' ');
        tellable.push_str(&value);
    }
    lt_search::message_index::stands_in(query, &tellable, exact)
}

/// Whether what was typed has the whole of a hidden value in it.
fn names_whole(typed: &str, value: &str) -> bool {
    let value = bare(value);
    !value.is_empty() && bare(typed).contains(&value)
}

/// Whether a text has a word in what is shown of it, or the word names a hidden value whole.
pub(crate) fn holds(raw: &str, word: &str) -> bool {
    let shown = shown(raw);
    is_in(word, &shown.text) || shown.values(raw).any(|value| names_whole(word, &value))
}

/// The same of a customer's name.
pub(crate) fn name_holds(raw: &str, word: &str) -> bool {
    is_in(word, &name(raw)) || names_whole(word, raw)
}

fn is_in(word: &str, shown: &str) -> bool {
    shown.to_lowercase().contains(&word.to_lowercase())
}

/// A part of what is searched: what is shown of it, and what is hidden.
pub(crate) struct Piece {
    shown: String,
    hidden: Vec<String>,
}

/// A text, masked like any other.
pub(crate) fn piece(raw: &str) -> Piece {
    let shown = shown(raw);
    Piece {
        shown: shown.text.clone(),
        hidden: shown.values(raw).collect(),
    }
}

/// A value that is shown as something else.
pub(crate) fn veiled(raw: &str, shown: String) -> Piece {
    Piece {
        hidden: match shown == raw {
            true => Vec::new(),
            false => vec![raw.to_owned()],
        },
        shown,
    }
}

/// [`hit_line`] of several parts together.
pub(crate) fn hit_pieces(
    pieces: Vec<Piece>,
    query: &str,
    exact: bool,
) -> Option<(String, Vec<Range>)> {
    let (mut text, mut hidden) = (String::new(), Vec::new());
    for piece in pieces {
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(&piece.shown);
        hidden.extend(piece.hidden);
    }
    tells(&text, hidden.into_iter(), query, exact).then(|| around(&text, query))
}

/// Letters and digits alone, as they are compared.
fn bare(text: &str) -> String {
    let text = lt_search::normalise(text);
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

/// The line around the first hit in a masked text, and the hits in it.
fn around(masked: &str, query: &str) -> (String, Vec<Range>) {
    let masked = masked.replace(['\n', '\r', '\t'], " ");
    let hits = match lt_search::highlight::typed_terms(query, &masked) {
        typed if !typed.is_empty() => typed,
        _ => lt_search::matched_terms(query, &masked),
    };
    let from = hits
        .first()
        .map_or(0, |(start, _)| start.saturating_sub(LEAD_CHARS));
    let line = cut(&masked, from);
    // What stands in the line is moved by the characters left out, less the sign for that.
    let moved = |at: usize| at.saturating_sub(from) + usize::from(from > 0);
    let length = line.chars().count();
    let marks: Vec<_> = hits
        .iter()
        .map(|(start, end)| (moved(*start), moved(*end)))
        .filter(|(_, end)| *end <= length)
        .collect();
    let ranges = utf16(&line, &marks);
    (line, ranges)
}

/// Ranges in characters as ranges in UTF-16 units. They are sorted and do not overlap.
pub(crate) fn utf16(text: &str, ranges: &[(usize, usize)]) -> Vec<Range> {
    let mut units_before: Vec<u32> = vec![0];
    let mut units = 0;
    for c in text.chars() {
        units += if c.len_utf16() == 2 { 2 } else { 1 };
        units_before.push(units);
    }
    let at = |char_idx: usize| units_before.get(char_idx).copied().unwrap_or(units);
    ranges
        .iter()
        .map(|(start, end)| Range {
            start: at(*start),
            end: at(*end),
        })
        .collect()
}

fn cut(text: &str, from: usize) -> String {
    let mut rest = text.chars().skip(from);
    let mut line: String = rest.by_ref().take(LINE_CHARS).collect();
    if rest.next().is_some() {
        line.push('…');
    }
    if from > 0 {
        line.insert(0, '…');
    }
    line
}

/// Where the masked values stand in the masked text. What stands between two values is the same
/// in both texts; the end of a value is where that begins again.
fn shown_spans(raw: &str, masked: &Masked) -> Vec<(usize, usize)> {
    let raw: Vec<char> = raw.chars().collect();
    let shown: Vec<char> = masked.text.chars().collect();
    let values = merge_touching(&masked.spans);
    let mut spans = Vec::with_capacity(values.len());
    let (mut raw_at, mut shown_at) = (0, 0);
    for (value_idx, (start, end)) in values.iter().copied().enumerate() {
        let from = (shown_at + start.saturating_sub(raw_at)).min(shown.len());
        let to = match values.get(value_idx + 1) {
            Some((next, _)) => {
                let between = raw.get(end..*next).unwrap_or_default();
                end_before(&shown, from, between)
            }
            None => shown.len().saturating_sub(raw.len().saturating_sub(end)),
        };
        spans.push((from, to.max(from)));
        (raw_at, shown_at) = (end, to.max(from));
    }
    spans
}

/// The end of the value that starts at `from`: it holds a star, and `between` follows it.
fn end_before(shown: &[char], from: usize, between: &[char]) -> usize {
    (from + 1..shown.len())
        .find(|end| {
            let value = shown.get(from..*end).unwrap_or_default();
            let rest = shown.get(*end..).unwrap_or_default();
            value.contains(&'*') && rest.starts_with(between)
        })
        .unwrap_or(from)
}

fn merge_touching(spans: &[Span]) -> Vec<(usize, usize)> {
    let mut merged: Vec<(usize, usize)> = Vec::with_capacity(spans.len());
    for span in spans {
        match merged.last_mut() {
            Some(last) if last.1 >= span.start => last.1 = span.end,
            _ => merged.push((span.start, span.end)),
        }
    }
    merged
}

#[cfg(test)]
mod tests;
