//! The store through its public face, on real files.

mod damage;
mod enqueue;
mod feed;
mod keys;
mod lists;
mod outbox;
mod secrecy;
mod world;
