//! How a customer is known on an inbox.

use lt_model::{
    Millis,
    id::{ContactId, InboxId},
};

use crate::{
    error::Result,
    seam::{Reader, Tx},
};

/// Whose token it is, and on which inbox.
pub fn by_token(
    reader: &Reader<'_>,
    token_hash: &[u8; 32],
) -> Result<Option<(InboxId, ContactId)>> {
    reader
        .query_one(
            "SELECT inbox, contact FROM contact_identity WHERE tenant = $1 AND token_hash = $2",
            &[reader.tenant().into(), (*token_hash).into()],
        )?
        .map(|row| Ok((row.id(0)?, row.id(1)?)))
        .transpose()
}

/// The customer holds this token from now on.
pub fn insert(
    tx: &Tx<'_>,
    inbox: InboxId,
    token_hash: &[u8; 32],
    contact: ContactId,
    now: Millis,
) -> Result<()> {
    tx.execute(
        "INSERT INTO contact_identity (tenant, inbox, token_hash, contact, created_at)
         VALUES ($1, $2, $3, $4, $5)",
        &[
            tx.tenant().into(),
            inbox.into(),
            (*token_hash).into(),
            contact.into(),
            now.into(),
        ],
    )?;
    Ok(())
}
