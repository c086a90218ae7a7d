//! The seam to the back ends: what a table file may ask for. SQL is written with `$1`, `$2`, … in
//! the form that SQLite and PostgreSQL share.

use std::{
    cell::RefCell,
    collections::{BTreeSet, HashSet},
    ops::Deref,
};

use lt_model::{
    change::{EntityKind, StreamKind},
    id::AgentId,
};
use lt_protocol::sync::{Entity, RowChange};

use crate::{
    error::{DbError, Result},
    link::{Asked, Link},
    rows::Rows,
    value::{Row, Value},
};

/// The tenant of a deployment for one organisation.
pub const DEFAULT_TENANT: i64 = 1;

/// Most rows in one statement that lists them.
pub(crate) const ROWS_AT_ONCE: usize = 24;

/// Places of `n_rows` rows in a list of values, from `$1` on. PostgreSQL cannot guess the type of a
/// parameter that is only compared: a column's entry of `casts` names it, or is empty.
pub(crate) fn tuples(n_rows: usize, casts: &[&str]) -> String {
    let mut n = 0;
    let rows: Vec<String> = (0..n_rows)
        .map(|_| {
            let row: Vec<String> = casts
                .iter()
                .map(|cast| {
                    n += 1;
                    match *cast {
                        "" => format!("${n}"),
                        cast => format!("CAST(${n} AS {cast})"),
                    }
                })
                .collect();
            format!("({})", row.join(", "))
        })
        .collect();
    rows.join(", ")
}

/// Reads inside one transaction: everything it sees is of one moment.
pub struct Reader<'c> {
    pub(crate) link: &'c Link,
    pub(crate) tenant: i64,
}

/// Reads and writes inside one transaction.
pub struct Tx<'c> {
    reader: Reader<'c>,
    changes: RefCell<Vec<PendingChange>>,
    access: RefCell<AccessTouched>,
}

/// Whose access an act changed.
#[derive(Default)]
pub(crate) struct AccessTouched {
    pub(crate) everybody: bool,
    pub(crate) agents: BTreeSet<AgentId>,
}

/// A change that gets its number when the act is complete.
pub(crate) struct PendingChange {
    pub(crate) stream: StreamKind,
    pub(crate) rev: u64,
    pub(crate) change: RowChange,
}

impl Reader<'_> {
    /// Whose rows these are.
    #[must_use]
    pub fn tenant(&self) -> i64 {
        self.tenant
    }

    pub(crate) fn query(&self, sql: &str, parameters: &[Value]) -> Result<Vec<Row>> {
        self.link.query(sql, parameters)
    }

    /// Asks, and goes on: several questions that do not hang on each other's answers are one way.
    pub(crate) fn ask(&self, sql: &str, parameters: Vec<Value>) -> Result<Asked> {
        self.link.ask(sql, parameters)
    }

    /// The same by a statement with `{rows}` in it.
    pub(crate) fn ask_rows(&self, sql: &str, rows: Rows) -> Result<Asked> {
        self.link.ask_rows(sql, rows)
    }

    /// What was asked for.
    pub(crate) fn answer(&self, asked: Asked) -> Result<Vec<Row>> {
        self.link.answer(asked)
    }

    /// The first row, if there is one.
    pub(crate) fn query_one(&self, sql: &str, parameters: &[Value]) -> Result<Option<Row>> {
        Ok(self.query(sql, parameters)?.into_iter().next())
    }
}

impl<'c> Tx<'c> {
    pub(crate) fn new(link: &'c Link, tenant: i64) -> Self {
        Self {
            reader: Reader { link, tenant },
            changes: RefCell::default(),
            access: RefCell::default(),
        }
    }

    /// What this agent may see, or whether their logins hold, may be different after the act.
    pub(crate) fn access_changed(&self, agent: AgentId) {
        self.access.borrow_mut().agents.insert(agent);
    }

    /// The same of everybody.
    pub(crate) fn access_changed_for_all(&self) {
        self.access.borrow_mut().everybody = true;
    }

    pub(crate) fn take_access(&self) -> AccessTouched {
        self.access.take()
    }

    /// Runs a part of an act that may fail without failing the act: its rows and changes are taken
    /// back then.
    ///
    /// # Errors
    /// What the part returns.
    pub fn attempt<T, E: From<DbError>>(
        &self,
        part: impl FnOnce(&Self) -> Result<T, E>,
    ) -> Result<T, E> {
        let run = |sql: &str| self.reader.link.run(sql);
        let n_changes = self.changes.borrow().len();
        run("SAVEPOINT part")?;
        // What was sent without waiting may say only at the end that it went wrong.
        let result = part(self).and_then(|value| {
            run("RELEASE part")?;
            Ok(value)
        });
        if result.is_err() {
            let link = self.reader.link;
            // Where nothing of the transaction is left, why is more telling than that.
            if !link.is_taken_back() {
                link.take_back("ROLLBACK TO part; RELEASE part")?;
            }
            self.changes.borrow_mut().truncate(n_changes);
        }
        result
    }

    /// Statements of the transaction may take long from here on, as where all rows are read again.
    pub(crate) fn take_long(&self) -> Result<()> {
        self.reader.link.take_long()
    }

    /// Returns how many rows it touched.
    pub(crate) fn execute(&self, sql: &str, parameters: &[Value]) -> Result<usize> {
        self.reader.link.execute(sql, parameters)
    }

    /// The same where nothing depends on how many: it may fail as late as the act as a whole.
    pub(crate) fn send(&self, sql: &str, parameters: &[Value]) -> Result<()> {
        self.reader.link.send(sql, parameters)
    }

    /// The same for a statement with `{rows}` in it.
    pub(crate) fn send_rows(&self, sql: &str, rows: Rows) -> Result<()> {
        self.reader.link.send_rows(sql, rows)
    }

    /// Whether a statement can use what another one inside it writes.
    pub(crate) fn chains(&self) -> bool {
        self.reader.link.chains()
    }

    /// The row is now this, for everybody who sees the stream.
    pub(crate) fn put(&self, stream: StreamKind, rev: u64, entity: Entity) {
        self.push(stream, rev, RowChange::Put { entity });
    }

    /// The row is no more in the stream.
    pub(crate) fn del(&self, stream: StreamKind, rev: u64, entity: EntityKind, id: String) {
        self.push(stream, rev, RowChange::Del { entity, id });
    }

    fn push(&self, stream: StreamKind, rev: u64, change: RowChange) {
        self.changes.borrow_mut().push(PendingChange {
            stream,
            rev,
            change,
        });
    }

    /// What the act changed, in order. One act changes a row once per stream: an earlier change of
    /// the same row is superseded.
    pub(crate) fn take_changes(&self) -> Vec<PendingChange> {
        let mut seen = HashSet::new();
        let mut changes = self.changes.take();
        changes.reverse();
        changes.retain(|pending| seen.insert((pending.stream.clone(), row_of(&pending.change))));
        changes.reverse();
        changes
    }
}

impl<'c> Deref for Tx<'c> {
    type Target = Reader<'c>;

    fn deref(&self) -> &Self::Target {
        &self.reader
    }
}

/// Which row a change is about.
pub(crate) fn row_of(change: &RowChange) -> (EntityKind, String) {
    match change {
        RowChange::Put { entity } => (entity.kind(), entity.id()),
        RowChange::Del { entity, id } => (*entity, id.clone()),
    }
}
