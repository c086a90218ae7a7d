//! Customers.

use lt_model::{
    contact::{Contact, mark_key, phone_key},
    id::ContactId,
};
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use crate::{
    Result,
    sql::{Id, from_json, id, int, json, word},
};

/// As it is shown, pending operations applied.
pub(crate) fn get(connection: &Connection, contact: ContactId) -> Result<Option<Contact>> {
    one(
        connection,
        "SELECT body FROM contact WHERE id = ?1",
        contact,
    )
}

/// As the server last sent it.
pub(crate) fn server(connection: &Connection, contact: ContactId) -> Result<Option<Contact>> {
    let sql = "SELECT coalesce(server, body) FROM contact WHERE id = ?1";
    one(connection, sql, contact)
}

fn one(connection: &Connection, sql: &str, contact: ContactId) -> Result<Option<Contact>> {
    let body: Option<String> = connection
        .prepare_cached(sql)?
        .query_row([contact.blob()], |row| row.get(0))
        .optional()?;
    body.map(|text| from_json(&text, "contact")).transpose()
}

/// Takes a row of the server unless a later revision is here.
pub(crate) fn put(tx: &Transaction<'_>, contact: &Contact, rev: u64) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO contact (id, rev, name, tier, body, phone_key, email_key, member_key, is_merged)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
         ON CONFLICT (id) DO UPDATE SET rev = excluded.rev, name = excluded.name,
           tier = excluded.tier, body = excluded.body, phone_key = excluded.phone_key,
           email_key = excluded.email_key, member_key = excluded.member_key,
           is_merged = excluded.is_merged, server = NULL
         WHERE excluded.rev >= contact.rev",
    )?
    .execute(params![
        contact.id.blob(),
        int(rev),
        contact.display_name,
        word(&contact.value_tier)?,
        json(contact)?,
        phone_key(&contact.phone),
        mark_key(&contact.email),
        mark_key(&contact.member),
        contact.merged.is_some(),
    ])?;
    Ok(())
}

/// What is shown of one, where that is not what the server sent.
pub(crate) fn set_local(tx: &Transaction<'_>, server: &Contact, shown: &Contact) -> Result<()> {
    let kept = (server != shown).then(|| json(server)).transpose()?;
    tx.prepare_cached(
        "UPDATE contact SET name = ?2, tier = ?3, body = ?4, phone_key = ?5, email_key = ?6,
           member_key = ?7, is_merged = ?8, server = ?9 WHERE id = ?1",
    )?
    .execute(params![
        shown.id.blob(),
        shown.display_name,
        word(&shown.value_tier)?,
        json(shown)?,
        phone_key(&shown.phone),
        mark_key(&shown.email),
        mark_key(&shown.member),
        shown.merged.is_some(),
        kept,
    ])?;
    Ok(())
}

/// Others for whom nobody else stands and who have something in common with one.
pub(crate) fn alike(
    connection: &Connection,
    contact: &Contact,
    limit: u32,
) -> Result<Vec<Contact>> {
    let mut statement = connection.prepare_cached(
        "SELECT body FROM contact WHERE id IN (
           SELECT id FROM contact WHERE phone_key <> '' AND phone_key = ?1
           UNION SELECT id FROM contact WHERE email_key <> '' AND email_key = ?2
           UNION SELECT id FROM contact WHERE member_key <> '' AND member_key = ?3
         ) AND id <> ?4 AND NOT is_merged ORDER BY id LIMIT ?5",
    )?;
    let rows = statement.query_map(
        params![
            phone_key(&contact.phone),
            mark_key(&contact.email),
            mark_key(&contact.member),
            contact.id.blob(),
            limit,
        ],
        |row| row.get::<_, String>(0),
    )?;
    rows.map(|text| from_json(&text?, "contact")).collect()
}

/// Those for whom nobody else stands, whose name has this in it or whose mark it is.
pub(crate) fn named(connection: &Connection, text: &str, limit: u32) -> Result<Vec<Contact>> {
    let (phone, mark) = (phone_key(text), mark_key(text));
    let mut statement = connection.prepare_cached(
        "SELECT body FROM contact WHERE NOT is_merged AND (instr(lower(name), ?1) > 0
           OR (phone_key <> '' AND phone_key = ?2) OR email_key = ?1 OR member_key = ?1)
         ORDER BY id DESC LIMIT ?3",
    )?;
    let rows = statement.query_map(params![mark, phone, limit], |row| row.get::<_, String>(0))?;
    rows.map(|text| from_json(&text?, "contact")).collect()
}

/// How many tickets of a customer are here.
pub(crate) fn n_tickets(connection: &Connection, contact: ContactId) -> Result<u32> {
    Ok(connection
        .prepare_cached("SELECT count(*) FROM ticket WHERE contact = ?1")?
        .query_row([contact.blob()], |row| row.get(0))?)
}

/// Those that pending operations show otherwise than the server sent them.
pub(crate) fn shown_otherwise(connection: &Connection) -> Result<Vec<ContactId>> {
    let mut statement =
        connection.prepare_cached("SELECT id FROM contact WHERE server IS NOT NULL")?;
    let rows = statement.query_map([], |row| id(row, 0))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(crate) fn delete(tx: &Transaction<'_>, contact: ContactId) -> Result<()> {
    tx.prepare_cached("DELETE FROM contact WHERE id = ?1")?
        .execute([contact.blob()])?;
    Ok(())
}

pub(crate) fn clear(tx: &Transaction<'_>) -> Result<()> {
    tx.execute("DELETE FROM contact", [])?;
    Ok(())
}
