//! Two customers who are one, across two desks; a lead who looks on, whispers and takes over.

use lt_model::agent::Role;
use scenarios::{customer::Customer, desk::Desk, shop::Shop};
use serde_json::{Value, json};

const ALL: &[&str] = &["售前", "售后", "投诉"];
const PHONE: &str = "13812345678";
const SECRET: &str = "先安抚，别承诺赔付";

fn id() -> String {
    uuid::Uuid::now_v7().to_string()
}

fn settled(view: &Value) -> bool {
    view["state"] == "online" && view["pending"] == 0
}

fn offline(view: &Value) -> bool {
    view["state"] == "offline"
}

/// The rows of the queue by the customer's name; the one without a name is the stranger's.
#[expect(clippy::unwrap_used, reason = "a helper of tests fails by panicking")]
async fn waiting(desk: &mut Desk, n: u64) -> Vec<Value> {
    let args = json!({"scope": "queue", "sort": "waiting"});
    let page = desk
        .wait_for("they wait", "inbox.list", args, |page| {
            page["counts"]["queue"] == n
                && page["rows"]
                    .as_array()
                    .is_some_and(|all| all.len() as u64 == n)
        })
        .await
        .unwrap();
    page["rows"].as_array().unwrap().clone()
}

fn of(conversation: &Value) -> Value {
    json!({"conversation_id": conversation["id"]})
}

#[tokio::test(flavor = "multi_thread")]
async fn one_customer_by_two_ways_is_merged_offline_and_split_by_a_lead() {
    let mut shop = Shop::open().await.unwrap();
    shop.hire("xiaotong", "王晓彤", Role::Agent, ALL)
        .await
        .unwrap();
    shop.hire("lead", "刘敏", Role::TeamLead, ALL)
        .await
        .unwrap();
    let mut agent = Desk::sign_in(&shop, "xiaotong").await.unwrap();
    let mut lead = Desk::sign_in(&shop, "lead").await.unwrap();
    let stranger = Customer::visit(&shop, "").await.unwrap();
    let member = Customer::visit(&shop, "林晓棠").await.unwrap();
    for customer in [&stranger, &member] {
        let said = format!("我的手机号是{PHONE}，转人工");
        customer.says(&said).await.unwrap();
    }
    let rows = waiting(&mut agent, 2).await;
    let here = rows.iter().find(|row| row["name"] == "").unwrap();
    let there = rows.iter().find(|row| row["name"] != "").unwrap();
    let said = |page: Vec<lt_protocol::widget::WidgetMessage>| -> Vec<String> {
        page.into_iter().map(|message| message.text).collect()
    };
    let page = said(member.sees().await.unwrap());

    // Who it may be is proposed by the number, and the number is never shown.
    let alike = |people: &Value| people["alike"].as_array().is_some_and(|all| all.len() == 1);
    let people = agent
        .wait_for("proposed", "people.get", of(here), alike)
        .await
        .unwrap();
    assert_eq!(people["alike"][0]["by"], json!(["phone"]));
    let other = people["alike"][0]["person"]["id"].clone();
    let pair = json!({"conversation_id": here["id"], "contact_id": other});
    let compared = agent.ask("people.compare", pair.clone()).await.unwrap();
    for shown in [&people, &compared] {
        let shown = shown.to_string();
        assert!(
            !shown.contains(PHONE) && !shown.contains("林晓棠"),
            "{shown}"
        );
    }
    // A part of a hidden value finds nobody: no guess is told right.
    for (query, n) in [("1381234", 0), (PHONE, 1), ("晓棠", 0)] {
        let args = json!({"conversation_id": here["id"], "query": query});
        let found = agent.ask("people.find", args).await.unwrap();
        assert_eq!(found["items"].as_array().unwrap().len(), n, "{query}");
    }

    // Without the server it is merged at once here. The lead's desk has both of them by then.
    waiting(&mut lead, 2).await;
    lead.wait_for("proposed", "people.get", of(there), alike)
        .await
        .unwrap();
    shop.stop().await;
    for desk in [&mut agent, &mut lead] {
        desk.wait_for("offline", "connection.get", json!({}), offline)
            .await
            .unwrap();
    }
    let keep: Vec<Value> = compared["fields"]
        .as_array()
        .unwrap()
        .iter()
        .map(|field| json!({"field": field["field"], "side": field["propose"]}))
        .collect();
    let merge = json!({"conversation_id": here["id"], "contact_id": other,
        "remains": compared["remains"], "keep": keep});
    let merged = agent.ask("people.merge", merge).await.unwrap();
    assert_eq!(merged["absorbed"].as_array().unwrap().len(), 1);
    assert_eq!(merged["alike"].as_array().unwrap().len(), 0);
    let view = agent.ask("conversation.get", of(here)).await.unwrap();
    assert_eq!(view["contact"]["conversations"], 2, "one history at once");
    assert_ne!(view["row"]["name"], "", "under the name that is known");
    let waits = agent.ask("outbox.list", json!({})).await.unwrap();
    assert_eq!(waits["items"][0]["kind"], "contact.merge");
    // The lead, who is offline too, merges the same two the other way round.
    let view = lead.ask("people.get", of(there)).await.unwrap();
    let mine = view["alike"][0]["person"]["id"].clone();
    let other_way = json!({"conversation_id": there["id"], "contact_id": mine,
        "remains": "other", "keep": []});
    lead.ask("people.merge", other_way).await.unwrap();

    // The first one wins; the other one is told why.
    shop.start().await.unwrap();
    for desk in [&mut agent, &mut lead] {
        desk.wait_for("settled", "connection.get", json!({}), settled)
            .await
            .unwrap();
    }
    let one = agent.ask("outbox.list", json!({})).await.unwrap();
    let two = lead.ask("outbox.list", json!({})).await.unwrap();
    let refused: Vec<&Value> = [&one, &two]
        .into_iter()
        .flat_map(|view| view["items"].as_array().unwrap())
        .collect();
    assert_eq!(refused.len(), 1, "{refused:?}");
    assert_eq!(refused[0]["kind"], "contact.merge");
    assert_eq!(refused[0]["refused"], "merged_meanwhile");
    let loser = if two["items"] == json!([]) {
        &agent
    } else {
        &lead
    };
    let op = json!({"op_id": refused[0]["op_id"]});
    loser.ask("outbox.discard", op).await.unwrap();
    let is_one = |view: &Value| view["contact"]["conversations"] == 2;
    for desk in [&mut agent, &mut lead] {
        for row in [here, there] {
            desk.wait_for("one history", "conversation.get", of(row), is_one)
                .await
                .unwrap();
        }
    }

    // What comes under the old identity belongs to the one; no page shows more than its own.
    stranger.says("我还有个问题").await.unwrap();
    let has = |view: &Value| view["messages"].to_string().contains("还有个问题");
    agent
        .wait_for("the message", "conversation.get", of(here), has)
        .await
        .unwrap();
    assert_eq!(said(member.sees().await.unwrap()), page);

    // A lead takes it back; an agent may not.
    let people = lead.ask("people.get", of(here)).await.unwrap();
    let gone = people["absorbed"][0]["id"].clone();
    let split = json!({"conversation_id": here["id"], "contact_id": gone});
    let refused = agent.ask("people.split", split.clone()).await.unwrap_err();
    assert_eq!(refused.code, lt_protocol::code::Code::Forbidden);
    lead.ask("people.split", split).await.unwrap();
    let is_alone = |view: &Value| view["contact"]["conversations"] == 1;
    for desk in [&mut agent, &mut lead] {
        for row in [here, there] {
            desk.wait_for("two again", "conversation.get", of(row), is_alone)
                .await
                .unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lead_looks_on_whispers_and_takes_over_and_the_customer_hears_nothing() {
    let mut shop = Shop::open().await.unwrap();
    for (username, name, role) in [
        ("xiaotong", "王晓彤", Role::Agent),
        ("lina", "李娜", Role::Agent),
        ("lead", "刘敏", Role::TeamLead),
    ] {
        shop.hire(username, name, role, ALL).await.unwrap();
    }
    let mut agent = Desk::sign_in(&shop, "xiaotong").await.unwrap();
    let mut colleague = Desk::sign_in(&shop, "lina").await.unwrap();
    let mut lead = Desk::sign_in(&shop, "lead").await.unwrap();
    let customer = Customer::visit(&shop, "张三丰").await.unwrap();
    customer.says("转人工").await.unwrap();
    let row = agent.only("queue").await.unwrap();
    agent.ask("conversation.claim", of(&row)).await.unwrap();
    agent.reply(&row["id"], "您好，请讲").await.unwrap();

    // The lead sees who has what, and looks on.
    let live = json!({"part": "agents", "group": null, "agent": null, "offset": 0, "limit": 50});
    let goes_on = |view: &Value| view["rows"][0]["row"]["handler"]["name"] == "王晓彤";
    let view = lead
        .wait_for("it goes on", "live.list", live.clone(), goes_on)
        .await
        .unwrap();
    assert_eq!(view["n_agents"], 1);
    let forbidden = agent.ask("live.list", live.clone()).await.unwrap_err();
    assert_eq!(forbidden.code, lt_protocol::code::Code::Forbidden);
    let answered = |view: &Value| view["messages"].to_string().contains("请讲");
    let view = lead
        .wait_for("the reply", "conversation.get", of(&row), answered)
        .await
        .unwrap();
    assert_eq!(
        view["supervise"],
        json!({"watches": true, "may_whisper": true, "may_answer": false})
    );
    assert_eq!(view["reply"]["kind"], "held_by", "it is only read");

    // Without the server the whisper waits; then the agent is told natively, without a word of it.
    shop.stop().await;
    lead.wait_for("offline", "connection.get", json!({}), offline)
        .await
        .unwrap();
    let whisper = json!({"conversation_id": row["id"], "whisper_id": id(), "text": SECRET});
    let view = lead.ask("whisper.send", whisper.clone()).await.unwrap();
    assert_eq!(view["whispers"][0]["pending"], true);
    let again = lead.ask("whisper.send", whisper).await.unwrap();
    assert_eq!(again["whispers"].as_array().unwrap().len(), 1, "said once");
    agent.look_away();
    shop.start().await.unwrap();
    let told = agent.notification_of("悄悄话").await.unwrap();
    assert!(!told.body.contains("安抚"), "{told:?}");
    let heard = |view: &Value| view["whispers"][0]["text"] == SECRET;
    let view = agent
        .wait_for("the whisper", "conversation.get", of(&row), heard)
        .await
        .unwrap();
    assert_eq!(view["row"]["mentions"], 1, "until it is looked at");
    assert!(
        !view["messages"].to_string().contains("安抚"),
        "it is no message"
    );
    let answer = json!({"conversation_id": row["id"], "whisper_id": id(), "text": "明白"});
    agent.ask("whisper.send", answer).await.unwrap();
    let both = |view: &Value| {
        view["whispers"]
            .as_array()
            .is_some_and(|all| all.len() == 2 && all[1]["to_leads"] == true)
    };
    lead.wait_for("the answer", "conversation.get", of(&row), both)
        .await
        .unwrap();

    // Nobody else has a word of it: neither a colleague of the group, nor the page.
    agent.reply(&row["id"], "我查一下").await.unwrap();
    let later = |view: &Value| view["messages"].to_string().contains("我查一下");
    let view = colleague
        .wait_for("the next reply", "conversation.get", of(&row), later)
        .await
        .unwrap();
    assert!(!view.to_string().contains("安抚") && !view.to_string().contains("明白"));
    assert_eq!(view["whispers"], json!([]));
    let meddling = json!({"conversation_id": row["id"], "whisper_id": id(), "text": "我也说"});
    let refused = colleague.ask("whisper.send", meddling).await.unwrap_err();
    assert_eq!(refused.code, lt_protocol::code::Code::Forbidden);
    let page = format!(
        "{:?} {:?}",
        customer.sees().await.unwrap(),
        customer.is_served_by().await.unwrap()
    );
    assert!(!page.contains("安抚") && !page.contains("明白"), "{page}");

    // One act, and it is the lead's.
    lead.ask("conversation.take_over", of(&row)).await.unwrap();
    let taken =
        |view: &Value| view["reply"]["kind"] == "held_by" && view["reply"]["name"] == "刘敏";
    agent
        .wait_for("taken over", "conversation.get", of(&row), taken)
        .await
        .unwrap();
    let late = json!({"conversation_id": row["id"], "whisper_id": id(), "text": "好的"});
    let refused = agent.ask("whisper.send", late).await.unwrap_err();
    assert_eq!(refused.code, lt_protocol::code::Code::Forbidden);
}
