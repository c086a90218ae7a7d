//! What desktops see and do.

mod apply;

mod batch;

mod op;

mod streams;

mod typing;

pub use apply::ApplyError;
pub use batch::Batch;
