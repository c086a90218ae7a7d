//! What really stands in the files of an index, entries that were taken out included. For proofs;
//! whoever calls it has the key.

use std::path::Path;

use lt_seal::Key32;
use tantivy::schema::{FieldType, OwnedValue, Value};
use tantivy::{Index, TantivyDocument};

use crate::Result;
use crate::directory::SealedDirectory;
use crate::opening::reader_of;

/// Everything readable in an index.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Terms of all text fields.
    pub terms: Vec<String>,
    /// Texts that are kept beside them.
    pub texts: Vec<String>,
}

/// Reads all segments of the index in a folder, as its last commit left them.
///
/// # Errors
/// [`crate::Error::Index`] when it cannot be read.
pub fn written(path: &Path, key: Key32) -> Result<Written> {
    let index = Index::open(SealedDirectory::open(path, key)?)?;
    let schema = index.schema();
    let mut written = Written::default();
    for segment in reader_of(&index)?.searcher().segment_readers() {
        for (field, entry) in schema.fields() {
            if !entry.is_indexed() || !matches!(entry.field_type(), FieldType::Str(_)) {
                continue;
            }
            let inverted = segment.inverted_index(field)?;
            let mut terms = inverted.terms().stream()?;
            while let Some((term, _)) = terms.next() {
                written
                    .terms
                    .push(String::from_utf8_lossy(term).into_owned());
            }
        }
        for document in segment.get_store_reader(0)?.iter::<TantivyDocument>(None) {
            for (_, value) in document?.field_values() {
                if let OwnedValue::Str(text) = OwnedValue::from(value.as_value()) {
                    written.texts.push(text);
                }
            }
        }
    }
    Ok(written)
}
