//! A backup in the place of a desk that is in use, or that nothing opens any more.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use std::{fs, path::Path};

use lt_model::agent::Role;
use lt_protocol::code::Code;
use lt_seal::Secret;
use lt_store::{Store, keys::KeyRing};
use scenarios::{
    desk::{Desk, PASSPHRASE, now},
    shop::Shop,
};
use serde_json::{Value, json};

use crate::safekeeping::{ALL, BACKUP_PASSPHRASE, nothing_waits, served, times};

/// Said before the backup, and delivered after it.
const WAITING: [&str; 2] = ["备份时没发出去的一句", "备份时没发出去的两句"];
/// Said after the backup, and delivered.
const LATER: &str = "备份之后的一句";
/// Said last, and set aside with the former store.
const LOST: &str = "随原数据另存的一句";

async fn backed_up(desk: &Desk) -> String {
    let args = json!({"folder": null, "passphrase": BACKUP_PASSPHRASE});
    let made = desk.ask("backup.make", args).await.unwrap();
    made["path"].as_str().unwrap().to_owned()
}

fn restore(path: &str, discard_unsent: bool) -> Value {
    json!({"path": path, "passphrase": BACKUP_PASSPHRASE, "own": null,
        "discard_unsent": discard_unsent})
}

/// Whether a conversation on the screen has this text in it.
fn shows(view: &Value, text: &str) -> bool {
    view["messages"].to_string().contains(text)
}

/// The texts that wait in a store that no desk has open.
fn unsent_in(folder: &Path) -> String {
    let mut ring = KeyRing::open(folder).unwrap();
    let root = ring.unlock_passphrase(&Secret::new(PASSPHRASE.to_owned()));
    let (store, opened) = Store::open(folder, &root.unwrap(), now()).unwrap();
    assert_eq!(opened, lt_store::Opened::Fine);
    let actions: Vec<_> = store
        .outbox()
        .unwrap()
        .into_iter()
        .map(|entry| entry.op.action)
        .collect();
    serde_json::to_string(&actions).unwrap()
}

fn former_folders(folder: &Path) -> usize {
    let entries = fs::read_dir(folder).unwrap();
    entries
        .filter(|entry| {
            let name = entry.as_ref().unwrap().file_name();
            name.to_string_lossy().starts_with("former-")
        })
        .count()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_backup_takes_the_place_of_a_desk_in_use_and_nothing_doubles() {
    let (mut shop, mut desk, customer, id) = served().await;
    nothing_waits(&mut desk).await;
    shop.stop().await;
    for text in WAITING {
        desk.reply(&id, text).await.unwrap();
    }
    let path = backed_up(&desk).await;
    shop.start().await.unwrap();
    nothing_waits(&mut desk).await;
    desk.reply(&id, LATER).await.unwrap();
    // Else it could come to the server behind what the customer says, and be held back for that.
    nothing_waits(&mut desk).await;
    customer.says("备份之后客户说的").await.unwrap();
    nothing_waits(&mut desk).await;
    shop.stop().await;
    desk.reply(&id, LOST).await.unwrap();

    // Neither a wrong passphrase nor a missing word touches anything.
    let wrong = json!({"path": path, "passphrase": "wrong passphrase", "own": null,
        "discard_unsent": true});
    let missing = restore("/nowhere/desk.ltbackup", true);
    for (args, code) in [
        (wrong, Code::WrongPassphrase),
        (missing, Code::NotFound),
        (restore(&path, false), Code::Unsent),
    ] {
        let refused = desk.ask("backup.restore", args).await;
        assert_eq!(refused.unwrap_err().code, code);
        let connection = desk.ask("connection.get", json!({})).await.unwrap();
        assert_eq!(connection["pending"], 1, "{code:?}");
        assert_eq!(former_folders(&desk.folder), 0);
        assert!(!desk.folder.join("restored").exists());
    }

    // The server is not there, and need not be: the agent goes on in the same session.
    let info = json!({"path": path, "passphrase": BACKUP_PASSPHRASE});
    let info = desk.ask("backup.inspect", info).await.unwrap();
    assert_eq!(
        (&info["n_unsent"], &info["is_foreign"]),
        (&json!(2), &json!(false))
    );
    let restored = desk
        .ask("backup.restore", restore(&path, true))
        .await
        .unwrap();
    assert_eq!(restored["session"]["phase"], "ready");
    let view = desk
        .ask("conversation.get", json!({"conversation_id": id}))
        .await
        .unwrap();
    assert!(shows(&view, WAITING[0]) && shows(&view, WAITING[1]));
    assert!(!shows(&view, LATER) && !shows(&view, LOST));
    let connection = desk.ask("connection.get", json!({})).await.unwrap();
    assert_eq!(connection["pending"], 2);

    // The former store lies aside, whole, and the window can say where.
    let former = restored["former"].as_str().unwrap().to_owned();
    let backups = desk.ask("backup.get", json!({})).await.unwrap();
    assert_eq!(backups["former"], former.as_str());
    assert_eq!(backups["restore"], "idle");
    assert!(unsent_in(Path::new(&former)).contains(LOST));

    // With the server it comes to what everybody else sees. What was delivered after the backup is not
    // delivered again, under whichever numbers it comes.
    shop.start().await.unwrap();
    nothing_waits(&mut desk).await;
    desk.wait_for(
        "the conversation",
        "conversation.get",
        json!({"conversation_id": id}),
        |view| shows(view, LATER) && shows(view, "备份之后客户说的"),
    )
    .await
    .unwrap();
    desk.reply(&id, "恢复之后的一句").await.unwrap();
    nothing_waits(&mut desk).await;
    for text in WAITING.into_iter().chain([LATER, "恢复之后的一句"]) {
        assert_eq!(times(&customer, text).await, 1, "{text}");
    }
    assert_eq!(times(&customer, LOST).await, 0);
    let store = desk.store().unwrap();
    store.check().unwrap();
    store.verify_audit().unwrap().unwrap();
    drop(store);

    // The same passphrase opens it at the next start.
    let desk = Desk::start(desk.close().await);
    assert_eq!(desk.unlock().await.unwrap()["phase"], "ready");
    desk.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restoring_that_fails_leaves_the_desk_as_it_was() {
    let (mut shop, mut desk, customer, id) = served().await;
    nothing_waits(&mut desk).await;
    let path = backed_up(&desk).await;
    shop.stop().await;
    desk.reply(&id, "没发出去的一句").await.unwrap();

    // The restored store cannot be made; the exchange cannot begin when the desk is closed for it.
    for name in ["restored", "store.exchange"] {
        let in_the_way = desk.folder.join(name);
        match name {
            "restored" => fs::write(&in_the_way, "in the way").unwrap(),
            _ => fs::create_dir(&in_the_way).unwrap(),
        }
        let refused = desk.ask("backup.restore", restore(&path, true)).await;
        assert_eq!(refused.unwrap_err().code, Code::Storage, "{name}");
        let session = desk.ask("session.get", json!({})).await.unwrap();
        assert_eq!(session["phase"], "ready", "{name}");
        let connection = desk.ask("connection.get", json!({})).await.unwrap();
        assert_eq!(connection["pending"], 1, "{name}");
        assert_eq!(former_folders(&desk.folder), 0, "{name}");
        match in_the_way.is_dir() {
            true => fs::remove_dir(in_the_way).unwrap(),
            false => fs::remove_file(in_the_way).unwrap(),
        }
    }
    shop.start().await.unwrap();
    nothing_waits(&mut desk).await;
    assert_eq!(times(&customer, "没发出去的一句").await, 1);
    desk.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_that_nobody_can_open_is_made_from_a_backup() {
    let (shop, mut desk, customer, id) = served().await;
    nothing_waits(&mut desk).await;
    let path = backed_up(&desk).await;
    let mut desk = Desk::start(desk.close().await);
    let session = desk.ask("session.get", json!({})).await.unwrap();
    assert_eq!(session["phase"], "locked");
    let own = "another passphrase of this desk";
    let with_own = |discard_unsent: bool| {
        let mut args = restore(&path, discard_unsent);
        args["own"] = json!(own);
        args
    };
    for (args, code) in [
        // What it has unsent cannot be known.
        (with_own(false), Code::Unsent),
        (restore(&path, true), Code::NeedsPassphrase),
    ] {
        let refused = desk.ask("backup.restore", args).await;
        assert_eq!(refused.unwrap_err().code, code);
    }
    let restored = desk.ask("backup.restore", with_own(true)).await.unwrap();
    assert_eq!(restored["session"]["phase"], "signed_out");
    let former = restored["former"].as_str().unwrap();
    assert_eq!(unsent_in(Path::new(former)), "[]");
    desk.log_in(&shop, "xiaotong").await.unwrap();
    nothing_waits(&mut desk).await;
    desk.reply(&id, "恢复之后的一句").await.unwrap();
    nothing_waits(&mut desk).await;
    assert_eq!(times(&customer, "恢复之后的一句").await, 1);

    let desk = Desk::start(desk.close().await);
    assert_eq!(desk.unlock().await.unwrap_err().code, Code::WrongPassphrase);
    desk.ask("session.unlock", json!({"passphrase": own}))
        .await
        .unwrap();
    desk.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_colleagues_backup_is_told_from_ones_own_and_asks_its_owner_to_sign_in() {
    let shop = Shop::open().await.unwrap();
    for (username, name) in [("xiaotong", "王晓彤"), ("lina", "李娜")] {
        shop.hire(username, name, Role::Agent, ALL).await.unwrap();
    }
    let theirs = Desk::sign_in(&shop, "lina").await.unwrap();
    let path = backed_up(&theirs).await;
    theirs.close().await;
    let mut desk = Desk::sign_in(&shop, "xiaotong").await.unwrap();
    nothing_waits(&mut desk).await;
    let info = json!({"path": path, "passphrase": BACKUP_PASSPHRASE});
    let info = desk.ask("backup.inspect", info).await.unwrap();
    assert_eq!(info["is_foreign"], true);
    assert_eq!(info["account"], "lina · 聆选旗舰店");
    let restored = desk
        .ask("backup.restore", restore(&path, false))
        .await
        .unwrap();
    assert_eq!(restored["session"]["phase"], "signed_out");
    assert_eq!(restored["session"]["account"], "lina");
    assert!(restored["former"].is_string());
    desk.close().await;
}
