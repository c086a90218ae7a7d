//! The service-domain thesaurus: expressions that mean the same (退款 = 把钱退 = 钱退回来) are found in a
//! text longest first and count as one concept.
//!
//! The packs are our own writing, one file a field in `thesaurus/`. To add a concept: one line
//! `id<TAB>expression|expression|…`; an expression belongs to one concept.

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock},
};

use crate::{
    spoken,
    text::{Folded, MATCH_WINDOW},
};

/// Number of a concept: the hash of its id, so that it stays the same when packs grow.
pub(crate) type Concept = u32;

/// The shipped packs, in the order in which the first claim on an expression counts.
const PACKS: &[&str] = &[
    include_str!("../thesaurus/general.tsv"),
    include_str!("../thesaurus/retail.tsv"),
    include_str!("../thesaurus/finance.tsv"),
    include_str!("../thesaurus/telecom.tsv"),
    include_str!("../thesaurus/services.tsv"),
];

static SHIPPED: LazyLock<Arc<Thesaurus>> = LazyLock::new(|| {
    let mut thesaurus = Thesaurus::default();
    for (concept, expressions) in PACKS.iter().flat_map(|pack| entries(pack)) {
        thesaurus.add(concept, expressions);
    }
    Arc::new(thesaurus.finished())
});

/// A concept found in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) concept: Concept,
    /// First character.
    pub(crate) start: usize,
    /// Number of characters.
    pub(crate) len: usize,
}

/// Expressions and the concepts that they stand for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Thesaurus {
    /// By first character, longest first.
    by_first: HashMap<char, Vec<(Vec<char>, Concept)>>,
    known: HashMap<Vec<char>, Concept>,
}

impl Thesaurus {
    /// The shipped packs.
    pub(crate) fn shipped() -> Arc<Self> {
        Arc::clone(&SHIPPED)
    }

    /// The shipped packs with a tenant's own synonyms (each a list of expressions that mean the
    /// same). Where one of them is known already, the others join its concept.
    pub(crate) fn with_aliases(aliases: &[Vec<String>]) -> Arc<Self> {
        if aliases.is_empty() {
            return Self::shipped();
        }
        let mut thesaurus = Self::clone(&SHIPPED);
        for group in aliases {
            let known = group
                .iter()
                .find_map(|expression| thesaurus.known.get(&comparable(expression)).copied());
            let concept = known.unwrap_or_else(|| hash(group.first().map_or("", String::as_str)));
            for expression in group {
                let expression = comparable(expression);
                // A tenant's word rules over the shipped one.
                thesaurus.known.insert(expression, concept);
            }
        }
        Arc::new(thesaurus.finished())
    }

    fn add<'a>(&mut self, concept: &str, expressions: impl Iterator<Item = &'a str>) {
        let concept = hash(concept);
        for expression in expressions {
            let expression = comparable(expression);
            if !expression.is_empty() {
                self.known.entry(expression).or_insert(concept);
            }
        }
    }

    fn finished(mut self) -> Self {
        self.by_first.clear();
        for (expression, concept) in &self.known {
            if let Some(first) = expression.first() {
                self.by_first
                    .entry(*first)
                    .or_default()
                    .push((expression.clone(), *concept));
            }
        }
        for list in self.by_first.values_mut() {
            list.sort_by(|(a, _), (b, _)| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        }
        self
    }

    /// The concepts of a text, from left to right, the longest expression at each place.
    pub(crate) fn find(&self, chars: &[char]) -> Vec<Found> {
        let mut found = Vec::new();
        let mut at = 0;
        while let Some(c) = chars.get(at) {
            let rest = chars.get(at..).unwrap_or_default();
            let hit = self.by_first.get(c).and_then(|list| {
                list.iter().find(|(expression, _)| {
                    rest.starts_with(expression) && !cuts_a_run(chars, at, expression.len())
                })
            });
            match hit {
                Some((expression, concept)) => {
                    let len = expression.len();
                    found.push(Found {
                        concept: *concept,
                        start: at,
                        len,
                    });
                    at += len;
                }
                None => at += 1,
            }
        }
        found
    }

    /// Every expression that it knows.
    pub(crate) fn known(&self) -> impl Iterator<Item = &Vec<char>> {
        self.known.keys()
    }

    /// Names everything that it knows.
    pub(crate) fn fingerprint(&self) -> u64 {
        // A sum, so that the order of the map does not count.
        self.known
            .iter()
            .map(|(expression, concept)| {
                expression.iter().fold(u64::from(*concept), |hash, c| {
                    (hash ^ u64::from(u32::from(*c))).wrapping_mul(0x0100_0000_01b3)
                })
            })
            .fold(0, u64::wrapping_add)
    }

    /// Other expressions of the concepts, for the training of the embedding.
    pub(crate) fn expressions(&self) -> HashMap<Concept, Vec<Vec<char>>> {
        let mut all: HashMap<Concept, Vec<Vec<char>>> = HashMap::new();
        for (expression, concept) in &self.known {
            all.entry(*concept).or_default().push(expression.clone());
        }
        for list in all.values_mut() {
            list.sort_unstable();
        }
        all
    }
}

/// Whether a match would begin or end inside a run of letters or digits.
fn cuts_a_run(chars: &[char], start: usize, len: usize) -> bool {
    let is_run = |at: usize| chars.get(at).is_some_and(char::is_ascii_alphanumeric);
    let before = start
        .checked_sub(1)
        .is_some_and(|before| is_run(before) && is_run(start));
    before || (is_run(start + len - 1) && is_run(start + len))
}

/// The lines of a pack.
fn entries(pack: &str) -> impl Iterator<Item = (&str, impl Iterator<Item = &str>)> {
    pack.lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once('\t'))
        .map(|(concept, expressions)| (concept.trim(), expressions.split('|').map(str::trim)))
}

/// An expression as it stands in a comparable text.
pub(crate) fn comparable(expression: &str) -> Vec<char> {
    spoken::plain(&Folded::new(expression, MATCH_WINDOW).chars)
}

/// FNV-1a.
fn hash(id: &str) -> Concept {
    id.bytes().fold(0x811c_9dc5, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}

#[cfg(test)]
mod tests;
