//! How a text sounds: toneless pinyin with what input methods and dialects mix up made one, so that
//! homophones (退宽 for 退款) and typed pinyin (tuikuan) meet the word that was meant.
//!
//! Readings are those of the `pinyin` crate (the first one of a character).

use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use pinyin::ToPinyin;

/// One syllable, as the hash of its folded spelling.
pub(crate) type Syllable = u32;

const FIRST: u32 = 0x4E00;
const LAST: u32 = 0x9FFF;
/// Longest spelling of a syllable.
const LONGEST: usize = 6;
/// Shortest run of letters that is tried as pinyin.
const SHORTEST_RUN: usize = 4;

/// Readings of the common ideographs, and every spelling that occurs.
struct Readings {
    by_char: Vec<Syllable>,
    spellings: HashSet<&'static str>,
}

static READINGS: LazyLock<Readings> = LazyLock::new(|| {
    let mut folded: HashMap<&'static str, Syllable> = HashMap::new();
    let by_char = (FIRST..=LAST)
        .map(|code| {
            char::from_u32(code)
                .and_then(|c| c.to_pinyin())
                .map_or(0, |reading| {
                    let plain = reading.plain();
                    *folded.entry(plain).or_insert_with(|| syllable(plain))
                })
        })
        .collect();
    Readings {
        by_char,
        spellings: folded.into_keys().collect(),
    }
});

/// Folds a spelling: retroflex and flat initials, front and back nasals, `n` and `l` stay apart.
fn syllable(plain: &str) -> Syllable {
    let plain = plain.replace('ü', "v");
    let (initial, rest) = [("zh", "z"), ("ch", "c"), ("sh", "s")]
        .iter()
        .find_map(|(from, to)| plain.strip_prefix(from).map(|rest| (*to, rest)))
        .unwrap_or(("", plain.as_str()));
    let rest = match rest.strip_suffix('g') {
        Some(front) if front.ends_with("an") || front.ends_with("en") || front.ends_with("in") => {
            front
        }
        _ => rest,
    };
    let hash = initial
        .bytes()
        .chain(rest.bytes())
        .fold(0x811c_9dc5_u32, |hash, byte| {
            (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
        });
    hash.max(1)
}

/// The syllable of an ideograph; `None` for anything else.
pub(crate) fn of_char(c: char) -> Option<Syllable> {
    let at = u32::from(c).checked_sub(FIRST)?;
    READINGS
        .by_char
        .get(at as usize)
        .copied()
        .filter(|syllable| *syllable != 0)
}

/// The syllables of a folded text: of ideographs, of runs of letters that are pinyin throughout,
/// and one made up for any other character that means something.
pub(crate) fn of_text(chars: &[char]) -> Vec<Syllable> {
    let mut syllables = Vec::with_capacity(chars.len());
    let mut at = 0;
    while let Some(c) = chars.get(at) {
        if c.is_ascii_lowercase() {
            let run: String = chars
                .iter()
                .skip(at)
                .take_while(|c| c.is_ascii_lowercase())
                .collect();
            at += run.len();
            let spelt = if run.len() >= SHORTEST_RUN {
                spelt(&run)
            } else {
                None
            };
            match spelt {
                Some(mut found) => syllables.append(&mut found),
                None => syllables.extend(run.chars().map(|c| u32::from(c) << 8)),
            }
            continue;
        }
        if let Some(syllable) = of_char(*c) {
            syllables.push(syllable);
        } else if c.is_alphanumeric() {
            syllables.push(u32::from(*c) << 8);
        }
        at += 1;
    }
    syllables
}

/// The syllables of a run of letters, if it is nothing but syllables: the longest first, shorter
/// ones where the rest does not come out.
fn spelt(run: &str) -> Option<Vec<Syllable>> {
    let n = run.len();
    // `reach[at]`: length of the syllable to take at `at`, 0 where the rest does not come out.
    let mut reach = vec![0_usize; n + 1];
    for at in (0..n).rev() {
        for len in (1..=LONGEST.min(n - at)).rev() {
            let comes_out = at + len == n || reach.get(at + len).is_some_and(|next| *next > 0);
            let is_syllable = run
                .get(at..at + len)
                .is_some_and(|piece| READINGS.spellings.contains(piece));
            if comes_out && is_syllable {
                if let Some(place) = reach.get_mut(at) {
                    *place = len;
                }
                break;
            }
        }
    }
    let mut found = Vec::new();
    let mut at = 0;
    while at < n {
        let len = *reach.get(at).filter(|len| **len > 0)?;
        found.push(syllable(run.get(at..at + len)?));
        at += len;
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sounds(text: &str) -> Vec<Syllable> {
        of_text(&text.chars().collect::<Vec<_>>())
    }

    #[test]
    fn homophones_and_pinyin_sound_alike() {
        for (a, b, alike) in [
            ("退宽", "退款", true),
            ("tuikuan", "退款", true),
            ("tuihuo多久", "退货多久", true),
            ("发漂", "发票", true),
            ("物留", "物流", true),
            ("申请", "深情", true),
            ("支付", "资付", true),
            ("退款", "退货", false),
            ("xqz12", "退货", false),
            ("", "", true),
        ] {
            assert_eq!(sounds(a) == sounds(b), alike, "{a} {b}");
        }
    }

    #[test]
    fn letters_that_are_no_pinyin_stay_letters() {
        assert_eq!(sounds("wifi").len(), 4);
        assert_eq!(sounds("5g网").len(), 3);
        assert_eq!(sounds(&"a".repeat(400)).len(), 400);
    }
}
