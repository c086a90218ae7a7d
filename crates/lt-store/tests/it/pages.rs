//! The look at every page while the store is at work.

use std::{
    fs::File,
    io::{Read, Seek, SeekFrom, Write},
};

use lt_protocol::sync::Entity;
use lt_store::{Looked, Opened, Store};

use crate::world::{CARE, NOW, World, customer_message, put};

const PAGE: u64 = 4096;
const LATER: i64 = NOW + 86_400_000;

/// A store of a few megabytes.
fn filled() -> World {
    let mut world = World::with_conversation();
    for part in 0..8 {
        let rows = (0..200).map(|n| {
            let n = 1_000 + part * 200 + n;
            put(Entity::Message(customer_message(
                n,
                7,
                n,
                &"很长的消息".repeat(80),
            )))
        });
        world.feed(CARE, rows.collect());
    }
    world
}

fn look(store: &Store) -> (Looked, u32) {
    let mut check = store.begin_check().unwrap();
    let mut n_slices = 0;
    loop {
        n_slices += 1;
        match store.look_at_pages(&mut check, LATER).unwrap() {
            Looked::More { done, total } => assert!(done < total && done == n_slices * 256),
            ended => return (ended, n_slices),
        }
    }
}

#[test]
fn a_sound_store_is_sound_also_while_it_is_written() {
    let mut world = filled();
    let (ended, n_slices) = look(&world.store);
    assert_eq!(ended, Looked::Sound);
    assert!(n_slices > 1, "in more than one go");
    assert_eq!(world.store.checked_at(), LATER);
    // Between any two goes anything may be written, and folded into the file.
    let mut check = world.store.begin_check().unwrap();
    let mut n = 10_000;
    loop {
        let rows = (0..300).map(|i| {
            put(Entity::Message(customer_message(
                n + i,
                8,
                n + i,
                &"又一条消息".repeat(60),
            )))
        });
        world.feed(CARE, rows.collect());
        n += 300;
        match world.store.look_at_pages(&mut check, NOW).unwrap() {
            Looked::More { .. } if n < 13_000 => {}
            Looked::More { .. } => break,
            ended => {
                assert_eq!(ended, Looked::Sound);
                break;
            }
        }
    }
    world.store.check().unwrap();
}

#[test]
fn a_damaged_page_is_found_and_opening_again_sets_the_file_aside() {
    let world = filled();
    world.send(100, 2, "还没发出去");
    let (folder, root) = world.close();
    let path = folder.path().join("store.db");
    let n_pages = std::fs::metadata(&path).unwrap().len() / PAGE;
    let (store, _) = Store::open(folder.path(), &root, NOW).unwrap();
    // Behind the store's back, as a failing disk does it.
    let at = (n_pages - 20) * PAGE + 77;
    let mut byte = [0];
    let mut file = File::options().read(true).write(true).open(&path).unwrap();
    file.seek(SeekFrom::Start(at)).unwrap();
    file.read_exact(&mut byte).unwrap();
    file.seek(SeekFrom::Start(at)).unwrap();
    file.write_all(&[byte[0] ^ 4]).unwrap();
    let (ended, _) = look(&store);
    assert_eq!(
        ended,
        Looked::Damaged {
            page: u32::try_from(n_pages - 19).unwrap()
        }
    );
    assert_eq!(store.checked_at(), NOW, "it does not count as checked");
    drop((store, file));
    let (store, opened) = Store::open(folder.path(), &root, LATER).unwrap();
    assert_eq!(
        opened,
        Opened::Replaced {
            unsent_recovered: true
        }
    );
    assert_eq!(store.outbox().unwrap().len(), 1);
    assert_eq!(look(&store).0, Looked::Sound);
}
