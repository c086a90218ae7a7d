//! Where the session stands: fresh, locked, signed out, ready.

use std::sync::Arc;

use lt_protocol::code::Code;
use lt_store::keys::MemorySecrets;
use serde_json::json;

use crate::world::{Story, World, conversation_id, prepare};

#[tokio::test]
async fn a_fresh_desk_says_whether_a_passphrase_is_needed() {
    let dir = tempfile::tempdir().unwrap();
    let world = World::open(dir, Arc::new(MemorySecrets::default())).await;
    let session = world.ask("session.get", json!({})).await.unwrap();
    assert_eq!(session, json!({"phase": "fresh", "keychain": true}));
    for (name, args) in [
        ("inbox.list", json!({"scope": "mine", "sort": "waiting"})),
        ("outbox.list", json!({})),
        ("search.run", json!({"query": "退款", "limit": 5})),
    ] {
        let error = world.ask(name, args).await.unwrap_err();
        assert_eq!(error.code, Code::SignedOut, "{name}");
    }
    assert_eq!(
        world.ask("settings.get", json!({})).await.unwrap()["theme"],
        "system"
    );
}

#[tokio::test]
async fn a_locked_desk_opens_with_its_passphrase_and_reads_offline() {
    let dir = tempfile::tempdir().unwrap();
    // The keychain of the earlier run is gone: only the passphrase is left.
    prepare(
        dir.path(),
        &MemorySecrets::default(),
        Some("九曲黄河万里沙，浪淘风簸"),
    );
    let world = World::open(dir, Arc::new(MemorySecrets::default())).await;
    let session = world.ask("session.get", json!({})).await.unwrap();
    assert_eq!(session["phase"], "locked");
    let list = json!({"scope": "all", "sort": "waiting"});
    let error = world.ask("inbox.list", list.clone()).await.unwrap_err();
    assert_eq!(error.code, Code::Locked);
    let wrong = json!({"passphrase": "九曲黄河万里沙，浪淘"});
    let error = world.ask("session.unlock", wrong).await.unwrap_err();
    assert_eq!(error.code, Code::WrongPassphrase);
    let right = json!({"passphrase": "九曲黄河万里沙，浪淘风簸"});
    let session = world.ask("session.unlock", right).await.unwrap();
    assert_eq!(
        (&session["phase"], &session["me"]["username"]),
        (&json!("ready"), &json!("xiaolin"))
    );
    world.ask("inbox.list", list.clone()).await.unwrap();

    // And locks again, as often as asked.
    for _ in 0..2 {
        let session = world.ask("session.lock", json!({})).await.unwrap();
        assert_eq!(session["phase"], "locked");
    }
    let error = world.ask("inbox.list", list.clone()).await.unwrap_err();
    assert_eq!(error.code, Code::Locked);
    let right = json!({"passphrase": "九曲黄河万里沙，浪淘风簸"});
    world.ask("session.unlock", right).await.unwrap();
    world.ask("inbox.list", list).await.unwrap();
}

#[tokio::test]
async fn what_the_keychain_opens_by_itself_is_not_locked() {
    let world = World::new().await;
    let error = world.ask("session.lock", json!({})).await.unwrap_err();
    assert_eq!(error.code, Code::NeedsPassphrase);
    let session = world.ask("session.get", json!({})).await.unwrap();
    assert_eq!(session["phase"], "ready");
}

#[tokio::test]
async fn the_desk_opens_offline_after_a_restart_with_what_it_had() {
    let mut world = World::new().await;
    world.conversation(&Story::queued(1, "在吗"));
    let world = world.restart().await;
    let session = world.ask("session.get", json!({})).await.unwrap();
    assert_eq!(session["phase"], "ready");
    assert_eq!(session["server"], "127.0.0.1:1");
    assert_eq!(session["me"]["groups"], json!(["售后一组"]));
    let id = json!({"conversation_id": conversation_id(1)});
    let view = world.ask("conversation.get", id).await.unwrap();
    assert_eq!(view["messages"][0]["text"], "在吗");
}

#[tokio::test]
async fn signing_out_keeps_what_waits_and_closes_the_desk() {
    let mut world = World::new().await;
    world.conversation(&Story::queued(1, "在吗"));
    let claim = json!({"conversation_id": conversation_id(1)});
    world.ask("conversation.claim", claim).await.unwrap();
    let session = world.ask("session.logout", json!({})).await.unwrap();
    let expected = json!({"phase": "signed_out", "server": "127.0.0.1:1", "account": "xiaolin"});
    assert_eq!(session, expected);
    let error = world.ask("outbox.list", json!({})).await.unwrap_err();
    assert_eq!(error.code, Code::SignedOut);
    assert_eq!(world.store().outbox().unwrap().len(), 1);
}

#[tokio::test]
async fn signing_in_again_goes_to_the_server_that_was_first_entered() {
    let world = World::new().await;
    let session = world.ask("session.logout", json!({})).await.unwrap();
    let login = json!({"server": session["server"], "username": "xiaolin",
        "password": "a long password", "passphrase": null});
    let error = world.ask("session.login", login).await.unwrap_err();
    assert_eq!(error.code, Code::Offline);
}

#[tokio::test]
async fn signing_in_needs_the_server_and_leaves_nothing_behind_without_it() {
    let dir = tempfile::tempdir().unwrap();
    let world = World::open(dir, Arc::new(MemorySecrets::default())).await;
    let login = json!({"server": "http://127.0.0.1:1", "username": "xiaolin",
        "password": "a long password", "passphrase": null});
    let error = world.ask("session.login", login).await.unwrap_err();
    assert_eq!(error.code, Code::Offline);
    assert!(error.retry);
    assert!(!world.dir.path().join("keys.json").exists());
}

#[tokio::test]
async fn presence_is_shown_at_once() {
    let world = World::new().await;
    let session = world
        .ask("presence.set", json!({"presence": "busy"}))
        .await
        .unwrap();
    assert_eq!(session["me"]["presence"], "busy");
}

#[tokio::test]
async fn settings_are_kept_over_a_restart() {
    let world = World::new().await;
    let mut settings = world.ask("settings.get", json!({})).await.unwrap();
    settings["theme"] = json!("dark");
    world.ask("settings.set", settings.clone()).await.unwrap();
    let world = world.restart().await;
    assert_eq!(
        world.ask("settings.get", json!({})).await.unwrap(),
        settings
    );
}
