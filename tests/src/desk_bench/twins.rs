//! What one would write first, on the same encrypted store: the whole list for every change, the
//! whole thread, and `LIKE` for a search.

use std::time::Instant;

use anyhow::{Context, Result};
use lt_model::message::Message;
use lt_protocol::view::{InboxScope, InboxSort};
use lt_store::{Store, Window};
use rusqlite::Connection;
use serde_json::json;

use super::{
    fill::conversation_id,
    measure::Figure,
    talk::{Dice, QUERIES},
};
use crate::desk::Desk;

/// All of them, `n` times each.
///
/// # Errors
/// What the store says.
pub fn measure(desk: &Desk, n: usize, n_conversations: usize, seed: u64) -> Result<Vec<Figure>> {
    let store = desk.store().context("the store is open")?;
    let connection = connection(desk, &store)?;
    let mut dice = Dice::new(seed ^ 0x7717);
    let mut all = vec![
        timed("the whole list", n, |_| whole_list(&store))?,
        timed("a whole thread: any", n, |_| {
            whole_thread(&connection, dice.below(n_conversations))
        })?,
        timed("a whole thread: longest", n, |_| {
            whole_thread(&connection, 0)
        })?,
    ];
    for (figure, queries) in [
        ("LIKE: one character", QUERIES.one),
        ("LIKE: two characters", QUERIES.two),
        ("LIKE: words", QUERIES.words),
    ] {
        all.push(timed(figure, n, |at| {
            like(&connection, queries[at % queries.len()])
        })?);
    }
    all.push(timed("the whole list and the thread", n, |at| {
        Ok(whole_list(&store)? + whole_thread(&connection, at % 60)?)
    })?);
    Ok(all)
}

fn timed(
    name: &'static str,
    n: usize,
    mut act: impl FnMut(usize) -> Result<usize>,
) -> Result<Figure> {
    let (mut times, mut bytes) = (Vec::new(), 0);
    for at in 0..n {
        let started = Instant::now();
        bytes = bytes.max(act(at)?);
        times.push(started.elapsed().as_secs_f64() * 1_000.0);
    }
    Ok(Figure::of(name, times, bytes))
}

/// A connection of its own to the store's file.
fn connection(desk: &Desk, store: &Store) -> Result<Connection> {
    let path = desk.folder.join("store.db");
    let connection = Connection::open(path)?;
    let key = lt_seal::derive(store.root_key(), "db/v1", b"");
    connection.execute_batch(&format!(
        "PRAGMA key = \"x'{}'\"; PRAGMA cache_size = -16384;",
        key.to_hex_secret().expose()
    ))?;
    Ok(connection)
}

/// Every row of the list, masked, as one answer.
fn whole_list(store: &Store) -> Result<usize> {
    let (lines, _) = store.inbox(InboxScope::All, InboxSort::Waiting, Window::ALL)?;
    let rows: Vec<_> = lines
        .iter()
        .map(|line| {
            let last = line
                .last
                .as_ref()
                .map(|last| lt_guard::mask(&last.text).text);
            json!({"id": line.id, "number": line.number, "status": line.status,
                "name": lt_guard::mask_name(&line.contact_name), "channel": line.channel,
                "priority": line.priority, "category": line.category, "last_text": last,
                "last_at": line.last_message_at, "waiting_since": line.waiting_since,
                "unread": line.unread})
        })
        .collect();
    Ok(serde_json::to_string(&rows)?.len())
}

/// Every message of a conversation, masked, as one answer.
fn whole_thread(connection: &Connection, n: usize) -> Result<usize> {
    let mut statement = connection
        .prepare_cached("SELECT body FROM message WHERE conversation_id = ?1 ORDER BY seq")?;
    let id = conversation_id(n).0.into_bytes();
    let bodies = statement.query_map([id], |row| row.get::<_, String>(0))?;
    let mut shown = Vec::new();
    for body in bodies {
        let message: Message = serde_json::from_str(&body?)?;
        let text = message.text().map(|text| lt_guard::mask(text).text);
        shown.push(json!({"id": message.id, "seq": message.seq, "text": text, "at": message.at}));
    }
    Ok(serde_json::to_string(&shown)?.len())
}

/// The latest fifty texts that hold all words.
fn like(connection: &Connection, query: &str) -> Result<usize> {
    let words: Vec<String> = query
        .split_whitespace()
        .map(|word| format!("%{word}%"))
        .collect();
    let conditions = vec!["body LIKE ?"; words.len()].join(" AND ");
    let mut statement = connection.prepare_cached(&format!(
        "SELECT body FROM message WHERE {conditions}
         ORDER BY json_extract(body, '$.at') DESC LIMIT 50"
    ))?;
    let bodies = statement.query_map(rusqlite::params_from_iter(words), |row| {
        row.get::<_, String>(0)
    })?;
    let mut shown = Vec::new();
    for body in bodies {
        let message: Message = serde_json::from_str(&body?)?;
        shown.push(message.text().map(|text| lt_guard::mask(text).text));
    }
    Ok(serde_json::to_string(&shown)?.len())
}
