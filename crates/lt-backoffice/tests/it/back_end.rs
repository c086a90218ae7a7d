//! Which back end the tests of this process use: the embedded one, or PostgreSQL where
//! [`BACK_END`] says so. One test runs all others again in a process that says so.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    process::Command,
    sync::Mutex,
    thread,
};

use lt_db::{
    Db,
    raw::Raw,
    scratch::{SERVER, Scratch},
};
use postgres::{Client, NoTls};

use crate::world::root;

/// Names the back end of a process.
const BACK_END: &str = "LINGTAI_TEST_BACK_END";
const POSTGRES: &str = "postgres";

/// The database of each path, for as long as the process runs.
static SCRATCHES: Mutex<Option<HashMap<PathBuf, Scratch>>> = Mutex::new(None);

/// Whether the tests of this process use PostgreSQL. What is about the embedded file leaves then.
pub(crate) fn is_postgres() -> bool {
    std::env::var(BACK_END).as_deref() == Ok(POSTGRES)
}

/// The database of a path, the same at every call.
pub(crate) fn open(path: &Path) -> Db {
    if is_postgres() {
        Db::connect(&url(path), &root()).unwrap()
    } else {
        Db::open(path, &root()).unwrap()
    }
}

fn url(path: &Path) -> String {
    let mut scratches = SCRATCHES.lock().unwrap();
    let scratch = scratches
        .get_or_insert_default()
        .entry(path.to_owned())
        .or_insert_with(|| Scratch::new().unwrap());
    scratch.url().to_owned()
}

/// A way past all guards into the database of a path.
pub(crate) enum Past {
    File(Raw),
    Postgres(Box<Client>),
}

impl Past {
    pub(crate) fn open(path: &Path) -> Self {
        if is_postgres() {
            Self::Postgres(Box::new(Client::connect(&url(path), NoTls).unwrap()))
        } else {
            Self::File(Raw::open(path, &root()).unwrap())
        }
    }

    pub(crate) fn number(&mut self, sql: &str) -> i64 {
        match self {
            Self::File(raw) => raw.number(sql).unwrap(),
            Self::Postgres(client) => client
                .query_one(&format!("SELECT CAST(({sql}) AS BIGINT)"), &[])
                .unwrap()
                .get(0),
        }
    }

    pub(crate) fn text(&mut self, sql: &str) -> String {
        match self {
            Self::File(raw) => raw.text(sql).unwrap(),
            Self::Postgres(client) => client.query_one(sql, &[]).unwrap().get(0),
        }
    }
}

/// All other tests of this program, on PostgreSQL.
#[test]
fn all_of_it_holds_on_postgresql() {
    if is_postgres() || Scratch::new().is_none() {
        return;
    }
    let program = std::env::current_exe().unwrap();
    let run = move || {
        Command::new(program)
            .env(BACK_END, POSTGRES)
            .env(SERVER, std::env::var(SERVER).unwrap())
            .output()
            .unwrap()
    };
    let output = thread::spawn(run).join().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    println!("{said}{}", String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "on PostgreSQL");
    // Tests that were all filtered away would succeed too.
    assert!(said.contains("ops::"), "it ran them");
}
