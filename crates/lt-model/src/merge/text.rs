//! Three-way merge of texts by lines.

/// Above this product of line counts the texts are not compared but count as changed throughout.
const MAX_CELLS: usize = 1_000_000;

/// Lines of the base from `start` to before `end` that became `lines`.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Hunk<'t> {
    start: usize,
    end: usize,
    lines: Vec<&'t str>,
}

/// Both texts' changes of `base` in one text; none where both changed the same lines in different
/// ways. The order of the two does not matter.
#[must_use]
pub fn merge_text(base: &str, one: &str, other: &str) -> Option<String> {
    merge_by(base, one, other, |_, _| None)
}

/// The same, and where both changed the same lines, first what the one made of them and then what
/// the other did, lines of both once: what a person begins to edit from.
#[must_use]
pub fn merge_text_both(base: &str, one: &str, other: &str) -> String {
    let both = |one: &[&str], other: &[&str]| {
        let more = other.iter().filter(|line| !one.contains(line));
        Some(
            one.iter()
                .chain(more)
                .map(|line| (*line).to_owned())
                .collect(),
        )
    };
    merge_by(base, one, other, both).unwrap_or_default()
}

/// Lines that one or both changed, with all changes that touch each other.
struct Part<'h, 't> {
    start: usize,
    end: usize,
    one: Vec<&'h Hunk<'t>>,
    other: Vec<&'h Hunk<'t>>,
}

fn merge_by(
    base: &str,
    one: &str,
    other: &str,
    settle: impl Fn(&[&str], &[&str]) -> Option<Vec<String>>,
) -> Option<String> {
    let base: Vec<&str> = base.split('\n').collect();
    let one = hunks(&base, &one.split('\n').collect::<Vec<_>>());
    let other = hunks(&base, &other.split('\n').collect::<Vec<_>>());
    let mut merged: Vec<String> = Vec::new();
    let owned = |lines: &[&str]| {
        lines
            .iter()
            .map(|line| (*line).to_owned())
            .collect::<Vec<_>>()
    };
    let mut at = 0;
    for part in parts(&one, &other) {
        merged.extend(owned(base.get(at..part.start).unwrap_or_default()));
        let ones = part.lines(&base, &part.one);
        let others = part.lines(&base, &part.other);
        if part.other.is_empty() || ones == others {
            merged.extend(owned(&ones));
        } else if part.one.is_empty() {
            merged.extend(owned(&others));
        } else {
            merged.extend(settle(&ones, &others)?);
        }
        at = part.end;
    }
    merged.extend(owned(base.get(at..).unwrap_or_default()));
    Some(merged.join("\n"))
}

/// Changes of both in order, those that touch the same lines together.
fn parts<'h, 't>(one: &'h [Hunk<'t>], other: &'h [Hunk<'t>]) -> Vec<Part<'h, 't>> {
    let ones = one.iter().map(|hunk| (hunk, true));
    let mut all: Vec<_> = ones.chain(other.iter().map(|hunk| (hunk, false))).collect();
    all.sort_by_key(|(hunk, _)| (hunk.start, hunk.end));
    let mut parts: Vec<Part<'h, 't>> = Vec::new();
    for (hunk, is_one) in all {
        let part = match parts.last_mut() {
            Some(last) if last.takes(hunk) => last,
            _ => {
                parts.push(Part {
                    start: hunk.start,
                    end: hunk.end,
                    one: Vec::new(),
                    other: Vec::new(),
                });
                let Some(new) = parts.last_mut() else {
                    continue;
                };
                new
            }
        };
        part.end = part.end.max(hunk.end);
        if is_one {
            part.one.push(hunk);
        } else {
            part.other.push(hunk);
        }
    }
    parts
}

impl<'t> Part<'_, 't> {
    /// Whether a later change wants some of the same lines, or puts lines into the same place.
    fn takes(&self, hunk: &Hunk<'_>) -> bool {
        hunk.start < self.end || (hunk.start == self.start && hunk.end == self.end)
    }

    /// What the lines became by one side's changes.
    fn lines(&self, base: &[&'t str], hunks: &[&Hunk<'t>]) -> Vec<&'t str> {
        let mut lines = Vec::new();
        let mut at = self.start;
        for hunk in hunks {
            lines.extend(base.get(at..hunk.start).unwrap_or_default());
            lines.extend(&hunk.lines);
            at = hunk.end;
        }
        lines.extend(base.get(at..self.end).unwrap_or_default());
        lines
    }
}

/// What changed from `base` to `text`, in order, with unchanged lines between.
fn hunks<'t>(base: &[&str], text: &[&'t str]) -> Vec<Hunk<'t>> {
    let mut found = Vec::new();
    let (mut at_base, mut at_text) = (0, 0);
    let ends = (base.len(), text.len());
    for (base_idx, text_idx) in common(base, text).into_iter().chain([ends]) {
        if base_idx > at_base || text_idx > at_text {
            found.push(Hunk {
                start: at_base,
                end: base_idx,
                lines: text.get(at_text..text_idx).unwrap_or_default().to_vec(),
            });
        }
        (at_base, at_text) = (base_idx + 1, text_idx + 1);
    }
    found
}

/// The longest common subsequence, as pairs of positions: what both begin and end with, and between
/// these by table.
fn common(base: &[&str], text: &[&str]) -> Vec<(usize, usize)> {
    let n_head = base.iter().zip(text).take_while(|(a, b)| a == b).count();
    let (base_left, text_left) = (
        base.get(n_head..).unwrap_or_default(),
        text.get(n_head..).unwrap_or_default(),
    );
    let n_tail = base_left
        .iter()
        .rev()
        .zip(text_left.iter().rev())
        .take_while(|(a, b)| a == b)
        .count();
    let (n_base, n_text) = (base_left.len() - n_tail, text_left.len() - n_tail);
    let mut pairs: Vec<(usize, usize)> = (0..n_head).map(|idx| (idx, idx)).collect();
    if n_base * n_text <= MAX_CELLS {
        let middle = by_table(
            base_left.get(..n_base).unwrap_or_default(),
            text_left.get(..n_text).unwrap_or_default(),
        );
        pairs.extend(middle.iter().map(|(a, b)| (a + n_head, b + n_head)));
    }
    let tail = (0..n_tail).map(|idx| (n_head + n_base + idx, n_head + n_text + idx));
    pairs.extend(tail);
    pairs
}

fn by_table(base: &[&str], text: &[&str]) -> Vec<(usize, usize)> {
    let width = text.len() + 1;
    // How many lines the rest of both has in common, from each pair of positions on.
    let mut rest = vec![0_u32; (base.len() + 1) * width];
    let cell = |rest: &[u32], a: usize, b: usize| rest.get(a * width + b).copied().unwrap_or(0);
    for (a, line) in base.iter().enumerate().rev() {
        for (b, other) in text.iter().enumerate().rev() {
            let longest = if line == other {
                cell(&rest, a + 1, b + 1) + 1
            } else {
                cell(&rest, a + 1, b).max(cell(&rest, a, b + 1))
            };
            if let Some(place) = rest.get_mut(a * width + b) {
                *place = longest;
            }
        }
    }
    let mut pairs = Vec::new();
    let (mut a, mut b) = (0, 0);
    while let (Some(line), Some(other)) = (base.get(a), text.get(b)) {
        if line == other {
            pairs.push((a, b));
            (a, b) = (a + 1, b + 1);
        } else if cell(&rest, a + 1, b) >= cell(&rest, a, b + 1) {
            a += 1;
        } else {
            b += 1;
        }
    }
    pairs
}
