//! Stable questions and their published versions.

use lt_model::{
    change::{EntityKind, StreamKind},
    faq::PublishedFaq,
    id::AgentId,
};
use lt_protocol::sync::Entity;

use crate::{
    error::Result,
    seam::{Reader, Tx},
    table::{counter, faq_version},
};

/// Counts the versions that were published.
const PUBLISHED: &str = "published";

/// Changes with everything that is published.
pub fn stamp(reader: &Reader<'_>) -> Result<u64> {
    counter::last(reader, PUBLISHED)
}

/// Everything that is published, by id.
pub fn published(reader: &Reader<'_>) -> Result<Vec<PublishedFaq>> {
    reader
        .query(
            "SELECT v.body FROM faq_entry e
             JOIN faq_version v ON v.tenant = e.tenant AND v.faq = e.id AND v.version = e.version
             WHERE e.tenant = $1 ORDER BY e.id",
            &[reader.tenant().into()],
        )?
        .iter()
        .map(|row| row.json(0))
        .collect()
}

/// The published version of one entry.
pub fn by_id(reader: &Reader<'_>, id: &str) -> Result<Option<PublishedFaq>> {
    reader
        .query_one(
            "SELECT v.body FROM faq_entry e
             JOIN faq_version v ON v.tenant = e.tenant AND v.faq = e.id AND v.version = e.version
             WHERE e.tenant = $1 AND e.id = $2",
            &[reader.tenant().into(), id.into()],
        )?
        .map(|row| row.json(0))
        .transpose()
}

/// How many entries are published.
pub fn count(reader: &Reader<'_>) -> Result<u64> {
    let row = reader.query_one(
        "SELECT count(*) FROM faq_entry WHERE tenant = $1",
        &[reader.tenant().into()],
    )?;
    row.map_or(Ok(0), |row| row.uint(0))
}

/// Publishes a version and announces it; an entry that changes its business line leaves the old
/// one's stream.
pub fn publish(tx: &Tx<'_>, faq: &PublishedFaq, author: AgentId) -> Result<()> {
    let before = by_id(tx, &faq.id)?;
    faq_version::insert(tx, faq, author)?;
    counter::next(tx, PUBLISHED)?;
    tx.execute(
        "INSERT INTO faq_entry (tenant, id, version) VALUES ($1, $2, $3)
         ON CONFLICT (tenant, id) DO UPDATE SET version = excluded.version",
        &[
            tx.tenant().into(),
            faq.id.as_str().into(),
            faq.version.into(),
        ],
    )?;
    let rev = u64::from(faq.version);
    if let Some(old) = before.filter(|old| old.business_line != faq.business_line) {
        let stream = StreamKind::Faq(old.business_line);
        tx.del(stream, rev, EntityKind::Faq, faq.id.clone());
    }
    let stream = StreamKind::Faq(faq.business_line.clone());
    tx.put(stream, rev, Entity::Faq(faq.clone()));
    Ok(())
}
