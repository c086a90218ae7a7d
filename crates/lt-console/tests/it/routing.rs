//! Offers, transfers, and why somebody has a conversation.

use lt_model::{
    agent::{Agent, Presence, Role},
    conversation::Handler,
    message::{Author, Content, Event},
    routing::{AssignReason, Assigned, Offer, RoutingReason},
};
use lt_protocol::{code::Code, sync::Entity};
use serde_json::json;

use crate::world::{Story, World, agent_id, conversation_id, group_id, me};

const PHONE: &str = "13812345678";

/// When an offer was made that stands for a minute.
fn soon() -> i64 {
    let since = std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap();
    i64::try_from(since.as_millis()).unwrap()
}

/// A transfer that asks an agent, with a note.
fn asked(world: &mut World, n: u128, agent: u128) {
    let story = Story::queued(n, "我要换货");
    let mut row = story.row(2);
    row.intent = "怎么换货".to_owned();
    row.routing.offer = Some(Offer {
        agent: agent_id(agent),
        offered_at: soon(),
        expires_at: soon() + 60_000,
        reason: AssignReason::Transfer,
        why: vec![RoutingReason::Transferred {
            by: "王芳".to_owned(),
        }],
    });
    let note = Event::Transferred {
        agent: "王芳".to_owned(),
        to: "林晓".to_owned(),
        note: format!("客户电话{PHONE}，等回电"),
    };
    let mut told = story.message(9_000 + n, 2, Author::System, "");
    told.content = Content::Event(note);
    world.conversation(&story);
    world.group_rows(vec![
        Entity::Conversation(Box::new(row)),
        Entity::Message(told),
    ]);
}

#[tokio::test]
async fn an_offer_says_what_it_is_about_and_is_taken() {
    let mut world = World::new().await;
    asked(&mut world, 1, 1);
    asked(&mut world, 2, 2);
    let view = world.ask("offer.list", json!({})).await.unwrap();
    let offers = view["offers"].as_array().unwrap();
    assert_eq!(offers.len(), 1, "the other one is for a colleague");
    let offer = &offers[0];
    assert_eq!(offer["row"]["id"], json!(conversation_id(1)));
    assert_eq!(
        (&offer["reason"], &offer["intent"], &offer["group"]),
        (&json!("transfer"), &json!("怎么换货"), &json!("售后一组"))
    );
    let note = offer["note"].as_str().unwrap();
    assert!(
        note.contains("138****5678") && !note.contains(PHONE),
        "{note}"
    );
    let id = json!({"conversation_id": conversation_id(1)});
    let view = world.ask("conversation.get", id.clone()).await.unwrap();
    assert_eq!(view["routing"]["offer"]["is_me"], true);
    assert_eq!(view["routing"]["may"]["decline"], true);
    assert!(!view["messages"].to_string().contains(PHONE), "{view}");
    let view = world.ask("conversation.claim", id).await.unwrap();
    assert_eq!(view["routing"]["offer"], json!(null));
    assert_eq!(view["routing"]["assigned"]["reason"], "transfer");
    let may = &view["routing"]["may"];
    assert_eq!(
        (&may["transfer"], &may["snooze"], &may["take_over"]),
        (&json!(true), &json!(true), &json!(false))
    );
    // What a colleague is asked is theirs.
    let theirs = json!({"conversation_id": conversation_id(2)});
    for command in ["conversation.claim", "conversation.decline"] {
        let refused = world.ask(command, theirs.clone()).await.unwrap_err();
        assert!(
            matches!(refused.code, Code::HeldByOther | Code::IllegalState),
            "{command}: {refused}"
        );
    }
}

#[tokio::test]
async fn an_offer_is_declined_and_gone() {
    let mut world = World::new().await;
    asked(&mut world, 1, 1);
    let id = json!({"conversation_id": conversation_id(1)});
    world.ask("conversation.decline", id).await.unwrap();
    let view = world.ask("offer.list", json!({})).await.unwrap();
    assert_eq!(view["offers"], json!([]));
    let outbox = world.ask("outbox.list", json!({})).await.unwrap();
    assert_eq!(outbox["items"][0]["kind"], "conversation.decline");
}

#[tokio::test]
async fn it_is_given_to_who_takes_it() {
    let mut world = World::new().await;
    world.conversation(&Story::mine(1, "在吗"));
    let away = Agent {
        id: agent_id(3),
        username: "zhouyang".to_owned(),
        display_name: "周洋".to_owned(),
        presence: Presence::Away,
        ..me()
    };
    let waits = Agent {
        id: agent_id(4),
        username: "zhaomin".to_owned(),
        display_name: "赵敏".to_owned(),
        presence: Presence::TransferOnly,
        groups: vec![group_id(2)],
        ..me()
    };
    world.config(vec![Entity::Agent(away), Entity::Agent(waits)]);
    let id = json!({"conversation_id": conversation_id(1)});
    let targets = world.ask("transfer.targets", id.clone()).await.unwrap();
    let names: Vec<_> = targets["agents"]
        .as_array()
        .unwrap()
        .iter()
        .map(|agent| (agent["name"].as_str().unwrap(), agent["may_take"] == true))
        .collect();
    assert_eq!(names, [("王芳", true), ("赵敏", true), ("周洋", false)]);
    let groups = &targets["groups"];
    assert_eq!(
        (&groups[0]["is_here"], &groups[0]["n_online"]),
        (&json!(true), &json!(2))
    );
    let args = json!({
        "conversation_id": conversation_id(1),
        "to": {"kind": "agent", "agent_id": agent_id(4)},
        "note": " 等客户回电 ",
    });
    let view = world.ask("conversation.transfer", args).await.unwrap();
    assert_eq!(view["row"]["handler"]["kind"], "queue");
    assert_eq!(view["routing"]["offer"]["name"], "赵敏");
    let outbox = world.ask("outbox.list", json!({})).await.unwrap();
    assert_eq!(outbox["items"][0]["text"], "等客户回电");
}

#[tokio::test]
async fn it_is_set_aside_taken_up_and_opened_again() {
    let mut world = World::new().await;
    world.conversation(&Story::mine(1, "在吗"));
    let id = json!({"conversation_id": conversation_id(1)});
    let snooze = |until| json!({"conversation_id": conversation_id(1), "until": until});
    let past = world.ask("conversation.snooze", snooze(soon() - 1)).await;
    assert_eq!(past.unwrap_err().code, Code::BadRequest);
    let until = soon() + 3_600_000;
    let view = world
        .ask("conversation.snooze", snooze(until))
        .await
        .unwrap();
    assert_eq!(view["row"]["status"], "snoozed");
    assert_eq!(view["routing"]["snoozed_until"], json!(until));
    assert_eq!(view["routing"]["may"]["wake"], true);
    let scope = json!({"scope": "snoozed", "sort": "waiting"});
    let page = world.ask("inbox.list", scope).await.unwrap();
    assert_eq!(page["total"], 1);
    let view = world.ask("conversation.wake", id.clone()).await.unwrap();
    assert_eq!(view["row"]["status"], "open");
    world.ask("conversation.resolve", id.clone()).await.unwrap();
    let view = world.ask("conversation.reopen", id.clone()).await.unwrap();
    assert_eq!(view["row"]["handler"]["kind"], "me");
    assert_eq!(view["routing"]["assigned"]["reason"], "reopen");
    let refused = world.ask("conversation.take_over", id).await.unwrap_err();
    assert_eq!(refused.code, Code::Forbidden);
}

#[tokio::test]
async fn why_it_is_mine_is_told() {
    let mut world = World::new().await;
    let story = Story {
        handler: Handler::Agent { agent: agent_id(1) },
        ..Story::queued(1, "在吗")
    };
    let mut row = story.row(1);
    let why = vec![
        RoutingReason::Load {
            held: 2,
            capacity: 8,
        },
        RoutingReason::LastAgent,
    ];
    row.routing.assigned = Some(Assigned {
        agent: agent_id(1),
        at: soon(),
        reason: AssignReason::Auto,
        why,
    });
    world.conversation(&story);
    world.group_rows(vec![Entity::Conversation(Box::new(row))]);
    let id = json!({"conversation_id": conversation_id(1)});
    let view = world.ask("conversation.get", id).await.unwrap();
    let assigned = &view["routing"]["assigned"];
    assert_eq!(assigned["is_me"], true);
    assert_eq!(
        assigned["why"],
        json!([{"kind": "load", "held": 2, "capacity": 8}, {"kind": "last_agent"}])
    );
}

#[tokio::test]
async fn the_settings_are_for_an_administrator() {
    let mut world = World::new().await;
    let refused = world.ask("routing.settings", json!({})).await.unwrap_err();
    assert_eq!(refused.code, Code::Forbidden);
    let role = Role::Admin;
    world.config(vec![Entity::Agent(Agent { role, ..me() })]);
    let view = world.ask("routing.settings", json!({})).await.unwrap();
    assert_eq!(view["groups"][0]["assign"]["kind"], "pick");
    assert_eq!(view["agents"][0]["capacity"], 8);
    let holidays = view["template"]["holidays"].to_string();
    assert!(holidays.contains("2026-10-01"), "{holidays}");
    let nonsense = json!({"setting": {
        "kind": "agent",
        "agent_id": agent_id(1),
        "capacity": 5,
        "capacities": [],
        "skills": [{"name": "售后", "level": 101}],
    }});
    let refused = world.ask("routing.configure", nonsense).await.unwrap_err();
    assert_eq!(refused.code, Code::BadRequest);
}
