//! What the benchmark of the engine is made of.

use std::collections::HashSet;

use scenarios::engine_bench::{
    corpus::{self, N_WORDINGS},
    figures::{Figures, Latency},
    report,
    twins::{Bm25, Fts5},
};

#[test]
fn the_same_seed_gives_the_same_texts_and_another_gives_others() {
    let made = corpus::compose(3_000, 200, 7).unwrap();
    let again = corpus::compose(3_000, 200, 7).unwrap();
    let other = corpus::compose(3_000, 200, 8).unwrap();
    assert_eq!(made.docs, again.docs);
    assert_ne!(made.docs, other.docs);
    assert!(
        made.questions
            .iter()
            .map(|one| &one.text)
            .eq(again.questions.iter().map(|one| &one.text))
    );
    let ids: HashSet<&str> = made.docs.iter().map(|doc| doc.faq_id.as_str()).collect();
    assert_eq!(ids.len(), 3_000);
    assert!(
        made.docs
            .iter()
            .all(|doc| doc.similar.len() + 1 == N_WORDINGS)
    );
    let wordings: HashSet<&String> = made
        .docs
        .iter()
        .flat_map(|doc| std::iter::once(&doc.question).chain(&doc.similar))
        .collect();
    // Entries differ: few wordings are those of another.
    assert!(
        wordings.len() > 3_000 * N_WORDINGS * 9 / 10,
        "{}",
        wordings.len()
    );
}

#[test]
fn the_twins_find_what_is_there() {
    let docs = corpus::compose(300, 0, 1).unwrap().docs;
    let (fts5, bm25) = (Fts5::build(&docs).unwrap(), Bm25::build(&docs).unwrap());
    let (mut by_fts5, mut by_bm25, mut n) = (0, 0, 0);
    for doc in docs.iter().filter(|doc| doc.question.chars().count() > 6) {
        n += 1;
        let found = |ids: Vec<String>| u32::from(ids.contains(&doc.faq_id));
        by_fts5 += found(fts5.ask(&doc.question).unwrap());
        by_bm25 += found(bm25.ask(&doc.question).unwrap());
    }
    println!("{by_fts5} by FTS5, {by_bm25} by BM25, of {n}");
    assert!(n > 100 && by_fts5 * 100 >= n * 98 && by_bm25 * 100 >= n * 98);
    for odd in ["", "\"", "a OR b\" NOT", "()*:^-"] {
        fts5.ask(odd).unwrap();
        bm25.ask(odd).unwrap();
    }
}

#[test]
fn times_are_of_the_fastest_call_and_promises_are_by_size() {
    let mut calls = 0;
    let found = Latency::of(100, |_| calls += 1);
    assert_eq!(calls, 50 + 300);
    assert!(found.p50_us <= found.p99_us);
    let figures = |entries| Figures {
        entries,
        understand: Latency {
            p99_us: 9_000.0,
            ..Latency::default()
        },
        memory_mib: Some(200.0),
        ..Figures::default()
    };
    for (entries, missed) in [
        (1_000, vec!["suggestion, 99 %"]),
        (10_000, vec!["suggestion, 99 %", "memory"]),
        (100_000, vec![]),
    ] {
        let found: Vec<&str> = report::promises(&figures(entries))
            .iter()
            .filter(|promise| !promise.is_kept())
            .map(|promise| promise.name)
            .collect();
        assert_eq!(found, missed, "{entries}");
    }
    assert!(report::table(&[figures(10)]).contains("10 entries"));
}
