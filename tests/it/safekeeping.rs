//! Backups of the desk and of the server, a new key for the desk's store, and a store that is found
//! damaged while the agent is away.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use std::{
    collections::HashSet,
    fs::{self, File},
    io::{Read, Seek, SeekFrom, Write},
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use lt_db::ServerKeys;
use lt_model::agent::Role;
use lt_protocol::{code::Code, event::NoticeCode, widget::WidgetAuthor};
use lt_seal::Secret;
use lt_server::{DataDir, cli::backup, data::read_key};
use lt_store::keys::KeyRing;
use rusqlite::{Connection, types::Value};
use scenarios::{
    at_rest,
    customer::Customer,
    desk::{Desk, PASSPHRASE},
    shop::Shop,
};
use serde_json::json;
use tokio::sync::watch;

pub(crate) const ALL: &[&str] = &["售前", "售后", "投诉"];
pub(crate) const BACKUP_PASSPHRASE: &str = "passphrase of the backup";
const NOW: i64 = 1_800_000_000_000;
const TWO_DAYS_MS: i64 = 48 * 60 * 60 * 1_000;

/// A shop, an agent's desk, and a customer whom the agent serves.
pub(crate) async fn served() -> (Shop, Desk, Customer, serde_json::Value) {
    let shop = Shop::open().await.unwrap();
    shop.hire("xiaotong", "王晓彤", Role::Agent, ALL)
        .await
        .unwrap();
    let mut desk = Desk::sign_in(&shop, "xiaotong").await.unwrap();
    let (customer, id) = serves(&shop, &mut desk).await;
    (shop, desk, customer, id)
}

/// A customer comes, and the agent takes the conversation.
pub(crate) async fn serves(shop: &Shop, desk: &mut Desk) -> (Customer, serde_json::Value) {
    let customer = Customer::visit(shop, "李梅").await.unwrap();
    customer.says("我要转人工").await.unwrap();
    let row = desk.only("queue").await.unwrap();
    desk.ask("conversation.claim", json!({"conversation_id": row["id"]}))
        .await
        .unwrap();
    desk.only("mine").await.unwrap();
    (customer, row["id"].clone())
}

/// The server's database past all guards.
pub(crate) struct Raw(pub(crate) Connection);

impl Raw {
    pub(crate) fn open(data: &DataDir) -> Self {
        let key = ServerKeys::from_root(&data.root_key().unwrap()).db;
        let connection = Connection::open(data.database()).unwrap();
        let hex = key.to_hex_secret();
        connection
            .execute_batch(&format!("PRAGMA key = \"x'{}'\";", hex.expose()))
            .unwrap();
        Self(connection)
    }

    fn text(&self, sql: &str) -> String {
        self.0.query_row(sql, [], |row| row.get(0)).unwrap()
    }

    fn export_plain(&self, path: &Path) {
        let path = path.display();
        self.0
            .execute_batch(&format!(
                "ATTACH DATABASE '{path}' AS plain KEY ''; SELECT sqlcipher_export('plain');
                 DETACH DATABASE plain;"
            ))
            .unwrap();
    }

    /// Every row of every table, one text each.
    fn rows(&self) -> Vec<String> {
        let sql = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name";
        let mut tables = self.0.prepare(sql).unwrap();
        let tables: Vec<String> = tables
            .query_map([], |row| row.get(0))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        let mut found = Vec::new();
        for table in tables {
            let mut statement = self.0.prepare(&format!("SELECT * FROM {table}")).unwrap();
            let n_columns = statement.column_count();
            let mut rows = statement.query([]).unwrap();
            while let Some(row) = rows.next().unwrap() {
                let values: Vec<Value> = (0..n_columns).map(|n| row.get(n).unwrap()).collect();
                found.push(format!("{table} {values:?}"));
            }
        }
        found
    }
}

pub(crate) async fn nothing_waits(desk: &mut Desk) {
    desk.wait_for("delivery", "connection.get", json!({}), |view| {
        view["state"] == "online" && view["pending"] == 0
    })
    .await
    .unwrap();
}

pub(crate) async fn times(customer: &Customer, text: &str) -> usize {
    let page = customer.sees().await.unwrap();
    let same = |one: &&lt_protocol::widget::WidgetMessage| {
        one.author == WidgetAuthor::Agent && one.text == text
    };
    page.iter().filter(same).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_restored_from_a_backup_sends_nothing_twice() {
    let (mut shop, mut desk, customer, id) = served().await;
    nothing_waits(&mut desk).await;
    shop.stop().await;
    let unsent = ["没发出去的一句", "没发出去的两句"];
    for text in unsent {
        desk.reply(&id, text).await.unwrap();
    }
    let made = desk
        .ask(
            "backup.make",
            json!({"folder": null, "passphrase": BACKUP_PASSPHRASE}),
        )
        .await
        .unwrap();
    let path = made["path"].as_str().unwrap().to_owned();
    let view = desk.ask("backup.get", json!({})).await.unwrap();
    assert_eq!(view["files"][0]["path"], path.as_str());
    assert!(view["made_at"].as_i64().is_some());

    // After the backup everything is delivered, and more is written.
    shop.start().await.unwrap();
    nothing_waits(&mut desk).await;
    desk.reply(&id, "后来的一句").await.unwrap();
    nothing_waits(&mut desk).await;
    desk.close().await;

    let mut fresh = Desk::start(shop.desk_folder("fresh"));
    let inspect = |passphrase: &str| json!({"path": path, "passphrase": passphrase});
    let wrong = fresh
        .ask("backup.inspect", inspect("wrong passphrase"))
        .await;
    assert_eq!(wrong.unwrap_err().code, Code::WrongPassphrase);
    let info = fresh
        .ask("backup.inspect", inspect(BACKUP_PASSPHRASE))
        .await
        .unwrap();
    assert_eq!(info["n_unsent"], 2);
    let restore = json!({"path": path, "passphrase": BACKUP_PASSPHRASE, "own": PASSPHRASE});
    let restored = fresh.ask("backup.restore", restore.clone()).await.unwrap();
    assert_eq!(restored["session"]["phase"], "signed_out");
    assert!(restored["former"].is_null(), "nothing was there");
    // From now on there is something to lose.
    let again = fresh.ask("backup.restore", restore).await;
    assert_eq!(again.unwrap_err().code, Code::Unsent);
    fresh.log_in(&shop, "xiaotong").await.unwrap();
    nothing_waits(&mut fresh).await;
    fresh.reply(&id, "新电脑上的一句").await.unwrap();
    nothing_waits(&mut fresh).await;
    for text in unsent.into_iter().chain(["后来的一句", "新电脑上的一句"]) {
        assert_eq!(times(&customer, text).await, 1, "{text}");
    }
    let store = fresh.store().unwrap();
    store.check().unwrap();
    store.verify_audit().unwrap().unwrap();
    drop(store);
    fresh.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_key_is_changed_while_the_desk_is_at_work() {
    let (shop, mut desk, customer, id) = served().await;
    let before = fs::read(desk.folder.join("store.key-id")).unwrap();
    let rekey = |passphrase: Option<&str>| json!({"passphrase": passphrase});
    for (given, code) in [
        (None, Code::NeedsPassphrase),
        (Some("wrong passphrase"), Code::WrongPassphrase),
    ] {
        let refused = desk.ask("security.rekey", rekey(given)).await;
        assert_eq!(refused.unwrap_err().code, code);
    }
    // What is asked meanwhile waits for a moment and is answered then.
    let change = desk.ask("security.rekey", rekey(Some(PASSPHRASE)));
    let inbox = desk.ask("inbox.list", json!({"scope": "mine", "sort": "waiting"}));
    let (changed, inbox) = tokio::join!(change, inbox);
    let view = changed.unwrap();
    assert_eq!(view["rekey"], "idle");
    assert_eq!(view["slots"][0]["kind"], "passphrase");
    assert_eq!(inbox.unwrap()["rows"][0]["id"], id);
    assert_ne!(fs::read(desk.folder.join("store.key-id")).unwrap(), before);
    // The search index is filled anew under the new key.
    customer.says("包裹在哪里").await.unwrap();
    desk.wait_for(
        "the search",
        "search.run",
        json!({"query": "包裹", "limit": 20}),
        |hits| hits["items"].to_string().contains(r#""kind":"message""#),
    )
    .await
    .unwrap();
    desk.reply(&id, "换过密钥之后的一句").await.unwrap();
    nothing_waits(&mut desk).await;
    assert_eq!(times(&customer, "换过密钥之后的一句").await, 1);

    let other = "another passphrase";
    let args = json!({"present": PASSPHRASE, "new": other});
    desk.ask("security.passphrase", args).await.unwrap();
    let folder = desk.close().await;
    let desk = Desk::start(folder);
    assert_eq!(desk.unlock().await.unwrap_err().code, Code::WrongPassphrase);
    desk.ask("session.unlock", json!({"passphrase": other}))
        .await
        .unwrap();
    desk.store().unwrap().verify_audit().unwrap().unwrap();
    desk.close().await;
    drop(shop);
}

#[tokio::test(flavor = "multi_thread")]
async fn damage_is_found_while_the_agent_is_away_and_nothing_unsent_is_lost() {
    let (mut shop, desk, customer, id) = served().await;
    shop.stop().await;
    desk.reply(&id, "没发出去的一句").await.unwrap();
    // Closing folds the log into the file: a page that the log still has would be mended from it.
    let mut desk = Desk::start(desk.close().await);
    desk.unlock().await.unwrap();
    // A sound store is looked at and left alone.
    desk.tick(now() + TWO_DAYS_MS).await;
    assert_eq!(desk.notices(), []);
    flip(&desk.folder);
    // Not while the agent is there, and not twice a day.
    desk.tick(now()).await;
    assert_eq!(desk.notices(), []);
    desk.tick(now() + 2 * TWO_DAYS_MS).await;
    assert_eq!(desk.notices(), [NoticeCode::StoreReplaced]);
    shop.start().await.unwrap();
    nothing_waits(&mut desk).await;
    assert_eq!(times(&customer, "没发出去的一句").await, 1);
    desk.store().unwrap().check().unwrap();
    desk.close().await;
}

fn now() -> i64 {
    let since = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap();
    i64::try_from(since.as_millis()).unwrap()
}

/// Changes a byte behind the store's back, in the page in which the shared canned replies begin: it
/// holds nothing unsent, and nobody reads it at the moment.
fn flip(folder: &Path) {
    let at = (first_page(folder, "canned") - 1) * 4096 + 2_000;
    let path = folder.join("store.db");
    let mut file = File::options().read(true).write(true).open(path).unwrap();
    let mut byte = [0];
    file.seek(SeekFrom::Start(at)).unwrap();
    file.read_exact(&mut byte).unwrap();
    file.seek(SeekFrom::Start(at)).unwrap();
    file.write_all(&[byte[0] ^ 1]).unwrap();
}

/// The page of a desk's database in which a table begins.
fn first_page(folder: &Path, table: &str) -> u64 {
    let mut ring = KeyRing::open(folder).unwrap();
    let root = ring.unlock_passphrase(&Secret::new(PASSPHRASE.to_owned()));
    let key = lt_seal::derive(&root.unwrap(), "db/v1", b"").to_hex_secret();
    let store = Connection::open(folder.join("store.db")).unwrap();
    store
        .execute_batch(&format!(
            "PRAGMA key = \"x'{}'\"; PRAGMA query_only = ON;",
            key.expose()
        ))
        .unwrap();
    let sql = "SELECT rootpage FROM sqlite_master WHERE type = 'table' AND name = ?1";
    let page: i64 = store.query_row(sql, [table], |row| row.get(0)).unwrap();
    u64::try_from(page).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_under_load_restores_what_the_server_had_at_that_moment() {
    let (mut shop, mut desk, customer, id) = served().await;
    // Somebody writes without pause.
    let stop = Arc::new(AtomicBool::new(false));
    let (told, mut acknowledged) = watch::channel(Vec::<String>::new());
    let writer = Customer::visit(&shop, "赵六").await.unwrap();
    let load = tokio::spawn({
        let stop = Arc::clone(&stop);
        async move {
            for n in 0.. {
                if stop.load(Ordering::Acquire) {
                    break;
                }
                let text = format!("第{n}句，暗号紫藤萝{n}号");
                // Whoever writes faster than customers may is told to wait, and says it again.
                while let Err(refused) = writer.says(&text).await {
                    assert!(refused.to_string().contains("SlowDown"), "{refused:#}");
                    tokio::task::yield_now().await;
                }
                told.send_modify(|texts| texts.push(text));
            }
            writer
        }
    });
    acknowledged
        .wait_for(|texts| texts.len() >= 3)
        .await
        .unwrap();
    let before = acknowledged.borrow().clone();
    let place = shop.desk_folder("backups");
    fs::create_dir(&place).unwrap();
    let out = place.join("under-load.ltar");
    let data = DataDir::new(shop.data());
    let manifest = {
        let (data, out) = (data.clone(), out.clone());
        tokio::task::spawn_blocking(move || backup::make(&data, &out, NOW))
            .await
            .unwrap()
            .unwrap()
    };
    stop.store(true, Ordering::Release);
    let writer = load.await.unwrap();

    // Nothing of it is readable; the same search finds a copy that is not sealed.
    let needles: Vec<String> = before.clone();
    assert_eq!(at_rest::search(&place, &needles).unwrap().hits, []);
    let open = shop.desk_folder("control");
    fs::create_dir(&open).unwrap();
    Raw::open(&data).export_plain(&open.join("plain.db"));
    let found = at_rest::search(&open, &needles).unwrap();
    let found: HashSet<usize> = found.hits.iter().map(|hit| hit.needle).collect();
    assert_eq!(found.len(), needles.len(), "the control finds every text");

    // What happens after the backup is not in it.
    desk.reply(&id, "备份之后的回复").await.unwrap();
    nothing_waits(&mut desk).await;
    shop.stop().await;
    let key = shop.desk_folder("server.key");
    fs::copy(data.key_file(), &key).unwrap();
    let restored = shop.desk_folder("restored");
    let refused = backup::restore(&shop.data(), &out, &key, NOW);
    assert!(refused.is_err(), "never over data that is there");
    backup::restore(&restored, &out, &key, NOW).unwrap();
    let (old, new) = (Raw::open(&data), Raw::open(&DataDir::new(&restored)));
    let n_acts: u64 = manifest.notes["acts"].parse().unwrap();
    let chain = |raw: &Raw| {
        let sql = format!(
            "SELECT group_concat(n || record || hex(hash)) FROM
               (SELECT n, record, hash FROM audit WHERE n <= {n_acts} ORDER BY n)"
        );
        raw.text(&sql)
    };
    assert!(chain(&old) == chain(&new), "the same acts up to the backup");
    assert_eq!(
        new.text("SELECT CAST(max(n) AS TEXT) FROM audit"),
        (n_acts + 1).to_string(),
        "and that it was restored"
    );
    let said = new.text("SELECT group_concat(body) FROM message");
    assert!(before.iter().all(|text| said.contains(text.as_str())));
    assert!(!said.contains("备份之后的回复"));
    drop((old, new));

    // The restored server takes the old one's place: the desk fetches anew, and nothing doubles.
    fs::rename(shop.data(), shop.desk_folder("lost")).unwrap();
    fs::rename(&restored, shop.data()).unwrap();
    shop.start().await.unwrap();
    nothing_waits(&mut desk).await;
    writer.says("恢复之后的一句").await.unwrap();
    desk.reply(&id, "恢复之后的回复").await.unwrap();
    nothing_waits(&mut desk).await;
    assert_eq!(times(&customer, "恢复之后的回复").await, 1);
    assert_eq!(times(&customer, "备份之后的回复").await, 0);
    let page = writer.sees().await.unwrap();
    for text in &before {
        let n_times = page.iter().filter(|one| one.text == *text).count();
        assert_eq!(n_times, 1, "{text}");
    }
    desk.store().unwrap().check().unwrap();
    desk.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_at_rest_restores_every_row() {
    let (mut shop, desk, _customer, id) = served().await;
    desk.reply(&id, "在的").await.unwrap();
    desk.close().await;
    shop.stop().await;
    let data = DataDir::new(shop.data());
    let out = shop.desk_folder("quiet.ltar");
    backup::make(&data, &out, NOW).unwrap();
    assert!(backup::make(&data, &out, NOW).is_err(), "never over a file");
    let root = data.root_key().unwrap();
    backup::verify(&out, &root).unwrap();
    let restored = shop.desk_folder("restored");
    backup::restore(&restored, &out, &data.key_file(), NOW).unwrap();
    let rows = |folder: &DataDir| Raw::open(folder).rows();
    let (old, new) = (rows(&data), rows(&DataDir::new(&restored)));
    assert!(old.len() > 100, "{}", old.len());
    let minus = |left: &[String], right: &[String]| -> Vec<String> {
        let right: HashSet<&String> = right.iter().collect();
        left.iter()
            .filter(|row| !right.contains(row))
            .cloned()
            .collect()
    };
    let tables = |rows: &[String]| -> Vec<String> {
        let table = |row: &String| row.split(' ').next().unwrap().to_owned();
        rows.iter().map(table).collect()
    };
    // The generation is another one, and the log says that it was restored; the rest is the same.
    assert_eq!(tables(&minus(&old, &new)), ["audit_head", "meta"]);
    assert_eq!(tables(&minus(&new, &old)), ["audit", "audit_head", "meta"]);
    for name in ["ca.pem", "server.pem", "server.key"] {
        let [before, after] = [&data, &DataDir::new(&restored)]
            .map(|folder| fs::read(folder.tls().join(name)).unwrap());
        assert_eq!(before, after, "{name}");
    }
    // Another key, a flipped byte, a cut: refused by name, and no folder is left.
    let other = shop.desk_folder("other.key");
    let hex = lt_seal::Key32::random().unwrap().to_hex_secret();
    fs::copy(data.key_file(), &other).unwrap();
    let text = fs::read_to_string(&other).unwrap();
    let word = text.split(' ').next().unwrap();
    fs::write(&other, format!("{word} {}\n", hex.expose())).unwrap();
    assert!(read_key(&other).is_ok());
    let nowhere = shop.desk_folder("nowhere");
    assert!(backup::restore(&nowhere, &out, &other, NOW).is_err());
    let mut bytes = fs::read(&out).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    let bad = shop.desk_folder("bad.ltar");
    fs::write(&bad, &bytes).unwrap();
    let refused = format!(
        "{:#}",
        backup::restore(&nowhere, &bad, &data.key_file(), NOW).unwrap_err()
    );
    assert!(refused.contains("is altered"), "{refused}");
    fs::write(&bad, &bytes[..middle]).unwrap();
    let refused = format!("{:#}", backup::verify(&bad, &root).unwrap_err());
    assert!(refused.contains("cut after"), "{refused}");
    assert!(!nowhere.exists());
    let left: Vec<_> = fs::read_dir(nowhere.parent().unwrap())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .filter(|name| name.contains("restoring"))
        .collect();
    assert_eq!(left, [] as [String; 0]);
}

#[test]
fn what_another_program_dumps_is_sealed_and_given_back() {
    let folder = tempfile::tempdir().unwrap();
    let root = lt_seal::Key32::random().unwrap();
    let out = folder.path().join("dump.ltar");
    let dump = "CREATE TABLE 客户 (…);".repeat(100_000);
    backup::seal(&root, dump.as_bytes(), &out, NOW).unwrap();
    let mut back = Vec::new();
    backup::unseal(&root, &out, &mut back).unwrap();
    assert!(back == dump.as_bytes());
    let needles = ["客户".to_owned()];
    assert_eq!(at_rest::search(folder.path(), &needles).unwrap().hits, []);
}
