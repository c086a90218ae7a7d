//! What a deployment may set.

use std::sync::Arc;

use lt_engine::{encoder::Encoder, parts::Parts, tailoring};
use lt_model::{Millis, engine::EngineSettings};
use lt_seal::password::Cost;

use crate::{alerts::post::Post, connectors::Connectors};

/// Settings of the back office.
#[derive(Clone, Debug)]
pub struct Config {
    /// What hashing a password costs.
    pub password_cost: Cost,
    /// How long a login lasts at most.
    pub session_ms: Millis,
    /// Other systems that answers are filled from; none where nothing is configured.
    pub connectors: Option<Arc<dyn Connectors>>,
    /// What sends alerts outside of the desk; none: nothing is sent.
    pub post: Option<Arc<dyn Post>>,
    /// The organisation's sentence encoder; none until it names a folder.
    pub encoder: Option<Arc<Encoder>>,
    /// How much one person may upload in a day.
    pub uploads: DayBytes,
    /// Where browsers reach the server, without a path; none where nobody knows.
    pub public_url: Option<String>,
}

/// Most bytes of pictures and files in 24 hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DayBytes {
    /// Of one customer.
    pub customer: u64,
    /// Of one agent.
    pub agent: u64,
}

impl Default for DayBytes {
    /// Twenty of the largest pictures of a customer, a hundred of the largest files of an agent.
    fn default() -> Self {
        Self {
            customer: 200 * 1024 * 1024,
            agent: 2_000 * 1024 * 1024,
        }
    }
}

impl Config {
    /// The parts of an engine under these settings.
    pub(crate) fn parts(&self, settings: Option<&EngineSettings>) -> Arc<Parts> {
        tailoring::parts(settings).with_encoder(self.encoder.as_ref())
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            password_cost: Cost::STANDARD,
            session_ms: 12 * 3_600_000,
            connectors: None,
            post: None,
            encoder: None,
            uploads: DayBytes::default(),
            public_url: None,
        }
    }
}
