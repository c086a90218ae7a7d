//! One search over messages, customers and knowledge.

use lt_protocol::event::{NoticeCode, UiEvent};
use serde_json::{Value, json};

use crate::world::{Story, World, conversation_id};

/// The index follows the store on its own thread: asks until what is there is found.
async fn search(world: &World, query: &str) -> Vec<Value> {
    let args = json!({"query": query, "limit": 20});
    let end = std::time::Instant::now() + std::time::Duration::from_secs(120);
    loop {
        let hits = world.ask("search.run", args.clone()).await.unwrap();
        let items = hits["items"].as_array().unwrap().clone();
        if !items.is_empty() || std::time::Instant::now() > end {
            return items;
        }
        tokio::task::yield_now().await;
    }
}

fn story(n: u128, name: &'static str, text: &'static str) -> Story<'static> {
    Story {
        name,
        ..Story::mine(n, text)
    }
}

#[tokio::test]
async fn words_of_one_and_two_characters_are_found_and_marked() {
    let mut world = World::new().await;
    world.conversation(&story(1, "", "😀鞋子小了，想换一双"));
    world.conversation(&story(2, "", "发票抬头写错了"));
    for (query, n) in [("鞋", 1), ("发票", 2), ("换", 1)] {
        let hits = search(&world, query).await;
        let hit = &hits[0];
        assert_eq!(hit["kind"], "message", "{query}: {hits:?}");
        assert_eq!(hit["conversation_id"], json!(conversation_id(n)), "{query}");
        let units: Vec<u16> = hit["text"].as_str().unwrap().encode_utf16().collect();
        let at = |edge: &str| usize::try_from(hit["marks"][0][edge].as_u64().unwrap()).unwrap();
        let marked = String::from_utf16(&units[at("start")..at("end")]).unwrap();
        assert_eq!(marked, query);
    }
}

#[tokio::test]
async fn a_customer_leads_to_the_latest_conversation_under_a_masked_name() {
    let mut world = World::new().await;
    world.conversation(&story(1, "诸葛小明", "在吗"));
    let hits = search(&world, "诸葛小明").await;
    let hit = hits.iter().find(|hit| hit["kind"] == "contact").unwrap();
    assert_eq!(hit["conversation_id"], json!(conversation_id(1)));
    assert_eq!(hit["name"], "诸葛**");
}

#[tokio::test]
async fn nothing_typed_finds_nothing() {
    let world = World::new().await;
    for args in [
        json!({"query": "  ", "limit": 5}),
        json!({"query": "在", "limit": 0}),
    ] {
        assert_eq!(
            world.ask("search.run", args).await.unwrap(),
            json!({"items": []})
        );
    }
}

#[tokio::test]
async fn a_damaged_index_is_rebuilt_and_told() {
    let mut world = World::new().await;
    world.conversation(&story(1, "", "鞋子小了"));
    assert_eq!(search(&world, "鞋子").await.len(), 1);
    world.console.close().await;
    let folder = world.dir.path().join("index").join("messages");
    let mut n_damaged = 0;
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        let mut bytes = std::fs::read(&path).unwrap();
        if bytes.len() > 64 {
            let middle = bytes.len() / 2;
            bytes[middle] ^= 0x40;
            std::fs::write(&path, bytes).unwrap();
            n_damaged += 1;
        }
    }
    assert!(n_damaged > 0, "there were files to damage");
    let mut world = world.restart().await;
    let told = |event: &UiEvent| {
        matches!(
            event,
            UiEvent::Notice {
                code: NoticeCode::IndexRebuilt
            }
        )
    };
    world.event(told).await;
    assert_eq!(search(&world, "鞋子").await.len(), 1);
}
