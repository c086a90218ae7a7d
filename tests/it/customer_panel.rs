//! The customer beside a conversation: what the shop's other systems know, and what was before. A
//! system that is slow or down holds up nothing.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking")]

use std::time::Duration;

use lt_model::agent::Role;
use scenarios::{
    customer::Customer,
    desk::Desk,
    logistics::{Logistics, Mood, ORDER},
    shop::Shop,
};
use serde_json::{Value, json};

/// A connector that keeps nothing, so that every look-up asks.
fn forgetful(connectors: &str) -> String {
    let mut config: Value = serde_json::from_str(connectors).unwrap();
    config["connectors"][0]["cache_s"] = json!(0);
    config["connectors"][0]["stale_s"] = json!(0);
    config.to_string()
}

fn fact<'a>(view: &'a Value, name: &str) -> &'a Value {
    let facts = view["sheets"][0]["state"]["facts"].as_array().unwrap();
    let found = facts.iter().find(|fact| fact["name"] == name);
    &found.unwrap()["value"]
}

#[tokio::test(flavor = "multi_thread")]
async fn a_parcel_is_shown_with_its_time_and_goes_stale_when_its_system_goes_away() {
    let logistics = Logistics::open(0).await.unwrap();
    let mut shop = Shop::open_with(Some(&forgetful(&logistics.connectors())))
        .await
        .unwrap();
    shop.hire("xiaotong", "王晓彤", Role::Agent, &["售前", "售后", "投诉"])
        .await
        .unwrap();
    let customer = Customer::visit(&shop, "张伟").await.unwrap();
    customer.says("查一下物流").await.unwrap();
    customer.says(ORDER).await.unwrap();
    customer.says("转人工").await.unwrap();
    let mut desk = Desk::sign_in(&shop, "xiaotong").await.unwrap();
    let row = desk.only("queue").await.unwrap();
    let args = json!({"conversation_id": row["id"]});

    // The first look has nothing yet and waits for nothing; the answer comes by itself.
    logistics.becomes(Mood::Slow(Duration::from_millis(50)));
    let first = desk.ask("customer.get", args.clone()).await.unwrap();
    assert_eq!(
        (&first["asking"], &first["sheets"]),
        (&json!(true), &json!([]))
    );
    let view = desk
        .wait_for("the parcel", "customer.get", args.clone(), |view| {
            view["sheets"][0]["state"]["kind"] == "known"
        })
        .await
        .unwrap();
    assert_eq!(fact(&view, "状态"), "正在运输途中");
    assert_eq!(fact(&view, "位置"), "杭州转运中心");
    let sheet = &view["sheets"][0];
    assert_eq!(
        (&sheet["name"], &sheet["is_stale"]),
        (&json!("物流"), &json!(false))
    );
    let at = sheet["at"].clone();
    assert!(at.is_i64());

    // The system goes away: what it said stays, as of when it said it.
    logistics.becomes(Mood::Down);
    desk.ask("customer.refresh", args.clone()).await.unwrap();
    let view = desk
        .wait_for("what was before", "customer.get", args.clone(), |view| {
            view["sheets"][0]["is_stale"] == true
        })
        .await
        .unwrap();
    assert_eq!(fact(&view, "位置"), "杭州转运中心");
    assert_eq!(view["sheets"][0]["at"], at);

    // The server goes away too: still there, and said.
    shop.stop().await;
    desk.wait_for("offline", "connection.get", json!({}), |view| {
        view["state"] == "offline"
    })
    .await
    .unwrap();
    let view = desk.ask("customer.refresh", args).await.unwrap();
    assert_eq!(fact(&view, "状态"), "正在运输途中");
}

#[tokio::test(flavor = "multi_thread")]
async fn earlier_conversations_of_the_customer_are_beside_this_one() {
    let shop = Shop::open().await.unwrap();
    shop.hire("xiaotong", "王晓彤", Role::Agent, &["售前", "售后", "投诉"])
        .await
        .unwrap();
    let customer = Customer::visit(&shop, "张伟").await.unwrap();
    customer
        .says("转人工，我的手机是13812345678")
        .await
        .unwrap();
    let mut desk = Desk::sign_in(&shop, "xiaotong").await.unwrap();
    let row = desk.only("queue").await.unwrap();
    let args = json!({"conversation_id": row["id"]});
    let view = desk.ask("customer.get", args).await.unwrap();
    assert_eq!(
        (&view["earlier"], &view["n_earlier"]),
        (&json!([]), &json!(0))
    );
    // A colleague's group and other agents' conversations stay out of sight.
    let stranger = uuid::Uuid::now_v7();
    let error = desk
        .ask("customer.get", json!({"conversation_id": stranger}))
        .await
        .unwrap_err();
    assert_eq!(error.code, lt_protocol::code::Code::NotFound);
}
