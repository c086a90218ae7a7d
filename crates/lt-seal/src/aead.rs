//! AES-256-GCM for single values: a field, a token, a small blob.
//!
//! Format: `0x01 | nonce 12 | ciphertext | tag 16`, 29 bytes longer than the plaintext.
//! Nonces are random, so one key seals at most 2³⁰ values; larger data goes through
//! [`crate::stream`], which derives a key per file.

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};

use crate::{Error, Key32, Result, random_bytes};

/// The only format version so far.
const VERSION: u8 = 0x01;
/// Bytes of a GCM nonce.
pub(crate) const NONCE_BYTES: usize = 12;
/// Bytes of a GCM tag.
pub(crate) const TAG_BYTES: usize = 16;
/// By how many bytes a sealed value is longer than its plaintext.
pub const OVERHEAD_BYTES: usize = 1 + NONCE_BYTES + TAG_BYTES;

/// Seals a value. `aad` says where the value belongs (`tenant|table|column|row`) and must be given
/// again to open it, so that a sealed value cannot be moved elsewhere.
///
/// # Errors
/// [`Error::Random`] without randomness, [`Error::OutOfRange`] beyond 64 GiB.
pub fn seal(key: &Key32, aad: &[u8], plain: &[u8]) -> Result<Vec<u8>> {
    let nonce = random_bytes::<NONCE_BYTES>()?;
    let mut sealed = Vec::with_capacity(plain.len() + OVERHEAD_BYTES);
    sealed.push(VERSION);
    sealed.extend_from_slice(&nonce);
    sealed.extend_from_slice(plain);
    let body = sealed.get_mut(1 + NONCE_BYTES..).unwrap_or_default();
    let tag = cipher(key)?
        .seal_in_place_separate_tag(Nonce::assume_unique_for_key(nonce), Aad::from(aad), body)
        .map_err(|_| Error::OutOfRange("plaintext too long"))?;
    sealed.extend_from_slice(tag.as_ref());
    Ok(sealed)
}

/// Opens what [`seal`] made with the same key and `aad`.
///
/// # Errors
/// [`Error::Malformed`] when too short, [`Error::UnknownVersion`] for another first byte,
/// [`Error::Rejected`] for a wrong key, another `aad`, or altered bytes.
pub fn open(key: &Key32, aad: &[u8], sealed: &[u8]) -> Result<Vec<u8>> {
    let (version, rest) = sealed
        .split_first()
        .ok_or(Error::Malformed("empty sealed value"))?;
    if *version != VERSION {
        return Err(Error::UnknownVersion(u32::from(*version)));
    }
    let (nonce, body) = rest
        .split_first_chunk::<NONCE_BYTES>()
        .filter(|(_, body)| body.len() >= TAG_BYTES)
        .ok_or(Error::Malformed("sealed value too short"))?;
    let mut plain = body.to_vec();
    let n_plain_bytes = cipher(key)?
        .open_in_place(
            Nonce::assume_unique_for_key(*nonce),
            Aad::from(aad),
            &mut plain,
        )
        .map_err(|_| Error::Rejected)?
        .len();
    plain.truncate(n_plain_bytes);
    Ok(plain)
}

/// The keyed cipher. A 32-byte key is always accepted.
pub(crate) fn cipher(key: &Key32) -> Result<LessSafeKey> {
    let unbound = UnboundKey::new(&AES_256_GCM, key.expose()).map_err(|_| Error::Rejected)?;
    Ok(LessSafeKey::new(unbound))
}

#[cfg(test)]
mod tests;
