//! A message folded for comparison, with the way back to the characters as written.

use unicode_normalization::UnicodeNormalization;

use crate::words::CharRange;

/// Characters that the rules look at; longer texts keep their beginning and their end.
pub(crate) const RULE_WINDOW: usize = 8_000;
/// Characters that retrieval looks at.
pub(crate) const MATCH_WINDOW: usize = 400;

/// Folded text: compatibility forms, lower case, simplified characters; without control
/// characters and emoji, and with blanks only between two Latin words or numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Folded {
    /// Folded characters.
    pub(crate) chars: Vec<char>,
    /// For each, the index of the character of the original that it comes from.
    origin: Vec<usize>,
}

impl Folded {
    /// Folds at most `window` characters: three quarters from the beginning, the rest from the end.
    pub(crate) fn new(raw: &str, window: usize) -> Self {
        let n_chars = raw.chars().count();
        let (head, tail_from) = if n_chars <= window {
            (n_chars, n_chars)
        } else {
            let head = window * 3 / 4;
            (head, n_chars - (window - head))
        };
        let mut folded = Self::default();
        let mut gap = false;
        for (at, c) in raw.chars().enumerate() {
            if at >= head && at < tail_from {
                continue;
            }
            if c.is_whitespace() {
                gap = true;
                continue;
            }
            if is_dropped(c) {
                continue;
            }
            let is_latin = c.nfkc().next().is_some_and(is_run);
            if gap && is_latin && folded.chars.last().is_some_and(|last| is_run(*last)) {
                folded.push(' ', at);
            }
            gap = false;
            if c.is_ascii() {
                folded.push(c.to_ascii_lowercase(), at);
                continue;
            }
            for form in std::iter::once(c).nfkc().flat_map(char::to_lowercase) {
                let simple = crate::simplified::simplify(form);
                if !simple.is_whitespace() && !is_dropped(simple) {
                    folded.push(simple, at);
                }
            }
        }
        folded
    }

    fn push(&mut self, c: char, origin: usize) {
        self.chars.push(c);
        self.origin.push(origin);
    }

    /// The range of the original behind a range of folded characters.
    pub(crate) fn raw_range(&self, range: &CharRange) -> CharRange {
        let start = self.origin.get(range.start).copied().unwrap_or_default();
        let end = range
            .end
            .checked_sub(1)
            .and_then(|last| self.origin.get(last))
            .map_or(start, |last| last + 1);
        start..end.max(start)
    }

    /// Without the first `n` characters.
    pub(crate) fn skip(&self, n: usize) -> Self {
        Self {
            chars: self.chars.iter().skip(n).copied().collect(),
            origin: self.origin.iter().skip(n).copied().collect(),
        }
    }

    /// Number of characters that mean something: ideographs, letters, digits.
    pub(crate) fn n_meaningful(&self) -> usize {
        self.chars.iter().filter(|c| c.is_alphanumeric()).count()
    }

    /// As one string.
    pub(crate) fn text(&self) -> String {
        self.chars.iter().collect()
    }
}

/// The characters of `raw` in `range`.
pub(crate) fn slice(raw: &str, range: &CharRange) -> String {
    raw.chars()
        .skip(range.start)
        .take(range.end.saturating_sub(range.start))
        .collect()
}

/// A character of a Latin word or a number.
pub(crate) fn is_run(c: char) -> bool {
    c.is_ascii_alphanumeric()
}

fn is_dropped(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}'
            | '\u{FE00}'..='\u{FE0F}' | '\u{E0000}'..='\u{E01EF}' | '\u{1F000}'..='\u{1FAFF}'
            | '\u{2600}'..='\u{27BF}' | '\u{2300}'..='\u{23FF}' | '\u{2B00}'..='\u{2BFF}' | '\u{20E3}'
            | '\u{FFFD}' | '\u{00AD}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(raw: &str, expected: &str) {
        assert_eq!(Folded::new(raw, 100).text(), expected, "{raw:?}");
    }

    #[test]
    fn folds_forms_blanks_emoji_and_control_characters() {
        check("转 人\u{200B} 工", "转人工");
        check("ＡＢＣ　１２", "abc 12");
        check("退款😭😭 快点\u{0}", "退款快点");
        check("Talk to  a Human", "talk to a human");
        check("訂單還沒發貨", "订单还没发货");
        check("", "");
        check("😀🙏", "");
    }

    #[test]
    fn ranges_lead_back_to_the_original() {
        let raw = "😭 我要 投 訴!";
        let folded = Folded::new(raw, 100);
        assert_eq!(folded.text(), "我要投诉!");
        let range = folded.raw_range(&(2..4));
        assert_eq!(slice(raw, &range), "投 訴");
    }

    #[test]
    fn long_texts_keep_beginning_and_end() {
        let raw = format!("开头{}结尾", "中".repeat(1_000_000));
        let folded = Folded::new(&raw, 100);
        assert_eq!(folded.chars.len(), 100);
        assert!(folded.text().starts_with("开头") && folded.text().ends_with("结尾"));
    }
}
