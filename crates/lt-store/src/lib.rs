//! The desktop's encrypted store.
