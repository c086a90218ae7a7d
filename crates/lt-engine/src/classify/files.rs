//! `engine classify` of the lab: labelled texts and texts in, one JSON line a text out.

use std::io::Write;

use serde::{Deserialize, Deserializer, Serialize};

use super::{Classifier, Labelled, OUTSIDE, Verdict};
use crate::{
    EngineError,
    lab::{File, read_lines},
};

/// One line of a training file.
#[derive(Debug, Deserialize)]
pub struct LabelledLine {
    /// The text.
    pub text: String,
    /// Its label; null says, as [`OUTSIDE`] does, that it belongs to none.
    #[serde(deserialize_with = "present")]
    pub label: Option<String>,
}

#[derive(Deserialize)]
struct TextLine {
    text: String,
}

#[derive(Serialize)]
struct ResultLine<'a> {
    i: usize,
    label: Option<&'a str>,
    confidence: f32,
}

impl LabelledLine {
    /// As the classifier takes it.
    #[must_use]
    pub fn as_labelled(&self) -> Labelled<'_> {
        Labelled {
            text: &self.text,
            label: self.label.as_deref().unwrap_or(OUTSIDE),
        }
    }
}

/// A field that may be null but not absent.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Option::deserialize(deserializer)
}

/// Learns from `train` and writes one line for each text of `test` to `out`, in their order, on
/// `threads` threads.
///
/// # Errors
/// [`EngineError::BadLine`] with file and line, [`EngineError::Write`].
pub fn classify_files(
    train: File<'_>,
    test: File<'_>,
    threads: usize,
    out: &mut dyn Write,
) -> Result<(), EngineError> {
    let lines: Vec<LabelledLine> = read_lines(train)?;
    let texts: Vec<TextLine> = read_lines(test)?;
    let labelled: Vec<Labelled<'_>> = lines.iter().map(LabelledLine::as_labelled).collect();
    let classifier = Classifier::train(&labelled, threads);
    let share = texts.len().div_ceil(threads.clamp(1, 64)).max(1);
    let verdicts: Vec<Verdict<'_>> = std::thread::scope(|scope| {
        let workers: Vec<_> = texts
            .chunks(share)
            .map(|chunk| {
                let classifier = &classifier;
                scope.spawn(move || -> Vec<Verdict<'_>> {
                    chunk
                        .iter()
                        .map(|line| classifier.classify(&line.text))
                        .collect()
                })
            })
            .collect();
        workers
            .into_iter()
            .flat_map(|worker| match worker.join() {
                Ok(verdicts) => verdicts,
                Err(panic) => std::panic::resume_unwind(panic),
            })
            .collect()
    });
    for (i, verdict) in verdicts.iter().enumerate() {
        let line = ResultLine {
            i,
            label: verdict.label,
            confidence: verdict.confidence,
        };
        serde_json::to_writer(&mut *out, &line)
            .map_err(|error| EngineError::Write(error.into()))?;
        out.write_all(b"\n").map_err(EngineError::Write)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
