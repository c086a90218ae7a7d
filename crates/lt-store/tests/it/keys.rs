//! The key file and who opens it.

use lt_model::id::DeviceId;
use lt_seal::{Key32, Secret, password::Cost};
use lt_store::keys::{
    KeyRing, KeysError, KeysState, MemorySecrets, NoSecrets, SecretError, SecretStore, ShareHolder,
    SlotKind,
};

use crate::world::NOW;

/// A keychain that takes everything and keeps nothing.
struct Forgetful;

impl SecretStore for Forgetful {
    fn backend(&self) -> &str {
        "forgetful"
    }

    fn available(&self) -> bool {
        false
    }

    fn get(&self, _: &str) -> Result<Option<Key32>, SecretError> {
        Ok(None)
    }

    fn set(&self, _: &str, _: &Key32) -> Result<(), SecretError> {
        Ok(())
    }

    fn delete(&self, _: &str) -> Result<(), SecretError> {
        Ok(())
    }
}

fn open(folder: &std::path::Path) -> KeyRing {
    KeyRing::open(folder).unwrap().with_cost(Cost::LEAST)
}

fn passphrase(text: &str) -> Secret<String> {
    Secret::new(text.to_owned())
}

#[test]
fn a_keychain_opens_the_file_that_it_made() {
    let folder = tempfile::tempdir().unwrap();
    let secrets = MemorySecrets::default();
    let mut keys = open(folder.path());
    assert_eq!(keys.state(), KeysState::Fresh);
    let root = keys.create(&secrets, None, NOW).unwrap();
    let mut keys = open(folder.path());
    assert_eq!(keys.state(), KeysState::Keychain);
    assert!(keys.unlock_keychain(&secrets).unwrap().same_as(&root));
}

#[test]
fn a_keychain_that_forgot_never_leads_to_a_new_key() {
    let folder = tempfile::tempdir().unwrap();
    open(folder.path())
        .create(&MemorySecrets::default(), None, NOW)
        .unwrap();
    let before = std::fs::read(folder.path().join("keys.json")).unwrap();

    let other = MemorySecrets::default();
    let mut keys = open(folder.path());
    assert!(matches!(
        keys.unlock_keychain(&other),
        Err(KeysError::KeychainForgot)
    ));
    assert!(matches!(
        keys.create(&other, Some(&passphrase("long enough")), NOW),
        Err(KeysError::AlreadyThere)
    ));
    assert_eq!(
        std::fs::read(folder.path().join("keys.json")).unwrap(),
        before
    );
}

#[test]
fn without_a_keychain_a_passphrase_is_needed_and_opens() {
    for secrets in [&NoSecrets as &dyn SecretStore, &Forgetful] {
        let folder = tempfile::tempdir().unwrap();
        let mut keys = open(folder.path());
        assert!(matches!(
            keys.create(secrets, None, NOW),
            Err(KeysError::NeedsPassphrase)
        ));
        assert!(!folder.path().join("keys.json").exists(), "never in clear");
        assert!(matches!(
            keys.create(secrets, Some(&passphrase("短")), NOW),
            Err(KeysError::ShortPassphrase)
        ));
        let root = keys
            .create(secrets, Some(&passphrase("青山不改绿水长流")), NOW)
            .unwrap();
        let mut keys = open(folder.path());
        assert_eq!(keys.state(), KeysState::Locked);
        assert!(
            keys.unlock_passphrase(&passphrase("青山不改绿水长流"))
                .unwrap()
                .same_as(&root)
        );
        assert!(matches!(
            keys.unlock_passphrase(&passphrase("青山不改绿水长")),
            Err(KeysError::WrongPassphrase)
        ));
    }
}

/// The key file and its copy.
const FILES: [&str; 2] = ["keys.json", "keys.copy.json"];

fn damage(path: &std::path::Path) {
    let text = std::fs::read_to_string(path).unwrap();
    let changed = text.replacen("created_ms\": 1", "created_ms\": 2", 1);
    assert_ne!(text, changed);
    std::fs::write(path, changed).unwrap();
}

#[test]
fn a_damaged_key_file_is_told_from_a_wrong_passphrase() {
    let folder = tempfile::tempdir().unwrap();
    open(folder.path())
        .create(&NoSecrets, Some(&passphrase("long enough")), NOW)
        .unwrap();
    for name in FILES {
        damage(&folder.path().join(name));
    }
    assert!(matches!(
        KeyRing::open(folder.path()),
        Err(KeysError::KeyFile(_))
    ));
}

#[test]
fn one_of_the_two_key_files_is_enough() {
    let damages: [fn(&std::path::Path); 4] = [
        damage,
        |path| std::fs::remove_file(path).unwrap(),
        |path| std::fs::write(path, b"").unwrap(),
        |path| std::fs::write(path, [0xFF; 90]).unwrap(),
    ];
    for name in FILES {
        for damage in damages {
            let folder = tempfile::tempdir().unwrap();
            let secrets = MemorySecrets::default();
            let root = open(folder.path()).create(&secrets, None, NOW).unwrap();
            drop(lt_store::Store::open(folder.path(), &root, NOW).unwrap());
            let sound = std::fs::read(folder.path().join(name)).unwrap();
            damage(&folder.path().join(name));
            let (mut keys, began_anew) = KeyRing::open_or_begin_anew(folder.path(), NOW).unwrap();
            assert!(!began_anew);
            assert!(keys.unlock_keychain(&secrets).unwrap().same_as(&root));
            assert_eq!(std::fs::read(folder.path().join(name)).unwrap(), sound);
        }
    }
}

#[test]
fn a_store_that_nothing_opens_any_more_is_set_aside() {
    let damages: [fn(&std::path::Path); 2] = [damage, |path| std::fs::remove_file(path).unwrap()];
    for damage in damages {
        let folder = tempfile::tempdir().unwrap();
        let secrets = MemorySecrets::default();
        let root = open(folder.path()).create(&secrets, None, NOW).unwrap();
        let (store, _) = lt_store::Store::open(folder.path(), &root, NOW).unwrap();
        for name in FILES {
            damage(&folder.path().join(name));
        }
        assert!(matches!(
            KeyRing::open_or_begin_anew(folder.path(), NOW),
            Err(KeysError::InUse)
        ));
        drop(store);
        let sealed = std::fs::read(folder.path().join("store.db")).unwrap();
        let (mut keys, began_anew) = KeyRing::open_or_begin_anew(folder.path(), NOW).unwrap();
        assert!(began_anew);
        assert_eq!(keys.state(), KeysState::Fresh);
        let kept = crate::world::files(folder.path());
        assert!(
            kept.iter().any(|(_, bytes)| *bytes == sealed),
            "not removed"
        );
        let root = keys.create(&secrets, None, NOW).unwrap();
        let (_, opened) = lt_store::Store::open(folder.path(), &root, NOW).unwrap();
        assert_eq!(opened, lt_store::Opened::Fine);
        let (_, began_anew) = KeyRing::open_or_begin_anew(folder.path(), NOW).unwrap();
        assert!(!began_anew, "told once");
    }
    let folder = tempfile::tempdir().unwrap();
    let (keys, began_anew) = KeyRing::open_or_begin_anew(folder.path(), NOW).unwrap();
    assert!(
        !began_anew && keys.state() == KeysState::Fresh,
        "nothing was there"
    );
}

#[test]
fn a_key_file_of_a_later_version_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    open(folder.path())
        .create(&MemorySecrets::default(), None, NOW)
        .unwrap();
    let path = folder.path().join("keys.json");
    let later = r#"{"key_file": {"version": 9, "slots": {}}, "checksum": ""}"#;
    std::fs::write(&path, later).unwrap();
    assert!(matches!(
        KeyRing::open_or_begin_anew(folder.path(), NOW),
        Err(KeysError::KeyFile(lt_seal::Error::UnknownVersion(9)))
    ));
    assert_eq!(std::fs::read_to_string(&path).unwrap(), later);
}

#[test]
fn the_root_key_is_not_in_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let secrets = MemorySecrets::default();
    let root = open(folder.path())
        .create(&secrets, Some(&passphrase("long enough")), NOW)
        .unwrap();
    let text = std::fs::read_to_string(folder.path().join("keys.json")).unwrap();
    assert!(!text.contains(root.to_hex_secret().expose().as_str()));
    assert!(
        text.contains(&root.fingerprint()),
        "control: the search finds what is there"
    );
}

#[cfg(unix)]
#[test]
fn files_are_for_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().join("desk");
    let root = open(&folder)
        .create(&MemorySecrets::default(), None, NOW)
        .unwrap();
    let (store, _) = lt_store::Store::open(&folder, &root, NOW).unwrap();
    let mode =
        |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder), 0o700);
    let names: Vec<_> = crate::world::files(&folder)
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    assert!(names.contains(&"store.db".to_owned()) && names.contains(&"keys.json".to_owned()));
    for name in names {
        assert_eq!(mode(&folder.join(&name)), 0o600, "{name}");
    }
    drop(store);
}

#[test]
fn beginning_anew_sets_aside_and_removes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let secrets = MemorySecrets::default();
    let mut keys = open(folder.path());
    let root = keys.create(&secrets, None, NOW).unwrap();
    drop(lt_store::Store::open(folder.path(), &root, NOW).unwrap());
    let before: Vec<_> = crate::world::files(folder.path())
        .into_iter()
        .map(|(_, bytes)| bytes)
        .collect();
    keys.set_aside(NOW).unwrap();
    assert_eq!(keys.state(), KeysState::Fresh);
    let after: Vec<_> = crate::world::files(folder.path())
        .into_iter()
        .map(|(_, bytes)| bytes)
        .collect();
    assert!(before.iter().all(|bytes| after.contains(bytes)));
    let new_root = keys.create(&secrets, None, NOW).unwrap();
    assert!(!new_root.same_as(&root));
    let (_, opened) = lt_store::Store::open(folder.path(), &new_root, NOW).unwrap();
    assert_eq!(opened, lt_store::Opened::Fine);
}

const SERVER: &str = "lingtai1.code";
const DEVICE: DeviceId = DeviceId(uuid::Uuid::from_u128(0xd1));

#[test]
fn the_server_s_share_opens_what_keychain_and_passphrase_open() {
    let folder = tempfile::tempdir().unwrap();
    let (secrets, share) = (MemorySecrets::default(), Key32::random().unwrap());
    let words = passphrase("青山不改绿水长流");
    let mut keys = open(folder.path());
    let root = keys.create(&secrets, Some(&words), NOW).unwrap();
    assert!(!keys.has_server());
    assert!(matches!(
        keys.unlock_server(&share),
        Err(KeysError::NoShare)
    ));
    keys.add_server(&root, &share, SERVER, DEVICE, NOW + 1)
        .unwrap();
    let [text, copy] = FILES.map(|name| std::fs::read(folder.path().join(name)).unwrap());
    assert!(text == copy);

    let mut keys = open(folder.path());
    let known = ShareHolder {
        server: SERVER.to_owned(),
        device: DEVICE,
    };
    assert_eq!(keys.server(), Some(known));
    let slots = keys.slots();
    let newest = slots.last().unwrap();
    assert_eq!(
        (newest.kind, newest.created_ms),
        (SlotKind::Server, NOW + 1)
    );
    assert!(keys.unlock_server(&share).unwrap().same_as(&root));
    assert!(keys.unlock_keychain(&secrets).unwrap().same_as(&root));
    assert!(keys.unlock_passphrase(&words).unwrap().same_as(&root));
    let other = keys.unlock_server(&Key32::random().unwrap());
    assert!(matches!(other, Err(KeysError::NoShare)));
    assert_eq!(keys.state(), KeysState::Keychain, "as it starts otherwise");
}

#[test]
fn whoever_came_in_by_the_share_puts_the_other_ways_right() {
    let (lost, new) = (
        passphrase("忘掉了的那个口令"),
        passphrase("新设的口令也很长"),
    );
    // Whether there is a keychain, whether it forgot, whether there was a passphrase, and whether a
    // new one is set.
    for (has_os, forgot, had_words, sets) in [
        (true, true, false, false),
        (true, true, true, false),
        (true, true, false, true),
        (true, false, true, true),
        (true, true, true, true),
        (false, false, true, true),
        (false, false, true, false),
    ] {
        let case = format!("{:?}", (has_os, forgot, had_words, sets));
        let folder = tempfile::tempdir().unwrap();
        let (memory, share) = (MemorySecrets::default(), Key32::random().unwrap());
        let secrets: &dyn SecretStore = if has_os { &memory } else { &NoSecrets };
        let words = had_words.then_some(&lost);
        let root = open(folder.path()).create(secrets, words, NOW).unwrap();
        open(folder.path())
            .add_server(&root, &share, SERVER, DEVICE, NOW)
            .unwrap();
        if forgot {
            memory.delete(&root.fingerprint()).unwrap();
        }
        let mut keys = open(folder.path());
        let found = keys.unlock_server(&share).unwrap();
        let short = keys.put_right(secrets, &found, Some(&passphrase("短")), NOW);
        assert!(matches!(short, Err(KeysError::ShortPassphrase)), "{case}");
        let given = memory.get(&root.fingerprint()).unwrap().is_some();
        assert_eq!(given, has_os && !forgot, "{case}: nothing was done");
        keys.put_right(secrets, &found, sets.then_some(&new), NOW + 1)
            .unwrap();

        let mut keys = open(folder.path());
        if has_os {
            assert_eq!(keys.state(), KeysState::Keychain, "{case}");
            assert!(
                keys.unlock_keychain(secrets).unwrap().same_as(&root),
                "{case}"
            );
        } else {
            assert_eq!(keys.state(), KeysState::Locked, "{case}");
        }
        let opens = |keys: &mut KeyRing, words| keys.unlock_passphrase(words).is_ok();
        assert_eq!(opens(&mut keys, &new), sets, "{case}");
        assert_eq!(opens(&mut keys, &lost), had_words && !sets, "{case}");
        assert!(keys.unlock_server(&share).unwrap().same_as(&root), "{case}");
    }
}

#[test]
fn a_keychain_that_does_not_work_is_left_alone_by_whoever_came_in_by_the_share() {
    let folder = tempfile::tempdir().unwrap();
    let share = Key32::random().unwrap();
    let root = open(folder.path())
        .create(&MemorySecrets::default(), None, NOW)
        .unwrap();
    open(folder.path())
        .add_server(&root, &share, SERVER, DEVICE, NOW)
        .unwrap();
    let before = std::fs::read(folder.path().join("keys.json")).unwrap();
    for secrets in [&NoSecrets as &dyn SecretStore, &Forgetful] {
        let mut keys = open(folder.path());
        let found = keys.unlock_server(&share).unwrap();
        keys.put_right(secrets, &found, None, NOW).unwrap();
        let after = std::fs::read(folder.path().join("keys.json")).unwrap();
        assert!(before == after, "{}", secrets.backend());
    }
}
