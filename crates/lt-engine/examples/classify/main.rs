//! Measures the classifier on public intent sets, where they lie beside the checkout: trained on
//! `train`, asked `dev`. Run: `cargo run -p lt-engine --example classify` (`-- 1` for one thread).
//! The last set has half of the development set's out-of-scope texts among its training texts.

#![expect(
    clippy::print_stdout,
    reason = "a developers' command prints its findings"
)]

use std::{fs, path::PathBuf, time::Instant};

use anyhow::{Context, Result};
use lt_engine::{
    classify::{Classifier, Labelled, OUTSIDE, files::LabelledLine},
    lab::{self, File},
};

fn main() -> Result<()> {
    let threads = match std::env::args().nth(1) {
        Some(threads) => threads.parse().context("the number of threads")?,
        None => std::thread::available_parallelism().map_or(1, usize::from),
    };
    let data = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    for name in ["banking77", "clinc150"] {
        let folder = data.join(name);
        if !folder.exists() {
            println!("skipped: no {}", folder.display());
            continue;
        }
        let mut train = read(&folder.join("train.jsonl"))?;
        let dev = read(&folder.join("dev.jsonl"))?;
        measure(name, &train, &dev, threads);
        let is_outside = |line: &LabelledLine| line.as_labelled().label == OUTSIDE;
        let (outside, mut rest): (Vec<_>, Vec<_>) = dev.into_iter().partition(is_outside);
        if outside.is_empty() {
            continue;
        }
        for (at, line) in outside.into_iter().enumerate() {
            if at % 2 == 0 { &mut rest } else { &mut train }.push(line);
        }
        measure(
            &format!("{name} with out-of-scope texts"),
            &train,
            &rest,
            threads,
        );
    }
    Ok(())
}

fn read(path: &PathBuf) -> Result<Vec<LabelledLine>> {
    let bytes = fs::read(path).with_context(|| format!("reading {}", path.display()))?;
    let name = path.display().to_string();
    Ok(lab::read_lines(File {
        name: &name,
        bytes: &bytes,
    })?)
}

fn measure(name: &str, train: &[LabelledLine], dev: &[LabelledLine], threads: usize) {
    let train: Vec<Labelled<'_>> = train.iter().map(LabelledLine::as_labelled).collect();
    let from = Instant::now();
    let classifier = Classifier::train(&train, threads);
    let trained = from.elapsed();
    let from = Instant::now();
    let (mut inside, mut right, mut first, mut refused) = (0, 0, 0, 0);
    let (mut outside, mut outside_refused) = (0, 0);
    let mut bands = [(0_usize, 0_usize, 0.0_f32); 10];
    for line in dev.iter().map(LabelledLine::as_labelled) {
        let verdict = classifier.classify(line.text);
        let is_right = verdict.label == Some(line.label);
        if line.label == OUTSIDE {
            outside += 1;
            outside_refused += usize::from(verdict.label.is_none());
        } else {
            inside += 1;
            right += usize::from(is_right);
            first += usize::from(verdict.likeliest == Some(line.label));
            refused += usize::from(verdict.label.is_none());
        }
        let band = (verdict.confidence * 10.0) as usize;
        if verdict.label.is_some()
            && let Some((n, n_right, sum)) = bands.get_mut(band.min(9))
        {
            *n += 1;
            *n_right += usize::from(is_right);
            *sum += verdict.confidence;
        }
    }
    let share = |n: usize, of: usize| n as f32 / of.max(1) as f32;
    println!(
        "\n== {name}: trained on {} texts in {trained:?} on {threads} threads",
        train.len()
    );
    println!(
        "in scope: {inside}, right {:.4}, likeliest right {:.4}, refused {:.4}",
        share(right, inside),
        share(first, inside),
        share(refused, inside)
    );
    println!(
        "out of scope: {outside}, refused {:.4}",
        share(outside_refused, outside)
    );
    println!(
        "one text in {:?}; confidence band: texts, mean confidence, right",
        from.elapsed() / dev.len().max(1) as u32
    );
    for (band, (n, n_right, sum)) in bands.iter().enumerate().filter(|(_, band)| band.0 > 0) {
        println!(
            "  .{band}: {n:5} {:.3} {:.3}",
            sum / *n as f32,
            share(*n_right, *n)
        );
    }
}
