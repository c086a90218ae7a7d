//! One step of counting.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fmt,
};

use lt_db::{
    Reader, Tx, feed,
    table::{
        business_hours, faq_version, inbox,
        message::Stored,
        metric_case::{self, CaseId, MetricCase},
        metric_cell::{self, CellKey, StoredCell},
        metric_state::{self, MetricState},
        survey, ticket,
    },
};
use lt_model::{
    Millis,
    change::EntityKind,
    conversation::Conversation,
    hours::{BusinessHours, CHINA_OFFSET_MINUTES},
    id::{GroupId, InboxId},
    metric::{
        Case, Cell, Clock, Count, Dimension, Grain, Rules, Share, case::FIRST_RESPONSE_LIMIT_MS,
    },
    survey::Survey,
};
use lt_protocol::code::WireError;
use uuid::Uuid;

use super::{risen::Risen, sources::Sources, story};
use crate::{backoffice::Backoffice, error::Error, pass_over::passed_over};

/// Changed rows of one step, about: few enough that writing takes a few milliseconds.
const N_ROWS: u64 = 1_000;
/// Conversations of one step that became late by the clock alone.
const N_LATE: u64 = 200;
/// Cases that are read at once: a question for all of them costs little more than one for each. How
/// many of them have their messages in memory together is for [`Sources`] to say.
const AT_ONCE: usize = 64;

/// What a step writes.
struct Step {
    from: Option<MetricState>,
    to: MetricState,
    cases: Vec<MetricCase>,
    cells: Vec<StoredCell>,
    risen: Risen,
    more: bool,
}

impl Backoffice {
    /// Counts what was committed since the last step. True: there is more to count.
    ///
    /// # Errors
    /// When the store fails; the step is taken again then.
    pub fn count_numbers(&self, now: Millis) -> Result<bool, WireError> {
        let step = self
            .db
            .read(|reader| prepare(reader, now))
            .map_err(WireError::from)?;
        let Some(step) = step else {
            return Ok(false);
        };
        self.db
            .derive(|tx| write(tx, &step, now))
            .map_err(WireError::from)?;
        Ok(step.more)
    }
}

fn write(tx: &Tx<'_>, step: &Step, now: Millis) -> Result<(), Error> {
    if !metric_state::advance(tx, step.from.as_ref(), &step.to)? {
        // Another process took this step.
        return Ok(());
    }
    for case in &step.cases {
        metric_case::put(tx, case)?;
    }
    metric_cell::put(tx, &step.cells)?;
    step.risen.keep(tx, step.more, now)?;
    let clock = clock(&step.to);
    let hour = |at| clock.floor(at, Grain::Hour);
    if step.from.is_none_or(|from| hour(from.as_of) != hour(now)) {
        for grain in Grain::ALL {
            if let Some(kept_ms) = grain.kept_ms() {
                metric_cell::drop_before(tx, grain, clock.floor(now - kept_ms, grain))?;
            }
        }
    }
    Ok(())
}

pub(super) fn clock(state: &MetricState) -> Clock {
    Clock {
        utc_offset_minutes: state.utc_offset_minutes,
    }
}

fn prepare(reader: &Reader<'_>, now: Millis) -> Result<Option<Step>, Error> {
    let from = metric_state::get(reader)?;
    let start = match from {
        Some(state) => state,
        None => MetricState {
            acts: 0,
            version: 0,
            as_of: now,
            utc_offset_minutes: business_hours::all(reader)?
                .first()
                .map_or(CHINA_OFFSET_MINUTES, |hours| hours.utc_offset_minutes),
        },
    };
    let touched = feed::touched(reader, start.acts, N_ROWS)?;
    let late = metric_case::late(reader, now, N_LATE)?;
    if touched.is_none() && late.is_empty() && from.is_some() {
        return Ok(None);
    }
    let mut ids: BTreeSet<CaseId> = late.into_iter().map(CaseId::Conversation).collect();
    let (acts, at) = touched
        .as_ref()
        .map_or((start.acts, now), |touched| (touched.up_to, touched.at));
    for (kind, id) in touched.iter().flat_map(|touched| &touched.rows) {
        ids.extend(case_id(reader, *kind, id)?);
    }
    let more = feed::touched(reader, acts, 1)?.is_some();
    let mut folding = Folding {
        reader,
        now,
        calendars: HashMap::new(),
        lines: HashMap::new(),
    };
    let mut spread = Spread {
        clock: clock(&start),
        now,
        cells: BTreeMap::new(),
    };
    let mut risen = Risen::of_step(reader, from.is_none())?;
    let mut cases = Vec::new();
    let ids: Vec<CaseId> = ids.into_iter().collect();
    for some in ids.chunks(AT_ONCE) {
        // Where one of them cannot be read, each is read alone.
        let mut together = Sources::read(reader, some).ok();
        for &id in some {
            let mut alone = None;
            let (before, sources) = match &mut together {
                Some(all) => (all.before(id), Ok(all)),
                None => {
                    let before = metric_case::get(reader, id);
                    match Sources::read(reader, &[id]) {
                        Ok(read) => (before, Ok(alone.insert(read))),
                        Err(error) => (before, Err(error)),
                    }
                }
            };
            let before = passed_over("numbers", Named(id), before.map_err(Error::from))?;
            let Some(before) = before else {
                continue;
            };
            let folded = sources.and_then(|sources| folding.case(id, sources));
            let case = match (passed_over("numbers", Named(id), folded)?, &before) {
                (Some(Some(case)), _) => case,
                // What cannot be read counts as it did, and is not looked at by the clock again.
                (None, Some(before)) if before.late_at.is_some() => MetricCase {
                    late_at: None,
                    ..before.clone()
                },
                (Some(None) | None, _) => continue,
            };
            if before.as_ref() == Some(&case) {
                continue;
            }
            if let Some(before) = &before {
                spread.take(before, -1);
            }
            spread.take(&case, 1);
            risen.take(before.as_ref(), &case);
            cases.push(case);
        }
    }
    if touched.is_none() && cases.is_empty() && from.is_some() {
        return Ok(None);
    }
    let mut version = start.version;
    let cells = spread.stored(reader, &mut version)?;
    Ok(Some(Step {
        from,
        to: MetricState {
            acts,
            version,
            as_of: if more { at } else { now },
            ..start
        },
        cases,
        cells,
        risen,
        more,
    }))
}

/// As the log names it.
struct Named(CaseId);

impl fmt::Display for Named {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            CaseId::Conversation(id) => write!(f, "conversation:{id}"),
            CaseId::Ticket(id) => write!(f, "ticket:{id}"),
        }
    }
}

fn case_id(reader: &Reader<'_>, kind: EntityKind, id: &str) -> Result<Option<CaseId>, Error> {
    let Ok(id) = id.parse::<Uuid>() else {
        return Ok(None);
    };
    Ok(match kind {
        EntityKind::Conversation => Some(CaseId::Conversation(id.into())),
        EntityKind::Ticket => Some(CaseId::Ticket(id.into())),
        EntityKind::Survey => survey::by_id(reader, id.into())?
            .map(|survey| CaseId::Conversation(survey.conversation_id)),
        _ => None,
    })
}

/// Folds cases, and remembers what many of them ask for.
struct Folding<'r> {
    reader: &'r Reader<'r>,
    now: Millis,
    calendars: HashMap<InboxId, BusinessHours>,
    lines: HashMap<(String, u32), String>,
}

impl Folding<'_> {
    fn case(&mut self, id: CaseId, sources: &mut Sources) -> Result<Option<MetricCase>, Error> {
        match id {
            CaseId::Conversation(id) => {
                let Some(conversation) = sources.conversation(id)? else {
                    return Ok(None);
                };
                let said = (sources.messages(self.reader, id)?, sources.surveys(id)?);
                self.conversation(&conversation, said).map(Some)
            }
            CaseId::Ticket(ticket) => Ok(ticket::by_id(self.reader, ticket)?.map(|ticket| {
                let (share, is_standing) = story::ticket_share(&ticket, self.now);
                MetricCase {
                    id,
                    number: ticket.number,
                    group: ticket.group_id,
                    agent: ticket.assignee.map(|person| person.agent),
                    channel: None,
                    line: None,
                    category: None,
                    intent: None,
                    is_standing,
                    late_at: None,
                    share,
                }
            })),
        }
    }

    fn conversation(
        &mut self,
        conversation: &Conversation,
        (messages, surveys): (Vec<Stored>, Vec<Survey>),
    ) -> Result<MetricCase, Error> {
        let messages = messages.iter().map(|stored| &stored.message);
        let story = story::read(conversation, messages, &surveys);
        let line = match &story.source {
            Some(source) => self.line(&source.faq_id, source.version)?,
            None => String::new(),
        };
        // The clocks of several servers differ a little: what is written down has happened.
        let last = story.events.iter().map(|event| event.at).max();
        let as_of = self.now.max(last.unwrap_or(self.now));
        let rules = Rules {
            hours: self.calendar(conversation.inbox_id)?,
            first_response_limit_ms: FIRST_RESPONSE_LIMIT_MS,
        };
        let case = Case::fold(&story.events, rules.hours, as_of);
        let share = case.share(rules, as_of).unwrap_or_else(|| Share {
            opened_at: conversation.created_at,
            ..Share::default()
        });
        let queue: i64 = share
            .flows
            .iter()
            .map(|(_, count)| match count {
                Count::QueueIn => 1,
                Count::QueueOut => -1,
                _ => 0,
            })
            .sum();
        Ok(MetricCase {
            id: CaseId::Conversation(conversation.id),
            number: conversation.number,
            group: conversation.group_id,
            agent: story.answered_by.or_else(|| conversation.assignee()),
            channel: Some(word(&conversation.channel)),
            line: Some(line),
            category: Some(conversation.category.clone()),
            intent: Some(conversation.intent.clone()),
            is_standing: queue > 0,
            late_at: case.late_at(rules, as_of),
            share,
        })
    }

    /// The calendar of an inbox; one without is always open.
    fn calendar(&mut self, inbox: InboxId) -> Result<&BusinessHours, Error> {
        let reader = self.reader;
        match self.calendars.entry(inbox) {
            std::collections::hash_map::Entry::Occupied(known) => Ok(known.into_mut()),
            std::collections::hash_map::Entry::Vacant(place) => {
                let hours = inbox::by_id(reader, inbox)?.and_then(|inbox| inbox.hours);
                let calendar = match hours {
                    Some(id) => business_hours::by_id(reader, id)?,
                    None => None,
                };
                let always = || BusinessHours::always(Uuid::nil().into());
                Ok(place.insert(calendar.unwrap_or_else(always)))
            }
        }
    }

    /// The business line of an entry.
    fn line(&mut self, faq_id: &str, version: u32) -> Result<String, Error> {
        let key = (faq_id.to_owned(), version);
        if let Some(known) = self.lines.get(&key) {
            return Ok(known.clone());
        }
        let found = faq_version::get(self.reader, faq_id, version)?;
        let line = found.map_or_else(String::new, |faq| faq.business_line);
        self.lines.insert(key, line.clone());
        Ok(line)
    }
}

/// What the cells of a step gain and lose.
pub(super) struct Spread {
    pub(super) clock: Clock,
    pub(super) now: Millis,
    pub(super) cells: BTreeMap<CellKey, Cell>,
}

impl Spread {
    /// Adds a case to all cells that it belongs to, or takes it from them.
    pub(super) fn take(&mut self, case: &MetricCase, sign: i64) {
        let dims = Dimension::ALL.into_iter().map(Some);
        for dim in std::iter::once(None).chain(dims) {
            let value = match dim {
                None => Some(String::new()),
                Some(dim) => case.value(dim),
            };
            let Some(value) = value else { continue };
            for grain in Grain::ALL {
                if grain == Grain::Hour && !dim.is_none_or(Dimension::has_hours) {
                    continue;
                }
                let oldest = grain
                    .kept_ms()
                    .map(|kept_ms| self.clock.floor(self.now - kept_ms, grain));
                case.share.spread(sign, |at, add| {
                    let at = self.clock.floor(at, grain);
                    if oldest.is_some_and(|oldest| at < oldest) {
                        return;
                    }
                    let key = CellKey {
                        group: case.group,
                        grain,
                        dim,
                        at,
                        value: value.clone(),
                    };
                    add(self.cells.entry(key).or_default());
                });
            }
        }
    }

    /// The cells as they are with it, each with a version of its own.
    fn stored(mut self, reader: &Reader<'_>, version: &mut u64) -> Result<Vec<StoredCell>, Error> {
        self.cells.retain(|_, cell| !cell.is_empty());
        let mut of_groups: BTreeMap<GroupId, Vec<&CellKey>> = BTreeMap::new();
        for key in self.cells.keys() {
            of_groups.entry(key.group).or_default().push(key);
        }
        let mut before = HashMap::new();
        for (group, keys) in of_groups {
            for cell in metric_cell::of_group(reader, group, &keys)? {
                before.insert(cell.key, cell.bytes);
            }
        }
        let mut stored = Vec::with_capacity(self.cells.len());
        for (key, mut cell) in self.cells {
            if let Some(bytes) = before.get(&key) {
                let mut sum = Cell::default();
                match sum.add_bytes(bytes) {
                    Some(()) => sum.merge(&cell),
                    None => {
                        tracing::error!(grain = ?key.grain, at = key.at, "a cell is counted anew");
                        sum = recounted(reader, self.clock, &key)?;
                        sum.merge(&cell);
                    }
                }
                cell = sum;
            }
            *version += 1;
            stored.push(StoredCell {
                key,
                version: *version,
                bytes: cell.to_bytes(),
            });
        }
        Ok(stored)
    }
}

/// A cell as it was before this step, from the cases that it is the sum of.
fn recounted(reader: &Reader<'_>, clock: Clock, key: &CellKey) -> Result<Cell, Error> {
    let end = clock.next(key.at, key.grain);
    let mut sum = Cell::default();
    for case in metric_case::within(reader, key.group, key.at, end)? {
        let is_of_value = key
            .dim
            .is_none_or(|dim| case.value(dim).as_ref() == Some(&key.value));
        if is_of_value {
            sum.merge(&case.share.within(key.at, end));
        }
    }
    Ok(sum)
}

/// The serde name of a word of a closed set.
pub(super) fn word<T: serde::Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}
