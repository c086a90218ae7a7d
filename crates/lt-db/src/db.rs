//! [`Db`]: one writer, many readers.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use lt_model::{
    Millis,
    audit::AuditEntry,
    id::{AgentId, ContactId},
};
use lt_protocol::sync::{Entity, RowChange};
use lt_seal::Key32;

use crate::{
    error::{DbError, Result},
    feed,
    fresh::Fresh,
    group_commit::{Left, Stand, Writer},
    keys::ServerKeys,
    ledger::Ledger,
    link::Link,
    pg,
    readers::{Lent, Readers},
    seam::{DEFAULT_TENANT, PendingChange, Reader, Tx},
    sqlite::{
        self, Lock, SqliteLink,
        repair::{self, Repair},
    },
    table::{self, audit::AuditReport},
};

/// The server's data.
pub struct Db {
    place: Place,
    keys: ServerKeys,
    /// Absent when opened for reading only.
    writer: Option<Writer>,
    readers: Readers,
}

/// Where the data is.
enum Place {
    File {
        path: PathBuf,
        repair: Repair,
        lock: Option<Lock>,
    },
    Server(Arc<pg::Place>),
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

    /// What it gives once it is on the disk.
    pub fn value(&self) -> &T {
        &self.value
    }
}

/// An act that is on the disk.
pub struct Committed<T> {
    /// What it gave.
    pub value: T,
    /// Streams with new changes, ascending, each with its new head.
    pub streams: Vec<(u64, u64)>,
    /// Whose access changed, if anybody's did.
    pub access: Option<AccessChange>,
    /// Customers of whom something changed that desktops see, or of whose conversations.
    pub contacts: Vec<ContactId>,
}

/// What agents may see, or whether their logins hold, changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessChange {
    /// Number of the change, from 1 without gaps.
    pub n: u64,
    /// Whose; nobody's name stands for everybody.
    pub agents: Vec<AgentId>,
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
        let (connection, repair) = sqlite::writer(path, &keys.db, &lock)?;
        lock.begin(&keys.db, repair::head(&connection)?)?;
        let reopen = {
            let (path, key) = (path.to_owned(), keys.db.clone());
            Box::new(move || {
                sqlite::reader(&path, &key)
                    .map(SqliteLink)
                    .map(Link::Sqlite)
            })
        };
        let writer = Writer::new(
            Link::Sqlite(SqliteLink(connection)),
            reopen,
            Ledger::new(keys.audit.clone()),
        );
        let is_behind = matches!(repair, Repair::Lost { .. });
        let db = Self {
            place: Place::File {
                path: path.to_owned(),
                repair,
                lock: Some(lock),
            },
            keys,
            writer: Some(writer),
            readers: Readers::default(),
        };
        db.prepare_tenant(is_behind)?;
        Ok(db)
    }

    /// Uses a database of a PostgreSQL server, `postgres://user:password@host:port/database`, that
    /// other processes may use too; `root` is the same key in all of them. Returns when the schema is
    /// up to date. Never call it, or what it gives, on a thread that runs async tasks.
    ///
    /// # Errors
    /// [`DbError::Address`], [`DbError::Unavailable`], [`DbError::WrongKey`] where the data was
    /// written with another key, [`DbError::Newer`].
    pub fn connect(url: &str, root: &Key32) -> Result<Self> {
        let keys = ServerKeys::from_root(root);
        let place = Arc::new(pg::Place::parse(url, root)?);
        place.migrate()?;
        let open = {
            let place = Arc::clone(&place);
            move || Ok(Link::Postgres(Box::new(place.writer()?)))
        };
        let writer = Writer::new(open()?, Box::new(open), Ledger::new(keys.audit.clone()));
        let db = Self {
            place: Place::Server(place),
            keys,
            writer: Some(writer),
            readers: Readers::default(),
        };
        db.prepare_tenant(false)?;
        db.check_key()?;
        Ok(db)
    }

    /// Opens an existing file for reading, also while a server has it.
    ///
    /// # Errors
    /// As for [`Db::open`], and [`DbError::Io`] when there is no such file.
    pub fn open_read_only(path: &Path, root: &Key32) -> Result<Self> {
        std::fs::metadata(path)?;
        let keys = ServerKeys::from_root(root);
        let reader = sqlite::reader(path, &keys.db)?;
        Ok(Self {
            place: Place::File {
                path: path.to_owned(),
                repair: Repair::None,
                lock: None,
            },
            keys,
            writer: None,
            readers: Readers::of(Link::Sqlite(SqliteLink(reader))),
        })
    }

    /// Hints between the processes on one database; none where there can be only one process.
    #[must_use]
    pub fn channel(&self) -> Option<(pg::Channel, pg::Listener)> {
        match &self.place {
            Place::File { .. } => None,
            Place::Server(place) => Some((
                pg::Channel::new(Arc::clone(place)),
                pg::Listener::new(Arc::clone(place)),
            )),
        }
    }

    /// Runs an act in one transaction: its rows, the changes of the feed and its audit entry
    /// become durable together or not at all. The counters of the streams are taken last, and so is
    /// the entry: an act sees neither its own nor those of acts that share its commit.
    ///
    /// # Errors
    /// What the act returns (all of it is taken back then), [`DbError::Unaudited`], or why the
    /// transaction failed.
    pub fn write<T, E: From<DbError>>(
        &self,
        act: impl FnOnce(&Tx<'_>) -> Result<Acted<T>, E>,
    ) -> Result<Committed<T>, E> {
        let writer = self.writer.as_ref().ok_or(DbError::ReadOnly)?;
        writer
            .run(|link| perform(link, act))
            .map(|done| self.committed(done))
    }

    /// Runs acts one after the other in one transaction, each as [`Db::write`] does, as long as they
    /// go well: those after the first that failed are not run and have no result. For a few at a time,
    /// since others wait meanwhile.
    ///
    /// # Errors
    /// When there is no transaction; each act has a result of its own.
    pub fn write_all<T, E: From<DbError>, A>(
        &self,
        acts: Vec<A>,
    ) -> Result<Vec<Result<Committed<T>, E>>>
    where
        A: FnOnce(&Tx<'_>) -> Result<Acted<T>, E>,
    {
        let writer = self.writer.as_ref().ok_or(DbError::ReadOnly)?;
        let acts = acts
            .into_iter()
            .map(|act| |link: &Link| perform(link, act))
            .collect();
        let done = writer.run_all(acts)?;
        Ok(done
            .into_iter()
            .map(|done| done.map(|done| self.committed(done)))
            .collect())
    }

    fn committed<T>(&self, (value, stand): (T, Option<Stand>)) -> Committed<T> {
        let Some(stand) = stand else {
            return Committed {
                value,
                streams: Vec::new(),
                access: None,
                contacts: Vec::new(),
            };
        };
        if let Place::File {
            lock: Some(lock), ..
        } = &self.place
        {
            // The act is on the disk already: without the note only a later loss goes unseen.
            let _ = lock.came_to(stand.audit_n);
        }
        Committed {
            value,
            streams: stand.streams,
            access: stand.access,
            contacts: stand.contacts,
        }
    }

    /// Notes that a desk of each of these agents is connected to this process now. No act: nobody did
    /// anything, and it has no entry in the log.
    ///
    /// # Errors
    /// When it cannot be written; nothing depends on a single one.
    pub fn note_attendance(&self, agents: &[AgentId], now: Millis) -> Result<()> {
        let writer = self.writer.as_ref().ok_or(DbError::ReadOnly)?;
        writer.run(|link| {
            let tx = Tx::new(link, DEFAULT_TENANT);
            table::attendance::see(&tx, agents, now).map(|()| ((), None))
        })?;
        Ok(())
    }

    /// Writes what follows from what is kept already, such as sums, in one transaction. No act: nobody
    /// did anything, it has no entry in the log, and no desktop is told.
    ///
    /// # Errors
    /// What the closure returns (all of it is taken back then), [`DbError::Unaudited`] where it
    /// changed what desktops see, or why the transaction failed.
    pub fn derive<T, E: From<DbError>>(
        &self,
        write: impl FnOnce(&Tx<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let writer = self.writer.as_ref().ok_or(DbError::ReadOnly)?;
        let (value, _) = writer.run(|link| {
            let tx = Tx::new(link, DEFAULT_TENANT);
            let value = write(&tx)?;
            if !tx.take_changes().is_empty() {
                return Err(DbError::Unaudited.into());
            }
            Ok::<_, E>((value, None))
        })?;
        Ok(value)
    }

    /// Whether the act of this number, which was read from the database, was one of this process.
    #[must_use]
    pub fn is_ours(&self, act: u64) -> bool {
        self.writer
            .as_ref()
            .is_some_and(|writer| writer.last_act() >= act)
    }

    /// What this process committed last; nothing where it only reads.
    #[must_use]
    pub fn fresh(&self) -> Option<&Fresh> {
        self.writer.as_ref().map(Writer::fresh)
    }

    /// What was wrong with the newest acts when it was opened.
    #[must_use]
    pub fn repair(&self) -> &Repair {
        match &self.place {
            Place::File { repair, .. } => repair,
            Place::Server(_) => &Repair::None,
        }
    }

    /// Reads in one transaction: everything is of one moment.
    ///
    /// # Errors
    /// What the closure returns, or why the store cannot be read.
    pub fn read<T, E: From<DbError>>(
        &self,
        look: impl FnOnce(&Reader<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let lent = self.borrow()?;
        let link = lent.link()?;
        let result = look(&Reader {
            link,
            tenant: DEFAULT_TENANT,
        });
        // A connection that cannot end its transaction is not used again.
        if link.end_read().is_ok() {
            lent.give_back();
        }
        result
    }

    /// Reads without a transaction: each statement sees what is there at its own moment, and none has
    /// to be said around it. For what is asked again before anything is decided by it. It is called
    /// once more where the connection had been lost.
    ///
    /// # Errors
    /// What the closure returns.
    pub fn glance<T, E: From<DbError>>(
        &self,
        look: impl Fn(&Reader<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        loop {
            let lent = self.readers.borrow(|| self.reader())?;
            let link = lent.link()?;
            link.begin_glance()?;
            let result = look(&Reader {
                link,
                tenant: DEFAULT_TENANT,
            });
            if !link.is_lost() {
                lent.give_back();
                return result;
            }
            if result.is_ok() {
                return result;
            }
        }
    }

    /// Checks the whole audit chain.
    ///
    /// # Errors
    /// When the log cannot be read; a broken chain is a report, not an error.
    pub fn verify_audit(&self) -> Result<AuditReport> {
        self.read(|reader| table::audit::verify(reader, &self.keys.audit))
    }

    /// Reads every page and checks its seal; for a background job. A PostgreSQL server checks its
    /// pages by itself.
    ///
    /// # Errors
    /// [`DbError::Damaged`] with the first finding.
    pub fn check(&self) -> Result<()> {
        match &self.place {
            Place::File { path, .. } => sqlite::check(&sqlite::reader(path, &self.keys.db)?),
            Place::Server(_) => Ok(()),
        }
    }

    /// A connection in a transaction that reads. One that was lost while it was idle is replaced.
    fn borrow(&self) -> Result<Lent<'_>> {
        loop {
            let lent = self.readers.borrow(|| self.reader())?;
            let link = lent.link()?;
            match link.begin_read() {
                Ok(()) => return Ok(lent),
                Err(_) if link.is_lost() => {}
                Err(error) => return Err(error),
            }
        }
    }

    fn reader(&self) -> Result<Link> {
        match &self.place {
            Place::File { path, .. } => sqlite::reader(path, &self.keys.db)
                .map(SqliteLink)
                .map(Link::Sqlite),
            Place::Server(place) => Ok(Link::Postgres(Box::new(place.link()?))),
        }
    }

    /// The rows without which nothing else works: the head of the audit chain, the generation.
    fn prepare_tenant(&self, is_behind: bool) -> Result<()> {
        let writer = self.writer.as_ref().ok_or(DbError::ReadOnly)?;
        writer.run(|link| {
            let tx = Tx::new(link, DEFAULT_TENANT);
            table::audit::prepare(&tx)?;
            table::meta::prepare(&tx)?;
            if is_behind {
                table::meta::renew(&tx)?;
            }
            if table::meta::is_first_time(&tx, "checksums")? {
                tx.take_long()?;
                feed::recount(&tx)?;
            }
            Ok::<_, DbError>(((), None))
        })?;
        Ok(())
    }

    /// A sealed word that every process on one database must be able to read.
    fn check_key(&self) -> Result<()> {
        let writer = self.writer.as_ref().ok_or(DbError::ReadOnly)?;
        writer.run(|link| {
            table::meta::check_key(&Tx::new(link, DEFAULT_TENANT))?;
            Ok::<_, DbError>(((), None))
        })?;
        Ok(())
    }
}

/// Runs an act, and gathers what it leaves behind.
fn perform<T, E: From<DbError>>(
    link: &Link,
    act: impl FnOnce(&Tx<'_>) -> Result<Acted<T>, E>,
) -> Result<(T, Option<Left>), E> {
    let n_rows_before = link.n_touched();
    let tx = Tx::new(link, DEFAULT_TENANT);
    let acted = act(&tx)?;
    let changes = tx.take_changes();
    let Some(entry) = acted.entry else {
        if link.n_touched() != n_rows_before || !changes.is_empty() {
            return Err(DbError::Unaudited.into());
        }
        return Ok((acted.value, None));
    };
    let left = Left {
        entry,
        contacts: changes.iter().filter_map(contact_of).collect(),
        changes,
        access: tx.take_access(),
    };
    Ok((acted.value, Some(left)))
}

/// Of whom a change is.
fn contact_of(pending: &PendingChange) -> Option<ContactId> {
    match &pending.change {
        RowChange::Put {
            entity: Entity::Conversation(conversation),
        } => Some(conversation.contact_id),
        RowChange::Put {
            entity: Entity::Contact(contact),
        } => Some(contact.id),
        RowChange::Put { .. } | RowChange::Del { .. } => None,
    }
}
