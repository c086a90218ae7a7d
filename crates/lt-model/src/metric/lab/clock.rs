//! Times and time zones as logs write them.

use std::fmt;

use serde::Deserialize;

use crate::{Millis, hours::Day};

/// Seconds from here on are milliseconds: the year 5138 else.
const MILLIS_FROM: f64 = 1e11;
const DAY_MS: Millis = 86_400_000;

/// A moment.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Stamp {
    Whole(i64),
    Number(f64),
    Text(String),
}

impl Stamp {
    /// In milliseconds since the epoch; none where it is no time. `zone` is of texts without an offset.
    pub(super) fn millis(&self, zone: i32) -> Option<Millis> {
        match self {
            #[expect(clippy::cast_precision_loss, reason = "only its size is looked at")]
            Self::Whole(whole) if (*whole as f64).abs() < MILLIS_FROM => whole.checked_mul(1_000),
            Self::Whole(whole) => Some(*whole),
            Self::Number(number) if number.abs() < MILLIS_FROM => seconds(*number),
            Self::Number(number) => seconds(number / 1_000.0),
            Self::Text(text) => moment(text, zone),
        }
    }
}

impl fmt::Display for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole(whole) => whole.fmt(f),
            Self::Number(number) => number.fmt(f),
            Self::Text(text) => text.fmt(f),
        }
    }
}

/// Seconds with a fraction, in milliseconds.
pub(super) fn seconds(number: f64) -> Option<Millis> {
    let ms = (number * 1_000.0).round();
    #[expect(clippy::cast_possible_truncation, reason = "it was looked at just now")]
    (ms.abs() < 9e15).then_some(ms as Millis)
}

/// `2026-11-23T09:00:00.5+08:00`, with a blank for the T if need be, without seconds or offset.
fn moment(text: &str, zone: i32) -> Option<Millis> {
    let text = text.trim();
    let (date, rest) = text.split_once(['T', 't', ' '])?;
    let day: Day = date.parse().ok()?;
    let (time, offset) = match rest.find(['Z', 'z', '+', '-']) {
        Some(place) => {
            let (time, offset) = rest.split_at_checked(place)?;
            (time, offset_minutes(offset)?)
        }
        None => (rest, zone),
    };
    let mut parts = time.trim().split(':');
    let hour: i64 = parts.next()?.parse().ok()?;
    let minute: i64 = parts.next()?.parse().ok()?;
    let second_ms = match parts.next() {
        Some(text) => seconds(text.parse().ok()?)?,
        None => 0,
    };
    let fits = (0..=24).contains(&hour) && (0..60).contains(&minute) && parts.next().is_none();
    let local = day.0 * DAY_MS + (hour * 60 + minute) * 60_000 + second_ms;
    fits.then_some(local - Millis::from(offset) * 60_000)
}

/// `09:00` as minutes after midnight; `24:00` is the end of the day.
pub(super) fn minute(text: &str) -> Option<u16> {
    let (hour, minute) = text.trim().split_once(':')?;
    let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
    let fits = hour < 24 && minute < 60 || (hour, minute) == (24, 0);
    fits.then_some(hour * 60 + minute)
}

/// A time zone.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Zone {
    /// Hours ahead of UTC.
    Hours(f64),
    /// A name or an offset.
    Name(String),
}

impl Default for Zone {
    fn default() -> Self {
        Self::Name("Asia/Shanghai".to_owned())
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Hours(hours) => hours.fmt(f),
            Self::Name(name) => name.fmt(f),
        }
    }
}

impl Zone {
    /// Minutes ahead of UTC; none for what is not known, or has summer time.
    pub(super) fn offset_minutes(&self) -> Option<i32> {
        match self {
            #[expect(clippy::cast_possible_truncation, reason = "it was looked at just now")]
            Self::Hours(hours) => (hours.abs() <= 14.0).then_some((hours * 60.0).round() as i32),
            Self::Name(name) => known(name.trim()),
        }
    }
}

fn known(name: &str) -> Option<i32> {
    let hours = match name {
        "UTC" | "GMT" | "Etc/UTC" | "Etc/GMT" => 0,
        "Asia/Shanghai" | "Asia/Chongqing" | "Asia/Harbin" | "PRC" | "Asia/Hong_Kong"
        | "Asia/Macau" | "Asia/Taipei" | "Asia/Singapore" | "Asia/Kuala_Lumpur" | "Asia/Manila"
        | "Australia/Perth" => 8,
        "Asia/Urumqi" => 6,
        "Asia/Tokyo" | "Asia/Seoul" => 9,
        "Asia/Bangkok" | "Asia/Ho_Chi_Minh" | "Asia/Jakarta" => 7,
        "Asia/Kolkata" | "Asia/Calcutta" => return Some(330),
        "Asia/Dubai" => 4,
        _ => {
            let offset = name
                .strip_prefix("UTC")
                .or_else(|| name.strip_prefix("GMT"))
                .unwrap_or(name);
            return offset_minutes(offset);
        }
    };
    Some(hours * 60)
}

/// `Z`, `+08:00`, `+0800`, `+8`.
fn offset_minutes(text: &str) -> Option<i32> {
    if matches!(text, "Z" | "z") {
        return Some(0);
    }
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text.strip_prefix('+')?),
    };
    let (hours, minutes): (i32, i32) = match digits.split_once(':') {
        Some((hours, minutes)) => (hours.parse().ok()?, minutes.parse().ok()?),
        None if digits.len() == 4 => {
            let (hours, minutes) = digits.split_at_checked(2)?;
            (hours.parse().ok()?, minutes.parse().ok()?)
        }
        None => (digits.parse().ok()?, 0),
    };
    let fits = (0..=14).contains(&hours) && (0..60).contains(&minutes);
    fits.then_some(sign * (hours * 60 + minutes))
}
