//! The scenarios.

mod at_rest;
mod bad_input;
mod colleagues;
mod corpus;
mod damage;
mod dialogues;
mod offline;
mod whole_way;
