//! Suggestions from the cached knowledge.

use lt_model::{message::Author, priority::Priority};
use lt_protocol::event::{NoticeCode, Tag, UiEvent};
use serde_json::{Value, json};

use crate::world::{Story, World, agent_id, conversation_id, faq, message_id};

/// A desk with some knowledge, and the engine built over it.
async fn with_knowledge() -> World {
    let mut world = World::new().await;
    world.faq(vec![
        faq(
            "ec-001",
            "怎么申请退款",
            &["我要退款", "退钱", "如何退款"],
            "在订单页点“申请退款”，客服电话 400-800-1234。",
        ),
        faq(
            "ec-002",
            "快递多久到",
            &["什么时候到货", "几天能到", "物流要多久"],
            "一般三天内送达。",
        ),
        faq(
            "ec-003",
            "怎么开发票",
            &["要发票", "开票", "电子发票在哪"],
            "在订单页点“开发票”。",
        ),
    ]);
    // One event tells that the rows are here, a later one that the engine knows them.
    let args = json!({"query": "退款", "limit": 5});
    loop {
        let found = world.ask("faq.search", args.clone()).await.unwrap();
        if found["items"]
            .as_array()
            .is_some_and(|items| !items.is_empty())
        {
            return world;
        }
        world
            .event(|event| matches!(event, UiEvent::Changed { tags } if tags.contains(&Tag::Faq)))
            .await;
    }
}

async fn suggest(world: &World, n: u128) -> Value {
    world
        .ask(
            "assist.suggest",
            json!({"conversation_id": conversation_id(n)}),
        )
        .await
        .unwrap()
}

#[tokio::test]
async fn a_desk_works_without_an_encoder_that_cannot_be_used() {
    let world = with_knowledge().await;
    std::fs::create_dir(world.dir.path().join("encoder")).unwrap();
    let mut world = world.restart().await;
    let told = |event: &UiEvent| {
        matches!(
            event,
            UiEvent::Notice {
                code: NoticeCode::EncoderUnusable
            }
        )
    };
    world.event(told).await;
    let args = json!({"query": "退款", "limit": 5});
    let found = world.ask("faq.search", args).await.unwrap();
    assert_eq!(found["items"][0]["faq_id"], "ec-001", "{found}");
}

#[tokio::test]
async fn the_customers_question_is_answered_from_the_cache_with_its_version() {
    let mut world = with_knowledge().await;
    world.conversation(&Story::mine(1, "你好，怎么申请退款？"));
    let assist = suggest(&world, 1).await;
    let best = &assist["suggestions"][0];
    assert_eq!(
        (&best["faq_id"], &best["version"]),
        (&json!("ec-001"), &json!(3))
    );
    assert_eq!(
        best["answer"], "在订单页点“申请退款”，客服电话 400-800-1234。",
        "as published"
    );
    assert_eq!(assist["for_seq"], 1);
    assert_eq!(assist["intent"], "怎么申请退款");
    assert!(assist["suggestions"].as_array().unwrap().len() <= 5);
    let question = best["question"].as_str().unwrap();
    let units: Vec<u16> = question.encode_utf16().collect();
    let marks = best["question_marks"].as_array().unwrap();
    assert!(!marks.is_empty());
    let end = |mark: &Value| usize::try_from(mark["end"].as_u64().unwrap()).unwrap();
    assert!(marks.iter().all(|mark| end(mark) <= units.len()));
}

#[tokio::test]
async fn a_reply_from_a_suggestion_names_its_source() {
    let mut world = with_knowledge().await;
    world.conversation(&Story::mine(1, "怎么申请退款"));
    let best = suggest(&world, 1).await["suggestions"][0].clone();
    let args = json!({"conversation_id": conversation_id(1), "message_id": message_id(900),
        "text": best["answer"], "seen_seq": 1, "faq_id": best["faq_id"]});
    let sent = world.ask("message.send", args).await.unwrap();
    assert_eq!(sent["source"]["faq_id"], "ec-001");
    assert_eq!(sent["source"]["version"], 3);
    assert_eq!(sent["source"]["confidence"], best["confidence"]);
}

#[tokio::test]
async fn new_knowledge_is_suggested_without_a_restart() {
    let mut world = with_knowledge().await;
    world.conversation(&Story::mine(1, "会员积分怎么兑换"));
    world.faq(vec![faq(
        "ec-004",
        "会员积分怎么兑换",
        &["积分换礼品"],
        "在“我的积分”里兑换。",
    )]);
    loop {
        let assist = suggest(&world, 1).await;
        if assist["suggestions"][0]["faq_id"] == "ec-004" {
            return;
        }
        world
            .event(|event| matches!(event, UiEvent::Changed { tags } if tags.contains(&Tag::Faq)))
            .await;
    }
}

#[tokio::test]
async fn nothing_asked_is_nothing_suggested() {
    let mut world = with_knowledge().await;
    let mut story = Story::mine(1, "");
    let own = Author::Agent {
        agent: agent_id(1),
        name: "林晓".to_owned(),
        source: None,
    };
    story.said = vec![(own, "您好")];
    world.conversation(&story);
    let assist = suggest(&world, 1).await;
    assert_eq!(
        (&assist["for_seq"], &assist["suggestions"]),
        (&json!(0), &json!([]))
    );
}

#[tokio::test]
async fn a_calm_question_does_not_take_back_what_was_urgent() {
    let mut world = with_knowledge().await;
    let urgent = Story {
        priority: Priority::Urgent,
        ..Story::mine(1, "怎么申请退款")
    };
    world.conversation(&urgent);
    assert_eq!(suggest(&world, 1).await["priority"], "urgent");
}

#[tokio::test]
async fn who_only_asks_for_a_person_gets_an_answer_to_the_question_before() {
    let mut world = with_knowledge().await;
    let mut story = Story::mine(1, "");
    story.said = vec![
        (Author::Customer, "怎么开发票"),
        (Author::Customer, "转人工"),
    ];
    world.conversation(&story);
    let assist = suggest(&world, 1).await;
    assert_eq!(assist["suggestions"][0]["faq_id"], "ec-003");
    assert_eq!(assist["for_seq"], 1);
}
