//! Who gets a conversation: offers, transfers, and what is left out of hours.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail as tests do")]

use lt_model::{
    agent::Role,
    hours::{BusinessHours, Day, Period, Workday},
    id::HoursId,
};
use lt_protocol::widget::WidgetHandler;
use scenarios::{
    customer::Customer,
    desk::Desk,
    shop::{ADMIN, Shop},
};
use serde_json::{Value, json};

/// Everything that a question may be about.
const ALL: [&str; 3] = ["售前", "售后", "投诉"];

async fn configure(admin: &mut Desk, setting: Value) {
    admin
        .ask("routing.configure", json!({"setting": setting}))
        .await
        .unwrap();
}

/// Lets all groups offer what waits.
async fn offer_it(admin: &mut Desk, accept_ms: u64) {
    let settings = admin
        .wait_for("the groups", "routing.settings", json!({}), |settings| {
            settings["groups"]
                .as_array()
                .is_some_and(|all| all.len() >= 3)
        })
        .await
        .unwrap();
    for group in settings["groups"].as_array().unwrap() {
        let assign = json!({"kind": "auto", "accept_ms": accept_ms});
        configure(
            admin,
            json!({"kind": "group", "group_id": group["id"], "assign": assign}),
        )
        .await;
    }
    admin
        .wait_for("the settings", "routing.settings", json!({}), |settings| {
            let groups = settings["groups"].as_array().unwrap();
            let is_it = |group: &Value| group["assign"]["accept_ms"] == accept_ms;
            groups.iter().all(is_it)
        })
        .await
        .unwrap();
}

async fn is(desk: &mut Desk, presence: &str) {
    desk.ask("presence.set", json!({"presence": presence}))
        .await
        .unwrap();
    desk.wait_for("the presence", "connection.get", json!({}), |view| {
        view["pending"] == 0
    })
    .await
    .unwrap();
}

/// What is offered to an agent, once something is.
async fn offered(desk: &mut Desk) -> Value {
    let view = desk
        .wait_for("an offer", "offer.list", json!({}), |view| {
            !view["offers"].as_array().unwrap().is_empty()
        })
        .await
        .unwrap();
    view["offers"][0].clone()
}

async fn open(desk: &mut Desk, id: &Value) -> Value {
    desk.ask("conversation.get", json!({"conversation_id": id}))
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_offer_that_nobody_takes_in_time_goes_to_the_colleague() {
    let shop = Shop::open().await.unwrap();
    shop.hire("xiaotong", "王晓彤", Role::Agent, &ALL)
        .await
        .unwrap();
    shop.hire("lina", "李娜", Role::Agent, &ALL).await.unwrap();
    let mut admin = Desk::sign_in(&shop, ADMIN).await.unwrap();
    offer_it(&mut admin, 30_000).await;
    let mut wang = Desk::sign_in(&shop, "xiaotong").await.unwrap();
    let mut li = Desk::sign_in(&shop, "lina").await.unwrap();
    is(&mut wang, "online").await;
    let customer = Customer::visit(&shop, "张伟").await.unwrap();
    customer.says("我要转人工").await.unwrap();
    let offer = offered(&mut wang).await;
    assert_eq!(offer["why"][0]["kind"], "only_one", "{offer}");
    let id = offer["row"]["id"].clone();
    // This offer ends when it was to; the next one stands for as long as the colleague may take here.
    offer_it(&mut admin, 600_000).await;

    // The colleague comes, and is stopped while the offer stands.
    is(&mut li, "online").await;
    li.wait_for(
        "who is asked",
        "conversation.get",
        json!({"conversation_id": id}),
        |view| view["routing"]["offer"]["name"] == "王晓彤",
    )
    .await
    .unwrap();
    let refused = li
        .ask("conversation.claim", json!({"conversation_id": id}))
        .await
        .unwrap_err();
    assert_eq!(refused.code, lt_protocol::code::Code::HeldByOther);

    // Nobody answers: the colleague is asked, and whoever did not answer is away.
    let offer = offered(&mut li).await;
    assert_eq!(offer["row"]["id"], id);
    wang.wait_for("away", "session.get", json!({}), |session| {
        session["me"]["presence"] == "away"
    })
    .await
    .unwrap();
    li.ask("conversation.claim", json!({"conversation_id": id}))
        .await
        .unwrap();
    li.wait_for(
        "accepted",
        "conversation.get",
        json!({"conversation_id": id}),
        |view| {
            let assigned = &view["routing"]["assigned"];
            assigned["is_me"] == true && assigned["reason"] == "auto"
        },
    )
    .await
    .unwrap();
    let by = customer.is_served_by().await.unwrap().0;
    let name = "李娜".to_owned();
    assert_eq!(by, WidgetHandler::Agent { name });
    let view = open(&mut li, &id).await;
    assert!(view["messages"].to_string().contains("not_taken"), "{view}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transfer_carries_the_whole_of_it_and_a_note() {
    let shop = Shop::open().await.unwrap();
    shop.hire("xiaotong", "王晓彤", Role::Agent, &ALL)
        .await
        .unwrap();
    shop.hire("lina", "李娜", Role::Agent, &["投诉"])
        .await
        .unwrap();
    let mut wang = Desk::sign_in(&shop, "xiaotong").await.unwrap();
    let mut li = Desk::sign_in(&shop, "lina").await.unwrap();
    is(&mut li, "transfer_only").await;
    let customer = Customer::visit(&shop, "张伟").await.unwrap();
    customer.says("退款几天能收到").await.unwrap();
    customer
        .says("订单号是LX20261105007213，还是没收到，转人工")
        .await
        .unwrap();
    let row = wang.only("queue").await.unwrap();
    let id = &row["id"];
    wang.ask("conversation.claim", json!({"conversation_id": id}))
        .await
        .unwrap();
    wang.only("mine").await.unwrap();
    let targets = wang
        .wait_for(
            "the colleague takes transfers",
            "transfer.targets",
            json!({"conversation_id": id}),
            |targets| targets["agents"][0]["may_take"] == true,
        )
        .await
        .unwrap();
    assert_eq!(targets["agents"][0]["name"], "李娜");
    let to = json!({"kind": "agent", "agent_id": targets["agents"][0]["id"]});
    let note = "客户催退款，已查到银行受理，等到账";
    wang.ask(
        "conversation.transfer",
        json!({"conversation_id": id, "to": to, "note": note}),
    )
    .await
    .unwrap();

    // The colleague sees what it is about before taking it, and all of it after.
    let offer = offered(&mut li).await;
    assert_eq!(
        (&offer["reason"], &offer["note"]),
        (&json!("transfer"), &json!(note))
    );
    assert_eq!(
        offer["why"],
        json!([{"kind": "transferred", "by": "王晓彤"}])
    );
    assert_eq!(offer["slots"][0]["slot"], "order", "{offer}");
    li.ask("conversation.claim", json!({"conversation_id": id}))
        .await
        .unwrap();
    let view = li
        .wait_for(
            "accepted",
            "conversation.get",
            json!({"conversation_id": id}),
            |view| view["routing"]["assigned"]["reason"] == "transfer",
        )
        .await
        .unwrap();
    let whole = view["messages"].to_string();
    for said in ["退款几天能收到", "转人工", note] {
        assert!(whole.contains(said), "{said}: {whole}");
    }
    assert_eq!(view["context"]["slots"][0]["slot"], "order");
    assert_eq!(view["context"]["tried"][0]["kind"], "answered");
    assert!(
        view["row"]["category"]
            .as_str()
            .is_some_and(|it| !it.is_empty())
    );
    // It left the first one's hands: their desk says who has it, or shows it no more.
    wang.wait_for(
        "it left",
        "inbox.list",
        json!({"scope": "mine", "sort": "waiting"}),
        |page| page["total"] == 0,
    )
    .await
    .unwrap();
    let page = customer.sees().await.unwrap();
    assert!(page.iter().any(|line| line.text == "正在为您转接到李娜"));
    assert!(
        !page.iter().any(|line| line.text.contains("受理")),
        "{page:?}"
    );
}

/// A calendar of no weekday, with these days worked in exchange.
fn calendar(id: HoursId, worked: &[Day]) -> BusinessHours {
    let mut hours = BusinessHours::china(id, "客服工作时间", &[], &[]);
    hours.workdays = worked
        .iter()
        .map(|day| Workday {
            day: *day,
            name: "调休".to_owned(),
            periods: vec![Period::of((0, 0), (24, 0))],
        })
        .collect();
    hours
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_left_out_of_hours_is_taken_up_on_the_worked_saturday() {
    let shop = Shop::open().await.unwrap();
    shop.hire("xiaotong", "王晓彤", Role::Agent, &ALL)
        .await
        .unwrap();
    let mut admin = Desk::sign_in(&shop, ADMIN).await.unwrap();
    offer_it(&mut admin, 60_000).await;
    let hours = HoursId(uuid::Uuid::now_v7());
    let closed = calendar(hours, &[]);
    configure(&mut admin, json!({"kind": "hours", "hours": closed})).await;
    configure(
        &mut admin,
        json!({"kind": "inbox_hours", "inbox_id": null, "hours_id": hours}),
    )
    .await;
    admin
        .wait_for("the calendar", "routing.settings", json!({}), |settings| {
            settings["hours"][0]["id"] == json!(hours)
        })
        .await
        .unwrap();
    admin
        .wait_for("all is sent", "connection.get", json!({}), |view| {
            view["pending"] == 0
        })
        .await
        .unwrap();
    let mut wang = Desk::sign_in(&shop, "xiaotong").await.unwrap();
    is(&mut wang, "online").await;

    let customer = Customer::visit(&shop, "张伟").await.unwrap();
    customer.says("我要转人工").await.unwrap();
    customer.says("杯子碎了三个，要补发").await.unwrap();
    let left = WidgetHandler::LeftMessage { opens_at: None };
    assert_eq!(customer.is_served_by().await.unwrap().0, left);
    let page = customer.sees().await.unwrap();
    assert!(
        page.iter()
            .any(|line| line.text.contains("不是人工客服的工作时间")),
        "{page:?}"
    );
    let none = wang.ask("offer.list", json!({})).await.unwrap();
    assert_eq!(
        none["offers"],
        json!([]),
        "somebody is there, and it is closed"
    );

    // The day turns out to be worked in exchange.
    let since = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap();
    let today = closed.day_of(i64::try_from(since.as_millis()).unwrap());
    // Midnight may pass while the test runs.
    let worked = calendar(hours, &[today, Day(today.0 + 1)]);
    configure(&mut admin, json!({"kind": "hours", "hours": worked})).await;
    let offer = offered(&mut wang).await;
    let id = offer["row"]["id"].clone();
    wang.ask("conversation.claim", json!({"conversation_id": id}))
        .await
        .unwrap();
    let view = open(&mut wang, &id).await;
    let whole = view["messages"].to_string();
    assert!(
        whole.contains("杯子碎了三个") && whole.contains("drained"),
        "{whole}"
    );
    wang.wait_for("all is sent", "connection.get", json!({}), |view| {
        view["pending"] == 0
    })
    .await
    .unwrap();
    let seq = customer.sees().await.unwrap().last().unwrap().seq;
    wang.reply(&id, "您好，马上给您补发").await.unwrap();
    let heard = customer.hears_after(seq).await.unwrap();
    assert!(heard.iter().any(|line| line.text == "您好，马上给您补发"));
}
