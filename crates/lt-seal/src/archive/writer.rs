//! Writing.

use std::io::{self, Write};

use ring::aead::{Aad, LessSafeKey, Nonce};
use ring::digest::{Context, SHA256};
use zeroize::Zeroizing;

use super::{
    CHUNK_BYTES, File, HEAD_BYTES, Header, LAST, MANIFEST, MAX_FILES, MORE, Manifest, Way, key_id,
    nonce,
};
use crate::aead::{TAG_BYTES, cipher};
use crate::encode::hex_encode;
use crate::password::{self, Cost};
use crate::{Error, Key32, Result, derive, random_bytes};

/// Seals files one after another and passes them on. Only [`ArchiveWriter::finish`] makes it an
/// archive: what was interrupted is refused by every reader.
pub struct ArchiveWriter<W: Write> {
    key: Key32,
    cipher: LessSafeKey,
    header: Header,
    number: u64,
    /// At most one chunk of plaintext: a full one waits until it is known whether it is the last.
    pending: Zeroizing<Vec<u8>>,
    files: Vec<File>,
    hash: Context,
    output: W,
}

impl<W: Write> ArchiveWriter<W> {
    /// Begins an archive. `cost` is what a passphrase costs; a key costs nothing.
    ///
    /// # Errors
    /// [`Error::Random`], [`Error::OutOfRange`] for a cost that is not allowed, [`Error::Io`].
    pub fn new(way: &Way, cost: Cost, output: W) -> Result<Self> {
        Self::with_chunks(way, cost, CHUNK_BYTES, output)
    }

    pub(super) fn with_chunks(
        way: &Way,
        cost: Cost,
        chunk_bytes: usize,
        mut output: W,
    ) -> Result<Self> {
        let salt = random_bytes()?;
        let (master, cost) = match way {
            Way::Key(key) => (key.clone(), None),
            Way::Passphrase(passphrase) => {
                (password::key_from(passphrase, &salt, cost)?, Some(cost))
            }
        };
        let header = Header::new(key_id(&master), salt, cost, chunk_bytes)?;
        output.write_all(&header.bytes)?;
        let key = header.key_of(&master);
        Ok(Self {
            cipher: cipher(&key)?,
            key,
            header,
            number: 0,
            // Never grows later, so that no copy of plaintext is left behind by a reallocation.
            pending: Zeroizing::new(Vec::with_capacity(chunk_bytes + TAG_BYTES)),
            files: Vec::new(),
            hash: Context::new(&SHA256),
            output,
        })
    }

    /// A key that belongs to this archive and is not in it: who opens it finds it by [`super::child`].
    /// For a file that is sealed by itself before it is put in.
    pub fn child(&self, purpose: &str) -> Key32 {
        derive(&self.key, purpose, b"archive/child")
    }

    /// Begins the next file; what is written from now on is its content.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] for a name that leads out of the folder, or too many files.
    pub fn begin(&mut self, name: &str) -> Result<()> {
        self.end_file();
        let file = File {
            name: name.to_owned(),
            n_bytes: 0,
            sha256: String::new(),
        };
        if !file.is_inside() {
            return Err(Error::OutOfRange("name of a file"));
        }
        if self.files.len() >= MAX_FILES {
            return Err(Error::OutOfRange("number of files"));
        }
        self.files.push(file);
        Ok(())
    }

    /// Ends the archive with its manifest; gives both back. The caller makes the output durable.
    ///
    /// # Errors
    /// [`Error::Io`] of the output.
    pub fn finish(
        mut self,
        kind: &str,
        made_at_ms: i64,
        notes: &[(&str, &str)],
    ) -> Result<(Manifest, W)> {
        self.end_file();
        self.seal(LAST)?;
        let note = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        let manifest = Manifest {
            kind: kind.to_owned(),
            made_at_ms,
            notes: notes.iter().map(note).collect(),
            files: std::mem::take(&mut self.files),
        };
        let text = serde_json::to_vec(&manifest).map_err(|_| Error::Malformed("manifest"))?;
        *self.pending = text;
        self.seal(MANIFEST)?;
        self.output.flush()?;
        Ok((manifest, self.output))
    }

    fn end_file(&mut self) {
        let hash = std::mem::replace(&mut self.hash, Context::new(&SHA256)).finish();
        if let Some(file) = self.files.last_mut() {
            file.sha256 = hex_encode(hash.as_ref());
        }
    }

    fn seal(&mut self, kind: u8) -> Result<()> {
        let nonce = Nonce::assume_unique_for_key(nonce(kind, self.number));
        self.cipher
            .seal_in_place_append_tag(nonce, Aad::from(self.header.bytes), &mut *self.pending)
            .map_err(|_| Error::OutOfRange("chunk size"))?;
        let length =
            u32::try_from(self.pending.len()).map_err(|_| Error::OutOfRange("chunk size"))?;
        let mut head = [0; HEAD_BYTES];
        let fields = [kind]
            .into_iter()
            .chain(self.number.to_be_bytes())
            .chain(length.to_be_bytes());
        for (target, source) in head.iter_mut().zip(fields) {
            *target = source;
        }
        self.output.write_all(&head)?;
        self.output.write_all(&self.pending)?;
        self.pending.clear();
        self.number += 1;
        Ok(())
    }
}

impl<W: Write> Write for ArchiveWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if bytes.is_empty() {
            return Ok(0);
        }
        if self.files.is_empty() {
            return Err(io::Error::other("no file was begun"));
        }
        if self.pending.len() == self.header.chunk_bytes {
            self.seal(MORE)?;
        }
        let n_taken = bytes
            .len()
            .min(self.header.chunk_bytes - self.pending.len());
        let taken = bytes.get(..n_taken).unwrap_or_default();
        self.pending.extend_from_slice(taken);
        self.hash.update(taken);
        if let Some(file) = self.files.last_mut() {
            file.n_bytes += n_taken as u64;
        }
        Ok(n_taken)
    }

    /// Passes on what is sealed; the pending chunk stays until it is full or the archive ends.
    fn flush(&mut self) -> io::Result<()> {
        self.output.flush()
    }
}
