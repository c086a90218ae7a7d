//! Quality scoring (质检): conversations are sampled by rules, scored beforehand by a pure function,
//! then by a reviewer; the agent sees the result and may appeal once; a second reviewer may score the
//! same conversation to calibrate.
//!
//! **Invariant:** a conversation is scored against the form as it was when it was sampled.
//!
//! **Invariant:** nobody reviews or decides about themselves. What a reviewer said is never replaced:
//! a decision stands beside it.

pub mod act;
pub mod form;
pub mod pick;
pub mod pre;
pub mod review;
pub mod sample;
pub mod standard;

mod words;

#[cfg(test)]
mod tests;
