//! `keys.json`: the root key, sealed once per way of unlocking, and who opens it.
//!
//! The OS keychain keeps a 32-byte key that opens the file; where there is none that works, a
//! passphrase does. The root key is never stored in clear, and a keychain that has forgotten its
//! entry never leads to a new key over existing data.

use std::path::{Path, PathBuf};

use lt_model::Millis;
use lt_seal::{
    Key32, Secret,
    password::Cost,
    slots::{KeyFile, SlotKind},
};

use crate::{StoreError, files, lock::Lock};

mod os_keychain;
mod secrets;

pub use os_keychain::OsKeychain;
pub use secrets::{MemorySecrets, NoSecrets, SecretError, SecretStore};

/// Shortest passphrase, in characters.
pub const MIN_PASSPHRASE_CHARS: usize = 8;

/// What can go wrong with the keys.
#[derive(Debug, thiserror::Error)]
pub enum KeysError {
    /// There is a key file already.
    #[error("there is a key file already")]
    AlreadyThere,
    /// There is no key file yet.
    #[error("there is no key file")]
    NoKeyFile,
    /// No keychain works and no passphrase was given.
    #[error("no keychain works: a passphrase is needed")]
    NeedsPassphrase,
    /// The passphrase has fewer than [`MIN_PASSPHRASE_CHARS`] characters.
    #[error("the passphrase is too short")]
    ShortPassphrase,
    /// The passphrase does not open the file.
    #[error("wrong passphrase")]
    WrongPassphrase,
    /// The keychain works but has no entry for this file, or another one: it may be locked, or
    /// belong to another user. The file stays as it is; a passphrase opens it, where it has one.
    #[error("the keychain has no entry for this key file")]
    KeychainForgot,
    /// The keychain failed.
    #[error(transparent)]
    Keychain(#[from] SecretError),
    /// The key file is damaged or of a later version.
    #[error("the key file cannot be used")]
    KeyFile(#[source] lt_seal::Error),
    /// Another program has the store of this folder open.
    #[error("another program has the store open")]
    InUse,
    /// The key file cannot be read or written.
    #[error("the file system refused")]
    Io(#[from] std::io::Error),
}

impl KeysError {
    /// Whether the file is no key file any more: nothing will ever open it.
    fn is_beyond_use(&self) -> bool {
        matches!(self, Self::KeyFile(error) if !matches!(error, lt_seal::Error::UnknownVersion(_)))
    }
}

/// How the key file is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeysState {
    /// There is none yet: create one.
    Fresh,
    /// A passphrase opens it.
    Locked,
    /// The keychain opens it.
    Keychain,
}

/// The key file of one data folder.
#[derive(Debug)]
pub struct KeyRing {
    folder: PathBuf,
    file: Option<KeyFile>,
    cost: Cost,
}

impl KeyRing {
    /// Reads the key file of a folder, if there is one. Where it is damaged or gone, its copy takes
    /// its place.
    ///
    /// # Errors
    /// [`KeysError::KeyFile`] when both are damaged, or of a later version; [`KeysError::Io`].
    pub fn open(folder: &Path) -> Result<Self, KeysError> {
        let (path, copy) = (folder.join(files::KEYS), folder.join(files::KEYS_COPY));
        let file = match read(&path) {
            Ok(Some(file)) => {
                if !matches!(read(&copy), Ok(Some(known)) if known == file)
                    && let Err(error) = write(&copy, &file)
                {
                    tracing::warn!(%error, "the key file has no copy");
                }
                Some(file)
            }
            Err(error) if !error.is_beyond_use() => return Err(error),
            suffered => match read(&copy) {
                Ok(Some(file)) => {
                    tracing::warn!("the key file was damaged or gone: its copy takes its place");
                    write(&path, &file)?;
                    Some(file)
                }
                _ => suffered?,
            },
        };
        Ok(Self {
            folder: folder.to_owned(),
            file,
            cost: Cost::STANDARD,
        })
    }

    /// The same. Where neither file is usable and there is a store that nothing will ever open, it
    /// is set aside, and the folder is fresh. Says whether that was so: the agent must be told.
    ///
    /// # Errors
    /// [`KeysError::KeyFile`] for a key file of a later version; [`KeysError::InUse`];
    /// [`KeysError::Io`].
    pub fn open_or_begin_anew(folder: &Path, now: Millis) -> Result<(Self, bool), KeysError> {
        let opened = Self::open(folder);
        let is_lost = match &opened {
            Ok(ring) => ring.file.is_none() && folder.join(files::STORE).exists(),
            Err(error) => error.is_beyond_use(),
        };
        if !is_lost {
            return opened.map(|ring| (ring, false));
        }
        tracing::error!("nothing opens the store any more: it is set aside");
        let mut ring = Self {
            folder: folder.to_owned(),
            file: None,
            cost: Cost::STANDARD,
        };
        ring.set_aside(now)?;
        Ok((ring, true))
    }

    /// The same with another cost of passphrases, for tests of other things.
    #[must_use]
    pub fn with_cost(mut self, cost: Cost) -> Self {
        self.cost = cost;
        self
    }

    /// How it is opened.
    #[must_use]
    pub fn state(&self) -> KeysState {
        match &self.file {
            None => KeysState::Fresh,
            Some(file) if file.kinds().contains(&SlotKind::Os) => KeysState::Keychain,
            Some(_) => KeysState::Locked,
        }
    }

    /// Whether a passphrase opens it, besides the keychain or alone.
    #[must_use]
    pub fn has_passphrase(&self) -> bool {
        self.file
            .as_ref()
            .is_some_and(|file| file.kinds().contains(&SlotKind::Passphrase))
    }

    /// Makes the root key and its file. The keychain is used when it works; a passphrase, where
    /// given, opens the file as well. Takes a slow hash with a passphrase.
    ///
    /// # Errors
    /// [`KeysError::AlreadyThere`]; [`KeysError::NeedsPassphrase`] when neither would open it.
    pub fn create(
        &mut self,
        secrets: &dyn SecretStore,
        passphrase: Option<&Secret<String>>,
        now: Millis,
    ) -> Result<Key32, KeysError> {
        if self.file.is_some() || self.folder.join(files::KEYS).exists() {
            return Err(KeysError::AlreadyThere);
        }
        let too_short =
            |text: &&Secret<String>| text.expose().chars().count() < MIN_PASSPHRASE_CHARS;
        if passphrase.as_ref().is_some_and(too_short) {
            return Err(KeysError::ShortPassphrase);
        }
        let root = Key32::random().map_err(KeysError::KeyFile)?;
        let mut file = KeyFile::create(&root);
        match keep_in_keychain(secrets, file.fingerprint()) {
            Ok(kek) => file
                .add_os(&root, &kek, secrets.backend(), now)
                .map_err(KeysError::KeyFile)?,
            Err(error) if passphrase.is_none() => {
                tracing::info!(%error, "no keychain: a passphrase is needed");
                return Err(KeysError::NeedsPassphrase);
            }
            Err(error) => {
                tracing::info!(%error, "no keychain: the passphrase alone opens the store")
            }
        }
        if let Some(passphrase) = passphrase {
            file.add_passphrase(&root, passphrase, None, self.cost, now)
                .map_err(KeysError::KeyFile)?;
        }
        files::make_folder(&self.folder)?;
        write(&self.folder.join(files::KEYS), &file)?;
        write(&self.folder.join(files::KEYS_COPY), &file)?;
        self.file = Some(file);
        Ok(root)
    }

    /// The root key, by the keychain.
    ///
    /// # Errors
    /// [`KeysError::KeychainForgot`] when the keychain has no entry or another one,
    /// [`KeysError::Keychain`] when it does not work now.
    pub fn unlock_keychain(&self, secrets: &dyn SecretStore) -> Result<Key32, KeysError> {
        let file = self.file.as_ref().ok_or(KeysError::NoKeyFile)?;
        let kek = secrets
            .get(file.fingerprint())?
            .ok_or(KeysError::KeychainForgot)?;
        file.unlock_os(&kek).map_err(|error| match error {
            lt_seal::Error::WrongSecret | lt_seal::Error::NoSuchSlot => KeysError::KeychainForgot,
            other => KeysError::KeyFile(other),
        })
    }

    /// The root key, by the passphrase. Takes a slow hash.
    ///
    /// # Errors
    /// [`KeysError::WrongPassphrase`].
    pub fn unlock_passphrase(&self, passphrase: &Secret<String>) -> Result<Key32, KeysError> {
        let file = self.file.as_ref().ok_or(KeysError::NoKeyFile)?;
        file.unlock_passphrase(passphrase, None)
            .map_err(|error| match error {
                lt_seal::Error::WrongSecret | lt_seal::Error::NoSuchSlot => {
                    KeysError::WrongPassphrase
                }
                other => KeysError::KeyFile(other),
            })
    }

    /// Begins anew: the key file and the store that it opens are set aside, not removed. Close the
    /// store first.
    ///
    /// # Errors
    /// [`KeysError::InUse`], [`KeysError::Io`].
    pub fn set_aside(&mut self, now: Millis) -> Result<(), KeysError> {
        files::make_folder(&self.folder)?;
        let lock = Lock::take(&self.folder).map_err(of_lock)?;
        let store = self.folder.join(files::STORE);
        files::rename_database(&store, &files::aside(&store, now))?;
        for name in [files::KEY_ID, files::KEYS, files::KEYS_COPY] {
            let path = self.folder.join(name);
            if path.exists() {
                std::fs::rename(&path, files::aside(&path, now))?;
            }
        }
        lock.begin(0).map_err(of_lock)?;
        self.file = None;
        Ok(())
    }
}

fn read(path: &Path) -> Result<Option<KeyFile>, KeysError> {
    match std::fs::read(path) {
        Ok(bytes) => {
            // Bytes that are no text are no key file either.
            let text = String::from_utf8_lossy(&bytes);
            KeyFile::from_json(&text)
                .map(Some)
                .map_err(KeysError::KeyFile)
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn write(path: &Path, file: &KeyFile) -> Result<(), KeysError> {
    let text = file.to_json().map_err(KeysError::KeyFile)?;
    Ok(files::replace(path, &text)?)
}

fn of_lock(error: StoreError) -> KeysError {
    match error {
        StoreError::Io(error) => KeysError::Io(error),
        StoreError::Full => KeysError::Io(std::io::ErrorKind::StorageFull.into()),
        _ => KeysError::InUse,
    }
}

/// Makes a key, gives it to the keychain and reads it back: some keychains take a value and lose it.
fn keep_in_keychain(secrets: &dyn SecretStore, name: &str) -> Result<Key32, SecretError> {
    let kek = Key32::random().map_err(|_| SecretError::Failed("no randomness".to_owned()))?;
    secrets.set(name, &kek)?;
    match secrets.get(name)? {
        Some(kept) if kept.same_as(&kek) => Ok(kek),
        _ => Err(SecretError::Forgetful),
    }
}
