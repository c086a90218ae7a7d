//! What one conversation or ticket adds to the numbers, kept so that it can be taken away again.

use crate::{
    Millis,
    metric::{
        Cell, Count,
        cell::varint::{read, read_signed, write, write_signed},
    },
};

/// First byte of the stored form.
const FORMAT: u8 = 1;

/// What a case adds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Share {
    /// When it was opened: where its outcome counts.
    pub opened_at: Millis,
    /// What became of it, in the order of the counts.
    pub outcome: Vec<(Count, i64)>,
    /// How long until a person answered, whole business seconds.
    pub first_response_s: Option<u32>,
    /// What counts once each when it happened.
    pub flows: Vec<(Millis, Count)>,
}

impl Share {
    /// Adds it to the cells that a moment's part of it belongs to (`sign` 1), or takes it from them
    /// (−1). The places of one case are few, so they are asked for one by one.
    pub fn spread(&self, sign: i64, mut cell_at: impl FnMut(Millis, &dyn Fn(&mut Cell))) {
        cell_at(self.opened_at, &|cell| {
            for (count, by) in &self.outcome {
                cell.add(*count, sign * by);
            }
            if let Some(seconds) = self.first_response_s {
                cell.first_response.add(seconds, sign);
            }
        });
        for (at, count) in &self.flows {
            cell_at(*at, &|cell| cell.add(*count, sign));
        }
    }

    /// The part of it within a period, `to` exclusive.
    #[must_use]
    pub fn within(&self, from: Millis, to: Millis) -> Cell {
        let mut sum = Cell::default();
        self.spread(1, |at, add| {
            if from <= at && at < to {
                add(&mut sum);
            }
        });
        sum
    }

    /// The last moment at which something of it counts.
    #[must_use]
    pub fn last_at(&self) -> Millis {
        let flows = self.flows.iter().map(|(at, _)| *at);
        flows.fold(self.opened_at, Millis::max)
    }

    /// The stored form.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = vec![FORMAT];
        write_signed(&mut bytes, self.opened_at);
        write(&mut bytes, self.outcome.len() as u64);
        for (count, by) in &self.outcome {
            bytes.push(*count as u8);
            write_signed(&mut bytes, *by);
        }
        write(
            &mut bytes,
            self.first_response_s.map_or(0, |s| u64::from(s) + 1),
        );
        write(&mut bytes, self.flows.len() as u64);
        let mut before = self.opened_at;
        for (at, count) in &self.flows {
            write_signed(&mut bytes, at - before);
            bytes.push(*count as u8);
            before = *at;
        }
        bytes
    }

    /// Reads it; none where the bytes are none.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let mut rest = bytes.strip_prefix(&[FORMAT])?;
        let rest = &mut rest;
        let opened_at = read_signed(rest)?;
        let n_outcome = read(rest)?;
        let mut outcome = Vec::new();
        for _ in 0..n_outcome {
            outcome.push((Count::read(rest)?, read_signed(rest)?));
        }
        let seconds = read(rest)?.checked_sub(1);
        let n_flows = read(rest)?;
        let mut flows = Vec::new();
        let mut before = opened_at;
        for _ in 0..n_flows {
            before = before.checked_add(read_signed(rest)?)?;
            flows.push((before, Count::read(rest)?));
        }
        Some(Self {
            opened_at,
            outcome,
            first_response_s: seconds.map(u32::try_from).transpose().ok()?,
            flows,
        })
    }
}
