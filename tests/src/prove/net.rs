//! Whatever the network does, desks come into step again, nothing acknowledged is lost, and nothing
//! is done twice.
//!
//! A world is a network in this process: desks with the real machine and the real store, and
//! servers with the real sessions over one real database. Its faults, its people and its clock come
//! from a seed: connections cut, held, half-open, slow; hosts killed and started again from their
//! files, or from an older image of themselves; frames sent twice, again, out of their place; clocks
//! that are wrong. Then all is well again, and the [`oracle`] looks.

mod agent;
mod desk;
mod fault;
mod notes;
mod office;
mod oracle;
mod seeds;
mod snapshot;
mod wire;
mod world;

use std::time::Instant;

use anyhow::{Context, Result};

use self::{
    desk::Sabotage,
    fault::Shape,
    office::Office,
    world::{Outcome, run},
};
use super::{Proved, Scale, count};

/// Servers in a world.
const N_SERVERS: u64 = 3;
/// Worlds in which a control may do its harm.
const N_CONTROLS: u64 = 6;
/// For so long things go wrong in a world, ms.
const HEAL_MS: u64 = 60_000;

/// Lives through worlds: those of the kept seeds, then those from the given one on. The first is
/// lived through twice and has to come out the same. The controls are worlds in which something is
/// broken on purpose.
///
/// # Errors
/// What kept a world from running.
pub fn prove(scale: &Scale) -> Result<Proved> {
    let shape = Shape {
        n_desks: usize::try_from(scale.desks.max(1))?,
        n_servers: N_SERVERS,
        heal_ms: HEAL_MS,
    };
    let office = Office::new(shape.n_desks)?;
    let until = scale.until();
    let mut sum = Sum::default();
    let mut seeds = seeds::KEPT.iter().copied().chain(scale.seed..);
    let n_seeds = count(seeds::KEPT.len()) + scale.seeds;
    while sum.n_worlds < n_seeds || Instant::now() < until {
        let seed = seeds.next().context("another seed")?;
        let outcome = run(&office, seed, shape, Sabotage::None)
            .with_context(|| format!("the world of seed {seed}"))?;
        if sum.n_worlds == 0 {
            let again = run(&office, seed, shape, Sabotage::None)?;
            sum.is_repeatable = again.hash == outcome.hash;
            sum.differs_at = first_difference(&outcome.trace, &again.trace);
        }
        sum.add(seed, &outcome);
    }
    let mut n_noticed = 0;
    for sabotage in [
        Sabotage::ForgetfulDisk,
        Sabotage::LostRows,
        Sabotage::NaiveResend,
    ] {
        n_noticed += u64::from(is_noticed(&office, scale.seed, shape, sabotage)?);
    }
    Ok(sum.proved(scale, shape, n_noticed))
}

/// Whether the oracle sees that something is broken; not in every world it does any harm.
fn is_noticed(office: &Office, seed: u64, shape: Shape, sabotage: Sabotage) -> Result<bool> {
    for seed in seed..seed + N_CONTROLS {
        if !run(office, seed, shape, sabotage)?.misses.is_empty() {
            return Ok(true);
        }
    }
    Ok(false)
}

fn first_difference(one: &[String], other: &[String]) -> Option<String> {
    let pairs = one.iter().zip(other);
    let mut different = pairs.filter(|(one, other)| one != other);
    different
        .next()
        .map(|(one, other)| format!("{one} ≠ {other}"))
}

/// What came of all worlds.
#[derive(Default)]
struct Sum {
    n_worlds: u64,
    n_converged: u64,
    n_acts: u64,
    n_refused: u64,
    n_heard: u64,
    slowest_ms: u64,
    counts: notes::Counts,
    is_repeatable: bool,
    differs_at: Option<String>,
    misses: Vec<String>,
    /// The first world in which something was missed.
    missed_in: Option<u64>,
}

impl Sum {
    fn add(&mut self, seed: u64, outcome: &Outcome) {
        self.n_worlds += 1;
        self.n_converged += u64::from(outcome.misses.is_empty());
        self.n_acts += outcome.n_acts;
        self.n_refused += outcome.n_refused;
        self.n_heard += outcome.n_heard;
        self.slowest_ms = self.slowest_ms.max(outcome.converged_ms);
        self.counts.faults += outcome.counts.faults;
        self.counts.desk_crashes += outcome.counts.desk_crashes;
        self.counts.server_crashes += outcome.counts.server_crashes;
        self.counts.connections += outcome.counts.connections;
        self.counts.batches += outcome.counts.batches;
        self.counts.repeated_frames += outcome.counts.repeated_frames;
        self.counts.resets += outcome.counts.resets;
        self.counts.snapshots += outcome.counts.snapshots;
        self.counts.put_back += outcome.counts.put_back;
        self.counts.renumbered += outcome.counts.renumbered;
        if !outcome.misses.is_empty() {
            self.missed_in.get_or_insert(seed);
        }
        let misses = outcome.misses.iter();
        self.misses
            .extend(misses.map(|miss| format!("seed {seed}: {miss}")));
    }

    fn proved(self, scale: &Scale, shape: Shape, n_noticed: u64) -> Proved {
        let mut misses = self.misses;
        misses.extend(
            self.differs_at
                .map(|line| format!("the same seed came out otherwise: {line}")),
        );
        Proved {
            name: "net",
            ok: misses.is_empty() && self.is_repeatable && n_noticed == 3,
            figures: vec![
                ("seeds", self.n_worlds),
                ("desks", count(shape.n_desks)),
                ("servers", shape.n_servers),
                ("faults", self.counts.faults),
                ("desk_crashes", self.counts.desk_crashes),
                ("server_crashes", self.counts.server_crashes),
                ("connections", self.counts.connections),
                ("frames_sent_again", self.counts.repeated_frames),
                ("batches", self.counts.batches),
                ("resets", self.counts.resets),
                ("snapshots", self.counts.snapshots),
                ("images_put_back", self.counts.put_back),
                ("numbered_anew", self.counts.renumbered),
                ("acts", self.n_acts),
                ("acts_refused_in_sight", self.n_refused),
                ("messages_of_customers", self.n_heard),
                ("converged", self.n_converged),
                ("slowest_ms", self.slowest_ms),
                ("repeats_itself", u64::from(self.is_repeatable)),
                ("control_noticed", n_noticed),
            ],
            misses,
            // A run from it on meets the same miss in its first worlds.
            seed: self.missed_in.unwrap_or(scale.seed),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_missed_is_repeated_by_the_seed_of_its_world() {
        let scale = Scale::default();
        let shape = Shape {
            n_desks: 1,
            n_servers: 1,
            heal_ms: 1,
        };
        let outcome = |misses: &[&str]| Outcome {
            hash: 0,
            trace: Vec::new(),
            misses: misses.iter().map(|miss| (*miss).to_owned()).collect(),
            counts: notes::Counts::default(),
            n_acts: 0,
            n_refused: 0,
            n_heard: 0,
            converged_ms: 0,
        };
        for (missed, seed) in [(&[][..], 42), (&[44, 45][..], 44)] {
            let mut sum = Sum {
                is_repeatable: true,
                ..Sum::default()
            };
            for world in 42..46 {
                let misses = vec!["lost"; usize::from(missed.contains(&world))];
                sum.add(world, &outcome(&misses));
            }
            let proved = sum.proved(&scale, shape, 3);
            assert_eq!((proved.seed, proved.ok), (seed, missed.is_empty()));
        }
    }
}
