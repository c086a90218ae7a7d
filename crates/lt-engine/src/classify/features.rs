//! What a text is made of, for telling classes apart: words and their pairs, and characters.
//!
//! Words are runs of letters and digits; Chinese runs are cut by the dictionary. English words are
//! taken apart at their apostrophes and stemmed lightly. Nothing here knows a language's grammar.

use unicode_normalization::UnicodeNormalization;

/// Characters of a text that are looked at: three quarters from the beginning, the rest from the
/// end.
pub(crate) const WINDOW: usize = 800;
/// Words of those that are looked at.
const MAX_WORDS: usize = 200;

/// Which family a feature belongs to; each family makes a block of its own in a vector.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Family {
    /// One word.
    Word,
    /// Two words, next to each other or with one between them.
    Pair,
    /// Two to five characters within a word, its ends included.
    Chars,
    /// Two words that say something, in any order, anywhere in the text.
    Far,
}

/// Number of families.
pub(crate) const N_FAMILIES: usize = 4;

/// Features of a text, each once, sorted.
pub(crate) type Names = Vec<(Name, Family)>;

/// Share of each family in a vector of unit length, as squares.
pub(crate) type Shares = [f32; N_FAMILIES];

/// A feature's name, hashed.
pub(crate) type Name = u64;

/// Features of a text, each once, sorted; with their family.
pub(crate) fn names(text: &str) -> Names {
    let words = words(text);
    let mut all = Vec::with_capacity(words.len() * 16);
    let stems: Vec<String> = words.iter().map(|word| stem(word)).collect();
    for (word, stem) in words.iter().zip(&stems) {
        all.push((hash(1, &[stem]), Family::Word));
        if word != stem {
            all.push((hash(2, &[word]), Family::Word));
        }
        char_names(word, &mut all);
    }
    let bounded: Vec<&str> = std::iter::once("^")
        .chain(stems.iter().map(String::as_str))
        .chain(std::iter::once("$"))
        .collect();
    for pair in bounded.windows(2) {
        if let [left, right] = pair {
            all.push((hash(3, &[left, right]), Family::Pair));
        }
    }
    for triple in bounded.windows(3) {
        if let [left, _, right] = triple {
            all.push((hash(4, &[left, right]), Family::Pair));
        }
    }
    let content: Vec<&str> = stems
        .iter()
        .map(String::as_str)
        .filter(|stem| !COMMON.contains(stem))
        .take(MAX_CONTENT)
        .collect();
    for (at, left) in content.iter().enumerate() {
        for right in content.iter().skip(at + 1) {
            let (left, right) = if left < right {
                (left, right)
            } else {
                (right, left)
            };
            all.push((hash(6, &[left, right]), Family::Far));
        }
    }
    all.sort_unstable();
    all.dedup();
    all
}

fn char_names(word: &str, all: &mut Vec<(Name, Family)>) {
    let chars: Vec<char> = std::iter::once(' ')
        .chain(word.chars())
        .chain(std::iter::once(' '))
        .collect();
    let longest = if word.chars().next().is_some_and(is_ideograph) {
        3
    } else {
        5
    };
    for n in 2..=longest {
        for window in chars.windows(n) {
            let mut h = FNV ^ 5;
            for c in window {
                h = step(h, u64::from(u32::from(*c)));
            }
            all.push((finish(h), Family::Chars));
        }
    }
}

const FNV: u64 = 0xcbf2_9ce4_8422_2325;

fn step(h: u64, value: u64) -> u64 {
    (h ^ value).wrapping_mul(0x0100_0000_01b3)
}

fn finish(h: u64) -> u64 {
    (h ^ (h >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// FNV-1a over the parts, their ends marked.
fn hash(kind: u64, parts: &[&str]) -> Name {
    let mut h = FNV ^ kind;
    for part in parts {
        for byte in part.bytes() {
            h = step(h, u64::from(byte));
        }
        h = step(h, 0x1ff);
    }
    finish(h)
}

/// The words of a text as written, folded; marks and emoji are left out.
pub(crate) fn words(text: &str) -> Vec<String> {
    let folded = fold(text);
    let mut words: Vec<String> = Vec::new();
    let mut run = String::new();
    for c in folded.chars().chain(std::iter::once(' ')) {
        if c.is_alphanumeric() || (c == '\'' && !run.is_empty()) {
            let breaks = run
                .chars()
                .next_back()
                .is_some_and(|last| is_ideograph(last) != is_ideograph(c));
            if breaks {
                cut(&run, &mut words);
                run.clear();
            }
            if c != '\'' || !run.is_empty() {
                run.push(c);
            }
        } else if !run.is_empty() {
            cut(&run, &mut words);
            run.clear();
        }
        if words.len() >= MAX_WORDS {
            break;
        }
    }
    words.truncate(MAX_WORDS);
    words
}

fn cut(run: &str, words: &mut Vec<String>) {
    if run.chars().next().is_some_and(is_ideograph) {
        let dictionary = lt_search::tokenizer::dictionary();
        words.extend(
            lt_search::tokenizer::words(&dictionary, run)
                .into_iter()
                .map(|piece| piece.text.to_owned()),
        );
        return;
    }
    let run = run.trim_end_matches('\'');
    if let Some((_, parts)) = CONTRACTIONS.iter().find(|(written, _)| *written == run) {
        words.extend(parts.split(' ').map(str::to_owned));
        return;
    }
    if let Some(front) = run.strip_suffix("n't") {
        words.push(front.to_owned());
        words.push("not".to_owned());
        return;
    }
    match run.split_once('\'') {
        Some((front, end)) if !front.is_empty() => {
            words.push(front.to_owned());
            let full = match end {
                "re" => "are",
                "m" => "am",
                "ve" => "have",
                "ll" => "will",
                "d" => "would",
                other => other,
            };
            if !full.is_empty() {
                words.push(full.replace('\'', ""));
            }
        }
        _ => {
            if run.chars().all(|c| c.is_ascii_digit()) {
                words.push("0".to_owned());
            } else {
                words.push(run.to_owned());
            }
        }
    }
}

/// Content words of a text that are paired with one another, whatever stands between them.
const MAX_CONTENT: usize = 12;

/// Stems of English words that say little by themselves.
const COMMON: &[&str] = &[
    "a", "an", "the", "i", "my", "me", "you", "your", "is", "am", "are", "ar", "do", "to", "of",
    "for", "in", "on", "it", "that", "thi", "and", "can", "would", "will", "could", "pleas", "be",
    "at", "with", "have", "hav", "ha", "so", "if", "wa", "did", "doe", "lik", "ne", "want", "s",
    "us", "what", "how", "get", "there", "from", "or", "not",
];

/// English short forms, with and without their apostrophe.
const CONTRACTIONS: &[(&str, &str)] = &[
    ("can't", "can not"),
    ("cannot", "can not"),
    ("cant", "can not"),
    ("won't", "will not"),
    ("wont", "will not"),
    ("dont", "do not"),
    ("doesnt", "does not"),
    ("didnt", "did not"),
    ("isnt", "is not"),
    ("wasnt", "was not"),
    ("havent", "have not"),
    ("hasnt", "has not"),
    ("im", "i am"),
    ("ive", "i have"),
    ("whats", "what s"),
    ("wheres", "where s"),
    ("hows", "how s"),
    ("thats", "that s"),
    ("theres", "there s"),
    ("id", "i would"),
];

fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

fn fold(text: &str) -> String {
    let n_chars = text.chars().count();
    let (head, tail_from) = if n_chars <= WINDOW {
        (n_chars, n_chars)
    } else {
        let head = WINDOW * 3 / 4;
        (head, n_chars - (WINDOW - head))
    };
    text.chars()
        .enumerate()
        .filter(|(at, _)| *at < head || *at >= tail_from)
        .map(|(_, c)| {
            if matches!(c, '\u{2018}' | '\u{2019}' | '\u{FF07}') {
                '\''
            } else {
                c
            }
        })
        .nfkc()
        .flat_map(char::to_lowercase)
        .map(crate::simplified::simplify)
        .collect()
}

/// A light stemmer for English: plural, past and progressive endings; other words stay.
pub(crate) fn stem(word: &str) -> String {
    if word.len() < 4 || !word.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return word.to_owned();
    }
    let has_vowel = |front: &str| front.bytes().any(|byte| b"aeiouy".contains(&byte));
    let undouble = |front: &str| {
        let bytes = front.as_bytes();
        match bytes {
            [.., a, b] if a == b && !b"aeiouls".contains(a) => {
                front.get(..front.len() - 1).unwrap_or(front).to_owned()
            }
            _ => front.to_owned(),
        }
    };
    let mut base = word.to_owned();
    if let Some(front) = word.strip_suffix("ies") {
        base = format!("{front}y");
    } else if let Some(front) = word.strip_suffix("sses") {
        base = format!("{front}ss");
    } else if let Some(front) = word.strip_suffix('s')
        && !front.ends_with(['s', 'u', 'i'])
    {
        base = front.to_owned();
    }
    for ending in ["ing", "ed"] {
        if let Some(front) = base.strip_suffix(ending)
            && front.len() >= 3
            && has_vowel(front)
        {
            base = undouble(front);
            break;
        }
    }
    if base.len() > 3
        && let Some(front) = base.strip_suffix('e')
    {
        base = front.to_owned();
    }
    if base.len() > 3
        && let Some(front) = base.strip_suffix('y')
    {
        base = format!("{front}i");
    }
    base
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        assert_eq!(words(text).join(" "), expected, "{text:?}");
    }

    #[test]
    fn words_of_any_language() {
        check("What's my balance?", "what s my balance");
        check("I don’t know, can't see", "i do not know can not see");
        check("Ｗｉ-Ｆｉ 退款 2024", "wi fi 退款 0");
        check("'' ' !", "");
        check("Где МОЯ карта", "где моя карта");
        check("iPhone坏了", "iphone 坏 了");
    }

    #[test]
    fn english_forms_of_a_word_are_one() {
        for (forms, stem_expected) in [
            (["charge", "charges", "charged", "charging"], "charg"),
            (["cancel", "cancels", "cancelled", "cancelling"], "cancell"),
            (["city", "cities", "city", "cities"], "citi"),
            (["top", "tops", "topped", "topping"], "top"),
        ] {
            for form in forms {
                let stemmed = stem(form);
                assert!(stem_expected.starts_with(&stemmed), "{form}: {stemmed}");
            }
        }
        assert_eq!(stem("is"), "is");
        assert_eq!(stem("über"), "über");
    }
}
