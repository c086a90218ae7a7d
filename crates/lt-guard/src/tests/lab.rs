use std::io::Cursor;

use crate::lab::{MAX_LINE_BYTES, pii};
use crate::{LabError, LabProblem};

fn run(input: &[u8]) -> Result<(usize, String), LabError> {
    let mut out = Vec::new();
    let n = pii(Cursor::new(input), &mut out)?;
    Ok((n, String::from_utf8(out).unwrap()))
}

#[test]
fn one_answer_a_line() {
    let input = "{\"text\":\"打13812345678\",\"note\":1}\n{\"text\":\"你\u{2028}好\"}\r\n";
    let (n, out) = run(input.as_bytes()).unwrap();
    assert_eq!(n, 2);
    assert_eq!(
        out,
        "{\"i\":0,\"spans\":[{\"start\":1,\"end\":12,\"type\":\"phone\"}],\"masked\":\"打138****5678\"}\n\
         {\"i\":1,\"spans\":[],\"masked\":\"你\u{2028}好\"}\n"
    );
}

#[test]
fn last_line_needs_no_end_and_blank_lines_count_as_lines() {
    let (n, _) = run("\u{feff}{\"text\":\"\"}\n\n{\"text\":\"a\"}".as_bytes()).unwrap();
    assert_eq!(n, 2);
    let error = run(b"{\"text\":\"\"}\n\n{\"txt\":\"13812345678\"}").unwrap_err();
    assert_eq!(error.line, 3);
}

#[test]
fn a_bad_line_is_named_without_its_text() {
    for bad in [
        "13812345678",
        "{\"text\":13812345678}",
        "[]",
        "{\"text\":\"13812345678",
    ] {
        let input = format!("{{\"text\":\"a\"}}\n{bad}\n");
        let error = run(input.as_bytes()).unwrap_err().in_file("in.jsonl");
        let shown = format!("{error} {error:?}");
        assert!(shown.starts_with("in.jsonl:2: "), "{shown}");
        assert!(!shown.contains("138"), "{shown}");
    }
    let error = run(b"{\"text\":\"\xff\"}\n").unwrap_err();
    assert_eq!(error.line, 1);
}

#[test]
fn line_length_is_bounded() {
    let text = "a".repeat(MAX_LINE_BYTES - 11);
    let line = format!("{{\"text\":\"{text}\"}}\n");
    assert_eq!(line.len(), MAX_LINE_BYTES + 1);
    assert_eq!(run(line.as_bytes()).unwrap().0, 1);
    let longer = format!("{{\"text\":\"{text}b\"}}\n");
    let error = run(longer.as_bytes()).unwrap_err();
    assert!(matches!(
        error,
        LabError {
            line: 1,
            problem: LabProblem::TooLong,
            ..
        }
    ));
}
