//! Understands a customer's message: ranks FAQ entries, decides, classifies, explains.
pub mod acts;
pub mod calibrate;
mod category;
pub mod channels;
pub mod decide;
mod engine;
mod error;
mod explain;
mod features;
pub mod fusion;
pub mod lab;
mod pattern;
mod priority;
mod simplified;
mod spoken;
mod text;
mod words;

pub use engine::{Engine, Ranking, Row};
pub use error::EngineError;
pub use words::{Candidate, CharRange, Decision, Doc, Query, Role, Turn, Understanding};
