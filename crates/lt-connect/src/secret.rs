//! Secrets of headers, sealed for the configuration file.

use lt_seal::{
    Key32, Secret, aead,
    encode::{base64url_decode, base64url_encode},
};

use crate::error::ConnectError;

/// Where such a value belongs.
const AAD: &[u8] = b"connector|header";

/// Seals a value.
///
/// # Errors
/// [`ConnectError::Seal`] without randomness.
pub fn seal(key: &Key32, value: &Secret<String>) -> Result<String, ConnectError> {
    let sealed = aead::seal(key, AAD, value.expose().as_bytes())?;
    Ok(base64url_encode(&sealed))
}

/// Opens one; none when it was sealed with another key or is garbled.
pub(crate) fn open(key: &Key32, sealed: &str) -> Option<Secret<String>> {
    let bytes = base64url_decode(sealed.trim()).ok()?;
    let plain = aead::open(key, AAD, &bytes).ok()?;
    String::from_utf8(plain).ok().map(Secret::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_with_the_same_key_only() {
        let key = Key32::new([7; 32]);
        let sealed = seal(&key, &Secret::new("Bearer abc".to_owned())).unwrap();
        assert!(!sealed.contains("abc"));
        assert_eq!(open(&key, &sealed).unwrap().expose(), "Bearer abc");
        assert!(open(&Key32::new([8; 32]), &sealed).is_none());
        assert!(open(&key, "no").is_none());
    }
}
