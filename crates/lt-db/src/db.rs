//! [`Db`]: one writer, many readers.

use std::{
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use rusqlite::Connection;

use lt_model::audit::AuditEntry;
use lt_seal::Key32;

use crate::{
    error::{DbError, Result},
    feed,
    group_commit::Writer,
    keys::ServerKeys,
    lock::Lock,
    open,
    repair::{self, Repair},
    seam::{DEFAULT_TENANT, Reader, Tx},
    table::{self, audit::AuditReport},
};

/// Idle connections for reading that are kept.
const MAX_IDLE_READERS: usize = 8;

/// The server's data.
pub struct Db {
    path: PathBuf,
    keys: ServerKeys,
    /// Absent when opened for reading only.
    writer: Option<Writer>,
    readers: Mutex<Vec<Connection>>,
    repair: Repair,
    lock: Option<Lock>,
}

/// What an act did: its value, and the entry that the audit log gets in the same transaction.
pub struct Acted<T> {
    value: T,
    entry: Option<AuditEntry>,
}

impl<T> Acted<T> {
    /// Something was done, or refused: the log says so.
    pub fn logged(value: T, entry: AuditEntry) -> Self {
        Self {
            value,
            entry: Some(entry),
        }
    }

    /// No row was touched. [`Db::write`] refuses the act when that is not so.
    pub fn nothing(value: T) -> Self {
        Self { value, entry: None }
    }
}

/// An act that is on the disk.
pub struct Committed<T> {
    /// What it gave.
    pub value: T,
    /// Streams with new changes, ascending.
    pub streams: Vec<u64>,
}

impl Db {
    /// Opens the file, or makes it; `root` is the server's root key. Returns when the schema is up
    /// to date.
    ///
    /// # Errors
    /// [`DbError::InUse`] while another process has it, [`DbError::WrongKey`],
    /// [`DbError::Damaged`], [`DbError::Emptied`], [`DbError::Newer`].
    pub fn open(path: &Path, root: &Key32) -> Result<Self> {
        let keys = ServerKeys::from_root(root);
        let lock = Lock::take(path)?;
        let (connection, repair) = open::writer(path, &keys.db, &lock)?;
        lock.begin(&keys.db, repair::head(&connection)?)?;
        let writer = Writer::new(connection);
        let db = Self {
            path: path.to_owned(),
            keys,
            writer: Some(writer),
            readers: Mutex::default(),
            repair,
            lock: Some(lock),
        };
        db.prepare_tenant()?;
        Ok(db)
    }

    /// Opens an existing file for reading, also while a server has it.
    ///
    /// # Errors
    /// As for [`Db::open`], and [`DbError::Io`] when there is no such file.
    pub fn open_read_only(path: &Path, root: &Key32) -> Result<Self> {
        std::fs::metadata(path)?;
        let keys = ServerKeys::from_root(root);
        let reader = open::reader(path, &keys.db)?;
        Ok(Self {
            path: path.to_owned(),
            keys,
            writer: None,
            readers: Mutex::new(vec![reader]),
            repair: Repair::None,
            lock: None,
        })
    }

    /// Runs an act in one transaction: its rows, the changes of the feed and its audit entry
    /// become durable together or not at all. The counters of the streams are taken last.
    ///
    /// # Errors
    /// What the act returns (all of it is taken back then), [`DbError::Unaudited`], or why the
    /// transaction failed.
    pub fn write<T, E: From<DbError>>(
        &self,
        act: impl FnOnce(&Tx<'_>) -> Result<Acted<T>, E>,
    ) -> Result<Committed<T>, E> {
        let writer = self.writer.as_ref().ok_or(DbError::ReadOnly)?;
        let mut n_acts = 0;
        let committed: Result<Committed<T>, E> = writer.run(|connection| {
            let n_rows_before = connection.total_changes();
            let tx = Tx::new(connection, DEFAULT_TENANT);
            let acted = act(&tx)?;
            let changes = tx.take_changes();
            let Some(entry) = acted.entry else {
                if connection.total_changes() != n_rows_before || !changes.is_empty() {
                    return Err(DbError::Unaudited.into());
                }
                return Ok(Committed {
                    value: acted.value,
                    streams: Vec::new(),
                });
            };
            let audit_n = table::audit::append(&tx, &self.keys.audit, &entry)?;
            let streams = feed::append(&tx, audit_n, changes)?;
            n_acts = audit_n;
            Ok(Committed {
                value: acted.value,
                streams,
            })
        });
        let committed = committed?;
        if let Some(lock) = &self.lock {
            // The act is on the disk already: without the note only a later loss goes unseen.
            let _ = lock.came_to(n_acts);
        }
        Ok(committed)
    }

    /// What was wrong with the newest acts when it was opened.
    #[must_use]
    pub fn repair(&self) -> &Repair {
        &self.repair
    }

    /// Reads in one transaction: everything is of one moment.
    ///
    /// # Errors
    /// What the closure returns, or why the store cannot be read.
    pub fn read<T, E: From<DbError>>(
        &self,
        look: impl FnOnce(&Reader<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let connection = self.borrow()?;
        connection.execute_batch("BEGIN").map_err(DbError::from)?;
        let result = look(&Reader {
            connection: &connection,
            tenant: DEFAULT_TENANT,
        });
        // A connection that cannot end its transaction is not used again.
        if connection.execute_batch("COMMIT").is_ok() {
            self.give_back(connection);
        }
        result
    }

    /// Checks the whole audit chain.
    ///
    /// # Errors
    /// When the log cannot be read; a broken chain is a report, not an error.
    pub fn verify_audit(&self) -> Result<AuditReport> {
        self.read(|reader| table::audit::verify(reader, &self.keys.audit))
    }

    /// Reads every page and checks its seal; for a background job.
    ///
    /// # Errors
    /// [`DbError::Damaged`] with the first finding.
    pub fn check(&self) -> Result<()> {
        let connection = self.borrow()?;
        open::check(&connection)?;
        self.give_back(connection);
        Ok(())
    }

    fn borrow(&self) -> Result<Connection> {
        let idle = self
            .readers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop();
        match idle {
            Some(connection) => Ok(connection),
            None => open::reader(&self.path, &self.keys.db),
        }
    }

    fn give_back(&self, connection: Connection) {
        let mut idle = self.readers.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < MAX_IDLE_READERS {
            idle.push(connection);
        }
    }

    /// The rows without which nothing else works: the head of the audit chain, the generation.
    fn prepare_tenant(&self) -> Result<()> {
        let writer = self.writer.as_ref().ok_or(DbError::ReadOnly)?;
        writer.run(|connection| {
            let tx = Tx::new(connection, DEFAULT_TENANT);
            table::audit::prepare(&tx)?;
            table::meta::prepare(&tx)?;
            if matches!(self.repair, Repair::Lost { .. }) {
                table::meta::renew(&tx)?;
            }
            Ok(())
        })
    }
}
