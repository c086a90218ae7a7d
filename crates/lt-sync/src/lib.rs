//! The desktop's side of the sync protocol.
