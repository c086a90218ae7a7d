//! The store itself: one writer, a few readers, and who is told of changes.

use std::{
    collections::BTreeMap,
    fs::File,
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError, RwLock, atomic::AtomicI64},
};

use lt_model::{
    Millis,
    audit::{Actor, AuditEntry, Outcome},
    id::OpId,
};
use lt_seal::Key32;
use rusqlite::{Connection, Transaction, TransactionBehavior};
use uuid::Uuid;

use crate::{
    Account, Change, Result, StoreError,
    change::Touched,
    connect,
    lock::Lock,
    pages,
    sum::Counted,
    table::{account, audit, meta},
};

/// Readers kept open between calls; more are opened when more threads read at once.
const N_IDLE_READERS: usize = 3;

type Listener = Box<dyn Fn(&Change) + Send + Sync>;

/// The open store. Every call blocks; share it with `Arc`.
pub struct Store {
    path: PathBuf,
    root: Key32,
    key: Key32,
    index_key: Key32,
    audit_key: Key32,
    writer: Mutex<Connection>,
    readers: Mutex<Vec<Connection>>,
    listeners: RwLock<Vec<Listener>>,
    /// When the sum of each stream was last counted from its rows, and when it was last fetched
    /// again because of its sum.
    pub(crate) counted: Mutex<BTreeMap<u64, Counted>>,
    /// The database as a file, to look at its pages. It outlives the connections: closing it would
    /// let go of the locks that they hold.
    file: Mutex<File>,
    /// When every page was last known to be sound.
    pub(crate) checked_at: AtomicI64,
    /// Let go last, when every connection is closed.
    lock: Lock,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").finish_non_exhaustive()
    }
}

impl Store {
    pub(crate) fn new(
        path: PathBuf,
        root: &Key32,
        writer: Connection,
        lock: Lock,
        now: Millis,
    ) -> Result<Self> {
        Ok(Self {
            file: Mutex::new(File::open(&path)?),
            checked_at: pages::checked(now),
            path,
            root: root.clone(),
            key: connect::database_key(root),
            index_key: lt_seal::derive(root, "index/v1", b""),
            audit_key: stored_audit_key(&writer, root)?,
            writer: Mutex::new(writer),
            readers: Mutex::new(Vec::new()),
            listeners: RwLock::new(Vec::new()),
            counted: Mutex::default(),
            lock,
        })
    }

    /// The key under which the search index is sealed.
    #[must_use]
    pub fn index_key(&self) -> &Key32 {
        &self.index_key
    }

    /// The root key, to open the store again with.
    #[must_use]
    pub fn root_key(&self) -> &Key32 {
        &self.root
    }

    /// Calls `listener` after every committed transaction that changed something, on the thread
    /// that wrote. It must be quick and must not call the store.
    pub fn subscribe(&self, listener: impl Fn(&Change) + Send + Sync + 'static) {
        let mut listeners = self
            .listeners
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        listeners.push(Box::new(listener));
    }

    /// Runs a read on a snapshot of its own.
    pub(crate) fn read<T>(&self, act: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let idle = self.idle_readers().pop();
        let mut reader = match idle {
            Some(reader) => reader,
            None => connect::reader(&self.path, &self.key)?,
        };
        let outcome = {
            let snapshot = reader.transaction()?;
            act(&snapshot)
        };
        let mut idle = self.idle_readers();
        if idle.len() < N_IDLE_READERS {
            idle.push(reader);
        }
        outcome
    }

    /// Runs a write in one transaction, and tells the listeners once it is committed. With an error
    /// nothing of it remains.
    pub(crate) fn write<T>(
        &self,
        act: impl FnOnce(&Transaction<'_>, &mut Touched) -> Result<T>,
    ) -> Result<(T, Change)> {
        let mut touched = Touched::default();
        let value = {
            let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
            let tx = writer.transaction_with_behavior(TransactionBehavior::Immediate)?;
            let value = act(&tx, &mut touched)?;
            let n_commits = meta::count_commit(&tx)?;
            tx.commit()?;
            // It is on the disk already: without the note only a later loss goes unseen.
            let _ = self.lock.came_to(n_commits);
            value
        };
        let change = touched.into_change();
        if change != Change::default() {
            let listeners = self
                .listeners
                .read()
                .unwrap_or_else(PoisonError::into_inner);
            for listener in listeners.iter() {
                listener(&change);
            }
        }
        Ok((value, change))
    }

    /// Writes the audit record of an act of the agent, in the act's transaction.
    pub(crate) fn audit(
        &self,
        tx: &Transaction<'_>,
        act: &Act<'_>,
        account: &Account,
        now: Millis,
    ) -> Result<()> {
        let actor = Actor::Agent {
            agent: account.agent.id,
            name: account.agent.username.clone(),
            device: Some(account.device.id),
        };
        let entry = act.entry(actor, now);
        audit::append(tx, &self.audit_key, &entry)
    }

    /// Writes the audit record of something that the desk did by itself.
    pub(crate) fn audit_system(
        &self,
        tx: &Transaction<'_>,
        act: &Act<'_>,
        now: Millis,
    ) -> Result<()> {
        audit::append(tx, &self.audit_key, &act.entry(Actor::System, now))
    }

    pub(crate) fn audit_key(&self) -> &Key32 {
        &self.audit_key
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// A file of this name beside the database.
    pub(crate) fn beside(&self, name: &str) -> PathBuf {
        self.path.with_file_name(name)
    }

    pub(crate) fn key(&self) -> &Key32 {
        &self.key
    }

    pub(crate) fn file(&self) -> MutexGuard<'_, File> {
        self.file.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn writer(&self) -> &Mutex<Connection> {
        &self.writer
    }

    fn idle_readers(&self) -> std::sync::MutexGuard<'_, Vec<Connection>> {
        self.readers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

pub(crate) fn audit_key(root: &Key32) -> Key32 {
    lt_seal::derive(root, "audit/v1", b"")
}

/// The key of the audit chain that a database holds: the root key's own, or the one that the chain
/// began with under an earlier root key.
pub(crate) fn stored_audit_key(connection: &Connection, root: &Key32) -> Result<Key32> {
    match meta::get(connection, meta::AUDIT_KEY)? {
        Some(digits) => Key32::from_hex(&digits).map_err(|_| StoreError::Unreadable("audit key")),
        None => Ok(audit_key(root)),
    }
}

/// What an audit record says, besides who and when.
pub(crate) struct Act<'a> {
    pub(crate) action: &'a str,
    pub(crate) object: String,
    pub(crate) outcome: Outcome,
    pub(crate) reason: String,
}

impl<'a> Act<'a> {
    pub(crate) fn done(action: &'a str, object: String) -> Self {
        Self {
            action,
            object,
            outcome: Outcome::Allowed,
            reason: String::new(),
        }
    }

    pub(crate) fn refused(action: &'a str, object: String, reason: String) -> Self {
        Self {
            action,
            object,
            outcome: Outcome::Denied,
            reason,
        }
    }

    pub(crate) fn entry(&self, actor: Actor, at: Millis) -> AuditEntry {
        AuditEntry {
            at,
            actor,
            action: self.action.to_owned(),
            object: self.object.clone(),
            outcome: self.outcome,
            reason: self.reason.clone(),
        }
    }
}

/// The account, or the error that there is none.
pub(crate) fn require_account(connection: &Connection) -> Result<Account> {
    account::get(connection)?.ok_or(StoreError::NoAccount)
}

/// A new id of an operation, in the order of time.
pub(crate) fn new_op_id(now: Millis) -> Result<OpId> {
    let random = lt_seal::random_bytes::<10>()?;
    let millis = u64::try_from(now).unwrap_or(0);
    Ok(OpId(
        uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid(),
    ))
}

/// A new id of anything else.
pub(crate) fn new_uuid(now: Millis) -> Result<Uuid> {
    new_op_id(now).map(|id| id.0)
}

#[cfg(test)]
mod tests;
