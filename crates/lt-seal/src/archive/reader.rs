//! Reading.

use std::io::{Read, Seek};

use ring::aead::{Aad, LessSafeKey, Nonce};
use ring::digest::{Context, SHA256};
use zeroize::Zeroizing;

use super::{
    Fault, HEAD_BYTES, HEADER_BYTES, Header, LAST, MANIFEST, MAX_FILES, MAX_MANIFEST_BYTES, MORE,
    Manifest, Way, nonce,
};
use crate::aead::{TAG_BYTES, cipher};
use crate::encode::hex_encode;
use crate::{Error, Key32, Result, derive};

/// Reads a whole archive from its start, twice, and checks everything in it: each record, its
/// place, the end, and then every file against the manifest. Nothing is given away.
///
/// # Errors
/// [`Error::WrongSecret`], [`Error::NoSuchSlot`] when it is opened in the other way,
/// [`Error::Archive`] with what is wrong, [`Error::Malformed`] and [`Error::UnknownVersion`] when
/// it is no archive of this version, [`Error::Io`].
pub fn verify(way: &Way, input: &mut (impl Read + Seek)) -> Result<Manifest> {
    input.rewind()?;
    let manifest = Records::begin(way, input)?.run(&mut |_| Ok(()))?;
    input.rewind()?;
    open(way, &manifest, input, &mut |_, _| Ok(()))?;
    Ok(manifest)
}

/// Reads an archive that [`verify`] found good, whose manifest is known, and gives the content of
/// its files: `sink` gets the index of the file and the next piece of it. Files that are empty get
/// no piece. At the end every file was as the manifest says.
///
/// # Errors
/// As [`verify`], [`Fault::Manifest`] for a file that is not as the manifest says, and what `sink`
/// returns. What `sink` got before that is not to be used.
pub fn open(
    way: &Way,
    known: &Manifest,
    mut input: impl Read,
    sink: &mut dyn FnMut(usize, &[u8]) -> Result<()>,
) -> Result<()> {
    let mut files = Files::new(known);
    let records = Records::begin(way, &mut input)?;
    let manifest = records.run(&mut |piece| files.take(piece, sink))?;
    files.end()?;
    if manifest == *known {
        Ok(())
    } else {
        Err(Fault::Manifest.into())
    }
}

/// The key of [`super::ArchiveWriter::child`], by the head of the archive.
///
/// # Errors
/// As [`verify`].
pub fn child(way: &Way, mut input: impl Read, purpose: &str) -> Result<Key32> {
    let key = header(&mut input)?.key(way)?;
    Ok(derive(&key, purpose, b"archive/child"))
}

fn header(input: &mut impl Read) -> Result<Header> {
    let mut bytes = [0; HEADER_BYTES];
    if fill(input, &mut bytes)? < HEADER_BYTES {
        return Err(Error::Malformed("not an archive"));
    }
    Header::parse(&bytes)
}

struct Records<'a, R> {
    input: &'a mut R,
    cipher: LessSafeKey,
    header: Header,
    number: u64,
}

impl<'a, R: Read> Records<'a, R> {
    fn begin(way: &Way, input: &'a mut R) -> Result<Self> {
        let header = header(input)?;
        Ok(Self {
            cipher: cipher(&header.key(way)?)?,
            input,
            header,
            number: 0,
        })
    }

    fn run(mut self, sink: &mut dyn FnMut(&[u8]) -> Result<()>) -> Result<Manifest> {
        let mut sealed = Zeroizing::new(Vec::new());
        while self.next(&[MORE, LAST], &mut sealed)? == MORE {
            let plain = plain(&sealed);
            if plain.len() != self.header.chunk_bytes {
                return Err(Fault::Altered(self.number - 1).into());
            }
            sink(plain)?;
        }
        sink(plain(&sealed))?;
        self.next(&[MANIFEST], &mut sealed)?;
        let manifest: Manifest =
            serde_json::from_slice(plain(&sealed)).map_err(|_| Error::from(Fault::Manifest))?;
        if manifest.files.len() > MAX_FILES || !manifest.files.iter().all(super::File::is_inside) {
            return Err(Fault::Manifest.into());
        }
        if fill(self.input, &mut [0])? > 0 {
            return Err(Fault::Trailing.into());
        }
        Ok(manifest)
    }

    /// Reads the next record into `sealed`, opened in place, and gives its kind.
    fn next(&mut self, kinds: &[u8], sealed: &mut Vec<u8>) -> Result<u8> {
        let expected = self.number;
        let mut head = [0; HEAD_BYTES];
        if fill(self.input, &mut head)? < HEAD_BYTES {
            return Err(Fault::Cut(expected).into());
        }
        let mut rest = head.as_slice();
        let [kind] = super::take(&mut rest)?;
        let found = u64::from_be_bytes(super::take(&mut rest)?);
        let length = u32::from_be_bytes(super::take(&mut rest)?);
        let altered = || Error::from(Fault::Altered(expected));
        let most = match kind {
            MANIFEST => MAX_MANIFEST_BYTES,
            _ => self.header.chunk_bytes,
        };
        let length = usize::try_from(length)
            .ok()
            .filter(|length| (TAG_BYTES..=most + TAG_BYTES).contains(length))
            .ok_or_else(altered)?;
        sealed.clear();
        sealed.resize(length, 0);
        if fill(self.input, sealed)? < length {
            return Err(Fault::Cut(expected).into());
        }
        let nonce = Nonce::assume_unique_for_key(nonce(kind, found));
        let opened = self
            .cipher
            .open_in_place(nonce, Aad::from(self.header.bytes), sealed)
            .is_ok();
        // A record of this archive that is in the wrong place is named; else this place is.
        if !opened {
            return Err(altered());
        }
        if found != expected {
            return Err(if found < expected {
                Fault::Repeated(found).into()
            } else {
                Fault::OutOfPlace { expected, found }.into()
            });
        }
        if !kinds.contains(&kind) {
            return Err(altered());
        }
        self.number += 1;
        Ok(kind)
    }
}

/// The plaintext in front of the tag.
fn plain(sealed: &[u8]) -> &[u8] {
    let length = sealed.len().saturating_sub(TAG_BYTES);
    sealed.get(..length).unwrap_or_default()
}

/// Cuts the content into files.
struct Files<'a> {
    known: &'a Manifest,
    idx: usize,
    left: u64,
    hash: Context,
    begun: bool,
}

impl<'a> Files<'a> {
    fn new(known: &'a Manifest) -> Self {
        Self {
            known,
            idx: 0,
            left: 0,
            hash: Context::new(&SHA256),
            begun: false,
        }
    }

    fn take(
        &mut self,
        mut piece: &[u8],
        sink: &mut dyn FnMut(usize, &[u8]) -> Result<()>,
    ) -> Result<()> {
        while !piece.is_empty() {
            self.settle()?;
            let Some(_) = self.known.files.get(self.idx) else {
                return Err(Fault::Manifest.into());
            };
            let length = usize::try_from(self.left).unwrap_or(usize::MAX);
            let (part, rest) = piece.split_at(length.min(piece.len()));
            self.hash.update(part);
            self.left -= part.len() as u64;
            sink(self.idx, part)?;
            piece = rest;
        }
        Ok(())
    }

    /// Goes to the file that has something left, checking those that end here.
    fn settle(&mut self) -> Result<()> {
        while let Some(file) = self.known.files.get(self.idx) {
            if !self.begun {
                (self.left, self.begun) = (file.n_bytes, true);
            }
            if self.left > 0 {
                return Ok(());
            }
            let hash = std::mem::replace(&mut self.hash, Context::new(&SHA256)).finish();
            if hex_encode(hash.as_ref()) != file.sha256 {
                return Err(Fault::Manifest.into());
            }
            self.idx += 1;
            self.begun = false;
        }
        Ok(())
    }

    fn end(&mut self) -> Result<()> {
        self.settle()?;
        if self.idx == self.known.files.len() {
            Ok(())
        } else {
            Err(Fault::Manifest.into())
        }
    }
}

/// Reads until the buffer is full or the input ends; says how much came.
fn fill(input: &mut impl Read, buffer: &mut [u8]) -> Result<usize> {
    let mut n_filled = 0;
    while let Some(rest) = buffer.get_mut(n_filled..).filter(|rest| !rest.is_empty()) {
        match input.read(rest) {
            Ok(0) => break,
            Ok(n) => n_filled += n,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(n_filled)
}
