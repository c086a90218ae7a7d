//! A board of numbers, summed up from the cells that are here.

mod beside;

use std::{
    collections::HashMap,
    sync::atomic::{AtomicBool, Ordering},
    thread,
};

use lt_model::{
    Millis,
    id::{AgentId, GroupId},
    metric::{Cell, Clock, Count, Dimension, Grain, Metric, MetricValue},
};
use lt_protocol::{
    canned::GroupRef,
    metrics::{MAX_POINTS, MetricCard, MetricSeries, MetricsBoard, MetricsBoardArgs},
};
use lt_store::{CellPick, MetricsReader, MetricsStand, Result, Standing, Store, StoreError};

use self::beside::{Beside, Questions};

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

/// Sums up a board, at one moment of the cells: that moment's stand comes with it.
///
/// A half of it, the tables, is read beside the other one: after each change of the store a reader
/// deciphers anew all pages that it looks at, which is most of the work. Which half is the longer one
/// depends on what is asked for: the questions fall to the one that is through first.
pub(crate) fn board(
    store: &Store,
    args: &MetricsBoardArgs,
    names: &Names,
) -> Result<(Option<MetricsStand>, MetricsBoard)> {
    let are_taken = AtomicBool::new(false);
    let questions = |reader: &MetricsReader<'_>| match are_taken.swap(true, Ordering::Relaxed) {
        true => Ok(None),
        false => Questions::of(reader, args).map(Some),
    };
    let (course, beside) = thread::scope(|scope| {
        let beside = scope.spawn(|| {
            store.metrics(|reader| Ok((Beside::of(reader, args, names)?, questions(reader)?)))
        });
        let course = store.metrics(|reader| Ok((Course::of(reader, args)?, questions(reader)?)));
        (course, beside.join())
    });
    let beside = beside.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
    let ((course, questions), (beside, others)) = (course?, beside?);
    match questions.or(others) {
        Some(questions) if course.stand == beside.stand => {
            Ok(whole(course, questions, beside, names))
        }
        // Numbers came in between.
        _ => store.metrics(|reader| {
            let questions = Questions::of(reader, args)?;
            let beside = Beside::of(reader, args, names)?;
            Ok(whole(Course::of(reader, args)?, questions, beside, names))
        }),
    }
}

fn whole(
    course: Course,
    questions: Questions,
    beside: Beside,
    names: &Names,
) -> (Option<MetricsStand>, MetricsBoard) {
    let stand = course.stand;
    let groups = stand.as_ref().map_or(&[][..], |stand| &stand.groups[..]);
    let board = MetricsBoard {
        as_of: stand.as_ref().map(|stand| stand.as_of),
        from: course.from,
        to: course.to,
        utc_offset_minutes: course.utc_offset_minutes,
        grain: course.grain,
        cards: course.cards,
        at: course.at,
        series: course.series,
        heat: beside.heat,
        tables: beside.tables,
        intents: questions.most,
        rising: questions.rising,
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
    };
    (stand, board)
}

/// How the numbers went, and what they are over the whole period.
struct Course {
    stand: Option<MetricsStand>,
    from: Millis,
    to: Millis,
    utc_offset_minutes: i32,
    grain: Grain,
    cards: Vec<MetricCard>,
    at: Vec<Millis>,
    series: Vec<MetricSeries>,
}

impl Course {
    fn of(reader: &MetricsReader<'_>, args: &MetricsBoardArgs) -> Result<Self> {
        let stand = reader.stand()?;
        let look = Look::new(reader, args, stand.as_ref());
        let (at, now) = look.series(look.from, None)?;
        let before = match look.compare_from {
            Some(from) => Some(look.series(from, Some(at.len()))?.1),
            None => None,
        };
        let sum = look.sum(look.from, look.to)?;
        let sum_before = match look.compared() {
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
        let column = |points: &[Vec<MetricValue>], n: usize| -> Vec<MetricValue> {
            points
                .iter()
                .filter_map(|point| point.get(n).copied())
                .collect()
        };
        let series = Metric::ALL.into_iter().enumerate();
        let series = series
            .map(|(n, metric)| MetricSeries {
                metric,
                now: column(&now, n),
                before: before
                    .as_deref()
                    .map_or_else(Vec::new, |points| column(points, n)),
            })
            .collect();
        Ok(Self {
            from: look.from,
            to: look.to,
            utc_offset_minutes: look.clock.utc_offset_minutes,
            grain: look.grain,
            cards,
            at,
            series,
            stand,
        })
    }
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
            grain: args.grain,
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
            Grain::Hour => 3_600_000,
            Grain::Day => 86_400_000,
            Grain::Month => 28 * 86_400_000,
        };
        self.to.saturating_sub(self.from) / width
    }

    /// The period that is compared with: as many buckets as there are.
    fn compared(&self) -> Option<(Millis, Millis)> {
        let from = self.compare_from?;
        let begins =
            std::iter::successors(Some(self.from), |at| Some(self.clock.next(*at, self.grain)));
        let n_points = begins.take_while(|at| *at < self.to).count();
        Some((from, self.after(from, n_points)))
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

    /// Shows the cells of a piece of time, each with its begin: one a bucket where nothing narrows
    /// them down.
    fn each(
        &self,
        piece: (Grain, Millis, Millis),
        mut show: impl FnMut(Millis, &[u8]) -> Result<()>,
    ) -> Result<()> {
        match (self.group, self.slice) {
            (None, None) => self.reader.totals(piece, show),
            _ => self
                .reader
                .each(&self.pick(self.dim(), piece), |at, _, _, bytes| {
                    show(at, bytes)
                }),
        }
    }

    /// The numbers over a period, in the order of all.
    fn sum(&self, from: Millis, to: Millis) -> Result<Vec<MetricValue>> {
        let mut sum = Cell::default();
        for piece in self.pieces(self.dim(), from, to) {
            self.each(piece, |_, bytes| add(&mut sum, bytes))?;
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
        self.each((self.grain, from, to), |of, bytes| {
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

fn add(sum: &mut Cell, bytes: &[u8]) -> Result<()> {
    sum.add_bytes(bytes)
        .ok_or(StoreError::Unreadable("metric cell"))
}

fn merged(mut sum: Cell, other: &Cell) -> Cell {
    sum.merge(other);
    sum
}

#[cfg(test)]
mod tests;
