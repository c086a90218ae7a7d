//! What one would write first: each message a transaction of its own, with the same rows as ours
//! but no seal, no chain and no sockets. On PostgreSQL the transaction notifies, and the listener
//! reads the row; on SQLite the message counts as delivered as soon as it is durable.

use std::{
    ops::Range,
    path::Path,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use anyhow::Result;
use postgres::{Client, NoTls, fallible_iterator::FallibleIterator};
use rusqlite::Connection;

use super::{
    board::{self, Board},
    write_path::{N_WRITERS, per_second},
};

/// Conversations that the messages go to.
const N_CONVERSATIONS: usize = 1_000;
/// A listener that hears nothing for so long looks whether it is over.
const LOOK_EVERY: Duration = Duration::from_millis(50);
/// What has not arrived after so long is lost.
const SILENCE: Duration = Duration::from_secs(10);

/// The same on both.
const TABLES: &str = "
    CREATE TABLE twin_contact (id BIGINT PRIMARY KEY, last_seq BIGINT NOT NULL);
    CREATE TABLE twin_conversation (id BIGINT PRIMARY KEY, seq BIGINT NOT NULL, body TEXT NOT NULL);
    CREATE TABLE twin_message (id BIGINT PRIMARY KEY, conversation BIGINT NOT NULL, body TEXT NOT NULL);
    CREATE INDEX twin_message_by_conversation ON twin_message (conversation, id);
    CREATE TABLE twin_counter (stream BIGINT PRIMARY KEY, n BIGINT NOT NULL);
    CREATE TABLE twin_change (stream BIGINT NOT NULL, seq BIGINT NOT NULL, body TEXT NOT NULL,
        PRIMARY KEY (stream, seq));
    CREATE TABLE twin_audit (id BIGINT PRIMARY KEY, body TEXT NOT NULL);
";
const CONTACT: &str = "UPDATE twin_contact SET last_seq = last_seq + 1 WHERE id = $1";
const MESSAGE: &str = "INSERT INTO twin_message (id, conversation, body) VALUES ($1, $2, $3)";
const CONVERSATION: &str = "UPDATE twin_conversation SET seq = seq + 1, body = $2 WHERE id = $1";
const COUNTER: &str = "UPDATE twin_counter SET n = n + 2 WHERE stream = $1 RETURNING n";
const CHANGE: &str = "INSERT INTO twin_change (stream, seq, body) VALUES ($1, $2, $3)";
const AUDIT: &str = "INSERT INTO twin_audit (id, body) VALUES ($1, $2)";
const READ: &str = "SELECT body FROM twin_message WHERE id = $1";

/// A conversation as a row that travels: about as long as ours.
fn long_body(text: &str) -> String {
    format!("{{\"text\":\"{text}\",\"rest\":\"{}\"}}", "x".repeat(350))
}

/// Plain SQLite, one transaction a message, flushed each time.
pub struct Sqlite(Mutex<Connection>);

impl Sqlite {
    /// A new file.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn new(path: &Path) -> Result<Self> {
        let connection = Connection::open(path)?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.execute_batch(TABLES)?;
        connection.execute_batch("BEGIN")?;
        for id in ids() {
            connection.execute("INSERT INTO twin_contact VALUES ($1, 0)", [id])?;
            connection.execute("INSERT INTO twin_conversation VALUES ($1, 0, '')", [id])?;
            connection.execute("INSERT INTO twin_counter VALUES ($1, 0)", [id])?;
        }
        connection.execute_batch("COMMIT")?;
        Ok(Self(Mutex::new(connection)))
    }

    fn store(&self, n: usize) -> Result<()> {
        let mut connection = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (id, of, text) = (i64::try_from(n)?, conversation(n), board::text(n));
        let long = long_body(&text);
        let tx = connection.transaction()?;
        let _ = tx.prepare_cached(CONTACT)?.execute([of])?;
        let _ = tx.prepare_cached(MESSAGE)?.execute((id, of, &text))?;
        let _ = tx.prepare_cached(CONVERSATION)?.execute((of, &long))?;
        let seq: i64 = tx
            .prepare_cached(COUNTER)?
            .query_row([of], |row| row.get(0))?;
        let _ = tx.prepare_cached(CHANGE)?.execute((of, seq - 1, &long))?;
        let _ = tx.prepare_cached(CHANGE)?.execute((of, seq, &text))?;
        let _ = tx.prepare_cached(AUDIT)?.execute((id, &text))?;
        Ok(tx.commit()?)
    }

    /// Messages a second, closed loop.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn per_second(&self, during: Duration, from: usize) -> Result<f64> {
        let next = AtomicUsize::new(from);
        per_second(during, |_| {
            Ok(|| self.store(next.fetch_add(1, Ordering::Relaxed)))
        })
    }

    /// The same messages at the same rate.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn at_rate(&self, board: &Board, range: Range<usize>, per_s: u32) -> Result<()> {
        writers_at_rate(board, range, per_s, |_| {
            Ok(|n| {
                self.store(n)?;
                board.see(n, true);
                Ok(())
            })
        })
    }
}

/// PostgreSQL, one transaction and one NOTIFY a message.
pub struct Postgres {
    url: String,
}

impl Postgres {
    /// In a database that has no such tables yet.
    ///
    /// # Errors
    /// What PostgreSQL says.
    pub fn new(url: &str) -> Result<Self> {
        let mut client = Client::connect(url, NoTls)?;
        client.batch_execute(TABLES)?;
        let last = i64::try_from(N_CONVERSATIONS)? - 1;
        client.batch_execute(&format!(
            "INSERT INTO twin_contact SELECT i, 0 FROM generate_series(0, {last}) i;
             INSERT INTO twin_conversation SELECT i, 0, '' FROM generate_series(0, {last}) i;
             INSERT INTO twin_counter SELECT i, 0 FROM generate_series(0, {last}) i;"
        ))?;
        Ok(Self {
            url: url.to_owned(),
        })
    }

    fn writer(&self) -> Result<impl FnMut(usize) -> Result<()>> {
        let mut client = Client::connect(&self.url, NoTls)?;
        let contact = client.prepare(CONTACT)?;
        let message = client.prepare(MESSAGE)?;
        let conversations = client.prepare(CONVERSATION)?;
        let counter = client.prepare(COUNTER)?;
        let change = client.prepare(CHANGE)?;
        let audit = client.prepare(AUDIT)?;
        let notify = client.prepare("SELECT pg_notify('twin', $1)")?;
        Ok(move |n: usize| {
            let (id, of, text) = (i64::try_from(n)?, conversation(n), board::text(n));
            let long = long_body(&text);
            let mut tx = client.transaction()?;
            tx.execute(&contact, &[&of])?;
            tx.execute(&message, &[&id, &of, &text])?;
            tx.execute(&conversations, &[&of, &long])?;
            let seq: i64 = tx.query_one(&counter, &[&of])?.get(0);
            tx.execute(&change, &[&of, &(seq - 1), &long])?;
            tx.execute(&change, &[&of, &seq, &text])?;
            tx.execute(&audit, &[&id, &text])?;
            tx.execute(&notify, &[&id.to_string()])?;
            Ok(tx.commit()?)
        })
    }

    /// Messages a second, closed loop.
    ///
    /// # Errors
    /// What PostgreSQL says.
    pub fn per_second(&self, during: Duration, from: usize) -> Result<f64> {
        let next = AtomicUsize::new(from);
        per_second(during, |_| {
            let mut write = self.writer()?;
            let next = &next;
            Ok(move || write(next.fetch_add(1, Ordering::Relaxed)))
        })
    }

    /// The same messages at the same rate.
    ///
    /// # Errors
    /// What PostgreSQL says.
    pub fn at_rate(&self, board: &Board, range: Range<usize>, per_s: u32) -> Result<()> {
        let is_over = AtomicBool::new(false);
        let mut listener = Client::connect(&self.url, NoTls)?;
        let mut reader = Client::connect(&self.url, NoTls)?;
        let read = reader.prepare(READ)?;
        listener.batch_execute("LISTEN twin")?;
        thread::scope(|scope| {
            let is_over = &is_over;
            let listening = scope.spawn(move || -> Result<()> {
                while !is_over.load(Ordering::Relaxed) {
                    let mut notifications = listener.notifications();
                    let mut heard = notifications.timeout_iter(LOOK_EVERY);
                    while let Some(notification) = heard.next()? {
                        let n: i64 = notification.payload().parse()?;
                        if reader.query_opt(&read, &[&n])?.is_some() {
                            board.see(usize::try_from(n)?, true);
                        }
                    }
                }
                Ok(())
            });
            let written = writers_at_rate(board, range.clone(), per_s, |_| self.writer());
            let mut last = (board.progress(range.clone()), Instant::now());
            while written.is_ok() && last.0.0 > last.0.1 && last.1.elapsed() < SILENCE {
                thread::sleep(LOOK_EVERY);
                let progress = board.progress(range.clone());
                if progress != last.0 {
                    last = (progress, Instant::now());
                }
            }
            is_over.store(true, Ordering::Relaxed);
            let listened = listening
                .join()
                .map_err(|_| anyhow::anyhow!("the listener broke off"))?;
            written.and(listened)
        })
    }
}

/// Writers that take the messages in turn, each at its moment or as soon as one is free.
fn writers_at_rate<W>(
    board: &Board,
    range: Range<usize>,
    per_s: u32,
    writer: impl Fn(usize) -> Result<W> + Sync,
) -> Result<()>
where
    W: FnMut(usize) -> Result<()>,
{
    let next = AtomicUsize::new(range.start);
    let gap = Duration::from_secs(1) / per_s.max(1);
    let begin = Instant::now() + Duration::from_millis(200);
    thread::scope(|scope| {
        let writers: Vec<_> = (0..N_WRITERS)
            .map(|idx| {
                let (next, range, writer) = (&next, range.clone(), &writer);
                scope.spawn(move || -> Result<()> {
                    let mut write = writer(idx)?;
                    loop {
                        let n = next.fetch_add(1, Ordering::Relaxed);
                        if n >= range.end {
                            return Ok(());
                        }
                        let at = begin + gap * u32::try_from(n - range.start)?;
                        thread::sleep(at.saturating_duration_since(Instant::now()));
                        board.is_due(n, at);
                        write(n)?;
                        board.acknowledge(n);
                    }
                })
            })
            .collect();
        writers.into_iter().try_for_each(|writer| {
            writer
                .join()
                .map_err(|_| anyhow::anyhow!("a writer broke off"))?
        })
    })
}

fn ids() -> impl Iterator<Item = i64> {
    (0..N_CONVERSATIONS).filter_map(|id| i64::try_from(id).ok())
}

fn conversation(n: usize) -> i64 {
    i64::try_from(n % N_CONVERSATIONS).unwrap_or(0)
}
