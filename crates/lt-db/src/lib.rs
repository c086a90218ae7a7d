//! The server's data: rows, feed, audit.
