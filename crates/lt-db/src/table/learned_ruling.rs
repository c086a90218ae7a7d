//! A lead's last word on what an entry has learned.

use lt_model::{Millis, id::AgentId, learn::LearnedRuling};

use crate::{
    error::Result,
    seam::{Reader, Tx},
    value::word,
};

/// One ruling.
pub struct Ruled {
    /// The entry.
    pub faq_id: String,
    /// The text without what makes no difference.
    pub key: String,
    /// What was said.
    pub ruling: LearnedRuling,
    /// By whom.
    pub agent: AgentId,
}

/// Says it, instead of what was said before.
pub fn set(tx: &Tx<'_>, ruled: &Ruled, now: Millis) -> Result<()> {
    tx.execute(
        "INSERT INTO learned_ruling (tenant, faq, key, ruling, agent, at)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (tenant, faq, key) DO UPDATE
             SET ruling = excluded.ruling, agent = excluded.agent, at = excluded.at",
        &[
            tx.tenant().into(),
            ruled.faq_id.as_str().into(),
            ruled.key.as_str().into(),
            word(&ruled.ruling)?,
            ruled.agent.into(),
            now.into(),
        ],
    )?;
    Ok(())
}

/// Everything that was said, and when the last was.
pub fn all(reader: &Reader<'_>) -> Result<(Vec<Ruled>, Millis)> {
    let rows = reader.query(
        "SELECT faq, key, ruling, agent, at FROM learned_ruling WHERE tenant = $1
         ORDER BY faq, key",
        &[reader.tenant().into()],
    )?;
    let mut last = 0;
    let mut all = Vec::with_capacity(rows.len());
    for row in &rows {
        last = last.max(row.int(4)?);
        all.push(Ruled {
            faq_id: row.text(0)?.to_owned(),
            key: row.text(1)?.to_owned(),
            ruling: row.word(2)?,
            agent: row.id(3)?,
        });
    }
    Ok((all, last))
}
