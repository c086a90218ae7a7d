//! What is done with a data folder directly, by the server itself or without one.

use std::{fs, path::PathBuf, sync::Arc, thread};

use lt_backoffice::{Backoffice, Config};
use lt_db::{Db, DbError, Repair, ServerKeys, table::audit::AuditReport};
use lt_seal::{Key32, Secret};

use crate::{DataDir, ServeError};

/// A database up to this size is checked page by page before anything is served (a few seconds);
/// a larger one while it serves.
const CHECK_FIRST_BYTES: u64 = 512 * 1024 * 1024;

/// Opens the folder's database, or the shared one that is named, and everything above it.
///
/// # Errors
/// [`ServeError::NoDatabase`] for a shared one that cannot be used;
/// [`ServeError::InUse`] while another server has it; [`ServeError::WrongKey`] when the key does
/// not fit; [`ServeError::Emptied`] and [`ServeError::Damaged`] for a file that suffered;
/// [`ServeError::Database`].
pub fn open(
    data: &DataDir,
    root_key: &Key32,
    database: Option<&Secret<String>>,
    config: Config,
) -> Result<Arc<Backoffice>, ServeError> {
    let db = match database {
        Some(url) => Db::connect(url.expose(), root_key).map_err(why_not)?,
        None => open_file(data, root_key)?,
    };
    Backoffice::open(db, ServerKeys::from_root(root_key), config)
        .map_err(|error| ServeError::Database(error.to_string()))
}

fn open_file(data: &DataDir, root_key: &Key32) -> Result<Db, ServeError> {
    let db = Db::open(&data.database(), root_key).map_err(why(data))?;
    tell(db.repair());
    if fs::metadata(data.database()).map_or(0, |meta| meta.len()) <= CHECK_FIRST_BYTES {
        db.check().map_err(why(data))?;
    } else {
        check_beside(data.database(), root_key.clone());
    }
    Ok(db)
}

/// Checks the chain of the audit log. The server may go on.
///
/// # Errors
/// As for [`open`], and [`ServeError::NoData`].
pub fn verify_audit(data: &DataDir) -> Result<AuditReport, ServeError> {
    let root_key = data.root_key()?;
    Db::open_read_only(&data.database(), &root_key)
        .and_then(|db| db.verify_audit())
        .map_err(why(data))
}

/// Says what became of the newest acts.
fn tell(repair: &Repair) {
    match repair {
        Repair::None => {}
        Repair::Recovered { n_acts, copy } => tracing::warn!(
            acts = n_acts, copy = %copy.display(),
            "the database's log was damaged; everything in it was recovered"
        ),
        Repair::Lost { n_acts, copy } => tracing::error!(
            acts = n_acts, copy = %copy.display(),
            "the database has lost its newest acts: its log was damaged, or an older copy was put \
             in its place; the files as found were kept, and desktops fetch everything anew \
             (数据库缺少最新的记录，原文件已另存)"
        ),
    }
}

fn check_beside(path: PathBuf, root_key: Key32) {
    let check = move || {
        let checked = Db::open_read_only(&path, &root_key).and_then(|db| db.check());
        if let Err(error) = checked {
            tracing::error!(%error, "the database is damaged: put it back from a copy (数据库文件已损坏，请从备份恢复)");
        }
    };
    let started = thread::Builder::new().name("check".to_owned()).spawn(check);
    if let Err(error) = started {
        tracing::warn!(%error, "the database is not checked");
    }
}

fn why(data: &DataDir) -> impl FnOnce(DbError) -> ServeError {
    let data = data.clone();
    move |error| match error {
        DbError::InUse => ServeError::InUse(data.root().to_owned()),
        DbError::WrongKey => ServeError::WrongKey(data.database()),
        DbError::Emptied { n_acts } => ServeError::Emptied {
            path: data.database(),
            n_acts,
        },
        DbError::Damaged(why) => ServeError::Damaged {
            path: data.database(),
            why,
        },
        DbError::Io(source) => ServeError::file("use", &data.database())(source),
        other => ServeError::Database(other.to_string()),
    }
}

/// Why a shared database is of no use.
fn why_not(error: DbError) -> ServeError {
    match error {
        DbError::WrongKey => ServeError::OtherKey,
        // What PostgreSQL says is in the source.
        DbError::Unavailable(source) => ServeError::NoDatabase(source.to_string()),
        other => ServeError::NoDatabase(other.to_string()),
    }
}
