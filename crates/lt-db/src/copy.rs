//! Copies of the embedded file, for backups, and what makes a restored one the server's data again.
//!
//! **Invariant:** a copy is of one moment, and still sealed under the server's key.
//! **Invariant:** a restored file has a new generation: desktops notice that it is not what they
//! have seen, fetch everything anew, and send again what was not answered by it.

use std::{
    fs::{File, OpenOptions},
    io,
    path::Path,
};

use lt_model::audit::AuditEntry;
use lt_seal::Key32;

use crate::{
    db::{Acted, Db},
    error::{DbError, Result},
    keys::ServerKeys,
    sqlite::{self, repair},
    table::{self, audit::AuditReport},
};

/// Copies the file as it is at this moment into a new file, also while a server has it and writes.
/// Gives the number of the last act in the copy.
///
/// # Errors
/// [`DbError::Io`] when there is no such file or the copy is there already, [`DbError::WrongKey`],
/// [`DbError::Damaged`].
pub fn copy(path: &Path, root: &Key32, to: &Path) -> Result<u64> {
    std::fs::metadata(path)?;
    let name = to
        .to_str()
        .ok_or_else(|| DbError::Io(io::ErrorKind::InvalidInput.into()))?;
    private(to)?;
    let keys = ServerKeys::from_root(root);
    sqlite::unlocked(path, &keys.db)?.execute("VACUUM INTO ?1", [name])?;
    File::options().write(true).open(to)?.sync_all()?;
    let copied = sqlite::reader(to, &keys.db)?;
    sqlite::check(&copied)?;
    repair::head(&copied)
}

/// Takes a copied file into use: every page and the whole audit chain are checked, then the data
/// gets a new generation, with this entry in the log. A chain that is broken is reported, and
/// nothing is changed then.
///
/// # Errors
/// As for [`Db::open`].
pub fn take_into_use(path: &Path, root: &Key32, entry: AuditEntry) -> Result<AuditReport> {
    let db = Db::open(path, root)?;
    db.check()?;
    let report = db.verify_audit()?;
    if report.broken_at.is_none() {
        db.write(|tx| {
            table::meta::renew(tx)?;
            Ok::<_, DbError>(Acted::logged((), entry))
        })?;
    }
    Ok(report)
}

/// An empty file that only its owner reads, for SQLite to fill.
fn private(path: &Path) -> Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?;
    Ok(())
}
