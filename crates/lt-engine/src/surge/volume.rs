//! How much is going on: conversations that are no complaints, minute by minute.
//!
//! They are the yardstick of all series: on a sale day ten times the complaints are expected of ten
//! times the conversations, on a holiday fewer, and growth needs no adapting.

use serde::{Deserialize, Serialize};

use lt_model::Millis;

use super::calendar::{Calendar, Hour, N_SLOTS};

/// Minutes since the epoch.
pub(super) type Minute = i64;

const MINUTE_MS: Millis = 60_000;
/// Minutes that are remembered one by one.
pub(super) const N_MINUTES: usize = 128;
/// Hours that are remembered one by one: as long as the longest window.
pub(super) const N_HOURS: usize = 170;
/// What a day's figures weigh after a day: half in six weeks.
pub(super) const DAILY_DECAY: f64 = 0.983_6;
/// Of an hour, at most so many times the usual is learned as usual.
const CLIP: f32 = 2.5;
/// The usual counts for at least this share of itself, however quiet it is.
const LEAST_SHARE: f32 = 0.5;
/// Lengths over which the present volume is estimated, minutes before the present one.
const SPANS: [usize; 5] = [0, 1, 2, 5, 15];
/// With fewer conversations than this in the longest of them, an hour is looked at.
const FEW: f32 = 10.0;
/// With more than this, no longer time is looked at: it would be behind.
const MANY: f32 = 100.0;

/// Conversations over time.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Volume {
    /// The present minute.
    pub(super) minute: Minute,
    /// Conversations before each remembered minute, since the beginning.
    before: Vec<f64>,
    /// Conversations so far, since the beginning.
    so_far: f64,
    /// Estimate of each remembered minute that is over.
    minutes: Vec<f32>,
    /// Estimate and slot of each remembered hour that is over.
    hours: Vec<(f32, u8)>,
    /// Estimate of the present hour's minutes that are over.
    in_hour: f32,
    /// Conversations of the present hour.
    raw_in_hour: f32,
    /// Slot of the present hour.
    slot: u8,
    /// Conversations by slot, fading.
    pub(super) by_slot: Vec<f32>,
    /// Sum of them.
    pub(super) total: f64,
    /// The same without what exceptional days had too much.
    usual: Vec<f32>,
    /// Hours by slot, fading.
    seen: Vec<f32>,
    /// The day that the fading figures are of.
    pub(super) day: i64,
    /// The first minute.
    began: Minute,
}

impl Volume {
    pub(super) fn new(at: Millis, calendar: &Calendar) -> Self {
        let minute = at.div_euclid(MINUTE_MS);
        Self {
            minute,
            before: vec![0.0; N_MINUTES],
            so_far: 0.0,
            minutes: vec![0.0; N_MINUTES],
            hours: vec![(0.0, 0); N_HOURS],
            in_hour: 0.0,
            raw_in_hour: 0.0,
            slot: narrow(calendar.slot(minute.div_euclid(60))),
            by_slot: vec![0.0; N_SLOTS],
            total: 0.0,
            usual: vec![0.0; N_SLOTS],
            seen: vec![0.0; N_SLOTS],
            day: minute.div_euclid(1440),
            began: minute,
        }
    }

    /// Bytes of memory beside itself.
    pub(super) fn n_owned_bytes(&self) -> usize {
        N_MINUTES * 12 + N_HOURS * 8 + N_SLOTS * 12
    }

    /// Minutes that there have been.
    pub(super) fn age(&self) -> Minute {
        self.minute - self.began
    }

    /// The present hour.
    pub(super) fn hour(&self) -> Hour {
        self.minute.div_euclid(60)
    }

    /// The present slot.
    pub(super) fn slot(&self) -> usize {
        usize::from(self.slot)
    }

    pub(super) fn add(&mut self, n: u32) {
        self.so_far += f64::from(n);
        self.raw_in_hour += n as f32;
    }

    /// Goes on to the minute of a moment. Gives back how far that minute has come, 0 to 1.
    pub(super) fn advance(&mut self, at: Millis, calendar: &Calendar) -> f32 {
        let target = at.div_euclid(MINUTE_MS);
        if target - self.minute > (N_HOURS as i64) * 60 {
            self.jump(target, calendar);
        }
        while self.minute < target {
            self.end_minute(calendar);
        }
        if target < self.minute {
            return 1.0;
        }
        at.rem_euclid(MINUTE_MS) as f32 / MINUTE_MS as f32
    }

    /// Over a stretch in which nobody counted: nothing is learned of it.
    fn jump(&mut self, target: Minute, calendar: &Calendar) {
        self.minute = target - (N_HOURS as i64) * 60;
        self.slot = narrow(calendar.slot(self.hour()));
        self.before.fill(self.so_far);
        self.minutes.fill(0.0);
        self.hours.fill((0.0, 0));
        (self.in_hour, self.raw_in_hour) = (0.0, 0.0);
        self.fade();
    }

    fn end_minute(&mut self, calendar: &Calendar) {
        let estimate = self.rate(1.0);
        set(&mut self.minutes, self.minute, estimate);
        self.in_hour += estimate;
        let next = self.minute + 1;
        if next.rem_euclid(60) == 0 {
            let (hour, done) = (self.hour(), (self.in_hour, self.slot));
            set(&mut self.hours, hour, done);
            self.learn();
            (self.in_hour, self.raw_in_hour) = (0.0, 0.0);
            self.slot = narrow(calendar.slot(hour + 1));
        }
        self.minute = next;
        let so_far = self.so_far;
        set(&mut self.before, next, so_far);
        self.fade();
    }

    fn learn(&mut self) {
        let slot = self.slot();
        self.total += f64::from(self.raw_in_hour);
        let usual = self.usual_in_hour(slot);
        let raw = self.raw_in_hour;
        if let (Some(all), Some(clipped), Some(seen)) = (
            self.by_slot.get_mut(slot),
            self.usual.get_mut(slot),
            self.seen.get_mut(slot),
        ) {
            *all += raw;
            *clipped += usual.map_or(raw, |usual| raw.min(CLIP * usual + 5.0));
            *seen += 1.0;
        }
    }

    /// Once a day, what is old weighs less.
    fn fade(&mut self) {
        let day = self.minute.div_euclid(1440);
        if day <= self.day {
            return;
        }
        let days = i32::try_from(day - self.day).unwrap_or(i32::MAX);
        let decay = DAILY_DECAY.powi(days);
        self.day = day;
        self.total *= decay;
        for figures in [&mut self.by_slot, &mut self.usual, &mut self.seen] {
            figures
                .iter_mut()
                .for_each(|figure| *figure *= decay as f32);
        }
    }

    /// Conversations of an hour of this slot on a usual day, where one was seen.
    fn usual_in_hour(&self, slot: usize) -> Option<f32> {
        let seen = *self.seen.get(slot)?;
        (seen > 0.05).then(|| self.usual.get(slot).map_or(0.0, |usual| usual / seen))
    }

    /// Conversations a minute at present, rather too many than too few: of the last minutes, of the
    /// last quarter of an hour, or half of the usual.
    pub(super) fn rate(&self, into_minute: f32) -> f32 {
        let mut best = self
            .usual_in_hour(self.slot())
            .map_or(0.0, |usual| usual / 60.0 * LEAST_SHARE);
        let mut last = 0.0;
        for span in SPANS {
            let length = span as f32 + into_minute;
            if length < 0.15 {
                continue;
            }
            let (count, length) = self.last(span, length);
            last = count;
            let doubt = if span == 15 { 0.0 } else { count.sqrt() };
            best = best.max((count - doubt) / length);
            if count > MANY {
                break;
            }
        }
        if last < FEW {
            let (count, length) = self.last(60, 60.0 + into_minute);
            best = best.max(count / length);
        }
        best
    }

    /// Conversations in the present minute and so many before it, and in what time.
    fn last(&self, span: usize, length: f32) -> (f32, f32) {
        let first = (self.minute - span as i64).max(self.began);
        let missing = (first - (self.minute - span as i64)) as f32;
        let before = get(&self.before, first).unwrap_or_default();
        ((self.so_far - before) as f32, (length - missing).max(0.15))
    }

    /// Calls with slot and estimated conversations of each stretch from a minute up to the present
    /// one, without it, oldest first, together with the hour that it lies in. False where the
    /// minute is longer ago than is remembered.
    pub(super) fn stretches(&self, from: Minute, mut each: impl FnMut(Hour, usize, f32)) -> bool {
        let mut at = from;
        let present = self.hour();
        while at < self.minute {
            let hour = at.div_euclid(60);
            if present - hour >= N_HOURS as i64 {
                return false;
            }
            let near = self.minute - at < N_MINUTES as i64;
            let slot = if hour == present {
                self.slot()
            } else {
                get(&self.hours, hour).map_or(0, |(_, slot)| usize::from(slot))
            };
            let end = ((hour + 1) * 60).min(self.minute);
            let amount = if near {
                (at..end)
                    .map(|minute| get(&self.minutes, minute).unwrap_or_default())
                    .sum()
            } else {
                let whole = get(&self.hours, hour).map_or(0.0, |(whole, _)| whole);
                whole * (end - at) as f32 / 60.0
            };
            each(hour, slot, amount);
            at = end;
        }
        true
    }
}

fn place(n: usize, at: i64) -> usize {
    usize::try_from(at.rem_euclid(n.max(1) as i64)).unwrap_or(0)
}

fn get<T: Copy>(ring: &[T], at: i64) -> Option<T> {
    ring.get(place(ring.len(), at)).copied()
}

fn set<T>(ring: &mut [T], at: i64, value: T) {
    let place = place(ring.len(), at);
    if let Some(here) = ring.get_mut(place) {
        *here = value;
    }
}

fn narrow(slot: usize) -> u8 {
    u8::try_from(slot).unwrap_or(0)
}
