//! Views that an agent keeps by name, as the window asks for them.

use lt_protocol::{code::Code, personal::MAX_VIEWS};
use serde_json::{Value, json};

use crate::world::World;

const PHONE: &str = "13812345678";

fn view(name: &str, query: &str) -> Value {
    json!({"name": name, "layout": "table", "scope": {"kind": "mine"}, "sort": "due",
        "reversed": false, "filter": {"states": ["open"], "types": [], "priorities": ["urgent"],
            "due": null, "query": query}})
}

fn save(name: &str, query: &str) -> Value {
    json!({"view": view(name, query), "was": null})
}

fn rename(was: &str, name: &str) -> Value {
    json!({"view": view(name, ""), "was": was})
}

fn names(answer: &Value) -> Vec<&str> {
    let views = answer["views"].as_array().unwrap().iter();
    views.map(|view| view["name"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn views_of_the_tickets_are_kept_with_their_words_called_otherwise_and_removed() {
    let world = World::new().await;
    let kept = world
        .ask("ticket_view.save", save("异常", "签收"))
        .await
        .unwrap();
    assert_eq!(kept, json!({"views": [view("异常", "签收")]}));
    world
        .ask("ticket_view.save", save("退款", ""))
        .await
        .unwrap();
    let again = world.ask("ticket_view.save", save("异常", "物流")).await;
    assert_eq!(names(&again.unwrap()), ["异常", "退款"], "in its place");
    let other = world
        .ask("ticket_view.save", rename("异常", "物流"))
        .await
        .unwrap();
    assert_eq!(names(&other), ["物流", "退款"]);
    let inbox = world.ask("view.list", json!({})).await.unwrap();
    assert_eq!(names(&inbox), [""; 0], "those of the inbox are others");
    let world = world.restart().await;
    let dropped = world
        .ask("ticket_view.drop", json!({"name": "物流"}))
        .await
        .unwrap();
    assert_eq!(names(&dropped), ["退款"]);
    let list = world.ask("ticket_view.list", json!({})).await.unwrap();
    assert_eq!(list, dropped);
}

#[tokio::test]
async fn what_may_be_no_view_of_the_tickets_is_said_to_be_none() {
    let world = World::new().await;
    for name in ["异常", "退款"] {
        world.ask("ticket_view.save", save(name, "")).await.unwrap();
    }
    let with_phone = format!("找 {PHONE}");
    for (args, code) in [
        (save(&with_phone, ""), Code::BadRequest),
        (save("找人", &with_phone), Code::BadRequest),
        (save(" ", ""), Code::BadRequest),
        (save(&"长".repeat(41), ""), Code::BadRequest),
        (save("找人", &"字".repeat(201)), Code::BadRequest),
        (rename("异常", "退款"), Code::Taken),
        (rename("没有的", "异常二"), Code::NotFound),
        (rename("异常", &with_phone), Code::BadRequest),
    ] {
        let error = world.ask("ticket_view.save", args.clone()).await;
        let error = error.unwrap_err();
        assert_eq!(error.code, code, "{args}");
        assert!(!error.message.contains(PHONE), "{}", error.message);
    }
    let list = world.ask("ticket_view.list", json!({})).await.unwrap();
    assert_eq!(names(&list), ["异常", "退款"]);
}

#[tokio::test]
async fn a_view_too_many_is_said_to_be_one() {
    let world = World::new().await;
    for command in ["view.save", "ticket_view.save"] {
        let view = |name: &str| match command {
            "view.save" => json!({"name": name, "scope": "mine", "sort": "waiting", "filter": {
                "priorities": [], "tags": [], "category": null, "channel": null, "group": null,
                "unread": false, "mentioned": false}}),
            _ => save(name, ""),
        };
        for n in 0..MAX_VIEWS {
            let name = format!("视图{n}");
            world.ask(command, view(&name)).await.unwrap();
        }
        let error = world.ask(command, view("再来")).await.unwrap_err();
        assert_eq!(error.code, Code::TooLarge, "{command}");
        world.ask(command, view("视图7")).await.unwrap();
    }
    let other = world.ask("ticket_view.save", rename("视图7", "另名")).await;
    assert_eq!(names(&other.unwrap())[7], "另名", "it needs no more room");
}
