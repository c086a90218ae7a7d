//! A conversation is sampled by a real server, reviewed while the reviewer's desk is cut off, appealed
//! against, decided, and scored a second time to compare.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use lt_model::agent::Role;
use lt_protocol::code::Code;
use scenarios::{
    customer::Customer,
    desk::Desk,
    shop::{ADMIN, Shop},
};
use serde_json::{Value, json};

const ALL: &[&str] = &["售前", "售后", "投诉"];

async fn settled(desk: &mut Desk) {
    let is_settled = |view: &Value| view["state"] == "online" && view["pending"] == 0;
    desk.wait_for("settled", "connection.get", json!({}), is_settled)
        .await
        .unwrap();
}

/// From now on every conversation is reviewed.
async fn sample_all(shop: &Shop) {
    let mut admin = Desk::sign_in(shop, ADMIN).await.unwrap();
    let random = |view: &Value| {
        let rules = view["rules"].as_array().cloned().unwrap_or_default();
        rules
            .into_iter()
            .find(|rule| rule["draft"]["by"]["kind"] == "random")
    };
    let is_there = |view: &Value| random(view).is_some();
    let view = admin
        .wait_for("rules", "quality.rules", json!({}), is_there)
        .await
        .unwrap();
    assert_eq!(view["may_manage"], true);
    let rule = random(&view).unwrap();
    let mut draft = rule["draft"].clone();
    draft["by"]["permille"] = json!(1_001);
    let check = admin
        .ask("quality.rule_check", draft.clone())
        .await
        .unwrap();
    assert_eq!(check["problems"], json!(["share"]));
    draft["by"]["permille"] = json!(1_000);
    let edit = json!({"id": rule["id"], "base": rule["edition"], "draft": draft});
    admin.ask("quality.rule_save", edit).await.unwrap();
    settled(&mut admin).await;
    let forms = admin.ask("quality.forms", json!({})).await.unwrap();
    assert_eq!(forms["forms"][0]["weight"], 100);
}

/// The customer asks for a person; the agent takes it, answers and resolves.
async fn serve(agent: &mut Desk, customer: &Customer) {
    customer.says("转人工").await.unwrap();
    let row = agent.only("queue").await.unwrap();
    let of = json!({"conversation_id": row["id"]});
    agent.ask("conversation.claim", of.clone()).await.unwrap();
    settled(agent).await;
    agent
        .reply(&row["id"], "您好，我保证明天送到")
        .await
        .unwrap();
    settled(agent).await;
    agent.ask("conversation.resolve", of).await.unwrap();
    settled(agent).await;
}

async fn refused(desk: &Desk, command: &str, args: Value) -> Code {
    desk.ask(command, args).await.unwrap_err().code
}

#[tokio::test(flavor = "multi_thread")]
async fn a_review_from_the_sample_to_the_decision() {
    let mut shop = Shop::open().await.unwrap();
    for (username, name, role) in [
        ("xiaotong", "王晓彤", Role::Agent),
        ("zhao", "赵组长", Role::TeamLead),
        ("qian", "钱组长", Role::TeamLead),
    ] {
        shop.hire(username, name, role, ALL).await.unwrap();
    }
    sample_all(&shop).await;
    let mut agent = Desk::sign_in(&shop, "xiaotong").await.unwrap();
    let mut zhao = Desk::sign_in(&shop, "zhao").await.unwrap();
    let mut qian = Desk::sign_in(&shop, "qian").await.unwrap();
    let customer = Customer::visit(&shop, "李梅").await.unwrap();
    serve(&mut agent, &customer).await;

    // It is sampled and scored beforehand.
    let todo = json!({"scope": "todo", "limit": 50});
    let is_sampled = |view: &Value| view["n_todo"] == 1;
    let list = zhao
        .wait_for("sampled", "quality.list", todo.clone(), is_sampled)
        .await
        .unwrap();
    let row = &list["items"][0];
    assert_eq!(row["agent"], "王晓彤");
    assert_eq!(row["state"], "open");
    assert_eq!(row["pre"]["tenths"], 900, "no farewell, and a promise");
    let of = json!({"review_id": row["id"]});
    let view = zhao.ask("quality.get", of.clone()).await.unwrap();
    assert_eq!(view["may_score"], true);
    let findings = view["pre"]["findings"].as_array().unwrap().iter();
    let items: Vec<&Value> = findings.map(|one| &one["item"]).collect();
    assert_eq!(items, ["closing", "promise"]);
    assert_eq!(
        refused(&agent, "quality.get", of.clone()).await,
        Code::NotFound
    );
    assert_eq!(
        refused(&agent, "quality.list", todo.clone()).await,
        Code::Forbidden
    );

    // The reviewer's desk is cut off: the review is kept, and goes out when the server is back.
    shop.stop().await;
    let mut marks = view["pre"]["marks"].clone();
    let idx = |marks: &Value, item: &str| {
        let marks = marks.as_array().unwrap();
        marks.iter().position(|mark| mark["item"] == item).unwrap()
    };
    let correctness = idx(&marks, "correctness");
    marks[correctness]["mark"]["points"] = json!(10);
    let summed = zhao
        .ask(
            "quality.sum",
            json!({"review_id": row["id"], "marks": marks}),
        )
        .await
        .unwrap();
    assert_eq!(summed["score"], json!({"tenths": 750, "verdict": "failed"}));
    let comment = "客户手机号13812345678不要写在备注里";
    let args = json!({"review_id": row["id"], "marks": marks, "comment": comment});
    let scored = zhao.ask("quality.score", args.clone()).await.unwrap();
    assert_eq!(scored["row"]["is_pending"], true);
    assert_eq!(scored["row"]["state"], "done");
    let list = zhao.ask("quality.list", todo).await.unwrap();
    assert_eq!(list["n_todo"], 0);
    shop.start().await.unwrap();
    settled(&mut zhao).await;

    // The agent sees the result, masked, and appeals.
    let is_seen = |view: &Value| view["sum"]["n"] == 1;
    let mine = agent
        .wait_for("mine", "quality.mine", json!({"days": 7}), is_seen)
        .await
        .unwrap();
    assert_eq!(mine["items"][0]["score"]["tenths"], 750);
    assert_eq!(mine["losses"][0]["item"], "答案准确");
    let view = agent.ask("quality.get", of.clone()).await.unwrap();
    assert_eq!(view["scored"]["by"]["name"], "赵组长");
    assert_eq!(view["may_appeal"], true);
    assert!(!view.to_string().contains("13812345678"));
    let appeal = json!({"review_id": row["id"], "text": "活动页写明次日达"});
    agent.ask("quality.appeal", appeal).await.unwrap();
    settled(&mut agent).await;

    // A second reviewer scores it without seeing the first, then decides about the appeal.
    let is_appealed = |view: &Value| view["n_appeals"] == 1;
    let appeals = json!({"scope": "appeals", "limit": 50});
    qian.wait_for("appealed", "quality.list", appeals.clone(), is_appealed)
        .await
        .unwrap();
    let blind = json!({"review_id": row["id"], "blind": true});
    let view = qian.ask("quality.get", blind.clone()).await.unwrap();
    assert_eq!(view["may_calibrate"], true);
    assert_eq!(view["scored"], Value::Null);
    assert_eq!(view["row"]["score"], Value::Null);
    let mut other = view["pre"]["marks"].clone();
    other[correctness]["mark"]["points"] = json!(20);
    let args = json!({"review_id": row["id"], "marks": other, "comment": ""});
    let view = qian.ask("quality.calibrate", args).await.unwrap();
    assert_eq!(view["calibrations"][0]["apart_tenths"], 100);
    let apart = json!([{"item": "correctness", "first": {"kind": "points", "points": 10},
        "other": {"kind": "points", "points": 20}, "points": 10}]);
    assert_eq!(view["calibrations"][0]["items"], apart);
    assert_eq!(view["may_decide"], true);
    let decide = json!({"review_id": row["id"], "marks": other, "reason": "情况属实，酌情改判"});
    qian.ask("quality.decide", decide).await.unwrap();
    settled(&mut qian).await;

    let is_decided = |view: &Value| view["items"][0]["state"] == "decided";
    let mine = agent
        .wait_for("decided", "quality.mine", json!({"days": 7}), is_decided)
        .await
        .unwrap();
    assert_eq!(
        mine["items"][0]["score"],
        json!({"tenths": 850, "verdict": "passed"})
    );
    let view = agent.ask("quality.get", of).await.unwrap();
    assert_eq!(
        view["scored"]["score"]["tenths"], 750,
        "what was said stays"
    );
    assert_eq!(view["appeal"]["decision"]["by"]["name"], "钱组长");
    assert_eq!(view["calibrations"], json!([]), "that is not for the agent");
    let list = qian.ask("quality.list", appeals).await.unwrap();
    assert_eq!(list["n_appeals"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lead_hears_of_a_review_of_their_own_work_once_it_is_done() {
    let shop = Shop::open().await.unwrap();
    for (username, name) in [("zhao", "赵组长"), ("qian", "钱组长")] {
        shop.hire(username, name, Role::TeamLead, ALL)
            .await
            .unwrap();
    }
    sample_all(&shop).await;
    let mut zhao = Desk::sign_in(&shop, "zhao").await.unwrap();
    let mut qian = Desk::sign_in(&shop, "qian").await.unwrap();
    let customer = Customer::visit(&shop, "李梅").await.unwrap();
    serve(&mut zhao, &customer).await;
    let todo = json!({"scope": "todo", "limit": 50});
    let is_sampled = |view: &Value| view["n_todo"] == 1;
    let list = qian
        .wait_for("sampled", "quality.list", todo.clone(), is_sampled)
        .await
        .unwrap();
    let row = list["items"][0].clone();
    // What comes after it in the same stream is there, so that their desk has it too; it says nothing.
    let next = Customer::visit(&shop, "王芳").await.unwrap();
    serve(&mut qian, &next).await;
    let list = zhao
        .wait_for("the next one", "quality.list", todo, is_sampled)
        .await
        .unwrap();
    assert_eq!(list["total"], 1);
    assert_ne!(list["items"][0]["id"], row["id"]);
    let names: Vec<&Value> = list["agents"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["name"])
        .collect();
    assert_eq!(names, ["钱组长"]);
    let of = json!({"conversation_id": row["conversation_id"]});
    let view = zhao
        .ask("quality.of_conversation", of.clone())
        .await
        .unwrap();
    assert_eq!(view["review_id"], Value::Null);
    assert_eq!(view["not_picked"], "own_work");
    let mut pick = of.clone();
    pick["form_id"] = view["forms"][0]["id"].clone();
    let code = refused(&zhao, "quality.pick", pick).await;
    assert_eq!(code, Code::Forbidden);
    let others = qian
        .ask("quality.of_conversation", of.clone())
        .await
        .unwrap();
    assert_eq!(others["review_id"], row["id"]);
    assert_eq!(others["not_picked"], "already_picked");

    // Scored it is theirs to see, to list and to count.
    let marks = qian
        .ask("quality.get", json!({"review_id": row["id"]}))
        .await
        .unwrap()["pre"]["marks"]
        .clone();
    let score = json!({"review_id": row["id"], "marks": marks, "comment": ""});
    qian.ask("quality.score", score).await.unwrap();
    let is_scored = |view: &Value| view["total"] == 1;
    let mine = zhao
        .wait_for("scored", "quality.mine", json!({"days": 7}), is_scored)
        .await
        .unwrap();
    assert_eq!(mine["items"][0]["id"], row["id"]);
    let view = zhao.ask("quality.of_conversation", of).await.unwrap();
    assert_eq!(view["review_id"], row["id"]);
    let beside = json!({"scope": "calibrate", "limit": 50});
    let list = zhao.ask("quality.list", beside).await.unwrap();
    assert_eq!(list["total"], 0, "nobody calibrates their own work");
}
