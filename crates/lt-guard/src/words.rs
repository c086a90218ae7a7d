//! Word lists that are looked up at a place of a page.

use std::collections::HashMap;
use std::sync::OnceLock;

use crate::page::Page;

/// Words parted by white space, in lower case. The longest that fits wins.
pub(crate) struct Words {
    list: &'static str,
    by_first: OnceLock<Index>,
    by_last: OnceLock<Index>,
}

type Index = HashMap<char, Vec<&'static str>>;

impl Words {
    pub(crate) const fn new(list: &'static str) -> Self {
        Self {
            list,
            by_first: OnceLock::new(),
            by_last: OnceLock::new(),
        }
    }

    /// The length in characters of the longest word that stands at `i`.
    pub(crate) fn at(&self, page: &Page, i: usize) -> Option<usize> {
        let first = page.get(i)?.to_ascii_lowercase();
        let index = self
            .by_first
            .get_or_init(|| self.index(|w| w.chars().next()));
        page.starts_any(i, index.get(&first)?)
    }

    /// The length in characters of the longest word that ends just before `i`.
    pub(crate) fn before(&self, page: &Page, i: usize) -> Option<usize> {
        let last = page.before(i)?.to_ascii_lowercase();
        let index = self
            .by_last
            .get_or_init(|| self.index(|w| w.chars().last()));
        page.ends_any(i, index.get(&last)?)
    }

    /// Does a word stand somewhere in `start..end`?
    pub(crate) fn within(&self, page: &Page, start: usize, end: usize) -> bool {
        let end = end.min(page.len());
        (start..end).any(|i| self.at(page, i).is_some_and(|n| i + n <= end))
    }

    fn index(&self, key: impl Fn(&str) -> Option<char>) -> Index {
        let mut index = Index::new();
        for word in self.list.split_whitespace() {
            if let Some(c) = key(word) {
                index.entry(c).or_default().push(word);
            }
        }
        for words in index.values_mut() {
            words.sort_by_key(|w| std::cmp::Reverse(w.len()));
        }
        index
    }
}

/// A set of characters.
pub(crate) struct Chars {
    list: &'static str,
    sorted: OnceLock<Vec<char>>,
}

impl Chars {
    pub(crate) const fn new(list: &'static str) -> Self {
        Self {
            list,
            sorted: OnceLock::new(),
        }
    }

    pub(crate) fn has(&self, c: char) -> bool {
        let sorted = self.sorted.get_or_init(|| {
            let mut chars: Vec<char> = self.list.chars().filter(|c| !c.is_whitespace()).collect();
            chars.sort_unstable();
            chars
        });
        sorted.binary_search(&c).is_ok()
    }
}
