//! Hexadecimal and base64url text.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::{Error, Result};

/// Lower-case hexadecimal digits, two per byte.
pub fn hex_encode(bytes: &[u8]) -> String {
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 0x0F])
        .filter_map(|nibble| char::from_digit(u32::from(nibble), 16))
        .collect()
}

/// Reads hexadecimal digits of either case.
///
/// # Errors
/// [`Error::Malformed`] for an odd length or a character that is no digit.
pub fn hex_decode(text: &str) -> Result<Vec<u8>> {
    let digits = text.as_bytes();
    if !digits.len().is_multiple_of(2) {
        return Err(Error::Malformed("hexadecimal text of odd length"));
    }
    digits.chunks_exact(2).map(byte_of).collect()
}

/// Reads exactly `N` bytes of hexadecimal digits.
///
/// # Errors
/// [`Error::Malformed`] for any other length or a character that is no digit.
pub fn hex_decode_array<const N: usize>(text: &str) -> Result<[u8; N]> {
    let digits = text.as_bytes();
    if digits.len() != 2 * N {
        return Err(Error::Malformed("hexadecimal text of the wrong length"));
    }
    let mut bytes = [0; N];
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = byte_of(pair)?;
    }
    Ok(bytes)
}

/// Base64url without padding.
pub fn base64url_encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Reads base64url without padding.
///
/// # Errors
/// [`Error::Malformed`] for padding, foreign characters or stray bits.
pub fn base64url_decode(text: &str) -> Result<Vec<u8>> {
    URL_SAFE_NO_PAD
        .decode(text)
        .map_err(|_| Error::Malformed("not base64url"))
}

fn byte_of(pair: &[u8]) -> Result<u8> {
    pair.iter().try_fold(0, |value, digit| {
        let nibble = char::from(*digit)
            .to_digit(16)
            .and_then(|nibble| u8::try_from(nibble).ok());
        nibble
            .map(|nibble| value << 4 | nibble)
            .ok_or(Error::Malformed("not a hexadecimal digit"))
    })
}

#[cfg(test)]
mod tests;
