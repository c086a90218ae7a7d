//! A new root key, and what an interrupted change leaves.

use std::{collections::HashSet, path::Path};

use lt_model::id::DeviceId;
use lt_seal::{Key32, Secret, password::Cost, slots::KeyFile};
use lt_store::{
    Opened, Store, StoreError,
    keys::{KeyRing, KeysError, MemorySecrets, NoSecrets, SecretStore, SlotKind},
    rekey::Stage,
};
use tempfile::TempDir;

use crate::world::{NOW, World, files};

const LATER: i64 = NOW + 5;
const SERVER: &str = "https://desk.example";
const DEVICE: DeviceId = DeviceId(uuid::Uuid::from_u128(0xd1));

fn passphrase(text: &str) -> Secret<String> {
    Secret::new(text.to_owned())
}

fn ring(folder: &Path) -> KeyRing {
    KeyRing::open(folder).unwrap().with_cost(Cost::LEAST)
}

/// A folder with keys and a store with something unsent in it.
fn desk(secrets: &dyn SecretStore, words: Option<&str>) -> (TempDir, Key32) {
    let folder = tempfile::tempdir().unwrap();
    let words = words.map(passphrase);
    let root = ring(folder.path())
        .create(secrets, words.as_ref(), NOW)
        .unwrap();
    World::fill(folder.path(), &root);
    (folder, root)
}

fn is_whole(folder: &Path, root: &Key32) {
    let (store, opened) = Store::open(folder, root, NOW).unwrap();
    assert_eq!(opened, Opened::Fine);
    assert_eq!(store.outbox().unwrap().len(), 1);
    assert_eq!(store.conversations().unwrap().len(), 1);
    store.check().unwrap();
    store.verify_audit().unwrap().unwrap();
}

#[test]
fn a_new_key_opens_the_same_store_and_the_old_one_opens_nothing() {
    let secrets = MemorySecrets::default();
    let (folder, old) = desk(&secrets, Some("青山不改绿水长流"));
    let before: HashSet<Vec<u8>> = files(folder.path())
        .into_iter()
        .map(|(_, bytes)| bytes)
        .collect();
    let old_name = old.fingerprint();
    let words = passphrase("青山不改绿水长流");
    let mut stages = Vec::new();
    let new = ring(folder.path())
        .rekey(&secrets, Some(&words), LATER, &mut |stage| {
            stages.push(stage)
        })
        .unwrap();
    assert_eq!(
        stages,
        [
            Stage::Copying,
            Stage::Sealing,
            Stage::Checking,
            Stage::Placing
        ]
    );
    assert!(!new.same_as(&old));
    assert!(matches!(
        Store::open(folder.path(), &old, NOW),
        Err(StoreError::WrongKey)
    ));
    is_whole(folder.path(), &new);
    assert!(
        secrets.get(&old_name).unwrap().is_none(),
        "the keychain's entry goes"
    );
    let mut keys = ring(folder.path());
    assert!(!keys.is_rekeying());
    assert!(keys.unlock_keychain(&secrets).unwrap().same_as(&new));
    assert!(keys.unlock_passphrase(&words).unwrap().same_as(&new));
    let kinds: Vec<_> = keys
        .slots()
        .iter()
        .map(|slot| (slot.kind, slot.created_ms))
        .collect();
    assert_eq!(
        kinds,
        [(SlotKind::Os, LATER), (SlotKind::Passphrase, LATER)]
    );
    // No file is left over, and none is as it was but the lock's note.
    let names: Vec<_> = files(folder.path())
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    assert_eq!(
        names,
        [
            "keys.copy.json",
            "keys.json",
            "store.db",
            "store.key-id",
            "store.lock"
        ]
    );
    for name in ["keys.copy.json", "keys.json", "store.db", "store.key-id"] {
        assert!(
            !before.contains(&std::fs::read(folder.path().join(name)).unwrap()),
            "{name}"
        );
    }
    let (store, _) = Store::open(folder.path(), &new, NOW).unwrap();
    assert_eq!(store.keyed_at().unwrap(), LATER);
    drop(store);
    // And once more: the audit records go on under the key that they began with.
    let third = ring(folder.path())
        .rekey(&secrets, Some(&words), LATER, &mut |_| {})
        .unwrap();
    is_whole(folder.path(), &third);
}

#[test]
fn the_passphrase_is_proved_before_anything_is_changed() {
    let (folder, old) = desk(&NoSecrets, Some("青山不改绿水长流"));
    let before = files(folder.path());
    let mut keys = ring(folder.path());
    assert!(matches!(
        keys.rekey(&NoSecrets, None, LATER, &mut |_| {}),
        Err(KeysError::NeedsPassphrase)
    ));
    assert!(matches!(
        keys.rekey(
            &NoSecrets,
            Some(&passphrase("别的口令也会很长")),
            LATER,
            &mut |_| {}
        ),
        Err(KeysError::WrongPassphrase)
    ));
    assert_eq!(files(folder.path()), before);
    is_whole(folder.path(), &old);
}

#[test]
fn an_open_store_keeps_its_key() {
    let secrets = MemorySecrets::default();
    let (folder, old) = desk(&secrets, None);
    let (store, _) = Store::open(folder.path(), &old, NOW).unwrap();
    assert!(matches!(
        ring(folder.path()).rekey(&secrets, None, LATER, &mut |_| {}),
        Err(KeysError::InUse)
    ));
    drop(store);
    is_whole(folder.path(), &old);
}

/// What lies on the disk at each stage of a change, as a kill there would leave it. The server's
/// share, where one is given, opens the store too.
fn left_at_each_stage(words: &str, share: Option<&Key32>) -> Vec<(String, TempDir)> {
    let (folder, root) = desk(&NoSecrets, Some(words));
    if let Some(share) = share {
        ring(folder.path())
            .add_server(&root, share, SERVER, DEVICE, NOW)
            .unwrap();
    }
    let mut left = Vec::new();
    let keep = |name: &str, left: &mut Vec<(String, TempDir)>| {
        let copy = tempfile::tempdir().unwrap();
        for (file, bytes) in files(folder.path()) {
            std::fs::write(copy.path().join(file), bytes).unwrap();
        }
        left.push((name.to_owned(), copy));
    };
    let both = std::cell::RefCell::new(Vec::new());
    ring(folder.path())
        .rekey(&NoSecrets, Some(&passphrase(words)), LATER, &mut |stage| {
            keep(&format!("{stage:?}"), &mut left);
            if stage == Stage::Placing {
                *both.borrow_mut() = std::fs::read(folder.path().join("keys.json")).unwrap();
            }
        })
        .unwrap();
    // The database is the new one, the keys are still both; the note may be either's.
    for name in ["placed", "noted"] {
        keep(name, &mut left);
        let copy = left.last().unwrap().1.path();
        std::fs::write(copy.join("keys.json"), &*both.borrow()).unwrap();
        std::fs::write(copy.join("keys.copy.json"), &*both.borrow()).unwrap();
        if name == "placed" {
            let earlier = left[0].1.path().join("store.key-id");
            std::fs::copy(earlier, copy.join("store.key-id")).unwrap();
        }
    }
    left
}

#[test]
fn killed_at_any_stage_the_store_opens_and_one_key_is_left() {
    let words = "青山不改绿水长流";
    let left = left_at_each_stage(words, None);
    let mut n_new = 0;
    assert_eq!(left.len(), 6);
    for (stage, folder) in &left {
        let mut keys = ring(folder.path());
        assert!(keys.is_rekeying(), "{stage}");
        let root = keys.unlock_passphrase(&passphrase(words)).unwrap();
        assert!(!keys.is_rekeying(), "{stage}");
        is_whole(folder.path(), &root);
        n_new += usize::from(matches!(stage.as_str(), "placed" | "noted"));
        let text = std::fs::read_to_string(folder.path().join("keys.json")).unwrap();
        let file = KeyFile::from_json(&text).unwrap();
        assert_eq!(file.fingerprint(), root.fingerprint(), "{stage}");
        assert_eq!(
            text,
            std::fs::read_to_string(folder.path().join("keys.copy.json")).unwrap()
        );
        assert!(!folder.path().join("store.db.rekeyed").exists(), "{stage}");
        // It can be changed again.
        let again = keys
            .rekey(&NoSecrets, Some(&passphrase(words)), LATER, &mut |_| {})
            .unwrap();
        is_whole(folder.path(), &again);
    }
    assert_eq!(n_new, 2);
}

#[test]
fn a_wrong_passphrase_settles_nothing() {
    let words = "青山不改绿水长流";
    for (stage, folder) in &left_at_each_stage(words, None) {
        let before = files(folder.path());
        let wrong = ring(folder.path()).unlock_passphrase(&passphrase("别的口令也会很长"));
        assert!(matches!(wrong, Err(KeysError::WrongPassphrase)), "{stage}");
        // SQLite's own companions may come and go; the keys and the database may not change.
        for (name, bytes) in before.iter().filter(|(name, _)| !name.ends_with("-shm")) {
            assert!(
                std::fs::read(folder.path().join(name)).is_ok_and(|now| now == *bytes),
                "{stage}: {name}"
            );
        }
    }
}

#[test]
fn the_passphrase_is_changed_without_the_data() {
    let secrets = MemorySecrets::default();
    let (folder, root) = desk(&secrets, None);
    let database = std::fs::read(folder.path().join("store.db")).unwrap();
    let (first, second) = (
        passphrase("第一个口令也很长"),
        passphrase("第二个口令也很长"),
    );
    let mut keys = ring(folder.path());
    let short = keys.set_passphrase(&secrets, None, &passphrase("短"), LATER);
    assert!(matches!(short, Err(KeysError::ShortPassphrase)));
    keys.set_passphrase(&secrets, None, &first, LATER).unwrap();
    assert!(matches!(
        keys.set_passphrase(&secrets, None, &second, LATER),
        Err(KeysError::NeedsPassphrase)
    ));
    assert!(matches!(
        keys.set_passphrase(&secrets, Some(&second), &second, LATER),
        Err(KeysError::WrongPassphrase)
    ));
    keys.set_passphrase(&secrets, Some(&first), &second, LATER + 1)
        .unwrap();
    let mut keys = ring(folder.path());
    assert!(keys.unlock_passphrase(&second).unwrap().same_as(&root));
    assert!(matches!(
        keys.unlock_passphrase(&first),
        Err(KeysError::WrongPassphrase)
    ));
    assert!(keys.unlock_keychain(&secrets).unwrap().same_as(&root));
    assert_eq!(
        std::fs::read(folder.path().join("store.db")).unwrap(),
        database
    );
}

#[test]
fn a_new_key_drops_the_server_s_slot_and_it_can_be_put_back() {
    let secrets = MemorySecrets::default();
    let share = Key32::random().unwrap();
    let (folder, old) = desk(&secrets, None);
    let mut keys = ring(folder.path());
    keys.add_server(&old, &share, SERVER, DEVICE, NOW).unwrap();
    let new = keys.rekey(&secrets, None, LATER, &mut |_| {}).unwrap();
    let mut keys = ring(folder.path());
    let kinds: Vec<_> = keys.slots().iter().map(|slot| slot.kind).collect();
    assert_eq!(kinds, [SlotKind::Os]);
    assert!(matches!(
        keys.unlock_server(&share),
        Err(KeysError::NoShare)
    ));
    // The key before is no key of this file any more.
    let refused = keys.add_server(&old, &share, SERVER, DEVICE, LATER);
    assert!(matches!(refused, Err(KeysError::KeyFile(_))));
    keys.add_server(&new, &share, SERVER, DEVICE, LATER)
        .unwrap();
    let root = ring(folder.path()).unlock_server(&share).unwrap();
    is_whole(folder.path(), &root);
}

#[test]
fn killed_in_a_change_the_server_s_share_opens_what_is_still_under_the_old_key() {
    let words = "青山不改绿水长流";
    let share = Key32::random().unwrap();
    for (stage, folder) in &left_at_each_stage(words, Some(&share)) {
        let before = files(folder.path());
        let mut keys = ring(folder.path());
        assert!(keys.is_rekeying() && keys.has_server(), "{stage}");
        if matches!(stage.as_str(), "placed" | "noted") {
            // The old key is of no use there, and must not be taken for one.
            let refused = keys.unlock_server(&share);
            assert!(matches!(refused, Err(KeysError::Unsettled)), "{stage}");
            for (name, bytes) in before.iter().filter(|(name, _)| !name.ends_with("-shm")) {
                let now = std::fs::read(folder.path().join(name)).unwrap();
                assert!(now == *bytes, "{stage}: {name}");
            }
            // While both keys are there, no slot is changed.
            let root = Key32::random().unwrap();
            let refused = keys.add_server(&root, &share, SERVER, DEVICE, LATER);
            assert!(matches!(refused, Err(KeysError::Unsettled)), "{stage}");
            let root = keys.unlock_passphrase(&passphrase(words)).unwrap();
            assert!(!keys.has_server(), "{stage}");
            is_whole(folder.path(), &root);
        } else {
            let root = keys.unlock_server(&share).unwrap();
            assert!(!keys.is_rekeying() && keys.has_server(), "{stage}");
            is_whole(folder.path(), &root);
        }
    }
}
