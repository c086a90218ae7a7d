//! A board of numbers, summed up from the cells that are here.

use std::collections::{BTreeMap, HashMap};

use lt_model::{
    Millis,
    id::{AgentId, GroupId},
    metric::{Cell, Clock, Count, Dimension, Grain, Metric, MetricValue},
};
use lt_protocol::{
    canned::GroupRef,
    metrics::{
        MAX_POINTS, MetricCard, MetricSeries, MetricsBoard, MetricsBoardArgs, MetricsBy,
        MetricsHeat, MetricsIntent, MetricsTable, MetricsTableRow,
    },
};
use lt_store::{CellPick, MetricsReader, MetricsStand, Result, Standing, StoreError};

/// Most questions of a list of them.
const MAX_INTENTS: usize = 20;
/// Most rows of a table.
const MAX_ROWS: usize = 200;

/// Names of groups and agents.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct Names {
    pub(crate) groups: HashMap<GroupId, String>,
    pub(crate) agents: HashMap<AgentId, String>,
}

/// What a board is made from: of the same it is the same, but for the moment that it is "as of".
#[derive(PartialEq, Eq)]
pub(crate) struct Source {
    args: MetricsBoardArgs,
    names: Names,
    /// Which cells there are, by the versions of their groups.
    stand: Option<MetricsStand>,
    /// Older hours are thrown away, whatever the versions.
    first_hour: Millis,
    /// Else points are wider than asked for.
    are_hours_kept: bool,
}

impl Source {
    pub(crate) fn new(
        stand: Option<&MetricsStand>,
        args: &MetricsBoardArgs,
        names: &Names,
    ) -> Self {
        let kept_ms = Grain::Hour.kept_ms().unwrap_or(Millis::MAX);
        let first_hour = stand.map_or(0, |stand| {
            let clock = MetricsStand::clock_of(Some(stand));
            clock.ceil(stand.as_of.saturating_sub(kept_ms), Grain::Hour)
        });
        Self {
            args: args.clone(),
            names: names.clone(),
            stand: stand.map(|stand| MetricsStand {
                as_of: 0,
                ..stand.clone()
            }),
            first_hour,
            are_hours_kept: are_hours_kept(args, stand),
        }
    }
}

/// Whether there are hours of all that is asked for.
fn are_hours_kept(args: &MetricsBoardArgs, stand: Option<&MetricsStand>) -> bool {
    let first = args
        .compare_from
        .map_or(args.from, |from| from.min(args.from));
    let as_of = stand.map_or(args.to, |stand| stand.as_of);
    Grain::Hour
        .kept_ms()
        .is_some_and(|kept_ms| first >= as_of.saturating_sub(kept_ms))
}

/// Sums up a board.
pub(crate) fn board(
    reader: &MetricsReader<'_>,
    args: &MetricsBoardArgs,
    names: &Names,
) -> Result<MetricsBoard> {
    let stand = reader.stand()?;
    let look = Look::new(reader, args, stand.as_ref());
    let (at, now) = look.series(look.from, None)?;
    let before = match look.compare_from {
        Some(from) => Some(look.series(from, Some(at.len()))?.1),
        None => None,
    };
    let sum = look.sum(look.from, look.to)?;
    let compare_to = look.compare_from.map(|from| look.after(from, at.len()));
    let sum_before = match look.compare_from.zip(compare_to) {
        Some((from, to)) => Some(look.sum(from, to)?),
        None => None,
    };
    let cards = Metric::ALL.into_iter().zip(&sum).enumerate();
    let cards = cards
        .map(|(n, (metric, now))| MetricCard {
            metric,
            now: *now,
            before: sum_before
                .as_ref()
                .and_then(|before| before.get(n).copied()),
        })
        .collect();
    let series = Metric::ALL.into_iter().enumerate();
    let column = |points: &[Vec<MetricValue>], n: usize| -> Vec<MetricValue> {
        points
            .iter()
            .filter_map(|point| point.get(n).copied())
            .collect()
    };
    let series = series
        .map(|(n, metric)| MetricSeries {
            metric,
            now: column(&now, n),
            before: before
                .as_deref()
                .map_or_else(Vec::new, |points| column(points, n)),
        })
        .collect();
    let (intents, rising) = look.intents(compare_to)?;
    let groups = stand.as_ref().map_or(&[][..], |stand| &stand.groups[..]);
    Ok(MetricsBoard {
        as_of: stand.as_ref().map(|stand| stand.as_of),
        from: look.from,
        to: look.to,
        utc_offset_minutes: look.clock.utc_offset_minutes,
        grain: look.grain,
        cards,
        at,
        series,
        heat: look.heat()?,
        tables: look.tables(names)?,
        intents,
        rising,
        groups: groups
            .iter()
            .filter_map(|seen| {
                let name = names.groups.get(&seen.group)?.clone();
                Some(GroupRef {
                    id: seen.group,
                    name,
                })
            })
            .collect(),
    })
}

/// What is looked at.
struct Look<'l> {
    reader: &'l MetricsReader<'l>,
    clock: Clock,
    grain: Grain,
    from: Millis,
    to: Millis,
    compare_from: Option<Millis>,
    group: Option<GroupId>,
    slice: Option<(Dimension, &'l str)>,
}

impl<'l> Look<'l> {
    fn new(
        reader: &'l MetricsReader<'l>,
        args: &'l MetricsBoardArgs,
        stand: Option<&MetricsStand>,
    ) -> Self {
        let clock = MetricsStand::clock_of(stand);
        let slice = args.filter.slice.as_ref();
        let slice = slice.map(|slice| (slice.dim, slice.value.as_str()));
        let mut look = Self {
            reader,
            clock,
            grain: args.grain.max(Grain::Hour),
            from: args.from,
            to: args.to.max(args.from.saturating_add(1)),
            compare_from: args.compare_from,
            group: args.filter.group,
            slice,
        };
        let is_kept = are_hours_kept(args, stand);
        if look.grain == Grain::Hour && !(is_kept && has_hours(look.slice.map(|(dim, _)| dim))) {
            look.grain = Grain::Day;
        }
        while look.n_points() > MAX_POINTS as Millis && look.grain < Grain::Month {
            look.grain = if look.grain == Grain::Hour {
                Grain::Day
            } else {
                Grain::Month
            };
        }
        let (clock, grain) = (look.clock, look.grain);
        look.from = clock.floor(look.from, grain);
        look.to = clock.ceil(look.to, grain);
        look.compare_from = look.compare_from.map(|from| clock.floor(from, grain));
        look
    }

    /// About so many points; never fewer than there are, of those that are counted.
    fn n_points(&self) -> Millis {
        let width = match self.grain {
            Grain::Minute | Grain::Hour => 3_600_000,
            Grain::Day => 86_400_000,
            Grain::Month => 28 * 86_400_000,
        };
        self.to.saturating_sub(self.from) / width
    }

    /// Begin of the bucket so many after one.
    fn after(&self, from: Millis, n: usize) -> Millis {
        (0..n).fold(from, |at, _| self.clock.next(at, self.grain))
    }

    fn dim(&self) -> Option<Dimension> {
        self.slice.map(|(dim, _)| dim)
    }

    fn pick(
        &self,
        dim: Option<Dimension>,
        (grain, from, to): (Grain, Millis, Millis),
    ) -> CellPick<'l> {
        let value = self.slice.filter(|(of, _)| Some(*of) == dim);
        CellPick {
            grain,
            dim,
            value: value.map(|(_, value)| value),
            group: self.group,
            from,
            to,
        }
    }

    /// Buckets that cover a period, as few as there may be.
    fn pieces(
        &self,
        dim: Option<Dimension>,
        from: Millis,
        to: Millis,
    ) -> Vec<(Grain, Millis, Millis)> {
        let clock = self.clock;
        if !has_hours(dim) || self.grain != Grain::Hour {
            return clock.days_and_months(from, to);
        }
        let (first, last) = (clock.ceil(from, Grain::Day), clock.floor(to, Grain::Day));
        if first >= last {
            return vec![(Grain::Hour, from, to)];
        }
        let mut pieces = vec![(Grain::Hour, from, first), (Grain::Hour, last, to)];
        pieces.retain(|(_, from, to)| from < to);
        pieces.extend(clock.days_and_months(first, last));
        pieces
    }

    /// The numbers over a period, in the order of all.
    fn sum(&self, from: Millis, to: Millis) -> Result<Vec<MetricValue>> {
        let mut sum = Cell::default();
        for piece in self.pieces(self.dim(), from, to) {
            self.reader
                .each(&self.pick(self.dim(), piece), |_, _, _, bytes| {
                    add(&mut sum, bytes)
                })?;
        }
        let standing = self.standing(self.dim(), to)?;
        Ok(sum.values(&standing.values().fold(Cell::default(), merged)))
    }

    /// Queue and backlog at a moment, by group and value.
    fn standing(
        &self,
        dim: Option<Dimension>,
        until: Millis,
    ) -> Result<HashMap<(GroupId, String), Cell>> {
        let mut all: HashMap<(GroupId, String), Cell> = HashMap::new();
        for piece in self.pieces(dim, self.clock.floor(0, Grain::Month), until) {
            for one in self.reader.standing(&self.pick(dim, piece))? {
                let Standing {
                    group,
                    value,
                    queue,
                    tickets,
                } = one;
                let cell = all.entry((group, value)).or_default();
                cell.add(Count::QueueIn, queue);
                cell.add(Count::TicketsIn, tickets);
            }
        }
        Ok(all)
    }

    /// The points of a period from its begin on: up to the end of the board, or so many.
    fn series(
        &self,
        from: Millis,
        n: Option<usize>,
    ) -> Result<(Vec<Millis>, Vec<Vec<MetricValue>>)> {
        let to = n.map_or(self.to, |n| self.after(from, n));
        let mut standing = self
            .standing(self.dim(), from)?
            .values()
            .fold(Cell::default(), merged);
        let mut at = Vec::new();
        let mut points = Vec::new();
        let mut begin = from;
        let mut sum = Cell::default();
        let mut close = |begin: Millis, sum: &mut Cell| {
            for count in STANDING {
                standing.add(count, sum.get(count));
            }
            at.push(begin);
            points.push(sum.values(&standing));
            sum.clear();
        };
        let pick = self.pick(self.dim(), (self.grain, from, to));
        self.reader.each(&pick, |of, _, _, bytes| {
            while begin < of {
                close(begin, &mut sum);
                begin = self.clock.next(begin, self.grain);
            }
            add(&mut sum, bytes)
        })?;
        while begin < to {
            close(begin, &mut sum);
            begin = self.clock.next(begin, self.grain);
        }
        Ok((at, points))
    }

    fn heat(&self) -> Result<Vec<MetricsHeat>> {
        if !has_hours(self.dim()) {
            return Ok(Vec::new());
        }
        // Hours come in their order, those of all groups together.
        let mut of_hours: Vec<(Millis, i64)> = Vec::new();
        let pick = self.pick(self.dim(), (Grain::Hour, self.from, self.to));
        self.reader
            .opened(&pick, |at, _, n| match of_hours.last_mut() {
                Some((last, sum)) if *last == at => *sum += n,
                _ => of_hours.push((at, n)),
            })?;
        let mut sums: BTreeMap<(u8, u8), i64> = BTreeMap::new();
        for (at, n) in of_hours {
            *sums.entry(self.clock.weekday_hour(at)).or_default() += n;
        }
        let sums = sums.into_iter().filter(|(_, n)| *n > 0);
        Ok(sums
            .map(|((weekday, hour), n)| MetricsHeat {
                weekday,
                hour,
                n: n.unsigned_abs(),
            })
            .collect())
    }

    /// Numbers side by side. Cells are not told apart by two dimensions at once, so that a slice has
    /// its groups only.
    fn tables(&self, names: &Names) -> Result<Vec<MetricsTable>> {
        let mut tables = vec![self.table(MetricsBy::Group, names)?];
        if self.slice.is_none() {
            for by in [
                MetricsBy::Agent,
                MetricsBy::Channel,
                MetricsBy::Line,
                MetricsBy::Category,
            ] {
                tables.push(self.table(by, names)?);
            }
        }
        Ok(tables)
    }

    fn table(&self, by: MetricsBy, names: &Names) -> Result<MetricsTable> {
        let dim = match by {
            MetricsBy::Group => self.dim(),
            MetricsBy::Agent => Some(Dimension::Agent),
            MetricsBy::Channel => Some(Dimension::Channel),
            MetricsBy::Line => Some(Dimension::Line),
            MetricsBy::Category => Some(Dimension::Category),
        };
        let is_by_group = by == MetricsBy::Group;
        let mut of_groups: HashMap<GroupId, Cell> = HashMap::new();
        let mut of_values: HashMap<String, Cell> = HashMap::new();
        for piece in self.pieces(dim, self.from, self.to) {
            self.reader
                .each(&self.pick(dim, piece), |_, group, value, bytes| {
                    if is_by_group {
                        return add(of_groups.entry(group).or_default(), bytes);
                    }
                    match of_values.get_mut(value) {
                        Some(sum) => add(sum, bytes),
                        None => add(of_values.entry(value.to_owned()).or_default(), bytes),
                    }
                })?;
        }
        let mut standing: HashMap<String, Cell> = HashMap::new();
        for ((group, value), cell) in self.standing(dim, self.to)? {
            let value = if is_by_group {
                group.to_string()
            } else {
                value
            };
            standing.entry(value).or_default().merge(&cell);
        }
        let of_groups = of_groups
            .into_iter()
            .map(|(group, sum)| (group.to_string(), sum));
        let mut sums: HashMap<String, Cell> = of_groups.chain(of_values).collect();
        for (value, cell) in &standing {
            if !cell.is_empty() {
                sums.entry(value.clone()).or_default();
            }
        }
        let mut rows: Vec<(i64, MetricsTableRow)> = sums
            .into_iter()
            .map(|(value, sum)| {
                let none = Cell::default();
                let standing = standing.get(&value).unwrap_or(&none);
                let row = MetricsTableRow {
                    label: label(by, &value, names),
                    values: sum.values(standing),
                    value,
                };
                (sum.get(Count::Opened), row)
            })
            .collect();
        rows.sort_by(|(more, one), (less, other)| {
            less.cmp(more).then_with(|| one.value.cmp(&other.value))
        });
        rows.truncate(MAX_ROWS);
        Ok(MetricsTable {
            by,
            rows: rows.into_iter().map(|(_, row)| row).collect(),
        })
    }

    /// The most frequent questions, and those that became more frequent.
    fn intents(
        &self,
        compare_to: Option<Millis>,
    ) -> Result<(Vec<MetricsIntent>, Vec<MetricsIntent>)> {
        let dim = Some(Dimension::Intent);
        if self.slice.is_some_and(|(of, _)| Some(of) != dim) {
            return Ok((Vec::new(), Vec::new()));
        }
        let mut counts: HashMap<String, (i64, i64)> = HashMap::new();
        for piece in self.pieces(dim, self.from, self.to) {
            self.reader.opened(&self.pick(dim, piece), |_, value, n| {
                count(&mut counts, value, |(now, _)| *now += n);
            })?;
        }
        if let Some((from, to)) = self.compare_from.zip(compare_to) {
            for piece in self.pieces(dim, from, to) {
                self.reader.opened(&self.pick(dim, piece), |_, value, n| {
                    count(&mut counts, value, |(_, before)| *before += n);
                })?;
            }
        }
        let mut all: Vec<MetricsIntent> = counts
            .into_iter()
            .filter(|(intent, (n, _))| !intent.is_empty() && *n > 0)
            .map(|(intent, (n, before))| MetricsIntent {
                intent,
                n: n.unsigned_abs(),
                before: u64::try_from(before).unwrap_or(0),
            })
            .collect();
        let mut rising: Vec<MetricsIntent> = match compare_to {
            Some(_) => all
                .iter()
                .filter(|one| one.n > one.before)
                .cloned()
                .collect(),
            None => Vec::new(),
        };
        all.sort_by(|one, other| {
            other
                .n
                .cmp(&one.n)
                .then_with(|| one.intent.cmp(&other.intent))
        });
        all.truncate(MAX_INTENTS);
        rising.sort_by(|one, other| {
            let grown = |intent: &MetricsIntent| intent.n - intent.before;
            grown(other)
                .cmp(&grown(one))
                .then_with(|| one.intent.cmp(&other.intent))
        });
        rising.truncate(MAX_INTENTS);
        Ok((all, rising))
    }
}

/// What stands at the end of a period.
const STANDING: [Count; 4] = [
    Count::QueueIn,
    Count::QueueOut,
    Count::TicketsIn,
    Count::TicketsOut,
];

/// Whether there are cells of an hour by it.
fn has_hours(dim: Option<Dimension>) -> bool {
    dim.is_none_or(Dimension::has_hours)
}

/// Counts a value, which is nearly always there already.
fn count(counts: &mut HashMap<String, (i64, i64)>, value: &str, add: impl FnOnce(&mut (i64, i64))) {
    match counts.get_mut(value) {
        Some(known) => add(known),
        None => add(counts.entry(value.to_owned()).or_default()),
    }
}

fn add(sum: &mut Cell, bytes: &[u8]) -> Result<()> {
    sum.add_bytes(bytes)
        .ok_or(StoreError::Unreadable("metric cell"))
}

fn merged(mut sum: Cell, other: &Cell) -> Cell {
    sum.merge(other);
    sum
}

fn label(by: MetricsBy, value: &str, names: &Names) -> String {
    let known = match by {
        MetricsBy::Group => value.parse().ok().and_then(|id| names.groups.get(&id)),
        MetricsBy::Agent => value.parse().ok().and_then(|id| names.agents.get(&id)),
        MetricsBy::Channel | MetricsBy::Line | MetricsBy::Category => None,
    };
    known.cloned().unwrap_or_else(|| value.to_owned())
}

#[cfg(test)]
mod tests;
