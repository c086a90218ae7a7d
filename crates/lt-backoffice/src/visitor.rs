//! Customers at the chat page.

mod known;

mod receipt;

mod recent;

mod send;

mod session;

mod typing;

mod view;

pub(crate) use known::Known;
pub(crate) use recent::{Looked, Recent};
pub use session::Visitor;
pub use view::{MAX_MESSAGES, VisitorState};
