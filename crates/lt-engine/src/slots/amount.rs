//! Sums of money: 300块, ¥59.9, 三百多, 5块5, 1.2万元.

use lt_model::slot::{Amount, Currency, Slot};

use super::{Piece, any, ends, numeral, stands};

const SIGNS: &[(&str, Currency)] = &[
    ("hk$", Currency::Hkd),
    ("us$", Currency::Usd),
    ("rmb", Currency::Cny),
    ("cny", Currency::Cny),
    ("¥", Currency::Cny),
    ("$", Currency::Usd),
    ("€", Currency::Eur),
];
const UNITS: &[(&str, Currency)] = &[
    ("块钱", Currency::Cny),
    ("块", Currency::Cny),
    ("元人民币", Currency::Cny),
    ("元", Currency::Cny),
    ("圆", Currency::Cny),
    ("人民币", Currency::Cny),
    ("rmb", Currency::Cny),
    ("美元", Currency::Usd),
    ("美金", Currency::Usd),
    ("刀", Currency::Usd),
    ("港币", Currency::Hkd),
    ("港元", Currency::Hkd),
    ("欧元", Currency::Eur),
];
/// What makes a number rough when it stands before it.
const ROUGHLY: &[&str] = &["大概", "大约", "差不多", "将近", "接近", "约", "快", "好几"];
/// The same behind the unit.
const OR_SO: &[&str] = &["左右", "上下", "出头", "多"];
/// What may follow 两块 for it to be money rather than two pieces.
const AFTER_MONEY: &[&str] = &["钱", "多", "吗", "呢", "吧", "的", "左右", "了", "以"];

pub(super) fn find(chars: &[char]) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        match signed(chars, at).or_else(|| counted(chars, at)) {
            Some(piece) => {
                at = piece.range.end;
                pieces.push(piece);
            }
            None => at += 1,
        }
    }
    pieces
}

/// ¥59.9
fn signed(chars: &[char], at: usize) -> Option<Piece> {
    let glued = at
        .checked_sub(1)
        .and_then(|before| chars.get(before))
        .is_some_and(char::is_ascii_alphanumeric);
    if glued {
        return None;
    }
    let (sign_end, currency) = SIGNS
        .iter()
        .filter_map(|(sign, currency)| Some((stands(chars, at, sign)?, *currency)))
        .max_by_key(|(end, _)| *end)?;
    let number_at = stands(chars, sign_end, " ").unwrap_or(sign_end);
    let digits = chars.get(number_at..).unwrap_or_default();
    // The sign is glued to the number: it is read as if nothing stood before it.
    let number = numeral::read(digits, 0).filter(|number| !number.is_chinese)?;
    let mut end = number_at + number.end;
    if let Some((unit_end, _)) = unit(chars, end) {
        end = unit_end;
    }
    Some(piece(chars, at, end, number.hundredths, currency, false))
}

/// 300块, 三百多, 5块5
fn counted(chars: &[char], at: usize) -> Option<Piece> {
    let number = numeral::read(chars, at)?;
    let (number_end, many) = match any(chars, number.end, &["多", "来", "几", "+"]) {
        Some(end) => (end, true),
        None => (number.end, false),
    };
    if let Some(end) = any(chars, number_end, &["毛钱", "毛", "角钱"]) {
        let hundredths = number.hundredths / 10;
        return (number.hundredths <= 900)
            .then(|| piece(chars, at, end, hundredths, Currency::Cny, many));
    }
    let Some((unit_end, currency)) = unit(chars, number_end) else {
        // 三百多 and no unit: money where nothing counted follows.
        let is_sum = many
            && number.hundredths >= 10_000
            && ends_a_thought(chars, number_end)
            && stands(chars, number.end, "多").is_some();
        return is_sum.then(|| {
            piece(
                chars,
                at,
                number_end,
                number.hundredths,
                Currency::Cny,
                true,
            )
        });
    };
    let is_piece_word = ends(chars, unit_end, &["块"]);
    if !is_piece_word {
        return Some(piece(
            chars,
            at,
            unit_end,
            number.hundredths,
            currency,
            many,
        ));
    }
    // 5块5, 12块50, 三块八毛
    if let Some(small) = numeral::read(chars.get(unit_end..).unwrap_or_default(), 0)
        .filter(|small| small.hundredths < 10_000)
        .and_then(|small| Some((small.end, u64::try_from(small.whole()?).ok()?)))
    {
        let (len, value) = small;
        let cents = if value < 10 { value * 10 } else { value };
        let tail = unit_end + len;
        let end = any(chars, tail, &["毛钱", "毛", "角"]).unwrap_or(tail);
        if ends_a_thought(chars, end) || end > tail {
            return Some(piece(
                chars,
                at,
                end,
                number.hundredths + cents,
                currency,
                many,
            ));
        }
    }
    let few = number.is_chinese && number.hundredths < 1_000;
    let is_money = !few
        || (number.hundredths > 100 && ends_a_thought(chars, unit_end))
        || (number.hundredths > 100 && any(chars, unit_end, AFTER_MONEY).is_some());
    is_money.then(|| piece(chars, at, unit_end, number.hundredths, currency, many))
}

fn unit(chars: &[char], at: usize) -> Option<(usize, Currency)> {
    let at = stands(chars, at, " ").unwrap_or(at);
    let found = UNITS
        .iter()
        .filter_map(|(unit, currency)| Some((stands(chars, at, unit)?, *currency)))
        .max_by_key(|(end, _)| *end)?;
    // 元旦, 元宝, 元素 are no money.
    let next = chars.get(found.0);
    let other_word =
        ends(chars, found.0, &["元"]) && matches!(next, Some('旦' | '宝' | '素' | '件'));
    (!other_word).then_some(found)
}

fn piece(
    chars: &[char],
    at: usize,
    end: usize,
    hundredths: u64,
    currency: Currency,
    many: bool,
) -> Piece {
    let or_so = any(chars, end, OR_SO);
    Piece {
        slot: Slot::Amount(Amount {
            hundredths,
            currency,
            about: many || or_so.is_some() || ends(chars, at, ROUGHLY),
        }),
        range: at..end,
    }
}

fn ends_a_thought(chars: &[char], at: usize) -> bool {
    chars
        .get(at)
        .is_none_or(|c| !c.is_alphanumeric() || matches!(c, '吧' | '呢' | '吗' | '了' | '啊'))
}
