//! Vehicle plates: province, letter, five or six places.

use crate::hits::Hits;
use crate::number::is_gap;
use crate::page::{Page, is_word};
use crate::span::PiiKind;

const PROVINCES: &str = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼";
const ENDINGS: &str = "挂学警港澳使领试超";

pub(super) fn find(page: &Page, hits: &mut Hits) {
    for (start, _) in page
        .chars()
        .iter()
        .enumerate()
        .filter(|&(_, &c)| PROVINCES.contains(c))
    {
        let letter = page.ahead(start + 1, 1, |c| c == ' ');
        if !page.get(letter).is_some_and(|c| c.is_ascii_alphabetic()) {
            continue;
        }
        let from = page.ahead(letter + 1, 2, |c| {
            is_gap(c) && c != '(' && c != ')' && c != '/' && c != '_'
        });
        let stop = page.ahead(from, 7, |c| c.is_ascii_alphanumeric());
        let tail = page.slice(from, stop);
        let digits = tail.iter().filter(|c| c.is_ascii_digit()).count();
        let ending = page.get(stop).filter(|&c| ENDINGS.contains(c)).is_some();
        let places = tail.len() + usize::from(ending);
        let end = match (tail.len(), places) {
            (4, 5) => stop + 1,
            (5 | 6, _) => stop,
            _ => continue,
        };
        if digits >= 2 && !page.get(end).is_some_and(is_word) && page.get(end) != Some('*') {
            hits.add(start, end, PiiKind::Plate);
        }
    }
}
