//! Keys and ciphers: the only crate that touches ring, and the one source of randomness.
//!
//! Everything that is stored or sent sealed goes through here, so that there is one place to read
//! when a format or a cipher is questioned.
//!
//! - **Invariant:** key material lives in [`Secret`], which never prints itself and is zeroised on
//!   drop; a caller that wants the bytes says [`Secret::expose`].
//! - **Invariant:** every stored format starts with a version (a byte, a magic or a field), and a
//!   reader refuses a version that it does not know instead of guessing.
//! - **Invariant:** nothing here reads a clock, a file or the network; randomness comes from the
//!   operating system through [`random`] alone.
//! - **Invariant:** opening never returns bytes that were not authenticated first.
//!
//! To add one more sealed format: give it its own HKDF `info` text, write its version first, and
//! add a test that flips every byte of a sealed sample.

mod error;

pub mod secret;

pub mod random;

pub mod encode;

pub mod hash;

pub mod aead;

pub mod stream;

pub mod archive;

pub mod password;

pub mod slots;

pub mod device;

pub mod audit;

pub mod wal;

pub mod page;

pub use error::{Error, Result};
pub use hash::{constant_time_eq, derive, hmac_sha256, hmac_sha256_keyed, sha256};
pub use random::{random_bytes, random_code, random_token};
pub use secret::{Key32, Secret};
