//! Reads from a damaged database what exists nowhere else: the account, what had not been sent,
//! the drafts, the settings.

use std::path::Path;

use lt_model::{
    Millis,
    audit::Actor,
    canned::Canned,
    id::ConversationId,
    message::{Delivery, Message},
};
use lt_protocol::view::Settings;
use lt_seal::Key32;
use rusqlite::{Connection, TransactionBehavior};

use crate::{
    Account, OpenConflict, Result, SummaryDraft, connect,
    enqueue::written,
    sql::{count, from_json, id},
    store::{Act, audit_key},
    table::{
        self, meta,
        outbox::{OpState, OutboxEntry},
    },
};

/// What could be read.
#[derive(Default)]
pub(crate) struct Salvage {
    account: Option<Account>,
    settings: Option<Settings>,
    outbox: Vec<OutboxEntry>,
    drafts: Vec<(ConversationId, String, Millis)>,
    summaries: Vec<(ConversationId, SummaryDraft, Millis)>,
    conflicts: Vec<OpenConflict>,
    notes: Vec<(ConversationId, String, Millis)>,
    whispers: Vec<(ConversationId, String, Millis)>,
    own_canned: Vec<Canned>,
    files: Vec<table::file::Whole>,
    outbox_is_complete: bool,
    drafts_are_complete: bool,
}

impl Salvage {
    /// Whether nothing that the agent wrote is missing. Without the account nothing can be sent.
    pub(crate) fn is_complete(&self) -> bool {
        self.outbox_is_complete && self.drafts_are_complete && self.account.is_some()
    }
}

/// Reads what can be read. Each table is read forwards to the first page that fails, then backwards.
pub(crate) fn read(path: &Path, key: &Key32) -> Salvage {
    let mut salvage = Salvage::default();
    if !path.exists() {
        return salvage;
    }
    let Ok(connection) = connect::reader(path, key) else {
        return salvage;
    };
    salvage.account = table::account::get(&connection).ok().flatten();
    salvage.settings = table::setting::get(&connection).ok();
    let places = from_both_ends(
        &connection,
        "SELECT op_id FROM outbox ORDER BY place",
        |row| id(row, 0),
    );
    salvage.outbox_is_complete = places.is_complete;
    for op_id in places.rows {
        match table::outbox::get(&connection, op_id) {
            Ok(Some(entry)) => salvage.outbox.push(entry),
            // Answered ones come again with the feed.
            Ok(None) => {}
            Err(_) => salvage.outbox_is_complete = false,
        }
    }
    let drafts = from_both_ends(
        &connection,
        "SELECT conversation_id, text, at FROM draft ORDER BY rowid",
        |row| Ok((id(row, 0)?, row.get(1)?, row.get(2)?)),
    );
    salvage.drafts_are_complete = drafts.is_complete;
    salvage.drafts = drafts.rows;
    read_edits(&connection, &mut salvage);
    read_own(&connection, &mut salvage);
    read_files(&connection, &mut salvage);
    salvage
}

/// Files that were chosen or wait to be uploaded: the server has none of them.
fn read_files(connection: &Connection, salvage: &mut Salvage) {
    let ids = from_both_ends(
        connection,
        "SELECT id FROM file WHERE state <> 'sent' ORDER BY rowid",
        |row| id(row, 0),
    );
    salvage.drafts_are_complete &= ids.is_complete;
    for id in ids.rows {
        match table::file::whole(connection, id) {
            Ok(Some(file)) => salvage.files.push(file),
            Ok(None) => {}
            Err(_) => salvage.drafts_are_complete = false,
        }
    }
}

/// Notes and whispers being written, and the agent's own canned replies.
fn read_own(connection: &Connection, salvage: &mut Salvage) {
    let notes = from_both_ends(
        connection,
        "SELECT conversation_id, text, at FROM note_draft ORDER BY rowid",
        |row| Ok((id(row, 0)?, row.get(1)?, row.get(2)?)),
    );
    let whispers = from_both_ends(
        connection,
        "SELECT conversation_id, text, at FROM whisper_draft ORDER BY rowid",
        |row| Ok((id(row, 0)?, row.get(1)?, row.get(2)?)),
    );
    let own = from_both_ends(
        connection,
        "SELECT body FROM own_canned ORDER BY rowid",
        |row| row.get::<_, String>(0),
    );
    salvage.drafts_are_complete &= notes.is_complete && whispers.is_complete && own.is_complete;
    salvage.notes = notes.rows;
    salvage.whispers = whispers.rows;
    for body in own.rows {
        match from_json(&body, "canned reply") {
            Ok(canned) => salvage.own_canned.push(canned),
            Err(_) => salvage.drafts_are_complete = false,
        }
    }
}

/// Summaries being written, and edits that wait for the agent to decide.
fn read_edits(connection: &Connection, salvage: &mut Salvage) {
    let summaries = from_both_ends(
        connection,
        "SELECT conversation_id, rev, base, text, at FROM summary_draft ORDER BY rowid",
        |row| {
            let draft = SummaryDraft {
                rev: count(row.get(1)?),
                base: row.get(2)?,
                text: row.get(3)?,
            };
            Ok((id(row, 0)?, draft, row.get(4)?))
        },
    );
    let conflicts = from_both_ends(
        connection,
        "SELECT conversation_id, op_id, at, body FROM conflict ORDER BY rowid",
        |row| {
            Ok((
                id(row, 0)?,
                id(row, 1)?,
                row.get(2)?,
                row.get::<_, String>(3)?,
            ))
        },
    );
    salvage.drafts_are_complete &= summaries.is_complete && conflicts.is_complete;
    salvage.summaries = summaries.rows;
    for (conversation_id, op_id, since, body) in conflicts.rows {
        match from_json(&body, "conflict") {
            Ok(conflict) => salvage.conflicts.push(OpenConflict {
                conversation_id,
                op_id,
                since,
                conflict,
            }),
            Err(_) => salvage.drafts_are_complete = false,
        }
    }
}

struct Ends<T> {
    rows: Vec<T>,
    is_complete: bool,
}

fn from_both_ends<T>(
    connection: &Connection,
    sql: &str,
    map: impl Fn(&rusqlite::Row<'_>) -> rusqlite::Result<T>,
) -> Ends<T> {
    let (mut rows, is_complete) = until_failure(connection, sql, &map);
    if !is_complete {
        // The two ends cannot meet: the page between them fails in both directions.
        let (mut tail, _) = until_failure(connection, &format!("{sql} DESC"), &map);
        tail.reverse();
        rows.append(&mut tail);
    }
    Ends { rows, is_complete }
}

fn until_failure<T>(
    connection: &Connection,
    sql: &str,
    map: impl Fn(&rusqlite::Row<'_>) -> rusqlite::Result<T>,
) -> (Vec<T>, bool) {
    let mut found = Vec::new();
    let Ok(mut statement) = connection.prepare(sql) else {
        return (found, false);
    };
    let Ok(rows) = statement.query_map([], map) else {
        return (found, false);
    };
    for row in rows {
        match row {
            Ok(row) => found.push(row),
            Err(_) => return (found, false),
        }
    }
    (found, true)
}

/// Puts what was read into a new, empty store.
pub(crate) fn write(
    connection: &mut Connection,
    salvage: Salvage,
    root: &Key32,
    now: Millis,
) -> Result<()> {
    let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let act = Act::done("store.replace", "store:desktop".to_owned());
    table::audit::append(&tx, &audit_key(root), &act.entry(Actor::System, now))?;
    if let Some(settings) = &salvage.settings {
        table::setting::put(&tx, settings)?;
    }
    for (conversation, text, at) in &salvage.drafts {
        table::draft::REPLIES.put(&tx, *conversation, text, *at)?;
    }
    for (conversation, draft, at) in &salvage.summaries {
        table::summary_draft::put(&tx, *conversation, draft, *at)?;
    }
    for (conversation, text, at) in &salvage.notes {
        table::draft::NOTES.put(&tx, *conversation, text, *at)?;
    }
    for (conversation, text, at) in &salvage.whispers {
        table::draft::WHISPERS.put(&tx, *conversation, text, *at)?;
    }
    for canned in &salvage.own_canned {
        table::canned::put_own(&tx, canned)?;
    }
    for file in &salvage.files {
        table::file::put_back(&tx, file)?;
    }
    for conflict in salvage.conflicts {
        table::conflict::put(&tx, conflict)?;
    }
    if let Some(account) = &salvage.account {
        table::account::put(&tx, account)?;
        let mut next_n = 1;
        for mut entry in salvage.outbox {
            entry.op.n = next_n;
            next_n += 1;
            let place = table::outbox::insert(&tx, &entry.op)?;
            if let OpState::Refused(code) = entry.state {
                table::outbox::set_refused(&tx, entry.op.id, code)?;
            }
            if let Some(message) = message(account, &entry) {
                table::message::put_unsent(&tx, &message, place)?;
            }
        }
        // Numbers of answered operations may have been on the lost pages: the server's word counts.
        meta::set(&tx, meta::NEXT_N, &next_n.to_string())?;
        meta::set(&tx, meta::N_UNCERTAIN, "1")?;
    }
    Ok(tx.commit()?)
}

/// The message of an operation, as it stood in the conversation.
fn message(account: &Account, entry: &OutboxEntry) -> Option<Message> {
    let mut message = written(&account.agent, &entry.op)?;
    if let OpState::Refused(_) = entry.state {
        message.delivery = Delivery::Failed;
    }
    Some(message)
}
