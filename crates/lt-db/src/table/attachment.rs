//! Pictures and files. Their bytes are sealed where the files of the back end are not.

use lt_model::{
    Millis,
    attachment::{Attachment, FilePart},
    id::{AgentId, AttachmentId, CannedId, ContactId, MessageId},
};

use crate::{
    error::Result,
    seam::{Reader, Tx},
    value::{Row, Value, json, word},
};

/// Who uploaded one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Uploader {
    /// A customer.
    Customer(ContactId),
    /// An agent.
    Agent(AgentId),
}

impl Uploader {
    /// The column in which they stand, and what stands there.
    fn place(self) -> (&'static str, Value) {
        match self {
            Self::Customer(contact) => ("contact", contact.into()),
            Self::Agent(agent) => ("agent", agent.into()),
        }
    }
}

/// One, with what only the server knows.
#[derive(Clone)]
pub struct StoredAttachment {
    /// It.
    pub attachment: Attachment,
    /// Who uploaded it.
    pub uploader: Uploader,
    /// The message that carries it.
    pub message: Option<MessageId>,
    /// The canned reply that holds it.
    pub canned: Option<CannedId>,
    /// Keyed hash of what was uploaded.
    pub digest: [u8; 32],
}

const COLUMNS: &str = "SELECT body, contact, agent, message, canned, digest FROM attachment";

/// One.
pub fn by_id(reader: &Reader<'_>, id: AttachmentId) -> Result<Option<StoredAttachment>> {
    reader
        .query_one(
            &format!("{COLUMNS} WHERE tenant = $1 AND id = $2"),
            &[reader.tenant().into(), id.into()],
        )?
        .as_ref()
        .map(read)
        .transpose()
}

/// How many a person has uploaded that nothing carries.
pub fn n_loose(reader: &Reader<'_>, uploader: Uploader) -> Result<u64> {
    let (column, who) = uploader.place();
    let row = reader.query_one(
        &format!(
            "SELECT count(*) FROM attachment WHERE tenant = $1 AND {column} = $2
                 AND message IS NULL AND canned IS NULL"
        ),
        &[reader.tenant().into(), who],
    )?;
    row.map_or(Ok(0), |row| row.uint(0))
}

/// How many bytes a person has uploaded since a time.
pub fn bytes_since(reader: &Reader<'_>, uploader: Uploader, since: Millis) -> Result<u64> {
    let (column, who) = uploader.place();
    let row = reader.query_one(
        &format!(
            "SELECT CAST(coalesce(sum(bytes), 0) AS BIGINT) FROM attachment
             WHERE tenant = $1 AND {column} = $2 AND at > $3"
        ),
        &[reader.tenant().into(), who, since.into()],
    )?;
    row.map_or(Ok(0), |row| row.uint(0))
}

/// Some of its bytes; none where there are none.
pub fn part(reader: &Reader<'_>, id: AttachmentId, part: FilePart) -> Result<Option<Vec<u8>>> {
    reader
        .query_one(
            "SELECT bytes FROM attachment_part
             WHERE tenant = $1 AND attachment = $2 AND part = $3",
            &[reader.tenant().into(), id.into(), word(&part)?],
        )?
        .map(|row| row.blob(0))
        .transpose()
}

/// Keeps one that was uploaded.
pub fn insert(
    tx: &Tx<'_>,
    stored: &StoredAttachment,
    whole: &[u8],
    thumb: Option<&[u8]>,
    now: Millis,
) -> Result<()> {
    let (contact, agent) = match stored.uploader {
        Uploader::Customer(contact) => (Some(contact), None),
        Uploader::Agent(agent) => (None, Some(agent)),
    };
    let id = stored.attachment.id;
    tx.execute(
        "INSERT INTO attachment (tenant, id, contact, agent, at, bytes, digest, body)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        &[
            tx.tenant().into(),
            id.into(),
            contact.into(),
            agent.into(),
            now.into(),
            stored.attachment.n_bytes.into(),
            stored.digest.into(),
            json(&stored.attachment)?,
        ],
    )?;
    for (part, bytes) in [(FilePart::Whole, Some(whole)), (FilePart::Thumb, thumb)] {
        let Some(bytes) = bytes else { continue };
        tx.execute(
            "INSERT INTO attachment_part (tenant, attachment, part, bytes)
             VALUES ($1, $2, $3, $4)",
            &[
                tx.tenant().into(),
                id.into(),
                word(&part)?,
                Value::SealedBytes(bytes.to_vec()),
            ],
        )?;
    }
    Ok(())
}

/// A message carries it from now on.
pub fn set_message(tx: &Tx<'_>, id: AttachmentId, message: MessageId) -> Result<()> {
    tx.execute(
        "UPDATE attachment SET message = $3 WHERE tenant = $1 AND id = $2",
        &[tx.tenant().into(), id.into(), message.into()],
    )?;
    Ok(())
}

/// A canned reply holds it from now on; with none, nothing does, and it goes in a day.
pub fn set_canned(
    tx: &Tx<'_>,
    id: AttachmentId,
    canned: Option<CannedId>,
    now: Millis,
) -> Result<()> {
    tx.execute(
        "UPDATE attachment SET canned = $3, at = $4 WHERE tenant = $1 AND id = $2",
        &[tx.tenant().into(), id.into(), canned.into(), now.into()],
    )?;
    Ok(())
}

/// What a canned reply holds.
pub fn of_canned(reader: &Reader<'_>, canned: CannedId) -> Result<Vec<AttachmentId>> {
    reader
        .query(
            "SELECT id FROM attachment WHERE tenant = $1 AND canned = $2",
            &[reader.tenant().into(), canned.into()],
        )?
        .iter()
        .map(|row| row.id(0))
        .collect()
}

/// The bytes go; that there was one stays.
pub fn empty(tx: &Tx<'_>, id: AttachmentId) -> Result<()> {
    tx.execute(
        "DELETE FROM attachment_part WHERE tenant = $1 AND attachment = $2",
        &[tx.tenant().into(), id.into()],
    )?;
    Ok(())
}

/// Throws away at most `limit` that nothing carries and that were uploaded before a time. Returns how
/// many went.
pub fn sweep(tx: &Tx<'_>, before: Millis, limit: u64) -> Result<usize> {
    let rows = tx.query(
        "SELECT id FROM attachment WHERE tenant = $1 AND at < $2
             AND message IS NULL AND canned IS NULL ORDER BY at LIMIT $3",
        &[tx.tenant().into(), before.into(), limit.into()],
    )?;
    for row in &rows {
        let id: AttachmentId = row.id(0)?;
        empty(tx, id)?;
        tx.execute(
            "DELETE FROM attachment WHERE tenant = $1 AND id = $2",
            &[tx.tenant().into(), id.into()],
        )?;
    }
    Ok(rows.len())
}

fn read(row: &Row) -> Result<StoredAttachment> {
    let uploader = match row.opt_id(1)? {
        Some(contact) => Uploader::Customer(contact),
        None => Uploader::Agent(row.id(2)?),
    };
    Ok(StoredAttachment {
        attachment: row.json(0)?,
        uploader,
        message: row.opt_id(3)?,
        canned: row.opt_id(4)?,
        digest: row.bytes(5)?,
    })
}
