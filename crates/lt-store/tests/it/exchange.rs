//! A backup in the place of a store in use.

use std::path::{Path, PathBuf};

use lt_seal::{Key32, Secret, password::Cost};
use lt_store::{
    Opened, Store, StoreError,
    backup::{Source, Stage},
    exchange::{self, Present, Staged},
    keys::{KeyRing, KeysError, MemorySecrets, NoSecrets, SecretStore},
};
use tempfile::TempDir;

use crate::world::{NOW, World, account, colleague, conv};

const LATER: i64 = NOW + 60_000;
/// In the former store and not in the backup.
const WRITTEN_LATER: &str = "备份之后写的";

fn words() -> Secret<String> {
    Secret::new("备份的口令要很长".to_owned())
}

/// A desk with something unsent that was backed up, and has gone on.
struct Desk {
    folder: TempDir,
    secrets: MemorySecrets,
    root: Key32,
    _place: TempDir,
    archive: PathBuf,
    words: Secret<String>,
}

impl Desk {
    fn new() -> Self {
        let (folder, place) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let secrets = MemorySecrets::default();
        let root = ring(folder.path()).create(&secrets, None, NOW).unwrap();
        World::fill(folder.path(), &root);
        let archive = place.path().join("desk.ltbackup");
        let (store, _) = Store::open(folder.path(), &root, NOW).unwrap();
        store.back_up(&archive, &words(), Cost::LEAST, NOW).unwrap();
        store.save_draft(conv(1), WRITTEN_LATER, LATER).unwrap();
        drop(store);
        Self {
            folder,
            secrets,
            root,
            _place: place,
            archive,
            words: words(),
        }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn source(&self) -> Source<'_> {
        Source {
            path: &self.archive,
            passphrase: &self.words,
        }
    }

    fn staged(&self, tell: &mut dyn FnMut(Stage)) -> Result<Staged, KeysError> {
        let (store, _) = Store::open(self.path(), &self.root, LATER).unwrap();
        let present = Present::of(&store).unwrap();
        // The desk works meanwhile.
        Staged::under_present_keys(self.path(), &present, self.source(), LATER, tell)
    }

    fn open(&self) -> Store {
        open(self.path(), &self.secrets)
    }
}

fn ring(folder: &Path) -> KeyRing {
    KeyRing::open(folder).unwrap().with_cost(Cost::LEAST)
}

/// As the program starts on a folder.
fn open(folder: &Path, secrets: &MemorySecrets) -> Store {
    let (mut ring, began_anew) = KeyRing::open_or_begin_anew(folder, LATER).unwrap();
    assert!(!began_anew);
    let root = ring.unlock_keychain(secrets).unwrap();
    let (store, opened) = Store::open(folder, &root, LATER).unwrap();
    assert_eq!(opened, Opened::Fine);
    store.check().unwrap();
    store.verify_audit().unwrap().unwrap();
    store
}

fn is_former(store: &Store) -> bool {
    store.draft(conv(1)).unwrap().as_deref() == Some(WRITTEN_LATER)
}

fn names(folder: &Path) -> Vec<String> {
    let name = |entry: std::io::Result<std::fs::DirEntry>| entry.unwrap().file_name();
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| name(entry).to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

const WHOLE: [&str; 5] = [
    "keys.copy.json",
    "keys.json",
    "store.db",
    "store.key-id",
    "store.lock",
];

#[test]
fn a_backup_takes_the_place_in_the_same_session_and_the_former_store_lies_aside_whole() {
    let desk = Desk::new();
    let before = desk.open().account().unwrap().unwrap();
    assert_eq!(exchange::former(desk.path()), None);
    let mut stages = Vec::new();
    let staged = desk.staged(&mut |stage| stages.push(stage)).unwrap();
    let (store, _) = Store::open(desk.path(), &desk.root, LATER).unwrap();
    assert!(is_former(&store), "nothing has happened yet");
    drop(store);
    let former = staged
        .exchange(true, LATER, &mut |stage| stages.push(stage))
        .unwrap();
    assert_eq!(
        stages,
        [
            Stage::Reading,
            Stage::Sealing,
            Stage::Checking,
            Stage::Placing
        ]
    );
    let store = desk.open();
    assert!(!is_former(&store));
    assert_eq!(store.outbox().unwrap().len(), 1, "waits again");
    let after = store.account().unwrap().unwrap();
    assert_eq!(after.device.id, before.device.id);
    let token = |account: &lt_store::Account| {
        let session = account.session.as_ref().unwrap();
        session.token.expose().clone()
    };
    assert_eq!(token(&after), token(&before));
    assert_eq!(store.keyed_at().unwrap(), NOW, "the key is no newer");
    drop(store);

    let name = former.file_name().unwrap().to_str().unwrap().to_owned();
    let mut expected: Vec<String> = WHOLE.iter().map(|&name| name.to_owned()).collect();
    expected.push(name);
    expected.sort();
    assert_eq!(names(desk.path()), expected);
    assert_eq!(exchange::former(desk.path()), Some(former.clone()));
    assert_eq!(names(&former), WHOLE[..4]);
    assert!(
        is_former(&open(&former, &desk.secrets)),
        "it opens by itself"
    );
}

#[test]
fn what_is_unsent_is_not_set_aside_unasked() {
    let desk = Desk::new();
    let staged = desk.staged(&mut |_| {}).unwrap();
    assert!(matches!(
        staged.exchange(false, LATER, &mut |_| {}),
        Err(KeysError::Unsent)
    ));
    assert!(is_former(&desk.open()));
    assert_eq!(names(desk.path()), WHOLE);
}

#[test]
fn an_archive_that_cannot_be_read_leaves_nothing_behind() {
    let mut desk = Desk::new();
    let sound = std::fs::read(&desk.archive).unwrap();
    for (words, bytes) in [
        ("别的口令也会很长", sound.clone()),
        ("备份的口令要很长", sound[..sound.len() / 2].to_vec()),
        ("备份的口令要很长", Vec::new()),
    ] {
        desk.words = Secret::new(words.to_owned());
        std::fs::write(&desk.archive, bytes).unwrap();
        assert!(matches!(desk.staged(&mut |_| {}), Err(KeysError::Store(_))));
        assert!(is_former(&desk.open()));
        assert_eq!(names(desk.path()), WHOLE);
    }
}

#[test]
fn an_open_store_keeps_its_place() {
    let desk = Desk::new();
    let staged = desk.staged(&mut |_| {}).unwrap();
    let store = desk.open();
    assert!(matches!(
        staged.exchange(true, LATER, &mut |_| {}),
        Err(KeysError::InUse)
    ));
    assert!(is_former(&store));
    drop(store);
    assert_eq!(names(desk.path()), WHOLE);
}

#[test]
fn a_failure_in_the_middle_puts_the_former_store_back() {
    let desk = Desk::new();
    let staged = desk.staged(&mut |_| {}).unwrap();
    let restored = desk.path().join("restored").join("store.db");
    let refused = staged.exchange(true, LATER, &mut |stage| {
        assert_eq!(stage, Stage::Placing);
        // The former files are aside, and the restored database cannot take its place.
        std::fs::remove_file(&restored).unwrap();
    });
    assert!(matches!(refused, Err(KeysError::Io(_))));
    let store = desk.open();
    assert!(is_former(&store));
    assert_eq!(store.outbox().unwrap().len(), 1);
    drop(store);
    assert_eq!(names(desk.path()), WHOLE);
}

/// Copies a folder with what is in it.
fn copied(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            std::fs::create_dir(&target).unwrap();
            copied(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[test]
fn killed_at_any_stage_one_of_the_two_stores_opens() {
    let desk = Desk::new();
    let mut left = Vec::new();
    let mut keep = |stage| {
        let copy = tempfile::tempdir().unwrap();
        copied(desk.path(), copy.path());
        left.push((stage, copy));
    };
    let staged = desk.staged(&mut keep).unwrap();
    staged.exchange(true, LATER, &mut keep).unwrap();
    assert_eq!(left.len(), 4);
    for (stage, folder) in left {
        if stage == Stage::Placing {
            // Nothing is opened, and nothing new begun, before the files are where they belong.
            let early = Store::open(folder.path(), &desk.root, LATER);
            assert!(matches!(early, Err(StoreError::Broken(_))));
        }
        let store = open(folder.path(), &desk.secrets);
        assert_eq!(is_former(&store), stage != Stage::Placing, "{stage:?}");
        assert_eq!(store.outbox().unwrap().len(), 1, "{stage:?}");
        drop(store);
        let names = names(folder.path());
        for gone in ["restored", "store.exchange"] {
            assert!(!names.iter().any(|name| name == gone), "{stage:?}");
        }
    }
}

/// The folder as it is when the program is killed while the files change places.
fn killed_on_the_way(desk: &Desk) -> TempDir {
    let copy = tempfile::tempdir().unwrap();
    let staged = desk.staged(&mut |_| {}).unwrap();
    let mut keep = |stage| {
        if stage == Stage::Placing {
            copied(desk.path(), copy.path());
        }
    };
    staged.exchange(true, LATER, &mut keep).unwrap();
    copy
}

#[test]
fn a_start_that_cannot_finish_leaves_the_restored_store_to_the_next_one() {
    let desk = Desk::new();
    let folder = killed_on_the_way(&desk);
    let former = exchange::former(folder.path()).unwrap();
    let elsewhere = folder.path().join("elsewhere");
    std::fs::rename(&former, &elsewhere).unwrap();
    std::fs::write(&former, "in the way").unwrap();
    for _ in 0..2 {
        let refused = KeyRing::open_or_begin_anew(folder.path(), LATER);
        assert!(matches!(refused, Err(KeysError::Io(_))));
    }
    std::fs::remove_file(&former).unwrap();
    std::fs::rename(&elsewhere, &former).unwrap();
    let store = open(folder.path(), &desk.secrets);
    assert!(!is_former(&store));
    assert_eq!(store.outbox().unwrap().len(), 1);
    drop(store);
    let names = names(folder.path());
    for gone in ["restored", "store.exchange"] {
        assert!(!names.iter().any(|name| name == gone), "{gone}");
    }
}

#[test]
fn a_start_that_finds_nothing_restored_opens_the_former_store() {
    let desk = Desk::new();
    let folder = killed_on_the_way(&desk);
    std::fs::remove_dir_all(folder.path().join("restored")).unwrap();
    let store = open(folder.path(), &desk.secrets);
    assert!(is_former(&store));
    assert_eq!(store.outbox().unwrap().len(), 1);
    drop(store);
    assert_eq!(names(folder.path()), WHOLE);
}

#[test]
fn a_new_key_for_one_of_the_two_stores_leaves_the_other_one_what_opens_it() {
    for is_of_former in [false, true] {
        let desk = Desk::new();
        let staged = desk.staged(&mut |_| {}).unwrap();
        let former = staged.exchange(true, LATER, &mut |_| {}).unwrap();
        let (changed, other) = if is_of_former {
            (former.as_path(), desk.path())
        } else {
            (desk.path(), former.as_path())
        };
        ring(changed)
            .rekey(&desk.secrets, None, LATER, &mut |_| {})
            .unwrap();
        assert_eq!(is_former(&open(other, &desk.secrets)), !is_of_former);
        assert_eq!(is_former(&open(changed, &desk.secrets)), is_of_former);
    }
}

#[test]
fn an_old_backup_of_the_same_account_does_not_end_the_time_without_the_server() {
    const DAY: i64 = 86_400_000;
    let desk = Desk::new();
    let seen = LATER + 10 * DAY;
    desk.open().note_reached(seen).unwrap();
    let staged = desk.staged(&mut |_| {}).unwrap();
    staged.exchange(true, seen, &mut |_| {}).unwrap();
    let store = desk.open();
    assert_eq!(store.reached_at().unwrap(), Some(seen));
    assert!(!store.lease_ended(seen + DAY).unwrap());
    drop(store);

    // The server was not there for whoever else the backup is of.
    let (folder, root) = (tempfile::tempdir().unwrap(), Key32::random().unwrap());
    let (store, _) = Store::open(folder.path(), &root, LATER).unwrap();
    let other = lt_store::Account {
        agent: colleague(),
        ..account()
    };
    store.set_account(&other, LATER).unwrap();
    store.note_reached(seen).unwrap();
    let present = Present::of(&store).unwrap();
    drop(store);
    let place = folder.path();
    let staged = Staged::under_present_keys(place, &present, desk.source(), seen, &mut |_| {});
    staged.unwrap().exchange(true, seen, &mut |_| {}).unwrap();
    let (store, _) = Store::open(place, &root, seen).unwrap();
    let known = store.account().unwrap().unwrap();
    assert_eq!(known.agent, account().agent);
    assert!(store.lease_ended(seen).unwrap());
}

#[test]
fn where_nothing_opens_the_store_its_keys_go_aside_with_it() {
    let desk = Desk::new();
    let own = Secret::new("这台电脑自己的口令".to_owned());
    let staged = |own: Option<&Secret<String>>| {
        let ways: (&dyn SecretStore, _) = (&NoSecrets, own);
        let (cost, source) = (Cost::LEAST, desk.source());
        Staged::under_new_keys(desk.path(), ways, cost, source, LATER, &mut |_| {})
    };
    assert!(matches!(staged(None), Err(KeysError::NeedsPassphrase)));
    // Nobody can say what it has unsent.
    let refused = staged(Some(&own)).unwrap();
    assert!(matches!(
        refused.exchange(false, LATER, &mut |_| {}),
        Err(KeysError::Unsent)
    ));
    assert_eq!(names(desk.path()), WHOLE);
    let staged = staged(Some(&own)).unwrap();
    let root = staged.root_key().clone();
    let former = staged.exchange(true, LATER, &mut |_| {}).unwrap();
    let opens = ring(desk.path()).unlock_passphrase(&own).unwrap();
    assert!(opens.same_as(&root));
    let (store, opened) = Store::open(desk.path(), &root, LATER).unwrap();
    assert_eq!(opened, Opened::Fine);
    assert!(!is_former(&store));
    let known = store.account().unwrap().unwrap();
    assert_eq!(known.agent, account().agent);
    assert!(known.session.is_none(), "whoever it is signs in");
    drop(store);
    assert!(is_former(&open(&former, &desk.secrets)));
}
