//! Surges of complaints (投诉突增): finds within minutes that a product, a category or a region gets
//! many more complaints than usual, and tells it once.
//!
//! # Method
//! A prospective scan over the last complaints of each series. Every complaint is the end of
//! windows that begin at the 3rd, 4th, … 63rd last one, up to seven days ago; a window is a surge
//! where the probability of as many complaints by chance, negative binomial, is below
//! [`Settings::chance_a_week`] ÷ complaints a week, summed over all series. That is:
//! - the scan statistic of J. Naus (*Approximations for distributions of scan statistics*, JASA 77,
//!   1982), prospective as in M. Kulldorff (*Prospective time periodic geographical disease
//!   surveillance using a scan statistic*, JRSS A 164, 2001), over windows as in the window-limited
//!   likelihood-ratio schemes of T. L. Lai (*Sequential changepoint detection in quality control and
//!   dynamical systems*, JRSS B 57, 1995);
//! - seasonal counts with a negative binomial tail as in M. Höhle and M. Paul (*Count data
//!   regression charts for the monitoring of surveillance time series*, CSDA 52, 2008);
//! - a baseline that exceptional hours do not move, as in A. Noufaily et al. (*An improved algorithm
//!   for outbreak detection in multiple surveillance systems*, Statistics in Medicine 32, 2013).
//!
//! Time is counted in expected complaints. What is expected of a series is its usual complaints *a
//! conversation* (level × shape over the hours of the week, its own where it has enough of them,
//! else that of all complaints) times the conversations of these minutes that are no complaints:
//! so a sale day with ten times of everything is no surge, and neither holidays nor growth need to
//! be learned. Holidays count as Sundays and extra workdays (调休) as workdays ([`Calendar`]).
//! Levels and shapes fade with a half-life of six weeks. A new series begins as an average one of
//! its kind, and what is not known about it counts as dispersion.
//!
//! A ratio threshold has one number for quiet and busy series: with few complaints chance exceeds it
//! daily, with many it is late. `cargo xtask prove surge` runs one beside this and counts.
//!
//! # What can be found in five minutes
//! No method can tell five times the usual from chance before some complaints have come. In a shop
//! of 50,000 conversations a day (`cargo xtask prove surge --seeds 2`, seeds 42 and 43; one false
//! alarm in three weeks over 287 series, where a ratio threshold has 1,700 a week):
//!
//! | usual in five minutes | found within five minutes | p50 | p90 |
//! |---|---|---|---|
//! | 10 and more ([`SURE_FROM`]) | 348 of 348 | 1.6 min | 2.8 min |
//! | 5 to 10 | 188 of 239 | 3.3 min | 6.5 min |
//! | 2 to 5 | 147 of 417 | 6.6 min | 16 min |
//! | 0.5 to 2 | 25 of 543 | 19 min | 47 min |
//!
//! A series of one complaint a day is found by the fifth or sixth complaint of an hour, and not by
//! five a day: of 565 bursts of eight within five minutes on such series, 532 were found within
//! them. A smaller shop needs fewer complaints: fewer windows can be wrong.
//!
//! # Cost
//! A complaint in four series takes 3 µs where each series gets one in two days, less where they are
//! busy; 10,000 series take 13.6 MB of memory and 2.2 MB in the database (the same command).
//!
//! - **Invariant:** pure: no clock and no randomness; the same messages give the same signals. Time
//!   that goes back is taken as standing still.
//! - **Invariant:** bounded: at most [`Settings::max_series`] series, of at most 2.2 kB each; the one
//!   that was silent longest makes room.
//! - **Invariant:** one surge is one [`Signal::Began`] and one [`Signal::Ended`]. Series whose
//!   complaints are mostly the same ones (the product's category, its region) join it.

mod calendar;

pub mod evidence;

mod open;

mod radar;

mod region;

mod saved;

mod series;

mod tail;

mod volume;

use lt_model::Millis;

pub use calendar::Calendar;
pub use radar::{Radar, Row};
pub use region::region;

/// Complaints expected in five minutes from which on a surge of five times the usual is found
/// within five minutes.
pub const SURE_FROM: f64 = 10.0;

/// What a series is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dimension {
    /// 商品.
    Product,
    /// 分类.
    Category,
    /// 地区.
    Region,
    /// All complaints.
    All,
}

impl Dimension {
    /// All of them, the narrowest first.
    pub const EVERY: [Self; 4] = [Self::Product, Self::Category, Self::Region, Self::All];

    /// Its word in stored rows.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Product => "product",
            Self::Category => "category",
            Self::Region => "region",
            Self::All => "all",
        }
    }

    /// The dimension of a stored word.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::EVERY.into_iter().find(|known| known.code() == code)
    }
}

/// Which series.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// Of what.
    pub dimension: Dimension,
    /// Of which one; empty for all complaints.
    pub value: String,
}

/// How much is told.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings {
    /// Bound on the surges that chance makes in a week, over all series, as far as one window for
    /// each complaint goes; the proof counts what many windows make of it.
    pub chance_a_week: f64,
    /// Most series that are kept.
    pub max_series: usize,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            chance_a_week: 0.15,
            max_series: 10_000,
        }
    }
}

/// A complaint: one for each conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Complaint<'a> {
    /// When.
    pub at: Millis,
    /// About which product, where it is known.
    pub product: Option<&'a str>,
    /// Of which category, where it is known.
    pub category: Option<&'a str>,
    /// From where, where it is known.
    pub region: Option<&'a str>,
}

/// A surge as far as it went.
#[derive(Clone, Debug, PartialEq)]
pub struct Surge {
    /// Of which series.
    pub series: Key,
    /// Its first complaint.
    pub since: Millis,
    /// Complaints since then.
    pub observed: u32,
    /// How many are usual in that time.
    pub expected: f64,
}

/// What is to be told.
#[derive(Clone, Debug, PartialEq)]
pub enum Signal {
    /// A surge began.
    Began(Surge),
    /// Another series has the same surge.
    Joined {
        /// It, with its figures.
        surge: Surge,
        /// The series whose surge was told.
        of: Key,
    },
    /// A surge that was told is over.
    Ended(Surge),
}

#[cfg(test)]
mod tests;
