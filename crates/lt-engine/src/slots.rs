//! Slots (槽位): values in a message that a program can use. Written rules; each value comes with
//! the characters of the message that it stands in.
//!
//! - **Invariant:** a phone number leaves here masked, and bank cards, identity numbers and
//!   addresses are never taken for anything: what `lt-guard` finds is kept out.
//! - **Invariant:** ranges are characters of the message as written, inside it, ascending, apart.
//! - Spans of working days (3个工作日) are promises, not dates, and are left alone.

use lt_guard::{PiiKind, Span};
use lt_model::{
    Millis,
    slot::{DateSpan, Slot, SlotKind, Slots, Tracking},
};

use crate::{
    text::{self, Folded},
    words::{CharRange, Role, Turn},
};

use calendar::Day;

pub use product::ProductWords;

/// Characters of a message that are looked at.
const WINDOW: usize = 4_000;
/// Digits that a bare number must have to be the number that was asked for.
const MIN_ASKED_DIGITS: usize = 6;

/// A value and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The value.
    pub slot: Slot,
    /// In characters of the message.
    pub range: CharRange,
}

/// A value in folded characters.
pub(crate) struct Piece {
    slot: Slot,
    range: CharRange,
}

/// The values in a message, in their order. `now` is when it was written: 昨天 is resolved
/// against it, by the clock of China.
#[must_use]
pub fn extract(message: &str, products: &ProductWords, now: Millis) -> Vec<Found> {
    let page = Page::read(message);
    // Who comes first wins where two want the same characters.
    let mut pieces = page.guarded();
    pieces.extend(parcel::find(&page));
    pieces.extend(date::find(&page.folded.chars, now));
    pieces.extend(amount::find(&page.folded.chars));
    pieces.extend(product::find(&page.folded.chars, products));
    page.settle(pieces)
}

/// The answer to a question for a number: as [`extract`], and a bare number counts for the order
/// or the parcel that was asked for.
#[must_use]
pub fn answer_to(
    asked: SlotKind,
    message: &str,
    products: &ProductWords,
    now: Millis,
) -> Vec<Found> {
    let mut found = extract(message, products, now);
    let serves = |slot: &Slot| match asked {
        SlotKind::Order | SlotKind::Tracking => {
            matches!(slot.kind(), SlotKind::Order | SlotKind::Tracking)
        }
        other => slot.kind() == other,
    };
    let is_number = matches!(asked, SlotKind::Order | SlotKind::Tracking);
    if is_number && !found.iter().any(|one| serves(&one.slot)) {
        let page = Page::read(message);
        if let Some(bare) = page.bare_number(asked) {
            found.retain(|one| {
                one.range.end <= bare.range.start || bare.range.end <= one.range.start
            });
            found.push(bare);
            found.sort_by_key(|one| one.range.start);
        }
    }
    found
}

/// Whether one of these fills a slot; an order's number serves for a parcel's and the other way
/// round, since customers send either.
#[must_use]
pub fn serves(found: &[Found], asked: SlotKind) -> bool {
    found.iter().any(|one| {
        let kind = one.slot.kind();
        let numbers = [SlotKind::Order, SlotKind::Tracking];
        kind == asked || (numbers.contains(&kind) && numbers.contains(&asked))
    })
}

/// What is known after a message: what it says goes over what was known.
#[must_use]
pub fn accumulate(known: &Slots, found: &[Found]) -> Slots {
    let later = found.iter().map(|one| one.slot.clone()).collect();
    known.clone().merge(later)
}

/// What a whole history of turns says, the customer's turns only.
#[must_use]
pub fn of_history(history: &[Turn<'_>], products: &ProductWords, now: Millis) -> Slots {
    history
        .iter()
        .filter(|turn| turn.role == Role::Customer)
        .fold(Slots::default(), |known, turn| {
            accumulate(&known, &extract(turn.text, products, now))
        })
}

/// A span as a person reads it, by the clock of China: `11月24日`, `11月24日 20:00`,
/// `11月1日至11月30日`.
#[must_use]
pub fn date_text(span: DateSpan) -> String {
    let first = Day::of(span.from);
    let last = Day::of(span.to.saturating_sub(1));
    let (_, month, day) = first.date();
    if last > first {
        let (_, last_month, last_day) = last.date();
        return format!("{month}月{day}日至{last_month}月{last_day}日");
    }
    let minutes = (span.from - first.start()) / 60_000;
    if span.from == first.start() && span.to == first.plus(1).start() {
        format!("{month}月{day}日")
    } else {
        format!("{month}月{day}日 {:02}:{:02}", minutes / 60, minutes % 60)
    }
}

/// A message ready to be searched.
pub(crate) struct Page<'a> {
    raw: &'a str,
    folded: Folded,
    /// Personal data, in characters of the message.
    personal: Vec<Span>,
}

impl<'a> Page<'a> {
    fn read(raw: &'a str) -> Self {
        let end = raw
            .char_indices()
            .nth(WINDOW)
            .map_or(raw.len(), |(at, _)| at);
        let raw = raw.get(..end).unwrap_or(raw);
        Self {
            raw,
            folded: Folded::new(raw, WINDOW),
            personal: lt_guard::scan(raw),
        }
    }

    /// Phones and orders as `lt-guard` knows them.
    fn guarded(&self) -> Vec<Piece> {
        let mut pieces = Vec::new();
        for span in &self.personal {
            let Some(range) = self.folded_range(span) else {
                continue;
            };
            let value = text::slice(self.raw, &(span.start..span.end));
            let slot = match span.kind {
                PiiKind::Phone => Slot::Phone {
                    masked: lt_guard::mask_phone(&value),
                },
                PiiKind::OrderNo => Slot::Order {
                    number: self.number(&range),
                },
                _ => continue,
            };
            pieces.push(Piece { slot, range });
        }
        pieces
    }

    /// Whether these folded characters touch personal data other than an order's number.
    pub(crate) fn is_personal(&self, range: &CharRange) -> bool {
        let raw = self.folded.raw_range(range);
        self.personal.iter().any(|span| {
            span.kind != PiiKind::OrderNo && span.start < raw.end && raw.start < span.end
        })
    }

    /// Letters and digits of a range, capital.
    pub(crate) fn number(&self, range: &CharRange) -> String {
        self.folded
            .chars
            .get(range.clone())
            .unwrap_or_default()
            .iter()
            .filter(|c| c.is_ascii_alphanumeric())
            .map(char::to_ascii_uppercase)
            .collect()
    }

    pub(crate) fn chars(&self) -> &[char] {
        &self.folded.chars
    }

    fn folded_range(&self, span: &Span) -> Option<CharRange> {
        let inside = |at: usize| {
            let raw = self.folded.raw_range(&(at..at + 1));
            span.start <= raw.start && raw.end <= span.end
        };
        let mut places = (0..self.folded.chars.len()).filter(|at| inside(*at));
        let first = places.next()?;
        Some(first..places.next_back().unwrap_or(first) + 1)
    }

    fn bare_number(&self, asked: SlotKind) -> Option<Found> {
        let (range, _) = parcel::runs(self.chars())
            .into_iter()
            .filter(|range| !self.is_personal(range))
            .map(|range| {
                let n_digits = self
                    .number(&range)
                    .chars()
                    .filter(char::is_ascii_digit)
                    .count();
                (range, n_digits)
            })
            .filter(|(_, n_digits)| *n_digits >= MIN_ASKED_DIGITS)
            .max_by_key(|(_, n_digits)| *n_digits)?;
        let number = self.number(&range);
        let slot = match asked {
            SlotKind::Tracking => Slot::Tracking(Tracking {
                carrier: parcel::carrier_of(&number),
                number,
            }),
            _ => Slot::Order { number },
        };
        Some(Found {
            slot,
            range: self.folded.raw_range(&range),
        })
    }

    /// Drops what overlaps an earlier piece, and leads the rest back to the message.
    fn settle(&self, pieces: Vec<Piece>) -> Vec<Found> {
        let mut kept: Vec<Piece> = Vec::new();
        for piece in pieces {
            let is_free = kept.iter().all(|other| {
                other.range.end <= piece.range.start || piece.range.end <= other.range.start
            });
            let is_phone = piece.slot.kind() == SlotKind::Phone;
            if is_free && (is_phone || !self.is_personal(&piece.range)) {
                kept.push(piece);
            }
        }
        kept.sort_by_key(|piece| piece.range.start);
        kept.into_iter()
            .map(|piece| Found {
                range: self.folded.raw_range(&piece.range),
                slot: piece.slot,
            })
            .collect()
    }
}

/// Whether a word stands at a place.
pub(crate) fn stands(chars: &[char], at: usize, word: &str) -> Option<usize> {
    let mut end = at;
    for c in word.chars() {
        if chars.get(end) != Some(&c) {
            return None;
        }
        end += 1;
    }
    Some(end)
}

/// The end of the longest of some words at a place.
pub(crate) fn any(chars: &[char], at: usize, words: &[&str]) -> Option<usize> {
    words
        .iter()
        .filter_map(|word| stands(chars, at, word))
        .max()
}

/// Whether one of some words ends at a place.
pub(crate) fn ends(chars: &[char], at: usize, words: &[&str]) -> bool {
    words.iter().any(|word| {
        at.checked_sub(word.chars().count())
            .is_some_and(|from| stands(chars, from, word).is_some())
    })
}

mod amount;
mod calendar;
mod date;
mod numeral;
mod parcel;
mod product;
#[cfg(test)]
mod tests;
