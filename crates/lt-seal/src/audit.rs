//! The audit chain: each record's hash covers the one before it.
//!
//! `h[n] = HMAC-SHA-256(key, h[n-1] ‖ n ‖ canonical(record n))`, `n` from 1 and big-endian.
//! Changing, removing, inserting or moving a record breaks the chain at its place. Cutting off the
//! end does not: that is what signed anchors elsewhere are for, see [`Head`].

use crate::{Key32, constant_time_eq, hmac_sha256};

/// The end of a chain, or the point from which a part of it is checked. Compare with an anchor to
/// see whether the end was cut off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// Number of the newest record; 0 before the first.
    pub n: u64,
    /// That record's hash.
    pub hash: [u8; 32],
}

impl Head {
    /// Before the first record.
    pub const GENESIS: Self = Self {
        n: 0,
        hash: [0; 32],
    };

    /// The head after one more record.
    #[must_use]
    pub fn append(&self, key: &Key32, canonical: &[u8]) -> Self {
        let n = self.n.saturating_add(1);
        Self {
            n,
            hash: chain_hash(key, &self.hash, n, canonical),
        }
    }
}

/// One stored record with its place and hash.
#[derive(Debug, Clone)]
pub struct Link<B> {
    /// Number of the record in its chain.
    pub n: u64,
    /// The record in its canonical form, exactly as it was hashed.
    pub canonical: B,
    /// The stored hash.
    pub hash: [u8; 32],
}

/// The chain does not hold from this record on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("audit chain broken at record {n}")]
pub struct BrokenAt {
    /// The first number whose record is missing, moved or changed.
    pub n: u64,
}

/// The hash of record `n` after a record with hash `previous`.
pub fn chain_hash(key: &Key32, previous: &[u8; 32], n: u64, canonical: &[u8]) -> [u8; 32] {
    hmac_sha256(key, &[previous, &n.to_be_bytes(), canonical])
}

/// Checks records that follow `from` (use [`Head::GENESIS`] for a whole chain) in their order, and
/// gives the head after the last one.
///
/// # Errors
/// [`BrokenAt`] the first number that does not fit.
pub fn verify_chain<B: AsRef<[u8]>>(
    key: &Key32,
    from: Head,
    links: impl IntoIterator<Item = Link<B>>,
) -> Result<Head, BrokenAt> {
    links.into_iter().try_fold(from, |head, link| {
        let expected = head.append(key, link.canonical.as_ref());
        let fits = link.n == expected.n && constant_time_eq(&link.hash, &expected.hash);
        fits.then_some(expected).ok_or(BrokenAt { n: expected.n })
    })
}

#[cfg(test)]
mod tests;
