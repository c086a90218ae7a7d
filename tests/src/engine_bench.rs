//! The engine's time and memory by size of the knowledge base, beside SQLite's FTS5 and plain BM25
//! on the same texts and questions, in the same run.
//!
//! Each size runs in a process of its own, so that its peak of memory is its own.

pub mod corpus;
pub mod figures;
pub mod machine;
pub mod report;
pub mod size;
pub mod twins;
