//! A desk that lost a row notices by itself, and gets it back.

use lt_model::agent::Role;
use lt_seal::Secret;
use lt_store::keys::KeyRing;
use rusqlite::Connection;
use scenarios::{
    customer::Customer,
    desk::{Desk, PASSPHRASE},
    shop::Shop,
};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_went_astray_comes_back_with_the_next_checkpoint() {
    let shop = Shop::open().await.unwrap();
    shop.hire("xiaotong", "王晓彤", Role::Agent, &["售前", "售后", "投诉"])
        .await
        .unwrap();
    let mut desk = Desk::sign_in(&shop, "xiaotong").await.unwrap();
    let customer = Customer::visit(&shop, "林晓棠").await.unwrap();
    customer.says("转人工，雨伞坏了").await.unwrap();
    let row = desk.only("queue").await.unwrap();
    let folder = desk.close().await;

    // A fault of the program, or of a disk that says it wrote.
    let root = KeyRing::open(&folder)
        .unwrap()
        .unlock_passphrase(&Secret::new(PASSPHRASE.to_owned()))
        .unwrap();
    let key = lt_seal::derive(&root, "db/v1", b"").to_hex_secret();
    let raw = Connection::open(folder.join("store.db")).unwrap();
    raw.execute_batch(&format!("PRAGMA key = \"x'{}'\"", key.expose()))
        .unwrap();
    let n_lost = raw
        .execute("DELETE FROM message WHERE seq = 1", [])
        .unwrap();
    assert_eq!(n_lost, 1);
    drop(raw);

    let mut desk = Desk::start(folder);
    desk.unlock().await.unwrap();
    // Any change of the stream is a checkpoint.
    customer.says("请尽快处理").await.unwrap();
    let id = json!({"conversation_id": row["id"]});
    desk.wait_for("the lost message", "conversation.get", id, |view| {
        let messages = view["messages"].to_string();
        messages.contains("雨伞坏了") && messages.contains("请尽快处理")
    })
    .await
    .unwrap();
    desk.wait_for("in step", "connection.get", json!({}), |view| {
        view["state"] == "online" && view["fetching"].is_null()
    })
    .await
    .unwrap();
    let store = desk.store().unwrap();
    assert_eq!(store.n_healed().unwrap(), 1);
    assert!(store.unsound_streams().unwrap().is_empty());
    store.check().unwrap();
}
