//! The server is gone: the desk reads, searches, suggests and writes; back again, it delivers once.

use lt_model::agent::Role;
use lt_protocol::widget::WidgetAuthor;
use scenarios::{
    customer::Customer,
    desk::{Desk, PASSPHRASE},
    shop::Shop,
};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn a_reply_written_offline_is_delivered_once() {
    let mut shop = Shop::open().await.unwrap();
    shop.hire("xiaotong", "王晓彤", Role::Agent, &["售前", "售后", "投诉"])
        .await
        .unwrap();
    let mut desk = Desk::sign_in(&shop, "xiaotong").await.unwrap();
    let customer = Customer::visit(&shop, "李梅").await.unwrap();
    customer.says("我要转人工").await.unwrap();
    let row = desk.only("queue").await.unwrap();
    desk.ask("conversation.claim", json!({"conversation_id": row["id"]}))
        .await
        .unwrap();
    desk.only("mine").await.unwrap();
    customer.says("退款几天能收到").await.unwrap();
    desk.wait_for(
        "the question",
        "conversation.get",
        json!({"conversation_id": row["id"]}),
        |view| view["messages"].to_string().contains("退款几天能收到"),
    )
    .await
    .unwrap();

    shop.stop().await;
    desk.wait_for("offline", "connection.get", json!({}), |view| {
        view["state"] == "offline"
    })
    .await
    .unwrap();

    // Reading, suggesting and searching go on from what is here.
    desk.wait_for(
        "the suggestion",
        "assist.suggest",
        json!({"conversation_id": row["id"]}),
        |assist| assist["suggestions"][0]["faq_id"] == "ec-062",
    )
    .await
    .unwrap();
    desk.wait_for(
        "the search",
        "search.run",
        json!({"query": "退款", "limit": 20}),
        |hits| hits["items"].to_string().contains(r#""kind":"message""#),
    )
    .await
    .unwrap();
    let sent = desk
        .reply(&row["id"], "一般 1–3 个工作日到账。")
        .await
        .unwrap();
    assert_eq!(sent["delivery"], "pending");
    let connection = desk.ask("connection.get", json!({})).await.unwrap();
    assert_eq!(connection["pending"], 1);

    // The program ends and starts again while there is still no server: nothing is lost.
    let folder = desk.close().await;
    let mut desk = Desk::start(folder);
    let session = desk.ask("session.get", json!({})).await.unwrap();
    assert_eq!(session["phase"], "locked");
    desk.ask("session.unlock", json!({"passphrase": PASSPHRASE}))
        .await
        .unwrap();
    let view = desk
        .ask("conversation.get", json!({"conversation_id": row["id"]}))
        .await
        .unwrap();
    let last = view["messages"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(
        (&last["delivery"], &last["text"]),
        (&json!("pending"), &json!("一般 1–3 个工作日到账。"))
    );

    let seq = {
        shop.start().await.unwrap();
        customer
            .sees()
            .await
            .unwrap()
            .iter()
            .map(|message| message.seq)
            .max()
            .unwrap()
    };
    desk.wait_for("delivered", "connection.get", json!({}), |view| {
        view["state"] == "online" && view["pending"] == 0
    })
    .await
    .unwrap();
    desk.wait_for(
        "sent",
        "conversation.get",
        json!({"conversation_id": row["id"]}),
        |view| view["messages"].as_array().unwrap().last().unwrap()["delivery"] != "pending",
    )
    .await
    .unwrap();
    let page = customer.sees().await.unwrap();
    let got: Vec<_> = page
        .iter()
        .filter(|message| {
            message.author == WidgetAuthor::Agent && message.text.contains("工作日到账")
        })
        .collect();
    assert_eq!(got.len(), 1, "after {seq}: {page:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn pulling_the_plug_in_the_middle_twice_delivers_once() {
    let mut shop = Shop::open().await.unwrap();
    shop.hire("xiaotong", "王晓彤", Role::Agent, &["售前", "售后", "投诉"])
        .await
        .unwrap();
    let mut desk = Desk::sign_in(&shop, "xiaotong").await.unwrap();
    let customer = Customer::visit(&shop, "").await.unwrap();
    customer.says("转人工").await.unwrap();
    let row = desk.only("queue").await.unwrap();
    for text in ["第一句", "第二句"] {
        // The reply is on its way when the server goes; whether it arrived nobody knows.
        desk.reply(&row["id"], text).await.unwrap();
        shop.stop().await;
        shop.start().await.unwrap();
        desk.wait_for("delivered", "connection.get", json!({}), |view| {
            view["state"] == "online" && view["pending"] == 0
        })
        .await
        .unwrap();
        desk.wait_for(
            "sent",
            "conversation.get",
            json!({"conversation_id": row["id"]}),
            |view| {
                let last = view["messages"].as_array().unwrap().last().unwrap();
                last["text"] == text && last["delivery"] != "pending"
            },
        )
        .await
        .unwrap();
    }
    let texts: Vec<String> = customer
        .sees()
        .await
        .unwrap()
        .into_iter()
        .filter(|message| message.author == WidgetAuthor::Agent)
        .map(|message| message.text)
        .collect();
    assert_eq!(texts, ["第一句", "第二句"]);
}
