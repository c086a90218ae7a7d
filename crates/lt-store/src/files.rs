//! Where the store's files lie, and how a small private file is written.

use std::{
    fs::{File, OpenOptions},
    io::Write,
    path::{Path, PathBuf},
};

/// The database.
pub(crate) const STORE: &str = "store.db";
/// A replacement of a damaged database, complete once it has no `-wal` beside it.
pub(crate) const REPLACEMENT: &str = "store.db.new";
/// A copy of the database under the next root key, while the key is being changed.
pub(crate) const REKEYED: &str = "store.db.rekeyed";
/// A copy of the database that is being put into an archive.
pub(crate) const BACKUP: &str = "store.db.backup";
/// A database from an archive, until it is this desk's.
pub(crate) const RESTORED: &str = "store.db.restored";
/// A data folder of its own, made from an archive, until its files take the place of those in use.
pub(crate) const RESTORED_FOLDER: &str = "restored";
/// Which files are being exchanged with those of [`RESTORED_FOLDER`]; gone once they are.
pub(crate) const EXCHANGE: &str = "store.exchange";
/// How folders begin in which a former store lies.
pub(crate) const FORMER: &str = "former-";
/// The public fingerprint of the key that the database belongs to.
pub(crate) const KEY_ID: &str = "store.key-id";
/// The sealed root key.
pub(crate) const KEYS: &str = "keys.json";
/// The same once more: nothing but this file opens the store.
pub(crate) const KEYS_COPY: &str = "keys.copy.json";
/// Held while a program has the store open.
pub(crate) const LOCK: &str = "store.lock";

/// What SQLite puts beside a database file.
const COMPANIONS: [&str; 4] = ["", "-journal", "-wal", "-shm"];

/// Opens a file for writing that only its owner may read.
pub(crate) fn private(path: &Path, options: &mut OpenOptions) -> std::io::Result<File> {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options.write(true).open(path)
}

/// Makes the folder, for its owner alone.
pub(crate) fn make_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Makes an empty private file where there is none, before SQLite would make a readable one.
pub(crate) fn touch_private(path: &Path) -> std::io::Result<()> {
    private(path, OpenOptions::new().create(true)).map(drop)
}

/// Replaces a small file: written beside it, flushed to disk, then renamed over it.
pub(crate) fn replace(path: &Path, text: &str) -> std::io::Result<()> {
    let beside = with_suffix(path, ".tmp");
    let mut file = private(&beside, OpenOptions::new().create(true).truncate(true))?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    std::fs::rename(&beside, path)?;
    sync_folder(path)
}

/// Renames a database with all that SQLite keeps beside it.
pub(crate) fn rename_database(from: &Path, to: &Path) -> std::io::Result<()> {
    // The companions go first: a database without its log is older, a log without its database is lost.
    for companion in COMPANIONS.iter().rev() {
        let source = with_suffix(from, companion);
        if source.exists() {
            std::fs::rename(source, with_suffix(to, companion))?;
        }
    }
    sync_folder(to)
}

/// Removes a database with all that SQLite keeps beside it.
pub(crate) fn remove_database(path: &Path) -> std::io::Result<()> {
    for companion in COMPANIONS {
        match std::fs::remove_file(with_suffix(path, companion)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}

/// Removes a folder with all that is in it, where there is one.
pub(crate) fn remove_folder(path: &Path) -> std::io::Result<()> {
    match std::fs::remove_dir_all(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// A name that is not taken: `store.db.damaged-<time>`, counted up where two fall into one millisecond.
pub(crate) fn aside(path: &Path, now: lt_model::Millis) -> PathBuf {
    (now..)
        .map(|at| with_suffix(path, &format!(".damaged-{at}")))
        .find(|candidate| !candidate.exists())
        .unwrap_or_else(|| with_suffix(path, ".damaged"))
}

/// The path with something behind its name.
pub(crate) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// A rename is durable once its folder is; Windows has no such call and needs none.
pub(crate) fn sync_folder(path: &Path) -> std::io::Result<()> {
    #[cfg(unix)]
    if let Some(folder) = path.parent() {
        File::open(folder)?.sync_all()?;
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}
