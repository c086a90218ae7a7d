//! Where the key that opens the key file is kept.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use lt_seal::Key32;

/// Why a keychain gives or keeps nothing. The texts are the platform's and hold no secret.
#[derive(Debug, thiserror::Error)]
pub enum SecretError {
    /// There is no keychain on this machine, or its service does not run.
    #[error("there is no keychain: {0}")]
    Unavailable(String),
    /// It is there but locked, and nobody unlocked it.
    #[error("the keychain is locked: {0}")]
    Locked(String),
    /// It did not answer within ten seconds.
    #[error("the keychain did not answer in time")]
    TimedOut,
    /// It took a value and did not give it back.
    #[error("the keychain does not keep what it is given")]
    Forgetful,
    /// Anything else.
    #[error("the keychain failed: {0}")]
    Failed(String),
}

/// A place for 32-byte keys that is not the disk: the OS keychain, or memory for tests and hosts
/// that have none.
pub trait SecretStore: Send + Sync {
    /// Its name, stored beside what it keeps, so that a change is recognised.
    fn backend(&self) -> &str;

    /// Whether it keeps and gives back keys now. May ask the user to unlock it.
    fn available(&self) -> bool;

    /// The key of this name; none when there is no such entry, which a locked keychain may also say.
    ///
    /// # Errors
    /// When it does not work.
    fn get(&self, name: &str) -> Result<Option<Key32>, SecretError>;

    /// Keeps a key under this name, in place of an earlier one.
    ///
    /// # Errors
    /// When it does not work.
    fn set(&self, name: &str, key: &Key32) -> Result<(), SecretError>;

    /// Forgets the key of this name, if it has one.
    ///
    /// # Errors
    /// When it does not work.
    fn delete(&self, name: &str) -> Result<(), SecretError>;
}

/// Keys in memory, gone with the process.
#[derive(Debug, Default)]
pub struct MemorySecrets {
    keys: Mutex<HashMap<String, Key32>>,
}

impl SecretStore for MemorySecrets {
    fn backend(&self) -> &str {
        "memory"
    }

    fn available(&self) -> bool {
        true
    }

    fn get(&self, name: &str) -> Result<Option<Key32>, SecretError> {
        let keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(keys.get(name).cloned())
    }

    fn set(&self, name: &str, key: &Key32) -> Result<(), SecretError> {
        let mut keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        keys.insert(name.to_owned(), key.clone());
        Ok(())
    }

    fn delete(&self, name: &str) -> Result<(), SecretError> {
        let mut keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        keys.remove(name);
        Ok(())
    }
}

/// A host without a keychain: keeps nothing and says so, and the desk asks for a passphrase.
#[derive(Clone, Copy, Debug)]
pub struct NoSecrets;

impl NoSecrets {
    fn error() -> SecretError {
        SecretError::Unavailable("this host has none".to_owned())
    }
}

impl SecretStore for NoSecrets {
    fn backend(&self) -> &str {
        "none"
    }

    fn available(&self) -> bool {
        false
    }

    fn get(&self, _name: &str) -> Result<Option<Key32>, SecretError> {
        Err(Self::error())
    }

    fn set(&self, _name: &str, _key: &Key32) -> Result<(), SecretError> {
        Err(Self::error())
    }

    fn delete(&self, _name: &str) -> Result<(), SecretError> {
        Err(Self::error())
    }
}
