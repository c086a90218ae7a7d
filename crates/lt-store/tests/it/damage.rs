//! Damaged files and wrong keys.

use std::path::Path;

use lt_protocol::{
    code::Code,
    sync::OpOutcome,
    view::{Settings, Theme},
};
use lt_seal::Key32;
use lt_store::{OpState, Opened, Store, StoreError};

use crate::world::{CARE, NOW, World, conv, customer_message, files, heads, me, msg, put};

const PAGE: usize = 4096;

/// A closed store with one refused reply, two waiting ones, a draft, a conflict, a summary being
/// written and many messages.
fn closed_store() -> (tempfile::TempDir, Key32) {
    let mut world = World::with_conversation();
    let refused = world.send(100, 2, "第一条");
    let outcome = OpOutcome::Refused {
        code: Code::HeldByOther,
    };
    world.store.op_result(refused, &outcome, NOW).unwrap();
    world.send(101, 2, "第二条");
    world.send(102, 2, "第三条");
    world.store.save_draft(conv(1), "写到一半", NOW).unwrap();
    crate::edits::lose_a_priority(&world);
    let summary = world
        .store
        .save_summary_draft(conv(1), Some("小结写到一半"), NOW);
    summary.unwrap();
    world
        .store
        .save_note_draft(conv(1), "备注写到一半", NOW)
        .unwrap();
    world
        .store
        .save_whisper_draft(conv(1), "悄悄话写到一半", NOW)
        .unwrap();
    world.store.save_own_canned(&own_canned(), NOW).unwrap();
    let settings = Settings {
        theme: Theme::Dark,
        ..Settings::default()
    };
    world.store.set_settings(&settings, NOW).unwrap();
    for part in 0..4 {
        let rows = (0..100).map(|n| {
            let n = 1_000 + part * 100 + n;
            put(lt_protocol::sync::Entity::Message(customer_message(
                n,
                7,
                n,
                &"很长的消息".repeat(60),
            )))
        });
        world.feed(CARE, rows.collect());
    }
    world.close()
}

fn flip(path: &Path, at: usize) {
    let mut bytes = std::fs::read(path).unwrap();
    bytes[at] ^= 0x40;
    std::fs::write(path, bytes).unwrap();
}

fn n_aside(folder: &Path) -> usize {
    files(folder)
        .iter()
        .filter(|(name, _)| name.starts_with("store.db.damaged-"))
        .count()
}

#[test]
fn a_damaged_page_sets_the_file_aside_and_carries_over_what_was_not_sent() {
    let (folder, root) = closed_store();
    let path = folder.path().join("store.db");
    // The last page belongs to the messages that were fed last.
    let at = std::fs::metadata(&path).unwrap().len() as usize - PAGE / 2;
    flip(&path, at);
    let damaged = std::fs::read(&path).unwrap();

    let (store, opened) = Store::open(folder.path(), &root, NOW).unwrap();
    assert_eq!(
        opened,
        Opened::Replaced {
            unsent_recovered: true
        }
    );
    assert!(
        files(folder.path())
            .iter()
            .any(|(_, bytes)| *bytes == damaged),
        "nothing is overwritten"
    );
    assert_eq!(n_aside(folder.path()), 1);

    let outbox = store.outbox().unwrap();
    let states: Vec<_> = outbox.iter().map(|entry| entry.state).collect();
    assert_eq!(
        states,
        [
            OpState::Refused(Code::HeldByOther),
            OpState::Queued,
            OpState::Queued
        ]
    );
    assert_eq!(
        store.message(msg(102)).unwrap().unwrap().message.text(),
        Some("第三条")
    );
    assert_eq!(store.draft(conv(1)).unwrap().unwrap(), "写到一半");
    assert_eq!(store.conflicts_of(conv(1)).unwrap().len(), 1);
    let summary = store.summary_draft(conv(1)).unwrap().unwrap();
    assert_eq!(summary.text.as_deref(), Some("小结写到一半"));
    let note = store.note_draft(conv(1)).unwrap();
    assert_eq!(note.as_deref(), Some("备注写到一半"));
    let whisper = store.whisper_draft(conv(1)).unwrap();
    assert_eq!(whisper.as_deref(), Some("悄悄话写到一半"));
    assert_eq!(store.canned().unwrap().len(), 1, "nobody else has it");
    assert_eq!(store.settings().unwrap().theme, Theme::Dark);
    assert_eq!(store.account().unwrap().unwrap().agent, me());
    assert!(store.conversations().unwrap().is_empty());
    assert!(store.cursors().unwrap().1.is_empty());
    store.check().unwrap();
    // Which numbers had been answered is the server's word: all that waits follows its last one.
    store
        .set_streams("g1", &heads(&[CARE]), 57, &me(), NOW)
        .unwrap();
    let numbers: Vec<_> = store.queue(0, 9).unwrap().iter().map(|op| op.n).collect();
    assert_eq!(numbers, [58, 59]);

    drop(store);
    let (_, opened) = Store::open(folder.path(), &root, NOW).unwrap();
    assert_eq!(opened, Opened::Fine);
}

#[test]
fn every_damaged_page_is_noticed_and_nothing_is_claimed_falsely() {
    let (folder, root) = closed_store();
    let sound = std::fs::read(folder.path().join("store.db")).unwrap();
    let n_pages = sound.len() / PAGE;
    let (mut n_recovered, mut n_lost) = (0, 0);
    // Pages lie in the order of their tables, then of the rows: every one up to the mass of messages.
    for page in (0..n_pages).filter(|page| *page < 60 || page % 16 == 0) {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("store.db");
        std::fs::copy(
            folder.path().join("store.key-id"),
            place.path().join("store.key-id"),
        )
        .unwrap();
        std::fs::write(&path, &sound).unwrap();
        flip(&path, page * PAGE + 1_000);
        let (store, opened) = Store::open(place.path(), &root, NOW).unwrap();
        let texts: Vec<_> = store
            .outbox()
            .unwrap()
            .into_iter()
            .map(|entry| entry.op.n)
            .collect();
        let draft = store.draft(conv(1)).unwrap();
        match opened {
            Opened::Fine => panic!("damage of page {page} was not noticed"),
            Opened::Replaced {
                unsent_recovered: true,
            } => {
                n_recovered += 1;
                assert_eq!(
                    (texts.len(), draft.as_deref()),
                    (3, Some("写到一半")),
                    "page {page}"
                );
            }
            Opened::Replaced {
                unsent_recovered: false,
            } => n_lost += 1,
        }
        assert_eq!(n_aside(place.path()), 1);
        store.check().unwrap();
    }
    println!("{n_pages} pages: unsent recovered {n_recovered}, reported lost {n_lost}");
    assert!(n_lost >= 1, "control: some page holds the outbox");
    assert!(n_recovered > n_lost);
}

#[test]
fn a_file_that_is_gone_or_cut_off_is_reported() {
    for len in [None, Some(0), Some(1), Some(2)] {
        let (folder, root) = closed_store();
        let path = folder.path().join("store.db");
        match len {
            None => std::fs::remove_file(&path).unwrap(),
            Some(pages) => {
                let file = std::fs::OpenOptions::new().write(true).open(&path).unwrap();
                file.set_len(pages * PAGE as u64).unwrap();
            }
        }
        let (store, opened) = Store::open(folder.path(), &root, NOW).unwrap();
        assert_eq!(
            opened,
            Opened::Replaced {
                unsent_recovered: false
            },
            "{len:?}"
        );
        store.check().unwrap();
    }
}

#[test]
fn with_the_wrong_key_nothing_is_touched() {
    let (folder, root) = closed_store();
    let other = Key32::random().unwrap();
    let before = files(folder.path());
    assert!(matches!(
        Store::open(folder.path(), &other, NOW),
        Err(StoreError::WrongKey)
    ));
    assert_eq!(files(folder.path()), before);
    // Even without the note that names the key.
    std::fs::remove_file(folder.path().join("store.key-id")).unwrap();
    let before = std::fs::read(folder.path().join("store.db")).unwrap();
    assert!(matches!(
        Store::open(folder.path(), &other, NOW),
        Err(StoreError::WrongKey)
    ));
    assert_eq!(
        std::fs::read(folder.path().join("store.db")).unwrap(),
        before
    );
    let (store, opened) = Store::open(folder.path(), &root, NOW).unwrap();
    assert_eq!((opened, store.outbox().unwrap().len()), (Opened::Fine, 3));
}

#[test]
fn a_replacement_that_was_not_put_in_place_is_found() {
    let (folder, root) = closed_store();
    let path = folder.path().join("store.db");
    std::fs::rename(&path, folder.path().join("store.db.new")).unwrap();
    let (store, opened) = Store::open(folder.path(), &root, NOW).unwrap();
    assert_eq!((opened, store.outbox().unwrap().len()), (Opened::Fine, 3));
}

/// What a killed program leaves: its newest commits are in the log.
fn killed_store() -> (tempfile::TempDir, Key32) {
    let world = World::with_conversation();
    for n in 0..30 {
        world.send(100 + n, 2, &"没发出去的回复".repeat(40));
    }
    world.store.save_draft(conv(1), "写到一半", NOW).unwrap();
    let left = tempfile::tempdir().unwrap();
    for (name, bytes) in files(world.folder.path()) {
        std::fs::write(left.path().join(name), bytes).unwrap();
    }
    (left, world.root)
}

#[test]
fn a_changed_byte_in_the_log_loses_nothing_or_is_told() {
    const FRAME: usize = PAGE + 24;
    let (folder, root) = killed_store();
    let log = std::fs::read(folder.path().join("store.db-wal")).unwrap();
    let (store, opened) = Store::open(folder.path(), &root, NOW).unwrap();
    assert_eq!((opened, store.outbox().unwrap().len()), (Opened::Fine, 30));
    let n_frames = log.len() / FRAME;
    let (mut n_whole, mut n_told) = (0, 0);
    for frame in (0..n_frames).step_by(n_frames / 14) {
        let (folder, root) = killed_store();
        flip(
            &folder.path().join("store.db-wal"),
            32 + frame * FRAME + 999,
        );
        let (store, opened) = Store::open(folder.path(), &root, NOW).unwrap();
        let n_waiting = store.outbox().unwrap().len();
        let draft = store.draft(conv(1)).unwrap();
        match opened {
            Opened::Replaced {
                unsent_recovered: false,
            } => n_told += 1,
            Opened::Fine
            | Opened::Replaced {
                unsent_recovered: true,
            } => {
                n_whole += 1;
                let whole = (n_waiting, draft.as_deref());
                assert_eq!(whole, (30, Some("写到一半")), "frame {frame}");
            }
        }
        store.check().unwrap();
        drop(store);
        let (_, again) = Store::open(folder.path(), &root, NOW).unwrap();
        assert_eq!(again, Opened::Fine, "told once");
    }
    println!("{n_frames} frames: nothing lost {n_whole}, told {n_told}");
    assert!(n_whole > n_told);
}

#[test]
fn a_log_that_is_gone_or_cut_off_is_told() {
    let damages: [fn(&Path); 3] = [
        |log| std::fs::remove_file(log).unwrap(),
        |log| std::fs::write(log, [0xA5; 9_000]).unwrap(),
        |log| {
            let file = std::fs::OpenOptions::new().write(true).open(log).unwrap();
            file.set_len(file.metadata().unwrap().len() / 2).unwrap();
        },
    ];
    for (n, damage) in damages.into_iter().enumerate() {
        let (folder, root) = killed_store();
        damage(&folder.path().join("store.db-wal"));
        let (store, opened) = Store::open(folder.path(), &root, NOW).unwrap();
        assert_eq!(
            opened,
            Opened::Replaced {
                unsent_recovered: false
            },
            "{n}"
        );
        store.check().unwrap();
    }
}

#[test]
fn a_garbled_note_of_whose_store_it_is_does_not_lock_it() {
    for note in [b"".as_slice(), &[0xFF; 32], b"0123"] {
        let (folder, root) = closed_store();
        std::fs::write(folder.path().join("store.key-id"), note).unwrap();
        let other = Key32::random().unwrap();
        assert!(matches!(
            Store::open(folder.path(), &other, NOW),
            Err(StoreError::WrongKey)
        ));
        let (store, opened) = Store::open(folder.path(), &root, NOW).unwrap();
        assert_eq!((opened, store.outbox().unwrap().len()), (Opened::Fine, 3));
    }
}

#[test]
fn one_program_at_a_time() {
    let (folder, root) = closed_store();
    let (store, _) = Store::open(folder.path(), &root, NOW).unwrap();
    let refused = Store::open(folder.path(), &root, NOW);
    assert!(matches!(refused, Err(StoreError::InUse)), "{refused:?}");
    assert_eq!(store.outbox().unwrap().len(), 3);
    drop(store);
    Store::open(folder.path(), &root, NOW).unwrap();
}

#[test]
fn a_page_that_suffers_while_the_store_is_open_is_called_damage() {
    let (folder, root) = closed_store();
    let (store, _) = Store::open(folder.path(), &root, NOW).unwrap();
    let path = folder.path().join("store.db");
    let n_pages = std::fs::metadata(&path).unwrap().len() as usize / PAGE;
    let mut bytes = std::fs::read(&path).unwrap();
    for page in 1..n_pages {
        bytes[page * PAGE + 1_000] ^= 0x40;
    }
    std::fs::write(&path, bytes).unwrap();
    let read = store.messages(conv(7), None, 50);
    assert!(matches!(read, Err(StoreError::Damaged(_))), "{read:?}");
}

fn own_canned() -> lt_model::canned::CannedEdit {
    lt_model::canned::CannedEdit {
        id: lt_model::id::CannedId(crate::world::uuid(9)),
        base: 0,
        draft: lt_model::canned::CannedDraft {
            scope: lt_model::canned::CannedScope::Own,
            title: "签名".to_owned(),
            text: "祝您愉快".to_owned(),
            ..lt_model::canned::CannedDraft::default()
        },
    }
}
