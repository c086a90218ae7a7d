use crate::page::Page;
use crate::span::{PiiKind, Span};

/// What has been found so far, in folded positions. The first to claim a character keeps it.
pub(crate) struct Hits {
    taken: Vec<bool>,
    found: Vec<Span>,
}

impl Hits {
    pub(crate) fn new(page: &Page) -> Self {
        Self {
            taken: vec![false; page.len()],
            found: Vec::new(),
        }
    }

    pub(crate) fn is_free(&self, start: usize, end: usize) -> bool {
        start < end
            && self
                .taken
                .get(start..end)
                .is_some_and(|cells| !cells.contains(&true))
    }

    /// Records a value unless a part of it is claimed; tells whether it was recorded.
    pub(crate) fn add(&mut self, start: usize, end: usize, kind: PiiKind) -> bool {
        let free = self.is_free(start, end);
        if free {
            self.shield(start, end);
            self.found.push(Span { start, end, kind });
        }
        free
    }

    /// Claims a stretch that looks like a value and is none.
    pub(crate) fn shield(&mut self, start: usize, end: usize) {
        if let Some(cells) = self.taken.get_mut(start..end) {
            cells.fill(true);
        }
    }

    /// Values of one kind, in the order found.
    pub(crate) fn of(&self, kind: PiiKind) -> Vec<Span> {
        self.found
            .iter()
            .filter(|s| s.kind == kind)
            .copied()
            .collect()
    }

    pub(crate) fn into_spans(mut self, page: &Page) -> Vec<Span> {
        self.found.sort_unstable_by_key(|s| s.start);
        self.found
            .iter()
            .filter_map(|s| {
                let (start, end) = page.original(s.start, s.end)?;
                Some(Span {
                    start,
                    end,
                    kind: s.kind,
                })
            })
            .collect()
    }
}
