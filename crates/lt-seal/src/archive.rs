//! Archives: backups of a store or a server, sealed piece by piece.
//!
//! Format: `header | record*`, where
//!
//! - `header` is `"LTAR" | version 1 | way 1 | key id 16 | salt 16 | memory, passes, lanes u32 | chunk bytes u32`;
//! - a record is `kind 1 | number u64 | length u32 | ciphertext ‖ tag 16`, big-endian. The kind is
//!   [`MORE`], [`LAST`] or [`MANIFEST`]: all chunks but the last are full, one is the last, and one
//!   manifest follows it. Nothing comes after that.
//!
//! The archive's key is `HKDF(master, salt, "archive/v1")`, the master being a root key's child or
//! an Argon2id hash of a passphrase under the same salt. A record's nonce is its kind and number,
//! and its associated data is the header: no byte of the header can be changed, no record can be
//! left out, repeated, moved or put from one archive into another. The number stands before the
//! ciphertext as well, so that damage is told by its name ([`Fault`]).
//!
//! The manifest names every file with its length and SHA-256. Keys are never in it.

mod reader;
mod writer;

use serde::{Deserialize, Serialize};

use crate::aead::NONCE_BYTES;
use crate::hash::derive_from;
use crate::password::{self, Cost};
use crate::{Error, Key32, Result, Secret, hmac_sha256};

pub use reader::{child, open, verify};
pub use writer::ArchiveWriter;

/// First bytes of every archive.
pub const MAGIC: [u8; 4] = *b"LTAR";
/// The only format version so far.
const VERSION: u8 = 1;
/// Bytes of the header.
pub const HEADER_BYTES: usize = 4 + 1 + 1 + ID_BYTES + SALT_BYTES + 12 + 4;
/// Plaintext bytes of a full chunk.
pub const CHUNK_BYTES: usize = 1024 * 1024;
/// The longest manifest: ten thousand files have room.
const MAX_MANIFEST_BYTES: usize = 2 * 1024 * 1024;
/// Files of one archive.
const MAX_FILES: usize = 10_000;
const ID_BYTES: usize = 16;
const SALT_BYTES: usize = 16;
/// Bytes before a record's ciphertext.
const HEAD_BYTES: usize = 1 + 8 + 4;

/// A full chunk, and more follow.
const MORE: u8 = 0;
/// The last chunk; an empty archive has an empty one.
const LAST: u8 = 1;
/// The manifest.
const MANIFEST: u8 = 2;

/// What is wrong with an archive. Chunks count from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// It ends in the middle: so many records are whole.
    #[error("cut after {0} whole records")]
    Cut(u64),
    /// A record does not authenticate.
    #[error("record {0} is altered")]
    Altered(u64),
    /// A record that was there before comes again.
    #[error("record {0} comes twice")]
    Repeated(u64),
    /// Another record stands in the place of this one.
    #[error("record {expected} is missing: {found} stands in its place")]
    OutOfPlace {
        /// Whose place it is.
        expected: u64,
        /// What stands there.
        found: u64,
    },
    /// Something follows the manifest.
    #[error("something follows the end")]
    Trailing,
    /// The files do not have the lengths and hashes of the manifest. Only a fault of the program
    /// that wrote it can be the cause.
    #[error("a file is not as the manifest says")]
    Manifest,
}

/// Who opens an archive.
#[derive(Debug, Clone)]
pub enum Way {
    /// A key, such as a child of a server's root key.
    Key(Key32),
    /// A passphrase that a person knows.
    Passphrase(Secret<String>),
}

/// What an archive holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// What it is a copy of, such as `server` or `desk`.
    pub kind: String,
    /// When it was made, ms.
    pub made_at_ms: i64,
    /// Words about it that are no secret, such as the version of the product.
    pub notes: std::collections::BTreeMap<String, String>,
    /// The files, in order.
    pub files: Vec<File>,
}

/// One file of an archive.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// Its path with `/`, relative to the folder that is restored.
    pub name: String,
    /// Length.
    pub n_bytes: u64,
    /// SHA-256 of its bytes as hexadecimal digits.
    pub sha256: String,
}

impl File {
    /// Whether the name stays inside the folder that is restored, on every system.
    #[must_use]
    pub fn is_inside(&self) -> bool {
        let plain = |part: &str| {
            !part.is_empty()
                && !part.chars().all(|letter| letter == '.')
                && !part.contains(['\\', ':', '\0'])
        };
        !self.name.is_empty() && self.name.split('/').all(plain)
    }
}

/// What stands at the start of an archive.
#[derive(Clone, Copy)]
struct Header {
    bytes: [u8; HEADER_BYTES],
    id: [u8; ID_BYTES],
    salt: [u8; SALT_BYTES],
    /// Of a passphrase.
    cost: Option<Cost>,
    chunk_bytes: usize,
}

impl Header {
    fn new(
        id: [u8; ID_BYTES],
        salt: [u8; SALT_BYTES],
        cost: Option<Cost>,
        chunk_bytes: usize,
    ) -> Result<Self> {
        let size = u32::try_from(chunk_bytes)
            .ok()
            .filter(|_| (1..=CHUNK_BYTES).contains(&chunk_bytes))
            .ok_or(Error::OutOfRange("chunk size"))?;
        let spent = cost.map_or([0; 3], |cost| [cost.memory_kib, cost.passes, cost.lanes]);
        let fields = MAGIC
            .into_iter()
            .chain([VERSION, u8::from(cost.is_some())])
            .chain(id)
            .chain(salt)
            .chain(spent.into_iter().flat_map(u32::to_be_bytes))
            .chain(size.to_be_bytes());
        let mut bytes = [0; HEADER_BYTES];
        for (target, source) in bytes.iter_mut().zip(fields) {
            *target = source;
        }
        Ok(Self {
            bytes,
            id,
            salt,
            cost,
            chunk_bytes,
        })
    }

    fn parse(bytes: &[u8; HEADER_BYTES]) -> Result<Self> {
        let mut rest = bytes.as_slice();
        let (magic, version, way) = (take::<4>(&mut rest)?, take(&mut rest)?, take(&mut rest)?);
        if magic != MAGIC {
            return Err(Error::Malformed("not an archive"));
        }
        if version != [VERSION] {
            return Err(Error::UnknownVersion(u32::from(version[0])));
        }
        let (id, salt) = (take(&mut rest)?, take(&mut rest)?);
        let mut word = || take(&mut rest).map(u32::from_be_bytes);
        let cost = Cost {
            memory_kib: word()?,
            passes: word()?,
            lanes: word()?,
        };
        let size = word()?;
        let cost = match way {
            [0] => None,
            [1] if is_bearable(cost) => Some(cost),
            [1] => return Err(Error::OutOfRange("argon2 cost")),
            _ => return Err(Error::Malformed("archive header")),
        };
        let chunk_bytes = usize::try_from(size).map_err(|_| Error::OutOfRange("chunk size"))?;
        let header = Self::new(id, salt, cost, chunk_bytes)?;
        if header.bytes == *bytes {
            Ok(header)
        } else {
            Err(Error::Malformed("archive header"))
        }
    }

    /// The archive's own key, when the way is the right one.
    fn key(&self, way: &Way) -> Result<Key32> {
        let master = match (way, self.cost) {
            (Way::Key(key), None) => key.clone(),
            (Way::Passphrase(passphrase), Some(cost)) => {
                password::key_from(passphrase, &self.salt, cost)?
            }
            _ => return Err(Error::NoSuchSlot),
        };
        if key_id(&master) != self.id {
            return Err(Error::WrongSecret);
        }
        Ok(self.key_of(&master))
    }

    fn key_of(&self, master: &Key32) -> Key32 {
        derive_from(master.expose(), b"archive/v1", &self.salt)
    }
}

/// An archive may come from anywhere: it does not say how long the desk works on its passphrase.
const fn is_bearable(cost: Cost) -> bool {
    cost.memory_kib <= 256 * 1024 && cost.passes <= 8 && cost.lanes <= 4
}

/// A public name of the key that opens an archive: tells a wrong passphrase from damage.
fn key_id(master: &Key32) -> [u8; ID_BYTES] {
    let tag = hmac_sha256(master, &[b"lingtai/archive-key/v1"]);
    *tag.first_chunk().unwrap_or(&[0; ID_BYTES])
}

/// A key belongs to one archive, so a nonce never repeats.
fn nonce(kind: u8, number: u64) -> [u8; NONCE_BYTES] {
    let mut nonce = [0; NONCE_BYTES];
    nonce[0] = kind;
    for (target, source) in nonce.iter_mut().skip(4).zip(number.to_be_bytes()) {
        *target = source;
    }
    nonce
}

fn take<const N: usize>(rest: &mut &[u8]) -> Result<[u8; N]> {
    let (head, tail) = rest
        .split_first_chunk::<N>()
        .ok_or(Error::Malformed("archive header"))?;
    *rest = tail;
    Ok(*head)
}

#[cfg(test)]
mod tests;
