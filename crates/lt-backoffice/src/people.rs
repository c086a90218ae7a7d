//! Accounts and groups.
//!
//! - **Invariant:** there is always an administrator who may sign in: whoever acts here is one, nobody
//!   takes away their own account, and the last one's role stays.

mod create_agent;

mod create_group;

mod edit_group;

mod leave;

mod members;

mod roll;

mod set_groups;
