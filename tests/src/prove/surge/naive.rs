//! The twin: a ratio threshold. Five minutes with three times the mean of the same hour of the week
//! (of the weeks before), and at least five complaints.

use std::collections::{HashMap, VecDeque};

use lt_engine::surge::{Dimension, Key};
use lt_model::Millis;

use super::world::{MINUTE_MS, midnight};

const WINDOW_MS: Millis = 5 * MINUTE_MS;
const RATIO: f64 = 3.0;
const LEAST: usize = 5;
/// Weight of the last week.
const LAST: f64 = 0.25;

struct One {
    /// Complaints in an hour of each slot, and the week of it.
    usual: Vec<(f64, u32)>,
    hour: i64,
    in_hour: u32,
    last: VecDeque<Millis>,
    is_on: bool,
}

pub(super) struct Naive {
    all: HashMap<Key, One>,
    pub(super) n_alerts: u64,
}

impl Naive {
    pub(super) fn new() -> Self {
        Self {
            all: HashMap::new(),
            n_alerts: 0,
        }
    }

    /// A complaint. Whether an alert begins.
    pub(super) fn complaint(&mut self, dimension: Dimension, value: &str, at: Millis) -> bool {
        let key = Key {
            dimension,
            value: value.to_owned(),
        };
        let one = self.all.entry(key).or_insert_with(|| One {
            usual: vec![(0.0, 0); 168],
            hour: 0,
            in_hour: 0,
            last: VecDeque::new(),
            is_on: false,
        });
        let hour = (at - midnight()) / 3_600_000;
        while one.hour < hour {
            let place = usize::try_from(one.hour.rem_euclid(168)).unwrap_or(0);
            let (mean, weeks) = &mut one.usual[place];
            *weeks += 1;
            let weight = LAST.max(1.0 / f64::from(*weeks));
            *mean += (f64::from(one.in_hour) - *mean) * weight;
            one.in_hour = 0;
            one.hour += 1;
        }
        one.in_hour += 1;
        one.last.push_back(at);
        while one.last.front().is_some_and(|first| at - first > WINDOW_MS) {
            one.last.pop_front();
        }
        let (mean, weeks) = one.usual[usize::try_from(hour.rem_euclid(168)).unwrap_or(0)];
        let usual = mean / 12.0;
        let is_on = weeks >= 2 && one.last.len() >= LEAST && one.last.len() as f64 >= RATIO * usual;
        let begins = is_on && !one.is_on;
        one.is_on = is_on;
        self.n_alerts += u64::from(begins);
        begins
    }
}
