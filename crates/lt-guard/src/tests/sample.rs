//! Recall and precision on the public sample.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

use serde::Deserialize;

use crate::{PiiKind, Span, scan};

#[derive(Deserialize)]
struct Line {
    text: String,
    spans: Vec<Span>,
    note: String,
}

#[derive(Default)]
struct Count {
    gold: usize,
    found: usize,
    right: usize,
}

#[test]
fn sample_is_found_with_exact_spans() {
    let path =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/guard/pii.sample.jsonl");
    let Ok(sample) = std::fs::read_to_string(&path) else {
        println!("SKIPPED: the public sample is not beside the repository");
        return;
    };
    let lines: Vec<Line> = sample
        .split('\n')
        .filter(|line| !line.is_empty())
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let start = Instant::now();
    let n_spans: usize = (0..20)
        .flat_map(|_| &lines)
        .map(|line| scan(&line.text).len())
        .sum();
    let us = start.elapsed().as_secs_f64() * 1e6 / (20 * lines.len()) as f64;
    println!("{us:.1} µs a message ({n_spans} spans in 20 rounds)");
    let mut counts: BTreeMap<PiiKind, Count> = BTreeMap::new();
    for line in &lines {
        let found = scan(&line.text);
        if found != line.spans {
            println!(
                "{}: {} found {found:?} want {:?}",
                line.note, line.text, line.spans
            );
        }
        for span in &line.spans {
            let count = counts.entry(span.kind).or_default();
            count.gold += 1;
            count.right += usize::from(found.contains(span));
        }
        for span in &found {
            counts.entry(span.kind).or_default().found += 1;
        }
    }
    for (kind, count) in &counts {
        println!(
            "{kind:>10}: recall {}/{}, precision {}/{}",
            count.right, count.gold, count.right, count.found
        );
    }
    for kind in PiiKind::ALL {
        let count = counts.get(&kind).unwrap();
        assert_eq!(
            (count.right, count.found),
            (count.gold, count.gold),
            "{kind}"
        );
    }
}
