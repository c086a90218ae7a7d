//! Full personal names: after a cue, before an honorific, or in an address line.

mod words;

pub(crate) use words::COMPOUND as COMPOUND_SURNAMES;

use self::words::{
    COLON_LABELS, COMPOUND, FIRMS, FOLLOWS, HONORIFICS, LABELS, LEADS, LINKS, NEVER, NEVER_WORDS,
    RARE, SELF, SURNAMES, VERBS, WORDS,
};
use crate::hits::Hits;
use crate::number::is_gap;
use crate::page::{Page, is_han};
use crate::span::{PiiKind, Span};

pub(super) fn find(page: &Page, hits: &mut Hits) {
    for i in 0..page.len() {
        if let Some(found) = surname(page, i).and_then(|len| Candidate::new(page, hits, i, len)) {
            let end = found.with_honorific().or_else(|| found.after_cue());
            if let Some(end) = end {
                hits.add(i, end, PiiKind::Name);
            }
        }
    }
    in_address_line(page, hits);
}

/// The length of the surname that stands at `i`.
pub(super) fn surname(page: &Page, i: usize) -> Option<usize> {
    let c = page.get(i).filter(|&c| is_han(c))?;
    match COMPOUND.at(page, i) {
        Some(len) if page.get(i + len).is_some_and(is_han) => Some(len),
        Some(_) | None => SURNAMES.has(c).then_some(1),
    }
}

/// A place where a surname stands, and how far a name may reach from it.
struct Candidate<'a> {
    page: &'a Page,
    hits: &'a Hits,
    start: usize,
    /// One past the shortest and one past the longest name that may stand here.
    short: usize,
    long: usize,
    rare: bool,
}

impl<'a> Candidate<'a> {
    fn new(page: &'a Page, hits: &'a Hits, start: usize, surname_len: usize) -> Option<Self> {
        let short = start + surname_len + 1;
        let given = |i: usize| page.get(i).is_some_and(|c| is_han(c) && !NEVER.has(c));
        let ordinary = WORDS.at(page, start).is_some()
            || NEVER_WORDS.at(page, short - 1).is_some()
            || HONORIFICS.at(page, short - 1).is_some();
        if ordinary || !given(short - 1) {
            return None;
        }
        let long = if given(short) { short + 1 } else { short };
        let rare = surname_len == 1 && page.get(start).is_some_and(|c| RARE.has(c));
        Some(Self {
            page,
            hits,
            start,
            short,
            long,
            rare,
        })
    }

    fn ends_at(&self, end: usize) -> bool {
        let stop = self
            .page
            .get(end)
            .is_none_or(|c| !is_han(c) && c != '*' && c != '·');
        stop || !self.hits.is_free(end, end + 1)
    }

    /// 秦沐女士, 司马怀瑾先生: the name fills the stretch between a boundary and the honorific.
    fn with_honorific(&self) -> Option<usize> {
        let end = [self.long, self.short]
            .into_iter()
            .find(|&end| HONORIFICS.at(self.page, end).is_some())?;
        let before = self.page.before(self.start);
        let open = before.is_none_or(|c| !is_han(c) && c != '*');
        let lead = LEADS.before(self.page, self.start).is_some() && !self.rare;
        let cued = self.label().is_some() || SELF.before(self.page, self.start).is_some();
        (open || lead || cued).then_some(end)
    }

    fn after_cue(&self) -> Option<usize> {
        if let Some(strict) = self.label() {
            return self.pick(strict);
        }
        let from = self.skip_links();
        let cued = [self.start, from]
            .into_iter()
            .any(|i| SELF.before(self.page, i).is_some());
        if cued { self.pick(true) } else { None }
    }

    /// A label stands before the name; `true` if the name then needs a stop behind it.
    fn label(&self) -> Option<bool> {
        let from = self.skip_links();
        let len = LABELS.before(self.page, from)?;
        let latin = self
            .page
            .get(from - len)
            .is_some_and(|c| c.is_ascii_alphabetic());
        if latin
            && self
                .page
                .before(from - len)
                .is_some_and(|c| c.is_ascii_alphanumeric())
        {
            return None;
        }
        let apart = self
            .page
            .slice(from, self.start)
            .iter()
            .any(|&c| !is_han(c));
        let weak = COLON_LABELS
            .before(self.page, from)
            .is_some_and(|n| n == len);
        (apart || !weak || from < self.start).then_some(!apart)
    }

    fn skip_links(&self) -> usize {
        let mut i = self.start;
        for _ in 0..3 {
            match self.page.ends_any(i, LINKS) {
                Some(n) => i -= n,
                None => break,
            }
        }
        i
    }

    /// Chooses the end of the name. `strict`: the text must stop or go on with a known word.
    fn pick(&self, strict: bool) -> Option<usize> {
        let follows = |end: usize| FOLLOWS.at(self.page, end).is_some();
        let masked = |end: usize| matches!(self.page.get(end), Some('*' | '·'));
        if masked(self.short) || masked(self.long) {
            return None;
        }
        if self.ends_at(self.short) {
            return Some(self.short);
        }
        if self.long > self.short && self.ends_at(self.long) && !self.is_particle(self.short) {
            return Some(self.long);
        }
        let verb = self.page.get(self.short).is_some_and(|c| VERBS.has(c));
        if follows(self.short) && (verb || !follows(self.long) || self.long == self.short) {
            return (!self.rare || !strict).then_some(self.short);
        }
        if self.long > self.short && follows(self.long) {
            return (!self.rare || !strict).then_some(self.long);
        }
        (!strict && !self.rare && !self.is_company()).then_some(self.long)
    }

    /// The words that go on from here are those of a firm.
    fn is_company(&self) -> bool {
        let end = self.page.ahead(self.start, 24, is_han);
        FIRMS.within(self.page, self.start, end)
    }

    fn is_particle(&self, i: usize) -> bool {
        self.page
            .get(i)
            .is_some_and(|c| "收的了吗呢吧啊".contains(c))
    }
}

/// In a text with an address, a bare name beside the address or the phone.
fn in_address_line(page: &Page, hits: &mut Hits) {
    let addresses = hits.of(PiiKind::Address);
    if addresses.is_empty() {
        return;
    }
    let mut anchors: Vec<Span> = addresses;
    anchors.extend(hits.of(PiiKind::Phone));
    for anchor in anchors {
        let from = page.ahead(anchor.end, 3, is_break);
        if let Some(end) = whole_name(page, hits, from) {
            hits.add(from, end, PiiKind::Name);
        }
        let to = page.back(anchor.start, 3, is_break);
        for start in to.saturating_sub(4)..to {
            let open = page.before(start).is_none_or(|c| !is_han(c) && c != '*');
            if open && whole_name(page, hits, start).is_some_and(|end| end == to) {
                hits.add(start, to, PiiKind::Name);
            }
        }
    }
}

fn is_break(c: char) -> bool {
    is_gap(c) || matches!(c, ',' | '，' | '、' | ';' | ':' | '\n' | '|' | '+')
}

/// A name at `start` that ends at a break, a digit, or before 收 and the like.
fn whole_name(page: &Page, hits: &Hits, start: usize) -> Option<usize> {
    let found = Candidate::new(page, hits, start, surname(page, start)?)?;
    let stop = |end: usize| {
        page.get(end).is_none_or(|c| !is_han(c) && c != '*')
            || page
                .starts_any(end, &["收", "电话", "手机", "联系", "先生", "女士", "亲启"])
                .is_some()
    };
    [found.long, found.short].into_iter().find(|&end| stop(end))
}
