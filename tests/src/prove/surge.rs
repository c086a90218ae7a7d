//! A surge of complaints of five times the usual is told within five minutes, and chance tells at
//! most one a week, over all series.
//!
//! Each seed is a shop of some 250 products over the year 2026: hours and weekdays, holidays and
//! extra workdays (调休), sales with ten times of everything, the complaints after them, growth, new
//! products, noise of days and hours, and 200 products of one complaint a day. It is lived twice:
//! once as it is, where every alert is a false one, and once with surges put in, at all hours and on
//! series from one complaint a day to several a minute.
//!
//! What is promised depends on the complaints usual in five minutes at that hour: from
//! [`SURE_FROM`] on every surge is told, and 98 of 100 within five minutes. Of quieter series the
//! delays are printed: nobody can tell five complaints a day from one within five minutes. Bursts of
//! eight complaints within five minutes on quiet series are told apart too.
//! A shop of a twentieth of the size lives through the same year, for its false alarms.
//!
//! The control is a ratio threshold beside it, fed with the same complaints.

mod naive;
mod world;

use std::time::Instant;

use anyhow::Result;
use lt_engine::surge::{Calendar, Complaint, Dimension, Key, Radar, SURE_FROM, Settings, Signal};
use lt_model::Millis;

use self::{
    naive::Naive,
    world::{DAY_MINUTES, Injected, MINUTE_MS, Made, World, midnight},
};
use super::{Proved, Scale};

/// Names of the figures of a band.
type Names = [&'static str; 8];

macro_rules! names {
    ($name:literal) => {
        [
            concat!($name, "_surges"),
            concat!($name, "_told"),
            concat!($name, "_in_5_minutes"),
            concat!($name, "_p50_s"),
            concat!($name, "_p90_s"),
            concat!($name, "_max_s"),
            concat!($name, "_twin_told"),
            concat!($name, "_twin_in_5_minutes"),
        ]
    };
}

/// How long a surge lasts.
const LASTS_MS: Millis = 90 * MINUTE_MS;
/// What is promised.
const WITHIN_MS: Millis = 5 * MINUTE_MS;
/// From the beginning of one surge to the beginning of the next: five hours and some, so that all
/// hours of the day and days of the week come.
const EVERY_MINUTES: i64 = 317;
/// No surge is put into the first days.
const FIRST_DAY: i64 = 21;
/// A burst: so many complaints within five minutes more than usual.
const BURST: f64 = 8.0;
/// False alarms that are shown, where there are too many.
const SHOWN: usize = 20;
/// Share of the surges in the first band that may be told later.
const LATE: f64 = 0.02;
/// The other shop.
const SMALL: f64 = 0.05;
/// Bands of complaints usual in five minutes, from where on, with the names of their figures.
const BANDS: [(f64, Names); 5] = [
    (SURE_FROM, names!("usual_10")),
    (5.0, names!("usual_5")),
    (2.0, names!("usual_2")),
    (0.5, names!("usual_0.5")),
    (0.0, names!("usual_less")),
];
const BURSTS: Names = names!("bursts");

/// What came of one surge.
#[derive(Clone, Debug)]
struct Fate {
    injected: Injected,
    is_burst: bool,
    /// After which time it was told.
    told: Option<Millis>,
    /// The same by the twin.
    naive: Option<Millis>,
    /// Alerts about it.
    alerts: u32,
}

/// One year.
#[derive(Debug, Default)]
struct Year {
    fates: Vec<Fate>,
    /// Alerts where nothing was put in.
    false_alarms: Vec<(Key, Millis, u32, f64)>,
    ended: u64,
    began: u64,
    open_at_end: u64,
    naive_false: u64,
    complaints: u64,
    n_series: u64,
}

/// Lives through the year.
fn live(seed: u64, days: i64, size: f64, with_surges: bool) -> Year {
    let mut world = World::new(seed, size);
    let mut radar = Radar::new(Settings::default(), world.calendar(), midnight());
    let mut naive = Naive::new();
    let mut year = Year::default();
    let mut signals = Vec::new();
    let mut made: Vec<Made> = Vec::new();
    let mut next = FIRST_DAY * DAY_MINUTES;
    let mut current: Option<Fate> = None;
    for minute in 0..days * DAY_MINUTES {
        let at = world.next_minute();
        if with_surges && minute == next {
            next += EVERY_MINUTES;
            current = choose(&mut world, at);
            world.injected = current.as_ref().map(|fate| fate.injected.clone());
        }
        world.complaints(at, &mut made);
        let mut rest = made.iter().peekable();
        for part in 0..12 {
            let until = at + (part + 1) * MINUTE_MS / 12;
            let n = world.conversations();
            radar.conversations(until - MINUTE_MS / 24, n);
            while let Some(one) = rest.next_if(|one| one.at < until) {
                complain(
                    &world,
                    one,
                    &mut radar,
                    &mut naive,
                    &mut current,
                    &mut year,
                    &mut signals,
                );
                hear(&mut signals, one.at, &mut current, &mut year);
            }
        }
        radar.tick(at + MINUTE_MS, &mut signals);
        hear(&mut signals, at + MINUTE_MS, &mut current, &mut year);
        // What it left behind is looked at until the next one.
        if with_surges
            && minute + 1 == next
            && let Some(fate) = current.take()
        {
            year.fates.push(fate);
        }
    }
    year.open_at_end = radar.open().count() as u64;
    year.n_series = radar.n_series() as u64;
    year
}

fn complain(
    world: &World,
    one: &Made,
    radar: &mut Radar,
    naive: &mut Naive,
    current: &mut Option<Fate>,
    year: &mut Year,
    signals: &mut Vec<Signal>,
) {
    year.complaints += 1;
    let product = world.products[one.product].name.as_str();
    let category = world.category(one.category);
    let region = world.regions[one.region].0.as_str();
    let complaint = Complaint {
        at: one.at,
        product: Some(product),
        category: Some(category),
        region: Some(region),
    };
    radar.complaint(&complaint, signals);
    for (dimension, value) in Dimension::EVERY
        .into_iter()
        .zip([product, category, region, ""])
    {
        if !naive.complaint(dimension, value, one.at) {
            continue;
        }
        match current {
            Some(fate) if one.at < fate.injected.to => {
                let key = &fate.injected.key;
                if key.dimension == dimension && key.value == value {
                    fate.naive.get_or_insert(one.at - fate.injected.from);
                }
            }
            _ => year.naive_false += 1,
        }
    }
}

fn hear(signals: &mut Vec<Signal>, at: Millis, current: &mut Option<Fate>, year: &mut Year) {
    for signal in signals.drain(..) {
        let (surge, is_told) = match signal {
            Signal::Began(surge) => (surge, true),
            Signal::Joined { surge, .. } => (surge, false),
            Signal::Ended(_) => {
                year.ended += 1;
                continue;
            }
        };
        year.began += u64::from(is_told);
        // Half an hour after its end it may still be told: the window reaches back.
        let about = current
            .as_mut()
            .filter(|fate| at < fate.injected.to + 30 * MINUTE_MS);
        match about {
            Some(fate) => {
                fate.alerts += u32::from(is_told);
                if surge.series == fate.injected.key {
                    fate.told.get_or_insert(at - fate.injected.from);
                }
            }
            None if is_told => {
                year.false_alarms
                    .push((surge.series, at, surge.observed, surge.expected));
            }
            None => {}
        }
    }
}

/// The next surge: a series by chance, busy ones as often as quiet ones.
fn choose(world: &mut World, at: Millis) -> Option<Fate> {
    let kind = world.below(10);
    let key = match kind {
        0 => Key {
            dimension: Dimension::Category,
            value: {
                let n = usize::try_from(world.below(6)).ok()?;
                world.category(n).to_owned()
            },
        },
        1 => Key {
            dimension: Dimension::Region,
            value: {
                let n = usize::try_from(world.below(31)).ok()?;
                world.regions.get(n)?.0.clone()
            },
        },
        // Half of them busy products, of which there are few.
        _ => {
            let n = match world.below(2) {
                0 => world.below(12),
                _ => world.below(world.products.len() as u64),
            };
            Key {
                dimension: Dimension::Product,
                value: world.products.get(usize::try_from(n).ok()?)?.name.clone(),
            }
        }
    };
    let usual = world.usual(&key) * 5.0;
    if usual <= 0.0 {
        return None;
    }
    let is_burst = usual < 0.1 && world.below(2) == 0;
    let lasts = if is_burst { WITHIN_MS } else { LASTS_MS };
    let times = if is_burst { BURST / usual } else { 5.0 };
    Some(Fate {
        injected: Injected {
            key,
            from: at,
            to: at + lasts,
            times,
            usual,
        },
        is_burst,
        told: None,
        naive: None,
        alerts: 0,
    })
}

/// Nearest rank.
fn percentile(sorted: &[Millis], share: f64) -> u64 {
    let rank = ((sorted.len() as f64 * share).ceil() as usize).max(1) - 1;
    let found = sorted.get(rank).copied().unwrap_or(0);
    u64::try_from(found / 1000).unwrap_or(0)
}

/// Proves it over a year for each seed, or over so many days.
///
/// # Errors
/// Never; a missed promise is in what it gives.
pub fn prove(scale: &Scale) -> Result<Proved> {
    let days = match scale.days {
        0 => 365,
        days => i64::try_from(days).unwrap_or(365),
    };
    let seeds: Vec<u64> = (0..scale.seeds.max(1)).map(|n| scale.seed + n).collect();
    let (mut plain, mut stirred, mut small) = (Vec::new(), Vec::new(), Vec::new());
    for seed in seeds {
        std::thread::scope(|scope| {
            let other = scope.spawn(move || live(seed, days, 1.0, false));
            stirred.push(live(seed, days, 1.0, true));
            small.push(live(seed, days, SMALL, false));
            plain.push(other.join().unwrap_or_default());
        });
    }
    let mut proved = judge(scale.seed, days, &plain, &stirred, &small);
    proved.figures.extend(cost());
    Ok(proved)
}

/// What a complaint costs and what is kept, with 10,000 series of which all had complaints.
fn cost() -> [(&'static str, u64); 4] {
    const N_SERIES: u64 = 9_997;
    const N_FED: u64 = 400_000;
    let mut radar = Radar::new(Settings::default(), Calendar::default(), midnight());
    let names: Vec<String> = (0..N_SERIES).map(|n| format!("商品{n}")).collect();
    let mut signals = Vec::new();
    let began = Instant::now();
    let mut at = midnight();
    for n in 0..N_FED {
        // The golden ratio: every product comes, in no order, one each two days.
        let place = usize::try_from(n.wrapping_mul(6_180_339_887) % N_SERIES).unwrap_or(0);
        at += 17_280;
        let complaint = Complaint {
            at,
            product: names.get(place).map(String::as_str),
            category: Some("投诉/质量"),
            region: Some("地区00"),
        };
        radar.conversations(at, 10);
        radar.complaint(&complaint, &mut signals);
    }
    let took = began.elapsed().as_nanos() / u128::from(N_FED);
    let rows = radar.changed();
    let stored: usize = rows
        .iter()
        .filter_map(|row| Some(row.bytes.as_ref()?.len()))
        .sum();
    [
        ("cost_series", radar.n_series() as u64),
        (
            "cost_ns_a_complaint",
            u64::try_from(took).unwrap_or(u64::MAX),
        ),
        ("cost_memory_bytes", radar.n_bytes() as u64),
        ("cost_stored_bytes", stored as u64),
    ]
}

fn judge(seed: u64, days: i64, plain: &[Year], stirred: &[Year], small: &[Year]) -> Proved {
    let sum = |years: &[Year], of: fn(&Year) -> u64| years.iter().map(of).sum::<u64>();
    let mut figures = vec![
        ("years", plain.len() as u64),
        ("days_of_a_year", days.unsigned_abs()),
        (
            "complaints",
            sum(plain, |year| year.complaints) + sum(stirred, |year| year.complaints),
        ),
        (
            "series",
            plain.iter().map(|year| year.n_series).max().unwrap_or(0),
        ),
    ];
    let mut misses = Vec::new();
    let fates: Vec<&Fate> = stirred.iter().flat_map(|year| &year.fates).collect();
    let surges: Vec<&Fate> = fates
        .iter()
        .copied()
        .filter(|fate| !fate.is_burst)
        .collect();
    let bursts: Vec<&Fate> = fates.iter().copied().filter(|fate| fate.is_burst).collect();
    let mut upper = f64::INFINITY;
    for (lower, names) in BANDS {
        let band: Vec<&Fate> = surges
            .iter()
            .copied()
            .filter(|fate| (lower..upper).contains(&fate.injected.usual))
            .collect();
        upper = lower;
        tell_band(&band, names, &mut figures);
        if lower < SURE_FROM {
            continue;
        }
        let is_late = |fate: &&&Fate| fate.told.is_none_or(|told| told > WITHIN_MS);
        let late: Vec<&&Fate> = band.iter().filter(is_late).collect();
        let too_many = late.len() as f64 > (band.len() as f64 * LATE).max(1.0);
        misses.extend(
            late.into_iter()
                .filter(|fate| too_many || fate.told.is_none())
                .map(|fate| line(fate)),
        );
    }
    tell_band(&bursts, BURSTS, &mut figures);
    let weeks = plain.len() as f64 * days as f64 / 7.0;
    let false_alarms: u64 = sum(plain, |year| year.false_alarms.len() as u64);
    let naive_false = sum(plain, |year| year.naive_false);
    let per_week = |n: u64| (n as f64 / weeks * 100.0).round() as u64;
    figures.push(("false_alarms", false_alarms));
    figures.push(("false_alarms_in_100_weeks", per_week(false_alarms)));
    figures.push(("twin_false_alarms_in_100_weeks", per_week(naive_false)));
    let small_alarms = sum(small, |year| year.false_alarms.len() as u64);
    figures.push(("small_shop_false_in_100_weeks", per_week(small_alarms)));
    let again = fates
        .iter()
        .map(|fate| u64::from(fate.alerts.saturating_sub(1)))
        .sum();
    figures.push(("told_again", again));
    figures.push((
        "false_beside_surges",
        sum(stirred, |year| year.false_alarms.len() as u64),
    ));
    figures.push(("began", sum(stirred, |year| year.began)));
    figures.push(("ended", sum(stirred, |year| year.ended)));
    if false_alarms as f64 > weeks {
        misses.push(format!("{false_alarms} false alarms in {weeks:.0} weeks"));
        let all = plain.iter().flat_map(|year| &year.false_alarms);
        for (key, at, observed, expected) in all.take(SHOWN) {
            misses.push(format!(
                "{:?} {}: {observed} instead of {expected:.2}, on day {:.2}",
                key.dimension,
                key.value,
                (at - midnight()) as f64 / 86_400_000.0,
            ));
        }
    }
    if small_alarms as f64 > weeks {
        misses.push(format!("{small_alarms} false alarms of the small shop"));
    }
    if naive_false <= false_alarms {
        misses.push("the ratio threshold is no worse: the control found nothing".to_owned());
    }
    for year in plain.iter().chain(stirred).chain(small) {
        if year.ended + year.open_at_end < year.began {
            misses.push("a surge has no end".to_owned());
        }
    }
    Proved {
        name: "surge",
        ok: misses.is_empty(),
        figures,
        misses,
        seed,
    }
}

fn tell_band(band: &[&Fate], names: Names, figures: &mut Vec<(&'static str, u64)>) {
    let mut told: Vec<Millis> = band.iter().filter_map(|fate| fate.told).collect();
    told.sort_unstable();
    let in_time = |delay: &&Millis| **delay <= WITHIN_MS;
    let naive: Vec<Millis> = band.iter().filter_map(|fate| fate.naive).collect();
    let values = [
        band.len() as u64,
        told.len() as u64,
        told.iter().filter(in_time).count() as u64,
        percentile(&told, 0.5),
        percentile(&told, 0.9),
        percentile(&told, 1.0),
        naive.len() as u64,
        naive.iter().filter(in_time).count() as u64,
    ];
    figures.extend(names.into_iter().zip(values));
}

fn line(fate: &Fate) -> String {
    format!(
        "late or missed: {:?} {}, usual {:.1} in five minutes, told after {:?} s, at {}",
        fate.injected.key.dimension,
        fate.injected.key.value,
        fate.injected.usual,
        fate.told.map(|told| told / 1000),
        fate.injected.from,
    )
}
