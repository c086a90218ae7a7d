//! How quick a desk is that has been used for a year: every command of its window over a store of
//! 10,000 conversations and 200,000 messages, beside naive twins on the same store in the same run.
//!
//! - **Invariant:** what is measured is what the window waits for: a command as text goes in, its
//!   answer as text comes out, through the console's own router with its permissions, masking and
//!   search index. What only the bridge to the window adds is not in it.
//! - **Invariant:** the store is the shipped one, encrypted, on the disk, filled through the feed as
//!   a server would fill it, and its search index by the console's own thread.
//! - **Invariant:** what is made up depends on the seed alone.

pub mod fill;
pub mod measure;
pub mod report;
pub mod talk;
pub mod tickets;
pub mod twins;
