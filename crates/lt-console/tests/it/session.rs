//! Where the session stands: fresh, locked, signed out, ready.

use std::sync::Arc;

use lt_console::{Console, Host, Notification, NotifyError};
use lt_model::id::DeviceId;
use lt_protocol::{code::Code, command::Window, event::UiEvent};
use lt_seal::{Key32, slots::KeyFile};
use lt_store::keys::{KeyRing, MemorySecrets, NoSecrets, SecretStore};
use serde_json::json;
use tokio::net::TcpListener;

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

const PASSPHRASE: &str = "九曲黄河万里沙，浪淘风簸";

#[tokio::test]
async fn a_keychain_that_was_closed_at_the_start_is_tried_again() {
    for passphrase in [None, Some(PASSPHRASE)] {
        let dir = tempfile::tempdir().unwrap();
        let before = MemorySecrets::default();
        prepare(dir.path(), &before, passphrase);
        let text = std::fs::read_to_string(dir.path().join("keys.json")).unwrap();
        let name = KeyFile::from_json(&text).unwrap().fingerprint().to_owned();
        let world = World::open(dir, Arc::new(MemorySecrets::default())).await;
        let again = || world.ask("session.unlock", json!({"passphrase": null}));
        // Where there is a passphrase, the desk may have been locked on purpose.
        let expected = match passphrase {
            None => Code::Locked,
            Some(_) => Code::NeedsPassphrase,
        };
        assert_eq!(again().await.unwrap_err().code, expected);
        let kek = before.get(&name).unwrap().unwrap();
        world.secrets.set(&name, &kek).unwrap();
        match passphrase {
            None => assert_eq!(again().await.unwrap()["phase"], "ready"),
            Some(_) => assert_eq!(again().await.unwrap_err().code, expected),
        }
    }
}

/// A locked desk whose keychain forgot, with a passphrase, and a slot for the share of this server.
fn with_slot(dir: &std::path::Path, server: &str) {
    let secrets = MemorySecrets::default();
    prepare(dir, &secrets, Some(PASSPHRASE));
    let mut ring = KeyRing::open(dir).unwrap();
    let root = ring.unlock_keychain(&secrets).unwrap();
    let share = Key32::random().unwrap();
    let device = DeviceId(uuid::Uuid::from_u128(9));
    ring.add_server(&root, &share, server, device, NOW).unwrap();
}

/// A program whose windows nobody looks at.
struct Unwatched;

impl Host for Unwatched {
    fn emit(&self, _event: UiEvent) {}

    fn notify(&self, _notification: Notification) -> Result<(), NotifyError> {
        Ok(())
    }

    fn window_focused(&self) -> bool {
        false
    }

    fn focus(&self) {}
}

#[tokio::test]
async fn a_forgotten_passphrase_is_replaced_where_nothing_else_opens() {
    let new = Some("the next passphrase");
    for (has_keychain, new, expected) in [
        (false, None, Code::NeedsPassphrase),
        (false, new, Code::Offline),
        // The keychain gets its entry again.
        (true, None, Code::Offline),
        (true, new, Code::Offline),
    ] {
        let secrets: Arc<dyn SecretStore> = if has_keychain {
            Arc::new(MemorySecrets::default())
        } else {
            Arc::new(NoSecrets)
        };
        let dir = tempfile::tempdir().unwrap();
        with_slot(dir.path(), "http://127.0.0.1:1");
        let console = Console::new(dir.path(), secrets, Box::new(Unwatched));
        let args = json!({"username": "xiaolin", "password": "a long password",
            "new_passphrase": new});
        let command = json!({"name": "session.unlock_by_server", "args": args});
        let refused = console.handle_json(Window::Main, command).await;
        let code = refused.unwrap_err().code;
        assert_eq!(code, expected, "{has_keychain} {new:?}");
        console.close().await;
    }
}

#[tokio::test]
async fn who_remembers_the_passphrase_does_not_wait_for_a_server_that_says_nothing() {
    let server = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let dir = tempfile::tempdir().unwrap();
    with_slot(
        dir.path(),
        &format!("http://{}", server.local_addr().unwrap()),
    );
    let world = World::open(dir, Arc::new(MemorySecrets::default())).await;
    let args = json!({"username": "xiaolin", "password": "a long password",
        "new_passphrase": null});
    let remembers = async {
        // The server is being asked, and hangs up only when the passphrase has opened the store.
        let asked = server.accept().await.unwrap();
        let right = json!({"passphrase": PASSPHRASE});
        let session = world.ask("session.unlock", right).await;
        drop((asked, server));
        session
    };
    let (by_account, by_passphrase) =
        tokio::join!(world.ask("session.unlock_by_server", args), remembers);
    assert_eq!(by_passphrase.unwrap()["phase"], "ready");
    assert_eq!(by_account.unwrap()["phase"], "ready");
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
