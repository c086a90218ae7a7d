//! Messages: what was said never changes, how far it came does.

use std::collections::HashMap;

use lt_model::{
    change::{EntityKind, StreamKind},
    id::{AgentId, ContactId, ConversationId, GroupId, InboxId, MessageId},
    message::{Author, Delivery, Message},
};
use lt_protocol::sync::Entity;

use crate::{
    error::{DbError, Result},
    link::Asked,
    seam::{Reader, Tx},
    table::{contact, conversation},
    value::{Row, Value, json, word},
};

/// A message with what only the server knows.
#[derive(Clone)]
pub struct Stored {
    /// It.
    pub message: Message,
    /// The customer in whose history it stands.
    pub contact: ContactId,
    /// Its position over that whole history, from 1.
    pub contact_seq: u64,
    rev: u64,
}

const COLUMNS: &str = "SELECT body, delivery, contact, contact_seq, rev FROM message";

/// One message.
pub fn by_id(reader: &Reader<'_>, id: MessageId) -> Result<Option<Stored>> {
    reader
        .query_one(
            &format!("{COLUMNS} WHERE tenant = $1 AND id = $2"),
            &[reader.tenant().into(), id.into()],
        )?
        .as_ref()
        .map(read)
        .transpose()
}

/// A conversation's messages, oldest first.
pub fn of_conversation(reader: &Reader<'_>, id: ConversationId) -> Result<Vec<Stored>> {
    many(
        reader,
        "conversation = $2 ORDER BY seq",
        &[reader.tenant().into(), id.into()],
    )
}

/// See [`conversation::OF_IDS`].
pub(crate) const OF_CONVERSATIONS: &str =
    "SELECT m.body, m.delivery, m.contact, m.contact_seq, m.rev, m.conversation
     FROM ({rows}) AS v CROSS JOIN message m
     WHERE m.tenant = v.column1 AND m.conversation = v.column2";

/// The messages of each of these conversations, oldest first. Where one cannot be read, all of its
/// conversation is an error.
pub fn of_conversations(
    reader: &Reader<'_>,
    ids: &[ConversationId],
) -> Result<HashMap<ConversationId, Result<Vec<Stored>>>> {
    let mut found = conversation::of_each(reader, (OF_CONVERSATIONS, 5), ids, read)?;
    for messages in found.values_mut().flatten() {
        messages.sort_unstable_by_key(|stored| stored.message.seq);
    }
    Ok(found)
}

/// The last messages of a conversation, oldest of them first.
pub fn tail(reader: &Reader<'_>, id: ConversationId, limit: u64) -> Result<Vec<Stored>> {
    let mut found = many(
        reader,
        "conversation = $2 ORDER BY seq DESC LIMIT $3",
        &[reader.tenant().into(), id.into(), limit.into()],
    )?;
    found.reverse();
    Ok(found)
}

/// Asks for the last messages of the newest conversation with a customer on an inbox.
pub(crate) fn ask_tail_of_newest(
    reader: &Reader<'_>,
    contact: ContactId,
    inbox: InboxId,
    limit: u64,
) -> Result<Asked> {
    reader.ask(
        &format!(
            "{COLUMNS} WHERE tenant = $1 AND conversation = (SELECT id FROM conversation
                 WHERE tenant = $1 AND contact = $2 AND inbox = $3 ORDER BY number DESC LIMIT 1)
             ORDER BY seq DESC LIMIT $4"
        ),
        vec![
            reader.tenant().into(),
            contact.into(),
            inbox.into(),
            limit.into(),
        ],
    )
}

/// What [`ask_tail_of_newest`] asked for, the oldest first.
pub(crate) fn tail_of_newest(reader: &Reader<'_>, asked: Asked) -> Result<Vec<Stored>> {
    reader.answer(asked)?.iter().rev().map(read).collect()
}

/// The history with a customer after a position, oldest first.
pub fn of_contact_after(
    reader: &Reader<'_>,
    contact: ContactId,
    after: u64,
    limit: u64,
) -> Result<Vec<Stored>> {
    many(
        reader,
        "contact = $2 AND contact_seq > $3 ORDER BY contact_seq LIMIT $4",
        &[
            reader.tenant().into(),
            contact.into(),
            after.into(),
            limit.into(),
        ],
    )
}

/// What was said to a customer up to a position of the history and has not come that far yet.
pub fn to_contact_not_yet(
    reader: &Reader<'_>,
    contact: ContactId,
    up_to: u64,
    delivery: Delivery,
) -> Result<Vec<Stored>> {
    let open = match delivery {
        Delivery::Read => "('sent', 'delivered')",
        Delivery::Delivered => "('sent')",
        Delivery::Pending | Delivery::Sent | Delivery::Failed | Delivery::Recalled => {
            return Ok(Vec::new());
        }
    };
    many(
        reader,
        &format!(
            "contact = $2 AND contact_seq <= $3 AND author IN ('bot', 'agent')
             AND delivery IN {open} ORDER BY contact_seq"
        ),
        &[reader.tenant().into(), contact.into(), up_to.into()],
    )
}

/// What was taken back of the history with a customer, the latest first. Notes were never in it.
pub fn recalled(reader: &Reader<'_>, contact: ContactId, limit: u64) -> Result<Vec<MessageId>> {
    reader
        .query(
            "SELECT id FROM message WHERE tenant = $1 AND contact = $2 AND delivery = 'recalled'
                 AND author <> 'note' ORDER BY contact_seq DESC LIMIT $3",
            &[reader.tenant().into(), contact.into(), limit.into()],
        )?
        .iter()
        .map(|row| row.id(0))
        .collect()
}

/// The last message after a position that `agent` has not seen by writing it: a customer's, the
/// bot's or a colleague's. Event lines do not count.
pub fn unseen_after(
    reader: &Reader<'_>,
    id: ConversationId,
    seen_seq: u64,
    agent: AgentId,
) -> Result<Option<u64>> {
    reader
        .query_one(
            "SELECT seq FROM message WHERE tenant = $1 AND conversation = $2 AND seq > $3
                 AND (author IN ('customer', 'bot') OR (author = 'agent' AND agent <> $4))
             ORDER BY seq DESC LIMIT 1",
            &[
                reader.tenant().into(),
                id.into(),
                seen_seq.into(),
                agent.into(),
            ],
        )?
        .map(|row| row.uint(0))
        .transpose()
}

/// Position in the whole history of the last message of the customer in a conversation up to its
/// `seq`; 0 when there is none.
pub fn customer_seq_up_to(reader: &Reader<'_>, id: ConversationId, seq: u64) -> Result<u64> {
    let row = reader.query_one(
        "SELECT contact_seq FROM message WHERE tenant = $1 AND conversation = $2 AND seq <= $3
             AND author = 'customer' ORDER BY seq DESC LIMIT 1",
        &[reader.tenant().into(), id.into(), seq.into()],
    )?;
    row.map_or(Ok(0), |row| row.uint(0))
}

/// The customer's last message in a conversation up to a `seq`.
pub fn customers_up_to(
    reader: &Reader<'_>,
    id: ConversationId,
    seq: u64,
) -> Result<Option<Stored>> {
    let mut found = many(
        reader,
        "conversation = $2 AND seq <= $3 AND author = 'customer' ORDER BY seq DESC LIMIT 1",
        &[reader.tenant().into(), id.into(), seq.into()],
    )?;
    Ok(found.pop())
}

/// `seq` of the last message of the bot or an agent in a conversation; 0 when there is none.
pub fn last_outgoing_seq(reader: &Reader<'_>, id: ConversationId) -> Result<u64> {
    let row = reader.query_one(
        "SELECT seq FROM message WHERE tenant = $1 AND conversation = $2
             AND author IN ('bot', 'agent') ORDER BY seq DESC LIMIT 1",
        &[reader.tenant().into(), id.into()],
    )?;
    row.map_or(Ok(0), |row| row.uint(0))
}

/// Stores a message in its conversation's group and announces it.
pub fn insert(
    tx: &Tx<'_>,
    message: &Message,
    contact: ContactId,
    group: GroupId,
) -> Result<Stored> {
    inserted(
        tx,
        begin_insert(tx, message, contact)?,
        message,
        contact,
        group,
    )
}

/// A message on its way, and the answer that has its position in the history.
pub(crate) struct Inserting(Asked);

/// Stores a message. [`inserted`] has to follow.
pub(crate) fn begin_insert(
    tx: &Tx<'_>,
    message: &Message,
    contact: ContactId,
) -> Result<Inserting> {
    let mut values: Vec<Value> = vec![
        tx.tenant().into(),
        contact.into(),
        message.conversation_id.into(),
    ];
    values.extend(self::values(message)?);
    if tx.chains() {
        let chained = "WITH place AS (UPDATE contact SET last_seq = last_seq + 1
                 WHERE tenant = $1 AND id = $2 RETURNING last_seq)
             INSERT INTO message (tenant, contact, conversation, id, seq, author, agent, delivery,
                 at, body, contact_seq, rev)
             SELECT CAST($1 AS BIGINT), CAST($2 AS BYTEA), CAST($3 AS BYTEA), CAST($4 AS BYTEA),
                 CAST($5 AS BIGINT), CAST($6 AS TEXT), CAST($7 AS BYTEA), CAST($8 AS TEXT),
                 CAST($9 AS BIGINT), CAST($10 AS TEXT), last_seq, 1 FROM place
             RETURNING contact_seq";
        return tx.ask(chained, values).map(Inserting);
    }
    let place = contact::next_seq(tx, contact)?;
    values.push(place.int(0)?.into());
    tx.send(
        "INSERT INTO message (tenant, contact, conversation, id, seq, author, agent, delivery, at,
             body, contact_seq, rev)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1)",
        &values,
    )?;
    Ok(Inserting(Asked::Here(vec![place])))
}

/// Id, position, author, agent, how far it came, when, and the whole.
pub(crate) fn values(message: &Message) -> Result<[Value; 7]> {
    let (author, agent) = match &message.author {
        Author::Customer => ("customer", None),
        Author::Bot { .. } => ("bot", None),
        // Nothing that asks what was said between customer and shop finds a note.
        Author::Agent { agent, .. } if message.is_note() => ("note", Some(*agent)),
        Author::Agent { agent, .. } => ("agent", Some(*agent)),
        Author::System => ("system", None),
    };
    Ok([
        message.id.into(),
        message.seq.into(),
        author.into(),
        agent.into(),
        word(&message.delivery)?,
        message.at.into(),
        json(message)?,
    ])
}

/// Stores a message and gives its position in the history; [`announce`] has to follow.
pub(crate) fn store(tx: &Tx<'_>, message: &Message, contact: ContactId) -> Result<u64> {
    let inserting = begin_insert(tx, message, contact)?;
    place(tx, inserting)
}

fn place(tx: &Tx<'_>, inserting: Inserting) -> Result<u64> {
    let rows = tx.answer(inserting.0)?;
    rows.first().ok_or(DbError::Missing("contact"))?.uint(0)
}

/// Announces a message that [`begin_insert`] stored.
pub(crate) fn inserted(
    tx: &Tx<'_>,
    inserting: Inserting,
    message: &Message,
    contact: ContactId,
    group: GroupId,
) -> Result<Stored> {
    let contact_seq = place(tx, inserting)?;
    Ok(announce(tx, message, contact, contact_seq, group))
}

/// Announces a message that was stored.
pub(crate) fn announce(
    tx: &Tx<'_>,
    message: &Message,
    contact: ContactId,
    contact_seq: u64,
    group: GroupId,
) -> Stored {
    let stored = Stored {
        message: message.clone(),
        contact,
        contact_seq,
        rev: 1,
    };
    put(tx, &stored, group);
    stored
}

/// It came farther; announced in its conversation's group.
pub fn set_delivery(
    tx: &Tx<'_>,
    stored: &Stored,
    delivery: Delivery,
    group: GroupId,
) -> Result<()> {
    let mut stored = stored.clone();
    stored.message.delivery = delivery;
    stored.rev += 1;
    tx.execute(
        "UPDATE message SET delivery = $3, rev = $4 WHERE tenant = $1 AND id = $2",
        &[
            tx.tenant().into(),
            stored.message.id.into(),
            word(&delivery)?,
            stored.rev.into(),
        ],
    )?;
    put(tx, &stored, group);
    Ok(())
}

pub(crate) fn announce_all(tx: &Tx<'_>, id: ConversationId, group: GroupId) -> Result<()> {
    for stored in of_conversation(tx, id)? {
        put(tx, &stored, group);
    }
    Ok(())
}

pub(crate) fn withdraw_all(tx: &Tx<'_>, id: ConversationId, group: GroupId) -> Result<()> {
    for stored in of_conversation(tx, id)? {
        tx.del(
            StreamKind::Group(group),
            stored.rev,
            EntityKind::Message,
            stored.message.id.to_string(),
        );
    }
    Ok(())
}

fn put(tx: &Tx<'_>, stored: &Stored, group: GroupId) {
    tx.put(
        StreamKind::Group(group),
        stored.rev,
        Entity::Message(stored.message.clone()),
    );
}

fn many(reader: &Reader<'_>, condition: &str, values: &[Value]) -> Result<Vec<Stored>> {
    reader
        .query(
            &format!("{COLUMNS} WHERE tenant = $1 AND {condition}"),
            values,
        )?
        .iter()
        .map(read)
        .collect()
}

fn read(row: &Row) -> Result<Stored> {
    let mut message: Message = row.json(0)?;
    message.delivery = row.word(1)?;
    if message.seq == 0 {
        return Err(DbError::Shape("message.seq"));
    }
    Ok(Stored {
        message,
        contact: row.id(2)?,
        contact_seq: row.uint(3)?,
        rev: row.uint(4)?,
    })
}
