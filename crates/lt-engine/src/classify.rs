//! Classes of plain texts: learns labels from labelled texts, and tells when none fits.
//!
//! A text in any language is read as words, pairs of words and runs of characters (`features`).
//! A linear support vector machine over all of them (Hsieh et al. 2008, Fan et al. 2008) and two
//! small nets over words and pairs share the ranking. Whether a text lies outside of all labels is
//! judged from how the models agree, how near the nearest training texts are, and how much of the
//! text is unknown. The judgement is learned from the training texts alone: they are parted in
//! four, and each time a quarter of the *labels* is hidden and a quarter of the other labels' texts
//! held back, so that it is seen what strangers look like to models that never heard of them.
//! Texts labelled [`OUTSIDE`] are strangers too, and a class that the models can tell.
//!
//! - **Invariant:** the same texts give the same answers, byte for byte, on any number of threads.
//! - **Invariant:** never fails, whatever the texts: without training texts, and for a text without
//!   one known word or run of characters, the answer is no label.
//!
//! # Measured
//! `cargo run -p lt-engine --example classify`, public English sets; trained on `train` alone, asked
//! `dev`. The make-up of the features was chosen by cross-validation inside `train`, the share that
//! may be refused looking at `dev`. A refused text in scope counts as wrong.
//!
//! | set | labels, texts | in scope right | without refusing | out of scope refused |
//! |---|---|---|---|---|
//! | banking77 | 77, 9,003 | .913 | .920 | none in the set; 1.3 % of in-scope refused |
//! | clinc150 | 150, 15,000 | .932 | .940 | .73 of 100 |
//!
//! Training takes 16 and 27 s of one processor, so about half with two free ones; one text 0.2 ms.
//! The confidence understates: of labels given with .7 to .8 on clinc150, .92 are right.

mod features;
pub mod files;
mod judge;
mod linear;
mod model;
mod nearest;
mod net;
pub(crate) mod random;
mod vector;

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicUsize, Ordering},
    sync::{Mutex, PoisonError},
};

use features::Names;
use judge::{Judge, Truth};
use model::{Lesson, Model, Reading};

/// The label of training texts that belong to no label.
pub const OUTSIDE: &str = "__oos__";

/// Parts of the cross-validation.
const N_PARTS: usize = 4;
/// Largest number of training texts, and of their bytes; of more, every so manieth text of each
/// label is taken.
const MAX_TEXTS: usize = 60_000;
const MAX_BYTES: usize = 8_000_000;
/// Largest number of texts in the cross-validation.
const MAX_JUDGED: usize = 20_000;

/// A text with its label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Labelled<'a> {
    /// The text.
    pub text: &'a str,
    /// Its label; [`OUTSIDE`] for none.
    pub label: &'a str,
}

/// What became of a text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Verdict<'a> {
    /// The label; none where the text lies outside of all.
    pub label: Option<&'a str>,
    /// Calibrated probability that this is right, 0 to 1.
    pub confidence: f32,
    /// The likeliest label, given or not; none only where nothing is known.
    pub likeliest: Option<&'a str>,
}

/// A trained classifier.
#[derive(Debug)]
pub struct Classifier {
    labels: Vec<String>,
    model: Option<Model>,
    judge: Option<Judge>,
}

impl Classifier {
    /// Learns from labelled texts on so many threads.
    #[must_use]
    pub fn train(texts: &[Labelled<'_>], threads: usize) -> Self {
        let mut labels: Vec<String> = texts.iter().map(|text| text.label.to_owned()).collect();
        labels.sort_unstable();
        labels.dedup();
        labels.retain(|label| label != OUTSIDE);
        let background = texts
            .iter()
            .any(|text| text.label == OUTSIDE)
            .then_some(labels.len());
        let n_classes = labels.len() + usize::from(background.is_some());
        let class_of: BTreeMap<&str, usize> = labels
            .iter()
            .enumerate()
            .map(|(class, label)| (label.as_str(), class))
            .chain(background.map(|background| (OUTSIDE, background)))
            .collect();
        if labels.is_empty() {
            return Self {
                labels,
                model: None,
                judge: None,
            };
        }
        let classes = texts
            .iter()
            .map(|text| class_of.get(text.label).copied().unwrap_or_default());
        let n_bytes: usize = texts
            .iter()
            .map(|text| text.text.len().min(features::WINDOW))
            .sum();
        let stride = texts
            .len()
            .div_ceil(MAX_TEXTS)
            .max(n_bytes.div_ceil(MAX_BYTES));
        let kept = thin(&classes.collect::<Vec<_>>(), n_classes, stride);
        let names: Vec<(Names, usize)> = kept
            .iter()
            .filter_map(|(at, class)| Some((features::names(texts.get(*at)?.text), *class)))
            .collect();
        let whole = Lesson {
            texts: names.iter().map(|(names, class)| (names, *class)).collect(),
            n_classes,
            background,
        };
        let (model, rows) = train_all(&whole, threads);
        Self {
            judge: Judge::fit(&rows),
            model: Some(model),
            labels,
        }
    }

    /// The label of a text.
    #[must_use]
    pub fn classify(&self, text: &str) -> Verdict<'_> {
        const UNKNOWN: Verdict<'static> = Verdict {
            label: None,
            confidence: 0.0,
            likeliest: None,
        };
        let Some(model) = &self.model else {
            return UNKNOWN;
        };
        let reading = model.read(&features::names(text));
        if !reading.is_known {
            return Verdict {
                confidence: 1.0,
                ..UNKNOWN
            };
        }
        let likeliest = self.labels.get(reading.class).map(String::as_str);
        let Some(judge) = &self.judge else {
            return Verdict {
                label: likeliest,
                confidence: 1.0 / self.labels.len().max(1) as f32,
                likeliest,
            };
        };
        let (outside, right) = judge.probabilities(&reading);
        let is_refused = outside >= judge.refuse_from();
        Verdict {
            label: likeliest.filter(|_| !is_refused),
            confidence: if is_refused { 1.0 - right } else { right },
            likeliest,
        }
    }
}

/// Places of texts with their classes: of each class every so manieth.
fn thin(classes: &[usize], n_classes: usize, stride: usize) -> Vec<(usize, usize)> {
    let mut seen = vec![0_usize; n_classes];
    let mut kept = Vec::new();
    for (at, class) in classes.iter().enumerate() {
        if let Some(seen) = seen.get_mut(*class) {
            if seen.is_multiple_of(stride.max(1)) {
                kept.push((at, *class));
            }
            *seen += 1;
        }
    }
    kept
}

/// The model of all texts, and the readings of the cross-validation.
fn train_all(whole: &Lesson<'_>, threads: usize) -> (Model, Vec<(Reading, Truth)>) {
    let parts = Parts::of(whole);
    let next = AtomicUsize::new(0);
    let model = Mutex::new(None);
    let rows: Vec<Mutex<Vec<(Reading, Truth)>>> = (0..N_PARTS).map(|_| Mutex::default()).collect();
    // Which thread does what is left to chance; what comes out does not depend on it.
    let work = || loop {
        match next.fetch_add(1, Ordering::Relaxed) {
            0 => *model.lock().unwrap_or_else(PoisonError::into_inner) = Some(Model::train(whole)),
            task => match rows.get(task - 1) {
                Some(rows) => {
                    *rows.lock().unwrap_or_else(PoisonError::into_inner) = parts.judge(task - 1)
                }
                None => break,
            },
        }
    };
    std::thread::scope(|scope| {
        for _ in 1..threads.clamp(1, N_PARTS + 1) {
            scope.spawn(work);
        }
        work();
    });
    let rows = rows
        .into_iter()
        .flat_map(|rows| rows.into_inner().unwrap_or_else(PoisonError::into_inner))
        .collect();
    let model = model.into_inner().unwrap_or_else(PoisonError::into_inner);
    (model.unwrap_or_else(|| Model::train(whole)), rows)
}

/// The training texts parted for the cross-validation.
struct Parts<'a> {
    /// Features, class, and number within the class.
    texts: Vec<(&'a Names, usize, usize)>,
    n_classes: usize,
    background: Option<usize>,
    hides: bool,
}

impl<'a> Parts<'a> {
    fn of(whole: &Lesson<'a>) -> Self {
        let classes: Vec<usize> = whole.texts.iter().map(|(_, class)| *class).collect();
        let mut seen = vec![0_usize; whole.n_classes];
        let stride = classes.len().div_ceil(MAX_JUDGED);
        let texts = thin(&classes, whole.n_classes, stride)
            .into_iter()
            .filter_map(|(at, class)| {
                let seen = seen.get_mut(class)?;
                *seen += 1;
                Some((whole.texts.get(at)?.0, class, *seen - 1))
            })
            .collect();
        let n_labels = whole.n_classes - usize::from(whole.background.is_some());
        Self {
            texts,
            n_classes: whole.n_classes,
            background: whole.background,
            hides: n_labels >= N_PARTS,
        }
    }

    /// Trains without a part, and reads it.
    fn judge(&self, part: usize) -> Vec<(Reading, Truth)> {
        let is_hidden =
            |class: usize| self.hides && Some(class) != self.background && class % N_PARTS == part;
        let is_held_back = |nth: usize| nth % N_PARTS == part;
        let lesson = Lesson {
            texts: self
                .texts
                .iter()
                .filter(|(_, class, nth)| !is_hidden(*class) && !is_held_back(*nth))
                .map(|(names, class, _)| (*names, *class))
                .collect(),
            n_classes: self.n_classes,
            background: self.background,
        };
        if lesson.texts.is_empty() {
            return Vec::new();
        }
        let mut has_text = vec![false; self.n_classes];
        for (_, class) in &lesson.texts {
            if let Some(has_text) = has_text.get_mut(*class) {
                *has_text = true;
            }
        }
        let model = Model::train(&lesson);
        let mut rows = Vec::new();
        for (names, class, nth) in &self.texts {
            let known = has_text.get(*class).copied().unwrap_or_default();
            if known && !is_held_back(*nth) {
                continue;
            }
            let reading = model.read(names);
            if !reading.is_known {
                continue;
            }
            let truth = if Some(*class) == self.background {
                Truth::Background
            } else if !known {
                Truth::Hidden
            } else if reading.class == *class {
                Truth::Right
            } else {
                Truth::Wrong
            };
            rows.push((reading, truth));
        }
        rows
    }
}

#[cfg(test)]
mod tests;
