//! Accounts and groups.

mod create_agent;

mod create_group;

mod set_groups;
