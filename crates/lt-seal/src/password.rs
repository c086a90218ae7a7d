//! Passwords as Argon2id PHC strings, and keys from passphrases.

use argon2::password_hash::{
    Encoding, PasswordHash, PasswordHasher, PasswordVerifier, Salt, SaltString,
};
use argon2::{Algorithm, Argon2, Params, Version};
use serde::{Deserialize, Serialize};

use crate::{Error, Key32, Result, Secret, random_bytes};

/// Bytes of salt.
const SALT_BYTES: usize = 16;
/// Bytes of hash.
const HASH_BYTES: usize = 32;
/// No hash of ours asks for more; a stored string that does is refused instead of obeyed.
const MAX_MEMORY_KIB: u32 = 1024 * 1024;
/// As for the memory.
const MAX_PASSES: u32 = 64;
/// As for the memory.
const MAX_LANES: u32 = 16;

/// What one hash costs. Hashing takes tens of milliseconds and the named memory: run it on a
/// blocking thread, and bound how many run at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cost {
    /// Memory in KiB.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub passes: u32,
    /// Lanes of the memory.
    pub lanes: u32,
}

impl Cost {
    /// What the product uses: 64 MiB, three passes, one lane.
    pub const STANDARD: Self = Self {
        memory_kib: 64 * 1024,
        passes: 3,
        lanes: 1,
    };
    /// The least that Argon2 allows: for tests of other things, never for stored passwords.
    pub const LEAST: Self = Self {
        memory_kib: 8,
        passes: 1,
        lanes: 1,
    };

    fn hasher(self) -> Result<Argon2<'static>> {
        let bounded = self.memory_kib <= MAX_MEMORY_KIB
            && self.passes <= MAX_PASSES
            && self.lanes <= MAX_LANES;
        let params = Params::new(self.memory_kib, self.passes, self.lanes, Some(HASH_BYTES))
            .ok()
            .filter(|_| bounded)
            .ok_or(Error::OutOfRange("argon2 cost"))?;
        Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
    }

    fn of(hash: &PasswordHash<'_>) -> Result<Self> {
        let params = Params::try_from(hash).map_err(|_| Error::Malformed("argon2 parameters"))?;
        Ok(Self {
            memory_kib: params.m_cost(),
            passes: params.t_cost(),
            lanes: params.p_cost(),
        })
    }
}

/// Hashes a password with a fresh salt: `$argon2id$v=19$m=65536,t=3,p=1$salt$hash`.
///
/// # Errors
/// [`Error::OutOfRange`] for a cost that Argon2 or this crate does not allow, [`Error::Random`].
pub fn hash(password: &Secret<String>, cost: Cost) -> Result<String> {
    let salt = SaltString::encode_b64(&random_bytes::<SALT_BYTES>()?)
        .map_err(|_| Error::OutOfRange("salt"))?;
    let hash = cost
        .hasher()?
        .hash_password(password.as_bytes(), &salt)
        .map_err(|_| Error::OutOfRange("password length"))?;
    Ok(hash.to_string())
}

/// Whether the password belongs to the stored string; the string's own cost is used.
///
/// # Errors
/// [`Error::Malformed`] for a string that is no Argon2id hash of ours,
/// [`Error::OutOfRange`] for a cost that would hold up the server.
pub fn verify(password: &Secret<String>, stored: &str) -> Result<bool> {
    let parsed = parse(stored)?;
    let hasher = Cost::of(&parsed)?.hasher()?;
    match hasher.verify_password(password.as_bytes(), &parsed) {
        Ok(()) => Ok(true),
        Err(argon2::password_hash::Error::Password) => Ok(false),
        Err(_) => Err(Error::Malformed("argon2 hash")),
    }
}

/// Spends the time of [`verify`] for a user who does not exist, so that the answer's delay does
/// not tell; always `false`.
///
/// # Errors
/// [`Error::OutOfRange`] for a cost that is not allowed.
pub fn verify_dummy(password: &Secret<String>, cost: Cost) -> Result<bool> {
    let mut output = [0; HASH_BYTES];
    cost.hasher()?
        .hash_password_into(password.as_bytes(), &[0; SALT_BYTES], &mut output)
        .map_err(|_| Error::OutOfRange("password length"))?;
    std::hint::black_box(output);
    Ok(false)
}

/// Whether the stored string was made with another cost, or is none of ours: hash again at the
/// next successful login.
pub fn needs_rehash(stored: &str, cost: Cost) -> bool {
    !parse(stored)
        .and_then(|parsed| Cost::of(&parsed))
        .is_ok_and(|made_with| made_with == cost)
}

/// A key from a passphrase. Not for storing: it opens a key slot.
pub(crate) fn key_from(
    passphrase: &Secret<String>,
    salt: &[u8; SALT_BYTES],
    cost: Cost,
) -> Result<Key32> {
    let mut key = [0; HASH_BYTES];
    cost.hasher()?
        .hash_password_into(passphrase.as_bytes(), salt, &mut key)
        .map_err(|_| Error::OutOfRange("passphrase length"))?;
    Ok(Key32::new(key))
}

fn parse(stored: &str) -> Result<PasswordHash<'_>> {
    let parsed = PasswordHash::parse(stored, Encoding::B64)
        .map_err(|_| Error::Malformed("not a PHC string"))?;
    let ours = parsed.algorithm == Algorithm::Argon2id.ident()
        && parsed.salt.is_some_and(|salt: Salt<'_>| salt.len() >= 11)
        && parsed.hash.is_some_and(|hash| hash.len() == HASH_BYTES);
    ours.then_some(parsed)
        .ok_or(Error::Malformed("not an argon2id hash"))
}

#[cfg(test)]
mod tests;
