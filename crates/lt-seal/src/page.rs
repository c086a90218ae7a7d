//! The seal of one page of a sealed database, looked at without opening the database.
//!
//! A page of 4096 bytes ends with its initialisation vector (16) and an HMAC-SHA-512 (64) over
//! ciphertext, vector and page number. The MAC's key is made from the database's raw key and its
//! salt, the first 16 bytes of the file. So a store is checked page by page, in the background and
//! without holding anybody up: nothing is decrypted.

use std::num::NonZeroU32;

use ring::{hmac, pbkdf2};

use crate::{Key32, Secret};

/// Bytes of a page.
pub const PAGE_BYTES: usize = 4096;
/// Bytes of the salt at the start of the file.
pub const SALT_BYTES: usize = 16;
const MAC_BYTES: usize = 64;
/// What the salt is changed with for the MAC's key.
const MASK: u8 = 0x3a;
const N_ROUNDS: NonZeroU32 = NonZeroU32::MIN.saturating_add(1);

/// Checks pages of one database.
pub struct PageSeal {
    key: hmac::Key,
}

impl PageSeal {
    /// For a database with this raw key and salt.
    #[must_use]
    pub fn new(key: &Key32, salt: &[u8; SALT_BYTES]) -> Self {
        let masked = salt.map(|byte| byte ^ MASK);
        let mut derived = [0; 32];
        pbkdf2::derive(
            pbkdf2::PBKDF2_HMAC_SHA512,
            N_ROUNDS,
            &masked,
            key.expose(),
            &mut derived,
        );
        let mac_key = Secret::new(derived);
        Self {
            key: hmac::Key::new(hmac::HMAC_SHA512, mac_key.expose()),
        }
    }

    /// Whether the page with this number, counted from 1, is as it was sealed.
    #[must_use]
    pub fn is_sound(&self, number: u32, page: &[u8]) -> bool {
        // The first page begins with the salt, which is no ciphertext.
        let start = if number == 1 { SALT_BYTES } else { 0 };
        let end = PAGE_BYTES - MAC_BYTES;
        let (Some(sealed), Some(mac)) = (
            page.get(start..end),
            page.get(end..).filter(|_| page.len() == PAGE_BYTES),
        ) else {
            return false;
        };
        let mut context = hmac::Context::with_key(&self.key);
        context.update(sealed);
        context.update(&number.to_le_bytes());
        crate::constant_time_eq(context.sign().as_ref(), mac)
    }
}

#[cfg(test)]
mod tests;
