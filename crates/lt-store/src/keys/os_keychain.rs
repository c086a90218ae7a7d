//! The keychain of the operating system: Keychain Services, Credential Manager, Secret Service.

use std::{sync::mpsc, thread, time::Duration};

use keyring::{Entry, Error};
use lt_seal::{Key32, Secret};

use super::{SecretError, SecretStore};

/// Under which name the entries stand in the keychain.
const SERVICE: &str = "lingtai-desk";
/// A prompt that nobody answers must not hang the desk.
const LIMIT: Duration = Duration::from_secs(10);
/// The entry by which [`SecretStore::available`] tries the keychain.
const PROBE: &str = "probe";

/// The keychain of the operating system. Every call runs on a thread of its own and is given up
/// after ten seconds; the thread ends when the system answers.
#[derive(Clone, Copy, Debug, Default)]
pub struct OsKeychain;

impl SecretStore for OsKeychain {
    fn backend(&self) -> &str {
        if cfg!(target_os = "macos") {
            "macos-keychain"
        } else if cfg!(target_os = "windows") {
            "windows-credential-manager"
        } else {
            "secret-service"
        }
    }

    fn available(&self) -> bool {
        let tried = Key32::random()
            .map_err(|error| SecretError::Failed(error.to_string()))
            .and_then(|key| {
                self.set(PROBE, &key)?;
                let kept = self.get(PROBE)?.is_some_and(|kept| kept.same_as(&key));
                self.delete(PROBE)?;
                Ok(kept)
            });
        tried.unwrap_or_else(|error| {
            tracing::info!(%error, "the keychain does not work");
            false
        })
    }

    fn get(&self, name: &str) -> Result<Option<Key32>, SecretError> {
        within_limit(name, |entry| match entry.get_secret() {
            Ok(bytes) => Ok(Some(Secret::new(bytes))),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(error),
        })?
        .map(|bytes| {
            <[u8; 32]>::try_from(bytes.expose().as_slice())
                .map(Key32::new)
                .map_err(|_| SecretError::Failed("an entry of the wrong length".to_owned()))
        })
        .transpose()
    }

    fn set(&self, name: &str, key: &Key32) -> Result<(), SecretError> {
        let key = key.clone();
        within_limit(name, move |entry| entry.set_secret(key.expose()))
    }

    fn delete(&self, name: &str) -> Result<(), SecretError> {
        within_limit(name, |entry| match entry.delete_credential() {
            Ok(()) | Err(Error::NoEntry) => Ok(()),
            Err(error) => Err(error),
        })
    }
}

fn within_limit<T: Send + 'static>(
    name: &str,
    act: impl FnOnce(&Entry) -> Result<T, Error> + Send + 'static,
) -> Result<T, SecretError> {
    let name = name.to_owned();
    let (sender, receiver) = mpsc::sync_channel(1);
    thread::Builder::new()
        .name("keychain".to_owned())
        .spawn(move || {
            let outcome = connect()
                .and_then(|()| Entry::new(SERVICE, &name).map_err(told_apart))
                .and_then(|entry| act(&entry).map_err(told_apart));
            // Nobody listens any more when the limit has passed.
            let _ = sender.send(outcome);
        })
        .map_err(|error| SecretError::Failed(error.to_string()))?;
    receiver
        .recv_timeout(LIMIT)
        .map_err(|_| SecretError::TimedOut)?
}

/// The keychain is looked for once per process.
fn connect() -> Result<(), SecretError> {
    match Entry::store_status() {
        Ok(()) => Ok(()),
        Err(error) => Err(SecretError::Unavailable(error.to_string())),
    }
}

/// Keeps apart what the user can do something about. The platform's texts name services, not values;
/// errors that carry a value are reduced to their kind.
fn told_apart(error: Error) -> SecretError {
    match error {
        Error::NoDefaultStore => SecretError::Unavailable("no service".to_owned()),
        Error::NoStorageAccess(reason) => SecretError::Locked(reason.to_string()),
        Error::PlatformFailure(reason) => SecretError::Failed(reason.to_string()),
        Error::BadEncoding(_) | Error::BadDataFormat(..) => {
            SecretError::Failed("an entry of another format".to_owned())
        }
        Error::Ambiguous(_) => SecretError::Failed("more than one entry".to_owned()),
        other => SecretError::Failed(other.to_string()),
    }
}
