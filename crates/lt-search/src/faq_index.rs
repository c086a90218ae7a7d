//! The index of FAQ entries.
//!
//! Each wording of a question (the standard one and every similar one) is a row of its own, scored
//! twice: by words and by character pairs. The answer lies on the row of the standard question and
//! is searched apart, since answers share too many words to help matching a question.

mod channel;
mod schema;

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use lt_seal::Key32;
use tantivy::{DocAddress, Index, IndexReader, IndexWriter, Searcher, TantivyDocument};

use crate::highlight::matched_terms_with;
use crate::opening::{Opening, open_or_wipe, reader_of};
use crate::tokenizer::{Grams, Jieba, dictionary, grams, words};
use crate::{MAX_HITS, MAX_QUERY_CHARS, MAX_TEXT_CHARS, Reason, Result, head, normalise};
use channel::Channel;
use schema::Fields;

/// Memory for writing; most rebuilds fit and leave one segment.
const WRITER_BYTES: usize = 48 * 1024 * 1024;

/// An entry to be indexed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FaqDoc {
    /// The entry's id, given back by hits.
    pub faq_id: String,
    /// The standard question.
    pub question: String,
    /// Other wordings of it.
    pub similar: Vec<String>,
    /// The answer.
    pub answer: String,
}

/// A wording that shares something with the query.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// The entry.
    pub faq_id: String,
    /// 0 for the standard question, `n` for the similar question with index `n - 1`.
    pub variant: usize,
    /// BM25 over dictionary words; 0 when none is shared.
    pub score_words: f32,
    /// BM25 over character pairs; 0 when none is shared.
    pub score_bigrams: f32,
}

/// An entry whose answer shares words with the query.
#[derive(Debug, Clone, PartialEq)]
pub struct AnswerHit {
    /// The entry.
    pub faq_id: String,
    /// BM25 over dictionary words.
    pub score: f32,
}

/// How [`FaqIndex::open_or_rebuild`] came to its index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opened {
    /// The files were sound and of the same documents.
    Reused,
    /// The documents were indexed anew.
    Rebuilt {
        /// What was wrong with the files.
        reason: Reason,
    },
}

/// The index. Searching is concurrent; rebuilding is seen by searches that start after it.
pub struct FaqIndex {
    index: Index,
    reader: IndexReader,
    fields: Fields,
    dictionary: Arc<Jieba>,
    rebuilding: Mutex<()>,
}

impl FaqIndex {
    /// An index in memory, with the process's dictionary.
    ///
    /// # Errors
    /// [`crate::Error::Index`] if the library fails.
    pub fn in_ram(docs: &[FaqDoc]) -> Result<Self> {
        Self::in_ram_with(dictionary(), docs)
    }

    /// An index in memory, with a tenant's dictionary.
    ///
    /// # Errors
    /// As for [`FaqIndex::in_ram`].
    pub fn in_ram_with(dictionary: Arc<Jieba>, docs: &[FaqDoc]) -> Result<Self> {
        let (schema, fields) = schema::build();
        let mut index = Index::create_in_ram(schema);
        index.set_tokenizers(schema::tokenizers(&dictionary));
        let reader = reader_of(&index)?;
        let this = Self {
            index,
            reader,
            fields,
            dictionary,
            rebuilding: Mutex::default(),
        };
        this.rebuild("", docs)?;
        Ok(this)
    }

    /// The sealed index in a folder. `fingerprint` names the documents and the dictionary: if the
    /// files do not carry it, or are damaged in any way, they are replaced by an index of
    /// `make_docs()`.
    ///
    /// # Errors
    /// [`crate::Error::Locked`] when another handle writes to the folder, or the folder or the
    /// library fails; damage is not an error.
    pub fn open_or_rebuild(
        path: &Path,
        key: Key32,
        fingerprint: &str,
        make_docs: impl FnOnce() -> Vec<FaqDoc>,
    ) -> Result<(Self, Opened)> {
        Self::open_or_rebuild_with(dictionary(), path, key, fingerprint, make_docs)
    }

    /// [`FaqIndex::open_or_rebuild`] with a tenant's dictionary.
    ///
    /// # Errors
    /// As there.
    pub fn open_or_rebuild_with(
        dictionary: Arc<Jieba>,
        path: &Path,
        key: Key32,
        fingerprint: &str,
        make_docs: impl FnOnce() -> Vec<FaqDoc>,
    ) -> Result<(Self, Opened)> {
        let (schema, fields) = schema::build();
        let wanted = schema::payload(fingerprint);
        let tokenizers = schema::tokenizers(&dictionary);
        let Opening {
            index,
            reader,
            fresh,
            ..
        } = open_or_wipe(path, key, &schema, &tokenizers, |found| found == wanted)?;
        let this = Self {
            index,
            reader,
            fields,
            dictionary,
            rebuilding: Mutex::default(),
        };
        let opened = match fresh {
            None => Opened::Reused,
            Some(reason) => {
                this.rebuild(fingerprint, &make_docs())?;
                Opened::Rebuilt { reason }
            }
        };
        Ok((this, opened))
    }

    /// Replaces all documents in one commit. Searches see the old ones until it is done.
    ///
    /// # Errors
    /// [`crate::Error::Locked`], [`crate::Error::Index`]; the old documents stay then.
    pub fn rebuild(&self, fingerprint: &str, docs: &[FaqDoc]) -> Result<()> {
        let _one_at_a_time = self
            .rebuilding
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let mut writer: IndexWriter = self.index.writer_with_num_threads(1, WRITER_BYTES)?;
        writer.delete_all_documents()?;
        for doc in docs {
            for row in self.rows(doc) {
                writer.add_document(row)?;
            }
        }
        let mut commit = writer.prepare_commit()?;
        commit.set_payload(&schema::payload(fingerprint));
        commit.commit()?;
        writer.wait_merging_threads()?;
        self.reader.reload()?;
        Ok(())
    }

    /// Number of wordings in the index.
    pub fn n_rows(&self) -> u64 {
        self.reader.searcher().num_docs()
    }

    /// The wordings nearest to the query: the best `limit` by words and the best `limit` by pairs,
    /// each with both of its scores, best sum first.
    ///
    /// # Errors
    /// [`crate::Error::Index`] if the library fails.
    pub fn search_questions(&self, query: &str, limit: usize) -> Result<Vec<Hit>> {
        let query = normalise(head(query, MAX_QUERY_CHARS));
        let searcher = self.reader.searcher();
        let by_words = Channel::new(
            &searcher,
            self.fields.question_words,
            &words(&self.dictionary, &query),
        )?;
        let by_bigrams = Channel::new(
            &searcher,
            self.fields.question_bigrams,
            &grams(&query, Grams::Query),
        )?;

        let limit = limit.min(MAX_HITS);
        let mut addresses = by_words.best(&searcher, limit)?;
        addresses.extend(by_bigrams.best(&searcher, limit)?);
        addresses.sort_unstable();
        addresses.dedup();

        let scores_words = by_words.scores(&searcher, &addresses)?;
        let scores_bigrams = by_bigrams.scores(&searcher, &addresses)?;
        let rows = self.rows_at(&searcher, &addresses)?;
        let mut hits: Vec<Hit> = rows
            .into_iter()
            .zip(scores_words.into_iter().zip(scores_bigrams))
            .map(|((faq_id, variant), (score_words, score_bigrams))| Hit {
                faq_id,
                variant,
                score_words,
                score_bigrams,
            })
            .collect();
        let sum = |hit: &Hit| hit.score_words + hit.score_bigrams;
        hits.sort_by(|left, right| {
            sum(right)
                .total_cmp(&sum(left))
                .then_with(|| left.faq_id.cmp(&right.faq_id))
                .then(left.variant.cmp(&right.variant))
        });
        Ok(hits)
    }

    /// The entries whose answers are nearest to the query, best first.
    ///
    /// # Errors
    /// [`crate::Error::Index`] if the library fails.
    pub fn search_answers(&self, query: &str, limit: usize) -> Result<Vec<AnswerHit>> {
        let query = normalise(head(query, MAX_QUERY_CHARS));
        let searcher = self.reader.searcher();
        let by_words = Channel::new(
            &searcher,
            self.fields.answer_words,
            &words(&self.dictionary, &query),
        )?;
        let addresses = by_words.best(&searcher, limit.min(MAX_HITS))?;
        let scores = by_words.scores(&searcher, &addresses)?;
        let rows = self.rows_at(&searcher, &addresses)?;
        let mut hits: Vec<AnswerHit> = rows
            .into_iter()
            .zip(scores)
            .map(|((faq_id, _), score)| AnswerHit { faq_id, score })
            .collect();
        hits.sort_by(|left, right| {
            right
                .score
                .total_cmp(&left.score)
                .then_with(|| left.faq_id.cmp(&right.faq_id))
        });
        Ok(hits)
    }

    /// [`crate::matched_terms`] with this index's dictionary.
    pub fn matched_terms(&self, query: &str, text: &str) -> Vec<(usize, usize)> {
        matched_terms_with(&self.dictionary, query, text)
    }

    fn rows<'a>(&'a self, doc: &'a FaqDoc) -> impl Iterator<Item = TantivyDocument> + 'a {
        let wordings = std::iter::once(&doc.question).chain(&doc.similar);
        (0_u64..).zip(wordings).map(|(variant, wording)| {
            let wording = normalise(head(wording, MAX_TEXT_CHARS));
            let mut row = TantivyDocument::new();
            row.add_text(self.fields.faq_id, &doc.faq_id);
            row.add_u64(self.fields.variant, variant);
            row.add_text(self.fields.question_words, &wording);
            row.add_text(self.fields.question_bigrams, &wording);
            if variant == 0 {
                let answer = normalise(head(&doc.answer, MAX_TEXT_CHARS));
                row.add_text(self.fields.answer_words, &answer);
            }
            row
        })
    }

    /// The entry and the wording of each row, in the order of the addresses.
    fn rows_at(
        &self,
        searcher: &Searcher,
        addresses: &[DocAddress],
    ) -> Result<Vec<(String, usize)>> {
        let mut rows = Vec::with_capacity(addresses.len());
        for run in addresses.chunk_by(|left, right| left.segment_ord == right.segment_ord) {
            let Some(first) = run.first() else {
                continue;
            };
            let columns = searcher.segment_reader(first.segment_ord).fast_fields();
            let (variants, ids) = (columns.u64(schema::VARIANT)?, columns.str(schema::FAQ_ID)?);
            // Wordings of one entry lie together, so that its id is read once for all of them.
            let mut last = None;
            let mut faq_id = String::new();
            for address in run {
                let variant = variants.first(address.doc_id).unwrap_or(0);
                if let Some(ids) = &ids {
                    let entry = ids.ords().first(address.doc_id);
                    if let Some(entry) = entry.filter(|_| entry != last) {
                        faq_id.clear();
                        ids.ord_to_str(entry, &mut faq_id)?;
                    }
                    last = entry;
                }
                rows.push((
                    faq_id.clone(),
                    usize::try_from(variant).unwrap_or(usize::MAX),
                ));
            }
        }
        Ok(rows)
    }
}

#[cfg(test)]
mod tests;
