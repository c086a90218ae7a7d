//! Fresh PostgreSQL databases for tests.

use std::{
    io::Write,
    process,
    sync::atomic::{AtomicU64, Ordering},
    thread,
    time::{SystemTime, UNIX_EPOCH},
};

use postgres::{Client, NoTls};

/// Names a PostgreSQL database whose owner may create databases, as `postgres://…`.
pub const SERVER: &str = "LINGTAI_TEST_POSTGRES";
/// Set to 1 where tests that need PostgreSQL must run.
pub const REQUIRED: &str = "LINGTAI_TEST_POSTGRES_REQUIRED";

static NEXT: AtomicU64 = AtomicU64::new(1);

/// A database of its own, dropped with it.
#[derive(Debug)]
pub struct Scratch {
    server: String,
    name: String,
    url: String,
}

impl Scratch {
    /// An empty database on the server that [`SERVER`] names; none, with a line that says so, where
    /// it names none.
    ///
    /// # Panics
    /// When the database cannot be made, or there is no server although [`REQUIRED`] is 1.
    #[must_use]
    pub fn new() -> Option<Self> {
        let Ok(server) = std::env::var(SERVER) else {
            assert!(
                std::env::var(REQUIRED).as_deref() != Ok("1"),
                "{REQUIRED}=1, but {SERVER} names no server"
            );
            // Past the harness, which keeps what a passing test prints to itself.
            let line = "names no PostgreSQL server (see `cargo xtask postgres`)";
            let _ = writeln!(std::io::stderr(), "skipped: {SERVER} {line}");
            return None;
        };
        let (address, _) = server.rsplit_once('/').unwrap_or((&server, ""));
        let nanos = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since| since.subsec_nanos());
        let n = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("scratch_{}_{nanos}_{n}", process::id());
        let url = format!("{address}/{name}");
        if let Err(error) = run(&server, &format!("CREATE DATABASE {name}")) {
            panic!("no scratch database on the server of {SERVER}: {error}");
        }
        Some(Self { server, name, url })
    }

    /// Where it is, with user and password.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let drop = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name);
        // The server may have been stopped by the test; then it goes with the cluster.
        let _ = run(&self.server, &drop);
    }
}

/// Runs a statement on a thread of its own, because the client must not block an asynchronous one.
fn run(url: &str, statement: &str) -> Result<(), String> {
    let run = || Client::connect(url, NoTls)?.batch_execute(statement);
    thread::scope(|scope| scope.spawn(run).join())
        .map_err(|_| "the client panicked".to_owned())?
        .map_err(|error| error.to_string())
}
