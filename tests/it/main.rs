//! The scenarios.

mod at_rest;
mod colleagues;
mod corpus;
mod dialogues;
mod offline;
mod whole_way;
