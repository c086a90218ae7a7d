use std::collections::HashMap;

use super::*;

fn concepts(thesaurus: &Thesaurus, text: &str) -> Vec<Concept> {
    thesaurus
        .find(&comparable(text))
        .into_iter()
        .map(|found| found.concept)
        .collect()
}

#[test]
fn the_packs_are_large_and_every_expression_has_one_concept() {
    let mut owners: HashMap<&str, &str> = HashMap::new();
    let mut ids: HashMap<&str, usize> = HashMap::new();
    let mut n_expressions = 0;
    for (id, expressions) in PACKS.iter().flat_map(|pack| entries(pack)) {
        *ids.entry(id).or_default() += 1;
        let mut n_own = 0;
        for expression in expressions {
            n_own += 1;
            if let Some(other) = owners.insert(expression, id) {
                panic!("{expression} stands for {other} and for {id}");
            }
        }
        assert!(n_own >= 2, "{id} has {n_own} expressions");
        n_expressions += n_own;
    }
    let twice: Vec<_> = ids.iter().filter(|(_, n)| **n > 1).collect();
    assert!(twice.is_empty(), "twice: {twice:?}");
    assert!(ids.len() >= 600, "{} concepts", ids.len());
    assert!(n_expressions >= 4_000, "{n_expressions} expressions");
}

#[test]
fn the_longest_expression_counts() {
    let aliases = [
        vec!["甲乙".to_owned(), "丙".to_owned()],
        vec!["甲乙丁".to_owned(), "戊".to_owned()],
    ];
    let thesaurus = Thesaurus::with_aliases(&aliases);
    for (a, b, same) in [
        ("甲乙", "丙", true),
        ("甲乙丁", "戊", true),
        ("甲乙丁", "丙", false),
    ] {
        assert_eq!(
            concepts(&thesaurus, a) == concepts(&thesaurus, b),
            same,
            "{a} {b}"
        );
    }
}

#[test]
fn letters_are_matched_whole() {
    let thesaurus = Thesaurus::with_aliases(&[vec!["ab".to_owned(), "甲乙丙丁".to_owned()]]);
    assert_eq!(concepts(&thesaurus, "ab"), concepts(&thesaurus, "甲乙丙丁"));
    assert!(!concepts(&thesaurus, "xabx").contains(&hash("ab")));
}
