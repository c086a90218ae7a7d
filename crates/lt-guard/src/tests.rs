//! Tables of marked texts: `[phone|13800001234]` is a value that must be found with this span.

mod address;
mod lab;
mod mask;
mod messages;
mod name;
mod numbers;
mod other;
mod properties;
mod sample;

use crate::{PiiKind, Span, scan};

/// Parses the marks and compares with what is found; all failures of a table are shown at once.
fn check(table: &[&str]) {
    let failures: Vec<String> = table.iter().filter_map(|row| failure(row)).collect();
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

fn failure(row: &str) -> Option<String> {
    let (text, want) = parse(row);
    let found = scan(&text);
    (found != want).then(|| format!("{row}\n    found {}", render(&text, &found)))
}

fn parse(row: &str) -> (String, Vec<Span>) {
    let (mut text, mut spans) = (String::new(), Vec::new());
    let mut rest = row;
    while let Some((head, tail)) = rest.split_once('[') {
        text.push_str(head);
        let (mark, after) = tail.split_once(']').unwrap();
        let (kind, value) = mark.split_once('|').unwrap();
        let kind = PiiKind::ALL
            .into_iter()
            .find(|k| k.as_str() == kind)
            .unwrap();
        let start = text.chars().count();
        text.push_str(value);
        spans.push(Span {
            start,
            end: text.chars().count(),
            kind,
        });
        rest = after;
    }
    text.push_str(rest);
    (text, spans)
}

fn render(text: &str, spans: &[Span]) -> String {
    let value = |s: &Span| {
        text.chars()
            .skip(s.start)
            .take(s.end - s.start)
            .collect::<String>()
    };
    spans
        .iter()
        .map(|s| format!("[{}|{}] ", s.kind, value(s)))
        .collect()
}
