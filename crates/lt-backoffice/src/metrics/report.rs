//! Reports of the numbers by mail (数字报告): made from the cells when they are due, kept as they were
//! made, and sent by the same outbox as alerts.
//!
//! **Invariant:** a report and its row of the outbox come to be in one transaction, and there is one of
//! each person and period, whichever of several servers makes it and whenever it is killed. Sent twice,
//! it goes out under the same id.
//!
//! **Invariant:** it is of the groups whose numbers the person may see, when it is made and when it is
//! sent: with fewer by then it is not sent.

pub(crate) mod words;

use lt_db::{
    DbError, Reader, Tx,
    table::{
        agent, agent_settings, alert_channel, alert_outbox, metric_cell,
        metric_state::{self, MetricState},
        report, skill_group,
    },
};
use lt_model::{
    Millis,
    agent::{Agent, Permission},
    alert::notify::{DeliveryState, Notification, NotifyChannel},
    hours::CHINA_OFFSET_MINUTES,
    id::{AlertId, GroupId, ReportId},
    metric::{
        Cell, Clock, Grain, NumbersReport,
        report::{ReportGroup, ReportNumbers, ReportPeriod, ReportSpan},
    },
};
use lt_protocol::{
    alert::DeliveryView,
    code::{Code, WireError},
    personal::AgentSettings,
};

use super::{
    step::clock,
    told::{as_of, groups},
};
use crate::{
    access::{Principal, current_agent},
    audit,
    backoffice::Backoffice,
    error::{Error, Refused},
    ids,
    pass_over::passed_over,
};

/// Reports are kept for so long, and then thrown away with what was sent of them, also those of whoever
/// gets none any more.
const KEEP_MS: Millis = 90 * 86_400_000;
/// Reports that are thrown away in one go.
const SWEPT_AT_ONCE: u64 = 100;
/// A period is over for so long before its report is made: the clocks of several servers differ a
/// little, and an act may begin in it and be committed after it.
const SETTLED_MS: Millis = 60_000;
/// Between two that somebody asks for out of turn.
const ASK_EVERY_MS: Millis = 60_000;

impl Backoffice {
    /// Makes the reports that are due. Call it some times a minute; several processes may. What was
    /// missed is made up for by the latest one alone. Where mail is not set up, or what happened in
    /// the period is not counted yet, it stays due. Returns how many were made.
    ///
    /// # Errors
    /// When the store fails; what was made by then is kept.
    pub fn make_reports(&self, now: Millis) -> Result<usize, WireError> {
        let due = self.db.read(|reader| due(reader, now))?;
        let mut n_made = 0;
        for report in due {
            if self.db.derive(|tx| put(tx, &report))? {
                tracing::info!(span = ?report.span, "a report of the numbers was made");
                n_made += 1;
            }
        }
        Ok(n_made)
    }

    /// Makes a report out of turn, to the address of whoever asks: of the last seven days where they
    /// have asked for weekly ones, else of yesterday.
    ///
    /// # Errors
    /// [`Code::Forbidden`], also for a lead of no group; [`Code::IllegalState`] where mail is not set
    /// up, or they gave no address; [`Code::SlowDown`] when they have just asked.
    pub fn mail_report(
        &self,
        principal: &Principal,
        now: Millis,
    ) -> Result<DeliveryView, WireError> {
        // The sums over months are read before the act: nobody who writes waits for them.
        let made = match self.db.read(|reader| asked_for(reader, principal, now)) {
            Ok(made) => Ok(made),
            // The act refuses it too, and is audited.
            Err(Error::Refused(why)) => Err(why),
            Err(other) => return Err(other.into()),
        };
        let permission = Permission::MetricsView;
        self.act_as(principal, "metrics.mail", permission, now, |tx, me| {
            may_ask(tx, me, now)?;
            let made = made?;
            put(tx, &made)?;
            Ok(((), audit::object("report", made.id)))
        })?;
        Ok(self.db.read(crate::alerts::view)?)
    }

    /// Throws away those that were kept for long enough. Called about once an hour.
    pub(crate) fn sweep_reports(&self, now: Millis) -> Result<(), Error> {
        let before = now - KEEP_MS;
        let found = self.read(|reader| report::made_before(reader, before, 1))?;
        if found.is_empty() {
            return Ok(());
        }
        self.db.derive(|tx| {
            for id in report::made_before(tx, before, SWEPT_AT_ONCE)? {
                report::remove(tx, id)?;
            }
            Ok(())
        })
    }
}

/// The report out of turn of whoever asks.
fn asked_for(
    reader: &Reader<'_>,
    principal: &Principal,
    now: Millis,
) -> Result<NumbersReport, Error> {
    let me = current_agent(reader, principal, Some(now))?;
    let settings = may_ask(reader, &me, now)?;
    let span = settings
        .report_plan()
        .map_or(ReportSpan::Day, |plan| plan.span());
    let stand = Stand::of(reader, now)?;
    let made = stand.report(reader, &me, span, span.closed(now, stand.clock))?;
    Ok(NumbersReport {
        is_asked: true,
        ..made
    })
}

/// Refuses where no report can be sent to them now; their settings.
fn may_ask(reader: &Reader<'_>, me: &Agent, now: Millis) -> Result<AgentSettings, Error> {
    if seen(reader, me)?.is_none() {
        return Err(Refused::new(Code::Forbidden, "of no group").into());
    }
    let settings = agent_settings::of(reader, me.id)?;
    let settings = settings.filter(|settings| mailbox(settings).is_some());
    let settings = match settings {
        Some(settings) if is_mail_used(reader)? => settings,
        _ => return Err(Refused::new(Code::IllegalState, "no way for mail").into()),
    };
    let asked_at = report::asked_at(reader, me.id)?;
    if asked_at.is_some_and(|at| now < at.saturating_add(ASK_EVERY_MS)) {
        return Err(Refused::new(Code::SlowDown, "one was just asked for").into());
    }
    Ok(settings)
}

/// Where a report goes that stands in the outbox. None: nowhere any more.
pub(crate) fn address(tx: &Tx<'_>, report: &NumbersReport) -> Result<Option<String>, Error> {
    let all = agent::leading(tx)?;
    let Some(person) = all.iter().find(|person| person.id == report.agent) else {
        return Ok(None);
    };
    let Some(seen) = seen(tx, person)? else {
        return Ok(None);
    };
    if !report.groups.iter().all(|group| seen.contains(&group.id)) {
        return Ok(None);
    }
    let Some(settings) = agent_settings::of(tx, person.id)? else {
        return Ok(None);
    };
    let plan = settings.report_plan();
    let is_wanted = report.is_asked || plan.is_some_and(|plan| plan.span() == report.span);
    Ok(mailbox(&settings).filter(|_| is_wanted))
}

/// Reports that are to be made now.
fn due(reader: &Reader<'_>, now: Millis) -> Result<Vec<NumbersReport>, Error> {
    let mut due = Vec::new();
    if !is_mail_used(reader)? {
        return Ok(due);
    }
    let stand = Stand::of(reader, now)?;
    for person in agent::leading(reader)? {
        let made = passed_over("reports", person.id, stand.due(reader, &person));
        due.extend(made?.flatten());
    }
    Ok(due)
}

fn put(tx: &Tx<'_>, made: &NumbersReport) -> Result<bool, Error> {
    if !report::insert(tx, made)? {
        // Another process was faster.
        return Ok(false);
    }
    alert_outbox::insert(
        tx,
        &Notification {
            alert_id: AlertId(made.id.0),
            step: 1,
            agent: Some(made.agent),
            channel: NotifyChannel::Email,
            is_escalation: false,
            is_postponed: false,
            is_asked: made.is_asked,
            state: DeliveryState::Pending,
            attempts: 0,
            next_at: made.at,
            at: made.at,
            sent_at: None,
            error: None,
        },
    )?;
    Ok(true)
}

/// A report by the id under which it stands in the outbox.
pub(crate) fn of_outbox(reader: &Reader<'_>, id: AlertId) -> Result<Option<NumbersReport>, Error> {
    Ok(report::by_id(reader, ReportId(id.0))?)
}

fn is_mail_used(reader: &Reader<'_>) -> Result<bool, Error> {
    let set = alert_channel::get(reader, NotifyChannel::Email)?;
    Ok(set.is_some_and(|set| set.enabled))
}

fn mailbox(settings: &AgentSettings) -> Option<String> {
    Some(settings.alert_prefs().email).filter(|email| !email.is_empty())
}

/// The groups whose numbers somebody may see; none where it is not for them.
fn seen(reader: &Reader<'_>, person: &Agent) -> Result<Option<Vec<GroupId>>, Error> {
    match groups(reader, person) {
        Ok(seen) => Ok(Some(seen).filter(|seen| !seen.is_empty())),
        Err(Error::Refused(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The organisation's clock.
pub(crate) fn clock_of(reader: &Reader<'_>) -> Result<Clock, Error> {
    Ok(clock_by(metric_state::get(reader)?.as_ref()))
}

/// China's, until something was counted.
fn clock_by(state: Option<&MetricState>) -> Clock {
    let china = Clock {
        utc_offset_minutes: CHINA_OFFSET_MINUTES,
    };
    state.map_or(china, clock)
}

/// What is counted by now.
struct Stand {
    clock: Clock,
    as_of: Millis,
    now: Millis,
}

impl Stand {
    fn of(reader: &Reader<'_>, now: Millis) -> Result<Self, Error> {
        let state = metric_state::get(reader)?;
        Ok(Self {
            clock: clock_by(state.as_ref()),
            as_of: as_of(reader, state.as_ref(), now)?,
            now,
        })
    }

    /// The report that a person is to be made now.
    fn due(&self, reader: &Reader<'_>, person: &Agent) -> Result<Option<NumbersReport>, Error> {
        let Some(settings) = agent_settings::of(reader, person.id)? else {
            return Ok(None);
        };
        let slot = settings.report.filter(|_| mailbox(&settings).is_some());
        let Some((slot, plan)) = slot.and_then(|slot| Some((slot, slot.plan?))) else {
            return Ok(None);
        };
        let done = report::done_until(reader, person.id, plan.span())?;
        let period = plan.due(slot.since, done, self.now, self.clock);
        let period = period.filter(|period| self.as_of >= period.to + SETTLED_MS);
        let (Some(period), Some(_)) = (period, seen(reader, person)?) else {
            return Ok(None);
        };
        self.report(reader, person, plan.span(), period).map(Some)
    }

    fn report(
        &self,
        reader: &Reader<'_>,
        person: &Agent,
        span: ReportSpan,
        period: ReportPeriod,
    ) -> Result<NumbersReport, Error> {
        let seen = groups(reader, person)?;
        let (mut now, mut before) = (Sums::default(), Sums::default());
        let mut of_groups = Vec::new();
        for group in skill_group::all(reader)? {
            if !seen.contains(&group.id) {
                continue;
            }
            let own = self.sums(reader, group.id, period)?;
            let own_before = self.sums(reader, group.id, period.before())?;
            now.add(&own);
            before.add(&own_before);
            of_groups.push(ReportGroup {
                id: group.id,
                name: group.name,
                numbers: numbers(&own, &own_before),
            });
        }
        Ok(NumbersReport {
            id: ids::new(self.now)?,
            agent: person.id,
            span,
            is_asked: false,
            period,
            as_of: self.as_of,
            utc_offset_minutes: self.clock.utc_offset_minutes,
            at: self.now,
            all: numbers(&now, &before),
            groups: of_groups,
        })
    }

    fn sums(
        &self,
        reader: &Reader<'_>,
        group: GroupId,
        period: ReportPeriod,
    ) -> Result<Sums, Error> {
        let unreadable = || DbError::Shape("metric cell");
        let mut sums = Sums::default();
        for (grain, from, to) in self.clock.days_and_months(period.from, period.to) {
            for stored in metric_cell::between(reader, (grain, None), &[group], from, to)? {
                sums.of.add_bytes(&stored.bytes).ok_or_else(unreadable)?;
            }
        }
        let begin = self.clock.floor(0, Grain::Month);
        for (grain, from, to) in self.clock.days_and_months(begin, period.to) {
            for stored in metric_cell::between(reader, (grain, None), &[group], from, to)? {
                let standing = sums.standing.add_standing(&stored.bytes);
                standing.ok_or_else(unreadable)?;
            }
        }
        Ok(sums)
    }
}

/// Sums of a period, and from the first case to its end.
#[derive(Default)]
struct Sums {
    of: Cell,
    standing: Cell,
}

impl Sums {
    fn add(&mut self, other: &Self) {
        self.of.merge(&other.of);
        self.standing.merge(&other.standing);
    }
}

fn numbers(now: &Sums, before: &Sums) -> ReportNumbers {
    ReportNumbers {
        now: now.of.values(&now.standing),
        before: before.of.values(&before.standing),
    }
}
