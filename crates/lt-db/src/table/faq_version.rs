//! Immutable texts of questions.

use lt_model::{faq::PublishedFaq, id::AgentId};

use crate::{
    error::Result,
    seam::{Reader, Tx},
    value::json,
};

/// One version, published now or once.
pub fn get(reader: &Reader<'_>, faq: &str, version: u32) -> Result<Option<PublishedFaq>> {
    reader
        .query_one(
            "SELECT body FROM faq_version WHERE tenant = $1 AND faq = $2 AND version = $3",
            &[reader.tenant().into(), faq.into(), version.into()],
        )?
        .map(|row| row.json(0))
        .transpose()
}

/// All versions of an entry, oldest first, each with who published it.
pub fn history(reader: &Reader<'_>, faq: &str) -> Result<Vec<(AgentId, PublishedFaq)>> {
    reader
        .query(
            "SELECT author, body FROM faq_version WHERE tenant = $1 AND faq = $2 ORDER BY version",
            &[reader.tenant().into(), faq.into()],
        )?
        .iter()
        .map(|row| Ok((row.id(0)?, row.json(1)?)))
        .collect()
}

pub(crate) fn insert(tx: &Tx<'_>, faq: &PublishedFaq, author: AgentId) -> Result<()> {
    tx.execute(
        "INSERT INTO faq_version (tenant, faq, version, business_line, published_at, author, body)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        &[
            tx.tenant().into(),
            faq.id.as_str().into(),
            faq.version.into(),
            faq.business_line.as_str().into(),
            faq.published_at.into(),
            author.into(),
            json(faq)?,
        ],
    )?;
    Ok(())
}
