//! The classifier on a public intent set that it was not tuned on text by text.

use std::time::Instant;

use lt_engine::{
    classify::{Classifier, Labelled, OUTSIDE, files::LabelledLine},
    lab::{self, File},
};

/// Thresholds lie below what `--example classify` prints, so that only a real loss fails.
#[test]
fn english_intents_and_what_lies_outside() {
    let (Some(train), Some(dev)) = (
        super::read("../../../shared/data/clinc150/train.jsonl"),
        super::read("../../../shared/data/clinc150/dev.jsonl"),
    ) else {
        return;
    };
    let lines = |bytes: &[u8]| -> Vec<LabelledLine> {
        lab::read_lines(File {
            name: "clinc150",
            bytes,
        })
        .unwrap()
    };
    let (train, dev) = (lines(&train), lines(&dev));
    let train: Vec<Labelled<'_>> = train.iter().map(LabelledLine::as_labelled).collect();
    let from = Instant::now();
    let classifier = Classifier::train(&train, 2);
    let trained = from.elapsed();
    let (mut inside, mut right, mut outside, mut refused) = (0.0_f32, 0.0, 0.0_f32, 0.0);
    for line in dev.iter().map(LabelledLine::as_labelled) {
        let label = classifier.classify(line.text).label;
        let count = |yes: bool| f32::from(u8::from(yes));
        if line.label == OUTSIDE {
            outside += 1.0;
            refused += count(label.is_none());
        } else {
            inside += 1.0;
            right += count(label == Some(line.label));
        }
    }
    let (right, refused) = (right / inside, refused / outside);
    println!("in scope right {right}, out of scope refused {refused}, trained in {trained:?}");
    assert!(right >= 0.915, "{right}");
    assert!(refused >= 0.60, "{refused}");
}
