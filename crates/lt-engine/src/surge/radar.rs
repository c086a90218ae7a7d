//! All series, and what they have to do with each other.

use std::collections::{BTreeSet, HashMap, VecDeque};

use serde::{Deserialize, Serialize};

use lt_model::Millis;

use super::{
    Calendar, Complaint, Dimension, Key, Settings, Signal, Surge,
    calendar::{Hour, N_SLOTS},
    saved,
    series::{Found, Series},
    volume::{DAILY_DECAY, Volume},
};

/// Nothing is told before so many minutes and conversations.
const WARM_UP: (i64, f64) = (1440, 200.0);
/// Complaints a conversation before anything is known.
const AVERAGE: f64 = 0.05;
/// Complaints that count for the shape of the week of all, before its own.
const SHRINK_ALL: f64 = 30.0;
/// Complaints whose series are remembered.
const N_RECENT: usize = 512;
/// A surge is a part of another one if that explains this share of what is too much.
const EXPLAINED: f64 = 0.5;
/// Fewest complaints a week that are reckoned with.
const LEAST_TESTS: f64 = 100.0;
/// Most characters of a series' value.
const MAX_CHARS: usize = 64;
/// The rest of the state, beside the series.
const TRUNK: &str = "trunk";

/// A stored row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// `product`, `category`, `region`, `all`, or `trunk` for what is of no series.
    pub kind: &'static str,
    /// Value of the series.
    pub value: String,
    /// The state; none where the series is gone.
    pub bytes: Option<Vec<u8>>,
}

/// What is of no single series.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Trunk {
    last: Millis,
    volume: Volume,
    /// Complaints in all their series, fading.
    tests: f64,
    tests_day: i64,
    /// When complaints were, and the marks of their series.
    recent: VecDeque<(Millis, [u32; 4])>,
}

struct Entry {
    key: Key,
    mark: u32,
    series: Series,
}

/// Listens to conversations and complaints, and tells surges. See the module.
pub struct Radar {
    settings: Settings,
    calendar: Calendar,
    trunk: Trunk,
    entries: Vec<Entry>,
    places: [HashMap<String, usize>; 4],
    /// Shape of the week of all complaints, and the hour that it was made in.
    of_all: Box<[f64; N_SLOTS]>,
    of_all_hour: Hour,
    /// Places of the series with a surge.
    open: BTreeSet<usize>,
    /// Places of what changed since it was stored.
    changed: BTreeSet<usize>,
    gone: Vec<Key>,
}

impl Radar {
    /// Nothing is known yet. `now` is when it begins to listen.
    #[must_use]
    pub fn new(settings: Settings, calendar: Calendar, now: Millis) -> Self {
        let volume = Volume::new(now, &calendar);
        let trunk = Trunk {
            last: now,
            tests: 0.0,
            tests_day: volume.day,
            volume,
            recent: VecDeque::new(),
        };
        Self::with(settings, calendar, trunk)
    }

    fn with(settings: Settings, calendar: Calendar, trunk: Trunk) -> Self {
        Self {
            settings,
            calendar,
            trunk,
            entries: Vec::new(),
            places: Default::default(),
            of_all: Box::new([1.0; N_SLOTS]),
            of_all_hour: Hour::MIN,
            open: BTreeSet::new(),
            changed: BTreeSet::new(),
            gone: Vec::new(),
        }
    }

    /// From stored rows `(kind, value, bytes)`. None without a readable trunk; a series that cannot
    /// be read begins anew.
    #[must_use]
    pub fn restore<'a>(
        settings: Settings,
        calendar: Calendar,
        rows: impl IntoIterator<Item = (&'a str, &'a str, &'a [u8])>,
    ) -> Option<Self> {
        let mut trunk = None;
        let mut entries = Vec::new();
        for (kind, value, bytes) in rows {
            if kind == TRUNK {
                trunk = saved::state(bytes);
            } else if let Some(dimension) = Dimension::from_code(kind)
                && let Some(series) = saved::state(bytes)
            {
                let value = value.to_owned();
                entries.push((Key { dimension, value }, series));
            }
        }
        let mut radar = Self::with(settings, calendar, trunk?);
        for (key, series) in entries {
            let place = radar.entries.len();
            if Series::is_open(&series) {
                radar.open.insert(place);
            }
            radar.place(key.dimension).insert(key.value.clone(), place);
            let mark = mark(&key);
            radar.entries.push(Entry { key, mark, series });
        }
        radar.learn_shape();
        Some(radar)
    }

    /// The rows that changed since the last call.
    pub fn changed(&mut self) -> Vec<Row> {
        let mut rows: Vec<Row> = Vec::new();
        for Key { dimension, value } in std::mem::take(&mut self.gone) {
            rows.push(Row {
                kind: dimension.code(),
                value,
                bytes: None,
            });
        }
        for place in std::mem::take(&mut self.changed) {
            if let Some(entry) = self.entries.get(place) {
                rows.push(Row {
                    kind: entry.key.dimension.code(),
                    value: entry.key.value.clone(),
                    bytes: saved::bytes(&entry.series),
                });
            }
        }
        rows.push(Row {
            kind: TRUNK,
            value: String::new(),
            bytes: saved::bytes(&self.trunk),
        });
        rows
    }

    /// Another calendar is valid from now on.
    pub fn set_calendar(&mut self, calendar: Calendar) {
        self.calendar = calendar;
    }

    /// How many series there are.
    #[must_use]
    pub fn n_series(&self) -> usize {
        self.entries.len()
    }

    /// Bytes of memory, about.
    #[must_use]
    pub fn n_bytes(&self) -> usize {
        let entries = self.entries.capacity() * size_of::<Entry>();
        let owned = self.entries.iter().map(|entry| {
            // The name stands in the entry and in its index.
            let name = 2 * entry.key.value.capacity() + size_of::<(String, usize)>() * 8 / 7 + 1;
            name + entry.series.n_owned_bytes()
        });
        let recent = self.trunk.recent.capacity() * size_of::<(Millis, [u32; 4])>();
        entries + owned.sum::<usize>() + recent + self.trunk.volume.n_owned_bytes()
    }

    /// The surges that go on.
    pub fn open(&self) -> impl Iterator<Item = Surge> + '_ {
        self.open
            .iter()
            .filter_map(|place| surge(self.entries.get(*place)?))
    }

    /// What is usual for a series now, complaints in so many minutes; none for an unknown series.
    #[must_use]
    pub fn usual(&self, key: &Key, minutes: f64) -> Option<f64> {
        let place = self.places.get(key.dimension as usize)?.get(&key.value)?;
        let series = &self.entries.get(*place)?.series;
        Some(series.ratio() * f64::from(self.trunk.volume.rate(1.0)) * minutes)
    }

    /// So many conversations began that are no complaints.
    pub fn conversations(&mut self, at: Millis, n: u32) {
        self.reach(at);
        self.trunk.volume.add(n);
    }

    /// Time went by. Call it once a minute or so: surges end by it.
    pub fn tick(&mut self, at: Millis, signals: &mut Vec<Signal>) {
        let (rate, part) = self.reach(at);
        let at = self.trunk.last;
        for place in self.open.clone() {
            if let Some(entry) = self.entries.get_mut(place) {
                let of_all = shape_for(&self.of_all, entry.key.dimension);
                entry.series.advance(&self.trunk.volume, of_all);
                follow(&mut entry.series, at, (rate, part), 0);
                self.changed.insert(place);
            }
        }
        self.end_what_is_over(at, signals);
    }

    /// A conversation turned out to be a complaint.
    pub fn complaint(&mut self, complaint: &Complaint<'_>, signals: &mut Vec<Signal>) {
        let (rate, part) = self.reach(complaint.at);
        let in_minute = rate * part;
        let at = self.trunk.last;
        let values = [
            complaint.product,
            complaint.category,
            complaint.region,
            Some(""),
        ];
        let mut marks = [0; 4];
        let mut found: Vec<(usize, Found)> = Vec::new();
        for ((dimension, value), marked) in Dimension::EVERY.into_iter().zip(values).zip(&mut marks)
        {
            let Some(value) =
                value.filter(|value| dimension == Dimension::All || !value.is_empty())
            else {
                continue;
            };
            let place = self.find(dimension, value);
            let Some(entry) = self.entries.get_mut(place) else {
                continue;
            };
            *marked = entry.mark;
            let of_all = shape_for(&self.of_all, dimension);
            entry.series.advance(&self.trunk.volume, of_all);
            entry.series.add(at, in_minute);
            self.changed.insert(place);
            self.trunk.tests += 1.0;
            if entry.series.open.is_some() {
                follow(&mut entry.series, at, (rate, part), 1);
            } else if let Some(look) = entry.series.look(rate) {
                found.push((place, look));
            }
        }
        self.trunk.recent.push_back((at, marks));
        if self.trunk.recent.len() > N_RECENT {
            self.trunk.recent.pop_front();
        }
        let bound = self.bound();
        found.retain(|(_, look)| look.ln_p < bound);
        if !found.is_empty() && self.is_warm() {
            found.sort_by(|a, b| a.1.ln_p.total_cmp(&b.1.ln_p));
            for (place, look) in found {
                self.begin(place, &look, at, signals);
            }
        }
    }

    /// Goes on to this moment. Gives the conversations a minute that are going on, estimated, and
    /// how far the present minute has come.
    fn reach(&mut self, at: Millis) -> (f64, f64) {
        self.trunk.last = self.trunk.last.max(at);
        let volume = &mut self.trunk.volume;
        let part = volume.advance(self.trunk.last, &self.calendar);
        let now = (f64::from(volume.rate(part)), f64::from(part));
        let (hour, day) = (volume.hour(), volume.day);
        if day > self.trunk.tests_day {
            let days = i32::try_from(day - self.trunk.tests_day).unwrap_or(i32::MAX);
            self.trunk.tests *= DAILY_DECAY.powi(days);
            self.trunk.tests_day = day;
        }
        if hour != self.of_all_hour {
            self.learn_shape();
        }
        now
    }

    fn is_warm(&self) -> bool {
        let (minutes, conversations) = WARM_UP;
        let volume = &self.trunk.volume;
        volume.age() >= minutes && volume.total >= conversations
    }

    /// ln of the probability below which a window is a surge.
    fn bound(&self) -> f64 {
        let days = (self.trunk.volume.age() as f64 / 1440.0).max(0.5);
        let weighed = (1.0 - DAILY_DECAY.powf(days)) / (1.0 - DAILY_DECAY);
        let a_week = (self.trunk.tests / weighed * 7.0).max(LEAST_TESTS);
        (self.settings.chance_a_week / a_week).ln()
    }

    fn learn_shape(&mut self) {
        let volume = &self.trunk.volume;
        self.of_all_hour = volume.hour();
        let place = self.places.get(Dimension::All as usize);
        let Some(all) = place
            .and_then(|places| places.get(""))
            .and_then(|place| self.entries.get(*place))
        else {
            return;
        };
        for (slot, shape) in self.of_all.iter_mut().enumerate() {
            *shape = all.series.shape(slot, volume, 1.0, SHRINK_ALL);
        }
    }

    fn place(&mut self, dimension: Dimension) -> &mut HashMap<String, usize> {
        let [product, category, region, all] = &mut self.places;
        match dimension {
            Dimension::Product => product,
            Dimension::Category => category,
            Dimension::Region => region,
            Dimension::All => all,
        }
    }

    fn find(&mut self, dimension: Dimension, value: &str) -> usize {
        let value = match value.char_indices().nth(MAX_CHARS) {
            Some((end, _)) => value.get(..end).unwrap_or(value),
            None => value,
        };
        if let Some(place) = self.place(dimension).get(value) {
            return *place;
        }
        let key = Key {
            dimension,
            value: value.to_owned(),
        };
        let average = self.average(dimension);
        let of_all = shape_for(&self.of_all, dimension);
        let series = Series::new(&self.trunk.volume, average, of_all);
        let mark = mark(&key);
        let entry = Entry { key, mark, series };
        let place = match self.room() {
            Some(place) => place,
            None => self.entries.len(),
        };
        self.place(dimension).insert(value.to_owned(), place);
        match self.entries.get_mut(place) {
            Some(old) => *old = entry,
            None => self.entries.push(entry),
        }
        place
    }

    /// Makes room if there is none: the place of the series that was silent longest.
    fn room(&mut self) -> Option<usize> {
        if self.entries.len() < self.settings.max_series.max(16) {
            return None;
        }
        let oldest = self
            .entries
            .iter()
            .enumerate()
            .filter(|(_, entry)| {
                entry.series.open.is_none() && entry.key.dimension != Dimension::All
            })
            .min_by_key(|(_, entry)| entry.series.minute())
            .map(|(place, entry)| (place, entry.key.clone()));
        let (place, key) = oldest?;
        self.place(key.dimension).remove(&key.value);
        self.gone.push(key);
        Some(place)
    }

    /// Complaints a conversation of the average series of a kind.
    fn average(&self, dimension: Dimension) -> f64 {
        let all = self
            .places
            .get(Dimension::All as usize)
            .and_then(|places| self.entries.get(*places.get("")?))
            .map_or(AVERAGE, |all| all.series.level(&self.trunk.volume));
        let n = self
            .places
            .get(dimension as usize)
            .map_or(1, |places| places.len().max(1));
        all / n as f64
    }

    fn begin(&mut self, place: usize, look: &Found, at: Millis, signals: &mut Vec<Signal>) {
        let of = self.part_of(place, look);
        let of_mark = of.and_then(|of| Some(self.entries.get(of)?.mark));
        let of_key = of.and_then(|of| Some(self.entries.get(of)?.key.clone()));
        let Some(entry) = self.entries.get_mut(place) else {
            return;
        };
        entry.series.begin(look, at, of_mark);
        self.open.insert(place);
        let Some(surge) = surge(entry) else {
            return;
        };
        signals.push(match of_key {
            Some(of) => Signal::Joined { surge, of },
            None => Signal::Began(surge),
        });
    }

    /// The told surge that explains what this series has too much.
    fn part_of(&self, place: usize, look: &Found) -> Option<usize> {
        let mine = self.entries.get(place)?.mark;
        let window = || {
            let recent = self.trunk.recent.iter().rev();
            recent
                .take_while(|(at, _)| *at >= look.since)
                .filter(|(_, marks)| marks.contains(&mine))
        };
        let all = window().count() as f64;
        let too_much = (1.0 - look.expected / f64::from(look.observed)).max(0.1) * all;
        let explains = |place: &usize| {
            let mark = self.entries.get(*place)?.mark;
            let shared = window().filter(|(_, marks)| marks.contains(&mark)).count();
            (shared as f64 >= EXPLAINED * too_much).then_some(*place)
        };
        let found = self.open.iter().find_map(explains)?;
        let open = self.entries.get(found)?.series.open.as_ref()?;
        match open.part_of {
            None => Some(found),
            Some(mark) => self.open.iter().copied().find(|place| {
                let entry = self.entries.get(*place);
                entry.is_some_and(|entry| entry.mark == mark)
            }),
        }
    }

    /// A told surge ends when it and all that joined it are over.
    fn end_what_is_over(&mut self, at: Millis, signals: &mut Vec<Signal>) {
        let heads: Vec<(usize, u32)> = self
            .open
            .iter()
            .filter_map(|place| {
                let entry = self.entries.get(*place)?;
                let open = entry.series.open.as_ref()?;
                open.part_of.is_none().then_some((*place, entry.mark))
            })
            .collect();
        for (head, mark) in heads {
            let group: Vec<usize> = self
                .open
                .iter()
                .copied()
                .filter(|place| {
                    let open = self
                        .entries
                        .get(*place)
                        .and_then(|e| e.series.open.as_ref());
                    *place == head || open.is_some_and(|open| open.part_of == Some(mark))
                })
                .collect();
            let is_over = |place: &usize| {
                let open = self
                    .entries
                    .get(*place)
                    .and_then(|e| e.series.open.as_ref());
                open.is_none_or(|open| open.is_over(at))
            };
            if !group.iter().all(is_over) {
                continue;
            }
            if let Some(surge) = self.entries.get(head).and_then(surge) {
                signals.push(Signal::Ended(surge));
            }
            for place in group {
                if let Some(entry) = self.entries.get_mut(place) {
                    entry.series.end();
                }
                self.open.remove(&place);
                self.changed.insert(place);
            }
        }
    }
}

fn follow(series: &mut Series, at: Millis, (rate, part): (f64, f64), n_complaints: u32) {
    let expected = series.expected(rate * part);
    let rate = series.ratio() * rate;
    if let Some(open) = &mut series.open {
        open.follow(at, expected, n_complaints, rate);
    }
}

fn surge(entry: &Entry) -> Option<Surge> {
    let open = entry.series.open.as_ref()?;
    Some(Surge {
        series: entry.key.clone(),
        since: open.since,
        observed: open.observed,
        expected: open.expected,
    })
}

/// The shape that a series of this kind begins with.
fn shape_for(of_all: &[f64; N_SLOTS], dimension: Dimension) -> &[f64; N_SLOTS] {
    const FLAT: [f64; N_SLOTS] = [1.0; N_SLOTS];
    match dimension {
        Dimension::All => &FLAT,
        Dimension::Product | Dimension::Category | Dimension::Region => of_all,
    }
}

/// A short name of a series (FNV-1a); never 0.
fn mark(key: &Key) -> u32 {
    let bytes = key
        .dimension
        .code()
        .bytes()
        .chain([0])
        .chain(key.value.bytes());
    let hash = bytes.fold(0x811c_9dc5_u32, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    });
    hash.max(1)
}
