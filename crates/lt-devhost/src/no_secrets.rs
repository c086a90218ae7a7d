//! A machine without a keychain.

use lt_seal::Key32;
use lt_store::keys::{SecretError, SecretStore};

/// Keeps nothing and says so: the desk then asks for a passphrase.
pub(crate) struct NoSecrets;

impl SecretStore for NoSecrets {
    fn backend(&self) -> &str {
        "none"
    }

    fn available(&self) -> bool {
        false
    }

    fn get(&self, _name: &str) -> Result<Option<Key32>, SecretError> {
        Err(unavailable())
    }

    fn set(&self, _name: &str, _key: &Key32) -> Result<(), SecretError> {
        Err(unavailable())
    }

    fn delete(&self, _name: &str) -> Result<(), SecretError> {
        Err(unavailable())
    }
}

fn unavailable() -> SecretError {
    SecretError::Unavailable("this host has none".to_owned())
}
