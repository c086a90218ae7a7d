//! The server's use cases over a store of their own, without a network.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking")]

mod absent;
mod alerts;
mod attachments;
mod audit;
mod back_end;
mod clocks;
mod cluster;
mod customer;
mod dialogues;
mod engine;
mod faq;
mod files;
mod hints;
mod learning;
mod leaving;
mod left;
mod live;
mod login;
mod members;
mod merging;
mod metrics;
mod nodes;
mod ops;
mod own;
mod patch;
mod people;
mod quality;
mod reports;
mod routing;
mod setup;
mod shares;
mod surges;
mod surveys;
mod teamwork;
mod tickets;
mod visibility;
mod whispers;
mod world;
