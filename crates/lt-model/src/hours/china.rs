//! Statutory holidays of mainland China and the days worked in exchange (调休), by year.
//!
//! To add a year when the State Council has published it: one more list below, and its year in
//! [`year`].

use super::{Day, Holiday, Period, Workday};

/// (name, month, first day, last day) of the days off.
type Off = (&'static str, i64, i64, i64);
/// (name, month, day) of the weekend days worked.
type MakeUp = (&'static str, i64, i64);

const OFF_2026: &[Off] = &[
    ("元旦", 1, 1, 3),
    ("春节", 2, 15, 23),
    ("清明节", 4, 4, 6),
    ("劳动节", 5, 1, 5),
    ("端午节", 6, 19, 21),
    ("中秋节", 9, 25, 27),
    ("国庆节", 10, 1, 7),
];

const MAKE_UP_2026: &[MakeUp] = &[
    ("元旦调休", 1, 4),
    ("春节调休", 2, 14),
    ("春节调休", 2, 28),
    ("劳动节调休", 5, 9),
    ("国庆节调休", 9, 20),
    ("国庆节调休", 10, 10),
];

/// The days off and the extra workdays of a year, the latter with these periods. None for a year
/// that is not listed here.
#[must_use]
pub fn year(year: i64, periods: &[Period]) -> Option<(Vec<Holiday>, Vec<Workday>)> {
    let (off, make_up) = match year {
        2026 => (OFF_2026, MAKE_UP_2026),
        _ => return None,
    };
    let holidays = off
        .iter()
        .flat_map(|(name, month, first, last)| {
            (*first..=*last).filter_map(move |day| {
                Some(Holiday {
                    day: Day::of(year, *month, day)?,
                    name: (*name).to_owned(),
                })
            })
        })
        .collect();
    let workdays = make_up
        .iter()
        .filter_map(|(name, month, day)| {
            Some(Workday {
                day: Day::of(year, *month, *day)?,
                name: (*name).to_owned(),
                periods: periods.to_vec(),
            })
        })
        .collect();
    Some((holidays, workdays))
}
