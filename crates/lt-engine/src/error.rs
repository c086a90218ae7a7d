//! What can go wrong.

use std::path::PathBuf;

/// Why the engine could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The search index could not be built, opened or read.
    #[error("the search index failed")]
    Index(#[source] lt_search::Error),
    /// A line of a lab file is not what it should be.
    #[error("{}:{line}: {reason}", path.display())]
    BadLine {
        /// Which file.
        path: PathBuf,
        /// Which line, from 1.
        line: usize,
        /// What is wrong with it.
        reason: String,
    },
    /// The result of a lab command could not be written.
    #[error("cannot write the result")]
    Write(#[source] std::io::Error),
}
