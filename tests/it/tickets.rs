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

mod crossing;
mod offline;
mod passed;

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

/// 李娜 of 售后组 and 陈海 of a new 物流组, each at a desk.
async fn lina_and_hai(shop: &Shop) -> (Desk, Desk) {
    let logistics = department(shop, "物流组").await.unwrap();
    shop.hire("lina", "李娜", Role::Agent, &["售后", "投诉"])
        .await
        .unwrap();
    hire_into(shop, "chenhai", "陈海", &logistics)
        .await
        .unwrap();
    let lina = Desk::sign_in(shop, "lina").await.unwrap();
    let hai = Desk::sign_in(shop, "chenhai").await.unwrap();
    (lina, hai)
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

/// A complaint about money taken twice, filed here and not yet anybody's.
fn dispute(id: &str, choices: &Value, title: &str, conversation: &Value) -> Value {
    json!({"ticket_id": id, "type_id": choices["types"][4]["id"], "title": title,
        "priority": "normal", "department_id": department_of(choices, "售后组"),
        "conversation_id": conversation, "note": "", "values": {
            "dispute": {"kind": "choice", "value": "重复扣款"},
            "amount": {"kind": "money", "value": 6_000}}})
}

/// What a desk knows to file tickets with.
async fn choices(desk: &mut Desk) -> Value {
    desk.wait_for("the types", "ticket.choices", json!({}), has_choices)
        .await
        .unwrap()
}
