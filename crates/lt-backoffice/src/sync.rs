//! What desktops see and do.

mod apply;

mod batch;

mod op;

mod snapshot;

mod streams;

mod typing;

mod watching;

pub use apply::ApplyError;
pub use batch::{Batch, Place, Step};
pub use snapshot::Page;
