//! Reading files of the encoder's folder, and nothing else.

use std::{
    fs::File,
    io::{self, Read},
    path::{Path, PathBuf},
};

use super::EncoderError;

/// Largest file of weights.
pub(super) const MAX_WEIGHTS_BYTES: u64 = 2 * 1024 * 1024 * 1024;
/// Largest file of any other kind.
pub(super) const MAX_TEXT_BYTES: u64 = 64 * 1024 * 1024;

/// A folder that exists.
pub(super) struct Folder {
    named: PathBuf,
    real: PathBuf,
}

impl Folder {
    pub(super) fn open(named: &Path) -> Result<Self, EncoderError> {
        let none = || EncoderError::NoFolder(named.to_owned());
        let real = named.canonicalize().map_err(|_| none())?;
        if !real.is_dir() {
            return Err(none());
        }
        Ok(Self {
            named: named.to_owned(),
            real,
        })
    }

    /// The folder as it was named.
    pub(super) fn named(&self) -> &Path {
        &self.named
    }

    /// Where a file of it lies.
    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.named.join(name)
    }

    /// A file that must be there.
    pub(super) fn read(&self, name: &'static str) -> Result<Vec<u8>, EncoderError> {
        self.read_if_there(name)?
            .ok_or_else(|| EncoderError::Missing {
                folder: self.named.clone(),
                name,
            })
    }

    /// A file that may be there.
    pub(super) fn read_if_there(&self, name: &str) -> Result<Option<Vec<u8>>, EncoderError> {
        let file = self.path(name);
        let unreadable = |source| EncoderError::Unreadable {
            file: file.clone(),
            source,
        };
        let real = match file.canonicalize() {
            Ok(real) => real,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(unreadable(error)),
        };
        if !real.starts_with(&self.real) {
            return Err(EncoderError::Outside(file));
        }
        let most = if name.ends_with(".safetensors") {
            MAX_WEIGHTS_BYTES
        } else {
            MAX_TEXT_BYTES
        };
        let opened = File::open(&real).map_err(unreadable)?;
        let meta = opened.metadata().map_err(unreadable)?;
        if meta.len() > most {
            return Err(EncoderError::TooLarge {
                file,
                bytes: meta.len(),
                most,
            });
        }
        // One that grows while it is read ends at the limit, and is found to be invalid.
        let mut bytes = Vec::with_capacity(usize::try_from(meta.len()).unwrap_or_default());
        opened
            .take(most)
            .read_to_end(&mut bytes)
            .map_err(unreadable)?;
        Ok(Some(bytes))
    }
}
