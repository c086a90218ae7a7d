//! Lines of an import.

use std::collections::HashSet;

use lt_engine::template::Template;
use lt_model::message::MAX_TEXT_BYTES;
use lt_protocol::api::{FaqLine, LineError};

const MAX_ID_CHARS: usize = 64;
const MAX_LABEL_CHARS: usize = 64;
const MAX_QUESTION_CHARS: usize = 500;
const MAX_SIMILAR: usize = 200;
/// Errors that are told; who has more has a file of another kind.
const MAX_ERRORS: usize = 100;

/// Reads JSON lines. Blank lines and a byte-order mark are fine.
///
/// # Errors
/// All lines that are wrong, up to a hundred.
pub(crate) fn read(bytes: &[u8]) -> Result<Vec<FaqLine>, Vec<LineError>> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let mut seen = HashSet::new();
    let mut lines = Vec::new();
    let mut errors = Vec::new();
    for (line, raw) in (1_u32..).zip(bytes.split(|byte| *byte == b'\n')) {
        if raw.trim_ascii().is_empty() {
            continue;
        }
        match parse(raw) {
            Ok(parsed) if !seen.insert(parsed.id.clone()) => {
                errors.push(error(line, "the id stands in an earlier line too"));
            }
            Ok(parsed) => lines.push(parsed),
            Err(message) => errors.push(error(line, &message)),
        }
        if errors.len() >= MAX_ERRORS {
            break;
        }
    }
    if lines.is_empty() && errors.is_empty() {
        errors.push(error(1, "there is no line"));
    }
    if errors.is_empty() {
        Ok(lines)
    } else {
        Err(errors)
    }
}

fn error(line: u32, message: &str) -> LineError {
    LineError {
        line,
        message: message.to_owned(),
    }
}

fn parse(raw: &[u8]) -> Result<FaqLine, String> {
    let mut line: FaqLine = serde_json::from_slice(raw).map_err(|error| error.to_string())?;
    for field in [
        &mut line.id,
        &mut line.business_line,
        &mut line.category,
        &mut line.question,
        &mut line.answer,
    ] {
        *field = field.trim().to_owned();
    }
    for similar in &mut line.similar {
        *similar = similar.trim().to_owned();
    }
    line.similar.retain(|similar| !similar.is_empty());
    check("id", &line.id, MAX_ID_CHARS)?;
    check("business_line", &line.business_line, MAX_LABEL_CHARS)?;
    check("category", &line.category, MAX_LABEL_CHARS)?;
    check("question", &line.question, MAX_QUESTION_CHARS)?;
    for similar in &line.similar {
        check("similar", similar, MAX_QUESTION_CHARS)?;
    }
    if line.similar.len() > MAX_SIMILAR {
        return Err(format!("similar: more than {MAX_SIMILAR}"));
    }
    if line.answer.is_empty() {
        return Err("answer: is empty".to_owned());
    }
    if line.answer.len() > MAX_TEXT_BYTES {
        return Err(format!("answer: more than {MAX_TEXT_BYTES} bytes"));
    }
    if !Template::parse(&line.answer).is_sound() {
        return Err("answer: a variable is written {{connector.name}}".to_owned());
    }
    Ok(line)
}

fn check(name: &str, value: &str, max_chars: usize) -> Result<(), String> {
    if value.is_empty() {
        Err(format!("{name}: is empty"))
    } else if value.chars().count() > max_chars {
        Err(format!("{name}: more than {max_chars} characters"))
    } else if value.chars().any(char::is_control) {
        Err(format!("{name}: has control characters"))
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str =
        r#"{"id":"a","business_line":"全店","category":"售后/退款","question":"问","answer":"答"}"#;

    #[test]
    fn every_wrong_line_is_named() {
        let text = [
            "\u{feff}".to_owned() + GOOD,
            String::new(),
            GOOD.to_owned(),
            GOOD.replace("\"a\"", "\"b\"").replace("\"问\"", "\" \""),
            "{".to_owned(),
            GOOD.replace("\"a\"", "\"c\"").replace("\"答\"", "\"\""),
        ]
        .join("\n");
        let errors = read(text.as_bytes()).unwrap_err();
        let lines: Vec<u32> = errors.iter().map(|error| error.line).collect();
        assert_eq!(lines, [3, 4, 5, 6]);
        assert!(errors[0].message.contains("earlier"));
        assert!(errors[1].message.starts_with("question"));
    }

    #[test]
    fn good_lines_are_trimmed() {
        let text = format!("{GOOD}\r\n{}", GOOD.replace("\"a\"", "\" b \""));
        let lines = read(text.as_bytes()).unwrap();
        assert_eq!(lines[1].id, "b");
        assert!(read(b"\n\n").is_err());
    }
}
