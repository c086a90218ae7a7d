//! Sealing, at once or as the bytes come.

use std::io::{self, Write};

use ring::aead::{Aad, LessSafeKey, Nonce};
use zeroize::Zeroizing;

use super::{CHUNK_BYTES, HEADER_BYTES, Header, chunk_nonce};
use crate::aead::{TAG_BYTES, cipher};
use crate::{Error, Key32, Result, random_bytes};

/// Seals a whole file with chunks of [`CHUNK_BYTES`].
///
/// # Errors
/// [`Error::Random`] without randomness.
pub fn seal_chunks(master: &Key32, context: &str, plain: &[u8]) -> Result<Vec<u8>> {
    let n_chunks = plain.len().div_ceil(CHUNK_BYTES).max(1);
    let output = Vec::with_capacity(HEADER_BYTES + plain.len() + n_chunks * TAG_BYTES);
    let mut writer = ChunkWriter::new(master, context, CHUNK_BYTES, output)?;
    writer.write_all(plain)?;
    writer.finish()?;
    Ok(writer.into_inner())
}

/// Seals what is written to it and passes it on.
///
/// Only [`ChunkWriter::finish`] writes the last chunk. A writer dropped before that leaves a file
/// that [`super::open_chunks`] refuses, which is what an interrupted write should be.
pub struct ChunkWriter<W: Write> {
    cipher: LessSafeKey,
    header: [u8; HEADER_BYTES],
    chunk_bytes: usize,
    chunk_idx: u64,
    /// At most one chunk of plaintext: a full chunk waits until it is known whether it is the last.
    pending: Zeroizing<Vec<u8>>,
    finished: bool,
    output: W,
}

impl<W: Write> ChunkWriter<W> {
    /// Starts a file and writes its header. `chunk_bytes` is 1 to [`super::MAX_CHUNK_BYTES`].
    ///
    /// # Errors
    /// [`Error::OutOfRange`] for another chunk size, [`Error::Random`], [`Error::Io`].
    pub fn new(master: &Key32, context: &str, chunk_bytes: usize, mut output: W) -> Result<Self> {
        let header = Header::new(random_bytes()?, chunk_bytes)?;
        output.write_all(&header.bytes)?;
        Ok(Self {
            cipher: cipher(&header.key(master, context))?,
            header: header.bytes,
            chunk_bytes,
            chunk_idx: 0,
            // Never grows later, so that no copy of plaintext is left behind by a reallocation.
            pending: Zeroizing::new(Vec::with_capacity(chunk_bytes + TAG_BYTES)),
            finished: false,
            output,
        })
    }

    /// Writes the last chunk and flushes. A second call does nothing.
    ///
    /// # Errors
    /// [`Error::Io`] of the output.
    pub fn finish(&mut self) -> Result<()> {
        if !self.finished {
            self.seal_pending(true)?;
            self.output.flush()?;
            self.finished = true;
        }
        Ok(())
    }

    /// Where the sealed bytes go, to sync it for example.
    pub const fn get_mut(&mut self) -> &mut W {
        &mut self.output
    }

    /// Gives the output back; call [`ChunkWriter::finish`] first.
    pub fn into_inner(self) -> W {
        self.output
    }

    fn seal_pending(&mut self, is_last: bool) -> Result<()> {
        let nonce = Nonce::assume_unique_for_key(chunk_nonce(self.chunk_idx, is_last));
        self.cipher
            .seal_in_place_append_tag(nonce, Aad::from(self.header), &mut *self.pending)
            .map_err(|_| Error::OutOfRange("chunk size"))?;
        self.output.write_all(&self.pending)?;
        self.pending.clear();
        self.chunk_idx += 1;
        Ok(())
    }
}

impl<W: Write> Write for ChunkWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.finished {
            return Err(io::Error::other("the sealed file is finished"));
        }
        if bytes.is_empty() {
            return Ok(0);
        }
        if self.pending.len() == self.chunk_bytes {
            self.seal_pending(false)?;
        }
        let n_taken = bytes.len().min(self.chunk_bytes - self.pending.len());
        self.pending
            .extend_from_slice(bytes.get(..n_taken).unwrap_or_default());
        Ok(n_taken)
    }

    /// Passes on what is sealed; the pending chunk stays until it is full or the file is finished.
    fn flush(&mut self) -> io::Result<()> {
        self.output.flush()
    }
}
