use lt_model::Millis;

use super::*;

const MINUTE: Millis = 60_000;
/// A Thursday, midnight in China.
const START: Millis = 20_783 * 86_400_000 - 8 * 3_600_000;
/// Minutes of the days before what is tried.
const BEFORE: i64 = 14 * 1440;

/// A shop of sixty conversations and six complaints a minute, half of them about 锅, evenly.
struct Shop {
    radar: Radar,
    minute: i64,
    signals: Vec<Signal>,
}

impl Shop {
    fn new() -> Self {
        let radar = Radar::new(Settings::default(), Calendar::default(), START);
        Self {
            radar,
            minute: 0,
            signals: Vec::new(),
        }
    }

    fn run(&mut self, minutes: i64, conversations: u32, pots: i64, pans: i64) {
        for _ in 0..minutes {
            let at = START + self.minute * MINUTE;
            let n = pots + pans;
            for one in 0..n {
                let at = at + one * MINUTE / n;
                self.radar
                    .conversations(at, conversations / n.max(1) as u32);
                let complaint = Complaint {
                    at,
                    product: Some(if one % n < pots { "锅" } else { "盘" }),
                    category: Some("投诉/质量"),
                    region: None,
                };
                self.radar.complaint(&complaint, &mut self.signals);
            }
            self.minute += 1;
            self.radar
                .tick(START + self.minute * MINUTE, &mut self.signals);
        }
    }

    fn told(&mut self) -> Vec<Signal> {
        std::mem::take(&mut self.signals)
    }
}

fn settled() -> Shop {
    let mut shop = Shop::new();
    shop.run(BEFORE, 60, 3, 3);
    assert_eq!(shop.told(), []);
    shop
}

#[test]
fn a_surge_is_told_once_within_five_minutes_and_ends() {
    let mut shop = settled();
    shop.run(5, 60, 15, 3);
    let told = shop.told();
    let [Signal::Began(surge), joined @ ..] = told.as_slice() else {
        panic!("{told:?}");
    };
    assert_eq!(surge.series.value, "锅");
    assert!(
        f64::from(surge.observed) > 3.0 * surge.expected,
        "{surge:?}"
    );
    assert!(surge.since >= START + (BEFORE - 1) * MINUTE, "{surge:?}");
    let is_joined =
        |signal: &Signal| matches!(signal, Signal::Joined { of, .. } if of.value == "锅");
    assert!(joined.iter().all(is_joined), "{joined:?}");
    shop.run(60, 60, 15, 3);
    assert!(shop.told().iter().all(is_joined), "it is the same one");
    shop.run(60, 60, 3, 3);
    let told = shop.told();
    let [Signal::Ended(surge)] = told.as_slice() else {
        panic!("{told:?}");
    };
    assert!(surge.observed > 900, "{surge:?}");
    assert_eq!(shop.radar.open().count(), 0);
}

#[test]
fn ten_times_of_everything_is_no_surge() {
    let mut shop = settled();
    shop.run(600, 600, 30, 30);
    shop.run(600, 60, 3, 3);
    assert_eq!(shop.told(), []);
}

#[test]
fn a_restart_changes_nothing() {
    let mut whole = settled();
    let mut parted = settled();
    let mut rows: std::collections::BTreeMap<(&str, String), Vec<u8>> = Default::default();
    for part in 0..3 {
        let pots = if part == 1 { 15 } else { 3 };
        for shop in [&mut whole, &mut parted] {
            shop.run(40, 60, pots, 3);
        }
        for row in parted.radar.changed() {
            if let Some(bytes) = row.bytes {
                rows.insert((row.kind, row.value), bytes);
            }
        }
        let stored = rows
            .iter()
            .map(|((kind, value), bytes)| (*kind, value.as_str(), bytes.as_slice()));
        let calendar = Calendar::default();
        parted.radar = Radar::restore(Settings::default(), calendar, stored).unwrap();
    }
    let told = whole.told();
    assert!(told.iter().any(|signal| matches!(signal, Signal::Ended(_))));
    assert_eq!(told, parted.told());
}

#[test]
fn a_damaged_row_begins_anew() {
    let mut shop = settled();
    let rows = shop.radar.changed();
    let stored = rows.iter().filter_map(|row| {
        let bytes = row.bytes.as_deref()?;
        let is_damaged = row.value == "锅";
        Some((
            row.kind,
            row.value.as_str(),
            if is_damaged { &bytes[..9] } else { bytes },
        ))
    });
    let radar = Radar::restore(Settings::default(), Calendar::default(), stored).unwrap();
    assert_eq!(radar.n_series(), shop.radar.n_series() - 1);
    assert!(Radar::restore(Settings::default(), Calendar::default(), []).is_none());
}

#[test]
fn memory_is_bounded_and_the_silent_make_room() {
    let settings = Settings {
        max_series: 50,
        ..Settings::default()
    };
    let mut radar = Radar::new(settings, Calendar::default(), START);
    let mut signals = Vec::new();
    for n in 0..2_000 {
        let product = format!("商品{n}");
        let complaint = Complaint {
            at: START + n * MINUTE,
            product: Some(&product),
            category: None,
            region: None,
        };
        radar.conversations(complaint.at, 20);
        radar.complaint(&complaint, &mut signals);
    }
    assert_eq!((radar.n_series(), signals.len()), (50, 0));
    let gone = radar
        .changed()
        .iter()
        .filter(|row| row.bytes.is_none())
        .count();
    assert_eq!(gone, 2_001 - 50);
    let key = Key {
        dimension: Dimension::Product,
        value: "商品1999".to_owned(),
    };
    assert!(radar.usual(&key, 5.0).is_some());
}

#[test]
fn time_that_goes_back_stands_still() {
    let mut shop = settled();
    let complaint = Complaint {
        at: START,
        product: Some("锅"),
        category: None,
        region: None,
    };
    shop.radar.complaint(&complaint, &mut shop.signals);
    shop.radar.tick(0, &mut shop.signals);
    shop.run(10, 60, 3, 3);
    assert_eq!(shop.told(), []);
}
