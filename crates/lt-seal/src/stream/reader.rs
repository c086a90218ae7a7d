//! Opening.

use ring::aead::{Aad, Nonce};

use super::{HEADER_BYTES, Header, chunk_nonce};
use crate::aead::{TAG_BYTES, cipher};
use crate::{Error, Key32, Result};

/// Opens a whole sealed file. Nothing is returned unless every chunk is authentic, in its place,
/// and the last one is the last.
///
/// # Errors
/// [`Error::Malformed`] when it is no sealed file, [`Error::Rejected`] for a wrong key, another
/// context, or a file that was altered or cut.
pub fn open_chunks(master: &Key32, context: &str, sealed: &[u8]) -> Result<Vec<u8>> {
    let (header, body) = sealed
        .split_first_chunk::<HEADER_BYTES>()
        .ok_or(Error::Malformed("sealed file too short"))?;
    let header = Header::parse(*header)?;
    if body.is_empty() {
        return Err(Error::Rejected);
    }
    let cipher = cipher(&header.key(master, context))?;
    let n_chunks = body.len().div_ceil(header.sealed_chunk_bytes());
    let mut plain = Vec::with_capacity(body.len().saturating_sub(n_chunks * TAG_BYTES));
    let mut chunk_idx = 0;
    let mut chunks = body.chunks(header.sealed_chunk_bytes()).peekable();
    while let Some(chunk) = chunks.next() {
        let is_last = chunks.peek().is_none();
        let nonce = Nonce::assume_unique_for_key(chunk_nonce(chunk_idx, is_last));
        let start = plain.len();
        plain.extend_from_slice(chunk);
        let target = plain.get_mut(start..).unwrap_or_default();
        let n_plain_bytes = cipher
            .open_in_place(nonce, Aad::from(header.bytes), target)
            .map_err(|_| Error::Rejected)?
            .len();
        // The writer seals an empty chunk for an empty file only.
        if n_plain_bytes == 0 && chunk_idx > 0 {
            return Err(Error::Rejected);
        }
        plain.truncate(start + n_plain_bytes);
        chunk_idx += 1;
    }
    Ok(plain)
}
