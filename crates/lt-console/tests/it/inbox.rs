//! Order, counts and rows of the list.

use lt_model::{conversation::Handler, message::Author, priority::Priority};
use lt_protocol::{
    code::Code,
    command::{Command, NoArgs, Window},
};
use serde_json::{Value, json};

use crate::world::{NOW, Story, World, agent_id, conversation_id};

async fn list(world: &World, scope: &str, sort: &str) -> Value {
    world
        .ask("inbox.list", json!({"scope": scope, "sort": sort}))
        .await
        .unwrap()
}

fn numbers(page: &Value) -> Vec<&str> {
    page["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["number"].as_str().unwrap())
        .collect()
}

#[tokio::test]
async fn sorted_by_who_waits_longest_or_by_priority_with_counts() {
    let mut world = World::new().await;
    let waits = |n, since, priority| Story {
        waiting_since: Some(NOW + since),
        priority,
        ..Story::queued(n, "在吗")
    };
    world.conversation(&waits(1, 300, Priority::Normal));
    world.conversation(&waits(2, 100, Priority::Low));
    world.conversation(&waits(3, 200, Priority::Urgent));
    world.conversation(&Story {
        waiting_since: None,
        ..Story::mine(4, "好的")
    });
    world.conversation(&waits(5, 50, Priority::Normal));
    world.conversation(&Story {
        handler: Handler::Agent { agent: agent_id(2) },
        ..waits(6, 400, Priority::Normal)
    });

    let waiting = list(&world, "queue", "waiting").await;
    assert_eq!(
        numbers(&waiting),
        ["C-10005", "C-10002", "C-10003", "C-10001"]
    );
    let priority = list(&world, "queue", "priority").await;
    assert_eq!(
        numbers(&priority),
        ["C-10003", "C-10005", "C-10001", "C-10002"]
    );
    assert_eq!(numbers(&list(&world, "mine", "waiting").await), ["C-10004"]);
    assert_eq!(
        numbers(&list(&world, "all", "waiting").await).last(),
        Some(&"C-10004")
    );
    let counts = json!({"mine": 1, "queue": 4, "all": 6, "snoozed": 0, "resolved": 0, "unread": 1});
    assert_eq!(waiting["counts"], counts);
}

#[tokio::test]
async fn a_row_tells_who_is_at_it_until_when_it_is_due_and_what_was_said_last() {
    let mut world = World::new().await;
    let mut story = Story::queued(1, "第一句");
    story
        .said
        .push((Author::Bot { source: None }, "请稍等\n马上为您转接"));
    world.conversation(&story);
    world.conversation(&Story {
        handler: Handler::Agent { agent: agent_id(2) },
        ..Story::queued(2, "在吗")
    });
    world.conversation(&Story {
        handler: Handler::Bot,
        ..Story::queued(3, "在吗")
    });
    let page = list(&world, "all", "waiting").await;
    let row = |n: u64| {
        let number = format!("C-{}", 10_000 + n);
        let rows = page["rows"].as_array().unwrap();
        rows.iter().find(|row| row["number"] == number).unwrap()
    };
    assert_eq!(row(1)["due_at"], NOW + 180_000);
    assert_eq!(row(1)["last_text"], "请稍等");
    assert_eq!(row(1)["last_author"], "bot");
    assert_eq!(row(1)["handler"], json!({"kind": "queue"}));
    assert_eq!(
        row(2)["handler"],
        json!({"kind": "colleague", "name": "王芳"})
    );
    assert_eq!(
        row(3)["due_at"],
        Value::Null,
        "the bot owes no first reply of a person"
    );
}

#[tokio::test]
async fn a_conversation_opens_with_its_latest_messages_and_pages_back() {
    let mut world = World::new().await;
    let texts: Vec<String> = (1..=70).map(|n| format!("第{n}句")).collect();
    let mut story = Story::mine(1, "");
    story.said = texts
        .iter()
        .map(|text| (Author::Customer, text.as_str()))
        .collect();
    world.conversation(&story);
    let id = conversation_id(1);
    let view = world
        .ask("conversation.get", json!({"conversation_id": id}))
        .await
        .unwrap();
    let first = &view["messages"][0];
    assert_eq!(
        (&first["seq"], &view["has_older"]),
        (&json!(21), &json!(true))
    );
    assert_eq!(
        (&view["last_seq"], &view["group"]),
        (&json!(70), &json!("售后一组"))
    );
    assert_eq!(view["reply"], json!({"kind": "allowed"}));
    let older =
        json!({"conversation_id": id, "place": {"kind": "before", "seq": 21}, "limit": 200});
    let page = world.ask("conversation.messages", older).await.unwrap();
    assert_eq!(page["messages"].as_array().unwrap().len(), 20);
    assert_eq!(page["has_older"], false);
    assert_eq!(page["has_newer"], true);
    for (place, first, last, has_older, has_newer) in [
        (json!({"kind": "after", "seq": 65}), 66, 70, true, false),
        (json!({"kind": "around", "seq": 2}), 1, 6, false, true),
        (json!({"kind": "around", "seq": 40}), 35, 44, true, true),
    ] {
        let args = json!({"conversation_id": id, "place": place, "limit": 10});
        let page = world.ask("conversation.messages", args).await.unwrap();
        let seqs = page["messages"].as_array().unwrap();
        let edges = (&seqs[0]["seq"], &seqs[seqs.len() - 1]["seq"]);
        assert_eq!(edges, (&json!(first), &json!(last)), "{place}");
        let more = (page["has_older"].clone(), page["has_newer"].clone());
        assert_eq!(more, (json!(has_older), json!(has_newer)), "{place}");
    }
}

#[tokio::test]
async fn the_list_comes_in_windows() {
    let mut world = World::new().await;
    for n in 1..=9 {
        world.conversation(&Story {
            waiting_since: Some(NOW + i64::try_from(n).unwrap()),
            ..Story::queued(n, "在吗")
        });
    }
    let args = json!({"scope": "queue", "sort": "waiting", "offset": 3, "limit": 2});
    let page = world.ask("inbox.list", args).await.unwrap();
    assert_eq!(numbers(&page), ["C-10004", "C-10005"]);
    assert_eq!((&page["offset"], &page["total"]), (&json!(3), &json!(9)));
}

#[tokio::test]
async fn what_is_not_on_the_list_is_refused_under_a_trace_id() {
    let world = World::new().await;
    for name in ["app.rm", "store.dump", "SESSION.GET", "rpc", ""] {
        let error = world.ask(name, json!({})).await.unwrap_err();
        assert_eq!(error.code, Code::BadRequest, "{name}");
        assert!(!error.trace_id.is_empty());
    }
    // Each window has its own list; a command that the list does not give it is refused by name.
    let allowed = Command::AppInfo(NoArgs {}).allowed_in(Window::Main);
    let answer = world
        .console
        .handle(Window::Main, Command::AppInfo(NoArgs {}))
        .await;
    let refused = matches!(&answer, Err(error) if error.code == Code::Forbidden);
    assert_eq!(allowed, !refused);
}
