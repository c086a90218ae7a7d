//! One connection to PostgreSQL, as tables use it.

use std::{
    cell::RefCell,
    collections::HashMap,
    thread,
    time::{Duration, Instant},
};

use tokio_postgres::{Statement, types::ToSql};

use lt_seal::Key32;

use super::{
    pipe::Pipe,
    value::{Bound, read},
};
use crate::{
    error::{DbError, Result},
    seam::DEFAULT_TENANT,
    value::{Row, Value},
};

/// Names the lock that a writing transaction takes first, among all locks of the database.
const WRITING: i64 = 0x6c69_6e67_7461_6900;

/// Every index of ours begins with the tenant. A plan that was made while a table was as good as empty
/// may have taken any of them, and the server keeps plans for as long as a connection lives or until it
/// counts the table again. So they are made anew while the data may have grown by much: after so long,
/// and after twice as long each time.
const FIRST_PLANS: Duration = Duration::from_secs(1);
/// And from then on each time after so long.
const PLANS: Duration = Duration::from_secs(60);

/// A connection.
pub(crate) struct PgLink {
    inner: RefCell<Inner>,
    body_key: Key32,
}

struct Inner {
    /// Taken when the link goes.
    pipe: Option<Pipe>,
    statements: HashMap<String, Statement>,
    n_touched: u64,
    /// Whether the transaction has a part that was not ended.
    has_part: bool,
    /// When the plans were made, and how long they hold.
    plans: (Instant, Duration),
}

impl PgLink {
    pub(super) fn new(pipe: Pipe, body_key: Key32) -> Self {
        Self {
            inner: RefCell::new(Inner {
                pipe: Some(pipe),
                statements: HashMap::new(),
                n_touched: 0,
                has_part: false,
                plans: (Instant::now(), FIRST_PLANS),
            }),
            body_key,
        }
    }

    pub(crate) fn query(&self, sql: &str, parameters: &[Value]) -> Result<Vec<Row>> {
        let inner = &mut *self.inner.borrow_mut();
        let statement = inner.statement(sql)?;
        let bound = bound(parameters, &self.body_key);
        let pipe = inner.pipe()?;
        let client = pipe.client();
        let rows = pipe.wait(client.query(&statement, &references(&bound)))?;
        if !sql.starts_with("SELECT") {
            inner.n_touched += rows.len() as u64;
        }
        rows.iter().map(|row| read(row, &self.body_key)).collect()
    }

    pub(crate) fn execute(&self, sql: &str, parameters: &[Value]) -> Result<usize> {
        let inner = &mut *self.inner.borrow_mut();
        let statement = inner.statement(sql)?;
        let bound = bound(parameters, &self.body_key);
        let pipe = inner.pipe()?;
        let client = pipe.client();
        let n_rows = pipe.wait(client.execute(&statement, &references(&bound)))?;
        inner.n_touched += n_rows;
        Ok(usize::try_from(n_rows).unwrap_or(usize::MAX))
    }

    /// Executes without waiting: whatever is waited for next brings the error, if there is one.
    pub(crate) fn send(&self, sql: &str, parameters: &[Value]) -> Result<()> {
        let inner = &mut *self.inner.borrow_mut();
        let statement = inner.statement(sql)?;
        let (parameters, key) = (parameters.to_vec(), self.body_key.clone());
        let pipe = inner.pipe()?;
        let client = pipe.client();
        pipe.send(async move {
            let bound = bound(&parameters, &key);
            client.execute_raw(&statement, &bound).await
        });
        inner.n_touched += 1;
        Ok(())
    }

    pub(crate) fn run(&self, sql: &str) -> Result<()> {
        let inner = &mut *self.inner.borrow_mut();
        let pipe = inner.pipe()?;
        let client = pipe.client();
        pipe.wait(client.batch_execute(sql))
    }

    /// Takes back what was done since the last part began, and whatever went wrong with it.
    pub(crate) fn take_back(&self, sql: &str) -> Result<()> {
        let inner = &mut *self.inner.borrow_mut();
        let pipe = inner.pipe()?;
        let client = pipe.client();
        pipe.wait_whatever(client.batch_execute(sql))
    }

    /// Waits for everything that was sent.
    pub(crate) fn settle(&self) -> Result<()> {
        self.inner.borrow_mut().pipe()?.settle()
    }

    /// Ends a transaction that read: nothing of it is waited for.
    pub(crate) fn end_read(&self) -> Result<()> {
        let inner = &mut *self.inner.borrow_mut();
        inner.run_later("COMMIT")?;
        inner.pipe()?.flush();
        Ok(())
    }

    /// Begins a transaction and waits until no other process is in one that writes. What it reads
    /// from then on is what they committed.
    pub(crate) fn begin_write(&self) -> Result<()> {
        let lock = WRITING + DEFAULT_TENANT;
        self.inner.borrow_mut().has_part = false;
        self.run(&format!("BEGIN; SELECT pg_advisory_xact_lock({lock})"))?;
        self.renew_plans()
    }

    /// Begins a transaction that reads: everything is of one moment.
    pub(crate) fn begin_read(&self) -> Result<()> {
        self.run("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY")?;
        self.renew_plans()
    }

    /// Before statements outside of a transaction.
    pub(crate) fn begin_glance(&self) -> Result<()> {
        self.renew_plans()
    }

    fn renew_plans(&self) -> Result<()> {
        let inner = &mut *self.inner.borrow_mut();
        let (made_at, hold) = inner.plans;
        if made_at.elapsed() < hold {
            return Ok(());
        }
        inner.plans = (Instant::now(), (hold * 2).min(PLANS));
        inner.run_later("DISCARD PLANS")
    }

    /// Ends the part before, if there is one, and begins another one.
    pub(crate) fn begin_part(&self) -> Result<()> {
        let inner = &mut *self.inner.borrow_mut();
        let had_part = std::mem::replace(&mut inner.has_part, true);
        inner.run_later(if had_part {
            "RELEASE act; SAVEPOINT act"
        } else {
            "SAVEPOINT act"
        })
    }

    pub(crate) fn n_touched(&self) -> u64 {
        self.inner.borrow().n_touched
    }

    pub(crate) fn is_lost(&self) -> bool {
        self.inner
            .borrow()
            .pipe
            .as_ref()
            .is_none_or(Pipe::is_closed)
    }
}

impl Drop for PgLink {
    /// It ends a runtime of its own, which it must not do on a thread that runs async tasks;
    /// whoever lets go of the last connection may be one.
    fn drop(&mut self) {
        let pipe = self.inner.get_mut().pipe.take();
        let thread = thread::Builder::new().spawn(move || drop(pipe));
        if let Ok(thread) = thread {
            // Nothing in it panics.
            let _ = thread.join();
        }
    }
}

impl Inner {
    fn pipe(&mut self) -> Result<&mut Pipe> {
        self.pipe
            .as_mut()
            .ok_or(DbError::Shape("a connection that is closed"))
    }

    fn run_later(&mut self, sql: &'static str) -> Result<()> {
        let pipe = self.pipe()?;
        let client = pipe.client();
        pipe.send(async move { client.batch_execute(sql).await.map(|()| 0) });
        Ok(())
    }

    fn statement(&mut self, sql: &str) -> Result<Statement> {
        if let Some(statement) = self.statements.get(sql) {
            return Ok(statement.clone());
        }
        let pipe = self.pipe()?;
        let client = pipe.client();
        let statement = pipe.wait(client.prepare(sql))?;
        self.statements.insert(sql.to_owned(), statement.clone());
        Ok(statement)
    }
}

fn bound<'v>(parameters: &'v [Value], key: &'v Key32) -> Vec<Bound<'v>> {
    parameters
        .iter()
        .map(|value| Bound { value, key })
        .collect()
}

fn references<'b>(bound: &'b [Bound<'b>]) -> Vec<&'b (dyn ToSql + Sync)> {
    bound
        .iter()
        .map(|value| value as &(dyn ToSql + Sync))
        .collect()
}
