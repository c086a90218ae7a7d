//! Where the session stands: fresh, locked, signed out, ready.

use std::sync::Arc;

use lt_model::id::DeviceId;
use lt_protocol::code::Code;
use lt_seal::Key32;
use lt_store::keys::{KeyRing, MemorySecrets};
use serde_json::json;

use crate::world::{NOW, Story, World, conversation_id, prepare};

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
async fn a_locked_desk_says_what_would_open_it_and_the_account_needs_the_server() {
    const PASSPHRASE: &str = "九曲黄河万里沙，浪淘风簸";
    for (passphrase, has_slot) in [
        (Some(PASSPHRASE), false),
        (Some(PASSPHRASE), true),
        (None, true),
        (None, false),
    ] {
        let dir = tempfile::tempdir().unwrap();
        let secrets = MemorySecrets::default();
        prepare(dir.path(), &secrets, passphrase);
        if has_slot {
            let mut ring = KeyRing::open(dir.path()).unwrap();
            let root = ring.unlock_keychain(&secrets).unwrap();
            let share = Key32::random().unwrap();
            let device = DeviceId(uuid::Uuid::from_u128(9));
            ring.add_server(&root, &share, "http://127.0.0.1:1", device, NOW)
                .unwrap();
        }
        let keys = std::fs::read(dir.path().join("keys.json")).unwrap();
        // The keychain has forgotten its entry.
        let world = World::open(dir, Arc::new(MemorySecrets::default())).await;
        let session = world.ask("session.get", json!({})).await.unwrap();
        let expected = json!({"phase": "locked", "account": "",
            "by_passphrase": passphrase.is_some(),
            "by_server": has_slot.then_some("127.0.0.1:1")});
        assert_eq!(session, expected);
        let ask = |new: Option<&str>| {
            let args = json!({"username": "xiaolin", "password": "a long password",
                "new_passphrase": new});
            world.ask("session.unlock_by_server", args)
        };
        let expected = if has_slot {
            Code::Offline
        } else {
            Code::NoShare
        };
        assert_eq!(ask(None).await.unwrap_err().code, expected);
        // A new passphrase that is too short is told before anybody is asked.
        assert_eq!(ask(Some("短")).await.unwrap_err().code, Code::BadRequest);
        let session = world.ask("session.get", json!({})).await.unwrap();
        assert_eq!(session["phase"], "locked");
        let after = std::fs::read(world.dir.path().join("keys.json")).unwrap();
        assert!(keys == after, "nothing was changed");
    }
}

#[tokio::test]
async fn a_desk_that_is_open_or_fresh_is_not_unlocked() {
    let args = json!({"username": "xiaolin", "password": "a long password",
        "new_passphrase": null});
    let world = World::new().await;
    let session = world.ask("session.unlock_by_server", args.clone()).await;
    assert_eq!(session.unwrap()["phase"], "ready");
    let dir = tempfile::tempdir().unwrap();
    let world = World::open(dir, Arc::new(MemorySecrets::default())).await;
    let refused = world.ask("session.unlock_by_server", args).await;
    assert_eq!(refused.unwrap_err().code, Code::IllegalState);
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
