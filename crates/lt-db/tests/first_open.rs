//! The first databases of a process, opened by several threads at once. SQLCipher sets itself up
//! at the first connection; a second one that comes in the middle must wait, not fail. Every try
//! needs a process of its own.

#![expect(
    clippy::unwrap_used,
    reason = "a failing step of a test fails the test"
)]

use std::{env, process::Command, sync::Barrier, thread};

use lt_db::Db;
use lt_seal::Key32;

/// Set for the process that tries once.
const TRY: &str = "LT_DB_FIRST_OPEN";
const N_TRIES: usize = 60;
const N_THREADS: usize = 8;

#[test]
fn several_threads_open_their_first_database_at_once() {
    if env::var_os(TRY).is_some() {
        return open_at_once();
    }
    for n in 0..N_TRIES {
        let tried = Command::new(env::current_exe().unwrap())
            .env(TRY, "1")
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&tried.stdout);
        assert!(tried.status.success(), "try {n}: {said}");
    }
}

fn open_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let start = Barrier::new(N_THREADS);
    thread::scope(|scope| {
        for n in 0..N_THREADS {
            let (start, folder) = (&start, folder.path());
            scope.spawn(move || {
                start.wait();
                Db::open(&folder.join(format!("{n}.db")), &Key32::new([7; 32])).unwrap();
            });
        }
    });
}
