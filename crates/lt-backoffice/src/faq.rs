//! Knowledge: import, export.

mod export;

mod import;

mod line;
