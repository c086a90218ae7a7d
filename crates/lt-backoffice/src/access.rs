//! Letting people in: the set-up, logins, sessions, and the way into a desk of which all else is lost.

mod attempt;

mod authenticate;

mod field;

mod hashing;

mod login;

mod logout;

mod own_password;

mod setup;

mod share;

mod throttle;

pub use authenticate::Principal;
pub use setup::SetUp;

pub(crate) use authenticate::current_agent;
pub(crate) use field::{account_name, capacity, display_name, password};
pub(crate) use hashing::Hashing;
pub(crate) use logout::leave_desk;
pub(crate) use throttle::Throttle;
