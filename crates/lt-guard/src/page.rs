//! The text as the recognisers read it.

/// A text folded for reading: full-width forms become ASCII, all blanks become a space, all dashes
/// become `-`, and invisible characters are left out. Indices are folded positions; `original`
/// leads back to code points of the text.
pub(crate) struct Page {
    chars: Vec<char>,
    at: Vec<usize>,
}

impl Page {
    pub(crate) fn read(text: &str) -> Self {
        let mut page = Self {
            chars: Vec::with_capacity(text.len() / 2 + 8),
            at: Vec::with_capacity(text.len() / 2 + 8),
        };
        for (offset, c) in text.chars().enumerate() {
            if !is_invisible(c) {
                page.chars.push(fold(c));
                page.at.push(offset);
            }
        }
        page
    }

    pub(crate) fn len(&self) -> usize {
        self.chars.len()
    }

    pub(crate) fn chars(&self) -> &[char] {
        &self.chars
    }

    pub(crate) fn get(&self, i: usize) -> Option<char> {
        self.chars.get(i).copied()
    }

    /// The character just before `i`.
    pub(crate) fn before(&self, i: usize) -> Option<char> {
        i.checked_sub(1).and_then(|j| self.get(j))
    }

    pub(crate) fn slice(&self, start: usize, end: usize) -> &[char] {
        self.chars.get(start..end).unwrap_or(&[])
    }

    /// Does `word` (lower case) stand at `i`? ASCII letters match in both cases.
    pub(crate) fn starts(&self, i: usize, word: &str) -> bool {
        let here = self.chars.get(i..).unwrap_or(&[]);
        let mut chars = here.iter().map(char::to_ascii_lowercase);
        word.chars().all(|w| chars.next() == Some(w))
    }

    /// Does `word` (lower case) end just before `i`?
    pub(crate) fn ends(&self, i: usize, word: &str) -> bool {
        let here = self.chars.get(..i).unwrap_or(&[]);
        let mut chars = here.iter().rev().map(char::to_ascii_lowercase);
        word.chars().rev().all(|w| chars.next() == Some(w))
    }

    /// The length in characters of the first of `words` that stands at `i`.
    pub(crate) fn starts_any(&self, i: usize, words: &[&str]) -> Option<usize> {
        words
            .iter()
            .find(|w| self.starts(i, w))
            .map(|w| w.chars().count())
    }

    /// The length in characters of the first of `words` that ends just before `i`.
    pub(crate) fn ends_any(&self, i: usize, words: &[&str]) -> Option<usize> {
        words
            .iter()
            .find(|w| self.ends(i, w))
            .map(|w| w.chars().count())
    }

    /// Does any of `words` stand somewhere in `start..end`?
    pub(crate) fn has_any(&self, start: usize, end: usize, words: &[&str]) -> bool {
        (start..end.min(self.len()))
            .any(|i| self.starts_any(i, words).is_some_and(|n| i + n <= end))
    }

    /// Skips back over at most `limit` characters that `skip` accepts.
    pub(crate) fn back(&self, i: usize, limit: usize, skip: impl Fn(char) -> bool) -> usize {
        let mut j = i;
        while i - j < limit && self.before(j).is_some_and(&skip) {
            j -= 1;
        }
        j
    }

    /// Skips ahead over at most `limit` characters that `skip` accepts.
    pub(crate) fn ahead(&self, i: usize, limit: usize, skip: impl Fn(char) -> bool) -> usize {
        let mut j = i;
        while j - i < limit && self.get(j).is_some_and(&skip) {
            j += 1;
        }
        j
    }

    /// Code-point offsets of a non-empty folded range.
    pub(crate) fn original(&self, start: usize, end: usize) -> Option<(usize, usize)> {
        let first = *self.at.get(start)?;
        let last = *self.at.get(end.checked_sub(1)?)?;
        Some((first, last + 1))
    }
}

pub(crate) fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{323AF}' | '〇')
}

pub(crate) fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}'
        | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{20E3}'
        | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}')
}

fn fold(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        '\t' | '\u{A0}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{205F}' | '\u{3000}' => ' ',
        '\u{2010}'..='\u{2015}'
        | '\u{2212}'
        | '\u{2043}'
        | '\u{2500}'
        | '\u{FE58}'
        | '\u{FE63}' => '-',
        '・' | '•' | '‧' | '∙' => '·',
        '﹡' | '∗' | '●' | '█' | '■' | '⁎' => '*',
        '﹫' => '@',
        '\u{1D7CE}'..='\u{1D7FF}' => digit_char((c as u32 - 0x1D7CE) % 10),
        _ => c,
    }
}

fn digit_char(value: u32) -> char {
    char::from_digit(value, 10).unwrap_or('0')
}
