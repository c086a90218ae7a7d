//! Operations of this desk.

use lt_model::{
    Millis,
    id::{ConversationId, MessageId, OpId, TicketId, WhisperId},
};
use lt_protocol::{
    code::Code,
    sync::{Action, Op},
};
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

use crate::{
    Result,
    sql::{Id, count, expect_one, from_json, from_word, id, int, json, maybe_id, word},
    table::file,
};

/// Whether an operation waits or was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpState {
    /// It waits for the server.
    Queued,
    /// The server refused it; it waits for the agent.
    Refused(Code),
}

impl OpState {
    pub(crate) fn from_columns(state: &str, code: Option<&str>) -> rusqlite::Result<Self> {
        match (state, code) {
            ("refused", Some(code)) => from_word(code).map(Self::Refused),
            _ => Ok(Self::Queued),
        }
    }
}

/// An operation that waits or was refused.
#[derive(Clone, Debug, PartialEq)]
pub struct OutboxEntry {
    /// The operation.
    pub op: Op,
    /// Whether it waits or was refused.
    pub state: OpState,
}

/// The message that an operation sends.
pub(crate) fn message_of(action: &Action) -> Option<MessageId> {
    match action {
        Action::SendMessage { message_id, .. }
        | Action::SendFile { message_id, .. }
        | Action::AddNote { message_id, .. } => Some(*message_id),
        Action::Recall { .. }
        | Action::Whisper { .. }
        | Action::Contact { .. }
        | Action::SaveCanned { .. }
        | Action::RemoveCanned { .. }
        | Action::Alert { .. }
        | Action::SaveAlertRule { .. }
        | Action::RemoveAlertRule { .. }
        | Action::Quality { .. }
        | Action::Claim { .. }
        | Action::Decline { .. }
        | Action::Transfer { .. }
        | Action::TakeOver { .. }
        | Action::Snooze { .. }
        | Action::Wake { .. }
        | Action::Reopen { .. }
        | Action::TakeBack { .. }
        | Action::EditPersonal { .. }
        | Action::Configure { .. }
        | Action::Resolve { .. }
        | Action::Read { .. }
        | Action::SetPresence { .. }
        | Action::Thumb { .. }
        | Action::PatchConversation { .. }
        | Action::RuleLearned { .. }
        | Action::Ticket { .. }
        | Action::SaveTicketType { .. }
        | Action::SetEngineSettings { .. }
        | Action::RestoreEngineSettings { .. } => None,
    }
}

const COLUMNS: &str = "SELECT n, op_id, at, action, state, code, after_op FROM outbox";

struct Columns(u64, OpId, Millis, String, OpState, Option<OpId>);

fn columns(row: &Row<'_>) -> rusqlite::Result<Columns> {
    let code: Option<String> = row.get(5)?;
    let state = OpState::from_columns(row.get_ref(4)?.as_str()?, code.as_deref())?;
    Ok(Columns(
        count(row.get(0)?),
        id(row, 1)?,
        row.get(2)?,
        row.get(3)?,
        state,
        maybe_id(row, 6)?,
    ))
}

fn entry(Columns(n, id, at, action, state, after): Columns) -> Result<OutboxEntry> {
    let action = from_json(&action, "operation")?;
    let op = Op {
        n,
        id,
        at,
        after,
        action,
    };
    Ok(OutboxEntry { op, state })
}

fn entries(
    connection: &Connection,
    condition: &str,
    params: &[&dyn rusqlite::ToSql],
) -> Result<Vec<OutboxEntry>> {
    let mut statement = connection.prepare_cached(&format!("{COLUMNS} {condition}"))?;
    let rows = statement.query_map(params, columns)?;
    rows.map(|row| entry(row?)).collect()
}

/// What waits or was refused, in the order in which it was made.
pub(crate) fn visible(connection: &Connection) -> Result<Vec<OutboxEntry>> {
    entries(connection, "WHERE state <> 'done' ORDER BY place", &[])
}

/// What waits after a number, in the order of the numbers.
pub(crate) fn queue(connection: &Connection, after_n: u64, limit: u32) -> Result<Vec<OutboxEntry>> {
    // What sends a file waits for its upload, and holds up what comes after it; `overtake` has put
    // behind it only what is to wait.
    let before = file::first_waiting(connection)?;
    entries(
        connection,
        "WHERE state = 'queued' AND n > ?1 AND n < ?3 ORDER BY n LIMIT ?2",
        params![int(after_n), limit, before.map_or(i64::MAX, int)],
    )
}

/// What has an effect on a conversation: queued ones, and answered ones that the feed has not
/// brought yet.
pub(crate) fn effects_on(
    connection: &Connection,
    conversation: ConversationId,
) -> Result<Vec<OutboxEntry>> {
    entries(
        connection,
        "WHERE conversation_id = ?1 AND state <> 'refused' ORDER BY place",
        params![conversation.blob()],
    )
}

/// Operations up to a number that were done and whose effect the feed brings; those that sent a
/// message, or are of what says itself what it has, are left out.
pub(crate) fn done_up_to(connection: &Connection, n: u64) -> Result<Vec<OutboxEntry>> {
    entries(
        connection,
        "WHERE state = 'done' AND n <= ?1 AND message_id IS NULL AND ticket_id IS NULL
           AND action ->> '$.kind' <> 'whisper' ORDER BY place",
        params![int(n)],
    )
}

/// What operations up to a number do that are not refused.
pub(crate) fn open_up_to(connection: &Connection, n: u64) -> Result<Vec<Action>> {
    let found = entries(
        connection,
        "WHERE state <> 'refused' AND n <= ?1 ORDER BY place",
        params![int(n)],
    )?;
    Ok(found.into_iter().map(|entry| entry.op.action).collect())
}

/// What has an effect on the agent's own row.
pub(crate) fn effects_on_self(connection: &Connection) -> Result<Vec<OutboxEntry>> {
    entries(
        connection,
        "WHERE conversation_id IS NULL AND state <> 'refused' ORDER BY place",
        &[],
    )
}

pub(crate) fn get(connection: &Connection, op: OpId) -> Result<Option<OutboxEntry>> {
    let mut found = entries(
        connection,
        "WHERE op_id = ?1 AND state <> 'done'",
        params![op.blob()],
    )?;
    Ok(found.pop())
}

/// How many wait, and how many were refused.
pub(crate) fn counts(connection: &Connection) -> Result<(u32, u32)> {
    Ok(connection
        .prepare_cached(
            "SELECT count(*) FILTER (WHERE state = 'queued'), count(*) FILTER (WHERE state = 'refused')
             FROM outbox",
        )?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?)
}

/// Whether something of a conversation waits to be sent.
pub(crate) fn waits(connection: &Connection, conversation: ConversationId) -> Result<bool> {
    Ok(connection
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM outbox WHERE conversation_id = ?1 AND state = 'queued')",
        )?
        .query_row([conversation.blob()], |row| row.get(0))?)
}

/// Whether an edit of a conversation waits to be sent.
pub(crate) fn edit_waits(connection: &Connection, conversation: ConversationId) -> Result<bool> {
    Ok(connection
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM outbox WHERE conversation_id = ?1 AND state = 'queued'
               AND action ->> '$.kind' = 'patch_conversation')",
        )?
        .query_row([conversation.blob()], |row| row.get(0))?)
}

/// Puts an operation behind all others and gives its place.
pub(crate) fn insert(tx: &Transaction<'_>, op: &Op) -> Result<i64> {
    tx.prepare_cached(
        "INSERT INTO outbox (n, op_id, state, conversation_id, message_id, at, action, after_op,
           ticket_id, contact_id)
         VALUES (?1, ?2, 'queued', ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?
    .execute(params![
        int(op.n),
        op.id.blob(),
        op.action.conversation().map(Id::blob),
        message_of(&op.action).map(Id::blob),
        op.at,
        json(&op.action)?,
        op.after.map(Id::blob),
        op.action.ticket().map(Id::blob),
        op.action.contact().map(Id::blob),
    ])?;
    Ok(tx.last_insert_rowid())
}

/// The server refused it.
pub(crate) fn set_refused(tx: &Transaction<'_>, op: OpId, code: Code) -> Result<()> {
    let n_changed = tx
        .prepare_cached(
            "UPDATE outbox SET state = 'refused', code = ?2 WHERE op_id = ?1 AND state = 'queued'",
        )?
        .execute(params![op.blob(), word(&code)?])?;
    expect_one(n_changed, "I2: only a queued operation is answered")
}

/// It does something else now, under its number, and carries no message.
pub(crate) fn replace(tx: &Transaction<'_>, op: OpId, action: &Action) -> Result<()> {
    let n_changed = tx
        .prepare_cached(
            "UPDATE outbox SET action = ?2, message_id = NULL
             WHERE op_id = ?1 AND state = 'queued'",
        )?
        .execute(params![op.blob(), json(action)?])?;
    expect_one(n_changed, "I2: only a queued operation is replaced")
}

/// The server did it.
pub(crate) fn set_done(tx: &Transaction<'_>, op: OpId) -> Result<()> {
    let n_changed = tx
        .prepare_cached("UPDATE outbox SET state = 'done' WHERE op_id = ?1 AND state = 'queued'")?
        .execute([op.blob()])?;
    expect_one(n_changed, "I2: only a queued operation is answered")
}

/// The server did a part of an edit: only that has an effect still.
pub(crate) fn set_done_in_part(tx: &Transaction<'_>, op: OpId, taken: &Action) -> Result<()> {
    set_done(tx, op)?;
    tx.prepare_cached("UPDATE outbox SET action = ?2 WHERE op_id = ?1")?
        .execute(params![op.blob(), json(taken)?])?;
    Ok(())
}

/// Forgets an answered operation: its effect is here.
pub(crate) fn delete_done(tx: &Transaction<'_>, op: OpId) -> Result<()> {
    tx.prepare_cached("DELETE FROM outbox WHERE op_id = ?1 AND state = 'done'")?
        .execute([op.blob()])?;
    Ok(())
}

/// What a new reply, or the end of a conversation, makes sense after only: the last waiting reply or
/// taking of it. When that is refused, the later one is not to stand alone.
pub(crate) fn to_follow(tx: &Transaction<'_>, action: &Action) -> Result<Option<OpId>> {
    if let Action::Ticket { ticket_id, .. } = action {
        // What is done with a ticket that was made here goes the way of that.
        return Ok(tx
            .prepare_cached(
                "SELECT op_id FROM outbox WHERE ticket_id = ?1 AND state = 'queued'
                   AND action ->> '$.act.act' = 'create'",
            )?
            .query_row([ticket_id.blob()], |row| id(row, 0))
            .optional()?);
    }
    let (Action::SendMessage {
        conversation_id, ..
    }
    | Action::SendFile {
        conversation_id, ..
    }
    | Action::Resolve { conversation_id }) = action
    else {
        return Ok(None);
    };
    Ok(tx
        .prepare_cached(
            "SELECT op_id FROM outbox WHERE conversation_id = ?1 AND state = 'queued'
               AND action ->> '$.kind' IN ('send_message', 'send_file', 'claim')
             ORDER BY place DESC LIMIT 1",
        )?
        .query_row([conversation_id.blob()], |row| id(row, 0))
        .optional()?)
}

/// All that is about a ticket, in order, and whether it was answered as done.
pub(crate) fn of_ticket(
    connection: &Connection,
    ticket: TicketId,
) -> Result<Vec<(OutboxEntry, bool)>> {
    let all = entries(
        connection,
        "WHERE ticket_id = ?1 ORDER BY place",
        params![ticket.blob()],
    )?;
    let mut statement = connection
        .prepare_cached("SELECT op_id FROM outbox WHERE ticket_id = ?1 AND state = 'done'")?;
    let done = statement
        .query_map([ticket.blob()], |row| id(row, 0))?
        .collect::<Result<Vec<OpId>, _>>()?;
    Ok(all
        .into_iter()
        .map(|entry| {
            let is_done = done.contains(&entry.op.id);
            (entry, is_done)
        })
        .collect())
}

/// The tickets that operations are about.
pub(crate) fn tickets(connection: &Connection) -> Result<Vec<TicketId>> {
    let mut statement = connection
        .prepare_cached("SELECT DISTINCT ticket_id FROM outbox WHERE ticket_id IS NOT NULL")?;
    let rows = statement.query_map([], |row| id(row, 0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Changes of ticket types whose effect is not here, in order.
pub(crate) fn about_ticket_types(connection: &Connection) -> Result<Vec<(OpId, Action)>> {
    let all = entries(
        connection,
        "WHERE conversation_id IS NULL AND ticket_id IS NULL AND state <> 'refused'
           AND action ->> '$.kind' = 'save_ticket_type' ORDER BY place",
        &[],
    )?;
    Ok(all
        .into_iter()
        .map(|entry| (entry.op.id, entry.op.action))
        .collect())
}

/// Forgets the changes of ticket types that were answered: the feed has brought them.
pub(crate) fn settle_ticket_types(tx: &Transaction<'_>) -> Result<()> {
    tx.prepare_cached(
        "DELETE FROM outbox WHERE state = 'done' AND conversation_id IS NULL
           AND action ->> '$.kind' = 'save_ticket_type'",
    )?
    .execute([])?;
    Ok(())
}

/// What was refused since the operation before it was, in order.
pub(crate) fn refused_after(connection: &Connection, op: OpId) -> Result<Vec<OutboxEntry>> {
    entries(
        connection,
        "WHERE after_op = ?1 AND state = 'refused' AND code = 'after_refused' ORDER BY place",
        params![op.blob()],
    )
}

/// Removes a refused operation because the agent said so.
pub(crate) fn delete_refused(tx: &Transaction<'_>, op: OpId) -> Result<()> {
    let n_changed = tx
        .prepare_cached("DELETE FROM outbox WHERE op_id = ?1 AND state = 'refused'")?
        .execute([op.blob()])?;
    expect_one(n_changed, "I11: only a refused operation is given up")
}

/// Forgets answered operations of a conversation (none: of the agent's own row) that the feed has
/// brought now. Those that sent a message go with [`settle_message`].
pub(crate) fn settle(tx: &Transaction<'_>, conversation: Option<ConversationId>) -> Result<()> {
    tx.prepare_cached(
        "DELETE FROM outbox
         WHERE state = 'done' AND conversation_id IS ?1 AND message_id IS NULL
           AND ticket_id IS NULL AND contact_id IS NULL AND action ->> '$.kind' <> 'whisper'",
    )?
    .execute([conversation.map(Id::blob)])?;
    Ok(())
}

/// What merges or splits customers and has an effect: queued ones, and answered ones that the feed has
/// not brought yet.
pub(crate) fn about_contacts(connection: &Connection) -> Result<Vec<OutboxEntry>> {
    entries(
        connection,
        "WHERE contact_id IS NOT NULL AND state <> 'refused' ORDER BY place",
        &[],
    )
}

/// Those of them that were answered.
pub(crate) fn done_about_contacts(connection: &Connection) -> Result<Vec<OutboxEntry>> {
    entries(
        connection,
        "WHERE contact_id IS NOT NULL AND state = 'done' ORDER BY place",
        &[],
    )
}

/// The whispers of a conversation that are in the outbox, and whether they were answered as done.
pub(crate) fn whispers(
    connection: &Connection,
    conversation: ConversationId,
) -> Result<Vec<(OutboxEntry, bool)>> {
    let of = |states: &str| {
        entries(
            connection,
            &format!(
                "WHERE conversation_id = ?1 AND state {states}
                   AND action ->> '$.kind' = 'whisper' ORDER BY place"
            ),
            params![conversation.blob()],
        )
    };
    let done = of("= 'done'")?.into_iter().map(|entry| (entry, true));
    let open = of("<> 'done'")?.into_iter().map(|entry| (entry, false));
    Ok(done.chain(open).collect())
}

/// Forgets an answered whisper that the feed has brought now.
pub(crate) fn settle_whisper(tx: &Transaction<'_>, whisper: WhisperId) -> Result<()> {
    tx.prepare_cached(
        "DELETE FROM outbox WHERE state = 'done' AND action ->> '$.kind' = 'whisper'
           AND action ->> '$.whisper.id' = ?1",
    )?
    .execute([whisper.to_string()])?;
    Ok(())
}

/// Forgets the changes of the engine's settings that were answered: the feed has brought them.
pub(crate) fn settle_engine(tx: &Transaction<'_>) -> Result<()> {
    let done = entries(tx, "WHERE state = 'done' AND conversation_id IS NULL", &[])?;
    for entry in done
        .iter()
        .filter(|entry| is_about_engine(&entry.op.action))
    {
        tx.prepare_cached("DELETE FROM outbox WHERE op_id = ?1")?
            .execute([entry.op.id.blob()])?;
    }
    Ok(())
}

/// Changes of canned replies whose effect is not here, in the order in which they were made.
pub(crate) fn about_canned(connection: &Connection) -> Result<Vec<OutboxEntry>> {
    let mut all = entries(
        connection,
        "WHERE conversation_id IS NULL AND state <> 'refused' ORDER BY place",
        &[],
    )?;
    all.retain(|entry| is_about_canned(&entry.op.action));
    Ok(all)
}

/// Whether an operation changes canned replies.
pub(crate) fn is_about_canned(action: &Action) -> bool {
    matches!(
        action,
        Action::SaveCanned { .. } | Action::RemoveCanned { .. }
    )
}

/// Forgets the changes of canned replies that were answered: the feed brings them.
pub(crate) fn settle_canned(tx: &Transaction<'_>) -> Result<()> {
    tx.prepare_cached(
        "DELETE FROM outbox WHERE state = 'done' AND conversation_id IS NULL
           AND action ->> '$.kind' IN ('save_canned', 'remove_canned')",
    )?
    .execute([])?;
    Ok(())
}

/// Acts on alerts and changes of their rules whose effect is not here, in order.
pub(crate) fn about_alerts(connection: &Connection) -> Result<Vec<OutboxEntry>> {
    let mut all = entries(
        connection,
        "WHERE conversation_id IS NULL AND state <> 'refused' ORDER BY place",
        &[],
    )?;
    all.retain(|entry| is_about_alerts(&entry.op.action));
    Ok(all)
}

/// Whether an operation is about alerts or their rules.
pub(crate) fn is_about_alerts(action: &Action) -> bool {
    matches!(
        action,
        Action::Alert { .. } | Action::SaveAlertRule { .. } | Action::RemoveAlertRule { .. }
    )
}

/// Forgets those that were answered: the feed brings them.
pub(crate) fn settle_alerts(tx: &Transaction<'_>) -> Result<()> {
    tx.prepare_cached(
        "DELETE FROM outbox WHERE state = 'done' AND conversation_id IS NULL
           AND action ->> '$.kind' IN ('alert', 'save_alert_rule', 'remove_alert_rule')",
    )?
    .execute([])?;
    Ok(())
}

/// Acts about quality whose effect is not here, in order.
pub(crate) fn about_quality(connection: &Connection) -> Result<Vec<OutboxEntry>> {
    entries(
        connection,
        "WHERE conversation_id IS NULL AND state <> 'refused'
           AND action ->> '$.kind' = 'quality' ORDER BY place",
        &[],
    )
}

/// Forgets those that were answered: the feed brings them.
pub(crate) fn settle_quality(tx: &Transaction<'_>) -> Result<()> {
    tx.prepare_cached(
        "DELETE FROM outbox WHERE state = 'done' AND conversation_id IS NULL
           AND action ->> '$.kind' = 'quality'",
    )?
    .execute([])?;
    Ok(())
}

/// Changes of what the agent set for themselves whose effect is not here, in order.
pub(crate) fn about_personal(connection: &Connection) -> Result<Vec<OutboxEntry>> {
    entries(
        connection,
        "WHERE conversation_id IS NULL AND state <> 'refused'
           AND action ->> '$.kind' = 'edit_personal' ORDER BY place",
        &[],
    )
}

/// Forgets the changes of what the agent set that were answered: the feed has brought them.
pub(crate) fn settle_personal(tx: &Transaction<'_>) -> Result<()> {
    tx.prepare_cached(
        "DELETE FROM outbox WHERE state = 'done' AND conversation_id IS NULL
           AND action ->> '$.kind' = 'edit_personal'",
    )?
    .execute([])?;
    Ok(())
}

/// The messages of a conversation that are being taken back.
pub(crate) fn recalls(
    connection: &Connection,
    conversation: ConversationId,
) -> Result<Vec<MessageId>> {
    let taken = effects_on(connection, conversation)?.into_iter();
    Ok(taken
        .filter_map(|entry| match entry.op.action {
            Action::Recall { message_id, .. } => Some(message_id),
            _ => None,
        })
        .collect())
}

/// Changes of the engine's settings whose effect is not here; those that were done count as waiting.
pub(crate) fn about_engine(connection: &Connection) -> Result<Vec<OutboxEntry>> {
    let mut all = entries(
        connection,
        "WHERE conversation_id IS NULL ORDER BY place",
        &[],
    )?;
    all.retain(|entry| is_about_engine(&entry.op.action));
    Ok(all)
}

/// Whether an operation changes the engine's settings.
pub(crate) fn is_about_engine(action: &Action) -> bool {
    matches!(
        action,
        Action::SetEngineSettings { .. } | Action::RestoreEngineSettings { .. }
    )
}

/// Forgets an answered operation whose message the feed has brought now.
pub(crate) fn settle_message(tx: &Transaction<'_>, message: MessageId) -> Result<()> {
    tx.prepare_cached("DELETE FROM outbox WHERE message_id = ?1 AND state <> 'queued'")?
        .execute([message.blob()])?;
    Ok(())
}

/// Forgets all answered operations, and the answered messages whose rows never came.
pub(crate) fn clear_done(tx: &Transaction<'_>) -> Result<()> {
    tx.execute_batch(
        "DELETE FROM message WHERE seq = 0 AND id IN
           (SELECT message_id FROM outbox WHERE state = 'done' AND message_id IS NOT NULL);
         DELETE FROM outbox WHERE state = 'done';",
    )?;
    Ok(())
}

/// Everything, when another account takes the store over.
pub(crate) fn clear(tx: &Transaction<'_>) -> Result<()> {
    tx.execute_batch("DELETE FROM outbox; DELETE FROM message WHERE seq = 0;")?;
    Ok(())
}

/// Gives the queued operations after a number new numbers, from that number + 1 without gaps, and
/// returns the number after the last one.
pub(crate) fn renumber(tx: &Transaction<'_>, after_n: i64, from_n: u64) -> Result<u64> {
    let ops: Vec<OpId> = {
        let mut statement =
            tx.prepare("SELECT op_id FROM outbox WHERE state = 'queued' AND n > ?1 ORDER BY n")?;
        let rows = statement.query_map([after_n], |row| id(row, 0))?;
        rows.collect::<Result<_, _>>()?
    };
    // Out of the way first: two queued operations never have the same number.
    tx.execute(
        "UPDATE outbox SET n = -n WHERE state = 'queued' AND n > ?1",
        [after_n],
    )?;
    let mut next = from_n;
    for op in ops {
        let n_changed = tx
            .prepare_cached("UPDATE outbox SET n = ?2 WHERE op_id = ?1")?
            .execute(params![op.blob(), int(next)])?;
        expect_one(n_changed, "I3: numbers have no gaps")?;
        next = next.saturating_add(1);
    }
    Ok(next)
}

/// Whether the message was refused or waits, and by which operation.
pub(crate) fn by_message(connection: &Connection, message: MessageId) -> Result<Option<OpId>> {
    Ok(connection
        .prepare_cached("SELECT op_id FROM outbox WHERE message_id = ?1 AND state <> 'done'")?
        .query_row([message.blob()], |row| id(row, 0))
        .optional()?)
}
