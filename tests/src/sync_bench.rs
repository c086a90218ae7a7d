//! How fast the server carries messages to 1,000 connected desktops, beside naive twins in the same
//! run, and what a real desk needs to catch up.
//!
//! - **Invariant:** latency is counted from the moment at which a message was due, not from the
//!   moment at which the generator got round to it, so that a server that stalls cannot hide it.
//! - **Invariant:** every figure stands beside a twin's of the same run: this machine may be busy,
//!   and then only their ratio says something.
//! - **Invariant:** the server is a process of its own, `lingtai serve`, as it is shipped. Its
//!   organisation is laid out below it, in the tables: what is measured is its life, not its
//!   beginning.
//!
//! The road that is measured: a customer's message is posted to `/widget/v1/post` over one of 128
//! kept connections. The server finds the customer by the token, stores the message, the
//! conversation, the changes of the feed and the audit record in one transaction, answers the post
//! after the commit, and sends the change as a batch to the socket of the one agent who holds the
//! conversation, who acknowledges it.

pub mod backend;
pub mod board;
pub mod desk;
pub mod light;
pub mod machine;
pub mod org;
pub mod post;
pub mod report;
pub mod run;
pub mod server;
pub mod twins;
pub mod write_path;
