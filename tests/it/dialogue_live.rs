//! The bot in conversation: it tells where this parcel is, asks back, notices that it did not help,
//! and leaves the agent with what it found out.

#![expect(clippy::unwrap_used, reason = "helpers of tests fail by panicking")]

use std::time::{Duration, Instant};

use lt_model::agent::Role;
use lt_protocol::widget::{WidgetAuthor, WidgetHandler, WidgetMessage};
use scenarios::{
    customer::Customer,
    desk::Desk,
    logistics::{Logistics, Mood, ODD_ORDER, ORDER, PARCEL},
    shop::Shop,
};
use serde_json::json;

const PLAIN: &str = "打开“我的订单-查看物流”能看到快递公司、运单号和实时轨迹。";

async fn says(customer: &Customer, text: &str) -> WidgetMessage {
    customer.says(text).await.unwrap();
    let page = customer.sees().await.unwrap();
    page.into_iter()
        .rfind(|message| {
            message.author != WidgetAuthor::Me && message.author != WidgetAuthor::System
        })
        .unwrap()
}

/// Asks as one customer after the other until the service's answer about a number came in time, which a busy
/// machine may not manage at once. From then on the shop has it at hand, for a minute.
async fn is_at_hand(shop: &Shop, number: &str) {
    let end = Instant::now() + Duration::from_secs(120);
    loop {
        let customer = Customer::visit(shop, "").await.unwrap();
        says(&customer, "查一下物流").await;
        let told = says(&customer, number).await;
        if !told.text.starts_with(PLAIN) {
            return;
        }
        assert!(Instant::now() < end, "{}", told.text);
        // Who did not answer three times is left alone for a while.
        tokio::time::sleep(Duration::from_secs(2)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_customer_hears_where_this_parcel_is() {
    let logistics = Logistics::open(0).await.unwrap();
    let shop = Shop::open_with(Some(&logistics.connectors()))
        .await
        .unwrap();

    // The number is asked for once, and the state of this parcel is told.
    is_at_hand(&shop, ORDER).await;
    let customer = Customer::visit(&shop, "张伟").await.unwrap();
    let asked = says(&customer, "查一下物流").await;
    assert!(asked.text.contains("请提供订单号"), "{}", asked.text);
    assert_eq!(customer.is_served_by().await.unwrap().0, WidgetHandler::Bot);
    let told = says(&customer, ORDER).await;
    assert_eq!(told.source, "ec-053@1");
    assert_eq!(
        told.text,
        format!(
            "您的包裹正在运输途中，最新位置：杭州转运中心。顺丰运单号{PARCEL}，信息查询于刚刚。"
        )
    );
    // It is cached for a minute.
    let n_calls = logistics.n_calls();
    assert!(
        says(&customer, "我的包裹到哪里了")
            .await
            .text
            .contains("杭州转运中心")
    );
    assert_eq!(logistics.n_calls(), n_calls);

    // A parcel's number does as well.
    is_at_hand(&shop, PARCEL).await;
    let other = Customer::visit(&shop, "").await.unwrap();
    says(&other, "查一下物流").await;
    assert!(says(&other, PARCEL).await.text.contains("杭州转运中心"));

    // Who has no number, and whose number nobody knows, gets the plain answer in the end.
    let lost = Customer::visit(&shop, "").await.unwrap();
    says(&lost, "查一下物流").await;
    let plain = says(&lost, "找不到订单号").await;
    assert!(
        plain.text.starts_with(PLAIN) && plain.source == "ec-053@1",
        "{}",
        plain.text
    );
    let wrong = Customer::visit(&shop, "").await.unwrap();
    says(&wrong, "查一下物流").await;
    assert!(
        says(&wrong, "LX99999999999999")
            .await
            .text
            .starts_with(PLAIN)
    );

    // What comes from outside is plain text.
    is_at_hand(&shop, ODD_ORDER).await;
    let odd = Customer::visit(&shop, "").await.unwrap();
    says(&odd, "查一下物流").await;
    let told = says(&odd, ODD_ORDER).await;
    assert!(told.text.contains("scriptalert(1)/script"), "{}", told.text);
    for unwanted in ["<", "https:", "{{", "\u{202e}", "\n"] {
        assert!(!told.text.contains(unwanted), "{unwanted}: {}", told.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_is_slow_or_down_costs_less_than_a_second() {
    let logistics = Logistics::open(0).await.unwrap();
    let shop = Shop::open_with(Some(&logistics.connectors()))
        .await
        .unwrap();
    let mut took = Vec::new();
    for mood in [
        Mood::Slow(Duration::from_secs(600)),
        Mood::Down,
        Mood::Down,
        // Left alone by now.
        Mood::Well,
    ] {
        logistics.becomes(mood);
        let customer = Customer::visit(&shop, "").await.unwrap();
        says(&customer, "查一下物流").await;
        let asked = Instant::now();
        customer.says(ORDER).await.unwrap();
        took.push(asked.elapsed());
        let page = customer.sees().await.unwrap();
        let answer = page.last().unwrap();
        assert!(answer.text.starts_with(PLAIN), "{mood:?}: {}", answer.text);
        assert_eq!(customer.is_served_by().await.unwrap().0, WidgetHandler::Bot);
    }
    println!("answers took {took:?}");
    // Nobody waits for the ten minutes, and who is left alone is not asked.
    assert!(took[0] < Duration::from_secs(300), "{took:?}");
    // A call that was given up may not have come there at all.
    assert!(logistics.n_calls() <= 3, "{}", logistics.n_calls());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_bot_asks_back_and_the_customer_chooses() {
    let shop = Shop::open().await.unwrap();
    let unclear = unclear_questions(&shop).await;
    let (text, choices) = unclear.first().expect("something is unclear");
    for (place, reply) in [
        (0, "1"),
        (1, "第二个"),
        (1, "后者"),
        (0, choices[0].as_str()),
    ] {
        let customer = Customer::visit(&shop, "").await.unwrap();
        customer.says(text).await.unwrap();
        let offered = customer.is_offered().await.unwrap();
        assert_eq!(&offered, choices, "the same question, the same choices");
        let chosen = if reply == "后者" || reply == "第二个" {
            1.min(offered.len() - 1)
        } else {
            place
        };
        if reply == "后者" && offered.len() != 2 {
            continue;
        }
        let answer = says(&customer, reply).await;
        assert!(!answer.source.is_empty(), "{reply}: {}", answer.text);
        assert!(
            customer.is_offered().await.unwrap().is_empty(),
            "it is settled"
        );
        let id = answer.source.split('@').next().unwrap();
        let faq = lt_backoffice::sample::faq().unwrap();
        let line = faq.iter().find(|line| line.id == id).unwrap();
        assert_eq!(line.question, offered[chosen], "{reply}");
    }
}

/// Questions that the bot asks back about, with what it offers.
async fn unclear_questions(shop: &Shop) -> Vec<(String, Vec<String>)> {
    let heldout = include_str!("../../crates/lt-backoffice/sample-shop/heldout.jsonl");
    let mut found = Vec::new();
    for line in heldout.lines() {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        if !line["history"].is_null() {
            continue;
        }
        let text = line["text"].as_str().unwrap();
        let customer = Customer::visit(shop, "").await.unwrap();
        customer.says(text).await.unwrap();
        let offered = customer.is_offered().await.unwrap();
        if offered.len() >= 2 {
            found.push((text.to_owned(), offered));
            break;
        }
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn after_three_failed_turns_a_person_comes_with_what_is_known() {
    let shop = Shop::open().await.unwrap();
    shop.hire("xiaotong", "王晓彤", Role::Agent, &["售前", "售后", "投诉"])
        .await
        .unwrap();
    let mut desk = Desk::sign_in(&shop, "xiaotong").await.unwrap();
    let customer = Customer::visit(&shop, "张伟").await.unwrap();
    let question = "退款多久到账";
    assert_eq!(says(&customer, question).await.source, "ec-062@1");
    for _ in 0..2 {
        let reply = says(&customer, question).await;
        assert!(
            reply.text.contains("没有帮到您") && reply.text.contains("转人工"),
            "{}",
            reply.text
        );
        assert_eq!(customer.is_served_by().await.unwrap().0, WidgetHandler::Bot);
    }
    customer.says(question).await.unwrap();
    assert_eq!(
        customer.is_served_by().await.unwrap().0,
        WidgetHandler::Queue
    );
    customer
        .says(&format!("订单号{ORDER}，昨天退的300块，电话13812345678"))
        .await
        .unwrap();

    let row = desk.only("queue").await.unwrap();
    let id = json!({"conversation_id": row["id"]});
    let view = desk
        .wait_for("the slots", "conversation.get", id, |view| {
            view["context"]["slots"]
                .as_array()
                .is_some_and(|slots| slots.len() >= 4)
        })
        .await
        .unwrap();
    let context = &view["context"];
    let slot = |kind: &str| {
        let slots = context["slots"].as_array().unwrap();
        let found = slots.iter().find(|slot| slot["slot"] == kind);
        found.map(|slot| slot["text"].as_str().unwrap().to_owned())
    };
    assert_eq!(slot("amount").as_deref(), Some("¥300"));
    assert_eq!(slot("phone").as_deref(), Some("138****5678"));
    assert!(slot("date").is_some());
    assert!(
        slot("order").unwrap().contains('*'),
        "masked like in messages: {context}"
    );
    assert_eq!(context["tried"][0]["kind"], "answered");
    assert_eq!(context["tried"][0]["question"], question);
    assert_eq!(context["failed_turns"], 2);
    let whole = view.to_string();
    assert!(
        !whole.contains("13812345678") && !whole.contains(ORDER),
        "{whole}"
    );
    // What agents are offered holds no braces either.
    let found = desk
        .ask(
            "faq.search",
            json!({"query": "怎么查快递到哪了", "limit": 5}),
        )
        .await
        .unwrap();
    assert!(!found.to_string().contains("{{"), "{found}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_not_understood_gets_a_person() {
    let shop = Shop::open().await.unwrap();
    for text in ["你听不懂吗", "别复读了", "说人话行不行"] {
        let customer = Customer::visit(&shop, "").await.unwrap();
        says(&customer, "退款多久到账").await;
        customer.says(text).await.unwrap();
        assert_eq!(
            customer.is_served_by().await.unwrap().0,
            WidgetHandler::Queue,
            "{text}"
        );
    }
}
