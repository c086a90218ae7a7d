//! Published knowledge.

use lt_model::faq::PublishedFaq;
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use crate::{
    Result,
    sql::{from_json, int, json},
};

pub(crate) fn all(connection: &Connection) -> Result<Vec<PublishedFaq>> {
    let mut statement = connection.prepare_cached("SELECT body FROM faq ORDER BY id")?;
    let rows = statement.query_map([], |row| row.get::<_, String>(0))?;
    rows.map(|body| from_json(&body?, "FAQ entry")).collect()
}

pub(crate) fn get(connection: &Connection, id: &str) -> Result<Option<PublishedFaq>> {
    let body: Option<String> = connection
        .prepare_cached("SELECT body FROM faq WHERE id = ?1")?
        .query_row([id], |row| row.get(0))
        .optional()?;
    body.map(|text| from_json(&text, "FAQ entry")).transpose()
}

/// Takes a row of the server unless a later revision is here.
pub(crate) fn put(tx: &Transaction<'_>, faq: &PublishedFaq, rev: u64) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO faq (id, rev, body) VALUES (?1, ?2, ?3)
         ON CONFLICT (id) DO UPDATE SET rev = excluded.rev, body = excluded.body
         WHERE excluded.rev >= faq.rev",
    )?
    .execute(params![faq.id, int(rev), json(faq)?])?;
    Ok(())
}

pub(crate) fn delete(tx: &Transaction<'_>, id: &str) -> Result<()> {
    tx.prepare_cached("DELETE FROM faq WHERE id = ?1")?
        .execute([id])?;
    Ok(())
}

pub(crate) fn clear(tx: &Transaction<'_>) -> Result<()> {
    tx.execute("DELETE FROM faq", [])?;
    Ok(())
}
