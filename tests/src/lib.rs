//! Scenarios over the whole stack.
