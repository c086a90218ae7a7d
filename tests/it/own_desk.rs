//! What is the agent's own at every desk, what a desk knows while the server is away, and what many
//! conversations go through at once.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use lt_model::{
    agent::Role,
    hours::{BusinessHours, Period},
    id::HoursId,
};
use scenarios::{
    customer::Customer,
    desk::{Desk, now},
    logistics::{Logistics, Mood, ORDER},
    shop::{ADMIN, Shop},
};
use serde_json::{Value, json};

const ALL: &[&str] = &["售前", "售后", "投诉"];

fn view(name: &str, scope: &str) -> Value {
    json!({"name": name, "scope": scope, "sort": "waiting", "filter": {
        "priorities": [], "tags": [], "category": null, "channel": null, "group": null,
        "unread": false, "mentioned": false}})
}

fn names(view: &Value) -> Vec<String> {
    let views = view["views"].as_array().into_iter().flatten();
    views
        .filter_map(|one| one["name"].as_str().map(str::to_owned))
        .collect()
}

async fn settled(desk: &mut Desk) {
    let is_settled = |view: &Value| view["state"] == "online" && view["pending"] == 0;
    desk.wait_for("settled", "connection.get", json!({}), is_settled)
        .await
        .unwrap();
}

async fn is_offline(desk: &mut Desk) {
    desk.wait_for("offline", "connection.get", json!({}), |view| {
        view["state"] == "offline"
    })
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn views_follow_the_agent_to_another_desk_also_when_they_were_saved_offline() {
    let mut shop = Shop::open().await.unwrap();
    for (username, name) in [("xiaotong", "王晓彤"), ("lina", "李娜")] {
        shop.hire(username, name, Role::Agent, ALL).await.unwrap();
    }
    let mut first = Desk::sign_in(&shop, "xiaotong").await.unwrap();
    first.ask("view.save", view("加急", "queue")).await.unwrap();
    settled(&mut first).await;
    shop.stop().await;
    is_offline(&mut first).await;
    let kept = first.ask("view.save", view("售后", "mine")).await.unwrap();
    assert_eq!(names(&kept), ["加急", "售后"], "there at once");
    let dropped = json!({"name": "加急"});
    let kept = first.ask("view.drop", dropped).await.unwrap();
    assert_eq!(names(&kept), ["售后"]);
    let folder = first.close().await;
    let first = Desk::start(folder);
    first.unlock().await.unwrap();
    let kept = first.ask("view.list", json!({})).await.unwrap();
    assert_eq!(names(&kept), ["售后"], "after a restart too");
    shop.start().await.unwrap();
    let mut first = first;
    settled(&mut first).await;
    // Another desk of the same account.
    let mut second = Desk::start(shop.desk_folder("another"));
    second.log_in(&shop, "xiaotong").await.unwrap();
    second
        .wait_for("the view", "view.list", json!({}), |view| {
            names(view) == ["售后"]
        })
        .await
        .unwrap();
    second.ask("view.save", view("夜班", "all")).await.unwrap();
    first
        .wait_for("the other view", "view.list", json!({}), |view| {
            names(view) == ["售后", "夜班"]
        })
        .await
        .unwrap();
    let lina = Desk::sign_in(&shop, "lina").await.unwrap();
    let others = lina.ask("view.list", json!({})).await.unwrap();
    assert_eq!(names(&others), Vec::<String>::new());
}

fn ticket_view(name: &str, query: &str) -> Value {
    json!({"name": name, "layout": "table", "scope": {"kind": "mine"}, "sort": "updated",
        "reversed": true, "filter": {"states": ["open"], "types": [], "priorities": ["high"],
            "due": "soon", "query": query}})
}

#[tokio::test(flavor = "multi_thread")]
async fn views_of_the_tickets_follow_the_agent_with_their_words_also_when_saved_offline() {
    let mut shop = Shop::open().await.unwrap();
    for (username, name) in [("xiaotong", "王晓彤"), ("lina", "李娜")] {
        shop.hire(username, name, Role::Agent, ALL).await.unwrap();
    }
    let save = |name: &str, query: &str, was: Option<&str>| json!({"view": ticket_view(name, query), "was": was});
    let mut first = Desk::sign_in(&shop, "xiaotong").await.unwrap();
    for name in ["异常", "退款"] {
        first
            .ask("ticket_view.save", save(name, "", None))
            .await
            .unwrap();
    }
    settled(&mut first).await;
    shop.stop().await;
    is_offline(&mut first).await;
    first
        .ask("ticket_view.save", save("破损", "签收", Some("异常")))
        .await
        .unwrap();
    let dropped = json!({"name": "退款"});
    let kept = first.ask("ticket_view.drop", dropped).await.unwrap();
    assert_eq!(kept["views"], json!([ticket_view("破损", "签收")]));
    let folder = first.close().await;
    let mut first = Desk::start(folder);
    first.unlock().await.unwrap();
    let after = first.ask("ticket_view.list", json!({})).await.unwrap();
    assert_eq!(after, kept, "after a restart too");
    shop.start().await.unwrap();
    settled(&mut first).await;
    let mut second = Desk::start(shop.desk_folder("another"));
    second.log_in(&shop, "xiaotong").await.unwrap();
    second
        .wait_for("the view", "ticket_view.list", json!({}), |view| {
            *view == kept
        })
        .await
        .unwrap();
    second
        .ask("ticket_view.save", save("破损件", "签收", Some("破损")))
        .await
        .unwrap();
    first
        .wait_for("its new name", "ticket_view.list", json!({}), |view| {
            view["views"] == json!([ticket_view("破损件", "签收")])
        })
        .await
        .unwrap();
    let lina = Desk::sign_in(&shop, "lina").await.unwrap();
    let others = lina.ask("ticket_view.list", json!({})).await.unwrap();
    assert_eq!(others, json!({"views": []}));
}

#[tokio::test(flavor = "multi_thread")]
async fn many_are_given_to_another_group_and_taken_back_at_once() {
    let shop = Shop::open().await.unwrap();
    shop.hire("xiaotong", "王晓彤", Role::Agent, &["售前"])
        .await
        .unwrap();
    shop.hire("lina", "李娜", Role::Agent, &["售后"])
        .await
        .unwrap();
    let mut giver = Desk::sign_in(&shop, "xiaotong").await.unwrap();
    let mut taker = Desk::sign_in(&shop, "lina").await.unwrap();
    let mut customers = Vec::new();
    for name in ["张伟", "李芳", "赵强"] {
        let customer = Customer::visit(&shop, name).await.unwrap();
        customer.says("我要转人工").await.unwrap();
        customers.push(customer);
    }
    let queue = json!({"scope": "queue", "sort": "waiting"});
    let page = giver
        .wait_for("three wait", "inbox.list", queue.clone(), |page| {
            page["counts"]["queue"] == 3 && page["rows"].as_array().unwrap().len() == 3
        })
        .await
        .unwrap();
    let rows = page["rows"].as_array().unwrap();
    let ids: Vec<Value> = rows.iter().map(|row| row["id"].clone()).collect();
    let bulk = |ids: &[Value], act: Value| json!({"ids": ids, "act": act});
    let claimed = bulk(&ids[..2], json!({"act": "claim"}));
    giver.ask("conversation.bulk", claimed).await.unwrap();
    settled(&mut giver).await;
    let targets = json!({"conversation_id": ids[0]});
    let targets = giver.ask("transfer.targets", targets).await.unwrap();
    let groups = targets["groups"].as_array().unwrap();
    let other = groups.iter().find(|one| one["name"] == "售后组").unwrap();
    let transfer = json!({"act": "transfer", "group_id": other["id"], "note": "要开发票"});
    let gave = giver
        .ask("conversation.bulk", bulk(&ids, transfer))
        .await
        .unwrap();
    assert_eq!((&gave["done"], &gave["failed"]), (&json!(3), &json!([])));
    settled(&mut giver).await;
    taker
        .wait_for("they wait there", "inbox.list", queue.clone(), |page| {
            page["counts"]["queue"] == 3
        })
        .await
        .unwrap();
    giver
        .wait_for("they left", "inbox.list", queue.clone(), |page| {
            page["counts"]["queue"] == 0 && page["counts"]["mine"] == 0
        })
        .await
        .unwrap();
    // One is taken before the giver thinks better of it.
    let taken = json!({"conversation_id": ids[0]});
    taker.ask("conversation.claim", taken).await.unwrap();
    settled(&mut taker).await;
    let back = giver
        .ask("conversation.bulk", bulk(&ids, json!({"act": "take_back"})))
        .await
        .unwrap();
    assert_eq!(
        (&back["done"], &back["asked"], &back["failed"]),
        (&json!(0), &json!(3), &json!([])),
        "the desk cannot know who took what"
    );
    giver
        .wait_for("two are back", "inbox.list", queue.clone(), |page| {
            page["counts"]["queue"] == 1 && page["counts"]["mine"] == 1
        })
        .await
        .unwrap();
    taker
        .wait_for("one stays", "inbox.list", queue, |page| {
            page["counts"]["queue"] == 0 && page["counts"]["mine"] == 1
        })
        .await
        .unwrap();
    let refused = giver
        .wait_for("one is told", "outbox.list", json!({}), |view| {
            view["items"].as_array().is_some_and(|items| {
                items.len() == 1 && items[0]["kind"] == "conversation.take_back"
            })
        })
        .await
        .unwrap();
    assert!(refused["items"][0]["refused"].is_string(), "{refused}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desk_knows_the_hours_of_a_channel_while_the_server_is_away() {
    let mut shop = Shop::open().await.unwrap();
    shop.hire("xiaotong", "王晓彤", Role::Agent, ALL)
        .await
        .unwrap();
    let admin = Desk::sign_in(&shop, ADMIN).await.unwrap();
    let mut desk = Desk::sign_in(&shop, "xiaotong").await.unwrap();
    let customer = Customer::visit(&shop, "张伟").await.unwrap();
    customer.says("我要转人工").await.unwrap();
    let row = desk.only("queue").await.unwrap();
    let here = json!({"conversation_id": row["id"]});
    let open = desk.ask("conversation.get", here.clone()).await.unwrap();
    assert!(open["hours"].is_null(), "no calendar, nothing to say");
    let due = open["row"]["due_at"].as_i64().unwrap();
    // A calendar that has a minute of work a year from now.
    let id = HoursId(uuid::Uuid::now_v7());
    let mut hours = BusinessHours::china(id, "客服工作时间", &[], &[]);
    let in_a_year = hours.day_of(now() + 365 * 86_400_000);
    let periods = vec![Period::of((9, 0), (9, 10))];
    hours.workdays.push(lt_model::hours::Workday {
        day: in_a_year,
        name: "试营业".to_owned(),
        periods,
    });
    for setting in [
        json!({"kind": "hours", "hours": hours}),
        json!({"kind": "inbox_hours", "inbox_id": null, "hours_id": id}),
    ] {
        admin
            .ask("routing.configure", json!({"setting": setting}))
            .await
            .unwrap();
    }
    desk.wait_for("closed", "conversation.get", here.clone(), |view| {
        view["hours"]["is_open"] == false
    })
    .await
    .unwrap();
    shop.stop().await;
    is_offline(&mut desk).await;
    let view = desk.ask("conversation.get", here).await.unwrap();
    assert_eq!(view["hours"]["name"], "客服工作时间");
    let opens = view["hours"]["until"].as_i64().unwrap();
    assert_eq!(hours.day_of(opens), in_a_year);
    let later = view["row"]["due_at"].as_i64().unwrap();
    assert!(later > opens && due < opens, "{due} {later} {opens}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_other_systems_said_is_there_after_a_restart_without_anybody_to_ask() {
    let logistics = Logistics::open(0).await.unwrap();
    let mut shop = Shop::open_with(Some(&logistics.connectors()))
        .await
        .unwrap();
    shop.hire("xiaotong", "王晓彤", Role::Agent, ALL)
        .await
        .unwrap();
    let customer = Customer::visit(&shop, "张伟").await.unwrap();
    customer.says("查一下物流").await.unwrap();
    customer.says(ORDER).await.unwrap();
    customer.says("转人工").await.unwrap();
    let mut desk = Desk::sign_in(&shop, "xiaotong").await.unwrap();
    let row = desk.only("queue").await.unwrap();
    let args = json!({"conversation_id": row["id"]});
    let view = desk
        .wait_for("the parcel", "customer.get", args.clone(), |view| {
            view["sheets"][0]["state"]["kind"] == "known" && view["asking"] == false
        })
        .await
        .unwrap();
    let at = view["sheets"][0]["at"].clone();
    desk.wait_for("it is kept", "connection.get", json!({}), |_| true)
        .await
        .unwrap();
    logistics.becomes(Mood::Down);
    shop.stop().await;
    is_offline(&mut desk).await;
    let folder = desk.close().await;
    let desk = Desk::start(folder);
    desk.unlock().await.unwrap();
    let view = desk.ask("customer.get", args).await.unwrap();
    let sheet = &view["sheets"][0];
    assert_eq!(sheet["state"]["kind"], "known", "{view}");
    assert_eq!(
        (&sheet["is_stale"], &sheet["at"]),
        (&json!(true), &at),
        "as of when it was said"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lead_sets_limits_offline_and_they_hold_when_the_server_is_back() {
    let mut shop = Shop::open().await.unwrap();
    shop.hire("zhaoban", "赵班长", Role::TeamLead, &["售前"])
        .await
        .unwrap();
    shop.hire("xiaotong", "王晓彤", Role::Agent, &["售前", "售后"])
        .await
        .unwrap();
    let mut lead = Desk::sign_in(&shop, "zhaoban").await.unwrap();
    let has_group = |settings: &Value| settings["groups"].as_array().unwrap().len() == 1;
    let settings = lead
        .wait_for("the settings", "routing.settings", json!({}), has_group)
        .await
        .unwrap();
    assert_eq!(settings["may_all"], false);
    let group = settings["groups"][0].clone();
    assert_eq!(group["name"], "售前组");
    shop.stop().await;
    is_offline(&mut lead).await;
    let limits = json!({"kind": "group_limits", "group_id": group["id"],
        "capacities": [{"channel": "web", "limit": 2}], "return_after_ms": 120_000});
    lead.ask("routing.configure", json!({"setting": limits}))
        .await
        .unwrap();
    let assign = json!({"kind": "group", "group_id": group["id"], "assign": {"kind": "pick"}});
    let refused = lead.ask("routing.configure", json!({"setting": assign}));
    assert_eq!(
        refused.await.unwrap_err().code,
        lt_protocol::code::Code::Forbidden
    );
    shop.start().await.unwrap();
    settled(&mut lead).await;
    let mut admin = Desk::sign_in(&shop, ADMIN).await.unwrap();
    admin
        .wait_for("the limits", "routing.settings", json!({}), |settings| {
            let groups = settings["groups"].as_array().unwrap();
            groups.iter().any(|one| {
                one["id"] == group["id"]
                    && one["capacities"] == json!([{"channel": "web", "limit": 2}])
                    && one["return_after_ms"] == 120_000
            })
        })
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_resolved_opens_again_by_the_agent_offline_and_by_the_customer() {
    let mut shop = Shop::open().await.unwrap();
    shop.hire("xiaotong", "王晓彤", Role::Agent, ALL)
        .await
        .unwrap();
    let mut desk = Desk::sign_in(&shop, "xiaotong").await.unwrap();
    let customer = Customer::visit(&shop, "张伟").await.unwrap();
    customer.says("我要转人工").await.unwrap();
    let row = desk.only("queue").await.unwrap();
    let here = json!({"conversation_id": row["id"]});
    desk.reply(&row["id"], "您好，请讲").await.unwrap();
    settled(&mut desk).await;
    desk.ask("conversation.resolve", here.clone())
        .await
        .unwrap();
    settled(&mut desk).await;
    shop.stop().await;
    is_offline(&mut desk).await;
    let view = desk.ask("conversation.get", here.clone()).await.unwrap();
    assert_eq!(view["row"]["status"], "resolved");
    assert_eq!(view["routing"]["may"]["reopen"], true);
    let view = desk.ask("conversation.reopen", here.clone()).await.unwrap();
    assert_eq!(
        (&view["row"]["status"], &view["row"]["handler"]["kind"]),
        (&json!("open"), &json!("me")),
        "at once"
    );
    shop.start().await.unwrap();
    settled(&mut desk).await;
    let is_mine = |view: &Value| {
        view["routing"]["assigned"]["reason"] == "reopen" && view["row"]["pending"] == false
    };
    desk.wait_for("it is open", "conversation.get", here.clone(), is_mine)
        .await
        .unwrap();
    desk.ask("conversation.resolve", here.clone())
        .await
        .unwrap();
    settled(&mut desk).await;
    // The customer has one more question, within the time.
    customer.says("还有一个问题，转人工").await.unwrap();
    let reopened = |view: &Value| {
        let messages = view["messages"].to_string();
        view["row"]["status"] == "open" && messages.contains("reopened")
    };
    let view = desk
        .wait_for("it came back", "conversation.get", here, reopened)
        .await
        .unwrap();
    assert_eq!(
        view["row"]["number"], row["number"],
        "the same conversation"
    );
}
