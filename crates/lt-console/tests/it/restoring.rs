//! A backup over a desk in use: what the windows and the server hear of it.

use std::{path::Path, sync::Arc, time::Duration};

use lt_protocol::{
    code::Code,
    event::{Tag, UiEvent},
    view::SessionView,
};
use lt_seal::{Secret, password::Cost};
use lt_store::{
    Account, Store,
    keys::{KeyRing, MemorySecrets},
};
use serde_json::{Value, json};
use tokio::{io::AsyncReadExt, net::TcpListener};

use crate::world::{NOW, World, prepare};

const WORDS: &str = "备份的口令要很长";
/// Nobody waits so long; a test that would otherwise never end does.
const AT_MOST: Duration = Duration::from_secs(120);

fn restore(path: &Path) -> Value {
    json!({"path": path, "passphrase": WORDS, "own": null, "discard_unsent": true})
}

#[tokio::test]
async fn a_restoring_that_fails_tells_where_the_session_stands() {
    let world = World::new().await;
    world.heard.events.lock().unwrap().clear();
    let missing = restore(&world.dir.path().join("nowhere.ltbackup"));
    let refused = world.ask("backup.restore", missing).await.unwrap_err();
    assert_eq!(refused.code, Code::NotFound);
    let events = world.heard.events.lock().unwrap();
    let is_session = |event: &UiEvent| matches!(event, UiEvent::Session(SessionView::Ready { .. }));
    assert!(events.iter().any(is_session));
    let is_security = |event: &UiEvent| matches!(event, UiEvent::Changed { tags } if tags.contains(&Tag::Security));
    assert!(events.iter().any(is_security));
}

#[tokio::test]
async fn a_backup_of_somebody_else_ends_the_session_that_was_there() {
    let server = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", server.local_addr().unwrap());
    let (dir, place) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let archive = place.path().join("desk.ltbackup");
    let secrets = MemorySecrets::default();
    prepare(dir.path(), &secrets, None);
    let mut ring = KeyRing::open(dir.path()).unwrap();
    let root = ring.unlock_keychain(&secrets).unwrap();
    let (store, _) = Store::open(dir.path(), &root, NOW).unwrap();
    let words = Secret::from(WORDS);
    store.back_up(&archive, &words, Cost::LEAST, NOW).unwrap();
    // Whoever is there now is known to another server.
    let account = Account {
        server: address,
        ..store.account().unwrap().unwrap()
    };
    store.set_account(&account, NOW).unwrap();
    drop(store);
    let world = World::open(dir, Arc::new(secrets)).await;

    // The desk wants to sync as well, and is hung up on.
    let hears_of_the_end = async {
        loop {
            let (mut stream, _) = server.accept().await.unwrap();
            let mut head = [0; 64];
            let n_bytes = stream.read(&mut head).await.unwrap_or(0);
            if head[..n_bytes].starts_with(b"POST /api/v1/logout ") {
                return;
            }
        }
    };
    let both = async {
        tokio::join!(
            world.ask("backup.restore", restore(&archive)),
            hears_of_the_end
        )
    };
    let (restored, ()) = tokio::time::timeout(AT_MOST, both).await.unwrap();
    assert_eq!(restored.unwrap()["session"]["phase"], "signed_out");
}
