use std::{
    fs,
    io::{Seek, SeekFrom, Write},
    path::Path,
};

use lt_db::{Db, DbError, table::meta};
use lt_seal::Key32;
use rusqlite::Connection;

use crate::fixture::{Shop, new_conversation, say};

/// A text that stands nowhere else.
const PLANTED: &str = "请寄到栖梧路五十六号锦溪花园";

/// Closes the shop and keeps its folder.
fn closed() -> (tempfile::TempDir, Key32) {
    let shop = Shop::new(1);
    shop.act("conversation.begin", |tx| {
        let mut conversation = new_conversation(tx, shop.inbox, shop.groups[0])?;
        for _ in 0..40 {
            say(tx, &mut conversation, PLANTED)?;
        }
        Ok(())
    });
    let Shop {
        folder, root, db, ..
    } = shop;
    drop(db);
    (folder, root)
}

/// Files of a folder in which the bytes stand.
fn files_with(folder: &Path, needle: &[u8]) -> Vec<String> {
    fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path())
        .filter(|path| {
            fs::read(path)
                .unwrap()
                .windows(needle.len())
                .any(|window| window == needle)
        })
        .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
        .collect()
}

#[test]
fn nothing_readable_is_on_the_disk() {
    let (folder, root) = closed();
    let needles = [
        PLANTED,
        "林晓棠",
        "王小聆",
        "conversation.begin",
        "CREATE TABLE",
    ];
    for needle in needles {
        let found = files_with(folder.path(), needle.as_bytes());
        assert!(found.is_empty(), "{needle} in {found:?}");
    }
    // While it is open, with a write-ahead log beside it, as little.
    let db = Db::open(&folder.path().join("lingtai.db"), &root).unwrap();
    for needle in needles {
        let found = files_with(folder.path(), needle.as_bytes());
        assert!(found.is_empty(), "{needle} in {found:?} while open");
    }
    drop(db);
    // The search itself finds such text in a file that is not sealed.
    let plain = tempfile::tempdir().unwrap();
    let connection = Connection::open(plain.path().join("plain.db")).unwrap();
    connection
        .execute_batch(&format!(
            "CREATE TABLE message (body TEXT); INSERT INTO message VALUES ('{PLANTED}');"
        ))
        .unwrap();
    drop(connection);
    for needle in [PLANTED, "CREATE TABLE"] {
        let found = files_with(plain.path(), needle.as_bytes());
        assert_eq!(found, ["plain.db"], "{needle}");
    }
}

#[test]
fn a_wrong_key_is_told_from_damage() {
    let (folder, root) = closed();
    let path = folder.path().join("lingtai.db");
    let wrong = Key32::new([8; 32]);
    assert!(matches!(
        Db::open(&path, &wrong).err(),
        Some(DbError::WrongKey)
    ));
    drop(Db::open(&path, &root).unwrap());

    // Restored elsewhere without its lock file, a wrong key still does not open it.
    fs::remove_file(folder.path().join("lingtai.db.lock")).unwrap();
    assert!(matches!(
        Db::open(&path, &wrong).err(),
        Some(DbError::WrongKey)
    ));
    drop(Db::open(&path, &root).unwrap());

    overwrite(&path, 64);
    assert!(matches!(
        Db::open(&path, &root).err(),
        Some(DbError::Damaged(_))
    ));
}

#[test]
fn damage_in_the_middle_is_found_by_the_check() {
    let (folder, root) = closed();
    let path = folder.path().join("lingtai.db");
    let db = Db::open(&path, &root).unwrap();
    db.check().unwrap();
    drop(db);
    let n_bytes = fs::metadata(&path).unwrap().len();
    overwrite(&path, n_bytes - 2_000);
    let found = Db::open(&path, &root).and_then(|db| db.check());
    assert!(matches!(found, Err(DbError::Damaged(_))), "{found:?}");
}

#[test]
fn one_process_at_a_time_but_others_may_look() {
    let (folder, root) = closed();
    let path = folder.path().join("lingtai.db");
    let db = Db::open(&path, &root).unwrap();
    assert!(matches!(Db::open(&path, &root).err(), Some(DbError::InUse)));
    let looking = Db::open_read_only(&path, &root).unwrap();
    assert_eq!(looking.verify_audit().unwrap(), db.verify_audit().unwrap());
    let refused = looking.write(|_| Ok::<_, DbError>(lt_db::Acted::nothing(())));
    assert!(matches!(refused.err(), Some(DbError::ReadOnly)));
    drop(db);
    drop(looking);
    Db::open(&path, &root).unwrap();
    assert!(matches!(
        Db::open_read_only(&folder.path().join("none.db"), &root).err(),
        Some(DbError::Io(_))
    ));
}

#[test]
fn a_newer_schema_is_refused() {
    let shop = Shop::new(1);
    shop.raw().run("PRAGMA user_version = 99").unwrap();
    let (path, root) = (shop.path(), shop.root.clone());
    let folder = shop.folder;
    drop(shop.db);
    assert!(matches!(Db::open(&path, &root).err(), Some(DbError::Newer)));
    drop(folder);
}

#[test]
fn the_generation_stays_and_differs_elsewhere() {
    let (folder, root) = closed();
    let path = folder.path().join("lingtai.db");
    let generation = |path: &Path| {
        let db = Db::open(path, &root).unwrap();
        db.read(meta::generation).unwrap()
    };
    assert_eq!(generation(&path), generation(&path));
    assert_ne!(
        generation(&path),
        generation(&folder.path().join("other.db"))
    );
}

fn overwrite(path: &Path, at: u64) {
    let mut file = fs::OpenOptions::new().write(true).open(path).unwrap();
    file.seek(SeekFrom::Start(at)).unwrap();
    file.write_all(&[0xA5; 64]).unwrap();
}
