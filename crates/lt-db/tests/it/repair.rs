//! The newest acts, when the files that hold them suffer.

use std::{
    fs,
    path::{Path, PathBuf},
};

use lt_db::{Db, DbError, Repair, table::meta};
use lt_seal::Key32;
use tempfile::TempDir;

use crate::fixture::{Shop, new_conversation, say};

/// A page and what stands before it in the log.
const FRAME_BYTES: usize = 4_096 + 24;

/// The folder of a server that was killed: its newest acts are in the log.
struct Killed {
    folder: TempDir,
    root: Key32,
    n_acts: u64,
    generation: String,
}

impl Killed {
    fn new() -> Self {
        let shop = Shop::new(1);
        for n in 0..20 {
            shop.act("conversation.begin", |tx| {
                let mut conversation = new_conversation(tx, shop.inbox, shop.groups[0])?;
                say(
                    tx,
                    &mut conversation,
                    &format!("第{n}句{}", "长".repeat(900)),
                )
            });
        }
        let folder = tempfile::tempdir().unwrap();
        for name in ["lingtai.db", "lingtai.db-wal", "lingtai.db.lock"] {
            fs::copy(shop.folder.path().join(name), folder.path().join(name)).unwrap();
        }
        Self {
            folder,
            root: shop.root.clone(),
            n_acts: shop.db.verify_audit().unwrap().count,
            generation: shop.db.read(meta::generation).unwrap(),
        }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn open(&self) -> Result<Db, DbError> {
        Db::open(&self.file("lingtai.db"), &self.root)
    }
}

fn flip(path: &Path, at: usize) {
    let mut bytes = fs::read(path).unwrap();
    bytes[at] ^= 0x40;
    fs::write(path, bytes).unwrap();
}

#[test]
fn control_a_killed_server_has_all_of_its_acts() {
    let killed = Killed::new();
    let db = killed.open().unwrap();
    assert_eq!(*db.repair(), Repair::None);
    assert_eq!(db.verify_audit().unwrap().count, killed.n_acts);
}

#[test]
fn a_changed_byte_in_the_log_hides_no_act_behind_it() {
    let (mut n_recovered, mut n_lost, mut n_refused) = (0, 0, 0);
    let n_bytes = fs::metadata(Killed::new().file("lingtai.db-wal"))
        .unwrap()
        .len() as usize;
    let n_frames = n_bytes / FRAME_BYTES;
    for frame in (0..n_frames).step_by(n_frames / 12) {
        let killed = Killed::new();
        let log = killed.file("lingtai.db-wal");
        flip(&log, 32 + frame * FRAME_BYTES + 2_000);
        let found = fs::read(&log).unwrap();
        let db = match killed.open() {
            Ok(db) => db,
            // A page of the set-up that was written once: nothing after it can be read without it.
            Err(DbError::Emptied { n_acts }) => {
                assert_eq!(n_acts, killed.n_acts);
                assert!(
                    fs::read(&log).unwrap() == found,
                    "the log is left as it was"
                );
                n_refused += 1;
                continue;
            }
            Err(other) => panic!("frame {frame}: {other}"),
        };
        let (copy, lost) = match db.repair() {
            Repair::Recovered { copy, n_acts } => {
                assert_eq!(*n_acts, killed.n_acts);
                n_recovered += 1;
                (copy, 0)
            }
            Repair::Lost { copy, n_acts } => {
                n_lost += 1;
                (copy, *n_acts)
            }
            Repair::None => panic!("frame {frame} was not noticed"),
        };
        let kept = fs::read(format!("{}-wal", copy.display())).unwrap();
        assert!(kept == found, "the log is kept as it was found");
        let audit = db.verify_audit().unwrap();
        assert_eq!(audit.broken_at, None);
        // Every count is of acts that are there.
        assert_eq!(audit.count, killed.n_acts - lost, "frame {frame}");
        assert_eq!(
            db.read(meta::generation).unwrap() == killed.generation,
            lost == 0,
            "desktops fetch anew exactly when something is missing"
        );
        db.check().unwrap();
        drop(db);
        assert_eq!(*killed.open().unwrap().repair(), Repair::None, "told once");
    }
    println!(
        "{n_frames} frames: recovered {n_recovered}, lost and told {n_lost}, refused {n_refused}"
    );
    assert!(n_recovered > 0);
}

#[test]
fn a_log_that_was_cut_off_is_told() {
    let killed = Killed::new();
    let log = fs::OpenOptions::new()
        .write(true)
        .open(killed.file("lingtai.db-wal"))
        .unwrap();
    log.set_len(log.metadata().unwrap().len() / 2).unwrap();
    let db = killed.open().unwrap();
    let Repair::Lost { n_acts, copy } = db.repair() else {
        panic!("{:?}", db.repair())
    };
    assert_eq!(
        db.verify_audit().unwrap().count + n_acts,
        killed.n_acts,
        "the number is right"
    );
    assert!(copy.exists());
    assert_ne!(db.read(meta::generation).unwrap(), killed.generation);
}

#[test]
fn a_database_that_is_gone_or_emptied_is_not_made_anew() {
    type Harm = fn(&Killed);
    let cases: [(&str, Harm); 4] = [
        ("deleted", |killed| {
            fs::remove_file(killed.file("lingtai.db")).unwrap();
        }),
        ("emptied", |killed| {
            fs::write(killed.file("lingtai.db"), b"").unwrap();
        }),
        ("its log deleted", |killed| {
            fs::remove_file(killed.file("lingtai.db-wal")).unwrap();
        }),
        ("its log garbled", |killed| {
            fs::write(killed.file("lingtai.db-wal"), [0xA5; 50_000]).unwrap();
        }),
    ];
    for (name, damage) in cases {
        let killed = Killed::new();
        damage(&killed);
        let before = names(&killed);
        for _ in 0..2 {
            let error = killed.open().err();
            let Some(DbError::Emptied { n_acts }) = error else {
                panic!("{name}: {error:?}")
            };
            assert_eq!(n_acts, killed.n_acts, "{name}");
        }
        let after = names(&killed);
        assert_eq!(after, before, "{name}: nothing is added or taken away");
        // Beginning anew is the administrator's word.
        for name in ["lingtai.db.lock", "lingtai.db", "lingtai.db-wal"] {
            let _ = fs::remove_file(killed.file(name));
        }
        killed.open().unwrap();
    }
}

/// Files with something in them, without SQLite's own index of the log.
fn names(killed: &Killed) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(killed.folder.path())
        .unwrap()
        .map(|file| file.unwrap())
        .filter(|file| file.metadata().unwrap().len() > 0)
        .map(|file| file.file_name().into_string().unwrap())
        .filter(|name| !name.ends_with("-shm"))
        .collect();
    names.sort();
    names
}

#[test]
fn a_note_that_is_garbage_stops_nobody() {
    let killed = Killed::new();
    fs::write(killed.file("lingtai.db.lock"), [0xFF; 3_000]).unwrap();
    let db = killed.open().unwrap();
    assert_eq!(*db.repair(), Repair::None);
    assert_eq!(db.verify_audit().unwrap().count, killed.n_acts);
}

#[test]
fn a_page_that_does_not_authenticate_is_called_damage_wherever_it_is_met() {
    let killed = Killed::new();
    drop(killed.open().unwrap());
    let path = killed.file("lingtai.db");
    let sound = fs::read(&path).unwrap();
    let mut n_met = 0;
    for page in 1..sound.len() / 4_096 {
        fs::write(&path, &sound).unwrap();
        flip(&path, page * 4_096 + 1_000);
        let met = killed.open().and_then(|db| {
            db.verify_audit()?;
            db.read(meta::generation)
        });
        match met {
            Ok(_) => {}
            Err(DbError::Damaged(_)) => n_met += 1,
            Err(other) => panic!("page {page}: {other:?}"),
        }
    }
    assert!(n_met > 0, "some page is met");
}
