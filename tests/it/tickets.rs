//! Tickets that cross departments, on the real server and the desktops of three of them.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use anyhow::Result;
use lt_model::agent::{Agent, Role, SkillGroup};
use lt_protocol::api::{NewAgent, NewGroup};
use scenarios::{
    customer::Customer,
    desk::Desk,
    shop::{PASSWORD, Shop},
};
use serde_json::{Value, json};

/// A department without customers of its own.
async fn department(shop: &Shop, name: &str) -> Result<SkillGroup> {
    let new = NewGroup {
        name: name.to_owned(),
        categories: Vec::new(),
        assign: None,
    };
    shop.admin(move |admin| admin.post("/api/v1/groups", &new))
        .await
}

/// Somebody who works there.
async fn hire_into(shop: &Shop, username: &str, name: &str, group: &SkillGroup) -> Result<Agent> {
    let new = NewAgent {
        username: username.to_owned(),
        display_name: name.to_owned(),
        password: PASSWORD.to_owned(),
        role: Role::Agent,
        groups: vec![group.id],
        capacity: 8,
    };
    shop.admin(move |admin| admin.post("/api/v1/agents", &new))
        .await
}

fn new_id() -> String {
    uuid::Uuid::now_v7().to_string()
}

fn all() -> Value {
    json!({"scope": {"kind": "all"}, "states": [], "types": [], "priorities": [], "due": null,
        "query": "", "contact_id": null, "conversation_id": null})
}

fn list() -> Value {
    json!({"filter": all(), "sort": "due", "reversed": false, "offset": 0, "limit": 50})
}

/// The ticket on this desk, once it is as expected.
async fn sees(desk: &mut Desk, what: &str, id: &str, right: impl Fn(&Value) -> bool) -> Value {
    desk.wait_for(what, "ticket.get", json!({"ticket_id": id}), right)
        .await
        .unwrap()
}

/// Waits until the ticket has left this desk.
async fn has_left(desk: &mut Desk, id: &str) {
    desk.wait_for("it has left", "ticket.list", list(), |page| {
        !page["rows"].to_string().contains(id)
    })
    .await
    .unwrap();
}

/// The types, and the departments that they go to, are here.
fn has_choices(choices: &Value) -> bool {
    let n = |list: &str| choices[list].as_array().map_or(0, Vec::len);
    n("types") == 5 && n("departments") > 0
}

fn department_of(choices: &Value, name: &str) -> Value {
    let departments = choices["departments"].as_array().unwrap();
    let found = departments.iter().find(|one| one["name"] == name);
    found.unwrap()["id"].clone()
}

/// None while the ticket is not here.
fn n_events(view: &Value) -> usize {
    view["events"].as_array().map_or(0, Vec::len)
}

fn kinds(view: &Value) -> Vec<String> {
    let events = view["events"].as_array().unwrap();
    let kind = |event: &Value| event["what"]["kind"].as_str().unwrap().to_owned();
    events.iter().map(kind).collect()
}

fn sla<'v>(view: &'v Value, metric: &str) -> &'v Value {
    let slas = view["slas"].as_array().unwrap();
    slas.iter()
        .rev()
        .find(|one| one["metric"] == metric)
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_crosses_departments_waits_for_the_customer_and_comes_back() {
    let shop = Shop::open().await.unwrap();
    let logistics = department(&shop, "物流组").await.unwrap();
    let finance = department(&shop, "财务组").await.unwrap();
    shop.hire("lina", "李娜", Role::Agent, &["售后", "投诉"])
        .await
        .unwrap();
    hire_into(&shop, "chenhai", "陈海", &logistics)
        .await
        .unwrap();
    hire_into(&shop, "zhanglei", "张磊", &finance)
        .await
        .unwrap();
    let mut lina = Desk::sign_in(&shop, "lina").await.unwrap();
    let mut hai = Desk::sign_in(&shop, "chenhai").await.unwrap();
    let mut lei = Desk::sign_in(&shop, "zhanglei").await.unwrap();

    let customer = Customer::visit(&shop, "张伟").await.unwrap();
    customer
        .says("快递摔坏了要换货，订单号LX20261105007213，电话13812345678，我要投诉你们，转人工")
        .await
        .unwrap();
    let row = lina.only("queue").await.unwrap();

    // The form begins with what the customer said, and shows none of it in full.
    let form = lina
        .ask(
            "ticket.prepare",
            json!({"conversation_id": row["id"], "type_id": null}),
        )
        .await
        .unwrap();
    let types = form["types"].as_array().unwrap();
    let kind = types
        .iter()
        .find(|kind| kind["name"] == "售后退换")
        .unwrap();
    let form = lina
        .ask(
            "ticket.prepare",
            json!({"conversation_id": row["id"], "type_id": kind["id"]}),
        )
        .await
        .unwrap();
    let whole = form["values"].to_string() + &form["title"].to_string();
    assert!(
        !whole.contains("13812345678") && !whole.contains("20261105007213"),
        "{whole}"
    );
    let prefilled = |key: &str| -> Value {
        let values = form["values"].as_array().unwrap();
        let found = values.iter().find(|one| one["key"] == key);
        found.unwrap_or_else(|| panic!("{key} in {whole}"))["value"].clone()
    };
    let id = new_id();
    let values = json!({"order": prefilled("order"), "detail": prefilled("detail"),
        "request": {"kind": "choice", "value": "换货"},
        "reason": {"kind": "choice", "value": "运输破损"}});
    let made = lina
        .ask(
            "ticket.create",
            json!({"ticket_id": id, "type_id": kind["id"], "title": form["title"],
                "priority": "high", "department_id": form["department_id"],
                "conversation_id": row["id"], "values": values, "note": ""}),
        )
        .await
        .unwrap();
    assert_eq!(made["row"]["state"], "new");
    let numbered =
        |view: &Value| view["row"]["number"] == "T-00001" && view["row"]["pending"] == false;
    let view = sees(&mut lina, "the number", &id, numbered).await;
    assert_eq!(view["customer"]["name"], "张*");
    assert_eq!(view["conversations"][0]["number"], row["number"]);
    let here = lina
        .store()
        .unwrap()
        .ticket(id.parse().unwrap())
        .unwrap()
        .unwrap();
    let kept = serde_json::to_string(&here.ticket.values).unwrap();
    assert!(
        kept.contains("LX20261105007213") && kept.contains("13812345678"),
        "what was shown masked is kept whole: {kept}"
    );

    // 售后 → 物流, which is to give it back.
    let choices = lina.ask("ticket.choices", json!({})).await.unwrap();
    lina.ask("ticket.claim", json!({"ticket_id": id}))
        .await
        .unwrap();
    let to = |name: &str, returns: bool, note: &str| {
        json!({"ticket_id": id, "department_id": department_of(&choices, name),
            "returns": returns, "note": note})
    };
    let moved = lina
        .ask(
            "ticket.transfer",
            to("物流组", true, "请核实破损，电话13812345678"),
        )
        .await
        .unwrap();
    assert_eq!(moved["row"]["department"], "物流组");
    assert_eq!(moved["row"]["awaited"], true);
    let arrived = sees(&mut hai, "it arrives", &id, |view| {
        view["row"]["department"] == "物流组"
    })
    .await;
    let shown = arrived.to_string();
    assert!(
        shown.contains("138****5678") && !shown.contains("13812345678") && !shown.contains("张伟"),
        "{shown}"
    );
    assert_eq!(sla(&arrived, "next_response")["state"], "pending");
    has_left(&mut lei, &id).await;
    // Who waits sees and comments, and does nothing else.
    let held = lina
        .ask("ticket.claim", json!({"ticket_id": id}))
        .await
        .unwrap_err();
    assert_eq!(held.code, lt_protocol::code::Code::Forbidden);
    lina.ask(
        "ticket.comment",
        json!({"ticket_id": id, "text": "客户在催", "mentions": []}),
    )
    .await
    .unwrap();
    sees(&mut hai, "the comment", &id, |view| {
        view.to_string().contains("客户在催")
    })
    .await;

    // 物流 → 财务, and back by the way it went.
    hai.ask("ticket.claim", json!({"ticket_id": id}))
        .await
        .unwrap();
    hai.ask("ticket.transfer", to("财务组", true, "请赔付"))
        .await
        .unwrap();
    sees(&mut lei, "finance has it", &id, |view| {
        view["row"]["department"] == "财务组"
    })
    .await;
    lei.ask("ticket.claim", json!({"ticket_id": id}))
        .await
        .unwrap();
    let state = |view: &Value| view["row"]["assignee"] == "张磊" && view["row"]["pending"] == false;
    let mine = sees(&mut lei, "taken", &id, state).await;
    assert_eq!(mine["can"]["return_to"], "物流组");
    let path: Vec<_> = mine["steps"]
        .as_array()
        .unwrap()
        .iter()
        .map(|step| step["department"].clone())
        .collect();
    assert_eq!(path, ["售后组", "物流组", "财务组", "物流组", "售后组"]);
    let returned = lei
        .ask(
            "ticket.return",
            json!({"ticket_id": id, "note": "已赔付 60 元"}),
        )
        .await;
    assert!(returned.is_ok() || returned.unwrap_err().code == lt_protocol::code::Code::NotFound);
    has_left(&mut lei, &id).await;
    let back =
        |view: &Value| view["row"]["department"] == "物流组" && view["row"]["assignee"] == "陈海";
    sees(&mut hai, "back at logistics", &id, back).await;
    hai.ask(
        "ticket.return",
        json!({"ticket_id": id, "note": "可以换货"}),
    )
    .await
    .ok();
    let back = |view: &Value| view["row"]["department"] == "售后组" && view["row"]["mine"] == true;
    sees(&mut lina, "back with who passed it on", &id, back).await;
    has_left(&mut hai, &id).await;

    // The clock stands while the customer has to act, and goes on when they answer.
    let paused = lina
        .ask(
            "ticket.move",
            json!({"ticket_id": id, "from": "open", "to": "pending_customer",
                "note": "请补拍照片", "until": null}),
        )
        .await
        .unwrap();
    let resolution = sla(&paused, "resolution");
    assert_eq!(
        (&resolution["paused"], &resolution["due_at"]),
        (&json!(true), &Value::Null)
    );
    let settled = |view: &Value| view["row"]["pending"] == false;
    sees(&mut lina, "settled", &id, settled).await;
    customer.says("照片发过去了").await.unwrap();
    let goes_on = |view: &Value| view["row"]["state"] == "open";
    let view = sees(&mut lina, "it goes on", &id, goes_on).await;
    let resolution = sla(&view, "resolution");
    assert_eq!(resolution["paused"], false);
    assert!(resolution["due_at"].is_i64());
    let segments = resolution["segments"].to_string();
    assert!(
        segments.contains("pending_customer"),
        "it is explained: {segments}"
    );
    assert_eq!(
        kinds(&view),
        [
            "created",
            "claimed",
            "transferred",
            "commented",
            "claimed",
            "transferred",
            "claimed",
            "returned",
            "returned",
            "paused",
            "resumed"
        ]
    );

    lina.ask(
        "ticket.move",
        json!({"ticket_id": id, "from": "open", "to": "resolved", "note": "已换货", "until": null}),
    )
    .await
    .unwrap();
    lina.ask(
        "ticket.verify",
        json!({"ticket_id": id, "ok": true, "note": ""}),
    )
    .await
    .unwrap();
    let closed = |view: &Value| view["row"]["state"] == "closed" && view["row"]["pending"] == false;
    let view = sees(&mut lina, "closed", &id, closed).await;
    assert_eq!(sla(&view, "resolution")["state"], "met");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_that_was_made_offline_comes_once() {
    let mut shop = Shop::open().await.unwrap();
    shop.hire("lina", "李娜", Role::Agent, &["售后"])
        .await
        .unwrap();
    shop.hire("wangqian", "王倩", Role::TeamLead, &["售后"])
        .await
        .unwrap();
    let mut lina = Desk::sign_in(&shop, "lina").await.unwrap();
    let mut lead = Desk::sign_in(&shop, "wangqian").await.unwrap();
    let choices = lina
        .wait_for("the types", "ticket.choices", json!({}), has_choices)
        .await
        .unwrap();
    shop.stop().await;
    lina.wait_for("offline", "connection.get", json!({}), |view| {
        view["state"] == "offline"
    })
    .await
    .unwrap();
    let id = new_id();
    let kind = &choices["types"][4];
    let create = json!({"ticket_id": id, "type_id": kind["id"], "title": "重复扣款 60 元",
        "priority": "high", "department_id": department_of(&choices, "售后组"),
        "conversation_id": null, "values": {
            "dispute": {"kind": "choice", "value": "重复扣款"},
            "amount": {"kind": "money", "value": 6_000}},
        "note": "客户来电"});
    let made = lina.ask("ticket.create", create.clone()).await.unwrap();
    assert_eq!(
        (&made["row"]["number"], &made["row"]["pending"]),
        (&json!(""), &json!(true))
    );
    lina.ask("ticket.create", create.clone()).await.unwrap();
    lina.ask("ticket.claim", json!({"ticket_id": id}))
        .await
        .unwrap();
    lina.ask(
        "ticket.comment",
        json!({"ticket_id": id, "text": "等银行流水", "mentions": []}),
    )
    .await
    .unwrap();
    // What has to be filled in before the end is asked for at once, without the server.
    let early = lina
        .ask(
            "ticket.move",
            json!({"ticket_id": id, "from": "open", "to": "resolved", "note": "", "until": null}),
        )
        .await
        .unwrap_err();
    assert_eq!(early.code, lt_protocol::code::Code::FieldsMissing);
    let offline = sees(&mut lina, "all of it", &id, |view| n_events(view) == 4).await;
    assert_eq!(offline["row"]["state"], "open");

    // The desk is closed and opened again before the server comes back.
    let folder = lina.close().await;
    let mut lina = Desk::start(folder);
    lina.unlock().await.unwrap();
    let kept = sees(&mut lina, "still there", &id, |view| n_events(view) == 4).await;
    assert_eq!(kept["row"]["pending"], true);
    shop.start().await.unwrap();
    let numbered =
        |view: &Value| view["row"]["number"] == "T-00001" && view["row"]["pending"] == false;
    let view = sees(&mut lina, "the server has it", &id, numbered).await;
    assert_eq!(
        kinds(&view),
        ["created", "commented", "claimed", "commented"]
    );
    let seen = sees(&mut lead, "the lead sees it", &id, |view| {
        n_events(view) == 4
    })
    .await;
    assert_eq!(seen["row"]["assignee"], "李娜");
    lina.ask("ticket.create", create).await.unwrap();
    let page = lead.ask("ticket.list", list()).await.unwrap();
    assert_eq!(page["total"], 1, "{page}");

    // A lead takes it out of the desk; an agent may not.
    let export = json!({"filter": all(), "sort": "created", "reversed": false});
    let refused = lina.ask("ticket.export", export.clone()).await.unwrap_err();
    assert_eq!(refused.code, lt_protocol::code::Code::Forbidden);
    let written = lead.ask("ticket.export", export).await.unwrap();
    assert_eq!(written["rows"], 1);
    let csv = std::fs::read_to_string(written["path"].as_str().unwrap()).unwrap();
    assert!(csv.contains("T-00001") && csv.contains("账单争议"), "{csv}");
}

/// Lines of the conversation about its tickets.
fn ticket_lines(view: &Value) -> Vec<String> {
    let messages = view["messages"].as_array().cloned().unwrap_or_default();
    let lines = messages.iter().filter_map(|one| {
        let event = &one["event"];
        (event["event"] == "ticket").then(|| event["what"]["kind"].as_str().unwrap().to_owned())
    });
    lines.collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_waits_for_a_ticket_hears_of_it_and_the_customer_does_not() {
    let shop = Shop::open().await.unwrap();
    let logistics = department(&shop, "物流组").await.unwrap();
    shop.hire("lina", "李娜", Role::Agent, &["售后", "投诉"])
        .await
        .unwrap();
    hire_into(&shop, "chenhai", "陈海", &logistics)
        .await
        .unwrap();
    let mut lina = Desk::sign_in(&shop, "lina").await.unwrap();
    let mut hai = Desk::sign_in(&shop, "chenhai").await.unwrap();
    let choices = lina
        .wait_for("the types", "ticket.choices", json!({}), has_choices)
        .await
        .unwrap();
    let customer = Customer::visit(&shop, "张伟").await.unwrap();
    customer
        .says("重复扣款了，我要投诉你们，转人工")
        .await
        .unwrap();
    let row = lina.only("queue").await.unwrap();
    let before = customer.sees().await.unwrap().len();
    let id = new_id();
    let create = json!({"ticket_id": id, "type_id": choices["types"][4]["id"],
        "title": "重复扣款", "priority": "high",
        "department_id": department_of(&choices, "售后组"), "conversation_id": row["id"],
        "values": {"dispute": {"kind": "choice", "value": "重复扣款"},
            "amount": {"kind": "money", "value": 6_000}}, "note": ""});
    lina.ask("ticket.create", create).await.unwrap();
    lina.ask("ticket.claim", json!({"ticket_id": id}))
        .await
        .unwrap();
    let transfer = json!({"ticket_id": id, "department_id": department_of(&choices, "物流组"),
        "returns": true, "note": "请查"});
    lina.ask("ticket.transfer", transfer).await.unwrap();
    sees(&mut hai, "it arrives", &id, |view| n_events(view) == 3).await;

    // Whoever passed it on is called by name, and hears of it with the window out of sight.
    lina.look_away();
    let colleagues = hai
        .ask("ticket.colleagues", json!({"ticket_id": id}))
        .await
        .unwrap();
    let people = colleagues["items"].as_array().unwrap();
    let lina_id = &people.iter().find(|one| one["name"] == "李娜").unwrap()["id"];
    let note = json!({"ticket_id": id, "text": "@李娜 银行流水在哪", "mentions": [lina_id]});
    hai.ask("ticket.comment", note).await.unwrap();
    let told = lina.notification_of("同事提到了您").await.unwrap();
    assert_eq!(told.body, "T-00001 的备注里提到了您");
    let marked = |view: &Value| view["row"]["mentioned"] == true;
    sees(&mut lina, "the mark", &id, marked).await;
    lina.ask("ticket.seen", json!({"ticket_id": id}))
        .await
        .unwrap();
    let clear = |view: &Value| view["row"]["mentioned"] == false;
    sees(&mut lina, "looked at", &id, clear).await;

    hai.ask("ticket.claim", json!({"ticket_id": id}))
        .await
        .unwrap();
    let give = json!({"ticket_id": id, "note": "流水已附"});
    hai.ask("ticket.return", give).await.ok();
    let told = lina.notification_of("工单退回").await.unwrap();
    assert!(told.body.starts_with("T-00001") && !told.body.contains("流水"));
    let here = json!({"conversation_id": row["id"]});
    let all = |view: &Value| ticket_lines(view).len() == 3;
    let view = lina
        .wait_for("the lines", "conversation.get", here, all)
        .await
        .unwrap();
    assert_eq!(ticket_lines(&view), ["filed", "transferred", "returned"]);
    assert_eq!(customer.sees().await.unwrap().len(), before);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_tickets_are_changed_offline_and_what_a_colleague_has_is_left() {
    let mut shop = Shop::open().await.unwrap();
    shop.hire("lina", "李娜", Role::Agent, &["售后"])
        .await
        .unwrap();
    shop.hire("wangqian", "王倩", Role::Agent, &["售后"])
        .await
        .unwrap();
    let mut lina = Desk::sign_in(&shop, "lina").await.unwrap();
    let mut wang = Desk::sign_in(&shop, "wangqian").await.unwrap();
    let choices = lina
        .wait_for("the types", "ticket.choices", json!({}), has_choices)
        .await
        .unwrap();
    let mut ids = Vec::new();
    for n in 0..3 {
        let id = new_id();
        let create = json!({"ticket_id": id, "type_id": choices["types"][4]["id"],
            "title": format!("重复扣款 {n}"), "priority": "normal",
            "department_id": department_of(&choices, "售后组"), "conversation_id": null,
            "values": {"dispute": {"kind": "choice", "value": "重复扣款"},
                "amount": {"kind": "money", "value": 6_000}}, "note": ""});
        lina.ask("ticket.create", create).await.unwrap();
        ids.push(id);
    }
    let held = ids.last().unwrap().clone();
    sees(&mut wang, "they are there", &held, |view| {
        n_events(view) == 1
    })
    .await;
    wang.ask("ticket.claim", json!({"ticket_id": held}))
        .await
        .unwrap();
    let theirs = |view: &Value| view["row"]["assignee"] == "王倩";
    sees(&mut lina, "a colleague has one", &held, theirs).await;
    shop.stop().await;
    lina.wait_for("offline", "connection.get", json!({}), |view| {
        view["state"] == "offline"
    })
    .await
    .unwrap();
    let act = |act: Value, preview: bool| json!({"ids": ids, "act": act, "preview": preview});
    let urgent = json!({"act": "priority", "priority": "urgent"});
    let claimed = lina
        .ask("ticket.bulk", act(json!({"act": "claim"}), false))
        .await
        .unwrap();
    assert_eq!(claimed["done"], 2);
    assert_eq!(claimed["refused"][0]["code"], "held_by_other");
    assert_eq!(claimed["refused"][0]["holder"], "王倩");
    let raised = lina.ask("ticket.bulk", act(urgent, false)).await.unwrap();
    assert_eq!(raised["undo"].as_array().unwrap().len(), 3);
    lina.ask("ticket.bulk_undo", json!({"undo": raised["undo"]}))
        .await
        .unwrap();
    shop.start().await.unwrap();
    let first = ids.first().unwrap();
    let right =
        |view: &Value| view["row"]["assignee"] == "李娜" && view["row"]["priority"] == "normal";
    sees(&mut wang, "all of it came", first, right).await;
    let settled = |view: &Value| view["row"]["pending"] == false;
    let view = sees(&mut lina, "settled", first, settled).await;
    assert_eq!(
        kinds(&view),
        ["created", "claimed", "escalated", "escalated"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_went_to_the_wrong_department_is_taken_back_until_they_act() {
    let shop = Shop::open().await.unwrap();
    let logistics = department(&shop, "物流组").await.unwrap();
    shop.hire("lina", "李娜", Role::Agent, &["售后", "投诉"])
        .await
        .unwrap();
    hire_into(&shop, "chenhai", "陈海", &logistics)
        .await
        .unwrap();
    let mut lina = Desk::sign_in(&shop, "lina").await.unwrap();
    let mut hai = Desk::sign_in(&shop, "chenhai").await.unwrap();
    let choices = lina
        .wait_for("the types", "ticket.choices", json!({}), has_choices)
        .await
        .unwrap();
    let customer = Customer::visit(&shop, "张伟").await.unwrap();
    customer
        .says("重复扣款了，我要投诉你们，转人工")
        .await
        .unwrap();
    let row = lina.only("queue").await.unwrap();
    let id = new_id();
    let create = json!({"ticket_id": id, "type_id": choices["types"][4]["id"],
        "title": "重复扣款", "priority": "high",
        "department_id": department_of(&choices, "售后组"), "conversation_id": row["id"],
        "values": {"dispute": {"kind": "choice", "value": "重复扣款"},
            "amount": {"kind": "money", "value": 6_000}}, "note": ""});
    lina.ask("ticket.create", create).await.unwrap();
    lina.ask("ticket.claim", json!({"ticket_id": id}))
        .await
        .unwrap();
    let to = department_of(&choices, "物流组");
    let pass = |returns: bool| {
        json!({"ticket_id": id, "department_id": to,
        "returns": returns, "note": "请查"})
    };
    let take_back = || json!({"ticket_id": id, "department_id": to});

    // Passed on for good it has left her desk; it comes back to it as it was.
    lina.ask("ticket.transfer", pass(false)).await.ok();
    sees(&mut hai, "it arrives", &id, |view| n_events(view) == 3).await;
    has_left(&mut lina, &id).await;
    lina.ask("ticket.take_back", take_back()).await.unwrap();
    let mine = |view: &Value| view["row"]["mine"] == true && view["row"]["pending"] == false;
    let back = sees(&mut lina, "it is hers again", &id, mine).await;
    assert_eq!(back["row"]["department"], "售后组");
    assert_eq!(back["steps"].as_array().unwrap().len(), 1);
    assert_eq!(
        kinds(&back),
        ["created", "claimed", "transferred", "taken_back"]
    );
    has_left(&mut hai, &id).await;
    let here = json!({"conversation_id": row["id"]});
    let all = |view: &Value| ticket_lines(view).len() == 3;
    let view = lina
        .wait_for("the lines", "conversation.get", here, all)
        .await
        .unwrap();
    assert_eq!(ticket_lines(&view), ["filed", "transferred", "taken_back"]);

    // Where she waits for it she sees that it may be taken back, until they take it.
    lina.ask("ticket.transfer", pass(true)).await.unwrap();
    sees(&mut hai, "it arrives again", &id, |view| {
        n_events(view) == 5
    })
    .await;
    let may = |view: &Value| view["can"]["take_back"] == true && view["row"]["pending"] == false;
    sees(&mut lina, "it may be taken back", &id, may).await;
    hai.ask("ticket.claim", json!({"ticket_id": id}))
        .await
        .unwrap();
    let may_not = |view: &Value| view["can"]["take_back"] == false;
    sees(&mut lina, "they have taken it up", &id, may_not).await;
    let late = lina.ask("ticket.take_back", take_back()).await.unwrap_err();
    assert_eq!(late.code, lt_protocol::code::Code::TakenUp);

    // What her desk cannot know the server says: she is told in the sync centre.
    hai.ask("ticket.return", json!({"ticket_id": id, "note": ""}))
        .await
        .ok();
    sees(&mut lina, "returned", &id, mine).await;
    lina.ask("ticket.transfer", pass(false)).await.ok();
    has_left(&mut lina, &id).await;
    sees(&mut hai, "it arrives once more", &id, |view| {
        n_events(view) == 8
    })
    .await;
    hai.ask("ticket.claim", json!({"ticket_id": id}))
        .await
        .unwrap();
    let settled = |view: &Value| view["row"]["mine"] == true && view["row"]["pending"] == false;
    sees(&mut hai, "it is his", &id, settled).await;
    lina.ask("ticket.take_back", take_back()).await.unwrap();
    let refused = |view: &Value| {
        let items = view["items"].as_array().cloned().unwrap_or_default();
        items
            .iter()
            .any(|one| one["kind"] == "ticket.take_back" && one["refused"] == "taken_up")
    };
    lina.wait_for("the refusal", "outbox.list", json!({}), refused)
        .await
        .unwrap();
    sees(&mut hai, "still his", &id, settled).await;
}
