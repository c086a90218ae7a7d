//! Customers.

use lt_model::{contact::Contact, id::ContactId};
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use crate::{
    Result,
    sql::{Id, from_json, int, json, word},
};

pub(crate) fn get(connection: &Connection, contact: ContactId) -> Result<Option<Contact>> {
    let body: Option<String> = connection
        .prepare_cached("SELECT body FROM contact WHERE id = ?1")?
        .query_row([contact.blob()], |row| row.get(0))
        .optional()?;
    body.map(|text| from_json(&text, "contact")).transpose()
}

/// Takes a row of the server unless a later revision is here.
pub(crate) fn put(tx: &Transaction<'_>, contact: &Contact, rev: u64) -> Result<()> {
    tx.prepare_cached(
        "INSERT INTO contact (id, rev, name, tier, body) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT (id) DO UPDATE SET rev = excluded.rev, name = excluded.name,
           tier = excluded.tier, body = excluded.body
         WHERE excluded.rev >= contact.rev",
    )?
    .execute(params![
        contact.id.blob(),
        int(rev),
        contact.display_name,
        word(&contact.value_tier)?,
        json(contact)?,
    ])?;
    Ok(())
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
