//! What a deployment may set.

use lt_model::Millis;
use lt_seal::password::Cost;

/// Settings of the back office.
#[derive(Clone, Debug)]
pub struct Config {
    /// What hashing a password costs.
    pub password_cost: Cost,
    /// How long a login lasts at most.
    pub session_ms: Millis,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            password_cost: Cost::STANDARD,
            session_ms: 12 * 3_600_000,
        }
    }
}
