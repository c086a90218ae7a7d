//! What a deployment may set.

use std::sync::Arc;

use lt_model::Millis;
use lt_seal::password::Cost;

use crate::connectors::Connectors;

/// Settings of the back office.
#[derive(Clone, Debug)]
pub struct Config {
    /// What hashing a password costs.
    pub password_cost: Cost,
    /// How long a login lasts at most.
    pub session_ms: Millis,
    /// Other systems that answers are filled from; none where nothing is configured.
    pub connectors: Option<Arc<dyn Connectors>>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            password_cost: Cost::STANDARD,
            session_ms: 12 * 3_600_000,
            connectors: None,
        }
    }
}
