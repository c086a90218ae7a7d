//! Word patterns of the rules: a few words in order, with a little room between them.
//!
//! `找|叫 … 经理|主管` is written `"找|叫~经理|主管"`: alternatives are parted by `|`, parts by `~`.
//! Between two parts there may be at most [`GAP`] characters and no end of a sentence.
//! A word in parentheses at the end, `"报警(器|声)"`, cancels the match when it follows at once.

use std::collections::HashMap;

use crate::words::CharRange;

/// Most characters between two parts of one pattern.
const GAP: usize = 6;
/// Most light words between a negation and what it denies.
const NEGATION_REACH: usize = 4;

#[derive(Debug)]
struct Pattern {
    rule: usize,
    /// Alternatives of the parts after the first.
    rest: Vec<Vec<Vec<char>>>,
    /// Words that cancel the match when they follow at once.
    unless: Vec<Vec<char>>,
}

/// Patterns of several rules, found by their first character.
#[derive(Debug, Default)]
pub(crate) struct Patterns {
    patterns: Vec<Pattern>,
    by_first: HashMap<char, Vec<(Vec<char>, usize)>>,
}

/// One place where a rule's pattern stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Hit {
    /// Index of the rule.
    pub(crate) rule: usize,
    /// Where, in folded characters.
    pub(crate) range: CharRange,
}

impl Patterns {
    /// `rules` gives each rule's patterns, parted by blanks.
    pub(crate) fn new<'a>(rules: impl IntoIterator<Item = &'a str>) -> Self {
        let mut all = Self::default();
        for (rule, patterns) in rules.into_iter().enumerate() {
            for pattern in patterns.split_whitespace() {
                all.add(rule, &pattern.replace('_', " "));
            }
        }
        all
    }

    fn add(&mut self, rule: usize, pattern: &str) {
        let (body, unless) = pattern
            .split_once('(')
            .map_or((pattern, ""), |(body, rest)| {
                (body, rest.trim_end_matches(')'))
            });
        let mut parts = body.split('~').map(alternatives);
        let first = parts.next().unwrap_or_default();
        let idx = self.patterns.len();
        self.patterns.push(Pattern {
            rule,
            rest: parts.collect(),
            unless: alternatives(unless),
        });
        for word in first {
            if let Some(c) = word.first() {
                self.by_first.entry(*c).or_default().push((word, idx));
            }
        }
    }

    /// Every match, by place and then by rule.
    pub(crate) fn find_all(&self, chars: &[char]) -> Vec<Hit> {
        let mut hits = Vec::new();
        for (at, c) in chars.iter().enumerate() {
            for (word, idx) in self.by_first.get(c).map_or(&[][..], Vec::as_slice) {
                let (Some(pattern), true) = (self.patterns.get(*idx), stands(chars, at, word))
                else {
                    continue;
                };
                let end = at + word.len();
                let Some(end) = rest_end(chars, end, &pattern.rest) else {
                    continue;
                };
                if pattern.unless.iter().any(|word| stands(chars, end, word)) {
                    continue;
                }
                hits.push(Hit {
                    rule: pattern.rule,
                    range: at..end,
                });
            }
        }
        hits.sort_by_key(|hit| (hit.range.start, hit.rule, hit.range.end));
        hits
    }
}

fn alternatives(part: &str) -> Vec<Vec<char>> {
    part.split('|')
        .filter(|word| !word.is_empty())
        .map(|word| word.chars().collect())
        .collect()
}

fn stands(chars: &[char], at: usize, word: &[char]) -> bool {
    let latin = |c: Option<&char>| c.is_some_and(char::is_ascii_alphabetic);
    chars.get(at..).is_some_and(|tail| tail.starts_with(word))
        // A Latin word stands alone, a run of digits is the whole number.
        && !(latin(word.first()) && at > 0 && latin(chars.get(at - 1)))
        && !(latin(word.last()) && latin(chars.get(at + word.len())))
        && !(word.iter().all(char::is_ascii_digit)
            && (chars.get(at + word.len()).is_some_and(char::is_ascii_digit)
                || (at > 0 && chars.get(at - 1).is_some_and(char::is_ascii_digit))))
}

fn rest_end(chars: &[char], from: usize, rest: &[Vec<Vec<char>>]) -> Option<usize> {
    let Some((part, rest)) = rest.split_first() else {
        return Some(from);
    };
    for at in from..=from + GAP {
        for word in part {
            if stands(chars, at, word)
                && let Some(end) = rest_end(chars, at + word.len(), rest)
            {
                return Some(end);
            }
        }
        if chars
            .get(at)
            .is_none_or(|c| matches!(c, '。' | '!' | '！' | '?' | '？' | ';' | '；'))
        {
            return None;
        }
    }
    None
}

/// Whether what begins at `start` is denied or merely supposed: `我不是要投诉`, `没有起火`,
/// `会不会爆炸`, `防盗刷`. A negation counts only when nothing but light words stands between, so that
/// `态度不好我要投诉` is none; `是不是被盗刷了` is a suspicion, not a denial.
pub(crate) fn is_denied(chars: &[char], start: usize) -> bool {
    const LIGHT: &str = "要想打算是会能用去来有过被受真出现发生什么任何";
    let before = chars.get(..start).unwrap_or_default();
    let light = before
        .iter()
        .rev()
        .take(NEGATION_REACH)
        .take_while(|c| LIGHT.contains(**c))
        .count();
    let mut back = before.iter().rev().skip(light);
    let (negation, earlier) = (back.next(), back.next());
    match negation {
        Some('不') => {
            let after = before
                .len()
                .checked_sub(light)
                .and_then(|at| before.get(at));
            !(after == Some(&'是') && earlier == Some(&'是')) && earlier != Some(&'再')
        }
        Some('没' | '无' | '非' | '怕' | '未' | '防') => true,
        Some('别') => earlier != Some(&'特'),
        _ => false,
    }
}

/// Whether what begins at `start` stands inside quotation marks: somebody else's words.
pub(crate) fn is_quoted(chars: &[char], start: usize) -> bool {
    let mut open = false;
    for c in chars.get(..start).unwrap_or_default() {
        match c {
            '“' | '「' | '『' | '《' => open = true,
            '”' | '」' | '』' | '》' => open = false,
            '"' => open = !open,
            _ => {}
        }
    }
    open && chars.get(start..).is_some_and(|tail| {
        tail.iter()
            .any(|c| matches!(c, '”' | '」' | '』' | '》' | '"'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chars(text: &str) -> Vec<char> {
        text.chars().collect()
    }

    #[test]
    fn parts_stand_in_order_and_near() {
        let patterns = Patterns::new(["找|叫~经理|主管", "报警(器|声)", "12315 human_agent"]);
        for (text, rules) in [
            ("我要找你们经理", vec![0]),
            ("叫主管来", vec![0]),
            ("经理找我", vec![]),
            ("找不到东西。经理呢", vec![]),
            ("找了一圈都没有一个人说经理", vec![]),
            ("我报警了", vec![1]),
            ("报警器响了", vec![]),
            ("打12315", vec![2]),
            ("订单号9123150", vec![]),
            ("a human agent please", vec![2]),
            ("human agents", vec![]),
        ] {
            let found: Vec<usize> = patterns
                .find_all(&chars(text))
                .iter()
                .map(|hit| hit.rule)
                .collect();
            assert_eq!(found, rules, "{text}");
        }
    }

    #[test]
    fn denials_and_quotations() {
        for (text, word, denied) in [
            ("我不是要投诉", "投诉", true),
            ("没有起火", "起火", true),
            ("会不会爆炸", "爆炸", true),
            ("再不退钱就投诉", "投诉", false),
            ("东西不好,投诉", "投诉", false),
            ("我要投诉", "投诉", false),
            ("态度不好我要投诉", "投诉", false),
            ("是不是被盗刷了", "盗刷", false),
            ("没有被盗刷", "盗刷", true),
            ("特别想投诉", "投诉", false),
        ] {
            let text = chars(text);
            let word = chars(word);
            let at = text.windows(word.len()).position(|w| w == word).unwrap();
            assert_eq!(is_denied(&text, at), denied, "{text:?}");
        }
        assert!(is_quoted(&chars("他说“骗子”"), 3));
        assert!(!is_quoted(&chars("他说“好”，骗子"), 6));
    }
}
