//! Values from outside: untrusted, so they become one short line of plain text or nothing.

use serde_json::Value;

use crate::config::VariableConfig;

/// What a variable reads from an answer; none where there is nothing to say.
pub(crate) fn read(answer: &Value, variable: &VariableConfig) -> Option<String> {
    let raw = match answer.pointer(&variable.pointer)? {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Bool(truth) => truth.to_string(),
        Value::Null | Value::Array(_) | Value::Object(_) => return None,
    };
    let said = variable.words.get(raw.trim()).unwrap_or(&raw);
    clean(said, variable.max_chars)
}

/// One line, short, plain.
pub(crate) fn clean(raw: &str, max_chars: usize) -> Option<String> {
    // Nothing that is cut off later may be longer than this.
    let raw: String = raw.chars().take(4 * max_chars + 200).collect();
    let mut plain = String::new();
    for word in raw
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
    {
        let word: String = without_addresses(word)
            .chars()
            .filter(|c| !is_unwanted(*c))
            .collect();
        if word.is_empty() {
            continue;
        }
        if !plain.is_empty() {
            plain.push(' ');
        }
        plain.push_str(&word);
    }
    let n_chars = plain.chars().count();
    if n_chars > max_chars {
        plain = plain.chars().take(max_chars.saturating_sub(1)).collect();
        plain = plain.trim_end().to_owned();
        plain.push('…');
    }
    (!plain.is_empty()).then_some(plain)
}

/// The word up to an address of the web in it: the chat page would make a link of it, and the
/// customer would take that for the shop's.
fn without_addresses(word: &str) -> &str {
    let lower = word.to_ascii_lowercase();
    let at = ["http:", "https:", "www.", "://", "javascript:", "data:"]
        .iter()
        .filter_map(|mark| lower.find(mark))
        .min();
    at.and_then(|at| word.get(..at)).unwrap_or(word)
}

/// Markup, braces of variables, and characters that are not seen.
fn is_unwanted(c: char) -> bool {
    matches!(c, '<' | '>' | '{' | '}' | '`' | '\u{ad}' | '\u{feff}' | '\u{fffd}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{e0000}'..='\u{e01ef}')
        || c.is_control()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn table() {
        for (raw, expected) in [
            ("杭州转运中心", Some("杭州转运中心")),
            ("  a\n\nb\tc ", Some("a b c")),
            ("<b>粗</b>", Some("b粗/b")),
            ("见https://evil.example/x 处", Some("见 处")),
            ("\u{202e}倒\u{0}序", Some("倒 序")),
            ("{{物流.状态}}", Some("物流.状态")),
            ("\u{200b}", None),
            ("", None),
            ("一二三四五六七八九十甲乙丙", Some("一二三四五六七八九…")),
        ] {
            assert_eq!(clean(raw, 10).as_deref(), expected, "{raw:?}");
        }
    }

    #[test]
    fn codes_become_words() {
        let variable: VariableConfig = serde_json::from_str(
            r#"{"pointer": "/a/0/s", "words": {"IN_TRANSIT": "运输途中", "3": "已签收"}}"#,
        )
        .unwrap();
        let said = |json: &str| read(&serde_json::from_str(json).unwrap(), &variable);
        assert_eq!(
            said(r#"{"a":[{"s":"IN_TRANSIT"}]}"#).as_deref(),
            Some("运输途中")
        );
        assert_eq!(said(r#"{"a":[{"s":3}]}"#).as_deref(), Some("已签收"));
        assert_eq!(said(r#"{"a":[{"s":"别的"}]}"#).as_deref(), Some("别的"));
        assert_eq!(said(r#"{"a":[{"s":null}]}"#), None);
        assert_eq!(said(r#"{"a":[]}"#), None);
        assert_eq!(said(r#"{"a":[{"s":{"x":1}}]}"#), None);
    }

    proptest! {
        #[test]
        fn values_are_one_short_plain_line(raw in any::<String>(), max in 1_usize..80) {
            if let Some(said) = clean(&raw, max) {
                prop_assert!(!said.is_empty() && said.chars().count() <= max);
                let is_plain = !said.chars().any(|c| c.is_control() || matches!(c, '<' | '>' | '{' | '}'));
                prop_assert!(is_plain);
                prop_assert!(!said.contains("://"));
            }
        }
    }
}
