//! The scenarios.

mod at_rest;
mod colleagues;
mod dialogues;
mod offline;
mod whole_way;
