//! The slot that the server's share opens, and what is put right by whoever came in by it.

use lt_model::{Millis, id::DeviceId};
use lt_seal::{
    Key32, Secret,
    slots::{KeyFile, SlotKind},
};

use super::{KeyRing, KeysError, by_keychain, is_short, keep_in_keychain, write};
use crate::{files, keys::SecretStore};

/// Where to ask for the share that opens a key file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShareHolder {
    /// The server, as it was entered at the sign-in.
    pub server: String,
    /// The device that it knows this installation by.
    pub device: DeviceId,
}

impl KeyRing {
    /// Where to ask for the share that opens the file, where there is one.
    #[must_use]
    pub fn server(&self) -> Option<ShareHolder> {
        let slot = self.file.as_ref()?.server()?;
        Some(ShareHolder {
            device: slot.device.parse().ok()?,
            server: slot.server,
        })
    }

    /// Whether the server's share opens the file.
    #[must_use]
    pub fn has_server(&self) -> bool {
        self.server().is_some()
    }

    /// Gives the file a slot that the server's share opens, in place of an earlier one. The caller
    /// has the store open and so its root key; nothing else is proved.
    ///
    /// # Errors
    /// [`KeysError::Unsettled`] while the root key is being changed; [`KeysError::KeyFile`] for
    /// another root key; [`KeysError::Io`].
    pub fn add_server(
        &mut self,
        root: &Key32,
        share: &Key32,
        server: &str,
        device: DeviceId,
        now: Millis,
    ) -> Result<(), KeysError> {
        self.change(|file| {
            file.add_server(root, share, server, &device.to_string(), now)
                .map_err(KeysError::KeyFile)
        })
    }

    /// The root key, by the server's share. A change of the key that was interrupted is settled where
    /// the old key is still the store's; the new one has no such slot.
    ///
    /// # Errors
    /// [`KeysError::NoShare`]; [`KeysError::Unsettled`] when the store has the new key, or that
    /// cannot be told: another way opens it.
    pub fn unlock_server(&mut self, share: &Key32) -> Result<Key32, KeysError> {
        let file = self.file.clone().ok_or(KeysError::NoKeyFile)?;
        let root = file.unlock_server(share).map_err(|error| match error {
            lt_seal::Error::WrongSecret | lt_seal::Error::NoSuchSlot => KeysError::NoShare,
            other => KeysError::KeyFile(other),
        })?;
        if file.next().is_none() {
            return Ok(root);
        }
        let root = self.settled(Ok(root), Err(KeysError::NoShare), None)?;
        // An old key over a store that has the new one would have it set aside as damaged.
        if self.is_rekeying() {
            return Err(KeysError::Unsettled);
        }
        Ok(root)
    }

    /// Puts the other ways in order after the server's share opened the file: a keychain that has
    /// forgotten its entry gets one, and a new passphrase takes the place of the one that is lost. A
    /// keychain that does not work now is left as it is.
    ///
    /// # Errors
    /// [`KeysError::ShortPassphrase`], [`KeysError::Unsettled`], [`KeysError::Io`].
    pub fn put_right(
        &mut self,
        secrets: &dyn SecretStore,
        root: &Key32,
        passphrase: Option<&Secret<String>>,
        now: Millis,
    ) -> Result<(), KeysError> {
        if passphrase.is_some_and(is_short) {
            return Err(KeysError::ShortPassphrase);
        }
        let file = self.file.as_ref().ok_or(KeysError::NoKeyFile)?;
        let has_os = file.kinds().contains(&SlotKind::Os);
        let forgot = has_os && matches!(by_keychain(file, secrets), Err(KeysError::KeychainForgot));
        let kek = match forgot.then(|| keep_in_keychain(secrets, file.fingerprint())) {
            Some(Ok(kek)) => Some(kek),
            Some(Err(error)) => {
                tracing::warn!(%error, "the keychain keeps no new entry");
                None
            }
            None => None,
        };
        if kek.is_none() && passphrase.is_none() {
            return Ok(());
        }
        let cost = self.cost;
        self.change(|file| {
            if let Some(kek) = kek {
                file.remove(SlotKind::Os);
                file.add_os(root, &kek, secrets.backend(), now)
                    .map_err(KeysError::KeyFile)?;
            }
            if let Some(passphrase) = passphrase {
                file.remove(SlotKind::Passphrase);
                file.add_passphrase(root, passphrase, None, cost, now)
                    .map_err(KeysError::KeyFile)?;
            }
            Ok(())
        })
    }

    /// Writes a changed file and its copy; nothing is changed when that fails.
    pub(super) fn change(
        &mut self,
        change: impl FnOnce(&mut KeyFile) -> Result<(), KeysError>,
    ) -> Result<(), KeysError> {
        let mut file = self.file.clone().ok_or(KeysError::NoKeyFile)?;
        if file.next().is_some() {
            return Err(KeysError::Unsettled);
        }
        change(&mut file)?;
        write(&self.folder.join(files::KEYS), &file)?;
        write(&self.folder.join(files::KEYS_COPY), &file)?;
        self.file = Some(file);
        Ok(())
    }
}
