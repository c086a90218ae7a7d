//! `lingtai guard pii`: JSON lines in, spans and masked text out.

use std::io::{self, BufRead, Read as _, Write};

use serde::{Deserialize, Serialize};

use crate::mask::mask;
use crate::span::Span;

/// The longest line that is read, in bytes, its end not counted.
pub const MAX_LINE_BYTES: usize = 1 << 20;

/// What was wrong, and where. Carries nothing of the text itself.
#[derive(Debug, thiserror::Error)]
#[error("{file}:{line}: {problem}")]
pub struct LabError {
    /// The file as the caller named it; `-` until [`LabError::in_file`] is called.
    pub file: String,
    /// The line, counted from 1.
    pub line: usize,
    /// What was wrong with it.
    pub problem: LabProblem,
}

impl LabError {
    /// Names the file that the lines came from.
    #[must_use]
    pub fn in_file(self, file: impl Into<String>) -> Self {
        Self {
            file: file.into(),
            ..self
        }
    }
}

/// What can be wrong with a line.
#[derive(Debug, thiserror::Error)]
pub enum LabProblem {
    /// The line is longer than [`MAX_LINE_BYTES`].
    #[error("the line is longer than 1 MiB")]
    TooLong,
    /// The line is no JSON object with a string `text`.
    #[error("not a JSON object with a string \"text\" (column {column})")]
    NotARecord {
        /// Where reading stopped, counted from 1; 0 if unknown.
        column: usize,
    },
    /// The line could not be read, or its answer not be written.
    #[error("reading or writing failed: {0}")]
    Io(io::Error),
}

#[derive(Deserialize)]
struct Record {
    text: String,
}

#[derive(Serialize)]
struct Answer<'a> {
    i: usize,
    spans: &'a [Span],
    masked: &'a str,
}

/// Reads `{"text"}` lines and writes `{"i","spans","masked"}` lines; `i` counts records from 0.
///
/// Lines end with `\n` only; blank lines are passed over. Returns the number of records.
///
/// # Errors
/// The first bad line, by number; what came before it has been written.
pub fn pii(mut reader: impl BufRead, mut writer: impl Write) -> Result<usize, LabError> {
    let mut buffer = Vec::new();
    let mut n_records = 0;
    for line in 1.. {
        let fail = |problem| LabError {
            file: "-".to_owned(),
            line,
            problem,
        };
        if !read_line(&mut reader, &mut buffer).map_err(fail)? {
            break;
        }
        let bytes = if line == 1 {
            buffer.strip_prefix(b"\xEF\xBB\xBF")
        } else {
            None
        };
        let bytes = bytes.unwrap_or(&buffer);
        if bytes.trim_ascii().is_empty() {
            continue;
        }
        let record: Record = serde_json::from_slice(bytes).map_err(|error| {
            fail(LabProblem::NotARecord {
                column: error.column(),
            })
        })?;
        let masked = mask(&record.text);
        let answer = Answer {
            i: n_records,
            spans: &masked.spans,
            masked: &masked.text,
        };
        serde_json::to_writer(&mut writer, &answer)
            .map_err(|error| fail(LabProblem::Io(error.into())))?;
        writer
            .write_all(b"\n")
            .map_err(|error| fail(LabProblem::Io(error)))?;
        n_records += 1;
    }
    let line = n_records;
    writer.flush().map_err(|error| LabError {
        file: "-".to_owned(),
        line,
        problem: LabProblem::Io(error),
    })?;
    Ok(n_records)
}

/// Reads one line without its end; false at the end of the input.
fn read_line(reader: &mut impl BufRead, buffer: &mut Vec<u8>) -> Result<bool, LabProblem> {
    buffer.clear();
    let limit = MAX_LINE_BYTES as u64 + 1;
    let n = reader
        .by_ref()
        .take(limit)
        .read_until(b'\n', buffer)
        .map_err(LabProblem::Io)?;
    if buffer.last() == Some(&b'\n') {
        buffer.pop();
    } else if buffer.len() > MAX_LINE_BYTES {
        return Err(LabProblem::TooLong);
    }
    Ok(n > 0)
}
