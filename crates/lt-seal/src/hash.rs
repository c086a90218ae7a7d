//! Hashes, MACs and key derivation on SHA-256.

use ring::{digest, hmac};

use crate::{Key32, Secret};

/// SHA-256. For data of high entropy (tokens, manifests); a guessable value wants
/// [`hmac_sha256`] or [`crate::password`].
pub fn sha256(data: &[u8]) -> [u8; 32] {
    to_array(digest::digest(&digest::SHA256, data).as_ref())
}

/// HMAC-SHA-256 over the parts, one after another with nothing between them.
///
/// Where a part has no fixed length, only the last one may be so, or the caller writes lengths.
pub fn hmac_sha256(key: &Key32, parts: &[&[u8]]) -> [u8; 32] {
    mac(key.expose(), parts)
}

/// The same under a key of any length, as it is agreed with others. Keys of our own are 32 bytes.
pub fn hmac_sha256_keyed(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    mac(key, parts)
}

/// HKDF-SHA-256 (RFC 5869) with a 32-byte output: the key for one purpose under a root key.
///
/// `info` names the purpose and its version (`"db/v1"`); `salt` may be empty.
pub fn derive(root: &Key32, info: &str, salt: &[u8]) -> Key32 {
    derive_from(root.expose(), info.as_bytes(), salt)
}

/// Compares in a time that depends on the lengths alone.
#[must_use]
pub fn constant_time_eq(left: &[u8], right: &[u8]) -> bool {
    // ring compares the two tags in constant time; hashing first also hides where inputs differ.
    let key = hmac::Key::new(hmac::HMAC_SHA256, b"lingtai/compare/v1");
    hmac::verify(&key, left, hmac::sign(&key, right).as_ref()).is_ok()
}

/// HKDF over key material of any length. One output block is all that 32 bytes need, so that
/// expanding is a single MAC over `info ‖ 1` and cannot fail.
pub(crate) fn derive_from(material: &[u8], info: &[u8], salt: &[u8]) -> Key32 {
    let pseudo_random_key = Secret::new(mac(salt, &[material]));
    Secret::new(mac(pseudo_random_key.expose(), &[info, &[1]]))
}

fn mac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let mut context = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, key));
    for part in parts {
        context.update(part);
    }
    to_array(context.sign().as_ref())
}

/// SHA-256 output is 32 bytes by definition, so nothing is cut or padded here.
fn to_array(output: &[u8]) -> [u8; 32] {
    let mut array = [0; 32];
    for (target, source) in array.iter_mut().zip(output) {
        *target = *source;
    }
    array
}

#[cfg(test)]
mod tests;
