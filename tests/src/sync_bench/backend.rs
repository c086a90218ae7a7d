//! Where the server keeps its data.

use std::path::{Path, PathBuf};

use anyhow::Result;
use lt_db::Db;
use lt_seal::Key32;
use lt_server::DataDir;
use tempfile::TempDir;

/// A back end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Backend {
    /// One encrypted file in the server's folder.
    SqlCipher,
    /// A database of a PostgreSQL cluster, by its URL.
    Postgres(String),
}

impl Backend {
    /// As the table and the JSON line call it.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::SqlCipher => "sqlcipher",
            Self::Postgres(_) => "postgresql",
        }
    }
}

/// The folder of a server, and its root key.
pub struct Home {
    folder: TempDir,
    /// Its back end.
    pub backend: Backend,
    /// Its root key.
    pub root: Key32,
}

impl Home {
    /// A new one.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn new(backend: Backend, now: i64) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let data = DataDir::new(folder.path().join("server"));
        data.create(&["localhost".to_owned(), "127.0.0.1".to_owned()], now)?;
        let root = data.root_key()?;
        Ok(Self {
            folder,
            backend,
            root,
        })
    }

    /// The server's data folder.
    #[must_use]
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("server")
    }

    /// A place for something else.
    #[must_use]
    pub fn beside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Its data, without the server.
    ///
    /// # Errors
    /// When it cannot be opened, as while the server has it.
    pub fn open(&self) -> Result<Db> {
        open(&self.backend, &self.data(), &self.root)
    }
}

fn open(backend: &Backend, data: &Path, root: &Key32) -> Result<Db> {
    Ok(match backend {
        Backend::SqlCipher => Db::open(&DataDir::new(data).database(), root)?,
        Backend::Postgres(url) => Db::connect(url, root)?,
    })
}
