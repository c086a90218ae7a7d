//! The one source of randomness.

use ring::rand::{SecureRandom, SystemRandom};

use crate::encode::base64url_encode;
use crate::{Error, Result, Secret};

/// Digits and letters of a set-up code. `I`, `L`, `O` and `U` are absent: they are misread as
/// `1`, `1`, `0` and `V`.
const CODE_ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Symbols in a code, 5 bits each.
const CODE_SYMBOLS: usize = 16;
/// Symbols between two dashes.
const CODE_GROUP: usize = 4;

/// `N` bytes from the operating system.
pub fn random_bytes<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0; N];
    fill_random(&mut bytes)?;
    Ok(bytes)
}

/// Fills a buffer from the operating system.
pub fn fill_random(buffer: &mut [u8]) -> Result<()> {
    SystemRandom::new().fill(buffer).map_err(|_| Error::Random)
}

/// A bearer token: 256 bits as 43 characters of base64url.
pub fn random_token() -> Result<Secret<String>> {
    let bytes = Secret::new(random_bytes::<32>()?);
    Ok(Secret::new(base64url_encode(bytes.expose())))
}

/// A one-time set-up code that a person can type: `XXXX-XXXX-XXXX-XXXX`, 80 bits.
///
/// Read what was typed with [`normalise_code`] before comparing or hashing.
pub fn random_code() -> Result<Secret<String>> {
    let bytes = Secret::new(random_bytes::<CODE_SYMBOLS>()?);
    let mut code = String::with_capacity(CODE_SYMBOLS + CODE_SYMBOLS / CODE_GROUP);
    for (symbol_idx, byte) in bytes.expose().iter().enumerate() {
        if symbol_idx > 0 && symbol_idx % CODE_GROUP == 0 {
            code.push('-');
        }
        // 256 is a multiple of 32, so the remainder is uniform.
        let symbol = CODE_ALPHABET
            .get(usize::from(byte % 32))
            .copied()
            .unwrap_or(b'0');
        code.push(char::from(symbol));
    }
    Ok(Secret::new(code))
}

/// Brings a typed code into the form of [`random_code`]: upper case, dashes in place, `O` read as
/// `0`, `I` and `L` read as `1`, full-width characters as their narrow ones.
///
/// `None` when it cannot be a code at all.
pub fn normalise_code(typed: &str) -> Option<Secret<String>> {
    let mut code = String::with_capacity(CODE_SYMBOLS + CODE_SYMBOLS / CODE_GROUP);
    let mut n_symbols = 0;
    for character in typed.chars().map(narrow) {
        if character.is_whitespace() || matches!(character, '-' | '–' | '—' | '_') {
            continue;
        }
        let symbol = match character.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        };
        let known = u8::try_from(symbol).is_ok_and(|byte| CODE_ALPHABET.contains(&byte));
        if !known || n_symbols == CODE_SYMBOLS {
            return None;
        }
        if n_symbols > 0 && n_symbols % CODE_GROUP == 0 {
            code.push('-');
        }
        code.push(symbol);
        n_symbols += 1;
    }
    (n_symbols == CODE_SYMBOLS).then(|| Secret::new(code))
}

/// The ASCII twin of a full-width character, as Chinese input methods produce them.
fn narrow(character: char) -> char {
    match u32::from(character) {
        wide @ 0xFF01..=0xFF5E => char::from_u32(wide - 0xFEE0).unwrap_or(character),
        _ => character,
    }
}

#[cfg(test)]
mod tests;
