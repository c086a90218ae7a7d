//! How quick a board of numbers is over three years, what counting an event costs, and how much room
//! the numbers take, beside a naive recount of the same conversations in the same run.
//!
//! - **Invariant:** board and recount show the same numbers: the run fails where they differ.
//! - **Invariant:** the board is asked of a desk over its encrypted store, as a window asks; what is
//!   counted is counted by the server's own step, from conversations and messages in its database.

pub mod counted;
pub mod made;
pub mod twin;
