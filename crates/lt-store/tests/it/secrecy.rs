//! What lies on the disk.

use lt_protocol::sync::Entity;

use crate::world::{NOW, SALES, World, conv, customer_message, files, put};

const PLANTED: [&str; 4] = [
    "我的手机号是13800138000",
    "请稍等正在为您查询物流",
    "草稿里的句子也要加密",
    "token-that-must-not-leak",
];

fn contains(haystack: &[u8], needle: &str) -> bool {
    haystack
        .windows(needle.len())
        .any(|window| window == needle.as_bytes())
}

#[test]
fn no_text_lies_in_clear_on_the_disk() {
    let mut world = World::with_conversation();
    world.feed(
        SALES,
        vec![put(Entity::Message(customer_message(3, 1, 3, PLANTED[0])))],
    );
    world.send(100, 2, PLANTED[1]);
    world.store.save_draft(conv(1), PLANTED[2], NOW).unwrap();
    // While open, the log is searched too; once closed, what remains.
    let mut found = files(world.folder.path());
    let (folder, _) = world.close();
    found.extend(files(folder.path()));
    assert!(found.iter().any(|(name, _)| name == "store.db-wal"));
    assert!(found.iter().map(|(_, bytes)| bytes.len()).sum::<usize>() > 100_000);
    for (name, bytes) in &found {
        for text in PLANTED {
            assert!(!contains(bytes, text), "{text} lies in {name}");
        }
        assert!(
            !contains(bytes, "SQLite format 3"),
            "{name} is not encrypted"
        );
    }
}

#[test]
fn the_search_finds_texts_in_an_open_database() {
    let folder = tempfile::tempdir().unwrap();
    let connection = rusqlite::Connection::open(folder.path().join("store.db")).unwrap();
    connection
        .execute_batch("PRAGMA journal_mode = WAL; CREATE TABLE message (body TEXT);")
        .unwrap();
    for text in PLANTED {
        connection
            .execute("INSERT INTO message VALUES (?1)", [text])
            .unwrap();
    }
    let all: Vec<u8> = files(folder.path())
        .into_iter()
        .flat_map(|(_, bytes)| bytes)
        .collect();
    assert!(PLANTED.iter().all(|text| contains(&all, text)));
}
