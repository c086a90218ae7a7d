//! What stands beside the course of the numbers: the hours of the week, tables by group, agent, channel,
//! line and category, and the questions.

use std::collections::{BTreeMap, HashMap};

use lt_model::{
    Millis,
    id::GroupId,
    metric::{Cell, Count, Dimension, Grain},
};
use lt_protocol::metrics::{
    MetricsBoardArgs, MetricsBy, MetricsHeat, MetricsIntent, MetricsTable, MetricsTableRow,
};
use lt_store::{MetricsReader, MetricsStand, Result};

use super::{Look, Names, add, has_hours};

/// Most questions of a list of them.
const MAX_INTENTS: usize = 20;
/// Most rows of a table.
const MAX_ROWS: usize = 200;

/// Hours and tables, and the stand of the cells that they were made from.
pub(super) struct Beside {
    pub(super) stand: Option<MetricsStand>,
    pub(super) heat: Vec<MetricsHeat>,
    pub(super) tables: Vec<MetricsTable>,
}

/// What was asked.
pub(super) struct Questions {
    pub(super) most: Vec<MetricsIntent>,
    pub(super) rising: Vec<MetricsIntent>,
}

impl Questions {
    pub(super) fn of(reader: &MetricsReader<'_>, args: &MetricsBoardArgs) -> Result<Self> {
        let stand = reader.stand()?;
        let (most, rising) = Look::new(reader, args, stand.as_ref()).intents()?;
        Ok(Self { most, rising })
    }
}

impl Beside {
    pub(super) fn of(
        reader: &MetricsReader<'_>,
        args: &MetricsBoardArgs,
        names: &Names,
    ) -> Result<Self> {
        let stand = reader.stand()?;
        let look = Look::new(reader, args, stand.as_ref());
        Ok(Self {
            heat: look.heat()?,
            tables: look.tables(names)?,
            stand,
        })
    }
}

impl Look<'_> {
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
    fn intents(&self) -> Result<(Vec<MetricsIntent>, Vec<MetricsIntent>)> {
        let compared = self.compared();
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
        if let Some((from, to)) = compared {
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
        let mut rising: Vec<MetricsIntent> = match compared {
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

/// Counts a value, which is nearly always there already.
fn count(counts: &mut HashMap<String, (i64, i64)>, value: &str, add: impl FnOnce(&mut (i64, i64))) {
    match counts.get_mut(value) {
        Some(known) => add(known),
        None => add(counts.entry(value.to_owned()).or_default()),
    }
}

fn label(by: MetricsBy, value: &str, names: &Names) -> String {
    let known = match by {
        MetricsBy::Group => value.parse().ok().and_then(|id| names.groups.get(&id)),
        MetricsBy::Agent => value.parse().ok().and_then(|id| names.agents.get(&id)),
        MetricsBy::Channel | MetricsBy::Line | MetricsBy::Category => None,
    };
    known.cloned().unwrap_or_else(|| value.to_owned())
}
