//! The rows behind a number.

use lt_db::{
    Reader,
    table::{
        metric_case::{self, CaseId, MetricCase},
        metric_state,
    },
};
use lt_model::{Millis, metric::MetricValue};
use lt_protocol::{
    code::{Code, WireError},
    metrics::{MAX_METRIC_ROWS, MetricsRow, MetricsRows, MetricsRowsArgs, MetricsWhich},
};

use super::told::{as_of, groups};
use crate::{
    access::{Principal, current_agent},
    backoffice::Backoffice,
    error::{Error, Refused},
};

/// Most cases of a period that are looked at: about a quarter of 2,000 conversations a day.
const MAX_CASES: u64 = 200_000;

impl Backoffice {
    /// The conversations and tickets behind a number, newest first. Their counts add up to it.
    ///
    /// # Errors
    /// [`Code::Forbidden`]; [`Code::TooLarge`] where the period holds too many; when the store fails.
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
    let cases = match args.metric.is_standing() {
        true => metric_case::standing_at(reader, args.to, MAX_CASES + 1)?,
        false => metric_case::within(reader, args.from, args.to, MAX_CASES + 1)?,
    };
    if cases.len() as u64 > MAX_CASES {
        return Err(Refused::new(Code::TooLarge, "the period holds too many rows").into());
    }
    let is_wanted = |case: &MetricCase| {
        let slice = args.filter.slice.as_ref();
        seen.contains(&case.group)
            && slice.is_none_or(|slice| case.value(slice.dim).as_ref() == Some(&slice.value))
    };
    let (mut found, mut total) = (Vec::new(), 0);
    let limit = args.limit.min(MAX_METRIC_ROWS) as usize;
    for case in cases.iter().filter(|case| is_wanted(case)) {
        let Some(row) = row(case, args) else { continue };
        if total >= u64::from(args.offset) && found.len() < limit {
            found.push(row);
        }
        total += 1;
    }
    let state = metric_state::get(reader)?;
    Ok(MetricsRows {
        as_of: as_of(reader, state.as_ref(), now)?,
        rows: found,
        total,
    })
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
