//! A shop's year, minute by minute: conversations, complaints, and surges where they are wanted.

use lt_engine::surge::{Calendar, Dimension, Key};
use lt_model::{
    Millis,
    hours::{BusinessHours, Day, DayKind, Period},
    id::HoursId,
};
use uuid::Uuid;

use super::super::Dice;

pub(super) const MINUTE_MS: Millis = 60_000;
pub(super) const DAY_MINUTES: i64 = 1440;
const CHINA_MS: Millis = 8 * 3_600_000;
/// Conversations of a usual day that are no complaints, at the beginning of the year; they grow by
/// half until its end.
const A_DAY: f64 = 40_000.0;
/// Complaints a day of the busier products, and how many products there are of each.
const BUSY: [(f64, usize); 10] = [
    (5000.0, 1),
    (3000.0, 1),
    (2000.0, 1),
    (1000.0, 2),
    (500.0, 2),
    (300.0, 2),
    (150.0, 2),
    (75.0, 3),
    (40.0, 5),
    (20.0, 10),
];
const QUIET: [(f64, usize); 2] = [(5.0, 20), (1.0, 200)];
/// One of so many of the products is new in the course of the year.
const NEW_OF: usize = 9;
const CATEGORIES: [(&str, f64); 6] = [
    ("投诉/质量", 0.34),
    ("投诉/物流", 0.27),
    ("投诉/售后", 0.17),
    ("投诉/服务", 0.11),
    ("投诉/价格", 0.08),
    ("投诉/隐私", 0.03),
];
const N_REGIONS: usize = 31;
/// Share of a day's conversations by hour, per thousand.
const HOURS: [f64; 24] = [
    16.0, 9.0, 5.0, 3.0, 3.0, 5.0, 10.0, 21.0, 38.0, 57.0, 66.0, 62.0, 51.0, 53.0, 60.0, 61.0,
    58.0, 51.0, 50.0, 62.0, 79.0, 83.0, 63.0, 34.0,
];
/// Complaints a conversation by hour, relative.
const COMPLAINING: [f64; 24] = [
    1.2, 1.2, 1.1, 1.0, 1.0, 0.9, 0.8, 0.8, 0.8, 0.9, 0.9, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.1, 1.1,
    1.2, 1.3, 1.3, 1.3, 1.3,
];
/// First and last day of each sale, with the hour at which it begins on the eve.
const SALES: [(i64, i64, i64, i64); 4] = [
    (3, 8, 3, 8),
    (6, 16, 6, 18),
    (11, 9, 11, 11),
    (12, 12, 12, 12),
];
const SALE_TIMES: f64 = 10.0;
/// Complaints a conversation on the five days after a sale, when the parcels come.
const AFTER_SALE: f64 = 1.3;

pub(super) struct Product {
    pub(super) name: String,
    /// Complaints on a usual day.
    a_day: f64,
    /// The day of the year from which on it is sold.
    from_day: i64,
    noise_day: f64,
    noise_hour: f64,
}

/// Five times the usual of one series.
#[derive(Clone, Debug)]
pub(super) struct Injected {
    pub(super) key: Key,
    pub(super) from: Millis,
    pub(super) to: Millis,
    /// Times the usual.
    pub(super) times: f64,
    /// Usual complaints in the five minutes before it.
    pub(super) usual: f64,
}

/// A complaint as the world makes it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Made {
    pub(super) at: Millis,
    pub(super) product: usize,
    pub(super) category: usize,
    pub(super) region: usize,
}

pub(super) struct World {
    dice: Dice,
    /// Conversations of a usual day that are no complaints.
    a_day: f64,
    pub(super) products: Vec<Product>,
    /// Names of regions and their shares, which fall from one to the next.
    pub(super) regions: Vec<(String, f64)>,
    hours: BusinessHours,
    minute: i64,
    /// What the present minute has of usual days, and of usual complaints.
    volume: f64,
    complaining: f64,
    noise: f64,
    pub(super) injected: Option<Injected>,
}

pub(super) fn midnight() -> Millis {
    Day::of(2026, 1, 1).map_or(0, |day| day.0 * DAY_MINUTES * MINUTE_MS) - CHINA_MS
}

impl World {
    /// A shop of this share of the usual size.
    pub(super) fn new(seed: u64, size: f64) -> Self {
        let mut dice = Dice::new(seed, 61);
        let mut products = Vec::new();
        for (a_day, n) in BUSY.into_iter().chain(QUIET) {
            for _ in 0..n {
                let place = products.len();
                let is_new = place % NEW_OF == NEW_OF - 1;
                products.push(Product {
                    name: format!("商品{place:03}"),
                    a_day: a_day * size,
                    from_day: if is_new {
                        20 + dice.below(320) as i64
                    } else {
                        0
                    },
                    noise_day: 1.0,
                    noise_hour: 1.0,
                });
            }
        }
        let weights: Vec<f64> = (0..N_REGIONS).map(|n| 1.0 / (n as f64 + 3.0)).collect();
        let all: f64 = weights.iter().sum();
        let regions = (0..)
            .zip(weights)
            .map(|(n, weight): (u32, f64)| (format!("地区{n:02}"), weight / all));
        let regions = regions.collect();
        let periods = [Period::of((9, 0), (21, 0))];
        Self {
            dice,
            a_day: A_DAY * size,
            products,
            regions,
            hours: BusinessHours::china(HoursId(Uuid::nil()), "", &periods, &[2026]),
            minute: -1,
            volume: 0.0,
            complaining: 1.0,
            noise: 1.0,
            injected: None,
        }
    }

    pub(super) fn calendar(&self) -> Calendar {
        Calendar::from(&self.hours)
    }

    pub(super) fn category(&self, n: usize) -> &'static str {
        CATEGORIES.get(n).map_or("", |(name, _)| name)
    }

    /// Goes on by a minute; gives its beginning.
    pub(super) fn next_minute(&mut self) -> Millis {
        self.minute += 1;
        let at = midnight() + self.minute * MINUTE_MS;
        let day_of_year = self.minute / DAY_MINUTES;
        let hour = usize::try_from(self.minute / 60 % 24).unwrap_or(0);
        if self.minute % DAY_MINUTES == 0 {
            for n in 0..self.products.len() {
                let noise = self.log_normal(0.10);
                self.products[n].noise_day = noise;
            }
        }
        if self.minute % 60 == 0 {
            self.noise = self.log_normal(0.08);
            for n in 0..self.products.len() {
                let noise = self.log_normal(0.12);
                self.products[n].noise_hour = noise;
            }
        }
        let day = self.hours.day_of(at);
        let of_day = match self.hours.kind_of(day) {
            DayKind::Holiday(_) => 0.6,
            DayKind::MakeUp(_) | DayKind::Workday => 1.0,
            DayKind::DayOff => 1.15,
        };
        let on_sale = |day: Day| {
            SALES.iter().any(|(month, first, last_month, last)| {
                let first = Day::of(2026, *month, *first);
                let last = Day::of(2026, *last_month, *last);
                first.is_some_and(|first| first <= day) && last.is_some_and(|last| day <= last)
            })
        };
        // It begins at eight in the evening before.
        let is_sale = on_sale(day) || hour >= 20 && on_sale(Day(day.0 + 1));
        let is_after = !is_sale && (1..=5).any(|ago| on_sale(Day(day.0 - ago)));
        let growth = 1.0 + 0.5 * day_of_year as f64 / 365.0;
        let share = between(&HOURS, self.minute) / 1000.0 / 60.0;
        self.volume = growth * of_day * share * if is_sale { SALE_TIMES } else { 1.0 };
        self.complaining =
            between(&COMPLAINING, self.minute) * if is_after { AFTER_SALE } else { 1.0 };
        at
    }

    /// Expected complaints in the present minute of a series, without noise.
    pub(super) fn usual(&self, key: &Key) -> f64 {
        let share = match key.dimension {
            Dimension::Category => CATEGORIES
                .iter()
                .find(|(name, _)| *name == key.value)
                .map_or(0.0, |(_, share)| *share),
            Dimension::Region => self
                .regions
                .iter()
                .find(|(name, _)| *name == key.value)
                .map_or(0.0, |(_, share)| *share),
            Dimension::Product | Dimension::All => 1.0,
        };
        let day = self.minute / DAY_MINUTES;
        let a_day: f64 = self
            .products
            .iter()
            .filter(|product| {
                product.from_day <= day
                    && (key.dimension != Dimension::Product || product.name == key.value)
            })
            .map(|product| product.a_day)
            .sum();
        a_day * share * self.volume * self.complaining
    }

    /// Conversations of a twelfth of the present minute.
    pub(super) fn conversations(&mut self) -> u32 {
        let mean = self.a_day * self.volume / 12.0;
        self.poisson(mean)
    }

    /// Complaints of the present minute, in their order.
    pub(super) fn complaints(&mut self, at: Millis, made: &mut Vec<Made>) {
        made.clear();
        let day = self.minute / DAY_MINUTES;
        let level = self.volume * self.complaining * self.noise;
        let mut quiet = 0.0;
        for n in 0..self.products.len() {
            let product = &self.products[n];
            if product.from_day > day {
                continue;
            }
            if product.a_day < 20.0 {
                quiet += product.a_day;
                continue;
            }
            let mean = product.a_day * product.noise_day * product.noise_hour * level;
            for _ in 0..self.poisson(mean) {
                made.push(self.complaint(at, Some(n)));
            }
        }
        for _ in 0..self.poisson(quiet * level) {
            let mut left = self.unit() * quiet;
            let n = self.products.iter().position(|product| {
                if product.a_day < 20.0 && product.from_day <= day {
                    left -= product.a_day;
                }
                left < 0.0
            });
            made.push(self.complaint(at, n));
        }
        if let Some(injected) = self.injected.clone()
            && injected.from < at + MINUTE_MS
            && at < injected.to
        {
            let more = self.usual(&injected.key) * (injected.times - 1.0);
            for _ in 0..self.poisson(more) {
                let product = self
                    .products
                    .iter()
                    .position(|product| product.name == injected.key.value);
                let mut one = self.complaint(at, product);
                match injected.key.dimension {
                    Dimension::Category => {
                        let same = |(name, _): &(&str, f64)| *name == injected.key.value;
                        one.category = CATEGORIES.iter().position(same).unwrap_or(0);
                    }
                    Dimension::Region => {
                        let same = |(name, _): &(String, f64)| *name == injected.key.value;
                        one.region = self.regions.iter().position(same).unwrap_or(0);
                    }
                    Dimension::Product | Dimension::All => {}
                }
                if injected.from <= one.at && one.at < injected.to {
                    made.push(one);
                }
            }
        }
        made.sort_by_key(|one| one.at);
    }

    fn complaint(&mut self, at: Millis, product: Option<usize>) -> Made {
        let day = self.minute / DAY_MINUTES;
        let product = product.unwrap_or_else(|| {
            // Of those that are sold, by how busy they are.
            let sold = |product: &Product| product.from_day <= day;
            let all: f64 = self
                .products
                .iter()
                .filter(|p| sold(p))
                .map(|p| p.a_day)
                .sum();
            let mut left = self.unit() * all;
            let found = self.products.iter().position(|product| {
                if product.from_day <= day {
                    left -= product.a_day;
                }
                left < 0.0
            });
            found.unwrap_or(0)
        });
        let mut left = self.unit();
        let category = CATEGORIES.iter().position(|(_, share)| {
            left -= share;
            left < 0.0
        });
        let mut left = self.unit();
        let region = self.regions.iter().position(|(_, share)| {
            left -= share;
            left < 0.0
        });
        Made {
            at: at + self.dice.below(60_000) as Millis,
            product,
            category: category.unwrap_or(0),
            region: region.unwrap_or(0),
        }
    }

    /// 0 to 1.
    pub(super) fn unit(&mut self) -> f64 {
        self.dice.below(1 << 52) as f64 / (1_u64 << 52) as f64
    }

    pub(super) fn below(&mut self, bound: u64) -> u64 {
        self.dice.below(bound)
    }

    /// Mean 1.
    fn log_normal(&mut self, sigma: f64) -> f64 {
        let (radius, angle) = (self.unit().max(1e-12), self.unit());
        let normal = (-2.0 * radius.ln()).sqrt() * (std::f64::consts::TAU * angle).cos();
        (sigma * normal - sigma * sigma / 2.0).exp()
    }

    fn poisson(&mut self, mean: f64) -> u32 {
        if mean > 30.0 {
            let half = self.poisson(mean / 2.0);
            return half + self.poisson(mean / 2.0);
        }
        let limit = (-mean).exp();
        let mut product = self.unit();
        let mut n = 0;
        while product > limit {
            n += 1;
            product *= self.unit();
        }
        n
    }
}

/// A curve over the day, whose figures are of the middles of the hours.
fn between(hours: &[f64; 24], minute: i64) -> f64 {
    let since = (minute - 30).rem_euclid(DAY_MINUTES);
    let at = |hour: i64| {
        let place = usize::try_from(hour.rem_euclid(24)).unwrap_or(0);
        hours.get(place).copied().unwrap_or_default()
    };
    let part = (since % 60) as f64 / 60.0;
    at(since / 60) * (1.0 - part) + at(since / 60 + 1) * part
}
