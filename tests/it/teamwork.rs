//! What colleagues tell each other, and what a customer must never see of it.

use lt_model::agent::Role;
use scenarios::{customer::Customer, desk::Desk, shop::Shop};
use serde_json::{Value, json};

const ALL: &[&str] = &["售前", "售后", "投诉"];
const SECRET: &str = "这位客户上月投诉过，先别答应赔付";

fn id() -> String {
    uuid::Uuid::now_v7().to_string()
}

/// Everything that the chat page is ever told, as one text.
#[expect(clippy::unwrap_used, reason = "a helper of tests fails by panicking")]
async fn page(customer: &Customer) -> String {
    let seen = customer.sees().await.unwrap();
    let state = customer.is_served_by().await.unwrap();
    format!("{seen:?} {state:?}")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_note_reaches_the_colleague_natively_and_the_customer_never() {
    let shop = Shop::open().await.unwrap();
    for (username, name) in [("xiaotong", "王晓彤"), ("lina", "李娜")] {
        shop.hire(username, name, Role::Agent, ALL).await.unwrap();
    }
    let mut first = Desk::sign_in(&shop, "xiaotong").await.unwrap();
    let mut second = Desk::sign_in(&shop, "lina").await.unwrap();
    let customer = Customer::visit(&shop, "张三丰").await.unwrap();
    customer.says("转人工").await.unwrap();
    let row = first.only("queue").await.unwrap();
    second.only("queue").await.unwrap();
    let here = json!({"conversation_id": row["id"]});
    let before = customer.sees().await.unwrap().len();

    let choices = first.ask("mention.choices", here.clone()).await.unwrap();
    let lina = choices["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["name"] == "李娜")
        .unwrap()["id"]
        .clone();
    second.look_away();
    let note = json!({
        "conversation_id": row["id"], "message_id": id(),
        "text": format!("@李娜 {SECRET}"), "mentions": [lina],
    });
    first.ask("note.add", note).await.unwrap();
    let told = second.notification_of("同事提到了您").await.unwrap();
    assert!(!told.body.contains("投诉"), "{told:?}");
    let has_note = |view: &Value| {
        view["messages"]
            .as_array()
            .is_some_and(|all| all.iter().any(|one| one["note"]["mentions_me"] == true))
    };
    let view = second
        .wait_for("the note", "conversation.get", here.clone(), has_note)
        .await
        .unwrap();
    assert_eq!(view["row"]["mentions"], 1);
    assert_eq!(view["reply"]["kind"], "claims", "nobody took it by a note");
    second.reply(&row["id"], "您好，请讲").await.unwrap();
    let answered = |view: &Value| view["messages"].to_string().contains("请讲");
    first
        .wait_for("the reply", "conversation.get", here, answered)
        .await
        .unwrap();
    // The page has the reply, and nothing between it and what was there.
    let seen = customer.sees().await.unwrap();
    assert_eq!(seen.len(), before + 2, "the event line and the reply");
    assert!(!page(&customer).await.contains("投诉"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_taken_back_offline_is_gone_for_both_sides_once_the_server_is_there() {
    let mut shop = Shop::open().await.unwrap();
    shop.hire("xiaotong", "王晓彤", Role::Agent, ALL)
        .await
        .unwrap();
    let mut desk = Desk::sign_in(&shop, "xiaotong").await.unwrap();
    let customer = Customer::visit(&shop, "").await.unwrap();
    customer.says("转人工").await.unwrap();
    let row = desk.only("queue").await.unwrap();
    let here = json!({"conversation_id": row["id"]});
    let sent = desk.reply(&row["id"], "发错人的话").await.unwrap();
    let is_sent = |view: &Value| {
        view["messages"].as_array().is_some_and(|all| {
            all.iter()
                .any(|one| one["id"] == sent["id"] && one["seq"] != 0)
        })
    };
    desk.wait_for("it is out", "conversation.get", here.clone(), is_sent)
        .await
        .unwrap();
    assert!(page(&customer).await.contains("发错人的话"));

    shop.stop().await;
    let offline = |view: &Value| view["state"] == "offline";
    desk.wait_for("offline", "connection.get", json!({}), offline)
        .await
        .unwrap();
    let recall = json!({"conversation_id": row["id"], "message_id": sent["id"]});
    let shown = desk.ask("message.recall", recall).await.unwrap();
    assert_eq!(shown["delivery"], "recalled", "shown at once");
    shop.start().await.unwrap();
    let settled = |view: &Value| view["state"] == "online" && view["pending"] == 0;
    desk.wait_for("settled", "connection.get", json!({}), settled)
        .await
        .unwrap();
    let page = page(&customer).await;
    assert!(!page.contains("发错人的话"), "{page}");
    assert!(page.contains("撤回了一条消息"), "{page}");
    let both = |view: &Value| {
        let messages = view["messages"].to_string();
        messages.contains("\"recalled\"") && messages.contains("\"event\":\"recalled\"")
    };
    desk.wait_for("the event", "conversation.get", here, both)
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_leads_canned_reply_is_at_every_desk_of_the_group() {
    let shop = Shop::open().await.unwrap();
    shop.hire("lead", "刘敏", Role::TeamLead, ALL)
        .await
        .unwrap();
    shop.hire("xiaotong", "王晓彤", Role::Agent, ALL)
        .await
        .unwrap();
    let lead = Desk::sign_in(&shop, "lead").await.unwrap();
    let mut agent = Desk::sign_in(&shop, "xiaotong").await.unwrap();
    let edit = json!({"id": id(), "base": 0, "draft": {
        "scope": {"kind": "all"}, "folder": "售后", "title": "开场", "shortcode": "hi",
        "text": "您好，我是{{坐席}}。", "acts": [],
    }});
    let list = lead.ask("canned.save", edit.clone()).await.unwrap();
    assert_eq!(list["items"][0]["draft"]["title"], "开场", "at once");
    let there = |list: &Value| list["items"][0]["draft"]["shortcode"] == "hi";
    let list = agent
        .wait_for("it is there", "canned.list", json!({}), there)
        .await
        .unwrap();
    assert_eq!(list["may_manage"], false);
    assert_eq!(list["items"][0]["editable"], false);
    let refused = agent.ask("canned.save", edit).await.unwrap_err();
    assert_eq!(refused.code, lt_protocol::code::Code::Forbidden);

    let customer = Customer::visit(&shop, "").await.unwrap();
    customer.says("转人工").await.unwrap();
    let row = agent.only("queue").await.unwrap();
    let canned = list["items"][0]["id"].clone();
    let fill = json!({"conversation_id": row["id"], "canned_id": canned});
    let filled = agent.ask("canned.fill", fill).await.unwrap();
    assert_eq!(filled, json!({"text": "您好，我是王晓彤。", "open": []}));
    let view = agent
        .ask("conversation.get", json!({"conversation_id": row["id"]}))
        .await
        .unwrap();
    let send = json!({
        "conversation_id": row["id"], "message_id": id(), "text": filled["text"],
        "seen_seq": view["last_seq"], "faq_id": null, "canned": [canned],
    });
    agent.ask("message.send", send).await.unwrap();
    let used = |list: &Value| list["items"][0]["used"] == 1;
    agent
        .wait_for("its use is counted", "canned.list", json!({}), used)
        .await
        .unwrap();
}
