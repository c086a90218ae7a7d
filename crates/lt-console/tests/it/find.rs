//! The search of everything: filters, order, windows, numbers, one conversation; and that a masked
//! value is found by its whole alone.

use lt_model::{
    contact::ChannelKind,
    message::{Author, Message},
};
use lt_protocol::sync::Entity;
use serde_json::{Value, json};

use crate::world::{NOW, Story, World, agent_id, conversation_id, faq};

const DAY: i64 = 86_400_000;

fn agent() -> Author {
    Author::Agent {
        agent: agent_id(1),
        name: "小林".to_owned(),
        source: None,
    }
}

async fn ask(world: &World, change: &[(&str, Value)]) -> Value {
    let mut args = json!({"query": "退款", "kind": null, "from": null, "until": null,
        "channel": null, "author": null, "order": "best", "offset": 0, "limit": 50});
    for (name, value) in change {
        args[*name] = value.clone();
    }
    world.ask("search.find", args).await.unwrap()
}

/// Three conversations, one by e-mail, with messages on several days; and an entry.
async fn filled() -> World {
    let mut world = World::new().await;
    world.faq(vec![faq(
        "F-1",
        "退款多久到账",
        &["几天能退款"],
        "三天内退款到账。",
    )]);
    for (n, channel) in [(1, ChannelKind::Web), (2, ChannelKind::Email)] {
        let mut story = Story::mine(n, "在吗");
        story.name = "欧阳娜娜";
        world.conversation(&story);
        let mut row = story.row(4);
        row.channel = channel;
        let said = |id, seq, author, text: &str, at| {
            let message = story.message(id, seq, author, text);
            Entity::Message(Message { at, ..message })
        };
        let id = 500 + n * 10;
        world.group_rows(vec![
            Entity::Conversation(Box::new(row)),
            said(
                id,
                2,
                Author::Customer,
                "退款还没到，手机13812345678",
                NOW - 3 * DAY,
            ),
            said(id + 1, 3, agent(), "退款已经提交", NOW - 2 * DAY),
            said(
                id + 2,
                4,
                Author::Bot { source: None },
                "您可以在订单里申请退款",
                NOW - DAY,
            ),
        ]);
    }
    let end = std::time::Instant::now() + std::time::Duration::from_secs(120);
    while ask(&world, &[("kind", json!("message"))]).await["total"] != 6 {
        assert!(
            std::time::Instant::now() < end,
            "the index follows the store"
        );
        tokio::task::yield_now().await;
    }
    world
}

#[tokio::test]
async fn filters_leave_what_has_what_they_ask_for() {
    let world = filled().await;
    for (change, n) in [
        (vec![("author", json!("customer"))], 2),
        (vec![("author", json!("agent"))], 2),
        (
            vec![("author", json!("bot")), ("channel", json!("email"))],
            1,
        ),
        (vec![("channel", json!("web"))], 3),
        (vec![("channel", json!("voice"))], 0),
        (vec![("from", json!(NOW - 2 * DAY))], 4),
        (vec![("until", json!(NOW - 2 * DAY))], 2),
        (
            vec![("from", json!(NOW - 2 * DAY)), ("until", json!(NOW - DAY))],
            2,
        ),
    ] {
        let page = ask(&world, &change).await;
        assert_eq!(page["total"], n, "{change:?}: {page}");
        let kinds = page["items"].as_array().unwrap();
        assert!(kinds.iter().all(|hit| hit["kind"] == "message"), "{page}");
    }
}

#[tokio::test]
async fn one_list_has_every_kind_in_the_order_that_is_asked_for_in_windows() {
    let world = filled().await;
    let end = std::time::Instant::now() + std::time::Duration::from_secs(120);
    let count = |page: &Value, kind: &str| {
        let counts = page["counts"].as_array().unwrap().clone();
        counts.iter().find(|one| one["kind"] == kind).unwrap()["n"].clone()
    };
    let page = loop {
        let page = ask(&world, &[]).await;
        if count(&page, "faq") == 1 {
            break page;
        }
        assert!(std::time::Instant::now() < end, "the knowledge is read");
        tokio::task::yield_now().await;
    };
    assert_eq!(page["total"], 7);
    assert_eq!(count(&page, "message"), 6);
    let newest = ask(
        &world,
        &[("order", json!("newest")), ("kind", json!("message"))],
    )
    .await;
    let times: Vec<_> = newest["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|hit| hit["at"].as_i64())
        .collect();
    assert!(times.is_sorted_by(|a, b| a >= b), "{times:?}");
    let mut parts = Vec::new();
    for offset in 0..4 {
        let window = [("offset", json!(offset * 2)), ("limit", json!(2))];
        parts.extend(
            ask(&world, &window).await["items"]
                .as_array()
                .unwrap()
                .clone(),
        );
    }
    assert_eq!(json!(parts), page["items"]);
    // The counts are those of all kinds, whichever is shown.
    assert_eq!(count(&newest, "faq"), 1);
}

#[tokio::test]
async fn a_conversation_is_found_by_its_number_and_what_was_said_in_it_by_its_place() {
    let world = filled().await;
    for query in ["C-10002", "c10002", "10002"] {
        let page = ask(&world, &[("query", json!(query))]).await;
        let hit = &page["items"][0];
        assert_eq!(hit["kind"], "conversation", "{query}: {page}");
        assert_eq!(hit["conversation_id"], json!(conversation_id(2)));
        assert_eq!(hit["name"], "欧阳**");
    }
    let places = |query: &str| {
        let args = json!({"conversation_id": conversation_id(2), "query": query});
        let world = &world;
        async move { world.ask("conversation.find", args).await.unwrap() }
    };
    assert_eq!(
        places("退款").await,
        json!({"seqs": [4, 3, 2], "or_more": false})
    );
    assert_eq!(places("交").await["seqs"], json!([3]));
    assert_eq!(
        places("1234").await["seqs"],
        json!([]),
        "a part of what is masked"
    );
    assert_eq!(places("13812345678").await["seqs"], json!([2]));
}

#[tokio::test]
async fn no_hit_no_count_and_no_order_tells_of_a_part_of_what_is_masked() {
    let world = filled().await;
    for (query, n) in [
        ("13812345678", 2),
        ("1381234", 0),
        ("81234567", 0),
        ("退款 1381234", 0),
        ("娜娜", 0),
        ("欧阳娜娜", 2),
        ("5678", 2),
    ] {
        let page = ask(&world, &[("query", json!(query))]).await;
        let total: u64 = page["counts"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|one| one["kind"] != "faq")
            .map(|one| one["n"].as_u64().unwrap())
            .sum();
        assert_eq!(total, n, "{query}: {page}");
        let text = page.to_string();
        assert!(
            !text.contains("13812345678") && !text.contains("娜"),
            "{text}"
        );
    }
}
