//! What lists show of tickets.

use lt_model::{
    Millis,
    contact::ValueTier,
    id::{AgentId, ContactId, ConversationId, GroupId, TicketId, TicketTypeId},
    priority::Priority,
    sla::{DeadlineState, SlaMetric},
    ticket::{Ticket, TicketState},
};
use lt_protocol::ticket::{TicketDue, TicketFilter, TicketScope, TicketSort, TicketStepAt};
use rusqlite::{Connection, Row, Transaction, params, params_from_iter, types::Value};
use serde::{Deserialize, Serialize};

use crate::{
    Result,
    sql::{Id, count, from_json, id, int, json, maybe_id, word},
};

/// From so long before it is due, a promise is due soon.
const SOON_MS: Millis = 3_600_000;
/// Sorts behind everything that is due.
const PAUSED_KEY: Millis = 8_000_000_000_000_000;
/// Sorts behind what is paused.
const NOTHING_DUE_KEY: Millis = 9_000_000_000_000_000;

/// A ticket as a list shows it, waiting operations applied. Title and name are not masked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TicketLine {
    /// Its id.
    pub id: TicketId,
    /// Its short number; 0 until the server has it.
    pub number: u64,
    /// Its type.
    pub type_id: TicketTypeId,
    /// Where it stands.
    pub state: TicketState,
    /// How soon it is needed.
    pub priority: Priority,
    /// The department that has it.
    pub group_id: GroupId,
    /// Who has it.
    pub assignee: Option<AgentId>,
    /// What it is about.
    pub title: String,
    /// The customer.
    pub contact_id: Option<ContactId>,
    /// Their name; empty when unknown.
    pub customer: String,
    /// When it was made.
    pub created_at: Millis,
    /// When anything last happened.
    pub updated_at: Millis,
    /// Whether an operation of this desk waits to be sent.
    pub pending: bool,
    /// Whether one was refused.
    pub refused: bool,
    /// Whether a note names the agent, which they have not looked at yet.
    pub mentioned: bool,
    /// The rest of what a card shows.
    pub card: TicketCard,
}

/// The rest of what a card shows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketCard {
    /// Name of who has it; empty for nobody.
    pub assignee: String,
    /// The departments so far and still to come.
    pub path: Vec<(GroupId, TicketStepAt)>,
    /// The departments that expect it back.
    pub waiting: Vec<GroupId>,
    /// Value of the customer.
    pub tier: Option<ValueTier>,
    /// The promise that presses most.
    pub due: Option<TicketCardDue>,
    /// Until when it is on hold.
    pub hold_until: Option<Millis>,
}

/// A promise on a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketCardDue {
    /// What is promised.
    pub metric: SlaMetric,
    /// When it is due; none while it is paused.
    pub due_at: Option<Millis>,
    /// Since when it runs.
    pub started_at: Millis,
    /// When the warning is due.
    pub warn_at: Option<Millis>,
    /// Whether it is paused.
    pub paused: bool,
    /// Whether it is late.
    pub breached: bool,
    /// Whether the warning was given.
    pub warned: bool,
}

impl TicketCardDue {
    /// Whether it is late by now, as the filter of late ones has it.
    #[must_use]
    pub fn is_late(&self, now: Millis) -> bool {
        self.breached || self.due_at.is_some_and(|at| at < now)
    }

    /// Whether it is warned of by now.
    #[must_use]
    pub fn is_warned(&self, now: Millis) -> bool {
        self.warned || self.warn_at.is_some_and(|at| at <= now)
    }
}

/// How many unfinished tickets there are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TicketTotals {
    /// That the agent has.
    pub mine: u32,
    /// That a department of the agent expects back.
    pub waiting: u32,
    /// With a note that names the agent, which they have not looked at yet; the ended ones too.
    pub mentioned: u32,
    /// In all.
    pub all: u32,
    /// Late ones.
    pub breached: u32,
    /// With each of the agent's departments.
    pub departments: Vec<(GroupId, u32)>,
}

/// The texts of a ticket that lists are searched by, as they are stored.
#[derive(Clone, Copy, Debug)]
pub struct TicketWords<'a> {
    /// Its title.
    pub title: &'a str,
    /// The customer's name.
    pub customer: &'a str,
}

/// Whether somebody who searches for a word may be told that it is in these texts, which they see
/// masked.
pub type Tells<'a> = &'a dyn Fn(&TicketWords<'_>, &str) -> bool;

/// Most words of a filter that are looked for.
const MAX_TERMS: usize = 8;

/// Part of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TicketPart {
    /// In which order.
    pub sort: TicketSort,
    /// The other way round.
    pub reversed: bool,
    /// Lines to leave out.
    pub offset: u32,
    /// At most so many.
    pub limit: u32,
}

/// Whose lists these are, and when.
pub(crate) struct Viewer<'a> {
    pub(crate) me: AgentId,
    pub(crate) groups: &'a [GroupId],
    pub(crate) now: Millis,
}

/// Writes the line of a ticket anew.
pub(crate) fn put(
    tx: &Transaction<'_>,
    ticket: &Ticket,
    pending: bool,
    refused: bool,
) -> Result<()> {
    let card = card(ticket);
    let due_key = match &card.due {
        None => NOTHING_DUE_KEY,
        Some(due) if due.paused => PAUSED_KEY,
        Some(due) => due.due_at.unwrap_or(PAUSED_KEY),
    };
    let breached = card.due.as_ref().is_some_and(|due| due.breached);
    let warn_at = card.due.as_ref().and_then(|due| match due.warned {
        true => Some(due.started_at),
        false => due.warn_at,
    });
    let customer = ticket.customer.as_ref();
    tx.prepare_cached(
        "INSERT OR REPLACE INTO ticket (id, number, type, state, unfinished, priority, grp,
           assignee, contact, due_key, breached, warn_at, created_at, updated_at, pending, refused,
           title, customer, card)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18,
           ?19)",
    )?
    .execute(params![
        ticket.id.blob(),
        int(ticket.number),
        ticket.type_id.blob(),
        word(&ticket.state)?,
        ticket.state.is_unfinished(),
        ticket.priority as i64,
        ticket.group_id.blob(),
        ticket.assignee.as_ref().map(|person| person.agent.blob()),
        customer.map(|customer| customer.contact_id.blob()),
        due_key,
        breached,
        warn_at,
        ticket.created_at,
        ticket.updated_at,
        pending,
        refused,
        ticket.title,
        customer.map_or("", |customer| &customer.name),
        json(&card)?,
    ])?;
    tx.prepare_cached("DELETE FROM ticket_waiting WHERE ticket = ?1")?
        .execute([ticket.id.blob()])?;
    for group in &card.waiting {
        tx.prepare_cached("INSERT OR IGNORE INTO ticket_waiting (ticket, grp) VALUES (?1, ?2)")?
            .execute(params![ticket.id.blob(), group.blob()])?;
    }
    tx.prepare_cached("DELETE FROM ticket_conversation WHERE ticket = ?1")?
        .execute([ticket.id.blob()])?;
    for conversation in &ticket.conversations {
        tx.prepare_cached(
            "INSERT OR IGNORE INTO ticket_conversation (conversation, ticket) VALUES (?1, ?2)",
        )?
        .execute(params![conversation.id.blob(), ticket.id.blob()])?;
    }
    Ok(())
}

fn card(ticket: &Ticket) -> TicketCard {
    let mut path: Vec<(GroupId, TicketStepAt)> = ticket
        .path
        .iter()
        .map(|step| {
            let at = match step.left_at {
                Some(_) => TicketStepAt::Past,
                None => TicketStepAt::Now,
            };
            (step.group, at)
        })
        .collect();
    if ticket.state.is_unfinished() {
        path.extend(
            ticket
                .ahead()
                .into_iter()
                .map(|id| (id, TicketStepAt::Ahead)),
        );
    }
    TicketCard {
        assignee: ticket
            .assignee
            .as_ref()
            .map(|person| person.name.clone())
            .unwrap_or_default(),
        path,
        waiting: ticket.waiting.iter().map(|one| one.group).collect(),
        tier: ticket.customer.as_ref().map(|customer| customer.tier),
        due: ticket.pressing().map(|deadline| TicketCardDue {
            metric: deadline.metric,
            due_at: deadline.due_at.filter(|_| !deadline.is_paused()),
            started_at: deadline.started_at,
            warn_at: deadline.warn_at,
            paused: deadline.is_paused(),
            breached: deadline.state == DeadlineState::Breached,
            warned: deadline.warned,
        }),
        hold_until: ticket.hold_until,
    }
}

/// A part of the tickets of a filter, and how many it has in all.
pub(crate) fn lines(
    connection: &Connection,
    filter: &TicketFilter,
    part: TicketPart,
    viewer: &Viewer<'_>,
    tells: Tells<'_>,
) -> Result<(Vec<TicketLine>, u32)> {
    if !filter.query.trim().is_empty() {
        return told(connection, filter, part, viewer, tells);
    }
    let (condition, values) = condition(filter, viewer)?;
    let total = connection
        .prepare_cached(&format!("SELECT count(*) FROM ticket t WHERE {condition}"))?
        .query_row(params_from_iter(&values), |row| row.get(0))?;
    let order = order(part.sort, part.reversed);
    let sql = format!(
        "SELECT {COLUMNS} FROM ticket t WHERE {condition} ORDER BY {order} LIMIT {} OFFSET {}",
        part.limit, part.offset
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map(params_from_iter(&values), columns)?;
    let lines = rows.map(|row| line(row?)).collect::<Result<_>>()?;
    Ok((lines, total))
}

/// The same of a filter with words. What the texts have that is shown masked is not looked through:
/// of those that the store finds, only those that may be told are counted.
fn told(
    connection: &Connection,
    filter: &TicketFilter,
    part: TicketPart,
    viewer: &Viewer<'_>,
    tells: Tells<'_>,
) -> Result<(Vec<TicketLine>, u32)> {
    let (condition, values) = condition(filter, viewer)?;
    let order = order(part.sort, part.reversed);
    let sql = format!(
        "SELECT t.rowid, t.number, t.title, t.customer FROM ticket t WHERE {condition} ORDER BY {order}"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map(params_from_iter(&values), |row| {
        Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
    })?;
    let mut found: Vec<i64> = Vec::new();
    for row in rows {
        let (rowid, number, title, customer): (i64, i64, String, String) = row?;
        let words = TicketWords {
            title: &title,
            customer: &customer,
        };
        let is_told = |term| number_in(term) == Some(number) || tells(&words, term);
        if terms(filter).all(is_told) {
            found.push(rowid);
        }
    }
    let total = u32::try_from(found.len()).unwrap_or(u32::MAX);
    let size = |n: u32| usize::try_from(n).unwrap_or(usize::MAX);
    let window = found.iter().skip(size(part.offset)).take(size(part.limit));
    let rowids: Vec<String> = window.map(ToString::to_string).collect();
    let sql = format!(
        "SELECT {COLUMNS} FROM ticket t WHERE t.rowid IN ({}) ORDER BY {order}",
        rowids.join(", ")
    );
    let mut statement = connection.prepare(&sql)?;
    let lines = statement.query_map([], columns)?;
    let lines = lines.map(|row| line(row?)).collect::<Result<_>>()?;
    Ok((lines, total))
}

/// The words of a filter.
fn terms(filter: &TicketFilter) -> impl Iterator<Item = &str> {
    filter.query.split_whitespace().take(MAX_TERMS)
}

/// The number that a word such as T-00817 names.
fn number_in(term: &str) -> Option<i64> {
    let digits = term.trim_start_matches(['T', 't']);
    digits.trim_start_matches('-').parse().ok()
}

/// The line of one ticket.
pub(crate) fn get(connection: &Connection, ticket: TicketId) -> Result<Option<TicketLine>> {
    let sql = format!("SELECT {COLUMNS} FROM ticket t WHERE t.id = ?1");
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query_map([ticket.blob()], columns)?;
    rows.next().map(|row| line(row?)).transpose()
}

/// How many unfinished ones there are.
pub(crate) fn totals(connection: &Connection, viewer: &Viewer<'_>) -> Result<TicketTotals> {
    let (mine, all, breached) = connection
        .prepare_cached(
            "SELECT count(*) FILTER (WHERE assignee = ?1), count(*),
               count(*) FILTER (WHERE breached = 1 OR due_key < ?2)
             FROM ticket WHERE unfinished = 1",
        )?
        .query_row(params![viewer.me.blob(), viewer.now], |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })?;
    let mut departments = Vec::new();
    for group in viewer.groups {
        let n = connection
            .prepare_cached("SELECT count(*) FROM ticket WHERE unfinished = 1 AND grp = ?1")?
            .query_row([group.blob()], |row| row.get(0))?;
        departments.push((*group, n));
    }
    let filter = TicketFilter {
        scope: TicketScope::Waiting,
        ..everything()
    };
    let (condition, values) = condition(&filter, viewer)?;
    let waiting = connection
        .prepare_cached(&format!(
            "SELECT count(*) FROM ticket t WHERE unfinished = 1 AND {condition}"
        ))?
        .query_row(params_from_iter(&values), |row| row.get(0))?;
    let mentioned = connection
        .prepare_cached("SELECT count(*) FROM ticket_mention")?
        .query_row([], |row| row.get(0))?;
    Ok(TicketTotals {
        mine,
        waiting,
        mentioned,
        all,
        breached,
        departments,
    })
}

/// How many unfinished ones there are of each type.
pub(crate) fn by_type(connection: &Connection) -> Result<Vec<(TicketTypeId, u32)>> {
    let mut statement = connection
        .prepare_cached("SELECT type, count(*) FROM ticket WHERE unfinished = 1 GROUP BY type")?;
    let rows = statement.query_map([], |row| Ok((id(row, 0)?, row.get(1)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The tickets of a conversation, the latest first.
pub(crate) fn of_conversation(
    connection: &Connection,
    conversation: ConversationId,
) -> Result<Vec<TicketId>> {
    let mut statement = connection.prepare_cached(
        "SELECT c.ticket FROM ticket_conversation c JOIN ticket t ON t.id = c.ticket
         WHERE c.conversation = ?1 ORDER BY t.created_at DESC",
    )?;
    let rows = statement.query_map([conversation.blob()], |row| id(row, 0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// A filter that lets everything through.
pub(crate) fn everything() -> TicketFilter {
    TicketFilter {
        scope: TicketScope::All,
        states: Vec::new(),
        types: Vec::new(),
        priorities: Vec::new(),
        due: None,
        query: String::new(),
        contact_id: None,
        conversation_id: None,
    }
}

fn condition(filter: &TicketFilter, viewer: &Viewer<'_>) -> Result<(String, Vec<Value>)> {
    let mut parts = vec!["1".to_owned()];
    let mut values: Vec<Value> = Vec::new();
    let mut bind = |value: Value| {
        values.push(value);
        format!("?{}", values.len())
    };
    let blob = |id: [u8; 16]| Value::Blob(id.to_vec());
    match filter.scope {
        TicketScope::All => {}
        TicketScope::Mine => parts.push(format!("t.assignee = {}", bind(blob(viewer.me.blob())))),
        TicketScope::Department { id } => {
            parts.push(format!("t.grp = {}", bind(blob(id.blob()))));
        }
        TicketScope::Mentioned => {
            parts.push("t.id IN (SELECT ticket FROM ticket_mention)".to_owned());
        }
        TicketScope::Waiting => {
            let groups: Vec<String> = viewer
                .groups
                .iter()
                .map(|group| bind(blob(group.blob())))
                .collect();
            let groups = groups.join(", ");
            parts.push(format!(
                "t.id IN (SELECT ticket FROM ticket_waiting WHERE grp IN ({groups}))"
            ));
        }
    }
    if !filter.states.is_empty() {
        let mut words = Vec::new();
        for state in &filter.states {
            words.push(bind(Value::Text(word(state)?)));
        }
        parts.push(format!("t.state IN ({})", words.join(", ")));
    }
    if !filter.types.is_empty() {
        let ids: Vec<String> = filter
            .types
            .iter()
            .map(|id| bind(blob(id.blob())))
            .collect();
        parts.push(format!("t.type IN ({})", ids.join(", ")));
    }
    if !filter.priorities.is_empty() {
        let numbers: Vec<String> = filter
            .priorities
            .iter()
            .map(|priority| (*priority as i64).to_string())
            .collect();
        parts.push(format!("t.priority IN ({})", numbers.join(", ")));
    }
    match filter.due {
        None => {}
        Some(TicketDue::Breached) => {
            let now = bind(Value::Integer(viewer.now));
            parts.push(format!(
                "(t.breached = 1 OR t.due_key < {now}) AND t.unfinished = 1"
            ));
        }
        Some(TicketDue::Soon) => {
            let now = bind(Value::Integer(viewer.now));
            let soon = bind(Value::Integer(viewer.now.saturating_add(SOON_MS)));
            parts.push(format!(
                "t.unfinished = 1 AND t.breached = 0 AND t.due_key >= {now}
                 AND (t.due_key <= {soon} OR t.warn_at <= {now})"
            ));
        }
    }
    if let Some(contact) = filter.contact_id {
        parts.push(format!("t.contact = {}", bind(blob(contact.blob()))));
    }
    if let Some(conversation) = filter.conversation_id {
        let conversation = bind(blob(conversation.blob()));
        parts.push(format!(
            "t.id IN (SELECT ticket FROM ticket_conversation WHERE conversation = {conversation})"
        ));
    }
    for term in terms(filter) {
        let number = bind(Value::Integer(number_in(term).unwrap_or(-1)));
        let escaped = term.replace('\\', "\\\\").replace('%', "\\%");
        let like = bind(Value::Text(format!("%{}%", escaped.replace('_', "\\_"))));
        parts.push(format!(
            "(t.number = {number} OR t.title LIKE {like} ESCAPE '\\'
              OR t.customer LIKE {like} ESCAPE '\\')"
        ));
    }
    Ok((parts.join(" AND "), values))
}

fn order(sort: TicketSort, reversed: bool) -> &'static str {
    match (sort, reversed) {
        (TicketSort::Due, false) => "t.due_key, t.priority DESC, t.number, t.id",
        (TicketSort::Due, true) => "t.due_key DESC, t.priority, t.number DESC, t.id DESC",
        (TicketSort::Priority, false) => "t.priority DESC, t.due_key, t.number, t.id",
        (TicketSort::Priority, true) => "t.priority, t.due_key DESC, t.number DESC, t.id DESC",
        (TicketSort::Updated, false) => "t.updated_at DESC, t.id",
        (TicketSort::Updated, true) => "t.updated_at, t.id DESC",
        (TicketSort::Created, false) => "t.created_at DESC, t.id",
        (TicketSort::Created, true) => "t.created_at, t.id DESC",
    }
}

const COLUMNS: &str = "t.id, t.number, t.type, t.state, t.priority, t.grp, t.assignee, t.title, \
     t.contact, t.customer, t.created_at, t.updated_at, t.pending, t.refused, t.card, \
     EXISTS (SELECT 1 FROM ticket_mention m WHERE m.ticket = t.id)";

fn columns(row: &Row<'_>) -> rusqlite::Result<(TicketLine, String)> {
    let state: String = row.get(3)?;
    let priority: i64 = row.get(4)?;
    let line = TicketLine {
        id: id(row, 0)?,
        number: count(row.get(1)?),
        type_id: id(row, 2)?,
        state: crate::sql::from_word(&state)?,
        priority: priority_of(priority),
        group_id: id(row, 5)?,
        assignee: maybe_id(row, 6)?,
        title: row.get(7)?,
        contact_id: maybe_id(row, 8)?,
        customer: row.get(9)?,
        created_at: row.get(10)?,
        updated_at: row.get(11)?,
        pending: row.get(12)?,
        refused: row.get(13)?,
        mentioned: row.get(15)?,
        card: TicketCard::default(),
    };
    Ok((line, row.get(14)?))
}

fn line((mut line, card): (TicketLine, String)) -> Result<TicketLine> {
    line.card = from_json(&card, "ticket card")?;
    Ok(line)
}

fn priority_of(number: i64) -> Priority {
    match number {
        0 => Priority::Low,
        2 => Priority::High,
        3 => Priority::Urgent,
        _ => Priority::Normal,
    }
}
