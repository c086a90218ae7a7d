//! Cases of several groups, the newest first, read little by little.

use std::collections::VecDeque;

use lt_db::{
    Reader,
    table::metric_case::{self, Among, MetricCase, Place},
};
use lt_model::id::GroupId;

use crate::error::Error;

/// Cases of a group that are read at first. Often the first ones are enough.
const AT_FIRST: u64 = 64;
/// Most that are read at once.
const AT_ONCE: u64 = 1_024;

/// A walk through cases, the newest first.
pub(super) struct Walk<'r> {
    reader: &'r Reader<'r>,
    strands: Vec<Strand>,
}

/// Cases of one group that an index gives in their order.
struct Strand {
    group: GroupId,
    among: Among,
    /// Read, and not passed yet.
    ahead: VecDeque<MetricCase>,
    /// The last one that was read.
    after: Place,
    at_once: u64,
    is_over: bool,
}

impl<'r> Walk<'r> {
    /// From a place on.
    pub(super) fn new(
        reader: &'r Reader<'r>,
        groups: &[GroupId],
        among: &[Among],
        after: Place,
    ) -> Self {
        let strand = |group: GroupId, among: Among| Strand {
            group,
            among,
            ahead: VecDeque::new(),
            after,
            at_once: AT_FIRST,
            is_over: false,
        };
        let strands = groups
            .iter()
            .flat_map(|group| among.iter().map(|among| strand(*group, *among)));
        Self {
            reader,
            strands: strands.collect(),
        }
    }

    /// The next one; none where there are no more.
    pub(super) fn next(&mut self) -> Result<Option<MetricCase>, Error> {
        for strand in &mut self.strands {
            strand.fill(self.reader)?;
        }
        let strands = self.strands.iter_mut();
        let newest = strands.max_by_key(|strand| strand.ahead.front().map(MetricCase::place));
        Ok(newest.and_then(|strand| strand.ahead.pop_front()))
    }
}

impl Strand {
    fn fill(&mut self, reader: &Reader<'_>) -> Result<(), Error> {
        if self.is_over || !self.ahead.is_empty() {
            return Ok(());
        }
        let read = metric_case::newest(reader, self.group, self.among, self.after, self.at_once)?;
        self.is_over = (read.len() as u64) < self.at_once;
        self.at_once = (self.at_once * 2).min(AT_ONCE);
        self.after = read.last().map_or(self.after, MetricCase::place);
        self.ahead = read.into();
        Ok(())
    }
}
