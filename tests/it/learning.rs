//! What two agents agree on is learned by everybody; what one says, by nobody but that one.

use anyhow::Result;
use lt_model::agent::Role;
use lt_protocol::{
    learning::{LearningReport, LearningState},
    widget::WidgetAuthor,
};
use scenarios::{customer::Customer, desk::Desk, shop::Shop};
use serde_json::{Value, json};

const ALL: &[&str] = &["售前", "售后", "投诉"];
/// Asks for what [`ENTRY`] answers, in words that it does not have.
const ASKED: &str = "咋还没看到那笔款子回到我兜里";
const ENTRY: &str = "ec-062";
const OTHER: &str = "ec-001";

/// Runs learning now, as the administrator.
async fn learn(shop: &Shop) -> Result<LearningReport> {
    shop.admin(|admin| {
        let answer = admin.call("POST", "/api/v1/learning/run", b"")?;
        Ok(serde_json::from_slice(&answer)?)
    })
    .await
}

async fn state(shop: &Shop) -> Result<LearningState> {
    shop.admin(|admin| {
        let answer = admin.call("GET", "/api/v1/learning", b"")?;
        Ok(serde_json::from_slice(&answer)?)
    })
    .await
}

/// A new customer wants a person, the agent takes it, and the customer asks. The conversation's id.
async fn taken(shop: &Shop, desk: &mut Desk, text: &str) -> Result<Value> {
    let customer = Customer::visit(shop, "").await?;
    customer.says("转人工").await?;
    let row = desk.only("queue").await?;
    desk.ask("conversation.claim", json!({"conversation_id": row["id"]}))
        .await?;
    customer.says(text).await?;
    desk.wait_for(
        "the question",
        "conversation.get",
        json!({"conversation_id": row["id"]}),
        |view| view["messages"].to_string().contains(text),
    )
    .await?;
    Ok(row["id"].clone())
}

/// The agent answers from an entry and resolves.
async fn answers(desk: &mut Desk, conversation: &Value, faq_id: &str) -> Result<()> {
    let entry = desk.ask("faq.get", json!({"faq_id": faq_id})).await?;
    let id = json!({"conversation_id": conversation});
    let view = desk.ask("conversation.get", id.clone()).await?;
    let message_id = uuid::Uuid::now_v7().to_string();
    let args = json!({"conversation_id": conversation, "message_id": message_id,
        "text": entry["answer"], "seen_seq": view["last_seq"], "faq_id": faq_id});
    desk.ask("message.send", args).await?;
    delivered(desk).await?;
    desk.ask("conversation.resolve", id).await?;
    delivered(desk).await
}

async fn delivered(desk: &mut Desk) -> Result<()> {
    desk.wait_for("delivered", "connection.get", json!({}), |view| {
        view["state"] == "online" && view["pending"] == 0
    })
    .await?;
    Ok(())
}

/// Waits until a desk has so many learned wordings, and gives them.
async fn learned(desk: &mut Desk, n: usize) -> Result<Value> {
    desk.wait_for(
        "learned wordings",
        "learned.list",
        json!({"faq_id": null}),
        |view| view["rows"].as_array().is_some_and(|rows| rows.len() == n),
    )
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn two_agents_teach_the_bot_and_a_lead_takes_it_back() {
    let shop = Shop::open().await.unwrap();
    for (username, name, role) in [
        ("xiaotong", "王晓彤", Role::Agent),
        ("lina", "李娜", Role::Agent),
        ("chen", "陈组长", Role::TeamLead),
    ] {
        shop.hire(username, name, role, ALL).await.unwrap();
    }
    let mut first = Desk::sign_in(&shop, "xiaotong").await.unwrap();
    let mut second = Desk::sign_in(&shop, "lina").await.unwrap();

    // One agent alone, twice, teaches nobody else.
    for _ in 0..2 {
        let id = taken(&shop, &mut first, ASKED).await.unwrap();
        answers(&mut first, &id, ENTRY).await.unwrap();
    }
    let report = learn(&shop).await.unwrap();
    assert_eq!((report.picks, report.learned, report.waiting), (2, 0, 1));

    // At the first agent's own desk it counts at once.
    let id = taken(&shop, &mut first, "咋还没看到那笔款子回到我兜里啊")
        .await
        .unwrap();
    let args = json!({"conversation_id": id});
    first
        .wait_for("own pick", "assist.suggest", args.clone(), |assist| {
            assist["suggestions"][0]["faq_id"] == ENTRY
        })
        .await
        .unwrap();
    first
        .ask("conversation.resolve", args.clone())
        .await
        .unwrap();
    delivered(&mut first).await.unwrap();

    let id = taken(&shop, &mut second, ASKED).await.unwrap();
    answers(&mut second, &id, ENTRY).await.unwrap();
    let report = learn(&shop).await.unwrap();
    assert_eq!((report.learned, report.added), (1, 1), "{report:?}");
    for desk in [&mut first, &mut second] {
        let rows = learned(desk, 1).await.unwrap();
        let row = &rows["rows"][0];
        assert_eq!(
            (&row["faq_id"], &row["text"]),
            (&json!(ENTRY), &json!(ASKED))
        );
        let by = row["by"].to_string();
        assert!(by.contains("王晓彤") && by.contains("李娜"), "{by}");
    }
    // The next customer is answered by the bot, from the version that has learned it.
    let customer = Customer::visit(&shop, "").await.unwrap();
    customer.says(ASKED).await.unwrap();
    let page = customer.sees().await.unwrap();
    let reply = page.last().unwrap();
    assert_eq!(reply.author, WidgetAuthor::Bot, "{page:?}");
    assert!(reply.source.starts_with(ENTRY), "{page:?}");

    // One agent's wrong words change nothing.
    for _ in 0..2 {
        let id = taken(&shop, &mut second, "我的钱咋还不回来").await.unwrap();
        for (faq_id, thumb) in [(ENTRY, "down"), (OTHER, "up")] {
            let args = json!({"conversation_id": id, "answer_id": null, "faq_id": faq_id,
                "thumb": thumb});
            second.ask("learning.thumb", args).await.unwrap();
        }
        let args = json!({"conversation_id": id});
        second.ask("conversation.resolve", args).await.unwrap();
        delivered(&mut second).await.unwrap();
    }
    let report = learn(&shop).await.unwrap();
    assert_eq!((report.learned, report.removed), (1, 0), "{report:?}");

    // A lead takes it back, for everybody and for good.
    let lead = Desk::sign_in(&shop, "chen").await.unwrap();
    let rule = json!({"faq_id": ENTRY, "text": ASKED, "ruling": "rejected"});
    let denied = first.ask("learned.rule", rule.clone()).await.unwrap_err();
    assert_eq!(denied.code, lt_protocol::code::Code::Forbidden);
    lead.ask("learned.rule", rule).await.unwrap();
    let mut lead = lead;
    delivered(&mut lead).await.unwrap();
    let report = learn(&shop).await.unwrap();
    assert_eq!((report.learned, report.removed), (0, 1), "{report:?}");
    for desk in [&mut first, &mut second] {
        learned(desk, 0).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pick_made_offline_arrives_once() {
    let mut shop = Shop::open().await.unwrap();
    shop.hire("xiaotong", "王晓彤", Role::Agent, ALL)
        .await
        .unwrap();
    let mut desk = Desk::sign_in(&shop, "xiaotong").await.unwrap();
    let id = taken(&shop, &mut desk, ASKED).await.unwrap();
    shop.stop().await;
    desk.wait_for("offline", "connection.get", json!({}), |view| {
        view["state"] == "offline"
    })
    .await
    .unwrap();
    let args = json!({"conversation_id": id, "answer_id": null, "faq_id": ENTRY, "thumb": "up"});
    let said = desk.ask("learning.thumb", args.clone()).await.unwrap();
    assert_eq!(said["suggestions"][0]["thumb"], "up");
    // Saying it again is no news.
    desk.ask("learning.thumb", args).await.unwrap();
    let connection = desk.ask("connection.get", json!({})).await.unwrap();
    assert_eq!(connection["pending"], 1);
    shop.start().await.unwrap();
    delivered(&mut desk).await.unwrap();
    let report = learn(&shop).await.unwrap();
    assert_eq!(report.picks, 1);
    let state = state(&shop).await.unwrap();
    assert_eq!(state.waiting.len(), 1);
    assert_eq!(state.waiting[0].faq_id, ENTRY);
    assert_eq!(state.waiting[0].text, ASKED);
}
