//! [`Secret`]: a value that does not print itself and is zeroised when it goes.

use std::fmt;

use serde::{Deserialize, Deserializer};
use zeroize::Zeroize;

use crate::encode::{hex_decode_array, hex_encode};
use crate::{Result, constant_time_eq, hmac_sha256, random_bytes};

/// A key, token or passphrase in memory.
///
/// There is deliberately no `Display`, no `Serialize` and no `PartialEq`: printing shows `***`,
/// putting a secret on the wire needs [`exposed`], and comparing needs a constant-time function.
#[derive(Clone)]
pub struct Secret<T: Zeroize>(T);

/// A 256-bit symmetric key.
pub type Key32 = Secret<[u8; 32]>;

impl<T: Zeroize> Secret<T> {
    /// Takes the value into custody. A copy that the caller keeps is not wiped.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The bare value, for the moment of use.
    pub const fn expose(&self) -> &T {
        &self.0
    }
}

impl Key32 {
    /// A fresh key from the operating system.
    pub fn random() -> Result<Self> {
        random_bytes().map(Self::new)
    }

    /// Reads 64 hexadecimal digits.
    pub fn from_hex(text: &str) -> Result<Self> {
        hex_decode_array(text).map(Self::new)
    }

    /// The key as 64 lower-case hexadecimal digits, still in custody.
    pub fn to_hex_secret(&self) -> Secret<String> {
        Secret::new(hex_encode(&self.0))
    }

    /// Compares two keys in constant time.
    pub fn same_as(&self, other: &Self) -> bool {
        constant_time_eq(&self.0, &other.0)
    }

    /// A public name of the key: 16 bytes of a MAC over a constant, as 32 hexadecimal digits.
    ///
    /// It tells two keys apart and gives nothing of the key away.
    pub fn fingerprint(&self) -> String {
        let tag = hmac_sha256(self, &[b"lingtai/key-fingerprint/v1"]);
        hex_encode(tag.first_chunk::<16>().unwrap_or(&[0; 16]))
    }
}

impl Secret<String> {
    /// The text as bytes, for hashing.
    pub const fn as_bytes(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl<T: Zeroize> Drop for Secret<T> {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl<T: Zeroize> From<T> for Secret<T> {
    fn from(value: T) -> Self {
        Self::new(value)
    }
}

impl From<&str> for Secret<String> {
    fn from(value: &str) -> Self {
        Self::new(value.to_owned())
    }
}

impl<T: Zeroize> fmt::Debug for Secret<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("***")
    }
}

impl<'de, T: Zeroize + Deserialize<'de>> Deserialize<'de> for Secret<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(deserializer).map(Self::new)
    }
}

/// `#[serde(with = "lt_seal::secret::exposed")]`: the opt-in for a field that must go on the wire.
pub mod exposed {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};
    use zeroize::Zeroize;

    use super::Secret;

    /// Writes the bare value.
    pub fn serialize<T, S>(secret: &Secret<T>, serializer: S) -> Result<S::Ok, S::Error>
    where
        T: Zeroize + Serialize,
        S: Serializer,
    {
        secret.expose().serialize(serializer)
    }

    /// Reads the bare value into custody.
    pub fn deserialize<'de, T, D>(deserializer: D) -> Result<Secret<T>, D::Error>
    where
        T: Zeroize + Deserialize<'de>,
        D: Deserializer<'de>,
    {
        T::deserialize(deserializer).map(Secret::new)
    }
}

#[cfg(test)]
mod tests;
