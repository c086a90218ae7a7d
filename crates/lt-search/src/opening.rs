//! Opening a sealed index whatever state its folder is in.

use std::path::Path;

use lt_seal::Key32;
use tantivy::directory::INDEX_WRITER_LOCK;
use tantivy::schema::Schema;
use tantivy::tokenizer::TokenizerManager;
use tantivy::{Directory, Index, IndexReader, IndexSettings, ReloadPolicy, TantivyError};

use crate::Result;
use crate::directory::SealedDirectory;

/// Why an index could not be used as it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// There was none.
    Missing,
    /// It was made for other documents, or by another version of the product.
    Outdated,
    /// Its files do not open or do not authenticate; the text is for the log.
    Damaged(String),
}

/// An index as opened, and the reason if it is a fresh, empty one.
pub(crate) struct Opening {
    pub(crate) index: Index,
    pub(crate) reader: IndexReader,
    /// What the last commit stored beside the documents.
    pub(crate) payload: String,
    pub(crate) fresh: Option<Reason>,
}

/// Opens the index in the folder if it is sound, has this schema and is `wanted` by what its last
/// commit stored; else wipes the folder and makes an empty one.
pub(crate) fn open_or_wipe(
    path: &Path,
    key: Key32,
    schema: &Schema,
    tokenizers: &TokenizerManager,
    wanted: impl Fn(&str) -> bool,
) -> Result<Opening> {
    let directory = SealedDirectory::open(path, key)?;
    match open_sound(&directory, schema, tokenizers) {
        Ok(Some(opening)) if wanted(&opening.payload) => Ok(opening),
        Ok(Some(_)) => make_fresh(&directory, schema, tokenizers, Reason::Outdated),
        Ok(None) => make_fresh(&directory, schema, tokenizers, Reason::Missing),
        Err(TantivyError::SchemaError(_) | TantivyError::IncompatibleIndex(_)) => {
            make_fresh(&directory, schema, tokenizers, Reason::Outdated)
        }
        Err(error) => make_fresh(
            &directory,
            schema,
            tokenizers,
            Reason::Damaged(error.to_string()),
        ),
    }
}

/// A reader that reloads when told to: after each commit of the one writer.
pub(crate) fn reader_of(index: &Index) -> tantivy::Result<IndexReader> {
    index
        .reader_builder()
        .reload_policy(ReloadPolicy::Manual)
        .try_into()
}

fn open_sound(
    directory: &SealedDirectory,
    schema: &Schema,
    tokenizers: &TokenizerManager,
) -> tantivy::Result<Option<Opening>> {
    if !Index::exists(directory)? {
        return Ok(None);
    }
    let mut index = Index::open(directory.clone())?;
    if index.schema() != *schema {
        return Err(TantivyError::SchemaError("another schema".to_owned()));
    }
    index.set_tokenizers(tokenizers.clone());
    let payload = index.load_metas()?.payload.unwrap_or_default();
    // The reader opens most files; the checksums are taken over all of them, which opens the rest
    // and shares what is open already.
    let reader = reader_of(&index)?;
    let damaged = index.validate_checksum()?;
    if !damaged.is_empty() {
        return Err(TantivyError::InternalError("checksum mismatch".to_owned()));
    }
    Ok(Some(Opening {
        index,
        reader,
        payload,
        fresh: None,
    }))
}

fn make_fresh(
    directory: &SealedDirectory,
    schema: &Schema,
    tokenizers: &TokenizerManager,
    reason: Reason,
) -> Result<Opening> {
    // Held while wiping: another handle may be writing to what looks damaged from here.
    let lock = directory.acquire_lock(&INDEX_WRITER_LOCK)?;
    directory.wipe()?;
    let mut index = Index::create(directory.clone(), schema.clone(), IndexSettings::default())?;
    drop(lock);
    index.set_tokenizers(tokenizers.clone());
    let reader = reader_of(&index)?;
    Ok(Opening {
        index,
        reader,
        payload: String::new(),
        fresh: Some(reason),
    })
}
