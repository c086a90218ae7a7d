//! Numbered parts of an address: 999号, 8幢, 乙单元, 12层, 1704.

use crate::page::Page;

/// What a numbered part names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// 号, 弄: a house in a street, or a room behind a building.
    House,
    /// 号楼, 栋, 幢, 座, 号院.
    Building,
    /// 单元, 门, 梯.
    Unit,
    /// 层, 楼.
    Floor,
    /// 室, 房, 户, 西户 or a bare number of three or four digits.
    Room,
    /// 组, 队, 社.
    Group,
    /// 3村, 二区, 一期: a numbered place that needs more behind it.
    Place,
}

/// A numbered part at `start..end`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) kind: Kind,
    /// It is written with a suffix, not as a bare number.
    pub(super) named: bool,
}

const SUFFIXES: &[(&str, Kind)] = &[
    ("号楼", Kind::Building),
    ("号院", Kind::Building),
    ("号大院", Kind::Building),
    ("号库", Kind::Building),
    ("号房", Kind::Room),
    ("号室", Kind::Room),
    ("号铺", Kind::Room),
    ("号门", Kind::Unit),
    ("号弄", Kind::House),
    ("弄", Kind::House),
    ("号", Kind::House),
    ("栋", Kind::Building),
    ("幢", Kind::Building),
    ("座", Kind::Building),
    ("塔", Kind::Building),
    ("单元", Kind::Unit),
    ("单位", Kind::Unit),
    ("门洞", Kind::Unit),
    ("门", Kind::Unit),
    ("梯", Kind::Unit),
    ("层", Kind::Floor),
    ("楼", Kind::Floor),
    ("室", Kind::Room),
    ("房", Kind::Room),
    ("户", Kind::Room),
    ("小组", Kind::Group),
    ("组", Kind::Group),
    ("小队", Kind::Group),
    ("大队", Kind::Place),
    ("队", Kind::Group),
    ("社", Kind::Group),
    ("村", Kind::Place),
    ("区", Kind::Place),
    ("期", Kind::Place),
    ("巷", Kind::Place),
    ("街", Kind::Place),
    ("路", Kind::Place),
    ("排", Kind::Unit),
];

/// Reads the part at `start`: a number and its suffix.
pub(super) fn read(page: &Page, start: usize) -> Option<Part> {
    if let Some(n) = page.starts_any(
        start,
        &["东户", "西户", "中户", "南户", "北户", "东门", "西门"],
    ) {
        let kind = if page.get(start + 1) == Some('户') {
            Kind::Room
        } else {
            return None;
        };
        return Some(Part {
            start,
            end: start + n,
            kind,
            named: true,
        });
    }
    let stop = number_end(page, start)?;
    let at = page.ahead(stop, 1, |c| c == ' ');
    let (suffix, kind) = SUFFIXES
        .iter()
        .find(|(suffix, _)| page.starts(at, suffix))?;
    let end = at + suffix.chars().count();
    // 5号线, 3号下午 and 2楼梯 are no parts; 11月5号 is a day.
    let off = page
        .starts_any(
            end,
            &[
                "线", "下午", "上午", "早上", "晚上", "链接", "客服", "色", "码", "订单", "商品",
                "选手",
            ],
        )
        .is_some();
    let day = matches!(page.before(start), Some('月' | '第' | '.' | '¥'));
    (!off && !day).then_some(Part {
        start,
        end,
        kind: *kind,
        named: true,
    })
}

/// A bare room number such as 1704, B1207 or 3-601.
pub(super) fn bare_room(page: &Page, start: usize) -> Option<Part> {
    let worded = page.ahead(start, 5, |c| "零〇一二三四五六七八九".contains(c));
    if (3..=4).contains(&(worded - start)) {
        return Some(Part {
            start,
            end: worded,
            kind: Kind::Room,
            named: false,
        });
    }
    let from = page.ahead(start, 1, |c| c.is_ascii_uppercase());
    let mut end = page.ahead(from, 5, |c| c.is_ascii_digit());
    let mut len = end - from;
    while page.get(end) == Some('-') && len > 0 {
        let next = page.ahead(end + 1, 5, |c| c.is_ascii_digit());
        if next == end + 1 {
            break;
        }
        len = len.max(next - end - 1);
        end = next;
    }
    let free = !page.get(end).is_some_and(|c| {
        c.is_ascii_alphanumeric()
            || matches!(c, '*' | '元' | '年' | '月' | '.' | '%' | '件' | '个' | '块')
    });
    let dashed = page.slice(from, end).contains(&'-');
    let room = ((3..=4).contains(&len) || (dashed && len <= 4)) && free;
    room.then_some(Part {
        start,
        end,
        kind: Kind::Room,
        named: false,
    })
}

/// Building and room in one, 6-2-301 or 12-1203, as it stands after the name of an estate.
pub(super) fn dashed(page: &Page, start: usize) -> Option<Part> {
    let mut end = page.ahead(start, 4, |c| c.is_ascii_digit());
    let mut len = end - start;
    let mut n_dashes = 0;
    while (1..=3).contains(&len) && page.get(end) == Some('-') && n_dashes < 2 {
        let next = page.ahead(end + 1, 5, |c| c.is_ascii_digit());
        len = next - end - 1;
        end = next;
        n_dashes += 1;
    }
    let free = !page
        .get(end)
        .is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '*' | '-' | ':'));
    let room = n_dashes > 0 && (3..=4).contains(&len) && free;
    room.then_some(Part {
        start,
        end,
        kind: Kind::Room,
        named: false,
    })
}

/// The end of a number as addresses have it: 12, 3A, 十二, 乙, B, 2-1.
fn number_end(page: &Page, start: usize) -> Option<usize> {
    let first = page.get(start)?;
    if first.is_ascii_digit() {
        let mut end = page.ahead(start, 5, |c| c.is_ascii_digit());
        if page.get(end) == Some('-') || page.get(end) == Some('/') {
            let next = page.ahead(end + 1, 5, |c| c.is_ascii_digit());
            end = if next > end + 1 { next } else { end };
        }
        return Some(page.ahead(end, 1, |c| c.is_ascii_alphabetic()));
    }
    if first.is_ascii_alphabetic() {
        let end = page.ahead(start + 1, 3, |c| c.is_ascii_digit());
        return Some(end);
    }
    if "甲乙丙丁戊东西南北".contains(first) {
        return Some(page.ahead(start + 1, 3, |c| c.is_ascii_digit()));
    }
    let end = page.ahead(start, 6, is_han_digit);
    (end > start).then_some(end)
}

fn is_han_digit(c: char) -> bool {
    "零〇一二三四五六七八九十百两".contains(c)
}

/// Could a part begin here without cutting a number in two?
pub(super) fn is_head(page: &Page, i: usize) -> bool {
    let (Some(c), before) = (page.get(i), page.before(i)) else {
        return false;
    };
    let digit =
        c.is_ascii_alphanumeric() && !before.is_some_and(|b| b.is_ascii_alphanumeric() || b == '*');
    let han = is_han_digit(c) && !before.is_some_and(is_han_digit);
    digit || han || "甲乙丙丁戊东西南北中".contains(c)
}
