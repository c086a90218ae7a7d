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
    pipe::{Asked, Pipe},
    value::{Bound, read},
};
use crate::{
    error::{DbError, Result},
    rows::Rows,
    seam::DEFAULT_TENANT,
    value::{Row, Value},
};

/// A statement of an act that takes longer, ms, is ended; the wait for the lock has a limit of its own.
const ACT_STATEMENT_MS: u32 = 5_000;
/// Where an act is known to take long, ms.
const LONG_STATEMENT_MS: u32 = 60_000;

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
    /// Whether something could not be taken back: nothing of the transaction may stay.
    is_broken: bool,
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
                is_broken: false,
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

    /// Sends a statement of many rows, without waiting.
    pub(crate) fn send_rows(&self, sql: &str, rows: Rows) -> Result<()> {
        let inner = &mut *self.inner.borrow_mut();
        for some in rows.parts() {
            let statement = inner.statement(&some.statement(sql))?;
            let key = self.body_key.clone();
            let pipe = inner.pipe()?;
            let client = pipe.client();
            pipe.send(async move {
                let columns = columns(&some, &key);
                client.execute_raw(&statement, &columns).await
            });
            inner.n_touched += 1;
        }
        Ok(())
    }

    /// Asks by a statement of many rows, without waiting.
    pub(crate) fn ask_rows(&self, sql: &str, rows: Rows) -> Result<Vec<Asked>> {
        let inner = &mut *self.inner.borrow_mut();
        let mut asked = Vec::new();
        for some in rows.parts() {
            let statement = inner.statement(&some.statement(sql))?;
            let key = self.body_key.clone();
            let pipe = inner.pipe()?;
            let client = pipe.client();
            asked.push(pipe.ask(async move {
                let columns = columns(&some, &key);
                let columns: Vec<&(dyn ToSql + Sync)> = columns
                    .iter()
                    .map(|column| column as &(dyn ToSql + Sync))
                    .collect();
                client.query(&statement, &columns).await
            }));
        }
        Ok(asked)
    }

    /// Asks without waiting.
    pub(crate) fn ask(&self, sql: &str, parameters: Vec<Value>) -> Result<Asked> {
        let inner = &mut *self.inner.borrow_mut();
        let statement = inner.statement(sql)?;
        let key = self.body_key.clone();
        let pipe = inner.pipe()?;
        let client = pipe.client();
        let asked = pipe.ask(async move {
            let bound = bound(&parameters, &key);
            client.query(&statement, &references(&bound)).await
        });
        if !sql.starts_with("SELECT") {
            inner.n_touched += 1;
        }
        Ok(asked)
    }

    /// The rows that were asked for.
    pub(crate) fn answer(&self, asked: &Asked) -> Result<Vec<Row>> {
        let rows = self.inner.borrow_mut().pipe()?.answer(asked)?;
        rows.iter().map(|row| read(row, &self.body_key)).collect()
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
        let taken_back = pipe.wait_whatever(client.batch_execute(sql));
        // To end the transaction would say that it went well, and take all of it back.
        inner.is_broken |= taken_back.is_err();
        taken_back
    }

    /// Waits for everything that was sent.
    pub(crate) fn settle(&self) -> Result<()> {
        self.inner.borrow_mut().pipe()?.settle()
    }

    /// Ends a transaction that read: nothing of it is waited for.
    pub(crate) fn end_read(&self) -> Result<()> {
        let inner = &mut *self.inner.borrow_mut();
        inner.run_later("COMMIT".to_owned())?;
        inner.pipe()?.flush();
        Ok(())
    }

    /// Begins a transaction that first waits until no other process is in one that writes. What it
    /// reads from then on is what they committed.
    pub(crate) fn begin_write(&self) -> Result<()> {
        {
            let inner = &mut *self.inner.borrow_mut();
            inner.has_part = false;
            inner.run_later(format!(
                "BEGIN; SELECT pg_advisory_xact_lock({}); \
                 SET LOCAL statement_timeout = {ACT_STATEMENT_MS}",
                WRITING + DEFAULT_TENANT
            ))?;
        }
        self.renew_plans()
    }

    /// What follows in the transaction reads much at once.
    pub(crate) fn take_long(&self) -> Result<()> {
        let inner = &mut *self.inner.borrow_mut();
        inner.run_later(format!("SET LOCAL statement_timeout = {LONG_STATEMENT_MS}"))
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
        inner.run_later("DISCARD PLANS".to_owned())
    }

    /// Ends the part before, if there is one, and begins another one.
    pub(crate) fn begin_part(&self) -> Result<()> {
        let inner = &mut *self.inner.borrow_mut();
        let had_part = std::mem::replace(&mut inner.has_part, true);
        let begin = if had_part {
            "RELEASE act; SAVEPOINT act"
        } else {
            "SAVEPOINT act"
        };
        inner.run_later(begin.to_owned())
    }

    pub(crate) fn n_touched(&self) -> u64 {
        self.inner.borrow().n_touched
    }

    pub(crate) fn is_lost(&self) -> bool {
        let inner = self.inner.borrow();
        inner.is_broken || inner.pipe.as_ref().is_none_or(Pipe::is_closed)
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

    fn run_later(&mut self, sql: String) -> Result<()> {
        let pipe = self.pipe()?;
        let client = pipe.client();
        pipe.send(async move { client.batch_execute(&sql).await.map(|()| 0) });
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

/// The rows by columns.
fn columns<'v>(rows: &'v Rows, key: &'v Key32) -> Vec<Vec<Bound<'v>>> {
    (0..rows.n_columns())
        .map(|n| {
            let column = rows.column(n);
            column.map(|value| Bound { value, key }).collect()
        })
        .collect()
}

fn references<'b>(bound: &'b [Bound<'b>]) -> Vec<&'b (dyn ToSql + Sync)> {
    bound
        .iter()
        .map(|value| value as &(dyn ToSql + Sync))
        .collect()
}
