//! The server's share of a desk's store: the way in for an agent whose keychain forgot, or who forgot
//! the passphrase, and for nobody else.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use std::{fs, path::Path, sync::Arc};

use lt_model::agent::Role;
use lt_protocol::code::Code;
use lt_seal::{
    Key32,
    encode::{base64url_encode, hex_encode},
    slots::KeyFile,
};
use lt_server::DataDir;
use lt_store::keys::{KeyRing, KeysError, MemorySecrets, NoSecrets, SecretStore};
use rusqlite::Connection;
use scenarios::{
    at_rest,
    customer::Customer,
    desk::{Desk, PASSPHRASE},
    shop::{PASSWORD, Shop},
};
use serde_json::{Value, json};

use crate::safekeeping::{ALL, Raw, nothing_waits, serves, times};

const UNSENT: &str = "没发出去的一句";

fn database(shop: &Shop) -> Connection {
    Raw::open(&DataDir::new(shop.data())).0
}

/// A shop with an agent, who has signed in on a machine with this keychain or with a passphrase. The
/// desk has made its slot.
async fn signed_in(secrets: &Arc<dyn SecretStore>, passphrase: Option<&str>) -> (Shop, Desk) {
    let shop = Shop::open().await.unwrap();
    shop.hire("xiaotong", "王晓彤", Role::Agent, ALL)
        .await
        .unwrap();
    let mut desk = Desk::start_with(shop.desk_folder("desk"), Arc::clone(secrets));
    let args = json!({"server": shop.enrolment.to_string(), "username": "xiaotong",
        "password": PASSWORD, "passphrase": passphrase});
    desk.ask("session.login", args).await.unwrap();
    has_slot(&mut desk).await;
    nothing_waits(&mut desk).await;
    (shop, desk)
}

async fn has_slot(desk: &mut Desk) {
    let made = |view: &Value| {
        let slots = view["slots"].as_array().unwrap();
        slots
            .iter()
            .any(|slot| slot["kind"] == "server" && slot["works"] == true)
    };
    desk.wait_for("the slot", "security.get", json!({}), made)
        .await
        .unwrap();
}

/// A customer whom the agent serves; gives the conversation.
async fn served(shop: &Shop, desk: &mut Desk) -> (Customer, Value) {
    let (customer, id) = serves(shop, desk).await;
    nothing_waits(desk).await;
    (customer, id)
}

async fn by_account(
    desk: &Desk,
    username: &str,
    password: &str,
    new: Option<&str>,
) -> Result<Value, Code> {
    let args = json!({"username": username, "password": password, "new_passphrase": new});
    let answer = desk.ask("session.unlock_by_server", args).await;
    answer.map_err(|error| error.code)
}

fn forget(folder: &Path, secrets: &dyn SecretStore) {
    let text = fs::read_to_string(folder.join("keys.json")).unwrap();
    let file = KeyFile::from_json(&text).unwrap();
    assert!(secrets.get(file.fingerprint()).unwrap().is_some());
    secrets.delete(file.fingerprint()).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_keychain_that_forgot_costs_nothing_that_is_unsent() {
    let secrets: Arc<dyn SecretStore> = Arc::new(MemorySecrets::default());
    let (mut shop, mut desk) = signed_in(&secrets, None).await;
    let (customer, id) = served(&shop, &mut desk).await;
    shop.stop().await;
    desk.reply(&id, UNSENT).await.unwrap();
    let folder = desk.close().await;
    forget(&folder, &*secrets);

    let desk = Desk::start_with(folder, Arc::clone(&secrets));
    let session = desk.ask("session.get", json!({})).await.unwrap();
    assert_eq!(session["phase"], "locked");
    assert_eq!(session["by_passphrase"], false);
    let shown = session["by_server"].as_str().unwrap();
    let port = format!(":{}", shop.address().port());
    assert!(shown.ends_with(&port), "{shown}");
    let offline = by_account(&desk, "xiaotong", PASSWORD, None).await;
    assert_eq!(offline.unwrap_err(), Code::Offline);

    shop.start().await.unwrap();
    let wrong = by_account(&desk, "xiaotong", "another password 1", None).await;
    assert_eq!(wrong.unwrap_err(), Code::WrongPassword);
    let session = by_account(&desk, "xiaotong", PASSWORD, None).await.unwrap();
    assert_eq!(session["phase"], "ready");
    let mut desk = desk;
    nothing_waits(&mut desk).await;
    assert_eq!(times(&customer, UNSENT).await, 1);

    // The keychain has an entry again: the next start opens by itself, and sends nothing twice.
    let mut desk = Desk::start_with(desk.close().await, secrets);
    let session = desk.ask("session.get", json!({})).await.unwrap();
    assert_eq!(session["phase"], "ready");
    nothing_waits(&mut desk).await;
    assert_eq!(times(&customer, UNSENT).await, 1);
    desk.store().unwrap().verify_audit().unwrap().unwrap();
    desk.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forgotten_passphrase_is_replaced_and_a_new_key_gets_its_slot_again() {
    const NEW: &str = "the passphrase after that";
    let secrets: Arc<dyn SecretStore> = Arc::new(NoSecrets);
    let (shop, desk) = signed_in(&secrets, Some(PASSPHRASE)).await;
    let desk = Desk::start(desk.close().await);
    let session = desk.ask("session.get", json!({})).await.unwrap();
    assert_eq!(session["by_passphrase"], true);
    // The forgotten one would go on being all that opens the store.
    let none = by_account(&desk, "xiaotong", PASSWORD, None).await;
    assert_eq!(none.unwrap_err(), Code::NeedsPassphrase);
    let short = by_account(&desk, "xiaotong", PASSWORD, Some("short")).await;
    assert_eq!(short.unwrap_err(), Code::BadRequest);
    let session = by_account(&desk, "xiaotong", PASSWORD, Some(NEW)).await;
    assert_eq!(session.unwrap()["phase"], "ready");
    desk.ask("session.lock", json!({})).await.unwrap();
    let old = desk.unlock().await.unwrap_err();
    assert_eq!(old.code, Code::WrongPassphrase);
    let new = json!({"passphrase": NEW});
    desk.ask("session.unlock", new.clone()).await.unwrap();

    // A new key has no slot until the server was asked again.
    let mut desk = desk;
    let changed = desk.ask("security.rekey", new).await.unwrap();
    assert_eq!(changed["slots"][0]["kind"], "passphrase");
    has_slot(&mut desk).await;
    let desk = Desk::start(desk.close().await);
    let session = by_account(&desk, "xiaotong", PASSWORD, Some(PASSPHRASE)).await;
    assert_eq!(session.unwrap()["phase"], "ready");
    desk.close().await;
    drop(shop);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_was_restored_from_before_the_share_is_asked_again_after_a_start() {
    let secrets: Arc<dyn SecretStore> = Arc::new(MemorySecrets::default());
    let (mut shop, desk) = signed_in(&secrets, None).await;
    let folder = desk.close().await;
    shop.stop().await;
    let sql = "DELETE FROM device_share";
    assert_eq!(database(&shop).execute(sql, []).unwrap(), 1);
    shop.start().await.unwrap();

    let keys = || fs::read(folder.join("keys.json")).unwrap();
    let before = keys();
    let mut desk = Desk::start_with(folder.clone(), Arc::clone(&secrets));
    let is_open = |session: &Value| session["phase"] == "ready";
    desk.wait_for("the desk", "session.get", json!({}), is_open)
        .await
        .unwrap();
    let renewed = |_: &Value| keys() != before;
    desk.wait_for("the slot anew", "security.get", json!({}), renewed)
        .await
        .unwrap();
    desk.close().await;

    // The share that the server has now opens it.
    forget(&folder, &*secrets);
    let desk = Desk::start_with(folder, secrets);
    let session = by_account(&desk, "xiaotong", PASSWORD, None).await;
    assert_eq!(session.unwrap()["phase"], "ready");
    desk.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_sign_in_opens_nothing_by_the_account() {
    let secrets: Arc<dyn SecretStore> = Arc::new(MemorySecrets::default());
    let (mut shop, desk) = signed_in(&secrets, None).await;
    shop.hire("lili", "李丽", Role::Agent, ALL).await.unwrap();
    let folder = desk.close().await;
    forget(&folder, &*secrets);
    let desk = Desk::start_with(folder, secrets);
    // A colleague with a right password, whose desk it is not.
    let colleague = by_account(&desk, "lili", PASSWORD, None).await;
    assert_eq!(colleague.unwrap_err(), Code::WrongPassword);

    shop.stop().await;
    let sql = "UPDATE agent SET active = 0 WHERE username = 'xiaotong'";
    assert_eq!(database(&shop).execute(sql, []).unwrap(), 1);
    shop.start().await.unwrap();
    let ended = by_account(&desk, "xiaotong", PASSWORD, None).await;
    assert_eq!(ended.unwrap_err(), Code::WrongPassword);
    let session = desk.ask("session.get", json!({})).await.unwrap();
    assert_eq!(session["phase"], "locked");

    // The share was withheld, not lost.
    shop.stop().await;
    database(&shop)
        .execute_batch("UPDATE agent SET active = 1")
        .unwrap();
    shop.start().await.unwrap();
    let session = by_account(&desk, "xiaotong", PASSWORD, None).await;
    assert_eq!(session.unwrap()["phase"], "ready");
    desk.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_of_the_disk_is_not_opened_by_what_is_on_it() {
    let secrets: Arc<dyn SecretStore> = Arc::new(NoSecrets);
    let (mut shop, desk) = signed_in(&secrets, Some(PASSPHRASE)).await;
    let folder = desk.close().await;
    shop.stop().await;
    let share: Vec<u8> = database(&shop)
        .query_row("SELECT share FROM device_share", [], |row| row.get(0))
        .unwrap();
    let copy = shop.desk_folder("copy");
    fs::create_dir(&copy).unwrap();
    for entry in fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            fs::copy(&path, copy.join(path.file_name().unwrap())).unwrap();
        }
    }

    // The share is in none of its files, in no way in which it is written anywhere.
    let needles = [
        hex_encode(&share),
        hex_encode(&share).to_uppercase(),
        base64url_encode(&share),
    ];
    assert_eq!(at_rest::search(&folder, &needles).unwrap().hits, []);
    for entry in fs::read_dir(&copy).unwrap() {
        let path = entry.unwrap().path();
        let bytes = fs::read(&path).unwrap();
        let is_there = bytes.windows(share.len()).any(|part| part == share);
        assert!(!is_there, "{}", path.display());
    }

    // Whatever key stands in the file in clear or sealed is no share.
    let text = fs::read_to_string(copy.join("keys.json")).unwrap();
    let mut n_tried = 0;
    for digits in text.split(|letter: char| !letter.is_ascii_hexdigit()) {
        for digits in digits.as_bytes().windows(64).step_by(2) {
            let key = Key32::from_hex(std::str::from_utf8(digits).unwrap()).unwrap();
            let refused = KeyRing::open(&copy).unwrap().unlock_server(&key);
            assert!(matches!(refused, Err(KeysError::NoShare)));
            n_tried += 1;
        }
    }
    assert!(n_tried > 10, "{n_tried}");
    let desk = Desk::start(copy.clone());
    let offline = by_account(&desk, "xiaotong", PASSWORD, Some(PASSPHRASE)).await;
    assert_eq!(offline.unwrap_err(), Code::Offline);
    desk.close().await;

    // And the control: the share is what was missing.
    let share = Key32::new(share.try_into().unwrap());
    KeyRing::open(&copy).unwrap().unlock_server(&share).unwrap();
}
