//! The customer beside a conversation, while the server is not there.

use lt_protocol::code::Code;
use lt_protocol::sync::Entity;
use serde_json::{Value, json};

use crate::world::{NOW, Story, World, contact_id, conversation_id};

#[tokio::test]
async fn earlier_conversations_are_listed_masked_the_latest_first_without_this_one() {
    let mut world = World::new().await;
    for (n, text) in [(1, "第一次来"), (2, "我的手机是13812345678"), (3, "又来了")] {
        world.conversation(&Story::mine(n, text));
        let mut row = Story::mine(n, text).row(1);
        row.contact_id = contact_id(1);
        row.last_message_at = NOW + i64::try_from(n).unwrap();
        world.group_rows(vec![Entity::Conversation(Box::new(row))]);
    }
    let args = json!({"conversation_id": conversation_id(3)});
    let view = world.ask("customer.get", args.clone()).await.unwrap();
    let earlier = view["earlier"].as_array().unwrap();
    let numbers: Vec<_> = earlier.iter().map(|one| one["number"].clone()).collect();
    assert_eq!(numbers, [json!("C-10002"), json!("C-10001")]);
    assert_eq!(view["n_earlier"], 2);
    assert_eq!(earlier[0]["last_text"], "我的手机是138****5678");
    // Nothing is asked of other systems while the server is away, and nothing is waited for.
    let told = (&view["sheets"], &view["asking"], &view["asked_at"]);
    assert_eq!(told, (&json!([]), &json!(false), &Value::Null));
    let again = world.ask("customer.refresh", args).await.unwrap();
    assert_eq!(again["asking"], false);
    let unknown = json!({"conversation_id": conversation_id(99)});
    let error = world.ask("customer.get", unknown).await.unwrap_err();
    assert_eq!(error.code, Code::NotFound);
}
