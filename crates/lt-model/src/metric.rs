//! The numbers of a service (指标), folded from what happened, one definition for card, chart, table,
//! alert, export and the laboratory.
//!
//! What happened in a conversation is a list of [`Event`]s; [`Case`] is their fold, in any order of
//! lines; its [`Share`] is what it adds to a [`Cell`], and may be taken from it again when the case
//! goes on. So cells are fed little by little and equal a recount, which a property test proves.
//!
//! **Invariant:** what became of a conversation counts where it was opened; turns of the bot, queue
//! and backlog count when they happened.
//!
//! **Invariant:** a cell holds sums and, for percentiles, how often each value occurred: cells of any
//! periods add up without loss.

pub mod case;

pub mod cell;

pub mod event;

pub mod period;

pub mod report;

pub mod share;

pub mod value;

pub mod lab;

pub use case::{Case, Rules};
pub use cell::{Cell, Count, Samples};
pub use event::{Event, EventKind};
pub use period::{Clock, Grain};
pub use report::{NumbersReport, ReportPlan};
pub use share::Share;
pub use value::{Dimension, Metric, MetricValue};

#[cfg(test)]
mod tests;
