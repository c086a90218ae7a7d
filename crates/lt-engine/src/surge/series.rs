//! One series of complaints: what is usual for it, and what just came.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use lt_model::Millis;

use super::{
    calendar::{Hour, N_SLOTS},
    open::Open,
    tail::ln_tail,
    volume::{DAILY_DECAY, Minute, N_HOURS, Volume},
};

/// Complaints that are remembered; of a series so busy that they are all of the last
/// [`DENSE_MS`], every other one.
const N_KEPT: usize = 64;
const DENSE_MS: Millis = 240_000;
/// Longest window, ms.
const LONGEST_MS: Millis = 7 * 86_400_000;
/// Where windows begin, in remembered complaints before the last one.
const BACK: [usize; 18] = [
    3, 4, 5, 6, 7, 8, 10, 12, 14, 17, 20, 24, 28, 33, 39, 46, 54, 63,
];
/// Within this time before now, conversations are spread evenly, ms; their count by minutes is too
/// coarse there.
const EVEN_MS: Millis = 120_000;
/// What belongs together comes within this time, ms.
const TOGETHER_MS: Millis = 20_000;
/// Below so many times the usual, nothing is a surge.
const LEAST_RATIO: f64 = 3.0;
/// A slot of the week counts like the whole week until so many complaints were seen in it.
const SHRINK: f64 = 20.0;
/// Dispersion of a busy series until its own is known, and how many hours that takes.
const DISPERSION: f64 = 0.05;
const DISPERSION_HOURS: f64 = 48.0;
const DISPERSION_RANGE: (f64, f64) = (0.01, 0.25);
/// An hour with fewer expected complaints says nothing about the dispersion.
const TELLING: f64 = 3.0;
/// A new series is believed to be like the average with the weight of so many complaints.
const PRIOR: f64 = 1.0;
/// How the last days differ from the usual is believed with the weight of so many complaints, at
/// most this much, and half forgotten in half a day (by the hour).
const RECENT_PRIOR: f64 = 20.0;
const RECENT_MOST: f64 = 1.6;
const RECENT_DECAY: f64 = 0.944;
/// Of an hour, no more is learned than its mean and so many standard deviations.
const CLIP: f64 = 3.0;

/// What a look at the last complaints found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Found {
    /// ln of the probability of as many complaints by chance.
    pub(super) ln_p: f64,
    /// The first complaint of the window.
    pub(super) since: Millis,
    /// Complaints in it.
    pub(super) observed: u32,
    /// How many are usual in it.
    pub(super) expected: f64,
}

/// One complaint.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
struct Kept {
    at: Millis,
    /// How many were expected until then.
    expected: f64,
    /// How many had come, with it.
    count: u32,
}

/// One series.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Series {
    /// Conversations that had been counted when it began, fading.
    born_total: f64,
    /// The day that the fading figures are of.
    day: i64,
    /// Complaints by slot, fading.
    #[serde(with = "super::saved::sparse")]
    by_slot: Box<[f32; N_SLOTS]>,
    /// Sum of them.
    total: f64,
    /// The average series of its kind at its beginning: complaints a conversation.
    average: f64,
    /// Squared noise of hours relative to what was expected, and of how many hours; fading.
    noise: (f64, f64),
    /// The minute up to which `expected` goes, without it.
    minute: Minute,
    slot: u8,
    /// Complaints a conversation in this hour.
    ratio: f64,
    /// Complaints of the last days, and how many were usual; fading by the hour.
    recent: (f64, f64),
    /// How many times the usual that makes, part of `ratio`.
    more: f64,
    /// Complaints expected since its beginning.
    expected: f64,
    /// The same at the beginning of this hour.
    expected_before: f64,
    /// Complaints of this hour.
    in_hour: u32,
    /// Whether there was a surge in this hour.
    is_stirred: bool,
    /// Complaints so far.
    count: u32,
    /// The last complaints.
    kept: VecDeque<Kept>,
    pub(super) open: Option<Open>,
}

impl Series {
    pub(super) fn new(volume: &Volume, average: f64, of_all: &[f64; N_SLOTS]) -> Self {
        let mut series = Self {
            born_total: volume.total,
            day: volume.day,
            by_slot: Box::new([0.0; N_SLOTS]),
            total: 0.0,
            average: average.max(1e-7),
            noise: (0.0, 0.0),
            minute: volume.minute,
            slot: 0,
            ratio: 0.0,
            recent: (0.0, 0.0),
            more: 1.0,
            expected: 0.0,
            expected_before: 0.0,
            in_hour: 0,
            is_stirred: false,
            count: 0,
            kept: VecDeque::new(),
            open: None,
        };
        series.enter_hour(volume.slot(), volume, of_all);
        series
    }

    /// Whether it has a surge.
    pub(super) fn is_open(&self) -> bool {
        self.open.is_some()
    }

    /// Bytes of memory beside itself.
    pub(super) fn n_owned_bytes(&self) -> usize {
        size_of_val(&*self.by_slot) + self.kept.capacity() * size_of::<Kept>()
    }

    /// When it was last looked at.
    pub(super) fn minute(&self) -> Minute {
        self.minute
    }

    /// Complaints a conversation that are usual in this hour.
    pub(super) fn ratio(&self) -> f64 {
        self.ratio
    }

    /// Conversations since it began, fading.
    fn conversations(&self, volume: &Volume) -> f64 {
        (volume.total - self.born_total).max(0.0)
    }

    fn level_of(&self, conversations: f64) -> f64 {
        (self.total + PRIOR) / (conversations + PRIOR / self.average)
    }

    /// Usual complaints a conversation, of all hours.
    pub(super) fn level(&self, volume: &Volume) -> f64 {
        self.level_of(self.conversations(volume))
    }

    /// Its complaints a conversation in a slot relative to its level: its own where there were
    /// enough, else `of_all`.
    pub(super) fn shape(&self, slot: usize, volume: &Volume, of_all: f64, shrink: f64) -> f64 {
        let own = self.by_slot.get(slot).copied().map_or(0.0, f64::from);
        let conversations = self.conversations(volume);
        let share = conversations / volume.total.max(1.0);
        let in_slot = volume.by_slot.get(slot).copied().map_or(0.0, f64::from) * share;
        (own + shrink * of_all) / (self.level_of(conversations) * in_slot + shrink)
    }

    /// Variance beyond chance, relative to the squared mean: noise from hour to hour, and how
    /// little is known about the level.
    fn dispersion(&self) -> f64 {
        let (sum, hours) = self.noise;
        let own = (sum + DISPERSION * DISPERSION_HOURS) / (hours + DISPERSION_HOURS);
        own.clamp(DISPERSION_RANGE.0, DISPERSION_RANGE.1) + 1.0 / (self.total + PRIOR)
    }

    /// Goes on to the present minute: adds what was to be expected, and learns from the hours that
    /// are over.
    pub(super) fn advance(&mut self, volume: &Volume, of_all: &[f64; N_SLOTS]) {
        if self.minute >= volume.minute {
            return;
        }
        self.fade(volume.day);
        let mut from = std::mem::replace(&mut self.minute, volume.minute);
        let mut present: Hour = from.div_euclid(60);
        if volume.hour() - present >= N_HOURS as i64 {
            self.kept.clear();
            from = volume.hour() * 60;
        }
        volume.stretches(from, |hour, slot, amount| {
            if hour != present {
                self.end_hour();
                self.enter_hour(slot, volume, of_all);
                present = hour;
            }
            self.expected += self.ratio * f64::from(amount);
        });
        if present != volume.hour() {
            self.end_hour();
            self.enter_hour(volume.slot(), volume, of_all);
        }
    }

    fn enter_hour(&mut self, slot: usize, volume: &Volume, of_all: &[f64; N_SLOTS]) {
        self.slot = u8::try_from(slot).unwrap_or(0);
        let of_all = of_all.get(slot).copied().unwrap_or(1.0);
        self.more = self.recently();
        self.ratio = self.more * self.level(volume) * self.shape(slot, volume, of_all, SHRINK);
    }

    /// The last days relative to the usual: after a sale, complaints come with the parcels. More
    /// only: what is less than usual soon may not be.
    fn recently(&self) -> f64 {
        let (came, usual) = self.recent;
        ((came + RECENT_PRIOR) / (usual + RECENT_PRIOR)).clamp(1.0, RECENT_MOST)
    }

    fn end_hour(&mut self) {
        let usual = self.expected - self.expected_before;
        let count = f64::from(self.in_hour);
        let dispersion = self.dispersion();
        let spread = (usual + dispersion * usual * usual).sqrt();
        // What a surge had too much is not learned as usual.
        let learned = if self.is_stirred {
            count.min(usual)
        } else {
            count.min(usual + CLIP * spread + 1.0)
        };
        self.recent = (
            self.recent.0 * RECENT_DECAY + learned,
            self.recent.1 * RECENT_DECAY + usual / self.more,
        );
        self.total += learned;
        if let Some(slot) = self.by_slot.get_mut(usize::from(self.slot)) {
            *slot += learned as f32;
        }
        if usual >= TELLING && !self.is_stirred {
            let squared = (count.min(usual + 5.0 * spread) - usual).powi(2);
            self.noise.0 += ((squared - usual) / (usual * usual)).clamp(-1.0, 2.0);
            self.noise.1 += 1.0;
        }
        self.expected_before = self.expected;
        self.in_hour = 0;
        self.is_stirred = self.open.is_some();
    }

    /// Once a day, what is old weighs less.
    fn fade(&mut self, day: i64) {
        let days = i32::try_from(day - self.day).unwrap_or(i32::MAX);
        if days <= 0 {
            return;
        }
        let decay = DAILY_DECAY.powi(days);
        self.day = day;
        self.born_total *= decay;
        self.scale(decay);
        self.noise = (self.noise.0 * decay, self.noise.1 * decay);
    }

    fn scale(&mut self, by: f64) {
        self.total *= by;
        let small = by as f32;
        self.by_slot.iter_mut().for_each(|figure| *figure *= small);
    }

    /// What is expected since its beginning, with so many conversations in the present minute.
    pub(super) fn expected(&self, in_minute: f64) -> f64 {
        self.expected + self.ratio * in_minute
    }

    /// A complaint came.
    pub(super) fn add(&mut self, at: Millis, in_minute: f64) {
        self.in_hour += 1;
        self.count = self.count.wrapping_add(1);
        self.kept.push_back(Kept {
            at,
            expected: self.expected(in_minute),
            count: self.count,
        });
        let Some(first) = self.kept.front().copied() else {
            return;
        };
        if self.kept.len() > N_KEPT && at - first.at < DENSE_MS {
            let mut place = 0;
            self.kept.retain(|_| {
                place += 1;
                place % 2 == 1 || place > N_KEPT
            });
        }
        while let Some(first) = self.kept.front() {
            if self.kept.len() <= N_KEPT && at - first.at <= LONGEST_MS {
                break;
            }
            self.kept.pop_front();
        }
    }

    /// The most unlikely window that ends with the last complaint; `rate` conversations a minute are
    /// going on.
    pub(super) fn look(&self, rate: f64) -> Option<Found> {
        let last = *self.kept.back()?;
        let a_ms = self.ratio * rate / 60_000.0;
        let dispersion = self.dispersion();
        let mut best: Option<Found> = None;
        for back in BACK {
            let first = self.kept.len().checked_sub(back + 1);
            let Some(first) = first.and_then(|place| self.kept.get(place)) else {
                break;
            };
            let after_first = last.count.wrapping_sub(first.count);
            let even = (last.at - first.at + TOGETHER_MS).min(EVEN_MS) as f64 * a_ms;
            let expected = (last.expected - first.expected).max(even);
            if f64::from(after_first) < LEAST_RATIO * expected {
                continue;
            }
            let ln_p = ln_tail(after_first, expected, dispersion);
            if best.is_none_or(|best| ln_p < best.ln_p) {
                best = Some(Found {
                    ln_p,
                    since: first.at,
                    observed: after_first + 1,
                    expected,
                });
            }
        }
        best
    }

    /// A surge begins.
    pub(super) fn begin(&mut self, found: &Found, at: Millis, part_of: Option<u32>) {
        let last = self.kept.back();
        let expected = last.map_or(self.expected, |last| last.expected);
        self.open = Some(Open::new(found, at, expected, part_of));
        self.is_stirred = true;
    }

    /// The surge is over: the next one is looked for from here on. One that lasted is the usual
    /// from now on.
    pub(super) fn end(&mut self) -> Option<Open> {
        let open = self.open.take()?;
        self.kept.clear();
        if open.is_usual {
            let ratio = f64::from(open.observed) / open.expected.max(0.1);
            self.scale(ratio.clamp(1.0, 20.0));
        }
        Some(open)
    }
}
