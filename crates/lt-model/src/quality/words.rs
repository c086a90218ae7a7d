//! Finding words in what was written.

/// A text as words are looked for in it: small letters, no blanks, full-width signs as plain ones.
pub(super) fn folded(text: &str) -> String {
    text.chars()
        .map(plain)
        .filter(|c| !c.is_whitespace())
        .flat_map(char::to_lowercase)
        .collect()
}

fn plain(c: char) -> char {
    match u32::from(c) {
        full @ 0xff01..=0xff5e => char::from_u32(full - 0xfee0).unwrap_or(c),
        _ => c,
    }
}

/// Whether a folded text holds the word anywhere.
pub(super) fn holds(folded_text: &str, word: &str) -> bool {
    let word = folded(word);
    !word.is_empty() && folded_text.contains(&word)
}

/// Whether a folded text holds the word at a place where it is not denied just before.
pub(super) fn asserts(folded_text: &str, word: &str) -> bool {
    /// So many characters before a word may deny it.
    const REACH: usize = 3;
    let word = folded(word);
    if word.is_empty() {
        return false;
    }
    folded_text.match_indices(&word).any(|(at, _)| {
        let before = folded_text.get(..at).unwrap_or_default();
        !before
            .chars()
            .rev()
            .take(REACH)
            .any(|c| DENIALS.contains(&c))
    })
}

const DENIALS: [char; 6] = ['不', '没', '無', '无', '别', '未'];

/// Words as they are kept: without blanks around them, none empty, each once, in their order.
pub(super) fn tidied(words: Vec<String>) -> Vec<String> {
    let mut kept: Vec<String> = Vec::with_capacity(words.len());
    for word in words {
        let word: String = word.chars().filter(|c| !c.is_control()).collect();
        let word = word.trim().to_owned();
        if !word.is_empty() && !kept.contains(&word) {
            kept.push(word);
        }
    }
    kept
}

/// Most words of a list.
const MAX_WORDS: usize = 200;
/// Longest word, in characters.
const MAX_WORD_CHARS: usize = 40;

/// Whether a list of words can be looked for.
pub(super) fn are_fit(words: &[String]) -> bool {
    let is_fit = |word: &String| !folded(word).is_empty() && word.chars().count() <= MAX_WORD_CHARS;
    (1..=MAX_WORDS).contains(&words.len()) && words.iter().all(is_fit)
}
