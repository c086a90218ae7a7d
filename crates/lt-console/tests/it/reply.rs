//! Writing: drafts, replies, what waits, what is refused.

use lt_model::{conversation::Handler, message::Author};
use lt_protocol::{
    code::Code,
    event::{NoticeCode, UiEvent},
    sync::{Entity, OpOutcome},
};
use serde_json::{Value, json};

use crate::world::{NOW, Story, World, agent_id, conversation_id, message_id};

fn reply(n: u128, text: &str, seen_seq: u64) -> Value {
    json!({"conversation_id": conversation_id(1), "message_id": message_id(n), "text": text,
           "seen_seq": seen_seq, "faq_id": null})
}

async fn view(world: &World) -> Value {
    world
        .ask(
            "conversation.get",
            json!({"conversation_id": conversation_id(1)}),
        )
        .await
        .unwrap()
}

#[tokio::test]
async fn a_reply_waits_here_while_the_server_is_away_and_is_sent_once() {
    let mut world = World::new().await;
    world.conversation(&Story::queued(1, "在吗"));
    let sent = world
        .ask("message.send", reply(900, "您好，请讲", 1))
        .await
        .unwrap();
    assert_eq!(
        (&sent["delivery"], &sent["seq"]),
        (&json!("pending"), &json!(0))
    );
    let again = world
        .ask("message.send", reply(900, "您好，请讲", 1))
        .await
        .unwrap();
    assert_eq!(again["op_id"], sent["op_id"]);

    let shown = view(&world).await;
    assert_eq!(
        shown["row"]["handler"],
        json!({"kind": "me"}),
        "the first reply takes it"
    );
    assert_eq!(shown["row"]["pending"], true);
    assert_eq!(shown["messages"][1]["text"], "您好，请讲");
    let outbox = world.ask("outbox.list", json!({})).await.unwrap();
    assert_eq!(outbox["items"].as_array().unwrap().len(), 1);
    assert_eq!(outbox["items"][0]["kind"], "message.send");
    let strip = world.ask("connection.get", json!({})).await.unwrap();
    assert_eq!(
        (&strip["state"], &strip["pending"]),
        (&json!("offline"), &json!(1))
    );

    let world = world.restart().await;
    let outbox = world.ask("outbox.list", json!({})).await.unwrap();
    assert_eq!(outbox["items"][0]["op_id"], sent["op_id"]);
}

#[tokio::test]
async fn nothing_is_written_over_what_was_not_seen() {
    let mut world = World::new().await;
    let mut story = Story::mine(1, "在吗");
    story.said.push((Author::Customer, "我要退货"));
    world.conversation(&story);
    let error = world
        .ask("message.send", reply(900, "您好", 1))
        .await
        .unwrap_err();
    assert_eq!(error.code, Code::StaleReply);
    world
        .ask("message.send", reply(900, "您好", 2))
        .await
        .unwrap();

    // The agent's own reply is not something unseen.
    let own = Author::Agent {
        agent: agent_id(1),
        name: "林晓".to_owned(),
        source: None,
    };
    let message = story.message(900, 3, own, "您好");
    let row = story.row(3);
    let rows = vec![
        Entity::Conversation(Box::new(row)),
        Entity::Message(message),
    ];
    world.group_rows(rows);
    world
        .ask("message.send", reply(901, "请提供订单号", 2))
        .await
        .unwrap();
}

#[tokio::test]
async fn what_cannot_be_sent_is_refused_with_its_code() {
    let mut world = World::new().await;
    let held = Handler::Agent { agent: agent_id(2) };
    world.conversation(&Story {
        handler: held,
        ..Story::queued(1, "在吗")
    });
    let code = |args| {
        let world = &world;
        async move { world.ask("message.send", args).await.unwrap_err().code }
    };
    assert_eq!(code(reply(900, " \n", 1)).await, Code::Empty);
    assert_eq!(
        code(reply(900, &"长".repeat(7_000), 1)).await,
        Code::TooLarge
    );
    assert_eq!(code(reply(900, "您好", 1)).await, Code::HeldByOther);
    let mut nowhere = reply(900, "您好", 1);
    nowhere["conversation_id"] = json!(conversation_id(77));
    assert_eq!(code(nowhere).await, Code::NotFound);
    let claim = json!({"conversation_id": conversation_id(1)});
    let error = world.ask("conversation.claim", claim).await.unwrap_err();
    assert_eq!(error.code, Code::HeldByOther);
}

#[tokio::test]
async fn a_refused_reply_stays_until_it_is_retried_or_given_up() {
    let mut world = World::new().await;
    world.conversation(&Story::mine(1, "在吗"));
    let sent = world
        .ask("message.send", reply(900, "您好", 1))
        .await
        .unwrap();
    let op_id = serde_json::from_value(sent["op_id"].clone()).unwrap();
    let refused = OpOutcome::Refused {
        code: Code::StaleReply,
    };
    world.store().op_result(op_id, &refused, NOW).unwrap();
    let told = |event: &UiEvent| {
        matches!(
            event,
            UiEvent::Notice {
                code: NoticeCode::ReplyRefused
            }
        )
    };
    world.event(told).await;
    let shown = view(&world).await;
    assert_eq!(shown["messages"][1]["refused"], "stale_reply");
    assert_eq!(shown["messages"][1]["delivery"], "failed");

    // What came in meanwhile is named, and nothing goes over it before it was looked at.
    let mut story = Story::mine(1, "在吗");
    story.said.push((Author::Customer, "算了"));
    world.group_rows(vec![
        Entity::Conversation(Box::new(story.row(2))),
        Entity::Message(story.message(70, 2, Author::Customer, "算了")),
    ]);
    let stopped = view(&world).await["stopped"].clone();
    assert_eq!(
        stopped,
        json!([{"op_id": op_id, "seen_seq": 1, "missed": [2]}])
    );
    let retry = |seen_seq: u64| json!({"op_id": op_id, "seen_seq": seen_seq});
    let error = world.ask("outbox.retry", retry(1)).await.unwrap_err();
    assert_eq!(error.code, Code::StaleReply);
    let whole = json!({"op_id": op_id});
    let copied = world.ask("outbox.copy", whole).await.unwrap();
    assert_eq!(copied["text"], "您好");
    world.ask("outbox.retry", retry(2)).await.unwrap();
    assert_eq!(view(&world).await["stopped"], json!([]));
    let outbox = world.ask("outbox.list", json!({})).await.unwrap();
    let retried = serde_json::from_value(outbox["items"][0]["op_id"].clone()).unwrap();
    assert_eq!(outbox["items"][0]["refused"], Value::Null);
    world.store().op_result(retried, &refused, NOW).unwrap();
    world
        .ask("outbox.discard", json!({"op_id": retried}))
        .await
        .unwrap();
    let shown = view(&world).await;
    assert_eq!(shown["draft"], "您好");
    assert_eq!(shown["messages"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_reply_that_waited_is_told_when_it_is_delivered() {
    let mut world = World::new().await;
    world.conversation(&Story::mine(1, "在吗"));
    let sent = world
        .ask("message.send", reply(900, "您好", 1))
        .await
        .unwrap();
    let op_id = serde_json::from_value(sent["op_id"].clone()).unwrap();
    world
        .store()
        .op_result(op_id, &OpOutcome::Done { at: NOW }, NOW)
        .unwrap();
    let told = |event: &UiEvent| {
        matches!(
            event,
            UiEvent::Notice {
                code: NoticeCode::PendingDelivered
            }
        )
    };
    world.event(told).await;
    let strip = world.ask("connection.get", json!({})).await.unwrap();
    assert_eq!(strip["pending"], 0);
}

#[tokio::test]
async fn a_draft_is_kept_over_a_restart_and_goes_with_the_reply() {
    let mut world = World::new().await;
    world.conversation(&Story::mine(1, "在吗"));
    let draft = json!({"conversation_id": conversation_id(1), "text": "您好，"});
    world.ask("draft.save", draft).await.unwrap();
    let world = world.restart().await;
    assert_eq!(view(&world).await["draft"], "您好，");
    world
        .ask("message.send", reply(900, "您好，请讲", 1))
        .await
        .unwrap();
    assert_eq!(view(&world).await["draft"], "");
}

#[tokio::test]
async fn reading_is_told_once() {
    let mut world = World::new().await;
    world.conversation(&Story::mine(1, "在吗"));
    assert_eq!(view(&world).await["row"]["unread"], 1);
    let read = json!({"conversation_id": conversation_id(1), "seq": 1});
    world.ask("conversation.read", read.clone()).await.unwrap();
    world.ask("conversation.read", read).await.unwrap();
    assert_eq!(view(&world).await["row"]["unread"], 0);
    let outbox = world.ask("outbox.list", json!({})).await.unwrap();
    assert_eq!(outbox["items"].as_array().unwrap().len(), 1);
}
