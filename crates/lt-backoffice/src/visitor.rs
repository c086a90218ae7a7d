//! Customers at the chat page.

mod receipt;

mod send;

mod session;

mod typing;

mod view;

pub use session::Visitor;
pub use view::{MAX_MESSAGES, VisitorState};
