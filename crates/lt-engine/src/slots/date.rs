//! Dates and times: 昨天, 上周三, 11月3号, 三天前, 昨晚8点.

use lt_model::{
    Millis,
    slot::{DateSpan, Slot},
};

use super::{
    Piece, any,
    calendar::{Day, HOUR_MS, days_in, nearest},
    ends, numeral, stands,
};

/// Days by name, with how far they are away.
const DAYS: &[(&str, i64)] = &[
    ("大前天", -3),
    ("大后天", 3),
    ("前天", -2),
    ("后天", 2),
    ("昨天", -1),
    ("昨日", -1),
    ("明天", 1),
    ("明日", 1),
    ("今天", 0),
    ("今日", 0),
];
/// Parts of days by name, with the day and the hours.
const PARTS: &[(&str, i64, i64, i64)] = &[
    ("前晚", -2, 18, 24),
    ("昨晚", -1, 18, 24),
    ("昨夜", -1, 18, 24),
    ("今早", 0, 5, 10),
    ("今晚", 0, 18, 24),
    ("明早", 1, 5, 10),
    ("明晚", 1, 18, 24),
];
/// Hours of the parts of a day.
const HOURS: &[(&str, i64, i64)] = &[
    ("凌晨", 0, 6),
    ("早上", 5, 10),
    ("早晨", 5, 10),
    ("上午", 6, 12),
    ("中午", 11, 14),
    ("下午", 12, 18),
    ("傍晚", 17, 19),
    ("晚上", 18, 24),
    ("夜里", 18, 24),
];
/// Sales days that everybody knows by name.
const SALES: &[(&str, i64, i64)] = &[
    ("双十一", 11, 11),
    ("双11", 11, 11),
    ("双十二", 12, 12),
    ("双12", 12, 12),
    ("618", 6, 18),
];
/// After a bare 3号 these make it a number of something else.
const NOT_A_DAY: &[char] = &[
    '店', '楼', '线', '馆', '仓', '码', '门', '院', '色', '机', '球', '电', '柜', '房', '库', '味',
    '款', '桌', '链', '口', '床', '厅', '车', '客', '技', '棉', '针',
];
/// After a bare 11月 these make it another word.
const NOT_A_MONTH: &[char] = &[
    '龄', '经', '亮', '饼', '光', '销', '付', '租', '薪', '卡', '结', '均', '嫂', '子', '票', '息',
    '供',
];
/// Deeds from which a span is counted that is not counted from now.
const DEEDS: &[char] = &['收', '货', '款', '单', '核', '订', '到', '用', '后'];

pub(super) fn find(chars: &[char], now: Millis) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        let found = day(chars, at, now)
            .map(|(end, span)| refine(chars, end, span))
            .or_else(|| hours_away(chars, at, now));
        match found {
            Some((end, span)) => {
                pieces.push(Piece {
                    slot: Slot::Date(span),
                    range: at..end,
                });
                at = end;
            }
            None => at += 1,
        }
    }
    pieces
}

type Hit = (usize, DateSpan);

fn day(chars: &[char], at: usize, now: Millis) -> Option<Hit> {
    let today = Day::of(now);
    named(chars, at, today)
        .or_else(|| written(chars, at))
        .or_else(|| week(chars, at, today))
        .or_else(|| month(chars, at, today))
        .or_else(|| away(chars, at, today))
        .or_else(|| month_and_day(chars, at, today))
        .or_else(|| day_of_month(chars, at, today))
}

fn named(chars: &[char], at: usize, today: Day) -> Option<Hit> {
    if let Some((end, days)) = DAYS
        .iter()
        .find_map(|(name, days)| Some((stands(chars, at, name)?, *days)))
    {
        return Some((end, today.plus(days).span(1)));
    }
    if let Some((end, days, from, to)) = PARTS
        .iter()
        .find_map(|(name, days, from, to)| Some((stands(chars, at, name)?, *days, *from, *to)))
    {
        return Some((end, hours(today.plus(days), from, to)));
    }
    let glued = at
        .checked_sub(1)
        .and_then(|before| chars.get(before))
        .is_some_and(char::is_ascii_alphanumeric);
    let (end, month, day) = SALES
        .iter()
        .find_map(|(name, month, day)| Some((stands(chars, at, name)?, *month, *day)))?;
    let is_number = chars
        .get(end)
        .is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '元' | '块' | '.' | '件'));
    if glued || is_number {
        return None;
    }
    Some((end, nearest(today, month, day)?.span(1)))
}

/// 2026-11-03, 2026/11/3, 2026年11月3日
fn written(chars: &[char], at: usize) -> Option<Hit> {
    let year = numeral::read(chars, at)?;
    let year_value = year.whole().filter(|year| (2000..=2100).contains(year))?;
    let part = *chars.get(year.end)?;
    let close = match part {
        '年' => '月',
        '-' | '/' => part,
        _ => return None,
    };
    let month = number_at(chars, year.end + 1)?;
    if chars.get(month.0) != Some(&close) {
        return None;
    }
    let Some(day) = number_at(chars, month.0 + 1) else {
        let first = Day::at(year_value, month.1, 1)?;
        return (part == '年').then(|| (month.0 + 1, first.span(days_in(year_value, month.1))));
    };
    let end = if part == '年' {
        any(chars, day.0, &["号", "日"]).unwrap_or(day.0)
    } else if chars.get(day.0).is_some_and(|c| c.is_ascii_alphanumeric()) {
        return None;
    } else {
        day.0
    };
    Some((end, Day::at(year_value, month.1, day.1)?.span(1)))
}

/// A number that something stands directly before.
fn number_at(chars: &[char], at: usize) -> Option<(usize, i64)> {
    let rest = chars.get(at..)?;
    let len = rest
        .iter()
        .take(2)
        .take_while(|c| c.is_ascii_digit())
        .count();
    if len > 0 {
        let value: String = rest.iter().take(len).collect();
        return Some((at + len, value.parse().ok()?));
    }
    let number = numeral::read(rest, 0)?;
    Some((at + number.end, number.whole()?))
}

/// 上周三, 下星期一, 周五, 上周
fn week(chars: &[char], at: usize, today: Day) -> Option<Hit> {
    let (word_at, weeks) = match (stands(chars, at, "上上"), stands(chars, at, "下下")) {
        (Some(end), _) => (end, Some(-2)),
        (_, Some(end)) => (end, Some(2)),
        _ => match chars.get(at)? {
            '上' => (at + 1, Some(-1)),
            '下' => (at + 1, Some(1)),
            '这' | '本' => (at + 1, Some(0)),
            _ => (at, None),
        },
    };
    let word_at = match weeks {
        Some(_) => stands(chars, word_at, "个").unwrap_or(word_at),
        None => word_at,
    };
    let end = any(chars, word_at, &["周", "星期", "礼拜"])?;
    let counted = at
        .checked_sub(1)
        .and_then(|before| chars.get(before))
        .is_some_and(|c| numeral::is_numeral(*c) || c.is_ascii_digit() || matches!(c, '每' | '个'));
    if counted {
        return None;
    }
    let monday = today.monday().plus(7 * weeks.unwrap_or_default());
    let weekday = match chars.get(end) {
        Some('一') => Some(0),
        Some('二') => Some(1),
        Some('三') => Some(2),
        Some('四') => Some(3),
        Some('五') => Some(4),
        Some('六') => Some(5),
        Some('日' | '天') => Some(6),
        _ => None,
    };
    match (weekday, stands(chars, end, "末"), weeks) {
        (Some(days), _, _) => Some((end + 1, monday.plus(days).span(1))),
        (None, Some(end), _) => Some((end, monday.plus(5).span(2))),
        (None, None, Some(_)) => Some((end, monday.span(7))),
        (None, None, None) => None,
    }
}

/// 上个月, 这个月3号, 下月
fn month(chars: &[char], at: usize, today: Day) -> Option<Hit> {
    let months = match chars.get(at)? {
        '上' => -1,
        '下' => 1,
        '这' | '本' => 0,
        _ => return None,
    };
    let word_at = stands(chars, at + 1, "个").unwrap_or(at + 1);
    let end = stands(chars, word_at, "月")?;
    let first = today.first_of_month(months);
    let (year, month, _) = first.date();
    let day = number_at(chars, end).and_then(|(day_end, day)| {
        Some((
            any(chars, day_end, &["号", "日"])?,
            Day::at(year, month, day)?,
        ))
    });
    if let Some((end, day)) = day {
        return Some((end, day.span(1)));
    }
    let next = chars.get(end);
    if next.is_some_and(|c| NOT_A_MONTH.contains(c)) {
        return None;
    }
    let end = any(chars, end, &["份", "初", "底"]).unwrap_or(end);
    Some((end, first.span(days_in(year, month))))
}

/// 三天前, 两周前, 一个月后
fn away(chars: &[char], at: usize, today: Day) -> Option<Hit> {
    let number = numeral::read(chars, at)?;
    let n = number.whole().filter(|n| (1..=400).contains(n))?;
    let unit_at = stands(chars, number.end, "个").unwrap_or(number.end);
    let unit_at = stands(chars, unit_at, "多").unwrap_or(unit_at);
    let (unit_end, days, months) = if let Some(end) = any(chars, unit_at, &["天", "日"]) {
        (end, n, 0)
    } else if let Some(end) = any(chars, unit_at, &["周", "星期", "礼拜"]) {
        (end, n * 7, 0)
    } else {
        (stands(chars, unit_at, "月")?, 0, n)
    };
    let (end, sign) = direction(chars, unit_end)?;
    let deed = at
        .checked_sub(1)
        .and_then(|before| chars.get(before))
        .is_some_and(|c| DEEDS.contains(c));
    if sign > 0 && deed {
        return None;
    }
    if months > 0 {
        let (_, _, day) = today.date();
        let first = today.first_of_month(sign * months);
        let (year, month, _) = first.date();
        return Some((end, first.plus(day.min(days_in(year, month)) - 1).span(1)));
    }
    Some((end, today.plus(sign * days).span(1)))
}

/// 两小时前, 半小时前, 20分钟前
fn hours_away(chars: &[char], at: usize, now: Millis) -> Option<Hit> {
    let (number_end, halves) = match stands(chars, at, "半") {
        Some(end) => (end, 1),
        None => {
            let number = numeral::read(chars, at)?;
            (
                number.end,
                2 * number.whole().filter(|n| (1..=999).contains(n))?,
            )
        }
    };
    let unit_at = stands(chars, number_end, "个").unwrap_or(number_end);
    let (unit_end, unit_ms) = match any(chars, unit_at, &["小时", "钟头"]) {
        Some(end) => (end, HOUR_MS),
        None => (any(chars, unit_at, &["分钟", "分"])?, HOUR_MS / 60),
    };
    let (end, sign) = direction(chars, unit_end)?;
    let deed = at
        .checked_sub(1)
        .and_then(|before| chars.get(before))
        .is_some_and(|c| DEEDS.contains(c));
    if sign > 0 && deed {
        return None;
    }
    let from = now.saturating_add(sign * halves * unit_ms / 2);
    Some((
        end,
        DateSpan {
            from,
            to: from.saturating_add(unit_ms),
        },
    ))
}

fn direction(chars: &[char], at: usize) -> Option<(usize, i64)> {
    if let Some(end) = any(chars, at, &["以前", "之前", "前"]) {
        return (chars.get(end) != Some(&'台')).then_some((end, -1));
    }
    any(chars, at, &["以后", "之后", "后"]).map(|end| (end, 1))
}

/// 11月3号, 11月3日, 十一月, 11月份
fn month_and_day(chars: &[char], at: usize, today: Day) -> Option<Hit> {
    let number = numeral::read(chars, at)?;
    let month = number.whole().filter(|month| (1..=12).contains(month))?;
    let end = stands(chars, number.end, "月")?;
    if let Some((day_end, day)) = number_at(chars, end)
        && let Some(found) = nearest(today, month, day)
        && let Some(unit_end) = any(chars, day_end, &["号", "日"]).or_else(|| {
            let bare = chars
                .get(day_end)
                .is_none_or(|c| !c.is_alphanumeric() || matches!(c, '买' | '下' | '付' | '拍'));
            bare.then_some(day_end)
        })
    {
        return Some((unit_end, found.span(1)));
    }
    if chars.get(end).is_some_and(|c| NOT_A_MONTH.contains(c)) {
        return None;
    }
    let first = nearest(today, month, 1)?;
    let (year, month, _) = first.date();
    let end = any(chars, end, &["份", "初", "底"]).unwrap_or(end);
    Some((end, first.span(days_in(year, month))))
}

/// 3号: the last one that was, or today.
fn day_of_month(chars: &[char], at: usize, today: Day) -> Option<Hit> {
    let number = numeral::read(chars, at)?;
    let day = number.whole().filter(|day| (1..=31).contains(day))?;
    let end = stands(chars, number.end, "号")?;
    let another = chars
        .get(end)
        .is_some_and(|c| NOT_A_DAY.contains(c) || c.is_ascii_alphanumeric());
    if another
        || ends(
            chars,
            at,
            &["第", "-", "#", "栋", "路", "街", "巷", "道", "弄", "/"],
        )
    {
        return None;
    }
    (-12..=0)
        .rev()
        .filter_map(|months| {
            let (year, month, _) = today.first_of_month(months).date();
            Day::at(year, month, day)
        })
        .find(|found| *found <= today)
        .map(|found| (end, found.span(1)))
}

/// A part of the day or an hour directly behind a single day.
fn refine(chars: &[char], end: usize, span: DateSpan) -> Hit {
    if span.to - span.from > 24 * HOUR_MS {
        return (end, span);
    }
    let day = Day::of(span.from);
    let part_at = stands(chars, end, "的").unwrap_or(end);
    let part = HOURS
        .iter()
        .find_map(|(name, from, to)| Some((stands(chars, part_at, name)?, *from, *to)));
    let (clock_at, late) = match part {
        Some((part_end, from, _)) => (part_end, from >= 12),
        None => (
            part_at,
            span.from > day.start() && span.from >= day.start() + 12 * HOUR_MS,
        ),
    };
    if let Some((clock_end, hour, minute)) = clock(chars, clock_at) {
        let hour = if late && hour < 12 { hour + 12 } else { hour };
        let from = day.start() + hour * HOUR_MS + minute.unwrap_or(0) * HOUR_MS / 60;
        let length = if minute.is_some() {
            HOUR_MS / 60
        } else {
            HOUR_MS
        };
        return (
            clock_end,
            DateSpan {
                from,
                to: from + length,
            },
        );
    }
    match part {
        Some((part_end, from, to)) => (part_end, hours(day, from, to)),
        None => (end, span),
    }
}

/// 8点, 8点半, 15:30
fn clock(chars: &[char], at: usize) -> Option<(usize, i64, Option<i64>)> {
    let (end, hour) = number_at(chars, at)?;
    if !(0..=24).contains(&hour) {
        return None;
    }
    if let Some(minute_at) = any(chars, end, &[":", "："]) {
        let (end, minute) = number_at(chars, minute_at)?;
        return (minute < 60).then_some((end, hour, Some(minute)));
    }
    let end = stands(chars, end, "点")?;
    if let Some(end) = stands(chars, end, "半") {
        return Some((end, hour, Some(30)));
    }
    let end = any(chars, end, &["多", "钟", "左右"]).unwrap_or(end);
    Some((end, hour, None))
}

fn hours(day: Day, from: i64, to: i64) -> DateSpan {
    DateSpan {
        from: day.start() + from * HOUR_MS,
        to: day.start() + to * HOUR_MS,
    }
}
