//! Two agents and one customer.

use lt_model::agent::Role;
use scenarios::{customer::Customer, desk::Desk, shop::Shop};
use serde_json::{Value, json};

const ALL: &[&str] = &["售前", "售后", "投诉"];

#[tokio::test(flavor = "multi_thread")]
async fn the_second_agent_is_stopped_and_sees_who_has_it() {
    let shop = Shop::open().await.unwrap();
    shop.hire("xiaotong", "王晓彤", Role::Agent, ALL)
        .await
        .unwrap();
    shop.hire("lina", "李娜", Role::Agent, ALL).await.unwrap();
    let mut first = Desk::sign_in(&shop, "xiaotong").await.unwrap();
    let mut second = Desk::sign_in(&shop, "lina").await.unwrap();
    let customer = Customer::visit(&shop, "").await.unwrap();
    customer.says("转人工").await.unwrap();
    let row = first.only("queue").await.unwrap();
    second.only("queue").await.unwrap();

    let id = json!({"conversation_id": row["id"]});
    first.ask("conversation.claim", id.clone()).await.unwrap();
    let held = |view: &Value| view["reply"]["kind"] == "held_by";
    let view = second
        .wait_for("taken", "conversation.get", id.clone(), held)
        .await
        .unwrap();
    assert_eq!(view["reply"]["name"], "王晓彤");
    let refused = second.reply(&row["id"], "您好").await.unwrap_err();
    assert_eq!(refused.code, lt_protocol::code::Code::HeldByOther);

    first.reply(&row["id"], "您好，请讲").await.unwrap();
    let has_reply = |view: &Value| view["messages"].to_string().contains("请讲");
    second
        .wait_for("the reply", "conversation.get", id.clone(), has_reply)
        .await
        .unwrap();
    first.ask("conversation.resolve", id.clone()).await.unwrap();
    let ended = |view: &Value| view["row"]["status"] == "resolved";
    second
        .wait_for("resolved", "conversation.get", id, ended)
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn two_who_take_it_at_once_end_with_one_and_the_other_is_told() {
    let mut shop = Shop::open().await.unwrap();
    shop.hire("xiaotong", "王晓彤", Role::Agent, ALL)
        .await
        .unwrap();
    shop.hire("lina", "李娜", Role::Agent, ALL).await.unwrap();
    let mut first = Desk::sign_in(&shop, "xiaotong").await.unwrap();
    let mut second = Desk::sign_in(&shop, "lina").await.unwrap();
    let customer = Customer::visit(&shop, "").await.unwrap();
    customer.says("转人工").await.unwrap();
    let row = first.only("queue").await.unwrap();
    second.only("queue").await.unwrap();
    shop.stop().await;
    for desk in [&mut first, &mut second] {
        desk.wait_for("offline", "connection.get", json!({}), |view| {
            view["state"] == "offline"
        })
        .await
        .unwrap();
    }
    first.reply(&row["id"], "我来处理").await.unwrap();
    second.reply(&row["id"], "我来处理吧").await.unwrap();
    shop.start().await.unwrap();

    let settled = |view: &Value| view["state"] == "online" && view["pending"] == 0;
    let a = first
        .wait_for("settled", "connection.get", json!({}), settled)
        .await
        .unwrap();
    let b = second
        .wait_for("settled", "connection.get", json!({}), settled)
        .await
        .unwrap();
    let refused = (
        a["refused"].as_u64().unwrap(),
        b["refused"].as_u64().unwrap(),
    );
    assert!(refused == (0, 1) || refused == (1, 0), "{refused:?}");
    let loser = if refused.0 == 1 { &first } else { &second };
    let outbox = loser.ask("outbox.list", json!({})).await.unwrap();
    let item = &outbox["items"][0];
    assert!(
        item["text"].as_str().unwrap().starts_with("我来处理"),
        "the text is kept: {item}"
    );
    assert!(
        item["refused"] == "stale_reply" || item["refused"] == "held_by_other",
        "and the reason is told: {item}"
    );
    let replies = customer.sees().await.unwrap();
    assert_eq!(
        replies
            .iter()
            .filter(|message| message.text.starts_with("我来处理"))
            .count(),
        1
    );
}
