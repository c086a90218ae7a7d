//! The index of what was said: messages, contacts, conversations.
//!
//! It grows with the store. Each commit carries a cursor of the store's change log; after a crash
//! the caller feeds on from [`MessageIndex::cursor`], and feeding the same entry twice is harmless.
//! When the files are of no use the index is empty with cursor 0, and the same feeding fills it.
//!
//! Everything is character pairs with positions: any stretch of Chinese is found letter by letter,
//! single characters included, and no dictionary has to be loaded.

mod query;
mod schema;

use std::fmt;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use lt_seal::Key32;
use tantivy::collector::TopDocs;
use tantivy::indexer::LogMergePolicy;
use tantivy::query::Query;
use tantivy::schema::Value;
use tantivy::{DocAddress, IndexReader, IndexWriter, Order, Searcher, TantivyDocument, Term};

use crate::highlight::typed_terms;
use crate::opening::{Opening, open_or_wipe};
use crate::{MAX_HITS, MAX_QUERY_CHARS, MAX_TEXT_CHARS, Reason, Result, head, normalise};
use schema::Fields;

pub use query::stands_in;

/// Memory for writing between two commits.
const WRITER_BYTES: usize = 24 * 1024 * 1024;
/// A segment with this share of deleted entries is rewritten, so that deleted text goes for good.
const MAX_DELETED_SHARE: f32 = 0.2;

/// How often a merge that is in the way is waited for, and how long each time.
const MERGE_TRIES: u32 = 200;
const MERGE_PAUSE: Duration = Duration::from_millis(25);

/// What an entry stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// An utterance in a conversation.
    Message,
    /// A customer: names, numbers, notes.
    Contact,
    /// A conversation: its subject, labels, notes.
    Conversation,
    /// A ticket: its number, title, form and history.
    Ticket,
}

/// A text to be found. There is no `Debug`: the text is a customer's.
#[derive(Clone, PartialEq, Eq)]
pub struct Entry {
    /// What it stands for.
    pub kind: Kind,
    /// Its id, unique among its kind.
    pub id: String,
    /// The conversation that it belongs to; empty for a contact.
    pub conversation_id: String,
    /// The text.
    pub text: String,
    /// When, in milliseconds since the epoch.
    pub at_ms: i64,
    /// Words of a closed set that it is filtered by, such as `author/customer`. Never a text.
    pub facets: Vec<String>,
}

/// Where to look. The default is everywhere.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only entries of this kind.
    pub kind: Option<Kind>,
    /// Only entries of this conversation.
    pub conversation_id: Option<String>,
    /// Only entries at or after this time.
    pub from_ms: Option<i64>,
    /// Only entries before this time.
    pub until_ms: Option<i64>,
    /// Only entries that have all of these.
    pub facets: Vec<String>,
}

/// An entry that was found. `Debug` leaves out the text, which is a customer's.
#[derive(Clone, PartialEq, Eq)]
pub struct MessageHit {
    /// What it stands for.
    pub kind: Kind,
    /// Its id.
    pub id: String,
    /// The conversation that it belongs to.
    pub conversation_id: String,
    /// When.
    pub at_ms: i64,
    /// Whether all that was typed is in it, letter by letter; else only much of it.
    pub exact: bool,
    /// The text as it was given.
    pub text: String,
    /// What to mark, in characters of the entry's text: `(start, end)`, end excluded.
    pub ranges: Vec<(usize, usize)>,
}

/// How [`MessageIndex::open`] came to its index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opened {
    /// The files were sound: feed on from the cursor.
    Continue,
    /// The index is empty: feed it from the start.
    NeedsRebuild {
        /// What was wrong with the files.
        reason: Reason,
    },
}

/// The index. One handle per folder, shared by all who search.
pub struct MessageIndex {
    reader: IndexReader,
    fields: Fields,
    /// Taken when the index goes.
    writer: Mutex<Option<IndexWriter>>,
    cursor: AtomicU64,
}

impl MessageIndex {
    /// Opens the sealed index in a folder, emptying it if its files are of no use.
    ///
    /// # Errors
    /// [`crate::Error::Locked`] when another handle has it, or the folder or the library fails;
    /// damage is not an error.
    pub fn open(path: &Path, key: Key32) -> Result<(Self, Opened)> {
        let (schema, fields) = schema::build();
        let is_readable = |found: &str| schema::cursor_of(found).is_some();
        let Opening {
            index,
            reader,
            payload,
            fresh,
        } = open_or_wipe(path, key, &schema, &schema::tokenizers(), is_readable)?;
        let writer: IndexWriter = index.writer_with_num_threads(1, WRITER_BYTES)?;
        let mut merge_policy = LogMergePolicy::default();
        merge_policy.set_del_docs_ratio_before_merge(MAX_DELETED_SHARE);
        writer.set_merge_policy(Box::new(merge_policy));
        let cursor = AtomicU64::new(schema::cursor_of(&payload).unwrap_or(0));
        let opened = fresh.map_or(Opened::Continue, |reason| Opened::NeedsRebuild { reason });
        let this = Self {
            reader,
            fields,
            writer: Mutex::new(Some(writer)),
            cursor,
        };
        if opened != Opened::Continue {
            this.commit(0)?;
        }
        Ok((this, opened))
    }

    /// Puts entries in, replacing those with the same kind and id. Seen after a commit.
    ///
    /// # Errors
    /// [`crate::Error::Index`] if the library fails; roll on by opening again.
    pub fn upsert(&self, entries: &[Entry]) -> Result<()> {
        self.with_writer(|writer| {
            for entry in entries {
                writer.delete_term(self.key_term(entry.kind, &entry.id));
                writer.add_document(self.document(entry))?;
            }
            Ok(())
        })
        .unwrap_or(Ok(()))
    }

    /// Takes entries out. Seen after a commit; the text leaves the files when segments merge.
    pub fn delete<'a>(&self, ids: impl IntoIterator<Item = (Kind, &'a str)>) {
        self.with_writer(|writer| {
            for (kind, id) in ids {
                writer.delete_term(self.key_term(kind, id));
            }
        });
    }

    /// Takes out all entries of a conversation, as when it leaves this desk.
    pub fn delete_conversation(&self, conversation_id: &str) {
        let term = Term::from_field_text(self.fields.conversation_id, conversation_id);
        self.with_writer(|writer| writer.delete_term(term));
    }

    /// Makes what was put in and taken out durable and visible, together with the store's cursor.
    /// Costs several syncs of the disk: commit batches, not single entries.
    ///
    /// # Errors
    /// [`crate::Error::Index`]; what was committed before stays.
    pub fn commit(&self, cursor: u64) -> Result<()> {
        self.with_writer(|writer| {
            let mut commit = writer.prepare_commit()?;
            commit.set_payload(&schema::payload(cursor));
            commit.commit()?;
            self.reader.reload()?;
            self.cursor.store(cursor, Ordering::Release);
            Ok(())
        })
        .unwrap_or(Ok(()))
    }

    /// Rewrites every segment that still holds entries that were taken out, and removes the files of
    /// before: their text stands nowhere then. Commit first.
    ///
    /// # Errors
    /// [`crate::Error::Index`]; try again.
    pub fn scrub(&self) -> Result<()> {
        self.with_writer(|writer| {
            for n_tries in 1.. {
                let segments = writer.index().searchable_segment_metas()?;
                let dirty = segments.iter().filter(|meta| meta.has_deletes());
                let dirty: Vec<_> = dirty.map(tantivy::SegmentMeta::id).collect();
                if dirty.is_empty() {
                    break;
                }
                // A segment that is being merged already cannot be merged once more meanwhile.
                match writer.merge(&dirty).wait() {
                    Ok(_) => {}
                    Err(error) if n_tries == MERGE_TRIES => return Err(error.into()),
                    Err(_) => std::thread::sleep(MERGE_PAUSE),
                }
            }
            // The reader lets go of the old files first.
            self.reader.reload()?;
            writer.garbage_collect_files().wait()?;
            Ok(())
        })
        .unwrap_or(Ok(()))
    }

    /// The cursor of the last commit, 0 for an empty index.
    pub fn cursor(&self) -> u64 {
        self.cursor.load(Ordering::Acquire)
    }

    /// Number of entries in the index.
    pub fn n_entries(&self) -> u64 {
        self.reader.searcher().num_docs()
    }

    /// Entries that contain all that was typed, newest first; if there are none, entries that
    /// contain at least half of its character pairs, best first.
    ///
    /// # Errors
    /// [`crate::Error::Index`] if the library fails.
    pub fn search(&self, query: &str, filter: &Filter, limit: usize) -> Result<Vec<MessageHit>> {
        let limit = limit.min(MAX_HITS);
        let typed = normalise(head(query, MAX_QUERY_CHARS));
        let Some(exact) = query::exact(&self.fields, &typed, filter).filter(|_| limit > 0) else {
            return Ok(Vec::new());
        };
        let searcher = self.reader.searcher();
        let newest =
            TopDocs::with_limit(limit).order_by_fast_field::<i64>(schema::AT_MS, Order::Desc);
        let found = searcher.search(&exact, &newest)?;
        if !found.is_empty() {
            let addresses = found.into_iter().map(|(_, address)| address);
            return self.hits(&searcher, addresses, query, true);
        }
        let loose: Box<dyn Query> = query::loose(&self.fields, &typed, filter);
        let best = searcher.search(&loose, &TopDocs::with_limit(limit).order_by_score())?;
        self.hits(
            &searcher,
            best.into_iter().map(|(_, address)| address),
            query,
            false,
        )
    }

    fn hits(
        &self,
        searcher: &Searcher,
        addresses: impl Iterator<Item = DocAddress>,
        query: &str,
        exact: bool,
    ) -> Result<Vec<MessageHit>> {
        let mut hits = Vec::new();
        for address in addresses {
            let document: TantivyDocument = searcher.doc(address)?;
            let text_of = |field| document.get_first(field).and_then(|value| value.as_str());
            let number_of = |field| document.get_first(field).and_then(|value| value.as_i64());
            let kind = number_of(self.fields.kind).and_then(schema::kind_of);
            let (Some(kind), Some(id)) = (kind, text_of(self.fields.id)) else {
                continue;
            };
            let text = text_of(self.fields.text).unwrap_or_default();
            hits.push(MessageHit {
                kind,
                id: id.to_owned(),
                conversation_id: text_of(self.fields.conversation_id)
                    .unwrap_or_default()
                    .to_owned(),
                at_ms: number_of(self.fields.at_ms).unwrap_or(0),
                exact,
                text: text.to_owned(),
                ranges: if exact {
                    typed_terms(query, text)
                } else {
                    query::shared(query, text)
                },
            });
        }
        Ok(hits)
    }

    fn document(&self, entry: &Entry) -> TantivyDocument {
        let fields = &self.fields;
        let mut document = TantivyDocument::new();
        document.add_text(fields.key, schema::key(entry.kind, &entry.id));
        document.add_i64(fields.kind, schema::kind_number(entry.kind));
        document.add_text(fields.id, &entry.id);
        document.add_text(fields.conversation_id, &entry.conversation_id);
        document.add_i64(fields.at_ms, entry.at_ms);
        let text = head(&entry.text, MAX_TEXT_CHARS);
        document.add_text(fields.text, text);
        document.add_text(fields.grams, normalise(text));
        for facet in &entry.facets {
            document.add_text(fields.facet, facet);
        }
        document
    }

    fn key_term(&self, kind: Kind, id: &str) -> Term {
        Term::from_field_text(self.fields.key, &schema::key(kind, id))
    }

    /// None only when the index has gone, which nobody who can call this sees.
    fn with_writer<T>(&self, act: impl FnOnce(&mut IndexWriter) -> T) -> Option<T> {
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        writer.as_mut().map(act)
    }
}

impl Drop for MessageIndex {
    /// Merges that have begun end first: nothing touches the folder afterwards.
    fn drop(&mut self) {
        let writer = self
            .writer
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(writer) = writer {
            // A merge that failed leaves the segments that it was made of.
            let _ = writer.wait_merging_threads();
        }
    }
}

impl fmt::Debug for MessageHit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("MessageHit")
            .field("kind", &self.kind)
            .field("id", &self.id)
            .field("at_ms", &self.at_ms)
            .field("exact", &self.exact)
            .field("ranges", &self.ranges)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for MessageIndex {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("MessageIndex")
            .field("n_entries", &self.n_entries())
            .field("cursor", &self.cursor())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
