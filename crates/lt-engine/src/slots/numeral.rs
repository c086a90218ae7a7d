//! Numbers in digits and in Chinese numerals.

/// A number at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Number {
    /// One past its last character.
    pub(super) end: usize,
    /// In hundredths.
    pub(super) hundredths: u64,
    /// Whether it is written in Chinese numerals.
    pub(super) is_chinese: bool,
}

impl Number {
    /// The number, if it is whole.
    pub(super) fn whole(self) -> Option<i64> {
        self.hundredths
            .is_multiple_of(100)
            .then(|| i64::try_from(self.hundredths / 100).ok())
            .flatten()
    }
}

/// Longest number that is read.
const MAX_CHARS: usize = 12;

/// The number that begins at a place: 1,299.50, 1.2万, 三百五, 两千零六.
pub(super) fn read(chars: &[char], at: usize) -> Option<Number> {
    let before = at.checked_sub(1).and_then(|before| chars.get(before));
    let glued = |c: &char| c.is_ascii_alphanumeric() || *c == '.' || is_numeral(*c);
    if before.is_some_and(glued) {
        return None;
    }
    let first = chars.get(at)?;
    if first.is_ascii_digit() {
        arabic(chars, at)
    } else {
        chinese(chars, at)
    }
}

fn arabic(chars: &[char], at: usize) -> Option<Number> {
    let mut end = at;
    let mut whole: u64 = 0;
    let mut n_digits = 0;
    while let Some(c) = chars.get(end) {
        if let Some(digit) = c.to_digit(10) {
            n_digits += 1;
            whole = whole.checked_mul(10)?.checked_add(u64::from(digit))?;
            end += 1;
        } else if *c == ',' && n_digits <= 3 * (1 + (end - at) / 4) && group(chars, end + 1) {
            end += 1;
        } else {
            break;
        }
    }
    if n_digits > MAX_CHARS {
        return None;
    }
    let mut hundredths = whole.checked_mul(100)?;
    if chars.get(end) == Some(&'.') && chars.get(end + 1).is_some_and(char::is_ascii_digit) {
        let mut worth = 10;
        end += 1;
        while let Some(digit) = chars.get(end).and_then(|c| c.to_digit(10)) {
            hundredths += u64::from(digit) * worth;
            worth /= 10;
            end += 1;
        }
    }
    let times = match chars.get(end) {
        Some('万') => 10_000,
        Some('w') if !next_is_latin(chars, end) => 10_000,
        Some('千') => 1_000,
        Some('k') if !next_is_latin(chars, end) => 1_000,
        Some('百') => 100,
        _ => 1,
    };
    if times > 1 {
        end += 1;
    }
    let glued = chars.get(end).is_some_and(|c| c.is_ascii_digit());
    (!glued).then_some(Number {
        end,
        hundredths: hundredths.checked_mul(times)?,
        is_chinese: false,
    })
}

/// Three digits and no fourth.
fn group(chars: &[char], at: usize) -> bool {
    let digit = |at: usize| chars.get(at).is_some_and(char::is_ascii_digit);
    digit(at) && digit(at + 1) && digit(at + 2) && !digit(at + 3)
}

fn next_is_latin(chars: &[char], at: usize) -> bool {
    chars.get(at + 1).is_some_and(char::is_ascii_alphanumeric)
}

fn chinese(chars: &[char], at: usize) -> Option<Number> {
    let rest = chars.get(at..)?;
    let len = rest
        .iter()
        .take(MAX_CHARS)
        .take_while(|c| is_numeral(**c))
        .count();
    let numerals = rest.get(..len).filter(|numerals| !numerals.is_empty())?;
    let has_power = numerals.iter().any(|c| power(*c).is_some());
    let (mut total, mut section, mut last, mut last_power) = (0_u64, 0_u64, 0_u64, 1_u64);
    for c in numerals {
        match (digit(*c), power(*c)) {
            (Some(digit), _) if !has_power => last = last.checked_mul(10)? + digit,
            (Some(0), _) => (last, last_power) = (0, 1),
            (Some(digit), _) => last = digit,
            (None, Some(10_000)) => {
                total += (section + last).max(1) * 10_000;
                (section, last, last_power) = (0, 0, 10_000);
            }
            (None, Some(power)) => {
                section += last.max(1) * power;
                (last, last_power) = (0, power);
            }
            (None, None) => return None,
        }
    }
    // 三百五 is 350, 一万二 is 12,000; 三百零五 is 305.
    let tail = if last_power >= 100 {
        last * last_power / 10
    } else {
        last
    };
    Some(Number {
        end: at + len,
        hundredths: (total + section + tail).checked_mul(100)?,
        is_chinese: true,
    })
}

pub(super) fn is_numeral(c: char) -> bool {
    digit(c).is_some() || power(c).is_some()
}

fn digit(c: char) -> Option<u64> {
    Some(match c {
        '零' | '〇' => 0,
        '一' => 1,
        '二' | '两' => 2,
        '三' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        _ => return None,
    })
}

fn power(c: char) -> Option<u64> {
    Some(match c {
        '十' => 10,
        '百' => 100,
        '千' => 1_000,
        '万' => 10_000,
        _ => return None,
    })
}
