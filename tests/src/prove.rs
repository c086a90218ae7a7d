//! Promises, each proved by a run: what may not happen is provoked many times and counted.
//!
//! To add a proof: a file here with a function from [`Scale`] to [`Proved`], its flags in [`flags`], a
//! line in the program `prove`, and its short form among the scenarios.
//!
//! **Invariant:** a proof shows by a control that what it looks for would be found.

pub mod feed;
mod files;
pub mod flags;
pub mod kill;
pub mod net;
pub mod nodes;
mod org;
pub mod rekey;
pub mod rest;
pub mod revoke;
pub mod sale;
pub mod snapshot;
pub mod surge;
pub mod tamper;

use std::time::{Duration, Instant};

use serde_json::{Map, Value, json};

/// How much is done. What a proof does not use is left alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scale {
    /// Replies that are written, at least.
    pub edits: u64,
    /// Times that the desk is killed, at least; the server is for every third of them.
    pub kills: u64,
    /// Changes that come into the feed, at least.
    pub changes: u64,
    /// Threads that write them.
    pub writers: u64,
    /// Bytes that are flipped in each kind of file.
    pub flips: u64,
    /// Texts that are planted.
    pub texts: u64,
    /// Simulated worlds, each of a seed of its own; 0 for the kept ones alone.
    pub seeds: u64,
    /// Desks in each of them.
    pub desks: u64,
    /// Agents who work at once; 0 for as many as suit the time.
    pub agents: u64,
    /// It goes on for so long, whatever else is done already; 0 for no longer than needed.
    pub minutes: u64,
    /// Rows of a stream that a desk has nothing of.
    pub rows: u64,
    /// Times that a right is taken, every other one while the agent is away.
    pub rounds: u64,
    /// Days of a simulated year; 0 for all of them.
    pub days: u64,
    /// Conversations of a normal day; 0 for as many as a test needs.
    pub rate: u64,
    /// Seed of everything random.
    pub seed: u64,
}

impl Scale {
    /// Until when it goes on.
    fn until(&self) -> Instant {
        Instant::now() + Duration::from_secs(60 * self.minutes)
    }
}

impl Default for Scale {
    fn default() -> Self {
        Self {
            edits: 300,
            kills: 12,
            changes: 10_000,
            writers: 8,
            flips: 40,
            texts: 60,
            rows: 5_000,
            rounds: 4,
            seeds: 10,
            desks: 6,
            agents: 0,
            minutes: 0,
            days: 0,
            rate: 0,
            seed: 42,
        }
    }
}

/// What came of a proof.
#[derive(Clone, Debug)]
pub struct Proved {
    /// Its name.
    pub name: &'static str,
    /// Whether the promise was kept, and the control found what it had to find.
    pub ok: bool,
    /// What was counted, in the order of the table.
    pub figures: Vec<(&'static str, u64)>,
    /// What went wrong, a line each, without the content of any row.
    pub misses: Vec<String>,
    /// Seed with which it can be repeated.
    pub seed: u64,
}

impl Proved {
    /// A figure by its name; 0 where there is none.
    #[must_use]
    pub fn figure(&self, name: &str) -> u64 {
        let found = self.figures.iter().find(|(known, _)| *known == name);
        found.map_or(0, |(_, value)| *value)
    }

    /// The table for people.
    #[must_use]
    pub fn table(&self) -> String {
        let mut text = String::new();
        for (name, value) in &self.figures {
            text.push_str(&format!("{:32}{value:>12}\n", name.replace('_', " ")));
        }
        for miss in &self.misses {
            text.push_str(&format!("✗ {miss}\n"));
        }
        text.push_str(if self.ok {
            "✓ kept\n"
        } else {
            "✗ missed\n"
        });
        text
    }

    /// The line for programs.
    #[must_use]
    pub fn json(&self) -> Value {
        let figures: Map<String, Value> = self
            .figures
            .iter()
            .map(|(name, value)| ((*name).to_owned(), json!(value)))
            .collect();
        json!({"name": self.name, "ok": self.ok, "figures": figures, "seed": self.seed})
    }
}

/// Random numbers that a seed repeats.
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    /// Dice of their own, drawn from these.
    fn fork(&mut self) -> Self {
        Self::new(self.below(u64::MAX), 0)
    }

    /// Dice of a seed; every `who` has others.
    #[must_use]
    pub fn new(seed: u64, who: u64) -> Self {
        // Spread, so that neighbouring seeds share nothing; never 0, which would stay 0.
        let spread = (seed ^ who.rotate_left(32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        Self((spread ^ (spread >> 29)) | 1)
    }

    /// Below `bound`; 0 where that is 0.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        // The upper bits are the better ones.
        (self.0 >> 11).checked_rem(bound).unwrap_or(0)
    }
}

/// A count as a figure.
fn count(n: usize) -> u64 {
    u64::try_from(n).unwrap_or(u64::MAX)
}
