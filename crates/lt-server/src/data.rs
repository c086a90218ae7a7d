//! The server's folder: which files there are, and who may read them.

use std::{
    fs::{self, OpenOptions},
    io::Write,
    path::{Path, PathBuf},
};

use lt_model::Millis;
use lt_seal::{Key32, Secret};
use serde::{Deserialize, Serialize};

use crate::{ServeError, pki};

/// First word of the key file; its number is the version of the format.
const KEY_WORD: &str = "lingtai-server-key-1";

/// A folder that holds, or will hold, one server.
#[derive(Clone, Debug)]
pub struct DataDir {
    root: PathBuf,
}

/// What was certified last: enough to do it again before it runs out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Issued {
    /// Common name of the authority.
    pub authority: String,
    /// Names and addresses of the server, the public one first.
    pub names: Vec<String>,
    /// When the server's certificate ends, ms.
    pub not_after: i64,
}

impl DataDir {
    /// Names a folder; nothing is touched.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// The folder itself.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The database.
    #[must_use]
    pub fn database(&self) -> PathBuf {
        self.root.join("lingtai.db")
    }

    /// The root key.
    #[must_use]
    pub fn key_file(&self) -> PathBuf {
        self.root.join("server.key")
    }

    /// Certificates and their keys.
    #[must_use]
    pub fn tls(&self) -> PathBuf {
        self.root.join("tls")
    }

    /// The authority's certificate, which desktops pin.
    #[must_use]
    pub fn ca_pem(&self) -> PathBuf {
        self.tls().join("ca.pem")
    }

    /// Makes the folder, its certificates for these names, and its root key. The key comes last:
    /// a folder without it counts as not initialised, so that a failed try can be repeated.
    ///
    /// # Errors
    /// [`ServeError::DataExists`] when there is a key already; [`ServeError::KeyMissing`] when
    /// there is a database without one, whose key and authority must not be made anew; [`ServeError::Certificate`] for a
    /// name that cannot be certified; file errors.
    pub fn create(&self, names: &[String], now: Millis) -> Result<(), ServeError> {
        if self.key_file().exists() {
            return Err(ServeError::DataExists(self.root.clone()));
        }
        if self.database().exists() {
            return Err(ServeError::KeyMissing(self.key_file()));
        }
        make_private_dir(&self.root)?;
        make_private_dir(&self.tls())?;
        pki::create(self, names, now)?;
        let key = Key32::random()?;
        let line = Secret::new(format!("{KEY_WORD} {}\n", key.to_hex_secret().expose()));
        write_private(&self.key_file(), line.expose().as_bytes())
    }

    /// Reads the root key.
    ///
    /// # Errors
    /// [`ServeError::NoData`] without a key file, [`ServeError::KeyMissing`] where there is a
    /// database all the same; [`ServeError::KeyFile`] for one that others may
    /// read, or that is none.
    pub fn root_key(&self) -> Result<Key32, ServeError> {
        let path = self.key_file();
        if path.try_exists().is_ok_and(|there| !there) {
            return Err(if self.database().exists() {
                ServeError::KeyMissing(path)
            } else {
                ServeError::NoData(self.root.clone())
            });
        }
        read_key(&path)
    }

    /// What was certified last.
    ///
    /// # Errors
    /// [`ServeError::Certificate`] when the note is missing or garbled.
    pub fn issued(&self) -> Result<Issued, ServeError> {
        let path = self.tls().join("issued.json");
        let wrong = |why: String| ServeError::Certificate {
            path: path.clone(),
            why,
        };
        let text = fs::read(&path).map_err(|error| wrong(error.to_string()))?;
        serde_json::from_slice(&text).map_err(|error| wrong(error.to_string()))
    }
}

/// Reads a root key from its file, wherever that is.
///
/// # Errors
/// [`ServeError::KeyFile`] for one that others may read, or that is none; file errors.
pub fn read_key(path: &Path) -> Result<Key32, ServeError> {
    let wrong = |why| ServeError::KeyFile {
        path: path.to_owned(),
        why,
    };
    let text = match fs::read_to_string(path) {
        Ok(text) => Secret::new(text),
        Err(error) if error.kind() == std::io::ErrorKind::InvalidData => {
            return Err(wrong("it is no text"));
        }
        Err(error) => return Err(ServeError::file("read", path)(error)),
    };
    if others_may_read(path)? {
        return Err(wrong("others may read it; set its mode to 0600"));
    }
    let hex = text
        .expose()
        .strip_prefix(KEY_WORD)
        .ok_or_else(|| wrong("its first word is missing"))?;
    Key32::from_hex(hex.trim()).map_err(|_| wrong("64 hexadecimal digits are expected"))
}

fn make_private_dir(path: &Path) -> Result<(), ServeError> {
    fs::create_dir_all(path).map_err(ServeError::file("create", path))?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(path, fs::Permissions::from_mode(0o700))
            .map_err(ServeError::file("create", path))?;
    }
    Ok(())
}

/// Writes a file that only its owner reads, whole or not at all.
pub(crate) fn write_private(path: &Path, bytes: &[u8]) -> Result<(), ServeError> {
    let part = path.with_extension("part");
    let mut options = OpenOptions::new();
    options.create(true).truncate(true).write(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options
        .open(&part)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .and_then(|()| fs::rename(&part, path))
        .map_err(ServeError::file("write", path))
}

#[cfg(unix)]
fn others_may_read(path: &Path) -> Result<bool, ServeError> {
    use std::os::unix::fs::PermissionsExt;
    let meta = fs::metadata(path).map_err(ServeError::file("read", path))?;
    Ok(meta.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn others_may_read(_path: &Path) -> Result<bool, ServeError> {
    Ok(false)
}

#[cfg(test)]
mod tests;
