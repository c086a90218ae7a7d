//! What is done with a data folder directly, by the server itself or without one.

use std::sync::Arc;

use lt_backoffice::{Backoffice, Config};
use lt_db::{Db, DbError, ServerKeys, table::audit::AuditReport};
use lt_seal::Key32;

use crate::{DataDir, ServeError};

/// Opens the folder's database and everything above it.
///
/// # Errors
/// [`ServeError::InUse`] while another server has it; [`ServeError::WrongKey`] when the key does
/// not fit; [`ServeError::Database`].
pub fn open(data: &DataDir, root_key: &Key32) -> Result<Arc<Backoffice>, ServeError> {
    let db = Db::open(&data.database(), root_key).map_err(why(data))?;
    Backoffice::open(db, ServerKeys::from_root(root_key), Config::default())
        .map_err(|error| ServeError::Database(error.to_string()))
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

fn why(data: &DataDir) -> impl FnOnce(DbError) -> ServeError {
    let data = data.clone();
    move |error| match error {
        DbError::InUse => ServeError::InUse(data.root().to_owned()),
        DbError::WrongKey => ServeError::WrongKey(data.database()),
        other => ServeError::Database(other.to_string()),
    }
}
