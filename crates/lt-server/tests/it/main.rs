//! The server over real sockets on the loopback address, each test with its own encrypted database.

mod chat;
mod desk;
mod door;
mod logs;
mod page;
mod world;
