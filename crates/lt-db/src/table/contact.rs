//! Customers.

use lt_model::{
    change::StreamKind,
    contact::Contact,
    id::{ContactId, GroupId},
};
use lt_protocol::sync::Entity;

use crate::{
    error::{DbError, Result},
    seam::{Reader, Tx},
    table::conversation,
    value::{Row, json},
};

/// One customer.
pub fn by_id(reader: &Reader<'_>, id: ContactId) -> Result<Option<Contact>> {
    Ok(with_rev(reader, id)?.map(|(contact, _)| contact))
}

/// Who a customer turned out to be: themselves, where nobody merged them.
pub fn root(reader: &Reader<'_>, id: ContactId) -> Result<ContactId> {
    let mut root = id;
    while let Some(merged) = by_id(reader, root)?.and_then(|contact| contact.merged) {
        root = merged.into;
    }
    Ok(root)
}

/// Makes one. Nobody sees it before it has a conversation.
pub fn insert(tx: &Tx<'_>, contact: &Contact) -> Result<()> {
    tx.execute(
        "INSERT INTO contact (tenant, id, last_seq, rev, body) VALUES ($1, $2, 0, 1, $3)",
        &[tx.tenant().into(), contact.id.into(), json(contact)?],
    )?;
    Ok(())
}

/// Keeps what is new about one, and announces it wherever it is seen.
pub fn update(tx: &Tx<'_>, contact: &Contact) -> Result<()> {
    tx.execute(
        "UPDATE contact SET body = $3, rev = rev + 1 WHERE tenant = $1 AND id = $2",
        &[tx.tenant().into(), contact.id.into(), json(contact)?],
    )?;
    for group in conversation::groups_of_contact(tx, contact.id)? {
        announce(tx, contact.id, group)?;
    }
    Ok(())
}

/// Puts it into the stream of a group.
pub(crate) fn announce(tx: &Tx<'_>, id: ContactId, group: GroupId) -> Result<()> {
    let (contact, rev) = with_rev(tx, id)?.ok_or(DbError::Missing("contact"))?;
    tx.put(
        StreamKind::Group(group),
        rev,
        Entity::Contact(Box::new(contact)),
    );
    Ok(())
}

/// A row of the next position in the history with this customer, from 1.
pub(crate) fn next_seq(tx: &Tx<'_>, id: ContactId) -> Result<Row> {
    tx.query_one(
        "UPDATE contact SET last_seq = last_seq + 1 WHERE tenant = $1 AND id = $2
         RETURNING last_seq",
        &[tx.tenant().into(), id.into()],
    )?
    .ok_or(DbError::Missing("contact"))
}

fn with_rev(reader: &Reader<'_>, id: ContactId) -> Result<Option<(Contact, u64)>> {
    reader
        .query_one(
            "SELECT body, rev FROM contact WHERE tenant = $1 AND id = $2",
            &[reader.tenant().into(), id.into()],
        )?
        .map(|row| Ok((row.json(0)?, row.uint(1)?)))
        .transpose()
}
