//! The rows behind a number, a part of them at a time.
//!
//! **Invariant:** a part goes on after a place and not after a number of rows, and a place is made of
//! what never changes of a case: whatever is counted between two parts, no row is missed or told twice.

mod walk;

use lt_db::{
    Reader,
    table::{
        metric_case::{self, Among, CaseId, MetricCase},
        metric_cell, metric_state,
    },
};
use lt_model::{
    Millis,
    id::GroupId,
    metric::{Cell, Clock, Grain, Metric, MetricValue},
};
use lt_protocol::{
    code::WireError,
    metrics::{
        MAX_METRIC_ROWS, MetricsPlace, MetricsRow, MetricsRows, MetricsRowsArgs, MetricsWhich,
    },
};

use self::walk::Walk;
use super::{
    step::clock,
    told::{as_of, groups},
};
use crate::{
    access::{Principal, current_agent},
    backoffice::Backoffice,
    error::Error,
};

/// Cases that are looked at for one answer: ten days of 2,000 conversations, below a tenth of a second.
/// Where few of many count, whoever asks goes on from there.
const LOOKED_AT: usize = 20_000;

impl Backoffice {
    /// The conversations and tickets behind a number, newest first. Their counts add up to it.
    ///
    /// # Errors
    /// [`lt_protocol::code::Code::Forbidden`]; when the store fails.
    pub fn metric_rows(
        &self,
        principal: &Principal,
        args: &MetricsRowsArgs,
        now: Millis,
    ) -> Result<MetricsRows, WireError> {
        self.db
            .read(|reader| rows(reader, principal, args, now))
            .map_err(WireError::from)
    }
}

fn rows(
    reader: &Reader<'_>,
    principal: &Principal,
    args: &MetricsRowsArgs,
    now: Millis,
) -> Result<MetricsRows, Error> {
    let agent = current_agent(reader, principal, Some(now))?;
    let mut seen = groups(reader, &agent)?;
    if let Some(wanted) = args.filter.group {
        seen.retain(|group| *group == wanted);
    }
    let state = metric_state::get(reader)?;
    let (rows, next) = part(reader, args, &seen)?;
    let total = match (args.after, next, &state) {
        (None, None, _) => Some(rows.len() as u64),
        (None, Some(_), Some(state)) => counted(reader, args, &seen, clock(state))?,
        _ => None,
    };
    Ok(MetricsRows {
        as_of: as_of(reader, state.as_ref(), now)?,
        rows,
        total,
        next,
    })
}

/// As many rows as are asked for, or as are found among [`LOOKED_AT`] cases, and where the others are.
fn part(
    reader: &Reader<'_>,
    args: &MetricsRowsArgs,
    seen: &[GroupId],
) -> Result<(Vec<MetricsRow>, Option<MetricsPlace>), Error> {
    let slice = args.filter.slice.as_ref();
    let is_wanted = |case: &MetricCase| {
        slice.is_none_or(|slice| case.value(slice.dim).as_ref() == Some(&slice.value))
    };
    let after = args.after.map(|place| (place.at, place.id.0));
    let after = after.unwrap_or(metric_case::FIRST);
    let mut walk = Walk::new(reader, seen, &among(args), after);
    let limit = args.limit.clamp(1, MAX_METRIC_ROWS) as usize;
    let (mut found, mut next) = (Vec::new(), None);
    let mut n_looked = 0;
    while let Some(case) = walk.next()? {
        if is_wanted(&case)
            && let Some(row) = row(&case, args)
        {
            if found.len() == limit {
                return Ok((found, next));
            }
            found.push(row);
        }
        let (at, id) = case.place();
        next = Some(MetricsPlace { at, id: id.into() });
        n_looked += 1;
        if n_looked == LOOKED_AT {
            return Ok((found, next));
        }
    }
    Ok((found, None))
}

/// Where to look. All of a conversation counts where it was opened, but for turns of the bot; what
/// stands at a moment was opened before it.
fn among(args: &MetricsRowsArgs) -> Vec<Among> {
    let (from, to) = (args.from, args.to);
    let opened = Among::Opened { from, to };
    match args.metric {
        Metric::Backlog | Metric::Queue => vec![Among::Standing(to), Among::Stood(to)],
        Metric::Failure => vec![opened, Among::OpenedBefore(from)],
        _ => vec![opened],
    }
}

/// How many rows there are, as the cells say it; none where they do not: a case may count several times
/// in a share of turns or of promises, and what stands is no sum of a period.
fn counted(
    reader: &Reader<'_>,
    args: &MetricsRowsArgs,
    seen: &[GroupId],
    clock: Clock,
) -> Result<Option<u64>, Error> {
    let is_once =
        !args.metric.is_standing() && !matches!(args.metric, Metric::Failure | Metric::SlaBreach);
    let is_whole = |at| clock.floor(at, Grain::Day) == at;
    if !is_once || !is_whole(args.from) || !is_whole(args.to) {
        return Ok(None);
    }
    let of = args.filter.slice.as_ref();
    let of = of.map(|slice| (slice.dim, slice.value.as_str()));
    let mut sum = Cell::default();
    for (grain, from, to) in clock.days_and_months(args.from, args.to) {
        for stored in metric_cell::of_value(reader, (grain, of), seen, from, to)? {
            if sum.add_bytes(&stored.bytes).is_none() {
                return Ok(None);
            }
        }
    }
    let (part, whole) = match sum.value(args.metric) {
        MetricValue::Share { part, whole } => (part, whole),
        MetricValue::Time { of: n, .. } | MetricValue::Count { n } => (n, n),
    };
    Ok(Some(match args.which {
        MetricsWhich::Counted => part,
        MetricsWhich::Rest => whole.saturating_sub(part),
        MetricsWhich::All => whole,
    }))
}

/// What a case counts for, where it does and that is asked for.
fn row(case: &MetricCase, args: &MetricsRowsArgs) -> Option<MetricsRow> {
    let from = match args.metric.is_standing() {
        true => Millis::MIN,
        false => args.from,
    };
    let (part, whole, ms) = match case.share.within(from, args.to).value(args.metric) {
        MetricValue::Share { part, whole } => (part, whole, None),
        MetricValue::Time { ms, of } => (of, of, ms),
        MetricValue::Count { n } => (n, n, None),
    };
    let is_asked_for = whole > 0
        && match args.which {
            MetricsWhich::Counted => part > 0,
            MetricsWhich::Rest => part < whole,
            MetricsWhich::All => true,
        };
    let (conversation_id, ticket_id, number) = match case.id {
        CaseId::Conversation(id) => (Some(id), None, format!("C-{}", case.number)),
        CaseId::Ticket(id) => (None, Some(id), format!("T-{:05}", case.number)),
    };
    is_asked_for.then_some(MetricsRow {
        conversation_id,
        ticket_id,
        number,
        at: case.share.opened_at,
        part,
        whole,
        ms,
        group: case.group,
        agent: case.agent,
    })
}
