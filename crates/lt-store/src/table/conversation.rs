//! What lists show of conversations.

pub(crate) mod live;

use lt_model::{
    Millis,
    attachment::FileKind,
    contact::{ChannelKind, ValueTier},
    conversation::{Conversation, Handler, Status},
    id::{AgentId, ContactId, ConversationId, GroupId, InboxId},
    message::{Author, Message},
    priority::Priority,
};
use lt_protocol::teamwork::InboxFilter;
use rusqlite::{Connection, Row, Transaction, params, params_from_iter, types::Value};

use crate::{
    Result,
    sql::{Id, count, from_word, id, int, json, maybe_id, word},
};

/// Of the last text as many characters are kept on the line. Mask it before cutting it shorter.
pub(crate) const LAST_TEXT_CHARS: usize = 400;

/// A conversation as a list shows it, pending operations applied. Names and texts are not masked.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Its id.
    pub id: ConversationId,
    /// Its short number.
    pub number: u64,
    /// Kind of its source.
    pub channel: ChannelKind,
    /// The customer.
    pub contact_id: ContactId,
    /// The customer's name; empty when unknown.
    pub contact_name: String,
    /// The customer's value.
    pub value_tier: ValueTier,
    /// Its group.
    pub group_id: GroupId,
    /// Where it stands.
    pub status: Status,
    /// Who is at it.
    pub handler: Handler,
    /// How soon it needs a person.
    pub priority: Priority,
    /// Category; empty while unknown.
    pub category: String,
    /// Since when the customer waits.
    pub waiting_since: Option<Millis>,
    /// First reply by a person.
    pub first_reply_at: Option<Millis>,
    /// Last message of the customer.
    pub last_customer_at: Option<Millis>,
    /// Last message of anybody, by the server.
    pub last_message_at: Millis,
    /// When it came into being.
    pub created_at: Millis,
    /// The `seq` of its last message.
    pub seq: u64,
    /// The last message the assigned agent has read.
    pub agent_read_seq: u64,
    /// Messages of the customer after that.
    pub unread: u32,
    /// Whether an operation of this desk waits to be sent here.
    pub pending: bool,
    /// Whether a field of it is in conflict.
    pub conflict: bool,
    /// 标签, in order.
    pub tags: Vec<String>,
    /// Notes that name the agent and were not looked at.
    pub mentions: u32,
    /// The last text, pending ones included; none while there is none.
    pub last: Option<LastText>,
    /// Where it came from; none on a line from before this was kept.
    pub inbox_id: Option<InboxId>,
    /// When it wakes, while it is snoozed.
    pub snoozed_until: Option<Millis>,
    /// To whom it is offered at this moment.
    pub offer: Option<LineOffer>,
}

/// An offer on a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineOffer {
    /// To whom.
    pub agent: AgentId,
    /// Since when.
    pub offered_at: Millis,
    /// It ends then.
    pub expires_at: Millis,
}

/// The last text of a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LastText {
    /// What it is, where it is a file: the text is its name then.
    pub file: Option<FileKind>,
    /// Who wrote it.
    pub author: LastAuthor,
    /// Its first 400 characters, not masked: mask before cutting it shorter.
    pub text: String,
}

/// Who wrote the last text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LastAuthor {
    /// The customer.
    Customer,
    /// The engine.
    Bot,
    /// An agent.
    Agent(AgentId),
    /// The desk itself.
    System,
}

/// The word by which an author stands in columns.
pub(crate) fn author_word(author: &Author) -> &'static str {
    match author {
        Author::Customer => "customer",
        Author::Bot { .. } => "bot",
        Author::Agent { .. } => "agent",
        Author::System => "system",
    }
}

const COLUMNS: &str = "c.id, c.number, c.channel, c.contact_id, coalesce(k.name, ''), k.tier, c.group_id,
    c.status, c.handler, c.agent, c.priority, c.category, c.waiting_since, c.first_reply_at,
    c.last_customer_at, c.last_message_at, c.created_at, c.seq, c.agent_read_seq, c.unread, c.pending,
    c.last_author, c.last_agent, c.last_text, c.conflict, c.tags, c.mentions, c.inbox_id, c.snoozed_until,
    o.agent, o.expires_at, o.offered_at
    FROM conversation c LEFT JOIN contact k ON k.id = c.contact_id
    LEFT JOIN offer o ON o.conversation_id = c.id";

/// Which part of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Lines before it.
    pub offset: u32,
    /// Most lines in it.
    pub limit: u32,
}

impl Window {
    /// All there is.
    pub const ALL: Self = Self {
        offset: 0,
        limit: u32::MAX,
    };
}

/// Which lines, as SQL over `?1`, the agent at this desk.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Filter {
    Mine,
    Queue,
    Open,
    Snoozed,
    Resolved,
    Any,
}

impl Filter {
    const fn sql(self) -> &'static str {
        match self {
            Self::Mine => "c.status = 'open' AND c.handler = 'agent' AND c.agent = ?1",
            Self::Queue => "c.status = 'open' AND c.handler = 'queue' AND ?1 IS NOT NULL",
            Self::Open => "c.status = 'open' AND ?1 IS NOT NULL",
            Self::Snoozed => "c.status = 'snoozed' AND ?1 IS NOT NULL",
            // Within the reopen window, by when this desk heard of the server last. Being resolved is a
            // line of the conversation too, so that its time stands in the index.
            Self::Resolved => {
                "c.status = 'resolved' AND ?1 IS NOT NULL AND c.last_message_at >=
                 (SELECT CAST(value AS INTEGER) - 72 * 3600000 FROM meta WHERE key = 'synced_at')"
            }
            Self::Any => "?1 IS NOT NULL",
        }
    }
}

/// The lines of one window of a list, in an order given as SQL. Which ones they are is told by the
/// index alone; only they are read.
pub(crate) fn lines(
    connection: &Connection,
    filter: Filter,
    order: &str,
    me: AgentId,
    window: Window,
) -> Result<Vec<Line>> {
    let sql = format!(
        "SELECT {COLUMNS} WHERE c.rowid IN (
           SELECT c.rowid FROM conversation c WHERE {} ORDER BY {order} LIMIT ?2 OFFSET ?3
         ) ORDER BY {order}",
        filter.sql()
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map(params![me.blob(), window.limit, window.offset], line)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// What a filter asks for, as SQL over `c` from `?2` on, and its values. Only what is asked for stands
/// there: all of it but tags and mentions is told by the index that lists are made from.
fn conditions(filter: &InboxFilter) -> Result<(String, Vec<Value>)> {
    let mut sql = String::new();
    let mut values = Vec::new();
    if !filter.priorities.is_empty() {
        let ranks = filter.priorities.iter().copied().map(rank);
        let ranks: Vec<String> = ranks.map(|rank| rank.to_string()).collect();
        sql.push_str(&format!(" AND c.priority IN ({})", ranks.join(", ")));
    }
    if filter.unread {
        sql.push_str(" AND c.unread > 0");
    }
    if filter.mentioned {
        sql.push_str(" AND c.mentions > 0");
    }
    let mut asked = Vec::new();
    if let Some(category) = &filter.category {
        asked.push(("c.category = ?", Value::Text(category.clone())));
    }
    if let Some(channel) = &filter.channel {
        asked.push(("c.channel = ?", Value::Text(word(channel)?)));
    }
    if let Some(group) = filter.group {
        asked.push(("c.group_id = ?", Value::Blob(group.blob().to_vec())));
    }
    for tag in &filter.tags {
        let has = "EXISTS (SELECT 1 FROM json_each(c.tags) WHERE value = ?)";
        asked.push((has, Value::Text(tag.clone())));
    }
    for (n, (condition, value)) in (2..).zip(asked) {
        sql.push_str(" AND ");
        sql.push_str(&condition.replace('?', &format!("?{n}")));
        values.push(value);
    }
    Ok((sql, values))
}

/// A window of what a filter leaves of a list, and how many it leaves.
pub(crate) fn narrowed(
    connection: &Connection,
    scope: Filter,
    filter: &InboxFilter,
    order: &str,
    me: AgentId,
    window: Window,
) -> Result<(Vec<Line>, u32)> {
    let (asked, mut values) = conditions(filter)?;
    values.insert(0, Value::Blob(me.blob().to_vec()));
    let wanted = format!("FROM conversation c WHERE {}{asked}", scope.sql());
    let n = connection
        .prepare_cached(&format!("SELECT count(*) {wanted}"))?
        .query_row(params_from_iter(&values), |row| row.get(0))?;
    let n_values = values.len();
    let sql = format!(
        "SELECT {COLUMNS} WHERE c.rowid IN (
           SELECT c.rowid {wanted} ORDER BY {order} LIMIT ?{} OFFSET ?{}
         ) ORDER BY {order}",
        n_values + 1,
        n_values + 2
    );
    values.push(Value::Integer(window.limit.into()));
    values.push(Value::Integer(window.offset.into()));
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map(params_from_iter(&values), line)?;
    Ok((rows.collect::<Result<_, _>>()?, n))
}

/// The line of a conversation by the number that people know.
pub(crate) fn by_number(connection: &Connection, number: u64) -> Result<Option<Line>> {
    use rusqlite::OptionalExtension;
    Ok(connection
        .prepare_cached(&format!("SELECT {COLUMNS} WHERE c.number = ?1"))?
        .query_row([int(number)], line)
        .optional()?)
}

pub(crate) fn get(connection: &Connection, conversation: ConversationId) -> Result<Option<Line>> {
    use rusqlite::OptionalExtension;
    Ok(connection
        .prepare_cached(&format!("SELECT {COLUMNS} WHERE c.id = ?1"))?
        .query_row([conversation.blob()], line)
        .optional()?)
}

/// How many lines a filter has, and how many unread messages in them.
pub(crate) fn counts(connection: &Connection, filter: Filter, me: AgentId) -> Result<(u32, u32)> {
    let sql = format!(
        "SELECT count(*), coalesce(sum(c.unread), 0) FROM conversation c WHERE {}",
        filter.sql()
    );
    Ok(connection
        .prepare_cached(&sql)?
        .query_row([me.blob()], |row| Ok((row.get(0)?, row.get(1)?)))?)
}

/// The lines of the latest conversations of a customer.
pub(crate) fn lines_of(
    connection: &Connection,
    contact: ContactId,
    limit: u32,
) -> Result<Vec<Line>> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {COLUMNS} WHERE c.contact_id = ?1
         ORDER BY c.last_message_at DESC, c.number DESC LIMIT ?2"
    ))?;
    let rows = statement.query_map(params![contact.blob(), limit], line)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(crate) fn of_contact(
    connection: &Connection,
    contact: ContactId,
) -> Result<Vec<ConversationId>> {
    let mut statement = connection.prepare_cached(
        "SELECT id FROM conversation WHERE contact_id = ?1 ORDER BY last_message_at DESC, number DESC",
    )?;
    let rows = statement.query_map([contact.blob()], |row| id(row, 0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The sets of tags that open conversations have, and how many have each.
pub(crate) fn open_tags(connection: &Connection) -> Result<Vec<(Vec<String>, u32)>> {
    let mut statement = connection.prepare_cached(
        "SELECT tags, count(*) FROM conversation
         WHERE tags <> '[]' AND status IN ('open', 'snoozed') GROUP BY tags",
    )?;
    let rows = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get(1)?)))?;
    rows.map(|row| {
        let (tags, n) = row?;
        Ok((crate::sql::from_json(&tags, "tags")?, n))
    })
    .collect()
}

/// What a line has besides the conversation itself.
pub(crate) struct Extras {
    pub(crate) unread: u32,
    pub(crate) pending: bool,
    pub(crate) conflict: bool,
    pub(crate) mentions: u32,
    pub(crate) last: Option<Message>,
}

pub(crate) fn put(tx: &Transaction<'_>, shown: &Conversation, extras: &Extras) -> Result<()> {
    let (handler, agent) = match shown.handler {
        Handler::Bot => ("bot", None),
        Handler::Queue => ("queue", None),
        Handler::Agent { agent } => ("agent", Some(agent.blob())),
        Handler::None => ("none", None),
    };
    let last_author = extras.last.as_ref().map(|last| author_word(&last.author));
    let last_agent = extras.last.as_ref().and_then(|last| match &last.author {
        Author::Agent { agent, .. } => Some(agent.blob()),
        Author::Customer | Author::Bot { .. } | Author::System => None,
    });
    let last_text: Option<String> = extras
        .last
        .as_ref()
        .and_then(gist)
        .map(|text| text.chars().take(LAST_TEXT_CHARS).collect());
    tx.prepare_cached(
        "INSERT OR REPLACE INTO conversation (id, number, channel, contact_id, group_id, status, handler,
           agent, priority, category, waiting_since, first_reply_at, last_customer_at, last_message_at,
           created_at, seq, agent_read_seq, unread, pending, last_author, last_agent, last_text,
           conflict, tags, mentions, inbox_id, snoozed_until, returned_from, returned_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19,
           ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29)",
    )?
    .execute(params![
        shown.id.blob(),
        int(shown.number),
        word(&shown.channel)?,
        shown.person().blob(),
        shown.group_id.blob(),
        word(&shown.status)?,
        handler,
        agent,
        rank(shown.priority),
        shown.category,
        shown.waiting_since,
        shown.first_reply_at,
        shown.last_customer_at,
        shown.last_message_at,
        shown.created_at,
        int(shown.seq),
        int(shown.agent_read_seq),
        extras.unread,
        extras.pending,
        last_author,
        last_agent,
        last_text,
        extras.conflict,
        json(&shown.properties.tags)?,
        extras.mentions,
        shown.inbox_id.blob(),
        shown.routing.snoozed_until,
        shown.routing.returned.map(|one| one.agent.blob()),
        shown.routing.returned.map(|one| one.at),
    ])?;
    Ok(())
}

fn line(row: &Row<'_>) -> rusqlite::Result<Line> {
    let tier: Option<String> = row.get(5)?;
    let agent: Option<AgentId> = maybe_id(row, 9)?;
    let handler = match (row.get_ref(8)?.as_str()?, agent) {
        ("bot", _) => Handler::Bot,
        ("queue", _) => Handler::Queue,
        ("agent", Some(agent)) => Handler::Agent { agent },
        _ => Handler::None,
    };
    let text: Option<String> = row.get(23)?;
    let last_agent: Option<AgentId> = maybe_id(row, 22)?;
    let author = match (row.get_ref(21)?.as_str_or_null()?, last_agent) {
        (Some("customer"), _) => LastAuthor::Customer,
        (Some("bot"), _) => LastAuthor::Bot,
        (Some("agent"), Some(agent)) => LastAuthor::Agent(agent),
        _ => LastAuthor::System,
    };
    Ok(Line {
        id: id(row, 0)?,
        number: count(row.get(1)?),
        channel: from_word(row.get_ref(2)?.as_str()?)?,
        contact_id: id(row, 3)?,
        contact_name: row.get(4)?,
        value_tier: tier
            .as_deref()
            .map(from_word)
            .transpose()?
            .unwrap_or_default(),
        group_id: id(row, 6)?,
        status: from_word(row.get_ref(7)?.as_str()?)?,
        handler,
        priority: unrank(row.get(10)?),
        category: row.get(11)?,
        waiting_since: row.get(12)?,
        first_reply_at: row.get(13)?,
        last_customer_at: row.get(14)?,
        last_message_at: row.get(15)?,
        created_at: row.get(16)?,
        seq: count(row.get(17)?),
        agent_read_seq: count(row.get(18)?),
        unread: row.get(19)?,
        pending: row.get(20)?,
        conflict: row.get(24)?,
        tags: serde_json::from_str(row.get_ref(25)?.as_str()?).unwrap_or_default(),
        mentions: row.get(26)?,
        last: text.map(|text| {
            let (text, file) = read_gist(text);
            LastText { author, text, file }
        }),
        inbox_id: maybe_id(row, 27)?,
        snoozed_until: row.get(28)?,
        offer: offer(row)?,
    })
}

fn offer(row: &Row<'_>) -> rusqlite::Result<Option<LineOffer>> {
    let Some(agent) = maybe_id(row, 29)? else {
        return Ok(None);
    };
    Ok(Some(LineOffer {
        agent,
        expires_at: row.get(30)?,
        offered_at: row.get(31)?,
    }))
}

/// What an agent gave back because they were gone since a time and has not got again, the latest
/// first.
pub(crate) fn returned_from(
    connection: &Connection,
    agent: AgentId,
    since: Millis,
) -> Result<Vec<ConversationId>> {
    let mut statement = connection.prepare_cached(
        "SELECT id FROM conversation
         WHERE returned_from IS NOT NULL AND returned_from = ?1 AND returned_at > ?2
         ORDER BY returned_at DESC, number DESC LIMIT 50",
    )?;
    let rows = statement.query_map(params![agent.blob(), since], |row| id(row, 0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Priorities in their order, so that SQL can sort by them.
const fn rank(priority: Priority) -> u8 {
    match priority {
        Priority::Low => 0,
        Priority::Normal => 1,
        Priority::High => 2,
        Priority::Urgent => 3,
    }
}

const fn unrank(rank: u8) -> Priority {
    match rank {
        0 => Priority::Low,
        2 => Priority::High,
        3 => Priority::Urgent,
        _ => Priority::Normal,
    }
}

/// Stands before and behind the kind of a file, in place of a text.
const FILE_MARK: char = '\u{fffc}';

/// A message in one line: what it says, or the kind and the name of a file.
fn gist(message: &Message) -> Option<String> {
    match message.file() {
        Some(file) => {
            let kind = word(&file.kind).ok()?;
            Some(format!("{FILE_MARK}{kind}{FILE_MARK}{}", file.name))
        }
        None => message.text().map(ToOwned::to_owned),
    }
}

/// The other way round.
fn read_gist(text: String) -> (String, Option<FileKind>) {
    let parts = text
        .strip_prefix(FILE_MARK)
        .and_then(|rest| rest.split_once(FILE_MARK));
    match parts.map(|(kind, name)| (from_word(kind), name.to_owned())) {
        Some((Ok(kind), name)) => (name, Some(kind)),
        Some((Err(_), _)) | None => (text, None),
    }
}
