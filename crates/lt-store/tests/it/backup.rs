//! Backups of the desk, and fresh desks made from them.

use std::path::Path;

use lt_protocol::sync::Entity;
use lt_seal::{Error, Secret, archive::Fault, password::Cost};
use lt_store::{
    OpState, Opened, Store, StoreError, backup,
    keys::{KeyRing, KeysError, MemorySecrets, NoSecrets},
};

use crate::world::{CARE, NOW, SALES, World, conv, customer_message, heads, me, msg, put};

const LATER: i64 = NOW + 60_000;

fn passphrase(text: &str) -> Secret<String> {
    Secret::new(text.to_owned())
}

fn words() -> Secret<String> {
    passphrase("备份的口令要很长")
}

fn ring(folder: &Path) -> KeyRing {
    KeyRing::open(folder).unwrap().with_cost(Cost::LEAST)
}

/// A desk with two unsent replies and a draft, and an archive of it.
fn backed_up() -> (World, tempfile::TempDir, std::path::PathBuf) {
    let world = World::with_conversation();
    world.send(100, 2, "第一条还没发出去");
    world.send(101, 2, "第二条还没发出去");
    world.store.save_draft(conv(1), "写到一半", NOW).unwrap();
    let place = tempfile::tempdir().unwrap();
    let out = place.path().join("desk.ltbackup");
    let made = world
        .store
        .back_up(&out, &words(), Cost::LEAST, LATER)
        .unwrap();
    assert_eq!((made.made_at, made.n_unsent), (LATER, 2));
    assert_eq!(made.account, "agent1 · 样例商店");
    assert_eq!(made.n_bytes, std::fs::metadata(&out).unwrap().len());
    assert_eq!(world.store.backed_up_at().unwrap(), Some(LATER));
    (world, place, out)
}

/// A fresh desk made from a backup of this one.
pub(crate) fn restored(world: &World, fresh: &Path) -> Store {
    let place = tempfile::tempdir().unwrap();
    let out = place.path().join("desk.ltbackup");
    world
        .store
        .back_up(&out, &words(), Cost::LEAST, LATER)
        .unwrap();
    let root = ring(fresh)
        .restore(&MemorySecrets::default(), None, &out, &words(), LATER)
        .unwrap();
    Store::open(fresh, &root, LATER).unwrap().0
}

#[test]
fn a_fresh_desk_has_what_the_old_one_had_and_is_another_installation() {
    let (mut world, place, out) = backed_up();
    // What happens later is not in it.
    world.feed(
        CARE,
        vec![put(Entity::Message(customer_message(
            9,
            7,
            9,
            "后来的消息",
        )))],
    );
    let names: Vec<_> = std::fs::read_dir(place.path()).unwrap().collect();
    assert_eq!(names.len(), 1, "nothing is left beside the archive");
    assert_eq!(backup::inspect(&out, &words()).unwrap().n_unsent, 2);

    let fresh = tempfile::tempdir().unwrap();
    let secrets = MemorySecrets::default();
    let root = ring(fresh.path())
        .restore(&secrets, None, &out, &words(), LATER)
        .unwrap();
    assert!(!root.same_as(&world.root));
    let (store, opened) = Store::open(fresh.path(), &root, LATER).unwrap();
    assert_eq!(opened, Opened::Fine);
    let account = store.account().unwrap().unwrap();
    assert_eq!(account.agent, me());
    assert!(account.session.is_none(), "nobody is signed in");
    let before = world.store.account().unwrap().unwrap();
    assert_ne!(account.device.id, before.device.id);
    assert_ne!(account.device.key.expose(), before.device.key.expose());

    let ids = |store: &Store| -> Vec<_> {
        let outbox = store.outbox().unwrap();
        outbox
            .iter()
            .map(|entry| (entry.op.id, entry.op.action.clone(), entry.state))
            .collect()
    };
    assert_eq!(ids(&store), ids(&world.store));
    assert!(
        ids(&store)
            .iter()
            .all(|(_, _, state)| *state == OpState::Queued)
    );
    assert_eq!(store.draft(conv(1)).unwrap().unwrap(), "写到一半");
    assert!(store.message(msg(101)).unwrap().is_some());
    assert!(store.message(msg(9)).unwrap().is_none());
    store.check().unwrap();
    store.verify_audit().unwrap().unwrap();

    // The numbers follow the server's word, whatever it knows of this installation.
    store
        .set_streams("g1", &heads(&[SALES]), 41, &me(), LATER)
        .unwrap();
    let numbers: Vec<_> = store.queue(0, 9).unwrap().iter().map(|op| op.n).collect();
    assert_eq!(numbers, [42, 43]);
    assert_eq!(store.keyed_at().unwrap(), LATER);
    assert!(!fresh.path().join("store.db.restored").exists());
}

#[test]
fn a_desk_without_a_keychain_gets_a_passphrase_of_its_own() {
    let (_world, _place, out) = backed_up();
    let fresh = tempfile::tempdir().unwrap();
    let mut keys = ring(fresh.path());
    assert!(matches!(
        keys.restore(&NoSecrets, None, &out, &words(), LATER),
        Err(KeysError::NeedsPassphrase)
    ));
    let own = passphrase("这台电脑自己的口令");
    let root = keys
        .restore(&NoSecrets, Some(&own), &out, &words(), LATER)
        .unwrap();
    assert!(
        ring(fresh.path())
            .unlock_passphrase(&own)
            .unwrap()
            .same_as(&root)
    );
    let (store, _) = Store::open(fresh.path(), &root, LATER).unwrap();
    // A desk that somebody uses is not written over.
    drop(store);
    assert!(matches!(
        ring(fresh.path()).restore(&NoSecrets, Some(&own), &out, &words(), LATER),
        Err(KeysError::AlreadyThere)
    ));
    let (store, opened) = Store::open(fresh.path(), &root, LATER).unwrap();
    assert_eq!((opened, store.outbox().unwrap().len()), (Opened::Fine, 2));
}

#[test]
fn a_damaged_archive_and_a_wrong_passphrase_leave_the_folder_fresh() {
    let (_world, place, out) = backed_up();
    let sound = std::fs::read(&out).unwrap();
    let fresh = tempfile::tempdir().unwrap();
    let restore = |bytes: &[u8], words: &Secret<String>| {
        let path = place.path().join("copy");
        std::fs::write(&path, bytes).unwrap();
        let refused =
            ring(fresh.path()).restore(&MemorySecrets::default(), None, &path, words, LATER);
        assert_eq!(std::fs::read_dir(fresh.path()).unwrap().count(), 0);
        match refused {
            Err(KeysError::Store(StoreError::Seal(error))) => error,
            other => panic!("{other:?}"),
        }
    };
    assert!(matches!(
        restore(&sound, &passphrase("别的口令也会很长")),
        Error::WrongSecret
    ));
    let mut flipped = sound.clone();
    flipped[sound.len() / 2] ^= 1;
    assert!(matches!(
        restore(&flipped, &words()),
        Error::Archive(Fault::Altered(_))
    ));
    let cut = &sound[..sound.len() - 10];
    assert!(matches!(
        restore(cut, &words()),
        Error::Archive(Fault::Cut(_))
    ));
    assert!(matches!(
        restore(b"PK\x03\x04", &words()),
        Error::Malformed(_)
    ));
}

#[test]
fn an_archive_holds_nothing_readable_and_no_key() {
    let (world, _place, out) = backed_up();
    let bytes = std::fs::read(&out).unwrap();
    let holds = |needle: &[u8]| bytes.windows(needle.len()).any(|window| window == needle);
    let device = world.store.account().unwrap().unwrap().device;
    let hex = world.root.to_hex_secret();
    for needle in [
        "还没发出去".as_bytes(),
        "写到一半".as_bytes(),
        "王小明".as_bytes(),
        b"token-that-must-not-leak",
        b"SQLite format 3",
        hex.expose().as_bytes(),
        world.root.expose(),
        device.key.expose(),
    ] {
        assert!(!holds(needle));
    }
    assert!(holds(b"LTAR"), "the search finds what is there");
}

#[test]
fn an_archive_is_never_written_over() {
    let (world, _place, out) = backed_up();
    let before = std::fs::read(&out).unwrap();
    let again = world.store.back_up(&out, &words(), Cost::LEAST, LATER);
    assert!(matches!(again, Err(StoreError::Io(_))));
    assert_eq!(std::fs::read(&out).unwrap(), before);
}
