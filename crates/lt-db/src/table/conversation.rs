//! Conversations. Each lives in the stream of its group, with its contact and its messages.

use std::collections::HashMap;

use lt_model::{
    Millis,
    change::{EntityKind, StreamKind},
    contact::{ChannelKind, Contact},
    conversation::{Conversation, Handler},
    id::{AgentId, ContactId, ConversationId, GroupId, InboxId},
    message::Message,
    queue,
};
use lt_protocol::sync::Entity;

use crate::{
    error::{DbError, Result},
    rows::Rows,
    seam::{Reader, Tx},
    table::{contact, message, survey, whisper},
    value::{Row, Value, json, word},
};

/// One conversation.
pub fn by_id(reader: &Reader<'_>, id: ConversationId) -> Result<Option<Conversation>> {
    Ok(with_rev(reader, id)?.map(|(conversation, _)| conversation))
}

/// The order of the two is said, so that SQLite looks up each key: it does not know how few there are.
pub(crate) const OF_IDS: &str = "SELECT c.id, c.body FROM ({rows}) AS v CROSS JOIN conversation c
     WHERE c.tenant = v.column1 AND c.id = v.column2";

/// Those of these that there are. One that cannot be read is an error by itself.
pub fn of_ids(
    reader: &Reader<'_>,
    ids: &[ConversationId],
) -> Result<HashMap<ConversationId, Result<Conversation>>> {
    let asked = reader.ask_rows(OF_IDS, keys(reader, ids))?;
    reader
        .answer(asked)?
        .iter()
        .map(|row| Ok((row.id(0)?, row.json(1))))
        .collect()
}

/// These of this tenant.
pub(crate) fn keys(reader: &Reader<'_>, ids: &[ConversationId]) -> Rows {
    let mut keys = Rows::of(&["BIGINT", "BYTEA"], ids.len());
    for id in ids {
        keys.push([reader.tenant().into(), (*id).into()]);
    }
    keys
}

/// What a statement with [`keys`] gives of each of these conversations, whose id stands in a column of
/// its rows. Where one of the rows cannot be read, all of its conversation is an error.
pub(crate) fn of_each<T>(
    reader: &Reader<'_>,
    (sql, id_column): (&str, usize),
    ids: &[ConversationId],
    read: impl Fn(&Row) -> Result<T>,
) -> Result<HashMap<ConversationId, Result<Vec<T>>>> {
    let asked = reader.ask_rows(sql, keys(reader, ids))?;
    let mut found: HashMap<ConversationId, Result<Vec<T>>> = HashMap::new();
    for row in &reader.answer(asked)? {
        let id = row.id(id_column)?;
        let of = found.entry(id).or_insert_with(|| Ok(Vec::new()));
        match (&mut *of, read(row)) {
            (Ok(all), Ok(one)) => all.push(one),
            (Ok(_), Err(error)) => *of = Err(error),
            (Err(_), _) => {}
        }
    }
    Ok(found)
}

/// The newest one with a customer on an inbox.
pub fn newest(
    reader: &Reader<'_>,
    contact: ContactId,
    inbox: InboxId,
) -> Result<Option<Conversation>> {
    reader
        .query_one(
            "SELECT body FROM conversation WHERE tenant = $1 AND contact = $2 AND inbox = $3
             ORDER BY number DESC LIMIT 1",
            &[reader.tenant().into(), contact.into(), inbox.into()],
        )?
        .map(|row| row.json(0))
        .transpose()
}

/// The same, and on how many tickets it is.
pub fn newest_and_tickets(
    reader: &Reader<'_>,
    contact: ContactId,
    inbox: InboxId,
) -> Result<Option<(Conversation, u64)>> {
    reader
        .query_one(
            "SELECT body, (SELECT count(*) FROM ticket_conversation t
                 WHERE t.tenant = c.tenant AND t.conversation = c.id)
             FROM conversation c WHERE tenant = $1 AND contact = $2 AND inbox = $3
             ORDER BY number DESC LIMIT 1",
            &[reader.tenant().into(), contact.into(), inbox.into()],
        )?
        .map(|row| Ok((row.json(0)?, row.uint(1)?)))
        .transpose()
}

/// A conversation as it was read or written, with what tells whether it still is so.
#[derive(Clone)]
pub struct Seen {
    /// It.
    pub conversation: Conversation,
    rev: u64,
    /// Revision of who the customer turned out to be.
    person_rev: u64,
}

/// The newest one with a customer on an inbox, with who the customer turned out to be and the last
/// messages of it, the oldest of them first. What is read is not of one moment: messages of another
/// conversation are none.
pub fn newest_with_tail(
    reader: &Reader<'_>,
    contact: ContactId,
    inbox: InboxId,
    limit: u64,
) -> Result<Option<(Seen, Contact, Vec<message::Stored>)>> {
    let tail = message::ask_tail_of_newest(reader, contact, inbox, limit)?;
    let newest = reader.query_one(
        "SELECT c.body, c.rev, p.body, p.rev FROM conversation c
         JOIN contact p ON p.tenant = c.tenant AND p.id = c.person
         WHERE c.tenant = $1 AND c.contact = $2 AND c.inbox = $3
         ORDER BY c.number DESC LIMIT 1",
        &[reader.tenant().into(), contact.into(), inbox.into()],
    )?;
    let mut tail = message::tail_of_newest(reader, tail)?;
    let Some(row) = newest else {
        return Ok(None);
    };
    let seen = Seen {
        conversation: row.json(0)?,
        rev: row.uint(1)?,
        person_rev: row.uint(3)?,
    };
    tail.retain(|stored| stored.message.conversation_id == seen.conversation.id);
    Ok(Some((seen, row.json(2)?, tail)))
}

/// All that are a part of a customer's history, whoever they came as, oldest first.
pub fn of_person(reader: &Reader<'_>, person: ContactId) -> Result<Vec<Conversation>> {
    reader
        .query(
            "SELECT body FROM conversation WHERE tenant = $1 AND person = $2 ORDER BY number",
            &[reader.tenant().into(), person.into()],
        )?
        .iter()
        .map(|row| row.json(0))
        .collect()
}

/// All that a customer began, oldest first.
pub fn of_contact(reader: &Reader<'_>, contact: ContactId) -> Result<Vec<Conversation>> {
    reader
        .query(
            "SELECT body FROM conversation WHERE tenant = $1 AND contact = $2 ORDER BY number",
            &[reader.tenant().into(), contact.into()],
        )?
        .iter()
        .map(|row| row.json(0))
        .collect()
}

/// The ones of a group that wait for a person, in no order: [`lt_model::queue`] has it.
pub fn waiting(reader: &Reader<'_>, group: GroupId) -> Result<Vec<Conversation>> {
    reader
        .query(
            "SELECT body FROM conversation WHERE tenant = $1 AND grp = $2 AND handler = 'queue'",
            &[reader.tenant().into(), group.into()],
        )?
        .iter()
        .map(|row| row.json(0))
        .collect()
}

/// Groups in which conversations wait that are offered to nobody.
pub fn groups_waiting(reader: &Reader<'_>) -> Result<Vec<GroupId>> {
    reader
        .query(
            "SELECT DISTINCT grp FROM conversation
             WHERE tenant = $1 AND handler = 'queue' AND offered IS NULL ORDER BY grp",
            &[reader.tenant().into()],
        )?
        .iter()
        .map(|row| row.id(0))
        .collect()
}

/// Those of a group's queue that are offered to nobody, in order, behind the first `n_before` of
/// them. One that cannot be read is an error by itself.
pub fn not_offered(
    reader: &Reader<'_>,
    group: GroupId,
    n_before: u64,
    limit: u64,
) -> Result<Vec<(ConversationId, Result<Conversation>)>> {
    reader
        .query(
            "SELECT id, body FROM conversation
             WHERE tenant = $1 AND grp = $2 AND handler = 'queue' AND offered IS NULL
             ORDER BY priority DESC, waiting_since, number LIMIT $3 OFFSET $4",
            &[
                reader.tenant().into(),
                group.into(),
                limit.into(),
                n_before.into(),
            ],
        )?
        .iter()
        .map(|row| Ok((row.id(0)?, row.json(1))))
        .collect()
}

/// How many wait before this one in the queue of its group.
pub fn n_ahead(reader: &Reader<'_>, mine: &Conversation) -> Result<u32> {
    let since = queue::since(mine).unwrap_or(mine.last_message_at);
    let row = reader.query_one(
        "SELECT count(*) FROM conversation
         WHERE tenant = $1 AND grp = $2 AND handler = 'queue' AND (priority > $3
             OR (priority = $3 AND (waiting_since < $4
                 OR (waiting_since = $4 AND number < $5))))",
        &[
            reader.tenant().into(),
            mine.group_id.into(),
            Value::Int(mine.priority as i64),
            since.into(),
            mine.number.into(),
        ],
    )?;
    let n = row.map(|row| row.uint(0)).transpose()?.unwrap_or(0);
    Ok(u32::try_from(n).unwrap_or(u32::MAX))
}

/// The customers that wait in the queue of a group.
pub fn contacts_waiting(reader: &Reader<'_>, group: GroupId) -> Result<Vec<ContactId>> {
    reader
        .query(
            "SELECT contact FROM conversation
             WHERE tenant = $1 AND grp = $2 AND handler = 'queue'",
            &[reader.tenant().into(), group.into()],
        )?
        .iter()
        .map(|row| row.id(0))
        .collect()
}

/// Those at which the clock has something to do by now, the most overdue first.
pub fn due(reader: &Reader<'_>, now: Millis, limit: u64) -> Result<Vec<ConversationId>> {
    reader
        .query(
            "SELECT id FROM conversation
             WHERE tenant = $1 AND due_at IS NOT NULL AND due_at <= $2 ORDER BY due_at LIMIT $3",
            &[reader.tenant().into(), now.into(), limit.into()],
        )?
        .iter()
        .map(|row| row.id(0))
        .collect()
}

/// Where conversations were left out of hours: group and inbox.
pub fn places_left(reader: &Reader<'_>) -> Result<Vec<(GroupId, InboxId)>> {
    reader
        .query(
            "SELECT DISTINCT grp, inbox FROM conversation
             WHERE tenant = $1 AND handler = 'none' AND status = 'open' ORDER BY grp, inbox",
            &[reader.tenant().into()],
        )?
        .iter()
        .map(|row| Ok((row.id(0)?, row.id(1)?)))
        .collect()
}

/// The first that were left there, in the order in which they will wait.
pub fn left(
    reader: &Reader<'_>,
    group: GroupId,
    inbox: InboxId,
    limit: u64,
) -> Result<Vec<ConversationId>> {
    reader
        .query(
            "SELECT id FROM conversation
             WHERE tenant = $1 AND grp = $2 AND inbox = $3 AND handler = 'none'
                 AND status = 'open'
             ORDER BY priority DESC, waiting_since, number LIMIT $4",
            &[
                reader.tenant().into(),
                group.into(),
                inbox.into(),
                limit.into(),
            ],
        )?
        .iter()
        .map(|row| row.id(0))
        .collect()
}

/// What an agent is offered now.
pub fn offered_to(reader: &Reader<'_>, agent: AgentId) -> Result<Vec<Conversation>> {
    reader
        .query(
            "SELECT body FROM conversation
             WHERE tenant = $1 AND offered IS NOT NULL AND offered = $2 ORDER BY number",
            &[reader.tenant().into(), agent.into()],
        )?
        .iter()
        .map(|row| row.json(0))
        .collect()
}

/// Agents to whom something is offered now.
pub fn asked(reader: &Reader<'_>) -> Result<Vec<AgentId>> {
    reader
        .query(
            "SELECT DISTINCT offered FROM conversation WHERE tenant = $1 AND offered IS NOT NULL",
            &[reader.tenant().into()],
        )?
        .iter()
        .map(|row| row.id(0))
        .collect()
}

/// How many open conversations each agent has or is offered, by channel.
pub fn loads(reader: &Reader<'_>) -> Result<Vec<(AgentId, ChannelKind, u32)>> {
    reader
        .query(
            "SELECT x.who, i.kind, count(*) FROM (
                 SELECT agent AS who, inbox FROM conversation
                 WHERE tenant = $1 AND handler = 'agent' AND status = 'open'
                 UNION ALL
                 SELECT offered AS who, inbox FROM conversation
                 WHERE tenant = $1 AND offered IS NOT NULL
             ) x JOIN inbox i ON i.tenant = $1 AND i.id = x.inbox
             GROUP BY x.who, i.kind",
            &[reader.tenant().into()],
        )?
        .iter()
        .map(|row| {
            let n = u32::try_from(row.uint(2)?).unwrap_or(u32::MAX);
            Ok((row.id(0)?, row.word(1)?, n))
        })
        .collect()
}

/// The ones that an agent has.
pub fn held_by(reader: &Reader<'_>, agent: AgentId) -> Result<Vec<Conversation>> {
    reader
        .query(
            "SELECT body FROM conversation WHERE tenant = $1 AND handler = 'agent' AND agent = $2
             ORDER BY number",
            &[reader.tenant().into(), agent.into()],
        )?
        .iter()
        .map(|row| row.json(0))
        .collect()
}

/// Those whose customers wait for an agent who has been offline for longer than the group bears, the
/// longest first.
pub fn of_absent(reader: &Reader<'_>, now: Millis, limit: u64) -> Result<Vec<ConversationId>> {
    reader
        .query(
            "SELECT c.id FROM agent a
             JOIN conversation c ON c.tenant = a.tenant AND c.agent = a.id
             JOIN skill_group g ON g.tenant = c.tenant AND g.id = c.grp
             WHERE a.tenant = $1 AND a.presence = 'offline' AND a.presence_at IS NOT NULL
                 AND c.handler = 'agent' AND c.status = 'open' AND c.waiting_since IS NOT NULL
                 AND g.return_after IS NOT NULL AND a.presence_at <= $2 - g.return_after
             ORDER BY a.presence_at, c.number LIMIT $3",
            &[reader.tenant().into(), now.into(), limit.into()],
        )?
        .iter()
        .map(|row| row.id(0))
        .collect()
}

/// The ones to which the bot owes an answer, who waits longest first.
pub fn unanswered_by_bot(reader: &Reader<'_>) -> Result<Vec<ConversationId>> {
    unanswered_by_bot_since(reader, Millis::MAX)
}

/// The same of those who have waited since `at` or longer.
pub fn unanswered_by_bot_since(reader: &Reader<'_>, at: Millis) -> Result<Vec<ConversationId>> {
    reader
        .query(
            "SELECT id FROM conversation
             WHERE tenant = $1 AND handler = 'bot' AND waiting_since IS NOT NULL
                 AND waiting_since <= $2
             ORDER BY waiting_since",
            &[reader.tenant().into(), at.into()],
        )?
        .iter()
        .map(|row| row.id(0))
        .collect()
}

/// The groups in whose streams a customer is seen: those of the conversations that they began, and of
/// those that are a part of their history.
pub fn groups_of_contact(reader: &Reader<'_>, contact: ContactId) -> Result<Vec<GroupId>> {
    reader
        .query(
            "SELECT grp FROM conversation WHERE tenant = $1 AND contact = $2
             UNION SELECT grp FROM conversation WHERE tenant = $1 AND person = $2 ORDER BY grp",
            &[reader.tenant().into(), contact.into()],
        )?
        .iter()
        .map(|row| row.id(0))
        .collect()
}

/// Begins one and announces it together with its contact.
pub fn insert(tx: &Tx<'_>, conversation: &Conversation) -> Result<()> {
    let mut values = values(tx, conversation)?;
    values.push(conversation.number.into());
    values.push(conversation.inbox_id.into());
    values.push(conversation.contact_id.into());
    values.push(conversation.person().into());
    tx.execute(
        "INSERT INTO conversation (tenant, id, grp, status, handler, agent, priority,
             waiting_since, body, offered, due_at, number, inbox, contact, person,
             rev)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 1)",
        &values,
    )?;
    announce_contacts(tx, conversation)?;
    put(tx, conversation, 1);
    Ok(())
}

/// Keeps what is new about one and announces it. When its group changed, it leaves the old stream
/// with its messages (and its contact, unless the old group sees another one of theirs) and
/// arrives whole in the new one.
pub fn update(tx: &Tx<'_>, conversation: &Conversation) -> Result<()> {
    // Nearly always it stays where it is: then one statement does it.
    let in_place = tx.query_one(IN_PLACE, &values(tx, conversation)?)?;
    let rev = match in_place {
        Some(row) => row.uint(0)?,
        None => change_group(tx, conversation)?,
    };
    put(tx, conversation, rev);
    Ok(())
}

/// Keeps what is new about one that stays where it was read in this act, and the messages that it
/// got: announces all of them.
pub fn update_with(
    tx: &Tx<'_>,
    conversation: &Conversation,
    messages: &[Message],
) -> Result<Vec<message::Stored>> {
    let (contact, group) = (conversation.contact_id, conversation.group_id);
    let updated = tx.ask(IN_PLACE, values(tx, conversation)?)?;
    let begun: Result<Vec<message::Inserting>> = messages
        .iter()
        .map(|one| message::begin_insert(tx, one, contact))
        .collect();
    let begun = begun?;
    let rows = tx.answer(updated)?;
    let rev = rows
        .first()
        .ok_or(DbError::Missing("conversation"))?
        .uint(0)?;
    put(tx, conversation, rev);
    begun
        .into_iter()
        .zip(messages)
        .map(|(inserting, one)| message::inserted(tx, inserting, one, contact, group))
        .collect()
}

/// A message that was added to a conversation as it was seen.
pub struct Added {
    /// The message.
    pub stored: message::Stored,
    /// The conversation with it.
    pub seen: Seen,
    /// On how many tickets it is.
    pub n_tickets: u64,
}

/// The same with one message, where the conversation is still as it was seen, and so is who the
/// customer turned out to be: then one statement does it. None where it is not: nothing is written.
pub fn update_seen(
    tx: &Tx<'_>,
    seen: &Seen,
    conversation: &Conversation,
    message: &Message,
) -> Result<Option<Added>> {
    let mut all = values(tx, conversation)?;
    all.extend([seen.rev.into(), seen.person_rev.into()]);
    let (contact, group) = (conversation.contact_id, conversation.group_id);
    let (contact_seq, n_tickets) = if tx.chains() {
        all.extend(message::values(message)?);
        let Some(row) = tx.query_one(&adding(), &all)? else {
            return Ok(None);
        };
        (row.uint(0)?, row.uint(1)?)
    } else {
        let sql = format!("{IF_SEEN} RETURNING {N_TICKETS}");
        let Some(row) = tx.query_one(&sql, &all)? else {
            return Ok(None);
        };
        (message::store(tx, message, contact)?, row.uint(0)?)
    };
    let rev = seen.rev + 1;
    put(tx, conversation, rev);
    Ok(Some(Added {
        stored: message::announce(tx, message, contact, contact_seq, group),
        seen: Seen {
            conversation: conversation.clone(),
            rev,
            ..*seen
        },
        n_tickets,
    }))
}

/// Changes one that still is as it was seen.
const IF_SEEN: &str = "UPDATE conversation SET status = $4, handler = $5, agent = $6,
         priority = $7, waiting_since = $8, body = $9, offered = $10, due_at = $11, rev = rev + 1
     WHERE tenant = $1 AND id = $2 AND grp = $3 AND rev = $12 AND $13 = (
         SELECT p.rev FROM contact p WHERE p.tenant = $1 AND p.id = conversation.person)";
const N_TICKETS: &str = "(SELECT count(*) FROM ticket_conversation t
     WHERE t.tenant = $1 AND t.conversation = $2)";

/// The same, and stores a message in it.
fn adding() -> String {
    format!(
        "WITH here AS ({IF_SEEN} RETURNING tenant, id, contact),
         place AS (UPDATE contact SET last_seq = last_seq + 1 FROM here
             WHERE contact.tenant = here.tenant AND contact.id = here.contact RETURNING last_seq)
         INSERT INTO message (tenant, id, conversation, contact, seq, contact_seq, author, agent,
             delivery, at, rev, body)
         SELECT here.tenant, CAST($14 AS BYTEA), here.id, here.contact, CAST($15 AS BIGINT),
             place.last_seq, CAST($16 AS TEXT), CAST($17 AS BYTEA), CAST($18 AS TEXT),
             CAST($19 AS BIGINT), 1, CAST($20 AS TEXT) FROM here, place
         RETURNING contact_seq, {N_TICKETS}"
    )
}

/// Changes one whose group stays the same.
const IN_PLACE: &str = "UPDATE conversation SET status = $4, handler = $5, agent = $6,
         priority = $7, waiting_since = $8, body = $9, offered = $10, due_at = $11, rev = rev + 1
     WHERE tenant = $1 AND id = $2 AND grp = $3 RETURNING rev";

/// Keeps what is new about one that moves to another group; returns its revision.
fn change_group(tx: &Tx<'_>, conversation: &Conversation) -> Result<u64> {
    let (before, rev_before) =
        with_rev(tx, conversation.id)?.ok_or(DbError::Missing("conversation"))?;
    let rev = rev_before + 1;
    let mut values = values(tx, conversation)?;
    values.push(rev.into());
    tx.execute(
        "UPDATE conversation SET grp = $3, status = $4, handler = $5, agent = $6, priority = $7,
             waiting_since = $8, body = $9, offered = $10, due_at = $11, rev = $12
         WHERE tenant = $1 AND id = $2",
        &values,
    )?;
    leave(tx, &before, rev)?;
    announce_contacts(tx, conversation)?;
    message::announce_all(tx, conversation.id, conversation.group_id)?;
    let (from, to) = (before.group_id, conversation.group_id);
    whisper::follow(tx, conversation.id, from, to)?;
    survey::follow(tx, conversation.id, from, to)?;
    Ok(rev)
}

/// Who began it, and who that turned out to be.
fn announce_contacts(tx: &Tx<'_>, conversation: &Conversation) -> Result<()> {
    contact::announce(tx, conversation.contact_id, conversation.group_id)?;
    if conversation.person() != conversation.contact_id {
        contact::announce(tx, conversation.person(), conversation.group_id)?;
    }
    Ok(())
}

/// It is a part of another customer's history now: its group sees that one, and who it was a part of
/// only where it sees another conversation of theirs.
pub fn set_person(tx: &Tx<'_>, mut conversation: Conversation, person: ContactId) -> Result<()> {
    let before = conversation.person();
    conversation.set_person(person);
    let row = tx.query_one(
        "UPDATE conversation SET person = $3, body = $4, rev = rev + 1
         WHERE tenant = $1 AND id = $2 RETURNING rev",
        &[
            tx.tenant().into(),
            conversation.id.into(),
            person.into(),
            json(&conversation)?,
        ],
    )?;
    let rev = row.ok_or(DbError::Missing("conversation"))?.uint(0)?;
    contact::announce(tx, person, conversation.group_id)?;
    put(tx, &conversation, rev);
    withdraw_contact(tx, before, conversation.group_id, rev)
}

/// The customer leaves the stream of a group that sees no conversation of theirs any more.
fn withdraw_contact(tx: &Tx<'_>, id: ContactId, group: GroupId, rev: u64) -> Result<()> {
    if !groups_of_contact(tx, id)?.contains(&group) {
        let stream = StreamKind::Group(group);
        tx.del(stream, rev, EntityKind::Contact, id.to_string());
    }
    Ok(())
}

fn leave(tx: &Tx<'_>, before: &Conversation, rev: u64) -> Result<()> {
    let old = StreamKind::Group(before.group_id);
    message::withdraw_all(tx, before.id, before.group_id)?;
    tx.del(old, rev, EntityKind::Conversation, before.id.to_string());
    withdraw_contact(tx, before.contact_id, before.group_id, rev)?;
    if before.person() != before.contact_id {
        withdraw_contact(tx, before.person(), before.group_id, rev)?;
    }
    Ok(())
}

fn put(tx: &Tx<'_>, conversation: &Conversation, rev: u64) {
    tx.put(
        StreamKind::Group(conversation.group_id),
        rev,
        Entity::Conversation(Box::new(conversation.clone())),
    );
}

/// The columns that change, after tenant and id.
fn values(reader: &Reader<'_>, conversation: &Conversation) -> Result<Vec<Value>> {
    let handler = match conversation.handler {
        Handler::Bot => "bot",
        Handler::Queue => "queue",
        Handler::Agent { .. } => "agent",
        Handler::None => "none",
    };
    Ok(vec![
        reader.tenant().into(),
        conversation.id.into(),
        conversation.group_id.into(),
        word(&conversation.status)?,
        handler.into(),
        conversation.assignee().into(),
        Value::Int(conversation.priority as i64),
        // By it the queue is in order.
        queue::since(conversation).into(),
        json(conversation)?,
        conversation.offered_to().into(),
        conversation.due_at().into(),
    ])
}

fn with_rev(reader: &Reader<'_>, id: ConversationId) -> Result<Option<(Conversation, u64)>> {
    reader
        .query_one(
            "SELECT body, rev FROM conversation WHERE tenant = $1 AND id = $2",
            &[reader.tenant().into(), id.into()],
        )?
        .map(|row| Ok((row.json(0)?, row.uint(1)?)))
        .transpose()
}
