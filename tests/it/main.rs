//! The scenarios.

mod agree;
mod alerts;
mod at_rest;
mod attachments;
mod bad_input;
mod colleagues;
mod corpus;
mod customer_panel;
mod damage;
mod dialogue_live;
mod dialogues;
mod edits;
mod engine_bench;
mod learning;
mod offline;
mod own_desk;
mod people;
mod prove;
mod proxied;
mod routing;
mod safekeeping;
mod snapshot;
mod surveys;
mod teamwork;
mod tickets;
mod whole_way;
