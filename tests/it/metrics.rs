//! A lead's desk shows the numbers of a real server, names the rows behind them, and shows them still
//! when the server is gone.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use lt_model::agent::Role;
use lt_protocol::code::Code;
use scenarios::{
    customer::Customer,
    desk::{Desk, now},
    shop::Shop,
};
use serde_json::{Value, json};

const ALL: &[&str] = &["售前", "售后", "投诉"];
const DAY_MS: i64 = 86_400_000;

fn period() -> Value {
    let (from, to) = (now() - DAY_MS, now() + DAY_MS);
    json!({"from": from, "to": to, "compare_from": null, "grain": "hour",
        "filter": {"group": null, "slice": null}})
}

fn card<'v>(board: &'v Value, metric: &str) -> &'v Value {
    let cards = board["cards"].as_array().unwrap();
    let card = cards.iter().find(|card| card["metric"] == metric);
    &card.unwrap()["now"]
}

fn share(part: u64, whole: u64) -> Value {
    json!({"kind": "share", "part": part, "whole": whole})
}

fn n(n: u64) -> Value {
    json!({"kind": "count", "n": n})
}

#[tokio::test(flavor = "multi_thread")]
async fn numbers_reach_a_leads_desk_and_stay_when_the_server_is_gone() {
    let mut shop = Shop::open().await.unwrap();
    shop.hire("chenjie", "陈洁", Role::TeamLead, ALL)
        .await
        .unwrap();
    shop.hire("xiaotong", "王晓彤", Role::Agent, ALL)
        .await
        .unwrap();
    let by_bot = Customer::visit(&shop, "张伟").await.unwrap();
    by_bot.says("怎么申请退款").await.unwrap();
    let by_person = Customer::visit(&shop, "李娜").await.unwrap();
    by_person.says("转人工").await.unwrap();
    let mut lead = Desk::sign_in(&shop, "chenjie").await.unwrap();
    let is_counted = |board: &Value| {
        card(board, "volume") == &n(2)
            && card(board, "auto_response") == &share(1, 2)
            && card(board, "queue") == &n(1)
    };
    let board = lead
        .wait_for("both are counted", "metrics.board", period(), is_counted)
        .await
        .unwrap();
    assert!(now() - board["as_of"].as_i64().unwrap() < 60_000);
    let heat = board["heat"].as_array().unwrap().iter();
    assert_eq!(heat.map(|heat| heat["n"].as_u64().unwrap()).sum::<u64>(), 2);

    // Somebody takes it, answers, and brings it to its end.
    let mut agent = Desk::sign_in(&shop, "xiaotong").await.unwrap();
    let row = agent.only("queue").await.unwrap();
    let of = json!({"conversation_id": row["id"]});
    agent.ask("conversation.claim", of.clone()).await.unwrap();
    agent.reply(&row["id"], "已经为您处理好了").await.unwrap();
    agent.ask("conversation.resolve", of).await.unwrap();
    let is_handled = |board: &Value| {
        card(board, "first_contact") == &share(1, 1)
            && card(board, "first_response_p50")["of"] == 1
            && card(board, "queue") == &n(0)
    };
    lead.wait_for("it is over", "metrics.board", period(), is_handled)
        .await
        .unwrap();
    let refused = agent.ask("metrics.board", period()).await.unwrap_err();
    assert_eq!(refused.code, Code::Forbidden);

    // The rows behind a number are those conversations.
    let mut asked = period();
    let rows = asked.as_object_mut().unwrap();
    rows.remove("compare_from");
    rows.remove("grain");
    rows.insert("metric".to_owned(), json!("first_response_p90"));
    rows.insert("which".to_owned(), json!("all"));
    rows.insert("after".to_owned(), json!(null));
    rows.insert("limit".to_owned(), json!(50));
    let behind = lead.ask("metrics.rows", asked.clone()).await.unwrap();
    assert_eq!(behind["total"], 1);
    assert_eq!(behind["rows"][0]["conversation_id"], row["id"]);
    // Both, one after the other.
    let mut both = asked.clone();
    (both["metric"], both["limit"]) = (json!("volume"), json!(1));
    let first = lead.ask("metrics.rows", both.clone()).await.unwrap();
    assert_eq!(first["rows"][0]["conversation_id"], row["id"]);
    both["after"] = first["next"].clone();
    let second = lead.ask("metrics.rows", both).await.unwrap();
    assert_ne!(second["rows"][0]["conversation_id"], row["id"]);
    assert_eq!(
        (&second["rows"][1], &second["next"]),
        (&json!(null), &json!(null))
    );

    // A file of the same numbers.
    for format in ["csv", "xlsx"] {
        let args = json!({"board": period(), "format": format});
        let file = lead.ask("metrics.export", args).await.unwrap();
        let path = file["path"].as_str().unwrap();
        let bytes = std::fs::metadata(path).unwrap().len();
        assert_eq!(Some(bytes), file["bytes"].as_u64());
    }

    // Without the server the numbers are still there, and the rows are not.
    shop.stop().await;
    let is_offline = |view: &Value| view["state"] == "offline";
    lead.wait_for(
        "the server is gone",
        "connection.get",
        json!({}),
        is_offline,
    )
    .await
    .unwrap();
    let board = lead.ask("metrics.board", period()).await.unwrap();
    assert!(is_handled(&board));
    let refused = lead.ask("metrics.rows", asked).await.unwrap_err();
    assert_eq!(refused.code, Code::Offline);
}
