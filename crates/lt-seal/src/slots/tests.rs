use proptest::prelude::*;

use super::*;

const NOW_MS: i64 = 1_764_000_000_000;

struct Fixture {
    root: Key32,
    kek: Key32,
    file: KeyFile,
}

/// A file with an `os` and a passphrase slot.
fn fixture() -> Fixture {
    let root = Key32::random().unwrap();
    let kek = Key32::random().unwrap();
    let mut file = KeyFile::create(&root);
    file.add_os(&root, &kek, "secret-service", NOW_MS).unwrap();
    file.add_passphrase(&root, &"口令 one".into(), None, Cost::LEAST, NOW_MS + 1)
        .unwrap();
    Fixture { root, kek, file }
}

#[test]
fn both_ways_give_the_root_key_after_storing() {
    let Fixture { root, kek, file } = fixture();
    let text = file.to_json().unwrap();
    let read = KeyFile::from_json(&text).unwrap();
    assert_eq!(read, file);
    assert_eq!(read.kinds(), [SlotKind::Os, SlotKind::Passphrase]);
    assert_eq!(read.os_backend(), Some("secret-service"));
    assert_eq!(read.fingerprint(), root.fingerprint());
    assert!(read.unlock_os(&kek).unwrap().same_as(&root));
    assert!(
        read.unlock_passphrase(&"口令 one".into(), None)
            .unwrap()
            .same_as(&root)
    );
}

#[test]
fn the_root_key_is_in_no_form_in_the_text() {
    let Fixture { root, file, .. } = fixture();
    let text = file.to_json().unwrap();
    let hex = root.to_hex_secret();
    let base64 = crate::encode::base64url_encode(root.expose());
    assert!(!text.contains(hex.expose()) && !text.contains(&base64));
    let hex_upper = hex.expose().to_uppercase();
    let half: String = hex.expose().chars().take(16).collect();
    assert!(!text.contains(&hex_upper) && !text.contains(&half));
}

#[test]
fn the_three_failures_are_told_apart() {
    let Fixture { root, kek, file } = fixture();
    let empty = KeyFile::create(&root);
    assert!(matches!(empty.unlock_os(&kek), Err(Error::NoSuchSlot)));
    assert!(matches!(
        empty.unlock_passphrase(&"口令 one".into(), None),
        Err(Error::NoSuchSlot)
    ));

    let stranger = Key32::random().unwrap();
    assert!(matches!(file.unlock_os(&stranger), Err(Error::WrongSecret)));
    assert!(matches!(
        file.unlock_passphrase(&"口令 two".into(), None),
        Err(Error::WrongSecret)
    ));

    let text = file.to_json().unwrap();
    let cut: String = text.chars().take(text.len() - 2).collect();
    for damaged in [
        "",
        "{}",
        "null",
        &cut,
        &text.replace("secret-s", "secret-S"),
    ] {
        let refused = KeyFile::from_json(damaged);
        assert!(matches!(refused, Err(Error::DamagedFile(_))), "{damaged:?}");
    }
}

#[test]
fn every_single_byte_of_the_file_counts() {
    let Fixture { root, kek, file } = fixture();
    let text = file.to_json().unwrap().into_bytes();
    for position in 0..text.len() {
        for flip in [0x01, 0x20, 0x02] {
            let mut altered = text.clone();
            altered[position] ^= flip;
            let read = std::str::from_utf8(&altered)
                .map_err(|_| Error::DamagedFile("text"))
                .and_then(KeyFile::from_json);
            // White space is the only thing that may change, and then nothing else has.
            if let Ok(read) = read {
                assert!(text[position].is_ascii_whitespace(), "byte {position}");
                assert!(read.unlock_os(&kek).unwrap().same_as(&root));
            }
        }
    }
}

#[test]
fn a_forger_who_mends_the_checksum_still_fails() {
    let Fixture { kek, file, .. } = fixture();
    let mend = |change: &dyn Fn(&mut KeyFile)| {
        let mut forged = file.clone();
        change(&mut forged);
        KeyFile::from_json(&forged.to_json().unwrap()).unwrap()
    };
    let other_backend = mend(&|f| {
        f.slots[0].way = Way::Os {
            backend: "basic_text".into(),
        }
    });
    assert!(matches!(
        other_backend.unlock_os(&kek),
        Err(Error::WrongSecret)
    ));
    let other_time = mend(&|f| f.slots[0].created_ms += 1);
    assert!(matches!(
        other_time.unlock_os(&kek),
        Err(Error::WrongSecret)
    ));
    let other_name = mend(&|f| f.fingerprint = Key32::new([9; 32]).fingerprint());
    assert!(matches!(
        other_name.unlock_os(&kek),
        Err(Error::WrongSecret)
    ));
    let cheaper = mend(&|f| {
        if let Way::Passphrase { cost, .. } = &mut f.slots[1].way {
            cost.memory_kib = 16;
        }
    });
    let refused = cheaper.unlock_passphrase(&"口令 one".into(), None);
    assert!(matches!(refused, Err(Error::WrongSecret)));
    let short = mend(&|f| f.slots[0].sealed.truncate(20));
    assert!(matches!(short.unlock_os(&kek), Err(Error::DamagedFile(_))));
}

#[test]
fn later_versions_are_named() {
    let Fixture { file, .. } = fixture();
    let mut later = file;
    later.version = 7;
    let text = later.to_json().unwrap();
    assert!(matches!(
        KeyFile::from_json(&text),
        Err(Error::UnknownVersion(7))
    ));
    let with_more = text.replacen("\"slots\"", "\"recovery\": 1, \"slots\"", 1);
    assert!(matches!(
        KeyFile::from_json(&with_more),
        Err(Error::UnknownVersion(7))
    ));
}

#[test]
fn the_share_is_needed() {
    let root = Key32::random().unwrap();
    let (device, share) = (Key32::random().unwrap(), Key32::random().unwrap());
    let mut file = KeyFile::create(&root);
    file.add_os(&root, &combine(&device, &share), "keychain", NOW_MS)
        .unwrap();
    file.add_passphrase(&root, &"pass".into(), Some(&share), Cost::LEAST, NOW_MS)
        .unwrap();
    assert!(
        file.unlock_os(&combine(&device, &share))
            .unwrap()
            .same_as(&root)
    );
    assert!(
        file.unlock_passphrase(&"pass".into(), Some(&share))
            .unwrap()
            .same_as(&root)
    );
    assert!(matches!(file.unlock_os(&device), Err(Error::WrongSecret)));
    assert!(matches!(
        file.unlock_os(&combine(&share, &device)),
        Err(Error::WrongSecret)
    ));
    assert!(matches!(
        file.unlock_passphrase(&"pass".into(), None),
        Err(Error::WrongSecret)
    ));
    let refused = file.unlock_passphrase(&"pass".into(), Some(&device));
    assert!(matches!(refused, Err(Error::WrongSecret)));
}

#[test]
fn slots_are_changed_without_the_data() {
    let Fixture {
        root,
        kek,
        mut file,
    } = fixture();
    file.remove(SlotKind::Passphrase);
    file.add_passphrase(&root, &"new".into(), None, Cost::LEAST, NOW_MS + 2)
        .unwrap();
    assert!(
        file.unlock_passphrase(&"new".into(), None)
            .unwrap()
            .same_as(&root)
    );
    let refused = file.unlock_passphrase(&"口令 one".into(), None);
    assert!(matches!(refused, Err(Error::WrongSecret)));
    file.remove(SlotKind::Os);
    assert!(matches!(file.unlock_os(&kek), Err(Error::NoSuchSlot)));
    assert_eq!(file.os_backend(), None);

    let stranger = Key32::random().unwrap();
    assert!(matches!(
        file.add_os(&stranger, &kek, "k", NOW_MS),
        Err(Error::WrongSecret)
    ));
    for _ in 0..MAX_SLOTS - 1 {
        file.add_os(&root, &kek, "k", NOW_MS).unwrap();
    }
    assert!(matches!(
        file.add_os(&root, &kek, "k", NOW_MS),
        Err(Error::OutOfRange(_))
    ));
}

proptest! {
    #[test]
    fn arbitrary_text_is_damaged(text in any::<String>()) {
        prop_assert!(KeyFile::from_json(&text).is_err());
    }
}

#[test]
fn both_root_keys_stand_in_a_file_that_is_being_rekeyed() {
    let Fixture {
        root,
        kek,
        mut file,
    } = fixture();
    let next_root = Key32::random().unwrap();
    let next_kek = Key32::random().unwrap();
    let mut next = KeyFile::create(&next_root);
    next.add_os(&next_root, &next_kek, "secret-service", NOW_MS)
        .unwrap();
    let before = file.to_json().unwrap();
    file.begin_rekey(next.clone());
    let text = file.to_json().unwrap();
    assert!(text.contains("\"version\": 2"), "an older build keeps off");
    let mut read = KeyFile::from_json(&text).unwrap();
    assert!(read.unlock_os(&kek).unwrap().same_as(&root));
    assert_eq!(read.next(), Some(next.clone()));
    let found = read.next().unwrap().unlock_os(&next_kek).unwrap();
    assert!(found.same_as(&next_root));

    let mut back = read.clone();
    back.abandon_rekey();
    assert_eq!(back.to_json().unwrap(), before);
    read.finish_rekey();
    assert_eq!(read, next);
    assert!(matches!(read.unlock_os(&kek), Err(Error::WrongSecret)));
}

#[test]
fn a_version_that_does_not_fit_the_keys_is_damage() {
    let text = fixture().file.to_json().unwrap();
    let mut stored: Stored = serde_json::from_str(&text).unwrap();
    stored.key_file.version = 2;
    stored.checksum = stored.key_file.checksum().unwrap();
    let text = serde_json::to_string(&stored).unwrap();
    assert!(matches!(
        KeyFile::from_json(&text),
        Err(Error::DamagedFile("version"))
    ));
}

/// The fixture's file, with a server's slot as well.
fn with_server(share: &Key32) -> Fixture {
    let mut fixture = fixture();
    fixture
        .file
        .add_server(
            &fixture.root,
            share,
            "https://desk.example",
            "d-1",
            NOW_MS + 2,
        )
        .unwrap();
    fixture
}

#[test]
fn the_server_s_share_opens_the_file_that_it_was_given_for_and_no_other() {
    let share = Key32::random().unwrap();
    let Fixture { root, kek, file } = with_server(&share);
    let text = file.to_json().unwrap();
    let read = KeyFile::from_json(&text).unwrap();
    assert_eq!(read, file);
    assert_eq!(
        read.kinds(),
        [SlotKind::Os, SlotKind::Passphrase, SlotKind::Server]
    );
    let known = read.server().unwrap();
    assert_eq!(
        (known.server.as_str(), known.device.as_str()),
        ("https://desk.example", "d-1")
    );
    assert!(read.unlock_server(&share).unwrap().same_as(&root));
    assert!(!text.contains(share.to_hex_secret().expose().as_str()));
    // The other ways need no share.
    assert!(read.unlock_os(&kek).unwrap().same_as(&root));
    assert!(
        read.unlock_passphrase(&"口令 one".into(), None)
            .unwrap()
            .same_as(&root)
    );

    // Neither another share, nor what else is known of the device, nor the share as a bare key.
    for wrong in [
        Key32::random().unwrap(),
        kek,
        server_kek(&share, file.fingerprint()),
        server_kek(&share, ""),
    ] {
        let refused = read.unlock_server(&wrong);
        assert!(matches!(refused, Err(Error::WrongSecret)));
    }
    assert!(matches!(read.unlock_os(&share), Err(Error::WrongSecret)));
    // The same share under another root key is another key.
    let other = with_server(&share).file;
    assert!(!other.unlock_server(&share).unwrap().same_as(&root));
    let mut moved = read;
    moved.slots[2] = other.slots[2].clone();
    let refused = moved.unlock_server(&share);
    assert!(matches!(refused, Err(Error::WrongSecret)));
    let none = fixture().file;
    assert!(matches!(none.unlock_server(&share), Err(Error::NoSuchSlot)));
    assert_eq!(none.server(), None);
}

#[test]
fn what_a_server_s_slot_says_cannot_be_changed_under_it() {
    let share = Key32::random().unwrap();
    let Fixture { file, .. } = with_server(&share);
    let changes: [fn(&mut Slot); 3] = [
        |slot| {
            slot.way = Way::Server {
                server: "https://desk.example.evil".to_owned(),
                device: "d-1".to_owned(),
            };
        },
        |slot| {
            slot.way = Way::Server {
                server: "https://desk.example".to_owned(),
                device: "d-2".to_owned(),
            };
        },
        |slot| slot.created_ms += 1,
    ];
    for change in changes {
        let mut forged = file.clone();
        change(&mut forged.slots[2]);
        let read = KeyFile::from_json(&forged.to_json().unwrap()).unwrap();
        let refused = read.unlock_server(&share);
        assert!(matches!(refused, Err(Error::WrongSecret)));
    }
}

#[test]
fn a_second_share_takes_the_place_of_the_first() {
    let (first, second) = (Key32::random().unwrap(), Key32::random().unwrap());
    let Fixture { root, mut file, .. } = with_server(&first);
    file.add_server(&root, &second, "https://other.example", "d-1", NOW_MS + 3)
        .unwrap();
    assert_eq!(file.kinds().len(), 3);
    assert!(file.unlock_server(&second).unwrap().same_as(&root));
    let refused = file.unlock_server(&first);
    assert!(matches!(refused, Err(Error::WrongSecret)));
    // A root key that is not this file's changes nothing.
    let before = file.clone();
    let stranger = Key32::random().unwrap();
    let refused = file.add_server(&stranger, &first, "https://desk.example", "d-1", NOW_MS);
    assert!(matches!(refused, Err(Error::WrongSecret)));
    assert_eq!(file, before);
}

#[test]
fn an_older_build_keeps_off_a_file_with_a_server_s_slot_and_off_no_other() {
    let share = Key32::random().unwrap();
    let Fixture { root, mut file, .. } = with_server(&share);
    let version = |file: &KeyFile| {
        let text = file.to_json().unwrap();
        assert_eq!(KeyFile::from_json(&text).unwrap(), *file);
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        value.pointer("/key_file/version").unwrap().as_u64()
    };
    assert_eq!(version(&file), Some(3));
    // On its way to the next root key, which has no such slot: as long as the old one is there.
    let next_root = Key32::random().unwrap();
    let mut next = KeyFile::create(&next_root);
    next.add_os(&next_root, &share, "k", NOW_MS).unwrap();
    file.begin_rekey(next);
    assert_eq!(version(&file), Some(3));
    assert_eq!(version(&file.next().unwrap()), Some(1));
    let mut finished = file.clone();
    finished.finish_rekey();
    assert_eq!(version(&finished), Some(1));
    file.abandon_rekey();
    assert_eq!(version(&file), Some(3));
    file.remove(SlotKind::Server);
    assert_eq!(version(&file), Some(1));

    // A version that does not fit is damage.
    for wrong in [1, 2] {
        let mut altered = file.clone();
        altered
            .add_server(&root, &share, "https://desk.example", "d-1", NOW_MS)
            .unwrap();
        altered.version = wrong;
        let refused = KeyFile::from_json(&altered.to_json().unwrap());
        assert!(matches!(refused, Err(Error::DamagedFile("version"))));
    }
    let mut bare = file;
    bare.version = 3;
    let refused = KeyFile::from_json(&bare.to_json().unwrap());
    assert!(matches!(refused, Err(Error::DamagedFile("version"))));
}

proptest! {
    #[test]
    fn no_share_but_the_right_one_opens(
        root in any::<[u8; 32]>(), share in any::<[u8; 32]>(), other in any::<[u8; 32]>(),
    ) {
        let (root, share, other) = (Key32::new(root), Key32::new(share), Key32::new(other));
        let mut file = KeyFile::create(&root);
        file.add_server(&root, &share, "https://desk.example", "d", NOW_MS).unwrap();
        let read = KeyFile::from_json(&file.to_json().unwrap()).unwrap();
        prop_assert!(read.unlock_server(&share).unwrap().same_as(&root));
        prop_assert_eq!(read.unlock_server(&other).is_ok(), other.same_as(&share));
    }
}
