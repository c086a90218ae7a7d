//! A device's own Ed25519 key: what makes a stolen token useless elsewhere.

use std::fmt;

use ring::rand::SystemRandom;
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};

use crate::{Error, Result, Secret};

/// Bytes of a signature.
pub const SIGNATURE_BYTES: usize = 64;

/// The signing key of this device, or of the server's audit anchors.
pub struct DeviceKey {
    pair: Ed25519KeyPair,
    pkcs8: Secret<Vec<u8>>,
}

impl DeviceKey {
    /// A fresh key.
    ///
    /// # Errors
    /// [`Error::Random`] without randomness.
    pub fn generate() -> Result<Self> {
        let document =
            Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).map_err(|_| Error::Random)?;
        Self::from_pkcs8(&Secret::new(document.as_ref().to_vec()))
    }

    /// Reads a key that [`DeviceKey::to_pkcs8`] gave.
    ///
    /// # Errors
    /// [`Error::Malformed`] for anything else.
    pub fn from_pkcs8(pkcs8: &Secret<Vec<u8>>) -> Result<Self> {
        let pair = Ed25519KeyPair::from_pkcs8(pkcs8.expose())
            .map_err(|_| Error::Malformed("not an Ed25519 key"))?;
        Ok(Self {
            pair,
            pkcs8: pkcs8.clone(),
        })
    }

    /// The private key as PKCS#8 v2; it is stored sealed only.
    pub fn to_pkcs8(&self) -> Secret<Vec<u8>> {
        self.pkcs8.clone()
    }

    /// The public key, which the server keeps.
    pub fn public(&self) -> [u8; 32] {
        self.pair
            .public_key()
            .as_ref()
            .first_chunk::<32>()
            .copied()
            .unwrap_or_default()
    }

    /// Signs a message. The caller puts a purpose in front, so that a signature for one thing is
    /// never one for another.
    pub fn sign(&self, message: &[u8]) -> [u8; SIGNATURE_BYTES] {
        let signature = self.pair.sign(message);
        signature
            .as_ref()
            .first_chunk()
            .copied()
            .unwrap_or([0; SIGNATURE_BYTES])
    }
}

impl fmt::Debug for DeviceKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("DeviceKey(***)")
    }
}

/// Whether the signature is by the holder of this public key over this very message.
#[must_use]
pub fn verify(public: &[u8; 32], message: &[u8], signature: &[u8]) -> bool {
    UnparsedPublicKey::new(&ED25519, public)
        .verify(message, signature)
        .is_ok()
}

#[cfg(test)]
mod tests;
