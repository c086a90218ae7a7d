//! `engine train`: what a knowledge base alone trains, sealed in a folder.

use std::path::Path;

use lt_seal::Key32;
use lt_search::faq_index::Opened;

use super::{File, read_kb};
use crate::{Engine, EngineError};

/// A sealed folder, as opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Entries.
    pub n_entries: usize,
    /// Whether its index was made anew, since there was none, or one of other entries.
    pub is_new: bool,
}

/// Trains the knowledge of `kb` into a folder, or finds it there.
///
/// # Errors
/// [`EngineError::BadLine`] with file and line, [`EngineError::Index`] when the folder is in use
/// elsewhere or cannot be written.
pub fn keep(kb: File<'_>, folder: &Path, key: Key32) -> Result<Kept, EngineError> {
    let (engine, opened) = Engine::open(folder, key, read_kb(kb)?)?;
    Ok(Kept {
        n_entries: engine.docs().len(),
        is_new: opened != Opened::Reused,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_found_again_with_its_key_only() {
        let folder = tempfile::tempdir().unwrap();
        let keep = |text: &str, key: u8| {
            let kb = File {
                name: "kb.jsonl",
                bytes: text.as_bytes(),
            };
            keep(kb, folder.path(), Key32::from([key; 32])).unwrap()
        };
        let kb = r#"{"id":"a","question":"怎么退款","answer":"点退款"}"#;
        let kept = |n_entries, is_new| Kept { n_entries, is_new };
        assert_eq!(keep(kb, 1), kept(1, true));
        assert_eq!(keep(kb, 1), kept(1, false));
        assert_eq!(keep("", 1), kept(0, true));
        assert_eq!(keep(kb, 1), kept(1, true));
        assert_eq!(keep(kb, 2), kept(1, true));
    }
}
