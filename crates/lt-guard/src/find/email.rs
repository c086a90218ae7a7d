//! E-mail addresses, also with a full-width at sign.

use crate::hits::Hits;
use crate::page::Page;
use crate::span::PiiKind;

const MAX_LOCAL: usize = 64;
const MAX_DOMAIN: usize = 128;

pub(super) fn find(page: &Page, hits: &mut Hits) {
    for (at, _) in page.chars().iter().enumerate().filter(|&(_, &c)| c == '@') {
        let local_end = page.back(at, 1, |c| c == ' ');
        let from = page.ahead(at + 1, 1, |c| c == ' ');
        let Some(end) = domain_end(page, from) else {
            continue;
        };
        let reach = page.back(local_end, MAX_LOCAL, is_local);
        let start = page.ahead(reach, MAX_LOCAL, |c| !c.is_ascii_alphanumeric());
        let whole = !page
            .before(local_end)
            .is_some_and(|c| matches!(c, '.' | '-'));
        if start < local_end && whole && page.before(start) != Some('*') {
            hits.add(start, end, PiiKind::Email);
        }
    }
}

fn is_local(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '%' | '+' | '-')
}

/// The end of `label(.label)+` whose last label is a top-level domain.
fn domain_end(page: &Page, from: usize) -> Option<usize> {
    let mut i = from;
    let mut end = None;
    loop {
        let stop = page.ahead(i, 63, |c| c.is_ascii_alphanumeric() || c == '-');
        let label = page.slice(i, stop);
        let (first, last) = (label.first()?, label.last()?);
        if *first == '-' {
            return end;
        }
        if i > from && *last != '-' {
            let alpha = label.iter().take_while(|c| c.is_ascii_alphabetic()).count();
            if alpha == label.len() && (2..=24).contains(&alpha) {
                end = Some(stop);
            }
        }
        let dotted = matches!(page.get(stop), Some('.' | '。' | '．'))
            && page
                .get(stop + 1)
                .is_some_and(|c| c.is_ascii_alphanumeric());
        if !dotted || stop - from > MAX_DOMAIN {
            return end;
        }
        i = stop + 1;
    }
}
