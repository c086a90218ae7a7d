//! What one would reach for without an engine: SQLite's full text and plain BM25.

use anyhow::Context;
use lt_engine::Doc;
use lt_search::{FaqIndex, faq_index::FaqDoc};
use rusqlite::Connection;

/// Candidates asked for, as the engine gives.
const N_CANDIDATES: usize = 5;

fn wordings(docs: &[Doc]) -> impl Iterator<Item = (&Doc, &String)> {
    docs.iter().flat_map(|doc| {
        std::iter::once(&doc.question)
            .chain(&doc.similar)
            .map(move |wording| (doc, wording))
    })
}

/// Every wording in an FTS5 table with the trigram tokenizer, in memory.
pub struct Fts5(Connection);

impl Fts5 {
    /// # Errors
    /// When SQLite refuses.
    pub fn build(docs: &[Doc]) -> anyhow::Result<Self> {
        let mut db = Connection::open_in_memory().context("opening SQLite")?;
        db.execute_batch(
            "CREATE VIRTUAL TABLE wording USING fts5(faq_id UNINDEXED, text, tokenize = 'trigram')",
        )
        .context("making the FTS5 table")?;
        let rows = db.transaction()?;
        {
            let mut insert = rows.prepare("INSERT INTO wording (faq_id, text) VALUES (?1, ?2)")?;
            for (doc, wording) in wordings(docs) {
                insert.execute((&doc.faq_id, wording))?;
            }
        }
        rows.commit()?;
        Ok(Self(db))
    }

    /// The nearest entries by any shared run of three characters, best first.
    ///
    /// # Errors
    /// When SQLite refuses.
    pub fn ask(&self, text: &str) -> anyhow::Result<Vec<String>> {
        let chars: Vec<char> = text.chars().collect();
        let mut runs: Vec<String> = chars
            .windows(3)
            .map(|run| {
                format!(
                    "\"{}\"",
                    run.iter().collect::<String>().replace('"', "\"\"")
                )
            })
            .collect();
        runs.sort_unstable();
        runs.dedup();
        if runs.is_empty() {
            return Ok(Vec::new());
        }
        let mut select = self.0.prepare_cached(
            "SELECT faq_id FROM wording WHERE wording MATCH ?1 ORDER BY rank LIMIT 30",
        )?;
        let mut found: Vec<String> = Vec::with_capacity(N_CANDIDATES);
        for faq_id in select.query_map([runs.join(" OR ")], |row| row.get(0))? {
            let faq_id: String = faq_id?;
            if !found.contains(&faq_id) {
                found.push(faq_id);
            }
            if found.len() == N_CANDIDATES {
                break;
            }
        }
        Ok(found)
    }
}

/// BM25 over words alone: every wording stands where an answer would, whose search knows words only.
pub struct Bm25(FaqIndex);

impl Bm25 {
    /// # Errors
    /// When the index fails.
    pub fn build(docs: &[Doc]) -> anyhow::Result<Self> {
        let rows: Vec<FaqDoc> = wordings(docs)
            .map(|(doc, wording)| FaqDoc {
                faq_id: doc.faq_id.clone(),
                question: String::new(),
                similar: Vec::new(),
                answer: wording.clone(),
            })
            .collect();
        Ok(Self(FaqIndex::in_ram(&rows)?))
    }

    /// The nearest wordings' entries, best first.
    ///
    /// # Errors
    /// When the index fails.
    pub fn ask(&self, text: &str) -> anyhow::Result<Vec<String>> {
        let hits = self.0.search_answers(text, 30)?;
        let mut found: Vec<String> = Vec::with_capacity(N_CANDIDATES);
        for hit in hits {
            if !found.contains(&hit.faq_id) {
                found.push(hit.faq_id);
            }
        }
        found.truncate(N_CANDIDATES);
        Ok(found)
    }
}
