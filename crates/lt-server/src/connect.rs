//! Connectors for the back office: its blocking look-ups, done on the server's runtime.

use std::{fs, path::Path, sync::Arc, time::Duration};

use lt_backoffice::connectors::{Connectors, LookUp};
use lt_connect::{Outcome, config::Config};
use lt_model::slot::Slots;
use lt_seal::{Key32, derive};
use tokio::runtime::Handle;

use crate::ServeError;

/// Looks up over the network.
#[derive(Debug)]
struct OverNetwork {
    connectors: lt_connect::Connectors,
    runtime: Handle,
}

impl Connectors for OverNetwork {
    fn names(&self) -> Vec<(String, Vec<String>)> {
        self.connectors.names()
    }

    fn look_up(&self, connector: &str, slots: &Slots, limit: Duration) -> LookUp {
        let asked = self.connectors.look_up(connector, slots);
        // The back office works on blocking threads, where waiting is fine.
        let outcome = self
            .runtime
            .block_on(async { tokio::time::timeout(limit, asked).await });
        match outcome {
            Ok(Outcome::Found(facts)) => LookUp::Found {
                values: facts.values,
                age_ms: facts.age_ms,
            },
            Ok(Outcome::Missing(slot)) => LookUp::Missing(slot),
            Ok(Outcome::NotFound(slot)) => LookUp::NotFound(slot),
            Ok(Outcome::Unavailable | Outcome::Unknown) | Err(_) => LookUp::Unavailable,
        }
    }
}

/// Reads the file of connectors. Call it on the runtime that the server runs on.
///
/// # Errors
/// [`ServeError::Connectors`], file errors.
pub(crate) fn open(file: &Path, root_key: &Key32) -> Result<Arc<dyn Connectors>, ServeError> {
    let json = fs::read(file).map_err(ServeError::file("read", file))?;
    let connectors = Config::read(&json)
        .and_then(|config| lt_connect::Connectors::new(config, &sealing_key(root_key)))
        .map_err(|source| ServeError::Connectors {
            path: file.to_owned(),
            source,
        })?;
    Ok(Arc::new(OverNetwork {
        connectors,
        runtime: Handle::current(),
    }))
}

/// The key that seals secrets in that file.
pub(crate) fn sealing_key(root_key: &Key32) -> Key32 {
    derive(root_key, "server/connectors/v1", b"")
}

#[cfg(test)]
mod tests;
