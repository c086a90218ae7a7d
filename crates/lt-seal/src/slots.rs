//! Key slots: how a root key is kept beside the data that it protects.
//!
//! The root key is random and never stored in clear. A [`KeyFile`] holds it sealed once per way of
//! unlocking: a key from the operating system's keychain, a passphrase, a share that only the server
//! keeps. Changing a passphrase rewrites a slot and leaves the data alone.
//!
//! The server's slot is for whoever lost the other two: the file without the server opens nothing by
//! it, and neither does the server without the file. It takes nothing away from the other slots: they
//! open without the share, unless they were made with it ([`combine`]).
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
/// A file with a server's slot, on its way or not: a build that does not know the slot keeps off,
/// where it would take the file for a damaged one and set the data aside.
const VERSION_SERVER: u32 = 3;
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

/// What must be known to ask the server for its share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerSlot {
    /// The server as it was entered. Its code or address says where it is and whom to trust there,
    /// and holds no secret.
    pub server: String,
    /// The device for which it keeps the share.
    pub device: String,
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
    Server { server: String, device: String },
}

/// The kinds of slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SlotKind {
    /// A key kept by the operating system.
    Os,
    /// A passphrase that a person knows.
    Passphrase,
    /// A share that the server keeps.
    Server,
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
        self.rekeying = Some(Next {
            fingerprint: next.fingerprint,
            slots: next.slots,
        });
        self.version = self.fitting_version();
    }

    /// The file of the next root key, while both are in this one.
    pub fn next(&self) -> Option<Self> {
        let next = self.rekeying.clone()?;
        let mut file = Self {
            version: VERSION,
            fingerprint: next.fingerprint,
            slots: next.slots,
            rekeying: None,
        };
        file.version = file.fitting_version();
        Some(file)
    }

    /// Drops the old root key: the data opens with the next one.
    pub fn finish_rekey(&mut self) {
        if let Some(next) = self.next() {
            *self = next;
        }
    }

    /// Drops the next root key: the data still opens with the old one.
    pub fn abandon_rekey(&mut self) {
        self.rekeying = None;
        self.version = self.fitting_version();
    }

    /// The keychain that the newest `os` slot was made with, so that a changed one is recognised.
    pub fn os_backend(&self) -> Option<&str> {
        self.slots.iter().rev().find_map(|slot| match &slot.way {
            Way::Os { backend } => Some(backend.as_str()),
            Way::Passphrase { .. } | Way::Server { .. } => None,
        })
    }

    /// What must be known to ask for the share of the server's slot, where there is one.
    pub fn server(&self) -> Option<ServerSlot> {
        self.slots.iter().find_map(|slot| match &slot.way {
            Way::Server { server, device } => Some(ServerSlot {
                server: server.clone(),
                device: device.clone(),
            }),
            Way::Os { .. } | Way::Passphrase { .. } => None,
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

    /// Adds the slot that the server's share opens, in place of an earlier one: there is one share.
    /// The server and the device stand in the file in clear.
    ///
    /// # Errors
    /// As for [`KeyFile::add_os`].
    pub fn add_server(
        &mut self,
        root: &Key32,
        share: &Key32,
        server: &str,
        device: &str,
        now_ms: i64,
    ) -> Result<()> {
        let mut changed = self.clone();
        changed.remove(SlotKind::Server);
        let way = Way::Server {
            server: server.to_owned(),
            device: device.to_owned(),
        };
        changed.add(root, &server_kek(share, &self.fingerprint), way, now_ms)?;
        *self = changed;
        Ok(())
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
            Way::Os { .. } | Way::Server { .. } => Err(Error::NoSuchSlot),
        })
    }

    /// The root key, by the server's share.
    ///
    /// # Errors
    /// As for [`KeyFile::unlock_os`].
    pub fn unlock_server(&self, share: &Key32) -> Result<Key32> {
        self.unlock(SlotKind::Server, |_| {
            Ok(server_kek(share, &self.fingerprint))
        })
    }

    /// Removes all slots of a kind: after a freeze, or before a new passphrase is added.
    ///
    /// The last way in can be removed as well: that is how a device is made to forget.
    pub fn remove(&mut self, kind: SlotKind) {
        self.slots.retain(|slot| slot.kind() != kind);
        self.version = self.fitting_version();
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
        match file.version {
            version if version == file.fitting_version() => Ok(file),
            VERSION..=VERSION_SERVER => Err(Error::DamagedFile("version")),
            later => Err(Error::UnknownVersion(later)),
        }
    }

    /// The version of what is in the file: the lowest that a build must know to read it.
    fn fitting_version(&self) -> u32 {
        let next = self.rekeying.iter().flat_map(|next| &next.slots);
        let is_server = |slot: &Slot| slot.kind() == SlotKind::Server;
        if self.slots.iter().chain(next).any(is_server) {
            VERSION_SERVER
        } else if self.rekeying.is_some() {
            VERSION_REKEYING
        } else {
            VERSION
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
        self.version = self.fitting_version();
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
            Way::Server { .. } => SlotKind::Server,
        }
    }
}

/// The key for a slot that needs both the device's secret and the server's share, so that a copied
/// disk with a copied keychain is useless once the server has forgotten the share.
pub fn combine(secret: &Key32, share: &Key32) -> Key32 {
    let both = Secret::new([secret.expose().as_slice(), share.expose()].concat());
    derive_from(both.expose(), b"lingtai/slot-with-share/v1", b"")
}

/// The key of the server's slot: of this file alone, so that one share of a device opens no file but
/// the one that it was given for.
fn server_kek(share: &Key32, fingerprint: &str) -> Key32 {
    derive_from(
        share.expose(),
        b"lingtai/server-slot/v1",
        fingerprint.as_bytes(),
    )
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
        .filter(|version| *version > VERSION_SERVER)
        .map_or(Error::DamagedFile("not a key file"), Error::UnknownVersion)
}

#[cfg(test)]
mod tests;
