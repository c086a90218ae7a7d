//! Customers at the chat page.

mod known;

mod receipt;

mod send;

mod session;

mod typing;

mod view;

pub(crate) use known::Known;
pub use session::Visitor;
pub use view::{MAX_MESSAGES, VisitorState};
