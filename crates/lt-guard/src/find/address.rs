//! Postal addresses down to a house or a door.
//!
//! The first numbered part (999号, 8幢, 3组) is the anchor. From it the address grows to the right
//! over further parts and named places, and to the left over the names before it, up to a stop
//! or to the words that lead in.

mod part;
mod words;

use self::part::{Kind, Part};
use self::words::{
    ADMIN, ESTATES, LEADS, NO_STREETS, OWN, PROVINCES, PUBLIC_AFTER, PUBLIC_BEFORE, STOPS, STREETS,
    VILLAGES,
};
use crate::hits::Hits;
use crate::page::{Page, is_han};
use crate::span::PiiKind;

/// How far an address reaches to the left of its first number.
const MAX_LEFT: usize = 48;
/// How long a named place between two numbered parts may be.
const MAX_NAME: usize = 14;

pub(super) fn find(page: &Page, hits: &mut Hits) {
    let mut i = 0;
    let mut floor = 0;
    while i < page.len() {
        let Some(anchor) = anchor(page, i) else {
            i += 1;
            continue;
        };
        let (parts, end) = chain(page, anchor);
        let start = left(page, anchor.start, floor);
        if is_fine(page, start, &parts)
            && !is_public(page, start, end)
            && hits.add(start, end, PiiKind::Address)
        {
            floor = end;
            i = end;
        } else {
            i += 1;
        }
    }
}

/// A part that an address can begin its numbers with.
fn anchor(page: &Page, i: usize) -> Option<Part> {
    if !part::is_head(page, i) {
        return None;
    }
    match part::read(page, i) {
        Some(found) if !matches!(found.kind, Kind::Room | Kind::Floor) => Some(found),
        Some(_) => None,
        None => part::dashed(page, i),
    }
}

/// All parts from the anchor to the right, and where the address ends.
fn chain(page: &Page, anchor: Part) -> (Vec<Part>, usize) {
    let mut parts = vec![anchor];
    let mut end = anchor.end;
    while parts.len() < 12 {
        let from = page.ahead(end, 2, |c| matches!(c, ' ' | ',' | '-' | '、' | '#' | '，'));
        let next = direct(page, from, &parts).or_else(|| named(page, from, end));
        let Some(next) = next else { break };
        end = next.end;
        parts.push(next);
    }
    let tail = page.ahead(end, 8, is_han);
    let landmark = (end + 3..=tail).find(|&e| {
        page.ends_any(e, &["大厦", "广场", "小区", "公寓", "花园", "大楼"])
            .is_some()
            && !page.slice(end, e).iter().any(|&c| STOPS.contains(c))
    });
    (parts, landmark.unwrap_or(end))
}

/// The next part stands right here.
fn direct(page: &Page, from: usize, parts: &[Part]) -> Option<Part> {
    let last = parts.last()?;
    let inner = matches!(last.kind, Kind::Building | Kind::Unit | Kind::Floor);
    let comma = page
        .slice(last.end, from)
        .iter()
        .any(|&c| c == ',' || c == '、');
    if let Some(found) = part::read(page, from) {
        return (!comma || found.kind != Kind::Floor).then_some(found);
    }
    let house = last.kind == Kind::House;
    (last.named && (inner || house) && !comma)
        .then(|| part::bare_room(page, from))
        .flatten()
}

/// A named place and its number: 星云小区 8幢, 梅景苑4栋.
fn named(page: &Page, from: usize, end: usize) -> Option<Part> {
    let comma = page.slice(end, from).iter().any(|&c| c == ',' || c == '，');
    for at in from + 2..(from + MAX_NAME).min(page.len()) {
        let c = page.before(at)?;
        if !(is_han(c) || matches!(c, '(' | ')' | ' ')) || STOPS.contains(c) {
            return None;
        }
        let head = part::is_head(page, at)
            .then(|| part::read(page, at))
            .flatten();
        if let Some(found) = head {
            let name_end = page.back(at, 1, |c| c == ' ');
            let estate = ends_estate(page, name_end);
            let street = STREETS.before(page, name_end).is_some() && found.kind == Kind::House;
            let building = found.kind == Kind::Building && !comma;
            let village = found.kind == Kind::Group && VILLAGES.before(page, name_end).is_some();
            let fits = estate
                && matches!(
                    found.kind,
                    Kind::Building | Kind::Room | Kind::Unit | Kind::House
                );
            if fits || street || building || village {
                return Some(found);
            }
        }
    }
    None
}

fn ends_estate(page: &Page, end: usize) -> bool {
    let end = if page.before(end) == Some(')') {
        let open = page.back(end - 1, 6, |c| c != '(');
        open.saturating_sub(1)
    } else {
        end
    };
    ESTATES.before(page, end).is_some()
}

/// Where the address begins, given its first numbered part.
fn left(page: &Page, anchor: usize, floor: usize) -> usize {
    let mut reach = anchor;
    while anchor - reach < MAX_LEFT && reach > floor {
        let Some(c) = page.before(reach) else { break };
        let blank = matches!(c, ' ' | ',' | '、' | '-' | '/');
        let before_blank = page.back(reach, 2, |c| matches!(c, ' ' | ',' | '、' | '-' | '/'));
        let admin = ADMIN.before(page, before_blank).is_some();
        let place = is_han(c) || matches!(c, '(' | ')') || (blank && (admin || reach == anchor));
        if !place {
            break;
        }
        reach -= 1;
    }
    let mut start = (reach..anchor)
        .find(|&i| PROVINCES.at(page, i).is_some_and(|n| i + n <= anchor))
        .unwrap_or_else(|| {
            (reach + 1..=anchor)
                .rev()
                .find(|&i| LEADS.before(page, i).is_some_and(|n| i - n >= reach))
                .unwrap_or(reach)
        });
    start = page.ahead(start, 4, |c| {
        matches!(c, ' ' | ',' | '、' | '-' | '/' | ')')
    });
    start.min(anchor)
}

/// The parts together find a house or a door.
fn is_fine(page: &Page, start: usize, parts: &[Part]) -> bool {
    let Some(first) = parts.first() else {
        return false;
    };
    let name_end = page.back(first.start, 1, |c| c == ' ').max(start);
    let named = name_end >= start + 2;
    let has = |kind: Kind| parts.iter().any(|p| p.kind == kind);
    let door = parts
        .iter()
        .skip(1)
        .any(|p| matches!(p.kind, Kind::Unit | Kind::Room));
    let street = named
        && STREETS.before(page, name_end).is_some()
        && NO_STREETS.before(page, name_end).is_none();
    let estate = named && ends_estate(page, name_end);
    let village = named && VILLAGES.before(page, name_end).is_some();
    let in_town = page.has_any(start, first.start, &["县", "镇", "乡", "市", "区", "街道"]);
    match first.kind {
        Kind::House => {
            street
                || (estate && door)
                || (village && (parts.len() > 1 || in_town))
                || (named && has(Kind::Building) && door)
        }
        Kind::Building => estate || door || street,
        Kind::Group => village,
        Kind::Place => named && (has(Kind::Group) || has(Kind::House) || has(Kind::Building)),
        Kind::Unit => estate && door,
        Kind::Room => estate && !street,
        Kind::Floor => false,
    }
}

/// The text says that this is a shop, a depot or the address for returns.
fn is_public(page: &Page, start: usize, end: usize) -> bool {
    let from = page.back(start, 16, |c| !matches!(c, '。' | '\n' | '!' | '?'));
    let public = PUBLIC_BEFORE.within(page, from, start) || PUBLIC_AFTER.within(page, end, end + 8);
    public && !OWN.within(page, from, start)
}
