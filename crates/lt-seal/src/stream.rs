//! Chunked sealing of whole files: index files, attachments. Backups are [`crate::archive`]s.
//!
//! Format: `"LTC1" | salt 16 | chunk_size u32 big-endian | (ciphertext ‖ tag 16)*`.
//!
//! - The key of a file is `HKDF(master, salt, info = "stream/v1/" ‖ context)`; `context` is the
//!   file's name or purpose, so that a file cannot stand in for another one.
//! - The nonce of a chunk is a last-chunk flag and a counter: chunks cannot be left out, repeated
//!   or reordered, and a file cut at a chunk's end is noticed, for its last chunk lacks the flag.
//! - The header is the chunks' associated data, so that none of its bytes can be changed.
//! - All chunks but the last are full; an empty file is one empty chunk.

mod reader;
mod writer;

pub use reader::open_chunks;
pub use writer::{ChunkWriter, seal_chunks};

use crate::aead::{NONCE_BYTES, TAG_BYTES};
use crate::hash::derive_from;
use crate::{Error, Key32, Result};

/// First bytes of a file; the digit is the format's version.
pub const MAGIC: [u8; 4] = *b"LTC1";
/// Bytes before the first chunk.
pub const HEADER_BYTES: usize = MAGIC.len() + SALT_BYTES + 4;
/// Plaintext bytes per chunk unless the caller wants otherwise.
pub const CHUNK_BYTES: usize = 64 * 1024;
/// No reader allocates more than this per chunk, whatever a header says.
pub const MAX_CHUNK_BYTES: usize = 16 * 1024 * 1024;

const SALT_BYTES: usize = 16;

/// What stands at the start of a file.
struct Header {
    bytes: [u8; HEADER_BYTES],
    chunk_bytes: usize,
}

impl Header {
    fn new(salt: [u8; SALT_BYTES], chunk_bytes: usize) -> Result<Self> {
        let size = u32::try_from(chunk_bytes)
            .ok()
            .filter(|_| (1..=MAX_CHUNK_BYTES).contains(&chunk_bytes))
            .ok_or(Error::OutOfRange("chunk size"))?;
        let mut bytes = [0; HEADER_BYTES];
        let fields = MAGIC.iter().chain(&salt).copied().chain(size.to_be_bytes());
        for (target, source) in bytes.iter_mut().zip(fields) {
            *target = source;
        }
        Ok(Self { bytes, chunk_bytes })
    }

    fn parse(bytes: [u8; HEADER_BYTES]) -> Result<Self> {
        let short = Error::Malformed("sealed file header");
        let Some((magic, rest)) = bytes.split_first_chunk::<{ MAGIC.len() }>() else {
            return Err(short);
        };
        if *magic != MAGIC {
            return Err(Error::Malformed("not a sealed file"));
        }
        let Some((salt, size)) = rest.split_first_chunk::<SALT_BYTES>() else {
            return Err(short);
        };
        let size = size
            .first_chunk::<4>()
            .map(|size| u32::from_be_bytes(*size))
            .ok_or(short)?;
        let chunk_bytes = usize::try_from(size).map_err(|_| Error::OutOfRange("chunk size"))?;
        Self::new(*salt, chunk_bytes)
    }

    /// The file's own key.
    fn key(&self, master: &Key32, context: &str) -> Key32 {
        let salt = self
            .bytes
            .get(MAGIC.len()..MAGIC.len() + SALT_BYTES)
            .unwrap_or_default();
        derive_from(
            master.expose(),
            format!("stream/v1/{context}").as_bytes(),
            salt,
        )
    }

    /// Bytes of a full chunk in the file.
    const fn sealed_chunk_bytes(&self) -> usize {
        self.chunk_bytes + TAG_BYTES
    }
}

/// The nonce of the chunk with this number. A key belongs to one file, so it never repeats.
fn chunk_nonce(chunk_idx: u64, is_last: bool) -> [u8; NONCE_BYTES] {
    let mut nonce = [0; NONCE_BYTES];
    nonce[0] = u8::from(is_last);
    for (target, source) in nonce.iter_mut().skip(4).zip(chunk_idx.to_be_bytes()) {
        *target = source;
    }
    nonce
}

#[cfg(test)]
mod tests;
