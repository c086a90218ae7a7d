//! Numbers of parcels and orders: common carriers' forms, and numbers that are called one.

use lt_model::slot::{Carrier, Slot, Tracking};

use super::{Page, Piece};
use crate::{text::is_run, words::CharRange};

/// First letters of parcel numbers, with how many characters follow.
const FORMS: &[(&str, std::ops::RangeInclusive<usize>, Carrier)] = &[
    ("SF", 12..=15, Carrier::Sf),
    ("YT", 12..=15, Carrier::Yto),
    ("YD", 12..=15, Carrier::Yunda),
    ("ZTO", 11..=15, Carrier::Zto),
    ("STO", 11..=15, Carrier::Sto),
    ("JDV", 9..=15, Carrier::Jd),
    ("JDX", 9..=15, Carrier::Jd),
    ("JD", 10..=16, Carrier::Jd),
    ("JT", 12..=15, Carrier::Jt),
    ("DPK", 10..=15, Carrier::Deppon),
    ("EMS", 9..=13, Carrier::Ems),
];
const CARRIERS: &[(&str, Carrier)] = &[
    ("顺丰", Carrier::Sf),
    ("圆通", Carrier::Yto),
    ("中通", Carrier::Zto),
    ("申通", Carrier::Sto),
    ("韵达", Carrier::Yunda),
    ("京东", Carrier::Jd),
    ("极兔", Carrier::Jt),
    ("邮政", Carrier::Ems),
    ("ems", Carrier::Ems),
    ("德邦", Carrier::Deppon),
];
/// Words that call a number a parcel's.
const CUES: &[&str] = &["运单", "快递", "物流", "面单", "包裹号", "tracking"];
/// How far before the number such a word may stand.
const REACH: usize = 12;

pub(super) fn find(page: &Page<'_>) -> Vec<Piece> {
    let chars = page.chars();
    let mut pieces = Vec::new();
    for range in runs(chars) {
        if page.is_personal(&range) {
            continue;
        }
        let number = page.number(&range);
        let before: String = chars
            .get(range.start.saturating_sub(REACH)..range.start)
            .unwrap_or_default()
            .iter()
            .collect();
        // What stands behind an earlier value or sentence does not call this number.
        let before = before
            .rsplit(['。', '!', '?', ';', ','])
            .next()
            .unwrap_or_default();
        let named = CARRIERS
            .iter()
            .find(|(word, _)| before.contains(word))
            .map(|(_, carrier)| *carrier);
        let form = form_of(&number);
        let n_digits = number.chars().filter(char::is_ascii_digit).count();
        let is_called = (named.is_some() || CUES.iter().any(|cue| before.contains(cue)))
            && !before.contains("订单")
            && (10..=20).contains(&n_digits);
        if form.is_some() || is_called {
            pieces.push(Piece {
                slot: Slot::Tracking(Tracking {
                    carrier: form.or(named).or_else(|| carrier_of(&number)),
                    number,
                }),
                range,
            });
        } else if is_order(&number) {
            pieces.push(Piece {
                slot: Slot::Order { number },
                range,
            });
        }
    }
    pieces
}

/// Runs of letters and digits; groups of digits parted by one blank or dash are one run.
pub(super) fn runs(chars: &[char]) -> Vec<CharRange> {
    let mut runs: Vec<CharRange> = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let len = chars
            .get(at..)
            .unwrap_or_default()
            .iter()
            .take_while(|c| is_run(**c))
            .count();
        if len == 0 {
            at += 1;
            continue;
        }
        let range = at..at + len;
        at = range.end;
        let digits = |range: &CharRange| {
            chars
                .get(range.clone())
                .unwrap_or_default()
                .iter()
                .all(char::is_ascii_digit)
        };
        let joined = runs.last_mut().filter(|last| {
            last.end + 1 == range.start
                && matches!(chars.get(last.end), Some(' ' | '-'))
                && range.len() >= 3
                && digits(&range)
                && chars
                    .get(last.end.saturating_sub(1))
                    .is_some_and(char::is_ascii_digit)
        });
        match joined {
            Some(last) => last.end = range.end,
            None => runs.push(range),
        }
    }
    runs
}

/// The carrier whose form the number has, letters included.
fn form_of(number: &str) -> Option<Carrier> {
    let is_postal = number.len() == 13
        && number.ends_with("CN")
        && number.chars().take(2).all(|c| c.is_ascii_uppercase())
        && number.chars().skip(2).take(9).all(|c| c.is_ascii_digit());
    if is_postal {
        return Some(Carrier::Ems);
    }
    FORMS.iter().find_map(|(prefix, lengths, carrier)| {
        let rest = number.strip_prefix(prefix)?;
        let n_digits = rest.chars().filter(char::is_ascii_digit).count();
        let fits = lengths.contains(&rest.len())
            && match carrier {
                // Jingdong's numbers have letters inside.
                Carrier::Jd => n_digits >= 8,
                _ => n_digits == rest.len(),
            };
        fits.then_some(*carrier)
    })
}

/// The carrier that a number's form tells, also one of digits alone.
pub(super) fn carrier_of(number: &str) -> Option<Carrier> {
    if let Some(carrier) = form_of(number) {
        return Some(carrier);
    }
    if !number.chars().all(|c| c.is_ascii_digit()) {
        return None;
    }
    match (number.len(), number.get(..1)?, number.get(..2)?) {
        (14, "7", _) => Some(Carrier::Zto),
        (15, _, "77") => Some(Carrier::Sto),
        (13 | 15, "3" | "4", _) => Some(Carrier::Yunda),
        (13, "1" | "9", _) => Some(Carrier::Ems),
        _ => None,
    }
}

/// A few letters and a long number, as shops number their orders: LX20261105007213.
fn is_order(number: &str) -> bool {
    let n_letters = number.chars().take_while(char::is_ascii_uppercase).count();
    let n_digits = number.len() - n_letters;
    (2..=4).contains(&n_letters)
        && (10..=22).contains(&n_digits)
        && number.chars().skip(n_letters).all(|c| c.is_ascii_digit())
}
