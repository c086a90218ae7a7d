//! A customer's question reaches the agent's desktop, and the answer goes back.

use lt_model::agent::Role;
use lt_protocol::widget::{WidgetAuthor, WidgetHandler};
use scenarios::{customer::Customer, desk::Desk, shop::Shop};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn the_bot_answers_what_it_knows_and_a_person_answers_the_rest() {
    let shop = Shop::open().await.unwrap();
    shop.hire("xiaotong", "王晓彤", Role::Agent, &["售后", "投诉"])
        .await
        .unwrap();
    shop.hire("lina", "李娜", Role::Agent, &["售前"])
        .await
        .unwrap();
    let mut after_sales = Desk::sign_in(&shop, "xiaotong").await.unwrap();
    let mut pre_sales = Desk::sign_in(&shop, "lina").await.unwrap();
    after_sales.look_away();

    let customer = Customer::visit(&shop, "张伟").await.unwrap();
    customer.says("退款几天能收到").await.unwrap();
    let page = customer.sees().await.unwrap();
    let answer = page.last().unwrap();
    assert_eq!(answer.author, WidgetAuthor::Bot);
    assert_eq!(answer.source, "ec-062@1", "{answer:?}");
    assert_eq!(customer.is_served_by().await.unwrap().0, WidgetHandler::Bot);

    // What the bot is not to settle goes to the right group, with its reasons, and nowhere else.
    customer
        .says("你们把我的退款弄丢了，我电话13812345678，再不处理我打12315")
        .await
        .unwrap();
    let (handler, position) = customer.is_served_by().await.unwrap();
    assert_eq!((handler, position), (WidgetHandler::Queue, Some(1)));
    let row = after_sales.only("queue").await.unwrap();
    assert_eq!(row["priority"], "urgent");
    assert_eq!(row["name"], "张*");
    // While the bot had it, it was with the group that takes what has no other.
    let all = json!({"scope": "all", "sort": "waiting"});
    pre_sales
        .wait_for(
            "the other group sees nothing of it",
            "inbox.list",
            all,
            |page| page["counts"]["all"] == 0,
        )
        .await
        .unwrap();
    let notice = after_sales.notification().await.unwrap();
    let shown = format!("{} {}", notice.title, notice.body);
    assert!(
        !shown.contains("退款") && !shown.contains("138") && !shown.contains("张伟"),
        "{shown}"
    );

    let view = after_sales
        .ask("conversation.get", json!({"conversation_id": row["id"]}))
        .await
        .unwrap();
    let whole = view.to_string();
    assert!(
        whole.contains("138****5678") && !whole.contains("13812345678"),
        "{whole}"
    );
    assert!(!whole.contains("张伟"), "{whole}");
    let assist = after_sales
        .wait_for(
            "the suggestion",
            "assist.suggest",
            json!({"conversation_id": row["id"]}),
            |assist| assist["priority"] == "urgent",
        )
        .await
        .unwrap();
    assert!(assist["reasons"].to_string().contains("12315"), "{assist}");

    let seq = customer.sees().await.unwrap().last().unwrap().seq;
    after_sales
        .reply(&row["id"], "您好，我是客服晓彤，马上为您核实退款。")
        .await
        .unwrap();
    let heard = customer.hears_after(seq).await.unwrap();
    let reply = heard
        .iter()
        .find(|message| message.author == WidgetAuthor::Agent)
        .unwrap();
    assert_eq!(
        (reply.name.as_str(), reply.text.as_str()),
        ("王晓彤", "您好，我是客服晓彤，马上为您核实退款。")
    );
    after_sales.only("mine").await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_sent_twice_is_stored_once() {
    let shop = Shop::open().await.unwrap();
    let customer = Customer::visit(&shop, "").await.unwrap();
    let id = customer.says("怎么开发票").await.unwrap();
    customer.says_as(id, "怎么开发票").await.unwrap();
    let page = customer.sees().await.unwrap();
    let mine = page
        .iter()
        .filter(|message| message.author == WidgetAuthor::Me)
        .count();
    let bot = page
        .iter()
        .filter(|message| message.author == WidgetAuthor::Bot)
        .count();
    assert_eq!((mine, bot), (1, 1), "{page:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_is_too_long_is_refused_and_changes_nothing() {
    let shop = Shop::open().await.unwrap();
    let customer = Customer::visit(&shop, "").await.unwrap();
    let refused = customer.says(&"长".repeat(6_667)).await.unwrap_err();
    assert!(refused.to_string().contains("TooLarge"), "{refused}");
    assert!(customer.sees().await.unwrap().is_empty());
    customer.says(&"长".repeat(6_666)).await.unwrap();
}
