//! `keys.json`: the root key, sealed once per way of unlocking, and who opens it.
//!
//! The OS keychain keeps a 32-byte key that opens the file; where there is none that works, a
//! passphrase does. Once the server has been met, its share for this device opens the file too, for
//! whoever lost the other way. The root key is never stored in clear, and a keychain that has
//! forgotten its entry never leads to a new key over existing data.

use std::path::{Path, PathBuf};

use lt_model::Millis;
use lt_seal::{Key32, Secret, password::Cost, slots::KeyFile};

use crate::{
    StoreError, exchange, files,
    lock::Lock,
    rekey::{self, Settled, Stage},
};

mod os_keychain;
mod secrets;
mod server;

pub use lt_seal::slots::{SlotInfo, SlotKind};
pub use os_keychain::OsKeychain;
pub use secrets::{MemorySecrets, NoSecrets, SecretError, SecretStore};
pub use server::ShareHolder;

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
    /// The file has no slot for the server's share, or another share opens it.
    #[error("the server's share does not open the key file")]
    NoShare,
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
    /// A change of the root key was interrupted, and the database is too damaged to settle it.
    #[error("a change of the key is not settled")]
    Unsettled,
    /// What the store has unsent would be set aside with it, and nobody said that it may be.
    #[error("something is unsent")]
    Unsent,
    /// Another program has the store of this folder open.
    #[error("another program has the store open")]
    InUse,
    /// The store cannot be read, written or restored.
    #[error(transparent)]
    Store(StoreError),
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
    /// its place. A restored store that was on its way into its place gets there first.
    ///
    /// # Errors
    /// [`KeysError::KeyFile`] when both are damaged, or of a later version; [`KeysError::Io`].
    pub fn open(folder: &Path) -> Result<Self, KeysError> {
        exchange::settle(folder)?;
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
        exchange::tidy(folder);
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
        if passphrase.is_some_and(is_short) {
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

    /// The root key, by the keychain. Where a change of it was interrupted, that is settled.
    ///
    /// # Errors
    /// [`KeysError::KeychainForgot`] when the keychain has no entry or another one,
    /// [`KeysError::Keychain`] when it does not work now.
    pub fn unlock_keychain(&mut self, secrets: &dyn SecretStore) -> Result<Key32, KeysError> {
        let file = self.file.clone().ok_or(KeysError::NoKeyFile)?;
        let old = by_keychain(&file, secrets);
        let Some(next) = file.next() else { return old };
        self.settled(old, by_keychain(&next, secrets), Some(secrets))
    }

    /// The root key, by the passphrase. Takes a slow hash. Where a change of the key was
    /// interrupted, that is settled.
    ///
    /// # Errors
    /// [`KeysError::WrongPassphrase`].
    pub fn unlock_passphrase(&mut self, passphrase: &Secret<String>) -> Result<Key32, KeysError> {
        let file = self.file.clone().ok_or(KeysError::NoKeyFile)?;
        let old = by_passphrase(&file, passphrase);
        let Some(next) = file.next() else { return old };
        self.settled(old, by_passphrase(&next, passphrase), None)
    }

    /// The ways in, in the order in which they were made.
    #[must_use]
    pub fn slots(&self) -> Vec<SlotInfo> {
        self.file.as_ref().map(KeyFile::slots).unwrap_or_default()
    }

    /// Whether a change of the root key was interrupted and is not settled.
    #[must_use]
    pub fn is_rekeying(&self) -> bool {
        self.file.as_ref().is_some_and(|file| file.next().is_some())
    }

    /// Gives the file another passphrase, or its first one; the data is not touched. The present
    /// one is needed where there is one.
    ///
    /// # Errors
    /// [`KeysError::ShortPassphrase`], [`KeysError::NeedsPassphrase`],
    /// [`KeysError::WrongPassphrase`], [`KeysError::Io`]; those of the keychain.
    pub fn set_passphrase(
        &mut self,
        secrets: &dyn SecretStore,
        present: Option<&Secret<String>>,
        new: &Secret<String>,
        now: Millis,
    ) -> Result<(), KeysError> {
        if is_short(new) {
            return Err(KeysError::ShortPassphrase);
        }
        let root = self.prove(secrets, present)?;
        let cost = self.cost;
        self.change(|file| {
            file.remove(SlotKind::Passphrase);
            file.add_passphrase(&root, new, None, cost, now)
                .map_err(KeysError::KeyFile)
        })
    }

    /// Gives the store of this folder, which nobody has open, a new root key. It is opened as the
    /// old one was: by the keychain, by the passphrase, or by both. Gives the new key. Killed at
    /// any moment, the store opens with the old key or the new one; see [`crate::rekey`].
    ///
    /// # Errors
    /// As for [`KeyRing::set_passphrase`], [`KeysError::InUse`], [`KeysError::Store`]. The store
    /// is as it was then, with its old key.
    pub fn rekey(
        &mut self,
        secrets: &dyn SecretStore,
        passphrase: Option<&Secret<String>>,
        now: Millis,
        tell: &mut dyn FnMut(Stage),
    ) -> Result<Key32, KeysError> {
        let old = self.prove(secrets, passphrase)?;
        let mut file = self.file.clone().ok_or(KeysError::NoKeyFile)?;
        if file.next().is_some() {
            return Err(KeysError::Unsettled);
        }
        let lock = Lock::take(&self.folder).map_err(of_lock)?;
        let root = Key32::random().map_err(KeysError::KeyFile)?;
        let mut next = KeyFile::create(&root);
        for kind in file.kinds() {
            match (kind, passphrase) {
                // Only the server has its share: the slot comes again with the next contact.
                (SlotKind::Server, _) => Ok(()),
                (SlotKind::Os, _) => {
                    let kek = keep_in_keychain(secrets, next.fingerprint())?;
                    next.add_os(&root, &kek, secrets.backend(), now)
                }
                (SlotKind::Passphrase, Some(passphrase)) => {
                    next.add_passphrase(&root, passphrase, None, self.cost, now)
                }
                (SlotKind::Passphrase, None) => return Err(KeysError::NeedsPassphrase),
            }
            .map_err(KeysError::KeyFile)?;
        }
        file.begin_rekey(next);
        // The copy first: from the first moment of the change on, either file has both keys.
        write(&self.folder.join(files::KEYS_COPY), &file)?;
        write(&self.folder.join(files::KEYS), &file)?;
        self.file = Some(file);
        let rewritten = rekey::rewrite(&self.folder, &lock, (&old, &root), now, tell);
        drop(lock);
        // Whichever way it went, the database says which key it has.
        let holds = self.settled(Ok(old), Ok(root.clone()), Some(secrets))?;
        match rewritten {
            Err(error) if !holds.same_as(&root) => Err(KeysError::Store(error)),
            _ => Ok(holds),
        }
    }

    /// The root key for a change of the key file: by the passphrase wherever there is one.
    ///
    /// # Errors
    /// [`KeysError::NeedsPassphrase`], and as for unlocking.
    pub fn prove(
        &mut self,
        secrets: &dyn SecretStore,
        passphrase: Option<&Secret<String>>,
    ) -> Result<Key32, KeysError> {
        match passphrase {
            Some(passphrase) if self.has_passphrase() => self.unlock_passphrase(passphrase),
            None if self.has_passphrase() => Err(KeysError::NeedsPassphrase),
            _ => self.unlock_keychain(secrets),
        }
    }

    /// The one of two root keys that the database has. The other one is dropped, unless the
    /// database is too damaged to tell.
    fn settled(
        &mut self,
        old: Result<Key32, KeysError>,
        next: Result<Key32, KeysError>,
        secrets: Option<&dyn SecretStore>,
    ) -> Result<Key32, KeysError> {
        let lock = Lock::take(&self.folder).map_err(of_lock)?;
        let settled = rekey::settle(&self.folder, old.as_ref().ok(), next.as_ref().ok())
            .map_err(KeysError::Store)?;
        let mut file = self.file.clone().ok_or(KeysError::NoKeyFile)?;
        let both = [
            Some(file.fingerprint().to_owned()),
            file.next().map(|next| next.fingerprint().to_owned()),
        ];
        match settled {
            Settled::Next => file.finish_rekey(),
            Settled::Old => file.abandon_rekey(),
            Settled::NextPerhaps => return next,
            Settled::OldPerhaps => return old,
        }
        tracing::info!(?settled, "the change of the store's key is settled");
        // The copy last: until then it has both keys.
        write(&self.folder.join(files::KEYS), &file)?;
        write(&self.folder.join(files::KEYS_COPY), &file)?;
        drop(lock);
        for gone in both
            .iter()
            .flatten()
            .filter(|name| *name != file.fingerprint() && !is_of_another(&self.folder, name))
        {
            if let Some(Err(error)) = secrets.map(|secrets| secrets.delete(gone)) {
                tracing::warn!(%error, "the keychain keeps an entry that opens nothing any more");
            }
        }
        self.file = Some(file);
        match settled {
            Settled::Next => next,
            _ => old,
        }
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Whether there is a key file.
    pub(crate) fn is_there(&self) -> bool {
        self.file.is_some()
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

/// Whether another store hangs on the keychain's entry of this name: a former one has copies of the key
/// files. One whose key file cannot be read now may.
fn is_of_another(folder: &Path, name: &str) -> bool {
    let is_named = |path: PathBuf| match read(&path) {
        Ok(Some(file)) => {
            file.fingerprint() == name || file.next().is_some_and(|next| next.fingerprint() == name)
        }
        Ok(None) => false,
        Err(_) => true,
    };
    let mut kin = exchange::kin(folder).into_iter();
    kin.any(|one| is_named(one.join(files::KEYS)) || is_named(one.join(files::KEYS_COPY)))
}

fn by_keychain(file: &KeyFile, secrets: &dyn SecretStore) -> Result<Key32, KeysError> {
    let kek = secrets
        .get(file.fingerprint())?
        .ok_or(KeysError::KeychainForgot)?;
    file.unlock_os(&kek).map_err(|error| match error {
        lt_seal::Error::WrongSecret | lt_seal::Error::NoSuchSlot => KeysError::KeychainForgot,
        other => KeysError::KeyFile(other),
    })
}

fn by_passphrase(file: &KeyFile, passphrase: &Secret<String>) -> Result<Key32, KeysError> {
    file.unlock_passphrase(passphrase, None)
        .map_err(|error| match error {
            lt_seal::Error::WrongSecret | lt_seal::Error::NoSuchSlot => KeysError::WrongPassphrase,
            other => KeysError::KeyFile(other),
        })
}

fn is_short(passphrase: &Secret<String>) -> bool {
    passphrase.expose().chars().count() < MIN_PASSPHRASE_CHARS
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

pub(crate) fn of_lock(error: StoreError) -> KeysError {
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
