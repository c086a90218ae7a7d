//! Key slots: how a root key is kept beside the data that it protects.
//!
//! The root key is random and never stored in clear. A [`KeyFile`] holds it sealed once per way of
//! unlocking: a key from the operating system's keychain, a passphrase. Changing a passphrase
//! rewrites a slot and leaves the data alone.
//!
//! The file is JSON with a version. Its checksum tells damage from a wrong passphrase; it is no
//! protection against a forger, who still cannot make a slot that opens.

use serde::{Deserialize, Serialize};

use crate::encode::{hex_decode, hex_decode_array, hex_encode};
use crate::hash::derive_from;
use crate::password::{self, Cost};
use crate::{Error, Key32, Result, Secret, aead, constant_time_eq, random_bytes, sha256};

/// A file with one root key.
const VERSION: u32 = 1;
/// A file that is on its way from one root key to the next.
const VERSION_REKEYING: u32 = 2;
/// Nobody needs more ways in; each passphrase slot costs a hash to try.
const MAX_SLOTS: usize = 8;

/// The sealed copies of one root key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyFile {
    version: u32,
    /// [`Key32::fingerprint`] of the root key.
    fingerprint: String,
    slots: Vec<Slot>,
    /// The key that takes this one's place: both stand here until the data is proven to open with
    /// the new one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rekeying: Option<Next>,
}

/// A root key that is to take another one's place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Next {
    fingerprint: String,
    slots: Vec<Slot>,
}

/// What is known of a slot without opening it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SlotInfo {
    /// How it is opened.
    pub kind: SlotKind,
    /// When it was made, ms.
    pub created_ms: i64,
}

/// One sealed copy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Slot {
    way: Way,
    /// Milliseconds since the epoch.
    created_ms: i64,
    /// [`aead`] output as hexadecimal digits.
    sealed: String,
}

/// How a slot is unlocked, with all that must be known for it but the secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
enum Way {
    Os { backend: String },
    Passphrase { salt: String, cost: Cost },
}

/// The kinds of slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SlotKind {
    /// A key kept by the operating system.
    Os,
    /// A passphrase that a person knows.
    Passphrase,
}

/// What is stored: the key file and the checksum of its JSON text.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    key_file: KeyFile,
    checksum: String,
}

impl KeyFile {
    /// A file for this root key, still without any slot.
    pub fn create(root: &Key32) -> Self {
        Self {
            version: VERSION,
            fingerprint: root.fingerprint(),
            slots: Vec::new(),
            rekeying: None,
        }
    }

    /// The fingerprint of the root key: names it in logs and beside backups.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// The kinds of slot, in the order in which they were added.
    pub fn kinds(&self) -> Vec<SlotKind> {
        self.slots.iter().map(Slot::kind).collect()
    }

    /// What is known of the slots, in the order in which they were added.
    pub fn slots(&self) -> Vec<SlotInfo> {
        let info = |slot: &Slot| SlotInfo {
            kind: slot.kind(),
            created_ms: slot.created_ms,
        };
        self.slots.iter().map(info).collect()
    }

    /// Puts the file of the next root key beside this one: from now on both are in it.
    pub fn begin_rekey(&mut self, next: Self) {
        self.version = VERSION_REKEYING;
        self.rekeying = Some(Next {
            fingerprint: next.fingerprint,
            slots: next.slots,
        });
    }

    /// The file of the next root key, while both are in this one.
    pub fn next(&self) -> Option<Self> {
        let next = self.rekeying.clone()?;
        Some(Self {
            version: VERSION,
            fingerprint: next.fingerprint,
            slots: next.slots,
            rekeying: None,
        })
    }

    /// Drops the old root key: the data opens with the next one.
    pub fn finish_rekey(&mut self) {
        if let Some(next) = self.next() {
            *self = next;
        }
    }

    /// Drops the next root key: the data still opens with the old one.
    pub fn abandon_rekey(&mut self) {
        self.version = VERSION;
        self.rekeying = None;
    }

    /// The keychain that the newest `os` slot was made with, so that a changed one is recognised.
    pub fn os_backend(&self) -> Option<&str> {
        self.slots.iter().rev().find_map(|slot| match &slot.way {
            Way::Os { backend } => Some(backend.as_str()),
            Way::Passphrase { .. } => None,
        })
    }

    /// Adds a slot that the key opens. `kek` is the keychain's key, or [`combine`]d with the
    /// server's share; `backend` names the keychain.
    ///
    /// # Errors
    /// [`Error::WrongSecret`] when `root` is not this file's root key, [`Error::OutOfRange`] when
    /// the file is full, [`Error::Random`].
    pub fn add_os(&mut self, root: &Key32, kek: &Key32, backend: &str, now_ms: i64) -> Result<()> {
        self.add(
            root,
            kek,
            Way::Os {
                backend: backend.to_owned(),
            },
            now_ms,
        )
    }

    /// Adds a slot that the passphrase opens, together with the server's share if there is one.
    ///
    /// # Errors
    /// As for [`KeyFile::add_os`], and [`Error::OutOfRange`] for a cost that is not allowed.
    pub fn add_passphrase(
        &mut self,
        root: &Key32,
        passphrase: &Secret<String>,
        share: Option<&Key32>,
        cost: Cost,
        now_ms: i64,
    ) -> Result<()> {
        let salt = random_bytes::<16>()?;
        let kek = passphrase_kek(passphrase, &salt, cost, share)?;
        self.add(
            root,
            &kek,
            Way::Passphrase {
                salt: hex_encode(&salt),
                cost,
            },
            now_ms,
        )
    }

    /// The root key, by the key that an `os` slot was made with.
    ///
    /// # Errors
    /// [`Error::NoSuchSlot`], [`Error::WrongSecret`], [`Error::DamagedFile`].
    pub fn unlock_os(&self, kek: &Key32) -> Result<Key32> {
        self.unlock(SlotKind::Os, |_| Ok(kek.clone()))
    }

    /// The root key, by a passphrase. Takes one hash per passphrase slot.
    ///
    /// # Errors
    /// As for [`KeyFile::unlock_os`]; a missing or wrong share is a [`Error::WrongSecret`] too.
    pub fn unlock_passphrase(
        &self,
        passphrase: &Secret<String>,
        share: Option<&Key32>,
    ) -> Result<Key32> {
        self.unlock(SlotKind::Passphrase, |way| match way {
            Way::Passphrase { salt, cost } => {
                let salt = hex_decode_array(salt).map_err(|_| Error::DamagedFile("salt"))?;
                passphrase_kek(passphrase, &salt, *cost, share)
            }
            Way::Os { .. } => Err(Error::NoSuchSlot),
        })
    }

    /// Removes all slots of a kind: after a freeze, or before a new passphrase is added.
    ///
    /// The last way in can be removed as well: that is how a device is made to forget.
    pub fn remove(&mut self, kind: SlotKind) {
        self.slots.retain(|slot| slot.kind() != kind);
    }

    /// The text to store, with mode 0600 and by an atomic rename.
    ///
    /// # Errors
    /// [`Error::Malformed`] if the file cannot be written as JSON.
    pub fn to_json(&self) -> Result<String> {
        let unwritable = |_| Error::Malformed("key file");
        let stored = Stored {
            key_file: self.clone(),
            checksum: self.checksum()?,
        };
        serde_json::to_string_pretty(&stored).map_err(unwritable)
    }

    /// Reads what [`KeyFile::to_json`] wrote.
    ///
    /// # Errors
    /// [`Error::DamagedFile`] for anything that was changed, [`Error::UnknownVersion`] for a file
    /// of a later build.
    pub fn from_json(text: &str) -> Result<Self> {
        let stored: Stored = serde_json::from_str(text).map_err(|_| later_or_damaged(text))?;
        let file = stored.key_file;
        if !constant_time_eq(file.checksum()?.as_bytes(), stored.checksum.as_bytes()) {
            return Err(Error::DamagedFile("checksum"));
        }
        match (file.version, &file.rekeying) {
            (VERSION, None) | (VERSION_REKEYING, Some(_)) => Ok(file),
            (VERSION | VERSION_REKEYING, _) => Err(Error::DamagedFile("version")),
            (later, _) => Err(Error::UnknownVersion(later)),
        }
    }

    fn checksum(&self) -> Result<String> {
        let text = serde_json::to_vec(self).map_err(|_| Error::Malformed("key file"))?;
        Ok(hex_encode(&sha256(&text)))
    }

    fn add(&mut self, root: &Key32, kek: &Key32, way: Way, now_ms: i64) -> Result<()> {
        if root.fingerprint() != self.fingerprint {
            return Err(Error::WrongSecret);
        }
        if self.slots.len() >= MAX_SLOTS {
            return Err(Error::OutOfRange("number of key slots"));
        }
        let aad = aad(&self.fingerprint, &way, now_ms)?;
        let sealed = hex_encode(&aead::seal(kek, &aad, root.expose())?);
        self.slots.push(Slot {
            way,
            created_ms: now_ms,
            sealed,
        });
        Ok(())
    }

    fn unlock(&self, kind: SlotKind, kek_for: impl Fn(&Way) -> Result<Key32>) -> Result<Key32> {
        let mut outcome = Error::NoSuchSlot;
        for slot in self.slots.iter().filter(|slot| slot.kind() == kind) {
            let sealed = hex_decode(&slot.sealed).map_err(|_| Error::DamagedFile("sealed key"))?;
            let aad = aad(&self.fingerprint, &slot.way, slot.created_ms)?;
            match aead::open(&kek_for(&slot.way)?, &aad, &sealed).map(Secret::new) {
                Ok(bytes) => return self.checked_root(&bytes),
                Err(Error::Rejected) => outcome = Error::WrongSecret,
                Err(_) => return Err(Error::DamagedFile("sealed key")),
            }
        }
        Err(outcome)
    }

    fn checked_root(&self, bytes: &Secret<Vec<u8>>) -> Result<Key32> {
        <[u8; 32]>::try_from(bytes.expose().as_slice())
            .ok()
            .map(Key32::new)
            .filter(|root| root.fingerprint() == self.fingerprint)
            .ok_or(Error::DamagedFile("root key"))
    }
}

impl Slot {
    const fn kind(&self) -> SlotKind {
        match self.way {
            Way::Os { .. } => SlotKind::Os,
            Way::Passphrase { .. } => SlotKind::Passphrase,
        }
    }
}

/// The key for a slot that needs both the device's secret and the server's share, so that a copied
/// disk with a copied keychain is useless once the server has forgotten the share.
pub fn combine(secret: &Key32, share: &Key32) -> Key32 {
    let both = Secret::new([secret.expose().as_slice(), share.expose()].concat());
    derive_from(both.expose(), b"lingtai/slot-with-share/v1", b"")
}

fn passphrase_kek(
    passphrase: &Secret<String>,
    salt: &[u8; 16],
    cost: Cost,
    share: Option<&Key32>,
) -> Result<Key32> {
    let key = password::key_from(passphrase, salt, cost)?;
    Ok(share.map_or_else(|| key.clone(), |share| combine(&key, share)))
}

/// All that stands beside a sealed key, so that none of it can be changed under it.
fn aad(fingerprint: &str, way: &Way, created_ms: i64) -> Result<Vec<u8>> {
    serde_json::to_vec(&("lingtai/slot/v1", fingerprint, way, created_ms))
        .map_err(|_| Error::Malformed("key slot"))
}

/// A later build may have fields that this one does not know; its version says so.
fn later_or_damaged(text: &str) -> Error {
    serde_json::from_str::<serde_json::Value>(text)
        .ok()
        .and_then(|value| {
            value
                .pointer("/key_file/version")
                .and_then(|version| version.as_u64())
        })
        .and_then(|version| u32::try_from(version).ok())
        .filter(|version| *version > VERSION_REKEYING)
        .map_or(Error::DamagedFile("not a key file"), Error::UnknownVersion)
}

#[cfg(test)]
mod tests;
